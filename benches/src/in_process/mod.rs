//! The founding flow in process, one thread, no I/O: source of typed events → merge → log → round robin → three sinks that
//! confirm; nanoseconds of processor time per event.
//!
//! # What is compared
//!
//! Both sides get the same events in the same batches of 20, have the same sinks behind their ports, and hear the same
//! answers in the same order; a test holds that both give the same bytes in the same order to the same sinks.
//!
//! - *Yardstick*: [`crate::yardstick`], all of it written by hand for this flow.
//! - *Generated*: the type that `pipeline!` made, with the count of open deliveries that a generated machine keeps for a
//!   source whose events go one way. It is called as the generated machine calls it; the caller stands for source and sinks, because a metronome makes an
//!   event a millisecond at most, and because sinks that answer as the case wants are no sinks of a flow.
//!
//! What was tried by hand before there was a compiler had 26 to 29 ns for the same semantics on such a machine.

pub mod by_hand;
pub mod cases;
pub mod generated;
pub mod outputs;

use crate::measure::{Compared, compare, thread_time};
use cases::{CASES, Case, Flow, Run};
use outputs::Drops;

/// The name that both sides merge into their events.
pub const HOSTNAME: &str = "ALT01827";

/// Events before measuring.
const WARM_UP: u64 = 20_000;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Amount {
    /// Rounds of each side.
    pub rounds: u32,
    /// Events in each round.
    pub events: u64,
}

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Line {
    /// The case.
    pub case: Case,
    /// Nanoseconds an event.
    pub time: Compared,
    /// Allocations of our side while so many events went through.
    pub allocations: u64,
    /// The events that were watched for allocations.
    pub watched: u64,
}

/// Measures all cases.
pub fn measure(amount: Amount) -> Vec<Line> {
    CASES.into_iter().map(|case| line(case, amount)).collect()
}

fn line(case: Case, amount: Amount) -> Line {
    let mut ours = Run::<_, Drops>::new(generated::Generated::new(), case);
    let mut yardstick = Run::<_, Drops>::new(by_hand::yardstick(), case);
    ours.make(WARM_UP);
    yardstick.make(WARM_UP);
    let events = amount.events;
    let time = compare(amount.rounds, || cost(&mut ours, events), || cost(&mut yardstick, events));
    let allocations = allocation_counter::measure(|| ours.make(events)).count_total;
    Line { case, time, allocations, watched: events }
}

/// Nanoseconds per event.
fn cost<F: Flow>(run: &mut Run<F, Drops>, events: u64) -> f64 {
    let before = thread_time();
    run.make(events);
    (thread_time() - before).as_nanos() as f64 / events as f64
}
