//! A directory in memory that carries out requests, and does to them what real ones do: it fails, gets full, vanishes, and
//! forgets at a power failure what was not synced, in any order and torn at any byte.

use std::collections::BTreeMap;

use crate::core::{FileDone, FileError, FileReply, FileRequest, FileTrouble, Random};

#[derive(Clone, Debug, Default)]
struct File {
    bytes: Vec<u8>,
    /// So many of them survive a power failure.
    synced: usize,
    /// A sync failed: what was not synced then is not on the disk, whatever later syncs say.
    is_lost: bool,
}

/// What becomes of a name; it survives a power failure behind the next sync of the directory only.
#[derive(Clone, Debug)]
enum Naming {
    Made(String, usize),
    Renamed(String, String),
    Removed(String),
}

/// Which requests fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Faults {
    /// One of so many fails; 0 for none.
    pub(super) one_of: u64,
    /// Bytes that fit.
    pub(super) space: Option<u64>,
    pub(super) is_locked: bool,
}

/// A directory.
#[derive(Clone, Debug)]
pub(super) struct Files {
    files: Vec<File>,
    names: BTreeMap<String, usize>,
    /// Files that were appended to stay open, whatever becomes of their names.
    open: BTreeMap<String, usize>,
    safe_names: BTreeMap<String, usize>,
    namings: Vec<Naming>,
    pub(super) faults: Faults,
    /// So many syncs of files fail.
    pub(super) fail_syncs: u64,
    /// One of the directory fails, behind so many that do not.
    pub(super) fail_directory_sync: Option<u64>,
    /// The requests that were carried out, as words.
    pub(super) said: Vec<String>,
}

impl Files {
    pub(super) fn new() -> Files {
        Files {
            files: Vec::new(),
            names: BTreeMap::new(),
            open: BTreeMap::new(),
            safe_names: BTreeMap::new(),
            namings: Vec::new(),
            faults: Faults::default(),
            fail_syncs: 0,
            fail_directory_sync: None,
            said: Vec::new(),
        }
    }

    /// Carries out the first `most` of these; the rest meets a crash.
    pub(super) fn carry_out(
        &mut self,
        requests: &[FileRequest],
        most: usize,
        dice: &mut Random,
    ) -> Vec<FileReply> {
        let mut failed = false;
        let mut replies = Vec::new();
        for request in requests.iter().take(most) {
            let reply = if failed {
                Err(FileError { trouble: FileTrouble::Skipped, text: "an earlier one failed".to_owned() })
            } else {
                self.one(request.clone(), dice)
            };
            failed |= reply.is_err();
            replies.push(reply);
        }
        replies
    }

    fn one(&mut self, request: FileRequest, dice: &mut Random) -> FileReply {
        let what = what_failed(&request);
        self.said.push(word(&request));
        self.carry(request, dice)
            .map_err(|error| FileError { text: format!("{what}: {}", error.text), ..error })
    }

    fn carry(&mut self, request: FileRequest, dice: &mut Random) -> FileReply {
        let fails = self.faults.one_of > 0 && dice.up_to(self.faults.one_of - 1) == 0;
        match request {
            FileRequest::Open if self.faults.is_locked => {
                Err(FileError { trouble: FileTrouble::Locked, text: "locked".to_owned() })
            }
            FileRequest::Append { file, bytes } => {
                let at = self.file_for_append(&file);
                let space = self.faults.space.map_or(u64::MAX, |space| space.saturating_sub(self.size()));
                let fits = bytes.len() as u64 <= space;
                let part = if fails { dice.up_to(bytes.len() as u64) as usize } else { bytes.len() };
                self.files[at].bytes.extend_from_slice(&bytes[..part.min(space as usize)]);
                if fails || !fits { failed("no space") } else { Ok(FileDone::Appended(bytes)) }
            }
            FileRequest::Sync(file) => {
                let Some(&at) = self.names.get(&*file) else { return failed("no such file") };
                let file = &mut self.files[at];
                if fails || self.fail_syncs > 0 {
                    self.fail_syncs = self.fail_syncs.saturating_sub(1);
                    file.is_lost = true;
                    return failed("the sync failed");
                }
                if !file.is_lost {
                    file.synced = file.bytes.len();
                }
                Ok(FileDone::Done)
            }
            _ if fails => failed("the disk has trouble"),
            FileRequest::Open => {
                self.open.clear();
                let length = |(name, at): (&String, &usize)| {
                    (name.as_str().into(), self.files[*at].bytes.len() as u64)
                };
                Ok(FileDone::Opened(self.names.iter().map(length).collect()))
            }
            FileRequest::Read(file) => match self.names.get(&*file) {
                Some(&at) => Ok(FileDone::Read(self.files[at].bytes.clone())),
                None => failed("no such file"),
            },
            FileRequest::Rename { from, to } => {
                assert!(!self.names.contains_key(&*to), "{to} is there already");
                let Some(at) = self.names.remove(&*from) else { return failed("no such file") };
                self.open.remove(&*from);
                self.names.insert(to.to_string(), at);
                self.namings.push(Naming::Renamed(from.to_string(), to.to_string()));
                Ok(FileDone::Done)
            }
            FileRequest::Remove(file) => {
                self.open.remove(&*file);
                if self.names.remove(&*file).is_some() {
                    self.namings.push(Naming::Removed(file.to_string()));
                }
                Ok(FileDone::Done)
            }
            FileRequest::SyncDirectory if self.fail_directory_sync == Some(0) => {
                self.fail_directory_sync = None;
                failed("the sync failed")
            }
            FileRequest::SyncDirectory => {
                self.fail_directory_sync = self.fail_directory_sync.map(|good| good - 1);
                self.safe_names = self.names.clone();
                self.namings.clear();
                Ok(FileDone::Done)
            }
        }
    }

    fn file_for_append(&mut self, name: &str) -> usize {
        if let Some(&at) = self.open.get(name).or(self.names.get(name)) {
            self.open.insert(name.to_owned(), at);
            return at;
        }
        let at = self.files.len();
        self.open.insert(name.to_owned(), at);
        self.files.push(File::default());
        self.names.insert(name.to_owned(), at);
        self.namings.push(Naming::Made(name.to_owned(), at));
        at
    }

    /// Bytes of the log's own files: what is kept aside is not among them.
    pub(super) fn size(&self) -> u64 {
        let is_own = |name: &str| name.ends_with(".wal") || name.ends_with(".acks");
        self.names
            .iter()
            .filter(|(name, _)| is_own(name))
            .map(|(_, at)| self.files[*at].bytes.len() as u64)
            .sum()
    }

    /// Whether a power failure would change nothing that matters: acknowledgements of records that are gone may come back.
    pub(super) fn is_safe(&self) -> bool {
        let is_synced = |at: &usize| self.files[*at].synced == self.files[*at].bytes.len();
        let matters = |naming: &Naming| !matches!(naming, Naming::Removed(name) if name.ends_with(".acks"));
        !self.namings.iter().any(matters) && self.names.values().all(is_synced)
    }

    /// Each file with its length, and how much of it is safe; and the names that are not.
    pub(super) fn state(&self) -> String {
        let file = |(name, at): (&String, &usize)| {
            let File { bytes, synced, is_lost } = &self.files[*at];
            format!("{name} {} {synced}{}", bytes.len(), if *is_lost { " lost" } else { "" })
        };
        format!("{:?} {:?}", self.names.iter().map(file).collect::<Vec<_>>(), self.namings)
    }

    /// The power fails: of what was not synced any part is left.
    pub(super) fn lose_power(&mut self, dice: &mut Random) {
        for naming in std::mem::take(&mut self.namings) {
            if dice.up_to(1) == 0 {
                continue;
            }
            match naming {
                Naming::Made(name, at) => {
                    self.safe_names.insert(name, at);
                }
                Naming::Renamed(from, to) => {
                    if let Some(at) = self.safe_names.remove(&from) {
                        self.safe_names.insert(to, at);
                    }
                }
                Naming::Removed(name) => {
                    self.safe_names.remove(&name);
                }
            }
        }
        self.names = self.safe_names.clone();
        for file in &mut self.files {
            let unsafe_bytes = file.bytes.len() - file.synced;
            let left = file.synced + dice.up_to(unsafe_bytes as u64) as usize;
            match dice.up_to(3) {
                0 => file.bytes.truncate(file.synced),
                1 => file.bytes.truncate(left),
                // The file was made longer, and some of the bytes did not arrive.
                2 => file.bytes[left..].fill(0),
                _ => {
                    let to = left + dice.up_to((file.bytes.len() - left) as u64) as usize;
                    file.bytes[left..to].fill(0);
                }
            }
            *file = File { synced: file.bytes.len(), bytes: std::mem::take(&mut file.bytes), is_lost: false };
        }
    }

    /// Somebody removes everything.
    pub(super) fn vanish(&mut self) {
        self.names.clear();
        self.safe_names.clear();
        self.namings.clear();
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.names.keys().cloned().collect()
    }

    pub(super) fn read(&self, name: &str) -> &[u8] {
        &self.files[self.names[name]].bytes
    }

    /// Puts a file there, safe.
    pub(super) fn put(&mut self, name: &str, bytes: &[u8]) {
        self.files.push(File { bytes: bytes.to_vec(), synced: bytes.len(), is_lost: false });
        self.names.insert(name.to_owned(), self.files.len() - 1);
        self.safe_names.insert(name.to_owned(), self.files.len() - 1);
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.names.remove(name);
        self.safe_names.remove(name);
    }
}

fn failed(text: &str) -> FileReply {
    Err(FileError { trouble: FileTrouble::Failed, text: text.to_owned() })
}

/// As the world tells it, without the path of the directory.
fn what_failed(request: &FileRequest) -> String {
    match request {
        FileRequest::Open => "cannot open the directory".to_owned(),
        FileRequest::Read(file) => format!("cannot read {file}"),
        FileRequest::Append { file, .. } => format!("cannot append to {file}"),
        FileRequest::Sync(file) => format!("cannot sync {file}"),
        FileRequest::Rename { from, .. } => format!("cannot rename {from}"),
        FileRequest::Remove(file) => format!("cannot remove {file}"),
        FileRequest::SyncDirectory => "cannot sync the directory".to_owned(),
    }
}

fn word(request: &FileRequest) -> String {
    match request {
        FileRequest::Open => "open".to_owned(),
        FileRequest::Read(file) => format!("read {file}"),
        FileRequest::Append { file, .. } => format!("append {file}"),
        FileRequest::Sync(file) => format!("sync {file}"),
        FileRequest::Rename { from, to } => format!("rename {from} {to}"),
        FileRequest::Remove(file) => format!("remove {file}"),
        FileRequest::SyncDirectory => "sync directory".to_owned(),
    }
}
