//! What a flow requires of the ways of its events: `require at_least_once;`, `require durable;`. What is promised, and which link of
//! a way is weak, is found in `foreshock_spec::picture`, which asks the same when the program starts; here it meets its place
//! in the text.

use foreshock_spec::picture::{Shortfall, WeakLink};
use foreshock_spec::{DIR, Given, OperatorRow, SYNC, Value};

use crate::check::facts::Facts;
use crate::check::picture;
use crate::diagnostics::Diagnostics;
use crate::resolve::graph::{ArtefactRef, Graph, Node, NodeKind, Offramp};
use crate::syntax::Pos;
use crate::syntax::ast::{Config, Head};

/// No way promises less than the flow requires: an error for each weak link.
pub(super) fn check_delivery(graph: &Graph, facts: &Facts, diagnostics: &mut Diagnostics) {
    let Some(required) = graph.required.filter(|_| is_whole(graph)) else { return };
    let in_force = facts.in_force(graph);
    let shortfalls = picture::picture(graph).view(|view| {
        view.shortfalls(|log| in_force.durability(log), |definition, key| in_force.setting(definition, key))
    });
    for Shortfall { link, text, help, .. } in shortfalls {
        if is_of_another_rule(graph, facts, link) {
            continue;
        }
        // where nothing in the text is weak itself, what it is required for is all there is to point at
        let pos = place(graph, link).unwrap_or(required.pos);
        let error = diagnostics.report(link.rule(), pos, text);
        error.help(help);
        if pos.order() != required.pos.order() {
            error.note_at(required.pos, "the flow requires it here");
        }
    }
}

/// Whether all is known that events may go through: where something is wrong with that, it is reported, and nobody can tell what
/// would be promised.
pub(super) fn is_whole(graph: &Graph) -> bool {
    let deployment = &graph.deployment;
    let is_known = |node: &Node| !matches!(node.kind, NodeKind::Unknown { .. });
    graph.head == Head::Flow
        && deployment.unparsed.is_empty()
        && deployment.instances.iter().all(|instance| instance.artefact != ArtefactRef::Unknown)
        && deployment.links.iter().all(|link| !link.is_guess)
        && graph.pipelines.iter().all(|it| it.unparsed.is_empty() && it.nodes.iter().all(is_known))
}

/// Whether something else is wrong at the place of a weak link, which another rule tells.
fn is_of_another_rule(graph: &Graph, facts: &Facts, link: WeakLink) -> bool {
    match link {
        // Its directory may be wrong, or a key that there is not may be a slip for it.
        WeakLink::Transient(pipeline, node) => log(graph, pipeline, node).is_some_and(|(_, row, config)| {
            let is_dir = |key: &str| key == DIR || row.keys.iter().all(|known| known.name != key);
            config.is_broken || config.entries.iter().any(|entry| is_dir(&entry.key.text))
        }),
        // A value that is none of the legal ones.
        WeakLink::Unsynced(pipeline, node) => {
            let settings = &facts.pipelines[pipeline].settings[node];
            let given = settings.iter().find(|(key, _)| key == SYNC).map(|(_, given)| given);
            matches!(given, Some(Given::Value(value)) if *value != Value::from("interval"))
        }
        _ => false,
    }
}

/// Where a weak link is written; `None` if no single place of the text makes it.
fn place(graph: &Graph, link: WeakLink) -> Option<Pos> {
    match link {
        WeakLink::Direct(from, to) => {
            let mut links = graph.deployment.links.iter();
            links.find(|link| (link.from.0, link.to.0) == (from, to)).map(|link| link.from_pos)
        }
        WeakLink::Pipeline(pipeline) => Some(graph.pipelines[pipeline].name.pos),
        WeakLink::Edge(pipeline, from, to) => {
            let mut edges = graph.pipelines[pipeline].edges.iter();
            edges.find(|edge| (edge.from.0, edge.to.0) == (from, to)).map(|edge| edge.pos)
        }
        WeakLink::Transient(pipeline, node) => log(graph, pipeline, node).map(|(definition, ..)| definition),
        WeakLink::Unsynced(pipeline, node) => {
            let (definition, _, config) = log(graph, pipeline, node)?;
            Some(value(config, SYNC).unwrap_or(definition))
        }
        WeakLink::Setting(instance, key) => {
            let offramp = offramp(graph, instance)?;
            Some(value(&offramp.config, key).unwrap_or(offramp.kind_pos))
        }
        WeakLink::Sink(instance) => Some(offramp(graph, instance)?.kind_pos),
    }
}

/// Where the definition of a log has its name; its row and config.
fn log(graph: &Graph, pipeline: usize, node: usize) -> Option<(Pos, &OperatorRow, &Config)> {
    match &graph.pipelines[pipeline].nodes[node].kind {
        NodeKind::Operator { definition, row, config, .. } => Some((*definition, row, config)),
        _ => None,
    }
}

fn offramp(graph: &Graph, instance: usize) -> Option<&Offramp> {
    match graph.deployment.instances[instance].artefact {
        ArtefactRef::Offramp(at) => Some(&graph.offramps[at]),
        _ => None,
    }
}

/// Where the value of a key stands.
fn value(config: &Config, key: &str) -> Option<Pos> {
    config.entries.iter().find(|entry| entry.key.text == key).map(|entry| entry.value.pos)
}
