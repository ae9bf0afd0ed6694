//! Equality, which is deep and never an error, and order, which only numbers have, and texts: strings and binaries.

use std::cmp::Ordering;

use super::typed::eq_float;
use super::{Numbers, OpError, numbers, wrong_pair};
use crate::value::Value;

/// `a == b`: deep; an integer equals a float of the same number, floats are equal when they differ by less than
/// [`f64::EPSILON`], a string equals a binary of the same octets, the order of a record's fields does not count. Values
/// of different kinds are not equal otherwise.
pub fn eq(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| eq(a, b)),
        (Value::Record(a), Value::Record(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| eq(value, other)))
        }
        _ => match (numbers(a, b), octets(a), octets(b)) {
            (Some(Numbers::Integers(a, b)), ..) => a == b,
            (Some(Numbers::Floats(a, b)), ..) => eq_float(a, b),
            (None, Some(a), Some(b)) => a == b,
            _ => false,
        },
    }
}

/// What strings and binaries are compared by.
fn octets(value: &Value) -> Option<&[u8]> {
    match value {
        Value::String(s) => Some(s.as_bytes()),
        Value::Binary(octets) => Some(octets),
        _ => None,
    }
}

/// `a < b`
///
/// # Errors
/// Neither two numbers nor two strings or binaries.
pub fn lt(a: &Value, b: &Value) -> Result<bool, OpError> {
    Ok(order("<", a, b)? == Some(Ordering::Less))
}

/// `a <= b`
///
/// # Errors
/// Neither two numbers nor two strings or binaries.
pub fn lte(a: &Value, b: &Value) -> Result<bool, OpError> {
    Ok(matches!(order("<=", a, b)?, Some(Ordering::Less | Ordering::Equal)))
}

/// `a > b`
///
/// # Errors
/// Neither two numbers nor two strings or binaries.
pub fn gt(a: &Value, b: &Value) -> Result<bool, OpError> {
    Ok(order(">", a, b)? == Some(Ordering::Greater))
}

/// `a >= b`
///
/// # Errors
/// Neither two numbers nor two strings or binaries.
pub fn gte(a: &Value, b: &Value) -> Result<bool, OpError> {
    Ok(matches!(order(">=", a, b)?, Some(Ordering::Greater | Ordering::Equal)))
}

/// How two numbers, or two strings or binaries (by octets), stand; `None` where one is not a number (0 / 0).
fn order(op: &str, a: &Value, b: &Value) -> Result<Option<Ordering>, OpError> {
    if let (Some(a), Some(b)) = (octets(a), octets(b)) {
        return Ok(Some(a.cmp(b)));
    }
    match numbers(a, b) {
        Some(Numbers::Integers(a, b)) => Ok(Some(a.cmp(&b))),
        Some(Numbers::Floats(a, b)) => Ok(a.partial_cmp(&b)),
        None => {
            // binaries are rare: who has none is not told of them
            let has_binary = [a, b].iter().any(|value| matches!(value, Value::Binary(_)));
            let takes = match has_binary {
                true => "two numbers, or two strings or binaries",
                false => "two numbers or two strings",
            };
            Err(wrong_pair(op, takes, a, b))
        }
    }
}
