//! Our side: the generated pipeline with a log on disk and a blackhole, run by the real driver. The machine around them is
//! written here after the generated one, step for step, and differs in its source only: a metronome makes an event a
//! millisecond at most, and this one is always due.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use foreshock::__private as rt;
use foreshock::Builder;
use foreshock::core::{
    Ask, Context, EventId, Handed, Head, Machine, Measures, NodeKind, NodeReport, Origin, Progress, Sink,
    SinkSetup, Storage, Tally, Time, Wire,
};
use foreshock::program::{MachineMaker, Program, Start};
use foreshock::sink::Blackhole;
use tokio::sync::oneshot;

use super::recording::{Recording, Trace};
use crate::event::Tick;
use crate::flow::on_disk::{
    self,
    persistent::{DEFINITIONS, Kept, KeptPorts, MetronomeEvent},
};

/// Bytes of one event's payload, for ids of six digits.
pub const PAYLOAD: u64 =
    r#"{"onramp":"metronome","id":123456,"ingest_ns":1600689100122526000,"hostname":"ALT01827"}"#.len()
        as u64;

static PROGRAM: Program = Program {
    name: "Persistent",
    about: "A log on disk with a source that is always due.",
    version: env!("CARGO_PKG_VERSION"),
    definitions: DEFINITIONS,
    picture: on_disk::persistent::PROGRAM.picture,
    forms: on_disk::persistent::PROGRAM.forms,
    machines: &[MachineMaker {
        instance: "01",
        make: |settings, start| Box::new(Flow::new(settings, start)),
    }],
};

/// When a run is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    /// The sink has confirmed so many, which the source made.
    Confirmed(u64),
    /// So many, which the source made, are kept, since the sink takes none.
    Kept(u64),
    /// The sink has one event, of so many that were kept from an earlier run.
    First(u64),
}

impl Until {
    /// Events that the source makes.
    fn made(self) -> u64 {
        match self {
            Until::Confirmed(events) | Until::Kept(events) => events,
            Until::First(_) => 0,
        }
    }
}

/// The end of a run.
#[derive(Debug)]
struct Ended {
    /// When the source began, if it had.
    begun: Option<Instant>,
    at: Instant,
}

/// What the next machine is to do: its maker is a plain function.
static NEXT: Mutex<Option<(Until, oneshot::Sender<Ended>)>> = Mutex::new(None);

/// Runs so many events through a log in that directory; gives the time from the first event to the last confirmation.
///
/// # Panics
/// The flow does not start, or not all is confirmed in time.
pub fn confirm_all(directory: &Path, sync: &str, events: u64, trace: &Trace) -> Duration {
    run(directory, &[("pipeline.kept.log.sync", sync.into())], Until::Confirmed(events), trace)
}

/// Fills a log with so many events.
///
/// # Panics
/// The flow does not start, or they are not kept in time.
pub fn fill(directory: &Path, events: u64) {
    run(directory, &[("offramp.hole.capacity", 0.into())], Until::Kept(events), &Trace::new(false));
}

/// Opens a log that keeps so many events; gives the time until the first of them is at the sink. Changes nothing in it.
///
/// # Panics
/// The flow does not start, or no event comes in time, or the log does not keep as many.
pub fn open(directory: &Path, events: u64) -> Duration {
    let never = [("offramp.hole.delay", 3_600_000.into()), ("offramp.hole.capacity", 1.into())];
    run(directory, &never, Until::First(events), &Trace::new(false))
}

fn run(directory: &Path, settings: &[(&str, foreshock::Value)], until: Until, trace: &Trace) -> Duration {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("the system gives threads");
    runtime.block_on(async {
        let (done, is_done) = oneshot::channel();
        *NEXT.lock().unwrap_or_else(PoisonError::into_inner) = Some((until, done));
        let mut builder = Builder::new(&PROGRAM);
        let directory = directory.to_str().expect("where this is built has a name that is text");
        builder.set("pipeline.kept.log.dir", directory).expect("the row allows it");
        for (path, value) in settings {
            builder.set(path, value.clone()).expect("the row allows it");
        }
        let started = Instant::now();
        let flow = builder.start_in(&Recording::new(trace.clone())).expect("the flow starts");
        let ended = tokio::time::timeout(super::LIMIT, is_done).await;
        trace.end();
        let summary = flow.stop().await;
        let ended = ended.ok().and_then(Result::ok);
        let Ended { begun, at } =
            ended.unwrap_or_else(|| panic!("not over within {:?}: {summary:?}", super::LIMIT));
        match until {
            Until::First(_) => at - started,
            _ => at - begun.expect("the source made the events"),
        }
    })
}

struct Flow {
    cx: Context,
    until: Until,
    origin: u32,
    made: u64,
    /// When the source began.
    begun: Option<Instant>,
    done: Option<oneshot::Sender<Ended>>,
    deliveries: Tally,
    pipeline: Kept<()>,
    sink: Hole,
    entrance_turn: usize,
}

struct Hole(Blackhole<EventId>);

impl Flow {
    fn new(settings: &rt::Settings, start: &mut Start) -> Flow {
        let mut next = NEXT.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, done) = next.take().expect("a run was set up");
        let random = start.random.fork();
        let setup = SinkSetup { instance: "01", errors_linked: false, replayed: true, places: 1, random };
        Flow {
            sink: Hole(Blackhole::new(&settings.of(2), setup)),
            cx: start.context("01"),
            until,
            origin: Origin::source("onramp.metronome", "01"),
            made: 0,
            begun: None,
            done: Some(done),
            deliveries: Tally::new(),
            pipeline: Kept::new(settings, "01"),
            entrance_turn: 0,
        }
    }

    fn room(&self) -> u32 {
        self.pipeline.room_in(&self.cx, &self.sink, Ask::entering(false))
    }

    fn pull(&mut self) -> Progress {
        let mut progress = Progress::Idle;
        for _ in 0..rt::SOURCE_BATCH {
            if self.begun.is_none() || self.made == self.until.made() || self.room() == 0 {
                break;
            }
            let tick = Tick::numbered(self.made);
            self.made += 1;
            let event = &MetronomeEvent { onramp: tick.onramp, id: tick.id, ingest_ns: tick.ingest_ns };
            self.cx.set_origin(Some(Origin { source: self.origin, id: tick.id }));
            self.deliveries.open();
            let head = Head { tag: (), ingest_ns: tick.ingest_ns, suspect: false };
            let handed = self.pipeline.push_in(&self.cx, head, event, &mut self.sink);
            self.cx.set_origin(None);
            self.deliveries.settle((), handed);
            progress = Progress::Again;
        }
        progress
    }

    fn pump(&mut self) -> Progress {
        let emitted = self.pipeline.pump(&self.cx, &mut self.sink);
        self.answer_source();
        emitted
    }

    fn answer_source(&mut self) {
        while let Some((tag, answer)) = self.pipeline.next_answer() {
            self.deliveries.answer(tag, answer);
        }
    }

    fn tell_if_done(&mut self) {
        let is_done = match self.until {
            Until::Confirmed(events) => self.sink.0.counts().acked == events,
            Until::Kept(events) => self.pipeline.kept() == events,
            Until::First(events) => {
                let has_one = self.sink.0.counts().taken == 1;
                assert!(!has_one || self.pipeline.kept() == events, "all are there");
                has_one
            }
        };
        if is_done && let Some(done) = self.done.take() {
            // Nobody waits any more where the time is over.
            let _ = done.send(Ended { begun: self.begun, at: Instant::now() });
        }
    }
}

impl Machine for Flow {
    fn step(&mut self, now: Time, unix_ns: u64) -> Progress {
        self.cx.set_time(now, unix_ns);
        self.pipeline.advance(now);
        self.answer_source();
        self.sink.0.advance(now);
        while let Some((tag, answer)) = self.sink.0.next_answer() {
            // The source has heard of it when it was stored.
            let answered = self.pipeline.answer_out(tag, answer);
            debug_assert!(answered.is_none());
        }
        let mut progress = Progress::Idle;
        let first = self.entrance_turn;
        for behind in 0..2 {
            let at = (first + behind) % 2;
            let step = if at == 0 { self.pull() } else { self.pump() };
            if step == Progress::Again {
                self.entrance_turn = at + 1;
                progress = step;
            }
        }
        let progress = progress.or(self.pump());
        self.tell_if_done();
        self.sink.0.flush(now);
        self.pipeline.flush(now);
        progress
    }

    fn deadline(&self) -> Option<Time> {
        Time::earliest(self.sink.0.deadline(), self.pipeline.deadline())
    }

    fn wire(&mut self, _: usize) -> Option<&mut Wire> {
        None
    }

    fn storage(&mut self, index: usize) -> Option<&mut Storage> {
        self.pipeline.storage(index)
    }

    fn kept(&self) -> u64 {
        self.pipeline.kept()
    }

    fn is_settled(&self) -> bool {
        self.sink.0.is_settled() && self.pipeline.is_open()
    }

    fn start_sources(&mut self, _: Time) {
        self.begun = Some(Instant::now());
    }

    fn stop_sources(&mut self) {
        self.made = self.until.made();
    }

    fn failure(&self) -> Option<String> {
        self.pipeline.failure()
    }

    fn pending(&self) -> u64 {
        self.deliveries.pending() + self.pipeline.kept()
    }

    fn close_sinks(&mut self, now: Time) {
        self.sink.0.close(now);
        self.pipeline.close();
    }

    fn is_closed(&self) -> bool {
        self.sink.0.is_closed() && self.pipeline.is_closed()
    }

    fn report(&self, visit: &mut dyn FnMut(NodeReport<'_>)) {
        let (instance, has_room, counts) = ("01", self.room() > 0, self.deliveries.counts());
        let (kind, is_slow) = (NodeKind::Source, false);
        visit(NodeReport {
            path: "onramp.metronome",
            instance,
            kind,
            has_room,
            is_slow,
            counts,
            measures: Measures::default(),
        });
        self.pipeline.report(&self.cx, &self.sink, instance, visit);
        let (has_room, counts) = (self.sink.0.room(false) > 0, self.sink.0.counts());
        let (kind, is_slow) = (NodeKind::Sink, self.sink.0.is_slow());
        visit(NodeReport {
            path: "offramp.hole",
            instance,
            kind,
            has_room,
            is_slow,
            counts,
            measures: Measures::default(),
        });
    }
}

impl KeptPorts<()> for Hole {
    fn room_out(&self, _: &Context, ask: Ask) -> u32 {
        self.0.room(ask.suspect)
    }

    fn out(&mut self, _: &Context, head: Head<EventId>, payload: &[u8]) -> Handed {
        self.0.push(head, payload)
    }

    const ERR_IS_LINKED: bool = false;

    fn room_err(&self, _: &Context, _: Ask) -> u32 {
        u32::MAX
    }

    fn err(&mut self, _: &Context, _: Head<()>, _: &foreshock::Value) -> Handed {
        Handed::DONE
    }
}
