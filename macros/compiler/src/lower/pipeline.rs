//! From a finished draft to the plan of a pipeline: names, tags, ways forward, demands.

use std::collections::BTreeMap;

use super::code::Repr;
use super::cuts;
use super::draft::{Conditions, Draft, DraftNode, Listener, Role};
use super::known::{self, Known};
use super::names::{self, Namer};
use super::needs::Needs;
use super::plan::{
    Demand, Distributor, Failure, Forward, Input, Length, Log, Node, NodeKind, Output, Pipeline, Select,
    TagEnum, TagType, Target, UsualField,
};
use super::records::Records;
use super::room;

/// Methods that every pipeline has.
const RESERVED: &[&str] =
    &["new", "pump", "answer_tagged", "next_answer", "failed", "report", "room", "push", "answer"];

/// What the plan of one pipeline is made from.
pub(super) struct Planning<'a> {
    /// All drafts: needs reach across.
    pub drafts: &'a [Draft],
    /// Which one.
    pub p: usize,
    /// What its type is called, if its own name does not say so.
    pub called: Option<&'a str>,
    /// The needs of all.
    pub needs: &'a Needs,
    /// The structs.
    pub records: &'a Records,
    /// For each input port into which something comes: what is known of that.
    pub input_known: &'a BTreeMap<String, Known>,
    /// Settings of the operators, by their paths.
    pub definitions: &'a BTreeMap<String, usize>,
}

/// Makes the plan of one pipeline.
pub(super) fn plan(planning: &Planning<'_>, types: &mut Namer) -> Pipeline {
    let draft = planning.draft();
    let type_name = types
        .fresh_type_with(&names::camel(planning.called.unwrap_or(&draft.name)), &["Ports", "Out", "Tag"]);
    let ports_name = format!("{type_name}Ports");
    let out_name = format!("{type_name}Out");
    let places = planning.places();
    let mut methods = Namer::reserving(RESERVED);
    let nodes = planning.nodes(&places, &mut methods);
    let inputs = planning.inputs(&places, &mut methods);
    let outputs = planning.outputs(&places, &mut methods);
    let is_log = |at: &usize| matches!(draft.nodes[*at].role, Role::Log(_));
    let logs = draft.order.iter().rev().filter(|at| is_log(at)).map(|at| places.node(*at)).collect();
    Pipeline {
        name: draft.name.clone(),
        tag_enum: planning.tag_enum(&places, &type_name),
        type_name,
        ports_name,
        out_name,
        inputs,
        outputs,
        nodes,
        logs,
    }
}

/// Where the draft's nodes stand in the plan.
struct Places {
    targets: Vec<Option<Target>>,
}

impl Places {
    fn target(&self, at: usize) -> Target {
        self.targets[at].expect("events go to operators, selects and outputs")
    }

    fn node(&self, at: usize) -> usize {
        match self.target(at) {
            Target::Node(node) => node,
            Target::Output(_) => unreachable!("an output is not a node of the plan"),
        }
    }

    fn output(&self, at: usize) -> usize {
        match self.target(at) {
            Target::Output(output) => output,
            Target::Node(_) => unreachable!("a node is not an output of the plan"),
        }
    }
}

impl Planning<'_> {
    fn draft(&self) -> &Draft {
        &self.drafts[self.p]
    }

    fn places(&self) -> Places {
        let (mut nodes, mut outputs) = (0, 0);
        let next = |counter: &mut usize| {
            *counter += 1;
            *counter - 1
        };
        let targets = self.draft().nodes.iter().map(|node| match node.role {
            Role::Input(_) => None,
            Role::Output(_) => Some(Target::Output(next(&mut outputs))),
            _ => Some(Target::Node(next(&mut nodes))),
        });
        Places { targets: targets.collect() }
    }

    fn inputs(&self, places: &Places, methods: &mut Namer) -> Vec<Input> {
        let nodes = self.draft().nodes.iter().enumerate();
        let inputs = nodes.filter_map(|(at, node)| match &node.role {
            Role::Input(port) => Some((at, node, port)),
            _ => None,
        });
        inputs
            .map(|(at, node, port)| Input {
                port: port.clone(),
                push: methods.fresh(&format!("push_{}", names::snake(port))),
                room: methods.fresh(&format!("room_{}", names::snake(port))),
                event: node.event,
                payload: self.needs.payload(self.drafts, self.p, at),
                forward: self.forward(places, at, &node.out.iter().map(|(_, to)| *to).collect::<Vec<_>>()),
                demand: self.demand(places, &node.out.iter().map(|(_, to)| *to).collect::<Vec<_>>()),
            })
            .collect()
    }

    fn outputs(&self, places: &Places, methods: &mut Namer) -> Vec<Output> {
        let nodes = self.draft().nodes.iter().enumerate();
        let outputs = nodes.filter_map(|(at, node)| match &node.role {
            Role::Output(port) => Some((at, node, port)),
            _ => None,
        });
        let mut port_methods = Namer::default();
        let mut variants = Namer::default();
        let most_places = room::most_places(self.draft());
        outputs
            .map(|(at, node, port)| Output {
                port: port.clone(),
                method: port_methods.fresh(&names::snake(port)),
                room: port_methods.fresh(&format!("room_{}", names::snake(port))),
                answer: methods.fresh(&format!("answer_{}", names::snake(port))),
                variant: variants.fresh_type(&names::camel(port)),
                tag: tag_type(node, places),
                event: node.event,
                payload: self.needs.payload(self.drafts, self.p, at),
                places: most_places.get(&at).copied().unwrap_or(1),
            })
            .collect()
    }

    fn nodes(&self, places: &Places, methods: &mut Namer) -> Vec<Node> {
        let mut fields = Namer::reserving(&["scratch", "query", "feeder", "turn", "recent"]);
        let apart = cuts::apart(self.draft());
        let nodes = self.draft().nodes.iter().enumerate();
        let own = nodes.filter(|(at, _)| matches!(places.targets[*at], Some(Target::Node(_))));
        own.map(|(at, node)| {
            let stem = names::snake(&node.name);
            let (method, kind) = match &node.role {
                Role::Log(_) => {
                    let field = fields.fresh(&stem);
                    methods.take(["pump", "answer_at"].map(|what| format!("{what}_{field}")));
                    (format!("at_{field}"), NodeKind::Log(self.log(places, at, field)))
                }
                Role::Distributor(outputs) => {
                    let field = fields.fresh(&stem);
                    methods.take([format!("room_at_{field}")]);
                    (
                        format!("at_{field}"),
                        NodeKind::Distributor(self.distributor(places, at, field, outputs)),
                    )
                }
                Role::Stream => {
                    (format!("stream_{stem}"), NodeKind::Select(Box::new(self.select(places, at))))
                }
                _ => (format!("select_{stem}"), NodeKind::Select(Box::new(self.select(places, at)))),
            };
            Node {
                method: methods.fresh(&method),
                tag: tag_type(node, places),
                payload: self.needs.payload(self.drafts, self.p, at),
                apart: apart[at],
                kind,
            }
        })
        .collect()
    }

    fn log(&self, places: &Places, at: usize, field: String) -> Log {
        let node = &self.draft().nodes[at];
        let targets = node.targets("out");
        Log {
            definition: self.definition(&node.name),
            on_disk: node.is_on_disk(),
            keeps: self.needs.is_kept(self.drafts, self.p, at).then_some(node.event),
            greatest: self.greatest(at),
            usual: self.usual(self.known_into(at)),
            forward: self.forward(places, at, &targets),
            demand: plan_demand(places, room::demand_of_log(self.draft(), at)),
            failure: self.failure(places),
            field,
        }
    }

    fn distributor(&self, places: &Places, at: usize, field: String, outputs: &[String]) -> Distributor {
        let node = &self.draft().nodes[at];
        let way = |port: &str| {
            let targets = node.targets(port);
            (self.forward(places, at, &targets), self.demand(places, &targets))
        };
        let overflow = node.out.iter().any(|(port, _)| port == "overflow");
        Distributor {
            definition: self.definition(&node.name),
            outputs: outputs.iter().map(|port| way(port)).collect(),
            overflow: overflow.then(|| way("overflow")),
            adds_up: room::adds_up(self.draft(), at),
            field,
        }
    }

    fn select(&self, places: &Places, at: usize) -> Select {
        let node = &self.draft().nodes[at];
        let (conditions, target) = match &node.role {
            Role::Stream => (Conditions::default(), None),
            Role::Passthrough(conditions) => (conditions.clone(), None),
            Role::Select(conditions, target) => (conditions.clone(), Some(target.clone())),
            _ => unreachable!("only selects and streams are planned as selects"),
        };
        let targets: Vec<usize> = node.out.iter().map(|(_, to)| *to).collect();
        Select {
            written: node.written.clone(),
            condition: conditions.before,
            target,
            having: conditions.behind,
            shared: conditions.shared,
            forward: self.forward(places, at, &targets),
            failure: node.can_fail().then(|| self.failure(places)),
        }
    }

    fn failure(&self, places: &Places) -> Failure {
        Failure { output: places.output(self.draft().err.expect("what can fail has an `err`")) }
    }

    fn forward(&self, places: &Places, from: usize, targets: &[usize]) -> Forward {
        let encode = self.needs.encodes(self.drafts, self.p, from, targets);
        let at_hand = self.at_hand(from);
        // To `err` goes a value of its own, if that is linked.
        let mut taking = targets.iter().filter(|to| self.draft().err != Some(**to));
        Forward {
            encode,
            tree: taking.any(|to| self.needs.payload(self.drafts, self.p, *to).wants_tree_of(at_hand)),
            usual: if encode { self.usual(self.known_behind(from)) } else { Vec::new() },
            targets: targets.iter().map(|to| places.target(*to)).collect(),
        }
    }

    /// In which form an event leaves a node, beside its encoding.
    fn at_hand(&self, from: usize) -> Option<Repr> {
        match &self.draft().nodes[from] {
            DraftNode { role: Role::Select(_, target), .. } => Some(target.repr),
            node if matches!(node.role, Role::Log(_)) => {
                self.needs.is_kept(self.drafts, self.p, from).then_some(node.event)
            }
            _ => self.needs.payload(self.drafts, self.p, from).event,
        }
    }

    fn demand(&self, places: &Places, targets: &[usize]) -> Vec<Demand> {
        plan_demand(places, room::demand(self.draft(), targets))
    }

    fn definition(&self, operator: &str) -> usize {
        self.definitions[&format!("pipeline.{}.{operator}", self.draft().name)]
    }

    /// The greatest length of an entry of a log, if each root event makes at most one entry of a known length.
    fn greatest(&self, log: usize) -> Option<Length> {
        let draft = self.draft();
        let roots = draft.nodes.iter().filter(|node| matches!(node.role, Role::Input(_) | Role::Log(_)));
        let entries = roots.map(|root| {
            let targets: Vec<usize> = root.out.iter().map(|(_, to)| *to).collect();
            room::demand(draft, &targets).get(&log).copied().unwrap_or(0)
        });
        let behind_distributor = draft.nodes[log]
            .sources
            .iter()
            .any(|from| matches!(draft.nodes[*from].role, Role::Distributor(_)));
        if behind_distributor || entries.max().unwrap_or(0) > 1 {
            return None;
        }
        let mut greatest = Length::default();
        for from in &draft.nodes[log].sources {
            let (known, repr) = self.known_behind(*from);
            greatest = greatest.max(known::total(&known, repr, self.records)?);
        }
        Some(greatest)
    }

    fn usual(&self, (known, repr): (Known, Repr)) -> Vec<UsualField> {
        known::usual(&known, repr, self.records)
    }

    /// What is known of what leaves a node.
    fn known_behind(&self, at: usize) -> (Known, Repr) {
        let node = &self.draft().nodes[at];
        match &node.role {
            Role::Input(port) => (self.input_known.get(port).cloned().unwrap_or(Known::Unknown), node.event),
            Role::Select(_, target) => {
                let (event, _) = self.known_into(at);
                (known::of_code(target, &event, self.records), target.repr)
            }
            _ => self.known_into(at),
        }
    }

    fn known_into(&self, at: usize) -> (Known, Repr) {
        let node = &self.draft().nodes[at];
        let is_silent = |from: &usize| match &self.draft().nodes[*from].role {
            Role::Input(port) => !self.input_known.contains_key(port),
            _ => false,
        };
        let sources: Vec<usize> = node.sources.iter().copied().filter(|from| !is_silent(from)).collect();
        match sources.as_slice() {
            [from] => self.known_behind(*from),
            _ => (known::of_repr(node.event, self.records), node.event),
        }
    }

    fn tag_enum(&self, places: &Places, type_name: &str) -> Option<TagEnum> {
        let several = self.draft().nodes.iter().filter(|node| node.listeners.len() > 1);
        let listeners: std::collections::BTreeSet<Listener> =
            several.flat_map(|node| node.listeners.iter().copied()).collect();
        if listeners.is_empty() {
            return None;
        }
        let mut variants = Namer::reserving(&["Input"]);
        let log_variant = |at: usize, variants: &mut Namer| {
            (places.node(at), variants.fresh_type(&names::camel(&self.draft().nodes[at].name)))
        };
        Some(TagEnum {
            name: format!("{type_name}Tag"),
            input: listeners.contains(&Listener::Input).then(|| "Input".to_owned()),
            logs: listeners
                .iter()
                .filter_map(|listener| match listener {
                    Listener::Log(at) => Some(log_variant(*at, &mut variants)),
                    Listener::Input => None,
                })
                .collect(),
        })
    }
}

fn plan_demand(places: &Places, demand: BTreeMap<usize, u32>) -> Vec<Demand> {
    let one = |(at, count)| Demand { terminal: places.target(at), places: count };
    demand.into_iter().map(one).collect()
}

/// Who listens upstream of a node.
fn tag_type(node: &DraftNode, places: &Places) -> TagType {
    let mut listeners = node.listeners.iter();
    match (listeners.next(), listeners.next()) {
        (Some(Listener::Input), None) | (None, _) => TagType::Input,
        (Some(Listener::Log(at)), None) => TagType::Log(places.node(*at)),
        (Some(_), Some(_)) => TagType::Several,
    }
}
