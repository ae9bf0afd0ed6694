//! The parties of a run: servers, flow, what they went through, and what the servers have recorded. It strikes, brings back,
//! and listens.

use std::time::{Duration, Instant};

use super::draw::{Blow, Strike, Victim};
use super::flows::LOG;
use super::ledger::{Event, Ledger};
use super::recovery::Watch;
use super::{Cast, Kind, Options};
use crate::harness::{Directory, Flow, Outcome, Server, Tail, last_lines, quick, until};

/// Time between two looks at the clock and the records.
const TICK: Duration = Duration::from_millis(2);
/// Time between two looks at the flow's memory.
const MEMORY_TICK: Duration = Duration::from_millis(100);

/// Most lines of complaint that are kept.
const COMPLAINTS: usize = 10;

/// What somebody is going through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Well,
    Dead { until: Instant },
    Frozen { until: Instant },
}

/// How many strikes there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Strikes {
    /// Servers, with SIGKILL.
    pub(super) servers_killed: u64,
    /// With SIGSTOP.
    pub(super) servers_frozen: u64,
    /// Connections that a server has cut off.
    pub(super) cut: u64,
    /// With SIGKILL.
    pub(super) flow_killed: u64,
    /// With SIGSTOP.
    pub(super) flow_frozen: u64,
}

impl Strikes {
    /// Of servers and flow.
    pub(super) fn kills(&self) -> u64 {
        self.servers_killed + self.flow_killed
    }
}

/// The flow's resident memory in KiB, where the system tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Resident {
    /// Before the first strike.
    pub(super) first: Option<u64>,
    /// At any time, in any of its processes.
    pub(super) most: Option<u64>,
    /// At the end.
    pub(super) last: Option<u64>,
}

/// A server, what it goes through, and its record.
#[derive(Debug)]
struct Post {
    server: Server,
    state: State,
    watch: Watch,
    tail: Tail,
}

/// All of it.
pub(super) struct Field<'a> {
    options: &'a Options,
    cast: &'a Cast,
    directory: &'a Directory,
    posts: Vec<Post>,
    flow: Option<Flow>,
    flow_state: State,
    flow_watch: Watch,
    memory_due: Instant,
    /// What the servers have recorded.
    pub(super) ledger: Ledger,
    /// What was done to them.
    pub(super) strikes: Strikes,
    /// The flow's memory.
    pub(super) resident: Resident,
    /// What no process of the flow should have said: the first lines.
    pub(super) complaints: Vec<String>,
    /// How often the log of a killed flow was looked at.
    pub(super) looks: u64,
}

impl<'a> Field<'a> {
    /// Starts all of them, and waits until each server gets events.
    ///
    /// # Panics
    /// If that does not happen.
    pub(super) fn new(options: &'a Options, cast: &'a Cast, directory: &'a Directory) -> Field<'a> {
        let post = |name| {
            let mut server = Server::new(&cast.recorder, directory, name, "");
            server.start();
            let tail = Tail::new(server.record());
            Post { server, state: State::Well, watch: Watch::default(), tail }
        };
        let mut field = Field {
            options,
            cast,
            directory,
            posts: ["ws0", "ws1", "ws2"].map(post).into(),
            flow: None,
            flow_state: State::Well,
            flow_watch: Watch::default(),
            memory_due: Instant::now(),
            ledger: Ledger::new(),
            strikes: Strikes::default(),
            resident: Resident::default(),
            complaints: Vec::new(),
            looks: 0,
        };
        field.start_flow();
        field.posts.iter_mut().for_each(|post| post.watch.is_back());
        field.settle();
        field.resident.first = field.flow().process().resident_kib();
        // The start is no recovery.
        field.posts.iter_mut().for_each(|post| post.watch = Watch::default());
        field.flow_watch = Watch::default();
        field
    }

    /// The watches of the servers, and that of the flow.
    pub(super) fn watches(&self) -> (impl Iterator<Item = &Watch>, &Watch) {
        (self.posts.iter().map(|post| &post.watch), &self.flow_watch)
    }

    /// A moment: listens, and brings back whose time has come.
    ///
    /// # Panics
    /// If the flow has ended by itself.
    pub(super) fn wait(&mut self) {
        std::thread::sleep(TICK);
        self.listen();
        let now = Instant::now();
        for post in &mut self.posts {
            match post.state {
                State::Dead { until } if now >= until => post.server.start(),
                State::Frozen { until } if now >= until => post.server.thaw(),
                _ => continue,
            }
            post.state = State::Well;
            post.watch.is_back();
        }
        match self.flow_state {
            State::Dead { until } if now >= until => self.start_flow(),
            State::Frozen { until } if now >= until => {
                self.flow().process().thaw();
                self.flow_state = State::Well;
                self.flow_watch.is_back();
            }
            State::Well => self.look_after(now),
            _ => {}
        }
    }

    /// The flow runs, and how much memory it has.
    fn look_after(&mut self, now: Instant) {
        let flow = self.flow.as_mut().expect("it is well");
        assert!(flow.process().is_alive(), "the flow has ended by itself:\n{}", last_lines(&flow.stderr()));
        if now >= self.memory_due {
            self.memory_due = now + MEMORY_TICK;
            self.resident.most = self.resident.most.max(flow.process().resident_kib());
        }
    }

    /// Whether nobody is down.
    pub(super) fn is_well(&self) -> bool {
        self.flow_state == State::Well && self.posts.iter().all(|post| post.state == State::Well)
    }

    /// Waits until each server gets events, and the flow makes some.
    ///
    /// # Panics
    /// If that does not happen.
    pub(super) fn settle(&mut self) {
        until("new events at all servers", || {
            self.wait();
            let waiting = self.posts.iter().filter(|post| post.watch.is_waiting());
            let urls: Vec<String> = waiting.map(|post| post.server.url()).collect();
            if urls.is_empty() && !self.flow_watch.is_waiting() {
                Ok(())
            } else {
                Err(format!("none at {urls:?}"))
            }
        });
    }

    /// Reads what the servers have recorded.
    ///
    /// # Panics
    /// If something arrived that is no event of this flow.
    pub(super) fn listen(&mut self) {
        for post in &mut self.posts {
            post.tail.read(|line| {
                let mut words = line.splitn(3, ' ');
                match (words.next(), words.nth(1)) {
                    (Some("text"), Some(json)) => {
                        let event = Event::parse(json).unwrap_or_else(|| panic!("this is no event: {json}"));
                        self.ledger.arrived(event);
                        post.watch.saw(event.ingest_ns);
                        self.flow_watch.saw(event.ingest_ns);
                    }
                    (Some("cut"), _) => {
                        self.strikes.cut += 1;
                        if post.state == State::Well {
                            post.watch.struck();
                            post.watch.is_back();
                        }
                    }
                    _ => {}
                }
            });
        }
    }

    /// Strikes whom of the victims can be struck so: who is dead cannot, and who is frozen can only be killed.
    pub(super) fn strike(&mut self, strike: &Strike) {
        let until = Instant::now() + strike.down;
        let can_be = |state| match state {
            State::Well => true,
            State::Frozen { .. } => strike.blow == Blow::Kill,
            State::Dead { .. } => false,
        };
        let servers = match strike.victim {
            Victim::Flow if can_be(self.flow_state) => return self.strike_flow(strike, until),
            Victim::Flow => return,
            Victim::Server(number) => number..number + 1,
            Victim::Servers => 0..self.posts.len(),
        };
        for post in self.posts[servers].iter_mut().filter(|post| can_be(post.state)) {
            match strike.blow {
                Blow::Kill => {
                    post.server.kill();
                    post.state = State::Dead { until };
                    self.strikes.servers_killed += 1;
                }
                Blow::Freeze => {
                    post.server.freeze();
                    post.state = State::Frozen { until };
                    self.strikes.servers_frozen += 1;
                }
                // It counts when it has happened.
                Blow::Cut => {
                    post.server.cut(strike.bytes);
                    continue;
                }
            }
            post.watch.struck();
        }
    }

    fn strike_flow(&mut self, strike: &Strike, until: Instant) {
        self.flow_watch.struck();
        if strike.blow == Blow::Freeze {
            self.flow().process().freeze();
            self.flow_state = State::Frozen { until };
            self.strikes.flow_frozen += 1;
            return;
        }
        self.flow().process().kill();
        let stderr = self.flow().stderr();
        self.read_complaints(&stderr);
        self.flow = None;
        self.flow_state = State::Dead { until };
        self.strikes.flow_killed += 1;
        // The next process has a file of its own.
        let stderr = self.directory.file("flow.stderr");
        let kept = self.directory.file(&format!("flow.stderr.{}", self.strikes.flow_killed));
        std::fs::rename(stderr, kept).expect("it is the run's own");
        if strike.looks {
            self.look();
        }
    }

    /// Whatever is done to it, nothing of that is an error of the flow, and nobody has touched its disk.
    fn read_complaints(&mut self, stderr: &str) {
        let words =
            [" ERROR ", "panicked", "the write-ahead log cannot be written", "is broken, and skipped"];
        let is_one = |line: &&str| words.iter().any(|word| line.contains(word));
        let room = COMPLAINTS.saturating_sub(self.complaints.len());
        self.complaints.extend(stderr.lines().filter(is_one).take(room).map(str::to_owned));
    }

    /// What the log of a killed flow has must arrive: reads it as anybody can.
    fn look(&mut self) {
        let outcome = self.ask_log(&["dump"]);
        assert!(outcome.code == 0 && outcome.stderr.is_empty(), "the log is not whole: {}", outcome.stderr);
        for line in outcome.stdout.lines() {
            let value: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
            let event = Event::of(&value["event"]).unwrap_or_else(|| panic!("this is no event: {line}"));
            self.ledger.promised(event);
        }
        self.looks += 1;
    }

    /// What the program says of its log on disk.
    pub(super) fn ask_log(&self, words: &[&str]) -> Outcome {
        let dir = self.dir();
        let arguments = [&["wal"], words, &["--set", &dir]].concat();
        Flow::start(&self.cast.flow, &Directory::new("look"), &arguments).wait()
    }

    fn dir(&self) -> String {
        format!("{LOG}.dir={}", self.directory.file("wal").display())
    }

    fn flow(&mut self) -> &mut Flow {
        self.flow.as_mut().expect("it is not dead")
    }

    fn start_flow(&mut self) {
        let servers = self.posts.iter().map(|post| &post.server);
        let mut arguments = quick(servers, self.options.interval_ms);
        if self.options.flow == Kind::Persistent {
            arguments.extend(["--set".to_owned(), self.dir()]);
        }
        arguments.extend(self.options.set.iter().flat_map(|setting| ["--set".to_owned(), setting.clone()]));
        arguments.extend(["--log", "info", "--summary", "json"].map(str::to_owned));
        self.flow_watch.is_back();
        self.flow = Some(Flow::start(&self.cast.flow, self.directory, &arguments));
        self.flow_state = State::Well;
    }

    /// Lets the flow drain, and reads what arrived until then.
    ///
    /// # Panics
    /// If it does not end.
    pub(super) fn drain(&mut self) -> Outcome {
        self.resident.last = self.flow().process().resident_kib();
        let outcome = self.flow.take().expect("it is not dead").drain();
        self.listen();
        self.read_complaints(&outcome.stderr);
        outcome
    }
}
