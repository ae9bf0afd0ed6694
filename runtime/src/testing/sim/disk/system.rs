//! The system that a simulated disk belongs to: what is under way, what fails, when the disk stops, what a crash does. What is
//! left of files then is in `files`.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use crate::core::{FileDone, FileName, FileReply, FileRequest, Random};
use crate::testing::sim::disk::directory::Opened;
use crate::testing::sim::disk::files::{Files, at_most};
use crate::testing::sim::disk::{Crash, RequestKind};
use crate::world::{cannot, locked};

/// A healthy request takes up to this long.
const LATENCY: Duration = Duration::from_millis(2);

/// All there is of a disk, and of the system that writes to it.
pub(super) struct System {
    random: Random,
    pub(super) directories: BTreeMap<String, Directory>,
    /// What is next to get a number: a directory, or somebody who uses one.
    next: u64,
    /// How often it has crashed.
    boot: u64,
    /// By who has asked.
    under_way: BTreeMap<u64, UnderWay>,
    pub(super) latency: (Duration, Duration),
    /// How many more of a kind fail.
    pub(super) failing: BTreeMap<RequestKind, u64>,
    pub(super) space: u64,
    pub(super) read_only: bool,
    pub(super) freeze_requests: Option<u64>,
    pub(super) freeze_at: Option<(RequestKind, u64)>,
    pub(super) freeze_bytes: Option<u64>,
    pub(super) frozen: bool,
    pub(super) requests: u64,
    pub(super) failures: u64,
    pub(super) appended: u64,
}

/// One directory that is there.
pub(super) struct Directory {
    id: u64,
    /// Who has the lock.
    holder: Option<u64>,
    /// The most that a log in it has had.
    pub(super) most_log_bytes: u64,
    pub(super) files: Files,
}

impl Directory {
    fn measure(&mut self) {
        self.most_log_bytes = self.most_log_bytes.max(self.files.log_total());
    }
}

/// A request that is being carried out.
struct UnderWay {
    path: String,
    request: FileRequest,
    /// Where it is an append in the middle of which the disk has stopped: so many of its bytes are written.
    written: Option<usize>,
}

/// What became of a request whose time is over.
pub(super) enum End {
    Done(FileReply),
    /// Nothing yet: the disk has stopped.
    Frozen,
    /// The machine that asked has crashed.
    Crashed,
}

impl System {
    pub(super) fn new(random: Random) -> System {
        System {
            random,
            directories: BTreeMap::new(),
            next: 0,
            boot: 0,
            under_way: BTreeMap::new(),
            latency: (Duration::ZERO, LATENCY),
            failing: BTreeMap::new(),
            space: u64::MAX,
            read_only: false,
            freeze_requests: None,
            freeze_at: None,
            freeze_bytes: None,
            frozen: false,
            requests: 0,
            failures: 0,
            appended: 0,
        }
    }

    /// Somebody wants to use a directory: a number for them, and since which crash they are there.
    pub(super) fn enter(&mut self) -> (u64, u64) {
        (self.number(), self.boot)
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// They want nothing more. What is under way for them is cut off.
    pub(super) fn leave(&mut self, id: u64, boot: u64) {
        if boot != self.boot {
            return;
        }
        self.cut_off(id);
        for directory in self.directories.values_mut().filter(|directory| directory.holder == Some(id)) {
            directory.holder = None;
        }
    }

    /// The directory at this path, made where it is missing.
    pub(super) fn make(&mut self, path: &str) -> &mut Directory {
        if !self.directories.contains_key(path) {
            let directory =
                Directory { id: self.number(), holder: None, most_log_bytes: 0, files: Files::default() };
            self.directories.insert(path.to_owned(), directory);
        }
        self.directories.get_mut(path).expect("it was put there")
    }

    /// A request begins: how long it takes.
    pub(super) fn begin(&mut self, id: u64, boot: u64, path: &str, request: FileRequest) -> Duration {
        if boot != self.boot {
            return Duration::ZERO;
        }
        self.cut_off(id);
        self.requests += 1;
        match &mut self.freeze_requests {
            Some(0) => self.frozen = true,
            Some(left) => *left -= 1,
            None => {}
        }
        match &mut self.freeze_at {
            Some((kind, left)) if *kind == RequestKind::of(&request) => {
                self.frozen |= *left == 0;
                *left = left.saturating_sub(1);
            }
            _ => {}
        }
        self.under_way.insert(id, UnderWay { path: path.to_owned(), request, written: None });
        if self.frozen {
            return Duration::ZERO;
        }
        let (least, most) = self.latency;
        let range_us = u64::try_from((most - least).as_micros()).unwrap_or(u64::MAX);
        least + Duration::from_micros(self.random.up_to(range_us))
    }

    /// The time of a request is over.
    pub(super) fn end(&mut self, id: u64, boot: u64, opened: &mut Option<Opened>) -> End {
        if boot != self.boot {
            return End::Crashed;
        }
        if self.frozen {
            return End::Frozen;
        }
        let mut request = self.under_way.remove(&id).expect("it was begun, and there was no crash");
        if self.freezes_in(&mut request, opened.as_mut()) {
            self.under_way.insert(id, request);
            return End::Frozen;
        }
        let UnderWay { path, request, written } = request;
        let result = match self.trouble(&request) {
            Some(error) => {
                self.fail(&path, &request, opened.as_mut());
                Err(error)
            }
            None if request == FileRequest::Open => return End::Done(self.open(id, &path, opened)),
            None => self.carry_out(&path, &request, written.unwrap_or(0), opened.as_mut()),
        };
        self.failures += u64::from(result.is_err());
        End::Done(match (result, request) {
            (Err(reason), request) => Err(cannot(&path, &request, reason)),
            (Ok(_), FileRequest::Append { bytes, .. }) => Ok(FileDone::Appended(bytes)),
            (Ok(done), _) => Ok(done),
        })
    }

    /// Whether this is the append in the middle of which the disk stops; what comes before is written.
    fn freezes_in(&mut self, under_way: &mut UnderWay, opened: Option<&mut Opened>) -> bool {
        let FileRequest::Append { file, bytes } = &under_way.request else { return false };
        let Some(left) = &mut self.freeze_bytes else { return false };
        if bytes.len() as u64 <= *left {
            *left -= bytes.len() as u64;
            return false;
        }
        let written = usize::try_from(*left).expect("less than there are");
        self.frozen = true;
        under_way.written = Some(written);
        let _ = self.append(&under_way.path, file, &bytes[..written], opened);
        true
    }

    /// Why a request fails, if the disk is not healthy.
    fn trouble(&mut self, request: &FileRequest) -> Option<io::Error> {
        let kind = RequestKind::of(request);
        if let Some(left) = self.failing.get_mut(&kind).filter(|left| **left > 0) {
            if *left < u64::MAX {
                *left -= 1;
            }
            return Some(io::Error::other("Input/output error (simulated)"));
        }
        let read_only = self.read_only && kind != RequestKind::Read;
        read_only.then(|| io::ErrorKind::ReadOnlyFilesystem.into())
    }

    /// What a request does that fails.
    fn fail(&mut self, path: &str, request: &FileRequest, opened: Option<&mut Opened>) {
        match request {
            FileRequest::Append { file, bytes } if !self.read_only => {
                let written = at_most(&mut self.random, bytes.len());
                let _ = self.append(path, file, &bytes[..written], opened);
            }
            FileRequest::Sync(file) => {
                if let Some(directory) = self.directories.get_mut(path)
                    && let Some(id) = directory.files.find(file)
                {
                    directory.files.fail_sync(id);
                }
            }
            _ => {}
        }
    }

    fn open(&mut self, id: u64, path: &str, opened: &mut Option<Opened>) -> FileReply {
        let directory = self.make(path);
        if directory.holder.is_some_and(|holder| holder != id) {
            *opened = None;
            return Err(locked(path));
        }
        directory.holder = Some(id);
        *opened = Some(Opened { directory: directory.id, files: BTreeMap::new() });
        Ok(FileDone::Opened(directory.files.list()))
    }

    fn carry_out(
        &mut self,
        path: &str,
        request: &FileRequest,
        written: usize,
        opened: Option<&mut Opened>,
    ) -> io::Result<FileDone> {
        if let FileRequest::Append { file, bytes } = request {
            return self.append(path, file, &bytes[written..], opened).map(|()| FileDone::Done);
        }
        let opened = opened.ok_or_else(not_open)?;
        let directory = self.directories.get_mut(path).filter(|directory| directory.id == opened.directory);
        let files = match (directory, request) {
            (Some(directory), _) => &mut directory.files,
            // There is none.
            (None, FileRequest::Remove(_)) => return Ok(FileDone::Done),
            (None, _) => return Err(io::ErrorKind::NotFound.into()),
        };
        match request {
            FileRequest::Open | FileRequest::Append { .. } => unreachable!("they are done elsewhere"),
            FileRequest::Read(file) => {
                let bytes = files.read(file).ok_or(io::ErrorKind::NotFound)?;
                return Ok(FileDone::Read(bytes.to_vec()));
            }
            FileRequest::Sync(file) => {
                let id = files.find(file).ok_or(io::ErrorKind::NotFound)?;
                if opened.files.get(file).is_some_and(|open| *open != id) {
                    return Err(io::Error::other("it was replaced by another one"));
                }
                files.sync(id);
            }
            FileRequest::Rename { from, to } => {
                if files.find(to).is_some() {
                    return Err(io::ErrorKind::AlreadyExists.into());
                }
                files.find(from).ok_or(io::ErrorKind::NotFound)?;
                opened.files.remove(from);
                files.rename(from, to);
            }
            FileRequest::Remove(file) => {
                opened.files.remove(file);
                files.remove(file);
            }
            FileRequest::SyncDirectory => files.sync_names(),
        }
        Ok(FileDone::Done)
    }

    /// Appends as much as there is space for.
    fn append(
        &mut self,
        path: &str,
        file: &FileName,
        bytes: &[u8],
        opened: Option<&mut Opened>,
    ) -> io::Result<()> {
        let opened = opened.ok_or_else(not_open)?;
        let fits = bytes.len().min(self.space_left());
        let directory = self.directories.get_mut(path).filter(|directory| directory.id == opened.directory);
        match (directory, opened.files.get(file)) {
            (Some(directory), Some(id)) => {
                directory.files.append(*id, &bytes[..fits]);
                directory.measure();
            }
            (Some(directory), None) => {
                let files = &mut directory.files;
                let id = files.find(file).unwrap_or_else(|| files.make(file));
                opened.files.insert(file.clone(), id);
                files.append(id, &bytes[..fits]);
                directory.measure();
            }
            // It was removed; who has it open may go on writing.
            (None, Some(_)) => {}
            (None, None) => return Err(io::ErrorKind::NotFound.into()),
        }
        self.appended += fits as u64;
        if fits < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn space_left(&self) -> usize {
        let used: u64 = self.directories.values().map(|directory| directory.files.total()).sum();
        usize::try_from(self.space.saturating_sub(used)).unwrap_or(usize::MAX)
    }

    pub(super) fn heal(&mut self) {
        self.failing.clear();
        self.space = u64::MAX;
        self.read_only = false;
    }

    pub(super) fn thaw(&mut self) {
        self.frozen = false;
        self.freeze_requests = None;
        self.freeze_at = None;
        self.freeze_bytes = None;
    }

    pub(super) fn crash(&mut self, crash: Crash) {
        let all: Vec<u64> = self.under_way.keys().copied().collect();
        for id in all {
            self.cut_off(id);
        }
        self.boot += 1;
        self.thaw();
        for directory in self.directories.values_mut() {
            directory.holder = None;
            if crash == Crash::Power {
                directory.files.lose_power(&mut self.random);
            }
            directory.measure();
        }
    }

    /// Of what is under way for somebody, any part is done.
    fn cut_off(&mut self, id: u64) {
        let Some(UnderWay { path, request, written }) = self.under_way.remove(&id) else { return };
        let space = self.space_left();
        let Some(directory) = self.directories.get_mut(&path) else { return };
        // Who has no lock has opened nothing. Nothing is done where the disk has stopped, nor by a sync: what that would have
        // written is lost only with the power, and then at random.
        if directory.holder != Some(id) || written.is_some() || self.read_only {
            return;
        }
        let files = &mut directory.files;
        match request {
            FileRequest::Append { file, bytes } => {
                let part = at_most(&mut self.random, bytes.len().min(space));
                let id = files.find(&file).unwrap_or_else(|| files.make(&file));
                files.append(id, &bytes[..part]);
                self.appended += part as u64;
            }
            FileRequest::Rename { from, to } if files.find(&to).is_none() && self.random.up_to(1) == 0 => {
                files.rename(&from, &to);
            }
            FileRequest::Remove(file) if self.random.up_to(1) == 0 => files.remove(&file),
            _ => {}
        }
    }
}

fn not_open() -> io::Error {
    io::Error::other("it is not open")
}
