//! Servers of different speeds: each gets what it can take, and costs the others nothing.

use super::peer::Pace;
use super::scene::{Feed, LOG, Scene};
use crate::run;

/// What a connection may have unconfirmed, whatever its server takes for it.
const QUEUE: u64 = 32;

/// How long it is counted who gets how much.
const SECS: u64 = 4;

/// The log holds so many events, and no more.
const SMALL_LOG: (&str, u64) = ("pipeline.spread.log.max_elements", 100);

/// Servers that work so many milliseconds on each event get, within a hundredth, so many events a second; no connection ends, no
/// event comes twice.
fn check(feed: Feed, settings: &[(&str, u64)], event_ms: [u64; 3], expected: [u64; 3]) {
    let case = format!("{event_ms:?} ms an event, {feed:?}, {settings:?}");
    run(async {
        let scene = Scene::start(event_ms.map(|ms| Some(Pace::per_event(ms))), feed, settings);
        scene.pass(2000).await;
        for _ in 0..SECS {
            scene.pass(1000).await;
            for server in (0..3).filter(|server| event_ms[*server] >= 10) {
                let pending = scene.sink(server).await.pending;
                assert!(pending <= QUEUE, "{case}: ws{server} has {pending} events");
            }
        }
        let shares = scene.shares(2000, 2000 + SECS * 1000);
        for (got, expected) in shares.into_iter().zip(expected) {
            assert!(got.abs_diff(expected * SECS) <= expected * SECS / 100 + 1, "{case}: {shares:?}");
        }
        let outcome = scene.end().await;
        assert_eq!(outcome.repeats, 0, "{case}");
        assert_eq!([0, 1, 2].map(|server| outcome.sink(server).connects), [1, 1, 1], "{case}");
    });
}

#[test]
fn a_server_ten_times_slower_costs_the_others_nothing() {
    check(Feed::ALL, &[], [1, 1, 10], [1000, 1000, 100]);
    check(Feed::ALL, &[("pipeline.spread.log.read_count", 1000)], [1, 1, 10], [1000, 1000, 100]);
}

#[test]
fn a_log_that_holds_less_than_all_windows_is_not_taken_up_by_what_a_slow_server_has() {
    check(Feed::ALL, &[SMALL_LOG], [1, 1, 10], [1000, 1000, 100]);
    check(Feed::ALL, &[SMALL_LOG], [1, 1, 1000], [1000, 1000, 1]);
}

#[test]
fn each_of_three_speeds_is_served() {
    check(Feed::ALL, &[], [1, 10, 100], [1000, 100, 10]);
    check(Feed::ALL, &[SMALL_LOG], [1, 10, 100], [1000, 100, 10]);
}

#[test]
fn what_a_slow_server_does_not_take_the_others_share() {
    check(Feed::per_second(1000), &[], [0, 0, 10], [450, 450, 100]);
    check(Feed::per_second(1000), &[], [0, 10, 100], [890, 100, 10]);
    check(Feed::per_second(100), &[], [0, 0, 10], [33, 33, 33]);
}

#[test]
fn where_all_are_slow_the_flow_is_as_quick_as_all_of_them() {
    check(Feed::ALL, &[], [50, 50, 50], [20, 20, 20]);
    check(Feed::ALL, &[], [1000, 1000, 1000], [1, 1, 1]);
}

#[test]
fn a_server_that_was_quick_and_becomes_slow_is_no_more_than_slow() {
    for (read_count, event_ms) in [(20, 100), (20, 600), (1000, 100), (1000, 600)] {
        run(async {
            let pace = |ms| Some(Pace::per_event(ms));
            let settings = [("pipeline.spread.log.read_count", read_count), SMALL_LOG];
            let feed = Feed { lines: 2, every_ms: 1, bytes: 40 };
            let scene = Scene::start([pace(20), pace(20), pace(0)], feed, &settings);
            scene.pass(2000).await;
            scene.peers[2].as_ref().expect("it is there").becomes(Pace::per_event(event_ms));
            // Its last window is worked off; each time that an answer comes late, the next one is smaller.
            scene.pass(100 * event_ms).await;
            let from = scene.now_ms();
            scene.pass(5000).await;
            let case = format!("read_count {read_count}, {event_ms} ms an event");
            let [first, second, slow] = scene.shares(from, from + 5000);
            assert!(first >= 248 && second >= 248, "{case}: {first}, {second}");
            assert!(slow.abs_diff(5000 / event_ms) <= 1, "{case}: {slow}");
            let outcome = scene.end().await;
            assert_eq!((outcome.repeats, outcome.sink(2).connects), (0, 1), "{case}");
        });
    }
}

#[test]
fn where_all_are_slow_the_source_waits_and_is_told_and_nothing_is_lost() {
    run(async {
        let slow = Some(Pace::per_event(500));
        let scene = Scene::start([slow; 3], Feed::ALL, &[]);
        scene.pass(10_000).await;
        let onramp = |summary: foreshock::program::Summary| {
            let node = summary.node("01", "onramp.lines").expect("it is there");
            (node.triggered, node.times_triggered, node.counts.taken)
        };
        let (triggered, times, taken) = onramp(scene.summary().await);
        // A place is free for a moment when a server has worked off an event.
        assert!(triggered && (1..=21).contains(&times), "triggered {times} times");
        let received: u64 = scene.shares(0, scene.now_ms()).iter().sum();
        assert_eq!(scene.node(LOG).await.pending, 1000, "as many as the log holds");
        assert!(taken <= 1000 + received, "{taken} are in, {received} are through");
        let began = scene.steps();
        scene.pass(10_000).await;
        // Two events a second at each, with a ping each.
        let steps = scene.steps() - began;
        assert!(steps <= 60 * 6, "{steps} steps for 60 events");
        scene.peers.iter().flatten().for_each(|peer| peer.becomes(Pace::per_event(1)));
        scene.pass(5000).await;
        let (triggered, _, later) = onramp(scene.summary().await);
        assert!(!triggered && later > taken + 10_000, "{later} are in");
        let outcome = scene.end().await;
        assert_eq!(outcome.repeats, 0);
    });
}

#[test]
fn a_drain_waits_no_longer_than_for_a_short_queue() {
    run(async {
        let quick = Some(Pace::QUICK);
        let scene = Scene::start([quick, quick, Some(Pace::per_event(100))], Feed::per_second(100), &[]);
        scene.pass(60_000).await;
        let began = tokio::time::Instant::now();
        let outcome = scene.end().await;
        let took_ms = began.elapsed().as_millis();
        assert!(took_ms <= u128::from(QUEUE + 1) * 100, "{took_ms} ms");
        assert_eq!(outcome.repeats, 0);
    });
}

#[test]
fn windows_bound_what_a_slow_server_has_in_events_and_in_bytes() {
    let feed = Feed { lines: 10, every_ms: 1, bytes: 1000 };
    for (key, limit, events) in [("window_events", 5, 5), ("window_bytes", 9990, 10)] {
        run(async {
            let (quick, slow) = (Some(Pace::per_event(1)), Some(Pace::per_event(100)));
            let path = format!("offramp.ws2.{key}");
            let scene = Scene::start([quick, quick, slow], feed, &[(&path, limit)]);
            for _ in 0..500 {
                scene.pass(7).await;
                let sink = scene.sink(2).await;
                assert!(sink.pending <= events && sink.pending_bytes <= events * 1000, "{key}: {sink:?}");
            }
            let (from, to) = (1000, scene.now_ms());
            let [first, second, third] = scene.shares(from, to);
            let most = to - from;
            assert!(first * 100 >= most * 99 && second * 100 >= most * 99, "{key}: {first}, {second}");
            assert!(third.abs_diff(most / 100) <= 1, "{key}: {third}");
            assert_eq!(scene.end().await.repeats, 0, "{key}");
        });
    }
}
