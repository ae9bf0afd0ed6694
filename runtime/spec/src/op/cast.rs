//! A value as what a place needs. The error says what is needed; the caller adds where ([`OpError::within`]).

use super::{OpError, float, integer};
use crate::value::{Record, Value};

#[cold]
fn needed(what: &str, value: &Value) -> OpError {
    OpError::new(format!("{what} is needed, not {}", value.describe()))
}

/// The boolean.
///
/// # Errors
/// The value is of another type.
pub fn as_bool(value: &Value) -> Result<bool, OpError> {
    if let Value::Bool(b) = value { Ok(*b) } else { Err(needed("a boolean", value)) }
}

/// The string.
///
/// # Errors
/// The value is of another type.
pub fn as_str(value: &Value) -> Result<&str, OpError> {
    if let Value::String(s) = value { Ok(s) } else { Err(needed("a string", value)) }
}

/// The octets of a binary.
///
/// # Errors
/// The value is of another type; a string is never a binary.
pub fn as_binary(value: &Value) -> Result<&[u8], OpError> {
    if let Value::Binary(octets) = value { Ok(octets) } else { Err(needed("a binary", value)) }
}

/// The integer, between `i64::MIN` and `u64::MAX`.
///
/// # Errors
/// The value is of another type; a float is never an integer.
pub fn as_integer(value: &Value) -> Result<i128, OpError> {
    integer(value).ok_or_else(|| needed("an integer", value))
}

/// The number as a float, an integer too.
///
/// # Errors
/// The value is of another type.
pub fn as_float(value: &Value) -> Result<f64, OpError> {
    float(value).ok_or_else(|| needed("a number", value))
}

/// The value itself if it is a number.
///
/// # Errors
/// The value is of another type.
pub fn as_number(value: &Value) -> Result<&Value, OpError> {
    if float(value).is_some() { Ok(value) } else { Err(needed("a number", value)) }
}

/// The list.
///
/// # Errors
/// The value is of another type.
pub fn as_list(value: &Value) -> Result<&[Value], OpError> {
    if let Value::List(list) = value { Ok(list) } else { Err(needed("a list", value)) }
}

/// The record.
///
/// # Errors
/// The value is of another type.
pub fn as_record(value: &Value) -> Result<&Record, OpError> {
    if let Value::Record(record) = value { Ok(record) } else { Err(needed("a record", value)) }
}
