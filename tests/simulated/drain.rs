//! What still arrives while a flow drains.

use std::time::Duration;

use foreshock::core::Endpoint;
use foreshock::testing::sim::Sim;
use tokio::time::{Instant, sleep};

use crate::lines::{lines, taker};
use crate::{Habits, Received, run, serve};

foreshock::pipeline! {
    flow Late;

    define onramp ticks from metronome with interval = 10 end;
    define offramp server from ws with url = "ws://ws0:80/" end;
    define offramp written from file with file = "/out/lines" end;
    define pipeline logged
        define qos::wal operator log with read_count = 3, max_elements = 20 end;
        create operator log;
        select event from in into log;
        select event from log into out;
    end;
    define binding to_server links
        /onramp/ticks/01/out    => /pipeline/logged/01/in,
        /pipeline/logged/01/out => /offramp/server/01/in
    end;
    define binding to_file links
        /onramp/ticks/02/out    => /pipeline/logged/02/in,
        /pipeline/logged/02/out => /offramp/written/02/in
    end;
    create binding /binding/to_server/01;
    create binding /binding/to_file/02;
}

/// Long enough for each wait to be one of up to `backoff_max`.
const AWAY: Duration = Duration::from_secs(100);

#[test]
fn who_comes_back_while_the_flow_drains_gets_what_is_left() {
    for seed in 0..30 {
        run(async {
            let sim = Sim::new(seed);
            let flow = Late::builder().start_in(&sim).expect("it starts");
            sleep(AWAY).await;
            let received = Received::default();
            let back = async {
                sleep(Duration::from_secs(3)).await;
                let server = serve(&sim, 0, &received, Habits::default());
                let file = Endpoint::WriteFile { path: "/out/lines".to_owned(), keep: 0 };
                (Instant::now(), server, taker(&sim, file, usize::MAX))
            };
            let (summary, (back_at, _server, file)) = tokio::join!(flow.drain(), back);
            assert!(summary.is_clean(), "seed {seed}: {summary}");
            assert_eq!(received.borrow().len(), 20, "seed {seed}: what the log holds");
            assert_eq!(lines(&file).len(), 20, "seed {seed}: what the log holds");
            let took = back_at.elapsed();
            assert!(took < Duration::from_secs(3), "seed {seed}: {took:?} after they are back");
        });
    }
}
