//! Servers that answer late, or stand still now and then: how long may that be?

use super::peer::Pace;
use super::scene::{Feed, Outcome, Scene, WINDOW_EVENTS};
use crate::run;

/// The third of three servers has this pace for so many seconds. The others get all that they can take, but for a hundredth.
fn with(pace: Pace, secs: u64) -> (u64, Outcome) {
    run(async {
        let quick = Some(Pace::per_event(5));
        let scene = Scene::start([quick, quick, Some(pace)], Feed::ALL, &[]);
        // The flow waits two seconds for a server whose first pong is late.
        scene.pass(3000).await;
        let from = scene.now_ms();
        scene.pass(secs * 1000).await;
        let [first, second, third] = scene.shares(from, scene.now_ms());
        assert!(first >= secs * 198 && second >= secs * 198, "{pace:?}: {first}, {second}");
        (third, scene.end().await)
    })
}

#[test]
fn a_server_whose_pongs_come_late_is_served_as_long_as_they_come_within_ack_timeout() {
    for pong_ms in [50, 900, 2400, 4900] {
        let (got, outcome) = with(Pace { pong_ms, ..Pace::QUICK }, 40);
        assert_eq!((outcome.repeats, outcome.sink(2).connects), (0, 1), "{pong_ms} ms");
        // The window has grown to its full size, since it is the way that is long. It took four ways to that.
        let ways = (40_000 / pong_ms).saturating_sub(5).max(1);
        assert!(got >= ways * WINDOW_EVENTS, "{pong_ms} ms: {got} events");
    }
}

#[test]
fn a_server_whose_pongs_come_later_than_that_gets_nothing() {
    let (got, outcome) = with(Pace { pong_ms: 5100, ..Pace::QUICK }, 30);
    assert_eq!((got, outcome.repeats, outcome.sink(2).taken), (0, 0, 0));
}

#[test]
fn a_server_that_stands_still_for_less_than_ack_timeout_is_never_dropped() {
    for (runs_ms, rests_ms, least) in [(1000, 2000, 9900), (3000, 4500, 11_900), (100, 300, 7400)] {
        let pace = Pace { pause: Some((runs_ms, rests_ms)), ..Pace::per_event(1) };
        let (got, outcome) = with(pace, 30);
        assert_eq!((outcome.repeats, outcome.sink(2).connects), (0, 1), "{pace:?}");
        assert!(got >= least, "{pace:?}: {got} events");
    }
}

#[test]
fn a_server_that_stands_still_for_longer_costs_one_window_of_repeats_each_time() {
    let pace = Pace { pause: Some((1000, 7000)), ..Pace::per_event(1) };
    let (_, outcome) = with(pace, 32);
    let sink = outcome.sink(2);
    assert!(sink.disconnects >= 4, "{sink:?}");
    assert!(outcome.repeats <= sink.failed && sink.failed <= sink.disconnects * WINDOW_EVENTS, "{sink:?}");
}
