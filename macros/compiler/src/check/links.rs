//! Rules on what the mappings create: something is created, links do not go round, and each port has its link.

use crate::check::order::Arrows;
use crate::diagnostics::Diagnostics;
use crate::resolve::graph::{ArtefactRef, Graph, Instance, InstanceId, Link, Node, NodeKind};
use crate::syntax::Pos;
use crate::syntax::ast::Head;

/// All rules of this family. (Head `pipeline` has no links.)
pub(super) fn check_links(graph: &Graph, diagnostics: &mut Diagnostics) {
    if graph.head == Head::Pipeline {
        return;
    }
    nothing_created(graph, diagnostics);
    cycle_over_links(graph, diagnostics);
    onramp_not_linked(graph, diagnostics);
    input_not_linked(graph, diagnostics);
    output_not_linked(graph, diagnostics);
}

/// A flow without a mapping would do nothing.
fn nothing_created(graph: &Graph, diagnostics: &mut Diagnostics) {
    if graph.deployment.instances.is_empty() && diagnostics.is_empty() {
        let error = diagnostics.error(graph.name.pos, "nothing is created: the flow has no mapping");
        error.help("add `create binding /binding/<name>/01;`, with the name of a `define binding`");
    }
}

/// Events would go round for ever.
fn cycle_over_links(graph: &Graph, diagnostics: &mut Diagnostics) {
    let Graph { deployment, .. } = graph;
    let arrows = deployment.links.iter().map(|link| (link.from.0, link.to.0));
    for cycle in Arrows::new(deployment.instances.len(), arrows).cycles() {
        let closes = |link: &&Link| {
            cycle
                .iter()
                .zip(cycle.iter().cycle().skip(1))
                .any(|(from, to)| (link.from.0, link.to.0) == (*from, *to))
        };
        // the way back is what was written last
        let Some(closing) = deployment.links.iter().filter(closes).max_by_key(|link| link.to_pos.start())
        else {
            continue;
        };
        let mut names: Vec<String> =
            cycle.iter().map(|at| format!("`{}`", url(graph, InstanceId(*at), None))).collect();
        names.extend(names.first().cloned());
        let error = diagnostics.error(closing.to_pos, format!("events go round: {}", names.join(" → ")));
        error.help("remove the link that leads back");
    }
}

/// An onramp of which only `err` is linked makes events for nobody.
fn onramp_not_linked(graph: &Graph, diagnostics: &mut Diagnostics) {
    for (id, instance) in instances(graph) {
        let ArtefactRef::Onramp(_) = instance.artefact else {
            continue;
        };
        if !graph.deployment.links.iter().any(|link| link.from == id && link.from_port == "out") {
            let port = url(graph, id, Some("out"));
            let error = diagnostics.error(first_use(graph, id), format!("no link takes `{port}`"));
            error.help(format!("add a link `{port} => …`"));
        }
    }
}

/// A port through which a pipeline reads, and into which no link leads.
fn input_not_linked(graph: &Graph, diagnostics: &mut Diagnostics) {
    for (id, instance) in instances(graph) {
        for (node, port) in ports(graph, instance, |kind| match kind {
            NodeKind::Input { port } => Some(port),
            _ => None,
        }) {
            if !graph.deployment.links.iter().any(|link| link.to == id && link.to_port == port) {
                let port = url(graph, id, Some(port));
                let error = diagnostics.error(node.pos, format!("no link leads into `{port}`"));
                error.help(format!("add a link `… => {port}`"));
                error.note_at(first_use(graph, id), "the instance is linked");
            }
        }
    }
}

/// A port to which a pipeline leads events that no link takes. (`err` and `overflow` may stay unlinked.)
fn output_not_linked(graph: &Graph, diagnostics: &mut Diagnostics) {
    for (id, instance) in instances(graph) {
        for (node, port) in ports(graph, instance, |kind| match kind {
            NodeKind::Output { port } if port != "err" && port != "overflow" => Some(port),
            _ => None,
        }) {
            if !graph.deployment.links.iter().any(|link| link.from == id && link.from_port == port) {
                let port = url(graph, id, Some(port));
                let error = diagnostics.error(node.pos, format!("no link takes `{port}`"));
                error.help(format!("add a link `{port} => …`"));
                error.note_at(first_use(graph, id), "the instance is linked");
            }
        }
    }
}

fn instances(graph: &Graph) -> impl Iterator<Item = (InstanceId, &Instance)> {
    graph.deployment.instances.iter().enumerate().map(|(at, instance)| (InstanceId(at), instance))
}

/// The ports of an instance of a pipeline that `wanted` picks; none for other instances.
fn ports<'a>(
    graph: &'a Graph,
    instance: &Instance,
    wanted: impl Fn(&'a NodeKind) -> Option<&'a String>,
) -> impl Iterator<Item = (&'a Node, &'a str)> {
    let nodes = match instance.artefact {
        ArtefactRef::Pipeline(at) => graph.pipelines[at].nodes.as_slice(),
        _ => &[],
    };
    nodes.iter().filter_map(move |node| Some((node, wanted(&node.kind)?.as_str())))
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

/// How a link names an instance or its port.
fn url(graph: &Graph, id: InstanceId, port: Option<&str>) -> String {
    let instance = &graph.deployment.instances[id.0];
    let (kind, name) = match instance.artefact {
        ArtefactRef::Onramp(at) => ("onramp", &graph.onramps[at].name),
        ArtefactRef::Pipeline(at) => ("pipeline", &graph.pipelines[at].name),
        ArtefactRef::Offramp(at) => ("offramp", &graph.offramps[at].name),
    };
    let port = port.map(|port| format!("/{port}")).unwrap_or_default();
    format!("/{kind}/{}/{}{port}", name.text, instance.name)
}
