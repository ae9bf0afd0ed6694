//! A server that reads no more: what it has it keeps until `ack_timeout`, and it costs nothing else.

use super::peer::Pace;
use super::scene::{Feed, LOG, Scene, WINDOW_EVENTS};
use crate::run;

/// What the first two servers get and the flow does in some seconds, at 3,000 events a second.
#[derive(Debug)]
struct Account {
    others: u64,
    steps: u64,
    repeats: u64,
    failed: u64,
}

const SECS: u64 = 7;

/// With a third server, or none.
fn account(third: Option<Pace>, feed: Feed, settings: &[(&str, u64)]) -> Account {
    run(async {
        let quick = Some(Pace::QUICK);
        let scene = Scene::start([quick, quick, third], feed, settings);
        for _ in 0..SECS * 10 {
            scene.pass(100).await;
            let (stuck, log) = (scene.sink(2).await.pending, scene.node(LOG).await.pending);
            assert!(stuck <= WINDOW_EVENTS && log <= stuck + 100, "{stuck} at the server, {log} in the log");
        }
        let (shares, steps) = (scene.shares(0, SECS * 1000), scene.steps());
        let outcome = scene.end().await;
        let failed = outcome.sink(2).failed;
        Account { others: shares[0] + shares[1], steps, repeats: outcome.repeats, failed }
    })
}

#[test]
fn a_stuck_server_costs_the_others_nothing_and_the_flow_no_step() {
    let feed = Feed::per_second(3000);
    for settings in [&[][..], &[("pipeline.spread.log.read_count", 1000)]] {
        let without = account(None, feed, settings);
        assert!(without.others >= 20_000, "{without:?}");
        for stuck_after in [1, 300] {
            let with = account(Some(Pace { stuck_after, ..Pace::QUICK }), feed, settings);
            let case = format!("stuck after {stuck_after}: {with:?}, without {without:?}");
            // It has some events of its own, until it is stuck; once more when it is connected to again.
            assert!((with.others + 2 * stuck_after) * 100 >= without.others * 99, "{case}");
            assert!(with.steps * 100 <= without.steps * 101, "{case}");
            // Connected to again, it takes another window; what comes twice are events that it had and did not confirm.
            assert!(with.failed <= 3 * WINDOW_EVENTS && with.repeats <= with.failed, "{case}");
        }
    }
}

#[test]
fn what_a_stuck_server_had_comes_to_the_others_when_ack_timeout_is_over() {
    run(async {
        let quick = Some(Pace::QUICK);
        let stuck = Some(Pace { stuck_after: 100, ..Pace::QUICK });
        let scene = Scene::start([quick, quick, stuck], Feed::per_second(1000), &[]);
        scene.pass(1000).await;
        let had = scene.sink(2).await;
        assert!(had.pending > 0 && had.failed == 0, "{had:?}");
        let since = scene.received_at(2, 100);
        scene.pass(since + 5000 + 20 - scene.now_ms()).await;
        let now = scene.sink(2).await;
        assert_eq!((now.failed, now.disconnects), (had.pending, 1), "{now:?}");
        assert_eq!(scene.node(LOG).await.replayed, had.pending);
        scene.end().await;
    });
}

#[test]
fn where_all_are_stuck_the_flow_rests() {
    run(async {
        let stuck = Some(Pace { stuck_after: 1, ..Pace::QUICK });
        let scene = Scene::start([stuck; 3], Feed::ALL, &[]);
        scene.pass(1000).await;
        assert_eq!(scene.node(LOG).await.pending, 1000);
        let (steps, connects) = (scene.steps(), scene.sink(0).await.connects);
        scene.pass(120_000).await;
        let times = scene.sink(0).await.connects - connects;
        let steps = scene.steps() - steps;
        // Each is connected to again after ack_timeout, and what it had comes back, for which the log is asked.
        assert!((12..=24).contains(&times) && steps <= 3 * times * 40, "{steps} steps, {times} times");
        for server in 0..3 {
            assert!(scene.sink(server).await.pending <= 32);
        }
        scene.peers.iter().flatten().for_each(|peer| peer.becomes(Pace::per_event(10)));
        scene.pass(20_000).await;
        scene.end().await;
    });
}

/// The third server dies, and connections to it are refused, or swallowed: what the others get in five seconds, and the flow's steps.
fn away(swallowed: bool) -> (u64, u64) {
    run(async {
        let mut scene = Scene::start([Some(Pace::QUICK); 3], Feed::per_second(3000), &[]);
        scene.pass(1000).await;
        scene.dies(2);
        if swallowed {
            scene.swallows(2);
        }
        scene.pass(1000).await;
        let steps = scene.steps();
        scene.pass(5000).await;
        let ([first, second, _], steps) = (scene.shares(2000, 7000), scene.steps() - steps);
        scene.end().await;
        (first + second, steps)
    })
}

#[test]
fn a_server_that_is_away_costs_the_others_nothing_either() {
    let (refused, swallowed) = (away(false), away(true));
    for (others, steps) in [refused, swallowed] {
        assert!((14_990..=15_010).contains(&others), "{refused:?}, {swallowed:?}");
        // Three events come each millisecond: some six steps take them, hand them on, and take what confirms them.
        assert!(steps <= 5000 * 6 + 1000, "{refused:?}, {swallowed:?}");
    }
}
