//! A source's table of open deliveries: which of its events are not answered for yet. It holds no events; a source
//! that cannot replay (the metronome) counts what failed as lost.
//!
//! A delivery that has failed stays open until its last branch has answered: a log on another branch still keeps the
//! event, and a drain that forgot about it would throw it away.

use crate::core::{Answer, Counts, EventId, Handed};

/// The open deliveries of one source.
///
/// It needs no limit of its own: a source makes an event only where there is room, so what is open is what the
/// logs and the send windows downstream hold, and those are limited.
#[derive(Debug)]
pub struct Deliveries {
    slots: Vec<Slot>,
    /// The last slot that became free; more hang on it. The ones in use stay few and warm.
    free: u32,
    counts: Counts,
}

/// No slot.
const NONE: u32 = u32::MAX;

#[derive(Debug)]
struct Slot {
    generation: u32,
    /// The next free slot, of one that is free.
    next: u32,
    /// Branches that owe an answer. Zero: free, or opened and not settled yet.
    owed: u32,
    /// A branch has failed: it will end so when the others have answered.
    failed: bool,
}

impl Deliveries {
    /// An empty table.
    pub fn new() -> Deliveries {
        Deliveries { slots: Vec::new(), free: NONE, counts: Counts::default() }
    }

    /// Opens a delivery for an event that is about to be pushed forward; [`Deliveries::settle`] follows.
    #[inline]
    pub fn open(&mut self) -> EventId {
        self.counts.taken += 1;
        self.counts.pending += 1;
        let slot = self.free;
        match self.slots.get(slot as usize) {
            Some(free) => {
                self.free = free.next;
                EventId { slot, generation: free.generation }
            }
            None => self.grow(),
        }
    }

    #[cold]
    fn grow(&mut self) -> EventId {
        let slot = u32::try_from(self.slots.len()).expect("fewer than 2^32 events are open at a time");
        self.slots.push(Slot { generation: 0, next: NONE, owed: 0, failed: false });
        EventId { slot, generation: 0 }
    }

    /// Takes a delivery back whose event was not pushed after all: as if it had never been opened.
    pub fn cancel(&mut self, id: EventId) {
        let slot = &self.slots[id.slot as usize];
        debug_assert!(slot.generation == id.generation && slot.owed == 0, "in place of `settle`");
        self.counts.taken -= 1;
        self.free(id.slot);
    }

    /// What became of the push. `Some` if nothing is owed, the delivery is over: `Fail` if a branch found no room, else
    /// `Ack`. `None`: answers will come, whether a branch found no room or not.
    #[inline]
    pub fn settle(&mut self, id: EventId, handed: Handed) -> Option<Answer> {
        let slot = &mut self.slots[id.slot as usize];
        debug_assert!(slot.generation == id.generation && slot.owed == 0, "settled once, right after `open`");
        self.counts.emitted += u64::from(!handed.failed);
        slot.owed = handed.owed;
        slot.failed = handed.failed;
        if handed.owed > 0 { None } else { Some(self.end(id.slot)) }
    }

    /// One branch's answer. `Some` when it was the last one that was owed, and the delivery is over: `Ack` if all branches
    /// acknowledged, `Fail` if one did not. An answer to a delivery that is over is counted, and ignored.
    #[inline]
    pub fn answer(&mut self, id: EventId, answer: Answer) -> Option<Answer> {
        let slot = self.slots.get_mut(id.slot as usize);
        let Some(slot) = slot.filter(|slot| slot.generation == id.generation && slot.owed > 0) else {
            self.counts.stale += 1;
            return None;
        };
        slot.owed -= 1;
        slot.failed |= answer != Answer::Ack;
        if slot.owed > 0 { None } else { Some(self.end(id.slot)) }
    }

    /// Deliveries that are not over.
    #[inline]
    pub fn pending(&self) -> u64 {
        self.counts.pending
    }

    /// `taken`; `emitted`, of these the ones that found room on every branch; `acked`, `lost`, `stale` and `pending`.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    #[inline]
    fn end(&mut self, slot: u32) -> Answer {
        let failed = self.slots[slot as usize].failed;
        self.free(slot);
        if failed {
            self.counts.lost += 1;
            Answer::Fail
        } else {
            self.counts.acked += 1;
            Answer::Ack
        }
    }

    #[inline]
    fn free(&mut self, slot: u32) {
        self.counts.pending -= 1;
        let freed = &mut self.slots[slot as usize];
        *freed =
            Slot { generation: freed.generation.wrapping_add(1), next: self.free, owed: 0, failed: false };
        self.free = slot;
    }
}

impl Default for Deliveries {
    fn default() -> Self {
        Deliveries::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACK: Answer = Answer::Ack;
    const FAIL: Answer = Answer::Fail;

    /// Opens one delivery, settles it, gives it `answers`; says which of these calls ended it, and how.
    fn check(handed: Handed, answers: &[Answer], expected: &[Option<Answer>], counts: Counts) {
        let mut table = Deliveries::new();
        let id = table.open();
        let mut results = vec![table.settle(id, handed)];
        results.extend(answers.iter().map(|&answer| table.answer(id, answer)));
        assert_eq!(results, expected, "{handed:?} {answers:?}");
        assert_eq!(table.counts(), counts, "{handed:?} {answers:?}");
        assert_eq!(table.pending(), counts.pending);
    }

    fn counts(acked: u64, lost: u64, stale: u64, pending: u64) -> Counts {
        Counts { taken: 1, emitted: 1, acked, lost, stale, pending, ..Counts::default() }
    }

    /// The same of an event that found no room somewhere.
    fn unplaced(lost: u64, stale: u64, pending: u64) -> Counts {
        Counts { emitted: 0, ..counts(0, lost, stale, pending) }
    }

    #[test]
    fn what_owes_nothing_is_acknowledged_at_once() {
        check(Handed::DONE, &[], &[Some(ACK)], counts(1, 0, 0, 0));
    }

    #[test]
    fn what_found_no_room_anywhere_is_lost_at_once() {
        check(Handed::NO_ROOM, &[], &[Some(FAIL)], unplaced(1, 0, 0));
        check(Handed::NO_ROOM, &[ACK], &[Some(FAIL), None], unplaced(1, 1, 0));
    }

    #[test]
    fn what_found_no_room_on_one_branch_is_lost_when_the_others_have_answered() {
        let half = Handed::NO_ROOM + Handed::ONE;
        check(half, &[], &[None], unplaced(0, 0, 1));
        check(half, &[ACK], &[None, Some(FAIL)], unplaced(1, 0, 0));
        check(half, &[FAIL], &[None, Some(FAIL)], unplaced(1, 0, 0));
    }

    #[test]
    fn the_last_branch_that_acknowledges_ends_a_delivery() {
        check(Handed::ONE, &[], &[None], counts(0, 0, 0, 1));
        check(Handed::ONE, &[ACK], &[None, Some(ACK)], counts(1, 0, 0, 0));
        check(Handed { owed: 3, failed: false }, &[ACK, ACK], &[None, None, None], counts(0, 0, 0, 1));
        check(
            Handed { owed: 3, failed: false },
            &[ACK, ACK, ACK],
            &[None, None, None, Some(ACK)],
            counts(1, 0, 0, 0),
        );
    }

    #[test]
    fn a_delivery_with_a_failed_branch_is_pending_until_all_have_answered_and_is_lost_once() {
        let two = Handed { owed: 2, failed: false };
        check(two, &[FAIL], &[None, None], counts(0, 0, 0, 1));
        check(two, &[FAIL, ACK], &[None, None, Some(FAIL)], counts(0, 1, 0, 0));
        check(two, &[ACK, Answer::Suspect], &[None, None, Some(FAIL)], counts(0, 1, 0, 0));
        check(two, &[FAIL, FAIL], &[None, None, Some(FAIL)], counts(0, 1, 0, 0));
        check(two, &[FAIL, ACK, ACK], &[None, None, Some(FAIL), None], counts(0, 1, 1, 0));
    }

    #[test]
    fn a_failed_delivery_leaves_nothing_to_the_next_one_in_its_slot() {
        let mut table = Deliveries::new();
        for expected in [FAIL, ACK] {
            let id = table.open();
            assert_eq!((id.slot, table.settle(id, Handed::ONE)), (0, None));
            assert_eq!(table.answer(id, expected), Some(expected));
        }
    }

    #[test]
    fn a_cancelled_delivery_never_was() {
        let mut table = Deliveries::new();
        let id = table.open();
        table.cancel(id);
        assert_eq!(table.counts(), Counts::default());
        assert_eq!(table.answer(id, ACK), None);
        let next = table.open();
        assert_eq!((next.slot, table.settle(next, Handed::DONE)), (id.slot, Some(ACK)));
    }

    #[test]
    fn an_answer_to_an_old_delivery_does_not_touch_the_one_that_has_its_slot_now() {
        let mut table = Deliveries::new();
        let old = table.open();
        assert_eq!(table.settle(old, Handed::ONE), None);
        assert_eq!(table.answer(old, FAIL), Some(FAIL));
        let new = table.open();
        assert_eq!((new.slot, table.settle(new, Handed::ONE)), (old.slot, None));
        assert_eq!(table.answer(old, ACK), None);
        assert_eq!(table.pending(), 1);
        assert_eq!(table.answer(new, ACK), Some(ACK));
        assert_eq!(table.counts().stale, 1);
    }

    #[test]
    fn an_answer_to_what_was_never_opened_is_stale() {
        let mut table = Deliveries::new();
        assert_eq!(table.answer(EventId { slot: 9, generation: 0 }, ACK), None);
        assert_eq!(table.counts().stale, 1);
    }

    #[test]
    fn slots_are_used_again_the_last_freed_first() {
        let mut table = Deliveries::new();
        let open: Vec<_> = (0..4).map(|_| table.open()).collect();
        for &id in &open {
            assert_eq!(table.settle(id, Handed::ONE), None);
        }
        for &i in &[2, 0, 3] {
            assert_eq!(table.answer(open[i], ACK), Some(ACK));
        }
        let again: Vec<u32> = (0..4).map(|_| table.open().slot).collect();
        assert_eq!(again, [3, 0, 2, 4]);
    }

    #[test]
    fn one_delivery_that_stays_open_while_a_million_pass_costs_one_slot() {
        let mut table = Deliveries::new();
        let stuck = table.open();
        assert_eq!(table.settle(stuck, Handed::ONE), None);
        for _ in 0..1_000_000 {
            let id = table.open();
            assert_eq!(table.settle(id, Handed::ONE), None);
            assert_eq!(table.answer(id, ACK), Some(ACK));
        }
        assert_eq!(table.slots.len(), 2);
        assert_eq!(table.answer(stuck, ACK), Some(ACK));
        assert_eq!(table.pending(), 0);
    }
}
