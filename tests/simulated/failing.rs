//! Sinks that fail whatever they get, behind logs that give it again: such a flow gets nowhere, but it can be drained, and asked.

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
