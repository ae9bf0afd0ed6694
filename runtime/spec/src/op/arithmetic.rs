//! `+ - * / %` and the signs. Two integers give an integer, a float on either side gives a float, `/` always does.

use super::typed::{
    add_float, add_int, concat, div_float, mul_float, mul_int, neg_int, rem_int, sub_float, sub_int,
};
use super::{Numbers, OpError, in_range, integer, numbers, wrong_one, wrong_pair};
use crate::value::Value;

/// `a + b`: the sum of two numbers, or two strings joined.
///
/// # Errors
/// Any other pair, and a sum of integers that does not fit into 64 bits.
pub fn add(a: &Value, b: &Value) -> Result<Value, OpError> {
    if let (Value::String(a), Value::String(b)) = (a, b) {
        return Ok(Value::String(concat(a, b)));
    }
    match numbers(a, b) {
        Some(Numbers::Integers(a, b)) => add_int(a, b).map(in_range),
        Some(Numbers::Floats(a, b)) => Ok(Value::Float(add_float(a, b))),
        None => Err(wrong_pair("+", "two numbers or two strings", a, b)),
    }
}

/// `a - b`
///
/// # Errors
/// Not two numbers; a difference of integers that does not fit into 64 bits.
pub fn sub(a: &Value, b: &Value) -> Result<Value, OpError> {
    match numbers(a, b) {
        Some(Numbers::Integers(a, b)) => sub_int(a, b).map(in_range),
        Some(Numbers::Floats(a, b)) => Ok(Value::Float(sub_float(a, b))),
        None => Err(wrong_pair("-", "two numbers", a, b)),
    }
}

/// `a * b`
///
/// # Errors
/// Not two numbers; a product of integers that does not fit into 64 bits.
pub fn mul(a: &Value, b: &Value) -> Result<Value, OpError> {
    match numbers(a, b) {
        Some(Numbers::Integers(a, b)) => mul_int(a, b).map(in_range),
        Some(Numbers::Floats(a, b)) => Ok(Value::Float(mul_float(a, b))),
        None => Err(wrong_pair("*", "two numbers", a, b)),
    }
}

/// `a / b`: always a float; division by zero is infinite.
///
/// # Errors
/// Not two numbers.
pub fn div(a: &Value, b: &Value) -> Result<Value, OpError> {
    match numbers(a, b) {
        Some(Numbers::Integers(a, b)) => Ok(Value::Float(div_float(a as f64, b as f64))),
        Some(Numbers::Floats(a, b)) => Ok(Value::Float(div_float(a, b))),
        None => Err(wrong_pair("/", "two numbers", a, b)),
    }
}

/// `a % b`, with the sign of `a`.
///
/// # Errors
/// Not two integers; `b` is 0.
pub fn rem(a: &Value, b: &Value) -> Result<Value, OpError> {
    match (integer(a), integer(b)) {
        (Some(a), Some(b)) => rem_int(a, b).map(in_range),
        _ => Err(wrong_pair("%", "two integers", a, b)),
    }
}

/// `-a`
///
/// # Errors
/// Not a number; an integer greater than 2⁶³.
pub fn neg(a: &Value) -> Result<Value, OpError> {
    match (integer(a), a) {
        (Some(i), _) => neg_int(i).map(in_range),
        (_, Value::Float(f)) => Ok(Value::Float(-f)),
        _ => Err(wrong_one("-", "a number", a)),
    }
}

/// `+a`
///
/// # Errors
/// Not a number.
pub fn plus(a: &Value) -> Result<Value, OpError> {
    match a {
        Value::Int(_) | Value::Uint(_) | Value::Float(_) => Ok(a.clone()),
        _ => Err(wrong_one("+", "a number", a)),
    }
}
