//! The edges of a pipeline by their nodes, found once: rules ask for those of each node.

use foreshock_spec::nearest;

use crate::resolve::graph::{Edge, NodeId, NodeKind, Pipeline};

/// What is around each node.
pub(super) struct Around<'p> {
    pipeline: &'p Pipeline,
    into: Vec<Vec<&'p Edge>>,
    out_of: Vec<Vec<&'p Edge>>,
    /// The names that there are not, but which selects lead to.
    unknown_goals: Vec<&'p str>,
    /// Those that they select from.
    unknown_starts: Vec<&'p str>,
}

impl<'p> Around<'p> {
    pub(super) fn of(pipeline: &'p Pipeline) -> Around<'p> {
        let (mut into, mut out_of) =
            (vec![Vec::new(); pipeline.nodes.len()], vec![Vec::new(); pipeline.nodes.len()]);
        for edge in &pipeline.edges {
            into[edge.to.0].push(edge);
            out_of[edge.from.0].push(edge);
        }
        let unknown = |edges: &[Vec<&'p Edge>]| {
            let named = pipeline.nodes.iter().zip(edges).filter(|(_, edges)| !edges.is_empty());
            let name = |(node, _): (&'p crate::resolve::graph::Node, _)| match &node.kind {
                NodeKind::Unknown { name } => Some(name.text.as_str()),
                _ => None,
            };
            named.filter_map(name).collect()
        };
        let (unknown_goals, unknown_starts) = (unknown(&into), unknown(&out_of));
        Around { pipeline, into, out_of, unknown_goals, unknown_starts }
    }

    /// The edges that lead to a node, in the order of the text.
    pub(super) fn into(&self, node: NodeId) -> &[&'p Edge] {
        &self.into[node.0]
    }

    /// The edges that begin at a node.
    pub(super) fn out_of(&self, node: NodeId) -> &[&'p Edge] {
        &self.out_of[node.0]
    }

    /// Whether a select leads to a name that there is not, where this one was most likely meant. That is reported.
    pub(super) fn is_misspelt_goal(&self, name: &str) -> bool {
        self.unknown_goals.iter().any(|written| nearest(written, [name]).is_some())
    }

    /// The same of a name that a select reads from.
    pub(super) fn is_misspelt_start(&self, name: &str) -> bool {
        self.unknown_starts.iter().any(|written| nearest(written, [name]).is_some())
    }

    /// Whether a node is the input of streams that selects feed: no link need lead into it.
    pub(super) fn may_stay_unlinked(&self, input: NodeId) -> bool {
        let is_fed = |stream: NodeId| self.into(stream).iter().any(|edge| edge.from != input);
        let is_stream = |node: NodeId| matches!(self.pipeline.nodes[node.0].kind, NodeKind::Stream { .. });
        let readers = self.out_of(input);
        !readers.is_empty() && readers.iter().all(|edge| is_stream(edge.to) && is_fed(edge.to))
    }
}
