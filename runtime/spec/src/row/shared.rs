//! Keys that several rows have, and the shorthands with which rows are written.

use super::{FileUse, KeyRow, KeyType, Literal, With};

/// The greatest duration that a key takes, in milliseconds: a year. More is a slip, and clocks cannot add it.
pub(super) const YEAR_MS: u64 = 365 * 24 * 60 * 60 * 1000;

/// No wait for somebody else is meant to be longer, in milliseconds.
pub(super) const HOUR_MS: u64 = 60 * 60 * 1000;

/// Nothing in memory is meant to be larger, in bytes.
pub(super) const USUAL_BYTES: u64 = 1 << 40;

/// The greatest number of bytes that a key takes.
pub(super) const MOST_BYTES: u64 = i64::MAX as u64;

/// The greatest number of events that a key takes, and a log or sink holds: slots of tables are numbered with 32 bits,
/// and what waits in front of a full log needs numbers too.
pub const MOST_EVENTS: u64 = 1 << 31;

/// A number of milliseconds that can be tuned at start.
pub(super) const fn duration(
    name: &'static str,
    default_ms: i64,
    least_ms: u64,
    doc: &'static str,
) -> KeyRow {
    usual(0, HOUR_MS, tunable_uint(name, Literal::Int(default_ms), "ms", least_ms, YEAR_MS, doc))
}

/// The same key, whose number nobody means to be less or greater than this.
pub(super) const fn usual(least: u64, most: u64, key: KeyRow) -> KeyRow {
    KeyRow { usual: Some((least, most)), ..key }
}

/// The same key, whose number has no use beyond that of the key `other`.
pub(super) const fn up_to(other: &'static str, key: KeyRow) -> KeyRow {
    KeyRow { up_to: other, ..key }
}

/// A number that can be tuned at start.
pub(super) const fn tunable_uint(
    name: &'static str,
    default: Literal,
    unit: &'static str,
    least: u64,
    most: u64,
    doc: &'static str,
) -> KeyRow {
    let row = fixed(name, KeyType::Uint, default, doc);
    KeyRow { tunable: true, unit, least, most, ..row }
}

/// A key that is no number and that no start can change.
pub(super) const fn fixed(name: &'static str, ty: KeyType, default: Literal, doc: &'static str) -> KeyRow {
    KeyRow {
        name,
        ty,
        required: false,
        default,
        tunable: false,
        secret: false,
        header: "",
        unit: "",
        least: 0,
        most: 0,
        usual: None,
        up_to: "",
        doc,
        confirms: &[],
        needs: &[],
        structural: false,
        with: None,
        file: FileUse::None,
        scheme: "",
    }
}

/// The path of a file, which every start may change.
pub(super) const fn path(name: &'static str, file: FileUse, doc: &'static str) -> KeyRow {
    KeyRow { file, ..tunable(fixed(name, KeyType::String, Literal::None, doc)) }
}

/// A key that has a use with URLs of this scheme only.
pub(super) const fn only_with(scheme: &'static str, row: KeyRow) -> KeyRow {
    KeyRow { scheme, ..row }
}

/// A key that is recognised and refused.
pub(super) const fn not_yet(name: &'static str) -> KeyRow {
    fixed(name, KeyType::NotYet, Literal::None, "not supported yet")
}

/// The same key, which a definition must have.
pub(super) const fn required(key: KeyRow) -> KeyRow {
    KeyRow { required: true, ..key }
}

/// The same key, which can be tuned at start.
pub(super) const fn tunable(key: KeyRow) -> KeyRow {
    KeyRow { tunable: true, ..key }
}

/// The same key, which decides what an offramp confirms: with these values less than its row says.
pub(super) const fn confirming(confirms: &'static [(&'static str, &'static str)], key: KeyRow) -> KeyRow {
    KeyRow { confirms, ..key }
}

/// The same key, which means nothing without these others (and these values of them, where one is named).
pub(super) const fn needing(needs: &'static [(&'static str, &'static str)], key: KeyRow) -> KeyRow {
    KeyRow { needs, ..key }
}

/// The same key, with another default and another least number where the key `other` is there.
pub(super) const fn differing(other: &'static str, default: Literal, least: u64, key: KeyRow) -> KeyRow {
    KeyRow { with: Some(With { key: other, default, least }), ..key }
}

/// The same key, which a start can change, but neither add nor remove.
pub(super) const fn structural(key: KeyRow) -> KeyRow {
    KeyRow { tunable: true, structural: true, ..key }
}

/// The same key, whose value is never shown.
pub(super) const fn secret(key: KeyRow) -> KeyRow {
    KeyRow { secret: true, ..key }
}

/// The same key, which sets this header.
pub(super) const fn sets_header(header: &'static str, key: KeyRow) -> KeyRow {
    KeyRow { header, ..key }
}

/// What a person says about a definition; it has no effect.
pub(super) const DESCRIPTION: KeyRow =
    fixed("description", KeyType::String, Literal::None, "what it is for, for people; it has no effect");

/// How events are encoded at the border of the flow.
pub(super) const CODEC: KeyRow = fixed(
    "codec",
    KeyType::Codec(&["json"]),
    Literal::Str("json"),
    "how events are encoded at the border of the flow",
);

/// How the lines of a source or sink of lines are read or written.
pub(super) const fn line_codec(default: &'static str) -> KeyRow {
    fixed(
        "codec",
        KeyType::Codec(&["json", "string"]),
        Literal::Str(default),
        "what a line is: JSON, or a text as it stands",
    )
}

/// The key that says how many events a sink with a send window holds.
pub const WINDOW: &str = "window_events";

/// How many events a sink with a send window holds.
pub(super) const WINDOW_EVENTS: KeyRow =
    tunable_uint(WINDOW, Literal::Int(256), "events", 1, MOST_EVENTS, "how many events may be unconfirmed");

/// How many bytes a sink with a send window holds.
pub(super) const WINDOW_BYTES: KeyRow = usual(
    LEAST_EVENT_BYTES,
    USUAL_BYTES,
    tunable_uint(
        "window_bytes",
        Literal::Int(1024 * 1024),
        "bytes",
        1,
        MOST_BYTES,
        "how many bytes may be unconfirmed",
    ),
);

/// No event is meant to be smaller than that, in bytes.
const LEAST_EVENT_BYTES: u64 = 16;

/// The greatest event that an onramp lets in.
pub(super) const MAX_EVENT_BYTES: KeyRow = usual(
    LEAST_EVENT_BYTES,
    USUAL_BYTES,
    tunable_uint(
        "max_event_bytes",
        Literal::Int(1024 * 1024),
        "bytes",
        1,
        MOST_BYTES,
        "the greatest event that is let in; a larger one goes to `err`",
    ),
);
