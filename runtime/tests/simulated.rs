//! The whole runtime in the simulated world: driver, I/O tasks, websocket sinks, log, round robin and metronome, put
//! together by hand as generated code does it, against three simulated servers in virtual time.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use foreshock::core::{
    Answer, Deliveries, EventId, Handed, Head, Machine, NodeKind, NodeReport, Progress, Sink, SinkSetup,
    Source, Time, Wire,
};
use foreshock::operator::{RoundRobin, Stored, Wal, WalConfig};
use foreshock::program::{Builder, MachineMaker, Program, Start, Summary};
use foreshock::sink::Ws;
use foreshock::source::Metronome;
use foreshock::testing::sim::{Sim, SimWebsocket};
use foreshock_spec::{Definition, Kind, Literal, Settings};
use tokio::task::{JoinHandle, LocalSet, spawn_local};
use tokio::time::sleep;

const fn ws(path: &'static str, config: &'static [(&'static str, Literal)]) -> Definition {
    Definition { path, kind: Kind::Offramp, row: "ws", config }
}

const DEFINITIONS: &[Definition] = &[
    Definition {
        path: "onramp.metronome",
        kind: Kind::Onramp,
        row: "metronome",
        config: &[("interval", Literal::Int(10))],
    },
    Definition {
        path: "pipeline.roundrobin.in_memory_wal",
        kind: Kind::Operator,
        row: "qos::wal",
        config: &[("read_count", Literal::Int(20)), ("max_elements", Literal::Int(1000))],
    },
    ws("offramp.ws0", &[("url", Literal::Str("ws://ws0:80/"))]),
    ws("offramp.ws1", &[("url", Literal::Str("ws://ws1:80/"))]),
    ws("offramp.ws2", &[("url", Literal::Str("ws://ws2:80/"))]),
];

static PROGRAM: Program = Program {
    name: "RoundRobin",
    about: "The founding flow.",
    version: "0.1.0",
    definitions: DEFINITIONS,
    machines: &[MachineMaker { instance: "01", make }],
};

fn make(settings: &Settings, start: &mut Start) -> Box<dyn Machine> {
    let sink = |start: &mut Start, index| {
        let random = start.random.fork();
        let setup = SinkSetup { instance: "01", errors_linked: false, places: 1, random };
        Ws::new(&settings.of(index), setup)
    };
    Box::new(Flow {
        metronome: Metronome::new(&settings.of(0)),
        deliveries: Deliveries::new(),
        wal: Wal::new(&WalConfig::from(&settings.of(1))),
        round_robin: RoundRobin::new(3),
        sinks: [sink(start, 2), sink(start, 3), sink(start, 4)],
    })
}

struct Flow {
    metronome: Metronome,
    deliveries: Deliveries,
    wal: Wal<EventId>,
    round_robin: RoundRobin,
    sinks: [Ws<EventId>; 3],
}

impl Flow {
    fn answer(&mut self, answered: Option<(EventId, Answer)>) {
        if let Some((tag, answer)) = answered {
            self.deliveries.answer(tag, answer);
        }
    }

    fn pump(&mut self) -> Progress {
        for _ in 0..self.wal.read_count() {
            let Some(suspect) = self.wal.next() else { return Progress::Idle };
            let Some(output) = self.round_robin.pick(|n| self.sinks[n].room(suspect) > 0) else {
                return Progress::Idle;
            };
            let lent = self.wal.lend();
            self.round_robin.took(output);
            let handed = self.sinks[output].push(lent.head, &lent.payload);
            self.wal.hand_back(lent, handed);
        }
        Progress::Again
    }
}

impl Machine for Flow {
    fn step(&mut self, now: Time, unix_ns: u64) -> Progress {
        for n in 0..self.sinks.len() {
            self.sinks[n].advance(now);
            while let Some((id, answer)) = self.sinks[n].next_answer() {
                let answered = self.wal.answer(id, answer);
                self.answer(answered);
            }
        }
        if self.metronome.is_due(now) && self.wal.room(Some(100)) > 0 {
            let tick = self.metronome.make(now, unix_ns);
            let tag = self.deliveries.open();
            let head = Head { tag, ingest_ns: tick.ingest_ns, suspect: false };
            let stored =
                self.wal.store(head, |out, ()| out.extend(format!("{{\"id\":{}}}", tick.id).bytes()));
            assert_eq!(stored, Stored::Kept);
            assert_eq!(self.deliveries.settle(tag, Handed::ONE), None);
        }
        let progress = self.pump();
        for sink in &mut self.sinks {
            sink.flush(now);
        }
        progress
    }
    fn deadline(&self) -> Option<Time> {
        let sinks = self.sinks.iter().map(Sink::deadline).fold(None, Time::earliest);
        Time::earliest(sinks, self.metronome.deadline())
    }
    fn wire(&mut self, index: usize) -> Option<&mut Wire> {
        self.sinks.get_mut(index).and_then(Sink::wire)
    }
    fn is_settled(&self) -> bool {
        self.sinks.iter().all(Sink::is_settled)
    }
    fn start_sources(&mut self, now: Time) {
        self.metronome.start(now);
    }
    fn stop_sources(&mut self) {
        self.metronome.stop();
    }
    fn pending(&self) -> u64 {
        self.deliveries.pending()
    }
    fn close_sinks(&mut self, now: Time) {
        self.sinks.iter_mut().for_each(|sink| sink.close(now));
    }
    fn is_closed(&self) -> bool {
        self.sinks.iter().all(Sink::is_closed)
    }
    fn report(&self, visit: &mut dyn FnMut(NodeReport<'_>)) {
        let instance = "01";
        let (counts, has_room) = (self.deliveries.counts(), self.wal.room(Some(100)) > 0);
        visit(NodeReport { path: "onramp.metronome", instance, kind: NodeKind::Source, has_room, counts });
        let (path, counts) = ("pipeline.roundrobin.in_memory_wal", self.wal.counts());
        visit(NodeReport { path, instance, kind: NodeKind::Operator, has_room, counts });
        for (sink, path) in self.sinks.iter().zip(["offramp.ws0", "offramp.ws1", "offramp.ws2"]) {
            let (has_room, counts) = (sink.room(false) > 0, sink.counts());
            visit(NodeReport { path, instance, kind: NodeKind::Sink, has_room, counts });
        }
    }
}

/// What each server received, in the order of time over all.
type Received = Rc<RefCell<Vec<(usize, u64)>>>;

/// What is special about a server.
#[derive(Clone, Copy, Default)]
struct Habits {
    /// It dies without a word after so many frames of a connection.
    dies_after: Option<u64>,
    /// It closes with 1007 (RFC 6455 section 7.4.1: inconsistent data) when it gets this id.
    cannot_bear: Option<u64>,
}

/// A server that records what it receives.
fn serve(sim: &Sim, server: usize, received: &Received, habits: Habits) -> JoinHandle<()> {
    let mut listener = sim.listen(&format!("ws{server}"), 80);
    let received = Rc::clone(received);
    spawn_local(async move {
        loop {
            let Ok(mut socket) = SimWebsocket::accept(listener.accept().await).await else { continue };
            let mut left = habits.dies_after;
            while left != Some(0)
                && let Ok(Some(text)) = socket.next_text().await
            {
                let json: serde_json::Value = serde_json::from_str(&text).expect("an event is JSON");
                let id = json["id"].as_u64().expect("it has an id");
                if habits.cannot_bear == Some(id) {
                    let _ = socket.close(1007).await;
                    break;
                }
                received.borrow_mut().push((server, id));
                left = left.map(|left| left - 1);
            }
            if left == Some(0) {
                return;
            }
        }
    })
}

/// Three servers; the second dies between two frames and is back after three seconds.
async fn one_server_dies(seed: u64) -> (Vec<(usize, u64)>, Summary) {
    let sim = Sim::new(seed);
    let received = Received::default();
    let _steady = [0, 2].map(|n| serve(&sim, n, &received, Habits::default()));
    let mortal = serve(&sim, 1, &received, Habits { dies_after: Some(20), ..Habits::default() });
    let flow = Builder::new(&PROGRAM).start_in(&sim).expect("it starts");
    mortal.await.expect("it dies as it should");
    sleep(Duration::from_secs(3)).await;
    let _back = serve(&sim, 1, &received, Habits::default());
    sleep(Duration::from_secs(12)).await;
    let summary = flow.drain().await;
    (received.take(), summary)
}

/// Nobody can bear event 30.
async fn an_event_is_poison(seed: u64) -> (Vec<(usize, u64)>, Summary) {
    let sim = Sim::new(seed);
    let received = Received::default();
    let habits = Habits { cannot_bear: Some(30), ..Habits::default() };
    let _servers = [0, 1, 2].map(|n| serve(&sim, n, &received, habits));
    let flow = Builder::new(&PROGRAM).start_in(&sim).expect("it starts");
    sleep(Duration::from_secs(5)).await;
    let summary = flow.drain().await;
    (received.take(), summary)
}

fn run<T>(scene: impl Future<Output = T>) -> T {
    let builder = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    LocalSet::new().block_on(&builder.expect("a runtime"), scene)
}

fn check(seed: u64) {
    let (received, summary) = run(one_server_dies(seed));
    assert!(summary.is_clean(), "seed {seed}: {summary}");
    for server in 0..3 {
        let first: Vec<u64> =
            received.iter().filter(|(n, _)| *n == server).map(|(_, id)| *id).take(19).collect();
        let expected: Vec<u64> = (0..19).map(|n| n * 3 + server as u64).collect();
        assert_eq!(first, expected, "seed {seed}: ws{server}");
    }
    let mut ids: Vec<u64> = received.iter().map(|(_, id)| *id).collect();
    ids.sort_unstable();
    let repeats = ids.windows(2).filter(|pair| pair[0] == pair[1]).count();
    ids.dedup();
    let made = summary.node("01", "onramp.metronome").expect("it is in the summary").counts.taken;
    assert_eq!(ids, (0..made).collect::<Vec<_>>(), "seed {seed}: a gap");
    let failed = summary.node("01", "offramp.ws1").expect("it is in the summary").counts.failed;
    assert!(repeats as u64 <= failed, "seed {seed}: {repeats} repeats, {failed} were not confirmed");
    let is_back = received.iter().rev().take(9).filter(|(n, _)| *n == 1).count();
    assert_eq!(is_back, 3, "seed {seed}: ws1 takes its third again");
}

#[test]
fn a_server_dies_between_two_frames_and_comes_back_and_nothing_is_missing() {
    for seed in 0..8 {
        check(seed);
    }
}

#[test]
fn an_event_that_closes_connections_is_rejected_once_and_stops_nothing() {
    for seed in 0..8 {
        let (received, summary) = run(an_event_is_poison(seed));
        assert!(summary.is_clean(), "seed {seed}: {summary}");
        let rejected: u64 = summary.nodes.iter().map(|node| node.counts.rejected).sum();
        assert_eq!(rejected, 1, "seed {seed}: {summary}");
        let mut ids: Vec<u64> = received.iter().map(|(_, id)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        let made = summary.node("01", "onramp.metronome").expect("it is in the summary").counts.taken;
        let expected: Vec<u64> = (0..made).filter(|id| *id != 30).collect();
        assert_eq!(ids, expected, "seed {seed}");
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    for seed in 0..3 {
        let (first, first_summary) = run(one_server_dies(seed));
        let (second, second_summary) = run(one_server_dies(seed));
        assert_eq!(first, second, "seed {seed}");
        assert_eq!(first_summary, second_summary, "seed {seed}");
    }
}
