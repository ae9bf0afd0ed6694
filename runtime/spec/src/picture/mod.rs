//! A flow as a table of what it is made of: pipelines with their nodes, the instances of a deployment, the links between
//! them. Generated code holds one as a constant; the compiler makes the same for the documentation that it writes.
//!
//! What the table says of delivery is told in [`promise`](self::Promise); how it is drawn is in the other files.

mod dot;
mod draw;
mod memory;
mod mermaid;
mod promise;
mod required;
mod walk;
mod windows;

pub use draw::Detail;
pub use memory::{Memory, shown_bytes, total};
pub use promise::{Keeper, Level, Promise};
pub use required::{Shortfall, WeakLink};
pub use walk::Place;
pub use windows::{Said, SmallLog};

use crate::row::find_onramp;

/// A whole flow; or a single pipeline, which has no instances.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// The flow's name.
    pub name: &'a str,
    /// Its pipelines.
    pub pipelines: &'a [Pipeline<'a>],
    /// What the mappings create.
    pub instances: &'a [Instance<'a>],
    /// What is linked.
    pub links: &'a [Link<'a>],
    /// What is required of the ways of events, if anything.
    pub required: Option<Level>,
}

/// A pipeline. A bare `select event` is an edge of it, any other select a node.
#[derive(Clone, Copy, Debug)]
pub struct Pipeline<'a> {
    /// What it is made of.
    pub nodes: &'a [Node<'a>],
    /// How events go.
    pub edges: &'a [Edge<'a>],
}

/// A part of a pipeline.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    /// What it is.
    pub kind: NodeKind,
    /// The name of a port or an operator; of a select, its text, cut where it is long.
    pub name: &'a str,
    /// The kind of an operator (`qos::wal`); the condition of a select; else empty.
    pub detail: &'a str,
    /// Whether events can fail in it, and go to `err`.
    pub can_fail: bool,
}

/// The kinds of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A port through which events come.
    Input,
    /// A port through which they leave.
    Output,
    /// A select.
    Select,
    /// An operator that keeps events until they are confirmed.
    Log,
    /// An operator that hands each event to one of its outputs.
    Distributor,
}

/// A way from one node of a pipeline to another.
#[derive(Clone, Copy, Debug)]
pub struct Edge<'a> {
    /// Index of the node where it starts.
    pub from: usize,
    /// The port there; `out` unless the node has several.
    pub port: &'a str,
    /// Index of the node to which it leads.
    pub to: usize,
}

/// An instance of an onramp, a pipeline or an offramp.
#[derive(Clone, Copy, Debug)]
pub struct Instance<'a> {
    /// What it is an instance of.
    pub kind: InstanceKind,
    /// The name of the definition.
    pub name: &'a str,
    /// The name of the instance.
    pub instance: &'a str,
}

/// The kinds of instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstanceKind {
    /// A source: the row's name, and whether it gives a failed event again.
    Onramp {
        /// `metronome`
        row: &'static str,
        /// Of the row.
        replays: bool,
    },
    /// Index of the pipeline.
    Pipeline(usize),
    /// A sink: the row's name.
    Offramp {
        /// `ws`
        row: &'static str,
    },
}

/// A link between two ports of instances.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// Index of the instance where it starts.
    pub from: usize,
    /// The port there.
    pub from_port: &'a str,
    /// Index of the instance to which it leads.
    pub to: usize,
    /// The port there.
    pub to_port: &'a str,
}

/// What is told of a source that reads from the start in each run.
const ANEW: &str = "begins at its first line in each run";

/// Short constructors, for tables that are written by the compiler.
impl<'a> Node<'a> {
    /// A node of these parts.
    pub const fn new(kind: NodeKind, name: &'a str, detail: &'a str, can_fail: bool) -> Node<'a> {
        Node { kind, name, detail, can_fail }
    }
}

impl<'a> Edge<'a> {
    /// An edge of these parts.
    pub const fn new(from: usize, port: &'a str, to: usize) -> Edge<'a> {
        Edge { from, port, to }
    }
}

impl<'a> Instance<'a> {
    /// An instance of these parts.
    pub const fn new(kind: InstanceKind, name: &'a str, instance: &'a str) -> Instance<'a> {
        Instance { kind, name, instance }
    }
}

impl<'a> Link<'a> {
    /// A link of these parts.
    pub const fn new(from: usize, from_port: &'a str, to: usize, to_port: &'a str) -> Link<'a> {
        Link { from, from_port, to, to_port }
    }
}

impl Instance<'_> {
    /// As links name it: `offramp/ws0/01`.
    pub fn path(&self) -> String {
        format!("{}/{}/{}", self.kind.word(), self.name, self.instance)
    }

    /// As settings name its definition: `offramp.ws0`.
    pub fn definition(&self) -> String {
        format!("{}.{}", self.kind.word(), self.name)
    }
}

impl InstanceKind {
    /// `onramp`, `pipeline`, `offramp`.
    pub fn word(self) -> &'static str {
        match self {
            InstanceKind::Onramp { .. } => "onramp",
            InstanceKind::Pipeline(_) => "pipeline",
            InstanceKind::Offramp { .. } => "offramp",
        }
    }

    /// Whether it is a source that begins with its first line in each run.
    pub(crate) fn begins_anew(self) -> bool {
        match self {
            InstanceKind::Onramp { row, .. } => find_onramp(row).is_some_and(|row| row.begins_anew),
            InstanceKind::Pipeline(_) | InstanceKind::Offramp { .. } => false,
        }
    }

    /// The name of its row; a pipeline has none.
    pub fn row(self) -> Option<&'static str> {
        match self {
            InstanceKind::Onramp { row, .. } | InstanceKind::Offramp { row } => Some(row),
            InstanceKind::Pipeline(_) => None,
        }
    }
}

impl Picture<'_> {
    /// What is to be known beside the promises, a sentence for each definition that it is true of: a promise holds for events
    /// that were made, and a source that begins anew in each run makes them once more.
    pub fn notes(&self) -> Vec<String> {
        let anew = self.instances.iter().filter(|instance| instance.kind.begins_anew());
        let mut notes: Vec<String> =
            anew.map(|instance| format!("{} {ANEW}", instance.definition())).collect();
        let mut seen = std::collections::BTreeSet::new();
        notes.retain(|note| seen.insert(note.clone()));
        notes
    }

    /// Whether somebody takes what leaves an instance through `err`: of the definition that settings name so (`pipeline.p`), and
    /// with this name (`01`).
    pub fn is_err_linked(&self, definition: &str, instance: &str) -> bool {
        self.links.iter().any(|link| {
            let from = &self.instances[link.from];
            link.from_port == "err" && from.instance == instance && from.definition() == definition
        })
    }
}

impl Pipeline<'_> {
    /// The port to which failed events go; `None` if nothing can fail and nothing is linked to it.
    pub(crate) fn err(&self) -> Option<usize> {
        self.nodes.iter().position(|node| node.kind == NodeKind::Output && node.name == "err")
    }
}
