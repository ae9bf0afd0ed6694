//! Events so large, on lines so slow, that one of them takes long.

use super::peer::Pace;
use super::scene::{Feed, Outcome, Scene};
use crate::run;

/// What is on the way between a sink and its server, in a simulated network; a real one has more.
const ON_THE_WAY: usize = 32 * 1024;
/// An event.
const BYTES: usize = 100_000;
/// The default.
const ACK_TIMEOUT_MS: usize = 5000;

/// Two quick lines and one that carries so many bytes in a millisecond, for a minute.
fn with(bytes_per_ms: usize) -> (u64, Outcome) {
    run(async {
        let quick = Some(Pace::QUICK);
        let slow = Some(Pace { bytes_per_ms, ..Pace::QUICK });
        let feed = Feed { lines: 1, every_ms: 500, bytes: BYTES };
        let scene = Scene::start([quick, quick, slow], feed, &[]);
        scene.pass(60_000).await;
        let shares = scene.shares(0, 60_000);
        assert!(shares.iter().sum::<u64>() >= 105, "{shares:?}: all but what the third line has");
        (shares[2], scene.end().await)
    })
}

#[test]
fn an_event_may_take_longer_than_ack_timeout_while_the_socket_takes_its_bytes() {
    for bytes_per_ms in [100, 10, 7] {
        assert!(ON_THE_WAY / bytes_per_ms < ACK_TIMEOUT_MS, "what the socket has taken is read in time");
        let (got, outcome) = with(bytes_per_ms);
        let most = 60_000 * bytes_per_ms / BYTES;
        assert!(got as usize + 2 >= most.min(40), "{bytes_per_ms} bytes/ms: {got} of {most} events");
        assert_eq!((outcome.repeats, outcome.sink(2).connects), (0, 1), "{bytes_per_ms} bytes/ms");
    }
}

#[test]
fn where_even_what_the_socket_has_taken_takes_longer_the_event_goes_to_another_server() {
    let (_, outcome) = with(4);
    let sink = outcome.sink(2);
    assert!(sink.disconnects > 1, "{sink:?}");
    assert!(outcome.repeats <= sink.failed, "{sink:?}");
}
