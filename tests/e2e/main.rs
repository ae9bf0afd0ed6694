//! The founding flow, and flows of lines, end to end: real processes, real sockets, servers that are killed, frozen and rude. Each test waits
//! for what must happen, and then accounts for every event.

mod chaos;
mod limits;
mod lines;
mod manners;
mod metrics;
mod outage;
mod persistent;
mod program;
mod secrets;
mod slow;
mod spread;
mod wal;

use foreshock_tests::harness::account::Tally;
use foreshock_tests::harness::{Directory, Flow, Program, Server, last_lines, quick, until};

/// Three servers, and a place for what they record.
struct Stage {
    directory: Directory,
    servers: Vec<Server>,
}

impl Stage {
    /// Servers that behave, and run.
    fn new(test: &str) -> Stage {
        Stage::with(test, ["", "", ""])
    }

    /// Servers that run with these switches of the recorder.
    fn with(test: &str, switches: [&str; 3]) -> Stage {
        let directory = Directory::new(test);
        let recorder = Program::new(env!("CARGO_BIN_EXE_recorder"));
        let named = ["ws0", "ws1", "ws2"].into_iter().zip(switches);
        let mut servers: Vec<Server> =
            named.map(|(name, switches)| Server::new(&recorder, &directory, name, switches)).collect();
        servers.iter_mut().for_each(Server::start);
        Stage { directory, servers }
    }

    /// The flow, pointed at the servers, with these arguments behind those of [`quick`].
    fn flow(&self, interval_ms: u64, more: &[&str]) -> Flow {
        let mut arguments = quick(&self.servers, interval_ms);
        arguments.extend(
            ["--log", "info", "--summary", "json"].into_iter().chain(more.iter().copied()).map(str::to_owned),
        );
        Flow::start(&flow_program(), &self.directory, &arguments)
    }

    fn tally(&mut self) -> Tally {
        Tally::of(&mut self.servers)
    }

    /// Waits until so many different ids have arrived at these servers.
    #[track_caller]
    fn await_events(&mut self, servers: std::ops::Range<usize>, events: u64) {
        until(&format!("{events} events at servers {servers:?}"), || {
            let arrived = Tally::of(&mut self.servers[servers.clone()]).len();
            if arrived >= events { Ok(()) } else { Err(format!("{arrived} events")) }
        });
    }

    /// Waits until one server has recorded so many frames more than now.
    #[track_caller]
    fn await_more(&mut self, server: usize, frames: usize) {
        let server = &mut self.servers[server];
        let before = server.ids().len();
        until(&format!("{frames} more frames at {}", server.url()), || {
            let more = server.ids().len() - before;
            if more >= frames { Ok(()) } else { Err(format!("{more} frames")) }
        });
    }
}

/// The founding flow.
fn flow_program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_flow"))
}

/// Waits until a line of the flow's stderr has all these parts.
#[track_caller]
fn await_line(flow: &Flow, parts: &[&str]) {
    until(&format!("a log line with {parts:?}"), || {
        let stderr = flow.stderr();
        let found = stderr.lines().any(|line| parts.iter().all(|part| line.contains(part)));
        if found { Ok(()) } else { Err(format!("\n{}", last_lines(&stderr))) }
    });
}

/// The log's place in settings and summaries.
const LOG: &str = "pipeline.roundrobin.in_memory_wal";
