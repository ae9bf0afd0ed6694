//! How events move over the table, step by step. What a walk means is not here.

use std::collections::BTreeMap;

use super::{InstanceKind, NodeKind, Picture, Pipeline};

/// A place that events come to: an instance, and of a pipeline the node in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Index of the instance.
    pub instance: usize,
    /// Index of the node, in a pipeline.
    pub node: Option<usize>,
}

/// A step from one place to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// Where it leads.
    pub(super) to: Place,
    /// Whether only events go there that failed where it starts.
    pub(super) failed: bool,
}

/// The ways of a table, by where they start.
#[derive(Debug)]
pub(super) struct Ways<'p, 'a> {
    picture: &'p Picture<'a>,
    /// By instance and port.
    links: BTreeMap<(usize, &'a str), Vec<Place>>,
    /// Of each pipeline, by node.
    edges: Vec<Vec<Vec<usize>>>,
}

impl<'p, 'a> Ways<'p, 'a> {
    pub(super) fn new(picture: &'p Picture<'a>) -> Ways<'p, 'a> {
        let mut links: BTreeMap<(usize, &'a str), Vec<Place>> = BTreeMap::new();
        for link in picture.links {
            let to = Place { instance: link.to, node: picture.input(link.to, link.to_port) };
            links.entry((link.from, link.from_port)).or_default().push(to);
        }
        let edges = picture.pipelines.iter().map(|pipeline| {
            let mut edges = vec![Vec::new(); pipeline.nodes.len()];
            pipeline.edges.iter().for_each(|edge| edges[edge.from].push(edge.to));
            edges
        });
        Ways { picture, links, edges: edges.collect() }
    }

    /// Where the links from a port lead.
    pub(super) fn behind(&self, instance: usize, port: &'a str) -> &[Place] {
        self.links.get(&(instance, port)).map_or(&[], Vec::as_slice)
    }

    /// The steps that lead on from a place. A sink is the end of a way.
    pub(super) fn steps(&self, at: Place) -> Vec<Step> {
        let (InstanceKind::Pipeline(index), Some(node)) = (self.picture.instances[at.instance].kind, at.node)
        else {
            return Vec::new();
        };
        let pipeline = &self.picture.pipelines[index];
        let step = |to: Place, failed: bool| Step { to, failed };
        if pipeline.nodes[node].kind == NodeKind::Output {
            let behind = self.behind(at.instance, pipeline.nodes[node].name);
            return behind.iter().map(|to| step(*to, false)).collect();
        }
        let within = |node: usize| Place { node: Some(node), ..at };
        let err = pipeline.err().filter(|_| pipeline.nodes[node].can_fail);
        let on = self.edges[index][node].iter().map(|to| step(within(*to), false));
        on.chain(err.map(|err| step(within(err), true))).collect()
    }
}

impl<'a> Picture<'a> {
    /// The pipeline that an instance is one of.
    pub(super) fn pipeline(&self, instance: usize) -> Option<&Pipeline<'a>> {
        match self.instances[instance].kind {
            InstanceKind::Pipeline(pipeline) => Some(&self.pipelines[pipeline]),
            _ => None,
        }
    }

    fn input(&self, instance: usize, port: &str) -> Option<usize> {
        let mut nodes = self.pipeline(instance)?.nodes.iter();
        nodes.position(|node| node.kind == NodeKind::Input && node.name == port)
    }
}
