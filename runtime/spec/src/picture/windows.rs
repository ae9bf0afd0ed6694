//! Logs that keep fewer events than the windows of the sinks behind them hold: a sink that does not answer holds the events of its
//! window, and what a log has no room for reaches no other one.

use std::collections::{BTreeMap, BTreeSet};

use super::walk::{Place, Ways};
use super::{InstanceKind, NodeKind, Picture};
use crate::check::Problem;
use crate::row::{MAX_ELEMENTS, WINDOW};
use crate::rule::Rule;

/// What a key of a definition says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// The number.
    pub number: u64,
    /// The flow or an override says it; else the row.
    pub is_written: bool,
}

/// A log that is smaller than the windows behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmallLog {
    /// As settings name it: `pipeline.p.log`.
    pub log: String,
    /// The sinks, as settings name them: `offramp.ws0`.
    pub sinks: Vec<String>,
    /// What is wrong, and what to do.
    pub problem: Problem,
}

impl Picture<'_> {
    /// All logs that keep fewer events than the windows behind them hold, each once. `setting` gives a number of a definition, if
    /// it has one (`offramp.ws0`, `window_events`).
    ///
    /// One sink alone keeps nobody else waiting: its window counts only where it is written.
    pub fn small_logs(&self, setting: impl Fn(&str, &str) -> Option<Said>) -> Vec<SmallLog> {
        let ways = Ways::new(self);
        let mut found: BTreeMap<String, SmallLog> = BTreeMap::new();
        for (at, instance) in self.instances.iter().enumerate() {
            let InstanceKind::Pipeline(pipeline) = instance.kind else { continue };
            for (node, log) in self.pipelines[pipeline].nodes.iter().enumerate() {
                if log.kind != NodeKind::Log {
                    continue;
                }
                let path = format!("{}.{}", instance.definition(), log.name);
                let Some(limit) = setting(&path, MAX_ELEMENTS) else { continue };
                let sinks = self.sinks_behind(&ways, Place { instance: at, node: Some(node) });
                if let Some((sinks, problem)) = self.crowd(log.name, limit.number, &sinks, &setting) {
                    found.entry(path.clone()).or_insert(SmallLog { log: path, sinks, problem });
                }
            }
        }
        found.into_values().collect()
    }

    /// The sinks whose windows are too much for a log, and what to say of that.
    fn crowd(
        &self,
        log: &str,
        limit: u64,
        sinks: &BTreeSet<usize>,
        setting: impl Fn(&str, &str) -> Option<Said>,
    ) -> Option<(Vec<String>, Problem)> {
        let windows = sinks.iter().filter_map(|at| {
            let sink = &self.instances[*at];
            Some((sink, setting(&sink.definition(), WINDOW)?))
        });
        let windows: Vec<_> = windows.collect();
        let held = windows.iter().fold(0_u64, |sum, (_, window)| sum.saturating_add(window.number));
        let counts = windows.len() > 1 || windows.iter().any(|(_, window)| window.is_written);
        if held <= limit || !counts {
            return None;
        }
        // an offramp has a window for each of its instances
        let mut shown: Vec<(&str, u64, usize)> = Vec::new();
        for (sink, window) in &windows {
            match shown.iter_mut().find(|(name, ..)| *name == sink.name) {
                Some((.., times)) => *times += 1,
                None => shown.push((sink.name, window.number, 1)),
            }
        }
        let shown = shown.into_iter().map(|(name, window, times)| match times {
            1 => format!("`{name}` {window}"),
            _ => format!("`{name}` {times} times {window}"),
        });
        let text = format!(
            "`{log}` keeps {limit} events at most, and the windows of the sinks behind it hold {held}: {}",
            shown.collect::<Vec<String>>().join(", ")
        );
        let help = format!(
            "sinks that do not answer can hold the whole log: write a greater `{MAX_ELEMENTS}`, or a smaller `{WINDOW}`"
        );
        let definitions = windows.iter().map(|(sink, _)| sink.definition()).collect();
        Some((definitions, Problem::new(Rule::log_smaller_than_windows, text, help)))
    }

    /// The sinks that events come to from a log, without another one between.
    fn sinks_behind(&self, ways: &Ways<'_, '_>, log: Place) -> BTreeSet<usize> {
        let mut sinks = BTreeSet::new();
        let mut known = BTreeSet::from([log]);
        let mut waiting = vec![log];
        while let Some(at) = waiting.pop() {
            // what fails does not wait for a sink beside those that take the rest
            for step in ways.steps(at).into_iter().filter(|step| !step.failed) {
                let instance = &self.instances[step.to.instance];
                let is_log = step.to.node.is_some_and(|node| {
                    self.pipeline(step.to.instance).is_some_and(|it| it.nodes[node].kind == NodeKind::Log)
                });
                match instance.kind {
                    InstanceKind::Offramp { .. } => drop(sinks.insert(step.to.instance)),
                    _ if is_log || !known.insert(step.to) => {}
                    _ => waiting.push(step.to),
                }
            }
        }
        sinks
    }
}
