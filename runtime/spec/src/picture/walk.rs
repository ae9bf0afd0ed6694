//! How events move over the table, step by step. What a walk means is not here.

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

impl<'a> Picture<'a> {
    /// Where the links from a port lead.
    pub(super) fn behind(&self, instance: usize, port: &str) -> Vec<Place> {
        let links = self.links.iter().filter(|link| link.from == instance && link.from_port == port);
        links.map(|link| Place { instance: link.to, node: self.input(link.to, link.to_port) }).collect()
    }

    /// The steps that lead on from a place. A sink is the end of a way.
    pub(super) fn steps(&self, at: Place) -> Vec<Step> {
        let (Some(pipeline), Some(node)) = (self.pipeline(at.instance), at.node) else { return Vec::new() };
        if pipeline.nodes[node].kind == NodeKind::Output {
            let behind = self.behind(at.instance, pipeline.nodes[node].name).into_iter();
            return behind.map(|to| Step { to, failed: false }).collect();
        }
        let within = |node| Place { node: Some(node), ..at };
        let edges = pipeline.edges.iter().filter(|edge| edge.from == node);
        let mut steps: Vec<Step> = edges.map(|edge| Step { to: within(edge.to), failed: false }).collect();
        if let (true, Some(err)) = (pipeline.nodes[node].can_fail, pipeline.err()) {
            steps.push(Step { to: within(err), failed: true });
        }
        steps
    }

    /// The pipeline that an instance is one of.
    pub(super) fn pipeline(&self, instance: usize) -> Option<&Pipeline<'a>> {
        match self.instances[instance].kind {
            InstanceKind::Pipeline(pipeline) => Some(&self.pipelines[pipeline]),
            _ => None,
        }
    }

    fn input(&self, instance: usize, port: &str) -> Option<usize> {
        let nodes = self.pipeline(instance)?.nodes.iter();
        nodes.clone().position(|node| node.kind == NodeKind::Input && node.name == port)
    }
}
