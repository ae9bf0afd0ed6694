//! What a journal asks of its files, and what becomes of that: one exchange at a time, so that what comes meanwhile goes
//! together into the next one. The order within an exchange is that of the rules in `mod.rs`: records, what is kept aside,
//! acknowledgements, removals.

use super::content::{GAP, SegmentHeader, write_acks};
use super::marks::Marks;
use super::places::WAITING;
use super::recovery::{LogFile, UNFIT};
use super::segments::Segment;
use super::{ACKS_SYNC_MS, Journal, MOST_PLANNED, Memory, Phase, SyncMode};
use crate::core::{FileDone, FileError, FileName, FileReply, FileRequest, Time};
use crate::mutants::mutant;

/// Records that are to be appended to one segment.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// 0: nothing is planned.
    pub(super) segment: u64,
    pub(super) bytes: Vec<u8>,
    /// The highest sequence number of new events in it.
    pub(super) last_seq: u64,
    /// What their sources called them.
    pub(super) marks: Marks,
    /// It holds copies of events of the segment that is cleaned.
    pub(super) has_moves: bool,
}

/// Requests that are under way.
#[derive(Debug, Default)]
pub(super) struct Flight {
    /// When they were made.
    asked_at: Time,
    pub(super) sent: Vec<Sent>,
    /// So many of the first ones are about records.
    data_until: usize,
    /// The segment that these are about.
    pub(super) segment: u64,
    last_seq: u64,
    pub(super) marks: Marks,
    /// Segments of which nothing is left, when all is done.
    gone: Vec<u64>,
}

impl Flight {
    /// Whether it makes records safe, not only acknowledgements.
    fn syncs_records(&self) -> bool {
        self.sent[..self.data_until].iter().any(|sent| matches!(sent, Sent::Sync(_)))
    }
}

/// What was asked, as far as it matters when it is done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sent {
    Open,
    Read(LogFile),
    Append(u64, u64),
    Sync(u64),
    SyncDirectory,
    Unfit(u64),
    /// So many bytes of what is to be kept aside are safe then; more may have come meanwhile.
    SyncUnfit(usize),
    Acks(u64, u64),
    SyncAcks(u64),
    Remove(u64),
    SetAside(u64),
    RemoveAcks,
}

fn name(file: LogFile) -> FileName {
    file.name().into()
}

impl Journal {
    pub(super) fn send(&mut self, flight: &mut Flight, sent: Sent, request: FileRequest) {
        flight.sent.push(sent);
        self.storage.requests.push(request);
    }

    /// Makes requests, if none are under way.
    pub(in super::super) fn ask(&mut self, now: Time, memory: &mut impl Memory) {
        if self.flight.is_some() {
            return;
        }
        let mut flight = Flight { asked_at: now, ..Flight::default() };
        let is_ready = matches!(self.phase, Phase::Running) && self.discarded.is_empty();
        let has_made_space = is_ready && self.make_space(&mut flight);
        match self.phase {
            Phase::Opening(_) => self.ask_opening(&mut flight),
            Phase::Waiting { until } if now >= until => {
                self.send(&mut flight, Sent::Open, FileRequest::Open);
                self.phase = Phase::Reopening;
            }
            Phase::Running if !self.discarded.is_empty() => {
                let numbers: Vec<u64> = self.discarded.iter().copied().collect();
                self.ask_removal(&mut flight, &numbers);
            }
            Phase::Running if has_made_space => {}
            Phase::Running if self.is_rewritten() => {
                let numbers: Vec<u64> = self.failed.iter().copied().collect();
                self.ask_removal(&mut flight, &numbers);
            }
            Phase::Running => {
                self.end_cleaning();
                self.doubt();
                self.rewrite(memory);
                self.clean(memory);
                self.renew();
                if mutant!("segment_removed_too_early") {
                    self.end_cleaning();
                    self.ask_removals(&mut flight);
                }
                self.ask_data(&mut flight, now);
                flight.data_until = flight.sent.len();
                self.ask_unfit(&mut flight);
                self.ask_acks(&mut flight, now);
                self.ask_removals(&mut flight);
                if flight.sent.is_empty() {
                    self.trouble.clear();
                    if self.is_closing {
                        self.phase = Phase::Closed;
                    }
                }
            }
            _ => {}
        }
        if !flight.sent.is_empty() {
            self.flight = Some(flight);
        }
    }

    fn ask_data(&mut self, flight: &mut Flight, now: Time) {
        let is_dirty = self.segments.get(self.head).is_some_and(|head| head.is_dirty);
        let is_due = self.is_closing
            || self.is_cleaned()
            || !self.doubtful.is_empty()
            || self.sync_due.is_some_and(|due| due <= now)
            || !matches!(self.mode, SyncMode::Interval { .. });
        if self.plan.segment == 0 || (is_dirty && self.plan.segment != self.head) {
            // A segment is safe before the next one begins: so never more than one is in doubt.
            if is_dirty && (is_due || self.plan.segment != 0) {
                flight.segment = self.head;
                self.send(flight, Sent::Sync(self.head), sync(LogFile::Records(self.head)));
            }
            return;
        }
        let number = self.plan.segment;
        let is_new = self.segments.get(number).is_some_and(|segment| !segment.has_file);
        let file = name(LogFile::Records(number));
        if is_new {
            let header = self.header(number);
            let sent = Sent::Append(number, header.len() as u64);
            self.send(flight, sent, FileRequest::Append { file: file.clone(), bytes: header });
        }
        let spare = self.spare.pop().unwrap_or_default();
        let bytes = std::mem::replace(&mut self.plan.bytes, spare);
        if !bytes.is_empty() {
            let sent = Sent::Append(number, bytes.len() as u64);
            self.send(flight, sent, FileRequest::Append { file: file.clone(), bytes });
        }
        self.head = number;
        flight.segment = number;
        flight.last_seq = self.plan.last_seq;
        flight.marks.take(&mut self.plan.marks);
        self.plan.segment = 0;
        self.plan.has_moves = false;
        if mutant!("handed_on_before_the_sync") {
            self.confirm(flight, now);
        }
        let is_due = is_due && !mutant!("no_sync");
        if is_new || is_due || self.is_rewriting() || self.is_cleaned() {
            self.send(flight, Sent::Sync(number), FileRequest::Sync(file));
        }
        if is_new {
            let of_file = FileRequest::Sync(name(LogFile::Records(number)));
            let request = if mutant!("directory_not_synced") { of_file } else { FileRequest::SyncDirectory };
            self.send(flight, Sent::SyncDirectory, request);
        }
    }

    /// The header of a new segment, with what is safe now, and not with what is about to be.
    fn header(&mut self, number: u64) -> Vec<u8> {
        let (identity, mut marks) = (self.identity.clone(), self.marks.to_vec());
        if mutant!("marks_forgotten") {
            marks.clear();
        }
        let mut bytes = self.spare.pop().unwrap_or_default();
        // What recovery takes for synced to its end may have zeros by a bad disk only: so none of which a sync has failed.
        let safe = self.segments.newest_safe(|number, _| !self.failed.contains(&number));
        let next = self.next_seq;
        let len = SegmentHeader { identity, segment: number, next, safe, marks }.write(&mut bytes);
        // Until now its greatest length was counted.
        self.segments.change(number, |segment| {
            debug_assert!(len <= segment.header, "no source was forgotten");
            segment.data = segment.data + len - segment.header;
            segment.header = len;
        });
        bytes
    }

    fn ask_unfit(&mut self, flight: &mut Flight) {
        if self.unfit.is_empty() {
            return;
        }
        let len = self.unfit.len() as u64;
        if self.unfit_bytes + len > self.max_bytes {
            self.log.unfit_dropped(len);
            self.unfit.clear();
            return;
        }
        let append = FileRequest::Append { file: UNFIT.into(), bytes: self.unfit.clone() };
        self.send(flight, Sent::Unfit(len), append);
        self.send(flight, Sent::SyncUnfit(self.unfit.len()), FileRequest::Sync(UNFIT.into()));
        if self.unfit_is_new {
            self.send(flight, Sent::SyncDirectory, FileRequest::SyncDirectory);
        }
    }

    fn ask_acks(&mut self, flight: &mut Flight, now: Time) {
        if mutant!("acks_never_written") && !self.is_closing {
            return;
        }
        for number in self.segments.numbers() {
            let total = self.segments.total();
            let mut bytes = self.spare.pop().unwrap_or_default();
            let max_bytes = self.max_bytes;
            self.segments.change(number, |segment| {
                if !segment.owes_acks() {
                    return;
                }
                segment.pending.tidy();
                if segment.acks_need_gap {
                    bytes.extend_from_slice(&GAP);
                }
                write_acks(&mut bytes, &segment.pending);
                write_acks(&mut bytes, &segment.again);
                let most = total + bytes.len() as u64;
                if segment.acks_failed && most > max_bytes && total <= max_bytes {
                    // What failed may be in the file in part; the limit is hard.
                    bytes.clear();
                    return;
                }
                std::mem::swap(&mut segment.pending, &mut segment.sending);
                segment.acks += bytes.len() as u64;
            });
            if bytes.is_empty() {
                self.keep_buffer(bytes);
                continue;
            }
            let sent = Sent::Acks(number, bytes.len() as u64);
            self.send(flight, sent, FileRequest::Append { file: name(LogFile::Acks(number)), bytes });
        }
        if self.segments.iter().any(|(_, segment)| segment.acks_are_unsafe() && !segment.is_leaving) {
            self.acks_sync_due.get_or_insert(now.plus_ms(ACKS_SYNC_MS));
        } else {
            self.acks_sync_due = None;
        }
        if self.acks_sync_due.is_some_and(|due| due <= now || self.is_closing) {
            self.sync_acks(flight);
            // What is acknowledged from now on has a second of its own. What this leaves unsafe, if it fails, has one too.
            self.acks_sync_due = None;
        }
    }

    /// Makes all acknowledgements safe that are written, or about to be in this exchange.
    fn sync_acks(&mut self, flight: &mut Flight) {
        let mut is_new = false;
        for number in self.segments.numbers() {
            let Some(segment) = self.segments.get(number) else { continue };
            if segment.acks_are_unsafe()
                && !segment.is_leaving
                && !flight.sent.contains(&Sent::SyncAcks(number))
            {
                is_new |= segment.acks_are_new;
                self.send(flight, Sent::SyncAcks(number), sync(LogFile::Acks(number)));
            }
        }
        if is_new {
            self.send(flight, Sent::SyncDirectory, FileRequest::SyncDirectory);
        }
    }

    /// Removes segments in which nothing is live: first their records, and when that is safe, their acknowledgements, which
    /// may speak of records that are in other segments too. So the acknowledgements of those are made safe before.
    pub(super) fn ask_removal(&mut self, flight: &mut Flight, numbers: &[u64]) {
        self.sync_acks(flight);
        if mutant!("acks_removed_first") {
            for &number in numbers {
                self.send(flight, Sent::RemoveAcks, FileRequest::Remove(name(LogFile::Acks(number))));
            }
        }
        self.remove_records(flight, numbers);
        for &number in numbers {
            // Some may be written in this very exchange.
            let has_acks = |segment: &Segment| segment.acks_have_file || !segment.sending.is_empty();
            if self.segments.get(number).is_some_and(has_acks) {
                self.send(flight, Sent::RemoveAcks, FileRequest::Remove(name(LogFile::Acks(number))));
            }
        }
        flight.gone.extend(numbers);
    }

    /// The same without the last part.
    pub(super) fn ask_removal_of_records(&mut self, flight: &mut Flight, numbers: &[u64]) {
        self.sync_acks(flight);
        self.remove_records(flight, numbers);
    }

    fn remove_records(&mut self, flight: &mut Flight, numbers: &[u64]) {
        for &number in numbers {
            let Some(segment) = self.segments.get(number).filter(|segment| segment.has_file) else {
                continue;
            };
            let (file, bytes) = (name(LogFile::Records(number)), segment.data);
            let is_broken = segment.is_broken;
            if is_broken && self.aside_bytes + bytes <= self.max_bytes {
                let to = name(LogFile::Broken(number));
                self.send(flight, Sent::SetAside(number), FileRequest::Rename { from: file, to });
            } else {
                if is_broken {
                    self.log.broken_dropped(&file);
                }
                self.send(flight, Sent::Remove(number), FileRequest::Remove(file));
            }
        }
        if !mutant!("removal_not_synced") {
            self.send(flight, Sent::SyncDirectory, FileRequest::SyncDirectory);
        }
    }

    /// Takes the replies to what is under way, if all are there.
    pub(in super::super) fn take_replies(&mut self, now: Time, memory: &mut impl Memory) {
        let is_there = |flight: &mut Flight| self.storage.replies.len() >= flight.sent.len();
        let Some(flight) = self.flight.take_if(is_there) else { return };
        let replies: Vec<FileReply> = self.storage.replies.drain(..flight.sent.len()).collect();
        match self.phase {
            Phase::Opening(_) => self.opened(flight, replies, memory),
            Phase::Reopening => self.reopened(&flight, replies, now),
            _ => self.landed(flight, replies, now),
        }
    }

    fn landed(&mut self, mut flight: Flight, replies: Vec<FileReply>, now: Time) {
        let mut failure: Option<(usize, FileError)> = None;
        for (at, reply) in replies.into_iter().enumerate() {
            match reply {
                Ok(done) => self.done(at, done, &flight),
                Err(error) => {
                    failure = Some((at, error));
                    break;
                }
            }
        }
        let is_believed =
            |at: usize| mutant!("failed_sync_believed") && matches!(flight.sent[at], Sent::Sync(_));
        let data_failed =
            failure.as_ref().is_some_and(|(at, _)| *at < flight.data_until && !is_believed(*at));
        if flight.segment != 0 && !data_failed {
            self.confirm(&mut flight, now);
        }
        if failure.is_none() && flight.syncs_records() {
            self.syncs.add(now.since(flight.asked_at));
        }
        let Some((at, error)) = failure else {
            flight.gone.iter().for_each(|number| self.forget(*number));
            if self.is_rewritten() && self.failed.is_empty() {
                self.end_rewriting();
            }
            self.went_well();
            return;
        };
        if data_failed && !mutant!("failed_append_ignored") {
            self.distrust(flight.segment);
        }
        if let Sent::SyncAcks(number) = flight.sent[at] {
            self.doubtful.insert(number);
            self.acks_not_synced(number);
        }
        self.acks_failed();
        self.fail(&error, now);
    }

    /// One request was carried out.
    fn done(&mut self, at: usize, done: FileDone, flight: &Flight) {
        if let FileDone::Appended(buffer) = done {
            self.keep_buffer(buffer);
        }
        let (before, sent) = (&flight.sent[..at], &flight.sent[at]);
        match *sent {
            Sent::Append(number, len) => {
                self.segments.change(number, |segment| {
                    segment.taken += len;
                    segment.has_file = true;
                    segment.is_dirty = true;
                });
            }
            Sent::Sync(number) => {
                self.segments.change(number, |segment| segment.is_dirty = false);
                self.sync_due = None;
            }
            Sent::SyncDirectory => {
                self.segments.change(flight.segment, |segment| segment.is_safe |= !segment.is_dirty);
                self.unfit_is_new &= !before.iter().any(|sent| matches!(sent, Sent::SyncUnfit(_)));
                for number in before.iter().filter_map(|sent| match sent {
                    Sent::SyncAcks(number) => Some(*number),
                    _ => None,
                }) {
                    self.segments.change(number, |segment| segment.acks_are_new = segment.acks_are_dirty);
                }
            }
            Sent::Unfit(len) => self.unfit_bytes += len,
            Sent::SyncUnfit(len) => drop(self.unfit.drain(..len)),
            Sent::Acks(number, _) => {
                self.segments.change(number, Segment::acks_are_written);
            }
            Sent::SyncAcks(number) => {
                self.segments.change(number, Segment::acks_are_synced);
            }
            Sent::SetAside(number) => {
                self.aside_bytes += self.segments.get(number).map_or(0, |segment| segment.data);
                self.segments.change(number, |segment| segment.has_file = false);
            }
            Sent::Remove(number) => {
                self.segments.change(number, |segment| segment.has_file = false);
            }
            Sent::Open | Sent::Read(_) | Sent::RemoveAcks => {}
        }
    }

    /// Records are where their mode wants them: the waiting ones among them are safe.
    fn confirm(&mut self, flight: &mut Flight, now: Time) {
        if let SyncMode::Interval { every_ms } = self.mode
            && self.segments.get(flight.segment).is_some_and(|segment| segment.is_dirty)
        {
            self.sync_due.get_or_insert(now.plus_ms(every_ms));
        }
        if self.is_rewriting() {
            self.rewritten(&mut flight.marks);
            return;
        }
        self.marks.take(&mut flight.marks);
        let Some(live) = self.segments.get(flight.segment).map(|segment| segment.live) else { return };
        while let Some(slot) = self.places.first(WAITING) {
            if self.places.get(slot).seq > flight.last_seq {
                break;
            }
            self.places.unlink(slot);
            self.places.get_mut(slot).home = flight.segment;
            self.places.push(live, slot);
            self.safe += 1;
        }
    }

    /// A segment's files are gone.
    fn forget(&mut self, number: u64) {
        if let Some(segment) = self.segments.remove(number) {
            self.places.drop_list(segment.live);
        }
        self.doubtful.remove(&number);
        self.failed.remove(&number);
        self.leaving.retain(|other| *other != number);
        self.discarded.retain(|other| *other != number);
    }

    fn keep_buffer(&mut self, mut buffer: Vec<u8>) {
        if self.spare.len() < 4 && (1..=2 * MOST_PLANNED).contains(&buffer.capacity()) {
            buffer.clear();
            self.spare.push(buffer);
        }
    }
}

fn sync(file: LogFile) -> FileRequest {
    FileRequest::Sync(name(file))
}
