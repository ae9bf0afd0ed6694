//! What an observer sees of a machine: a circuit breaker per node, and log lines about what goes wrong.
//!
//! A breaker decides nothing. It is *triggered* after a time without room and *restored* with room; a node that took
//! an event since the last look had room, whatever it says now. It is looked at between steps: at the end of each
//! burst of steps, so at least whenever the driver waits.

use tracing::{info, warn};

use crate::core::{Counts, Machine, NodeKind, NodeReport, Time};
use crate::driver::limit::LineLimit;

/// One node as the observer knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NodeState {
    pub(crate) path: String,
    pub(crate) instance: String,
    pub(crate) kind: NodeKind,
    pub(crate) counts: Counts,
    /// Whether the breaker is triggered now.
    pub(crate) triggered: bool,
    /// How often it was.
    pub(crate) times_triggered: u64,
}

/// The breakers of one machine.
#[derive(Debug)]
pub(super) struct Observer {
    breaker_after_ms: u64,
    nodes: Vec<Observed>,
}

#[derive(Debug)]
struct Observed {
    state: NodeState,
    without_room_since: Option<Time>,
    breaker_lines: LineLimit,
    /// What the log was told of the counts, and when it may be told more.
    logged: Counts,
    next_line: Time,
}

/// A node's troubles are told at most this often, with the sums since.
const TROUBLE_EVERY_MS: u64 = 1000;

impl Observer {
    pub(super) fn new(breaker_after_ms: u64) -> Observer {
        Observer { breaker_after_ms, nodes: Vec::new() }
    }

    /// Looks at every node.
    pub(super) fn observe(&mut self, machine: &dyn Machine, now: Time) {
        let breaker_after_ms = self.breaker_after_ms;
        let nodes = &mut self.nodes;
        let mut index = 0;
        machine.report(&mut |report| {
            if index == nodes.len() {
                nodes.push(Observed::new(&report, now));
            }
            nodes[index].see(&report, now, breaker_after_ms);
            index += 1;
        });
    }

    /// When a breaker will be triggered if nothing happens before.
    pub(super) fn deadline(&self) -> Option<Time> {
        let waiting = self.nodes.iter().filter(|node| !node.state.triggered);
        waiting.filter_map(|node| node.without_room_since).min().map(|at| at.plus_ms(self.breaker_after_ms))
    }

    /// What is known of every node: the counts of now, the breakers of the last look.
    pub(super) fn snapshot(&self, machine: &dyn Machine) -> Vec<NodeState> {
        let mut nodes = Vec::new();
        machine.report(&mut |report| {
            let known = self.nodes.get(nodes.len()).map(|node| node.state.clone());
            let state = known.unwrap_or_else(|| NodeState::new(&report));
            nodes.push(NodeState { counts: report.counts, ..state });
        });
        nodes
    }
}

impl NodeState {
    fn new(report: &NodeReport<'_>) -> NodeState {
        NodeState {
            path: report.path.to_owned(),
            instance: report.instance.to_owned(),
            kind: report.kind,
            counts: Counts::default(),
            triggered: false,
            times_triggered: 0,
        }
    }
}

impl Observed {
    fn new(report: &NodeReport<'_>, now: Time) -> Observed {
        Observed {
            state: NodeState::new(report),
            without_room_since: None,
            breaker_lines: LineLimit::new(),
            logged: Counts::default(),
            next_line: now,
        }
    }

    fn see(&mut self, report: &NodeReport<'_>, now: Time, breaker_after_ms: u64) {
        let had_room = report.has_room || report.counts.taken != self.state.counts.taken;
        self.state.counts = report.counts;
        if had_room {
            self.without_room_since = None;
            if self.state.triggered {
                self.state.triggered = false;
                self.say_breaker(now);
            }
        }
        if !report.has_room && !self.state.triggered {
            let since = *self.without_room_since.get_or_insert(now);
            if since.plus_ms(breaker_after_ms) <= now {
                self.state.triggered = true;
                self.state.times_triggered += 1;
                self.say_breaker(now);
            }
        }
        self.say_troubles(now);
    }

    fn say_breaker(&mut self, now: Time) {
        let Some(suppressed) = self.breaker_lines.allow(now) else { return };
        let NodeState { path, instance, counts, .. } = &self.state;
        let pending = counts.pending;
        if self.state.triggered {
            warn!(node = path, instance, pending, suppressed, "circuit breaker triggered: no room");
        } else {
            info!(node = path, instance, pending, suppressed, "circuit breaker restored");
        }
    }

    fn say_troubles(&mut self, now: Time) {
        let (seen, logged) = (&self.state.counts, &self.logged);
        let bad =
            (seen.rejected - logged.rejected) + (seen.errors - logged.errors) + (seen.lost - logged.lost);
        let worth_knowing = (seen.failed - logged.failed) + (seen.replayed - logged.replayed);
        if bad + worth_knowing == 0 || now < self.next_line {
            return;
        }
        let NodeState { path, instance, .. } = &self.state;
        let (failed, replayed) = (seen.failed - logged.failed, seen.replayed - logged.replayed);
        let (rejected, errors) = (seen.rejected - logged.rejected, seen.errors - logged.errors);
        let lost = seen.lost - logged.lost;
        if bad > 0 {
            warn!(node = path, instance, rejected, errors, lost, failed, replayed, "events went wrong");
        } else {
            info!(node = path, instance, failed, replayed, "deliveries failed or were repeated");
        }
        self.logged = *seen;
        self.next_line = now.plus_ms(TROUBLE_EVERY_MS);
    }
}
