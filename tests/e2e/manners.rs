//! Servers that do not keep to the rules, or keep to them badly.

use foreshock_tests::harness::account::Tally;
use foreshock_tests::harness::{Entry, Life};

use crate::{Stage, await_line};

/// The first server misbehaves, the other two must get everything: what the first has recorded is not counted.
fn check(test: &str, switches: &str) -> Stage {
    let mut stage = Stage::with(test, [switches, "", ""]);
    let flow = stage.flow(2, &[]);
    stage.await_events(1..3, 500);
    // What the first server took and did not confirm must have come to the others before the flow has drained.
    let outcome = flow.drain();
    outcome.assert_code(0);
    let made = outcome.summary().count("onramp.metronome", "taken");
    Tally::of(&mut stage.servers[1..]).assert_exactly(made);
    stage
}

#[test]
fn a_server_that_never_pongs_gets_nothing() {
    let mut stage = check("never-pongs", "--mute-after 0");
    assert_eq!(stage.servers[0].ids(), [0; 0]);
    assert!(stage.servers[0].lives()[0].connections() > 0, "it was tried");
}

#[test]
fn a_server_that_never_pongs_is_named_with_the_way_out() {
    let mut stage = Stage::with("named", ["--mute-after 0", "", ""]);
    let flow = stage.flow(2, &[]);
    stage.await_events(1..3, 10);
    await_line(&flow, &["written"]);
    flow.drain().assert_code(0);
}

#[test]
fn a_server_that_stops_ponging_keeps_no_event_to_itself() {
    let mut stage = Stage::with("stops-ponging", ["--mute-after 3", "", ""]);
    let flow = stage.flow(2, &[]);
    stage.await_events(1..3, 1000);
    let outcome = flow.drain();
    outcome.assert_code(0);
    let made = outcome.summary().count("onramp.metronome", "taken");
    let confirmed = stage.servers[0].lives().iter().flat_map(confirmed).collect::<Vec<u64>>();
    let others = stage.servers[1..].iter_mut().flat_map(|server| server.ids()).collect::<Vec<u64>>();
    Tally::new(confirmed.into_iter().chain(others)).assert_exactly(made);
}

/// The ids that a life has confirmed.
fn confirmed(life: &Life) -> Vec<u64> {
    let open = life.unconfirmed();
    life.ids().filter(|id| !open.contains(id)).collect()
}

#[test]
fn a_server_that_hangs_up_at_once_gets_nothing() {
    let mut stage = check("hang-up-accept", "--hang-up accept");
    assert_eq!(stage.servers[0].ids(), [0; 0]);
    let mut stage = check("hang-up-handshake", "--hang-up handshake");
    assert_eq!(stage.servers[0].ids(), [0; 0]);
}

#[test]
fn a_server_that_hangs_up_now_and_then_keeps_no_event_to_itself() {
    let mut stage = Stage::with("hang-up-frames", ["--hang-up 20", "", ""]);
    let flow = stage.flow(2, &[]);
    stage.await_more(0, 100);
    let outcome = flow.drain();
    outcome.assert_code(0);
    stage.tally().assert_exactly(outcome.summary().count("onramp.metronome", "taken"));
}

#[test]
fn what_a_frozen_server_has_not_confirmed_goes_to_the_others() {
    let mut stage = Stage::new("frozen");
    let flow = stage.flow(2, &[]);
    stage.await_events(0..3, 300);
    stage.servers[0].freeze();
    stage.await_more(1, 300);
    let outcome = flow.drain();
    outcome.assert_code(0);
    stage.tally().assert_exactly(outcome.summary().count("onramp.metronome", "taken"));
}

#[test]
fn a_frozen_server_that_goes_on_takes_its_turn_again() {
    let mut stage = Stage::new("thawed");
    let flow = stage.flow(2, &[]);
    stage.await_events(0..3, 300);
    stage.servers[0].freeze();
    stage.await_more(1, 300);
    stage.servers[0].thaw();
    let from = stage.tally().end();
    stage.await_more(0, 300);
    let outcome = flow.drain();
    outcome.assert_code(0);
    stage.tally().assert_exactly(outcome.summary().count("onramp.metronome", "taken"));
    assert!(stage.servers[0].ids().into_iter().any(|id| id > from), "it got new events");
}

#[test]
fn an_event_that_every_server_refuses_does_not_go_round_for_ever() {
    let refuse = "--refuse \"id\":40,";
    let mut stage = Stage::with("refused", [refuse, refuse, refuse]);
    let flow = stage.flow(2, &[]);
    stage.await_events(0..3, 500);
    let outcome = flow.drain();
    outcome.assert_code(0);
    let summary = outcome.summary();
    let rejected: u64 =
        ["ws0", "ws1", "ws2"].map(|name| summary.count(&format!("offramp.{name}"), "rejected")).iter().sum();
    assert_eq!(rejected, 1, "{summary:?}");
    let refused = |entry: &&Entry| matches!(entry, Entry::Refused { .. });
    let lives = stage.servers.iter_mut().flat_map(|server| server.lives().to_vec());
    let times: usize = lives.map(|life| life.entries.iter().filter(refused).count()).sum();
    assert!((1..=4).contains(&times), "refused {times} times");
    assert_eq!(stage.tally().missing(summary.count("onramp.metronome", "taken")), [40]);
}
