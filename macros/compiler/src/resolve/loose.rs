//! What of a pipeline gets nowhere or comes from nowhere, which is reported where it stands. Each such place explains one
//! port that links name and the pipeline does not have; a further one is an error of its own.

use std::collections::{BTreeMap, BTreeSet};

use foreshock_spec::nearest;

use super::ends::Side;
use super::graph::{Edge, Node, NodeId, NodeKind, Pipeline};
use crate::syntax::ast::Broken;

/// Ports that links name and pipelines do not have, where something reported explains them: by pipeline and side.
#[derive(Default)]
pub(super) struct Explained(BTreeMap<(usize, bool), BTreeSet<String>>);

impl Explained {
    /// Whether a port of a pipeline may be missing because of something that is reported there: a statement that could not
    /// be parsed, a select into nowhere, or an operator that nothing feeds or reads. `is_last` where links name the
    /// side's default port too, and that one is missing: it comes first.
    pub(super) fn explains(
        &mut self,
        (index, pipeline): (usize, &Pipeline),
        side: Side,
        port: &str,
        legal: &[String],
        is_last: bool,
    ) -> bool {
        if pipeline.unparsed.iter().any(|unparsed| unparsed == port) {
            return true;
        }
        if nearest(port, legal.iter().map(String::as_str)).is_some() {
            return false;
        }
        let places = match side {
            Side::Start => loose_ends(pipeline),
            Side::Goal => loose_starts(pipeline),
        };
        let explained = self.0.entry((index, side == Side::Start)).or_default();
        if explained.contains(port) {
            return true;
        }
        let is_explained = explained.len() + usize::from(is_last) < places;
        if is_explained {
            explained.insert(port.to_string());
        }
        is_explained
    }
}

/// How many selects that could not be parsed do not say what stands behind `word`.
pub(super) fn selects_without(word: &str, broken: &[Broken]) -> usize {
    let has = |broken: &&Broken, word: &str| broken.words.iter().any(|written| written == word);
    broken.iter().filter(|broken| has(broken, "select") && !has(broken, word)).count()
}

/// At how many places events get nowhere.
fn loose_ends(pipeline: &Pipeline) -> usize {
    let selected = |at: usize, port: &str| {
        pipeline.edges.iter().any(|edge| edge.from == NodeId(at) && edge.from_port == port)
    };
    let of = |(at, node): (usize, &Node)| match &node.kind {
        NodeKind::Operator { outputs, .. } => {
            let missed = outputs.iter().filter(|port| !matches!(port.as_str(), "overflow" | "err"));
            missed.filter(|port| !selected(at, port)).count()
        }
        NodeKind::Stream { .. } => usize::from(!pipeline.edges.iter().any(|edge| edge.from == NodeId(at))),
        NodeKind::Unknown { .. } => pipeline.edges.iter().filter(|edge| edge.to == NodeId(at)).count(),
        _ => 0,
    };
    let places: usize = pipeline.nodes.iter().enumerate().map(of).sum();
    let is_end = |node: &NodeKind| matches!(node, NodeKind::Output { .. } | NodeKind::Unknown { .. });
    let is_cut_off = is_cut_off(pipeline, is_end, |edge| (edge.to, edge.from));
    places.max(usize::from(is_cut_off)) + pipeline.lost_goals
}

/// At how many places events are missing.
fn loose_starts(pipeline: &Pipeline) -> usize {
    let is_fed = |at: usize| pipeline.edges.iter().any(|edge| edge.to == NodeId(at));
    let of = |(at, node): (usize, &Node)| match &node.kind {
        NodeKind::Operator { .. } => usize::from(!is_fed(at)),
        NodeKind::Unknown { .. } => pipeline.edges.iter().filter(|edge| edge.from == NodeId(at)).count(),
        _ => 0,
    };
    let places: usize = pipeline.nodes.iter().enumerate().map(of).sum();
    let is_start = |node: &NodeKind| matches!(node, NodeKind::Input { .. } | NodeKind::Unknown { .. });
    let is_cut_off = is_cut_off(pipeline, is_start, |edge| (edge.from, edge.to));
    places.max(usize::from(is_cut_off)) + pipeline.lost_starts
}

/// Whether there is an operator or a stream that the steps do not reach from where they start. (In a circle no place is a
/// loose one.)
fn is_cut_off(
    pipeline: &Pipeline,
    starts: impl Fn(&NodeKind) -> bool,
    step: impl Fn(&Edge) -> (NodeId, NodeId),
) -> bool {
    let nodes = &pipeline.nodes;
    let mut reached: Vec<bool> = nodes.iter().map(|node| starts(&node.kind)).collect();
    let mut waiting: Vec<NodeId> = (0..nodes.len()).filter(|at| reached[*at]).map(NodeId).collect();
    let mut next: Vec<Vec<NodeId>> = vec![Vec::new(); nodes.len()];
    for edge in &pipeline.edges {
        let (from, to) = step(edge);
        next[from.0].push(to);
    }
    while let Some(at) = waiting.pop() {
        for to in &next[at.0] {
            if !std::mem::replace(&mut reached[to.0], true) {
                waiting.push(*to);
            }
        }
    }
    nodes.iter().zip(reached).any(|(node, reached)| {
        !reached && matches!(node.kind, NodeKind::Operator { .. } | NodeKind::Stream { .. })
    })
}
