//! Operators on booleans and on the bits of integers.

use super::typed::{and_int, not_int, shl_int, shr_int, ushr_int, xor_int};
use super::{OpError, in_range, integer, wrong_one, wrong_pair};
use crate::value::Value;

fn shift(
    op: &str,
    shifted: fn(i128, i128) -> Result<i128, OpError>,
    a: &Value,
    b: &Value,
) -> Result<Value, OpError> {
    match (integer(a), integer(b)) {
        (Some(a), Some(b)) => shifted(a, b).map(in_range),
        _ => Err(wrong_pair(op, "two integers", a, b)),
    }
}

/// `a << b`; see [`shl_int`].
///
/// # Errors
/// Not two integers; `b` is not between 0 and 63.
pub fn shl(a: &Value, b: &Value) -> Result<Value, OpError> {
    shift("<<", shl_int, a, b)
}

/// `a >> b`; see [`shr_int`].
///
/// # Errors
/// Not two integers; `b` is not between 0 and 63.
pub fn shr(a: &Value, b: &Value) -> Result<Value, OpError> {
    shift(">>", shr_int, a, b)
}

/// `a >>> b`; see [`ushr_int`].
///
/// # Errors
/// Not two integers; `b` is not between 0 and 63.
pub fn ushr(a: &Value, b: &Value) -> Result<Value, OpError> {
    shift(">>>", ushr_int, a, b)
}

/// `a & b`
///
/// # Errors
/// Neither two integers nor two booleans.
pub fn bit_and(a: &Value, b: &Value) -> Result<Value, OpError> {
    match (a, b, integer(a), integer(b)) {
        (Value::Bool(a), Value::Bool(b), ..) => Ok(Value::Bool(a & b)),
        (.., Some(a), Some(b)) => Ok(in_range(and_int(a, b))),
        _ => Err(wrong_pair("&", "two integers or two booleans", a, b)),
    }
}

/// `a ^ b`
///
/// # Errors
/// Neither two integers nor two booleans.
pub fn bit_xor(a: &Value, b: &Value) -> Result<Value, OpError> {
    match (a, b, integer(a), integer(b)) {
        (Value::Bool(a), Value::Bool(b), ..) => Ok(Value::Bool(a ^ b)),
        (.., Some(a), Some(b)) => Ok(in_range(xor_int(a, b))),
        _ => Err(wrong_pair("^", "two integers or two booleans", a, b)),
    }
}

/// `a xor b`
///
/// # Errors
/// Not two booleans.
pub fn xor(a: &Value, b: &Value) -> Result<Value, OpError> {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => Ok(Value::Bool(a ^ b)),
        _ => Err(wrong_pair("xor", "two booleans", a, b)),
    }
}

/// `not a`
///
/// # Errors
/// Not a boolean.
pub fn not(a: &Value) -> Result<bool, OpError> {
    match a {
        Value::Bool(b) => Ok(!b),
        _ => Err(wrong_one("not", "a boolean", a)),
    }
}

/// `!a`
///
/// # Errors
/// Neither an integer nor a boolean.
pub fn bit_not(a: &Value) -> Result<Value, OpError> {
    match (a, integer(a)) {
        (Value::Bool(b), _) => Ok(Value::Bool(!b)),
        (_, Some(i)) => Ok(in_range(not_int(i))),
        _ => Err(wrong_one("!", "an integer or a boolean", a)),
    }
}
