//! The plan of representations, told: for each way of a flow in which form events go there and why, and each place where they change
//! it. What is told is read off the plan that `emit` prints, and the reasons off what `needs` noted when it decided; nothing is
//! decided here.

mod convert;
mod links;
mod words;

use foreshock_spec::forms::{self, Change, Form, Often};

use super::code::Repr;
use super::draft::{Draft, Listener, Role};
use super::needs::{At, Needs};
use super::plan::{Definition, Payload, Pipeline, Program, TagType};
use super::records::Records;
use crate::resolve::graph::{ArtefactRef, Graph};

/// The table, as `foreshock_spec::forms` has it.
#[derive(Debug, Default)]
pub struct Forms {
    /// The forms on each way.
    pub ways: Vec<Way>,
    /// Where they change.
    pub conversions: Vec<Conversion>,
}

/// A form on a way.
#[derive(Debug)]
pub struct Way {
    /// The pipeline, or the links of a machine.
    pub part: String,
    /// Where it starts and where it leads.
    pub ends: [String; 2],
    /// The form.
    pub form: Form,
    /// The shape, of what is typed.
    pub shape: String,
    /// Why.
    pub why: String,
}

/// A change of form.
#[derive(Debug)]
pub struct Conversion {
    /// The pipeline, or the links of a machine.
    pub part: String,
    /// What is done.
    pub change: Change,
    /// Where.
    pub at: String,
    /// How often.
    pub often: Often,
    /// Why.
    pub why: String,
}

impl Forms {
    /// The same, borrowed.
    pub fn view<T>(&self, look: impl FnOnce(forms::Forms<'_>) -> T) -> T {
        let ways = self.ways.iter().map(|Way { part, ends: [from, to], form, shape, why }| {
            forms::Way::new(part, [from, to], *form, shape, why)
        });
        let rows = self.conversions.iter().map(|Conversion { part, change, at, often, why }| {
            forms::Conversion::new(part, *change, at, *often, why)
        });
        let (ways, conversions): (Vec<_>, Vec<_>) = (ways.collect(), rows.collect());
        look(forms::Forms { ways: &ways, conversions: &conversions })
    }
}

/// What the table is made from.
pub(super) struct Telling<'a> {
    /// The graph: what a reader calls things.
    pub graph: &'a Graph,
    /// The drafts of the pipelines.
    pub drafts: &'a [Draft],
    /// The reasons.
    pub needs: &'a Needs,
    /// The structs.
    pub records: &'a Records,
    /// What is emitted of each pipeline.
    pub pipelines: &'a [Pipeline],
    /// What is emitted of the machines.
    pub program: Option<&'a Program>,
    /// The settings.
    pub definitions: &'a [Definition],
}

/// Tells the plan.
pub(super) fn forms(telling: &Telling<'_>) -> Forms {
    let mut forms = Forms::default();
    let redelivered = telling.redelivered();
    for (p, redelivered) in redelivered.iter().enumerate() {
        telling.pipeline(p, *redelivered, &mut forms);
    }
    telling.links(&redelivered, &mut forms);
    forms
}

/// What of the plan stands for a node of a draft.
enum Planned<'a> {
    Input(&'a super::plan::Input),
    Node(&'a super::plan::Node),
    Output(&'a super::plan::Output),
}

impl Planned<'_> {
    fn payload(&self) -> Payload {
        match self {
            Planned::Input(input) => input.payload,
            Planned::Node(node) => node.payload,
            Planned::Output(output) => output.payload,
        }
    }
}

impl Telling<'_> {
    fn pipeline(&self, p: usize, redelivered: bool, forms: &mut Forms) {
        let draft = &self.drafts[p];
        let part = format!("pipeline {}", draft.name);
        let planned = self.planned(p);
        for at in &draft.order {
            for (port, to) in &draft.nodes[*at].out {
                let from = self.place((p, *at));
                let from = if port == "out" { from } else { format!("{from}/{port}") };
                let ends = [from, self.place((p, *to))];
                let payload = planned[*to].payload();
                self.way(&part, &ends, payload, self.origin((p, *at)), (p, *to), forms);
            }
        }
        for at in &draft.order {
            let often = self.often((p, *at), redelivered);
            self.convert((p, *at), &planned[*at], &part, often, forms);
        }
    }

    /// The plan's parts in the order of the draft's nodes.
    fn planned(&self, p: usize) -> Vec<Planned<'_>> {
        let plan = &self.pipelines[p];
        let (mut inputs, mut nodes, mut outputs) =
            (plan.inputs.iter(), plan.nodes.iter(), plan.outputs.iter());
        let why = "the plan has a part for each node";
        let roles = self.drafts[p].nodes.iter().map(|node| match node.role {
            Role::Input(_) => Planned::Input(inputs.next().expect(why)),
            Role::Output(_) => Planned::Output(outputs.next().expect(why)),
            _ => Planned::Node(nodes.next().expect(why)),
        });
        roles.collect()
    }

    /// The rows of a way to a node that takes `payload`.
    fn way(
        &self,
        part: &str,
        ends: &[String; 2],
        payload: Payload,
        origin: String,
        to: At,
        forms: &mut Forms,
    ) {
        let mut put = |form, shape, why| {
            forms.ways.push(Way { part: part.to_owned(), ends: ends.clone(), form, shape, why });
        };
        let need = self.needs.of(to);
        if let Some(encoded) = need.bytes_come.filter(|_| payload.bytes) {
            put(Form::Encoded, String::new(), self.encoded(encoded, to.0));
        }
        let Some(repr) = payload.event else {
            if !payload.bytes {
                let why = "nobody reads it or wants its bytes".to_owned();
                put(Form::Nothing, String::new(), why);
            }
            return;
        };
        let form = if repr == Repr::Value { Form::Tree } else { Form::Typed };
        let shape = if form == Form::Typed { self.shape(repr) } else { String::new() };
        let node = &self.drafts[to.0].nodes[to.1];
        let because = match form {
            Form::Tree if node.is_mixed && self.drafts[to.0].err != Some(to.1) => {
                format!("events of different shapes meet at {}", self.place(to))
            }
            // Not how it leaves that feeder counts, but that all of them come here.
            Form::Tree if matches!(node.role, Role::Input(_)) => self.origin(to),
            _ => origin,
        };
        let beside = if payload.bytes { "kept beside the bytes, since " } else { "" };
        let wanted = match (need.event, need.bytes) {
            (Some(reader), _) => format!("; {beside}{}", self.reader(reader, to.0)),
            (None, Some(taker)) => format!("; not encoded yet: {}", self.taker(taker, to.0)),
            (None, None) => String::new(),
        };
        put(form, shape, format!("{because}{wanted}"));
    }

    /// How often events come to a node.
    fn often(&self, (p, at): At, redelivered: bool) -> Often {
        let listeners = &self.drafts[p].nodes[at].listeners;
        let from_log = listeners.iter().any(|listener| matches!(listener, Listener::Log(_)));
        if from_log || redelivered { Often::Delivery } else { Often::Event }
    }

    /// For each pipeline, whether what comes into any instance of it comes from a log of another one.
    fn redelivered(&self) -> Vec<bool> {
        let deployment = &self.graph.deployment;
        let artefact = |id: crate::resolve::graph::InstanceId| deployment.instances[id.0].artefact;
        let mut found = vec![false; self.pipelines.len()];
        // Pipelines have no cycle, so that the longest way has no more links than there are pipelines.
        for _ in 0..self.pipelines.len() {
            for link in &deployment.links {
                if let (ArtefactRef::Pipeline(from), ArtefactRef::Pipeline(to)) =
                    (artefact(link.from), artefact(link.to))
                {
                    let outputs = &self.pipelines[from].outputs;
                    let output = outputs.iter().find(|output| output.port == link.from_port);
                    found[to] |= found[from] || output.is_some_and(|output| output.tag != TagType::Input);
                }
            }
        }
        found
    }

    /// The records of a kind, by name: `{id: uint}`.
    fn shape(&self, repr: Repr) -> String {
        match repr {
            Repr::Value => "any".to_owned(),
            Repr::Null => "null".to_owned(),
            Repr::Bool => "bool".to_owned(),
            Repr::Uint => "uint".to_owned(),
            Repr::Integer => "int".to_owned(),
            Repr::Float => "float".to_owned(),
            Repr::Str => "string".to_owned(),
            Repr::Record(id) => {
                let fields = self.records.get(id).fields.iter();
                let fields: Vec<String> =
                    fields.map(|field| format!("{}: {}", field.key, self.shape(field.repr))).collect();
                format!("{{{}}}", fields.join(", "))
            }
        }
    }
}

/// Each text once.
fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut found = Vec::new();
    for text in texts {
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found
}
