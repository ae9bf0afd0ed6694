//! The registry: one row per operator, source and sink, with its config keys. A row says what may be written and
//! what it means; behaviour is in the runtime, wording of mistakes in [`crate::check`].
//!
//! To add an operator, a source or a sink: a row in its file here, and one file in the runtime.

mod flow;
mod offramps;
mod onramps;
mod operators;
mod shared;
mod unbuilt;

pub use flow::{FLOW, FlowRow};
pub use offramps::{OfframpRow, find_offramp, offramps};
pub use onramps::{OnrampRow, Shape, find_onramp, onramps};
pub use operators::{OperatorRole, OperatorRow, find_operator, operators};
pub use shared::MOST_EVENTS;
pub use unbuilt::{is_known_but_unbuilt, is_unbuilt_value};

use crate::value::Value;

/// What a definition defines; a name of a row is unique within its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A source of events.
    Onramp,
    /// A sink.
    Offramp,
    /// An operator of a pipeline.
    Operator,
    /// The flow itself.
    Flow,
}

impl Kind {
    /// Its name in messages.
    pub fn describe(self) -> &'static str {
        match self {
            Kind::Onramp => "onramp",
            Kind::Offramp => "offramp",
            Kind::Operator => "operator",
            Kind::Flow => "flow",
        }
    }
}

/// A config key.
#[derive(Debug)]
pub struct KeyRow {
    /// As it is written before the `=`.
    pub name: &'static str,
    /// What may be written behind the `=`.
    pub ty: KeyType,
    /// Whether a definition must have it.
    pub required: bool,
    /// What holds where it is not written; [`Literal::None`] means "not set".
    pub default: Literal,
    /// Whether it can be changed when the program starts (`--set`, builder); otherwise it is part of the flow's structure.
    pub tunable: bool,
    /// Of a number: `"ms"`, `"events"`, `"bytes"`; empty where there is none.
    pub unit: &'static str,
    /// The least number that is legal ([`KeyType::Uint`] only).
    pub least: u64,
    /// The greatest number that is legal ([`KeyType::Uint`] only).
    pub most: u64,
    /// One sentence without a period, for help texts.
    pub doc: &'static str,
    /// Of a choice of an offramp: with which values it confirms less than [`OfframpRow::confirms`] says, and up to where an
    /// event has come then.
    pub confirms: &'static [(&'static str, &'static str)],
}

impl KeyRow {
    /// Whether the key can be used at all; one that is only recognised ([`KeyType::NotYet`]) is in no list of legal keys.
    pub fn is_built(&self) -> bool {
        self.ty != KeyType::NotYet
    }
}

/// What may be written behind the `=` of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// `true` or `false`
    Bool,
    /// An integer within the row's `least` and `most`.
    Uint,
    /// Any string.
    String,
    /// A list of strings: at least one, none empty, none twice, and none of these (names that are taken).
    Strings(&'static [&'static str]),
    /// One of these strings.
    Choice(&'static [&'static str]),
    /// A URL with one of these schemes, a host, and no fragment.
    Url(&'static [&'static str]),
    /// The name of one of these codecs.
    Codec(&'static [&'static str]),
    /// A key that the language knows and this version does not build: refused whatever its value.
    NotYet,
}

/// A constant of a config, const-constructible: generated code holds tables of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Literal {
    /// Not set.
    None,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string.
    Str(&'static str),
    /// A list of strings.
    Strings(&'static [&'static str]),
}

impl Literal {
    /// As a value; `null` where it is not set.
    pub fn to_value(&self) -> Value {
        match self {
            Literal::None => Value::Null,
            Literal::Bool(b) => Value::Bool(*b),
            Literal::Int(i) => Value::Int(*i),
            Literal::Float(f) => Value::Float(*f),
            Literal::Str(s) => Value::from(*s),
            Literal::Strings(list) => Value::List(list.iter().map(|s| Value::from(*s)).collect()),
        }
    }
}

/// Of keys, at least one per group must be set.
pub type OneOf<'a> = &'a [&'a [&'a str]];
