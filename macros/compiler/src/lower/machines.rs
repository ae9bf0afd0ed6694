//! The part of a plan that is about machines: sources, pipelines and sinks as they are linked. What a pipeline is made of is in
//! `plan.rs`.

use super::code::Repr;
use super::plan::Length;

/// One machine type: the nodes of a connected part of the deployment.
#[derive(Debug)]
pub struct Machine {
    /// The struct's name.
    pub type_name: String,
    /// Its sources.
    pub sources: Vec<Source>,
    /// Its pipelines, upstream first.
    pub pipelines: Vec<PipelineInstance>,
    /// Its sinks.
    pub sinks: Vec<Sink>,
    /// The struct that holds the sinks.
    pub sinks_name: String,
}

/// A source in a machine.
#[derive(Debug)]
pub struct Source {
    /// Its field.
    pub field: String,
    /// Index of the instance's name.
    pub label: usize,
    /// Its settings.
    pub definition: usize,
    /// The Rust type below the runtime's hidden module.
    pub rust: Vec<&'static str>,
    /// Whether it has a wire.
    pub connects: bool,
    /// The event's representation: a record, or any value where its events are lines, which may make none.
    pub event: Repr,
    /// Where its `out` leads.
    pub out: Fanout,
    /// Where its `err` leads.
    pub err: Fanout,
    /// The greatest length of its events, if it is known.
    pub greatest: Option<Length>,
    /// Whether each of its events has one answer at most, and it does not matter which: it only counts them.
    pub tallies: bool,
    /// How it goes on at start behind what logs on disk have stored, if it can and there are such logs.
    pub resumes: Option<Resumes>,
}

/// How a source goes on at start.
#[derive(Debug)]
pub struct Resumes {
    /// The field of its events that numbers them.
    pub field: &'static str,
    /// The logs on disk that are the first one on some way behind it: the pipeline of the machine, and the log's node in it.
    pub logs: Vec<(usize, usize)>,
}

/// A pipeline in a machine.
#[derive(Debug)]
pub struct PipelineInstance {
    /// Its field.
    pub field: String,
    /// The struct that holds it and all that lies downstream.
    pub holder: String,
    /// Index of the instance's name.
    pub label: usize,
    /// Index into `Plan::pipelines`.
    pub pipeline: usize,
    /// Who feeds it; the tags it is given.
    pub feeders: Feeders,
    /// For each output: where it leads.
    pub outputs: Vec<Fanout>,
}

/// A sink in a machine.
#[derive(Debug)]
pub struct Sink {
    /// Its field.
    pub field: String,
    /// Index of the instance's name.
    pub label: usize,
    /// Its settings.
    pub definition: usize,
    /// The Rust type below the runtime's hidden module.
    pub rust: Vec<&'static str>,
    /// Whether it has a wire.
    pub connects: bool,
    /// Who feeds it.
    pub feeders: Feeders,
    /// Whether a log stands before it on every way.
    pub replayed: bool,
    /// Where its `err` leads, if linked.
    pub err: Option<Fanout>,
    /// The most places that one event of the machine can take in it, by whatever ways: room is given out by so many.
    pub places: u32,
}

/// Where a linked port leads.
#[derive(Debug, Default)]
pub struct Fanout {
    /// Each end.
    pub ends: Vec<End>,
    /// Encode the event here, once, because some end wants bytes and none come.
    pub encode: bool,
    /// Make the event a dynamic value here, once, because some end reads one and it comes in another form.
    pub tree: bool,
}

/// An end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// What stands there.
    pub at: EndAt,
    /// Which of its feeders this link is.
    pub feeder: usize,
}

/// What stands at an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndAt {
    /// Input `1` of pipeline `0` of the machine.
    Pipeline(usize, usize),
    /// A sink of the machine.
    Sink(usize),
}

/// Who may have sent an event.
#[derive(Debug, Default)]
pub struct Feeders {
    /// Each one; the order numbers them.
    pub from: Vec<Feeder>,
    /// The tag enum, if there are several.
    pub tag_enum: Option<String>,
    /// Its variants.
    pub variants: Vec<String>,
}

/// A feeder of an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feeder {
    /// A source of the machine.
    Source(usize),
    /// Output `1` of pipeline `0` of the machine.
    Pipeline(usize, usize),
    /// The `err` of a sink of the machine.
    SinkError(usize),
}
