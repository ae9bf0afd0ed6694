//! The rows of the onramps, the sources of events.

use super::shared::{CODEC, DESCRIPTION, MAX_EVENT_BYTES, YEAR_MS, not_yet, required, tunable_uint};
use super::{KeyRow, Literal};

/// A source of events.
#[derive(Debug)]
pub struct OnrampRow {
    /// As it stands behind `from`: `metronome`.
    pub name: &'static str,
    /// The fields of its events, in their order.
    pub shape: &'static [(&'static str, Shape)],
    /// Where its events leave it.
    pub ports: &'static [&'static str],
    /// Its config keys.
    pub keys: &'static [KeyRow],
    /// The Rust type of its machine: a path below the hidden module for generated code.
    pub rust: &'static [&'static str],
    /// Whether it gives a failed event again; if not, what fails with no log behind it is lost.
    pub replays: bool,
    /// What it does, in one sentence without a period.
    pub doc: &'static str,
}

/// The type of a field of a source's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An integer from 0 to `u64::MAX`.
    Uint,
    /// A string.
    String,
    /// A string of at most so many bytes, none of which JSON escapes: its length in a log is known beforehand.
    ShortString(u32),
}

/// All onramps, in the order in which messages list them.
pub fn onramps() -> &'static [OnrampRow] {
    ONRAMPS
}

/// The onramp of this name.
pub fn find_onramp(name: &str) -> Option<&'static OnrampRow> {
    ONRAMPS.iter().find(|row| row.name == name)
}

static ONRAMPS: &[OnrampRow] = &[OnrampRow {
    name: "metronome",
    shape: &[
        ("onramp", Shape::ShortString("metronome".len() as u32)),
        ("id", Shape::Uint),
        ("ingest_ns", Shape::Uint),
    ],
    ports: &["out", "err"],
    keys: &[
        required(tunable_uint(
            "interval",
            Literal::None,
            "ms",
            1,
            YEAR_MS,
            "the time from one event to the next",
        )),
        MAX_EVENT_BYTES,
        CODEC,
        DESCRIPTION,
        not_yet("codec_map"),
        not_yet("err_required"),
        not_yet("linked"),
        not_yet("metrics_interval_s"),
        not_yet("preprocessors"),
        not_yet("postprocessors"),
    ],
    rust: &["Metronome"],
    replays: false,
    doc: "makes an event per interval",
}];
