//! The events of a log on disk, in memory: the bodies in the slots, and why some do not fit. The journal reads them when it
//! writes something anew, and puts there what it finds.

use std::collections::BTreeMap;

use super::super::MOST_IDLE_CAPACITY;
use super::super::entries::Entries;
use super::super::journal::{Memory, Record};
use super::super::limits::Limits;
use crate::core::Origin;
use crate::pipeline::Recover;
use foreshock_spec::MOST_EVENTS;
use foreshock_spec::json::Buffer;

pub(super) const NOT_LENT: &str = "an event that is lent is handed back before anything else is done";

/// What a slot holds.
#[derive(Debug)]
pub(super) struct Body<T, K> {
    /// Whom upstream to tell that it is stored; nobody, if it was found on disk.
    pub(super) tag: Option<T>,
    pub(super) ingest_ns: u64,
    pub(super) origin: Option<Origin>,
    pub(super) payload: Buffer,
    pub(super) kept: K,
}

impl<T, K: Default> Default for Body<T, K> {
    fn default() -> Body<T, K> {
        Body { tag: None, ingest_ns: 0, origin: None, payload: Buffer::new(), kept: K::default() }
    }
}

impl<T, K: Default> Body<T, K> {
    /// The slot is free: the memory of a large event is given back. What is kept beside its bytes is about as large as these.
    #[inline]
    pub(super) fn free(&mut self) {
        if self.payload.capacity() > MOST_IDLE_CAPACITY {
            self.payload = Buffer::new();
            self.kept = K::default();
        }
    }
}

/// All that is kept. Bodies are boxed, so that lending one moves a pointer; `None` while it is lent.
#[derive(Debug)]
pub(super) struct Kept<T, K> {
    pub(super) entries: Entries<Option<Box<Body<T, K>>>>,
    /// By slot: why what is kept beside the bytes could not be made from them.
    unfit: BTreeMap<u32, String>,
}

impl<T: Copy, K: Recover> Kept<T, K> {
    /// Bytes are the journal's to count.
    pub(super) fn new(max_elements: Option<u64>) -> Kept<T, K> {
        let limits = Limits::new(Some(max_elements.unwrap_or(MOST_EVENTS)), None);
        Kept { entries: Entries::new(limits), unfit: BTreeMap::new() }
    }

    #[inline]
    pub(super) fn body(&self, slot: u32) -> &Body<T, K> {
        self.entries.body(slot).as_ref().expect(NOT_LENT)
    }

    #[inline]
    pub(super) fn body_mut(&mut self, slot: u32) -> &mut Body<T, K> {
        self.entries.body_mut(slot).as_mut().expect(NOT_LENT)
    }

    #[inline]
    pub(super) fn unfit(&self, slot: u32) -> Option<String> {
        if self.unfit.is_empty() { None } else { self.unfit.get(&slot).cloned() }
    }

    #[inline]
    pub(super) fn take_unfit(&mut self, slot: u32) -> Option<String> {
        if self.unfit.is_empty() { None } else { self.unfit.remove(&slot) }
    }
}

impl<T: Copy, K: Recover> Memory for Kept<T, K> {
    fn record(&self, slot: u32) -> Record<'_> {
        let body = self.body(slot);
        Record { seq: 0, ingest_ns: body.ingest_ns, origin: body.origin, payload: &body.payload }
    }

    fn restore(&mut self, record: &Record<'_>) -> u32 {
        let mut fits = Ok(());
        let (_, len) = self.entries.fill(
            |_| Some(Box::default()),
            |body| {
                let body = &mut **body.as_mut().expect(NOT_LENT);
                body.ingest_ns = record.ingest_ns;
                body.origin = record.origin;
                body.payload = Buffer::exactly(record.payload);
                fits = body.kept.recover(record.payload);
                record.payload.len() as u64
            },
        );
        let slot = self.entries.take(len);
        if let Err(why) = fits {
            self.unfit.insert(slot, why);
        }
        slot
    }

    fn line_up(&mut self, slot: u32, seq: Option<u64>) {
        if seq.is_some() {
            self.entries.recover(slot);
        } else {
            self.unfit.remove(&slot);
            self.body_mut(slot).free();
            self.entries.give_back(slot);
        }
    }
}
