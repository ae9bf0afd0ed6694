//! The forms of events on the links between the instances of a machine, and what is done there: sources make events, and sinks
//! write their bytes. Machines of one build are told once.

use foreshock_spec::forms::{Change, Form, Often};

use super::super::code::Repr;
use super::super::needs;
use super::super::plan::{EndAt, Fanout, Machine, Source, TagType};
use super::convert::Rows;
use super::{Forms, Telling, Way};

/// A port of a machine from which links lead.
struct Start<'a> {
    path: String,
    fanout: &'a Fanout,
    /// Why events have the form that they have there.
    origin: String,
    often: Often,
}

impl Telling<'_> {
    /// The links of each machine.
    pub(super) fn links(&self, redelivered: &[bool], forms: &mut Forms) {
        let Some(program) = self.program else { return };
        for (m, machine) in program.machines.iter().enumerate() {
            let mut alike = program.instances.iter().filter(|(at, _)| *at == m).map(|(_, labels)| labels);
            let Some(labels) = alike.next() else { continue };
            let others: Vec<String> = alike.map(|labels| joined(labels)).collect();
            let others = if others.is_empty() {
                String::new()
            } else {
                format!(", and alike of {}", others.join(", "))
            };
            let part = format!("links of {}{others}", joined(labels));
            self.machine(machine, labels, &part, redelivered, forms);
        }
    }

    fn machine(
        &self,
        machine: &Machine,
        labels: &[String],
        part: &str,
        redelivered: &[bool],
        forms: &mut Forms,
    ) {
        for source in &machine.sources {
            self.source(source, labels, part, forms);
        }
        let starts = self.starts(machine, labels, redelivered);
        for start in &starts {
            self.fanout_ways(machine, labels, part, start, forms);
        }
        for start in &starts {
            let ends = start.fanout.ends.len();
            let mut rows = Rows { forms, part, at: start.path.clone(), often: start.often };
            let once = if ends > 1 { "once for all links, since" } else { "since" };
            if start.fanout.encode {
                rows.put(Change::Encode, start.often, format!("{once} what is linked takes bytes"));
            }
            if start.fanout.tree {
                rows.put(Change::ToTree, start.often, format!("{once} what is linked reads a value"));
            }
        }
        for (at, sink) in machine.sinks.iter().enumerate() {
            let leads_here = |start: &&Start<'_>| {
                start.fanout.ends.iter().any(|end| matches!(end.at, EndAt::Sink(sink) if sink == at))
            };
            let from_log = starts.iter().filter(leads_here).any(|start| start.often == Often::Delivery);
            let often = if from_log { Often::Delivery } else { Often::Event };
            let path = self.path(sink.definition, &labels[sink.label]);
            Rows { forms, part, at: path, often }.put(Change::Copy, often, "the bytes, into what it sends");
        }
    }

    fn source(&self, source: &Source, labels: &[String], part: &str, forms: &mut Forms) {
        let path = self.path(source.definition, &labels[source.label]);
        let mut rows = Rows { forms, part, at: path, often: Often::Event };
        match source.event {
            Repr::Value => rows.put(Change::Decode, Often::Event, "a line is read as a value"),
            Repr::Record(_) if source.greatest.is_some() => {
                rows.put(Change::Encode, Often::IfLimited, "to measure it");
            }
            _ => {}
        }
        if matches!(source.event, Repr::Record(_)) && !source.err.ends.is_empty() {
            rows.put(Change::ToTree, Often::Failure, "one that is too large is told with the failure");
        }
    }

    /// All ports of a machine, in the order of its parts.
    fn starts<'m>(&self, machine: &'m Machine, labels: &[String], redelivered: &[bool]) -> Vec<Start<'m>> {
        let mut starts = Vec::new();
        for source in &machine.sources {
            let path = self.path(source.definition, &labels[source.label]);
            for (port, fanout) in [("out", &source.out), ("err", &source.err)] {
                starts.push(Start {
                    path: format!("{path}/{port}"),
                    fanout,
                    origin: if port == "out" { self.made(source) } else { FAILED.to_owned() },
                    often: if port == "out" { Often::Event } else { Often::Failure },
                });
            }
        }
        for instance in &machine.pipelines {
            let p = instance.pipeline;
            let (plan, draft) = (&self.pipelines[p], &self.drafts[p]);
            for (output, fanout) in plan.outputs.iter().zip(&instance.outputs) {
                let node = needs::output_node(draft, &output.port).expect("each output has a node");
                let is_err = draft.err == Some(node);
                let from_log = output.tag != TagType::Input || redelivered[p];
                starts.push(Start {
                    path: format!("pipeline/{}/{}/{}", draft.name, labels[instance.label], output.port),
                    fanout,
                    origin: if is_err { FAILED.to_owned() } else { self.origin((p, node)) },
                    often: if from_log { Often::Delivery } else { Often::Event },
                });
            }
        }
        for sink in &machine.sinks {
            starts.extend(sink.err.as_ref().map(|fanout| Start {
                path: format!("{}/err", self.path(sink.definition, &labels[sink.label])),
                fanout,
                origin: FAILED.to_owned(),
                often: Often::Failure,
            }));
        }
        starts
    }

    fn fanout_ways(
        &self,
        machine: &Machine,
        labels: &[String],
        part: &str,
        start: &Start<'_>,
        forms: &mut Forms,
    ) {
        for end in &start.fanout.ends {
            match end.at {
                EndAt::Sink(at) => {
                    let sink = &machine.sinks[at];
                    forms.ways.push(Way {
                        part: part.to_owned(),
                        ends: [start.path.clone(), self.path(sink.definition, &labels[sink.label])],
                        form: Form::Encoded,
                        shape: String::new(),
                        why: "an offramp sends bytes".to_owned(),
                    });
                }
                EndAt::Pipeline(k, input) => {
                    let instance = &machine.pipelines[k];
                    let p = instance.pipeline;
                    let input = &self.pipelines[p].inputs[input];
                    let node =
                        needs::input_node(&self.drafts[p], &input.port).expect("each input has a node");
                    let to =
                        format!("pipeline/{}/{}/{}", self.drafts[p].name, labels[instance.label], input.port);
                    let ends = [start.path.clone(), to];
                    self.way(part, &ends, input.payload, start.origin.clone(), (p, node), forms);
                }
            }
        }
    }

    /// Why a source's events have the form that they have.
    fn made(&self, source: &Source) -> String {
        let kind = &self.definitions[source.definition].row;
        match source.event {
            Repr::Record(_) => format!("the shape of `{kind}` is closed"),
            Repr::Str => format!("each line that `{kind}` gives is a string"),
            _ => format!("what `{kind}` gives has no known fields"),
        }
    }

    /// `onramp/metronome/01`
    fn path(&self, definition: usize, label: &str) -> String {
        format!("{}/{label}", self.definitions[definition].path.replacen('.', "/", 1))
    }
}

const FAILED: &str = "what failed is told in a record of its own";

/// One name for the instances of a machine.
fn joined(labels: &[String]) -> String {
    super::distinct(labels.iter().cloned()).join("+")
}
