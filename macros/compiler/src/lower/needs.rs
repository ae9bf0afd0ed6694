//! How events are represented on every edge (ARCHITECTURE.md, "Representations"): who must read the event as a value,
//! who wants its encoding, and where the encoding comes along already. Works on all pipelines of the flow at once, since
//! what a sink needs reaches through links to a log in another pipeline.

use super::draft::{Draft, Role};
use super::plan::Payload;
use crate::resolve::graph::{ArtefactRef, Deployment, InstanceId, Link};
use crate::syntax::ast::Head;

/// The needs of every node of every pipeline.
#[derive(Debug)]
pub(super) struct Needs {
    nodes: Vec<Vec<Need>>,
}

/// What a node needs of the events that come into it, each with the reason for which it was decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Need {
    /// Somebody reads the event as a value.
    pub event: Option<Reader>,
    /// Somebody wants the encoding.
    pub bytes: Option<Taker>,
    /// The encoding comes along.
    pub bytes_come: Option<Encoded>,
}

/// A node, by its pipeline and its place there.
pub(super) type At = (usize, usize);

/// Who reads an event as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// The expressions of a select, or its failure, which is told with the event.
    Select(At),
    /// An `err` output: what fails is told as a record.
    Err(At),
    /// Whoever drives a pipeline without a flow, at this output.
    Driver(At),
}

/// Who wants an event's encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taker {
    /// A log.
    Log(At),
    /// A sink, by its offramp's index in the graph.
    Sink(usize),
}

/// Why an encoding comes along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoded {
    /// A log, which has it, hands it on.
    Log(At),
    /// Several behind this node want it.
    Split(At),
    /// Several links behind the port that feeds this input want it.
    Links(At),
    /// Events of several shapes come to this node, and nobody reads them.
    Mixed(At),
}

/// Finds the needs of all pipelines: least fixed points, since pipelines may be linked in a row.
pub(super) fn needs(drafts: &[Draft], deployment: &Deployment, head: Head) -> Needs {
    let mut needs =
        Needs { nodes: drafts.iter().map(|draft| vec![Need::default(); draft.nodes.len()]).collect() };
    while step(&mut needs, drafts, |needs, p, at| needs.wanted(drafts, deployment, head, p, at)) {}
    while step(&mut needs, drafts, |needs, p, at| needs.coming(drafts, deployment, p, at)) {}
    needs
}

fn step(needs: &mut Needs, drafts: &[Draft], rule: impl Fn(&Needs, usize, usize) -> Need) -> bool {
    let mut changed = false;
    for (p, draft) in drafts.iter().enumerate() {
        for at in draft.order.iter().rev() {
            let found = rule(needs, p, *at);
            changed |= found != needs.nodes[p][*at];
            needs.nodes[p][*at] = found;
        }
    }
    changed
}

impl Needs {
    /// How events come into a node.
    pub(super) fn payload(&self, drafts: &[Draft], p: usize, at: usize) -> Payload {
        let need = self.nodes[p][at];
        let event = need.event.is_some() || (need.bytes.is_some() && need.bytes_come.is_none());
        Payload { event: event.then_some(drafts[p].nodes[at].event), bytes: need.bytes_come.is_some() }
    }

    /// What was decided for a node, and why.
    pub(super) fn of(&self, (p, at): At) -> Need {
        self.nodes[p][at]
    }

    /// Whether something behind a log reads the event.
    pub(super) fn is_kept(&self, drafts: &[Draft], p: usize, log: usize) -> bool {
        self.kept_for(drafts, p, log).is_some()
    }

    /// The first of those behind a log that read the event.
    pub(super) fn kept_for(&self, drafts: &[Draft], p: usize, log: usize) -> Option<Reader> {
        drafts[p].nodes[log].out.iter().find_map(|(_, to)| self.nodes[p][*to].event)
    }

    /// Whether a node must encode for these targets.
    pub(super) fn encodes(&self, drafts: &[Draft], p: usize, from: usize, targets: &[usize]) -> bool {
        self.has_bytes(drafts, p, from).is_none()
            && targets.iter().any(|to| self.nodes[p][*to].bytes_come.is_some())
    }

    fn wanted(&self, drafts: &[Draft], deployment: &Deployment, head: Head, p: usize, at: usize) -> Need {
        let node = &drafts[p].nodes[at];
        let mut need = self.nodes[p][at];
        if node.reads_event() {
            need.event = Some(Reader::Select((p, at)));
        }
        match &node.role {
            // What fails is told with the event, if anybody listens: that costs nothing until it does.
            Role::Output(_) if drafts[p].err == Some(at) => need.event = Some(Reader::Err((p, at))),
            Role::Output(port) => match head {
                Head::Pipeline => need.event = Some(Reader::Driver((p, at))),
                Head::Flow => self.of_links(drafts, deployment, p, port, &mut need),
            },
            Role::Select(..) => {}
            Role::Log(_) => {
                need.bytes = Some(Taker::Log((p, at)));
                need.event = need.event.or(self.kept_for(drafts, p, at));
            }
            Role::Input(_) | Role::Distributor(_) | Role::Stream | Role::Passthrough(_) => {
                for (_, to) in &node.out {
                    need.also(self.nodes[p][*to]);
                }
            }
        }
        need
    }

    /// What stands behind an output of any instance of a pipeline.
    fn of_links(&self, drafts: &[Draft], deployment: &Deployment, p: usize, port: &str, need: &mut Need) {
        let artefact = |id: InstanceId| deployment.instances[id.0].artefact;
        for link in &deployment.links {
            if artefact(link.from) == ArtefactRef::Pipeline(p) && link.from_port == port {
                need.also(self.of_end(drafts, deployment, link));
            }
        }
    }

    /// What stands at the end of a link.
    fn of_end(&self, drafts: &[Draft], deployment: &Deployment, link: &Link) -> Need {
        match deployment.instances[link.to.0].artefact {
            ArtefactRef::Offramp(at) => Need { bytes: Some(Taker::Sink(at)), ..Need::default() },
            ArtefactRef::Pipeline(q) => {
                input_node(&drafts[q], &link.to_port).map(|input| self.nodes[q][input]).unwrap_or_default()
            }
            ArtefactRef::Onramp(_) | ArtefactRef::Unknown => Need::default(),
        }
    }

    fn coming(&self, drafts: &[Draft], deployment: &Deployment, p: usize, at: usize) -> Need {
        let node = &drafts[p].nodes[at];
        let mut need = self.nodes[p][at];
        if need.bytes.is_none() || need.bytes_come.is_some() {
            return need;
        }
        need.bytes_come = match &node.role {
            Role::Input(port) => self.feeder_has_bytes(drafts, deployment, (p, at), port),
            // A value that nobody reads and that has no one type is better encoded where it is made.
            _ if node.is_mixed && need.event.is_none() => Some(Encoded::Mixed((p, at))),
            _ => node.sources.iter().find_map(|from| {
                let split = self.splits_bytes(&drafts[p], p, *from, at).then_some(Encoded::Split((p, *from)));
                self.has_bytes(drafts, p, *from).or(split)
            }),
        };
        need
    }

    /// Whether events leave a node with their encoding.
    fn has_bytes(&self, drafts: &[Draft], p: usize, at: usize) -> Option<Encoded> {
        match drafts[p].nodes[at].role {
            Role::Log(_) => Some(Encoded::Log((p, at))),
            Role::Select(..) => None,
            _ => self.nodes[p][at].bytes_come,
        }
    }

    /// Whether `from` sends to `at` and to others that want bytes too: encoded once, there.
    fn splits_bytes(&self, draft: &Draft, p: usize, from: usize, at: usize) -> bool {
        draft.nodes[from].groups().iter().any(|group| {
            group.contains(&at) && group.iter().filter(|to| self.nodes[p][**to].bytes.is_some()).count() > 1
        })
    }

    /// Whether some link brings the encoding to an input: it is at hand there, or other links of the same port want it too.
    fn feeder_has_bytes(
        &self,
        drafts: &[Draft],
        deployment: &Deployment,
        at: At,
        port: &str,
    ) -> Option<Encoded> {
        let artefact = |id: InstanceId| deployment.instances[id.0].artefact;
        let wants = |link: &Link| self.of_end(drafts, deployment, link).bytes.is_some();
        let mut into = deployment
            .links
            .iter()
            .filter(|link| artefact(link.to) == ArtefactRef::Pipeline(at.0) && link.to_port == port);
        into.find_map(|link| {
            let at_hand = match artefact(link.from) {
                ArtefactRef::Pipeline(q) => output_node(&drafts[q], &link.from_port)
                    .and_then(|output| self.nodes[q][output].bytes_come),
                // A rejected event comes as a value.
                ArtefactRef::Onramp(_) | ArtefactRef::Offramp(_) | ArtefactRef::Unknown => None,
            };
            let mut beside = deployment
                .links
                .iter()
                .filter(|other| other.from == link.from && other.from_port == link.from_port && wants(other));
            at_hand.or_else(|| beside.nth(1).map(|_| Encoded::Links(at)))
        })
    }
}

impl Need {
    /// With what another one needs.
    fn also(&mut self, other: Need) {
        self.event = self.event.or(other.event);
        self.bytes = self.bytes.or(other.bytes);
    }
}

/// The node of an input port.
pub(super) fn input_node(draft: &Draft, port: &str) -> Option<usize> {
    draft.nodes.iter().position(|node| matches!(&node.role, Role::Input(name) if name == port))
}

/// The node of an output port.
pub(super) fn output_node(draft: &Draft, port: &str) -> Option<usize> {
    draft.nodes.iter().position(|node| matches!(&node.role, Role::Output(name) if name == port))
}
