//! The real world, with directories that note what is asked of them: sizes and order, and in a run that is not measured the
//! bytes too.

use std::ffi::OsString;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use foreshock::core::{Endpoint, FileName, FileReply, FileRequest, Time};
use foreshock::world::{Directory, RealDirectory, RealStream, RealWorld, World};

/// What was asked of a directory, as far as it costs something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// So many bytes to that file.
    Append(FileName, usize),
    /// Of a file.
    Sync(FileName),
    /// Of the directory.
    SyncDirectory,
}

/// What was asked, from the begin on until it is taken.
#[derive(Clone, Debug)]
pub struct Trace(Arc<Mutex<Noted>>);

#[derive(Debug)]
struct Noted {
    ops: Vec<Op>,
    tape: Vec<u8>,
    keeps_bytes: bool,
    is_over: bool,
}

impl Trace {
    /// Nothing was asked yet.
    pub fn new(keeps_bytes: bool) -> Trace {
        let noted = Noted { ops: Vec::new(), tape: Vec::new(), keeps_bytes, is_over: false };
        Trace(Arc::new(Mutex::new(noted)))
    }

    fn lock(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What comes from now on is not noted.
    pub fn end(&self) {
        self.lock().is_over = true;
    }

    /// What was asked, and the bytes, if they were kept.
    pub fn take(&self) -> (Vec<Op>, Vec<u8>) {
        let mut noted = self.lock();
        (std::mem::take(&mut noted.ops), std::mem::take(&mut noted.tape))
    }

    fn note(&self, requests: &[FileRequest]) {
        let mut noted = self.lock();
        if noted.is_over {
            return;
        }
        for request in requests {
            match request {
                FileRequest::Append { file, bytes } => {
                    noted.ops.push(Op::Append(file.clone(), bytes.len()));
                    if noted.keeps_bytes {
                        noted.tape.extend_from_slice(bytes);
                    }
                }
                FileRequest::Sync(file) => noted.ops.push(Op::Sync(file.clone())),
                FileRequest::SyncDirectory => noted.ops.push(Op::SyncDirectory),
                _ => {}
            }
        }
    }
}

/// The real world, but for that.
#[derive(Clone, Debug)]
pub struct Recording {
    real: RealWorld,
    trace: Trace,
}

impl Recording {
    /// Notes in that trace.
    pub fn new(trace: Trace) -> Recording {
        Recording { real: RealWorld::new(), trace }
    }
}

/// A real directory.
#[derive(Debug)]
pub struct RecordingDirectory {
    real: RealDirectory,
    trace: Trace,
}

impl Directory for RecordingDirectory {
    async fn carry_out(&mut self, requests: Vec<FileRequest>) -> Vec<FileReply> {
        self.trace.note(&requests);
        self.real.carry_out(requests).await
    }
}

impl World for Recording {
    type Stream = RealStream;
    type Directory = RecordingDirectory;

    async fn connect(&self, endpoint: &Endpoint, within: Duration) -> io::Result<RealStream> {
        self.real.connect(endpoint, within).await
    }

    fn directory(&self, path: &str) -> RecordingDirectory {
        RecordingDirectory { real: self.real.directory(path), trace: self.trace.clone() }
    }

    fn now(&self) -> Time {
        self.real.now()
    }

    fn unix_ns(&self) -> u64 {
        self.real.unix_ns()
    }

    async fn sleep_until(&self, at: Time) {
        self.real.sleep_until(at).await;
    }

    fn hostname(&self) -> io::Result<String> {
        Ok(crate::in_process::HOSTNAME.to_owned())
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        self.real.variable(name)
    }

    fn is_same_file(&self, a: &str, b: &str) -> bool {
        self.real.is_same_file(a, b)
    }

    fn seed(&self) -> [u8; 32] {
        self.real.seed()
    }
}
