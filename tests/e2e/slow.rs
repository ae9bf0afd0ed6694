//! Slow and stuck servers, with real sockets: the others do not wait for them, and nobody takes a slow one for dead.

use crate::{LOG, Stage};

/// KiB that a flow's process may grow by while a server is stuck: its windows and buffers are long there by then.
const GROWTH_KIB: u64 = 4096;

#[test]
fn a_server_that_takes_long_for_each_event_keeps_nobody_waiting_and_is_not_dropped() {
    // The log has room for less than the windows of all sinks.
    let mut stage = Stage::with("slow", ["--work-ms 50", "", ""]);
    let flow = stage.flow(1, &["--set", &format!("{LOG}.max_elements=100")]);
    stage.await_events(0..3, 3000);
    let slow = stage.servers[0].ids().len();
    let outcome = flow.drain();
    outcome.assert_code(0);
    let summary = outcome.summary();
    stage.tally().assert_exactly(summary.count("onramp.metronome", "taken"));
    assert_eq!(stage.tally().repeats(), 0);
    assert_eq!(summary.count("offramp.ws0", "connects"), 1);
    // If the others waited for it, it would get a third: it takes 20 events a second, and they come a thousand a second.
    assert!((1..=500).contains(&slow), "{slow} of 3000 events");
}

#[test]
fn a_stuck_server_keeps_nobody_waiting_and_costs_no_memory() {
    let mut stage = Stage::new("stuck");
    let mut flow = stage.flow(1, &[]);
    stage.await_events(0..3, 1000);
    let before = flow.process().resident_kib();
    stage.servers[0].freeze();
    let frozen = stage.servers[0].ids().len();
    stage.await_more(1, 1500);
    stage.await_more(2, 1000);
    let after = flow.process().resident_kib();
    assert_eq!(stage.servers[0].ids().len(), frozen, "it is frozen");
    let outcome = flow.drain();
    outcome.assert_code(0);
    let summary = outcome.summary();
    stage.tally().assert_exactly(summary.count("onramp.metronome", "taken"));
    assert!(stage.tally().repeats() <= summary.count("offramp.ws0", "failed"));
    if let (Some(before), Some(after)) = (before, after) {
        assert!(after <= before + GROWTH_KIB, "{before} KiB, then {after} KiB");
    }
}
