//! What a run did, node by node: the numbers behind `--summary`.
//!
//! As JSON it is one line, an object with, in this order:
//!
//! | key | value |
//! |---|---|
//! | `flow`, `version` | the flow's name and its package's version |
//! | `ran_ms` | how long it ran |
//! | `undelivered` | events that were made and are neither acknowledged, nor kept, nor lost |
//! | `kept` | events that are safe on disk and not acknowledged: the next run goes on with them |
//! | `lost` | events that failed with nobody to replay them |
//! | `broken_events` | events that were lost with what was broken in the files of logs on disk when they were opened, at most |
//! | `panicked` | the instances that died of a panic; nothing is known of their nodes |
//! | `failures` | why instances could not go on, in words |
//! | `instances` | by name of the instance, by path of the node (as settings name it), the node's object |
//!
//! A node's object has `kind` (`source`, `operator`, `sink`); the totals `taken`, `recovered`, `emitted`, `acked`, `failed`, `replayed`,
//! `dropped`, `rejected`, `errors`, `lost`, `broken`, `broken_bytes`,
//! `broken_events`, `stale`; the levels `pending`, `pending_bytes`, `parked`; the totals `connects`,
//! `failed_connects`, `disconnects` (what each means is told at [`Counts`]); `breaker` (`triggered` or `restored`) and `triggered`, how often it was;
//! and what it measures (see [`Measures`]): `room` (events) and `room_bytes`, `round_trip` (`last_us`, `smoothed_us`), `sync` (`count`,
//! `total_us`, `last_us`, `longest_us`; `us` are microseconds). A node that does not have a number says 0, or `null` for what it does not measure, or not
//! yet; the text form leaves it out, and room too. The numbers that a node has:
//!
//! | node | numbers |
//! |---|---|
//! | source (`onramp.m`) | `taken`: made; of these `emitted`: found room on every way, `acked`, `lost`: how they ended, `pending`: not over; `rejected`: larger than `max_event_bytes`, or lines that make no event; `stale` |
//! | pipeline (`pipeline.p`, its selects as one) | `taken`, `emitted`: by its ports; `dropped`: by a `where`; `errors` |
//! | log (`pipeline.p.log`) | `taken`: stored, in it or (`parked`) in front of it; `recovered`: found on disk at the start; `broken`, `broken_bytes`, `broken_events`: what was broken there, and lost with it; `emitted`: handed on, of these `replayed`: again; `failed`: deliveries; `acked`: gone for good; `pending`, `pending_bytes`: kept; `parked`: waiting in front of it; `stale` |
//! | round robin (`pipeline.p.share`) | `taken`, `emitted`: shared out |
//! | sink (`offramp.o`) | `taken`: given to the peer; of these `acked`, `failed`, `rejected`: how they ended, `pending`, `pending_bytes`: without an answer; with a connection `connects`, `failed_connects`, `disconnects`, `stale` |

use std::fmt::{self, Write};
use std::time::Duration;

use crate::core::{Counts, Measures, NodeKind};
use crate::driver::{NodeState, Snapshot};
use crate::program::Program;

/// What a run did, or did until now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The flow's name.
    pub flow: String,
    /// The version of its package.
    pub version: String,
    /// How long it ran.
    pub ran: Duration,
    /// Events that were made and are neither acknowledged, nor kept, nor lost.
    pub undelivered: u64,
    /// Events that are safe on disk and not acknowledged: the next run goes on with them.
    pub kept: u64,
    /// Events that failed with nobody to replay them.
    pub lost: u64,
    /// Events that logs on disk had taken, and that were lost with what was broken in their files when they were opened. It is what the
    /// files allow for at most; 0 says that nothing is lost.
    pub broken_events: u64,
    /// The instances that died of a panic; nothing is known of their nodes.
    pub panicked: Vec<String>,
    /// Why instances could not go on, in words that name the node.
    pub failures: Vec<String>,
    /// Every node, in the order of the flow.
    pub nodes: Vec<NodeSummary>,
}

/// What one node did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeSummary {
    /// As settings name it: `pipeline.roundrobin.in_memory_wal`.
    pub path: String,
    /// The instance it belongs to.
    pub instance: String,
    /// What it is.
    pub kind: NodeKind,
    /// Its numbers.
    pub counts: Counts,
    /// What it measures; when the run has ended, there is no room in what is closed.
    pub measures: Measures,
    /// Whether its circuit breaker is triggered.
    pub triggered: bool,
    /// How often it was.
    pub times_triggered: u64,
}

impl Summary {
    pub(super) fn new(program: &Program, ran: Duration) -> Summary {
        Summary {
            flow: program.name.to_owned(),
            version: program.version.to_owned(),
            ran,
            undelivered: 0,
            kept: 0,
            lost: 0,
            broken_events: 0,
            panicked: Vec::new(),
            failures: Vec::new(),
            nodes: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, snapshot: Snapshot) {
        self.undelivered += snapshot.pending.saturating_sub(snapshot.kept);
        self.kept += snapshot.kept;
        self.failures.extend(snapshot.failure);
        for node in snapshot.nodes {
            // Each loss is counted by one node: by whom it was that could not replay.
            self.lost += node.counts.lost;
            self.broken_events += node.counts.broken_events;
            self.nodes.push(NodeSummary::from(node));
        }
    }

    /// Nothing stayed undelivered, nothing was lost, nor can have been with what was broken on disk, no instance failed or died. What
    /// is kept on disk is no matter.
    ///
    /// It is `true` also where events failed in a query, were too large or no JSON, or were rejected by a peer: these are done with,
    /// whether an `err` took them or, with nothing linked there, nobody. `errors` and `rejected` of the [nodes](Summary::nodes) count them.
    pub fn is_clean(&self) -> bool {
        let is_all_there = self.undelivered == 0 && self.lost == 0 && self.broken_events == 0;
        is_all_there && self.panicked.is_empty() && self.failures.is_empty()
    }

    /// The numbers of a node: `node("01", "offramp.ws0")`.
    pub fn node(&self, instance: &str, path: &str) -> Option<&NodeSummary> {
        self.nodes.iter().find(|node| node.instance == instance && node.path == path)
    }

    /// One line of JSON, without a line feed; the format is this module's.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        write!(out, "{{\"flow\":{},\"version\":{}", quoted(&self.flow), quoted(&self.version))
            .expect("a string takes everything");
        let list = |texts: &[String]| {
            let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
            texts.join(",")
        };
        write!(
            out,
            ",\"ran_ms\":{},\"undelivered\":{},\"kept\":{},\"lost\":{},\"broken_events\":{},\"panicked\":[{}],\"failures\":[{}],\"instances\":{{",
            self.ran.as_millis(),
            self.undelivered,
            self.kept,
            self.lost,
            self.broken_events,
            list(&self.panicked),
            list(&self.failures)
        )
        .expect("a string takes everything");
        let instances = self.instances().into_iter().map(|(instance, nodes)| {
            let nodes: Vec<String> = nodes.into_iter().map(NodeSummary::to_json).collect();
            format!("{}:{{{}}}", quoted(instance), nodes.join(","))
        });
        out.push_str(&instances.collect::<Vec<_>>().join(","));
        out.push_str("}}");
        out
    }

    /// Nodes by instance, both in the order of the flow.
    fn instances(&self) -> Vec<(&str, Vec<&NodeSummary>)> {
        let mut instances: Vec<(&str, Vec<&NodeSummary>)> = Vec::new();
        for node in &self.nodes {
            match instances.iter_mut().find(|(instance, _)| *instance == node.instance) {
                Some((_, nodes)) => nodes.push(node),
                None => instances.push((&node.instance, vec![node])),
            }
        }
        instances
    }
}

/// For people: a line per node, with the numbers that are not zero.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Summary { flow, version, ran, undelivered, lost, .. } = self;
        write!(f, "{flow} {version} ran {:.1} s: {undelivered} undelivered", ran.as_secs_f64())?;
        if self.kept > 0 {
            write!(f, ", {} kept on disk", self.kept)?;
        }
        write!(f, ", {lost} lost")?;
        if self.broken_events > 0 {
            write!(f, ", at most {} lost with what is broken on disk", self.broken_events)?;
        }
        writeln!(f)?;
        for instance in &self.panicked {
            writeln!(f, "instance {instance} died of a panic")?;
        }
        for failure in &self.failures {
            writeln!(f, "failed: {failure}")?;
        }
        for (instance, nodes) in self.instances() {
            writeln!(f, "instance {instance}")?;
            let widest = nodes.iter().map(|node| node.path.len()).max().unwrap_or(0);
            for node in nodes {
                writeln!(f, "  {:widest$}  {}", node.path, node.in_words())?;
            }
        }
        Ok(())
    }
}

impl NodeSummary {
    fn to_json(&self) -> String {
        let mut out = format!("{}:{{\"kind\":\"{}\"", quoted(&self.path), kind(self.kind));
        for (name, count) in numbers(&self.counts) {
            write!(out, ",\"{name}\":{count}").expect("a string takes everything");
        }
        let (breaker, times) = (self.breaker(), self.times_triggered);
        write!(out, ",\"breaker\":\"{breaker}\",\"triggered\":{times}").expect("a string takes everything");
        write!(out, ",{}}}", measured(&self.measures)).expect("a string takes everything");
        out
    }

    fn in_words(&self) -> String {
        let numbers = numbers(&self.counts).into_iter().filter(|(_, count)| *count > 0);
        let mut words: Vec<String> = numbers.map(|(name, count)| format!("{name} {count}")).collect();
        if let Some(trip) = self.measures.round_trip {
            words.push(format!("round trip {:.1} ms", in_ms(trip.smoothed)));
        }
        if let Some(syncs) = self.measures.syncs.filter(|syncs| syncs.count > 0) {
            let mean = in_ms(syncs.total) / syncs.count as f64;
            words.push(format!(
                "{} syncs of {mean:.1} ms, at most {:.1} ms",
                syncs.count,
                in_ms(syncs.longest)
            ));
        }
        if self.times_triggered > 0 {
            words.push(format!("breaker {} (triggered {} times)", self.breaker(), self.times_triggered));
        }
        if words.is_empty() { "no events".to_owned() } else { words.join(", ") }
    }

    fn breaker(&self) -> &'static str {
        if self.triggered { "triggered" } else { "restored" }
    }
}

impl From<NodeState> for NodeSummary {
    fn from(node: NodeState) -> NodeSummary {
        let NodeState { path, instance, kind, counts, measures, triggered, times_triggered } = node;
        NodeSummary { path, instance, kind, counts, measures, triggered, times_triggered }
    }
}

pub(super) fn kind(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Source => "source",
        NodeKind::Operator => "operator",
        NodeKind::Sink => "sink",
    }
}

/// All numbers with their names; a new one is a compile error here.
pub(super) fn numbers(counts: &Counts) -> [(&'static str, u64); 20] {
    let &Counts {
        taken,
        recovered,
        emitted,
        acked,
        failed,
        replayed,
        dropped,
        rejected,
        errors,
        lost,
        broken,
        broken_bytes,
        broken_events,
        stale,
        pending,
        pending_bytes,
        parked,
        connects,
        failed_connects,
        disconnects,
    } = counts;
    [
        ("taken", taken),
        ("recovered", recovered),
        ("emitted", emitted),
        ("acked", acked),
        ("failed", failed),
        ("replayed", replayed),
        ("dropped", dropped),
        ("rejected", rejected),
        ("errors", errors),
        ("lost", lost),
        ("broken", broken),
        ("broken_bytes", broken_bytes),
        ("broken_events", broken_events),
        ("stale", stale),
        ("pending", pending),
        ("pending_bytes", pending_bytes),
        ("parked", parked),
        ("connects", connects),
        ("failed_connects", failed_connects),
        ("disconnects", disconnects),
    ]
}

/// What a node measures, as members of its object.
fn measured(measures: &Measures) -> String {
    let &Measures { room, room_bytes, round_trip, syncs } = measures;
    let number = |number: Option<u64>| number.map_or("null".to_owned(), |number| number.to_string());
    let round_trip = round_trip.map_or("null".to_owned(), |trip| {
        let (last, smoothed) = (trip.last.as_micros(), trip.smoothed.as_micros());
        format!("{{\"last_us\":{last},\"smoothed_us\":{smoothed}}}")
    });
    let sync = syncs.map_or("null".to_owned(), |syncs| {
        let (count, total, last) = (syncs.count, syncs.total.as_micros(), syncs.last.as_micros());
        let longest = syncs.longest.as_micros();
        format!("{{\"count\":{count},\"total_us\":{total},\"last_us\":{last},\"longest_us\":{longest}}}")
    });
    let (room, room_bytes) = (number(room), number(room_bytes));
    format!("\"room\":{room},\"room_bytes\":{room_bytes},\"round_trip\":{round_trip},\"sync\":{sync}")
}

fn in_ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
