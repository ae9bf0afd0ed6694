//! Typing of the flow: the types of events follow the links from the onramps into the pipelines, and the edges through
//! them. Where a type is not known, or several meet, it is `Any`.

use std::collections::BTreeSet;

use foreshock_spec::{Given, Shape, Value, op};

use crate::check::around::Around;
use crate::check::consts::Values;
use crate::check::expr::{Names, Scope, type_expr};
use crate::check::facts::{PipelineFacts, Settings, TypedExpr, TypedKind, TypedSelect};
use crate::check::order::Arrows;
use crate::check::types::Type;
use crate::diagnostics::{Diagnostics, Rule};
use crate::resolve::graph::{
    ArtefactRef, Graph, InstanceId, Link, NodeId, NodeKind, Onramp, Pipeline, ScopeId, SelectNode, Wire,
};
use crate::syntax::ast::Head;

/// The type of each onramp's events; `settings` are those that its config gives it.
pub(super) fn events(graph: &Graph, settings: &[Settings]) -> Vec<Type> {
    let ramps = graph.onramps.iter().zip(settings);
    ramps.map(|(onramp, settings)| event_type(onramp, settings)).collect()
}

fn event_type(onramp: &Onramp, settings: &Settings) -> Type {
    let row = onramp.row;
    if !row.shape.is_empty() {
        return shape(row.shape);
    }
    let codec = settings.iter().find(|(key, _)| key == "codec");
    // It may be among what is broken.
    let is_known = codec.is_some()
        || !(onramp.config.is_broken || onramp.config.entries.iter().any(|entry| entry.key.text == "codec"));
    let codec = codec.map(|(_, given)| match given {
        Given::Value(Value::String(name)) => name.as_str(),
        _ => "",
    });
    if is_known && row.makes_texts(codec) { Type::String } else { Type::Any }
}

/// Types every pipeline, those that feed others before them.
pub(super) fn type_pipelines(
    graph: &Graph,
    events: &[Type],
    consts: &[Values],
    diagnostics: &mut Diagnostics,
) -> Vec<PipelineFacts> {
    let mut facts: Vec<Option<PipelineFacts>> = graph.pipelines.iter().map(|_| None).collect();
    for pipeline in in_order_of_links(graph) {
        let input = |port: &str| input_type(graph, events, &facts, pipeline, port);
        facts[pipeline] =
            Some(type_pipeline(&graph.pipelines[pipeline], &consts[pipeline], input, diagnostics));
    }
    facts.into_iter().map(|facts| facts.expect("every pipeline is in the order")).collect()
}

/// Every pipeline once, after those that feed it; where links go round, in the order of the text.
fn in_order_of_links(graph: &Graph) -> Vec<usize> {
    let sources = |to: usize| {
        let ports = graph.pipelines[to].nodes.iter().filter_map(|node| match &node.kind {
            NodeKind::Input { port } => Some(port),
            _ => None,
        });
        let ways = ports.flat_map(move |port| ways_into(graph, to, port));
        ways.filter_map(move |way| match way.from {
            ArtefactRef::Pipeline(from) => Some((from, to)),
            _ => None,
        })
    };
    let count = graph.pipelines.len();
    Arrows::new(count, (0..count).flat_map(sources)).order()
}

/// A link without its instances.
fn way_of(graph: &Graph, link: &Link) -> Wire {
    let artefact = |id: InstanceId| graph.deployment.instances[id.0].artefact;
    Wire {
        from: artefact(link.from),
        from_port: link.from_port.clone(),
        to: artefact(link.to),
        to_port: link.to_port.clone(),
    }
}

/// The links into a port of any instance of a pipeline. Where there are none, because nothing or something wrong is
/// created, those that the bindings would make.
fn ways_into(graph: &Graph, pipeline: usize, port: &str) -> Vec<Wire> {
    let is_into = |way: &Wire| way.to == ArtefactRef::Pipeline(pipeline) && way.to_port == port;
    let created = graph.deployment.links.iter().map(|link| way_of(graph, link));
    let created: Vec<Wire> = created.filter(is_into).collect();
    if created.is_empty() {
        graph.wires.iter().filter(|way| is_into(way)).cloned().collect()
    } else {
        created
    }
}

/// The type of the events that come into a port of a pipeline, in all its instances; `None` if none come.
fn input_type(
    graph: &Graph,
    events: &[Type],
    facts: &[Option<PipelineFacts>],
    pipeline: usize,
    port: &str,
) -> Option<Type> {
    if graph.head == Head::Pipeline {
        return Some(Type::Any);
    }
    let ways = ways_into(graph, pipeline, port);
    let types = ways.iter().map(|way| match way.from {
        ArtefactRef::Onramp(at) if way.from_port == "out" => events[at].clone(),
        ArtefactRef::Pipeline(at) => match &facts[at] {
            Some(facts) => output_type(&graph.pipelines[at], facts, &way.from_port),
            None => Type::Any,
        },
        ArtefactRef::Onramp(_) | ArtefactRef::Offramp(_) | ArtefactRef::Unknown => Type::Any,
    });
    (!ways.is_empty()).then(|| same(types))
}

/// The type that all have, else `Any`.
fn same(types: impl Iterator<Item = Type>) -> Type {
    types.reduce(|a, b| if a == b { a } else { Type::Any }).unwrap_or(Type::Any)
}

/// The type of a record that a row tells.
fn shape(fields: &[(&'static str, Shape)]) -> Type {
    let field = |(name, shape): &(&'static str, Shape)| {
        let ty = match shape {
            Shape::Uint => Type::Uint,
            Shape::String | Shape::Constant(_) => Type::String,
        };
        ((*name).to_owned(), ty)
    };
    Type::Record(fields.iter().map(field).collect())
}

/// The type of the events that leave a pipeline by a port.
fn output_type(pipeline: &Pipeline, facts: &PipelineFacts, wanted: &str) -> Type {
    if wanted == "err" {
        // Whatever fails goes there too, as a record with the error's text.
        return Type::Any;
    }
    let is_wanted = |kind: &NodeKind| matches!(kind, NodeKind::Output { port } if port == wanted);
    let node = pipeline.nodes.iter().position(|node| is_wanted(&node.kind));
    node.map_or(Type::Any, |node| facts.outputs[node].clone())
}

/// Types the edges and selects of one pipeline; `input` knows what comes into its ports.
fn type_pipeline(
    pipeline: &Pipeline,
    consts: &Values,
    input: impl Fn(&str) -> Option<Type>,
    diagnostics: &mut Diagnostics,
) -> PipelineFacts {
    let count = pipeline.nodes.len();
    let mut facts = PipelineFacts {
        inputs: vec![Type::Any; count],
        outputs: vec![Type::Any; count],
        settings: vec![Vec::new(); count],
        selects: vec![None; count],
    };
    let edges = pipeline.edges.iter().map(|edge| (edge.from.0, edge.to.0));
    let mut typed = vec![false; count];
    let names = Names::new(pipeline, consts, ScopeId::ROOT);
    let silent = silent_inputs(pipeline, &input);
    for at in Arrows::new(count, edges).order() {
        let into = pipeline.edges.iter().filter(|edge| edge.to == NodeId(at) && !silent.contains(&edge.from));
        let incoming = into.map(|edge| {
            // not typed yet: the edge closes a cycle
            if typed[edge.from.0] { facts.outputs[edge.from.0].clone() } else { Type::Any }
        });
        let incoming = match &pipeline.nodes[at].kind {
            NodeKind::Input { port } => input(port).unwrap_or_default(),
            // what failed in the pipeline comes out of `err` too
            NodeKind::Output { port } if port == "err" => Type::Any,
            NodeKind::Unknown { .. } => Type::Any,
            _ => same(incoming),
        };
        facts.outputs[at] = match &pipeline.nodes[at].kind {
            NodeKind::Select(select) => {
                let typed = type_select(select, &incoming, names, diagnostics);
                let ty = typed.target.ty.clone();
                let fits = extent_is_bounded(&typed.target, diagnostics);
                facts.selects[at] = Some(typed);
                if fits { ty } else { Type::Any }
            }
            _ => incoming.clone(),
        };
        facts.inputs[at] = incoming;
        typed[at] = true;
    }
    // what could come there would have to be like what else is in the stream
    for edge in pipeline.edges.iter().filter(|edge| silent.contains(&edge.from)) {
        facts.inputs[edge.from.0] = facts.inputs[edge.to.0].clone();
        facts.outputs[edge.from.0] = facts.inputs[edge.to.0].clone();
    }
    facts
}

/// The inputs of streams through which nothing comes from outside, while selects feed the streams.
fn silent_inputs(pipeline: &Pipeline, input: impl Fn(&str) -> Option<Type>) -> BTreeSet<NodeId> {
    let inputs = pipeline.nodes.iter().enumerate().filter_map(|(at, node)| match &node.kind {
        NodeKind::Input { port } => Some((NodeId(at), port)),
        _ => None,
    });
    let around = Around::of(pipeline);
    let silent = inputs.filter(|(at, port)| input(port).is_none() && around.may_stay_unlinked(*at));
    silent.map(|(at, _)| at).collect()
}

fn type_select(
    select: &SelectNode,
    event: &Type,
    names: Names<'_>,
    diagnostics: &mut Diagnostics,
) -> TypedSelect {
    let scope = Scope { event: Some(event), holder: "", names };
    let target = type_expr(&select.target, scope, diagnostics);
    let condition = select.condition.as_ref().map(|condition| {
        let typed = type_expr(condition, scope, diagnostics);
        condition_is_boolean("`where`", &typed, diagnostics);
        typed
    });
    let having = select.having.as_ref().map(|having| {
        let typed = type_expr(having, Scope { event: Some(&target.ty), ..scope }, diagnostics);
        condition_is_boolean("`having`", &typed, diagnostics);
        typed
    });
    TypedSelect { is_passthrough: matches!(target.kind, TypedKind::Event), target, condition, having }
}

/// What the compiler follows has an end.
fn extent_is_bounded(target: &TypedExpr, diagnostics: &mut Diagnostics) -> bool {
    let excess = target.ty.excess();
    let fits = excess.is_none();
    if let Some(text) = excess {
        diagnostics
            .report(Rule::record_too_large, target.pos, text)
            .help("select what is needed of the event, not all of it");
    }
    fits
}

/// A `where` or `having` decides between yes and no.
fn condition_is_boolean(what: &str, condition: &TypedExpr, diagnostics: &mut Diagnostics) {
    let tried = condition.ty.example().map(|example| op::as_bool(&example));
    if let Some(Err(error)) = tried {
        let error = error.within(what).to_string();
        let error = diagnostics.report(Rule::condition_not_boolean, condition.pos, error);
        error.help("write a comparison, such as `event.level > 3`, or `present event.level`");
    }
}
