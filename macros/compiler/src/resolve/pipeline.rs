//! The statements of one query → its nodes and edges.

use super::graph::{Const, Node, NodeKind, Pipeline, SelectNode};
use super::loose::selects_without;
use super::operators::{self, Created, Definitions, RESERVED};
use super::statements::{self, NodeStmt, Statements};
use super::wiring::{Way, Wiring};
use super::words;
use crate::diagnostics::{Diagnostics, Rule};
use crate::syntax::ast::{CreateOperator, Name, NamePath, QueryStmt, Select};

/// Resolves the query of a pipeline.
pub(super) fn resolve(
    name: Name,
    docs: Vec<String>,
    body: Vec<QueryStmt>,
    diagnostics: &mut Diagnostics,
) -> Pipeline {
    let Statements { scopes, consts, defines, nodes, broken } = statements::sorted(body, diagnostics);
    let (lost_goals, lost_starts) = (selects_without("into", &broken), selects_without("from", &broken));
    let unparsed = words(broken);
    let mut definitions = Definitions::new(defines, &scopes, diagnostics);
    let mut wiring = Wiring::new(&unparsed);
    let (mut ways, mut origins) = (Vec::new(), Vec::new());
    for stmt in nodes {
        match stmt {
            NodeStmt::Create(create) => {
                origins.extend(create.from.clone());
                add_operator(create, &mut definitions, &consts, &mut wiring, diagnostics);
            }
            NodeStmt::Stream(name) => add_stream(name, &mut wiring, diagnostics),
            NodeStmt::Select(select) => ways.push(add_select(select, ways.len(), &mut wiring)),
        }
    }
    let (nodes, edges) = wiring.connect(&ways, &definitions, name.pos, diagnostics);
    let unused = definitions.unused();
    let unparsed = unparsed.into_iter().collect();
    Pipeline { name, docs, nodes, edges, unused, origins, scopes, consts, unparsed, lost_goals, lost_starts }
}

fn add_operator(
    create: CreateOperator,
    definitions: &mut Definitions<'_>,
    consts: &[Const],
    wiring: &mut Wiring<'_>,
    diagnostics: &mut Diagnostics,
) {
    if !name_is_free(&create, diagnostics) {
        return;
    }
    let made = definitions.created(&create, wiring.unparsed, diagnostics);
    let name = create.name;
    if !is_created_once(&name, wiring, diagnostics) {
        return;
    }
    let pos = name.pos;
    let Some(Created { row, definition, defined_as, config, scopes }) = made else {
        return wiring.add_named(Node { kind: NodeKind::Unknown { name: name.clone() }, pos }, &name, false);
    };
    let known = operators::Known { scopes: definitions.scopes, consts };
    let outputs = operators::outputs(row, &config, &scopes, known, diagnostics);
    let knows_ports = outputs.is_some();
    let outputs = outputs.unwrap_or_default();
    let kind = NodeKind::Operator { name: name.clone(), row, definition, config, scopes, outputs };
    wiring.add_named(Node { kind, pos }, &name, knows_ports);
    if create.from.is_none() && defined_as != name.text {
        wiring.add_meant(&defined_as, &name);
    }
}

fn name_is_free(create: &CreateOperator, diagnostics: &mut Diagnostics) -> bool {
    let name = &create.name;
    if !RESERVED.contains(&name.text.as_str()) {
        return true;
    }
    let definition = create.from.as_ref().map_or(name.text.clone(), NamePath::text);
    let error = diagnostics.report(
        Rule::reserved_name,
        name.pos,
        format!("no operator can be called `{}`", name.text),
    );
    error.help(format!("give it another name: `create operator other from {definition};`"));
    error.note("a query has `in`, `out`, `err` and `metrics` itself");
    false
}

fn is_created_once(name: &Name, wiring: &Wiring<'_>, diagnostics: &mut Diagnostics) -> bool {
    let Some(first) = wiring.place(&name.text) else { return true };
    let text = match wiring.is_stream(&name.text) {
        true => format!("the name `{}` is already in use: a stream has it", name.text),
        false => format!("the operator `{}` is created twice", name.text),
    };
    let error = diagnostics.report(Rule::created_twice, name.pos, text);
    let help = format!("give the second one a name of its own: `create operator other from {};`", name.text);
    error.help(help).note_at(first, "first created");
    false
}

fn add_stream(name: Name, wiring: &mut Wiring<'_>, diagnostics: &mut Diagnostics) {
    const HELP: &str = "give the stream another name: `create stream other;`";
    if RESERVED.contains(&name.text.as_str()) {
        let error = diagnostics.report(
            Rule::reserved_name,
            name.pos,
            format!("no stream can be called `{}`", name.text),
        );
        error.help(HELP).note("a query has `in`, `out`, `err` and `metrics` itself");
        return;
    }
    if let Some(first) = wiring.place(&name.text) {
        let text = match wiring.is_stream(&name.text) {
            true => format!("the stream `{}` is created twice", name.text),
            false => format!("the name `{}` is already in use: an operator has it", name.text),
        };
        diagnostics.report(Rule::created_twice, name.pos, text).help(HELP).note_at(first, "first created");
        return;
    }
    let kind = NodeKind::Stream { name: name.clone() };
    wiring.add_named(Node { kind, pos: name.pos }, &name, true);
}

fn add_select(select: Box<Select>, index: usize, wiring: &mut Wiring<'_>) -> Way {
    let Select { target, from, condition, into, having, pos, .. } = *select;
    let kind = NodeKind::Select(SelectNode { index, target, condition, having });
    Way { select: wiring.add(Node { kind, pos }), from, into }
}
