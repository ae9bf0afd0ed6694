//! `qos::wal` with `dir`: a log that keeps each event on disk until downstream has acknowledged it, and goes on with what it
//! kept when the flow starts again.
//!
//! To downstream it is the [transient log](super::Wal): the same bookkeeping decides what goes out, in which order, and when
//! a delivery is over. To upstream it answers for an event as soon as that is stored as `sync` says; until then the event is
//! neither acknowledged nor handed on. Events are handed on from memory, so all that is kept is there too. What is in the
//! files, and what survives which crash, is told by the journal.

mod memory;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::fmt;

use memory::{Body, Kept};

use super::entries::Held;
use super::journal::{Identity, Journal, SyncMode};
use super::{Next, Stored, WalConfig, space_for};
use crate::core::{
    Answer, Ask, Counts, EventId, Handed, Head, Measures, Origin, Purpose, Storage, Tag, Time,
};
use crate::mutants::mutant;
use crate::pipeline::Recover;
use foreshock_spec::json::Buffer;

/// The settings of a log on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskWalConfig {
    /// As those of a transient log, but for `max_bytes`: all files together take no more (1 GiB if it is not set).
    pub wal: WalConfig,
    /// The path of the directory, that of the instance included.
    pub directory: String,
    /// The pipeline that the log is in, as its definition names it.
    pub pipeline: &'static str,
    /// The log's name there.
    pub operator: &'static str,
    /// The instance of the flow.
    pub instance: String,
    /// When what was written is made safe.
    pub sync: SyncMode,
}

/// An event on its way out of the log: moved out of its slot while it is pushed on, so that nothing borrows the log.
/// It counts as kept; [`DiskWal::hand_back`] must follow.
#[must_use]
pub struct DiskLent<T, K> {
    /// Names this delivery.
    pub head: Head<EventId>,
    body: Box<Body<T, K>>,
    unfit: Option<String>,
}

impl<T, K> fmt::Debug for DiskLent<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DiskLent")
            .field("head", &self.head)
            .field("unfit", &self.unfit)
            .finish_non_exhaustive()
    }
}

impl<T, K> DiskLent<T, K> {
    /// The encoded event.
    #[inline]
    pub fn payload(&self) -> &[u8] {
        &self.body.payload
    }

    /// What the log keeps of the event beside its bytes.
    #[inline]
    pub fn kept(&self) -> &K {
        &self.body.kept
    }

    /// Why what is kept of the event could not be made from its bytes, in words: an earlier build wrote it, and its shape is
    /// not the one that is wanted now. It is not to be handed on as others are.
    #[inline]
    pub fn unfit(&self) -> Option<&str> {
        self.unfit.as_deref()
    }
}

/// A log on disk. `T` names events to the nearest listener upstream; `K` is what is kept of each beside its encoded
/// bytes, for operators that read fields behind the log.
#[derive(Debug)]
pub struct DiskWal<T, K = ()> {
    read_count: u32,
    kept: Kept<T, K>,
    held: Held,
    journal: Journal,
    /// Events that are being stored.
    storing: u64,
    /// Whom upstream to tell of events that are being stored, in their order. (Tags stand side by side here: what a sync made safe
    /// may be thousands of events, whose bodies are in no cache any more.)
    tags: VecDeque<T>,
    /// Events that are stored, and not yet up for delivery: upstream hears of them first.
    safe: u64,
}

impl<T: Tag, K: Recover> DiskWal<T, K> {
    /// A log that is not open yet: [`DiskWal::advance`] asks for its files.
    pub fn new(config: DiskWalConfig) -> DiskWal<T, K> {
        let DiskWalConfig { wal, directory, pipeline, operator, instance, sync } = config;
        let identity = Identity { pipeline: pipeline.to_owned(), operator: operator.to_owned(), instance };
        DiskWal {
            read_count: wal.read_count,
            kept: Kept::new(wal.max_elements),
            held: Held::new(),
            journal: Journal::new(directory, identity, sync, wal.max_bytes),
            storing: 0,
            tags: VecDeque::new(),
            safe: 0,
        }
    }

    /// How many input events it would take now: none, or (`u32::MAX`) any number, each after asking again.
    ///
    /// `greatest_len` is set where an input event makes exactly one event here, and that of a known greatest encoded
    /// length: then it fits. Otherwise it may turn out not to fit; its results are parked then, and there is no room
    /// until all of them have moved into the log. There is none either while the log is not open, or in trouble.
    #[inline]
    pub fn room(&self, greatest_len: Option<u64>) -> u32 {
        let len = greatest_len.filter(|len| !self.journal.is_too_large(*len, true)).unwrap_or(0);
        if self.has_room(len, true) && self.can_park() { u32::MAX } else { 0 }
    }

    /// The same for what is asked: a result of an event that has entered, and finds room nowhere, may be parked if nothing
    /// is yet.
    #[inline]
    pub fn room_for(&self, ask: Ask, greatest_len: Option<u64>) -> u32 {
        match ask.purpose {
            Purpose::Parking if self.can_park() => u32::MAX,
            _ => self.room(greatest_len),
        }
    }

    fn can_park(&self) -> bool {
        self.held.parked(&self.kept.entries).is_none()
    }

    #[inline]
    fn has_room(&self, len: u64, has_origin: bool) -> bool {
        self.kept.entries.has_room(None) && self.journal.has_room(len, has_origin)
    }

    /// Stores an event: `fill` writes its encoded bytes into the (empty) buffer, and overwrites what is kept beside them,
    /// which may be an earlier event's. `origin` is the number that its source gave it, if that can go on behind it.
    ///
    /// A mark as suspect is not taken over: it was another listener's experience with other peers, and here every
    /// event goes out in order first. Asked without [`DiskWal::room`], the log parks without bound.
    #[inline]
    pub fn store(
        &mut self,
        head: Head<T>,
        origin: Option<Origin>,
        fill: impl FnOnce(&mut Buffer, &mut K),
    ) -> Stored {
        let (_, len) = self.kept.entries.fill(
            |len| Some(Box::new(Body { payload: space_for(len), ..Body::default() })),
            |body| {
                let body = &mut **body.as_mut().expect(memory::NOT_LENT);
                body.tag = Some(head.tag);
                body.ingest_ns = head.ingest_ns;
                body.origin = origin;
                body.payload.clear();
                fill(&mut body.payload, &mut body.kept);
                body.payload.len() as u64
            },
        );
        if self.journal.is_too_large(len, origin.is_some()) {
            if let Some(body) = self.kept.entries.take_back() {
                body.as_mut().expect(memory::NOT_LENT).free();
            }
            return Stored::TooLarge { bytes: len };
        }
        let slot = self.kept.entries.take(len);
        self.kept.entries.count_taken();
        if self.can_park() && self.has_room(len, origin.is_some()) {
            self.held.store(&mut self.kept.entries, slot);
            self.append(slot);
        } else {
            self.held.park(&mut self.kept.entries, slot);
        }
        Stored::Kept
    }

    #[inline]
    fn append(&mut self, slot: u32) {
        self.storing += 1;
        let body = self.kept.body(slot);
        self.tags.push_back(body.tag.expect("what is stored in this run has a tag"));
        self.journal.append(slot, body.ingest_ns, body.origin, &body.payload);
    }

    /// Announces the event to deliver now, if there is one. While one suspect is out, the next one waits, and nothing
    /// else does.
    #[inline]
    pub fn next(&self) -> Option<Next> {
        if self.journal.is_open() { self.kept.entries.next().map(Next) } else { None }
    }

    /// Begins a new delivery of the event that [`DiskWal::next`] announced. Nothing else may have been done in between.
    ///
    /// # Panics
    /// If nothing is in the queue of which it was announced.
    #[inline]
    pub fn lend(&mut self, next: Next) -> DiskLent<T, K> {
        let (id, body) = self.kept.entries.begin(next.0);
        let suspect = next.is_suspect();
        let body = body.take().expect(memory::NOT_LENT);
        let unfit = self.kept.unfit(id.slot);
        DiskLent { head: Head { tag: id, ingest_ns: body.ingest_ns, suspect }, body, unfit }
    }

    /// Takes the event back, with what became of the push: it is in flight to as many branches as owe an answer; it
    /// is done if none does; it goes out again if a branch found no room (the answers of the other branches are stale).
    #[inline]
    pub fn hand_back(&mut self, lent: DiskLent<T, K>, handed: Handed) {
        let slot = lent.head.tag.slot;
        self.kept.entries.settle(lent.head.tag, Some(lent.body), handed);
        // Upstream has had its answer, so nobody needs to be told of what is done at once.
        if self.kept.entries.next_done().is_some() {
            self.acknowledged(slot);
        }
    }

    /// One branch's answer to a delivery. Nobody upstream waits for it, so there is never an answer for upstream; the log
    /// replays what fails. Answers to a delivery that is over are counted and ignored.
    #[inline]
    pub fn answer(&mut self, id: EventId, answer: Answer) -> Option<(T, Answer)> {
        if self.kept.entries.answer(id, answer).is_some() {
            self.acknowledged(id.slot);
        }
        None
    }

    /// Downstream is done with an event whose slot is free now, and which is in it still.
    #[inline]
    fn acknowledged(&mut self, slot: u32) {
        let unfit = self.kept.take_unfit(slot);
        let body = self.kept.body_mut(slot);
        self.journal.acked(slot, unfit.map(|_| &*body.payload));
        body.free();
    }

    /// The answer for the next event that is stored: from now on it is up for delivery.
    #[inline]
    pub fn next_answer(&mut self) -> Option<(T, Answer)> {
        self.safe = self.safe.checked_sub(1)?;
        self.held.release(&mut self.kept.entries);
        Some((self.tags.pop_front().expect("what is safe was being stored"), Answer::Ack))
    }

    /// Takes what became of the requests, and makes the next ones. Once per step, before answers are fetched.
    pub fn advance(&mut self, now: Time) {
        self.journal.take_replies(now, &mut self.kept);
        let safe = self.journal.take_safe();
        let safe = if mutant!("ack_before_write") { self.storing } else { safe };
        self.safe += safe;
        self.storing -= safe;
        self.move_up();
        self.journal.ask(now, &mut self.kept);
        self.move_up();
    }

    /// At the end of a step: what was stored in it, and answered, becomes requests.
    pub fn flush(&mut self, now: Time) {
        self.advance(now);
    }

    /// Moves what was parked into the log, in order, as far as it fits.
    fn move_up(&mut self) {
        while let Some((slot, len)) = self.held.parked(&self.kept.entries) {
            let has_origin = self.kept.body(slot).origin.is_some();
            if !self.has_room(len, has_origin) {
                break;
            }
            self.held.unpark(&mut self.kept.entries);
            self.append(slot);
        }
    }

    /// When [`DiskWal::advance`] must be called if nothing arrives before.
    pub fn deadline(&self) -> Option<Time> {
        self.journal.deadline()
    }

    /// Requests to whoever keeps the files, and their replies.
    pub fn storage(&mut self) -> &mut Storage {
        self.journal.storage()
    }

    /// Whether what was kept from the last run is here.
    pub fn is_open(&self) -> bool {
        self.journal.is_open()
    }

    /// The number of the last event of this source that is stored, in this run or an earlier one. Means something once the
    /// log is open.
    pub fn resumed(&self, source: u32) -> Option<u64> {
        self.journal.resumed(source)
    }

    /// Why this log can never be opened, in words.
    pub fn failure(&self) -> Option<String> {
        self.journal.failure().map(str::to_owned)
    }

    /// What is wrong with the files now, in words. It is tried again; until it is over, the log has no room.
    pub fn trouble(&self) -> Option<&str> {
        self.journal.trouble()
    }

    /// Events that are stored and not acknowledged.
    pub fn kept(&self) -> u64 {
        self.kept.entries.counts().pending - self.storing
    }

    /// No more events come: what is known is written down and made safe.
    pub fn close(&mut self) {
        self.journal.close();
    }

    /// Whether that is done, after [`DiskWal::close`].
    pub fn is_closed(&self) -> bool {
        mutant!("closed_before_it_is") || self.journal.is_closed()
    }

    /// Events that one call of the pipeline takes from the log.
    #[inline]
    pub fn read_count(&self) -> u32 {
        self.read_count
    }

    /// `taken` (kept, being stored or parked), `recovered`, `emitted`, `acked`, `failed`, `replayed`, `stale`; `pending` and
    /// `pending_bytes` (kept, or being stored); `parked`; `broken`, `broken_bytes` and `broken_events`, which were found when the
    /// log was opened.
    pub fn counts(&self) -> Counts {
        let broken = self.journal.broken();
        Counts {
            broken: broken.parts,
            broken_bytes: broken.bytes,
            broken_events: broken.events,
            ..self.kept.entries.counts()
        }
    }

    /// Its room, and how long its syncs take.
    pub fn measures(&self) -> Measures {
        let open = u64::from(self.journal.has_room(0, true) && self.can_park());
        let places = self.kept.entries.measures().room;
        Measures {
            room: places.map(|places| places * open),
            room_bytes: Some(self.journal.room_bytes() * open),
            round_trip: None,
            syncs: Some(self.journal.syncs()),
        }
    }
}
