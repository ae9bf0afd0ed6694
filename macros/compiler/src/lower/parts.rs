//! The connected parts of a deployment: each becomes a machine. What machines are made of them is in `deploy.rs`.

use std::collections::BTreeSet;

use crate::resolve::graph::{ArtefactRef, Deployment, InstanceId, Link};

/// A connected part: its instances, in the machine's order.
pub(super) struct Part {
    pub sources: Vec<InstanceId>,
    pub pipelines: Vec<InstanceId>,
    pub sinks: Vec<InstanceId>,
    pub links: Vec<Link>,
}

/// The connected parts of the deployment, in the order of their first instances.
pub(super) fn parts(deployment: &Deployment) -> Vec<Part> {
    let count = deployment.instances.len();
    let mut part_of: Vec<usize> = (0..count).collect();
    let mut changed = true;
    while changed {
        changed = false;
        for link in &deployment.links {
            let least = part_of[link.from.0].min(part_of[link.to.0]);
            changed |= part_of[link.from.0] != least || part_of[link.to.0] != least;
            part_of[link.from.0] = least;
            part_of[link.to.0] = least;
        }
    }
    let numbers: BTreeSet<usize> = part_of.iter().copied().collect();
    numbers.into_iter().map(|number| part(deployment, |id| part_of[id.0] == number)).collect()
}

fn part(deployment: &Deployment, is_member: impl Fn(InstanceId) -> bool) -> Part {
    let members = (0..deployment.instances.len()).map(InstanceId).filter(|id| is_member(*id));
    let links: Vec<Link> = deployment.links.iter().filter(|link| is_member(link.from)).cloned().collect();
    let mut part = Part { sources: Vec::new(), pipelines: Vec::new(), sinks: Vec::new(), links };
    let mut pipelines = Vec::new();
    for id in members {
        match deployment.instances[id.0].artefact {
            ArtefactRef::Onramp(_) => part.sources.push(id),
            ArtefactRef::Pipeline(_) => pipelines.push(id),
            ArtefactRef::Offramp(_) => part.sinks.push(id),
            ArtefactRef::Unknown => unreachable!("checked: all is known"),
        }
    }
    // Upstream first. (Links have no cycle: checked.)
    while !pipelines.is_empty() {
        let feeds =
            |from: &InstanceId, to: &InstanceId| part.links.iter().any(|l| l.from == *from && l.to == *to);
        let free = pipelines.iter().position(|to| !pipelines.iter().any(|from| feeds(from, to)));
        part.pipelines.push(pipelines.remove(free.unwrap_or(0)));
    }
    part
}

impl Part {
    /// All instances; their order numbers the labels.
    pub(super) fn all(&self) -> impl Iterator<Item = &InstanceId> {
        self.sources.iter().chain(&self.pipelines).chain(&self.sinks)
    }

    pub(super) fn label(&self, id: InstanceId) -> usize {
        self.all().position(|other| *other == id).expect("the instance belongs to the part")
    }

    pub(super) fn links_from(&self, id: InstanceId, port: &str) -> impl Iterator<Item = &Link> {
        let port = port.to_owned();
        self.links.iter().filter(move |link| link.from == id && link.from_port == port)
    }

    pub(super) fn links_to(&self, id: InstanceId) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(move |link| link.to == id)
    }
}

/// The ports that feed an instance, in the order of the links, each once.
pub(super) fn starts(part: &Part, id: InstanceId) -> Vec<(InstanceId, String)> {
    let mut starts: Vec<(InstanceId, String)> = Vec::new();
    for link in part.links_to(id) {
        let start = (link.from, link.from_port.clone());
        if !starts.contains(&start) {
            starts.push(start);
        }
    }
    starts
}
