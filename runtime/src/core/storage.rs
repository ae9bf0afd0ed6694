//! The border between a log's machine and whoever keeps its files: requests and replies as plain values, which the driver
//! exchanges with an I/O task between steps of the core. What is in the files is not here (that is the log), nor how they
//! are written (that is the world).

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

/// The name of a file in a log's directory: no path.
pub type FileName = Arc<str>;

/// One thing to be done in a log's directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileRequest {
    /// Makes the directory where it is missing, with the ones above it, so that they survive a power failure; takes the lock
    /// on it, which lasts as long as the storage; lists its files. A second one, behind trouble, does the same once more.
    Open,
    /// Reads a whole file.
    Read(FileName),
    /// Appends to a file, and makes it where it is missing.
    Append {
        /// The file.
        file: FileName,
        /// What to append; the buffer comes back.
        bytes: Vec<u8>,
    },
    /// What was appended to the file until now survives a power failure, when this is done; its name does too, if that was
    /// there at the last [`FileRequest::SyncDirectory`]. Fails if the file is no longer in the directory.
    Sync(FileName),
    /// Gives a file another name, which no other file may have.
    Rename {
        /// The file.
        from: FileName,
        /// Its new name.
        to: FileName,
    },
    /// Removes a file. One that is not there is no error.
    Remove(FileName),
    /// Names that were made, given or removed until now survive a power failure, when this is done.
    SyncDirectory,
}

/// A request that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileDone {
    /// [`FileRequest::Open`]: the files with their lengths in bytes, in the order of their names.
    Opened(Vec<(FileName, u64)>),
    /// [`FileRequest::Read`]: what is in the file.
    Read(Vec<u8>),
    /// [`FileRequest::Append`]: the buffer, to be used again.
    Appended(Vec<u8>),
    /// The others.
    Done,
}

/// Why a request was not carried out, or not wholly: of an append a part may have been written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// What kind of trouble it is.
    pub trouble: FileTrouble,
    /// What was tried, where, and why that did not work, in words.
    pub text: String,
}

/// Kinds of trouble with files, as far as it matters which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileTrouble {
    /// Somebody else has the lock on the directory.
    Locked,
    /// Not tried, because a request before it in the same exchange failed.
    Skipped,
    /// Anything else: no space, read-only, gone, broken.
    Failed,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for FileError {}

/// What became of one request.
pub type FileReply = Result<FileDone, FileError>;

/// One log's requests and replies, owned by the machine.
///
/// The driver takes all requests at once when those that it took before are answered; the I/O side carries them out in their order,
/// and once one fails, it tries none of the rest of them. Each has exactly one reply, in the same order.
#[derive(Debug)]
pub struct Storage {
    /// The path of the directory.
    pub directory: String,
    /// For the I/O side.
    pub requests: Vec<FileRequest>,
    /// From the I/O side; the machine takes them.
    pub replies: VecDeque<FileReply>,
}

impl Storage {
    /// Of a directory that was not opened yet.
    pub fn new(directory: String) -> Storage {
        Storage { directory, requests: Vec::new(), replies: VecDeque::new() }
    }
}
