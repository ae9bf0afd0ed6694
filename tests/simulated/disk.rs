//! Flows with logs on disk, killed and started again in the same world: sources go on where they were, what was not confirmed
//! comes, and a build that wants another shape says what it cannot read. How disks break is in `runtime`.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use foreshock::Builder;
use foreshock::program::Summary;
use foreshock::testing::sim::{Crash, Sim, SimWebsocket};
use tokio::task::spawn_local;
use tokio::time::sleep;

use crate::run;

foreshock::pipeline! {
    flow Lasting;

    define onramp metronome from metronome with interval = 10 end;
    define offramp server from ws with url = "ws://server:80/" end;
    define pipeline all
        define qos::wal operator log with read_count = 20, dir = "./wal" end;
        create operator log;
        select {"id": event.id, "more": {"kind": event.onramp}} from in into log;
        select merge event of {"n": event.id} end from log where event.more.kind != "x" into out;
    end;
    define binding default links
        /onramp/metronome/{i}/out => /pipeline/all/{i}/in,
        /pipeline/all/{i}/out => /offramp/server/{i}/in
    end;
    create binding /binding/default/01 with i = "01" end;
}

mod next {
    foreshock::pipeline! {
        /// The next build of it: it wants a text where a number was, and has its metronome elsewhere.
        pub(crate) flow Next;

        define onramp elsewhere from metronome with interval = 10 end;
        define offramp server from ws with url = "ws://server:80/" end;
        define offramp errors from ws with url = "ws://errors:80/" end;
        define pipeline all
            define qos::wal operator log with read_count = 20, dir = "./wal" end;
            create operator log;
            select {"id": "i#{event.id}", "kind": "new"} from in into log;
            select {"n": event.id + "!"} from log into out;
        end;
        define binding default links
            /onramp/elsewhere/01/out => /pipeline/all/01/in,
            /pipeline/all/01/out => /offramp/server/01/in,
            /pipeline/all/01/err => /offramp/errors/01/in
        end;
        create binding /binding/default/01;
    }
}

mod two {
    foreshock::pipeline! {
        /// Two logs share what comes, one of them behind a log in memory.
        pub(crate) flow Two;

        define onramp metronome from metronome with interval = 10 end;
        define offramp server from ws with url = "ws://server:80/" end;
        define pipeline shared
            define qos::roundrobin operator share with outputs = ["a", "b", "c"] end;
            define qos::wal operator a with read_count = 20, dir = "./a" end;
            define qos::wal operator b with read_count = 20, dir = "./b", sync = "always" end;
            define qos::wal operator memory with read_count = 9, max_elements = 9 end;
            define qos::wal operator c with read_count = 20, dir = "./c" end;
            create operator share;
            create operator a;
            create operator b;
            create operator memory;
            create operator c;
            select event from in into share;
            select event from share/a into a;
            select event from share/b into b;
            select event from share/c into memory;
            select event from memory into c;
            select event from a into out;
            select event from b into out;
            select event from c into out;
        end;
        define binding default links
            /onramp/metronome/01/out => /pipeline/shared/01/in,
            /pipeline/shared/01/out => /offramp/server/01/in
        end;
        create binding /binding/default/01;
    }
}

mod finite {
    foreshock::pipeline! {
        /// A source with an end.
        pub(crate) flow Finite;

        define onramp three from blaster with lines = ["{\"id\": 0}", "{\"id\": 1}", "{\"id\": 2}"], iters = 1 end;
        define offramp server from ws with url = "ws://server:80/" end;
        define pipeline all
            define qos::wal operator log with read_count = 20, dir = "./wal" end;
            create operator log;
            select event from in into log;
            select event from log into out;
        end;
        define binding default links
            /onramp/three/01/out => /pipeline/all/01/in,
            /pipeline/all/01/out => /offramp/server/01/in
        end;
        create binding /binding/default/01;
    }
}

type Received = Rc<RefCell<Vec<serde_json::Value>>>;

/// A server that records what it receives, and dies never.
fn serve(sim: &Sim, host: &str) -> Received {
    let mut listener = sim.listen(host, 80);
    let received = Received::default();
    let seen = Rc::clone(&received);
    spawn_local(async move {
        loop {
            let Ok(mut socket) = SimWebsocket::accept(listener.accept().await).await else { continue };
            let seen = Rc::clone(&seen);
            spawn_local(async move {
                while let Ok(Some(text)) = socket.next_text().await {
                    seen.borrow_mut().push(serde_json::from_str(&text).expect("an event is JSON"));
                }
            });
        }
    });
    received
}

fn ids(received: &Received) -> Vec<u64> {
    received.borrow().iter().map(|event| event["id"].as_u64().expect("it has an id")).collect()
}

/// Runs the flow for so long and kills it: the process, or the machine with it.
async fn run_and_kill(sim: &Sim, builder: &Builder, ms: u64, crash: Crash) {
    let flow = builder.start_in(sim).expect("it starts");
    sleep(Duration::from_millis(ms)).await;
    drop(flow);
    sim.crash_disk(crash);
    sleep(Duration::from_millis(10)).await;
}

/// Runs the flow for so long and drains it.
async fn run_and_drain(sim: &Sim, builder: &Builder, ms: u64) -> Summary {
    let flow = builder.start_in(sim).expect("it starts");
    sleep(Duration::from_millis(ms)).await;
    flow.drain().await
}

/// Every id from 0 on has come; only a few came more than once.
#[track_caller]
fn check_whole(ids: &[u64], runs: usize, what: &str) {
    let distinct: BTreeSet<u64> = ids.iter().copied().collect();
    let most = distinct.last().copied().expect("events have come");
    assert_eq!(distinct.len() as u64, most + 1, "{what}: an id is missing among {ids:?}");
    // Acknowledgements are synced once a second: an event a 10 ms.
    assert!(ids.len() - distinct.len() <= runs * 110, "{what}: {} repeats", ids.len() - distinct.len());
}

#[test]
fn a_killed_flow_goes_on_without_a_gap() {
    for seed in 0..20 {
        for crash in [Crash::Process, Crash::Power] {
            run(async move {
                let sim = Sim::new(seed);
                let received = serve(&sim, "server");
                for ms in [1203, 57, 3001] {
                    run_and_kill(&sim, &Lasting::builder(), ms, crash).await;
                }
                let summary = run_and_drain(&sim, &Lasting::builder(), 1000).await;
                assert!(summary.is_clean(), "seed {seed}: {summary}");
                check_whole(&ids(&received), 3, &format!("seed {seed}, {crash:?}"));
                assert!(ids(&received).len() > 400, "seed {seed}");
                assert_eq!(received.borrow()[0]["n"], 0, "what is behind the log reads the event");
            });
        }
    }
}

#[test]
fn after_an_orderly_end_nothing_comes_again() {
    run(async {
        let sim = Sim::new(7);
        let received = serve(&sim, "server");
        for _ in 0..3 {
            let summary = run_and_drain(&sim, &Lasting::builder(), 500).await;
            assert!(summary.is_clean(), "{summary}");
        }
        let ids = ids(&received);
        assert_eq!(ids, (0..ids.len() as u64).collect::<Vec<_>>());
        assert!(ids.len() > 120, "{}", ids.len());
    });
}

#[test]
fn what_is_confirmed_while_sinks_say_goodbye_does_not_come_again() {
    run(async {
        let sim = Sim::new(7);
        let mut builder = Lasting::builder();
        builder.set("flow.drain_timeout", 50_u64).expect("it can be set");
        let (first, seen) = (Received::default(), Received::default());
        let (writes, mut listener) = (Rc::clone(&first), sim.listen("server", 80));
        spawn_local(async move {
            let mut socket = SimWebsocket::accept(listener.accept().await).await.expect("a websocket");
            while let Ok(Some(text)) = socket.next_text().await {
                writes.borrow_mut().push(serde_json::from_str(&text).expect("an event is JSON"));
                if writes.borrow().len() == 5 {
                    // It reads on when the drain is over, and the flow says goodbye.
                    sleep(Duration::from_millis(400)).await;
                }
            }
        });
        run_and_drain(&sim, &builder, 200).await;
        let before = ids(&first);
        assert!(before.len() > 10, "{before:?}");
        let second = serve(&sim, "server");
        run_and_drain(&sim, &builder, 300).await;
        seen.borrow_mut().extend(first.borrow().iter().chain(second.borrow().iter()).cloned());
        assert_eq!(ids(&seen), (0..ids(&seen).len() as u64).collect::<Vec<_>>(), "each once: {before:?}");
    });
}

#[test]
fn what_nobody_took_is_kept_and_comes_first_in_the_next_run() {
    run(async {
        let sim = Sim::new(3);
        let mut builder = Lasting::builder();
        builder.set("flow.drain_timeout", 100_u64).expect("it can be set");
        let summary = run_and_drain(&sim, &builder, 3000).await;
        let kept = summary.node("01", "pipeline.all.log").expect("it is in the summary").counts.pending;
        assert!(kept > 50, "{summary}");
        let received = serve(&sim, "server");
        let summary = run_and_drain(&sim, &builder, 1000).await;
        let counts = summary.node("01", "pipeline.all.log").expect("it is in the summary").counts;
        assert_eq!((counts.recovered, counts.pending), (kept, 0), "{summary}");
        let ids = ids(&received);
        assert_eq!(ids, (0..ids.len() as u64).collect::<Vec<_>>(), "in order, and each once");
    });
}

#[test]
fn a_build_that_wants_another_shape_says_what_it_cannot_read() {
    run(async {
        let sim = Sim::new(3);
        let mut builder = Lasting::builder();
        builder.set("flow.drain_timeout", 100_u64).expect("it can be set");
        let summary = run_and_drain(&sim, &builder, 3000).await;
        let kept = summary.node("01", "pipeline.all.log").expect("it is in the summary").counts.pending;
        let (received, errors) = (serve(&sim, "server"), serve(&sim, "errors"));
        let summary = run_and_drain(&sim, &next::Next::builder(), 1000).await;
        assert!(summary.is_clean(), "{summary}");
        assert!(kept > 50 && errors.borrow().len() as u64 == kept, "{kept}: {summary}");
        assert_eq!(
            errors.borrow()[0].to_string(),
            "{\"error\":\"the write-ahead log has it from an earlier run, in a shape that the flow no longer has: field `id`: expected a string, \
             found integer\",\"event\":{\"id\":0,\"more\":{\"kind\":\"metronome\"}}}"
        );
        // Its own metronome is another one, and begins at 0.
        assert_eq!(received.borrow()[0].to_string(), "{\"n\":\"i0!\"}");
        assert!(received.borrow().len() > 50, "{summary}");
    });
}

#[test]
fn the_greatest_id_counts_of_all_logs_that_are_first_behind_a_source() {
    for seed in 0..10 {
        run(async move {
            let sim = Sim::new(seed);
            let received = serve(&sim, "server");
            let builder = two::Two::builder();
            for ms in [700, 60, 800] {
                let before = ids(&received).into_iter().max();
                run_and_kill(&sim, &builder, ms, Crash::Power).await;
                let after = ids(&received);
                let again = after.iter().filter(|id| Some(**id) <= before).count();
                assert!(before.is_none() || again < after.len(), "seed {seed}: it goes on: {after:?}");
            }
            let summary = run_and_drain(&sim, &builder, 1000).await;
            assert!(summary.is_clean(), "seed {seed}: {summary}");
            // What was in memory alone is lost; of what went the other ways, nothing.
            let ids: BTreeSet<u64> = ids(&received).into_iter().collect();
            let most = ids.last().copied().expect("events have come");
            assert!(ids.len() as u64 > most * 9 / 10, "seed {seed}: {} of {most}", ids.len());
        });
    }
}

/// Opening a log may take longer than the sources have patience, and these may be done before they have begun.
#[test]
fn a_flow_whose_sources_end_delivers_what_is_kept_however_long_its_log_takes_to_open() {
    run(async {
        let sim = Sim::new(1);
        run_and_kill(&sim, &finite::Finite::builder(), 5000, Crash::Process).await;
        let received = serve(&sim, "server");
        sim.disk().set_latency(Duration::from_millis(700), Duration::from_millis(700));
        let mut flow = finite::Finite::builder().start_in(&sim).expect("it starts");
        flow.done().await;
        let summary = flow.drain().await;
        assert!(summary.is_clean() && summary.kept == 0, "{summary}");
        assert_eq!(ids(&received), [0, 1, 2, 0, 1, 2]);
    });
}
