//! The rows of the operators.

use super::shared::{DESCRIPTION, MOST_BYTES, MOST_EVENTS, fixed, not_yet, required, tunable_uint};
use super::{KeyRow, KeyType, Literal, OneOf};
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

impl OperatorRow {
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

static OPERATORS: &[OperatorRow] = &[
    OperatorRow {
        name: "qos::wal",
        role: OperatorRole::Log,
        keys: &[
            required(tunable_uint(
                "read_count",
                Literal::None,
                "events",
                1,
                u32::MAX as u64,
                "how many events one call takes from the log at most",
            )),
            tunable_uint(
                "max_elements",
                Literal::None,
                "events",
                1,
                MOST_EVENTS,
                "how many events the log keeps at most",
            ),
            tunable_uint(
                "max_bytes",
                Literal::None,
                "bytes",
                1,
                MOST_BYTES,
                "how many bytes of encoded events the log keeps at most",
            ),
            DESCRIPTION,
            not_yet("dir"),
            not_yet("flush_on_evnt"),
            not_yet("sync"),
        ],
        one_of: &[&["max_elements", "max_bytes"]],
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
