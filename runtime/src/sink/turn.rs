//! Keeps a busy sink free for a suspect. A suspect is delivered alone, so it waits until nothing else is unconfirmed; where
//! several logs feed one sink, the others could fill it for ever meanwhile. This is not the rule that a suspect is alone,
//! which is each sink's own.

use crate::core::Time;
use std::cell::Cell;

/// A step begins with the sink's `advance`; a claim holds in the step in which it is made, and in the next. That is as
/// long as it must, for who still waits asks again in each step, but maybe behind the others.
const STEPS: u8 = 2;

/// Whether a suspect was refused because of others, and they have to let it in first.
#[derive(Debug, Default)]
pub(super) struct SuspectsTurn {
    /// Steps that the claim still holds. A cell, for it is made where a sink is only asked for room.
    steps: Cell<u8>,
}

impl SuspectsTurn {
    /// A suspect found no room, because something else is unconfirmed.
    pub(super) fn claim(&self) {
        self.steps.set(STEPS);
    }

    /// Whether everything else must wait.
    #[inline]
    pub(super) fn is_claimed(&self) -> bool {
        self.steps.get() > 0
    }

    /// The suspect is in.
    pub(super) fn end(&mut self) {
        self.steps.set(0);
    }

    /// A step begins. A suspect that went elsewhere claims no more, and so holds nobody up.
    #[inline]
    pub(super) fn step(&mut self) {
        self.steps.set(self.steps.get().saturating_sub(1));
    }

    /// When the next step must come if nothing else asks for it: at once where nobody has claimed in this one, for the
    /// others may have been refused in vain. Else something is unconfirmed, and its end makes a step.
    pub(super) fn deadline(&self, now: Time) -> Option<Time> {
        (1..STEPS).contains(&self.steps.get()).then_some(now)
    }
}
