//! Rules on the graph of one pipeline: events do not go round, and each operator is fed and read.

use super::around::Around;
use crate::check::order::Arrows;
use crate::diagnostics::{Diagnostics, Rule};
use crate::resolve::graph::{Edge, Graph, NodeId, NodeKind, Pipeline};
use crate::syntax::Pos;
use crate::syntax::ast::{Config, Expr, ExprKind, StringPart};

/// All rules of this family, for every pipeline.
pub(super) fn check_nodes(graph: &Graph, diagnostics: &mut Diagnostics) {
    for pipeline in &graph.pipelines {
        let around = Around::of(pipeline);
        cycle_in_pipeline(pipeline, &around, diagnostics);
        operator_not_fed(pipeline, &around, diagnostics);
        output_not_selected(pipeline, &around, diagnostics);
        stream_not_selected(pipeline, &around, diagnostics);
    }
}

/// Events would go round for ever.
fn cycle_in_pipeline(pipeline: &Pipeline, around: &Around<'_>, diagnostics: &mut Diagnostics) {
    let edges = pipeline.edges.iter().map(|edge| (edge.from.0, edge.to.0));
    let mut told = Vec::new();
    for cycle in Arrows::new(pipeline.nodes.len(), edges).cycles() {
        let ways: Vec<&Edge> = cycle
            .iter()
            .zip(cycle.iter().cycle().skip(1))
            .filter_map(|(from, to)| {
                around.out_of(NodeId(*from)).iter().copied().find(|edge| edge.to == NodeId(*to))
            })
            .collect();
        // the way back is what was written last
        let Some(closing) = ways.iter().max_by_key(|edge| edge.pos.order()) else {
            continue;
        };
        // one way back may close several ways round
        if told.contains(&closing.pos.order()) {
            continue;
        }
        told.push(closing.pos.order());
        let mut names: Vec<String> = cycle
            .iter()
            .filter_map(|at| operator_name(pipeline, *at))
            .map(|name| format!("`{name}`"))
            .collect();
        names.extend(names.first().cloned());
        let error = diagnostics.report(
            Rule::cycle_in_pipeline,
            closing.pos,
            format!("events go round: {}", names.join(" → ")),
        );
        error.help("let events leave the pipeline here, or lead them to an operator that does not lead back");
    }
}

fn operator_name(pipeline: &Pipeline, at: usize) -> Option<&str> {
    match &pipeline.nodes[at].kind {
        NodeKind::Operator { name, .. } | NodeKind::Stream { name } | NodeKind::Unknown { name } => {
            Some(&name.text)
        }
        _ => None,
    }
}

/// An operator that no select leads to does nothing.
fn operator_not_fed(pipeline: &Pipeline, around: &Around<'_>, diagnostics: &mut Diagnostics) {
    for (at, node) in pipeline.nodes.iter().enumerate() {
        let NodeKind::Operator { name, .. } = &node.kind else {
            continue;
        };
        let is_fed = !around.into(NodeId(at)).is_empty();
        if !is_fed && !is_unparsed(pipeline, &name.text) && !around.is_misspelt_goal(&name.text) {
            let error = diagnostics.report(
                Rule::operator_not_fed,
                name.pos,
                format!("no events go into `{}`", name.text),
            );
            error.help(format!("add `select event from in into {};`, or remove the operator", name.text));
        }
    }
}

/// Events would pile up in front of an output that nothing selects from. (`overflow` may stay unused, and so may all
/// of an operator that is not used at all, which is reported once.)
fn output_not_selected(pipeline: &Pipeline, around: &Around<'_>, diagnostics: &mut Diagnostics) {
    for (at, node) in pipeline.nodes.iter().enumerate() {
        let NodeKind::Operator { name, config, outputs, .. } = &node.kind else {
            continue;
        };
        let here = NodeId(at);
        let selects = around.out_of(here);
        if selects.is_empty() && around.into(here).is_empty() {
            continue;
        }
        if selects.iter().any(|edge| !outputs.contains(&edge.from_port)) {
            continue;
        }
        // (`err` is no name of an output, which is told where it is written)
        for output in outputs.iter().filter(|output| !matches!(output.as_str(), "overflow" | "err")) {
            let is_selected = selects.iter().any(|edge| edge.from_port == *output);
            let may_be_selected =
                is_unparsed(pipeline, &name.text) && (output == "out" || is_unparsed(pipeline, output));
            if is_selected || may_be_selected || around.is_misspelt_start(&name.text) {
                continue;
            }
            let port = if output == "out" { name.text.clone() } else { format!("{}/{output}", name.text) };
            let written = where_written(config, output);
            let error = diagnostics.report(
                Rule::output_not_selected,
                written.unwrap_or(name.pos),
                format!("nothing selects from `{port}`"),
            );
            let or = if written.is_some() { ", or remove it here" } else { "" };
            error.help(format!("add `select event from {port} into …;`{or}"));
        }
    }
}

/// What goes into a stream from which nothing selects is for nobody.
fn stream_not_selected(pipeline: &Pipeline, around: &Around<'_>, diagnostics: &mut Diagnostics) {
    for (at, node) in pipeline.nodes.iter().enumerate() {
        let NodeKind::Stream { name } = &node.kind else { continue };
        if !around.out_of(NodeId(at)).is_empty() || is_unparsed(pipeline, &name.text) {
            continue;
        }
        if !around.is_misspelt_start(&name.text) && !around.is_misspelt_goal(&name.text) {
            let error = diagnostics.report(
                Rule::stream_not_selected,
                name.pos,
                format!("nothing selects from `{}`", name.text),
            );
            error.help(format!("add `select event from {} into …;`, or remove the stream", name.text));
        }
    }
}

/// Whether a statement that could not be parsed speaks of a name.
fn is_unparsed(pipeline: &Pipeline, name: &String) -> bool {
    pipeline.unparsed.binary_search(name).is_ok()
}

/// The string in a list of a config that names an output.
fn where_written(config: &Config, output: &str) -> Option<Pos> {
    let lists = config.entries.iter().filter_map(|entry| match &entry.value.kind {
        ExprKind::List(items) => Some(items),
        _ => None,
    });
    lists.flatten().find(|item| is_text(item, output)).map(|item| item.pos)
}

fn is_text(expr: &Expr, wanted: &str) -> bool {
    match &expr.kind {
        ExprKind::String(parts) => matches!(parts.as_slice(), [StringPart::Text(text)] if text == wanted),
        _ => false,
    }
}
