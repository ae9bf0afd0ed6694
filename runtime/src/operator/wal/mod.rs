//! `qos::wal`, transient: a log that keeps each event until downstream has acknowledged it, in memory.
//!
//! - An acknowledgement frees exactly its event, a fail replays exactly its event: suspects first and one by one, then
//!   what failed, in the order of failing, then what is new. While one suspect is out, the others wait for its answer and
//!   nothing else does. Nothing else reorders.
//! - A delivery is named by slot and generation; a fail and the last acknowledgement begin a new generation, so that
//!   answers to an old delivery are told apart, counted and ignored. An event that was handed to several branches is
//!   acknowledged by all of them, and fails by one.
//! - The limits are exact, and memory is bounded by them, however many events pass a stuck one: `max_elements` slots
//!   (or `max_bytes` / 64) and what is parked; a free slot keeps a buffer of 1 KiB at most.
//! - Payloads are written into the buffers of slots that became free: in the steady state nothing is allocated.
//!
//! It knows neither what lies behind it nor whether that has room: who drives it asks [`Wal::next`] what kind of event
//! is up, asks the outputs for room, and only then calls [`Wal::lend`].

mod disk;
mod disk_config;
mod entries;
mod journal;
mod limits;
#[cfg(test)]
mod tests;

pub use disk::{DiskLent, DiskWal, DiskWalConfig};
pub(crate) use journal::can_count_on;
pub use journal::{
    Damage, Identity, LogFile, Record, Recovered, RecoveredRecord, Refusal, SegmentFound, SegmentHeader,
    Stretch, SyncMode, recover, recover_parts,
};

use crate::core::{Answer, Ask, Counts, EventId, Handed, Head, Measures, Purpose, Tag};
use entries::Entries;
use foreshock_spec::NodeSettings;
use foreshock_spec::json::Buffer;
use limits::Limits;

/// The settings of a log. At least one of the limits is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalConfig {
    /// Events that one call of the pipeline takes from the log.
    pub read_count: u32,
    /// Events that the log keeps at most; [`foreshock_spec::MOST_EVENTS`] at most, without it too.
    pub max_elements: Option<u64>,
    /// Bytes of encoded payload that the log keeps at most. Alone, each event counts at least 64.
    pub max_bytes: Option<u64>,
}

impl From<&NodeSettings<'_>> for WalConfig {
    fn from(settings: &NodeSettings<'_>) -> WalConfig {
        WalConfig {
            read_count: u32::try_from(settings.u64("read_count")).expect("its row allows no more"),
            max_elements: settings.opt_u64("max_elements"),
            max_bytes: settings.opt_u64("max_bytes"),
        }
    }
}

/// What became of an event that was given to the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Stored {
    /// The log answers for it now.
    Kept,
    /// It exceeds `max_bytes` all alone; the log has forgotten it.
    TooLarge {
        /// Its encoded length.
        bytes: u64,
    },
}

/// What [`Wal::next`] announces: it saves [`Wal::lend`] the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next(entries::Next);

impl Next {
    /// Whether it is a suspect, which needs a place for itself.
    #[inline]
    pub fn is_suspect(self) -> bool {
        self.0 == entries::Next::Suspect
    }
}

/// An event on its way out of the log: moved out of its slot while it is pushed on, so that nothing borrows the log.
/// It counts as kept; [`Wal::hand_back`] must follow.
#[derive(Debug)]
#[must_use]
pub struct Lent<T, K> {
    /// Names this delivery.
    pub head: Head<EventId>,
    body: Box<Body<T, K>>,
}

impl<T, K> Lent<T, K> {
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
}

/// A transient log. `T` names events to the nearest listener upstream; `K` is what is kept of each beside its encoded
/// bytes, for operators that read fields behind the log.
#[derive(Debug)]
pub struct Wal<T, K = ()> {
    read_count: u32,
    /// Bodies are boxed, so that lending one moves a pointer; `None` while it is lent.
    entries: Entries<Option<Box<Body<T, K>>>>,
}

#[derive(Debug)]
struct Body<T, K> {
    tag: T,
    ingest_ns: u64,
    payload: Buffer,
    kept: K,
}

/// A buffer larger than that (bytes) is given back when its event is acknowledged: a few large events may not leave
/// their memory in many slots.
const MOST_IDLE_CAPACITY: usize = 1024;

/// A buffer for an event that is about as long as one that was kept: a log may keep a million of them, and what is not needed
/// of each would be as much as is. No more than a free slot keeps.
fn space_for(len: u64) -> Buffer {
    Buffer::with_space(usize::try_from(len).unwrap_or(usize::MAX).min(MOST_IDLE_CAPACITY - 8))
}

const NOT_LENT: &str = "an event that is lent is handed back before anything else is done";

impl<T: Tag, K: Default + Send> Wal<T, K> {
    /// An empty log.
    pub fn new(config: &WalConfig) -> Wal<T, K> {
        Wal {
            read_count: config.read_count,
            entries: Entries::new(Limits::new(config.max_elements, config.max_bytes)),
        }
    }

    /// How many input events it would take now: none, or (`u32::MAX`) any number, each after asking again.
    ///
    /// `greatest_len` is set where an input event makes exactly one event here, and that of a known greatest encoded
    /// length: then it fits. Otherwise it may turn out not to fit; its results are parked then, and there is no room
    /// until all of them have moved into the log.
    #[inline]
    pub fn room(&self, greatest_len: Option<u64>) -> u32 {
        if self.entries.has_room(greatest_len) { u32::MAX } else { 0 }
    }

    /// The same for what is asked: a result of an event that has entered, and finds room nowhere, may be parked if nothing
    /// is yet.
    #[inline]
    pub fn room_for(&self, ask: Ask, greatest_len: Option<u64>) -> u32 {
        match ask.purpose {
            Purpose::Parking if self.entries.can_park() => u32::MAX,
            _ => self.room(greatest_len),
        }
    }

    /// Stores an event: `fill` writes its encoded bytes into the (empty) buffer, and overwrites what is kept beside
    /// them, which may be an earlier event's.
    ///
    /// A mark as suspect is not taken over: it was another listener's experience with other peers, and here every
    /// event goes out in order first. Asked without [`Wal::room`], the log parks without bound.
    #[inline]
    pub fn store(&mut self, head: Head<T>, fill: impl FnOnce(&mut Buffer, &mut K)) -> Stored {
        let stored = self.entries.store(
            |len| Some(Box::new(Body::new(head.tag, space_for(len)))),
            |body| {
                let body = &mut **body.as_mut().expect(NOT_LENT);
                body.tag = head.tag;
                body.ingest_ns = head.ingest_ns;
                body.payload.clear();
                fill(&mut body.payload, &mut body.kept);
                body.payload.len() as u64
            },
        );
        let Err(bytes) = stored else { return Stored::Kept };
        if let Some(body) = self.entries.take_back() {
            body.as_mut().expect(NOT_LENT).give_back_large();
        }
        Stored::TooLarge { bytes }
    }

    /// Announces the event to deliver now, if there is one. While one suspect is out, the next one waits, and nothing
    /// else does.
    #[inline]
    pub fn next(&self) -> Option<Next> {
        self.entries.next().map(Next)
    }

    /// Begins a new delivery of the event that [`Wal::next`] announced. Nothing else may have been done in between.
    ///
    /// # Panics
    /// If nothing is in the queue of which it was announced.
    #[inline]
    pub fn lend(&mut self, next: Next) -> Lent<T, K> {
        let (id, body) = self.entries.begin(next.0);
        let body = body.take().expect(NOT_LENT);
        Lent { head: Head { tag: id, ingest_ns: body.ingest_ns, suspect: next.is_suspect() }, body }
    }

    /// Takes the event back, with what became of the push: it is in flight to as many branches as owe an answer; it
    /// is done if none does; it goes out again if a branch found no room (the answers of the other branches are stale).
    #[inline]
    pub fn hand_back(&mut self, lent: Lent<T, K>, handed: Handed) {
        self.entries.settle(lent.head.tag, Some(lent.body), handed);
    }

    /// One branch's answer to a delivery. `Some` with the answer for upstream if the event is acknowledged by it: a
    /// fail stays here, the log replays. Answers to a delivery that is over are counted and ignored.
    #[inline]
    pub fn answer(&mut self, id: EventId, answer: Answer) -> Option<(T, Answer)> {
        let body = self.entries.answer(id, answer)?;
        Some((body.as_mut().expect(NOT_LENT).free(), Answer::Ack))
    }

    /// The answer for the next event that needed none from downstream, because every branch was done with it at once.
    /// Until it is fetched, the event counts as kept.
    #[inline]
    pub fn next_answer(&mut self) -> Option<(T, Answer)> {
        let body = self.entries.next_done()?;
        Some((body.as_mut().expect(NOT_LENT).free(), Answer::Ack))
    }

    /// Events that one call of the pipeline takes from the log.
    #[inline]
    pub fn read_count(&self) -> u32 {
        self.read_count
    }

    /// `taken` (kept or parked), `emitted`, `acked`, `failed`, `replayed`, `stale`; `pending` and `pending_bytes` (kept);
    /// `parked`.
    pub fn counts(&self) -> Counts {
        self.entries.counts()
    }

    /// Its room.
    pub fn measures(&self) -> Measures {
        self.entries.measures()
    }
}

impl<T: Copy, K: Default> Body<T, K> {
    fn new(tag: T, payload: Buffer) -> Body<T, K> {
        Body { tag, ingest_ns: 0, payload, kept: K::default() }
    }

    /// Empties the body of a slot that became free; gives its tag.
    #[inline]
    fn free(&mut self) -> T {
        self.give_back_large();
        self.tag
    }

    /// Gives the memory of a large event back; what is kept beside its encoded bytes is about as large as these.
    #[inline]
    fn give_back_large(&mut self) {
        if self.payload.capacity() > MOST_IDLE_CAPACITY {
            self.payload = Buffer::new();
            self.kept = K::default();
        }
    }
}
