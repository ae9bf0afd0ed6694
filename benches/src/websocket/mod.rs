//! The founding flow to three websocket servers in another process, over loopback: nanoseconds per event from the first
//! event to the last confirmation (a pong behind it), by the clock on the wall.
//!
//! # What is compared
//!
//! Both sides deliver the same events to the same servers, with the same log, the same send windows and pings, and count the
//! same pongs as confirmations. The servers count frames: each round checks that they have as many as were confirmed.
//!
//! - *Ours*: the generated pipeline, the real sinks, the real driver and its I/O tasks, in the multi-threaded runtime of the
//!   ready program. Only the source is the benchmark's.
//! - *By hand*: one task of tokio-tungstenite around the yardstick.
//!
//! *Events per flush* is what one step gives each connection before it pings and flushes; a step makes three times as
//! many. The driver writes what a connection has when the socket has taken what was before, so under load several
//! flushes of ours may become one write; by hand, each flush is a write. That is a difference between the programs, and the
//! comparison leaves it in.
//!
//! # What confirms
//!
//! By default the peer's pong (`ack = "received"`); with `ack = "written"` the socket that took the bytes, without any ping.
//! What the stronger promise costs is measured at 256 events a flush, with windows of 1024 events and a log of 10,000: each
//! beside the hand-written program of the same promise, and then ours beside ours.

pub mod by_hand;
pub mod ours;
pub mod server;

use std::cell::RefCell;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::feed::Schedule;
use crate::measure::{Compared, compare};
use server::{Records, SERVERS, Servers};

/// A round that takes longer has failed.
const LIMIT: Duration = Duration::from_secs(60);

/// Events per flush that are measured, and the events of a round.
pub const FLUSHES: [(u32, u64); 3] = [(1, 60_000), (20, 400_000), (256, 1_000_000)];

/// What confirms an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ack {
    /// The peer's pong.
    Received,
    /// The socket that took it.
    Written,
}

/// One round.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// Events in all.
    pub events: u64,
    /// Events per flush of each connection.
    pub per_flush: u32,
    /// What confirms.
    pub ack: Ack,
    /// Events that the log keeps at most, where that is not what the windows need.
    pub log: Option<u32>,
    /// When events are due, where not at once.
    pub schedule: Option<Schedule>,
    /// The round is over when all events were made; nothing takes them out of the log.
    pub is_kept: bool,
}

impl Round {
    /// Events that are due at once, confirmed by pongs.
    pub fn of(events: u64, per_flush: u32) -> Round {
        Round { events, per_flush, ack: Ack::Received, log: None, schedule: None, is_kept: false }
    }

    /// Events that the source makes, and the log emits, in one step.
    pub fn per_step(self) -> u32 {
        self.per_flush * SERVERS as u32
    }

    /// Unconfirmed events of one connection: the sink's default, or four flushes.
    pub fn window(self) -> u32 {
        (4 * self.per_flush).max(256)
    }

    /// Of the log: the founding flow's, or what the windows hold and a step more.
    pub fn max_elements(self) -> u32 {
        self.log.unwrap_or((self.window() * SERVERS as u32 + self.per_step()).max(1000))
    }

    /// Of the log: the founding flow's, or what so many events never have.
    pub fn max_bytes(self) -> u64 {
        (u64::from(self.max_elements()) * 1000).max(10_485_760)
    }
}

/// The servers, and who measures against them.
struct Bench {
    servers: RefCell<Servers>,
    ports: Vec<u16>,
}

impl Bench {
    fn start(program: &Path) -> io::Result<Bench> {
        let servers = Servers::start(program, Records::Nothing)?;
        Ok(Bench { ports: servers.ports.clone(), servers: RefCell::new(servers) })
    }

    /// Nanoseconds an event.
    fn cost(&self, round: Round, run: fn(Round, &[u16]) -> Duration) -> f64 {
        let took = run(round, &self.ports);
        let mut frames = self.servers.borrow_mut().frames().expect("the servers live");
        let since = Instant::now();
        // What a socket has taken is on its way.
        while round.ack == Ack::Written && frames < round.events && since.elapsed() < LIMIT {
            std::thread::sleep(Duration::from_millis(1));
            frames += self.servers.borrow_mut().frames().expect("the servers live");
        }
        assert!(frames >= round.events, "the servers have {frames} of {} events", round.events);
        took.as_nanos() as f64 / round.events as f64
    }
}

/// Measures all kinds of flushes. `share` divides the events of a round.
///
/// # Errors
/// The servers cannot be started, or have died.
///
/// # Panics
/// If not all was confirmed, or the servers do not have what was.
pub fn measure(program: &Path, rounds: u32, share: u64) -> io::Result<Vec<(u32, Compared)>> {
    let bench = Bench::start(program)?;
    let line = |(per_flush, events): (u32, u64)| {
        let round = Round::of(events / share, per_flush);
        (per_flush, compare(rounds, || bench.cost(round, ours::run), || bench.cost(round, by_hand::run)))
    };
    Ok(FLUSHES.map(line).into())
}

/// What confirmations cost.
#[derive(Clone, Debug)]
pub struct Acks {
    /// Beside the hand-written program, each with its kind of confirmation.
    pub lines: [(Ack, Compared); 2],
    /// `received`, with `written` as the yardstick, both ours.
    pub promise: Compared,
}

/// Measures the kinds of confirmation. `share` divides the events of a round.
///
/// # Errors
/// The servers cannot be started, or have died.
///
/// # Panics
/// If not all was confirmed, or the servers do not have what was.
pub fn acks(program: &Path, rounds: u32, share: u64) -> io::Result<Acks> {
    let bench = Bench::start(program)?;
    let (per_flush, events) = FLUSHES[2];
    let round = |ack| Round { ack, log: Some(10_000), ..Round::of(events / share, per_flush) };
    let ours = |ack| bench.cost(round(ack), ours::run);
    let line = |ack| (ack, compare(rounds, || ours(ack), || bench.cost(round(ack), by_hand::run)));
    let lines = [Ack::Received, Ack::Written].map(line);
    Ok(Acks { lines, promise: compare(rounds, || ours(Ack::Received), || ours(Ack::Written)) })
}
