//! What a reader calls the places of a flow, and the reasons of `needs` in words.

use super::super::code::{Code, CodeKind, Repr, Segment};
use super::super::draft::{DraftNode, Role};
use super::super::needs::{At, Encoded, Reader, Taker};
use super::{Telling, distinct};
use crate::resolve::graph::{ArtefactRef, NodeKind};
use crate::syntax::ast::Head;
use foreshock_spec::Value;

impl Telling<'_> {
    /// A node as it is called inside its pipeline. A select goes by where it begins, as in errors: line and column.
    pub(super) fn place(&self, (p, at): At) -> String {
        let node = &self.drafts[p].nodes[at];
        let side = |port: &str, usual: &str| {
            if port == usual { port.to_owned() } else { format!("{usual}/{port}") }
        };
        match &node.role {
            Role::Input(port) => side(port, "in"),
            Role::Output(port) if port == "err" => port.clone(),
            Role::Output(port) => side(port, "out"),
            Role::Log(_) | Role::Distributor(_) => node.name.clone(),
            Role::Stream => format!("stream {}", node.name),
            Role::Passthrough(_) | Role::Select(..) => {
                let node = &self.graph.pipelines[p].nodes[at];
                let (line, column) = node.pos.start();
                let file = if node.pos.file_id().is_some() { " of its file" } else { "" };
                let word = if matches!(node.kind, NodeKind::Select(_)) { "select" } else { "node" };
                format!("{word} {line}:{}{file}", column + 1)
            }
        }
    }

    /// The same, seen from another pipeline.
    fn far_place(&self, at: At, seen_from: usize) -> String {
        let of = if at.0 == seen_from {
            String::new()
        } else {
            format!(" of pipeline {}", self.drafts[at.0].name)
        };
        format!("{}{of}", self.place(at))
    }

    /// Who reads an event.
    pub(super) fn reader(&self, reader: Reader, seen_from: usize) -> String {
        match reader {
            Reader::Select(at) => {
                let (name, node) = (self.far_place(at, seen_from), &self.drafts[at.0].nodes[at.1]);
                match self.read(node).as_slice() {
                    [] => format!("{name} may fail, and a failure is told with the event"),
                    fields => format!("{name} reads {}", fields.join(", ")),
                }
            }
            Reader::Err(at) => format!("{} tells what failed", self.far_place(at, seen_from)),
            Reader::Driver(at) => {
                format!("who drives the pipeline takes values at {}", self.far_place(at, seen_from))
            }
        }
    }

    /// Who wants an event's encoding.
    pub(super) fn taker(&self, taker: Taker, seen_from: usize) -> String {
        match taker {
            Taker::Log(at) => {
                format!("{} encodes it straight into its slot", self.far_place(at, seen_from))
            }
            Taker::Sink(at) => {
                format!("that is done just in front of offramp {}", self.graph.offramps[at].name.text)
            }
        }
    }

    /// Why an encoding comes along.
    pub(super) fn encoded(&self, encoded: Encoded, seen_from: usize) -> String {
        match encoded {
            Encoded::Log(at) => format!(
                "{} keeps the bytes, since its limit in bytes counts them",
                self.far_place(at, seen_from)
            ),
            Encoded::Split(at) => {
                format!(
                    "several behind {} want the bytes: encoded once, there",
                    self.far_place(at, seen_from)
                )
            }
            Encoded::Links(at) => format!(
                "several links in front of {} want the bytes: encoded once, before they part",
                self.far_place(at, seen_from)
            ),
            Encoded::Mixed(at) => format!(
                "events of different shapes meet at {}, and nobody reads them: each is encoded where it is made",
                self.far_place(at, seen_from)
            ),
        }
    }

    /// Why events leave a node in the form that they have as values.
    pub(super) fn origin(&self, (p, at): At) -> String {
        let node = &self.drafts[p].nodes[at];
        match &node.role {
            Role::Select(_, target) if target.repr == Repr::Value => {
                format!("{} makes it, and not all its fields are known", self.place((p, at)))
            }
            Role::Select(..) => format!("{} makes it", self.place((p, at))),
            Role::Input(port) => self.fed(p, port),
            _ if node.is_mixed => format!("events of different shapes meet at {}", self.place((p, at))),
            _ => match node.sources.first() {
                Some(from) => self.origin((p, *from)),
                None => "nothing comes here".to_owned(),
            },
        }
    }

    /// Why events come into a port in the form that they have.
    fn fed(&self, p: usize, port: &str) -> String {
        if self.graph.head == Head::Pipeline {
            return "who drives the pipeline brings any value".to_owned();
        }
        let deployment = &self.graph.deployment;
        let artefact = |id: crate::resolve::graph::InstanceId| deployment.instances[id.0].artefact;
        let links = deployment
            .links
            .iter()
            .filter(|link| artefact(link.to) == ArtefactRef::Pipeline(p) && link.to_port == port);
        let feeders = distinct(links.map(|link| match artefact(link.from) {
            ArtefactRef::Onramp(_) | ArtefactRef::Offramp(_) if link.from_port == "err" => {
                "what failed is told in a record of its own".to_owned()
            }
            ArtefactRef::Onramp(at) => {
                let onramp = &self.graph.onramps[at];
                let (name, kind) = (&onramp.name.text, onramp.row.name);
                match onramp.row.shape {
                    [] => format!("what `{kind}` gives has no known fields (onramp {name})"),
                    _ => format!("the shape of `{kind}` is closed (onramp {name})"),
                }
            }
            ArtefactRef::Pipeline(q) => format!("pipeline {} hands it on so", self.drafts[q].name),
            ArtefactRef::Offramp(_) | ArtefactRef::Unknown => String::new(),
        }));
        match feeders.as_slice() {
            [] => "nothing is linked to it".to_owned(),
            [one] => one.clone(),
            several => format!("several come to {port}: {}", several.join("; ")),
        }
    }

    /// What the expressions of a node read of its event, in quotes; the whole event as `event`.
    fn read(&self, node: &DraftNode) -> Vec<String> {
        let mut found = Vec::new();
        for code in expressions(node) {
            self.read_by(code, &mut found);
        }
        let all = found.iter().any(|field| field == "`event`");
        distinct(found.into_iter().filter(|field| !all || field == "`event`"))
    }

    fn read_by(&self, code: &Code, found: &mut Vec<String>) {
        let is_event = |code: &Code| match &code.kind {
            CodeKind::Event => true,
            CodeKind::Convert(inner) => matches!(inner.kind, CodeKind::Event),
            _ => false,
        };
        match &code.kind {
            CodeKind::Event => found.push("`event`".to_owned()),
            CodeKind::Field(inner, index) if is_event(inner) => {
                if let Repr::Record(id) = inner.repr {
                    found.push(format!("`{}`", self.records.get(id).fields[*index].key));
                }
            }
            CodeKind::Call(call) if call.path == ["op", "key"] && call.args.first().is_some_and(is_event) => {
                match call.args.get(1).map(|key| &key.kind) {
                    Some(CodeKind::Const(Value::String(key))) => found.push(format!("`{key}`")),
                    _ => found.push("`event`".to_owned()),
                }
            }
            CodeKind::Present(root, path, _) if is_event(root) => {
                match path.first() {
                    Some(Segment::Key(key)) => found.push(format!("`{key}`")),
                    _ => found.push("`event`".to_owned()),
                }
                code.parts().into_iter().skip(1).for_each(|part| self.read_by(part, found));
            }
            _ => code.parts().into_iter().for_each(|part| self.read_by(part, found)),
        }
    }
}

/// The computations over the event that comes into a node.
pub(super) fn expressions(node: &DraftNode) -> Vec<&Code> {
    match &node.role {
        Role::Passthrough(conditions) => conditions.all().collect(),
        // what `having` reads is the result
        Role::Select(conditions, target) => {
            conditions.before.iter().chain(&conditions.shared).chain([target]).collect()
        }
        _ => Vec::new(),
    }
}
