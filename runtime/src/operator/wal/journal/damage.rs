//! What is broken in files of records, and how many events were lost with it: as much as the records around it, the
//! acknowledgements and the headers tell, and never less than were lost. What is done about it is not here.
//!
//! Three things bound what a broken part held. Its *bytes*: lengths of frames that lead exactly to its end tell how many there
//! were; else no record is shorter than [`LEAST_RECORD`]. The *acknowledgements* of its own segment: what they name and the file
//! does not show was there, and was delivered. And the *zeros* that a power failure leaves where bytes had not arrived, a block
//! of the disk or more: nothing in front of the last sync can be missing so, and what is behind it was acknowledged to nobody.
//! In a segment of which a later header says that it was safe, all was synced: there, zeros count as any damage.
//!
//! Sequence numbers that are found nowhere between the records around it tell which events they were. They do not bound how many:
//! a part may have held copies of older events, whose first place is gone.

use std::collections::{BTreeMap, BTreeSet};

use super::content::{LEAST_HEADER, LEAST_RECORD};
use super::frame::{FRAME_HEAD, Stretch};
use super::ranges::Ranges;
use super::recovery::SegmentFound;

/// The smallest block that a disk writes as one (bytes); others are multiples of it.
const BLOCK: usize = 512;

/// A part of a file of records that is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Where it begins.
    pub at: u64,
    /// How many bytes.
    pub len: u64,
    /// Events that were lost with it, at most.
    pub events: u64,
    /// If some were: which sequence numbers there are nowhere of those that it can have held, as a first one and how many
    /// follow it, itself included. An event that was copied there from elsewhere is not among them.
    pub missing: Vec<(u64, u64)>,
    /// It has zeros as a power failure leaves them where bytes had not arrived, and nothing says that they had ever been safe.
    pub never_arrived: bool,
    /// Records that it can have held.
    records: u64,
    /// The highest sequence number in front of it in the file, or 0.
    before: u64,
    /// The first one behind it that is higher.
    behind: Option<u64>,
}

impl Damage {
    /// The missing sequence numbers for people: `7, 9-12`.
    pub(crate) fn missing_in_words(&self) -> String {
        const MOST: usize = 8;
        let words = |&(first, count): &(u64, u64)| match count {
            1 => first.to_string(),
            _ => format!("{first}-{}", first + (count - 1)),
        };
        let mut all: Vec<String> = self.missing.iter().take(MOST).map(words).collect();
        if self.missing.len() > MOST {
            all.push("…".to_owned());
        }
        if all.is_empty() { "not known".to_owned() } else { all.join(", ") }
    }
}

/// What was broken in the files of a log when they were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Broken {
    /// In so many places.
    pub(in super::super) parts: u64,
    pub(in super::super) bytes: u64,
    /// So many events were lost with it, at most.
    pub(in super::super) events: u64,
}

impl Broken {
    pub(super) fn add(&mut self, found: &SegmentFound) {
        self.parts += found.broken_parts();
        self.bytes += found.broken_bytes();
        self.events += found.broken_events();
    }
}

/// What one file of records shows, from its begin to its end.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Of intact records.
    seqs: Ranges,
    highest: u64,
    /// So many of the damages have something behind them.
    closed: usize,
}

impl Survey {
    /// An intact record comes.
    #[inline]
    pub(super) fn record(&mut self, seq: u64, damages: &mut [Damage]) {
        self.seqs.push(seq);
        if seq > self.highest {
            damages[self.closed..].iter_mut().for_each(|damage| damage.behind = Some(seq));
            self.closed = damages.len();
            self.highest = seq;
        }
    }

    /// A broken part comes.
    pub(super) fn broken(&self, stretch: Stretch, bytes: &[u8], damages: &mut Vec<Damage>) {
        let (mut stretch, mut records) = (stretch, records_at_most(stretch, bytes));
        // Right behind another one it is part of it.
        if let Some(last) = damages.pop_if(|last| last.at + last.len == stretch.at) {
            stretch = Stretch { at: last.at, len: last.len + stretch.len };
            records += last.records;
        }
        damages.push(Damage {
            at: stretch.at,
            len: stretch.len,
            events: 0,
            missing: Vec::new(),
            never_arrived: has_hole(stretch, bytes),
            records,
            before: self.highest,
            behind: None,
        });
    }
}

/// What is known when all files were read.
pub(super) struct Known {
    /// Every sequence number that an intact record or acknowledgement names.
    seqs: Ranges,
    /// Segments of which a later header says that they were safe.
    safe: BTreeSet<u64>,
}

impl Known {
    pub(super) fn new(acked: &Ranges, surveys: &BTreeMap<u64, Survey>, safe: BTreeSet<u64>) -> Known {
        let mut seqs = acked.clone();
        surveys.values().for_each(|survey| seqs.extend(&survey.seqs));
        seqs.tidy();
        Known { seqs, safe }
    }

    /// Finds out what was lost in a segment; `own` are the acknowledgements in its file, and that of records is torn at its end
    /// or not.
    pub(super) fn judge(
        &self,
        number: u64,
        damages: &mut [Damage],
        survey: &mut Survey,
        own: &Ranges,
        is_torn: bool,
    ) {
        survey.seqs.tidy();
        let mut last_before = None;
        for damage in damages {
            damage.never_arrived &= !self.safe.contains(&number);
            if damage.never_arrived {
                continue;
            }
            let (from, to) = (damage.before + 1, damage.behind.unwrap_or(u64::MAX));
            // Two parts without a higher record between them have the same acknowledgements, which count once; and what is torn
            // may have held some of the last ones.
            let is_told = last_before != Some(damage.before) && !(is_torn && damage.behind.is_none());
            last_before = Some(damage.before);
            let delivered = own.count_in(from, to).saturating_sub(survey.seqs.count_in(from, to));
            damage.events = damage.records.saturating_sub(if is_told { delivered } else { 0 });
            if damage.events > 0 {
                let to = damage.behind.unwrap_or(from.saturating_add(damage.records));
                damage.missing = self.seqs.gaps(from.max(to.saturating_sub(damage.records)), to);
            }
        }
    }
}

/// How many records a broken part can have held.
fn records_at_most(stretch: Stretch, bytes: &[u8]) -> u64 {
    // A file of records begins with a header.
    let headers = u64::from(stretch.at == 0);
    let part = stretch.of(bytes);
    if let Some(frames) = frames(part).or_else(|| is_one_frame(part).then_some(1)) {
        return frames - headers;
    }
    stretch.len.saturating_sub(headers * LEAST_HEADER) / LEAST_RECORD
}

/// How many frames there are, if their lengths lead exactly to the end.
fn frames(mut rest: &[u8]) -> Option<u64> {
    let mut frames = 0;
    while let Some((len, behind)) = rest.split_first_chunk::<4>() {
        let len = u32::from_le_bytes(*len) as usize;
        if len + FRAME_HEAD < LEAST_RECORD as usize {
            return None;
        }
        rest = behind.get(FRAME_HEAD - 4 + len..)?;
        frames += 1;
    }
    rest.is_empty().then_some(frames)
}

/// Whether this is one frame, of which only the length is wrong.
fn is_one_frame(part: &[u8]) -> bool {
    let Some((head, body)) = part.split_first_chunk::<FRAME_HEAD>() else { return false };
    let Ok(len) = u32::try_from(body.len()) else { return false };
    crc32c::crc32c_append(crc32c::crc32c(&len.to_le_bytes()), body).to_le_bytes() == head[4..]
}

/// Whether a block, or what of one belongs to this part, is nothing but zeros up to its end: of a write that was interrupted it
/// has not arrived. What is before the part had been written before it, or is intact.
fn has_hole(stretch: Stretch, bytes: &[u8]) -> bool {
    let (mut from, end) = (stretch.at as usize, (stretch.at + stretch.len) as usize);
    while from < end {
        let to = (from / BLOCK + 1) * BLOCK;
        if (to <= end || end == bytes.len()) && bytes[from..to.min(end)].iter().all(|byte| *byte == 0) {
            return true;
        }
        from = to;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operator::wal::journal::content::Record;

    fn records(count: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        for seq in 1..=count {
            Record { seq, ingest_ns: 7, origin: None, payload: b"{\"an\":\"event\"}" }.write(&mut bytes);
        }
        bytes
    }

    /// How many records bytes can have held that stand behind a header.
    #[track_caller]
    fn check(part: &[u8], expected: u64) {
        let bytes = [&[1; 100][..], part].concat();
        assert_eq!(records_at_most(Stretch { at: 100, len: part.len() as u64 }, &bytes), expected);
    }

    #[test]
    fn lengths_that_lead_to_the_end_tell_how_many_there_were_else_bytes_bound_it() {
        for count in 1..5 {
            let mut bytes = records(count);
            check(&bytes, count);
            bytes[20] ^= 1;
            check(&bytes, count);
        }
        for at in 0..FRAME_HEAD + 1 {
            let mut bytes = records(1);
            bytes[at] ^= 0x41;
            check(&bytes, 1);
        }
        let mut bytes = records(3);
        bytes[0] ^= 0x41;
        check(&bytes, bytes.len() as u64 / LEAST_RECORD);
        assert!(bytes.len() as u64 / LEAST_RECORD >= 3);
        check(b"?", 0);
    }

    #[test]
    fn what_is_broken_at_the_begin_of_a_file_holds_a_header_first() {
        let bytes = records(3);
        assert_eq!(records_at_most(Stretch { at: 0, len: bytes.len() as u64 }, &bytes), 2);
        assert_eq!(records_at_most(Stretch { at: 0, len: 60 }, &[1; 60]), 0);
    }

    #[test]
    fn zeros_up_to_the_end_of_a_block_are_a_hole_and_others_are_not() {
        let check = |at: usize, len: usize, zeros: std::ops::Range<usize>, expected: bool| {
            let mut bytes = vec![1; 4 * BLOCK];
            bytes[zeros.clone()].fill(0);
            assert_eq!(
                has_hole(Stretch { at: at as u64, len: len as u64 }, &bytes),
                expected,
                "{at} {len} {zeros:?}"
            );
        };
        check(100, 1500, 512..1024, true);
        check(100, 1500, 100..512, true);
        check(100, 1500, 101..512, false);
        check(100, 1500, 512..1023, false);
        check(100, 1500, 300..700, false);
        check(100, 412, 100..512, true);
        check(100, 100, 100..200, false);
        check(1600, 448, 1600..2048, true);
    }
}
