//! Our side: the generated pipeline with three real websocket sinks, run by the real driver. The machine around them is
//! written here after the generated one, step for step, and differs in its source only: a metronome makes an event a
//! millisecond at most, and this one makes as many per step as the round wants.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use foreshock::__private as rt;
use foreshock::Builder;
use foreshock::core::{
    Answer, Ask, Context, Deliveries, EventId, Handed, Head, Machine, Measures, NodeKind, NodeReport,
    Progress, Sink, SinkSetup, Time, Wire,
};
use foreshock::program::{MachineMaker, Program, Start};
use foreshock::sink::Ws;
use tokio::sync::oneshot;

use super::Round;
use crate::event::Tick;
use crate::flow::websockets::{
    self,
    founding::{DEFINITIONS, MetronomeEvent, Roundrobin, RoundrobinPorts},
};

static PROGRAM: Program = Program {
    name: "Founding",
    about: "The founding flow with a source that is always due.",
    version: env!("CARGO_PKG_VERSION"),
    definitions: DEFINITIONS,
    picture: websockets::founding::PROGRAM.picture,
    forms: websockets::founding::PROGRAM.forms,
    machines: &[MachineMaker {
        instance: "01",
        make: |settings, start| Box::new(Flow::new(settings, start)),
    }],
};

/// What the next machine is to do: its maker is a plain function.
static NEXT: Mutex<Option<(Round, oneshot::Sender<Duration>)>> = Mutex::new(None);

/// Runs one round in a runtime like that of the ready program; gives the time from the first event to the last
/// confirmation.
///
/// # Panics
/// The flow does not start, or not all is confirmed in time.
pub fn run(round: Round, ports: &[u16]) -> Duration {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("the system gives threads");
    runtime.block_on(async {
        let (done, is_done) = oneshot::channel();
        *NEXT.lock().unwrap_or_else(PoisonError::into_inner) = Some((round, done));
        let mut builder = Builder::new(&PROGRAM);
        let log = "pipeline.roundrobin.in_memory_wal";
        let mut set = |path: &str, value: foreshock::Value| {
            builder.set(path, value).expect("the rows allow it");
        };
        set(&format!("{log}.read_count"), round.per_step().into());
        set(&format!("{log}.max_elements"), round.max_elements().into());
        for (at, port) in ports.iter().enumerate() {
            set(&format!("offramp.ws{at}.url"), format!("ws://127.0.0.1:{port}/").as_str().into());
            set(&format!("offramp.ws{at}.window_events"), round.window().into());
        }
        let flow = builder.start().expect("the flow starts");
        let took = tokio::time::timeout(super::LIMIT, is_done).await;
        let summary = flow.drain().await;
        let took = took.ok().and_then(Result::ok);
        took.unwrap_or_else(|| panic!("not all was confirmed within {:?}: {summary:?}", super::LIMIT))
    })
}

struct Sinks {
    ws0: Ws<EventId>,
    ws1: Ws<EventId>,
    ws2: Ws<EventId>,
}

struct Flow {
    cx: Context,
    round: Round,
    made: u64,
    begun: Option<Instant>,
    done: Option<oneshot::Sender<Duration>>,
    deliveries: Deliveries,
    pipeline: Roundrobin<EventId>,
    sinks: Sinks,
    entrance_turn: usize,
}

impl Flow {
    fn new(settings: &rt::Settings, start: &mut Start) -> Flow {
        let mut next = NEXT.lock().unwrap_or_else(PoisonError::into_inner);
        let (round, done) = next.take().expect("a round was set up");
        let mut sink = |definition: usize| {
            let random = start.random.fork();
            let setup = SinkSetup { instance: "01", errors_linked: false, replayed: true, places: 1, random };
            Ws::new(&settings.of(definition), setup)
        };
        Flow {
            sinks: Sinks { ws0: sink(3), ws1: sink(4), ws2: sink(5) },
            cx: start.context("01"),
            round,
            made: 0,
            begun: None,
            done: Some(done),
            deliveries: Deliveries::new(),
            pipeline: Roundrobin::new(settings),
            entrance_turn: 0,
        }
    }

    fn answered(&mut self, answered: Option<(EventId, Answer)>) {
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
            if self.begun.is_none() || self.made == self.round.events || self.room() == 0 {
                break;
            }
            let tick = Tick::numbered(self.made);
            self.made += 1;
            let event = &MetronomeEvent { onramp: tick.onramp, id: tick.id, ingest_ns: tick.ingest_ns };
            let tag = self.deliveries.open();
            let head = Head { tag, ingest_ns: tick.ingest_ns, suspect: false };
            let handed = self.pipeline.push_in(&self.cx, head, event, &mut self.sinks);
            self.deliveries.settle(tag, handed);
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
        if self.deliveries.counts().acked == self.round.events
            && let (Some(done), Some(begun)) = (self.done.take(), self.begun)
        {
            // Nobody waits any more where the time is over.
            let _ = done.send(begun.elapsed());
        }
    }
}

impl Machine for Flow {
    fn step(&mut self, now: Time, unix_ns: u64) -> Progress {
        self.cx.set_time(now, unix_ns);
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
        progress
    }

    fn deadline(&self) -> Option<Time> {
        let sinks = Time::earliest(self.sinks.ws0.deadline(), self.sinks.ws1.deadline());
        Time::earliest(sinks, self.sinks.ws2.deadline())
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
    }

    fn stop_sources(&mut self) {
        self.made = self.round.events;
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

impl RoundrobinPorts<EventId> for Sinks {
    fn room_ws0(&self, _: &Context, ask: Ask) -> u32 {
        self.ws0.room(ask.suspect)
    }

    fn ws0(&mut self, _: &Context, head: Head<EventId>, payload: &[u8]) -> Handed {
        self.ws0.push(head, payload)
    }

    fn room_ws1(&self, _: &Context, ask: Ask) -> u32 {
        self.ws1.room(ask.suspect)
    }

    fn ws1(&mut self, _: &Context, head: Head<EventId>, payload: &[u8]) -> Handed {
        self.ws1.push(head, payload)
    }

    fn room_ws2(&self, _: &Context, ask: Ask) -> u32 {
        self.ws2.room(ask.suspect)
    }

    fn ws2(&mut self, _: &Context, head: Head<EventId>, payload: &[u8]) -> Handed {
        self.ws2.push(head, payload)
    }

    const ERR_IS_LINKED: bool = false;

    fn room_err(&self, _: &Context, _: Ask) -> u32 {
        u32::MAX
    }

    fn err(&mut self, _: &Context, _: Head<EventId>, _: &foreshock::Value) -> Handed {
        Handed::DONE
    }
}
