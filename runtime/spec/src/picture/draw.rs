//! What is drawn of a table: boxes, frames around them, arrows. How each is written is in `mermaid.rs` and `dot.rs`.

use super::promise::weakest;
use super::{ANEW, InstanceKind, Node, NodeKind, Picture, Pipeline, Promise};
use crate::row::Durability;

/// How much of a flow is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Pipelines with their nodes.
    Full,
    /// Each pipeline as one box.
    Closed,
    /// [`Detail::Full`] where that has no more than 500 arrows, else [`Detail::Closed`].
    Readable,
}

/// More arrows than that are no picture any more; mermaid refuses them unless it is configured otherwise.
const MOST_ARROWS: usize = 500;

/// The shape of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Source,
    Sink,
    Pipeline,
    Port,
    Select,
    Log,
    Distributor,
}

/// A box with lines of text.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) id: String,
    pub(super) lines: Vec<String>,
    pub(super) shape: Shape,
}

/// A frame with a title; one without is not drawn.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) id: String,
    pub(super) title: Option<String>,
    pub(super) boxes: Vec<Shown>,
    pub(super) arrows: Vec<Arrow>,
}

/// An arrow between boxes.
#[derive(Debug)]
pub(super) struct Arrow {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) label: String,
    /// Only events that have failed go there.
    pub(super) dotted: bool,
}

/// All that is drawn.
#[derive(Debug)]
pub(super) struct Drawing {
    pub(super) frames: Vec<Frame>,
    pub(super) arrows: Vec<Arrow>,
}

impl Picture<'_> {
    pub(super) fn drawing(&self, detail: Detail, durability: impl Fn(&str) -> Durability) -> Drawing {
        let promises = self.promises(durability);
        let drawing = self.draw(detail != Detail::Closed, &promises);
        let arrows =
            drawing.arrows.len() + drawing.frames.iter().map(|frame| frame.arrows.len()).sum::<usize>();
        if detail == Detail::Readable && arrows > MOST_ARROWS { self.draw(false, &promises) } else { drawing }
    }

    fn draw(&self, opens: bool, promises: &[Promise]) -> Drawing {
        if self.instances.is_empty() {
            let frames = self.pipelines.iter().map(|pipeline| frame(pipeline, "p", None, |_| true));
            return Drawing { frames: frames.collect(), arrows: Vec::new() };
        }
        let mut frames = Vec::new();
        for (at, instance) in self.instances.iter().enumerate() {
            let (id, path) = (id(at), instance.path());
            let level = || {
                let mut arriving = promises.iter().filter(|promise| promise.to == at);
                let required = arriving.find_map(|promise| self.required_of(promise));
                let required =
                    required.map(|level| format!(", required: {}", level.words())).unwrap_or_default();
                weakest(promises, at).map(|level| format!("{}{required}", level.words()))
            };
            let row = || instance.kind.row().map(str::to_owned);
            let (shape, more) = match instance.kind {
                InstanceKind::Pipeline(pipeline) if opens => {
                    let is_linked = |port: &Node<'_>| self.is_linked(at, port);
                    frames.push(frame(&self.pipelines[pipeline], &id, Some(path), is_linked));
                    continue;
                }
                InstanceKind::Pipeline(_) => (Shape::Pipeline, vec![]),
                InstanceKind::Onramp { .. } => {
                    let anew = instance.kind.begins_anew().then(|| ANEW.to_owned());
                    (Shape::Source, vec![row(), anew])
                }
                InstanceKind::Offramp { .. } => (Shape::Sink, vec![row(), level()]),
            };
            let lines = std::iter::once(path).chain(more.into_iter().flatten()).collect();
            let boxes = vec![Shown { id: id.clone(), lines, shape }];
            frames.push(Frame { id, title: None, boxes, arrows: Vec::new() });
        }
        let arrows = self.links.iter().map(|link| {
            let (from, inner_from) = self.end(link.from, NodeKind::Output, link.from_port, opens);
            let (to, inner_to) = self.end(link.to, NodeKind::Input, link.to_port, opens);
            let from_port = if inner_from || link.from_port == "out" { "" } else { link.from_port };
            let to_port = if inner_to || link.to_port == "in" { "" } else { link.to_port };
            let label = match (from_port, to_port) {
                (from, "") => from.to_owned(),
                ("", to) => format!("→ {to}"),
                (from, to) => format!("{from} → {to}"),
            };
            Arrow { from, to, label, dotted: false }
        });
        Drawing { arrows: arrows.collect(), frames }
    }

    fn is_linked(&self, at: usize, port: &Node<'_>) -> bool {
        self.links.iter().any(|link| match port.kind {
            NodeKind::Input => link.to == at && link.to_port == port.name,
            _ => link.from == at && link.from_port == port.name,
        })
    }

    /// The box of an end of a link, and whether that is the port itself.
    fn end(&self, at: usize, kind: NodeKind, port: &str, opens: bool) -> (String, bool) {
        let nodes = self.pipeline(at).filter(|_| opens).map_or(&[][..], |pipeline| pipeline.nodes);
        let node = nodes.iter().position(|node| node.kind == kind && node.name == port);
        node.map_or_else(|| (id(at), false), |node| (inner(&id(at), node), true))
    }
}

fn id(instance: usize) -> String {
    format!("i{instance}")
}

fn inner(frame: &str, node: usize) -> String {
    format!("{frame}n{node}")
}

/// A pipeline with its nodes; `err` only where something comes to it that anybody can see, the input of a stream only where
/// something comes in.
fn frame(
    pipeline: &Pipeline<'_>,
    id: &str,
    title: Option<String>,
    is_linked: impl Fn(&Node<'_>) -> bool,
) -> Frame {
    let err = pipeline.err();
    let shows_failed = err.is_some_and(|err| is_linked(&pipeline.nodes[err]));
    let is_hidden = |at: usize| match &pipeline.nodes[at] {
        input if input.kind == NodeKind::Input => !is_linked(input),
        _ => Some(at) == err && !shows_failed && !pipeline.edges.iter().any(|edge| edge.to == at),
    };
    let nodes = pipeline.nodes.iter().enumerate();
    let boxes = nodes.clone().filter(|(at, _)| !is_hidden(*at)).map(|(at, node)| {
        let lines = [node.name, node.detail].into_iter().filter(|line| !line.is_empty());
        Shown { id: inner(id, at), lines: lines.map(str::to_owned).collect(), shape: shape(node) }
    });
    let mut arrows: Vec<Arrow> = pipeline
        .edges
        .iter()
        .filter(|edge| !is_hidden(edge.from))
        .map(|edge| Arrow {
            from: inner(id, edge.from),
            to: inner(id, edge.to),
            label: if edge.port == "out" { String::new() } else { edge.port.to_owned() },
            dotted: false,
        })
        .collect();
    if let (Some(err), true) = (err, shows_failed) {
        let failing = nodes.filter(|(_, node)| node.can_fail);
        arrows.extend(failing.map(|(at, _)| Arrow {
            from: inner(id, at),
            to: inner(id, err),
            label: String::new(),
            dotted: true,
        }));
    }
    Frame { id: id.to_owned(), title, boxes: boxes.collect(), arrows }
}

fn shape(node: &Node<'_>) -> Shape {
    match node.kind {
        NodeKind::Input | NodeKind::Output => Shape::Port,
        NodeKind::Select => Shape::Select,
        NodeKind::Log => Shape::Log,
        NodeKind::Distributor => Shape::Distributor,
    }
}
