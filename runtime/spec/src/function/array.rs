//! `std::array`: lists. What these functions give is a new list; their arguments stay as they are.

use super::FunctionRow;
use super::macros::pure;
use crate::op::{OpError, interpolate};
use crate::value::Value;

pub(super) const MODULE: &str = "std::array";

pub(super) static ROWS: &[FunctionRow] = &[
    pure!(array::coalesce(List) -> List, "the list without what is `null` in it"),
    pure!(array::contains(List, Any) -> Bool, "whether the list has the value in it, of the same type: 1 is not 1.0"),
    pure!(array::flatten(List) -> List, "the list with the elements of each list in it, however deep, in its place"),
    pure!(array::is_empty(List) -> Bool, "whether the list has no elements"),
    pure!(array::join(List, String) -> String, "the elements as texts, the second text between them"),
    pure!(array::len(List) -> Integer, "how many elements the list has"),
    pure!(array::push(List, Any) -> List, "the list with the value behind its last element"),
    pure!(array::unzip(List) ->? List, "of a list of pairs, the list of the first and the list of the second elements"),
    pure!(array::zip(List, List) ->? List, "the pairs of elements at the same place in two lists of one length"),
];

/// The list without its nulls.
pub fn coalesce(list: &[Value]) -> Value {
    Value::List(list.iter().filter(|value| **value != Value::Null).cloned().collect())
}

/// Whether a value is in the list, of the same type: unlike the language's `==`, which takes 1 and 1.0 for equal.
pub fn contains(list: &[Value], value: &Value) -> bool {
    list.contains(value)
}

/// The elements of the list and of all lists in it, those in records excepted. It does not recurse, so no depth is too
/// great for it.
pub fn flatten(list: &[Value]) -> Value {
    let mut flat = Vec::with_capacity(list.len());
    let mut open = vec![list.iter()];
    while let Some(innermost) = open.last_mut() {
        match innermost.next() {
            Some(Value::List(inner)) => open.push(inner.iter()),
            Some(value) => flat.push(value.clone()),
            None => {
                open.pop();
            }
        }
    }
    Value::List(flat)
}

/// Whether the list has no elements.
pub fn is_empty(list: &[Value]) -> bool {
    list.is_empty()
}

/// The elements with a separator between each two: strings as they are, all else as JSON, as in `#{…}`.
pub fn join(list: &[Value], separator: &str) -> String {
    let mut text = String::new();
    for (at, value) in list.iter().enumerate() {
        if at > 0 {
            text.push_str(separator);
        }
        interpolate(&mut text, value);
    }
    text
}

/// How many elements the list has.
pub fn len(list: &[Value]) -> i128 {
    list.len() as i128
}

/// The list with one more element.
pub fn push(list: &[Value], value: &Value) -> Value {
    let mut longer = Vec::with_capacity(list.len() + 1);
    longer.extend_from_slice(list);
    longer.push(value.clone());
    Value::List(longer)
}

/// `[[a, b], [c, d]]` → `[[a, c], [b, d]]`; of no pairs, two empty lists.
///
/// # Errors
/// An element that is not a list of two.
pub fn unzip(pairs: &[Value]) -> Result<Value, OpError> {
    let mut firsts = Vec::with_capacity(pairs.len());
    let mut seconds = Vec::with_capacity(pairs.len());
    for (at, pair) in pairs.iter().enumerate() {
        let (first, second) = self::pair(at, pair)?;
        firsts.push(first.clone());
        seconds.push(second.clone());
    }
    Ok(Value::List(vec![Value::List(firsts), Value::List(seconds)]))
}

/// The two elements of the pair at this place.
///
/// # Errors
/// It is not a list of two.
pub(super) fn pair(at: usize, pair: &Value) -> Result<(&Value, &Value), OpError> {
    match pair {
        Value::List(list) => match list.as_slice() {
            [first, second] => Ok((first, second)),
            _ => Err(OpError::new(format!(
                "element {at} is no pair, a list of two elements, but a list of {}",
                list.len()
            ))),
        },
        other => Err(OpError::new(format!(
            "element {at} is no pair, a list of two elements, but {}",
            other.describe()
        ))),
    }
}

/// `[a, c]` and `[b, d]` → `[[a, b], [c, d]]`
///
/// # Errors
/// The lists are not of one length.
pub fn zip(left: &[Value], right: &[Value]) -> Result<Value, OpError> {
    if left.len() != right.len() {
        return Err(OpError::new(format!(
            "lists of one length are needed, not of {} and {} elements",
            left.len(),
            right.len()
        )));
    }
    let pairs = left.iter().zip(right).map(|(a, b)| Value::List(vec![a.clone(), b.clone()]));
    Ok(Value::List(pairs.collect()))
}
