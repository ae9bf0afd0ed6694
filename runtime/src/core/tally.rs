//! The open deliveries of a source whose events go one way, counted: no table ([`crate::core::Deliveries`]) is needed to
//! tell when the last branch of one has answered, since each has one answer only.

use crate::core::{Answer, Counts, Handed};

/// Counts the open deliveries of a source that cannot replay, so that it does not matter which of them an answer is for.
/// Saves a slot, and the look at it, for each event.
///
/// It trusts that whoever takes an event answers once, as logs and sinks must. Answers beyond what is open are stale.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    counts: Counts,
}

impl Tally {
    /// Nothing is open.
    pub fn new() -> Tally {
        Tally::default()
    }

    /// Opens a delivery for an event that is about to be pushed forward; [`Tally::settle`] follows.
    #[inline]
    pub fn open(&mut self) {
        self.counts.taken += 1;
        self.counts.pending += 1;
    }

    /// What became of the push. `Some` if nothing is owed, the delivery is over: `Fail` if there was no room, else `Ack`.
    #[inline]
    pub fn settle(&mut self, (): (), handed: Handed) -> Option<Answer> {
        debug_assert!(handed.owed + u32::from(handed.failed) <= 1, "events go one way");
        self.counts.emitted += u64::from(!handed.failed);
        let answer = if handed.failed { Answer::Fail } else { Answer::Ack };
        if handed.owed > 0 { None } else { self.answer((), answer) }
    }

    /// The answer to a delivery, which is over by it.
    #[inline]
    pub fn answer(&mut self, (): (), answer: Answer) -> Option<Answer> {
        if self.counts.pending == 0 {
            self.counts.stale += 1;
            return None;
        }
        self.counts.pending -= 1;
        if answer == Answer::Ack {
            self.counts.acked += 1;
            Some(Answer::Ack)
        } else {
            self.counts.lost += 1;
            Some(Answer::Fail)
        }
    }

    /// Deliveries that are not over.
    #[inline]
    pub fn pending(&self) -> u64 {
        self.counts.pending
    }

    /// `taken`; `emitted`, of these the ones that found room; `acked`, `lost`, `stale` and `pending`.
    pub fn counts(&self) -> Counts {
        self.counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::Deliveries;

    const ACK: Answer = Answer::Ack;
    const FAIL: Answer = Answer::Fail;

    /// Opens deliveries, settles them with `handed`, gives the first of them these answers: all is as the table has it.
    fn check(handed: &[Handed], answers: &[Answer]) {
        let (mut tally, mut table) = (Tally::new(), Deliveries::new());
        let mut owing = Vec::new();
        for &handed in handed {
            tally.open();
            let id = table.open();
            assert_eq!(tally.settle((), handed), table.settle(id, handed));
            owing.extend((handed.owed > 0).then_some(id));
            assert_eq!(tally.counts(), table.counts());
        }
        let last = owing.last().copied();
        for (at, &answer) in answers.iter().enumerate() {
            let id = owing.get(at).copied().or(last).expect("some delivery is open");
            assert_eq!(tally.answer((), answer), table.answer(id, answer));
            assert_eq!((tally.counts(), tally.pending()), (table.counts(), table.pending()));
        }
    }

    #[test]
    fn it_counts_as_the_table_does() {
        check(&[Handed::DONE, Handed::NO_ROOM, Handed::ONE], &[]);
        check(&[Handed::ONE; 4], &[ACK, FAIL, Answer::Suspect]);
        check(&[Handed::ONE; 2], &[ACK, ACK, ACK, FAIL]);
    }
}
