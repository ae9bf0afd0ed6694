//! `std::math`: rounding, and the greater and smaller of two numbers.

use super::FunctionRow;
use super::macros::pure;
use crate::op::{OpError, as_integer, gt, lt};
use crate::value::Value;

pub(super) const MODULE: &str = "std::math";

pub(super) static ROWS: &[FunctionRow] = &[
    pure!(math::ceil(Number) ->? Integer, "the least integer that is not less than the number"),
    pure!(math::floor(Number) ->? Integer, "the greatest integer that is not greater than the number"),
    pure!(math::max(Number, Number) -> Number, "the greater of two numbers: a float if one of them is"),
    pure!(math::min(Number, Number) -> Number, "the smaller of two numbers: a float if one of them is"),
    pure!(math::round(Number) ->? Integer, "the nearest integer, of two as near the one farther from 0"),
    pure!(math::trunc(Number) ->? Integer, "the number without what is behind its decimal point"),
];

/// The least integer that is not less.
///
/// # Errors
/// Not a number, or one beyond the integers.
pub fn ceil(number: &Value) -> Result<i128, OpError> {
    rounded(number, f64::ceil)
}

/// The greatest integer that is not greater.
///
/// # Errors
/// Not a number, or one beyond the integers.
pub fn floor(number: &Value) -> Result<i128, OpError> {
    rounded(number, f64::floor)
}

/// The nearest integer; 0.5 is rounded to 1, -0.5 to -1.
///
/// # Errors
/// Not a number, or one beyond the integers.
pub fn round(number: &Value) -> Result<i128, OpError> {
    rounded(number, f64::round)
}

/// The number rounded towards 0.
///
/// # Errors
/// Not a number, or one beyond the integers.
pub fn trunc(number: &Value) -> Result<i128, OpError> {
    rounded(number, f64::trunc)
}

/// An integer as it is, a float as `round` makes it whole.
fn rounded(number: &Value, round: fn(f64) -> f64) -> Result<i128, OpError> {
    // the first float above all integers; the least of them is a float itself
    const END: f64 = 18_446_744_073_709_551_616.0;
    const LEAST: f64 = i64::MIN as f64;
    let Value::Float(float) = number else {
        return as_integer(number);
    };
    let whole = round(*float);
    if whole.is_nan() {
        return Err(OpError::new("what is not a number (0 / 0) has no integer"));
    }
    if !(LEAST..END).contains(&whole) {
        return Err(OpError::new(format!("{float:e} does not fit into an integer of 64 bits")));
    }
    Ok(whole as i128)
}

/// The greater number; what is not a number (0 / 0) is neither greater nor smaller than one.
pub fn max(a: &Value, b: &Value) -> Value {
    chosen(gt(b, a), a, b)
}

/// The smaller number; what is not a number (0 / 0) is neither greater nor smaller than one.
pub fn min(a: &Value, b: &Value) -> Value {
    chosen(lt(b, a), a, b)
}

/// One of two numbers, as a float if one of them is; of a number and what is not one the number.
fn chosen(is_second: Result<bool, OpError>, a: &Value, b: &Value) -> Value {
    let float = |value: &Value| match value {
        Value::Int(i) => *i as f64,
        Value::Uint(u) => *u as f64,
        Value::Float(f) => *f,
        _ => f64::NAN,
    };
    // two numbers can always be compared
    let one = if is_second == Ok(true) { b } else { a };
    match (a, b) {
        (Value::Float(nan), other) | (other, Value::Float(nan)) if nan.is_nan() => Value::Float(float(other)),
        (Value::Float(_), _) | (_, Value::Float(_)) => Value::Float(float(one)),
        _ => one.clone(),
    }
}
