//! What a journal tells people, in log lines and when it gives up.

use tracing::{error, info, warn};

use super::content::{Identity, VERSION};
use super::damage::Damage;
use super::frame::Stretch;
use super::recovery::{LogFile, Refusal, SegmentFound};
use crate::core::{FileError, FileTrouble};

/// Whose lines they are.
#[derive(Clone, Debug)]
pub(super) struct Log {
    /// `pipeline.p.log`, as settings name it.
    path: String,
    instance: String,
}

/// Lines of the same trouble: the first few, then those of powers of two.
const MOST_LINES: u32 = 3;

impl Log {
    pub(super) fn new(identity: &Identity) -> Log {
        let path = format!("pipeline.{}.{}", identity.pipeline, identity.operator);
        Log { path, instance: identity.instance.clone() }
    }

    /// What was found in a segment that is not as it was written.
    pub(super) fn found(&self, number: u64, found: &SegmentFound) {
        let Log { path, instance } = self;
        let (records, acks) = (LogFile::Records(number).name(), LogFile::Acks(number).name());
        for Damage { at, len: bytes, events, never_arrived, .. } in
            found.broken.iter().filter(|damage| damage.events == 0)
        {
            let why = if *never_arrived {
                "it has zeros as a power failure leaves them where bytes had not arrived; no event that was acknowledged is lost"
            } else {
                "no event is lost with it"
            };
            warn!(
                path,
                instance,
                file = records,
                at,
                bytes,
                events,
                "a part of the write-ahead log is broken, and skipped: {why}"
            );
        }
        for damage in found.broken.iter().filter(|damage| damage.events > 0) {
            let Damage { at, len: bytes, events: events_at_most, .. } = damage;
            let missing = damage.missing_in_words();
            error!(
                path,
                instance,
                file = records,
                at,
                bytes,
                events_at_most,
                missing,
                "a part of the write-ahead log is broken, and skipped: events are lost"
            );
        }
        for Stretch { at, len: bytes } in &found.broken_acks {
            warn!(
                path,
                instance,
                file = acks,
                at,
                bytes,
                "a part of the write-ahead log is broken, and skipped: events that were confirmed there go out once more"
            );
        }
        if found.torn + found.torn_acks > 0 {
            let bytes = found.torn + found.torn_acks;
            info!(
                path,
                instance,
                segment = number,
                bytes,
                "what was being written when the last run ended is cut off"
            );
        }
    }

    pub(super) fn opened(&self, directory: &str, events: usize, segments: usize) {
        let Log { path, instance } = self;
        info!(path, instance, directory, events, segments, "the write-ahead log is open");
    }

    pub(super) fn trouble(&self, directory: &str, error: &str, failures: u32) {
        let Log { path, instance } = self;
        if failures <= MOST_LINES || failures.is_power_of_two() {
            warn!(
                path,
                instance,
                directory,
                error,
                failures,
                "the write-ahead log cannot be written; it is tried again"
            );
        }
    }

    pub(super) fn unfit_dropped(&self, bytes: u64) {
        let Log { path, instance } = self;
        warn!(
            path,
            instance, bytes, "events whose shape does not fit are not kept aside: there are too many"
        );
    }

    pub(super) fn broken_dropped(&self, file: &str) {
        let Log { path, instance } = self;
        warn!(path, instance, file, "a broken file is not kept aside: there are too many");
    }

    /// Why the log is not opened at all.
    pub(super) fn not_opened(&self, directory: &str, error: &FileError) -> String {
        let path = &self.path;
        match error.trouble {
            FileTrouble::Locked => format!(
                "{path}: the directory `{directory}` is in use by another process; \
                 help: stop that one, or give each its own `dir`"
            ),
            _ => format!("{path}: {error}; help: `dir` must be a directory that can be read and written"),
        }
    }

    pub(super) fn refused(&self, directory: &str, refusal: &Refusal) -> String {
        let path = &self.path;
        match refusal {
            Refusal::Newer { version } => format!(
                "{path}: the write-ahead log in `{directory}` has format {version}, of a newer build, and this one reads up to \
                 {VERSION}; help: run a build that is not older than the one that wrote it"
            ),
            Refusal::Foreign(identity) => format!(
                "{path}: the write-ahead log in `{directory}` belongs to `pipeline.{}.{}`, instance `{}`; \
                 help: give each log its own `dir`",
                identity.pipeline, identity.operator, identity.instance
            ),
            Refusal::Numbers => format!(
                "{path}: the write-ahead log in `{directory}` names numbers to which no log counts, so some other program has changed \
                 its files; help: put back a copy of them, or give another `dir`"
            ),
        }
    }
}
