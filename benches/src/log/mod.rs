//! A log on disk: a source that is always due → persistent log → blackhole that confirms, by the real driver in a real directory.
//! Nanoseconds an event until all are confirmed, by the clock on the wall; and how soon a log of a million events is open again.
//!
//! # What is compared
//!
//! - *Ours*: the generated pipeline, the real driver, the real directory, in the multi-threaded runtime of the ready program.
//!   Only the source is the benchmark's.
//! - *Plain*: one thread that gives the system the same bytes in the same groups: a `write` where ours appended to a file, an
//!   `fdatasync` where ours synced one, and nothing between them; no checksum, no source, no sink, no directory that is
//!   synced, no file that is removed. Which groups these are, a directory between driver and disk notes in each round of
//!   ours, and the round of the other side beside it repeats them, into fresh files on the same file system. The bytes are
//!   those of a first run, which is not measured.
//!
//! With `sync = "interval"` the other side hardly does anything at all: it is there to show what the rest costs.
//!
//! # Recovery
//!
//! The files of a log that was filled and never emptied are opened by a flow, until its first event is at the sink; beside it
//! they are read, one after the other, and nothing is done with their bytes. Both find them in the system's memory.

pub mod ours;
pub mod plain;
pub mod recording;

use std::cell::RefCell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::measure::{Compared, compare};
use recording::{Op, Trace};

/// A run that takes longer has failed.
const LIMIT: Duration = Duration::from_secs(60);

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Amount {
    /// Rounds of each side.
    pub rounds: u32,
    /// Events of a round, where several share a sync.
    pub events: u64,
    /// Events of a round, where each has one of its own.
    pub alone: u64,
    /// Events that are recovered.
    pub recovered: u64,
}

/// One way to sync.
#[derive(Clone, Debug)]
pub struct Line {
    /// As the flow says it.
    pub sync: &'static str,
    /// Nanoseconds an event.
    pub time: Compared,
    /// What the last round of ours asked of its directory.
    pub asked: Asked,
}

/// What a round asked of its directory, until the last event was confirmed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// Events of the round.
    pub events: u64,
    /// Bytes of their payloads.
    pub payload: u64,
    /// Bytes that were appended to files.
    pub appended: u64,
    /// Appends.
    pub appends: u64,
    /// Syncs of files, and of the directory.
    pub syncs: u64,
}

/// How a log is opened.
#[derive(Clone, Debug)]
pub struct Recovery {
    /// Milliseconds for all files.
    pub time: Compared,
    /// Events in them.
    pub events: u64,
    /// Bytes of all files.
    pub bytes: u64,
}

/// A directory for measuring: beside this program, so on the disk that it was built on; gone when this is dropped.
#[derive(Debug)]
pub struct Place(PathBuf);

impl Place {
    /// # Errors
    /// It cannot be made.
    pub fn make(program: &Path) -> io::Result<Place> {
        let beside = program.parent().unwrap_or(Path::new("."));
        let path = beside.join(format!("foreshock-benches-log-{}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Place(path))
    }

    fn fresh(&self, name: &str) -> io::Result<PathBuf> {
        let path = self.0.join(name);
        fs::remove_dir_all(&path).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })?;
        Ok(path)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What cannot be removed now is found beside the program by whoever looks.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The values of `sync`.
pub const SYNCS: [&str; 3] = ["always", "batch", "interval"];

/// Measures throughput. `program` is this program.
///
/// # Errors
/// The directory cannot be used.
///
/// # Panics
/// If not all was confirmed.
pub fn measure(program: &Path, amount: Amount) -> io::Result<Vec<Line>> {
    let place = Place::make(program)?;
    SYNCS.into_iter().map(|sync| line(&place, sync, amount)).collect()
}

fn line(place: &Place, sync: &'static str, amount: Amount) -> io::Result<Line> {
    let events = if sync == "always" { amount.alone } else { amount.events };
    let (ours_at, plain_at) = (place.fresh("ours")?, place.fresh("plain")?);
    let (first, tape) = {
        let trace = Trace::new(true);
        ours::confirm_all(&ours_at, sync, events, &trace);
        trace.take()
    };
    let last: RefCell<Vec<Op>> = RefCell::new(first);
    let ours = || {
        place.fresh("ours").expect("what was made here can be removed");
        let trace = Trace::new(false);
        let took = ours::confirm_all(&ours_at, sync, events, &trace);
        *last.borrow_mut() = trace.take().0;
        took.as_nanos() as f64 / events as f64
    };
    let plain = || {
        place.fresh("plain").expect("what was made here can be removed");
        let took = plain::write(&plain_at, &last.borrow(), &tape).expect("ours could write the same");
        took.as_nanos() as f64 / events as f64
    };
    let time = compare(amount.rounds, ours, plain);
    let asked = asked(events, &last.borrow());
    place.fresh("ours")?;
    place.fresh("plain")?;
    Ok(Line { sync, time, asked })
}

fn asked(events: u64, ops: &[Op]) -> Asked {
    let mut asked = Asked { events, payload: events * ours::PAYLOAD, ..Asked::default() };
    for op in ops {
        match op {
            Op::Append(_, len) => {
                asked.appends += 1;
                asked.appended += *len as u64;
            }
            Op::Sync(_) | Op::SyncDirectory => asked.syncs += 1,
        }
    }
    asked
}

/// Measures how a log is opened.
///
/// # Errors
/// The directory cannot be used.
///
/// # Panics
/// If the first event does not come.
pub fn recovery(program: &Path, amount: Amount) -> io::Result<Recovery> {
    let place = Place::make(program)?;
    let directory = place.fresh("kept")?;
    ours::fill(&directory, amount.recovered);
    let files = files(&directory.join("01"))?;
    let bytes = files.iter().map(|(_, len)| len).sum();
    let ms = |took: Duration| took.as_secs_f64() * 1000.0;
    let read = || ms(plain::read(&files).expect("ours can read them"));
    let time = compare(amount.rounds, || ms(ours::open(&directory, amount.recovered)), read);
    Ok(Recovery { time, events: amount.recovered, bytes })
}

fn files(directory: &Path) -> io::Result<Vec<(PathBuf, u64)>> {
    fs::read_dir(directory)?
        .map(|entry| {
            let entry = entry?;
            Ok((entry.path(), entry.metadata()?.len()))
        })
        .collect()
}
