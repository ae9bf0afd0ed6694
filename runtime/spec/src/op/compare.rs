//! Equality, which is deep and never an error, and order, which only numbers and only strings have.

use std::cmp::Ordering;

use super::typed::eq_float;
use super::{Numbers, OpError, numbers, wrong_pair};
use crate::value::Value;

/// `a == b`: deep; an integer equals a float of the same number, floats are equal when they differ by less than
/// [`f64::EPSILON`], the order of a record's fields does not count. Values of different kinds are not equal.
pub fn eq(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::String(a), Value::String(b)) => a == b,
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| eq(a, b)),
        (Value::Record(a), Value::Record(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| eq(value, other)))
        }
        _ => match numbers(a, b) {
            Some(Numbers::Integers(a, b)) => a == b,
            Some(Numbers::Floats(a, b)) => eq_float(a, b),
            None => false,
        },
    }
}

/// `a < b`
///
/// # Errors
/// Neither two numbers nor two strings.
pub fn lt(a: &Value, b: &Value) -> Result<bool, OpError> {
    Ok(order("<", a, b)? == Some(Ordering::Less))
}

/// `a <= b`
///
/// # Errors
/// Neither two numbers nor two strings.
pub fn lte(a: &Value, b: &Value) -> Result<bool, OpError> {
    Ok(matches!(order("<=", a, b)?, Some(Ordering::Less | Ordering::Equal)))
}

/// `a > b`
///
/// # Errors
/// Neither two numbers nor two strings.
pub fn gt(a: &Value, b: &Value) -> Result<bool, OpError> {
    Ok(order(">", a, b)? == Some(Ordering::Greater))
}

/// `a >= b`
///
/// # Errors
/// Neither two numbers nor two strings.
pub fn gte(a: &Value, b: &Value) -> Result<bool, OpError> {
    Ok(matches!(order(">=", a, b)?, Some(Ordering::Greater | Ordering::Equal)))
}

/// How two numbers or two strings (by octets) stand; `None` where one is not a number (0 / 0).
fn order(op: &str, a: &Value, b: &Value) -> Result<Option<Ordering>, OpError> {
    if let (Value::String(a), Value::String(b)) = (a, b) {
        return Ok(Some(a.as_bytes().cmp(b.as_bytes())));
    }
    match numbers(a, b) {
        Some(Numbers::Integers(a, b)) => Ok(Some(a.cmp(&b))),
        Some(Numbers::Floats(a, b)) => Ok(a.partial_cmp(&b)),
        None => Err(wrong_pair(op, "two numbers or two strings", a, b)),
    }
}
