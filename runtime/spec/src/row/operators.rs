//! The rows of the operators.

use super::shared::{
    DESCRIPTION, MOST_BYTES, MOST_EVENTS, USUAL_BYTES, differing, duration, fixed, needing, not_yet,
    required, structural, tunable, tunable_uint, up_to, usual,
};
use super::{KeyRow, KeyType, Literal, OneOf};
use crate::given::Given;
use crate::value::Value;

/// An operator.
#[derive(Debug)]
pub struct OperatorRow {
    /// As it stands in `define … operator`: `qos::wal`.
    pub name: &'static str,
    /// Which of the constructs of generated code it is.
    pub role: OperatorRole,
    /// Its config keys.
    pub keys: &'static [KeyRow],
    /// Groups of keys of which at least one must be set.
    pub one_of: OneOf<'static>,
    /// What it does, in one sentence without a period.
    pub doc: &'static str,
}

/// The constructs of generated code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorRole {
    /// Keeps events until they are confirmed, and replays what failed.
    Log,
    /// Hands each event to one of several outputs that have room; keeps nothing.
    Distributor,
}

/// What a log's events survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Durability {
    /// Nothing: they are in memory.
    Memory,
    /// The end of the program, however it ends: they are written before they go on, and synced later.
    Written,
    /// A loss of power as well: they are synced before they go on.
    Safe,
}

impl OperatorRow {
    /// Whether an operator with this config keeps its events on disk.
    pub fn is_on_disk<V>(&self, config: &[(String, V)]) -> bool {
        self.role == OperatorRole::Log && config.iter().any(|(key, _)| key == DIR)
    }

    /// What the events of a log survive, by its settings: `given` tells what is given for a key, or its default. Where only the
    /// environment knows, it is the least.
    pub fn durability(&self, given: impl Fn(&str) -> Given) -> Durability {
        if self.role != OperatorRole::Log || given(DIR).is_null() {
            return Durability::Memory;
        }
        match given(SYNC).to_value() {
            Some(Value::String(sync)) if sync == "always" || sync == "batch" => Durability::Safe,
            _ => Durability::Written,
        }
    }

    /// The names of the output ports of an operator with this (checked) config, `overflow` not among them.
    pub fn outputs(&self, config: &[(String, Value)]) -> Vec<String> {
        match self.role {
            OperatorRole::Log => vec![String::from("out")],
            OperatorRole::Distributor => {
                let written =
                    config.iter().find(|(key, _)| key == OUTPUTS.name).map(|(_, value)| value.clone());
                strings(&written.unwrap_or_else(|| OUTPUTS.default.to_value()))
            }
        }
    }

    /// Whether it has the port `overflow`, which takes what finds no room; linking it is optional.
    pub fn has_overflow(&self) -> bool {
        self.role == OperatorRole::Distributor
    }
}

fn strings(value: &Value) -> Vec<String> {
    let Value::List(items) = value else { return Vec::new() };
    items.iter().filter_map(|item| if let Value::String(s) = item { Some(s.clone()) } else { None }).collect()
}

/// All operators, in the order in which messages list them.
pub fn operators() -> &'static [OperatorRow] {
    OPERATORS
}

/// The operator of this name.
pub fn find_operator(name: &str) -> Option<&'static OperatorRow> {
    OPERATORS.iter().find(|row| row.name == name)
}

const OUTPUTS: KeyRow = fixed(
    "outputs",
    KeyType::Strings(&["err", "overflow"]),
    Literal::Strings(&["out"]),
    "the names of the output ports, in the order in which they take their turns",
);

/// The key that says how many events a log keeps.
pub const MAX_ELEMENTS: &str = "max_elements";

/// The key that makes a log one on disk.
pub const DIR: &str = "dir";

/// The key that says when a log on disk syncs.
pub const SYNC: &str = "sync";

/// How long the files of a log on disk are at most, in bytes, unless that is said.
const MOST_FILES: i64 = 1 << 30;

/// The least that can be said: less has no room for segments.
const LEAST_FILES: u64 = 16 * 1024;

/// No log is meant to be smaller, in bytes.
const LEAST_LOG_BYTES: u64 = 1000;

static OPERATORS: &[OperatorRow] = &[
    OperatorRow {
        name: "qos::wal",
        role: OperatorRole::Log,
        keys: &[
            required(up_to(
                MAX_ELEMENTS,
                tunable_uint(
                    "read_count",
                    Literal::None,
                    "events",
                    1,
                    u32::MAX as u64,
                    "how many events one call takes from the log at most",
                ),
            )),
            tunable_uint(
                MAX_ELEMENTS,
                Literal::None,
                "events",
                1,
                MOST_EVENTS,
                "how many events the log keeps at most",
            ),
            differing(
                DIR,
                Literal::Int(MOST_FILES),
                LEAST_FILES,
                usual(
                    LEAST_LOG_BYTES,
                    USUAL_BYTES,
                    tunable_uint(
                        "max_bytes",
                        Literal::None,
                        "bytes",
                        1,
                        MOST_BYTES,
                        "how many bytes of encoded events the log keeps at most; with `dir`, how long its files are at most",
                    ),
                ),
            ),
            structural(fixed(
                DIR,
                KeyType::Directory,
                Literal::None,
                "the directory of its files, which makes it a log on disk; if not set, it is in memory",
            )),
            differing(
                DIR,
                Literal::Str("batch"),
                0,
                needing(
                    &[(DIR, "")],
                    tunable(fixed(
                        SYNC,
                        KeyType::Choice(&["always", "batch", "interval"]),
                        Literal::None,
                        "when what is written is synced to the disk: before an event goes on, each by itself (`always`) \
                         or all that came meanwhile (`batch`), or every `sync_interval` (`interval`)",
                    )),
                ),
            ),
            differing(
                DIR,
                Literal::Int(1000),
                1,
                needing(
                    &[(DIR, ""), (SYNC, "interval")],
                    KeyRow {
                        default: Literal::None,
                        ..duration("sync_interval", 0, 1, "the longest time from writing to syncing")
                    },
                ),
            ),
            DESCRIPTION,
            not_yet("flush_on_evnt"),
        ],
        one_of: &[&[MAX_ELEMENTS, "max_bytes"]],
        doc: "keeps each event until it is confirmed downstream, and replays what failed",
    },
    OperatorRow {
        name: "qos::roundrobin",
        role: OperatorRole::Distributor,
        keys: &[OUTPUTS, DESCRIPTION],
        one_of: &[],
        doc: "hands each event to the next of its outputs that has room",
    },
];
