//! Our side: the generated pipeline with three real sinks, run by the real driver. The machine around them is written here
//! after the generated one, step for step, and differs in its source only: a metronome makes an event a millisecond at most,
//! and this one makes as many per step as the round wants. The sinks are websockets, or blackholes where another part measures
//! the way up to a sink of this process.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use foreshock::__private as rt;
use foreshock::Builder;
use foreshock::core::{
    Answer, Ask, Context, EventId, Handed, Head, Machine, Measures, NodeKind, NodeReport, Progress, Sink,
    SinkSetup, Tally, Time, Wire,
};
use foreshock::program::{MachineMaker, Program, Start};
use foreshock::sink::{Blackhole, BlackholeConfig, Ws};
use tokio::sync::oneshot;

use super::{Ack, Round};
use crate::feed::{Feed, now_ns};
use crate::flow::websockets::{
    self,
    founding::{DEFINITIONS, MetronomeEvent, Roundrobin, RoundrobinPorts},
};
use crate::latency::histogram::Histogram;

const fn program(machines: &'static [MachineMaker]) -> Program {
    Program {
        name: "Founding",
        about: "The founding flow with a source of the benchmark's.",
        version: env!("CARGO_PKG_VERSION"),
        definitions: DEFINITIONS,
        picture: websockets::founding::PROGRAM.picture,
        forms: websockets::founding::PROGRAM.forms,
        machines,
    }
}

static TO_SERVERS: Program = program(&[MachineMaker {
    instance: "01",
    make: |settings, start| Box::new(Flow::<Ws<EventId>>::new(settings, start)),
}]);

static TO_BLACKHOLES: Program = program(&[MachineMaker {
    instance: "01",
    make: |settings, start| Box::new(Flow::<Blackhole<EventId>>::new(settings, start)),
}]);

/// What became of a round.
#[derive(Debug)]
pub struct Ran {
    /// From the first event to the last confirmation.
    pub took: Duration,
    /// Of events at blackholes: from the time that each was due. Of those at servers only these know.
    pub latencies: Histogram,
    /// Bytes of payload that the log kept at the end.
    pub kept_bytes: u64,
}

/// What the next machine is to do: its maker is a plain function.
static NEXT: Mutex<Option<(Round, oneshot::Sender<Ran>)>> = Mutex::new(None);

/// A sink that a round ends at.
trait End: Sink<EventId> + Send + 'static {
    /// Whether events have arrived when they are in it.
    const IS_ARRIVAL: bool;

    fn make(settings: &rt::Settings, definition: usize, setup: SinkSetup<'_>, round: Round) -> Self;
}

impl End for Ws<EventId> {
    const IS_ARRIVAL: bool = false;

    fn make(settings: &rt::Settings, definition: usize, setup: SinkSetup<'_>, _: Round) -> Self {
        Ws::new(&settings.of(definition), setup)
    }
}

impl End for Blackhole<EventId> {
    const IS_ARRIVAL: bool = true;

    fn make(_: &rt::Settings, _: usize, _: SinkSetup<'_>, round: Round) -> Self {
        let capacity = if round.is_kept { 0 } else { round.window().into() };
        Blackhole::with_config(BlackholeConfig { delay: 0, fail_every: 0, capacity })
    }
}

/// Runs one round in a runtime like that of the ready program, with servers at these ports; gives the time from the first
/// event to the last confirmation.
///
/// # Panics
/// The flow does not start, or not all is confirmed in time.
pub fn run(round: Round, ports: &[u16]) -> Duration {
    run_program(&TO_SERVERS, round, ports, |ran| ran.took)
}

/// Runs one round with blackholes in place of the servers; `look` is called when it is over, and the flow is still there.
///
/// # Panics
/// The flow does not start, or the round is not over in time.
pub fn run_here<R>(round: Round, look: impl FnOnce(Ran) -> R) -> R {
    run_program(&TO_BLACKHOLES, round, &[], look)
}

fn run_program<R>(program: &'static Program, round: Round, ports: &[u16], look: impl FnOnce(Ran) -> R) -> R {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("the system gives threads");
    runtime.block_on(async {
        let (done, is_done) = oneshot::channel();
        *NEXT.lock().unwrap_or_else(PoisonError::into_inner) = Some((round, done));
        let mut builder = Builder::new(program);
        let log = "pipeline.roundrobin.in_memory_wal";
        let mut set = |path: &str, value: foreshock::Value| {
            builder.set(path, value).expect("the rows allow it");
        };
        set(&format!("{log}.read_count"), round.per_step().into());
        set(&format!("{log}.max_elements"), round.max_elements().into());
        set(&format!("{log}.max_bytes"), round.max_bytes().into());
        for (at, port) in ports.iter().enumerate() {
            set(&format!("offramp.ws{at}.url"), format!("ws://127.0.0.1:{port}/").as_str().into());
            set(&format!("offramp.ws{at}.window_events"), round.window().into());
            if round.ack == Ack::Written {
                set(&format!("offramp.ws{at}.ack"), "written".into());
            }
        }
        let flow = builder.start().expect("the flow starts");
        let ran = tokio::time::timeout(super::LIMIT, is_done).await;
        let looked = ran.ok().and_then(Result::ok).map(look);
        let summary = if round.is_kept { flow.stop().await } else { flow.drain().await };
        looked.unwrap_or_else(|| panic!("the round was not over within {:?}: {summary:?}", super::LIMIT))
    })
}

struct Sinks<S> {
    ws0: S,
    ws1: S,
    ws2: S,
    latencies: Histogram,
}

impl<S: End> Sinks<S> {
    #[inline]
    fn arrived(&mut self, head: &Head<EventId>) {
        if S::IS_ARRIVAL {
            self.latencies.record(now_ns().saturating_sub(head.ingest_ns));
        }
    }
}

struct Flow<S> {
    cx: Context,
    round: Round,
    feed: Feed,
    begun: Option<Instant>,
    /// The time of the last step.
    now: Time,
    done: Option<oneshot::Sender<Ran>>,
    deliveries: Tally,
    pipeline: Roundrobin<()>,
    sinks: Sinks<S>,
    entrance_turn: usize,
}

impl<S: End> Flow<S> {
    fn new(settings: &rt::Settings, start: &mut Start) -> Flow<S> {
        let mut next = NEXT.lock().unwrap_or_else(PoisonError::into_inner);
        let (round, done) = next.take().expect("a round was set up");
        let mut sink = |definition: usize| {
            let random = start.random.fork();
            let setup = SinkSetup { instance: "01", errors_linked: false, replayed: true, places: 1, random };
            S::make(settings, definition, setup, round)
        };
        let latencies = Histogram::new();
        Flow {
            sinks: Sinks { ws0: sink(3), ws1: sink(4), ws2: sink(5), latencies },
            cx: start.context("01"),
            round,
            feed: Feed::new(round.events, round.schedule),
            begun: None,
            now: Time::ZERO,
            done: Some(done),
            deliveries: Tally::new(),
            pipeline: Roundrobin::new(settings),
            entrance_turn: 0,
        }
    }

    fn answered(&mut self, answered: Option<((), Answer)>) {
        if let Some((tag, answer)) = answered {
            self.deliveries.answer(tag, answer);
        }
    }

    fn room(&self) -> u32 {
        self.pipeline.room_in(&self.cx, &self.sinks, Ask::entering(false))
    }

    fn pull(&mut self) -> Progress {
        let mut progress = Progress::Idle;
        for _ in 0..self.round.per_step() {
            if self.room() == 0 || !self.feed.is_due() {
                break;
            }
            let tick = self.feed.make();
            let event = &MetronomeEvent { onramp: tick.onramp, id: tick.id, ingest_ns: tick.ingest_ns };
            self.deliveries.open();
            let head = Head { tag: (), ingest_ns: tick.ingest_ns, suspect: false };
            let handed = self.pipeline.push_in(&self.cx, head, event, &mut self.sinks);
            self.deliveries.settle((), handed);
            progress = Progress::Again;
        }
        progress
    }

    fn pump(&mut self) -> Progress {
        let emitted = self.pipeline.pump(&self.cx, &mut self.sinks);
        while let Some(answered) = self.pipeline.next_answer() {
            self.answered(Some(answered));
        }
        emitted
    }

    fn tell_if_done(&mut self) {
        let is_done = if self.round.is_kept {
            self.feed.made() == self.round.events
        } else {
            self.deliveries.counts().acked == self.round.events
        };
        if is_done
            && let Some(begun) = self.begun
            && let Some(done) = self.done.take()
        {
            let mut kept_bytes = 0;
            self.pipeline.report(&self.cx, &self.sinks, "01", &mut |node| {
                kept_bytes = kept_bytes.max(node.counts.pending_bytes);
            });
            let latencies = std::mem::take(&mut self.sinks.latencies);
            // Nobody waits any more where the time is over.
            let _ = done.send(Ran { took: begun.elapsed(), latencies, kept_bytes });
        }
    }
}

impl<S: End> Machine for Flow<S> {
    fn step(&mut self, now: Time, unix_ns: u64) -> Progress {
        self.cx.set_time(now, unix_ns);
        self.now = now;
        self.sinks.ws0.advance(now);
        while let Some((tag, answer)) = self.sinks.ws0.next_answer() {
            let answered = self.pipeline.answer_ws0(tag, answer);
            self.answered(answered);
        }
        self.sinks.ws1.advance(now);
        while let Some((tag, answer)) = self.sinks.ws1.next_answer() {
            let answered = self.pipeline.answer_ws1(tag, answer);
            self.answered(answered);
        }
        self.sinks.ws2.advance(now);
        while let Some((tag, answer)) = self.sinks.ws2.next_answer() {
            let answered = self.pipeline.answer_ws2(tag, answer);
            self.answered(answered);
        }
        self.tell_if_done();
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
        self.sinks.ws0.flush(now);
        self.sinks.ws1.flush(now);
        self.sinks.ws2.flush(now);
        if self.feed.spins() { Progress::Again } else { progress }
    }

    fn deadline(&self) -> Option<Time> {
        let sinks = Time::earliest(self.sinks.ws0.deadline(), self.sinks.ws1.deadline());
        let sinks = Time::earliest(sinks, self.sinks.ws2.deadline());
        let due = self.feed.wait().filter(|_| self.room() > 0);
        Time::earliest(sinks, due.map(|wait| self.now.plus(wait)))
    }

    fn wire(&mut self, index: usize) -> Option<&mut Wire> {
        match index {
            0 => self.sinks.ws0.wire(),
            1 => self.sinks.ws1.wire(),
            2 => self.sinks.ws2.wire(),
            _ => None,
        }
    }

    fn is_settled(&self) -> bool {
        self.sinks.ws0.is_settled() && self.sinks.ws1.is_settled() && self.sinks.ws2.is_settled()
    }

    fn start_sources(&mut self, _: Time) {
        self.begun = Some(Instant::now());
        self.feed.begin();
    }

    fn stop_sources(&mut self) {
        self.feed.stop();
    }

    fn pending(&self) -> u64 {
        self.deliveries.pending()
    }

    fn close_sinks(&mut self, now: Time) {
        self.sinks.ws0.close(now);
        self.sinks.ws1.close(now);
        self.sinks.ws2.close(now);
    }

    fn is_closed(&self) -> bool {
        self.sinks.ws0.is_closed() && self.sinks.ws1.is_closed() && self.sinks.ws2.is_closed()
    }

    fn report(&self, visit: &mut dyn FnMut(NodeReport<'_>)) {
        let source = self.deliveries.counts();
        let (instance, has_room) = ("01", self.room() > 0);
        visit(NodeReport {
            path: "onramp.metronome",
            instance,
            kind: NodeKind::Source,
            has_room,
            is_slow: false,
            counts: source,
            measures: Measures::default(),
        });
        self.pipeline.report(&self.cx, &self.sinks, instance, visit);
        for (path, sink) in [
            ("offramp.ws0", &self.sinks.ws0),
            ("offramp.ws1", &self.sinks.ws1),
            ("offramp.ws2", &self.sinks.ws2),
        ] {
            let (has_room, counts) = (sink.room(false) > 0, sink.counts());
            visit(NodeReport {
                path,
                instance,
                kind: NodeKind::Sink,
                has_room,
                is_slow: false,
                counts,
                measures: Measures::default(),
            });
        }
    }
}

impl<S: End> RoundrobinPorts<()> for Sinks<S> {
    fn room_ws0(&self, _: &Context, ask: Ask) -> u32 {
        self.ws0.room(ask.suspect)
    }

    fn ws0(&mut self, _: &Context, head: Head<EventId>, payload: &[u8]) -> Handed {
        self.arrived(&head);
        self.ws0.push(head, payload)
    }

    fn room_ws1(&self, _: &Context, ask: Ask) -> u32 {
        self.ws1.room(ask.suspect)
    }

    fn ws1(&mut self, _: &Context, head: Head<EventId>, payload: &[u8]) -> Handed {
        self.arrived(&head);
        self.ws1.push(head, payload)
    }

    fn room_ws2(&self, _: &Context, ask: Ask) -> u32 {
        self.ws2.room(ask.suspect)
    }

    fn ws2(&mut self, _: &Context, head: Head<EventId>, payload: &[u8]) -> Handed {
        self.arrived(&head);
        self.ws2.push(head, payload)
    }

    const ERR_IS_LINKED: bool = false;

    fn room_err(&self, _: &Context, _: Ask) -> u32 {
        u32::MAX
    }

    fn err(&mut self, _: &Context, _: Head<()>, _: &foreshock::Value) -> Handed {
        Handed::DONE
    }
}
