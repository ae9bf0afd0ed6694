//! The families of metrics: name, type, unit, meaning, and where the number comes from. How they are written is not here.

use std::time::Duration;

use super::Seen;
use crate::core::{RoundTrip, Syncs};
use crate::driver::NodeState;
use crate::program::Program;
use crate::program::summary::{kind, numbers};

/// How a number behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// Only grows, from 0 when the flow starts.
    Counter,
    /// Goes up and down.
    Gauge,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Count,
    Bytes,
    Seconds,
}

/// One family.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) name: &'static str,
    pub(super) ty: Type,
    #[cfg_attr(not(feature = "metrics"), expect(dead_code, reason = "a page has units in names"))]
    pub(super) unit: Unit,
    /// One sentence without a period.
    pub(super) help: &'static str,
}

/// One number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Whole(u64),
    Time(Duration),
}

/// Names of labels with their values.
pub(super) type Labels<'a> = [(&'static str, &'a str)];

const fn counter(name: &'static str, help: &'static str) -> Family {
    Family { name, ty: Type::Counter, unit: Unit::Count, help }
}

const fn gauge(name: &'static str, help: &'static str) -> Family {
    Family { name, ty: Type::Gauge, unit: Unit::Count, help }
}

const fn bytes(name: &'static str, help: &'static str) -> Family {
    Family { name, ty: Type::Gauge, unit: Unit::Bytes, help }
}

const fn seconds(name: &'static str, ty: Type, help: &'static str) -> Family {
    Family { name, ty, unit: Unit::Seconds, help }
}

/// A family with where its number is found; `None`: this one has none.
pub(super) type OfInstance = (Family, fn(&Seen<'_>) -> Option<Number>);
/// The same of nodes.
pub(super) type OfNode = (Family, fn(&NodeState) -> Option<Number>);

/// With the labels `flow` and `version`.
pub(super) static BUILD: Family =
    gauge("foreshock_build_info", "always 1; its labels tell which flow runs, of which version");

/// With the labels `flow` and `instance`.
pub(super) static OF_INSTANCES: [OfInstance; 3] = [
    (
        gauge("foreshock_instance_up", "1 while the instance answers, 0 if it has ended, died or hangs"),
        |seen| whole(u64::from(seen.is_up)),
    ),
    (
        gauge(
            "foreshock_instance_pending_events",
            "events that were made and are neither acknowledged nor lost, and those that are kept on disk",
        ),
        |seen| whole(seen.snapshot?.pending),
    ),
    (
        gauge(
            "foreshock_instance_kept_events",
            "of the pending events those that are safe on disk: the next run goes on with them",
        ),
        |seen| whole(seen.snapshot?.kept),
    ),
];

/// The counts of nodes, in the order of [`numbers`].
pub(super) static COUNTS: [Family; 20] = [
    counter("foreshock_taken_events_total", "events that came in; of a source: were made"),
    counter(
        "foreshock_recovered_events_total",
        "events that were found on disk at the start and not acknowledged there; not among the taken ones",
    ),
    counter(
        "foreshock_emitted_events_total",
        "events that went out; of a log: first deliveries and replays alike",
    ),
    counter("foreshock_acked_events_total", "events that a peer, or what lies downstream, has confirmed"),
    counter("foreshock_failed_deliveries_total", "deliveries that failed"),
    counter("foreshock_replayed_deliveries_total", "deliveries that were repeats"),
    counter(
        "foreshock_dropped_events_total",
        "events that a `where` removed, or that went to a port that nobody linked",
    ),
    counter(
        "foreshock_rejected_events_total",
        "events that a peer rejected or that cannot be sent; of a source: too long, or no event",
    ),
    counter("foreshock_errors_total", "expressions that failed"),
    counter("foreshock_lost_events_total", "events that failed with nobody to replay them"),
    counter(
        "foreshock_broken_parts_total",
        "places in the files of a log on disk that were broken when it was opened",
    ),
    Family {
        name: "foreshock_broken_bytes_total",
        ty: Type::Counter,
        unit: Unit::Bytes,
        help: "how many bytes these are",
    },
    counter(
        "foreshock_broken_events_total",
        "events that were lost with what was broken there, at most; 0 if nothing is lost",
    ),
    counter("foreshock_stale_answers_total", "answers to deliveries that were over already"),
    gauge("foreshock_pending_events", "events without an answer; of a log: kept"),
    bytes("foreshock_pending_bytes", "encoded payload of the pending events"),
    gauge("foreshock_parked_events", "results that wait in front of a full log"),
    counter("foreshock_connects_total", "connections that were made"),
    counter("foreshock_failed_connects_total", "attempts to connect that failed, the handshake included"),
    counter("foreshock_disconnects_total", "connections that ended"),
];

/// What else nodes have.
pub(super) static OF_NODES: [OfNode; 10] = [
    (gauge("foreshock_breaker_triggered", "1 while the circuit breaker is triggered, else 0"), |node| {
        whole(u64::from(node.triggered))
    }),
    (counter("foreshock_breaker_triggers_total", "how often the circuit breaker was triggered"), |node| {
        whole(node.times_triggered)
    }),
    (
        gauge(
            "foreshock_room_events",
            "free places of a log or a send window, 0 while it takes nothing; logs and sinks with a limit",
        ),
        |node| whole(node.measures.room?),
    ),
    (
        bytes(
            "foreshock_room_bytes",
            "the same in bytes of payload, of a log on disk in bytes of its files; where bytes are limited",
        ),
        |node| whole(node.measures.room_bytes?),
    ),
    (
        seconds(
            "foreshock_round_trip_seconds",
            Type::Gauge,
            "from the last ping that was answered to its pong; websockets, once there was one",
        ),
        |node| time(node.measures.round_trip?, |trip: RoundTrip| trip.last),
    ),
    (
        seconds(
            "foreshock_smoothed_round_trip_seconds",
            Type::Gauge,
            "the same over all pongs of the connection, the last ones weighing most (RFC 6298)",
        ),
        |node| time(node.measures.round_trip?, |trip: RoundTrip| trip.smoothed),
    ),
    (
        counter(
            "foreshock_syncs_total",
            "how often events were made safe on disk, as many together as came; logs on disk",
        ),
        |node| whole(node.measures.syncs?.count),
    ),
    (
        seconds(
            "foreshock_sync_seconds_total",
            Type::Counter,
            "how long these syncs took together, writing included",
        ),
        |node| time(node.measures.syncs?, |syncs: Syncs| syncs.total),
    ),
    (seconds("foreshock_last_sync_seconds", Type::Gauge, "how long the last of them took"), |node| {
        time(node.measures.syncs?, |syncs: Syncs| syncs.last)
    }),
    (seconds("foreshock_longest_sync_seconds", Type::Gauge, "how long the longest of them took"), |node| {
        time(node.measures.syncs?, |syncs: Syncs| syncs.longest)
    }),
];

#[expect(clippy::unnecessary_wraps, reason = "it ends functions that may give nothing")]
fn whole(number: u64) -> Option<Number> {
    Some(Number::Whole(number))
}

fn time<T>(of: T, which: fn(T) -> Duration) -> Option<Number> {
    Some(Number::Time(which(of)))
}

/// All families with the names of their labels.
#[cfg(any(test, feature = "metrics"))]
pub(super) fn all() -> impl Iterator<Item = (&'static Family, &'static str)> {
    let of_instances = OF_INSTANCES.iter().map(|(family, _)| (family, "`flow`, `instance`"));
    let of_nodes = COUNTS.iter().chain(OF_NODES.iter().map(|(family, _)| family));
    let of_nodes = of_nodes.map(|family| (family, "`flow`, `instance`, `node`, `kind`"));
    [(&BUILD, "`flow`, `version`")].into_iter().chain(of_instances).chain(of_nodes)
}

/// All numbers of a flow, family by family.
pub(super) fn visit(
    program: &Program,
    instances: &[Seen<'_>],
    visit: &mut dyn FnMut(&'static Family, &Labels<'_>, Number),
) {
    let flow = ("flow", program.name);
    visit(&BUILD, &[flow, ("version", program.version)], Number::Whole(1));
    for (family, number) in &OF_INSTANCES {
        for seen in instances {
            let labels = [flow, ("instance", seen.instance)];
            number(seen).into_iter().for_each(|number| visit(family, &labels, number));
        }
    }
    let nodes: Vec<(&NodeState, [(&'static str, u64); 20])> = instances
        .iter()
        .filter_map(|seen| seen.snapshot)
        .flat_map(|snapshot| &snapshot.nodes)
        .map(|node| (node, numbers(&node.counts)))
        .collect();
    for (at, family) in COUNTS.iter().enumerate() {
        for (node, numbers) in &nodes {
            visit(family, &labels_of(program, node), Number::Whole(numbers[at].1));
        }
    }
    for (family, number) in &OF_NODES {
        for (node, _) in &nodes {
            number(node).into_iter().for_each(|number| visit(family, &labels_of(program, node), number));
        }
    }
}

fn labels_of<'a>(program: &'a Program, node: &'a NodeState) -> [(&'static str, &'a str); 4] {
    let (instance, path) = (&*node.instance, &*node.path);
    [("flow", program.name), ("instance", instance), ("node", path), ("kind", kind(node.kind))]
}
