//! `from` and `into` of the selects → edges between the nodes of a query.

use std::collections::{BTreeMap, BTreeSet};

use foreshock_spec::near::{listed, nearest};

use super::graph::{Edge, Node, NodeId, NodeKind};
use super::names::{advise, meant_port};
use super::operators::Definitions;
use crate::diagnostics::{Diagnostic, Diagnostics, Rule};
use crate::syntax::Pos;
use crate::syntax::ast::{Name, PortRef};

/// The two ends of a select.
pub(super) struct Way {
    /// The select, as `Wiring::add` called it.
    pub(super) select: usize,
    pub(super) from: PortRef,
    pub(super) into: PortRef,
}

/// The nodes of a query while its edges are found.
pub(super) struct Wiring<'a> {
    pub(super) unparsed: &'a BTreeSet<String>,
    nodes: Vec<Node>,
    by_name: BTreeMap<String, usize>,
    meant: BTreeMap<String, usize>,
    /// Operators whose config does not say which ports they have: any port is one.
    open: BTreeSet<usize>,
    inputs: Vec<(String, Pos)>,
    outputs: Vec<(String, Pos)>,
    /// The ports of operators from which something selects, or probably means to.
    taken: BTreeMap<usize, BTreeSet<String>>,
    /// Names that are no nodes: where they are used, first use first.
    missing: BTreeMap<String, Missing>,
}

struct Missing {
    node: usize,
    /// What a query itself has where the name is used first.
    own: &'static [&'static str],
    uses: Vec<Pos>,
}

/// One end of an edge, before the nodes have their final numbers.
#[derive(Clone, Copy)]
enum Place {
    Input(usize),
    Node(usize),
    Output(usize),
}

struct Half {
    from: (Place, String),
    to: (Place, String),
    pos: Pos,
}

impl<'a> Wiring<'a> {
    pub(super) fn new(unparsed: &'a BTreeSet<String>) -> Wiring<'a> {
        Wiring {
            unparsed,
            nodes: Vec::new(),
            by_name: BTreeMap::new(),
            meant: BTreeMap::new(),
            open: BTreeSet::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            taken: BTreeMap::new(),
            missing: BTreeMap::new(),
        }
    }

    pub(super) fn add(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    pub(super) fn add_named(&mut self, node: Node, name: &Name, knows_ports: bool) {
        let index = self.add(node);
        self.by_name.insert(name.text.clone(), index);
        if !knows_ports {
            self.open.insert(index);
        }
    }

    /// The name of a node that is misspelt at its `create`: selects may know the right one.
    pub(super) fn add_meant(&mut self, meant: &str, name: &Name) {
        if let Some(index) = self.by_name.get(&name.text) {
            self.meant.insert(meant.to_string(), *index);
        }
    }

    /// A node by its name, or else by the name that it was meant to have.
    fn named(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).or_else(|| self.meant.get(name)).copied()
    }

    /// Where a node is created.
    pub(super) fn place(&self, name: &str) -> Option<Pos> {
        self.by_name.get(name).map(|index| self.nodes[*index].pos)
    }

    /// Whether a node is a stream.
    pub(super) fn is_stream(&self, name: &str) -> bool {
        let node = self.by_name.get(name).map(|index| &self.nodes[*index].kind);
        matches!(node, Some(NodeKind::Stream { .. }))
    }

    /// Each stream is an input, too, of its name.
    fn stream_inputs(&mut self) -> Vec<Half> {
        let mut halves = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            if let NodeKind::Stream { name } = &node.kind {
                let input = index_of(&mut self.inputs, &name.text, name.pos);
                halves.push(Half {
                    from: (Place::Input(input), "out".to_string()),
                    to: (Place::Node(index), "in".to_string()),
                    pos: name.pos,
                });
            }
        }
        halves
    }

    /// The nodes in their order, and the edges.
    pub(super) fn connect(
        mut self,
        ways: &[Way],
        definitions: &Definitions<'_>,
        pipeline: Pos,
        diagnostics: &mut Diagnostics,
    ) -> (Vec<Node>, Vec<Edge>) {
        self.take_ports(ways);
        let mut halves = Vec::new();
        for way in ways {
            let select = Place::Node(way.select);
            let from = self.source(&way.from, diagnostics);
            halves.push(Half { from, to: (select, "in".to_string()), pos: way.from.pos() });
            let to = self.target(&way.into, diagnostics);
            halves.push(Half { from: (select, "out".to_string()), to, pos: way.into.pos() });
        }
        halves.extend(self.stream_inputs());
        self.report_missing(definitions, diagnostics);
        if self.inputs.is_empty() {
            self.inputs.push(("in".to_string(), pipeline));
        }
        self.finish(halves)
    }

    fn finish(self, halves: Vec<Half>) -> (Vec<Node>, Vec<Edge>) {
        let (first_node, first_output) = (self.inputs.len(), self.inputs.len() + self.nodes.len());
        let id = |place| match place {
            Place::Input(index) => NodeId(index),
            Place::Node(index) => NodeId(first_node + index),
            Place::Output(index) => NodeId(first_output + index),
        };
        let edge = |Half { from, to, pos }: Half| Edge {
            from: id(from.0),
            from_port: from.1,
            to: id(to.0),
            to_port: to.1,
            pos,
        };
        let edges = halves.into_iter().map(edge).collect();
        let inputs = self.inputs.into_iter().map(|(port, pos)| Node { kind: NodeKind::Input { port }, pos });
        let outputs =
            self.outputs.into_iter().map(|(port, pos)| Node { kind: NodeKind::Output { port }, pos });
        (inputs.chain(self.nodes).chain(outputs).collect(), edges)
    }

    fn take_ports(&mut self, ways: &[Way]) {
        for Way { from, .. } in ways {
            if let Some(index) = self.named(&from.node.text) {
                self.taken.entry(index).or_default().insert(port_text(from, "out"));
            }
        }
    }

    /// Where a select reads.
    fn source(&mut self, port: &PortRef, diagnostics: &mut Diagnostics) -> (Place, String) {
        let out = "out".to_string();
        match port.node.text.as_str() {
            "in" => {
                // `in` is a node whose default port is `out`, as that of every node is
                let name = port.port.as_ref().filter(|port| port.text != "out").unwrap_or(&port.node);
                (Place::Input(index_of(&mut self.inputs, &name.text, port.pos())), out)
            }
            "out" | "err" | "metrics" => {
                self.nothing_comes_out_of(port, diagnostics);
                (Place::Node(self.unknown(&port.node)), out)
            }
            _ => match self.named(&port.node.text) {
                Some(index) => (Place::Node(index), self.output_port(index, port, diagnostics)),
                None => (Place::Node(self.missing_node(port, &["in"])), port_text(port, "out")),
            },
        }
    }

    /// Where a select leads.
    fn target(&mut self, port: &PortRef, diagnostics: &mut Diagnostics) -> (Place, String) {
        let entry = "in".to_string();
        match port.node.text.as_str() {
            "in" => {
                nothing_goes_into_in(port, diagnostics);
                (Place::Node(self.unknown(&port.node)), entry)
            }
            "out" => {
                let name = port.port.as_ref().unwrap_or(&port.node);
                (Place::Output(index_of(&mut self.outputs, &name.text, port.pos())), entry)
            }
            "err" | "metrics" => {
                input_port_exists(port, diagnostics);
                (Place::Output(index_of(&mut self.outputs, &port.node.text, port.pos())), entry)
            }
            _ => match self.named(&port.node.text) {
                Some(index) => {
                    if !matches!(self.nodes[index].kind, NodeKind::Unknown { .. }) {
                        input_port_exists(port, diagnostics);
                    }
                    (Place::Node(index), entry)
                }
                None => (Place::Node(self.missing_node(port, &["out", "err"])), entry),
            },
        }
    }

    /// The port of an operator from which a select reads.
    fn output_port(&mut self, index: usize, port: &PortRef, diagnostics: &mut Diagnostics) -> String {
        let written = port_text(port, "out");
        let is_open = self.open.contains(&index);
        let mut only = vec!["out".to_string()];
        let (name, outputs, is_distributor) = match &mut self.nodes[index].kind {
            NodeKind::Operator { name, outputs, row, .. } => (name, outputs, row.has_overflow()),
            NodeKind::Stream { name } => (name, &mut only, false),
            _ => return written,
        };
        if outputs.contains(&written) {
            return written;
        }
        if is_open {
            outputs.push(written.clone());
            return written;
        }
        if self.unparsed.contains(&written) {
            return written;
        }
        output_port_exists(port, &name.text, outputs, is_distributor, diagnostics);
        if port.port.is_none() && outputs.len() > 1 {
            // nobody knows which one was meant
            return written;
        }
        let taken = self.taken.entry(index).or_default();
        let meant = meant_port(&written, outputs, taken).unwrap_or(written);
        taken.insert(meant.clone());
        meant
    }

    /// A node that is not there, for the many uses of its name.
    fn missing_node(&mut self, port: &PortRef, own: &'static [&'static str]) -> usize {
        if let Some(missing) = self.missing.get_mut(&port.node.text) {
            missing.uses.push(port.node.pos);
            return missing.node;
        }
        let node = self.unknown(&port.node);
        self.missing.insert(port.node.text.clone(), Missing { node, own, uses: vec![port.node.pos] });
        node
    }

    fn unknown(&mut self, name: &Name) -> usize {
        self.add(Node { kind: NodeKind::Unknown { name: name.clone() }, pos: name.pos })
    }

    /// One error for each name, at its first use.
    fn report_missing(&self, definitions: &Definitions<'_>, diagnostics: &mut Diagnostics) {
        for (name, Missing { own, uses, .. }) in &self.missing {
            let [first, others @ ..] = uses.as_slice() else { continue };
            if self.unparsed.contains(name) {
                continue;
            }
            let defined = match definitions.place(name) {
                Some(place) => Some((String::new(), place)),
                None => definitions
                    .place_in_module(name)
                    .map(|(module, place)| (format!(" from {module}::{name}"), place)),
            };
            let error = match defined {
                Some((from, place)) => {
                    let text = format!("`{name}` is defined but never created");
                    let error = diagnostics.report(Rule::operator_not_created, *first, text);
                    error.help(format!("add the line `create operator {name}{from};`"));
                    error.note_at(place, "it is defined")
                }
                None => {
                    let text = format!("there is no operator or stream `{name}`");
                    let error = diagnostics.report(Rule::unknown_stream, *first, text);
                    self.advise_missing(name, own, definitions, error);
                    error
                }
            };
            for other in others {
                error.note_at(*other, "also used");
            }
        }
    }

    /// What to do about a name that there is not.
    fn advise_missing(
        &self,
        name: &str,
        own: &'static [&'static str],
        definitions: &Definitions<'_>,
        error: &mut Diagnostic,
    ) {
        let legal = || own.iter().copied().chain(self.by_name.keys().map(String::as_str));
        if nearest(name, legal()).is_none() {
            match nearest(name, definitions.names()) {
                Some(near) => error
                    .help(format!("did you mean `{near}`? It is not created: add `create operator {near};`")),
                None => error.help(format!("a stream is made by `create stream {name};`")),
            };
        }
        advise(error, name, "names", legal());
    }

    fn nothing_comes_out_of(&self, port: &PortRef, diagnostics: &mut Diagnostics) {
        let text = format!("`{}` is where events leave the query; nothing comes out of it", port.node.text);
        let error = diagnostics.report(Rule::nothing_comes_out, port.node.pos, text);
        error.help("select from `in` or from an operator");
    }
}

fn nothing_goes_into_in(port: &PortRef, diagnostics: &mut Diagnostics) {
    let error = diagnostics.report(
        Rule::nothing_goes_in,
        port.node.pos,
        "`in` is where events come into the query; nothing leads there",
    );
    error.help("select into `out`, `err` or an operator");
}

/// Whatever takes events takes them at `in`.
fn input_port_exists(port: &PortRef, diagnostics: &mut Diagnostics) {
    let Some(name) = port.port.as_ref().filter(|name| name.text != "in") else { return };
    let text = format!("`{}` has no port `{}` for events to come in", port.node.text, name.text);
    diagnostics.report(Rule::unknown_port, name.pos, text).help(format!("write `into {}`", port.node.text));
}

fn output_port_exists(
    port: &PortRef,
    operator: &str,
    outputs: &[String],
    is_distributor: bool,
    diagnostics: &mut Diagnostics,
) {
    let ports = outputs.iter().map(String::as_str);
    match &port.port {
        Some(name) => {
            let error = diagnostics.report(
                Rule::unknown_port,
                name.pos,
                format!("`{operator}` has no port `{}`", name.text),
            );
            if is_distributor && nearest(&name.text, ports.clone()).is_none() {
                let name = &name.text;
                error.help(format!(
                    "its ports are named by its key `outputs`, as in `outputs = [\"{name}\", …]`"
                ));
            }
            advise(error, &name.text, "ports", ports);
        }
        None => {
            let error = diagnostics.report(
                Rule::port_not_said,
                port.node.pos,
                format!("`{operator}` has no port `out`: say which"),
            );
            let whole: Vec<String> = ports.map(|port| format!("{operator}/{port}")).collect();
            error.help(format!("write one of {}", listed(whole.iter().map(String::as_str))));
        }
    }
}

fn port_text(port: &PortRef, default: &str) -> String {
    port.port.as_ref().map_or(default, |port| port.text.as_str()).to_string()
}

/// The index of a port, which begins with its first use.
fn index_of(ports: &mut Vec<(String, Pos)>, name: &str, pos: Pos) -> usize {
    if let Some(index) = ports.iter().position(|(port, _)| port == name) {
        return index;
    }
    ports.push((name.to_string(), pos));
    ports.len() - 1
}
