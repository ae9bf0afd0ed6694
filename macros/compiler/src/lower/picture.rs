//! The flow as a table of what it is made of: for the program's `check` and `graph`, and for the documentation of the
//! generated type. How it is drawn is in `foreshock_spec::picture`, which says too what each part of the table is.

use foreshock_spec::picture::{self, InstanceKind, NodeKind};

use super::draft::{Draft, DraftNode, Role};
use crate::resolve::graph::{self, ArtefactRef, Graph};
use crate::syntax::print;

/// More characters of a select's text are cut: the picture is to be read, and the text is in the flow.
const MOST_TEXT: usize = 56;

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

/// Makes the table of a graph.
pub(super) fn picture(graph: &Graph, drafts: &[Draft]) -> Picture {
    let links = graph.deployment.links.iter().map(|link| Link {
        from: link.from.0,
        from_port: link.from_port.clone(),
        to: link.to.0,
        to_port: link.to_port.clone(),
    });
    Picture {
        name: graph.name.text.clone(),
        pipelines: graph.pipelines.iter().zip(drafts).map(|(of, draft)| pipeline(of, draft)).collect(),
        instances: graph.deployment.instances.iter().map(|of| instance(graph, of)).collect(),
        links: links.collect(),
    }
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

fn pipeline(pipeline: &graph::Pipeline, draft: &Draft) -> Pipeline {
    let shown: Vec<usize> = draft.order.iter().copied().filter(|at| !is_edge(&draft.nodes[*at])).collect();
    let mut places: Vec<usize> = vec![0; draft.nodes.len()];
    shown.iter().enumerate().for_each(|(place, at)| places[*at] = place);
    // Where a way leads in the end that goes through bare selects.
    let end = |mut to: usize| {
        while is_edge(&draft.nodes[to]) {
            to = draft.nodes[to].out[0].1;
        }
        places[to]
    };
    let ways = shown.iter().enumerate().flat_map(|(from, at)| {
        let out = draft.nodes[*at].out.iter();
        out.map(move |(port, to)| (from, port.clone(), end(*to)))
    });
    Pipeline { edges: ways.collect(), nodes: shown.iter().map(|at| node(pipeline, draft, *at)).collect() }
}

/// A `select event` without a condition is nothing but a way.
fn is_edge(node: &DraftNode) -> bool {
    let is_bare = matches!(&node.role, Role::Passthrough(conditions) if conditions.all().next().is_none());
    is_bare && node.sources.len() <= 1 && node.out.len() == 1
}

fn node(pipeline: &graph::Pipeline, draft: &Draft, at: usize) -> Node {
    let drafted = &draft.nodes[at];
    let kind = match drafted.role {
        Role::Input(_) => NodeKind::Input,
        Role::Output(_) => NodeKind::Output,
        Role::Log(_) => NodeKind::Log,
        Role::Distributor(_) => NodeKind::Distributor,
        Role::Stream | Role::Passthrough(_) | Role::Select(..) => NodeKind::Select,
    };
    // What lower has added has no node in the graph.
    let (name, detail) = match pipeline.nodes.get(at).map(|node| &node.kind) {
        Some(graph::NodeKind::Operator { row, .. }) => {
            let on_disk = if drafted.is_on_disk() { ", on disk" } else { "" };
            (drafted.name.clone(), format!("{}{on_disk}", row.name))
        }
        Some(graph::NodeKind::Select(select)) => {
            let clauses = [("where", &select.condition), ("having", &select.having)];
            let clauses = clauses.iter().filter_map(|(word, clause)| Some((word, clause.as_ref()?)));
            let clauses: Vec<String> =
                clauses.map(|(word, clause)| format!("{word} {}", cut(&print(clause)))).collect();
            (format!("select {}", cut(&print(&select.target))), clauses.join(" "))
        }
        Some(graph::NodeKind::Stream { name }) => (format!("stream {}", name.text), String::new()),
        _ => (drafted.name.clone(), String::new()),
    };
    Node { kind, name, detail, can_fail: drafted.can_fail() }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_TEXT) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

impl Picture {
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
