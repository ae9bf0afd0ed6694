//! `define … operator` and `create operator`: kinds meet the registry, nodes their definitions.

use std::collections::BTreeSet;

use foreshock_spec::{Kind, OperatorRow, Value, find_operator, is_known_but_unbuilt, nearest, operators};

use super::names::{Table, advise};
use crate::diagnostics::Diagnostics;
use crate::syntax::Pos;
use crate::syntax::ast::{Config, CreateOperator, DefineOperator, Expr, ExprKind, NamePath, StringPart};

/// What a query itself has: no operator can be called so.
pub(super) const RESERVED: &[&str] = &["in", "out", "err", "metrics"];

/// A `define … operator`.
pub(super) struct Defined {
    /// `None` if the kind is wrong, which is reported.
    pub(super) row: Option<&'static OperatorRow>,
    pub(super) config: Config,
    /// Whether a `create` uses it.
    pub(super) is_created: bool,
}

/// All definitions of a query.
pub(super) fn definitions(stmts: Vec<DefineOperator>, diagnostics: &mut Diagnostics) -> Table<Defined> {
    let mut table = Table::new("operator");
    for DefineOperator { kind, name, config, .. } in stmts {
        let row = operator_kind_is_known(&kind, diagnostics);
        table.define(&name, Defined { row, config, is_created: false }, diagnostics);
    }
    table
}

fn operator_kind_is_known(kind: &NamePath, diagnostics: &mut Diagnostics) -> Option<&'static OperatorRow> {
    let written = kind.text();
    let row = find_operator(&written);
    if row.is_some() {
        return row;
    }
    if is_known_but_unbuilt(Kind::Operator, &written) {
        diagnostics.error(kind.pos(), format!("the operator `{written}` is not supported yet"));
        return None;
    }
    let error = diagnostics.error(kind.pos(), format!("there is no kind of operator called `{written}`"));
    // `wal` or `quos::wal`: the last part is often right
    let whole = nearest(&written, operators().iter().map(|row| row.name));
    let by_last = operators().iter().find(|row| row.name.rsplit("::").next() == Some(&kind.last().text));
    match (whole, by_last) {
        (None, Some(row)) => {
            advise(error, row.name, "kinds of operators", operators().iter().map(|row| row.name))
        }
        _ => advise(error, &written, "kinds of operators", operators().iter().map(|row| row.name)),
    }
    None
}

/// What a `create` makes.
pub(super) struct Created {
    pub(super) row: &'static OperatorRow,
    /// Where its definition has its name.
    pub(super) definition: Pos,
    /// And that name: another one than was written, if that is wrong.
    pub(super) defined_as: String,
    pub(super) config: Config,
}

/// What a `create` makes; `None` if its definition is wrong, which is reported.
pub(super) fn created(
    create: &CreateOperator,
    definitions: &mut Table<Defined>,
    unparsed: &BTreeSet<String>,
    diagnostics: &mut Diagnostics,
) -> Option<Created> {
    let definition = match &create.from {
        None => create.name.clone(),
        Some(path) => match path.segments.as_slice() {
            [name] => name.clone(),
            _ => {
                diagnostics.error(path.pos(), "definitions in modules are not supported yet");
                return None;
            }
        },
    };
    let mut name = definition.text.clone();
    if definitions.get(&name).is_none() && !unparsed.contains(&name) {
        let error = diagnostics.error(definition.pos, format!("no operator is defined as `{name}`"));
        advise(error, &name, "definitions", definitions.names());
        name = nearest(&name, definitions.names())?.to_string();
    }
    let place = definitions.place(&name)?;
    let defined = definitions.get_mut(&name)?;
    defined.is_created = true;
    let config = overridden(&defined.config, &create.config);
    defined.row.map(|row| Created { row, definition: place, defined_as: name, config })
}

/// The definition's config, its values replaced by those of the create.
fn overridden(definition: &Config, create: &Config) -> Config {
    let is_replaced = |key: &str| create.entries.iter().any(|entry| entry.key.text == key);
    let kept = definition.entries.iter().filter(|entry| !is_replaced(&entry.key.text));
    let is_broken = definition.is_broken || create.is_broken;
    Config { entries: kept.chain(&create.entries).cloned().collect(), is_broken }
}

/// The ports on which an operator emits. `None` if its config does not say so in a legal way, which check reports.
pub(super) fn outputs(
    row: &'static OperatorRow,
    config: &Config,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<String>> {
    let mut ports = match config.entries.iter().find(|entry| entry.key.text == "outputs") {
        None if config.is_broken => return None,
        None => row.outputs(&[]),
        Some(entry) => {
            if !outputs_are_literal(&entry.value, diagnostics) {
                return None;
            }
            let names = literal_names(&entry.value)?;
            let names = Value::List(names.into_iter().map(Value::String).collect());
            row.outputs(&[("outputs".to_string(), names)])
        }
    };
    if row.has_overflow() {
        ports.push("overflow".to_string());
    }
    Some(ports)
}

/// The names of ports are part of the flow's structure, which stands before anything is computed.
fn outputs_are_literal(value: &Expr, diagnostics: &mut Diagnostics) -> bool {
    let is_computed = |expr: &&Expr| match &expr.kind {
        ExprKind::String(parts) => parts.iter().any(|part| matches!(part, StringPart::Interpolation(_))),
        ExprKind::Binary(..) | ExprKind::Call(..) | ExprKind::Index(..) | ExprKind::Range(..) => true,
        _ => false,
    };
    let computed = match &value.kind {
        ExprKind::List(items) => items.iter().find(is_computed),
        _ => Some(value).filter(is_computed),
    };
    if let Some(computed) = computed {
        let error = diagnostics.error(computed.pos, "the names of outputs cannot be computed");
        error.help("write them out: `outputs = [\"a\", \"b\"]`");
    }
    computed.is_none()
}

fn literal_names(value: &Expr) -> Option<Vec<String>> {
    let ExprKind::List(items) = &value.kind else { return None };
    let mut names = Vec::new();
    for item in items {
        match &item.kind {
            ExprKind::String(parts) => match parts.as_slice() {
                [StringPart::Text(name)] if !names.contains(name) => names.push(name.clone()),
                _ => return None,
            },
            _ => return None,
        }
    }
    (!names.is_empty()).then_some(names)
}
