//! What resolve gives: every name has met its definition. `check` reads it and never changes it; `lower` decides on it.
//!
//! Two levels: each pipeline definition is a graph of nodes and edges; the deployment is a graph of instances and
//! links.

use foreshock_spec::picture::Level;
use foreshock_spec::{OfframpRow, OnrampRow, OperatorRow};
use proc_macro2::TokenStream;

pub use super::scope::{Scope, ScopeId, Scopes};
use crate::syntax::Pos;
use crate::syntax::ast::{Config, Expr, Head, Name, NamePath};

/// A whole macro call, resolved.
#[derive(Debug)]
pub struct Graph {
    /// `///` before the head.
    pub docs: Vec<String>,
    /// The visibility of what is made.
    pub visibility: TokenStream,
    /// What the macro call makes.
    pub head: Head,
    /// The name of the type to make.
    pub name: Name,
    /// `define onramp`, in the order of the text.
    pub onramps: Vec<Onramp>,
    /// `define offramp`, in the order of the text.
    pub offramps: Vec<Offramp>,
    /// `define pipeline`, in the order of the text (head `pipeline`: exactly one, named after the type in snake case).
    pub pipelines: Vec<Pipeline>,
    /// What the bindings say, mapped or not (empty for head `pipeline`).
    pub wires: Vec<Wire>,
    /// What the mappings create (empty for head `pipeline`).
    pub deployment: Deployment,
    /// What is required of the ways of events, if anything.
    pub required: Option<Required>,
}

/// `require promise`
#[derive(Clone, Copy, Debug)]
pub struct Required {
    /// What is required.
    pub level: Level,
    /// Where its name stands.
    pub pos: Pos,
}

/// A `define onramp`.
#[derive(Debug)]
pub struct Onramp {
    /// Its name.
    pub name: Name,
    /// Its docs.
    pub docs: Vec<String>,
    /// Its kind's row.
    pub row: &'static OnrampRow,
    /// Where the kind is named.
    pub kind_pos: Pos,
    /// Its config as written.
    pub config: Config,
}

/// A `define offramp`.
#[derive(Debug)]
pub struct Offramp {
    /// Its name.
    pub name: Name,
    /// Its docs.
    pub docs: Vec<String>,
    /// Its kind's row.
    pub row: &'static OfframpRow,
    /// Where the kind is named.
    pub kind_pos: Pos,
    /// Its config as written.
    pub config: Config,
}

/// Index of a node in its pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub usize);

/// A `define pipeline`, or a whole `pub pipeline`.
#[derive(Debug)]
pub struct Pipeline {
    /// Its name.
    pub name: Name,
    /// Its docs.
    pub docs: Vec<String>,
    /// Inputs first (`in` only if something reads it, or nothing at all does), then operators and selects in the
    /// order of the text, then outputs in the order of their first use.
    pub nodes: Vec<Node>,
    /// In the order of the text. A select has one edge in and one edge out.
    pub edges: Vec<Edge>,
    /// Operator definitions that no `create` uses: their configs are checked all the same.
    pub unused: Vec<Definition>,
    /// What `create operator … from` names.
    pub origins: Vec<NamePath>,
    /// Where names are looked up: the query itself first, then its modules.
    pub scopes: Scopes,
    /// All constants, those of modules too.
    pub consts: Vec<Const>,
    /// Words of statements that could not be parsed, sorted. A rule about what is missing says nothing about these.
    pub unparsed: Vec<String>,
    /// So many selects that could not be parsed do not say where they lead.
    pub lost_goals: usize,
    /// So many selects that could not be parsed do not say where they select from.
    pub lost_starts: usize,
}

/// A `const`.
#[derive(Debug)]
pub struct Const {
    /// Its name.
    pub name: Name,
    /// The scope in which it stands.
    pub scope: ScopeId,
    /// Its value as written.
    pub value: Expr,
}

impl Pipeline {
    /// The node of an input port.
    pub fn input(&self, wanted: &str) -> Option<NodeId> {
        let is_wanted = |node: &Node| matches!(&node.kind, NodeKind::Input { port } if port == wanted);
        self.nodes.iter().position(is_wanted).map(NodeId)
    }

    /// Whether no statement makes anything in it, as far as it could be parsed.
    pub fn is_empty(&self) -> bool {
        let is_own = |node: &Node| matches!(node.kind, NodeKind::Input { .. });
        self.unparsed.is_empty() && self.edges.is_empty() && self.nodes.iter().all(is_own)
    }
}

/// A `define … operator` that nothing creates.
#[derive(Debug)]
pub struct Definition {
    /// Its name.
    pub name: Name,
    /// Its kind's row.
    pub row: &'static OperatorRow,
    /// Its config as written.
    pub config: Config,
    /// The scope in which it stands.
    pub scope: ScopeId,
}

/// A node of a pipeline.
#[derive(Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// What messages point at: an operator's name at its `create`, a select's whole text, a port's first use.
    pub pos: Pos,
}

/// The kinds of nodes.
#[derive(Debug)]
pub enum NodeKind {
    /// A port through which events come: `in`, or the `side` of `from in/side`.
    Input {
        /// The port's name outside.
        port: String,
    },
    /// A port through which events go: `out`, `err`, or the `p` of `into out/p`.
    Output {
        /// The port's name outside.
        port: String,
    },
    /// A `create operator`.
    Operator {
        /// The node's name.
        name: Name,
        /// Its kind's row.
        row: &'static OperatorRow,
        /// Where its definition has its name.
        definition: Pos,
        /// The definition's config, overridden and completed by that of the create, as written.
        config: Config,
        /// For each entry of the config: the scope in which its value stands.
        scopes: Vec<ScopeId>,
        /// The ports on which it emits, in its config's order (`out` for a log; a round robin's `outputs`), plus
        /// `overflow` where the row has it. (Where the config is wrong: those that are used.)
        outputs: Vec<String>,
    },
    /// A `create stream`: hands on what comes. It is an input port of its name, too, from which it has an edge.
    Stream {
        /// The node's name.
        name: Name,
    },
    /// A `select`.
    Select(SelectNode),
    /// A node that is used, but wrongly defined, or not at all, which is reported. It has any port and any type.
    Unknown {
        /// The node's name.
        name: Name,
    },
}

/// A `select` without its ports, which are edges.
#[derive(Debug)]
pub struct SelectNode {
    /// Counts the selects of the pipeline from 0.
    pub index: usize,
    /// What is selected.
    pub target: Expr,
    /// `where …`
    pub condition: Option<Expr>,
    /// `having …`
    pub having: Option<Expr>,
}

/// An edge of a pipeline.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Where it starts.
    pub from: NodeId,
    /// The port there (`out` where none was written).
    pub from_port: String,
    /// Where it leads.
    pub to: NodeId,
    /// The port there (`in` where none was written).
    pub to_port: String,
    /// Where the user wrote it.
    pub pos: Pos,
}

/// A link of a binding between two ports of artefacts, of whatever instances. Where a mapping is wrong, typing goes by
/// these.
#[derive(Clone, Debug)]
pub struct Wire {
    /// What it starts from.
    pub from: ArtefactRef,
    /// The port there.
    pub from_port: String,
    /// What it leads to.
    pub to: ArtefactRef,
    /// The port there.
    pub to_port: String,
}

/// What the mappings create: instances of artefacts, and links between their ports.
#[derive(Debug, Default)]
pub struct Deployment {
    /// The bindings, in the order of the text.
    pub bindings: Vec<Binding>,
    /// In the order of first mention.
    pub instances: Vec<Instance>,
    /// In the order of the mappings, then of the bindings' text; a link to several ends is several links.
    pub links: Vec<Link>,
    /// Whether there is a mapping, right or wrong, or something unparsed that may be one.
    pub is_mapped: bool,
    /// Words of statements of the flow level that could not be parsed, sorted. A rule about what is missing says
    /// nothing about these.
    pub unparsed: Vec<String>,
}

/// A `define binding`, apart from what it links.
#[derive(Debug)]
pub struct Binding {
    /// Its name.
    pub name: Name,
    /// The variables of its links, sorted.
    pub variables: Vec<String>,
    /// Whether a mapping names it.
    pub is_mapped: bool,
}

/// Index of an instance in the deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceId(pub usize);

/// An instance of an artefact.
#[derive(Clone, Debug)]
pub struct Instance {
    /// What it is an instance of.
    pub artefact: ArtefactRef,
    /// Its name: `01`.
    pub name: String,
}

/// One of the graph's definitions, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArtefactRef {
    /// `Graph::onramps`
    Onramp(usize),
    /// `Graph::pipelines`
    Pipeline(usize),
    /// `Graph::offramps`
    Offramp(usize),
    /// Something that is linked, but wrongly defined, or not at all, which is reported. It has any port.
    Unknown,
}

/// A link between two ports.
#[derive(Clone, Debug)]
pub struct Link {
    /// Where it starts.
    pub from: InstanceId,
    /// The port there.
    pub from_port: String,
    /// Where it leads.
    pub to: InstanceId,
    /// The port there.
    pub to_port: String,
    /// Where the user wrote it (the starting end).
    pub from_pos: Pos,
    /// Where the user wrote it (the end it leads to).
    pub to_pos: Pos,
    /// Something of it is wrong and reported: this is what was probably meant.
    pub is_guess: bool,
}
