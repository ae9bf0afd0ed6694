//! The log's bookkeeping: which slots hold an event, in which order they go out, who owes an answer for them, and the
//! limits. It knows no payloads and no upstream: whoever owns the payloads keeps them by slot, in memory or elsewhere.
//!
//! Each slot is in one of five queues (fresh, again, suspects, parked, done), or free, or out: lent, or in flight.
//! The queues are links through the slots themselves, so that nothing is allocated per event; free slots are taken
//! last in, first out, so that a log that keeps little uses few slots and they stay warm.

use super::limits::Limits;
use crate::core::{Answer, Counts, EventId, Handed};

/// No slot.
const NONE: u32 = u32::MAX;

/// The entries of one log, without their payloads.
#[derive(Debug)]
pub(super) struct Entries {
    limits: Limits,
    slots: Vec<Slot>,
    /// The last slot that became free; more hang on it.
    free: u32,
    /// Never delivered, in order of arrival.
    fresh: Queue,
    /// Failed, in the order of failing.
    again: Queue,
    /// Failed, and maybe the reason for it: delivered one by one. In the order of failing.
    suspects: Queue,
    /// In front of the full log, outside its limits: the results of at most one input event.
    parked: Queue,
    /// Delivered, and nobody owes an answer: until upstream has heard of it.
    done: Queue,
    /// Suspects that are out.
    suspects_out: u32,
    /// What the kept events count against `max_bytes`.
    charged: u64,
    counts: Counts,
}

#[derive(Debug)]
struct Slot {
    /// Encoded payload bytes.
    len: u64,
    generation: u32,
    /// The next slot of the queue that this one is in.
    next: u32,
    /// Branches that owe an answer: more than zero only in flight.
    owed: u32,
    suspect: bool,
}

impl Entries {
    pub(super) fn new(limits: Limits) -> Entries {
        Entries {
            limits,
            slots: Vec::new(),
            free: NONE,
            fresh: Queue::EMPTY,
            again: Queue::EMPTY,
            suspects: Queue::EMPTY,
            parked: Queue::EMPTY,
            done: Queue::EMPTY,
            suspects_out: 0,
            charged: 0,
            counts: Counts::default(),
        }
    }

    /// Whether another input event may come, of which `greatest_len` is the length of its one result at most, or
    /// unknown. A length that never fits is as good as unknown: some event may be shorter.
    #[inline]
    pub(super) fn has_room(&self, greatest_len: Option<u64>) -> bool {
        if !self.parked.is_empty() {
            return false;
        }
        let (kept, charged) = (self.counts.pending, self.charged);
        match greatest_len {
            Some(len) if !self.limits.is_too_large(len) => self.limits.fits(kept, charged, len),
            _ => !self.limits.is_reached(kept, charged),
        }
    }

    #[inline]
    pub(super) fn is_too_large(&self, len: u64) -> bool {
        self.limits.is_too_large(len)
    }

    /// Takes an event of `len` bytes, which is not too large, into a slot that [`Entries::take_free`] gave: keeps it, or
    /// parks it where it does not fit yet.
    #[inline]
    pub(super) fn place(&mut self, slot: u32, len: u64) {
        self.slots[slot as usize].len = len;
        self.counts.taken += 1;
        if self.parked.is_empty() && self.limits.fits(self.counts.pending, self.charged, len) {
            self.keep(slot);
        } else {
            self.parked.push(&mut self.slots, slot);
            self.counts.parked += 1;
        }
    }

    /// Whether nothing is parked.
    #[inline]
    pub(super) fn can_park(&self) -> bool {
        self.parked.is_empty()
    }

    /// Whether there is something to deliver now, and then whether it is a suspect. Behind a suspect that is out, the
    /// next suspect waits, and everything else behind that one.
    #[inline]
    pub(super) fn next(&self) -> Option<bool> {
        if !self.suspects.is_empty() {
            return (self.suspects_out == 0).then_some(true);
        }
        (!self.again.is_empty() || !self.fresh.is_empty()).then_some(false)
    }

    /// Begins the delivery that [`Entries::next`] announced.
    #[inline]
    pub(super) fn begin(&mut self) -> (EventId, bool) {
        let suspect = self.next().expect("begun only when `next` announces something");
        let queue = if suspect { &mut self.suspects } else { &mut self.again };
        let replay = queue.pop(&self.slots);
        let slot = match replay {
            Some(slot) => slot,
            None => self.fresh.pop(&self.slots).expect("`next` saw one"),
        };
        self.suspects_out += u32::from(suspect);
        self.counts.emitted += 1;
        self.counts.replayed += u64::from(replay.is_some());
        (EventId { slot, generation: self.slots[slot as usize].generation }, suspect)
    }

    /// What became of a delivery that was begun.
    #[inline]
    pub(super) fn settle(&mut self, id: EventId, handed: Handed) {
        let slot = &mut self.slots[id.slot as usize];
        debug_assert!(
            slot.generation == id.generation && slot.owed == 0,
            "settled once, right after `begin`"
        );
        slot.owed = handed.owed;
        if handed.failed {
            self.replay(id.slot, false);
        } else if handed.owed == 0 {
            self.end_delivery(id.slot);
            self.done.push(&mut self.slots, id.slot);
        }
    }

    /// One branch's answer. Gives the slot if the event is acknowledged by it; the slot is free then, and what was
    /// parked has moved up.
    #[inline]
    pub(super) fn answer(&mut self, id: EventId, answer: Answer) -> Option<u32> {
        let slot = self.slots.get_mut(id.slot as usize);
        let Some(slot) = slot.filter(|slot| slot.generation == id.generation && slot.owed > 0) else {
            self.counts.stale += 1;
            return None;
        };
        match answer {
            Answer::Ack if slot.owed > 1 => slot.owed -= 1,
            Answer::Ack => {
                self.end_delivery(id.slot);
                self.release(id.slot);
                return Some(id.slot);
            }
            Answer::Fail => self.replay(id.slot, false),
            Answer::Suspect => self.replay(id.slot, true),
        }
        None
    }

    /// The next event that nobody owes an answer for; its slot is free then.
    #[inline]
    pub(super) fn next_done(&mut self) -> Option<u32> {
        let slot = self.done.pop(&self.slots)?;
        self.release(slot);
        Some(slot)
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    /// Slots in memory, used or free.
    #[cfg(test)]
    pub(super) fn slots(&self) -> (usize, usize) {
        (self.slots.len(), self.slots.capacity())
    }

    /// A slot for an event that is about to be placed: a free one, or one more than there were.
    #[inline]
    pub(super) fn take_free(&mut self) -> u32 {
        match self.slots.get(self.free as usize) {
            Some(free) => std::mem::replace(&mut self.free, free.next),
            None => self.grow(),
        }
    }

    #[cold]
    fn grow(&mut self) -> u32 {
        let slot = u32::try_from(self.slots.len()).expect("far fewer slots, by the limits");
        self.slots.push(Slot { len: 0, generation: 0, next: NONE, owed: 0, suspect: false });
        slot
    }

    /// Takes a slot back in which nothing was placed. One that has never held an event is forgotten, so that an event
    /// that is too large costs a full log no memory: then it was the last of them. Whether it is forgotten.
    #[cold]
    pub(super) fn take_back(&mut self, slot: u32) -> bool {
        let is_new = slot as usize + 1 == self.slots.len() && self.slots[slot as usize].generation == 0;
        if is_new {
            self.slots.pop();
        } else {
            self.give_free(slot);
        }
        is_new
    }

    #[inline]
    fn give_free(&mut self, slot: u32) {
        self.slots[slot as usize].next = self.free;
        self.free = slot;
    }

    /// Moves an event into the log, behind the ones that wait there.
    #[inline]
    fn keep(&mut self, slot: u32) {
        let len = self.slots[slot as usize].len;
        self.counts.pending += 1;
        self.counts.pending_bytes += len;
        self.charged += self.limits.charge(len);
        self.fresh.push(&mut self.slots, slot);
    }

    /// The delivery is over: whatever still comes for it is stale.
    #[inline]
    fn end_delivery(&mut self, slot: u32) {
        let ended = &mut self.slots[slot as usize];
        ended.generation = ended.generation.wrapping_add(1);
        ended.owed = 0;
        self.suspects_out -= u32::from(ended.suspect);
    }

    /// A delivery failed: the event goes out again, after those that failed before it. Once a suspect, it stays one.
    fn replay(&mut self, slot: u32, suspect: bool) {
        self.end_delivery(slot);
        self.counts.failed += 1;
        let failed = &mut self.slots[slot as usize];
        failed.suspect |= suspect;
        let queue = if failed.suspect { &mut self.suspects } else { &mut self.again };
        queue.push(&mut self.slots, slot);
    }

    /// An event is acknowledged: its slot is free, and what was parked moves up.
    #[inline]
    fn release(&mut self, slot: u32) {
        self.give_free(slot);
        let freed = &mut self.slots[slot as usize];
        freed.suspect = false;
        let len = freed.len;
        self.counts.acked += 1;
        self.counts.pending -= 1;
        self.counts.pending_bytes -= len;
        self.charged -= self.limits.charge(len);
        if !self.parked.is_empty() {
            self.move_up();
        }
    }

    /// Moves what was parked into the log, in order, as far as it fits.
    #[cold]
    fn move_up(&mut self) {
        while let Some(first) = self.parked.first()
            && self.limits.fits(self.counts.pending, self.charged, self.slots[first as usize].len)
        {
            self.parked.pop(&self.slots);
            self.counts.parked -= 1;
            self.keep(first);
        }
    }
}

/// A queue of slots, linked through them.
#[derive(Debug)]
struct Queue {
    head: u32,
    tail: u32,
}

impl Queue {
    const EMPTY: Queue = Queue { head: NONE, tail: NONE };

    #[inline]
    fn is_empty(&self) -> bool {
        self.head == NONE
    }

    #[inline]
    fn first(&self) -> Option<u32> {
        (self.head != NONE).then_some(self.head)
    }

    #[inline]
    fn push(&mut self, slots: &mut [Slot], slot: u32) {
        slots[slot as usize].next = NONE;
        match self.first() {
            None => self.head = slot,
            Some(_) => slots[self.tail as usize].next = slot,
        }
        self.tail = slot;
    }

    #[inline]
    fn pop(&mut self, slots: &[Slot]) -> Option<u32> {
        let slot = self.first()?;
        self.head = slots[slot as usize].next;
        Some(slot)
    }
}
