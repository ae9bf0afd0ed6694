//! How a log is opened: its files are listed and read, acknowledgements first, one at a time; what is not acknowledged is
//! handed to the log in order; and what was found is made safe, since a killed run may have left it in the system's memory.
//! What the files say is found out by `recovery.rs`.

use std::collections::VecDeque;

use super::content::ACK;
use super::exchange::{Flight, Sent};
use super::recovery::{LogFile, Recovery, Refusal, UNFIT, can_count_on};
use super::segments::Segment;
use super::{Journal, Memory, Phase};
use crate::core::{FileDone, FileName, FileReply, FileRequest};
use crate::mutants::mutant;

/// How far the opening is.
#[derive(Debug, Default)]
pub(super) struct Opening {
    is_listed: bool,
    /// What is to be read.
    files: VecDeque<LogFile>,
    recovery: Recovery,
    /// The slots of the events that were found, in the order in which they were told.
    slots: Vec<u32>,
    /// All was read.
    is_read: bool,
}

impl Journal {
    pub(super) fn ask_opening(&mut self, flight: &mut Flight) {
        let Phase::Opening(opening) = &mut self.phase else { return };
        if !opening.is_listed {
            self.send(flight, Sent::Open, FileRequest::Open);
        } else if let Some(file) = opening.files.pop_front() {
            self.send(flight, Sent::Read(file), FileRequest::Read(file.name().into()));
        } else {
            debug_assert!(opening.is_read, "what is read last ends the reading");
            for number in self.segments.numbers() {
                let has_file = self.segments.get(number).is_some_and(|segment| segment.has_file);
                if has_file && !mutant!("found_and_not_synced") {
                    let file = LogFile::Records(number).name().into();
                    self.send(flight, Sent::Sync(number), FileRequest::Sync(file));
                }
            }
            self.send(flight, Sent::SyncDirectory, FileRequest::SyncDirectory);
        }
    }

    pub(super) fn opened(&mut self, flight: Flight, replies: Vec<FileReply>, memory: &mut impl Memory) {
        let directory = self.storage.directory.clone();
        for (sent, reply) in flight.sent.into_iter().zip(replies) {
            let done = match reply {
                Ok(done) => done,
                Err(error) => {
                    self.phase = Phase::Failed(self.log.not_opened(&directory, &error));
                    return;
                }
            };
            match (sent, done) {
                (Sent::Open, FileDone::Opened(files)) => self.listed(&files),
                (Sent::Read(file), FileDone::Read(bytes)) => self.read(file, &bytes, memory),
                (Sent::SyncDirectory, _) => self.phase = Phase::Running,
                _ => {}
            }
        }
        self.end_reading(memory);
    }

    fn listed(&mut self, files: &[(FileName, u64)]) {
        self.measure_aside(files);
        let Phase::Opening(opening) = &mut self.phase else { return };
        let mut found: Vec<LogFile> = files.iter().filter_map(|(name, _)| LogFile::of(name)).collect();
        found.sort_unstable_by_key(|file| (!matches!(file, LogFile::Acks(_)), *file));
        self.next_segment = found.iter().map(|file| file.number() + 1).max().unwrap_or(1);
        if !can_count_on(self.next_segment, 0) {
            self.phase = Phase::Failed(self.log.refused(&self.storage.directory, &Refusal::Numbers));
            return;
        }
        opening.files = found.into_iter().filter(|file| !matches!(file, LogFile::Broken(_))).collect();
        for file in &opening.files {
            if self.segments.get(file.number()).is_none() {
                self.segments.insert(file.number(), Segment::new(self.places.make_list(), 0));
            }
            self.segments.change(file.number(), |segment| match file {
                LogFile::Acks(_) => {
                    segment.acks_have_file = true;
                    // Whether they are safe is not known.
                    segment.acks_are_dirty = true;
                }
                _ => segment.has_file = true,
            });
        }
        opening.is_listed = true;
    }

    /// What is kept aside, of the space for it.
    pub(super) fn measure_aside(&mut self, files: &[(FileName, u64)]) {
        let aside = files.iter().filter(|(name, _)| matches!(LogFile::of(name), Some(LogFile::Broken(_))));
        self.aside_bytes = aside.map(|(_, len)| len).sum();
        let unfit = files.iter().find(|(name, _)| **name == *UNFIT);
        self.unfit_bytes = unfit.map_or(0, |(_, len)| *len);
        self.unfit_is_new |= unfit.is_none();
    }

    fn read(&mut self, file: LogFile, bytes: &[u8], memory: &mut impl Memory) {
        let Phase::Opening(opening) = &mut self.phase else { return };
        let Opening { recovery, slots, .. } = &mut **opening;
        match file {
            LogFile::Acks(number) => recovery.acks(number, bytes),
            _ => recovery.records(file.number(), bytes, |record| slots.push(memory.restore(record))),
        }
        if let Some(refusal) = recovery.refusal(&self.identity) {
            self.phase = Phase::Failed(self.log.refused(&self.storage.directory, &refusal));
        }
    }

    /// When all files were read: what they hold becomes the journal's state.
    fn end_reading(&mut self, memory: &mut impl Memory) {
        let Phase::Opening(opening) = &mut self.phase else { return };
        if opening.is_read || !opening.is_listed || !opening.files.is_empty() {
            return;
        }
        opening.is_read = true;
        let mut recovery = std::mem::take(&mut opening.recovery);
        let slots = std::mem::take(&mut opening.slots);
        let live = recovery.live();
        let reused = mutant!("sequence_numbers_reused");
        self.next_seq = if reused { 1 } else { recovery.next() };
        recovery.judge();
        let safe = recovery.safe();
        for (&number, found) in &recovery.segments {
            self.log.found(number, found);
            self.broken.add(found);
            self.segments.change(number, |segment| {
                segment.data = found.bytes;
                segment.taken = found.bytes;
                segment.acks = found.ack_bytes;
                segment.acks_need_gap = found.ack_bytes > 0;
                segment.owed = found.live + found.acked_elsewhere.count();
                segment.pending = found.acked_elsewhere.clone();
                segment.is_found = true;
                segment.is_safe = found.header.is_some() && safe.contains(&number);
                segment.is_broken = !found.broken.is_empty();
            });
        }
        self.marks = recovery.marks().into();
        let mut events = 0;
        for event in live {
            events += 1;
            if reused {
                self.next_seq = event.seq + 1;
            }
            let slot = slots[event.nth];
            memory.line_up(slot, Some(event.seq));
            self.places.put(slot, event.seq, memory.record(slot).frame_len() + ACK);
            self.places.get_mut(slot).home = event.segment;
            let home = self.segments.get(event.segment).expect("every segment that was read was listed");
            self.places.push(home.live, slot);
            for &(_, nth) in &event.others {
                memory.line_up(slots[nth], None);
            }
            if !event.others.is_empty() {
                self.also.insert(event.seq, event.others.iter().map(|(segment, _)| *segment).collect());
            }
        }
        self.log.opened(&self.storage.directory, events, recovery.segments.len());
    }
}
