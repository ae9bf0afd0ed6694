//! The one value type: what an event is where its shape is not known, what a constant is in the compiler, what a
//! setting is. Numbers follow trickle: an integer is an `i64`, or a `u64` where it is too great for that.
//!
//! Operators on values are in [`crate::op`]; writing JSON without a value is in [`crate::json`].

mod convert;
mod parse;
mod record;

pub use parse::JsonError;
pub use record::Record;

use std::fmt;

/// A value.
///
/// `==` is structural and exact: `Int(1)` is not `Float(1.0)`, the order of a record's fields is not compared. The
/// language's own `==` is [`crate::op::eq`].
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An integer that an `i64` can hold.
    Int(i64),
    /// An integer above `i64::MAX`; made by [`Value::integer`] and `From<u64>`, which keep to that.
    Uint(u64),
    /// A float.
    Float(f64),
    /// A string.
    String(String),
    /// Octets. JSON has none: there they are base64 text (RFC 4648 section 4, with padding), so they are never read from it.
    Binary(Vec<u8>),
    /// A list.
    List(Vec<Value>),
    /// A record.
    Record(Record),
}

impl Value {
    /// An integer that is not negative; `None` for everything else.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Value::Int(number) => u64::try_from(*number).ok(),
            Value::Uint(number) => Some(*number),
            _ => None,
        }
    }

    /// The integer as a value; `None` outside `i64::MIN ..= u64::MAX`.
    #[inline]
    pub fn integer(i: i128) -> Option<Value> {
        match i64::try_from(i) {
            Ok(i) => Some(Value::Int(i)),
            Err(_) => u64::try_from(i).ok().map(Value::Uint),
        }
    }

    /// Reads one JSON text: keys in their order (of a key given twice the last value at the first place), integers
    /// up to `u64::MAX` as integers, beyond that as floats.
    ///
    /// # Errors
    /// Text that is no JSON or not UTF-8, half a surrogate pair, a float out of range, anything but white space
    /// behind the value, and values nested [`Value::DEPTH_LIMIT`] deep or deeper.
    pub fn parse(json: &[u8]) -> Result<Value, JsonError> {
        parse::parse(json)
    }

    /// JSON texts nested this deep or deeper are refused, so that no input overflows the stack.
    pub const DEPTH_LIMIT: usize = 128;

    /// Appends the value as compact JSON: fields in their order, floats with a decimal (`7.0`), an infinite one as
    /// the largest finite one, one that is not a number as `null`, a binary as base64 text.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        crate::json::write_value(out, self);
    }

    /// The name of its type in the language, which `std::type::as_string` gives.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Int(_) | Value::Uint(_) => "integer",
            Value::Float(_) => "float",
            Value::String(_) => "string",
            Value::Binary(_) => "bytes",
            Value::List(_) => "array",
            Value::Record(_) => "record",
        }
    }

    /// Its type in messages, with the article: `an integer`.
    pub fn describe(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Int(_) | Value::Uint(_) => "an integer",
            Value::Float(_) => "a float",
            Value::String(_) => "a string",
            Value::Binary(_) => "a binary",
            Value::List(_) => "a list",
            Value::Record(_) => "a record",
        }
    }
}

/// Compact JSON, as [`Value::write_json`].
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut json = Vec::new();
        self.write_json(&mut json);
        f.write_str(&String::from_utf8(json).expect("JSON made from strings is UTF-8"))
    }
}
