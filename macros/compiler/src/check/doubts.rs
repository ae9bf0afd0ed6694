//! Warnings about what several definitions say that are right one by one, and hardly meant together. What is hardly meant in
//! one config alone is in `config.rs`.

use std::collections::BTreeSet;

use foreshock_spec::{
    Given, KeyRow, KeyType, Literal, MAX_ELEMENTS, OperatorRole, Value, WINDOW, is_same_url, same_server,
};

use crate::check::facts::{Facts, Settings};
use crate::diagnostics::{Diagnostics, Rule};
use crate::resolve::graph::{ArtefactRef, Graph, InstanceId, NodeId, NodeKind};
use crate::syntax::Pos;
use crate::syntax::ast::Config;

/// All rules of this file.
pub(super) fn check_doubts(graph: &Graph, facts: &Facts, diagnostics: &mut Diagnostics) {
    same_url(graph, facts, diagnostics);
    log_smaller_than_windows(graph, facts, diagnostics);
}

/// Two offramps do not lead to one server.
fn same_url(graph: &Graph, facts: &Facts, diagnostics: &mut Diagnostics) {
    let mut earlier: Vec<(&str, &str, Pos)> = Vec::new();
    for (at, (offramp, settings)) in graph.offramps.iter().zip(&facts.offramps).enumerate() {
        let is_used = graph.wires.iter().any(|wire| wire.to == ArtefactRef::Offramp(at));
        let key = offramp.row.keys.iter().find(|key| matches!(key.ty, KeyType::Url(_)));
        let Some(key) = key.filter(|_| is_used) else { continue };
        let (Some(url), Some(pos)) = (text(settings, key.name), place(&offramp.config, key.name)) else {
            continue;
        };
        let name = &offramp.name.text;
        if let Some((first, _, place)) = earlier.iter().find(|(_, other, _)| is_same_url(other, url)) {
            let problem = same_server(key.name, &format!("offramp.{first}"));
            let warning = diagnostics.report(problem.rule, pos, problem.text);
            warning.help(problem.help.unwrap_or_default()).note_at(*place, format!("`{first}` has it"));
        } else {
            earlier.push((name, url, pos));
        }
    }
}

/// A log has room for what the sinks behind it may hold: else one that does not answer holds the whole log, and the others get
/// nothing. Windows that nobody has written count where one of them alone is enough for that.
fn log_smaller_than_windows(graph: &Graph, facts: &Facts, diagnostics: &mut Diagnostics) {
    for (at, (pipeline, facts_here)) in graph.pipelines.iter().zip(&facts.pipelines).enumerate() {
        for (node, settings) in facts_here.settings.iter().enumerate() {
            let NodeKind::Operator { name, row, config, .. } = &pipeline.nodes[node].kind else { continue };
            let limit = number(settings, MAX_ELEMENTS).filter(|_| row.role == OperatorRole::Log);
            let (Some(limit), Some(pos)) = (limit, place(config, MAX_ELEMENTS)) else { continue };
            let instances = graph.deployment.instances.iter().enumerate();
            let mut here = instances.filter(|(_, instance)| instance.artefact == ArtefactRef::Pipeline(at));
            let held = here.find_map(|(instance, _)| {
                let sinks = sinks_behind(graph, InstanceId(instance), NodeId(node));
                held_by(graph, facts, &sinks, limit)
            });
            let Some((held, sinks)) = held else { continue };
            let text = format!(
                "`{}` keeps {limit} events at most, and the windows of the sinks behind it hold {held}: {sinks}",
                name.text
            );
            let warning = diagnostics.report(Rule::log_smaller_than_windows, pos, text);
            warning.help(format!(
                "a sink that does not answer can hold the whole log: write a greater `{MAX_ELEMENTS}`, or a smaller \
                 `{WINDOW}`"
            ));
        }
    }
}

/// How many events these sinks hold, and their names, if that is too much for a log of so many events.
fn held_by(graph: &Graph, facts: &Facts, sinks: &BTreeSet<usize>, limit: u64) -> Option<(u64, String)> {
    let windows = sinks.iter().filter_map(|at| {
        let offramp = &graph.offramps[*at];
        let key: &KeyRow = offramp.row.keys.iter().find(|key| key.name == WINDOW)?;
        let written = number(&facts.offramps[*at], WINDOW);
        let default =
            if let Literal::Int(default) = key.default { u64::try_from(default).ok() } else { None };
        Some((&offramp.name.text, written.or(default)?, written.is_some()))
    });
    let windows: Vec<(&String, u64, bool)> = windows.collect();
    let all = windows.iter().fold(0_u64, |sum, (_, window, _)| sum.saturating_add(*window));
    let is_written = windows.iter().any(|(.., is_written)| *is_written);
    let can_starve = windows.len() > 1 && windows.iter().any(|(_, window, _)| *window > limit);
    let names: Vec<String> = windows.iter().map(|(name, window, _)| format!("`{name}` {window}")).collect();
    (all > limit && (is_written || can_starve)).then(|| (all, names.join(", ")))
}

/// The offramps that events come to from a log, without another one between.
fn sinks_behind(graph: &Graph, instance: InstanceId, log: NodeId) -> BTreeSet<usize> {
    let mut sinks = BTreeSet::new();
    let mut known = BTreeSet::from([(instance, log)]);
    let mut waiting = vec![(instance, log)];
    while let Some((instance, node)) = waiting.pop() {
        let ArtefactRef::Pipeline(at) = graph.deployment.instances[instance.0].artefact else { continue };
        let pipeline = &graph.pipelines[at];
        let mut next: Vec<(InstanceId, NodeId)> = Vec::new();
        for edge in pipeline.edges.iter().filter(|edge| edge.from == node) {
            match &pipeline.nodes[edge.to.0].kind {
                NodeKind::Operator { row, .. } if row.role == OperatorRole::Log => {}
                NodeKind::Output { port } => {
                    let links = graph.deployment.links.iter();
                    for link in links.filter(|link| link.from == instance && link.from_port == *port) {
                        match graph.deployment.instances[link.to.0].artefact {
                            ArtefactRef::Offramp(sink) => {
                                sinks.insert(sink);
                            }
                            ArtefactRef::Pipeline(to) => {
                                let input = graph.pipelines[to].input(&link.to_port);
                                next.extend(input.map(|input| (link.to, input)));
                            }
                            _ => {}
                        }
                    }
                }
                _ => next.push((instance, edge.to)),
            }
        }
        waiting.extend(next.into_iter().filter(|step| known.insert(*step)));
    }
    sinks
}

fn place(config: &Config, key: &str) -> Option<Pos> {
    config.entries.iter().find(|entry| entry.key.text == key).map(|entry| entry.value.pos)
}

fn text<'a>(settings: &'a Settings, key: &str) -> Option<&'a str> {
    match settings.iter().find(|(name, _)| name == key) {
        Some((_, Given::Value(Value::String(text)))) => Some(text),
        _ => None,
    }
}

fn number(settings: &Settings, key: &str) -> Option<u64> {
    match settings.iter().find(|(name, _)| name == key) {
        Some((_, Given::Value(Value::Int(number)))) => u64::try_from(*number).ok(),
        _ => None,
    }
}
