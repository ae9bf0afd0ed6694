//! What became of an event that was pushed forward.

use std::ops::{Add, AddAssign};

/// The result of pushing one event forward: how many branches now owe an answer, and whether one could not be
/// placed at all.
///
/// No answers and no failure ([`Handed::DONE`]) means that every branch is done already: filtered, dropped or
/// sent to a port that nobody linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Handed {
    /// Branches that will answer, each exactly once.
    pub owed: u32,
    /// A branch found no room; the delivery as a whole has failed.
    pub failed: bool,
}

impl Handed {
    /// Nothing is owed: the event counts as done.
    pub const DONE: Handed = Handed { owed: 0, failed: false };
    /// One branch owes its answer.
    pub const ONE: Handed = Handed { owed: 1, failed: false };
    /// There was no room. `ready` should have prevented it; the nearest listener replays the event.
    pub const NO_ROOM: Handed = Handed { owed: 0, failed: true };
}

impl Add for Handed {
    type Output = Handed;

    #[inline]
    fn add(self, other: Handed) -> Handed {
        Handed { owed: self.owed + other.owed, failed: self.failed || other.failed }
    }
}

impl AddAssign for Handed {
    #[inline]
    fn add_assign(&mut self, other: Handed) {
        *self = *self + other;
    }
}
