//! What seeds have reached, so that one sees that a simulation of many of them is worth something. What must hold is the account's.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// What may happen in a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    Lost,
    Repeated,
    Rejected,
    Lied,
    Grown,
    Full,
    Killed,
    PowerLost,
    Drained,
    Recovered,
    AgainAfterCrash,
    Unsafe,
    DiskFailed,
    Rewritten,
    Cleaned,
    Removed,
    SetAside,
}

/// In words.
const WORDS: [&str; 17] = [
    "a connection ended with events unconfirmed",
    "an event was repeated",
    "an event was rejected",
    "a server lied",
    "a window has grown",
    "the log was full",
    "the process was killed",
    "the power failed",
    "a run was drained before the last",
    "a run found events on disk",
    "a confirmed event came again behind a crash",
    "the power failed while something was not safe",
    "requests to the disk failed",
    "a segment was written anew behind trouble",
    "a segment was cleaned",
    "a segment was removed",
    "a broken segment was kept aside",
];

/// In how many seeds what happened.
#[derive(Debug, Default)]
pub struct Coverage([AtomicU64; WORDS.len()]);

/// What has happened in one seed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sight(u32);

impl Sight {
    /// This has.
    pub(super) fn note(&mut self, what: Seen) {
        self.0 |= 1 << what as u32;
    }

    /// This has, if that is so.
    pub(super) fn note_if(&mut self, what: Seen, is_so: bool) {
        self.0 |= u32::from(is_so) << what as u32;
    }
}

impl Coverage {
    /// One seed more.
    pub(super) fn add(&self, sights: [Sight; 2]) {
        let all = sights[0].0 | sights[1].0;
        for (at, count) in self.0.iter().enumerate() {
            count.fetch_add(u64::from(all >> at & 1), Ordering::Relaxed);
        }
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (words, count) in WORDS.iter().zip(&self.0) {
            let count = count.load(Ordering::Relaxed);
            if count > 0 {
                writeln!(f, "{count:>9}  {words}")?;
            }
        }
        Ok(())
    }
}
