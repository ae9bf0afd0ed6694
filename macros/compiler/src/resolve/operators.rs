//! `define … operator` and `create operator`: kinds meet the registry, nodes their definitions.

use std::collections::BTreeSet;

use foreshock_spec::near::listed;
use foreshock_spec::{Kind, OperatorRow, Value, find_operator, is_known_but_unbuilt, nearest, operators};

use super::graph::{Const, Definition, ScopeId, Scopes};
use super::names::{Table, advise};
use super::scope::Missing;
use crate::diagnostics::{Diagnostics, Rule};
use crate::syntax::Pos;
use crate::syntax::ast::{
    Config, CreateOperator, DefineOperator, Expr, ExprKind, Name, NamePath, StringPart,
};

/// What a query itself has: no operator can be called so.
pub(super) const RESERVED: &[&str] = &["in", "out", "err", "metrics"];

/// A `define … operator`.
struct Defined {
    /// `None` if the kind is wrong, which is reported.
    row: Option<&'static OperatorRow>,
    config: Config,
    /// Whether a `create` uses it.
    is_created: bool,
}

/// All definitions of a query, those of its modules too.
pub(super) struct Definitions<'a> {
    pub(super) scopes: &'a Scopes,
    /// For each scope.
    tables: Vec<Table<Defined>>,
}

impl<'a> Definitions<'a> {
    pub(super) fn new(
        stmts: Vec<(ScopeId, DefineOperator)>,
        scopes: &'a Scopes,
        diagnostics: &mut Diagnostics,
    ) -> Definitions<'a> {
        let mut tables: Vec<Table<Defined>> = scopes.0.iter().map(|_| Table::new("operator")).collect();
        for (scope, DefineOperator { kind, name, config, .. }) in stmts {
            let row = operator_kind_is_known(&kind, diagnostics);
            tables[scope.0].define(&name, Defined { row, config, is_created: false }, diagnostics);
        }
        Definitions { scopes, tables }
    }

    /// Where the query itself defines a name.
    pub(super) fn place(&self, name: &str) -> Option<Pos> {
        self.tables[ScopeId::ROOT.0].place(name)
    }

    /// What the query itself defines.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.tables[ScopeId::ROOT.0].names()
    }

    /// The module that defines a name, and where.
    pub(super) fn place_in_module(&self, name: &str) -> Option<(&str, Pos)> {
        let tables = self.scopes.0.iter().zip(&self.tables).skip(1);
        tables.filter_map(|(scope, table)| Some((scope.path.as_str(), table.place(name)?))).next()
    }

    /// The definitions that no `create` uses.
    pub(super) fn unused(self) -> Vec<Definition> {
        let mut unused = Vec::new();
        for (scope, table) in self.tables.into_iter().enumerate() {
            for (name, Defined { row, config, is_created }) in table.into_items() {
                if let Some(row) = row.filter(|_| !is_created) {
                    unused.push(Definition { name, row, config, scope: ScopeId(scope) });
                }
            }
        }
        unused
    }

    /// What a `create` makes; `None` if its definition is wrong, which is reported.
    pub(super) fn created(
        &mut self,
        create: &CreateOperator,
        unparsed: &BTreeSet<String>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Created> {
        let whole = vec![create.name.clone()];
        let path = create.from.as_ref().map_or(&whole, |path| &path.segments);
        let (definition, module) = path.split_last()?;
        let scope = match self.scopes.module(ScopeId::ROOT, module) {
            Ok(scope) => scope,
            Err(missing) => {
                module_exists(path, missing, self.scopes, unparsed, diagnostics);
                return None;
            }
        };
        let table = &mut self.tables[scope.0];
        let mut name = definition.text.clone();
        if table.get(&name).is_none() && !unparsed.contains(&name) {
            let shown = create.from.as_ref().map_or(name.clone(), NamePath::text);
            let error = diagnostics.report(
                Rule::unknown_definition,
                definition.pos,
                format!("no operator is defined as `{shown}`"),
            );
            if table.names().next().is_none() {
                error.help(format!(
                    "add `define qos::wal operator {name} with … end;`, or another kind of operator"
                ));
            }
            advise(error, &name, "definitions", table.names());
            name = nearest(&name, table.names())?.to_string();
        }
        let place = table.place(&name)?;
        let defined = table.get_mut(&name)?;
        defined.is_created = true;
        let (config, scopes) = overridden(&defined.config, scope, &create.config);
        defined.row.map(|row| Created { row, definition: place, defined_as: name, config, scopes })
    }
}

/// A module that a path leads through is there.
fn module_exists(
    path: &[Name],
    missing: Missing,
    scopes: &Scopes,
    unparsed: &BTreeSet<String>,
    diagnostics: &mut Diagnostics,
) {
    let Missing::Module { segment, within } = missing else { return };
    let name = &path[segment];
    if unparsed.contains(&name.text) {
        return;
    }
    let (text, legal): (_, Vec<&str>) = match within {
        None => {
            (format!("there is no module `{}`", name.text), scopes.modules_seen_from(ScopeId::ROOT).collect())
        }
        Some(module) => {
            let module = scopes.get(module);
            let legal = module.modules.iter().map(|(name, _)| name.as_str()).collect();
            (format!("`{}` has no module `{}`", module.path, name.text), legal)
        }
    };
    let whole: Vec<&str> = path.iter().map(|name| name.text.as_str()).collect();
    let whole = whole.join("::");
    if is_known_but_unbuilt(Kind::Operator, &whole) {
        operator_kind_is_known(&NamePath { segments: path.to_vec() }, diagnostics);
        return;
    }
    let error = diagnostics.report(Rule::unknown_module, name.pos, text);
    if find_operator(&whole).is_some() {
        error.help(format!(
            "`from` names a definition: write `define {whole} operator name with … end;` before it"
        ));
    }
    advise(error, &name.text, "modules", legal);
}

fn operator_kind_is_known(kind: &NamePath, diagnostics: &mut Diagnostics) -> Option<&'static OperatorRow> {
    let written = kind.text();
    let row = find_operator(&written);
    if row.is_some() {
        return row;
    }
    if is_known_but_unbuilt(Kind::Operator, &written) {
        let error = diagnostics.report(
            Rule::not_supported,
            kind.pos(),
            format!("the operator `{written}` is not supported yet"),
        );
        error.help(format!("legal kinds of operators: {}", listed(operators().iter().map(|row| row.name))));
        return None;
    }
    let error = diagnostics.report(
        Rule::unknown_operator_kind,
        kind.pos(),
        format!("there is no kind of operator called `{written}`"),
    );
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
    /// For each entry of the config: where its value stands.
    pub(super) scopes: Vec<ScopeId>,
}

/// The definition's config, its values replaced by those of the create; and where each value stands.
fn overridden(definition: &Config, scope: ScopeId, create: &Config) -> (Config, Vec<ScopeId>) {
    let is_replaced = |key: &str| create.entries.iter().any(|entry| entry.key.text == key);
    let kept = definition.entries.iter().filter(|entry| !is_replaced(&entry.key.text));
    let kept = kept.map(|entry| (entry.clone(), scope));
    let added = create.entries.iter().map(|entry| (entry.clone(), ScopeId::ROOT));
    let (entries, scopes) = kept.chain(added).unzip();
    (Config { entries, is_broken: definition.is_broken || create.is_broken }, scopes)
}

/// What the names of outputs may be taken from.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) scopes: &'a Scopes,
    pub(super) consts: &'a [Const],
}

impl<'a> Known<'a> {
    /// What an expression is: if it names a constant, what that is.
    fn literal(self, mut expr: &'a Expr, mut scope: ScopeId) -> (&'a Expr, ScopeId) {
        // constants that go round are reported by check
        for _ in self.consts {
            let ExprKind::Name(path) = &expr.kind else { break };
            let Ok(at) = self.scopes.constant(scope, path) else { break };
            (expr, scope) = (&self.consts[at].value, self.consts[at].scope);
        }
        (expr, scope)
    }
}

/// The ports on which an operator emits. `None` if its config does not say so in a legal way, which check reports.
pub(super) fn outputs(
    row: &'static OperatorRow,
    config: &Config,
    scopes: &[ScopeId],
    known: Known<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<String>> {
    let entry = config.entries.iter().zip(scopes).find(|(entry, _)| entry.key.text == "outputs");
    let mut ports = match entry {
        None if config.is_broken || has_slip_for("outputs", row, config) => return None,
        None => row.outputs(&[]),
        Some((entry, scope)) => {
            let (value, scope) = known.literal(&entry.value, *scope);
            if !outputs_are_literal(value, diagnostics) {
                return None;
            }
            let names = literal_names(value, scope, known)?;
            let names = Value::List(names.into_iter().map(Value::String).collect());
            row.outputs(&[("outputs".to_string(), names)])
        }
    };
    if row.has_overflow() {
        ports.push("overflow".to_string());
    }
    Some(ports)
}

/// Whether a key is there with a slip in its name, which check reports.
fn has_slip_for(key: &str, row: &OperatorRow, config: &Config) -> bool {
    let names = || row.keys.iter().map(|key| key.name);
    let written = config.entries.iter().map(|entry| entry.key.text.as_str());
    written.filter(|name| names().all(|known| known != *name)).any(|name| nearest(name, names()) == Some(key))
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
        let error = diagnostics.report(
            Rule::computed_outputs,
            computed.pos,
            "the names of outputs cannot be computed",
        );
        error.help("write them out: `outputs = [\"a\", \"b\"]`");
    }
    computed.is_none()
}

fn literal_names(value: &Expr, scope: ScopeId, known: Known<'_>) -> Option<Vec<String>> {
    let ExprKind::List(items) = &value.kind else { return None };
    let mut names = Vec::new();
    for item in items {
        let ExprKind::String(parts) = &known.literal(item, scope).0.kind else { return None };
        match parts.as_slice() {
            [StringPart::Text(name)] if !names.contains(name) => names.push(name.clone()),
            _ => return None,
        }
    }
    (!names.is_empty()).then_some(names)
}
