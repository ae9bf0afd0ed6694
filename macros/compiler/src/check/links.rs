//! Rules on what the mappings create: something is created, links do not go round, and each port has its link.

use std::collections::BTreeSet;

use super::around::Around;
use crate::check::order::Arrows;
use crate::diagnostics::{Diagnostics, Rule};
use crate::resolve::graph::{
    ArtefactRef, Binding, Graph, Instance, InstanceId, Link, NodeId, NodeKind, Pipeline,
};
use crate::syntax::Pos;
use crate::syntax::ast::Head;

/// All rules of this family. (Head `pipeline` has no links.)
pub(super) fn check_links(graph: &Graph, diagnostics: &mut Diagnostics) {
    if graph.head == Head::Pipeline {
        return query_is_empty(graph, diagnostics);
    }
    nothing_created(graph, diagnostics);
    cycle_over_links(graph, diagnostics);
    read_twice(graph, diagnostics);
    onramp_not_linked(graph, diagnostics);
    input_not_linked(graph, diagnostics);
    output_not_linked(graph, diagnostics);
}

/// A query without a statement that makes anything would do nothing.
fn query_is_empty(graph: &Graph, diagnostics: &mut Diagnostics) {
    let is_read = !graph.deployment.is_mapped;
    if is_read && graph.pipelines.iter().all(Pipeline::is_empty) {
        let text = "nothing is created: the query has no `select`";
        let error = diagnostics.report(Rule::nothing_created, graph.name.pos, text);
        error.help("add `select event from in into out;`");
    }
}

/// A flow without a mapping would do nothing.
fn nothing_created(graph: &Graph, diagnostics: &mut Diagnostics) {
    if !graph.deployment.is_mapped {
        let error = diagnostics.report(
            Rule::nothing_created,
            graph.name.pos,
            "nothing is created: the flow has no mapping",
        );
        match graph.deployment.bindings.first() {
            Some(binding) => error.help(format!("add {}", create(binding))),
            None => {
                error.help("add a `define binding name links … end;`, and `create binding /binding/name/01;`")
            }
        };
    }
}

/// The statement that creates what a binding links.
pub(super) fn create(binding: &Binding) -> String {
    let name = &binding.name.text;
    let values: Vec<String> =
        binding.variables.iter().map(|variable| format!("{variable} = \"01\"")).collect();
    match values.is_empty() {
        true => format!("`create binding /binding/{name}/01;`"),
        false => format!("`create binding /binding/{name}/01 with {} end;`", values.join(", ")),
    }
}

/// What is there once for a program, two instances cannot read: the second one would fail at start.
fn read_twice(graph: &Graph, diagnostics: &mut Diagnostics) {
    let mut first_of: Vec<(&str, usize)> = Vec::new();
    for (at, instance) in graph.deployment.instances.iter().enumerate() {
        let ArtefactRef::Onramp(onramp) = instance.artefact else { continue };
        let row = graph.onramps[onramp].row;
        if !row.is_single {
            continue;
        }
        let Some((_, first)) = first_of.iter().find(|(name, _)| *name == row.name) else {
            first_of.push((row.name, at));
            continue;
        };
        let place = |instance: usize| {
            graph.deployment.links.iter().find(|link| link.from.0 == instance).map(|link| link.from_pos)
        };
        let (Some(pos), Some(other)) = (place(at), place(*first)) else { continue };
        let reader = url(graph, InstanceId(*first), None);
        let text = format!("`{reader}` reads {} already, and no more than one instance can", row.name);
        let error = diagnostics.report(Rule::read_twice, pos, text);
        error.help(format!("link it to all that want its events: `{reader}/out => [ …, … ]`"));
        error.note_at(other, "it is linked");
    }
}

/// Events would go round for ever.
fn cycle_over_links(graph: &Graph, diagnostics: &mut Diagnostics) {
    let Graph { deployment, .. } = graph;
    // a wrong link leads to where it was probably meant to
    let links: Vec<&Link> = deployment.links.iter().filter(|link| !link.is_guess).collect();
    let arrows = links.iter().map(|link| (link.from.0, link.to.0));
    for cycle in Arrows::new(deployment.instances.len(), arrows).cycles() {
        let closes = |link: &&&Link| {
            cycle
                .iter()
                .zip(cycle.iter().cycle().skip(1))
                .any(|(from, to)| (link.from.0, link.to.0) == (*from, *to))
        };
        // the way back is what was written last
        let Some(closing) = links.iter().filter(closes).max_by_key(|link| link.to_pos.order()) else {
            continue;
        };
        let mut names: Vec<String> =
            cycle.iter().map(|at| format!("`{}`", url(graph, InstanceId(*at), None))).collect();
        names.extend(names.first().cloned());
        let error = diagnostics.report(
            Rule::cycle_over_links,
            closing.to_pos,
            format!("events go round: {}", names.join(" → ")),
        );
        error.help("remove the link that leads back");
    }
}

/// An onramp of which only `err` is linked makes events for nobody.
fn onramp_not_linked(graph: &Graph, diagnostics: &mut Diagnostics) {
    for (id, instance) in instances(graph) {
        let ArtefactRef::Onramp(_) = instance.artefact else {
            continue;
        };
        if !takes(graph, id, "out") {
            let port = url(graph, id, Some("out"));
            let error = diagnostics.report(
                Rule::onramp_not_linked,
                first_use(graph, id),
                format!("no link takes `{port}`"),
            );
            error.help(format!("add a link `{port} => …`"));
        }
    }
}

/// A port through which a pipeline reads, and into which no link leads. (That of a stream that is fed otherwise may
/// stay unlinked.)
fn input_not_linked(graph: &Graph, diagnostics: &mut Diagnostics) {
    let around: Vec<Around<'_>> = graph.pipelines.iter().map(Around::of).collect();
    let links = graph.deployment.links.iter();
    let linked: BTreeSet<(InstanceId, &str)> = links.map(|link| (link.to, link.to_port.as_str())).collect();
    let mut told = BTreeSet::new();
    for (id, instance) in instances(graph) {
        let ArtefactRef::Pipeline(at) = instance.artefact else { continue };
        let (pipeline, around) = (&graph.pipelines[at], &around[at]);
        for (input, node) in pipeline.nodes.iter().enumerate() {
            let (input, NodeKind::Input { port }) = (NodeId(input), &node.kind) else { continue };
            let port = port.as_str();
            if linked.contains(&(id, port)) || around.may_stay_unlinked(input) {
                continue;
            }
            let is_doubtful = may_be_linked(graph, id, port, "in")
                || is_in_doubt(pipeline, around, input, port)
                || is_guessed(graph, id, |link| (link.to, link.to_port.as_str()), port);
            // that of another instance has the same cause
            if !is_doubtful && told.insert((artefact(graph, id), port)) {
                let path = url(graph, id, Some(port));
                let is_stream = stream_behind(pipeline, around, input).is_some();
                let text = format!("no link leads into `{path}`");
                let error = diagnostics.report(Rule::input_not_linked, node.pos, text);
                error.help(match is_stream {
                    true => format!("add `select event from in into {port};`, or a link `… => {path}`"),
                    false => format!("add a link `… => {path}`"),
                });
                error.note_at(first_use(graph, id), "the instance is linked");
            }
        }
    }
}

/// A port to which a pipeline leads events that no link takes. (`err` and `overflow` may stay unlinked.)
fn output_not_linked(graph: &Graph, diagnostics: &mut Diagnostics) {
    let mut told = BTreeSet::new();
    for (id, instance) in instances(graph) {
        let ArtefactRef::Pipeline(at) = instance.artefact else { continue };
        for node in &graph.pipelines[at].nodes {
            let NodeKind::Output { port } = &node.kind else { continue };
            let port = port.as_str();
            if matches!(port, "err" | "overflow") || takes(graph, id, port) {
                continue;
            }
            let is_doubtful = is_guessed(graph, id, |link| (link.from, link.from_port.as_str()), port)
                || starts_nowhere(graph, id, &graph.pipelines[at]);
            if !is_doubtful && told.insert((artefact(graph, id), port)) {
                let port = url(graph, id, Some(port));
                let error =
                    diagnostics.report(Rule::output_not_linked, node.pos, format!("no link takes `{port}`"));
                error.help(format!("add a link `{port} => …`"));
                error.note_at(first_use(graph, id), "the instance is linked");
            }
        }
    }
}

/// The stream that an input is that of.
fn stream_behind(pipeline: &Pipeline, around: &Around<'_>, input: NodeId) -> Option<NodeId> {
    let is_stream = |node: &NodeId| matches!(pipeline.nodes[node.0].kind, NodeKind::Stream { .. });
    around.out_of(input).iter().map(|edge| edge.to).find(is_stream)
}

/// Whether a link starts at a port that the pipeline does not have, which is reported: it was meant for an output.
fn starts_nowhere(graph: &Graph, id: InstanceId, pipeline: &Pipeline) -> bool {
    let has = |wanted: &str| {
        let is_it = |kind: &NodeKind| matches!(kind, NodeKind::Output { port } if port == wanted);
        wanted == "err" || pipeline.nodes.iter().any(|node| is_it(&node.kind))
    };
    graph.deployment.links.iter().any(|link| link.from == id && !has(&link.from_port))
}

/// Whether an input is that of a stream of which something else is reported: nothing selects from it, or a select leads to
/// a name that was probably meant to be its own.
fn is_in_doubt(pipeline: &Pipeline, around: &Around<'_>, input: NodeId, port: &str) -> bool {
    let stream = stream_behind(pipeline, around, input);
    stream.is_some_and(|stream| around.out_of(stream).is_empty() || around.is_misspelt_goal(port))
}

/// Whether a link takes what comes out of a port, or may have been meant to.
fn takes(graph: &Graph, id: InstanceId, port: &str) -> bool {
    let is_taken = graph.deployment.links.iter().any(|link| link.from == id && link.from_port == port);
    is_taken || may_be_linked(graph, id, port, "out")
}

/// Whether a statement that could not be parsed speaks of a port; `default` is the one that need not be written.
fn may_be_linked(graph: &Graph, id: InstanceId, port: &str, default: &str) -> bool {
    let is_unparsed = |word: &str| graph.deployment.unparsed.iter().any(|unparsed| unparsed == word);
    let (_, name) = artefact(graph, id);
    // one of a pipeline may itself be written wrong
    let is_doubtful = match graph.deployment.instances[id.0].artefact {
        ArtefactRef::Pipeline(at) => graph.pipelines[at].unparsed.iter().any(|unparsed| unparsed == port),
        _ => false,
    };
    // an end that is not there could be any
    let is_anything = is_unparsed("");
    is_anything
        || (is_unparsed(name) && (port == default || is_unparsed(port)))
        || (port != default && is_doubtful)
}

/// Whether a port that is not linked is so in another instance, and one of the two is there only because of something that
/// is reported: the other one was meant.
fn is_guessed<'a>(
    graph: &'a Graph,
    id: InstanceId,
    end: impl Fn(&'a Link) -> (InstanceId, &'a str),
    port: &str,
) -> bool {
    let links = || graph.deployment.links.iter();
    let mut own = links().filter(|link| link.from == id || link.to == id);
    let is_same = |other: InstanceId| {
        graph.deployment.instances[other.0].artefact == graph.deployment.instances[id.0].artefact
    };
    let is_only_guessed = own.all(|link| link.is_guess);
    let mut others = links().filter(|link| end(link).1 == port && is_same(end(link).0));
    others.any(|link| link.is_guess || is_only_guessed)
}

fn instances(graph: &Graph) -> impl Iterator<Item = (InstanceId, &Instance)> {
    graph.deployment.instances.iter().enumerate().map(|(at, instance)| (InstanceId(at), instance))
}

/// Where a link first mentions an instance.
fn first_use(graph: &Graph, id: InstanceId) -> Pos {
    let links = graph.deployment.links.iter();
    let mut places = links.filter_map(|link| match () {
        () if link.from == id => Some(link.from_pos),
        () if link.to == id => Some(link.to_pos),
        () => None,
    });
    places.next().unwrap_or(graph.name.pos)
}

/// The kind and the name of what an instance is made from.
fn artefact(graph: &Graph, id: InstanceId) -> (&'static str, &str) {
    match graph.deployment.instances[id.0].artefact {
        ArtefactRef::Onramp(at) => ("onramp", &graph.onramps[at].name.text),
        ArtefactRef::Pipeline(at) => ("pipeline", &graph.pipelines[at].name.text),
        ArtefactRef::Offramp(at) => ("offramp", &graph.offramps[at].name.text),
        ArtefactRef::Unknown => ("artefact", "unknown"),
    }
}

/// How a link names an instance or its port.
fn url(graph: &Graph, id: InstanceId, port: Option<&str>) -> String {
    let (kind, name) = artefact(graph, id);
    let instance = &graph.deployment.instances[id.0].name;
    let port = port.map(|port| format!("/{port}")).unwrap_or_default();
    format!("/{kind}/{name}/{instance}{port}")
}
