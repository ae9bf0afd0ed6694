//! A log's directory on a real disk: a thread of its own that carries out one batch of requests after the other, since any of
//! them may block for long, and a sync does so as a rule. What the files hold is not here, nor what to do about a failure: that
//! is the log.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use crate::core::{FileDone, FileName, FileReply, FileRequest};
use crate::world::{Directory, all_failed, cannot, locked, skipped};

/// The file whose lock is the directory's. It is not listed.
const LOCK: &str = "lock";
/// How long a lock that somebody holds is waited for: who has just ended may need a moment to let go.
const LOCK_LIMIT: Duration = Duration::from_millis(500);
/// How long to wait for a lock before the next try.
const NEXT_TRY: Duration = Duration::from_millis(10);

/// A log's directory on a real disk.
#[derive(Debug)]
pub struct RealDirectory {
    path: String,
    /// To its thread, which ends when this is dropped; `None`: there is no thread yet, or it died.
    batches: Option<mpsc::Sender<Batch>>,
}

/// Requests on their way to the thread.
#[derive(Debug)]
struct Batch {
    requests: Vec<FileRequest>,
    told: oneshot::Sender<Vec<FileReply>>,
}

impl RealDirectory {
    pub(super) fn new(path: &str) -> RealDirectory {
        RealDirectory { path: path.to_owned(), batches: None }
    }

    /// # Errors
    /// There is no thread that does it.
    async fn exchange(&mut self, requests: Vec<FileRequest>) -> io::Result<Vec<FileReply>> {
        let batches = match &self.batches {
            Some(batches) => batches,
            None => self.batches.insert(start(&self.path)?),
        };
        let (told, replies) = oneshot::channel();
        // It is full only behind a batch whose replies nobody waited for.
        let sent = batches.send(Batch { requests, told }).await;
        sent.map_err(|_| io::Error::other("its thread died"))?;
        replies.await.map_err(|_| io::Error::other("its thread died"))
    }
}

impl Directory for RealDirectory {
    async fn carry_out(&mut self, requests: Vec<FileRequest>) -> Vec<FileReply> {
        let count = requests.len();
        match self.exchange(requests).await {
            Ok(replies) => replies,
            Err(error) => {
                self.batches = None;
                all_failed(count, format!("cannot use the directory \"{}\": {error}", self.path))
            }
        }
    }
}

/// Starts the thread of a directory.
fn start(path: &str) -> io::Result<mpsc::Sender<Batch>> {
    let (batches, to_do) = mpsc::channel(1);
    let files = Files { path: path.to_owned(), opened: None };
    thread::Builder::new().name("io-log".to_owned()).spawn(move || serve(files, to_do))?;
    Ok(batches)
}

/// Carries out batches until there are no more.
fn serve(mut files: Files, mut batches: mpsc::Receiver<Batch>) {
    while let Some(Batch { requests, told }) = batches.blocking_recv() {
        let mut replies: Vec<FileReply> = Vec::with_capacity(requests.len());
        for request in requests {
            // Nobody waits for the rest: the flow was stopped.
            if told.is_closed() {
                break;
            }
            let failed = replies.last().is_some_and(Result::is_err);
            replies.push(if failed { Err(skipped()) } else { files.carry_out(request) });
        }
        drop(told.send(replies));
    }
}

/// The thread's side.
#[derive(Debug)]
struct Files {
    path: String,
    opened: Option<Opened>,
}

/// A directory that this thread has the lock on.
#[derive(Debug)]
struct Opened {
    directory: File,
    /// Held as long as it is open.
    lock: File,
    /// Files that are appended to. A log has few: two for each of its segments at most.
    appended: BTreeMap<FileName, File>,
}

impl Files {
    fn carry_out(&mut self, request: FileRequest) -> FileReply {
        let result = match &request {
            FileRequest::Open => return self.open(),
            FileRequest::Read(file) => self.read(file).map(FileDone::Read),
            FileRequest::Append { file, bytes } => {
                self.appended(file).and_then(|file| file.write_all(bytes)).map(|()| FileDone::Done)
            }
            FileRequest::Sync(file) => self.sync(file).map(|()| FileDone::Done),
            FileRequest::Rename { from, to } => self.rename(from, to).map(|()| FileDone::Done),
            FileRequest::Remove(file) => self.remove(file).map(|()| FileDone::Done),
            FileRequest::SyncDirectory => self.sync_directory().map(|()| FileDone::Done),
        };
        match (result, request) {
            (Err(error), request) => Err(cannot(&self.path, &request, error)),
            (Ok(_), FileRequest::Append { bytes, .. }) => Ok(FileDone::Appended(bytes)),
            (Ok(done), _) => Ok(done),
        }
    }

    fn path_of(&self, name: &str) -> PathBuf {
        Path::new(&self.path).join(name)
    }

    fn opened(&self) -> io::Result<&Opened> {
        self.opened.as_ref().ok_or_else(|| io::Error::other("it is not open"))
    }

    /// The file, opened to be appended to, and made where it is missing.
    fn appended(&mut self, name: &FileName) -> io::Result<&mut File> {
        let path = self.path_of(name);
        let opened = self.opened.as_mut().ok_or_else(|| io::Error::other("it is not open"))?;
        if !opened.appended.contains_key(name) {
            let file = OpenOptions::new().create(true).append(true).open(path)?;
            opened.appended.insert(Arc::clone(name), file);
        }
        Ok(opened.appended.get_mut(name).expect("it was put there"))
    }

    fn read(&self, name: &FileName) -> io::Result<Vec<u8>> {
        self.opened()?;
        again(|| fs::read(self.path_of(name)))
    }

    fn sync(&self, name: &FileName) -> io::Result<()> {
        let path = self.path_of(name);
        if let Some(file) = self.opened()?.appended.get(name) {
            file.sync_data()?;
            return is_still_at(&path, file);
        }
        // A sync makes no files. Nor is the file kept open: a log syncs all that it has found, and that may be more files than a
        // process may have open.
        again(|| OpenOptions::new().append(true).open(&path))?.sync_data()
    }

    fn sync_directory(&self) -> io::Result<()> {
        let directory = &self.opened()?.directory;
        directory.sync_all()?;
        is_still_at(Path::new(&self.path), directory)
    }

    fn rename(&mut self, from: &FileName, to: &FileName) -> io::Result<()> {
        let (old, new) = (self.path_of(from), self.path_of(to));
        self.opened()?;
        // The system would replace what is there. Nobody else makes files here: this thread has the lock.
        if again(|| fs::exists(&new))? {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.close(from);
        again(|| fs::rename(&old, &new))
    }

    fn remove(&mut self, name: &FileName) -> io::Result<()> {
        let path = self.path_of(name);
        self.opened()?;
        self.close(name);
        match again(|| fs::remove_file(&path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    fn close(&mut self, name: &FileName) {
        if let Some(opened) = &mut self.opened {
            opened.appended.remove(name);
        }
    }

    fn open(&mut self) -> FileReply {
        let cannot = |error| cannot(&self.path, &FileRequest::Open, error);
        let path = Path::new(&self.path);
        make(path).map_err(cannot)?;
        let directory = again(|| File::open(path)).map_err(cannot)?;
        let held = self.opened.take().map(|opened| opened.lock);
        let Some(lock) = self.lock(held).map_err(cannot)? else { return Err(locked(&self.path)) };
        self.opened = Some(Opened { directory, lock, appended: BTreeMap::new() });
        again(|| list(path)).map(FileDone::Opened).map_err(cannot)
    }

    /// Takes the lock; keeps the one that is held, unless it is on a file that is no longer there. `None`: somebody else has it.
    fn lock(&self, held: Option<File>) -> io::Result<Option<File>> {
        let path = self.path_of(LOCK);
        if let Some(held) = held
            && is_still_at(&path, &held).is_ok()
        {
            return Ok(Some(held));
        }
        let gives_up = Instant::now() + LOCK_LIMIT;
        loop {
            let file = again(|| OpenOptions::new().create(true).truncate(false).write(true).open(&path))?;
            match file.try_lock() {
                Ok(()) if is_still_at(&path, &file).is_ok() => return Ok(Some(file)),
                // Where it was removed meanwhile, its lock keeps nobody out.
                Ok(()) | Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => {
                    let text = format!("its file \"{LOCK}\" cannot be locked: {error}");
                    return Err(io::Error::new(error.kind(), text));
                }
            }
            if Instant::now() >= gives_up {
                return Ok(None);
            }
            thread::sleep(NEXT_TRY);
        }
    }
}

/// Makes a directory with those above it, from the top, and each name safe in the directory above before there is anything below
/// it. So of what a run before may have made, only the last name may not be safe; that is made so, too.
fn make(path: &Path) -> io::Result<()> {
    if again(|| fs::metadata(path)).is_ok_and(|metadata| metadata.is_dir()) {
        return match sync_name(path) {
            // Where it cannot be read, it was not made from here.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
            other => other,
        };
    }
    if let Some(above) = above(path) {
        make(above)?;
    }
    match again(|| fs::create_dir(path)) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            // Else somebody was faster.
            if !path.is_dir() {
                return Err(io::ErrorKind::NotADirectory.into());
            }
        }
        other => other?,
    }
    sync_name(path)
}

/// The directory that has the name of this one; `None`: that is the working directory, or there is none.
fn above(path: &Path) -> Option<&Path> {
    path.parent().filter(|above| !above.as_os_str().is_empty())
}

/// A directory's name survives a power failure, when this is done.
fn sync_name(path: &Path) -> io::Result<()> {
    // What ends with `.`, `..` or the root was not made from here.
    if path.file_name().is_none() {
        return Ok(());
    }
    let above = above(path).unwrap_or(Path::new("."));
    again(|| File::open(above))?.sync_all()
}

/// The files of a directory with their lengths, in the order of their names. A log's files have names that are text.
fn list(path: &Path) -> io::Result<Vec<(FileName, u64)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        if let Some(name) = entry.file_name().to_str()
            && metadata.is_file()
            && name != LOCK
        {
            files.push((FileName::from(name), metadata.len()));
        }
    }
    files.sort();
    Ok(files)
}

/// Whether what is open is what has this path: whoever opens it by its path later would otherwise find something else, or
/// nothing, whatever is written here.
fn is_still_at(path: &Path, file: &File) -> io::Result<()> {
    let (there, here) = (again(|| fs::metadata(path))?, again(|| file.metadata())?);
    if (there.dev(), there.ino()) == (here.dev(), here.ino()) {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::NotFound, "it was replaced by another one"))
}

/// Does a call again that was interrupted.
fn again<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

#[cfg(test)]
mod tests;
