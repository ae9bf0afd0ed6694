//! The journal: a log's events in files that survive crashes. It asks for what it wants done with them
//! ([`FileRequest`](crate::core::FileRequest)) and is told what became of it; it has no files itself. Which events go out,
//! and when, is not here: that is the log's bookkeeping. This page is the design.
//!
//! # What is on disk
//!
//! A directory for each instance of a log. Numbers are little-endian.
//!
//! | file | what |
//! |---|---|
//! | `lock` | locked by the process that has the log open; the world's |
//! | `0000000001.wal` | a *segment*: a header, and records in the order in which they were written |
//! | `0000000001.acks` | acknowledgements of records of that segment |
//! | `0000000001.broken` | a segment in which something was broken, kept aside when nothing in it was live any more |
//! | `unfit.jsonl` | events of an earlier build whose shape did not fit any more, a line each |
//!
//! All but the last is made of *frames*: `len: u32` of the body, `crc: u32`, body. The checksum is CRC-32C (Castagnoli) of the
//! four bytes of `len` and the body. A body begins with its kind:
//!
//! | kind | content |
//! |---|---|
//! | 1, header | version `u16` (1); segment `u64`; next sequence number `u64`; newest segment known to be safe `u64`, or 0; pipeline, operator, instance: each `u32` length and UTF-8; `u32` sources, for each `u32` source and `u64` the number of its last event that was safe; a point |
//! | 2, record | sequence number `u64`; `ingest_ns` `u64`; 0, or 1 and `u32` source, `u64` number there; the event's JSON text to the end |
//! | 3, acks | ranges: varint first sequence number, varint how many. Varints have seven bits a byte, the lowest first |
//!
//! Where acknowledgements are appended to a file that may end within a frame, four zeros come first.
//!
//! The payload is text that says what its fields are, so another build of the flow can read it. JSON text holds no control
//! characters and a frame does, so no payload can pretend to be one; and no body ends with a zero, so zeros at the end of a
//! file are known as bytes that never arrived. An intact frame that makes no sense is as good as broken: a number beyond
//! 2^63, a payload that is no text.
//!
//! # What is true of them
//!
//! - Sequence numbers count from 1 for ever, and none is given twice: the next one is above all that records,
//!   acknowledgements and headers name. So what is left of an acknowledgement can never mean another event.
//! - Records are only appended to a file by one run, until something fails. Each run and each failure begins a new segment,
//!   whose number is above all others that were seen: so a torn end is the end of a file. Acknowledgements are appended to
//!   the files of earlier runs, behind a gap: else the begin of a frame that was cut might be completed by the first bytes of
//!   the next, which would be lost by it (one frame of 256 that lack a byte).
//! - An event is *live* if some intact record has it, and no intact acknowledgement of any file. That is all that recovery
//!   asks ([`recover`]); lengths, counts and the order of files are computed, never trusted. Behind a broken frame every
//!   byte is tried as the begin of the next one. Missing and empty files are legal.
//! - A header of a newer version or of another pipeline, operator or instance is refused, and so are numbers beyond 2^62: nothing
//!   is changed then.
//! - The newest segment with a safe header stays, live or not: it may be the only one that knows how far the sources are
//!   and which number is next. A header tells of a source only what is safe without the header's own segment.
//!
//! # What is broken
//!
//! What is neither intact nor torn is skipped; the rest of the file counts. How many events that lost at most is told by
//! `damage.rs`: by the bytes, less what the segment's own acknowledgements name and the file does not show; and nothing where
//! a block of zeros may be bytes that had never arrived. A segment that a later header calls safe was synced to its end: there
//! that cannot be. So a header never names one of which a sync has failed.
//!
//! # What survives
//!
//! A killed process leaves what the system has taken: all requests that were carried out. A crash of the kernel, or a power
//! failure, leaves of bytes that were not synced any part, in any order, zeros between them; and of names that were made or
//! removed since the last sync of the directory any.
//!
//! | `sync` | handed on, and acknowledged upstream | killed process | kernel, power |
//! |---|---|---|---|
//! | `always` | behind a sync for each event | every such event | every such event |
//! | `batch` | behind one sync for all that came meanwhile | every such event | every such event |
//! | `interval` | when the system has taken it | every such event | those of the last `sync_interval` may be lost |
//!
//! Acknowledgements are written with the next exchange and synced once a second: what a crash takes of them makes events
//! go out once more, which at least once allows.
//!
//! # Exchanges
//!
//! Requests are made when those before are answered; so what comes meanwhile shares one sync. In an exchange come first the
//! records (a new segment's header first; then a sync of the file, and of the directory if the name is new), then what is kept
//! aside of unfit events, then acknowledgements, then removals. The first that fails ends it, so each part may trust those
//! before it. A segment is synced before the next begins: never more than one is in doubt.
//!
//! # Space
//!
//! A segment has an eighth of `max_bytes` (256 MiB at most). A record is charged its frame and 24 bytes for its
//! acknowledgement, which is what that takes at most, however alone it comes; so there is always space to acknowledge, and a
//! full log can be emptied. The charges of all segments, and a segment and two headers to spare, never exceed `max_bytes`.
//!
//! The spare segment is for writing anew. When less than a segment is free, the one with the most dead bytes (an eighth of
//! a segment at least) is *cleaned*: its live events are copied to the head, and when all copies are synced, the copies
//! count. Meanwhile an event is in two segments, and its acknowledgement goes to both: whichever is removed first takes no
//! acknowledgement with it that the other needs. The same holds for doubles that a crash left (they are found at recovery),
//! and for events that are acknowledged in another segment's file than their own: recovery writes these to their own too.
//!
//! A segment leaves in this order: all acknowledgements are synced; its records are removed (or renamed); the directory is
//! synced; its acknowledgements are removed. So no record comes back without its acknowledgement.
//!
//! # Failure
//!
//! When a request fails, the journal waits (100 ms, doubling to 10 s), opens the directory again and looks which files are
//! there. A segment of which an append or a sync failed (one of its acknowledgements too), or that is gone or shorter than it
//! was, is not trusted: a failed sync may have lost any of what was written since the one before, and the next one may say that
//! all is well. Its live events are written anew from memory, with all that wait, into new segments; when all is synced, the old
//! one is removed; and then the new ones answer for the events. An attempt that fails is removed before the next. Until all is
//! well there is no room.
//!
//! So are acknowledgements of which the sync failed: they are appended to their file once more, behind what may or may not be
//! there, and synced, before the records of their segment go. Else a power failure between the two would bring back events that
//! had been confirmed.
//!
//! Before anything is tried again, the records of segments leave in which nothing is live by now: what the disk is full of may be
//! the log's own, and to write anew, or to acknowledge, needs space. Their acknowledgements leave when all is well.
//!
//! A run may be killed between a failed sync and that, and the next one reads from the system's memory what is not on the disk;
//! its own syncs change nothing about that. So of an event that is found in several segments the oldest place counts, and that
//! one stays until the event is acknowledged, or copied once more: it was safe there before any copy was made. And of the segments
//! of earlier runs only such a one counts as one with a safe header of which a later header says so. What was found
//! nowhere else had not been acknowledged upstream, and can be lost still if the power fails before it is done.

mod checksum;
mod cleaning;
mod content;
mod damage;
mod exchange;
mod frame;
mod log;
mod marks;
mod opening;
mod places;
mod ranges;
mod recovery;
mod segments;
mod trouble;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub use content::{Identity, Record, SegmentHeader};
use damage::Broken;
pub use damage::Damage;
pub use frame::Stretch;
pub(crate) use recovery::can_count_on;
pub use recovery::{LogFile, Recovered, RecoveredRecord, Refusal, SegmentFound, recover, recover_parts};

use crate::core::{Origin, Storage, Syncs, Time};
use crate::mutants::mutant;
use content::{ACK, header_len, record_len};
use exchange::{Flight, Plan};
use log::Log;
use marks::Marks;
use opening::Opening;
use places::{Places, WAITING};
use segments::{Segment, Segments};
use trouble::Trouble;

/// When what was appended is made safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncMode {
    /// Each event by itself: it survives a killed process, a crash of the kernel and a power failure, once it is handed on.
    Always,
    /// All events that came while the last ones were made safe, together; the same promise.
    Batch,
    /// Events are handed on when the system has taken them, which survives a killed process; and all of them are made safe
    /// after so many milliseconds: what was written since may be lost when the kernel crashes or the power fails.
    Interval {
        /// Milliseconds.
        every_ms: u64,
    },
}

/// What waits in memory to be written (bytes), apart from what is being written: with more there is no room.
const MOST_PLANNED: usize = 2 * 1024 * 1024;

/// A segment has an eighth of all bytes, and no more than that: one is read at once.
const MOST_SEGMENT_BYTES: u64 = 256 * 1024 * 1024;

/// Files of one log, if nothing else is said (bytes).
pub(super) const DEFAULT_MAX_BYTES: u64 = 1024 * 1024 * 1024;

/// Acknowledgements are made safe after so many milliseconds.
const ACKS_SYNC_MS: u64 = 1000;

/// The events in memory, by slot.
pub(super) trait Memory {
    /// The event of a slot; its sequence number is not asked for.
    fn record(&self, slot: u32) -> Record<'_>;

    /// Takes an event that was found on disk; gives its slot.
    fn restore(&mut self, record: &Record<'_>) -> u32;

    /// What becomes of a slot that was restored, in the order of the events: it goes out with that number, or, being
    /// there twice, is free again.
    fn line_up(&mut self, slot: u32, seq: Option<u64>);
}

/// What the journal is doing.
#[derive(Debug)]
enum Phase {
    Opening(Box<Opening>),
    Running,
    /// Something failed; it tries again then.
    Waiting {
        until: Time,
    },
    /// It lists the files anew.
    Reopening,
    /// It can never go on.
    Failed(String),
    Closed,
}

/// A journal.
#[derive(Debug)]
pub(super) struct Journal {
    identity: Identity,
    mode: SyncMode,
    max_bytes: u64,
    segment_bytes: u64,
    storage: Storage,
    phase: Phase,
    flight: Option<Flight>,
    plan: Plan,
    segments: Segments,
    places: Places,
    /// The segment that records are appended to; 0 before the first one of this run.
    head: u64,
    /// The next segment's number.
    next_segment: u64,
    /// The next record's sequence number.
    next_seq: u64,
    /// What is safe.
    marks: Marks,
    /// The segment that is being cleaned, or 0.
    victim: u64,
    /// Segments to be removed, in order.
    leaving: VecDeque<u64>,
    /// Attempts to write something anew that failed: removed before the next one.
    discarded: VecDeque<u64>,
    /// Segments that are not trusted any more, and hold something.
    failed: BTreeSet<u64>,
    /// Segments that are to be written anew when the head is safe: their records are gone, or a sync of their acknowledgements
    /// failed.
    doubtful: BTreeSet<u64>,
    trouble: Trouble,
    /// Segments that hold an event beside its home, from a run before.
    also: BTreeMap<u64, Vec<u64>>,
    /// Waiting events that became safe, and were not told yet.
    safe: u64,
    syncs: Syncs,
    sync_due: Option<Time>,
    acks_sync_due: Option<Time>,
    /// Files that were kept aside take so many bytes.
    aside_bytes: u64,
    /// What was broken in the files when they were read.
    broken: Broken,
    /// What is to be kept aside of unfit events, as lines.
    unfit: Vec<u8>,
    unfit_bytes: u64,
    unfit_is_new: bool,
    spare: Vec<Vec<u8>>,
    is_closing: bool,
    log: Log,
}

impl Journal {
    pub(super) fn new(
        directory: String,
        identity: Identity,
        mode: SyncMode,
        max_bytes: Option<u64>,
    ) -> Journal {
        let max_bytes = max_bytes.unwrap_or(DEFAULT_MAX_BYTES);
        Journal {
            log: Log::new(&identity),
            identity,
            mode,
            max_bytes,
            segment_bytes: (max_bytes / 8).min(MOST_SEGMENT_BYTES),
            storage: Storage::new(directory),
            phase: Phase::Opening(Box::default()),
            flight: None,
            plan: Plan::default(),
            segments: Segments::default(),
            places: Places::new(),
            head: 0,
            next_segment: 1,
            next_seq: 1,
            marks: Marks::default(),
            victim: 0,
            leaving: VecDeque::new(),
            discarded: VecDeque::new(),
            failed: BTreeSet::new(),
            doubtful: BTreeSet::new(),
            trouble: Trouble::default(),
            also: BTreeMap::new(),
            safe: 0,
            syncs: Syncs::default(),
            sync_due: None,
            acks_sync_due: None,
            aside_bytes: 0,
            broken: Broken::default(),
            unfit: Vec::new(),
            unfit_bytes: 0,
            unfit_is_new: true,
            spare: Vec::new(),
            is_closing: false,
        }
    }

    pub(super) fn storage(&mut self) -> &mut Storage {
        &mut self.storage
    }

    /// All files were read.
    pub(super) fn is_open(&self) -> bool {
        !matches!(self.phase, Phase::Opening(_) | Phase::Failed(_))
    }

    pub(super) fn failure(&self) -> Option<&str> {
        if let Phase::Failed(why) = &self.phase { Some(why) } else { None }
    }

    pub(super) fn trouble(&self) -> Option<&str> {
        self.failure().or(self.trouble.text())
    }

    pub(super) fn resumed(&self, source: u32) -> Option<u64> {
        self.marks.get(source)
    }

    pub(super) fn close(&mut self) {
        self.is_closing = true;
    }

    pub(super) fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed | Phase::Failed(_))
    }

    pub(super) fn deadline(&self) -> Option<Time> {
        match (&self.flight, &self.phase) {
            (Some(_), _) => None,
            (None, Phase::Waiting { until }) => Some(*until),
            (None, Phase::Running) => Time::earliest(self.sync_due, self.acks_sync_due),
            (None, _) => None,
        }
    }

    /// How many of the waiting events became safe since the last call, from the first on.
    pub(super) fn take_safe(&mut self) -> u64 {
        std::mem::take(&mut self.safe)
    }

    /// Whether an event of so many bytes fits into no segment.
    #[inline]
    pub(super) fn is_too_large(&self, len: u64, has_origin: bool) -> bool {
        self.header_bytes() + record_len(len, has_origin) + ACK > self.segment_bytes
    }

    /// Whether an event of so many bytes could be appended now.
    #[inline]
    pub(super) fn has_room(&self, len: u64, has_origin: bool) -> bool {
        let is_ready = matches!(self.phase, Phase::Running)
            && !self.is_closing
            && self.trouble.text().is_none()
            && !self.is_rewriting();
        is_ready && self.has_space(record_len(len, has_origin) + ACK)
    }

    fn has_space(&self, charge: u64) -> bool {
        let planned = self.plan.bytes.len();
        let is_full =
            planned > 0 && (self.mode == SyncMode::Always || planned as u64 + charge > MOST_PLANNED as u64);
        let open = if self.plan.segment == 0 { self.head } else { self.plan.segment };
        let fits = self.fits_into(open, charge);
        if is_full || (!fits && self.plan.segment != 0) {
            return false;
        }
        let needed = if fits { charge } else { charge + self.header_bytes() };
        if mutant!("files_beyond_their_limit") {
            return self.segments.total() <= self.max_bytes;
        }
        self.segments.total() + needed + self.reserve() <= self.max_bytes
    }

    /// What the files may still grow by, beside what is set aside for keeping them.
    pub(super) fn room_bytes(&self) -> u64 {
        self.max_bytes.saturating_sub(self.segments.total() + self.reserve())
    }

    /// What was broken in the files when they were read.
    pub(super) fn broken(&self) -> Broken {
        self.broken
    }

    /// How long events took to be made safe.
    pub(super) fn syncs(&self) -> Syncs {
        self.syncs
    }

    /// Whether so much may be appended to a segment of this run.
    #[inline]
    fn fits_into(&self, number: u64, charge: u64) -> bool {
        let open = self.segments.get(number).filter(|_| number != 0);
        open.is_some_and(|segment| segment.charge() + charge <= self.segment_bytes)
    }

    /// What is left for writing a segment anew, and for the header of the next one.
    fn reserve(&self) -> u64 {
        self.segment_bytes + 2 * self.header_bytes()
    }

    /// The length of the next header at most: a source more than are known may come.
    #[inline]
    fn header_bytes(&self) -> u64 {
        let sent = self.flight.as_ref().map_or(0, |flight| flight.marks.len());
        header_len(&self.identity, self.marks.len() + sent + self.plan.marks.len() + 1)
    }

    /// Appends an event for which there [is room](Journal::has_room); it waits until it is safe.
    #[inline]
    pub(super) fn append(
        &mut self,
        slot: u32,
        ingest_ns: u64,
        origin: Option<Origin>,
        payload: &[u8],
    ) -> u64 {
        let seq = self.next_seq;
        self.next_seq += 1;
        let record = Record { seq, ingest_ns, origin, payload };
        self.places.put(slot, seq, record.frame_len() + ACK);
        self.places.push(WAITING, slot);
        if let Some(origin) = origin {
            self.plan.marks.note(origin);
        }
        self.write(&record);
        self.plan.last_seq = seq;
        seq
    }

    /// Puts a record into the plan.
    #[inline]
    fn write(&mut self, record: &Record<'_>) {
        let charge = record.frame_len() + ACK;
        if self.plan.segment == 0 {
            self.plan.segment =
                if self.fits_into(self.head, charge) { self.head } else { self.begin_segment() };
        }
        let len = record.write(&mut self.plan.bytes);
        self.segments.change(self.plan.segment, |segment| {
            segment.data += len;
            segment.owed += 1;
        });
    }

    /// A new segment, of which there is no file yet.
    #[cold]
    fn begin_segment(&mut self) -> u64 {
        let number = self.next_segment;
        self.next_segment += 1;
        let segment = Segment::new(self.places.make_list(), self.header_bytes());
        self.segments.insert(number, segment);
        number
    }

    /// An event that is safe is acknowledged: its place is free. `unfit` is what is to be kept aside of it.
    pub(super) fn acked(&mut self, slot: u32, unfit: Option<&[u8]>) {
        if let Some(payload) = unfit {
            self.unfit.extend_from_slice(payload);
            self.unfit.push(b'\n');
        }
        if matches!(self.phase, Phase::Closed) && !mutant!("goodbye_not_written") {
            // Sinks that say goodbye may hear of their last events after everything was written.
            self.phase = Phase::Running;
        }
        self.places.unlink(slot);
        let place = *self.places.get(slot);
        debug_assert_ne!(place.home, 0, "only what is safe is handed on");
        let home = if mutant!("ack_of_another_segment") { self.head } else { place.home };
        self.acknowledge(home, place.seq);
        if place.copy != 0 {
            if !mutant!("copy_not_acknowledged") {
                self.acknowledge(place.copy, place.seq);
            }
            self.segments.change(place.copy, |segment| segment.copies -= 1);
        }
        if !self.also.is_empty() {
            for number in self.also.remove(&place.seq).into_iter().flatten() {
                self.acknowledge(number, place.seq);
            }
        }
    }

    /// A segment holds a record that is acknowledged. Every segment that holds it must know: they go in any order.
    #[inline]
    fn acknowledge(&mut self, number: u64, seq: u64) {
        self.segments.change(number, |segment| {
            if !segment.is_leaving {
                segment.pending.push(seq);
            }
        });
    }
}
