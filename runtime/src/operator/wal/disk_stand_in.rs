//! A stand-in for the log on disk, with its methods, which keeps its events in memory and only asks for a sync where the log
//! will write. It is replaced by the log itself.

#![allow(missing_docs)]

use std::collections::{BTreeMap, VecDeque};

use super::{Lent, Next, Stored, Wal, WalConfig};
use crate::core::{
    Answer, Ask, Counts, EventId, FileDone, FileRequest, Handed, Head, Origin, Storage, Tag, Time,
};
use crate::pipeline::Recover;
use foreshock_spec::json::Buffer;

/// When a log syncs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncMode {
    /// Each event by itself.
    Always,
    /// All that came meanwhile.
    Batch,
    /// Now and then.
    Interval {
        /// How often, in milliseconds.
        every_ms: u64,
    },
}

/// The settings of a log on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskWalConfig {
    /// As of any log.
    pub wal: WalConfig,
    /// The directory, with the instance.
    pub directory: String,
    /// The name of the pipeline.
    pub pipeline: &'static str,
    /// The name of the log.
    pub operator: &'static str,
    /// The name of the instance.
    pub instance: String,
    /// When it syncs.
    pub sync: SyncMode,
}

/// The stand-in.
#[derive(Debug)]
pub struct DiskWal<T, K = ()> {
    inner: Wal<(), K>,
    storage: Storage,
    is_open: bool,
    failure: Option<String>,
    storing: VecDeque<T>,
    asked: usize,
    safe: VecDeque<T>,
    resumed: BTreeMap<u32, u64>,
}

impl<T: Tag, K: Recover> DiskWal<T, K> {
    /// A log that is not open yet.
    pub fn new(config: DiskWalConfig) -> Self {
        let mut storage = Storage::new(config.directory);
        storage.requests.push(FileRequest::Open);
        DiskWal {
            inner: Wal::new(&config.wal),
            storage,
            is_open: false,
            failure: None,
            storing: VecDeque::new(),
            asked: 0,
            safe: VecDeque::new(),
            resumed: BTreeMap::new(),
        }
    }
    pub fn room(&self, greatest_len: Option<u64>) -> u32 {
        if self.is_open { self.inner.room(greatest_len) } else { 0 }
    }
    pub fn room_for(&self, ask: Ask, greatest_len: Option<u64>) -> u32 {
        if self.is_open { self.inner.room_for(ask, greatest_len) } else { 0 }
    }
    pub fn next(&self) -> Option<Next> {
        if self.storing.is_empty() { self.inner.next() } else { None }
    }
    pub fn lend(&mut self, next: Next) -> Lent<(), K> {
        self.inner.lend(next)
    }
    pub fn hand_back(&mut self, lent: Lent<(), K>, handed: Handed) {
        self.inner.hand_back(lent, handed);
    }
    pub fn answer(&mut self, id: EventId, answer: Answer) -> Option<(T, Answer)> {
        let _ = self.inner.answer(id, answer);
        None
    }
    pub fn next_answer(&mut self) -> Option<(T, Answer)> {
        while self.inner.next_answer().is_some() {}
        self.safe.pop_front().map(|tag| (tag, Answer::Ack))
    }
    pub fn read_count(&self) -> u32 {
        self.inner.read_count()
    }
    pub fn counts(&self) -> Counts {
        self.inner.counts()
    }
    pub fn store(
        &mut self,
        head: Head<T>,
        origin: Option<Origin>,
        fill: impl FnOnce(&mut Buffer, &mut K),
    ) -> Stored {
        let stored = self.inner.store(head.tagged(()), fill);
        if stored == Stored::Kept {
            self.storing.push_back(head.tag);
            if let Some(origin) = origin {
                let last = self.resumed.entry(origin.source).or_insert(origin.id);
                *last = origin.id.max(*last);
            }
        }
        stored
    }
    pub fn advance(&mut self, _now: Time) {
        while let Some(reply) = self.storage.replies.pop_front() {
            match reply {
                Ok(FileDone::Opened(_)) => self.is_open = true,
                Ok(_) => self.safe.extend(self.storing.drain(..std::mem::take(&mut self.asked))),
                Err(error) => self.failure = Some(error.text),
            }
        }
    }
    pub fn flush(&mut self, now: Time) {
        self.advance(now);
        if self.asked == 0 && !self.storing.is_empty() {
            self.asked = self.storing.len();
            self.storage.requests.push(FileRequest::SyncDirectory);
        }
    }
    pub fn deadline(&self) -> Option<Time> {
        None
    }
    pub fn storage(&mut self) -> &mut Storage {
        &mut self.storage
    }
    pub fn is_open(&self) -> bool {
        self.is_open
    }
    pub fn resumed(&self, source: u32) -> Option<u64> {
        self.resumed.get(&source).copied()
    }
    pub fn failure(&self) -> Option<String> {
        self.failure.clone()
    }
    pub fn trouble(&self) -> Option<&str> {
        None
    }
    pub fn kept(&self) -> u64 {
        self.inner.counts().pending - self.storing.len() as u64
    }
    pub fn close(&mut self) {}
    pub fn is_closed(&self) -> bool {
        true
    }
}

impl<T, K> Lent<T, K> {
    /// Never: nothing is recovered.
    pub fn unfit(&self) -> Option<&str> {
        None
    }
}
