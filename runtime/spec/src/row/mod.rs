//! The registry: one row per operator, source and sink, with its config keys. A row says what may be written and
//! what it means; behaviour is in the runtime, wording of mistakes in [`crate::check`].
//!
//! To add an operator, a source or a sink: a row in its file here, and one file in the runtime.

mod flow;
mod line_offramps;
mod offramps;
mod onramps;
mod operators;
mod shared;
mod unbuilt;

pub use flow::{FLOW, FlowRow};
pub use offramps::{OfframpRow, find_offramp, offramps};
pub use onramps::{OnrampRow, Shape, find_onramp, onramps};
pub use operators::{
    DIR, Durability, MAX_ELEMENTS, OperatorRole, OperatorRow, SYNC, find_operator, operators,
};
pub use shared::{MOST_EVENTS, WINDOW};
pub use unbuilt::{is_known_but_unbuilt, is_unbuilt_value};

use crate::given::Given;
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
    /// Whether its value is for the program and its peer alone: it is never shown, nor written anywhere.
    pub secret: bool,
    /// The header of the handshake that it sets, in small letters; empty for a key that sets none. Of all that set the same
    /// header one may be given.
    pub header: &'static str,
    /// Of a number: `"ms"`, `"events"`, `"bytes"`; empty where there is none.
    pub unit: &'static str,
    /// The least number that is legal ([`KeyType::Uint`] only).
    pub least: u64,
    /// The greatest number that is legal ([`KeyType::Uint`] only).
    pub most: u64,
    /// The least and the greatest number that anybody means; what is legal beyond them is most likely in another unit.
    pub usual: Option<(u64, u64)>,
    /// Another key: a number greater than its number has no use.
    pub up_to: &'static str,
    /// One sentence without a period, for help texts.
    pub doc: &'static str,
    /// Of a choice of an offramp: with which values it confirms less than [`OfframpRow::confirms`] says, and up to where an
    /// event has come then.
    pub confirms: &'static [(&'static str, &'static str)],
    /// Other keys without which this one has no meaning, each with the value that it must have; any, where that is empty.
    pub needs: &'static [(&'static str, &'static str)],
    /// Whether it is part of the flow's structure that the key is there at all: a start can change a value that the flow
    /// gives, and cannot give one where the flow has none.
    pub structural: bool,
    /// What is different where another key is there.
    pub with: Option<With>,
    /// Of a path: what is done with the file.
    pub file: FileUse,
    /// It has a use only where the definition's URL has this scheme; empty for a key that has one anyway.
    pub scheme: &'static str,
}

/// What is different for a key in a definition that has another key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct With {
    /// The other key.
    pub key: &'static str,
    /// In place of [`KeyRow::default`].
    pub default: Literal,
    /// In place of [`KeyRow::least`].
    pub least: u64,
}

/// What is done with a file that a key names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileUse {
    /// Nothing that others have to know of; also of a key that names none.
    None,
    /// Its events are read from it.
    Read,
    /// It is emptied at start.
    Emptied,
}

impl KeyRow {
    /// The key as it is in a definition with certain others; `has` tells which.
    pub fn among(&self, has: impl Fn(&str) -> bool) -> KeyRow {
        match self.with {
            Some(With { key, default, least }) if has(key) => KeyRow { default, least, ..*self },
            _ => KeyRow { ..*self },
        }
    }

    /// Whether the key has a meaning in a definition with certain others; `has` tells which. (Their values may be changed at start,
    /// and are not looked at.)
    pub fn applies(&self, has: impl Fn(&str) -> bool) -> bool {
        self.needs.iter().all(|(key, value)| !value.is_empty() || has(key))
    }

    /// Whether the key can be used at all; one that is only recognised ([`KeyType::NotYet`], [`KeyType::Instead`]) is in no list of legal keys.
    pub fn is_built(&self) -> bool {
        !matches!(self.ty, KeyType::NotYet | KeyType::Instead(_))
    }

    /// Whether its value may be found in the environment when the program starts: one text, which any start may change.
    pub fn takes_env(&self) -> bool {
        self.tunable
            && !matches!(
                self.ty,
                KeyType::Bool
                    | KeyType::Uint
                    | KeyType::Strings(_)
                    | KeyType::Lines
                    | KeyType::NotYet
                    | KeyType::Instead(_)
            )
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
    /// The path of a directory.
    Directory,
    /// A list of strings: at least one, none empty, none twice, and none of these (names that are taken).
    Strings(&'static [&'static str]),
    /// One of these strings.
    Choice(&'static [&'static str]),
    /// A URL with one of these schemes, a host, and no fragment.
    Url(&'static [&'static str]),
    /// The name of one of these codecs.
    Codec(&'static [&'static str]),
    /// A record of strings: headers of a request, by name. Each value may be found in the environment.
    Headers,
    /// A token of RFC 6750: visible ASCII without spaces.
    Token,
    /// `user:password` (RFC 7617).
    Credentials,
    /// A list of strings: at least one, none empty.
    Lines,
    /// A key of the original that has another one here, whose name this is: refused whatever its value. The row's `doc` says
    /// what to write instead.
    Instead(&'static str),
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
    /// What the environment variable of this name holds when the program starts.
    Env(&'static str),
    /// Named constants; a name may be there twice, for all that this knows.
    Record(&'static [(&'static str, Literal)]),
}

impl Literal {
    /// As a value; `null` where it is not set, and for what only the environment knows.
    pub fn to_value(&self) -> Value {
        match self {
            Literal::None | Literal::Env(_) => Value::Null,
            Literal::Bool(b) => Value::Bool(*b),
            Literal::Int(i) => Value::Int(*i),
            Literal::Float(f) => Value::Float(*f),
            Literal::Str(s) => Value::from(*s),
            Literal::Strings(list) => Value::List(list.iter().map(|s| Value::from(*s)).collect()),
            Literal::Record(fields) => Value::Record(
                fields.iter().map(|(name, value)| ((*name).to_owned(), value.to_value())).collect(),
            ),
        }
    }

    /// As a config gives it.
    pub fn to_given(&self) -> Given {
        match self {
            Literal::Env(name) => Given::Env((*name).to_owned()),
            Literal::Record(fields) => Given::Record(
                fields.iter().map(|(name, value)| ((*name).to_owned(), value.to_given())).collect(),
            ),
            plain => Given::Value(plain.to_value()),
        }
    }
}

/// Of keys, at least one per group must be set.
pub type OneOf<'a> = &'a [&'a [&'a str]];
