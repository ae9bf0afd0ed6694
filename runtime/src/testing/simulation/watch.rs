//! A machine that is looked at after each of its steps. It forwards everything else; what is wrong with what it sees is the
//! business of [`Probe`]s and of `rules`.

use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::Notify;

use super::rules::Rules;
use super::tap::Tap;
use crate::core::{Counts, FileRequest, Machine, NodeKind, NodeReport, Progress, Storage, Time, Wire};
use crate::testing::peers::Records;
use crate::testing::sim::{Crash, SimDisk};

/// Where a simulation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Servers misbehave.
    Hostile,
    /// Servers are healthy; what they did before may still have consequences.
    Settling,
    /// All should be well now.
    Steady,
    /// The flow drains.
    Draining,
}

/// A node of a flow after a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// As settings name it: `pipeline.roundrobin.in_memory_wal`.
    pub path: String,
    /// What it is.
    pub kind: NodeKind,
    /// Whether it could take an event now.
    pub has_room: bool,
    /// Its numbers.
    pub counts: Counts,
}

/// What an offramp of kind `ws` has written in a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The connection: wires are numbered in the order of the flow.
    pub wire: usize,
    /// What it was.
    pub what: Frame,
}

/// What a websocket client writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// An opening handshake, of a new connection: what it is called.
    Handshake(String),
    /// An event.
    Event(String),
    /// A ping.
    Ping(Vec<u8>),
    /// The answer to a ping.
    Pong(Vec<u8>),
    /// A close frame.
    Close,
}

/// How a run of a flow ended that was not the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It was drained.
    Drained,
    /// It was killed.
    Killed(Crash),
}

/// What became of all that a log has asked of its files in one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The log.
    pub log: usize,
    /// So many of its requests were carried out, from the first on.
    pub done: usize,
    /// The next one failed, and none behind it was tried.
    pub failed: bool,
}

/// An instance of a flow after a step.
#[derive(Debug)]
pub struct Step<'a> {
    /// How the runs before this one ended, in their order.
    pub endings: &'a [Ending],
    /// What this step has asked of the files of logs, which are numbered in the order of the flow.
    pub asked: &'a [(usize, FileRequest)],
    /// What became of what was asked before, where the answers came with this step.
    pub answered: &'a [Answered],
    /// Requests to the disk that have failed, since the simulation began.
    pub disk_failures: u64,
    /// When it was, since the simulation began.
    pub now: Time,
    /// The instance.
    pub instance: &'a str,
    /// Where the simulation is.
    pub phase: Phase,
    /// Every node, in the order of the flow.
    pub nodes: &'a [Node],
    /// Events that were made and are neither acknowledged nor lost.
    pub pending: u64,
    /// What was written in this step.
    pub written: &'a [Written],
    /// What the servers have received until now.
    pub records: &'a Records,
}

impl Step<'_> {
    /// Which of [`Step::nodes`] this one is: the same in each step of an instance.
    ///
    /// # Panics
    /// There is no such node.
    pub fn index_of(&self, path: &str) -> usize {
        let index = self.nodes.iter().position(|node| node.path == path);
        index.unwrap_or_else(|| panic!("no node `{path}`"))
    }
}

/// Looks at an instance after each of its steps. What it gives as an error ends the simulation of the seed, which has failed.
pub trait Probe: Send + 'static {
    /// After a step.
    ///
    /// # Errors
    /// What is wrong, in words.
    fn step(&mut self, step: &Step<'_>) -> Result<(), String>;

    /// At the end of a run that was good until then.
    ///
    /// # Errors
    /// What is wrong, in words.
    fn end(&mut self, _run: &super::Run) -> Result<(), String> {
        Ok(())
    }
}

/// What everybody who watches one seed shares.
pub(super) struct Watch {
    pub(super) state: Mutex<State>,
    /// There is a verdict, or nothing will ever happen.
    pub(super) news: Notify,
}

/// What is behind the lock.
pub(super) struct State {
    pub(super) phase: Phase,
    /// The first thing that was wrong.
    pub(super) verdict: Option<String>,
    pub(super) probes: Vec<Box<dyn Probe>>,
    pub(super) endings: Vec<Ending>,
    pub(super) steps: u64,
}

impl Watch {
    pub(super) fn new(probes: Vec<Box<dyn Probe>>) -> Watch {
        let state = State { phase: Phase::Hostile, verdict: None, probes, endings: Vec::new(), steps: 0 };
        Watch { state: Mutex::new(state), news: Notify::new() }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics while holding it")
    }

    /// Notes what is wrong; the first counts.
    pub(super) fn condemn(&self, what: String) {
        self.lock().verdict.get_or_insert(what);
        self.news.notify_one();
    }
}

/// A machine under a [`Watch`].
pub(super) struct Watched {
    pub(super) inner: Box<dyn Machine>,
    pub(super) instance: &'static str,
    pub(super) watch: Arc<Watch>,
    pub(super) records: Arc<Mutex<Records>>,
    pub(super) rules: Rules,
    pub(super) tap: Tap,
    pub(super) disk: SimDisk,
    pub(super) nodes: Vec<Node>,
    /// Something was wrong: it does nothing any more.
    pub(super) is_over: bool,
}

impl Watched {
    fn look(&mut self, now: Time, progress: Progress) -> Result<(), String> {
        let (nodes, mut index) = (&mut self.nodes, 0);
        self.inner.report(&mut |report| {
            see(nodes, index, &report);
            index += 1;
        });
        let mut state = self.watch.lock();
        state.steps += 1;
        let State { phase, probes, endings, .. } = &mut *state;
        let records = self.records.lock().expect("nobody panics while holding it");
        let written = self.tap.written();
        let step = Step {
            endings,
            asked: self.tap.asked(),
            answered: self.tap.answered(),
            disk_failures: self.disk.failures(),
            now,
            instance: self.instance,
            phase: *phase,
            nodes: &self.nodes,
            pending: self.inner.pending(),
            written,
            records: &records,
        };
        self.rules.step(&step, progress, &self.disk)?;
        probes.iter_mut().try_for_each(|probe| probe.step(&step))
    }
}

fn see(nodes: &mut Vec<Node>, index: usize, report: &NodeReport<'_>) {
    let (has_room, counts) = (report.has_room, report.counts);
    match nodes.get_mut(index) {
        Some(node) => (node.has_room, node.counts) = (has_room, counts),
        None => nodes.push(Node { path: report.path.to_owned(), kind: report.kind, has_room, counts }),
    }
}

impl Machine for Watched {
    fn step(&mut self, now: Time, unix_ns: u64) -> Progress {
        if self.is_over {
            return Progress::Idle;
        }
        self.tap.before(&mut *self.inner);
        let progress = self.inner.step(now, unix_ns);
        self.tap.after(&mut *self.inner);
        if let Err(what) = self.look(now, progress) {
            self.is_over = true;
            self.watch.condemn(format!("at {:?}: {what}", now.as_duration()));
        }
        progress
    }

    fn deadline(&self) -> Option<Time> {
        if self.is_over { None } else { self.inner.deadline() }
    }

    fn wire(&mut self, index: usize) -> Option<&mut Wire> {
        self.inner.wire(index)
    }

    fn storage(&mut self, index: usize) -> Option<&mut Storage> {
        self.inner.storage(index)
    }

    fn is_settled(&self) -> bool {
        self.inner.is_settled()
    }

    fn start_sources(&mut self, now: Time) {
        self.inner.start_sources(now);
    }

    fn stop_sources(&mut self) {
        self.inner.stop_sources();
    }

    fn is_done(&self) -> bool {
        self.inner.is_done()
    }

    fn failure(&self) -> Option<String> {
        self.inner.failure()
    }

    fn pending(&self) -> u64 {
        self.inner.pending()
    }

    fn kept(&self) -> u64 {
        self.inner.kept()
    }

    fn close_sinks(&mut self, now: Time) {
        self.inner.close_sinks(now);
    }

    fn is_closed(&self) -> bool {
        self.inner.is_closed()
    }

    fn report(&self, visit: &mut dyn FnMut(NodeReport<'_>)) {
        self.inner.report(visit);
    }
}
