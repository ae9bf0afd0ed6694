//! Where events change their form inside a pipeline, read off what is emitted of each node.

use foreshock_spec::forms::{Change, Often};

use super::super::code::{Code, CodeKind, Repr};
use super::super::draft::Role;
use super::super::needs::At;
use super::super::plan::{Forward, Log, NodeKind, Payload, Select};
use super::words::expressions;
use super::{Conversion, Forms, Planned, Telling};

/// Where rows are put, and what they have in common.
pub(super) struct Rows<'a> {
    /// The table.
    pub forms: &'a mut Forms,
    /// The part.
    pub part: &'a str,
    /// The place.
    pub at: String,
    /// How often an event comes there.
    pub often: Often,
}

impl Rows<'_> {
    pub(super) fn put(&mut self, change: Change, often: Often, why: impl Into<String>) {
        let (part, at, why) = (self.part.to_owned(), self.at.clone(), why.into());
        self.forms.conversions.push(Conversion { part, change, at, often, why });
    }
}

impl Telling<'_> {
    /// What is done at a node.
    pub(super) fn convert(&self, at: At, planned: &Planned<'_>, part: &str, often: Often, forms: &mut Forms) {
        let mut rows = Rows { forms, part, at: self.place(at), often };
        let rows = &mut rows;
        match planned {
            Planned::Input(input) => self.forward(at, &input.forward, often, rows),
            Planned::Output(output) => {
                let is_err = self.drafts[at.0].err == Some(at.1);
                if is_err && output.payload.bytes {
                    rows.put(Change::Encode, Often::Failure, "what failed is told in a record of its own");
                }
            }
            Planned::Node(node) => match &node.kind {
                NodeKind::Log(log) => self.log(at, log, node.payload, rows),
                NodeKind::Distributor(distributor) => {
                    let ways = distributor.outputs.iter().chain(&distributor.overflow);
                    // An event goes one of these ways.
                    let mut told = Forms::default();
                    for (forward, _) in ways {
                        let mut rows = Rows { forms: &mut told, part, at: rows.at.clone(), often };
                        self.forward(at, forward, often, &mut rows);
                        told.conversions.dedup_by(|a, b| a.change == b.change);
                    }
                    rows.forms.conversions.append(&mut told.conversions);
                }
                NodeKind::Select(select) => self.select(at, select, node.payload, rows),
            },
        }
    }

    fn log(&self, at: At, log: &Log, payload: Payload, rows: &mut Rows<'_>) {
        let often = rows.often;
        if payload.bytes {
            rows.put(Change::Copy, often, "the bytes, into its slot");
        } else {
            rows.put(Change::Encode, often, "into its slot");
        }
        if log.keeps.is_some() {
            let reader = self.needs.kept_for(self.drafts, at.0, at.1);
            let reader = reader.map(|reader| self.reader(reader, at.0)).unwrap_or_default();
            rows.put(Change::Copy, often, format!("the value beside its bytes, since {reader}"));
        }
        self.failed(payload, "one that is larger than the log", rows);
        if log.on_disk && log.keeps.is_some() {
            rows.put(Change::Decode, Often::Recovery, "what reads it behind the log needs a value");
        }
        self.forward(at, &log.forward, Often::Delivery, rows);
    }

    fn select(&self, at: At, select: &Select, payload: Payload, rows: &mut Rows<'_>) {
        let often = rows.often;
        let node = &self.drafts[at.0].nodes[at.1];
        let trees: usize = expressions(node).into_iter().map(whole_trees).sum();
        if trees > 0 {
            let times = if trees == 1 { String::new() } else { format!("{trees} times, ") };
            rows.put(Change::ToTree, often, format!("{times}an expression takes the whole event as a value"));
        }
        if let Role::Select(_, target) = &node.role
            && target.repr == Repr::Value
            && !matches!(target.kind, CodeKind::Event | CodeKind::Const(_))
        {
            rows.put(Change::Copy, often, "the new value, of those that it is made of");
        }
        self.forward(at, &select.forward, often, rows);
        if select.failure.is_some() {
            self.failed(payload, "it is told with the failure, if `err` is linked", rows);
        }
    }

    /// How an event that fails becomes the value that is told of it.
    fn failed(&self, payload: Payload, why: &str, rows: &mut Rows<'_>) {
        let change = match payload.event {
            Some(Repr::Value) => Change::Copy,
            Some(_) => Change::ToTree,
            None if payload.bytes => Change::Decode,
            None => return,
        };
        rows.put(change, Often::Failure, why);
    }

    /// What is done once for all targets.
    fn forward(&self, at: At, forward: &Forward, often: Often, rows: &mut Rows<'_>) {
        if forward.encode {
            let draft = &self.drafts[at.0];
            let reasons =
                draft.nodes[at.1].out.iter().filter_map(|(_, to)| self.needs.of((at.0, *to)).bytes_come);
            let why = reasons.map(|encoded| self.encoded(encoded, at.0)).next().unwrap_or_default();
            rows.put(Change::Encode, often, why);
        }
        if forward.tree {
            rows.put(Change::ToTree, often, "once for all that read it as a value");
        }
    }
}

/// How many times a computation makes a value of the whole event, which is a struct.
fn whole_trees(code: &Code) -> usize {
    match &code.kind {
        CodeKind::Convert(inner) if matches!(inner.kind, CodeKind::Event) => {
            usize::from(code.repr == Repr::Value && matches!(inner.repr, Repr::Record(_)))
        }
        _ => code.parts().into_iter().map(whole_trees).sum(),
    }
}
