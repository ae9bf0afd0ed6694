//! The forms in which events go on each way of a flow, and where they change from one to another: a table that the compiler makes
//! of its decisions, that generated code holds as a constant, and that the program's `check --plan` shows. How it is shown to people
//! is here too; what a flow is made of is in `picture`.

use std::fmt::{self, Write};

/// What is told of a whole flow.
#[derive(Clone, Copy, Debug)]
pub struct Forms<'a> {
    /// A row for each way, and each form in which an event goes there. Rows of one part follow one another.
    pub ways: &'a [Way<'a>],
    /// A row for each change of form.
    pub conversions: &'a [Conversion<'a>],
}

/// A way from one place to another, and a form in which events go there.
#[derive(Clone, Copy, Debug)]
pub struct Way<'a> {
    /// What it is in: a pipeline, or the links of a machine.
    pub part: &'a str,
    /// Where it starts.
    pub from: &'a str,
    /// Where it leads.
    pub to: &'a str,
    /// The form.
    pub form: Form,
    /// Of what is typed, the shape; else empty.
    pub shape: &'a str,
    /// Why it is this form.
    pub why: &'a str,
}

/// The forms of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A struct, or a scalar.
    Typed,
    /// Bytes, as they go over the wire.
    Encoded,
    /// A dynamic value.
    Tree,
    /// It does not come along: nobody reads it, and nobody wants its bytes.
    Nothing,
}

/// A place where an event changes its form, or is copied.
#[derive(Clone, Copy, Debug)]
pub struct Conversion<'a> {
    /// What it is in, as of a way.
    pub part: &'a str,
    /// What is done.
    pub change: Change,
    /// Where.
    pub at: &'a str,
    /// How often.
    pub often: Often,
    /// Why it is done there.
    pub why: &'a str,
}

/// What is done to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It becomes bytes.
    Encode,
    /// Bytes become a dynamic value.
    Decode,
    /// A struct becomes a dynamic value.
    ToTree,
    /// It is copied in the form that it has.
    Copy,
}

/// How often something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Often {
    /// Once for each event that comes to the place.
    Event,
    /// Once for each delivery out of a log: the first one, and each replay.
    Delivery,
    /// Once for each event that fails there, if the `err` is linked.
    Failure,
    /// Once for each event that a log finds on disk at the start.
    Recovery,
    /// Once for each event, if its onramp's limit is one that its greatest length exceeds.
    IfLimited,
}

impl Form {
    /// Its name, for machines too.
    pub fn name(self) -> &'static str {
        match self {
            Form::Typed => "typed",
            Form::Encoded => "encoded",
            Form::Tree => "tree",
            Form::Nothing => "nothing",
        }
    }
}

impl Change {
    /// Its name, for machines too.
    pub fn name(self) -> &'static str {
        match self {
            Change::Encode => "encode",
            Change::Decode => "decode",
            Change::ToTree => "to_tree",
            Change::Copy => "copy",
        }
    }
}

impl Often {
    /// Its name for machines.
    pub fn name(self) -> &'static str {
        match self {
            Often::Event => "event",
            Often::Delivery => "delivery",
            Often::Failure => "failure",
            Often::Recovery => "recovery",
            Often::IfLimited => "if_limited",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Often::Event => "once per event",
            Often::Delivery => "once per delivery",
            Often::Failure => "only for an event that fails",
            Often::Recovery => "only for an event found on disk at the start",
            Often::IfLimited => "only if `max_event_bytes` is less than an event can have",
        }
    }
}

/// Short constructors, for tables that are written by the compiler.
impl<'a> Way<'a> {
    /// A row of these columns.
    pub const fn new(
        part: &'a str,
        [from, to]: [&'a str; 2],
        form: Form,
        shape: &'a str,
        why: &'a str,
    ) -> Way<'a> {
        Way { part, from, to, form, shape, why }
    }
}

impl<'a> Conversion<'a> {
    /// A row of these columns.
    pub const fn new(
        part: &'a str,
        change: Change,
        at: &'a str,
        often: Often,
        why: &'a str,
    ) -> Conversion<'a> {
        Conversion { part, change, at, often, why }
    }
}

impl Forms<'_> {
    /// The table of a flow of which nothing is told.
    pub const NONE: Forms<'static> = Forms { ways: &[], conversions: &[] };

    fn parts(&self) -> Vec<&str> {
        let mut parts: Vec<&str> = Vec::new();
        let all = self.ways.iter().map(|way| way.part).chain(self.conversions.iter().map(|row| row.part));
        for part in all {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        parts
    }

    fn put_part(&self, f: &mut fmt::Formatter<'_>, part: &str) -> fmt::Result {
        writeln!(f, "{part}")?;
        let mut last = None;
        for way in self.ways.iter().filter(|way| way.part == part) {
            let Way { from, to, form, shape, why, .. } = way;
            if last != Some((from, to)) {
                writeln!(f, "  {from} → {to}")?;
                last = Some((from, to));
            }
            let space = if shape.is_empty() { "" } else { " " };
            writeln!(f, "    {}{space}{shape}: {why}", form.name())?;
        }
        let mut rows = self.conversions.iter().filter(|row| row.part == part).peekable();
        writeln!(f, "  conversions{}", if rows.peek().is_none() { ": none" } else { "" })?;
        for Conversion { change, at, often, why, .. } in rows {
            let change = if *change == Change::ToTree { "to tree" } else { change.name() };
            writeln!(f, "    {change:7} at {at}, {}: {why}", often.words())?;
        }
        Ok(())
    }
}

/// The table for people: part by part, the ways first.
impl fmt::Display for Forms<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, part) in self.parts().into_iter().enumerate() {
            if at > 0 {
                f.write_char('\n')?;
            }
            self.put_part(f, part)?;
        }
        Ok(())
    }
}
