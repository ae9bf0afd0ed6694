//! Warnings about what is defined and has no use. (What is created and goes nowhere is an error of other rules.)

use crate::diagnostics::{Diagnostic, Diagnostics, Rule};
use crate::resolve::graph::{ArtefactRef, Graph};
use crate::syntax::ast::{Head, Name};

/// All rules of this file.
pub(super) fn check_unused(graph: &Graph, diagnostics: &mut Diagnostics) {
    unused_artefact(graph, diagnostics);
    unused_operator(graph, diagnostics);
}

/// An onramp, a pipeline or an offramp is in a link.
fn unused_artefact(graph: &Graph, diagnostics: &mut Diagnostics) {
    if graph.head == Head::Pipeline {
        return;
    }
    let onramps = (0..).map(ArtefactRef::Onramp).zip(graph.onramps.iter().map(|it| ("onramp", &it.name)));
    let pipelines =
        (0..).map(ArtefactRef::Pipeline).zip(graph.pipelines.iter().map(|it| ("pipeline", &it.name)));
    let offramps = (0..).map(ArtefactRef::Offramp).zip(graph.offramps.iter().map(|it| ("offramp", &it.name)));
    for (artefact, (kind, name)) in onramps.chain(pipelines).chain(offramps) {
        let is_used = graph.wires.iter().any(|wire| wire.from == artefact || wire.to == artefact);
        if !is_used {
            let warning = unused(Rule::unused_artefact, kind, name, diagnostics);
            warning.help(format!("remove it, or link it in a binding: `/{kind}/{}/01/…`", name.text));
        }
    }
}

/// The definition of an operator has a `create`.
fn unused_operator(graph: &Graph, diagnostics: &mut Diagnostics) {
    for definition in graph.pipelines.iter().flat_map(|pipeline| &pipeline.unused) {
        let name = &definition.name;
        let warning = unused(Rule::unused_operator, "operator", name, diagnostics);
        warning.help(format!("remove it, or add `create operator {};`", name.text));
    }
}

fn unused<'a>(rule: Rule, kind: &str, name: &Name, diagnostics: &'a mut Diagnostics) -> &'a mut Diagnostic {
    diagnostics.report(rule, name.pos, format!("the {kind} `{}` is defined and never used", name.text))
}
