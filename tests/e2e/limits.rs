//! Nobody there: the log keeps what its limits allow, and the metronome pauses.

use foreshock_tests::harness::{Flow, Outcome};

use crate::{LOG, Stage, await_line};

/// Runs the flow without servers after a while, until the log is full; drains it in vain.
fn fill(stage: &mut Stage, limit: &str) -> Outcome {
    let mut flow = stage.flow(2, &["--set", &format!("{LOG}.{limit}"), "--set", "flow.drain_timeout=300"]);
    stage.await_events(0..3, 100);
    stage.servers.iter_mut().for_each(|server| server.kill());
    await_line(&flow, &[LOG, "triggered"]);
    assert_stays_small(&mut flow);
    let outcome = flow.drain();
    outcome.assert_code(1);
    outcome
}

/// While the log is full, a second (500 ticks of the metronome) leaves no trace in memory.
fn assert_stays_small(flow: &mut Flow) {
    let Some(before) = flow.process().resident_kib() else { return };
    std::thread::sleep(std::time::Duration::from_secs(1));
    let after = flow.process().resident_kib().expect("it runs");
    assert!(after < before + 512, "{before} KiB before, {after} KiB after");
}

#[test]
fn exactly_max_elements_are_kept_and_the_metronome_pauses() {
    let mut stage = Stage::new("max-elements");
    let outcome = fill(&mut stage, "max_elements=50");
    let summary = outcome.summary();
    assert_eq!(summary.count(LOG, "pending"), 50, "{summary:?}");
    assert!(summary.count(LOG, "parked") <= 1, "{summary:?}");
    let made = summary.count("onramp.metronome", "taken");
    assert_eq!(made, summary.count(LOG, "acked") + 50 + summary.count(LOG, "parked"), "{summary:?}");
    let arrived = stage.tally();
    assert!(made <= arrived.len() + 51, "{made} made, {} arrived", arrived.len());
    assert_eq!(summary.total("undelivered"), made - summary.count(LOG, "acked"), "{summary:?}");
}

#[test]
fn max_bytes_are_kept_to_the_last_event_that_fits() {
    let mut stage = Stage::new("max-bytes");
    let outcome = fill(&mut stage, "max_bytes=5000");
    let summary = outcome.summary();
    let (events, bytes) = (summary.count(LOG, "pending"), summary.count(LOG, "pending_bytes"));
    assert!(bytes <= 5000, "{summary:?}");
    // The greatest event that there could be (numbers of 20 digits) would not have fitted; it is longer than those that
    // there are by 17 digits of the id and one of the time.
    assert!(bytes + bytes / events + 20 > 5000, "{summary:?}");
    assert!(summary.count(LOG, "parked") <= 1, "{summary:?}");
}
