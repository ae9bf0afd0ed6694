//! The cases that are measured, and the round that both sides go: answers come in, the source makes its batch, the log
//! emits. It is the order of a machine's step.

use super::outputs::{Eye, Outputs, SINKS};
use crate::event::Tick;

/// Events that the source makes for each step, if there is room.
pub const BATCH: u64 = 20;
/// One in so many batches fails, in that case.
const FAILING: u64 = 512;
/// How many events later one sink confirms than the sink before it, where answers are out of order.
const LATER: usize = 7;

/// A flow up to its ports, with its source.
pub trait Flow {
    /// Names a delivery.
    type Id: Copy;

    /// Whether the source may make an event.
    fn has_room(&self, outputs: &Outputs<Self::Id, impl Eye + Default>) -> bool;
    /// The source makes this one.
    fn push(&mut self, tick: &Tick, outputs: &mut Outputs<Self::Id, impl Eye + Default>);
    /// The log emits; whether it did.
    fn pump(&mut self, outputs: &mut Outputs<Self::Id, impl Eye + Default>) -> bool;
    /// A sink confirmed a delivery.
    fn ack(&mut self, sink: usize, id: Self::Id);
    /// A sink failed one.
    fn fail(&mut self, sink: usize, id: Self::Id);
    /// A sink failed one that may be the reason.
    fn suspect(&mut self, sink: usize, id: Self::Id);
    /// Events that the source was told are done.
    fn acked(&self) -> u64;
}

/// How sinks answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// All at the next step, in the order of the log.
    InOrder,
    /// Sink after sink, each later than the one before it.
    OutOfOrder,
    /// In order, but all answers of one in 512 batches are fails.
    Replays,
    /// In order, but in one of 512 batches each event is suspected: these go out again one by one.
    Suspects,
    /// In order, but the very first event is never answered.
    Stuck,
}

/// All of them.
pub const CASES: [Case; 5] = [Case::InOrder, Case::OutOfOrder, Case::Replays, Case::Suspects, Case::Stuck];

impl Case {
    /// For a table.
    pub fn name(self) -> &'static str {
        match self {
            Case::InOrder => "in order",
            Case::OutOfOrder => "acks out of order",
            Case::Replays => "1 in 512 batches replayed",
            Case::Suspects => "1 in 512 batches suspected",
            Case::Stuck => "one event stuck",
        }
    }
}

/// A flow in a case.
#[derive(Debug)]
pub struct Run<F: Flow, E> {
    /// The flow.
    pub flow: F,
    /// Its sinks.
    pub outputs: Outputs<F::Id, E>,
    case: Case,
    /// The number of the next event.
    next: u64,
    batches: u64,
    /// The sink that answers next, in order.
    turn: usize,
    stuck: Option<F::Id>,
}

impl<F: Flow, E: Eye + Default> Run<F, E> {
    /// Nothing has happened yet.
    pub fn new(flow: F, case: Case) -> Run<F, E> {
        Run { flow, outputs: Outputs::new(), case, next: 0, batches: 0, turn: 0, stuck: None }
    }

    /// Steps until the source has made so many events more.
    pub fn make(&mut self, events: u64) {
        let end = self.next + events;
        while self.next < end {
            self.step(BATCH.min(end - self.next));
        }
    }

    /// Confirms all that the sinks hold, until the log has nothing more for them.
    pub fn finish(&mut self) {
        while (0..SINKS).any(|sink| self.outputs.unconfirmed(sink) > 0) {
            self.answer_out_of_order(0);
            self.pump();
        }
    }

    /// One step, with a batch of this size.
    #[inline]
    pub fn step(&mut self, batch: u64) {
        self.batches += 1;
        match self.case {
            Case::InOrder | Case::Stuck => self.answer_in_order(false),
            Case::Replays | Case::Suspects => self.answer_in_order(self.batches.is_multiple_of(FAILING)),
            Case::OutOfOrder => self.answer_out_of_order(LATER),
        }
        for _ in 0..batch {
            if !self.flow.has_room(&self.outputs) {
                break;
            }
            self.flow.push(&Tick::numbered(self.next), &mut self.outputs);
            self.next += 1;
        }
        self.pump();
    }

    #[inline]
    fn pump(&mut self) {
        while self.flow.pump(&mut self.outputs) {}
    }

    #[inline]
    fn answer_in_order(&mut self, fails: bool) {
        while let Some(id) = self.outputs.next(self.turn) {
            let sink = self.turn;
            self.turn = if sink + 1 < SINKS { sink + 1 } else { 0 };
            if self.case == Case::Stuck && self.stuck.is_none() {
                self.stuck = Some(id);
            } else if fails && self.case == Case::Suspects {
                self.flow.suspect(sink, id);
            } else if fails {
                self.flow.fail(sink, id);
            } else {
                self.flow.ack(sink, id);
            }
        }
    }

    #[inline]
    fn answer_out_of_order(&mut self, later: usize) {
        for sink in 0..SINKS {
            while self.outputs.unconfirmed(sink) > sink * later {
                let Some(id) = self.outputs.next(sink) else { break };
                self.flow.ack(sink, id);
            }
        }
    }
}
