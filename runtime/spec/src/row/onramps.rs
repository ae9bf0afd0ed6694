//! The rows of the onramps, the sources of events.

use super::shared::{
    CODEC, DESCRIPTION, MAX_EVENT_BYTES, MOST_EVENTS, YEAR_MS, fixed, line_codec, not_yet, path, required,
    tunable_uint, usual,
};
use super::{FileUse, KeyRow, KeyType, Literal, OneOf};

/// A source of events.
#[derive(Debug)]
pub struct OnrampRow {
    /// As it stands behind `from`: `metronome`.
    pub name: &'static str,
    /// The fields of its events, in their order. None: its events are lines, of which each may be any value or none, and
    /// are refused one by one.
    pub shape: &'static [(&'static str, Shape)],
    /// Where its events leave it.
    pub ports: &'static [&'static str],
    /// Its config keys.
    pub keys: &'static [KeyRow],
    /// Of these keys, exactly one per group is given.
    pub exactly_one_of: OneOf<'static>,
    /// The Rust type of its machine: a path below the hidden module for generated code.
    pub rust: &'static [&'static str],
    /// Whether it reads from somewhere: an I/O task moves its bytes.
    pub connects: bool,
    /// Whether it gives a failed event again; if not, what fails with no log behind it is lost.
    pub replays: bool,
    /// The field that numbers its events, if it goes on at start behind the last one that a log on disk has stored.
    pub resumes: Option<&'static str>,
    /// Whether what it reads ends, and each run begins with the first of it: who starts a flow again gets all of it again, also what
    /// a log on disk has stored. A source that repeats itself within a run is none of these.
    pub begins_anew: bool,
    /// Whether a program can have one instance of it and no more: what it reads is there once.
    pub is_single: bool,
    /// What it does, in one sentence without a period.
    pub doc: &'static str,
}

impl OnrampRow {
    /// Whether each of its events is a text, where `codec` has this value (`None`: it is not set).
    pub fn makes_texts(&self, codec: Option<&str>) -> bool {
        let default = self.keys.iter().find(|key| key.name == "codec").map(|key| key.default);
        self.shape.is_empty()
            && match (codec, default) {
                (Some(codec), _) | (None, Some(Literal::Str(codec))) => codec == "string",
                _ => false,
            }
    }
}

/// The type of a field of a source's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An integer from 0 to `u64::MAX`.
    Uint,
    /// A string.
    String,
    /// Always this string.
    Constant(&'static str),
}

/// All onramps, in the order in which messages list them.
pub fn onramps() -> &'static [OnrampRow] {
    ONRAMPS
}

/// The onramp of this name.
pub fn find_onramp(name: &str) -> Option<&'static OnrampRow> {
    ONRAMPS.iter().find(|row| row.name == name)
}

static ONRAMPS: &[OnrampRow] = &[METRONOME, BLASTER, STDIN, FILE];

/// No metronome is meant to be slower, in milliseconds.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

const METRONOME: OnrampRow = OnrampRow {
    name: "metronome",
    shape: &[("onramp", Shape::Constant("metronome")), ("id", Shape::Uint), ("ingest_ns", Shape::Uint)],
    ports: &["out", "err"],
    keys: &[
        required(usual(
            1,
            DAY_MS,
            tunable_uint("interval", Literal::None, "ms", 1, YEAR_MS, "the time from one event to the next"),
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
    exactly_one_of: &[],
    rust: &["Metronome"],
    connects: false,
    replays: false,
    resumes: Some("id"),
    begins_anew: false,
    is_single: false,
    doc: "makes an event per interval",
};

const BLASTER: OnrampRow = OnrampRow {
    name: "blaster",
    shape: &[],
    ports: &["out", "err"],
    keys: &[
        path("source", FileUse::Read, "the file whose lines are the events"),
        fixed("lines", KeyType::Lines, Literal::None, "the lines themselves"),
        tunable_uint(
            "rate",
            Literal::None,
            "events per second",
            1,
            1_000_000_000,
            "how many events it makes; if not set, as many as the flow takes",
        ),
        tunable_uint(
            "iters",
            Literal::None,
            "times",
            1,
            MOST_EVENTS,
            "how often it goes through all lines; if not set, for ever",
        ),
        MAX_EVENT_BYTES,
        line_codec("json"),
        DESCRIPTION,
        fixed(
            "interval",
            KeyType::Instead("rate"),
            Literal::None,
            "write `rate`, how many events per second it makes",
        ),
        not_yet("base64"),
        not_yet("codec_map"),
        not_yet("err_required"),
        not_yet("linked"),
        not_yet("metrics_interval_s"),
        not_yet("preprocessors"),
        not_yet("postprocessors"),
    ],
    exactly_one_of: &[&["source", "lines"]],
    rust: &["Blaster"],
    connects: true,
    replays: false,
    resumes: None,
    begins_anew: false,
    is_single: false,
    doc: "makes an event of each line of a file or list, again and again",
};

const STDIN: OnrampRow = OnrampRow {
    name: "stdin",
    shape: &[],
    ports: &["out", "err"],
    keys: &[
        MAX_EVENT_BYTES,
        line_codec("string"),
        DESCRIPTION,
        not_yet("codec_map"),
        not_yet("err_required"),
        not_yet("linked"),
        not_yet("metrics_interval_s"),
        not_yet("preprocessors"),
        not_yet("postprocessors"),
    ],
    exactly_one_of: &[],
    rust: &["Stdin"],
    connects: true,
    replays: false,
    resumes: None,
    begins_anew: false,
    is_single: true,
    doc: "makes an event of each line of the program's standard input, and is done at its end",
};

const FILE: OnrampRow = OnrampRow {
    name: "file",
    shape: &[],
    ports: &["out", "err"],
    keys: &[
        required(path("source", FileUse::Read, "the file whose lines are the events")),
        MAX_EVENT_BYTES,
        line_codec("json"),
        DESCRIPTION,
        not_yet("close_on_done"),
        not_yet("sleep_on_done"),
        not_yet("codec_map"),
        not_yet("err_required"),
        not_yet("linked"),
        not_yet("metrics_interval_s"),
        not_yet("preprocessors"),
        not_yet("postprocessors"),
    ],
    exactly_one_of: &[],
    rust: &["ReadFile"],
    connects: true,
    replays: false,
    resumes: None,
    begins_anew: true,
    is_single: false,
    doc: "makes an event of each line of a file, and is done at its end",
};
