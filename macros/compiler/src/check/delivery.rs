//! What a flow requires of the ways of its events: `require at_least_once;`, `require durable;`. What is promised, and which link of
//! a way is weak, is found in `foreshock_spec::picture`, which asks the same when the program starts; here it meets its place
//! in the text.

use foreshock_spec::picture::{Shortfall, WeakLink};
use foreshock_spec::{DIR, Given, OperatorRow, SYNC, Value};

use crate::check::facts::Facts;
use crate::check::picture;
use crate::diagnostics::{Diagnostics, Rule};
use crate::resolve::graph::{ArtefactRef, Graph, Node, NodeKind, Offramp};
use crate::syntax::Pos;
use crate::syntax::ast::{Config, Head};

/// No way promises less than the flow requires: an error for each weak link.
pub(super) fn check_delivery(graph: &Graph, facts: &Facts, diagnostics: &mut Diagnostics) {
    let Some(required) = graph.required.filter(|_| is_whole(graph)) else { return };
    let shortfalls = picture::picture(graph).view(|view| {
        view.shortfalls(
            |log| facts.durability(graph, log),
            |definition, key| facts.setting(graph, definition, key),
        )
    });
    for Shortfall { link, text, help, .. } in shortfalls {
        let Some((rule, pos)) = place(graph, facts, link) else { continue };
        let error = diagnostics.report(rule, pos, text);
        error.help(help).note_at(required.pos, "the flow requires it here");
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

/// The rule that a weak link breaks, and where that is written; `None` where something else is wrong at that place.
fn place(graph: &Graph, facts: &Facts, link: WeakLink) -> Option<(Rule, Pos)> {
    match link {
        WeakLink::Direct(from, to) => {
            let mut links = graph.deployment.links.iter();
            let link = links.find(|link| (link.from.0, link.to.0) == (from, to))?;
            Some((Rule::no_log_on_the_way, link.from_pos))
        }
        WeakLink::Pipeline(pipeline) => Some((Rule::no_log_on_the_way, graph.pipelines[pipeline].name.pos)),
        WeakLink::Edge(pipeline, from, to) => {
            let mut edges = graph.pipelines[pipeline].edges.iter();
            let edge = edges.find(|edge| (edge.from.0, edge.to.0) == (from, to))?;
            Some((Rule::no_log_on_the_way, edge.pos))
        }
        WeakLink::Transient(pipeline, node) => {
            let (definition, row, config) = log(graph, pipeline, node)?;
            // Its directory may be wrong, or a key that there is not may be a slip for it.
            let is_dir = |key: &str| key == DIR || row.keys.iter().all(|known| known.name != key);
            let may_have_dir = config.is_broken || config.entries.iter().any(|entry| is_dir(&entry.key.text));
            (!may_have_dir).then_some((Rule::log_in_memory, definition))
        }
        WeakLink::Unsynced(pipeline, node) => {
            let (definition, _, config) = log(graph, pipeline, node)?;
            // A value that is none of the legal ones is another rule's.
            let settings = &facts.pipelines[pipeline].settings[node];
            let given = settings.iter().find(|(key, _)| key == SYNC).map(|(_, given)| given);
            let is_right = match given {
                Some(Given::Value(value)) => *value == Value::from("interval"),
                _ => true,
            };
            is_right.then_some((Rule::log_synced_late, value(config, SYNC).unwrap_or(definition)))
        }
        WeakLink::Setting(instance, key) => {
            let offramp = offramp(graph, instance)?;
            Some((Rule::confirmed_early, value(&offramp.config, key).unwrap_or(offramp.kind_pos)))
        }
        WeakLink::Sink(instance) => Some((Rule::confirmed_unsaved, offramp(graph, instance)?.kind_pos)),
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
