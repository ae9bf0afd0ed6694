//! The founding flow at fixed rates: microseconds from the time at which an event was due to the time at which it arrived.
//!
//! # What is measured
//!
//! The schedule is [open](crate::feed): event *n* is due *n* intervals after the begin, whatever became of those before it, and
//! that time is in the event. Who is late, for want of a timer, of room or of a processor, has it counted against each
//! event that waited: so the figures are corrected for coordinated omission. Nothing is left out, the first events neither.
//!
//! An event arrives at a *blackhole* when it is pushed into it, and at a *server* when the read that brought its last byte is
//! done, in the other process. Both read `CLOCK_MONOTONIC`, which all processes of a machine share.
//!
//! # What is compared
//!
//! - *Ours*: the generated pipeline, the real driver and sinks as in [`crate::websocket`], three of either kind. Log, windows
//!   and batches are the founding flow's.
//! - *By hand*: the program of [`crate::websocket::by_hand`], with the same pings and flushes; for the blackholes one task
//!   around the yardstick that hands events over and takes them as confirmed.
//!
//! Both are asked for what is due in the same two ways. *By timer*: tokio's, which knows whole milliseconds and rounds up, so
//! both have about a millisecond of it; that is how a metronome goes. *Spinning*: without a pause, so that the rest can be
//! seen. With two processors a spinning source, its I/O and the servers wait for each other.
//!
//! A figure is of all rounds of a side together; the ratio is that of the 99th percentiles of two neighbouring rounds.

pub mod by_hand;
pub mod histogram;

use std::cell::RefCell;
use std::io;
use std::path::Path;

use crate::feed::{Schedule, Wakes};
use crate::measure::{Spread, compare};
use crate::websocket::server::{Records, Servers};
use crate::websocket::{self, Round};
use histogram::Histogram;

/// Events per second that are measured.
pub const RATES: [u64; 3] = [1000, 10_000, 100_000];
/// What each batch gives a connection at most: the founding flow's `read_count`, as a third of the step.
const PER_FLUSH: u32 = 20;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Amount {
    /// Rounds of each side.
    pub rounds: u32,
    /// Milliseconds of a round.
    pub ms: u64,
}

/// Where events arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// Sinks of the same process that confirm at once.
    Blackholes,
    /// Websocket servers in another process.
    Servers,
}

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Line {
    /// Where events arrived.
    pub to: To,
    /// When they were due.
    pub schedule: Schedule,
    /// Of our side.
    pub ours: Histogram,
    /// Of the other.
    pub by_hand: Histogram,
    /// Ours to the other's: the 99th percentile of a round.
    pub p99: Spread,
}

/// Measures all rates; `tell` hears of each when it is done.
///
/// # Errors
/// The servers cannot be started, or have died; or what `tell` says.
///
/// # Panics
/// If not all was confirmed, or did not arrive.
pub fn measure(
    program: &Path,
    amount: Amount,
    mut tell: impl FnMut(&Line) -> io::Result<()>,
) -> io::Result<()> {
    let servers = RefCell::new(Servers::start(program, Records::Latencies)?);
    for to in [To::Blackholes, To::Servers] {
        for wakes in [Wakes::Timer, Wakes::Spin] {
            for rate in RATES {
                tell(&line(&servers, amount, to, Schedule { rate, wakes }))?;
            }
        }
    }
    Ok(())
}

fn line(servers: &RefCell<Servers>, amount: Amount, to: To, schedule: Schedule) -> Line {
    let events = (schedule.rate * amount.ms / 1000).max(1);
    let round = Round { schedule: Some(schedule), ..Round::of(events, PER_FLUSH) };
    let ports = servers.borrow().ports.clone();
    let seen = || servers.borrow_mut().latencies().expect("the servers live");
    let (mut ours, mut by_hand) = (Histogram::new(), Histogram::new());
    let time = compare(
        amount.rounds,
        || match to {
            To::Blackholes => p99(&mut ours, &websocket::ours::run_here(round, |ran| ran.latencies), round),
            To::Servers => {
                websocket::ours::run(round, &ports);
                p99(&mut ours, &seen(), round)
            }
        },
        || match to {
            To::Blackholes => p99(&mut by_hand, &by_hand::run_here(round), round),
            To::Servers => {
                websocket::by_hand::run(round, &ports);
                p99(&mut by_hand, &seen(), round)
            }
        },
    );
    Line { to, schedule, ours, by_hand, p99: time.ratio }
}

/// The 99th percentile of a round, which is added to those before it.
fn p99(all: &mut Histogram, latencies: &Histogram, round: Round) -> f64 {
    assert!(latencies.count() >= round.events, "{} of {} events arrived", latencies.count(), round.events);
    all.add(latencies);
    latencies.quantile(0.99).max(1) as f64
}
