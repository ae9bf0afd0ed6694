//! The flow as a table of what it is made of, for `foreshock_spec::picture`, which says what each part of it is, and what is
//! promised of events. Here all nodes and edges of the graph are in it, by their numbers; `lower` makes another one, to be
//! drawn and kept in the program.

use foreshock_spec::OperatorRole;
use foreshock_spec::picture::{self, InstanceKind, Level, NodeKind};

use crate::resolve::graph::{self, ArtefactRef, Graph};

/// The table, owned.
#[derive(Debug)]
pub struct Picture {
    /// The flow's name.
    pub name: String,
    /// The pipelines.
    pub pipelines: Vec<Pipeline>,
    /// The instances.
    pub instances: Vec<Instance>,
    /// The links.
    pub links: Vec<Link>,
    /// What is required of the ways of events.
    pub required: Option<Level>,
}

/// A pipeline.
#[derive(Debug)]
pub struct Pipeline {
    /// Its nodes.
    pub nodes: Vec<Node>,
    /// Its edges: the node where one starts, the port there, the node to which it leads.
    pub edges: Vec<(usize, String, usize)>,
}

/// A node of a pipeline.
#[derive(Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its name or text.
    pub name: String,
    /// Its kind or condition.
    pub detail: String,
    /// Whether events can fail in it.
    pub can_fail: bool,
}

/// An instance.
#[derive(Debug)]
pub struct Instance {
    /// What it is an instance of.
    pub kind: InstanceKind,
    /// The name of the definition.
    pub name: String,
    /// The name of the instance.
    pub instance: String,
}

/// A link.
#[derive(Debug)]
pub struct Link {
    /// Index of the instance where it starts.
    pub from: usize,
    /// The port there.
    pub from_port: String,
    /// Index of the instance to which it leads.
    pub to: usize,
    /// The port there.
    pub to_port: String,
}

/// The table of a graph, all names of which are known; without what only a drawing shows.
pub(super) fn picture(graph: &Graph) -> Picture {
    let pipeline = |pipeline: &graph::Pipeline| Pipeline {
        nodes: pipeline.nodes.iter().map(node).collect(),
        edges: pipeline.edges.iter().map(|edge| (edge.from.0, edge.from_port.clone(), edge.to.0)).collect(),
    };
    Picture::new(graph, graph.pipelines.iter().map(pipeline).collect())
}

fn node(node: &graph::Node) -> Node {
    let (kind, name) = match &node.kind {
        graph::NodeKind::Input { port } => (NodeKind::Input, port.as_str()),
        graph::NodeKind::Output { port } => (NodeKind::Output, port.as_str()),
        graph::NodeKind::Operator { name, row, .. } => match row.role {
            OperatorRole::Log => (NodeKind::Log, name.text.as_str()),
            OperatorRole::Distributor => (NodeKind::Distributor, name.text.as_str()),
        },
        graph::NodeKind::Stream { name } | graph::NodeKind::Unknown { name } => {
            (NodeKind::Select, name.text.as_str())
        }
        graph::NodeKind::Select(_) => (NodeKind::Select, ""),
    };
    Node { kind, name: name.to_owned(), detail: String::new(), can_fail: false }
}

fn instance(graph: &Graph, instance: &graph::Instance) -> Instance {
    let (kind, name) = match instance.artefact {
        ArtefactRef::Onramp(at) => {
            let onramp = &graph.onramps[at];
            (InstanceKind::Onramp { row: onramp.row.name, replays: onramp.row.replays }, &onramp.name)
        }
        ArtefactRef::Pipeline(at) => (InstanceKind::Pipeline(at), &graph.pipelines[at].name),
        ArtefactRef::Offramp(at) => {
            let offramp = &graph.offramps[at];
            (InstanceKind::Offramp { row: offramp.row.name }, &offramp.name)
        }
        ArtefactRef::Unknown => unreachable!("checked: all is known"),
    };
    Instance { kind, name: name.text.clone(), instance: instance.name.clone() }
}

impl Picture {
    /// The table of a graph with these pipelines.
    pub(crate) fn new(graph: &Graph, pipelines: Vec<Pipeline>) -> Picture {
        let links = graph.deployment.links.iter().map(|link| Link {
            from: link.from.0,
            from_port: link.from_port.clone(),
            to: link.to.0,
            to_port: link.to_port.clone(),
        });
        Picture {
            name: graph.name.text.clone(),
            pipelines,
            instances: graph.deployment.instances.iter().map(|of| instance(graph, of)).collect(),
            links: links.collect(),
            required: graph.required.map(|required| required.level),
        }
    }

    /// Gives the table as it is drawn and read.
    pub fn view<R>(&self, reader: impl FnOnce(&picture::Picture<'_>) -> R) -> R {
        let parts: Vec<(Vec<_>, Vec<_>)> = self.pipelines.iter().map(Pipeline::view).collect();
        let pipelines: Vec<_> =
            parts.iter().map(|(nodes, edges)| picture::Pipeline { nodes, edges }).collect();
        let instances = self.instances.iter().map(|Instance { kind, name, instance }| picture::Instance {
            kind: *kind,
            name,
            instance,
        });
        let links = self.links.iter().map(|Link { from, from_port, to, to_port }| picture::Link {
            from: *from,
            from_port,
            to: *to,
            to_port,
        });
        reader(&picture::Picture {
            name: &self.name,
            pipelines: &pipelines,
            instances: &instances.collect::<Vec<_>>(),
            links: &links.collect::<Vec<_>>(),
            required: self.required,
        })
    }
}

impl Pipeline {
    fn view(&self) -> (Vec<picture::Node<'_>>, Vec<picture::Edge<'_>>) {
        let nodes = self.nodes.iter().map(|Node { kind, name, detail, can_fail }| picture::Node {
            kind: *kind,
            name,
            detail,
            can_fail: *can_fail,
        });
        let edges = self.edges.iter().map(|(from, port, to)| picture::Edge { from: *from, port, to: *to });
        (nodes.collect(), edges.collect())
    }
}
