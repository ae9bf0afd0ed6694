//! The disk of a simulated machine: the directories of logs, with everything that can go wrong with them, chosen by the test
//! and drawn from the seed. Files that a `lines` onramp or offramp names are not on it: those are
//! [streams](crate::testing::sim::Sim::listen_at).

mod directory;
mod files;
mod system;

pub use directory::SimDirectory;

use std::fmt;
use std::path::{Component, Path};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use crate::core::{FileRequest, Random};
use crate::testing::sim::Sim;
use crate::testing::sim::disk::system::System;

/// What crashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crash {
    /// The process: the system writes all that it was given, and of a request under way any part is done.
    Process,
    /// The system, or its power. Of what was not synced, any part survives: all, nothing, the beginning of it up to any byte, that and
    /// zeros, single blocks of 512 bytes. The same holds for what a failed sync was to write. Files that were made, renamed or
    /// removed since the directory was synced may be there or not, under the old name or the new one.
    Power,
}

/// A kind of [`FileRequest`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RequestKind {
    /// [`FileRequest::Open`].
    Open,
    /// [`FileRequest::Read`].
    Read,
    /// [`FileRequest::Append`]. One that fails has written any part.
    Append,
    /// [`FileRequest::Sync`]. What one that fails was to write is never safe, even if a later one succeeds: so do the file systems
    /// that are there.
    Sync,
    /// [`FileRequest::Rename`].
    Rename,
    /// [`FileRequest::Remove`].
    Remove,
    /// [`FileRequest::SyncDirectory`].
    SyncDirectory,
}

impl RequestKind {
    /// All of them.
    pub const ALL: [RequestKind; 7] = [
        RequestKind::Open,
        RequestKind::Read,
        RequestKind::Append,
        RequestKind::Sync,
        RequestKind::Rename,
        RequestKind::Remove,
        RequestKind::SyncDirectory,
    ];

    /// The kind of a request.
    pub fn of(request: &FileRequest) -> RequestKind {
        match request {
            FileRequest::Open => RequestKind::Open,
            FileRequest::Read(_) => RequestKind::Read,
            FileRequest::Append { .. } => RequestKind::Append,
            FileRequest::Sync(_) => RequestKind::Sync,
            FileRequest::Rename { .. } => RequestKind::Rename,
            FileRequest::Remove(_) => RequestKind::Remove,
            FileRequest::SyncDirectory => RequestKind::SyncDirectory,
        }
    }
}

/// The disk of a simulated machine, from [`Sim::disk`](crate::testing::sim::Sim::disk). Clones are the same disk.
///
/// At first it is empty, and healthy: each request takes up to two milliseconds. What is on it stays from one run of a flow in
/// the same simulation to the next.
///
/// ```
/// # use foreshock::core::FileRequest;
/// # use foreshock::testing::sim::{Crash, Sim};
/// # use foreshock::world::{Directory, World};
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let sim = Sim::new(7);
/// let append = |text: &str| FileRequest::Append { file: "a".into(), bytes: text.into() };
/// let mut log = sim.directory("./wal");
/// let requests = [FileRequest::Open, append("safe"), FileRequest::Sync("a".into()), FileRequest::SyncDirectory];
/// assert!(log.carry_out(requests.into()).await.iter().all(Result::is_ok));
/// assert!(log.carry_out([append(", and not safe")].into()).await[0].is_ok());
/// assert_eq!(sim.disk().read("./wal", "a").as_deref(), Some(&b"safe, and not safe"[..]));
///
/// sim.crash_disk(Crash::Power);
/// assert!(sim.disk().read("./wal", "a").is_some_and(|left| left.starts_with(b"safe")));
/// assert!(sim.directory("./wal").carry_out([FileRequest::Open].into()).await[0].is_ok());
/// # });
/// # std::io::Result::Ok(())
/// ```
#[derive(Clone)]
pub struct SimDisk {
    shared: Arc<Shared>,
}

struct Shared {
    system: Mutex<System>,
    froze: Notify,
    thawed: Notify,
}

impl fmt::Debug for SimDisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimDisk").field("directories", &self.directories()).finish_non_exhaustive()
    }
}

impl SimDisk {
    pub(super) fn new(random: Random) -> SimDisk {
        let system = Mutex::new(System::new(random));
        SimDisk { shared: Arc::new(Shared { system, froze: Notify::new(), thawed: Notify::new() }) }
    }

    pub(super) fn directory(&self, sim: Sim, path: &str) -> SimDirectory {
        let (id, boot) = self.lock(System::enter);
        SimDirectory::new(sim, normal(path), id, boot)
    }

    fn lock<T>(&self, work: impl FnOnce(&mut System) -> T) -> T {
        work(&mut self.shared.system.lock().expect("nobody panics while holding it"))
    }

    fn thawed(&self) -> Notified<'_> {
        self.shared.thawed.notified()
    }

    fn tell_frozen(&self) {
        self.shared.froze.notify_waiters();
    }

    /// From now on each request takes a time in this range, drawn from the seed.
    pub fn set_latency(&self, least: Duration, most: Duration) {
        self.lock(|system| system.latency = (least, most.max(least)));
    }

    /// The next `times` requests of this kind fail; others may come between them.
    pub fn fail_next(&self, kind: RequestKind, times: u64) {
        self.lock(|system| system.failing.insert(kind, times));
    }

    /// All requests of this kind fail, until the disk is [healed](SimDisk::heal).
    pub fn fail_all(&self, kind: RequestKind) {
        self.fail_next(kind, u64::MAX);
    }

    /// From now on all files together have at most so many bytes: an append beyond that writes what fits, and fails.
    pub fn limit_space(&self, bytes: u64) {
        self.lock(|system| system.space = bytes);
    }

    /// From now on nothing can be done but reading.
    pub fn set_read_only(&self) {
        self.lock(|system| system.read_only = true);
    }

    /// Ends everything that makes requests fail. What was lost stays lost.
    pub fn heal(&self) {
        self.lock(System::heal);
    }

    /// Somebody removes a directory, with its files and the lock on it. What has files of it open may go on writing to them; a
    /// sync fails.
    pub fn remove_directory(&self, path: &str) {
        self.lock(|system| system.directories.remove(&normal(path)));
    }

    /// After so many more requests the disk stops: at the beginning of the next one, it neither does nor answers anything any more.
    /// If it crashes then, any part of that request is done.
    pub fn freeze_after_requests(&self, requests: u64) {
        self.lock(|system| system.freeze_requests = Some(requests));
    }

    /// The same, and only requests of this kind count: so it stops where something interesting happens.
    pub fn freeze_at(&self, kind: RequestKind, after: u64) {
        self.lock(|system| system.freeze_at = Some((kind, after)));
    }

    /// When so many more bytes are appended the disk stops, in the middle of an append. If it crashes then, no more than these were
    /// appended.
    pub fn freeze_after_bytes(&self, bytes: u64) {
        self.lock(|system| system.freeze_bytes = Some(bytes));
    }

    /// Waits until the disk has stopped.
    pub async fn frozen(&self) {
        loop {
            let froze = self.shared.froze.notified();
            if self.lock(|system| system.frozen) {
                return;
            }
            froze.await;
        }
    }

    /// Goes on where the disk has stopped; it does not stop again.
    pub fn thaw(&self) {
        self.lock(System::thaw);
        self.shared.thawed.notify_waiters();
    }

    /// The machine crashes, and starts again at once, with a disk that does not stop. All locks are gone. A flow that still runs
    /// gets no answer from the disk any more, for ever: [kill](crate::Handle::kill) it. What makes requests fail goes on.
    pub fn crash(&self, crash: Crash) {
        self.lock(|system| system.crash(crash));
        self.shared.thawed.notify_waiters();
    }

    /// How many requests were begun until now.
    pub fn requests(&self) -> u64 {
        self.lock(|system| system.requests)
    }

    /// How many requests have failed until now, of those that were tried.
    pub fn failures(&self) -> u64 {
        self.lock(|system| system.failures)
    }

    /// How many bytes were appended until now.
    pub fn appended(&self) -> u64 {
        self.lock(|system| system.appended)
    }

    /// The paths of all directories that there are.
    pub fn directories(&self) -> Vec<String> {
        self.lock(|system| system.directories.keys().cloned().collect())
    }

    /// The files of a directory with their lengths, in the order of their names; empty, if there is no such directory.
    pub fn list(&self, directory: &str) -> Vec<(String, u64)> {
        self.lock(|system| {
            let files = system.directories.get(&normal(directory)).map(|files| files.files.list());
            files.unwrap_or_default().into_iter().map(|(name, len)| (name.to_string(), len)).collect()
        })
    }

    /// The most bytes that all segments of a log and their acknowledgements had at any time.
    pub(crate) fn most_log_bytes(&self, directory: &str) -> u64 {
        self.lock(|system| {
            system.directories.get(&normal(directory)).map_or(0, |directory| directory.most_log_bytes)
        })
    }

    /// What is in a file.
    pub fn read(&self, directory: &str, file: &str) -> Option<Vec<u8>> {
        self.lock(|system| Some(system.directories.get(&normal(directory))?.files.read(file)?.to_vec()))
    }

    /// Puts a file there, with its directory, instead of what may be there; safe from a power failure.
    pub fn write(&self, directory: &str, file: &str, bytes: impl Into<Vec<u8>>) {
        self.lock(|system| system.make(&normal(directory)).files.put(file, bytes.into()));
    }

    /// Removes a file. Whatever has it open may go on writing to it; a sync fails.
    pub fn remove(&self, directory: &str, file: &str) {
        self.lock(|system| {
            if let Some(directory) = system.directories.get_mut(&normal(directory)) {
                directory.files.remove(file);
            }
        });
    }

    /// Flips a bit (0 to 7) of a byte of a file.
    ///
    /// # Panics
    /// If there is no such file, byte, or bit.
    #[track_caller]
    pub fn flip(&self, directory: &str, file: &str, byte: usize, bit: u8) {
        let flipped = bit < 8
            && self.lock(|system| {
                let directory = system.directories.get_mut(&normal(directory));
                directory.is_some_and(|directory| directory.files.flip(file, byte, bit))
            });
        assert!(flipped, "{directory}/{file} has no bit {bit} of byte {byte}");
    }
}

/// A path as the disk knows it, so that `./wal/` and `wal` are the same.
fn normal(path: &str) -> String {
    let mut normal = String::new();
    for part in Path::new(path).components().filter(|part| *part != Component::CurDir) {
        if !normal.is_empty() && !normal.ends_with('/') {
            normal.push('/');
        }
        normal.push_str(&part.as_os_str().to_string_lossy());
    }
    normal
}

#[cfg(test)]
mod tests;
