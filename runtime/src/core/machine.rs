//! The traits in which generated code, runtime parts and the driver meet. None of them is boxed on the way of an
//! event: generated code names concrete types.

use crate::core::{Answer, Counts, Handed, Head, Measures, NodeReport, Random, Storage, Tag, Time, Wire};

/// What a step of a machine says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Progress {
    /// Nothing more can be done until time passes or something arrives.
    Idle,
    /// There is more to do at once.
    Again,
}

impl Progress {
    /// `Again` if either is.
    pub fn or(self, other: Progress) -> Progress {
        if self == Progress::Again { self } else { other }
    }
}

/// One instance of a flow: sources, pipelines and sinks, without tasks, sockets or clocks. Generated.
pub trait Machine: Send + 'static {
    /// One bounded round: sinks read what came, answers travel the contraflow, sources and logs emit while there
    /// is room, sinks flush.
    fn step(&mut self, now: Time, unix_ns: u64) -> Progress;

    /// When [`Machine::step`] must be called again if nothing arrives before.
    fn deadline(&self) -> Option<Time>;

    /// The wires of sinks and sources, by index; `None` behind the last.
    fn wire(&mut self, index: usize) -> Option<&mut Wire>;

    /// The storages of the logs that are on disk, by index; `None` behind the last.
    fn storage(&mut self, _index: usize) -> Option<&mut Storage> {
        None
    }

    /// Whether every sink is available, or its first attempt has failed, and every log on disk is open.
    fn is_settled(&self) -> bool;

    /// Lets the sources begin.
    fn start_sources(&mut self, now: Time);

    /// Sources make no more events.
    fn stop_sources(&mut self);

    /// Whether every source has made all its events, and nothing is pending: the run is over then. Never with a source that
    /// has no end.
    fn is_done(&self) -> bool {
        false
    }

    /// Why this instance can never go on as the flow says, in words that name the node: what a source reads from or a sink
    /// writes to is broken for good. The run ends then, and counts as failed.
    fn failure(&self) -> Option<String> {
        None
    }

    /// Events that are not done: made by a source, and neither acknowledged nor lost; and those that a log keeps on disk.
    fn pending(&self) -> u64;

    /// Of the pending ones, those that are safe on disk: the next run goes on with them.
    fn kept(&self) -> u64 {
        0
    }

    /// Sinks say goodbye to their peers, and logs on disk write down what they know; to be called when nothing is pending, or
    /// no more time is left.
    fn close_sinks(&mut self, now: Time);

    /// Whether every sink's connection has ended after [`Machine::close_sinks`], and every log on disk has written.
    fn is_closed(&self) -> bool;

    /// Reports every node: sources, operators, sinks, in the order of the flow.
    fn report(&self, visit: &mut dyn FnMut(NodeReport<'_>));
}

/// A source of events, without a clock of its own.
pub trait Source {
    /// What it makes.
    type Event;

    /// Begins at `now`.
    fn start(&mut self, now: Time);

    /// No more events.
    fn stop(&mut self);

    /// Whether it would make an event at `now`.
    fn is_due(&self, now: Time) -> bool;

    /// Makes the event that is due. Called only when it [`Source::is_due`] and the pipeline is ready for it.
    fn make(&mut self, now: Time, unix_ns: u64) -> Self::Event;

    /// When it will be due, if it is not.
    fn deadline(&self) -> Option<Time>;

    /// An event with this number was the last that was stored in a run before: goes on behind it. Called before the first
    /// event is made, for a source whose row says that it resumes.
    fn resume(&mut self, _last: u64) {}

    /// Begins a step of the machine: takes what came over the wire. Only called for a source that has one.
    fn advance(&mut self, _now: Time) {}

    /// What it reads from, if it reads. It is there from the beginning, or never.
    fn wire(&mut self) -> Option<&mut Wire> {
        None
    }

    /// Whether it has made its last event.
    fn is_done(&self) -> bool {
        false
    }

    /// Why it can never go on, in words that name it; see [`Machine::failure`].
    fn failure(&self) -> Option<String> {
        None
    }
}

/// What a source of lines gives instead of an event, where a line makes none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedLine {
    /// Why, in words.
    pub error: String,
    /// The line; the beginning of a long one.
    pub line: String,
}

/// What a sink is told of its place in a machine.
#[derive(Debug)]
pub struct SinkSetup<'a> {
    /// The instance that it belongs to.
    pub instance: &'a str,
    /// Whether somebody takes its rejected events.
    pub errors_linked: bool,
    /// Whether a log replays on every way to it what it fails. Otherwise a failed event is gone, and there is no second
    /// delivery that could prove a suspect guilty.
    pub replayed: bool,
    /// The most places that one event of the flow can take in it at once: its limits are at least that, or such an
    /// event would never find room.
    pub places: u32,
    /// Its own generator.
    pub random: Random,
}

/// A sink: takes encoded events while it has room and answers each of them exactly once.
pub trait Sink<T: Tag> {
    /// How many events it would take now. For a suspect, which is delivered alone: as many as one event may have
    /// results here ([`SinkSetup::places`]), or 0 while anything else is unconfirmed; as long as one that was refused so
    /// asks again in each step, there is no room for others, that it may come in.
    fn room(&self, suspect: bool) -> u32;

    /// Takes an event: exactly one [`Answer`] will follow. Without room it takes nothing and says so.
    fn push(&mut self, head: Head<T>, payload: &[u8]) -> Handed;

    /// Begins a step of the machine: reads what came over the wire, keeps deadlines, confirms.
    fn advance(&mut self, now: Time);

    /// Ends a batch: what was pushed is ready for the wire, with what makes the peer confirm it.
    fn flush(&mut self, now: Time);

    /// The next answer.
    fn next_answer(&mut self) -> Option<(T, Answer)>;

    /// The next rejected event for the `err` port: only if the sink was made with that port linked. The branch
    /// stays owed: whoever takes it answers for it.
    fn next_error(&mut self) -> Option<SinkError<T>>;

    /// When [`Sink::advance`] must be called if nothing arrives before.
    fn deadline(&self) -> Option<Time>;

    /// Its connection, if it has one.
    fn wire(&mut self) -> Option<&mut Wire>;

    /// Whether it is available, or its first attempt has failed.
    fn is_settled(&self) -> bool;

    /// Says goodbye to the peer.
    fn close(&mut self, now: Time);

    /// Whether the connection has ended after [`Sink::close`].
    fn is_closed(&self) -> bool;

    /// Why it can never take an event again, in words that name it; see [`Machine::failure`].
    fn failure(&self) -> Option<String> {
        None
    }

    /// Whether all is well with it, so that it has no room only where what it has written is not read yet: plain back
    /// pressure, as every pipe has it, and no trouble.
    fn is_slow(&self) -> bool {
        false
    }

    /// Its numbers.
    fn counts(&self) -> Counts;

    /// What it measures; of each sink at least its room.
    fn measures(&self) -> Measures {
        let room = self.room(false);
        Measures { room: (room != u32::MAX).then_some(room.into()), ..Measures::default() }
    }
}

/// A rejected event on its way to an offramp's `err` port.
#[derive(Clone, Debug)]
pub struct SinkError<T> {
    /// The event.
    pub head: Head<T>,
    /// Why, in words.
    pub error: String,
    /// The event's encoded payload.
    pub payload: Vec<u8>,
}
