//! Warnings about what several definitions say that are right one by one, and hardly meant together. What is hardly meant in
//! one config alone is in `config.rs`.

use foreshock_spec::picture::{Said, SmallLog};
use foreshock_spec::{Given, KeyType, MAX_ELEMENTS, Value, is_same_url, same_server};

use super::delivery::is_whole;
use crate::check::facts::{Facts, Settings};
use crate::check::picture;
use crate::diagnostics::Diagnostics;
use crate::resolve::graph::{ArtefactRef, Graph, NodeKind};
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

/// A log has room for what the sinks behind it may hold: else some that do not answer hold the whole log, and the others get
/// nothing.
fn log_smaller_than_windows(graph: &Graph, facts: &Facts, diagnostics: &mut Diagnostics) {
    if !is_whole(graph) {
        return;
    }
    let in_force = facts.in_force(graph);
    let said = |definition: &str, key: &str| {
        let number = in_force.setting(definition, key).as_u64()?;
        let mut offramps = graph.offramps.iter();
        let sink = offramps.find(|it| definition.strip_prefix("offramp.") == Some(it.name.text.as_str()));
        Some(Said { number, is_written: sink.is_some_and(|sink| place(&sink.config, key).is_some()) })
    };
    for SmallLog { log, problem, .. } in picture::picture(graph).view(|view| view.small_logs(said)) {
        if let Some(pos) = place_of_limit(graph, &log) {
            let warning = diagnostics.report(problem.rule, pos, problem.text);
            warning.help(problem.help.unwrap_or_default());
        }
    }
}

/// Where the log that settings name so says how many events it keeps.
fn place_of_limit(graph: &Graph, log: &str) -> Option<Pos> {
    let nodes = graph.pipelines.iter().flat_map(|it| it.nodes.iter().map(move |node| (&it.name, node)));
    let mut configs = nodes.filter_map(|(pipeline, node)| match &node.kind {
        NodeKind::Operator { name, config, .. }
            if format!("pipeline.{}.{}", pipeline.text, name.text) == log =>
        {
            Some(config)
        }
        _ => None,
    });
    configs.next().and_then(|config| place(config, MAX_ELEMENTS))
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
