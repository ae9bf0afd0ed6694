//! What the journal does when a request fails: it waits, lists its files, and writes anew what it does not trust any more.
//!
//! A segment of which an append or a sync failed is not trusted: nobody knows what of it is on the disk. All its live events,
//! and those that wait, go into new segments, before anything else; when all of them are safe, the old segment is removed; and
//! only then do the new ones answer for the events. So as long as the old one is there, nothing is promised that only the
//! others hold. If that fails too, the attempt is removed, and made once more. There is never more than one segment in doubt, and
//! so much is kept free for it beside what takes events (`Journal::reserve`): the files never take more than `max_bytes`, while
//! something is written anew either, unless they did already when the log was opened.

use super::cleaning::MOST_REMOVED;
use super::exchange::Sent;
use super::marks::Marks;
use super::places::{MOVED, REWRITTEN, WAITING};
use super::recovery::LogFile;
use super::{Flight, Journal, MOST_PLANNED, Memory, Phase, Record};
use crate::core::{FileDone, FileError, FileName, FileReply, Time};
use crate::mutants::mutant;

/// The first wait (milliseconds); it doubles with each failure.
const FIRST_WAIT_MS: u64 = 100;
/// The longest one (milliseconds).
const LONGEST_WAIT_MS: u64 = 10_000;

/// What is wrong now.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    text: Option<String>,
    failures: u32,
    /// What was tried last was to make space.
    made_space: bool,
    /// Everything of the distrusted segments, and what waits, is being written anew.
    rewriting: Option<Rewriting>,
}

#[derive(Debug, Default)]
struct Rewriting {
    /// The segments that it goes to.
    attempts: Vec<u64>,
    marks: Marks,
    /// All of it is safe there.
    is_whole: bool,
}

impl Trouble {
    pub(super) fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// All is well.
    pub(super) fn clear(&mut self) {
        self.text = None;
        self.failures = 0;
        self.made_space = false;
    }
}

impl Journal {
    pub(super) fn is_rewriting(&self) -> bool {
        self.trouble.rewriting.is_some()
    }

    /// Something failed: it is tried again later.
    pub(super) fn fail(&mut self, error: &FileError, now: Time) {
        let wait = FIRST_WAIT_MS << self.trouble.failures.min(10);
        self.trouble.failures += 1;
        let text = error.to_string();
        self.log.trouble(&self.storage.directory, &text, self.trouble.failures);
        self.trouble.text = Some(text);
        self.phase = Phase::Waiting { until: now.plus_ms(wait.min(LONGEST_WAIT_MS)) };
    }

    /// An exchange went well. While something is written anew that is not the end of the trouble: the next part of it may fail
    /// as the last one did.
    pub(super) fn went_well(&mut self) {
        if self.is_rewriting() {
            self.trouble.made_space = false;
        } else {
            self.trouble.clear();
        }
    }

    /// Behind trouble, the records of segments in which nothing is live are removed before anything else is written: they may
    /// be what the disk is full of. Their acknowledgements stay until all is well, since other segments may hold the same
    /// events. Where that fails, the next attempt goes without. Whether there is anything to remove.
    pub(super) fn make_space(&mut self, flight: &mut Flight) -> bool {
        if self.trouble.text.is_none() || std::mem::take(&mut self.trouble.made_space) {
            return false;
        }
        let attempts = self.trouble.rewriting.as_ref().map_or(&[][..], |rewriting| &rewriting.attempts);
        let is_doubtful = |number: &u64| {
            self.failed.contains(number) || self.doubtful.contains(number) || attempts.contains(number)
        };
        let newest = self.segments.newest_safe(|number, segment| segment.has_file && !is_doubtful(&number));
        let mut dead = self.dead_before(newest);
        dead.retain(|number| !is_doubtful(number));
        dead.into_iter().for_each(|number| self.leave(number));
        let has_file = |number: &u64| self.segments.get(*number).is_some_and(|segment| segment.has_file);
        let numbers: Vec<u64> = self.leaving.iter().copied().filter(has_file).take(MOST_REMOVED).collect();
        if numbers.is_empty() {
            return false;
        }
        self.trouble.made_space = true;
        self.ask_removal_of_records(flight, &numbers);
        true
    }

    /// What was not written of acknowledgements is written with the next batch.
    pub(super) fn acks_failed(&mut self) {
        for number in self.segments.numbers() {
            self.segments.change(number, |segment| {
                if !segment.sending.is_empty() || !segment.again.is_empty() {
                    let sending = std::mem::take(&mut segment.sending);
                    segment.pending.extend(&sending);
                    segment.acks_failed = true;
                    segment.acks_need_gap = true;
                }
            });
        }
    }

    /// A sync of acknowledgements failed: those that it was to make safe are written once more, behind what is there.
    pub(super) fn acks_not_synced(&mut self, number: u64) {
        self.segments.change(number, |segment| {
            segment.again.extend(&std::mem::take(&mut segment.unsynced));
            segment.again.tidy();
            segment.acks_failed = true;
        });
    }

    /// A segment is not trusted any more: what it answers for is written anew, and what waits.
    pub(super) fn distrust(&mut self, number: u64) {
        if number == self.victim {
            self.stop_cleaning();
        }
        self.drop_plan(number);
        self.forget_copies(number);
        let attempts = self.trouble.rewriting.take().map(|rewriting| rewriting.attempts).unwrap_or_default();
        self.undo_rewriting();
        let answers = self.segments.get(number).is_some_and(|segment| {
            segment.is_safe || segment.is_found || !self.places.is_empty(segment.live) || segment.copies > 0
        });
        if !attempts.contains(&number) {
            if answers {
                self.failed.insert(number);
            } else {
                // Nothing was ever safe in it.
                self.discard(number);
            }
        }
        attempts.into_iter().for_each(|attempt| self.discard(attempt));
        self.head = 0;
        self.trouble.rewriting = Some(Rewriting::default());
    }

    fn discard(&mut self, number: u64) {
        self.failed.remove(&number);
        if self.segments.change(number, |segment| segment.is_leaving = true).is_some() {
            self.discarded.push_back(number);
        }
    }

    /// Forgets what was about to be appended: it waits, or is copied again.
    fn drop_plan(&mut self, distrusted: u64) {
        let planned = std::mem::take(&mut self.plan.segment);
        self.plan.bytes.clear();
        self.plan.marks.clear();
        self.plan.has_moves = false;
        if planned != 0 && planned != distrusted {
            self.forget_copies(planned);
            // A plan is for the segment of the last exchange, or for one that is not begun yet.
            if self.segments.get(planned).is_some_and(|segment| !segment.has_file) {
                self.discard(planned);
            }
        }
    }

    /// Copies in this segment do not count: the events are still to be copied out of the one that is cleaned.
    fn forget_copies(&mut self, number: u64) {
        let victim = self.segments.get(self.victim).map(|segment| segment.live);
        let mut count = 0;
        self.places.put_back(MOVED, |place| {
            if place.copy != number {
                return None;
            }
            place.copy = 0;
            count += 1;
            victim
        });
        self.segments.change(number, |segment| segment.copies -= count);
    }

    fn undo_rewriting(&mut self) {
        let segments = &mut self.segments;
        self.places.put_back(REWRITTEN, |place| {
            segments.change(place.copy, |copy| copy.copies -= 1);
            place.copy = 0;
            if place.home == 0 { Some(WAITING) } else { segments.get(place.home).map(|home| home.live) }
        });
    }

    /// Plans the next part of what is to be written anew.
    pub(super) fn rewrite(&mut self, memory: &impl Memory) {
        if self.trouble.rewriting.is_none() {
            return;
        }
        while let Some(slot) = self.next_to_rewrite() {
            let place = *self.places.get(slot);
            let planned = self.plan.bytes.len();
            let is_full = planned > 0 && planned as u64 + place.charge > MOST_PLANNED as u64;
            if self.plan.segment != 0 && (is_full || !self.fits_into(self.plan.segment, place.charge)) {
                break;
            }
            let record = Record { seq: place.seq, ..memory.record(slot) };
            if let Some(origin) = record.origin.filter(|_| place.home == 0) {
                self.plan.marks.note(origin);
            }
            self.write(&record);
            self.places.unlink(slot);
            self.places.push(REWRITTEN, slot);
            self.copied(slot);
        }
        if self.plan.segment == 0 && self.head == 0 {
            // Nothing is left of what was there, but its header told how far the sources are.
            self.plan.segment = self.begin_segment();
        }
        let (planned, rewriting) = (self.plan.segment, &mut self.trouble.rewriting);
        if let Some(rewriting) = rewriting.as_mut().filter(|_| planned != 0)
            && !rewriting.attempts.contains(&planned)
        {
            rewriting.attempts.push(planned);
        }
    }

    /// An event was written into the planned segment, beside its home.
    pub(super) fn copied(&mut self, slot: u32) {
        let copy = self.plan.segment;
        self.places.get_mut(slot).copy = copy;
        self.segments.change(copy, |segment| segment.copies += 1);
    }

    fn next_to_rewrite(&self) -> Option<u32> {
        let of = |number: &u64| self.places.first(self.segments.get(*number)?.live);
        let waiting = if mutant!("waiting_not_rewritten") { None } else { self.places.first(WAITING) };
        self.failed.iter().find_map(of).or(waiting)
    }

    /// A part of what is written anew is safe.
    pub(super) fn rewritten(&mut self, marks: &mut Marks) {
        let is_whole = self.next_to_rewrite().is_none() && self.plan.segment == 0;
        let Some(rewriting) = &mut self.trouble.rewriting else { return };
        rewriting.marks.take(marks);
        rewriting.is_whole = is_whole;
        if is_whole && self.failed.is_empty() {
            self.end_rewriting();
        }
    }

    /// Whether all was written anew, and what it was written from is to be removed.
    pub(super) fn is_rewritten(&self) -> bool {
        self.trouble.rewriting.as_ref().is_some_and(|rewriting| rewriting.is_whole)
    }

    /// What all was written from is gone: the new segments answer for it.
    pub(super) fn end_rewriting(&mut self) {
        let Some(mut rewriting) = self.trouble.rewriting.take() else { return };
        self.marks.take(&mut rewriting.marks);
        while let Some(slot) = self.places.pop(REWRITTEN) {
            self.safe += u64::from(self.places.get(slot).home == 0);
            self.settle(slot);
        }
    }

    /// The segment of an event's copy answers for it from now on.
    pub(super) fn settle(&mut self, slot: u32) {
        let place = self.places.get_mut(slot);
        place.home = std::mem::take(&mut place.copy);
        let home = place.home;
        let live = self.segments.change(home, |segment| {
            segment.copies -= 1;
            segment.live
        });
        self.places.push(live.expect("a segment that holds a copy is not removed"), slot);
    }

    /// The files were listed after trouble: segments that are not there any more, or shorter than they were, are written anew.
    pub(super) fn reopened(&mut self, flight: &Flight, mut replies: Vec<FileReply>, now: Time) {
        debug_assert_eq!(flight.sent, [Sent::Open], "nothing else is asked then");
        let files = match replies.pop() {
            Some(Ok(FileDone::Opened(files))) => files,
            Some(Err(error)) => return self.fail(&error, now),
            _ => Vec::new(),
        };
        self.measure_aside(&files);
        let length = |file: LogFile| {
            files.iter().find(|(name, _): &&(FileName, u64)| **name == *file.name()).map(|(_, len)| *len)
        };
        let mut lost = Vec::new();
        for number in self.segments.numbers() {
            let (records, acks) = (length(LogFile::Records(number)), length(LogFile::Acks(number)));
            let planned = self.plan.segment == number;
            self.segments.change(number, |segment| {
                let is_lost = segment.has_file && records.is_none_or(|len| len < segment.taken);
                segment.has_file = records.is_some();
                if !planned {
                    segment.data = records.unwrap_or(0);
                }
                segment.acks_have_file = acks.is_some();
                segment.acks_are_new |= acks.is_none();
                segment.acks_are_dirty &= acks.is_some();
                segment.acks = acks.unwrap_or(0);
                if is_lost && !segment.is_leaving {
                    lost.push(number);
                }
            });
        }
        self.lost(&lost);
        self.phase = Phase::Running;
    }

    /// The files of these segments have vanished.
    fn lost(&mut self, lost: &[u64]) {
        let attempts =
            self.trouble.rewriting.as_ref().map_or(&[][..], |rewriting| &rewriting.attempts).to_vec();
        for &number in lost {
            let is_leaving = self.segments.get(number).is_none_or(|segment| segment.is_leaving);
            if is_leaving || self.failed.contains(&number) {
                continue;
            }
            if number == self.head || attempts.contains(&number) {
                self.distrust(number);
            } else {
                self.doubtful.insert(number);
            }
        }
    }

    /// Begins to write a doubtful segment anew, one at a time, and when the head is safe: two are never in doubt.
    pub(super) fn doubt(&mut self) {
        let is_dirty = self.segments.get(self.head).is_some_and(|head| head.is_dirty);
        if is_dirty || self.is_rewriting() {
            return;
        }
        while let Some(number) = self.doubtful.pop_first() {
            if self.segments.get(number).is_some_and(|segment| !segment.is_leaving) {
                self.distrust(number);
                return;
            }
        }
    }

    /// All that is being cleaned out of a segment is in that one only, as it was before.
    fn stop_cleaning(&mut self) {
        let victim = self.segments.get(self.victim).map(|segment| segment.live);
        let segments = &mut self.segments;
        self.places.put_back(MOVED, |place| {
            segments.change(place.copy, |copy| copy.copies -= 1);
            place.copy = 0;
            victim
        });
        self.victim = 0;
    }
}
