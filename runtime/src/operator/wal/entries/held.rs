//! Events of a log on disk that are not yet to be delivered: those that are being stored, and those that wait in front of the
//! full log. The transient log has neither; so the queues are here, and not with the others.

use super::{Entries, Queue};

/// The queues of held events.
#[derive(Debug)]
pub(in crate::operator::wal) struct Held {
    /// Not yet safe, in order of arrival.
    storing: Queue,
    /// In front of the full log, outside its limits: the results of at most one input event.
    parked: Queue,
}

impl Held {
    pub(in crate::operator::wal) fn new() -> Held {
        Held { storing: Queue::EMPTY, parked: Queue::EMPTY }
    }

    /// The first of the parked events, and its length.
    #[inline]
    pub(in crate::operator::wal) fn parked<B>(&self, entries: &Entries<B>) -> Option<(u32, u64)> {
        let slot = self.parked.first()?;
        Some((slot, entries.slots[slot as usize].len))
    }

    /// Lets the first parked event in, as [`Held::store`] does.
    pub(in crate::operator::wal) fn unpark<B>(&mut self, entries: &mut Entries<B>) {
        if let Some(slot) = self.parked.pop(&entries.slots) {
            entries.counts.parked -= 1;
            self.store(entries, slot);
        }
    }

    /// Parks an event that was [taken](Entries::take).
    pub(in crate::operator::wal) fn park<B>(&mut self, entries: &mut Entries<B>, slot: u32) {
        entries.counts.parked += 1;
        self.parked.push(&mut entries.slots, slot);
    }

    /// Keeps an event that was [taken](Entries::take), until it is safe.
    #[inline]
    pub(in crate::operator::wal) fn store<B>(&mut self, entries: &mut Entries<B>, slot: u32) {
        entries.count_kept(slot);
        self.storing.push(&mut entries.slots, slot);
    }

    /// The first event that is being stored is safe: it is up for delivery, behind those before it.
    #[inline]
    pub(in crate::operator::wal) fn release<B>(&mut self, entries: &mut Entries<B>) {
        let slot = self.storing.pop(&entries.slots).expect("what is safe was being stored");
        entries.fresh.push(&mut entries.slots, slot);
    }
}

impl<B> Entries<B> {
    /// Writes an event into a free slot; gives slot and length. [`Entries::take`] or [`Entries::take_back`] follows.
    #[inline]
    pub(in crate::operator::wal) fn fill(
        &mut self,
        new: impl FnOnce(u64) -> B,
        fill: impl FnOnce(&mut B) -> u64,
    ) -> (u32, u64) {
        if self.free == super::NONE {
            self.grow(new);
        }
        let slot = self.free;
        let len = fill(&mut self.slots[slot as usize].body);
        (slot, len)
    }

    /// Takes the event that was [filled](Entries::fill) in; it is in no queue yet.
    #[inline]
    pub(in crate::operator::wal) fn take(&mut self, len: u64) -> u32 {
        let slot = self.free;
        let taken = &mut self.slots[slot as usize];
        taken.len = len;
        self.free = taken.next;
        slot
    }

    /// An event came in.
    #[inline]
    pub(in crate::operator::wal) fn count_taken(&mut self) {
        self.counts.taken += 1;
    }

    #[inline]
    fn count_kept(&mut self, slot: u32) {
        let len = self.slots[slot as usize].len;
        self.kept += 1;
        self.counts.pending_bytes += len;
        self.charged += self.limits.charge(len);
    }

    /// An event that was [taken](Entries::take) was found on disk: it is up for delivery, behind those before it.
    pub(in crate::operator::wal) fn recover(&mut self, slot: u32) {
        self.counts.recovered += 1;
        self.count_kept(slot);
        self.fresh.push(&mut self.slots, slot);
    }

    /// An event that was [taken](Entries::take) is not kept: its slot is free.
    pub(in crate::operator::wal) fn give_back(&mut self, slot: u32) {
        self.slots[slot as usize].next = self.free;
        self.free = slot;
    }

    /// The body in a slot.
    #[inline]
    pub(in crate::operator::wal) fn body(&self, slot: u32) -> &B {
        &self.slots[slot as usize].body
    }

    /// The body in a slot.
    #[inline]
    pub(in crate::operator::wal) fn body_mut(&mut self, slot: u32) -> &mut B {
        &mut self.slots[slot as usize].body
    }
}
