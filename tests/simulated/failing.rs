//! Sinks that fail whatever they get, behind logs that give it again: such a flow gets nowhere, but it can be drained, and asked.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use foreshock::testing::sim::Sim;
use tokio::time::{Instant, sleep, timeout};

use crate::run;

foreshock::pipeline! {
    flow Hopeless;

    define onramp ticks from metronome with interval = 100 end;
    define offramp never from blackhole with fail_every = 1 end;
    define pipeline logged
        define qos::wal operator log with read_count = 3, max_elements = 20 end;
        create operator log;
        select event from in into log;
        select event from log into out;
    end;
    define binding default links
        /onramp/ticks/01/out    => /pipeline/logged/01/in,
        /pipeline/logged/01/out => /offramp/never/01/in
    end;
    create binding /binding/default/01;
}

mod half_linked {
    foreshock::pipeline! {
        pub(super) flow HalfLinked;

        define onramp ticks from metronome with interval = 100 end;
        define offramp taken from blackhole end;
        define pipeline odd
            select 1 % (event.id % 2) from in into out;
        end;
        define pipeline told
            select event.error from in into out;
        end;
        define binding half links
            /onramp/ticks/{i}/out => /pipeline/odd/{i}/in,
            /pipeline/odd/{i}/out => /offramp/taken/{i}/in
        end;
        define binding whole links
            /onramp/ticks/{i}/out => /pipeline/odd/{i}/in,
            /pipeline/odd/{i}/out => /offramp/taken/{i}/in,
            /pipeline/odd/{i}/err => /pipeline/told/{i}/in,
            /pipeline/told/{i}/out => /offramp/taken/{i}/in
        end;
        create binding /binding/half/unlinked with i = "unlinked" end;
        create binding /binding/whole/linked with i = "linked" end;
    }
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn events_that_fail_are_a_warning_only_where_nobody_takes_them() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).with_ansi(false);
    tracing::subscriber::with_default(subscriber.finish(), || {
        run(async {
            let flow = half_linked::HalfLinked::builder().start_in(&Sim::new(1)).expect("it starts");
            sleep(Duration::from_millis(1950)).await;
            drop(flow.drain().await);
        });
    });
    let text = String::from_utf8(lines.0.lock().expect("no panic").clone()).expect("text");
    let of = |instance: &str, words: &str| {
        let instance = format!("instance=\"{instance}\"");
        let found = text.lines().filter(|line| line.contains(&instance) && line.contains(words));
        found.map(|line| line.trim_start().to_owned()).collect::<Vec<_>>()
    };
    for (instance, level, words) in
        [("linked", " INFO ", "events went to `err`"), ("unlinked", " WARN ", "events went wrong")]
    {
        let single = of(instance, "an event failed in the query");
        assert!((1..=3).contains(&single.len()), "{instance}: one a second at most: {text}");
        assert!(single.iter().all(|line| line.contains(level)), "{instance}: {text}");
        let found = of(instance, words);
        assert!((2..=3).contains(&found.len()), "{instance}: one a second: {text}");
        assert!(found.iter().all(|line| line.contains(level)), "{instance}: {text}");
        assert!(found[0].ends_with("errors=1"), "only what is not zero: {text}");
    }
    assert_eq!(of("linked", "events went wrong"), Vec::<String>::new(), "{text}");
}

/// What is logged while a flow is started with a setting, and drained.
fn logged_at_start(path: &str, value: u64) -> String {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).with_ansi(false);
    tracing::subscriber::with_default(subscriber.finish(), || {
        run(async {
            let mut builder = half_linked::HalfLinked::builder();
            builder.set(path, value).expect("it can be set");
            let flow = builder.start_in(&Sim::new(1)).expect("it starts");
            drop(flow.drain().await);
        });
    });
    String::from_utf8(lines.0.lock().expect("no panic").clone()).expect("text")
}

#[test]
fn what_is_hardly_meant_of_an_override_is_a_warning_at_start() {
    let warnings = |text: &str| text.lines().filter(|line| line.contains(" WARN ")).count();
    let text = logged_at_start("onramp.ticks.interval", 1_000_000_000);
    let told = "setting `onramp.ticks.interval`: `interval` is in milliseconds, and 1000000000 are 11 days; write 1000 if";
    let line = text.lines().find(|line| line.contains(told));
    assert!(line.is_some_and(|line| line.contains(" WARN ")), "{text}");
    assert_eq!(warnings(&text), 1, "it is told once: {text}");
    let text = logged_at_start("onramp.ticks.interval", 700);
    assert_eq!(warnings(&text), 0, "{text}");
}

#[test]
fn a_flow_that_only_fails_is_drained_in_its_time() {
    run(async {
        let sim = Sim::new(1);
        let mut builder = Hopeless::builder();
        builder.set("flow.drain_timeout", 500_u64).expect("it can be set");
        let flow = builder.start_in(&sim).expect("it starts");
        sleep(Duration::from_secs(1)).await;
        let begin = Instant::now();
        let summary = timeout(Duration::from_secs(5), flow.drain()).await.expect("it ends");
        assert!(begin.elapsed() >= Duration::from_millis(500) && begin.elapsed() < Duration::from_secs(3));
        let log = summary.node("01", "pipeline.logged.log").expect("it is in the summary").counts;
        assert!(log.taken >= 9 && log.acked == 0, "{summary}");
        assert_eq!((summary.undelivered, summary.lost), (log.taken, 0), "{summary}");
    });
}
