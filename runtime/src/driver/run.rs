//! The driver's loop: swap buffers with the I/O tasks, step the machine, wait for what comes next. It also knows the
//! order of a run: sinks first, then sources; sources stop, logs run empty, sinks say goodbye.

use std::future::pending;
use std::sync::Arc;

use foreshock_spec::picture::Picture;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::yield_now;
use tracing::{error, info, warn};

use crate::core::{Machine, Progress, Time};
use crate::driver::life::Life;
use crate::driver::link::Link;
use crate::driver::observer::{NodeState, Observer};
use crate::driver::storage::StorageLink;
use crate::mutants::mutant;
use crate::world::World;

/// Steps of a machine before I/O tasks, signals and other machines get their turn.
const STEPS_AT_ONCE: u32 = 16;
/// Bursts of steps at one and the same time, behind which time has to pass: a machine that is never idle (a sink that fails all
/// events at once, and a log that gives them again) would hold up a clock that waits for it, as that of a simulation does.
const BURSTS_AT_ONE_TIME: u32 = 16;
/// How long sinks get to say goodbye after a drain.
const CLOSE_LIMIT_MS: u64 = 2000;
/// How long what is pending gets at most when a part of the machine is broken for good: it may never be delivered.
const FAILED_LIMIT_MS: u64 = 1000;
/// A machine that asks to be called at a time that it was called at already is called again after this long.
const LEAST_WAIT_MS: u64 = 1;
/// Requests that may wait for a driver.
pub(crate) const REQUESTS_LIMIT: usize = 8;

/// The times that the flow sets, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// How long a drain waits for what is pending.
    pub(crate) drain_timeout_ms: u64,
    /// How long the sources wait for the sinks.
    pub(crate) start_timeout_ms: u64,
    /// How long a node is without room before its breaker is triggered.
    pub(crate) breaker_after_ms: u64,
}

/// What may be asked of a running driver.
#[derive(Debug)]
pub(crate) enum Request {
    /// Stop the sources, wait for what is pending, say goodbye.
    Drain,
    /// End at once.
    Stop,
    /// Tell how things are.
    Report(oneshot::Sender<Snapshot>),
}

/// How a machine is doing; at the end of its run, how it did.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) nodes: Vec<NodeState>,
    /// Events that were made and are neither acknowledged nor lost.
    pub(crate) pending: u64,
    /// Of these, the ones that are safe on disk.
    pub(crate) kept: u64,
    /// Why the machine could not go on.
    pub(crate) failure: Option<String>,
}

/// Where a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Sinks connect; sources begin when all have tried, at the latest at `until`.
    Starting {
        until: Time,
    },
    Running,
    /// Sources have stopped; what is pending has until then.
    Draining {
        until: Time,
    },
    /// Sinks say goodbye until then.
    Closing {
        until: Time,
    },
    Ended,
}

/// One machine with everything it needs from outside.
pub(crate) struct Driver<W: World> {
    world: W,
    instance: &'static str,
    machine: Box<dyn Machine>,
    links: Vec<Link>,
    storages: Vec<StorageLink>,
    life: Life,
    /// I/O tasks have news.
    told: Arc<Notify>,
    requests: mpsc::Receiver<Request>,
    observer: Observer,
    limits: Limits,
    phase: Phase,
    failure: Option<String>,
    /// The time of the last step.
    stepped_at: Time,
    /// When time was last seen to pass, and how many bursts there were since.
    bursts: (Time, u32),
}

impl<W: World> Driver<W> {
    /// A driver for `machine`, to be [run](Driver::run) in a task of its own. It ends at once when every sender of
    /// `requests` is gone.
    pub(crate) fn new(
        world: W,
        instance: &'static str,
        mut machine: Box<dyn Machine>,
        limits: Limits,
        requests: mpsc::Receiver<Request>,
    ) -> Driver<W> {
        let told = Arc::new(Notify::new());
        let life = Life::default();
        let mut links = Vec::new();
        while machine.wire(links.len()).is_some() {
            links.push(Link::new(instance, Arc::clone(&told), life.clone()));
        }
        let mut storages = Vec::new();
        while machine.storage(storages.len()).is_some() {
            storages.push(StorageLink::new(Arc::clone(&told), life.clone()));
        }
        let now = world.now();
        Driver {
            observer: Observer::new(limits.breaker_after_ms),
            phase: Phase::Starting { until: now.plus_ms(limits.start_timeout_ms) },
            failure: None,
            stepped_at: now,
            bursts: (now, 0),
            world,
            instance,
            machine,
            links,
            storages,
            life,
            told,
            requests,
            limits,
        }
    }

    /// The machine is a part of this flow: so the log knows which `err` is linked.
    pub(crate) fn of(mut self, picture: &'static Picture<'static>) -> Driver<W> {
        self.observer.know(picture);
        self
    }

    /// What this driver's I/O tasks live by. Whoever ends it must abort the driver's own task, too.
    pub(crate) fn life(&self) -> Life {
        self.life.clone()
    }

    /// Runs until the machine is drained or stopped.
    pub(crate) async fn run(mut self) -> Snapshot {
        while self.phase != Phase::Ended {
            let progress = self.burst();
            if !matches!(self.phase, Phase::Closing { .. }) {
                self.observer.observe(&*self.machine, self.stepped_at);
            }
            if self.turn_phase() {
                continue;
            }
            match progress {
                Progress::Again => {
                    self.let_others_go_on().await;
                    match self.requests.try_recv() {
                        Ok(request) => self.serve(request),
                        Err(TryRecvError::Disconnected) => self.serve(Request::Stop),
                        Err(TryRecvError::Empty) => {}
                    }
                }
                Progress::Idle => self.wait().await,
            }
        }
        self.observer.finish(&*self.machine);
        self.snapshot()
    }

    /// A pause of a machine that has more to do at once.
    async fn let_others_go_on(&mut self) {
        match self.bursts {
            (at, most) if at == self.stepped_at && most == BURSTS_AT_ONE_TIME => {
                self.world.sleep_until(at.plus_ms(LEAST_WAIT_MS)).await;
            }
            (at, count) if at == self.stepped_at => {
                self.bursts = (at, count + 1);
                yield_now().await;
            }
            _ => {
                self.bursts = (self.stepped_at, 1);
                yield_now().await;
            }
        }
    }

    fn snapshot(&self) -> Snapshot {
        let nodes = self.observer.snapshot(&*self.machine);
        let (pending, kept) = (self.machine.pending(), self.machine.kept());
        Snapshot { nodes, pending, kept, failure: self.failure.clone() }
    }

    /// Steps the machine until it is idle, a bounded number of times.
    fn burst(&mut self) -> Progress {
        let mut progress = Progress::Again;
        for _ in 0..STEPS_AT_ONCE {
            if self.exchange() {
                // Its I/O task may be waiting for this very thread: the disk must not be idle while more is taken.
                return Progress::Again;
            }
            self.stepped_at = self.world.now();
            progress = self.machine.step(self.stepped_at, self.world.unix_ns());
            if progress == Progress::Idle {
                break;
            }
        }
        self.exchange();
        progress
    }

    /// Swaps with all I/O tasks. Whether one of a storage has something new to do.
    fn exchange(&mut self) -> bool {
        for (index, link) in self.links.iter_mut().enumerate() {
            let wire = self.machine.wire(index).expect("a machine's wires stay");
            link.exchange(&self.world, wire);
        }
        let mut asked = false;
        for (index, link) in self.storages.iter_mut().enumerate() {
            let storage = self.machine.storage(index).expect("a machine's storages stay");
            asked |= link.exchange(&self.world, storage);
        }
        asked
    }

    /// Goes on to the next phase if it is time; the machine is to be stepped again then.
    fn turn_phase(&mut self) -> bool {
        let now = self.stepped_at;
        self.look_for_failure(now);
        match self.phase {
            Phase::Starting { until } if self.machine.is_settled() || now >= until => {
                info!(instance = self.instance, settled = self.machine.is_settled(), "sources start");
                self.machine.start_sources(now);
                self.phase = Phase::Running;
            }
            Phase::Running if self.machine.is_done() => {
                info!(instance = self.instance, "all sources are done");
                self.begin_drain(now, self.limits.drain_timeout_ms);
            }
            Phase::Draining { until }
                if self.machine.pending() == 0 || now >= until || mutant!("drain_waits_for_nothing") =>
            {
                self.say_what_is_left();
                self.machine.close_sinks(now);
                self.phase = Phase::Closing { until: now.plus_ms(CLOSE_LIMIT_MS) };
            }
            Phase::Closing { until } if self.is_closed() || now >= until => self.phase = Phase::Ended,
            _ => return false,
        }
        true
    }

    /// At the end of a drain.
    fn say_what_is_left(&self) {
        let (instance, kept) = (self.instance, self.machine.kept());
        let undelivered = self.machine.pending().saturating_sub(kept);
        if undelivered > 0 {
            warn!(instance, undelivered, kept, "drain_timeout is over");
        } else if kept > 0 {
            info!(instance, kept, "drain_timeout is over: the next run goes on with what is kept on disk");
        }
    }

    /// A machine that is broken for good drains what can be drained, and fails.
    fn look_for_failure(&mut self, now: Time) {
        if self.failure.is_some() {
            return;
        }
        let Some(reason) = self.machine.failure() else { return };
        error!(instance = self.instance, "{reason}");
        self.failure = Some(reason);
        let limit_ms = FAILED_LIMIT_MS.min(self.limits.drain_timeout_ms);
        match &mut self.phase {
            Phase::Starting { .. } | Phase::Running => self.begin_drain(now, limit_ms),
            Phase::Draining { until } => *until = now.plus_ms(limit_ms).min(*until),
            Phase::Closing { .. } | Phase::Ended => {}
        }
    }

    fn begin_drain(&mut self, now: Time, limit_ms: u64) {
        self.machine.stop_sources();
        for index in 0..self.links.len() {
            self.machine.wire(index).expect("a machine's wires stay").is_draining = true;
        }
        self.phase = Phase::Draining { until: now.plus_ms(limit_ms) };
    }

    /// Whether the sinks have said goodbye, and their last words are written.
    fn is_closed(&self) -> bool {
        self.machine.is_closed() && !self.links.iter().any(Link::is_finishing)
    }

    /// Waits for a request, news of an I/O task, or the next deadline.
    async fn wait(&mut self) {
        let deadline = self.deadline();
        let world = &self.world;
        let deadline_passes = async {
            match deadline {
                Some(at) => world.sleep_until(at).await,
                None => pending().await,
            }
        };
        tokio::select! {
            biased;
            request = self.requests.recv() => self.serve(request.unwrap_or(Request::Stop)),
            () = self.told.notified() => {}
            () = deadline_passes => {}
        }
    }

    fn deadline(&self) -> Option<Time> {
        let (phase, breaker) = match self.phase {
            Phase::Starting { until } | Phase::Draining { until } => (Some(until), self.observer.deadline()),
            Phase::Running => (None, self.observer.deadline()),
            // A sink that says goodbye has no room: that is no news.
            Phase::Closing { until } => (Some(until), None),
            Phase::Ended => (None, None),
        };
        let deadline = Time::earliest(phase, Time::earliest(self.machine.deadline(), breaker));
        deadline.map(|at| at.max(self.stepped_at.plus_ms(LEAST_WAIT_MS)))
    }

    fn serve(&mut self, request: Request) {
        match request {
            Request::Drain => {
                if matches!(self.phase, Phase::Starting { .. } | Phase::Running) {
                    let pending = self.machine.pending();
                    info!(instance = self.instance, pending, "draining");
                    self.begin_drain(self.world.now(), self.limits.drain_timeout_ms);
                }
            }
            Request::Stop => self.phase = Phase::Ended,
            // Who asked may have gone away since.
            Request::Report(answer) => drop(answer.send(self.snapshot())),
        }
    }
}
