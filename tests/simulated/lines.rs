//! Flows of lines: finite sources that end the run, files and standard streams that break, splits and logs on the way. What
//! stands behind stdin, stdout and files is played here, with pieces of seeded length.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use foreshock::core::Endpoint;
use foreshock::program::Summary;
use foreshock::testing::sim::{Sim, SimListener};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::spawn_local;
use tokio::time::timeout;

use crate::run;

foreshock::pipeline! {
    flow Filter;

    define onramp lines from stdin with codec = "json", max_event_bytes = 40 end;
    define offramp good from stdout end;
    define offramp bad from stderr with prefix = "refused: " end;
    define pipeline filter
        select merge event of { "seen": true } end from in where event.id < 100 into out;
    end;
    define pipeline all
        select event from in into out;
    end;
    define binding default links
        /onramp/lines/01/out    => /pipeline/filter/01/in,
        /onramp/lines/01/err    => /pipeline/all/01/in,
        /pipeline/filter/01/out => /offramp/good/01/in,
        /pipeline/all/01/out    => /offramp/bad/01/in
    end;
    create binding /binding/default/01;
}

foreshock::pipeline! {
    flow Spread;

    define onramp lines from blaster with lines = ["1", "2", "3"], iters = 100 end;
    define offramp a from file with file = "a" end;
    define offramp b from file with file = "b" end;
    define offramp all from stdout with codec = "string", window_events = 7 end;
    define pipeline spread
        #[allow(log_smaller_than_windows)]
        define qos::wal operator log with read_count = 5, max_elements = 20 end;
        define qos::roundrobin operator share with outputs = ["a", "b"] end;
        create operator log;
        create operator share;
        select event from in into log;
        select event from log into share;
        select event from share/a into out/a;
        select event from share/b into out/b;
        select "number #{event}" from in into out/all;
    end;
    define binding default links
        /onramp/lines/01/out    => /pipeline/spread/01/in,
        /pipeline/spread/01/a   => /offramp/a/01/in,
        /pipeline/spread/01/b   => /offramp/b/01/in,
        /pipeline/spread/01/all => /offramp/all/01/in
    end;
    create binding /binding/default/01;
}

foreshock::pipeline! {
    flow Copy;

    define onramp lines from blaster with source = "in.json" end;
    define onramp ticks from metronome with interval = 1000 end;
    define pipeline all
        select event from in into out;
    end;
    define binding lines links
        /onramp/lines/{instance}/out => /pipeline/all/{instance}/in,
        /pipeline/all/{instance}/out => /offramp/system::stdout/system/in
    end;
    define binding ticks links
        /onramp/ticks/{instance}/out => /pipeline/all/{instance}/in
    end;
    create binding /binding/lines/01 with instance = "01" end;
    create binding /binding/ticks/01 with instance = "01" end;
}

foreshock::pipeline! {
    flow Texts;

    #[allow(value_in_another_unit)]
    define onramp lines from stdin with max_event_bytes = 9 end;
    define onramp list from blaster with lines = ["x", "y"], iters = 1, codec = "string" end;
    define onramp json from blaster with lines = ["[1]"], iters = 1 end;
    define offramp out from stdout with codec = "string" end;
    define offramp other from stderr end;
    define pipeline texts
        use std::string;
        #[allow(log_smaller_than_windows)]
        define qos::wal operator log with read_count = 5, max_elements = 20 end;
        create operator log;
        select event from in where event != "skip" into log;
        select event + "!" from log into out;
        select { "text": event, "bytes": string::bytes(event) } from log into out/sizes;
        select "" + event from in into out;
    end;
    define pipeline any
        select event from in into out;
    end;
    define binding default links
        /onramp/lines/01/out    => [/pipeline/texts/01/in, /pipeline/any/all/in],
        /onramp/lines/01/err    => /pipeline/any/all/in,
        /onramp/list/01/out     => /pipeline/texts/01/in,
        /onramp/json/01/out     => /pipeline/any/all/in,
        /pipeline/texts/01/out  => /offramp/out/01/in,
        /pipeline/texts/01/sizes => /pipeline/any/all/in,
        /pipeline/any/all/out   => /offramp/other/01/in
    end;
    create binding /binding/default/01;
}

pub(crate) type Text = Rc<RefCell<Vec<u8>>>;

/// Reads what is written to one stream of a listener, up to so many bytes.
async fn read_one(listener: &mut SimListener, most: usize) -> Vec<u8> {
    let mut all = Vec::new();
    let stream = listener.accept().await;
    // What breaks in the middle is no mistake here.
    let _ = stream.take(most as u64).read_to_end(&mut all).await;
    all
}

/// Plays a file or a standard stream that is written; the first stream breaks after so many bytes.
pub(crate) fn taker(sim: &Sim, endpoint: Endpoint, breaks_after: usize) -> Text {
    let mut listener = sim.listen_at(endpoint);
    let text = Text::default();
    let seen = Rc::clone(&text);
    spawn_local(async move {
        let mut most = breaks_after;
        loop {
            let bytes = read_one(&mut listener, most).await;
            seen.borrow_mut().extend(bytes);
            most = usize::MAX;
        }
    });
    text
}

/// Plays what is read: each opening of it gives this text.
fn giver(sim: &Sim, endpoint: Endpoint, text: &'static [u8]) {
    let mut listener = sim.listen_at(endpoint);
    spawn_local(async move {
        loop {
            let mut stream = listener.accept().await;
            let _ = stream.write_all(text).await;
        }
    });
}

pub(crate) fn lines(text: &Text) -> Vec<String> {
    String::from_utf8_lossy(&text.borrow()).lines().map(str::to_owned).collect()
}

const INPUT: &[u8] =
    b"{\"id\":1}\n{\"id\":100}\r\n\nnonsense\n{\"id\":2,\"text\":\"a text that is too long\"}\n{\"id\":3}";

async fn filter(seed: u64) -> (Vec<String>, Vec<String>, Summary) {
    let sim = Sim::new(seed);
    giver(&sim, Endpoint::Stdin, INPUT);
    let good = taker(&sim, Endpoint::Stdout, usize::MAX);
    let bad = taker(&sim, Endpoint::Stderr, usize::MAX);
    let mut flow = Filter::builder().start_in(&sim).expect("it starts");
    timeout(Duration::from_secs(60), flow.done()).await.expect("it ends with its input");
    (lines(&good), lines(&bad), flow.drain().await)
}

#[test]
fn a_flow_ends_when_its_input_does_and_every_line_has_come_to_where_it_belongs() {
    for seed in 0..20 {
        let (good, bad, summary) = run(filter(seed));
        assert!(summary.is_clean(), "seed {seed}: {summary}");
        assert_eq!(good, ["{\"id\":1,\"seen\":true}", "{\"id\":3,\"seen\":true}"], "seed {seed}");
        assert_eq!(
            bad,
            [
                "refused: {\"error\":\"line 4 is no JSON: this word is none of `true`, `false` and `null`; a string stands in double quotes (column 2)\",\
                 \"event\":\"nonsense\"}",
                "refused: {\"error\":\"line 5 has 41 bytes, more than `max_event_bytes` of its onramp, 40\",\
                 \"event\":\"{\\\"id\\\":2,\\\"text\\\":\\\"a text that is too long\\\"}\"}",
            ],
            "seed {seed}"
        );
        let counts = summary.node("01", "onramp.lines").expect("it is in the summary").counts;
        assert_eq!((counts.taken, counts.acked, counts.rejected), (5, 5, 2), "seed {seed}");
    }
}

#[test]
fn texts_come_through_pipelines_that_know_them_as_texts_and_through_others() {
    for seed in 0..10 {
        run(async move {
            let sim = Sim::new(seed);
            giver(&sim, Endpoint::Stdin, b"\xef\xbb\xbfa \"b\nskip\ntoo long a line\n");
            let out = taker(&sim, Endpoint::Stdout, usize::MAX);
            let other = taker(&sim, Endpoint::Stderr, usize::MAX);
            let mut flow = Texts::builder().start_in(&sim).expect("it starts");
            timeout(Duration::from_secs(60), flow.done()).await.expect("it ends with its input");
            let summary = flow.drain().await;
            assert!(summary.is_clean(), "seed {seed}: {summary}");
            let (mut out, mut other) = (lines(&out), lines(&other));
            out.sort();
            other.sort();
            assert_eq!(out, ["a \"b", "a \"b!", "skip", "x", "x!", "y", "y!"], "seed {seed}");
            let error = "line 3 has 15 bytes, more than `max_event_bytes` of its onramp, 9";
            let expected = [
                "\"a \\\"b\"".to_owned(),
                "\"skip\"".to_owned(),
                "[1]".to_owned(),
                format!("{{\"error\":\"{error}\",\"event\":\"too long a line\"}}"),
                "{\"text\":\"a \\\"b\",\"bytes\":4}".to_owned(),
                "{\"text\":\"x\",\"bytes\":1}".to_owned(),
                "{\"text\":\"y\",\"bytes\":1}".to_owned(),
            ];
            assert_eq!(other, expected, "seed {seed}");
        });
    }
}

async fn spread(seed: u64, breaks_after: usize, rate: u64) -> ([Vec<String>; 3], Summary) {
    let sim = Sim::new(seed);
    let file = |path: &str| Endpoint::WriteFile { path: path.to_owned(), keep: 0 };
    let a = taker(&sim, file("a"), breaks_after);
    let b = taker(&sim, file("b"), usize::MAX);
    let all = taker(&sim, Endpoint::Stdout, usize::MAX);
    let mut builder = Spread::builder();
    builder.set("onramp.lines.rate", rate).expect("it can be set");
    let mut flow = builder.start_in(&sim).expect("it starts");
    timeout(Duration::from_secs(600), flow.done()).await.expect("it ends with its last pass");
    ([lines(&a), lines(&b), lines(&all)], flow.drain().await)
}

#[test]
fn lines_are_shared_out_and_copied_and_each_comes_once() {
    for seed in 0..10 {
        let ([a, b, all], summary) = run(spread(seed, usize::MAX, 1_000_000));
        assert!(summary.is_clean(), "seed {seed}: {summary}");
        let expected: Vec<String> = (0..300).map(|n| format!("number {}", n % 3 + 1)).collect();
        assert_eq!(all, expected, "seed {seed}");
        assert_eq!(a.len() + b.len(), 300, "seed {seed}");
        assert!(a.len() > 100 && b.len() > 100, "seed {seed}: {} and {}", a.len(), b.len());
    }
}

#[test]
fn a_file_that_breaks_is_opened_again_and_nothing_is_lost_behind_a_log() {
    // At full speed there are lines on their way when it breaks; at the slow rate it is open again before the end.
    for (seed, rate) in (0..10).flat_map(|seed| [(seed, 1_000_000), (seed, 100)]) {
        let ([a, b, all], summary) = run(spread(seed, 51, rate));
        assert!(summary.is_clean(), "seed {seed}: {summary}");
        let counts = |path| summary.node("01", path).expect("it is in the summary").counts;
        let (first, second) = (counts("offramp.a"), counts("offramp.b"));
        assert_eq!(first.acked + second.acked, 300, "seed {seed}: {summary}");
        if rate == 100 {
            assert!(first.connects == 2 && a.len() > 100, "seed {seed}: {summary}");
        } else {
            assert!(first.failed > 0, "seed {seed}: {summary}");
        }
        assert!(!b.is_empty() && all.len() == 300, "seed {seed}");
    }
}

#[test]
fn a_stdout_that_nobody_reads_ends_the_flow_as_a_failure() {
    for seed in 0..10 {
        run(async move {
            let sim = Sim::new(seed);
            for path in ["a", "b"] {
                let _ = taker(&sim, Endpoint::WriteFile { path: path.to_owned(), keep: 0 }, usize::MAX);
            }
            let _ = taker_once(&sim, 100);
            let mut flow = Spread::builder().start_in(&sim).expect("it starts");
            timeout(Duration::from_secs(10), flow.failed()).await.expect("it ends");
            let summary = flow.drain().await;
            assert!(!summary.is_clean(), "seed {seed}");
            let failures: BTreeSet<&str> =
                summary.failures.iter().filter_map(|failure| failure.get(..20)).collect();
            assert_eq!(failures, BTreeSet::from(["offramp.all: stdout:"]), "seed {seed}");
            assert!(summary.lost > 0, "seed {seed}: {summary}");
        });
    }
}

/// A stdout whose reader goes away after so many bytes.
fn taker_once(sim: &Sim, most: usize) -> Text {
    let mut listener = sim.listen_at(Endpoint::Stdout);
    let text = Text::default();
    let seen = Rc::clone(&text);
    spawn_local(async move {
        let bytes = read_one(&mut listener, most).await;
        seen.borrow_mut().extend(bytes);
    });
    text
}

#[test]
fn a_file_that_is_not_there_ends_the_flow_as_a_failure() {
    run(async {
        let sim = Sim::new(1);
        let _stdout = taker(&sim, Endpoint::Stdout, usize::MAX);
        let mut flow = Copy::builder().start_in(&sim).expect("it starts");
        timeout(Duration::from_secs(10), flow.failed()).await.expect("it ends");
        let summary = flow.drain().await;
        assert_eq!(
            summary.failures,
            ["onramp.lines: in.json: cannot open it: connection refused"],
            "what the simulated world says of a file that is not there"
        );
    });
}

#[test]
fn a_source_without_end_goes_on_when_another_one_is_done() {
    run(async {
        let sim = Sim::new(1);
        giver(&sim, Endpoint::ReadFile("in.json".to_owned()), b"\n");
        let stdout = taker(&sim, Endpoint::Stdout, usize::MAX);
        let mut flow = Copy::builder().start_in(&sim).expect("it starts");
        assert!(timeout(Duration::from_millis(5500), flow.done()).await.is_err(), "the metronome has no end");
        assert!(flow.drain().await.is_clean());
        assert_eq!(lines(&stdout).len(), 5, "the blaster's empty file stops nothing");
    });
}

foreshock::pipeline! {
    flow Shared;

    define onramp text from blaster with lines = ["a"], iters = 1, codec = "string" end;
    define onramp json from blaster with lines = ["{\"x\":1}"], iters = 1 end;
    define offramp out from stdout end;
    define offramp other from stderr end;
    define pipeline p
        select { "p": event } from in into out;
    end;
    define pipeline q
        select { "q": event } from in into out;
    end;
    define binding default links
        /onramp/text/01/out => [/pipeline/p/01/in, /pipeline/q/01/in],
        /onramp/json/01/out => [/pipeline/p/01/in, /pipeline/q/01/in],
        /pipeline/p/01/out  => /offramp/out/01/in,
        /pipeline/q/01/out  => /offramp/other/01/in
    end;
    create binding /binding/default/01;
}

async fn shared(seed: u64) -> (BTreeSet<String>, BTreeSet<String>) {
    let sim = Sim::new(seed);
    let (out, other) = (taker(&sim, Endpoint::Stdout, usize::MAX), taker(&sim, Endpoint::Stderr, usize::MAX));
    let mut flow = Shared::builder().start_in(&sim).expect("it starts");
    timeout(Duration::from_secs(60), flow.done()).await.expect("it ends with its input");
    assert!(flow.drain().await.is_clean(), "seed {seed}");
    (lines(&out).into_iter().collect(), lines(&other).into_iter().collect())
}

#[test]
fn a_string_that_two_pipelines_take_as_a_value_is_made_one_for_both() {
    let expected = |name: &str| {
        [format!("{{\"{name}\":\"a\"}}"), format!("{{\"{name}\":{{\"x\":1}}}}")].into_iter().collect()
    };
    for seed in 0..5 {
        assert_eq!(run(shared(seed)), (expected("p"), expected("q")), "seed {seed}");
    }
}
