//! A flow with one hostile peer and two healthy servers: what must hold whatever the one does.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use foreshock_tests::harness::account::Tally;
use foreshock_tests::harness::{Directory, Flow, Life, Program, Server, Summary, last_lines, until};

use crate::peer::{Connection, Peer, Script, Seen, healthy};

/// How much more memory of its own (`RssAnon`) the flow may have than before a peer was hostile, in KiB. What a connection may hold
/// is counted in buffers of 64 KiB (what came, what goes out, a frame: a dozen of them); the rest is room for an allocator that does
/// not give back at once. Each flood is several times as large.
pub(crate) const MEMORY_KIB: u64 = 4 * 1024;
/// How much higher its peak (`VmHWM`) may be, in KiB: the program's own code counts, of which the system loads what is run.
pub(crate) const PEAK_KIB: u64 = 6 * 1024;
/// The longest time in which a healthy server gets nothing, though 250 events are made per second. On an idle machine it is below
/// 0.1 s. With 64 KiB of empty frames a step takes longest; without optimisation, on a machine with ten times more work than cores, it
/// was 2 s.
pub(crate) const STALL: Duration = Duration::from_secs(4);
/// The longest time between two looks that counts.
const LOOK: Duration = Duration::from_millis(50);
/// Events that each healthy server must get while a peer does one thing.
const EVENTS: usize = 40;
/// Events that the peer must get before it is hostile, and when it is healthy again.
const PEER_EVENTS: u64 = 20;
/// What the flow's sink of the hostile peer is called.
const SINK: &str = "offramp.ws0";

/// A running flow with its servers.
pub(crate) struct Stage {
    pub(crate) peer: Peer,
    healthy: Vec<Server>,
    flow: Flow,
    before: Memory,
    watch: Watch,
    calm: Option<Script>,
    // Removed last, and kept if the test fails.
    _directory: Directory,
}

#[derive(Clone, Copy, Debug)]
struct Memory {
    own_kib: u64,
    peak_kib: u64,
}

/// How long the healthy servers have been waiting.
struct Watch {
    looked_at: Instant,
    /// What each has got, and how long it has got nothing more.
    servers: [(usize, Duration); 2],
    longest: Duration,
}

/// A script as it is shared.
pub(crate) fn script(script: impl Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static) -> Script {
    Arc::new(script)
}

impl Stage {
    /// A peer that is healthy yet, and gets events as the others do.
    pub(crate) fn new(test: &str) -> Stage {
        let calm = script(healthy);
        let peer = Peer::new(Arc::clone(&calm));
        let url = format!("ws://127.0.0.1:{}/", peer.port());
        Stage::with(test, peer, &url, Some(calm), &[])
    }

    /// With this url for the sink of the hostile peer, and these settings of it. `calm` is what the peer plays at first and at the
    /// end, if it can be healthy at all.
    pub(crate) fn with(
        test: &str,
        peer: Peer,
        url: &str,
        calm: Option<Script>,
        settings: &[String],
    ) -> Stage {
        let directory = Directory::new(&format!("hostile-{test}"));
        let recorder = Program::new(env!("CARGO_BIN_EXE_recorder"));
        let mut healthy: Vec<Server> =
            ["ws1", "ws2"].map(|name| Server::new(&recorder, &directory, name, "")).into();
        healthy.iter_mut().for_each(Server::start);
        let mut set = vec![format!("{SINK}.url={url}"), "onramp.metronome.interval=4".to_owned()];
        for setting in ["connect_timeout=300", "ack_timeout=500", "backoff_min=10", "backoff_max=50"] {
            set.push(format!("{SINK}.{setting}"));
        }
        set.extend(
            healthy
                .iter()
                .zip(["ws1", "ws2"])
                .map(|(server, name)| format!("offramp.{name}.url={}", server.url())),
        );
        set.extend(settings.iter().map(|setting| format!("{SINK}.{setting}")));
        let mut arguments: Vec<String> =
            set.into_iter().flat_map(|setting| ["--set".to_owned(), setting]).collect();
        arguments.extend(["--log", "info", "--summary", "json"].map(str::to_owned));
        let flow = Flow::start(&Program::new(env!("CARGO_BIN_EXE_flow")), &directory, &arguments);
        let before = Memory { own_kib: 0, peak_kib: 0 };
        let mut stage =
            Stage { peer, healthy, flow, before, watch: Watch::new(), calm, _directory: directory };
        stage.await_calm();
        stage.before = stage.memory().unwrap_or(before);
        stage.watch = Watch::new();
        stage
    }

    /// Waits until all who are healthy have got some events.
    fn await_calm(&mut self) {
        let (before, is_calm) = (self.arrived(), self.calm.is_some());
        until("events at all healthy servers", || {
            let more = [0, 1].map(|n| self.arrived()[n] - before[n]);
            let confirmed = self.peer.seen().confirmed;
            let enough = more.iter().all(|more| *more >= EVENTS) && (!is_calm || confirmed >= PEER_EVENTS);
            let state = || format!("{more:?}, {confirmed}\n{}", last_lines(&self.flow.stderr()));
            if enough { Ok(()) } else { Err(state()) }
        });
    }

    fn arrived(&mut self) -> [usize; 2] {
        [0, 1].map(|n| self.healthy[n].lives().iter().flat_map(Life::ids).count())
    }

    fn memory(&mut self) -> Option<Memory> {
        let process = self.flow.process();
        Some(Memory { own_kib: process.status_kib("RssAnon")?, peak_kib: process.status_kib("VmHWM")? })
    }

    /// How much memory the flow has more than before, in KiB: its own, and its peak. Nothing where the system does not tell.
    pub(crate) fn growth_kib(&mut self) -> [u64; 2] {
        let now = self.memory().unwrap_or(self.before);
        [now.own_kib.saturating_sub(self.before.own_kib), now.peak_kib.saturating_sub(self.before.peak_kib)]
    }

    /// The peer plays this until it was enough, each healthy server has got [`EVENTS`], and a line of the log has all these words.
    /// All the while the flow's memory is bounded, and neither of the others waits long.
    #[track_caller]
    pub(crate) fn check(
        &mut self,
        what: &str,
        hostile: Script,
        enough: impl Fn(&Seen) -> bool,
        words: &[&str],
    ) {
        let logged = self.flow.stderr().len();
        let before = self.arrived();
        self.watch.look(before);
        self.peer.play(hostile);
        until(what, || {
            let arrived = self.arrived();
            self.watch.look(arrived);
            self.assert_bounded(what);
            let seen = Seen { arrived: Vec::new(), received: Vec::new(), ..self.peer.seen() };
            let more = [0, 1].map(|n| arrived[n] - before[n]);
            let stderr = self.flow.stderr();
            let is_told = words.is_empty() || has_line(&stderr[logged..], words);
            if more.iter().all(|more| *more >= EVENTS) && is_told && enough(&seen) {
                return Ok(());
            }
            Err(format!("{seen:?}, the others: {more:?}, {words:?} told: {is_told}\n{}", last_lines(&stderr)))
        });
    }

    #[track_caller]
    fn assert_bounded(&mut self, what: &str) {
        let [own, peak] = self.growth_kib();
        assert!(own <= MEMORY_KIB, "{what}: the flow has {own} KiB more than {:?}", self.before);
        assert!(peak <= PEAK_KIB, "{what}: the flow's peak is {peak} KiB above {:?}", self.before);
        let longest = self.watch.longest;
        assert!(longest <= STALL, "{what}: a healthy server got nothing for {longest:?}");
    }

    /// If it can, the peer becomes healthy and takes its turn again. Then the flow drains, and every event is accounted for: what
    /// the peer had not confirmed is with the others; nothing else is missing than what it blamed and what was `rejected` for that.
    #[track_caller]
    pub(crate) fn end(mut self) -> Ended {
        if let Some(calm) = self.calm.clone() {
            self.peer.play(calm);
            self.await_calm();
            self.assert_bounded("healthy again");
        }
        let outcome = self.flow.drain();
        outcome.assert_code(0);
        let summary = outcome.summary();
        let made = summary.count("onramp.metronome", "taken");
        let of_healthy: Vec<u64> = self.healthy.iter_mut().flat_map(Server::ids).collect();
        let seen = self.peer.seen();
        // What is rejected, the peer has at least seen.
        Tally::new(of_healthy.iter().chain(&seen.received).copied()).assert_exactly(made);
        let tally = Tally::new(of_healthy.into_iter().chain(seen.arrived));
        let (first, missing) = (tally.missing(made), made.saturating_sub(tally.len()));
        assert_eq!((summary.total("undelivered"), summary.total("lost")), (0, 0), "{summary:?}");
        assert_eq!(missing, summary.count(SINK, "rejected"), "{first:?} never arrived: {summary:?}");
        Ended { missing, summary, stderr: outcome.stderr }
    }
}

/// What is left of a stage.
pub(crate) struct Ended {
    /// How many events arrived nowhere.
    pub(crate) missing: u64,
    pub(crate) summary: Summary,
    pub(crate) stderr: String,
}

impl Ended {
    /// # Panics
    /// If an event is missing, also one that was rejected.
    #[track_caller]
    pub(crate) fn assert_whole(&self) {
        assert_eq!(self.missing, 0, "rejected: {:?}", self.summary);
    }
}

/// Whether one line has all these words.
pub(crate) fn has_line(text: &str, words: &[&str]) -> bool {
    text.lines().any(|line| words.iter().all(|word| line.contains(word)))
}

impl Watch {
    fn new() -> Watch {
        Watch { looked_at: Instant::now(), servers: [(0, Duration::ZERO); 2], longest: Duration::ZERO }
    }

    fn look(&mut self, counts: [usize; 2]) {
        // When this thread had to wait itself, it does not know what came when.
        let passed = self.looked_at.elapsed().min(LOOK);
        self.looked_at = Instant::now();
        for (count, (last, waits)) in counts.into_iter().zip(&mut self.servers) {
            *waits = if count > *last { Duration::ZERO } else { *waits + passed };
            *last = count;
            self.longest = self.longest.max(*waits);
        }
    }
}
