//! Rules on configs: values are constants, and fit the registry's row.

use foreshock_spec::{
    Given, KeyRow, KeyType, OneOf, Problem, Value, blame_slips, check_config, check_exactly_one_of, doubts,
    secrets,
};

use crate::check::consts::Values;
use crate::check::expr::{Names, Scope, constant, type_expr};
use crate::check::facts::{Facts, Settings, TypedExpr};
use crate::diagnostics::{Diagnostics, Rule};
use crate::resolve::graph::{Graph, NodeKind};
use crate::syntax::Pos;
use crate::syntax::ast::{Config, ConfigEntry, Expr, ExprKind, Key, StringPart};

/// The function that stands for what the environment holds at start; only configs have it.
pub(super) const ENV: &str = "env";

/// What a config is checked against.
struct Row {
    keys: &'static [KeyRow],
    one_of: OneOf<'static>,
    exactly_one_of: OneOf<'static>,
}

impl Row {
    fn new(keys: &'static [KeyRow]) -> Row {
        Row { keys, one_of: &[], exactly_one_of: &[] }
    }
}

/// The configs of all onramps and offramps, those that nothing uses too.
pub(super) fn check_ramps(graph: &Graph, facts: &mut Facts, diagnostics: &mut Diagnostics) {
    for onramp in &graph.onramps {
        let row = Row { exactly_one_of: onramp.row.exactly_one_of, ..Row::new(onramp.row.keys) };
        let names = |_| Names::default();
        facts.onramps.push(check_one(&onramp.config, &row, onramp.name.pos, names, diagnostics));
    }
    for offramp in &graph.offramps {
        let row = Row::new(offramp.row.keys);
        let names = |_| Names::default();
        facts.offramps.push(check_one(&offramp.config, &row, offramp.name.pos, names, diagnostics));
    }
}

/// The configs of all operators, those of definitions that nothing uses too.
pub(super) fn check_operators(
    graph: &Graph,
    consts: &[Values],
    facts: &mut Facts,
    diagnostics: &mut Diagnostics,
) {
    for ((pipeline, facts), consts) in graph.pipelines.iter().zip(&mut facts.pipelines).zip(consts) {
        for (node, settings) in pipeline.nodes.iter().zip(&mut facts.settings) {
            if let NodeKind::Operator { row, definition, config, scopes, .. } = &node.kind {
                let row = Row { one_of: row.one_of, ..Row::new(row.keys) };
                let names = |entry: usize| Names::new(pipeline, consts, scopes[entry]);
                *settings = check_one(config, &row, *definition, names, diagnostics);
            }
        }
        for unused in &pipeline.unused {
            let row = Row { one_of: unused.row.one_of, ..Row::new(unused.row.keys) };
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
        match config_value_is_known(entry, names(at), diagnostics) {
            Some(value) => {
                settings.push((entry.key.text.clone(), value));
                places.push(entry);
            }
            None => has_broken_value = true,
        }
    }
    let mut problems = check_config(row.keys, row.one_of, &settings);
    problems.extend(check_exactly_one_of(row.keys, row.exactly_one_of, &settings));
    blame_slips(row.keys, &settings, &mut problems);
    if problems.is_empty() {
        problems = doubts(row.keys, &settings);
    }
    problems.extend(secrets(row.keys, &settings));
    for problem in problems {
        // the key whose value is broken may be the one that seems to be missing
        let is_of_key = problem.in_name && problem.item.is_none();
        if (problem.key.is_none() || is_of_key) && has_broken_value {
            continue;
        }
        // resolve has told that
        let is_of_outputs = |key: usize| {
            let is_key = |row: &&KeyRow| row.name == places[key].key.text;
            row.keys.iter().find(is_key).is_some_and(|row| matches!(row.ty, KeyType::Strings(_)))
        };
        if problem.rule == Rule::env_not_possible && problem.key.is_some_and(is_of_outputs) {
            continue;
        }
        let error = diagnostics.report(
            problem.rule,
            place(&problem, &places, row).unwrap_or(definition),
            problem.text,
        );
        if let Some(help) = problem.help {
            error.help(help);
        }
        if let Some(first) = problem.also {
            error.note_at(places[first].key.pos, format!("`{}` is given", places[first].key.text));
        }
    }
    settings
}

/// A config value can be computed at compile time, or says where it is found at start.
fn config_value_is_known(
    entry: &ConfigEntry,
    names: Names<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Given> {
    match &entry.value.kind {
        // field by field: a constant record would keep only the last of equal names
        ExprKind::Record(fields) => {
            let mut given = Vec::new();
            let mut is_whole = true;
            for (key, value) in fields {
                let known = value_is_known(value, &entry.key.text, names, diagnostics);
                match (known, name_is_plain(key, diagnostics)) {
                    (Some(known), Some(name)) => given.push((name, known)),
                    _ => is_whole = false,
                }
            }
            is_whole.then_some(Given::Record(given))
        }
        _ => value_is_known(&entry.value, &entry.key.text, names, diagnostics),
    }
}

/// A value is `env("NAME")` or a constant. (`key` is whose it is.)
fn value_is_known(expr: &Expr, key: &str, names: Names<'_>, diagnostics: &mut Diagnostics) -> Option<Given> {
    let before = diagnostics.errors();
    let scope = Scope { event: None, holder: "a config holds constants only", names };
    if let ExprKind::Call(path, arguments) = &expr.kind
        && path.text() == ENV
    {
        let arguments: Vec<TypedExpr> =
            arguments.iter().map(|argument| type_expr(argument, scope, diagnostics)).collect();
        let name = match arguments.as_slice() {
            [argument] => constant(argument),
            _ => None,
        };
        return match name {
            Some(Value::String(name)) => Some(Given::Env(name.clone())),
            _ if diagnostics.errors() > before => None,
            _ => {
                let error = diagnostics.report(
                    Rule::env_of_no_name,
                    expr.pos,
                    "`env` takes the name of an environment variable",
                );
                error.help("write it as in `env(\"TOKEN\")`");
                None
            }
        };
    }
    let typed = type_expr(expr, scope, diagnostics);
    let value = constant(&typed);
    if value.is_none() && diagnostics.errors() == before && !names.has_wrong(expr) {
        let text = format!("the value of `{key}` must be a constant");
        let error = diagnostics.report(Rule::value_not_constant, expr.pos, text);
        error.help("write it out, or, if it differs from start to start, `env(\"NAME\")`");
    }
    value.cloned().map(Given::from)
}

/// A name in a config's record is written out.
fn name_is_plain(key: &Key, diagnostics: &mut Diagnostics) -> Option<String> {
    match key.parts.as_slice() {
        [] => Some(String::new()),
        [StringPart::Text(text)] => Some(text.clone()),
        _ => {
            diagnostics
                .report(Rule::computed_name, key.pos, "a name in a config is written out, not computed")
                .help("write the name itself, without `#{…}`");
            None
        }
    }
}

/// Where a problem with an entry is mended: at its key if the key should not be there, else at its value, or at the
/// item of the list that is its value.
fn place(problem: &Problem, entries: &[&ConfigEntry], row: &Row) -> Option<Pos> {
    let entry = entries[problem.key?];
    let is_known = row.keys.iter().any(|key| key.is_built() && key.name == entry.key.text);
    if !is_known || (problem.item.is_none() && (problem.also.is_some() || problem.in_name)) {
        return Some(entry.key.pos);
    }
    match (&entry.value.kind, problem.item) {
        (ExprKind::List(items), Some(item)) => items.get(item).map(|item| item.pos),
        (ExprKind::Record(fields), Some(item)) => {
            fields.get(item).map(|(key, value)| if problem.in_name { key.pos } else { value.pos })
        }
        _ => Some(entry.value.pos),
    }
}
