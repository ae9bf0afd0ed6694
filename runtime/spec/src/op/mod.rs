//! The operators of the language (language page, `runtime/docs/language.md`, "Precedence" and what follows it): here and
//! in the files beside over values whose type is not known, in [`typed`] over Rust's own types, with the same rules.
//!
//! Not here: `and` and `or`, which evaluate their right side only when needed, so they are control flow.

mod arithmetic;
mod bits;
mod cast;
mod compare;
mod merge;
mod patch;
mod path;
pub mod typed;

pub use arithmetic::{add, div, mul, neg, plus, rem, sub};
pub use bits::{bit_and, bit_not, bit_xor, not, shl, shr, ushr, xor};
pub use cast::{as_binary, as_bool, as_float, as_integer, as_list, as_number, as_record, as_str};
pub use compare::{eq, gt, gte, lt, lte};
pub use merge::merge;
pub use patch::{PatchOp, missing, no_record, patch, patch_merge, taken};
pub use path::{Segment, index, key, present, range, record_key};

use std::fmt;

use crate::value::Value;

/// Why an expression has no value; without the place, which the caller knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpError(String);

impl OpError {
    /// An error with this text: what is wrong, in words.
    #[cold]
    pub fn new(text: impl Into<String>) -> OpError {
        OpError(text.into())
    }

    /// The same error, told with what it happened in: `where: a boolean is needed, not a string`.
    #[cold]
    #[must_use]
    pub fn within(self, what: &str) -> OpError {
        OpError(format!("{what}: {}", self.0))
    }
}

impl fmt::Display for OpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OpError {}

/// Appends a value as `#{…}` in a string does: strings as they are, all else as compact JSON, a binary thus as base64 in
/// quotes.
pub fn interpolate(out: &mut String, value: &Value) {
    use fmt::Write as _;
    match value {
        Value::String(s) => out.push_str(s),
        other => write!(out, "{other}").expect("a String takes all that is written"),
    }
}

/// Two numbers as an operator sees them: integers if both are, else floats.
enum Numbers {
    Integers(i128, i128),
    Floats(f64, f64),
}

fn numbers(a: &Value, b: &Value) -> Option<Numbers> {
    match (integer(a), integer(b)) {
        (Some(a), Some(b)) => Some(Numbers::Integers(a, b)),
        _ => Some(Numbers::Floats(float(a)?, float(b)?)),
    }
}

fn integer(value: &Value) -> Option<i128> {
    match value {
        Value::Int(i) => Some(i128::from(*i)),
        Value::Uint(u) => Some(i128::from(*u)),
        _ => None,
    }
}

fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Int(i) => Some(*i as f64),
        Value::Uint(u) => Some(*u as f64),
        Value::Float(f) => Some(*f),
        _ => None,
    }
}

/// The value of an integer that an operation has checked to be in range.
fn in_range(i: i128) -> Value {
    Value::integer(i).expect("operations give integers between i64::MIN and u64::MAX")
}

#[cold]
fn wrong_pair(op: &str, takes: &str, a: &Value, b: &Value) -> OpError {
    OpError(format!("`{op}` takes {takes}, not {} and {}", a.describe(), b.describe()))
}

#[cold]
fn wrong_one(op: &str, takes: &str, value: &Value) -> OpError {
    OpError(format!("`{op}` takes {takes}, not {}", value.describe()))
}
