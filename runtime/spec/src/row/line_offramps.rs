//! The rows of the offramps that write lines.

use super::offramps::OfframpRow;
use super::shared::{
    DESCRIPTION, WINDOW_BYTES, WINDOW_EVENTS, duration, fixed, line_codec, not_yet, path, required, tunable,
    up_to,
};
use super::{FileUse, KeyRow, KeyType, Literal};

const STANDARD_KEYS: &[KeyRow] = &[
    tunable(fixed("prefix", KeyType::String, Literal::None, "what stands before each line")),
    WINDOW_EVENTS,
    WINDOW_BYTES,
    line_codec("json"),
    DESCRIPTION,
    not_yet("raw"),
    not_yet("codec_map"),
    not_yet("linked"),
    not_yet("metrics_interval_s"),
    not_yet("postprocessors"),
    not_yet("preprocessors"),
];

pub(super) const STDOUT: OfframpRow = OfframpRow {
    name: "stdout",
    ports: &["err"],
    keys: STANDARD_KEYS,
    rust: &["Stdout"],
    connects: true,
    confirms: "the program's standard output",
    is_safe: false,
    doc: "writes each event as a line to the program's standard output",
};

pub(super) const STDERR: OfframpRow = OfframpRow {
    name: "stderr",
    ports: &["err"],
    keys: STANDARD_KEYS,
    rust: &["Stderr"],
    connects: true,
    confirms: "the program's standard error",
    is_safe: false,
    doc: "writes each event as a line to the program's standard error",
};

pub(super) const FILE: OfframpRow = OfframpRow {
    name: "file",
    ports: &["err"],
    keys: &[
        required(path("file", FileUse::Emptied, "the file to write; it is emptied at start")),
        up_to(
            "backoff_max",
            duration(
                "backoff_min",
                100,
                1,
                "the first wait before opening it again; it doubles with each failure",
            ),
        ),
        duration("backoff_max", 10_000, 1, "the longest wait before opening it again"),
        WINDOW_EVENTS,
        WINDOW_BYTES,
        line_codec("json"),
        DESCRIPTION,
        not_yet("codec_map"),
        not_yet("linked"),
        not_yet("metrics_interval_s"),
        not_yet("postprocessors"),
        not_yet("preprocessors"),
    ],
    rust: &["WriteFile"],
    connects: true,
    confirms: "the file, as far as the system has taken it",
    is_safe: false,
    doc: "writes each event as a line to a file",
};
