//! Three healthy servers.

use std::collections::BTreeSet;

use foreshock_tests::harness::{Entry, Server};
use serde_json::Value;

use crate::Stage;

#[test]
fn each_server_gets_every_third_event_from_the_first_on() {
    let mut stage = Stage::new("spread");
    let flow = stage.flow(10, &[]);
    stage.await_events(0..3, 150);
    let outcome = flow.drain();
    outcome.assert_code(0);

    let tally = stage.tally();
    tally.assert_exactly(outcome.summary().count("onramp.metronome", "taken"));
    assert_eq!(tally.repeats(), 0);
    for (server, first) in stage.servers.iter_mut().zip(0..) {
        let expected: Vec<u64> = (first..tally.end()).step_by(3).collect();
        assert_eq!(server.ids(), expected);
    }
}

#[test]
fn a_frame_is_one_json_object_of_the_founding_flow() {
    let mut stage = Stage::new("frames");
    let flow = stage.flow(10, &[]);
    stage.await_events(0..3, 30);
    flow.drain().assert_code(0);

    let (mut times, mut hosts) = (Vec::new(), BTreeSet::new());
    for json in stage.servers.iter_mut().flat_map(frames) {
        let event: Value = serde_json::from_str(&json).expect("one JSON value");
        let keys: BTreeSet<&str> = event.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(keys, ["hostname", "id", "ingest_ns", "onramp"].into(), "{json}");
        assert_eq!(event["onramp"], "metronome");
        times.push((event["id"].as_u64(), event["ingest_ns"].as_u64()));
        hosts.insert(event["hostname"].as_str().expect("a string").to_owned());
    }
    times.sort_unstable();
    assert!(times.is_sorted_by_key(|(_, time)| *time), "time goes on with the ids: {times:?}");
    assert!(times[0].1 > Some(1_600_000_000_000_000_000), "nanoseconds since 1970: {times:?}");
    assert!(hosts.len() == 1 && !hosts.contains(""), "{hosts:?}");
}

fn frames(server: &mut Server) -> Vec<String> {
    let entries = server.lives().iter().flat_map(|life| &life.entries);
    let json = |entry: &Entry| match entry {
        Entry::Text { json, .. } => Some(json.clone()),
        _ => None,
    };
    entries.filter_map(json).collect()
}

#[test]
fn a_flow_that_is_started_again_counts_from_0() {
    let mut stage = Stage::new("restart");
    let mut flow = stage.flow(10, &[]);
    stage.await_events(0..3, 30);
    flow.process().kill();
    let before: Vec<usize> = stage.servers.iter_mut().map(|server| server.ids().len()).collect();

    let flow = stage.flow(10, &[]);
    for server in 0..3 {
        stage.await_more(server, 10);
    }
    flow.drain().assert_code(0);
    for ((server, before), first) in stage.servers.iter_mut().zip(before).zip(0..) {
        let again: Vec<u64> = server.ids().split_off(before);
        let expected: Vec<u64> = (first..).step_by(3).take(again.len()).collect();
        assert_eq!(again, expected);
    }
}
