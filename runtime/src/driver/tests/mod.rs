//! The driver with a scripted machine in the simulated world, in virtual time.

mod bytes;
mod holding;
mod killed;
mod order;
mod storage;

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::*;
use crate::core::{
    Command, Counts, Endpoint, Machine, Measures, NodeKind, NodeReport, Progress, Time, Wire, WireState,
};
use crate::testing::sim::Sim;
use crate::world::World;

const LIMITS: Limits = Limits { drain_timeout_ms: 10_000, start_timeout_ms: 2000, breaker_after_ms: 100 };

/// What the driver and the test see of the scripted machine.
#[derive(Default)]
struct State {
    wire: Wire,
    settled: bool,
    has_room: bool,
    taken: u64,
    pending: u64,
    closed: bool,
    done: bool,
    failure: Option<String>,
    deadline: Option<Time>,
    /// What the driver did, with the time in milliseconds.
    calls: Vec<String>,
    steps: Vec<u64>,
}

impl State {
    fn connect(&mut self, host: &str) {
        self.wire.command = Some(Command::Connect(Endpoint::Tcp { host: host.to_owned(), port: 80 }));
    }
}

type React = Box<dyn FnMut(&mut State) -> Progress + Send>;

/// A machine that does in each step what the test says.
struct Scripted {
    state: Arc<Mutex<State>>,
    react: React,
    /// Lent to the driver between steps.
    wire: Wire,
}

impl Scripted {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics while holding it")
    }
}

fn ms(time: Time) -> u64 {
    u64::try_from(time.as_duration().as_millis()).expect("short runs")
}

impl Machine for Scripted {
    fn step(&mut self, now: Time, _unix_ns: u64) -> Progress {
        let mut state = self.state.lock().expect("no test panics while holding it");
        state.steps.push(ms(now));
        std::mem::swap(&mut state.wire, &mut self.wire);
        let progress = (self.react)(&mut state);
        std::mem::swap(&mut state.wire, &mut self.wire);
        progress
    }
    fn deadline(&self) -> Option<Time> {
        self.lock().deadline
    }
    fn wire(&mut self, index: usize) -> Option<&mut Wire> {
        (index == 0).then_some(&mut self.wire)
    }
    fn is_settled(&self) -> bool {
        self.lock().settled
    }
    fn start_sources(&mut self, now: Time) {
        self.lock().calls.push(format!("start {}", ms(now)));
    }
    fn stop_sources(&mut self) {
        self.lock().calls.push("stop".to_owned());
    }
    fn is_done(&self) -> bool {
        self.lock().done
    }
    fn failure(&self) -> Option<String> {
        self.lock().failure.clone()
    }
    fn pending(&self) -> u64 {
        self.lock().pending
    }
    fn close_sinks(&mut self, now: Time) {
        self.lock().calls.push(format!("close {}", ms(now)));
    }
    fn is_closed(&self) -> bool {
        self.lock().closed
    }
    fn report(&self, visit: &mut dyn FnMut(NodeReport<'_>)) {
        let state = self.lock();
        let counts = Counts { taken: state.taken, pending: state.pending, ..Counts::default() };
        let has_room = state.has_room;
        drop(state);
        let path = "offramp.out";
        visit(NodeReport {
            path,
            instance: "01",
            kind: NodeKind::Sink,
            has_room,
            is_slow: false,
            counts,
            measures: Measures::default(),
        });
    }
}

/// A driver that runs in the simulation.
struct Running {
    state: Arc<Mutex<State>>,
    requests: mpsc::Sender<Request>,
    life: Life,
    task: JoinHandle<Snapshot>,
}

fn start(sim: &Sim, first: State, react: impl FnMut(&mut State) -> Progress + Send + 'static) -> Running {
    start_in(sim, first, react)
}

fn start_in<W: World>(
    world: &W,
    first: State,
    react: impl FnMut(&mut State) -> Progress + Send + 'static,
) -> Running {
    let state = Arc::new(Mutex::new(first));
    let machine = Scripted { state: Arc::clone(&state), react: Box::new(react), wire: Wire::new() };
    let (requests, receiver) = mpsc::channel(REQUESTS_LIMIT);
    let driver = Driver::new(world.clone(), "01", Box::new(machine), LIMITS, receiver);
    let life = driver.life();
    Running { state, requests, life, task: tokio::spawn(driver.run()) }
}

impl Running {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics while holding it")
    }

    fn set_room(&self, has_room: bool, taken: u64) {
        let mut state = self.state();
        (state.has_room, state.taken) = (has_room, taken);
    }

    /// Asks for a report, which also makes the driver step.
    async fn report(&self) -> NodeState {
        let (answer, report) = oneshot::channel();
        self.requests.send(Request::Report(answer)).await.expect("the driver runs");
        report.await.expect("the driver answers").nodes.remove(0)
    }

    async fn ask(&self, request: Request) {
        self.requests.send(request).await.expect("the driver runs");
    }

    fn kill(self) {
        self.life.end();
        self.task.abort();
    }

    async fn finished(self) -> Snapshot {
        self.task.await.expect("the driver does not panic")
    }
}

async fn after_ms(ms: u64) {
    sleep(Duration::from_millis(ms)).await;
}
