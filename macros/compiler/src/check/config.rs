//! Rules on configs: values are constants, and fit the registry's row.

use foreshock_spec::{KeyRow, OneOf, Problem, Value, check_config};

use crate::check::consts::Values;
use crate::check::expr::{Names, Scope, constant, type_expr};
use crate::check::facts::{Facts, Settings};
use crate::diagnostics::Diagnostics;
use crate::resolve::graph::{Graph, NodeKind};
use crate::syntax::Pos;
use crate::syntax::ast::{Config, ConfigEntry, ExprKind};

/// What a config is checked against.
struct Row {
    keys: &'static [KeyRow],
    one_of: OneOf<'static>,
}

/// Every config of the flow, those of definitions that nothing uses too.
pub(super) fn check_configs(
    graph: &Graph,
    consts: &[Values],
    facts: &mut Facts,
    diagnostics: &mut Diagnostics,
) {
    for onramp in &graph.onramps {
        let row = Row { keys: onramp.row.keys, one_of: &[] };
        let names = |_| Names::default();
        facts.onramps.push(check_one(&onramp.config, &row, onramp.name.pos, names, diagnostics));
    }
    for offramp in &graph.offramps {
        let row = Row { keys: offramp.row.keys, one_of: &[] };
        let names = |_| Names::default();
        facts.offramps.push(check_one(&offramp.config, &row, offramp.name.pos, names, diagnostics));
    }
    for ((pipeline, facts), consts) in graph.pipelines.iter().zip(&mut facts.pipelines).zip(consts) {
        for (node, settings) in pipeline.nodes.iter().zip(&mut facts.settings) {
            if let NodeKind::Operator { row, definition, config, scopes, .. } = &node.kind {
                let row = Row { keys: row.keys, one_of: row.one_of };
                let names = |entry: usize| Names::new(pipeline, consts, scopes[entry]);
                *settings = check_one(config, &row, *definition, names, diagnostics);
            }
        }
        for unused in &pipeline.unused {
            let row = Row { keys: unused.row.keys, one_of: unused.row.one_of };
            let names = |_| Names::new(pipeline, consts, unused.scope);
            check_one(&unused.config, &row, unused.name.pos, names, diagnostics);
        }
    }
}

/// Checks one config; `definition` is where what is missing is missing, `names` what each entry can see.
fn check_one<'a>(
    config: &Config,
    row: &Row,
    definition: Pos,
    names: impl Fn(usize) -> Names<'a>,
    diagnostics: &mut Diagnostics,
) -> Settings {
    let mut settings = Settings::new();
    let mut places = Vec::new();
    let mut has_broken_value = config.is_broken;
    for (at, entry) in config.entries.iter().enumerate() {
        match config_value_is_constant(entry, names(at), diagnostics) {
            Some(value) => {
                settings.push((entry.key.text.clone(), value));
                places.push(entry);
            }
            None => has_broken_value = true,
        }
    }
    for problem in check_config(row.keys, row.one_of, &settings) {
        // the key whose value is broken may be the one that seems to be missing
        if problem.key.is_none() && has_broken_value {
            continue;
        }
        let error = diagnostics.error(place(&problem, &places, row).unwrap_or(definition), problem.text);
        if let Some(help) = problem.help {
            error.help(help);
        }
        if let Some(first) = problem.also {
            error.note_at(places[first].key.pos, "it is also given");
        }
    }
    settings
}

/// A config value can be computed at compile time.
fn config_value_is_constant(
    entry: &ConfigEntry,
    names: Names<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    let before = diagnostics.len();
    let scope = Scope { event: None, holder: "a config holds constants only", names };
    let typed = type_expr(&entry.value, scope, diagnostics);
    let value = constant(&typed);
    if value.is_none() && diagnostics.len() == before && !names.has_wrong(&entry.value) {
        let text = format!("the value of `{}` must be a constant", entry.key.text);
        diagnostics.error(entry.value.pos, text);
    }
    value.cloned()
}

/// Where a problem with an entry is mended: at its key if the key should not be there, else at its value, or at the
/// item of the list that is its value.
fn place(problem: &Problem, entries: &[&ConfigEntry], row: &Row) -> Option<Pos> {
    let entry = entries[problem.key?];
    let is_known = row.keys.iter().any(|key| key.is_built() && key.name == entry.key.text);
    if !is_known || problem.also.is_some() {
        return Some(entry.key.pos);
    }
    match (&entry.value.kind, problem.item) {
        (ExprKind::List(items), Some(item)) => items.get(item).map(|item| item.pos),
        _ => Some(entry.value.pos),
    }
}
