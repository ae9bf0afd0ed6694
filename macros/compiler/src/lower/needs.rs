//! How events are represented on every edge (ARCHITECTURE.md, "Representations"): who must read the event as a value,
//! who wants its encoding, and where the encoding comes along already. Works on all pipelines of the flow at once, since
//! what a sink needs reaches through links to a log in another pipeline.

use super::draft::{Draft, Role};
use super::plan::Payload;
use crate::resolve::graph::{ArtefactRef, Deployment, InstanceId};
use crate::syntax::ast::Head;

/// The needs of every node of every pipeline.
#[derive(Debug)]
pub(super) struct Needs {
    nodes: Vec<Vec<Need>>,
}

/// What a node needs of the events that come into it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Need {
    /// Somebody reads the event as a value.
    pub event: bool,
    /// Somebody wants the encoding.
    pub bytes: bool,
    /// The encoding comes along.
    pub bytes_come: bool,
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
        let event = need.event || (need.bytes && !need.bytes_come);
        Payload { event: event.then_some(drafts[p].nodes[at].event), bytes: need.bytes_come }
    }

    /// Whether something behind a log reads the event.
    pub(super) fn is_kept(&self, drafts: &[Draft], p: usize, log: usize) -> bool {
        drafts[p].nodes[log].out.iter().any(|(_, to)| self.nodes[p][*to].event)
    }

    /// Whether a node must encode for these targets.
    pub(super) fn encodes(&self, drafts: &[Draft], p: usize, from: usize, targets: &[usize]) -> bool {
        !self.has_bytes(drafts, p, from) && targets.iter().any(|to| self.nodes[p][*to].bytes_come)
    }

    fn wanted(&self, drafts: &[Draft], deployment: &Deployment, head: Head, p: usize, at: usize) -> Need {
        let node = &drafts[p].nodes[at];
        let mut need = Need { event: node.reads_event(), ..Need::default() };
        match &node.role {
            // What fails is told with the event, if anybody listens: that costs nothing until it does.
            Role::Output(_) if drafts[p].err == Some(at) => need.event = true,
            Role::Output(port) => match head {
                Head::Pipeline => need.event = true,
                Head::Flow => self.of_links(drafts, deployment, p, port, &mut need),
            },
            Role::Select(..) => {}
            Role::Log(_) => {
                need.bytes = true;
                need.event = self.is_kept(drafts, p, at);
            }
            Role::Input(_) | Role::Distributor(_) | Role::Stream | Role::Passthrough(_) => {
                for (_, to) in &node.out {
                    need.event |= self.nodes[p][*to].event;
                    need.bytes |= self.nodes[p][*to].bytes;
                }
            }
        }
        need
    }

    /// What stands behind an output of any instance of a pipeline.
    fn of_links(&self, drafts: &[Draft], deployment: &Deployment, p: usize, port: &str, need: &mut Need) {
        let artefact = |id: InstanceId| deployment.instances[id.0].artefact;
        for link in &deployment.links {
            if artefact(link.from) != ArtefactRef::Pipeline(p) || link.from_port != port {
                continue;
            }
            match artefact(link.to) {
                ArtefactRef::Offramp(_) => need.bytes = true,
                ArtefactRef::Pipeline(q) => {
                    if let Some(input) = input_node(&drafts[q], &link.to_port) {
                        need.event |= self.nodes[q][input].event;
                        need.bytes |= self.nodes[q][input].bytes;
                    }
                }
                ArtefactRef::Onramp(_) | ArtefactRef::Unknown => {}
            }
        }
    }

    fn coming(&self, drafts: &[Draft], deployment: &Deployment, p: usize, at: usize) -> Need {
        let node = &drafts[p].nodes[at];
        let mut need = self.nodes[p][at];
        if !need.bytes || need.bytes_come {
            return need;
        }
        need.bytes_come = match &node.role {
            Role::Input(port) => self.feeder_has_bytes(drafts, deployment, p, port),
            _ => {
                // A value that nobody reads and that has no one type is better encoded where it is made.
                (node.is_mixed && !need.event)
                    || node.sources.iter().any(|from| {
                        self.has_bytes(drafts, p, *from) || self.splits_bytes(&drafts[p], p, *from, at)
                    })
            }
        };
        need
    }

    /// Whether events leave a node with their encoding.
    fn has_bytes(&self, drafts: &[Draft], p: usize, at: usize) -> bool {
        match drafts[p].nodes[at].role {
            Role::Log(_) => true,
            Role::Select(..) => false,
            _ => self.nodes[p][at].bytes_come,
        }
    }

    /// Whether `from` sends to `at` and to others that want bytes too: encoded once, there.
    fn splits_bytes(&self, draft: &Draft, p: usize, from: usize, at: usize) -> bool {
        draft.nodes[from].groups().iter().any(|group| {
            group.contains(&at) && group.iter().filter(|to| self.nodes[p][**to].bytes).count() > 1
        })
    }

    fn feeder_has_bytes(&self, drafts: &[Draft], deployment: &Deployment, p: usize, port: &str) -> bool {
        let artefact = |id: InstanceId| deployment.instances[id.0].artefact;
        deployment.links.iter().any(|link| {
            artefact(link.to) == ArtefactRef::Pipeline(p)
                && link.to_port == port
                && match artefact(link.from) {
                    ArtefactRef::Pipeline(q) => output_node(&drafts[q], &link.from_port)
                        .is_some_and(|output| self.nodes[q][output].bytes_come),
                    // A rejected event comes as a value.
                    ArtefactRef::Onramp(_) | ArtefactRef::Offramp(_) | ArtefactRef::Unknown => false,
                }
        })
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
