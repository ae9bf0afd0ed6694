//! Rules on constants: they do not go round, and each can be computed at compile time. What they are is found here, for
//! all expressions that name them.

use std::collections::BTreeSet;

use foreshock_spec::Value;

use crate::check::expr::{Names, Scope, constant, type_expr, weight};
use crate::check::order::Arrows;
use crate::diagnostics::{Diagnostics, Rule};
use crate::resolve::graph::{Const, Graph, Pipeline};
use crate::syntax::ast::{Expr, ExprKind};

/// The constants of a pipeline, by their index: `None` for one that is wrong, which is reported.
pub(super) type Values = Vec<Option<Value>>;

/// The constants of every pipeline.
pub(super) fn values(graph: &Graph, diagnostics: &mut Diagnostics) -> Vec<Values> {
    graph.pipelines.iter().map(|pipeline| of_pipeline(pipeline, diagnostics)).collect()
}

fn of_pipeline(pipeline: &Pipeline, diagnostics: &mut Diagnostics) -> Values {
    let arrows = Arrows::new(pipeline.consts.len(), uses(pipeline).into_iter());
    let round = constants_go_round(pipeline, &arrows, diagnostics);
    let mut values: Values = pipeline.consts.iter().map(|_| None).collect();
    for at in arrows.order() {
        if !round.contains(&at) {
            let value = constant_is_constant(pipeline, &pipeline.consts[at], &values, diagnostics);
            values[at] = value;
        }
    }
    values
}

/// Which constant another one is made of: an arrow from the former.
fn uses(pipeline: &Pipeline) -> Vec<(usize, usize)> {
    let mut uses = Vec::new();
    for (at, Const { value, scope, .. }) in pipeline.consts.iter().enumerate() {
        value.visit(&mut |part: &Expr| {
            if let ExprKind::Name(path) = &part.kind
                && let Ok(used) = pipeline.scopes.constant(*scope, path)
            {
                uses.push((used, at));
            }
        });
    }
    uses
}

/// So many constants of a way round are shown.
const NAMED: usize = 8;

/// A constant is not made of itself. Gives those that are.
fn constants_go_round(
    pipeline: &Pipeline,
    arrows: &Arrows,
    diagnostics: &mut Diagnostics,
) -> BTreeSet<usize> {
    let mut round = BTreeSet::new();
    for cycle in arrows.cycles() {
        round.extend(cycle.iter().copied());
        let Some(first) = cycle.first() else { continue };
        // an arrow leads from what is used: against it is the order in which one reads them
        let others = cycle.iter().rev().filter(|at| *at != first);
        let way = std::iter::once(first).chain(others).chain([first]);
        let names: Vec<String> =
            way.map(|at| format!("`{}`", full_name(pipeline, &pipeline.consts[*at]))).collect();
        let text = format!("this constant is made of itself: {}", names.join(" uses "));
        let error = diagnostics.report(Rule::constants_go_round, pipeline.consts[*first].name.pos, text);
        error.help(match cycle.len() {
            1 => "give it a value that does not need it",
            _ => "give one of them a value that needs none of the others",
        });
        for at in cycle.iter().rev().filter(|at| *at != first).take(NAMED) {
            error.note_at(
                pipeline.consts[*at].name.pos,
                format!("`{}` is defined", pipeline.consts[*at].name.text),
            );
        }
    }
    round
}

fn full_name(pipeline: &Pipeline, constant: &Const) -> String {
    match pipeline.scopes.get(constant.scope).path.as_str() {
        "" => constant.name.text.clone(),
        path => format!("{path}::{}", constant.name.text),
    }
}

/// A constant can be computed at compile time.
fn constant_is_constant(
    pipeline: &Pipeline,
    definition: &Const,
    values: &Values,
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    let before = diagnostics.errors();
    let names = Names::new(pipeline, values, definition.scope);
    let scope = Scope { event: None, holder: "a constant is computed at compile time", names };
    let typed = type_expr(&definition.value, scope, diagnostics);
    if diagnostics.errors() > before {
        return None;
    }
    let Some(value) = constant(&typed) else {
        if !names.has_wrong(&definition.value) {
            let text = format!("the value of `{}` must be a constant", definition.name.text);
            let error = diagnostics.report(Rule::value_not_constant, definition.value.pos, text);
            error.help("what is only known when the flow runs stands in the `select` that uses it");
        }
        return None;
    };
    if let Some(text) = weight::excess(value) {
        diagnostics.report(Rule::value_not_constant, definition.value.pos, text);
        return None;
    }
    Some(value.clone())
}
