//! A compiled pipeline as a component of any Rust program: push values in, take values out, answer them.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use foreshock_spec::{Definition, SettingError, Settings, Value};

use super::collector::Collector;
use super::encode::ShapeError;
use super::memory::MemoryDirectory;
use crate::core::{
    Answer, Ask, Context, Counts, Deliveries, EventId, Handed, Head, NodeReport, Progress, Storage, Tag, Time,
};
use crate::world::hostname;

/// A compiled pipeline whose ports lead to a [`Collector`]. Generated.
pub trait Pipeline: Sized {
    /// To whom the answer to an event goes that came out.
    type Tag: Tag;
    /// Its name in the flow.
    const NAME: &'static str;
    /// Its input ports.
    const INPUTS: &'static [&'static str];
    /// Its output ports.
    const OUTPUTS: &'static [&'static str];
    /// How many events one event that enters can send to each output.
    const PLACES: &'static [u32];
    /// The settings of the whole macro call.
    const DEFINITIONS: &'static [Definition];

    /// A pipeline that has seen nothing yet.
    fn create(settings: &Settings) -> Self;

    /// Takes an event at an input.
    ///
    /// # Errors
    /// The value does not have the shape that the input was compiled for.
    fn push(
        &mut self,
        cx: &Context,
        input: usize,
        head: Head<EventId>,
        value: &Value,
        out: &mut Collector<Self::Tag>,
    ) -> Result<Handed, ShapeError>;

    /// How many events an input would take now.
    fn room(&self, cx: &Context, input: usize, out: &Collector<Self::Tag>, ask: Ask) -> u32;

    /// Lets the logs emit.
    fn pump(&mut self, cx: &Context, out: &mut Collector<Self::Tag>) -> Progress;

    /// Takes the answer to an event that came out.
    fn answer(&mut self, tag: Self::Tag, answer: Answer) -> Option<(EventId, Answer)>;

    /// The next answer that the pipeline has by itself.
    fn next_answer(&mut self) -> Option<(EventId, Answer)>;

    /// The storages of the logs that are on disk, by index; `None` behind the last.
    fn storage(&mut self, _index: usize) -> Option<&mut Storage> {
        None
    }

    /// The logs on disk take what became of their requests.
    fn advance(&mut self, _now: Time) {}

    /// What was stored is to be written.
    fn flush(&mut self, _now: Time) {}

    /// Reports the operators.
    fn report(&self, cx: &Context, out: &Collector<Self::Tag>, visit: &mut dyn FnMut(NodeReport<'_>));
}

/// A pipeline without a flow: synchronous, without I/O, clock or task. (What a flow's pipeline would write to disk, it keeps in
/// memory then: each such log begins empty.)
///
/// Every event that comes out wants an answer ([`Embedded::ack`], [`Embedded::fail`]): a port holds at most
/// 1024 unanswered events unless [`Embedded::set_room`] says otherwise, then the pipeline has no room. Every answer to
/// a pushed event wants to be read ([`Embedded::next_answer`]): while 1024 are unread, nothing more can be pushed.
pub struct Embedded<P: Pipeline> {
    pipeline: P,
    cx: Context,
    out: Collector<P::Tag>,
    deliveries: Deliveries,
    names: BTreeMap<(u32, u32), u64>,
    pushed: u64,
    unanswered: BTreeMap<u64, (usize, P::Tag)>,
    emitted: u64,
    answers: VecDeque<(u64, Answer)>,
    /// What the logs on disk have written, by the index of their storage.
    directories: Vec<MemoryDirectory>,
}

/// While so many answers are unread, nothing can be pushed. No more wait than these and one for each event that was
/// pending then, and those are limited by the pipeline's room.
const UNREAD_ANSWERS: usize = 1024;

/// An event that came out of a port.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The port.
    pub port: &'static str,
    /// The event.
    pub event: Value,
    /// Names it in [`Embedded::ack`] and [`Embedded::fail`]: the number of the output, from 0.
    pub delivery: u64,
    /// It is delivered alone, because a peer may have closed because of it.
    pub suspect: bool,
}

/// An event was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PushError {
    /// There is no input port of this name.
    NoSuchInput(String),
    /// The pipeline has no room, or too many answers are unread.
    NoRoom,
    /// The event does not have the shape that the input was compiled for.
    Shape(ShapeError),
}

impl fmt::Display for PushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PushError::NoSuchInput(port) => write!(f, "the pipeline has no input `{port}`"),
            PushError::NoRoom => f.write_str(
                "the pipeline has no room; answer what came out, read the answers to what was pushed, or give it room",
            ),
            PushError::Shape(error) => write!(f, "the event has the wrong shape: {error}"),
        }
    }
}

impl std::error::Error for PushError {}

impl<P: Pipeline> Embedded<P> {
    /// The pipeline with its settings as written. The host has its own name, or none if the system does not tell.
    pub fn new() -> Embedded<P> {
        Embedded::with_settings(&Settings::new(P::DEFINITIONS))
    }

    /// The pipeline with some settings overridden: `("pipeline.name.operator.key", value)`.
    ///
    /// # Errors
    /// A setting does not exist, cannot be changed, or has an illegal value.
    pub fn with(overrides: &[(&str, Value)]) -> Result<Embedded<P>, SettingError> {
        let mut settings = Settings::new(P::DEFINITIONS);
        for (path, value) in overrides {
            settings.set(path, value.clone())?;
        }
        Ok(Embedded::with_settings(&settings))
    }

    fn with_settings(settings: &Settings) -> Embedded<P> {
        let mut pipeline = P::create(settings);
        let storages = (0..).take_while(|index| pipeline.storage(*index).is_some());
        let directories = storages.map(|_| MemoryDirectory::default()).collect();
        let mut embedded = Embedded {
            pipeline,
            cx: Context::new(&hostname().unwrap_or_default(), "foreshock"),
            out: Collector::new(P::PLACES),
            deliveries: Deliveries::new(),
            names: BTreeMap::new(),
            pushed: 0,
            unanswered: BTreeMap::new(),
            emitted: 0,
            answers: VecDeque::new(),
            directories,
        };
        // Logs on disk open.
        embedded.pump();
        embedded
    }

    /// What `system::hostname()` and `system::instance()` give.
    pub fn set_host(&mut self, hostname: &str, instance: &str) {
        let (now, unix_ns) = (self.cx.now(), self.cx.unix_ns());
        self.cx = Context::new(hostname, instance);
        self.cx.set_time(now, unix_ns);
    }

    /// Moves the clocks: monotonic since the start, and the system clock in nanoseconds since the Unix epoch, which
    /// is also the ingest time of what is pushed.
    pub fn set_time(&mut self, now: Time, unix_ns: u64) {
        self.cx.set_time(now, unix_ns);
    }

    /// How many events an input would take now; 0 for an input that does not exist, and while 1024 answers are unread.
    pub fn room(&self, input: &str) -> u32 {
        let input = P::INPUTS.iter().position(|port| *port == input);
        input.map_or(0, |input| self.room_at(input))
    }

    fn room_at(&self, input: usize) -> u32 {
        let is_read = self.answers.len() < UNREAD_ANSWERS;
        if is_read { self.pipeline.room(&self.cx, input, &self.out, Ask::entering(false)) } else { 0 }
    }

    /// Pushes an event into an input and lets the pipeline do all that it can. Gives the number of the event, from 0.
    ///
    /// # Errors
    /// No such input, no room, or the wrong shape; nothing has happened then.
    pub fn push(&mut self, input: &str, event: impl Into<Value>) -> Result<u64, PushError> {
        let at = P::INPUTS.iter().position(|port| *port == input);
        let at = at.ok_or_else(|| PushError::NoSuchInput(input.to_owned()))?;
        if self.room_at(at) == 0 {
            return Err(PushError::NoRoom);
        }
        let tag = self.deliveries.open();
        let head = Head { tag, ingest_ns: self.cx.unix_ns(), suspect: false };
        let number = self.pushed;
        self.names.insert((tag.slot, tag.generation), number);
        let handed = match self.pipeline.push(&self.cx, at, head, &event.into(), &mut self.out) {
            Ok(handed) => handed,
            Err(error) => {
                self.names.remove(&(tag.slot, tag.generation));
                self.deliveries.cancel(tag);
                return Err(PushError::Shape(error));
            }
        };
        self.pushed += 1;
        if let Some(answer) = self.deliveries.settle(tag, handed) {
            self.over(tag, answer);
        }
        self.pump();
        Ok(number)
    }

    /// The next event that came out of any port.
    pub fn next_output(&mut self) -> Option<Output> {
        let collected = self.out.next_collected()?;
        let delivery = self.emitted;
        self.emitted += 1;
        self.unanswered.insert(delivery, (collected.port, collected.head.tag));
        Some(Output {
            port: P::OUTPUTS[collected.port],
            event: collected.value,
            delivery,
            suspect: collected.head.suspect,
        })
    }

    /// Confirms an event that came out. An answer to what was answered already does nothing.
    pub fn ack(&mut self, delivery: u64) {
        self.answer(delivery, Answer::Ack);
    }

    /// Says that an event that came out was not confirmed.
    pub fn fail(&mut self, delivery: u64) {
        self.answer(delivery, Answer::Fail);
    }

    /// Answers an event that came out.
    pub fn answer(&mut self, delivery: u64, answer: Answer) {
        let Some((port, tag)) = self.unanswered.remove(&delivery) else { return };
        self.out.answered(port);
        if let Some((tag, answer)) = self.pipeline.answer(tag, answer) {
            self.answer_upstream(tag, answer);
        }
        self.pump();
    }

    /// How many events an output takes before some are answered. A port that does not exist is ignored.
    pub fn set_room(&mut self, output: &str, most: u32) {
        if let Some(port) = P::OUTPUTS.iter().position(|port| *port == output) {
            self.out.set_room(port, most);
            self.pump();
        }
    }

    /// The next pushed event (by its number) that is done: acknowledged, or failed with nobody to replay it. One that went
    /// several ways is done when all of them are.
    pub fn next_answer(&mut self) -> Option<(u64, Answer)> {
        self.answers.pop_front()
    }

    /// Pushed events that are not done.
    pub fn pending(&self) -> u64 {
        self.deliveries.pending()
    }

    /// The numbers of the operator `path` (`pipeline.name.operator`), or of the selects as one (`pipeline.name`).
    pub fn counts(&self, path: &str) -> Option<Counts> {
        let mut found = None;
        self.pipeline.report(&self.cx, &self.out, &mut |report| {
            if report.path == path {
                found = Some(report.counts);
            }
        });
        found
    }

    fn pump(&mut self) {
        // A log is asked again while it emits: what is done at once makes room for what waits further up.
        loop {
            self.pipeline.advance(self.cx.now());
            self.take_answers();
            let progress = self.pipeline.pump(&self.cx, &mut self.out);
            self.take_answers();
            self.pipeline.flush(self.cx.now());
            if progress == Progress::Idle && !self.serve_storages() {
                return;
            }
        }
    }

    fn take_answers(&mut self) {
        while let Some((tag, answer)) = self.pipeline.next_answer() {
            self.answer_upstream(tag, answer);
        }
    }

    /// Whether a log on disk had something to write or read.
    fn serve_storages(&mut self) -> bool {
        let mut is_asked = false;
        for (index, directory) in self.directories.iter_mut().enumerate() {
            is_asked |= self.pipeline.storage(index).is_some_and(|storage| directory.serve(storage));
        }
        is_asked
    }

    fn answer_upstream(&mut self, tag: EventId, answer: Answer) {
        if let Some(answer) = self.deliveries.answer(tag, answer) {
            self.over(tag, answer);
        }
    }

    fn over(&mut self, tag: EventId, answer: Answer) {
        if let Some(number) = self.names.remove(&(tag.slot, tag.generation)) {
            self.answers.push_back((number, answer));
        }
    }
}

impl<P: Pipeline> Default for Embedded<P> {
    fn default() -> Self {
        Embedded::new()
    }
}
