//! A server that was away comes back: it takes its turn and no more, and is not given all that waits at once.

use super::peer::Pace;
use super::scene::{Feed, LOG, Scene, WINDOW_EVENTS};
use crate::run;

/// Events that a connection begins with.
const BEGIN: u64 = 32;

#[test]
fn where_the_others_have_room_a_server_that_is_back_gets_its_third_from_its_first_event_on() {
    for (per_second, away_ms) in [(3000, 1000), (250, 20_000)] {
        run(async {
            let quick = Some(Pace::QUICK);
            let mut scene = Scene::start([quick; 3], Feed::per_second(per_second), &[]);
            scene.pass(1000).await;
            scene.dies(1);
            scene.pass(away_ms).await;
            scene.comes(1, Pace::QUICK);
            let from = scene.now_ms();
            scene.pass(12_000).await;
            let case = format!("{per_second} a second, away for {away_ms} ms");
            let back = scene.first_at(1, from).unwrap_or_else(|| panic!("{case}: it is not back"));
            assert!(back <= from + 10_100, "{case}: back after {} ms", back - from);
            for events in [3, 30, 150] {
                let shares = scene.shares_of(back, events);
                assert_eq!(shares, [events / 3; 3], "{case}: of {events} events");
            }
            let first_second = scene.received(1, back, back + 1000);
            assert!(first_second <= per_second / 3 + 1, "{case}: {first_second} in its first second");
            let outcome = scene.end().await;
            assert!(outcome.repeats <= outcome.sink(1).failed, "{case}");
        });
    }
}

/// Two servers take 100 events a second each, the source and the log have more than that, and the third one comes, with this pace.
/// In its first second it gets `most` at most; `unconfirmed` at most at any time; and then so many a second.
fn check_backlog(pace: Pace, most: u64, unconfirmed: u64, then: u64) {
    run(async {
        let others = Some(Pace::per_event(10));
        let mut scene = Scene::start([others, others, None], Feed::ALL, &[]);
        scene.pass(60_000).await;
        assert_eq!(scene.node(LOG).await.pending, 1000, "there is a lot that waits");
        scene.comes(2, pace);
        let from = scene.now_ms();
        while scene.first_at(2, from).is_none() {
            scene.pass(1).await;
        }
        let back = scene.now_ms();
        for _ in 0..3000 {
            scene.pass(1).await;
            let pending = scene.sink(2).await.pending;
            assert!(pending <= unconfirmed, "{pace:?}: {pending} at once");
        }
        let first_second = scene.received(2, back, back + 1000);
        assert!(first_second <= most, "{pace:?}: {first_second} in its first second");
        let shares = scene.shares(back + 2000, back + 3000);
        assert_eq!(shares[..2], [100, 100], "{pace:?}: the others are served as before");
        assert!(shares[2].abs_diff(then) <= then / 100 + 1, "{pace:?}: {shares:?}");
        assert_eq!(scene.end().await.repeats, 0, "{pace:?}");
    });
}

#[test]
fn where_much_waits_a_server_that_comes_gets_what_it_takes_and_a_short_queue() {
    check_backlog(Pace::per_event(100), 10 + 1, BEGIN, 10);
    check_backlog(Pace::per_event(10), 100 + 1, BEGIN, 100);
    check_backlog(Pace::per_event(1), 1000 + 1, WINDOW_EVENTS / 2, 1000);
}

#[test]
fn what_other_servers_had_does_not_come_down_on_a_newcomer_all_at_once() {
    run(async {
        let stuck = Some(Pace { stuck_after: 300, ..Pace::per_event(1) });
        let mut scene = Scene::start([stuck, stuck, None], Feed::ALL, &[]);
        scene.pass(4000).await;
        let had = scene.sink(0).await.pending + scene.sink(1).await.pending;
        assert!(had >= 2 * BEGIN, "{had}");
        scene.comes(2, Pace::per_event(20));
        // Two connections end, and whatever they had is given again: to the newcomer, for the others are stuck once more.
        for _ in 0..1000 {
            scene.pass(10).await;
            let pending = scene.sink(2).await.pending;
            assert!(pending <= BEGIN, "{pending} at once");
        }
        assert!(scene.node(LOG).await.replayed >= had, "it was given again");
        let received = scene.received(2, 4000, 14_000);
        assert!((450..=500).contains(&received), "{received}: as many as it takes");
        scene.peers.iter().flatten().for_each(|peer| peer.becomes(Pace::per_event(1)));
        scene.pass(12_000).await;
        scene.end().await;
    });
}

#[test]
fn a_server_that_is_slow_at_first_is_at_full_speed_a_second_after_it_is_not() {
    run(async {
        let quick = Some(Pace::per_event(1));
        let mut scene = Scene::start([quick, quick, None], Feed::ALL, &[]);
        scene.pass(1000).await;
        scene.comes(2, Pace::per_event(100));
        scene.pass(30_000).await;
        scene.peers[2].as_ref().expect("it is there").becomes(Pace::per_event(1));
        scene.pass(1000).await;
        let from = scene.now_ms();
        scene.pass(1000).await;
        let shares = scene.shares(from, from + 1000);
        assert!(shares.iter().all(|share| share.abs_diff(1000) <= 10), "{shares:?}");
        assert_eq!(scene.end().await.repeats, 0);
    });
}
