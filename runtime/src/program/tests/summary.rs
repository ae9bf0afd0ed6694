//! The summary's two forms.

use std::time::Duration;

use super::*;
use crate::core::{RoundTrip, Syncs};
use crate::driver::{NodeState, Snapshot};
use crate::program::Summary;

fn node(path: &str, instance: &str, kind: NodeKind, counts: Counts) -> NodeState {
    NodeState {
        path: path.to_owned(),
        instance: instance.to_owned(),
        kind,
        counts,
        measures: measures(kind),
        triggered: kind == NodeKind::Sink,
        times_triggered: u64::from(kind == NodeKind::Sink),
    }
}

/// As a log on disk has them, and a websocket.
fn measures(kind: NodeKind) -> Measures {
    let ms = Duration::from_millis;
    match kind {
        NodeKind::Source => Measures::default(),
        NodeKind::Operator => Measures {
            room: Some(6),
            syncs: Some(Syncs { count: 4, total: ms(10), last: ms(1), longest: ms(7) }),
            ..Measures::default()
        },
        NodeKind::Sink => Measures {
            room: Some(0),
            room_bytes: Some(9),
            round_trip: Some(RoundTrip { last: ms(2), smoothed: Duration::from_micros(1500) }),
            syncs: None,
        },
    }
}

fn summary() -> Summary {
    let mut summary = Summary::new(&ONE_CLEAN, Duration::from_millis(1250));
    for instance in ["02", "01"] {
        let nodes = vec![
            node("onramp.m", instance, NodeKind::Source, Counts { taken: 7, lost: 1, ..Counts::default() }),
            node("pipeline.p.log", instance, NodeKind::Operator, Counts { parked: 4, ..Counts::default() }),
            node("offramp.o", instance, NodeKind::Sink, Counts::default()),
        ];
        let failure = (instance == "01").then(|| "onramp.m: \"x\" is gone".to_owned());
        summary.add(Snapshot { nodes, pending: 5, kept: 2, failure });
    }
    summary.panicked.push("0\"3".to_owned());
    summary
}

#[test]
fn json_is_one_line_with_nodes_by_instance_and_path() {
    let line = summary().to_json();
    assert!(!line.contains('\n'));
    let json: serde_json::Value = serde_json::from_str(&line).expect("it is JSON");
    assert_eq!(json["flow"], "Demo");
    assert_eq!(json["version"], "1.2.3");
    assert_eq!(json["ran_ms"], 1250);
    assert_eq!(json["undelivered"], 6);
    assert_eq!(json["kept"], 4);
    assert_eq!(json["lost"], 2);
    assert_eq!(json["panicked"], serde_json::json!(["0\"3"]));
    assert_eq!(json["failures"], serde_json::json!(["onramp.m: \"x\" is gone"]));
    let sink = serde_json::json!({
        "kind": "sink", "taken": 0, "recovered": 0, "emitted": 0, "acked": 0, "failed": 0, "replayed": 0, "dropped": 0,
        "rejected": 0, "errors": 0, "lost": 0, "broken": 0, "broken_bytes": 0, "broken_events": 0, "stale": 0, "pending": 0, "pending_bytes": 0, "parked": 0,
        "connects": 0, "failed_connects": 0, "disconnects": 0, "breaker": "triggered", "triggered": 1,
        "room": 0, "room_bytes": 9, "round_trip": { "last_us": 2000, "smoothed_us": 1500 }, "sync": null
    });
    assert_eq!(json["instances"]["01"]["offramp.o"], sink);
    assert_eq!(json["instances"]["02"]["pipeline.p.log"]["parked"], 4);
    assert_eq!(json["instances"]["02"]["onramp.m"]["breaker"], "restored");
    let sync = serde_json::json!({ "count": 4, "total_us": 10_000, "last_us": 1000, "longest_us": 7000 });
    assert_eq!(json["instances"]["02"]["pipeline.p.log"]["sync"], sync);
    assert_eq!(json["instances"]["02"]["pipeline.p.log"]["room_bytes"], serde_json::Value::Null);
    // The order of the flow, not of the alphabet.
    let at = |part: &str| line.find(part).unwrap_or_else(|| panic!("no {part}"));
    assert!(at("\"02\":{") < at("\"01\":{") && at("onramp.m") < at("pipeline.p.log"));
}

#[test]
fn an_empty_run_is_json_too() {
    let line = Summary::new(&ONE_CLEAN, Duration::ZERO).to_json();
    let json: serde_json::Value = serde_json::from_str(&line).expect("it is JSON");
    assert_eq!(json["instances"], serde_json::json!({}));
}

#[test]
fn what_is_kept_on_disk_is_neither_undelivered_nor_a_reason_to_fail() {
    let mut summary = Summary::new(&ONE_CLEAN, Duration::ZERO);
    summary.add(Snapshot { nodes: Vec::new(), pending: 7, kept: 7, failure: None });
    assert_eq!((summary.undelivered, summary.kept, summary.is_clean()), (0, 7, true));
    summary.add(Snapshot { nodes: Vec::new(), pending: 3, kept: 2, failure: None });
    assert_eq!((summary.undelivered, summary.kept, summary.is_clean()), (1, 9, false));
}

#[test]
fn what_broke_on_disk_is_told_and_no_clean_end_if_an_event_may_be_lost_with_it() {
    let check = |broken_events: u64, text: &str| {
        let mut summary = Summary::new(&ONE_CLEAN, Duration::ZERO);
        let counts = Counts { broken: 1, broken_bytes: 102, broken_events, ..Counts::default() };
        let nodes = vec![node("pipeline.p.log", "01", NodeKind::Operator, counts)];
        summary.add(Snapshot { nodes, pending: 0, kept: 0, failure: None });
        assert_eq!((summary.broken_events, summary.is_clean()), (broken_events, broken_events == 0));
        assert!(summary.to_string().contains(text), "{summary}");
        let json: serde_json::Value = serde_json::from_str(&summary.to_json()).expect("it is JSON");
        assert_eq!(json["broken_events"], broken_events);
        let node = &json["instances"]["01"]["pipeline.p.log"];
        assert_eq!((&node["broken"], &node["broken_bytes"]), (&1.into(), &102.into()));
    };
    check(0, "0 lost\n");
    check(0, "broken 1, broken_bytes 102");
    check(2, "0 lost, at most 2 lost with what is broken on disk\n");
    check(2, "broken 1, broken_bytes 102, broken_events 2");
}

#[test]
fn a_node_that_nothing_came_to_says_so() {
    let mut summary = Summary::new(&ONE_CLEAN, Duration::ZERO);
    let node = node("pipeline.keep", "01", NodeKind::Source, Counts::default());
    summary.add(Snapshot { nodes: vec![node], pending: 0, kept: 0, failure: None });
    assert!(summary.to_string().ends_with("\n  pipeline.keep  no events\n"), "{summary}");
}

#[test]
fn text_shows_what_is_not_zero() {
    let text = summary().to_string();
    let expected = "\
Demo 1.2.3 ran 1.2 s: 6 undelivered, 4 kept on disk, 2 lost
instance 0\"3 died of a panic
failed: onramp.m: \"x\" is gone
instance 02
  onramp.m        taken 7, lost 1
  pipeline.p.log  parked 4, 4 syncs of 2.5 ms, at most 7.0 ms
  offramp.o       round trip 1.5 ms, breaker triggered (triggered 1 times)
";
    assert!(text.starts_with(expected), "{text}");
}
