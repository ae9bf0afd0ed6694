//! The fourth pass: a checked graph becomes a plan. All decisions are here (order, names, tags, representations,
//! demands of room), and no tokens. Nothing here can fail: what could was refused by `check`.

pub mod code;
mod cuts;
mod deploy;
mod draft;
pub mod editor;
mod expr;
pub mod forms;
mod known;
mod machines;
mod names;
mod needs;
mod operators;
mod parts;
mod patch;
pub mod picture;
mod pipeline;
pub mod plan;
mod promise;
mod records;
mod room;
mod stub;

use std::collections::BTreeMap;

use foreshock_spec::Shape;
use foreshock_spec::picture::Detail;

pub use self::stub::stub;

use self::code::Repr;
use self::draft::Draft;
use self::known::Known;
use self::names::Namer;
use self::needs::Needs;
use self::plan::{Definition, Length, Plan, Program, Usual};
use self::records::Records;
use crate::check::facts::{Facts, Settings};
use crate::resolve::graph::{ArtefactRef, Graph, InstanceId, NodeKind, Onramp};
use crate::syntax::ast::Head;

/// Decides everything about the code of a graph.
pub fn lower(graph: &Graph, facts: &Facts) -> Plan {
    // Generated code has type parameters of these names.
    let mut types = Namer::reserving(&["T", "O"]);
    let mut records = Records::default();
    let events: Vec<Repr> = graph
        .onramps
        .iter()
        .zip(&facts.events)
        .map(|(onramp, ty)| records.repr(ty, &format!("{}Event", names::camel(onramp.row.name)), &mut types))
        .collect();
    let mut drafts = drafts(graph, facts, &mut records, &mut types);
    let needs = needs::needs(&drafts, &graph.deployment, graph.head);
    keep(&mut drafts, &needs, &mut records);
    mark_used(&events, &drafts, &mut records);
    let (definitions, by_path) = definitions(graph, facts);
    let pipelines = pipelines(graph, &drafts, &needs, &records, &by_path, &mut types);
    let greatest: Vec<Option<Length>> =
        graph.onramps.iter().zip(&events).map(|(o, repr)| greatest(o, *repr, &records)).collect();
    let program = match graph.head {
        Head::Pipeline => None,
        Head::Flow => {
            let deploying = deploy::Deploying {
                graph,
                drafts: &drafts,
                pipelines: &pipelines,
                events: &events,
                greatest: &greatest,
                definitions: &by_path,
            };
            Some::<Program>(deploy::program(&deploying, &mut types))
        }
    };
    let picture = picture::picture(graph, &drafts);
    let telling = forms::Telling {
        graph,
        drafts: &drafts,
        needs: &needs,
        records: &records,
        pipelines: &pipelines,
        program: program.as_ref(),
        definitions: &definitions,
    };
    let in_force = facts.in_force(graph);
    Plan {
        forms: forms::forms(&telling),
        graph: picture.view(|view| view.mermaid(Detail::Readable, |log| in_force.durability(log))),
        promises: promise::told(graph, facts, &picture),
        memory: promise::memory(graph, facts, &picture),
        picture,
        docs: graph.docs.clone(),
        visibility: graph.visibility.clone(),
        name: graph.name.text.clone(),
        name_span: graph.name.pos.first(),
        module: names::module(&graph.name.text),
        program,
        records: records.into_plan(),
        pipelines,
        definitions,
    }
}

/// The plans of all pipelines.
fn pipelines(
    graph: &Graph,
    drafts: &[Draft],
    needs: &Needs,
    records: &Records,
    definitions: &BTreeMap<String, usize>,
    types: &mut Namer,
) -> Vec<plan::Pipeline> {
    let plan = |p| {
        let input_known = &input_known(graph, drafts, p, records);
        let called = (graph.head == Head::Pipeline).then_some(graph.name.text.as_str());
        let planning = pipeline::Planning { drafts, p, called, needs, records, input_known, definitions };
        pipeline::plan(&planning, types)
    };
    (0..drafts.len()).map(plan).collect()
}

fn drafts(graph: &Graph, facts: &Facts, records: &mut Records, types: &mut Namer) -> Vec<Draft> {
    let both = graph.pipelines.iter().zip(&facts.pipelines).enumerate();
    both.map(|(p, (pipeline, facts))| draft::draft(pipeline, facts, links_err(graph, p), records, types))
        .collect()
}

/// Whether a link starts at the `err` of any instance of a pipeline.
fn links_err(graph: &Graph, p: usize) -> bool {
    let deployment = &graph.deployment;
    let is_of = |id: InstanceId| deployment.instances[id.0].artefact == ArtefactRef::Pipeline(p);
    deployment.links.iter().any(|link| is_of(link.from) && link.from_port == "err")
}

/// Notes which logs keep events as values beside their encodings, and the structs that they keep.
fn keep(drafts: &mut [Draft], needs: &Needs, records: &mut Records) {
    for p in 0..drafts.len() {
        for at in 0..drafts[p].nodes.len() {
            let is_log = matches!(drafts[p].nodes[at].role, draft::Role::Log(_));
            if is_log && needs.is_kept(drafts, p, at) {
                records.keep(drafts[p].nodes[at].event, drafts[p].nodes[at].is_on_disk());
                drafts[p].reads_behind(at);
            }
        }
    }
}

/// Notes which records generated code names: those of events, and those that expressions make or read.
fn mark_used(events: &[Repr], drafts: &[Draft], records: &mut Records) {
    fn mark(code: &code::Code, records: &mut Records) {
        records.mark_used(code.repr);
        code.parts().into_iter().for_each(|part| mark(part, records));
    }
    events.iter().for_each(|repr| records.mark_used(*repr));
    for node in drafts.iter().flat_map(|draft| &draft.nodes) {
        records.mark_used(node.event);
        match &node.role {
            draft::Role::Passthrough(conditions) => conditions.all().for_each(|code| mark(code, records)),
            draft::Role::Select(conditions, target) => {
                conditions.all().chain([target]).for_each(|code| mark(code, records));
            }
            _ => {}
        }
    }
}

/// For each input port of a pipeline into which links lead: what is known of what comes, from a source's row if only sources of one kind feed it.
fn input_known(graph: &Graph, drafts: &[Draft], p: usize, records: &Records) -> BTreeMap<String, Known> {
    let mut found = BTreeMap::new();
    let artefact = |id: InstanceId| graph.deployment.instances[id.0].artefact;
    for node in &drafts[p].nodes {
        let draft::Role::Input(port) = &node.role else { continue };
        let mut links = graph
            .deployment
            .links
            .iter()
            .filter(|link| artefact(link.to) == ArtefactRef::Pipeline(p) && link.to_port == *port);
        let mut rows = Vec::new();
        let all_sources = links.all(|link| match artefact(link.from) {
            ArtefactRef::Onramp(at) => {
                rows.push(graph.onramps[at].row);
                true
            }
            _ => false,
        });
        let known = match rows.first() {
            // the stream's own input, which no link feeds
            None if graph.head == Head::Flow => continue,
            Some(row)
                if all_sources
                    && !row.shape.is_empty()
                    && rows.iter().all(|other| std::ptr::eq(*other, *row)) =>
            {
                Known::Record(row.shape.iter().map(|(_, shape)| of_shape(*shape)).collect())
            }
            _ => known::of_repr(node.event, records),
        };
        found.insert(port.clone(), known);
    }
    found
}

/// The greatest length of an onramp's events.
fn greatest(onramp: &Onramp, repr: Repr, records: &Records) -> Option<Length> {
    if onramp.row.shape.is_empty() {
        return None;
    }
    let known = onramp.row.shape.iter().map(|(_, shape)| of_shape(*shape)).collect();
    known::total(&Known::Record(known), repr, records)
}

fn of_shape(shape: Shape) -> Known {
    let fixed = |fixed: u64| Known::Scalar(Length { fixed, hostnames: 0 });
    match shape {
        Shape::Uint => fixed(u64::MAX.to_string().len() as u64),
        Shape::Constant(text) => Known::Text(Usual::Text(text.to_owned())),
        Shape::String => Known::Unknown,
    }
}

/// All settings of the flow, and where each stands by its path.
fn definitions(graph: &Graph, facts: &Facts) -> (Vec<Definition>, BTreeMap<String, usize>) {
    let mut all = Vec::new();
    let mut add = |path: String, kind, row: &str, config: &Settings| {
        all.push(Definition { path, kind, row: row.to_owned(), config: config.clone() });
    };
    for (onramp, config) in graph.onramps.iter().zip(&facts.onramps) {
        add(format!("onramp.{}", onramp.name.text), "Onramp", onramp.row.name, config);
    }
    for (pipeline, facts) in graph.pipelines.iter().zip(&facts.pipelines) {
        for (node, config) in pipeline.nodes.iter().zip(&facts.settings) {
            if let NodeKind::Operator { name, row, .. } = &node.kind {
                add(format!("pipeline.{}.{}", pipeline.name.text, name.text), "Operator", row.name, config);
            }
        }
    }
    for (offramp, config) in graph.offramps.iter().zip(&facts.offramps) {
        add(format!("offramp.{}", offramp.name.text), "Offramp", offramp.row.name, config);
    }
    let by_path = all.iter().enumerate().map(|(at, definition)| (definition.path.clone(), at)).collect();
    (all, by_path)
}
