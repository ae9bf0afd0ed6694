//! What a flow measures while it runs, in a world whose disk and peers take a known time.

use std::time::Duration;

use foreshock::core::Measures;
use foreshock::testing::sim::{Sim, SimWebsocket};
use tokio::task::spawn_local;
use tokio::time::{Instant, sleep};

use crate::run;

foreshock::pipeline! {
    flow Measured;

    define onramp metronome from metronome with interval = 10 end;
    define offramp server from ws with url = "ws://server:80/", window_events = 64 end;
    define pipeline all
        define qos::wal operator log with read_count = 20, max_elements = 500, dir = "./wal" end;
        create operator log;
        select event from in into log;
        select event from log into out;
    end;
    define binding default links
        /onramp/metronome/{i}/out => /pipeline/all/{i}/in,
        /pipeline/all/{i}/out => /offramp/server/{i}/in
    end;
    create binding /binding/default/01 with i = "01" end;
}

const SYNC: Duration = Duration::from_millis(20);

/// What the log, the sink and the metronome measure after 5 seconds with a server that reads nothing for `pause` after each
/// event; and how many events the first two hold.
async fn measured(pause: Duration) -> ([Measures; 3], [u64; 2]) {
    let sim = Sim::new(1);
    sim.disk().set_latency(SYNC, SYNC);
    let mut listener = sim.listen("server", 80);
    let _server = spawn_local(async move {
        while let Ok(mut socket) = SimWebsocket::accept(listener.accept().await).await {
            let began = Instant::now();
            while let Ok(Some(_)) = socket.next_text().await {
                // The first pongs tell that it is there.
                if began.elapsed() > Duration::from_secs(1) {
                    sleep(pause).await;
                }
            }
        }
    });
    let flow = Measured::builder().start_in(&sim).expect("it starts");
    sleep(Duration::from_secs(5)).await;
    let summary = flow.summary().await;
    let node = |path| summary.node("01", path).expect("there is one");
    let [log, sink, source] = ["pipeline.all.log", "offramp.server", "onramp.metronome"].map(node);
    let _ = flow.stop().await;
    ([log.measures, sink.measures, source.measures], [log.counts.pending, sink.counts.pending])
}

#[test]
fn room_round_trips_and_syncs_are_those_of_the_world() {
    let ([log, sink, source], [kept, unconfirmed]) = run(measured(Duration::ZERO));
    assert_eq!(source, Measures::default());
    assert_eq!(log.room, Some(500 - kept));
    assert!(sink.room.is_some_and(|room| room > 0 && room + unconfirmed <= 64), "{sink:?}");
    assert_eq!((log.round_trip, sink.syncs), (None, None));
    let syncs = log.syncs.expect("it is on disk");
    // Within five seconds, one after the other, each with an append.
    assert!((50..=250).contains(&syncs.count), "{syncs:?}");
    assert!(syncs.last >= SYNC && syncs.longest <= SYNC * 10, "{syncs:?}");
    assert!(syncs.total >= SYNC * u32::try_from(syncs.count).expect("few"), "{syncs:?}");
    assert!(syncs.total <= Duration::from_secs(5), "{syncs:?}");
    let quick = sink.round_trip.expect("there were pongs");
    assert!(quick.last < Duration::from_millis(100), "{quick:?}");
    // A slow server takes longer for its pongs, and its window fills.
    let ([_, sink, _], _) = run(measured(Duration::from_millis(300)));
    let slow = sink.round_trip.expect("there were pongs");
    assert!(
        slow.last >= Duration::from_millis(300) && slow.smoothed > 2 * quick.smoothed,
        "{slow:?} {quick:?}"
    );
}
