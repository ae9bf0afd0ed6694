//! What lower gives: every decision about the generated code, and no tokens. `emit` prints it and decides nothing.

use foreshock_spec::Given;
use proc_macro2::TokenStream;

use super::code::{Code, Repr};
use super::forms::Forms;
use super::picture::Picture;

pub use super::machines::{
    End, EndAt, Fanout, Feeder, Feeders, Machine, PipelineInstance, Resumes, Sink, Source,
};

/// Index into [`Plan::records`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordId(pub usize);

/// A whole macro call.
#[derive(Debug)]
pub struct Plan {
    /// `///` before the head.
    pub docs: Vec<String>,
    /// The visibility of what is made.
    pub visibility: TokenStream,
    /// The name of the type.
    pub name: String,
    /// Where the user wrote it.
    pub name_span: proc_macro2::Span,
    /// The module beside the type: the name in snake case.
    pub module: String,
    /// Head `flow`: the program. Head `pipeline`: none.
    pub program: Option<Program>,
    /// The generated structs.
    pub records: Vec<Record>,
    /// One a `define pipeline`.
    pub pipelines: Vec<Pipeline>,
    /// Every set of settings, in the order in which generated code numbers them.
    pub definitions: Vec<Definition>,
    /// What it all is made of.
    pub picture: Picture,
    /// The same, drawn with mermaid.
    pub graph: String,
    /// In which forms events go on its ways, and why.
    pub forms: Forms,
    /// What is promised of events between each source and sink, a line each.
    pub promises: Vec<String>,
    /// What all buffers take at most, in words; with the settings as they are written.
    pub memory: String,
}

/// The names of a macro call with errors.
#[derive(Debug)]
pub struct Stub {
    /// The name of the type.
    pub name: String,
    /// Where the user wrote it.
    pub name_span: proc_macro2::Span,
    /// The visibility of what is made.
    pub visibility: TokenStream,
    /// What the type is.
    pub head: crate::syntax::ast::Head,
    /// The module beside the type.
    pub module: String,
    /// The types of the pipelines in it.
    pub pipelines: Vec<String>,
}

/// A deployable program.
#[derive(Debug)]
pub struct Program {
    /// The distinct machines.
    pub machines: Vec<Machine>,
    /// What runs: which machine, and the instance name of each of its nodes.
    pub instances: Vec<(usize, Vec<String>)>,
}

/// A set of settings: of an onramp, an offramp, a created operator or the flow.
#[derive(Debug)]
pub struct Definition {
    /// `offramp.ws0`
    pub path: String,
    /// `Kind` of the registry, as its variant is spelled.
    pub kind: &'static str,
    /// The row's name: `ws`.
    pub row: String,
    /// What was written.
    pub config: Vec<(String, Given)>,
}

/// A closed record as a struct.
#[derive(Debug)]
pub struct Record {
    /// The struct's name.
    pub name: String,
    /// Its fields, in order.
    pub fields: Vec<Field>,
    /// Whether the struct borrows: it has a lifetime.
    pub borrows: bool,
    /// Whether a log keeps it, which needs an owned twin.
    pub kept: bool,
    /// Whether a log on disk does, which makes that twin anew from what it has read.
    pub restored: bool,
    /// Whether generated code makes or takes it; others came up on the way and are not emitted.
    pub used: bool,
}

/// A field of a record.
#[derive(Debug)]
pub struct Field {
    /// The key in the event.
    pub key: String,
    /// The field of the struct.
    pub ident: String,
    /// Its representation.
    pub repr: Repr,
}

/// How an event comes to a node or port: as a value that expressions can read, as encoded bytes, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payload {
    /// The event itself, if it comes along.
    pub event: Option<Repr>,
    /// Whether its encoding comes along.
    pub bytes: bool,
}

/// To whom the answer to an event goes: the listeners that may have sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagType {
    /// Whoever feeds the pipeline: the type parameter `T`.
    Input,
    /// The log with this node index.
    Log(usize),
    /// Several of them: the pipeline's tag enum.
    Several,
}

/// One pipeline type.
#[derive(Debug)]
pub struct Pipeline {
    /// The definition's name.
    pub name: String,
    /// The struct's name.
    pub type_name: String,
    /// The trait of what stands behind its ports.
    pub ports_name: String,
    /// The enum of the tags of events that came out, for use without a flow.
    pub out_name: String,
    /// The tag enum, if some node is reached from several listeners.
    pub tag_enum: Option<TagEnum>,
    /// Input ports.
    pub inputs: Vec<Input>,
    /// Output ports, `err` always among them if something can fail.
    pub outputs: Vec<Output>,
    /// Operators and selects, indexed as other parts refer to them.
    pub nodes: Vec<Node>,
    /// Indices of the log nodes, downstream first.
    pub logs: Vec<usize>,
}

impl Payload {
    /// What a sink takes.
    pub const SINK: Payload = Payload { event: None, bytes: true };

    /// Whether the event must be made a dynamic value for it, where it is at hand in this form.
    pub fn wants_tree_of(self, at_hand: Option<Repr>) -> bool {
        self.event == Some(Repr::Value) && at_hand.is_some_and(|repr| repr != Repr::Value)
    }
}

impl Pipeline {
    /// The fields of its logs that are on disk.
    pub fn disk_logs(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().filter_map(|node| match &node.kind {
            NodeKind::Log(log) if log.on_disk => Some(log.field.as_str()),
            _ => None,
        })
    }

    /// Whether any log of it is on disk.
    pub fn is_on_disk(&self) -> bool {
        self.disk_logs().next().is_some()
    }
}

/// The enum of a pipeline's listeners.
#[derive(Debug)]
pub struct TagEnum {
    /// Its name.
    pub name: String,
    /// The variant for whoever feeds the pipeline, if it is among them.
    pub input: Option<String>,
    /// Log node and variant.
    pub logs: Vec<(usize, String)>,
}

impl TagEnum {
    /// The variant of a listener.
    pub fn variant(&self, tag: TagType) -> Option<&str> {
        match tag {
            TagType::Input => self.input.as_deref(),
            TagType::Log(log) => self.logs.iter().find(|(node, _)| *node == log).map(|(_, v)| v.as_str()),
            TagType::Several => None,
        }
    }
}

/// An input port.
#[derive(Debug)]
pub struct Input {
    /// The port's name: `in`.
    pub port: String,
    /// `push_…`
    pub push: String,
    /// `room_…`
    pub room: String,
    /// The event's representation for those who bring it as a value.
    pub event: Repr,
    /// What must be brought.
    pub payload: Payload,
    /// Where it goes.
    pub forward: Forward,
    /// What must have room.
    pub demand: Vec<Demand>,
}

/// An output port.
#[derive(Debug)]
pub struct Output {
    /// The port's name: `ws0`.
    pub port: String,
    /// The method of the ports trait that takes an event.
    pub method: String,
    /// The method of the ports trait that tells room.
    pub room: String,
    /// The pipeline's method that takes an answer.
    pub answer: String,
    /// The variant of the enum of the tags of events that came out.
    pub variant: String,
    /// Who listens.
    pub tag: TagType,
    /// The event's representation, were it to be given as a value.
    pub event: Repr,
    /// What is given.
    pub payload: Payload,
    /// The most events that one event entering the pipeline can send here.
    pub places: u32,
}

/// A node with code of its own.
#[derive(Debug)]
pub struct Node {
    /// The method that takes an event.
    pub method: String,
    /// Who listens upstream.
    pub tag: TagType,
    /// What it takes.
    pub payload: Payload,
    /// Whether it must not become part of its callers' code.
    pub apart: bool,
    /// What it is.
    pub kind: NodeKind,
}

/// The kinds of nodes.
#[derive(Debug)]
pub enum NodeKind {
    /// A write-ahead log.
    Log(Log),
    /// A round robin.
    Distributor(Distributor),
    /// A select, or a stream, which selects everything.
    Select(Box<Select>),
}

/// A log.
#[derive(Debug)]
pub struct Log {
    /// The field, and the stem of its methods.
    pub field: String,
    /// Its settings.
    pub definition: usize,
    /// Whether it is on disk.
    pub on_disk: bool,
    /// What it keeps beside the bytes: the event, because something behind reads it.
    pub keeps: Option<Repr>,
    /// The greatest length of what it is given, where one input event makes exactly one entry.
    pub greatest: Option<Length>,
    /// What is usual in what it is given.
    pub usual: Vec<UsualField>,
    /// Where its events go.
    pub forward: Forward,
    /// What must have room before it emits.
    pub demand: Vec<Demand>,
    /// Where an event larger than the log goes.
    pub failure: Failure,
}

/// A round robin.
#[derive(Debug)]
pub struct Distributor {
    /// The field, and the stem of its methods.
    pub field: String,
    /// Its settings.
    pub definition: usize,
    /// For each configured output: where its events go, and what must have room.
    pub outputs: Vec<(Forward, Vec<Demand>)>,
    /// The same for `overflow`, if something selects from it.
    pub overflow: Option<(Forward, Vec<Demand>)>,
    /// Whether the outputs share no terminal, so that their room adds up.
    pub adds_up: bool,
}

/// A select.
#[derive(Debug)]
pub struct Select {
    /// As the user wrote it, in short, for the docs of the method.
    pub written: String,
    /// `where`, of `Repr::Bool`.
    pub condition: Option<Code>,
    /// What is selected; `None` for `select event`, which hands on what came.
    pub target: Option<Code>,
    /// `having`, of `Repr::Bool`; its event is the result.
    pub having: Option<Code>,
    /// What these compute once and use several times.
    pub shared: Vec<Code>,
    /// Where it goes.
    pub forward: Forward,
    /// Where the event goes when an expression fails; `None` if none can.
    pub failure: Option<Failure>,
}

/// Where failed events of a node go.
#[derive(Debug)]
pub struct Failure {
    /// Index of the `err` output.
    pub output: usize,
}

/// The way from one node to the next ones.
#[derive(Debug)]
pub struct Forward {
    /// Encode the event here, once, because some target wants bytes and none came along.
    pub encode: bool,
    /// What is usual in the event then.
    pub usual: Vec<UsualField>,
    /// Make the event a dynamic value here, once, because some target reads one and it is at hand in another form.
    pub tree: bool,
    /// In the order of the text.
    pub targets: Vec<Target>,
}

/// One way an event goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Index into `Pipeline::nodes`.
    Node(usize),
    /// Index into `Pipeline::outputs`.
    Output(usize),
}

/// A terminal that must have room, and for how many events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demand {
    /// A log, a round robin or an output.
    pub terminal: Target,
    /// Places that one event can take there. (What stands behind an output divides by it: see `Output::places`.)
    pub places: u32,
}

/// The greatest length of an encoding: a constant plus what is known at start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Length {
    /// Bytes.
    pub fixed: u64,
    /// How many times the host's name, encoded, comes on top.
    pub hostnames: u64,
}

/// A string that is the same in all events of a flow. Somebody who drives a pipeline by hand may bring another, so that
/// generated code looks whether it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Usual {
    /// This one.
    Text(String),
    /// The host's name.
    Hostname,
}

/// Such a string in an event that is a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsualField {
    /// The indices of the fields that lead to it.
    pub path: Vec<usize>,
    /// What it usually is.
    pub is: Usual,
}
