//! The seam: everything that a running flow takes from outside (network, disk, clock, randomness, environment, the host's name)
//! behind one trait, so that a whole flow, driver and sinks included, runs in a simulation as it runs in the world.
//!
//! A type parameter, not a trait object: the driver is compiled once per world. What a flow does with the bytes
//! and the time is not here (that is the core), nor is the moving of bytes (that is the driver's I/O tasks).

mod real;

pub use real::{RealDirectory, RealStream, RealWorld};

use std::ffi::OsString;
use std::fmt;
use std::future::Future;
use std::io;
use std::time::Duration;

use foreshock_spec::is_same_path;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::core::{Endpoint, FileError, FileReply, FileRequest, FileTrouble, Time};

/// What a running flow takes from outside. A clone is the same world: same network, same start of time.
pub trait World: Clone + Send + Sync + 'static {
    /// An open connection.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// A log's directory.
    type Directory: Directory;

    /// Opens a byte stream. A host name means every address that it resolves to, tried in turn: each one when the one
    /// before it has failed, or has been silent for a quarter of a second. The first that answers is taken. Where who asks
    /// waits only `within`, each address gets a part of that at most.
    ///
    /// # Errors
    /// The host has no address, or the last address that was tried refused or could not be reached. There is no
    /// limit in time here: who asked gives up by dropping the future.
    fn connect(
        &self,
        endpoint: &Endpoint,
        within: Duration,
    ) -> impl Future<Output = io::Result<Self::Stream>> + Send;

    /// The directory at this path, relative to the working directory. Nothing is done with it before
    /// [`FileRequest::Open`].
    fn directory(&self, path: &str) -> Self::Directory;

    /// Monotonic time since this world was made.
    fn now(&self) -> Time;

    /// The system clock: nanoseconds since the Unix epoch.
    fn unix_ns(&self) -> u64;

    /// Returns at `at`, or up to a millisecond later; at once if that is past.
    fn sleep_until(&self, at: Time) -> impl Future<Output = ()> + Send;

    /// The name of this host.
    ///
    /// # Errors
    /// The system does not tell.
    fn hostname(&self) -> io::Result<String>;

    /// What an environment variable holds; `None` where there is no such variable.
    fn variable(&self, name: &str) -> Option<OsString>;

    /// Whether two paths lead to one file, which would be lost if one who writes emptied what another reads. A world without
    /// files compares the paths.
    fn is_same_file(&self, a: &str, b: &str) -> bool {
        is_same_path(a, b)
    }

    /// A fresh seed for the generators of one run.
    fn seed(&self) -> [u8; 32];
}

/// A directory with the files of one log. Dropped, it gives back the lock that [`FileRequest::Open`] took, if it did, as soon
/// as what is under way is done.
pub trait Directory: Send + 'static {
    /// Carries out requests in their order. Once one fails, none of the rest is tried: their replies are
    /// [`FileTrouble::Skipped`]. Gives one reply for each, in the same order. If the future is dropped, any number of them were
    /// carried out, the last one perhaps in part.
    fn carry_out(&mut self, requests: Vec<FileRequest>) -> impl Future<Output = Vec<FileReply>> + Send;
}

/// The reply to what stands behind a request that failed.
pub(crate) fn skipped() -> FileError {
    let text = "not tried, because a request before it failed".to_owned();
    FileError { trouble: FileTrouble::Skipped, text }
}

/// The reply to a request that failed: what was tried, where, and why that did not work.
pub(crate) fn cannot(directory: &str, request: &FileRequest, reason: impl fmt::Display) -> FileError {
    let text = match request {
        FileRequest::Open => format!("cannot open the directory \"{directory}\": {reason}"),
        FileRequest::Read(file) => format!("cannot read \"{directory}/{file}\": {reason}"),
        FileRequest::Append { file, bytes } => {
            format!("cannot append {} bytes to \"{directory}/{file}\": {reason}", bytes.len())
        }
        FileRequest::Sync(file) => format!("cannot sync \"{directory}/{file}\": {reason}"),
        FileRequest::Rename { from, to } => {
            format!("cannot rename \"{directory}/{from}\" to \"{to}\": {reason}")
        }
        FileRequest::Remove(file) => format!("cannot remove \"{directory}/{file}\": {reason}"),
        FileRequest::SyncDirectory => format!("cannot sync the directory \"{directory}\": {reason}"),
    };
    FileError { trouble: FileTrouble::Failed, text }
}

/// The reply to a [`FileRequest::Open`] of a directory that somebody else has open.
pub(crate) fn locked(directory: &str) -> FileError {
    let reason = "another flow has it open, in this process or in another one";
    FileError { trouble: FileTrouble::Locked, ..cannot(directory, &FileRequest::Open, reason) }
}

/// Replies where all of a batch failed for the same reason.
pub(crate) fn all_failed(count: usize, text: String) -> Vec<FileReply> {
    let mut replies = vec![Err(FileError { trouble: FileTrouble::Failed, text })];
    replies.resize(count, Err(skipped()));
    replies
}

/// Said where there is TLS to do, and no TLS in the program.
#[cfg(not(feature = "tls"))]
pub(crate) const NO_TLS: &str =
    "this program was built without TLS: `wss` needs the feature `tls` of foreshock";

/// The name of the host that is really there, for a [`RealWorld`] and for a pipeline that runs without a world.
pub(crate) fn hostname() -> io::Result<String> {
    Ok(hostname::get()?.to_string_lossy().into_owned())
}
