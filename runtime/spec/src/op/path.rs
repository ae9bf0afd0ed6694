//! Paths into values: `.key`, `[index]`, `[from:to]`, and whether something is there (language page, "Paths" and
//! "Presence").

use super::{OpError, integer};
use crate::value::Value;

/// A segment of the path of a `present`.
#[derive(Clone, Copy, Debug)]
pub enum Segment<'a> {
    /// `.key`
    Key(&'a str),
    /// `[i]`
    Index(&'a Value),
    /// `[from:to]`
    Range(&'a Value, &'a Value),
}

/// `value.key`
///
/// # Errors
/// Not a record, or one without this field.
pub fn key<'a>(value: &'a Value, key: &str) -> Result<&'a Value, OpError> {
    let Value::Record(record) = value else {
        return Err(OpError::new(format!("`{key}` is looked up in a record, not in {}", value.describe())));
    };
    record.get(key).ok_or_else(|| OpError::new(format!("the record has no field `{key}`")))
}

/// `value[index]`: an element of a list by its number from 0, or a field of a record by its name.
///
/// # Errors
/// Other pairs of types, a number that the list does not have, a name that the record does not have.
pub fn index<'a>(value: &'a Value, index: &Value) -> Result<&'a Value, OpError> {
    match (value, index, integer(index)) {
        (Value::Record(_), Value::String(name), _) => key(value, name),
        (Value::List(list), _, Some(i)) => {
            let element = usize::try_from(i).ok().and_then(|i| list.get(i));
            element.ok_or_else(|| outside(i, list.len()))
        }
        (Value::Record(_), ..) => {
            Err(OpError::new(format!("a record is indexed by a string, not by {}", index.describe())))
        }
        (Value::List(_), ..) => {
            Err(OpError::new(format!("a list is indexed by an integer, not by {}", index.describe())))
        }
        _ => Err(OpError::new(format!("only lists and records can be indexed, not {}", value.describe()))),
    }
}

#[cold]
fn outside(i: i128, len: usize) -> OpError {
    if i < 0 {
        OpError::new(format!("index {i} is negative; a list is counted from 0"))
    } else {
        OpError::new(format!("index {i} is outside the list, which has {}", elements(len)))
    }
}

fn elements(len: usize) -> String {
    if len == 1 { String::from("1 element") } else { format!("{len} elements") }
}

/// `value[from:to]`: the elements of a list from the first number up to, not including, the second.
///
/// # Errors
/// Not a list, bounds that are not integers, negative, reversed, or beyond the end of the list.
pub fn range(value: &Value, from: &Value, to: &Value) -> Result<Value, OpError> {
    Ok(Value::List(slice(value, from, to)?.to_vec()))
}

fn slice<'a>(value: &'a Value, from: &Value, to: &Value) -> Result<&'a [Value], OpError> {
    let Value::List(list) = value else {
        return Err(OpError::new(format!("only a list has a range, not {}", value.describe())));
    };
    let (from, to) = (bound(from)?, bound(to)?);
    if from < 0 || to < 0 {
        return Err(OpError::new(format!("range {from}:{to} is negative; a list is counted from 0")));
    }
    if to < from {
        return Err(OpError::new(format!("range {from}:{to} ends before it starts")));
    }
    part(list, from, to).ok_or_else(|| {
        OpError::new(format!("range {from}:{to} is outside the list, which has {}", elements(list.len())))
    })
}

fn part(list: &[Value], from: i128, to: i128) -> Option<&[Value]> {
    list.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?)
}

fn bound(value: &Value) -> Result<i128, OpError> {
    integer(value)
        .ok_or_else(|| OpError::new(format!("the bounds of a range are integers, not {}", value.describe())))
}

/// `present path`: whether each segment finds something. Whatever is missing on the way, or is not a record or a list
/// where one would be needed, makes it false.
///
/// # Errors
/// An index that is neither an integer nor a string, bounds of a range that are not integers.
pub fn present(value: &Value, path: &[Segment<'_>]) -> Result<bool, OpError> {
    // What is left of the value: a range leaves a part of a list, which is no value of its own.
    enum Left<'a> {
        Value(&'a Value),
        Part(&'a [Value]),
    }
    let mut left = Left::Value(value);
    for segment in path {
        let list = match left {
            Left::Part(part) => Some(part),
            Left::Value(Value::List(list)) => Some(list.as_slice()),
            Left::Value(_) => None,
        };
        let record = if let Left::Value(Value::Record(record)) = left { Some(record) } else { None };
        let found = match segment {
            Segment::Key(name) => record.and_then(|record| record.get(name)).map(Left::Value),
            Segment::Index(Value::String(name)) => {
                record.and_then(|record| record.get(name)).map(Left::Value)
            }
            Segment::Index(index) => {
                let i = integer(index).ok_or_else(|| {
                    OpError::new(format!("an index is an integer or a string, not {}", index.describe()))
                })?;
                list.and_then(|list| list.get(usize::try_from(i).ok()?)).map(Left::Value)
            }
            Segment::Range(from, to) => {
                let (from, to) = (bound(from)?, bound(to)?);
                list.and_then(|list| part(list, from, to)).map(Left::Part)
            }
        };
        match found {
            Some(found) => left = found,
            None => return Ok(false),
        }
    }
    Ok(true)
}

/// A computed key of a record.
///
/// # Errors
/// Not a string.
pub fn record_key(value: &Value) -> Result<&str, OpError> {
    match value {
        Value::String(s) => Ok(s),
        _ => Err(OpError::new(format!("the key of a field is a string, not {}", value.describe()))),
    }
}
