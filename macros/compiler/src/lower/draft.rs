//! One pipeline on its way from graph to plan: its nodes with what lower has found out about them so far.

use std::collections::{BTreeMap, BTreeSet};

use super::code::{Code, Repr};
use super::expr::Lowering;
use super::names::{self, Namer};
use super::records::Records;
use crate::check::facts::{PipelineFacts, TypedSelect};
use crate::check::types::Type;
use crate::resolve::graph::{NodeKind, Pipeline};
use foreshock_spec::OperatorRole;

/// What a node is, as far as events are concerned.
#[derive(Clone, Debug)]
pub(super) enum Role {
    /// An input port.
    Input(String),
    /// An output port.
    Output(String),
    /// A log, in memory or on disk.
    Log(Store),
    /// A round robin with its configured outputs.
    Distributor(Vec<String>),
    /// A stream: hands on what comes.
    Stream,
    /// `select event`, perhaps with conditions.
    Passthrough(Conditions),
    /// A select that makes a new event.
    Select(Conditions, Code),
}

/// Where a log keeps its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Store {
    /// In memory.
    Memory,
    /// On disk. What it has recovered may not be what this build reads behind it: then it fails, if it `reads`.
    Disk {
        /// Whether it keeps events as values, because something behind it reads them.
        reads: bool,
    },
}

/// What a select computes beside its result: above all, whether it goes on.
#[derive(Clone, Debug, Default)]
pub(super) struct Conditions {
    /// `where`, over the event.
    pub before: Option<Code>,
    /// `having`, over the result.
    pub behind: Option<Code>,
    /// What the select computes once and uses several times.
    pub shared: Vec<Code>,
}

impl Conditions {
    /// All of it.
    pub(super) fn all(&self) -> impl Iterator<Item = &Code> {
        self.before.iter().chain(&self.behind).chain(&self.shared)
    }
}

/// A node with what is known of it.
#[derive(Clone, Debug)]
pub(super) struct DraftNode {
    /// What it is.
    pub role: Role,
    /// Its name: of the operator or port; of a select, from where it leads to where.
    pub name: String,
    /// Of a select: its ways as the user wrote them, `select … from a/b into c`; of a stream, `create stream s`.
    pub written: String,
    /// The representation of the event that comes in, were it needed.
    pub event: Repr,
    /// Edges of different types meet here.
    pub is_mixed: bool,
    /// Edges out: port and target node.
    pub out: Vec<(String, usize)>,
    /// Nodes with an edge into this.
    pub sources: Vec<usize>,
    /// Who may listen upstream.
    pub listeners: BTreeSet<Listener>,
}

/// A listener of the contraflow inside a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Listener {
    /// Whoever feeds the pipeline.
    Input,
    /// The log at this node.
    Log(usize),
}

/// A pipeline in the making. Nodes have the graph's indices; `err` may have been added behind them.
#[derive(Debug)]
pub(super) struct Draft {
    /// The definition's name.
    pub name: String,
    /// The nodes.
    pub nodes: Vec<DraftNode>,
    /// The node of the `err` output, if something can fail.
    pub err: Option<usize>,
    /// Nodes in the order of the events' way.
    pub order: Vec<usize>,
    /// By node, its place in this order.
    pub rank: Vec<usize>,
}

impl DraftNode {
    /// Whether something in it can fail for an event.
    pub(super) fn can_fail(&self) -> bool {
        match &self.role {
            Role::Log(_) => true,
            Role::Passthrough(conditions) => conditions.all().any(Code::can_fail),
            Role::Select(conditions, target) => conditions.all().chain([target]).any(Code::can_fail),
            _ => false,
        }
    }

    /// Whether it is a log on disk.
    pub(super) fn is_on_disk(&self) -> bool {
        matches!(self.role, Role::Log(Store::Disk { .. }))
    }

    /// Whether it is a log whose own events may fail: recovered ones of another shape than what is behind it reads.
    pub(super) fn may_be_unfit(&self) -> bool {
        matches!(self.role, Role::Log(Store::Disk { reads: true }))
    }

    /// Whether its expressions read the event, or a failure must tell it.
    pub(super) fn reads_event(&self) -> bool {
        match &self.role {
            Role::Passthrough(conditions) => conditions.all().any(Code::reads_event) || self.can_fail(),
            // what `having` reads is the result
            Role::Select(Conditions { before, shared, .. }, target) => {
                before.iter().chain(shared).chain([target]).any(Code::reads_event) || self.can_fail()
            }
            _ => false,
        }
    }

    /// Targets by group: an event goes to all targets of a group, and (a distributor) to one group only.
    pub(super) fn groups(&self) -> Vec<Vec<usize>> {
        match &self.role {
            Role::Distributor(_) => {
                let mut groups: Vec<Vec<usize>> = Vec::new();
                let mut of_port: BTreeMap<&str, usize> = BTreeMap::new();
                for (port, to) in &self.out {
                    let group = *of_port.entry(port).or_insert(groups.len());
                    if group == groups.len() {
                        groups.push(Vec::new());
                    }
                    groups[group].push(*to);
                }
                groups
            }
            _ => vec![self.out.iter().map(|(_, to)| *to).collect()],
        }
    }

    /// Targets of one port.
    pub(super) fn targets(&self, port: &str) -> Vec<usize> {
        self.out.iter().filter(|(from, _)| from == port).map(|(_, to)| *to).collect()
    }
}

/// Makes the draft of a pipeline. `err_linked` says whether the flow links its `err`.
pub(super) fn draft(
    pipeline: &Pipeline,
    facts: &PipelineFacts,
    err_linked: bool,
    records: &mut Records,
    types: &mut Namer,
) -> Draft {
    let mut nodes: Vec<DraftNode> = Vec::new();
    for (at, node) in pipeline.nodes.iter().enumerate() {
        let hint = format!("{}{}", names::camel(&pipeline.name.text), names::camel(&base_name(pipeline, at)));
        let event = records.repr(&facts.inputs[at], &hint, types);
        let role = match &node.kind {
            NodeKind::Input { port } => Role::Input(port.clone()),
            NodeKind::Output { port } => Role::Output(port.clone()),
            NodeKind::Operator { row, outputs, .. } => match row.role {
                OperatorRole::Log if row.is_on_disk(&facts.settings[at]) => {
                    Role::Log(Store::Disk { reads: false })
                }
                OperatorRole::Log => Role::Log(Store::Memory),
                OperatorRole::Distributor => {
                    Role::Distributor(outputs.iter().filter(|port| *port != "overflow").cloned().collect())
                }
            },
            NodeKind::Stream { .. } => Role::Stream,
            NodeKind::Unknown { .. } => unreachable!("checked: all is known"),
            NodeKind::Select(_) => {
                let select = facts.selects[at].as_ref().expect("checked: a select has typed expressions");
                select_role(select, Lowering { records, namer: types, hint, event, shared: Vec::new() })
            }
        };
        nodes.push(DraftNode {
            role,
            name: base_name(pipeline, at),
            written: written(pipeline, at),
            event,
            is_mixed: is_mixed(pipeline, facts, at),
            out: Vec::new(),
            sources: Vec::new(),
            listeners: BTreeSet::new(),
        });
    }
    for edge in &pipeline.edges {
        nodes[edge.from.0].out.push((edge.from_port.clone(), edge.to.0));
        nodes[edge.to.0].sources.push(edge.from.0);
    }
    let mut draft =
        Draft { name: pipeline.name.text.clone(), nodes, err: None, order: Vec::new(), rank: Vec::new() };
    draft.add_err(err_linked);
    draft.sort();
    draft.find_listeners();
    draft
}

fn select_role(select: &TypedSelect, mut lowering: Lowering<'_>) -> Role {
    let before = select.condition.as_ref().map(|condition| lowering.condition(condition));
    if select.is_passthrough {
        let behind = select.having.as_ref().map(|having| lowering.condition(having));
        return Role::Passthrough(Conditions { before, behind, shared: lowering.shared });
    }
    let target = lowering.expr(&select.target);
    let mut result = Lowering { event: target.repr, ..lowering };
    let behind = select.having.as_ref().map(|having| result.condition(having));
    Role::Select(Conditions { before, behind, shared: result.shared }, target)
}

/// What a node's methods are named after. A select has no name: it is told by where it leads from and to.
fn base_name(pipeline: &Pipeline, at: usize) -> String {
    match &pipeline.nodes[at].kind {
        NodeKind::Input { port } | NodeKind::Output { port } => port.clone(),
        NodeKind::Operator { name, .. } | NodeKind::Stream { name } | NodeKind::Unknown { name } => {
            name.text.clone()
        }
        NodeKind::Select(_) => {
            let port_name = |node: usize, port: &str, default: &str| {
                let name = base_name(pipeline, node);
                if port == default { name } else { format!("{name}_{port}") }
            };
            let from = pipeline.edges.iter().find(|edge| edge.to.0 == at);
            let into = pipeline.edges.iter().find(|edge| edge.from.0 == at);
            let from = from.map(|edge| port_name(edge.from.0, &edge.from_port, "out")).unwrap_or_default();
            let into = into.map(|edge| base_name(pipeline, edge.to.0)).unwrap_or_default();
            format!("{from}_into_{into}")
        }
    }
}

/// The ways of a select as the user wrote them, and how a stream is made; nothing for other nodes.
fn written(pipeline: &Pipeline, at: usize) -> String {
    let place = |node: usize, port: &str, default: &str| match &pipeline.nodes[node].kind {
        NodeKind::Input { port } if port != "in" => format!("in/{port}"),
        NodeKind::Output { port } if port != "out" && port != "err" => format!("out/{port}"),
        _ if port == default => base_name(pipeline, node),
        _ => format!("{}/{port}", base_name(pipeline, node)),
    };
    let from = pipeline.edges.iter().find(|edge| edge.to.0 == at);
    let into = pipeline.edges.iter().find(|edge| edge.from.0 == at);
    match (from, into) {
        (Some(from), Some(into)) if matches!(pipeline.nodes[at].kind, NodeKind::Select(_)) => {
            let from = place(from.from.0, &from.from_port, "out");
            format!("select … from {from} into {}", place(into.to.0, &into.to_port, "in"))
        }
        _ => match &pipeline.nodes[at].kind {
            NodeKind::Stream { name } => format!("create stream {}", name.text),
            _ => String::new(),
        },
    }
}

fn is_mixed(pipeline: &Pipeline, facts: &PipelineFacts, at: usize) -> bool {
    let mut types =
        pipeline.edges.iter().filter(|edge| edge.to.0 == at).map(|edge| &facts.outputs[edge.from.0]);
    let first: Option<&Type> = types.next();
    types.any(|ty| Some(ty) != first)
}

impl Draft {
    /// What can fail sends to `err`, whether the user selects into it or not.
    fn add_err(&mut self, is_linked: bool) {
        if !is_linked && !self.nodes.iter().any(DraftNode::can_fail) {
            return;
        }
        let is_err = |node: &DraftNode| matches!(&node.role, Role::Output(port) if port == "err");
        let err = self.nodes.iter().position(is_err).unwrap_or_else(|| {
            self.nodes.push(DraftNode {
                role: Role::Output("err".to_owned()),
                name: "err".to_owned(),
                written: String::new(),
                event: Repr::Value,
                is_mixed: true,
                out: Vec::new(),
                sources: Vec::new(),
                listeners: BTreeSet::new(),
            });
            self.nodes.len() - 1
        });
        self.nodes[err].event = Repr::Value;
        self.nodes[err].is_mixed = true;
        self.err = Some(err);
    }

    /// Orders the nodes along the events' way (the graph has no cycle: checked).
    fn sort(&mut self) {
        let mut missing: Vec<usize> = self.nodes.iter().map(|node| node.sources.len()).collect();
        let mut ready: Vec<usize> = (0..self.nodes.len()).rev().filter(|at| missing[*at] == 0).collect();
        while let Some(at) = ready.pop() {
            self.order.push(at);
            for (_, to) in self.nodes[at].out.iter().rev() {
                missing[*to] -= 1;
                if missing[*to] == 0 {
                    ready.push(*to);
                }
            }
        }
        if let Some(err) = self.err {
            // Implicit ways into `err` come from anywhere: it is last.
            self.order.retain(|at| *at != err);
            self.order.push(err);
        }
        self.rank = vec![0; self.nodes.len()];
        for (rank, at) in self.order.iter().enumerate() {
            self.rank[*at] = rank;
        }
    }

    /// Notes that something reads the events behind a log on disk.
    pub(super) fn reads_behind(&mut self, log: usize) {
        if let Role::Log(Store::Disk { reads }) = &mut self.nodes[log].role {
            *reads = true;
            self.find_listeners();
        }
    }

    fn find_listeners(&mut self) {
        for at in self.order.clone() {
            let mut listeners = BTreeSet::new();
            if let Role::Input(_) = self.nodes[at].role {
                listeners.insert(Listener::Input);
            }
            for from in self.nodes[at].sources.clone() {
                listeners.extend(self.behind(from));
            }
            if Some(at) == self.err {
                let failing = self.nodes.iter().filter(|node| node.can_fail());
                listeners.extend(failing.flat_map(|node| node.listeners.iter().copied()));
                let logs = self.nodes.iter().enumerate().filter(|(_, node)| node.may_be_unfit());
                listeners.extend(logs.map(|(log, _)| Listener::Log(log)));
            }
            self.nodes[at].listeners = listeners;
        }
    }

    /// Who listens to events that leave a node.
    fn behind(&self, at: usize) -> BTreeSet<Listener> {
        match self.nodes[at].role {
            Role::Log(_) => BTreeSet::from([Listener::Log(at)]),
            _ => self.nodes[at].listeners.clone(),
        }
    }
}
