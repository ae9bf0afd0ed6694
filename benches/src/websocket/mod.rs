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

pub mod by_hand;
pub mod ours;
pub mod server;

use std::io;
use std::time::Duration;

use crate::measure::{Compared, compare};
use server::{SERVERS, Servers};

/// A round that takes longer has failed.
const LIMIT: Duration = Duration::from_secs(60);

/// Events per flush that are measured, and the events of a round.
pub const FLUSHES: [(u32, u64); 3] = [(1, 60_000), (20, 400_000), (256, 1_000_000)];

/// One round.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// Events in all.
    pub events: u64,
    /// Events per flush of each connection.
    pub per_flush: u32,
}

impl Round {
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
        (self.window() * SERVERS as u32 + self.per_step()).max(1000)
    }
}

/// Measures all kinds of flushes. `share` divides the events of a round.
///
/// # Errors
/// The servers cannot be started, or have died.
///
/// # Panics
/// If not all was confirmed, or the servers do not have what was.
pub fn measure(program: &std::path::Path, rounds: u32, share: u64) -> io::Result<Vec<(u32, Compared)>> {
    let servers = std::cell::RefCell::new(Servers::start(program)?);
    let ports = servers.borrow().ports.clone();
    let cost = |round: Round, run: fn(Round, &[u16]) -> Duration| {
        let took = run(round, &ports);
        let frames = servers.borrow_mut().frames().expect("the servers live");
        assert!(frames >= round.events, "the servers have {frames} of {} events", round.events);
        took.as_nanos() as f64 / round.events as f64
    };
    let mut lines = Vec::new();
    for (per_flush, events) in FLUSHES {
        let round = Round { events: events / share, per_flush };
        lines.push((per_flush, compare(rounds, || cost(round, ours::run), || cost(round, by_hand::run))));
    }
    Ok(lines)
}
