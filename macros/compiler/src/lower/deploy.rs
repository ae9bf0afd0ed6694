//! From the deployment to machines: one machine a connected part of the instance graph, upstream pipelines first.
//! Parts of the same build share one machine type and differ only in the names of their instances.

use std::collections::{BTreeMap, BTreeSet};

use super::code::Repr;
use super::draft::{Draft, Role};
use super::names::{self, Namer};
use super::needs;
use super::parts::{Part, parts, starts};
use super::plan::{
    End, EndAt, Fanout, Feeder, Feeders, Length, Machine, NodeKind, Payload, Pipeline, PipelineInstance,
    Program, Resumes, Sink, Source, TagType,
};
use super::room;
use crate::resolve::graph::{ArtefactRef, Graph, InstanceId, Link};

/// What a machine counts beside a source or sink, in fields named after it.
const DERIVED: &[&str] = &["_deliveries", "_errors", "_limit", "_origin", "_resumed"];

/// What machines are made from.
pub(super) struct Deploying<'a> {
    /// The graph.
    pub graph: &'a Graph,
    /// Drafts of the pipelines.
    pub drafts: &'a [Draft],
    /// Plans of the pipelines.
    pub pipelines: &'a [Pipeline],
    /// For each onramp: the representation of its events.
    pub events: &'a [Repr],
    /// For each onramp: the greatest length of its events.
    pub greatest: &'a [Option<Length>],
    /// Settings by their paths.
    pub definitions: &'a BTreeMap<String, usize>,
}

/// Makes the program.
pub(super) fn program(deploying: &Deploying<'_>, types: &mut Namer) -> Program {
    let mut program = Program { machines: Vec::new(), instances: Vec::new() };
    let mut builds: Vec<Vec<String>> = Vec::new();
    for part in parts(&deploying.graph.deployment) {
        let build = deploying.build(&part);
        let known = builds.iter().position(|other| *other == build);
        let machine = known.unwrap_or_else(|| {
            builds.push(build);
            program.machines.push(deploying.machine(&part, types));
            program.machines.len() - 1
        });
        let labels = part.all().map(|id| deploying.graph.deployment.instances[id.0].name.clone()).collect();
        program.instances.push((machine, labels));
    }
    program
}

impl Deploying<'_> {
    fn artefact(&self, id: InstanceId) -> ArtefactRef {
        self.graph.deployment.instances[id.0].artefact
    }

    fn artefact_name(&self, id: InstanceId) -> &str {
        match self.artefact(id) {
            ArtefactRef::Onramp(at) => &self.graph.onramps[at].name.text,
            ArtefactRef::Pipeline(at) => &self.graph.pipelines[at].name.text,
            ArtefactRef::Offramp(at) => &self.graph.offramps[at].name.text,
            ArtefactRef::Unknown => unreachable!("checked: all is known"),
        }
    }

    fn pipeline(&self, id: InstanceId) -> usize {
        match self.artefact(id) {
            ArtefactRef::Pipeline(at) => at,
            _ => unreachable!("the instance is one of a pipeline"),
        }
    }

    /// What makes two parts the same: their artefacts and links, whatever the instances are called.
    fn build(&self, part: &Part) -> Vec<String> {
        let artefacts = part.all().map(|id| format!("{:?}", self.artefact(*id)));
        let links = part.links.iter().map(|link| {
            let (from, to) = (part.label(link.from), part.label(link.to));
            format!("{from}/{}=>{to}/{}", link.from_port, link.to_port)
        });
        artefacts.chain(links).collect()
    }

    fn machine(&self, part: &Part, types: &mut Namer) -> Machine {
        let mut fields =
            Namer::reserving(&["cx", "next", "scratch", "labels", "turn", "entrance_turn", "pipeline_turn"]);
        let names: BTreeMap<InstanceId, String> =
            part.all().map(|id| (*id, fields.fresh_with(&self.field(part, *id), DERIVED))).collect();
        let stem = types.fresh_type(&format!("{}Machine", self.graph.name.text));
        let sinks_name = types.fresh_type(&format!("{stem}Sinks"));
        Machine {
            sources: part.sources.iter().map(|id| self.source(part, *id, &names)).collect(),
            pipelines: part
                .pipelines
                .iter()
                .map(|id| {
                    let holder = types.fresh_type(&format!("{stem}{}", names::camel(&names[id])));
                    self.pipeline_instance(part, *id, &names, holder, types)
                })
                .collect(),
            sinks: part.sinks.iter().map(|id| self.sink(part, *id, &names, types)).collect(),
            type_name: stem,
            sinks_name,
        }
    }

    /// The artefact's name, with the instance's where the part has several of the artefact.
    fn field(&self, part: &Part, id: InstanceId) -> String {
        let name = names::snake(self.artefact_name(id));
        let several = part.all().filter(|other| self.artefact(**other) == self.artefact(id)).count() > 1;
        if several {
            names::snake(&format!("{name}_{}", self.graph.deployment.instances[id.0].name))
        } else {
            name
        }
    }

    fn source(&self, part: &Part, id: InstanceId, names: &BTreeMap<InstanceId, String>) -> Source {
        let ArtefactRef::Onramp(at) = self.artefact(id) else { unreachable!("sources are onramps") };
        let onramp = &self.graph.onramps[at];
        Source {
            field: names[&id].clone(),
            label: part.label(id),
            definition: self.definitions[&format!("onramp.{}", onramp.name.text)],
            rust: onramp.row.rust.to_vec(),
            connects: onramp.row.connects,
            event: self.events[at],
            out: self.fanout(part, id, "out"),
            err: self.fanout(part, id, "err"),
            greatest: self.greatest[at],
            tallies: !onramp.row.replays
                && ["out", "err"].iter().all(|port| self.goes_one_way(part, id, port)),
            resumes: self.resumes(part, id),
        }
    }

    /// How a source goes on at start.
    fn resumes(&self, part: &Part, id: InstanceId) -> Option<Resumes> {
        let ArtefactRef::Onramp(at) = self.artefact(id) else { return None };
        let field = self.graph.onramps[at].row.resumes?;
        let logs = self.first_logs_on_disk(part, id);
        (!logs.is_empty()).then_some(Resumes { field, logs })
    }

    /// The logs on disk behind a source that are the first on some way. A log in memory is the first one, too: what comes out
    /// of it has left the source before.
    fn first_logs_on_disk(&self, part: &Part, id: InstanceId) -> Vec<(usize, usize)> {
        let mut logs = Vec::new();
        let mut passed: BTreeSet<(InstanceId, usize)> = BTreeSet::new();
        let mut ports = vec![(id, "out".to_owned()), (id, "err".to_owned())];
        while let Some((id, port)) = ports.pop() {
            for link in part.links_from(id, &port) {
                let ArtefactRef::Pipeline(p) = self.artefact(link.to) else { continue };
                let draft = &self.drafts[p];
                let k = part.pipelines.iter().position(|other| *other == link.to);
                let k = k.expect("the pipeline belongs to the part");
                let mut waiting: Vec<usize> = needs::input_node(draft, &link.to_port).into_iter().collect();
                while let Some(at) = waiting.pop() {
                    if !passed.insert((link.to, at)) {
                        continue;
                    }
                    let node = &draft.nodes[at];
                    waiting.extend(draft.err.filter(|_| node.can_fail()));
                    match &node.role {
                        Role::Log(_) if node.is_on_disk() => logs.push((k, self.plan_node(p, &node.name))),
                        Role::Log(_) => {}
                        Role::Output(port) => ports.push((link.to, port.clone())),
                        _ => waiting.extend(node.out.iter().map(|(_, to)| *to)),
                    }
                }
            }
        }
        logs.sort_unstable();
        logs
    }

    /// A log in the plan of its pipeline.
    fn plan_node(&self, p: usize, log: &str) -> usize {
        let definition = self.definitions[&format!("pipeline.{}.{log}", self.graph.pipelines[p].name.text)];
        let mut nodes = self.pipelines[p].nodes.iter();
        let node =
            nodes.position(|node| matches!(&node.kind, NodeKind::Log(log) if log.definition == definition));
        node.expect("each log is planned")
    }

    fn pipeline_instance(
        &self,
        part: &Part,
        id: InstanceId,
        names: &BTreeMap<InstanceId, String>,
        holder: String,
        types: &mut Namer,
    ) -> PipelineInstance {
        let pipeline = self.pipeline(id);
        let outputs = &self.pipelines[pipeline].outputs;
        PipelineInstance {
            field: names[&id].clone(),
            label: part.label(id),
            pipeline,
            feeders: self.feeders(part, id, names, types),
            outputs: outputs.iter().map(|output| self.fanout(part, id, &output.port)).collect(),
            holder,
        }
    }

    fn sink(
        &self,
        part: &Part,
        id: InstanceId,
        names: &BTreeMap<InstanceId, String>,
        types: &mut Namer,
    ) -> Sink {
        let ArtefactRef::Offramp(at) = self.artefact(id) else { unreachable!("sinks are offramps") };
        let offramp = &self.graph.offramps[at];
        let err = self.fanout(part, id, "err");
        Sink {
            field: names[&id].clone(),
            label: part.label(id),
            definition: self.definitions[&format!("offramp.{}", offramp.name.text)],
            rust: offramp.row.rust.to_vec(),
            connects: offramp.row.connects,
            feeders: self.feeders(part, id, names, types),
            err: (!err.ends.is_empty()).then_some(err),
            replayed: self.is_replayed(part, id),
            places: self.places(part, id),
        }
    }

    fn fanout(&self, part: &Part, id: InstanceId, port: &str) -> Fanout {
        let ends: Vec<End> = part.links_from(id, port).map(|link| self.end(part, link)).collect();
        let at_hand = self.leaving(id, port);
        let wanted: Vec<Payload> = ends.iter().map(|end| self.wanted(part, *end)).collect();
        Fanout {
            encode: !at_hand.bytes && wanted.iter().any(|payload| payload.bytes),
            tree: wanted.iter().any(|payload| payload.wants_tree_of(at_hand.event)),
            ends,
        }
    }

    /// How events leave a port.
    fn leaving(&self, id: InstanceId, port: &str) -> Payload {
        match self.artefact(id) {
            ArtefactRef::Onramp(at) if port == "out" => {
                Payload { event: Some(self.events[at]), bytes: false }
            }
            ArtefactRef::Pipeline(p) => {
                let output = self.pipelines[p].outputs.iter().find(|output| output.port == port);
                output.expect("links start at ports that exist").payload
            }
            // What is rejected or too large is told in a record.
            _ => Payload { event: Some(Repr::Value), bytes: false },
        }
    }

    /// How an end takes events.
    fn wanted(&self, part: &Part, end: End) -> Payload {
        match end.at {
            EndAt::Sink(_) => Payload::SINK,
            EndAt::Pipeline(k, input) => {
                self.pipelines[self.pipeline(part.pipelines[k])].inputs[input].payload
            }
        }
    }

    fn end(&self, part: &Part, link: &Link) -> End {
        let at = match part.pipelines.iter().position(|other| *other == link.to) {
            Some(k) => {
                let inputs = &self.pipelines[self.pipeline(link.to)].inputs;
                let input = inputs.iter().position(|input| input.port == link.to_port);
                EndAt::Pipeline(k, input.expect("resolved: the input exists"))
            }
            None => {
                let sink = part.sinks.iter().position(|other| *other == link.to);
                EndAt::Sink(sink.expect("links lead to pipelines and sinks"))
            }
        };
        let starts = starts(part, link.to);
        let feeder = starts.iter().position(|(from, port)| *from == link.from && *port == link.from_port);
        End { at, feeder: feeder.expect("the link is one of those that lead there") }
    }

    fn feeders(
        &self,
        part: &Part,
        id: InstanceId,
        names: &BTreeMap<InstanceId, String>,
        types: &mut Namer,
    ) -> Feeders {
        let starts = starts(part, id);
        let mut feeders = Feeders::default();
        let mut variants = Namer::default();
        for (from, port) in &starts {
            feeders.from.push(self.feeder(part, *from, port));
            let variant = format!("{}{}", names::camel(&names[from]), names::camel(port));
            feeders.variants.push(variants.fresh_type(&variant));
        }
        if starts.len() > 1 {
            feeders.tag_enum = Some(types.fresh_type(&format!("{}Feeder", names::camel(&names[&id]))));
        }
        feeders
    }

    fn feeder(&self, part: &Part, from: InstanceId, port: &str) -> Feeder {
        let at = |ids: &[InstanceId]| ids.iter().position(|id| *id == from);
        if let Some(source) = at(&part.sources) {
            return Feeder::Source(source);
        }
        if let Some(sink) = at(&part.sinks) {
            return Feeder::SinkError(sink);
        }
        let outputs = &self.pipelines[self.pipeline(from)].outputs;
        let output = outputs.iter().position(|output| output.port == port);
        let k = at(&part.pipelines).expect("links start at sources, pipelines and sinks");
        Feeder::Pipeline(k, output.expect("resolved: the output exists"))
    }

    /// Whether a log replays whatever an instance fails, by whatever way it came.
    fn is_replayed(&self, part: &Part, id: InstanceId) -> bool {
        let mut asked = BTreeSet::from([id]);
        let mut waiting = vec![id];
        while let Some(id) = waiting.pop() {
            for link in part.links_to(id) {
                let keeps = match self.artefact(link.from) {
                    ArtefactRef::Pipeline(p) => {
                        let outputs = &self.pipelines[p].outputs;
                        let output = outputs.iter().find(|output| output.port == link.from_port);
                        matches!(output.map(|output| output.tag), Some(TagType::Log(_)))
                    }
                    // What is rejected came from somewhere: whoever sent it there replays it, or nobody.
                    ArtefactRef::Offramp(_) => false,
                    ArtefactRef::Onramp(at) if self.graph.onramps[at].row.replays => true,
                    ArtefactRef::Onramp(_) => return false,
                    ArtefactRef::Unknown => unreachable!("checked: all is known"),
                };
                if !keeps && asked.insert(link.from) {
                    waiting.push(link.from);
                }
            }
        }
        true
    }

    /// The most places that one event of the machine can take in a sink, by all its ways together.
    fn places(&self, part: &Part, sink: InstanceId) -> u32 {
        let mut counting = Counting { part, sink, known: BTreeMap::new() };
        let mut most = 1;
        for id in &part.sources {
            most = self.places_behind(&mut counting, *id, "out").max(most);
        }
        for id in &part.sinks {
            most = self.places_behind(&mut counting, *id, "err").max(most);
        }
        for id in &part.pipelines {
            let draft = &self.drafts[self.pipeline(*id)];
            for (at, targets) in room::entrances(draft) {
                if matches!(draft.nodes[at].role, Role::Log(_)) {
                    most = self.places_through(&mut counting, *id, &targets).max(most);
                }
            }
        }
        most
    }

    /// The places that an event leaving a port takes in the sink; counted once for each port, since ways that part and
    /// meet again double with each time.
    fn places_behind(&self, counting: &mut Counting<'_>, id: InstanceId, port: &str) -> u32 {
        let key = (id, port.to_string());
        if let Some(known) = counting.known.get(&key) {
            return *known;
        }
        let part = counting.part;
        let ends = part.links_from(id, port).map(|link| match self.artefact(link.to) {
            ArtefactRef::Pipeline(p) => {
                let draft = &self.drafts[p];
                let input = needs::input_node(draft, &link.to_port).expect("resolved: the input exists");
                let targets: Vec<usize> = draft.nodes[input].out.iter().map(|(_, to)| *to).collect();
                self.places_through(counting, link.to, &targets)
            }
            _ => u32::from(link.to == counting.sink),
        });
        let places = ends.fold(0, u32::saturating_add);
        counting.known.insert(key, places);
        places
    }

    /// Whether an event that leaves a port has one answer at most: from the log or sink where it comes to rest. A linked `err`
    /// is one way more. Each port and each distributor is passed once, however many ways lead there.
    fn goes_one_way(&self, part: &Part, id: InstanceId, port: &str) -> bool {
        let (mut asked, mut shared) = (BTreeSet::new(), BTreeSet::new());
        let mut waiting = vec![(id, port.to_owned())];
        while let Some((id, port)) = waiting.pop() {
            let mut links = part.links_from(id, &port);
            let Some(link) = links.next() else { continue };
            if links.next().is_some() {
                return false;
            }
            let to = link.to;
            let ArtefactRef::Pipeline(p) = self.artefact(to) else { continue };
            let draft = &self.drafts[p];
            let input = needs::input_node(draft, &link.to_port).expect("resolved: the input exists");
            let mut groups = draft.nodes[input].groups();
            while let Some(targets) = groups.pop() {
                let mut ways = 0_u32;
                for (terminal, places) in room::demand(draft, &targets) {
                    match &draft.nodes[terminal].role {
                        Role::Output(port) if part.links_from(to, port).next().is_none() => continue,
                        Role::Output(port) => {
                            let port = (to, port.clone());
                            if asked.insert(port.clone()) {
                                waiting.push(port);
                            }
                        }
                        Role::Distributor(_) if shared.insert((to, terminal)) => {
                            groups.extend(draft.nodes[terminal].groups());
                        }
                        _ => {}
                    }
                    ways = ways.saturating_add(places);
                }
                if ways > 1 {
                    return false;
                }
            }
        }
        true
    }

    /// The places that an event sent to these nodes of a pipeline takes in the sink.
    fn places_through(&self, counting: &mut Counting<'_>, id: InstanceId, targets: &[usize]) -> u32 {
        let draft = &self.drafts[self.pipeline(id)];
        let reached = room::outputs_reached(draft, targets).into_iter();
        let places = reached.map(|(output, count)| match &draft.nodes[output].role {
            Role::Output(port) => count.saturating_mul(self.places_behind(counting, id, port)),
            _ => 0,
        });
        places.fold(0, u32::saturating_add)
    }
}

/// How many places events take in one sink, as far as that is counted.
struct Counting<'a> {
    part: &'a Part,
    sink: InstanceId,
    /// By the port that the events leave.
    known: BTreeMap<(InstanceId, String), u32>,
}
