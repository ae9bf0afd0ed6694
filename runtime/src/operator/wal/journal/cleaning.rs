//! How segments end: one in which nothing is live is removed; and when there is hardly any room, one that is dead for the most
//! part is cleaned: its live events are written into the head too, and when these copies are safe, they are the ones that
//! count. So one stuck event pins no segment.

use super::exchange::Flight;
use super::places::MOVED;
use super::{Journal, MOST_PLANNED, Memory, Record};
use crate::mutants::mutant;

/// A segment is cleaned if so much of one, at least, is won by it.
const LEAST_WON: u64 = 8;

/// Segments that are removed in one exchange, at most.
pub(super) const MOST_REMOVED: usize = 64;

impl Journal {
    /// Whether a segment is being cleaned.
    #[cfg(test)]
    pub(in super::super) fn is_cleaning(&self) -> bool {
        self.victim != 0
    }

    /// Whether all live events of the segment that is cleaned are copied, or about to be.
    pub(super) fn is_cleaned(&self) -> bool {
        self.segments.get(self.victim).is_some_and(|segment| self.places.is_empty(segment.live))
    }

    /// If all copies are safe, they count from now on.
    pub(super) fn end_cleaning(&mut self) {
        let is_dirty = self.segments.get(self.head).is_some_and(|head| head.is_dirty);
        let is_unsafe = (self.plan.has_moves || is_dirty) && !mutant!("segment_removed_too_early");
        if !self.is_cleaned() || is_unsafe || self.is_rewriting() {
            return;
        }
        self.victim = 0;
        while let Some(slot) = self.places.pop(MOVED) {
            self.settle(slot);
        }
    }

    /// Plans the next part of the copies, if there is hardly any room.
    pub(super) fn clean(&mut self, memory: &impl Memory) {
        if self.is_rewriting() || self.is_closing {
            return;
        }
        if self.victim == 0 {
            let is_tight = self.segments.total() + self.segment_bytes + self.reserve() > self.max_bytes;
            if !is_tight || !self.leaving.is_empty() {
                return;
            }
            self.choose();
        }
        let Some(live) = self.segments.get(self.victim).map(|segment| segment.live) else { return };
        while let Some(slot) = self.places.first(live) {
            let place = *self.places.get(slot);
            let planned = self.plan.bytes.len();
            let is_full = planned > 0 && planned as u64 + place.charge > MOST_PLANNED as u64;
            if self.plan.segment != 0 && (is_full || !self.fits_into(self.plan.segment, place.charge)) {
                break;
            }
            self.write(&Record { seq: place.seq, ..memory.record(slot) });
            self.plan.has_moves = true;
            self.places.unlink(slot);
            self.places.push(MOVED, slot);
            self.copied(slot);
        }
    }

    /// Chooses the segment of which most is dead, an eighth of one at least, and whose live events find room.
    fn choose(&mut self) {
        let total = self.segments.total();
        // Below a lowered limit there is no room anyway, and there will be if it is cleaned.
        let is_over = total > self.max_bytes;
        let won = |(number, segment): (u64, &super::Segment)| {
            let live = self.places.charge(segment.live);
            let won = segment.charge().saturating_sub(live);
            let is_open = number == self.head || number == self.plan.segment || segment.is_leaving;
            let fits = is_over || total + live + self.header_bytes() <= self.max_bytes;
            let is_worth_it = won >= self.segment_bytes / LEAST_WON;
            (!is_open && segment.copies == 0 && fits && is_worth_it).then_some((won, number))
        };
        let Some((_, number)) = self.segments.iter().filter_map(won).max() else { return };
        if self.is_cleanable(number) {
            self.victim = number;
        } else if self.head == 0 && self.plan.segment == 0 {
            // The newest segment of an earlier run, all dead: it can leave when there is a newer one.
            self.plan.segment = self.begin_segment();
        }
    }

    /// Where several segments of earlier runs are not known to be safe, one that is lets those leave that are dead.
    pub(super) fn renew(&mut self) {
        if self.head != 0 || self.plan.segment != 0 || self.is_rewriting() {
            return;
        }
        let newest = self.segments.newest_safe(|_, _| true);
        let is_unknown = |(number, segment): &(u64, &super::Segment)| {
            *number > newest && segment.has_file && !segment.is_leaving
        };
        if self.segments.iter().filter(is_unknown).count() > 1 {
            self.plan.segment = self.begin_segment();
        }
    }

    fn is_cleanable(&self, number: u64) -> bool {
        self.segments.get(number).is_some_and(|segment| !self.places.is_empty(segment.live))
    }

    pub(super) fn leave(&mut self, number: u64) {
        if self.segments.change(number, |segment| segment.is_leaving = true).is_some() {
            self.leaving.push_back(number);
        }
    }

    /// Removes what holds nothing live. The newest segment stays: its header tells what no other may tell any more.
    pub(super) fn ask_removals(&mut self, flight: &mut Flight) {
        if self.is_rewriting() {
            return;
        }
        let newest = self.segments.newest_safe(|_, _| true);
        self.dead_before(newest).into_iter().for_each(|number| self.leave(number));
        if !self.leaving.is_empty() {
            let numbers: Vec<u64> = self.leaving.iter().copied().take(MOST_REMOVED).collect();
            self.ask_removal(flight, &numbers);
        }
    }

    /// The segments before the `newest` that hold nothing live, and are not about to.
    pub(super) fn dead_before(&self, newest: u64) -> Vec<u64> {
        let is_dead = |(number, segment): &(u64, &super::Segment)| {
            let is_used = *number == self.victim || segment.copies > 0 || *number == self.plan.segment;
            let is_old = *number < newest || mutant!("newest_segment_removed");
            is_old && !segment.is_leaving && !is_used && self.places.is_empty(segment.live)
        };
        self.segments.iter().filter(is_dead).map(|(number, _)| number).collect()
    }
}
