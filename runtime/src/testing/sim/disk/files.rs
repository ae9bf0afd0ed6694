//! The files of one simulated directory: what a running system sees of them, and what of that survives a power failure. When
//! anything fails is not here.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;
use std::ops::Range;

use crate::core::{FileName, Random};

/// Bytes that a disk writes at once, or not at all.
const BLOCK: usize = 512;

/// Names one file, whatever name it has.
pub(super) type FileId = u64;

/// The files of one directory.
#[derive(Debug, Default)]
pub(super) struct Files {
    files: BTreeMap<FileId, Content>,
    names: BTreeMap<FileName, FileId>,
    /// Names that survive a power failure.
    safe: BTreeMap<FileName, FileId>,
    /// What changed names since those were safe, in order.
    changes: Vec<Change>,
    next: FileId,
}

#[derive(Clone, Debug)]
enum Change {
    Made(FileName, FileId),
    Removed(FileName),
    Renamed(FileName, FileName),
}

#[derive(Debug, Default)]
struct Content {
    bytes: Vec<u8>,
    /// So many of them survive a power failure,
    synced: usize,
    /// but for these: a sync of them failed. The system takes them for written, so that no later sync writes them either.
    holes: Vec<Range<usize>>,
}

impl Files {
    /// Names with lengths, in the order of the names.
    pub(super) fn list(&self) -> Vec<(FileName, u64)> {
        self.names.iter().map(|(name, id)| (name.clone(), self.files[id].bytes.len() as u64)).collect()
    }

    /// How long all of them are together.
    pub(super) fn total(&self) -> u64 {
        self.names.values().map(|id| self.files[id].bytes.len() as u64).sum()
    }

    /// How long segments of logs and their acknowledgements are together.
    pub(super) fn log_total(&self) -> u64 {
        let is_log = |name: &FileName| name.ends_with(".wal") || name.ends_with(".acks");
        let logs = self.names.iter().filter(|(name, _)| is_log(name));
        logs.map(|(_, id)| self.files[id].bytes.len() as u64).sum()
    }

    pub(super) fn find(&self, name: &str) -> Option<FileId> {
        self.names.get(name).copied()
    }

    pub(super) fn read(&self, name: &str) -> Option<&[u8]> {
        Some(&self.files[self.names.get(name)?].bytes)
    }

    /// Flips a bit of a file, on the disk and for whoever reads it. Whether there is such a bit.
    pub(super) fn flip(&mut self, name: &str, byte: usize, bit: u8) -> bool {
        let Some(id) = self.names.get(name) else { return false };
        let content = self.files.get_mut(id).expect("a name has a file");
        content.bytes.get_mut(byte).map(|byte| *byte ^= 1 << bit).is_some()
    }

    /// Puts a file there, safe from everything.
    pub(super) fn put(&mut self, name: &str, bytes: Vec<u8>) {
        self.remove(name);
        let id = self.make(&name.into());
        self.append(id, &bytes);
        self.sync(id);
        self.sync_names();
    }

    /// Appends to a file. Of one that was removed, nobody will see it.
    pub(super) fn append(&mut self, id: FileId, bytes: &[u8]) {
        if let Some(content) = self.files.get_mut(&id) {
            content.bytes.extend_from_slice(bytes);
        }
    }

    /// A new file with this name, which no other one has.
    pub(super) fn make(&mut self, name: &FileName) -> FileId {
        let id = self.next;
        self.next += 1;
        self.files.insert(id, Content::default());
        self.names.insert(name.clone(), id);
        self.changes.push(Change::Made(name.clone(), id));
        id
    }

    /// What was appended to the file survives a power failure.
    pub(super) fn sync(&mut self, id: FileId) {
        if let Some(content) = self.files.get_mut(&id) {
            content.synced = content.bytes.len();
        }
    }

    /// A sync that fails: what it was to write is not safe, and no later sync makes it so.
    pub(super) fn fail_sync(&mut self, id: FileId) {
        let Some(content) = self.files.get_mut(&id) else { return };
        let from = content.holes.last().map_or(0, |hole| hole.end).max(content.synced);
        if from < content.bytes.len() {
            content.holes.push(from..content.bytes.len());
        }
    }

    /// Gives a file that is there a name that no other one has.
    pub(super) fn rename(&mut self, from: &FileName, to: &FileName) {
        if let Some(id) = self.names.remove(from) {
            self.names.insert(to.clone(), id);
            self.changes.push(Change::Renamed(from.clone(), to.clone()));
        }
    }

    pub(super) fn remove(&mut self, name: &str) {
        if let Some((name, _)) = self.names.remove_entry(name) {
            self.changes.push(Change::Removed(name));
        }
    }

    /// Names as they are survive a power failure.
    pub(super) fn sync_names(&mut self) {
        self.safe.clone_from(&self.names);
        self.changes.clear();
        let used: BTreeSet<FileId> = self.safe.values().copied().collect();
        self.files.retain(|id, _| used.contains(id));
    }

    /// What a power failure leaves.
    pub(super) fn lose_power(&mut self, random: &mut Random) {
        let changes = take(&mut self.changes);
        // Mostly in order up to somewhere, as a journal of the file system keeps them; else any of them.
        let (in_order, up_to) = (random.up_to(2) > 0, at_most(random, changes.len()));
        self.names = take(&mut self.safe);
        for (n, change) in changes.into_iter().enumerate() {
            if if in_order { n < up_to } else { random.up_to(1) == 0 } {
                self.redo(change);
            }
        }
        let used: BTreeSet<FileId> = self.names.values().copied().collect();
        self.files.retain(|id, _| used.contains(id));
        for content in self.files.values_mut() {
            content.lose_power(random);
        }
        self.safe.clone_from(&self.names);
    }

    fn redo(&mut self, change: Change) {
        match change {
            Change::Made(name, id) => {
                self.names.insert(name, id);
            }
            Change::Removed(name) => {
                self.names.remove(&name);
            }
            Change::Renamed(from, to) => {
                if let Some(id) = self.names.remove(&from) {
                    self.names.insert(to, id);
                }
            }
        }
    }
}

impl Content {
    fn lose_power(&mut self, random: &mut Random) {
        for hole in take(&mut self.holes) {
            self.lose_blocks(hole, random);
        }
        let unsynced = self.bytes.len() - self.synced;
        match random.up_to(5) {
            // All of it was written.
            0 => {}
            1 => self.bytes.truncate(self.synced),
            // Torn.
            2 => self.bytes.truncate(self.synced + at_most(random, unsynced)),
            // Torn, and the length was written before the bytes.
            3 => {
                let end = self.synced + at_most(random, unsynced);
                self.bytes.truncate(end);
                let zeros = at_most(random, self.synced + unsynced - end);
                self.bytes.resize(end + zeros, 0);
            }
            // Block by block, in any order.
            4 => self.lose_blocks(self.synced..self.bytes.len(), random),
            _ => {
                self.lose_blocks(self.synced..self.bytes.len(), random);
                self.bytes.truncate(self.synced + at_most(random, unsynced));
            }
        }
        self.synced = self.bytes.len();
    }

    /// Of each block in a range, what is in the range is there or zeros.
    fn lose_blocks(&mut self, range: Range<usize>, random: &mut Random) {
        let mut from = range.start;
        while from < range.end {
            let to = range.end.min((from / BLOCK + 1) * BLOCK);
            if random.up_to(1) == 0 {
                self.bytes[from..to].fill(0);
            }
            from = to;
        }
    }
}

/// A length in `0..=most`.
pub(super) fn at_most(random: &mut Random, most: usize) -> usize {
    usize::try_from(random.up_to(most as u64)).expect("not more than a length")
}
