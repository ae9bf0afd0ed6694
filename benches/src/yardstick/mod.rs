//! The yardstick: the founding flow up to the ports of its three outputs, written by hand for this one flow, with the same
//! promises, by somebody who knows what they do. It is what the generated pipeline is measured against; it is no part of
//! foreshock, and shares no code with it.
//!
//! What it keeps of the promises: an event stays in the log until its own delivery is acknowledged, in any order; a fail
//! replays exactly its event, before new ones, in the order of failing; answers to a delivery that is over are counted and
//! ignored; `max_elements` and `max_bytes` are exact, and asked for before an event is made, so that nothing is ever parked;
//! a suspect is delivered alone; outputs with room take turns; one stuck event costs its slot; nothing is allocated per event.
//!
//! What it may leave out because it was written for one flow: events go one way only, so nobody counts branches; the source
//! cannot replay, so it counts answers in place of naming events; no event can be larger than `max_bytes`. The generated code
//! counts answers, too, where a source cannot replay; it has the rest of these, which makes the yardstick faster.

mod encode;
mod log;

pub use encode::Encoder;
pub use log::{Config, Id, Log};

use crate::event::Tick;

/// The outputs behind the round robin.
pub const OUTPUTS: usize = 3;

/// What stands behind the round robin.
pub trait Outputs {
    /// Whether this output would take an event; of a suspect: alone.
    fn has_room(&self, output: usize, suspect: bool) -> bool;
    /// Gives it one.
    fn take(&mut self, output: usize, id: Id, suspect: bool, payload: &[u8]);
}

/// Source, select, log and round robin in one.
#[derive(Debug)]
pub struct Yardstick {
    encoder: Encoder,
    log: Log,
    read_count: u32,
    /// The output whose turn is next.
    turn: usize,
    /// Events acknowledged to the source.
    acked: u64,
}

impl Yardstick {
    /// With the settings of the log, and the name of this host.
    pub fn new(config: Config, hostname: &str) -> Yardstick {
        let encoder = Encoder::new(hostname);
        Yardstick {
            log: Log::new(config, encoder.greatest_len()),
            read_count: config.read_count,
            encoder,
            turn: 0,
            acked: 0,
        }
    }

    /// Whether an event may be made.
    #[inline]
    pub fn has_room(&self) -> bool {
        self.log.has_room()
    }

    /// Stores an event. There must be room.
    #[inline]
    pub fn push(&mut self, tick: &Tick) {
        let encoder = &self.encoder;
        self.log.store(|buffer| encoder.encode(tick, buffer));
    }

    /// Emits what there is room for, `read_count` events at most; whether there were any.
    #[inline]
    pub fn pump(&mut self, outputs: &mut impl Outputs) -> bool {
        let mut emitted = false;
        for _ in 0..self.read_count {
            let Some(next) = self.log.next() else { break };
            let Some(output) = self.pick(outputs, next.suspect) else { break };
            self.turn = if output + 1 < OUTPUTS { output + 1 } else { 0 };
            let (id, payload) = self.log.begin(next);
            outputs.take(output, id, next.suspect, payload);
            emitted = true;
        }
        emitted
    }

    /// The next output in order that has room.
    #[inline]
    fn pick(&self, outputs: &impl Outputs, suspect: bool) -> Option<usize> {
        (self.turn..OUTPUTS).chain(0..self.turn).find(|&output| outputs.has_room(output, suspect))
    }

    /// The delivery was confirmed.
    #[inline]
    pub fn ack(&mut self, id: Id) {
        self.acked += u64::from(self.log.ack(id));
    }

    /// The delivery failed: the event goes out again.
    #[inline]
    pub fn fail(&mut self, id: Id) {
        self.log.fail(id, false);
    }

    /// It failed, and may be the reason: the event goes out again, alone.
    #[inline]
    pub fn suspect(&mut self, id: Id) {
        self.log.fail(id, true);
    }

    /// Events acknowledged to the source.
    pub fn acked(&self) -> u64 {
        self.acked
    }

    /// Events in the log.
    pub fn pending(&self) -> u64 {
        self.log.pending()
    }

    /// Bytes of the events in the log.
    pub fn kept_bytes(&self) -> u64 {
        self.log.bytes()
    }

    /// Answers to deliveries that were over.
    pub fn stale(&self) -> u64 {
        self.log.stale()
    }
}
