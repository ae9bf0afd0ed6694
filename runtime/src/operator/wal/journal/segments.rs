//! The segments of a log and what their files may take of the disk. What is in them is told by `places.rs`; when they are
//! begun, cleaned and removed, by the files beside this one.

use super::content::ACK;
use super::places::ListId;
use super::ranges::Ranges;

/// One segment: two files.
#[derive(Debug)]
pub(super) struct Segment {
    /// Bytes of records, written or about to be.
    pub(super) data: u64,
    /// Of these, the header.
    pub(super) header: u64,
    /// Of these, the ones that the system has taken.
    pub(super) taken: u64,
    /// Bytes of acknowledgements that are in their file, or may be.
    pub(super) acks: u64,
    /// Records whose acknowledgement is not in their file yet.
    pub(super) owed: u64,
    /// The events that it answers for.
    pub(super) live: ListId,
    /// Events that another segment still answers for, and that are copied here.
    pub(super) copies: u64,
    /// Its file of records is there.
    pub(super) has_file: bool,
    /// Its header survives a power failure.
    pub(super) is_safe: bool,
    /// It is of an earlier run: it may be all that tells how far the sources are, safe or not.
    pub(super) is_found: bool,
    /// Something of its records may not survive one.
    pub(super) is_dirty: bool,
    pub(super) acks_have_file: bool,
    pub(super) acks_are_dirty: bool,
    /// The name of the file of acknowledgements may not survive one.
    pub(super) acks_are_new: bool,
    /// Something in it was broken: it is kept aside when nothing in it is live.
    pub(super) is_broken: bool,
    /// It is to be removed.
    pub(super) is_leaving: bool,
    /// Acknowledged, and not in its file yet.
    pub(super) pending: Ranges,
    /// Of these, the ones that are being written.
    pub(super) sending: Ranges,
    /// In its file, and not made safe by a sync yet.
    pub(super) unsynced: Ranges,
    /// In its file, and a sync of them has failed: no later one makes them safe there, so they are written once more.
    pub(super) again: Ranges,
    /// The last attempt to write acknowledgements failed.
    pub(super) acks_failed: bool,
    /// The file of acknowledgements may end within a frame: what is appended begins with a gap.
    pub(super) acks_need_gap: bool,
}

impl Segment {
    pub(super) fn new(live: ListId, header: u64) -> Segment {
        Segment {
            data: header,
            header,
            taken: 0,
            acks: 0,
            owed: 0,
            live,
            copies: 0,
            has_file: false,
            is_safe: false,
            is_found: false,
            is_dirty: false,
            acks_have_file: false,
            acks_are_dirty: false,
            acks_are_new: true,
            is_broken: false,
            is_leaving: false,
            pending: Ranges::default(),
            sending: Ranges::default(),
            unsynced: Ranges::default(),
            again: Ranges::default(),
            acks_failed: false,
            acks_need_gap: false,
        }
    }

    /// What it takes of the disk at most, whatever is acknowledged.
    #[inline]
    pub(super) fn charge(&self) -> u64 {
        self.data + self.acks + ACK * self.owed
    }

    /// What was being written of acknowledgements is in its file.
    pub(super) fn acks_are_written(&mut self) {
        self.owed = self.owed.saturating_sub(self.sending.count());
        self.unsynced.extend(&self.sending);
        self.unsynced.extend(&self.again);
        self.unsynced.tidy();
        self.sending.clear();
        self.again.clear();
        self.acks_are_dirty = true;
        self.acks_have_file = true;
        self.acks_failed = false;
        self.acks_need_gap = false;
    }

    /// What is in its file of acknowledgements is safe.
    pub(super) fn acks_are_synced(&mut self) {
        self.acks_are_dirty = false;
        self.unsynced.clear();
    }

    /// Whether a power failure could take some of what is in its file of acknowledgements, or about to be: bytes, or its name,
    /// where the sync of the directory behind theirs has failed.
    pub(super) fn acks_are_unsafe(&self) -> bool {
        self.acks_are_dirty || !self.sending.is_empty() || (self.acks_have_file && self.acks_are_new)
    }

    /// Whether there are acknowledgements that are yet to be written.
    pub(super) fn owes_acks(&self) -> bool {
        (!self.pending.is_empty() || !self.again.is_empty()) && !self.is_leaving
    }
}

/// All segments by number, and what they take together.
#[derive(Debug, Default)]
pub(super) struct Segments {
    /// In order. Nearly all that happens to an event happens to the last one.
    list: Vec<(u64, Segment)>,
    total: u64,
}

impl Segments {
    /// What all files together take of the disk at most.
    #[inline]
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Where a segment is, or would be.
    #[inline]
    fn find(&self, number: u64) -> Result<usize, usize> {
        match self.list.last() {
            Some((last, _)) if *last == number => Ok(self.list.len() - 1),
            _ => self.list.binary_search_by_key(&number, |(number, _)| *number),
        }
    }

    #[inline]
    pub(super) fn get(&self, number: u64) -> Option<&Segment> {
        self.find(number).ok().map(|at| &self.list[at].1)
    }

    /// Changes one, if it is there.
    #[inline]
    pub(super) fn change<R>(&mut self, number: u64, change: impl FnOnce(&mut Segment) -> R) -> Option<R> {
        let at = self.find(number).ok()?;
        let segment = &mut self.list[at].1;
        let before = segment.charge();
        let result = change(segment);
        self.total = self.total - before + segment.charge();
        Some(result)
    }

    pub(super) fn insert(&mut self, number: u64, segment: Segment) {
        self.total += segment.charge();
        match self.find(number) {
            Ok(at) => {
                let (_, before) = std::mem::replace(&mut self.list[at], (number, segment));
                self.total -= before.charge();
            }
            Err(at) => self.list.insert(at, (number, segment)),
        }
    }

    pub(super) fn remove(&mut self, number: u64) -> Option<Segment> {
        let (_, segment) = self.list.remove(self.find(number).ok()?);
        self.total -= segment.charge();
        Some(segment)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, &Segment)> {
        self.list.iter().map(|(number, segment)| (*number, segment))
    }

    pub(super) fn numbers(&self) -> Vec<u64> {
        self.list.iter().map(|(number, _)| *number).collect()
    }

    /// The newest of these whose header survives a power failure: the ones before it are not needed for what headers tell.
    pub(super) fn newest_safe(&self, of: impl Fn(u64, &Segment) -> bool) -> u64 {
        self.iter()
            .rev()
            .find(|(number, segment)| segment.is_safe && !segment.is_leaving && of(*number, segment))
            .map_or(0, |(number, _)| number)
    }
}
