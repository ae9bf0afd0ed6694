//! The log's bookkeeping: which slots hold an event, in which order they go out, who owes an answer for them, and the
//! limits. It knows no payloads and no upstream: a slot has a body, which is whatever the owner of the payloads keeps there.
//!
//! Each slot is in one of five queues (fresh, again, suspects, parked, done), or free, or out: lent, or in flight.
//! The queues are links through the slots themselves, so that nothing is allocated per event; free slots are taken
//! last in, first out, so that a log that keeps little uses few slots and they stay warm.

mod held;

pub(super) use held::Held;

use super::limits::Limits;
use crate::core::{Answer, Counts, EventId, Handed, Measures};
use crate::mutants::mutant;

/// No slot.
const NONE: u32 = u32::MAX;

/// The entries of one log. Bodies are in the slots themselves, so that one look at an array finds both.
#[derive(Debug)]
pub(super) struct Entries<B> {
    limits: Limits,
    slots: Vec<Slot<B>>,
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
    /// Events that are kept, parked ones not counted.
    kept: u32,
    /// What the kept events count against `max_bytes`.
    charged: u64,
    /// All but what [`Entries::counts`] adds. (Counters that stand side by side and change together become one vector: a
    /// read of both that waits for two writes of one each, and more instructions.)
    counts: Counts,
}

/// What is to be delivered next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Fresh,
    Again,
    Suspect,
}

#[derive(Debug)]
struct Slot<B> {
    body: B,
    /// Encoded payload bytes.
    len: u64,
    generation: u32,
    /// The next slot of the queue that this one is in.
    next: u32,
    /// Branches that owe an answer: more than zero only in flight.
    owed: u32,
    suspect: bool,
}

impl<B> Entries<B> {
    pub(super) fn new(limits: Limits) -> Entries<B> {
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
            kept: 0,
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
        let (kept, charged) = (u64::from(self.kept), self.charged);
        match greatest_len {
            Some(len) if !self.limits.is_too_large(len) => self.limits.fits(kept, charged, len),
            _ => !self.limits.is_reached(kept, charged),
        }
    }

    /// Takes an event, which `fill` writes into a body, in place of what may be there; `fill` gives its length. Keeps it, or
    /// parks it where it does not fit yet. `new` makes a body for a slot that was not there before, for an event about as long
    /// as it is told: as the one in the slot before.
    ///
    /// # Errors
    /// It never fits: that is its length, and nothing is taken. [`Entries::take_back`] follows.
    #[inline]
    pub(super) fn store(
        &mut self,
        new: impl FnOnce(u64) -> B,
        fill: impl FnOnce(&mut B) -> u64,
    ) -> Result<(), u64> {
        if self.free == NONE {
            self.grow(new);
        }
        let at = self.free;
        let slot = &mut self.slots[at as usize];
        let len = fill(&mut slot.body);
        if self.limits.is_too_large(len) {
            return Err(len);
        }
        self.free = slot.next;
        slot.next = NONE;
        slot.len = len;
        self.counts.taken += 1;
        if self.parked.is_empty() && self.limits.fits(u64::from(self.kept), self.charged, len) {
            self.keep(at, len);
        } else {
            self.parked.append(&mut self.slots, at);
            self.counts.parked += 1;
        }
        Ok(())
    }

    /// Whether nothing is parked.
    #[inline]
    pub(super) fn can_park(&self) -> bool {
        self.parked.is_empty()
    }

    /// What there is to deliver now. Behind a suspect that is out, the next suspect waits, and nothing else does: a peer that has
    /// one and says nothing would hold up all the others.
    #[inline]
    pub(super) fn next(&self) -> Option<Next> {
        if (self.suspects.is_empty() && self.again.is_empty())
            || (mutant!("new_before_failed") && !self.fresh.is_empty())
        {
            return (!self.fresh.is_empty()).then_some(Next::Fresh);
        }
        self.next_again()
    }

    #[cold]
    fn next_again(&self) -> Option<Next> {
        if !self.suspects.is_empty() && self.suspects_out == 0 {
            Some(Next::Suspect)
        } else if !self.again.is_empty() {
            Some(Next::Again)
        } else {
            (!self.fresh.is_empty()).then_some(Next::Fresh)
        }
    }

    /// Begins the delivery that [`Entries::next`] announced: its name, and the body.
    #[inline]
    pub(super) fn begin(&mut self, next: Next) -> (EventId, &mut B) {
        debug_assert_eq!(self.next(), Some(next), "nothing has happened since `next`");
        self.counts.emitted += 1;
        if next != Next::Fresh {
            return self.begin_again(next);
        }
        let slot = self.fresh.head;
        let begun = &mut self.slots[slot as usize];
        self.fresh.head = begun.next;
        (EventId { slot, generation: begun.generation }, &mut begun.body)
    }

    #[cold]
    fn begin_again(&mut self, next: Next) -> (EventId, &mut B) {
        self.counts.replayed += 1;
        let suspect = next == Next::Suspect;
        self.suspects_out += u32::from(suspect);
        let queue = if suspect { &mut self.suspects } else { &mut self.again };
        let slot = queue.pop(&self.slots).expect("`next` saw one");
        let begun = &mut self.slots[slot as usize];
        (EventId { slot, generation: begun.generation }, &mut begun.body)
    }

    /// What became of a delivery that was begun; and the body to be there from now on.
    #[inline]
    pub(super) fn settle(&mut self, id: EventId, body: B, handed: Handed) {
        let slot = &mut self.slots[id.slot as usize];
        // What is lent has left an empty place: there is nothing to drop, and the compiler need not look whether there is.
        std::mem::forget(std::mem::replace(&mut slot.body, body));
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

    /// One branch's answer. Gives the body if the event is acknowledged by it; the slot is free then, and what was
    /// parked has moved up.
    #[inline]
    pub(super) fn answer(&mut self, id: EventId, answer: Answer) -> Option<&mut B> {
        let slot = self.slots.get_mut(id.slot as usize);
        let Some(slot) = slot.filter(|slot| slot.generation == id.generation && slot.owed > 0) else {
            self.counts.stale += 1;
            return None;
        };
        match answer {
            Answer::Ack if slot.owed > 1 => slot.owed -= 1,
            Answer::Ack => {
                self.end_delivery(id.slot);
                return Some(self.release(id.slot));
            }
            Answer::Fail => self.replay(id.slot, false),
            Answer::Suspect => self.replay(id.slot, true),
        }
        None
    }

    /// The body of the next event that nobody owes an answer for; its slot is free then.
    #[inline]
    pub(super) fn next_done(&mut self) -> Option<&mut B> {
        let slot = self.done.pop(&self.slots)?;
        Some(self.release(slot))
    }

    pub(super) fn counts(&self) -> Counts {
        let (pending, parked) = (u64::from(self.kept), self.counts.parked);
        // What came in and is neither kept nor parked any more was acknowledged.
        let came = self.counts.taken + self.counts.recovered;
        Counts { pending, acked: came - parked - pending, ..self.counts }
    }

    /// Free places: events, and payload bytes if these are limited. None while something is parked.
    pub(super) fn measures(&self) -> Measures {
        let (places, bytes) = self.limits.left(self.kept.into(), self.charged);
        let open = u64::from(self.can_park());
        Measures {
            room: Some(places * open),
            room_bytes: bytes.map(|bytes| bytes * open),
            ..Measures::default()
        }
    }

    /// Slots in memory, used or free.
    #[cfg(test)]
    pub(super) fn slots(&self) -> (usize, usize) {
        (self.slots.len(), self.slots.capacity())
    }

    /// All bodies.
    #[cfg(test)]
    pub(super) fn bodies(&self) -> impl Iterator<Item = &B> {
        self.slots.iter().map(|slot| &slot.body)
    }

    /// One more free slot, where there is none.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, new: impl FnOnce(u64) -> B) {
        let body = new(self.slots.last().map_or(0, |slot| slot.len));
        let slot = u32::try_from(self.slots.len()).expect("far fewer slots, by the limits");
        self.slots.push(Slot { body, len: 0, generation: 0, next: NONE, owed: 0, suspect: false });
        self.free = slot;
    }

    /// The body into which an event was written that was not taken. `None`: its slot had never held an event, and is
    /// forgotten, so that an event that is too large costs a full log no memory.
    #[cold]
    pub(super) fn take_back(&mut self) -> Option<&mut B> {
        let at = self.free as usize;
        if at + 1 == self.slots.len() && self.slots[at].generation == 0 {
            self.free = self.slots.pop()?.next;
            return None;
        }
        Some(&mut self.slots[at].body)
    }

    /// Moves an event that is in no queue into the log, behind the ones that wait there.
    #[inline]
    fn keep(&mut self, slot: u32, len: u64) {
        self.kept += 1;
        self.counts.pending_bytes += len;
        self.charged += self.limits.charge(len);
        self.fresh.append(&mut self.slots, slot);
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
        if mutant!("fail_replayed_never") && slot.is_multiple_of(7) {
            return;
        }
        let failed = &mut self.slots[slot as usize];
        failed.suspect |= suspect;
        let queue = if failed.suspect { &mut self.suspects } else { &mut self.again };
        queue.push(&mut self.slots, slot);
    }

    /// An event is acknowledged: its slot is free, and what was parked moves up.
    #[inline]
    fn release(&mut self, slot: u32) -> &mut B {
        // Asked first, so that else one look at the slots does.
        if !self.parked.is_empty() {
            self.free_slot(slot);
            self.move_up();
            return &mut self.slots[slot as usize].body;
        }
        self.free_slot(slot)
    }

    #[inline]
    fn free_slot(&mut self, slot: u32) -> &mut B {
        let freed = &mut self.slots[slot as usize];
        freed.next = self.free;
        self.free = slot;
        freed.suspect = false;
        self.kept -= 1;
        self.counts.pending_bytes -= freed.len;
        self.charged -= self.limits.charge(freed.len);
        &mut freed.body
    }

    /// Moves what was parked into the log, in order, as far as it fits.
    #[cold]
    fn move_up(&mut self) {
        while let Some(first) = self.parked.first() {
            let len = self.slots[first as usize].len;
            if !self.limits.fits(u64::from(self.kept), self.charged, len) {
                break;
            }
            self.parked.pop(&self.slots);
            self.slots[first as usize].next = NONE;
            self.counts.parked -= 1;
            self.keep(first, len);
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
    fn push<B>(&mut self, slots: &mut [Slot<B>], slot: u32) {
        slots[slot as usize].next = NONE;
        self.append(slots, slot);
    }

    /// The same of a slot that has none behind it.
    #[inline]
    fn append<B>(&mut self, slots: &mut [Slot<B>], slot: u32) {
        match self.first() {
            None => self.head = slot,
            Some(_) => slots[self.tail as usize].next = slot,
        }
        self.tail = slot;
    }

    #[inline]
    fn pop<B>(&mut self, slots: &[Slot<B>]) -> Option<u32> {
        // There is no slot with the number `NONE`.
        let slot = self.head;
        self.head = slots.get(slot as usize)?.next;
        Some(slot)
    }
}
