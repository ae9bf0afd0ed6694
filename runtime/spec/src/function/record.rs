//! `std::record`: records. What these functions give is new; their arguments stay as they are. Fields keep their order.

use super::FunctionRow;
use super::array::pair;
use super::macros::pure;
use crate::op::OpError;
use crate::value::{Record, Value};

pub(super) const MODULE: &str = "std::record";

pub(super) static ROWS: &[FunctionRow] = &[
    pure!(record::contains(Record, String) -> Bool, "whether the record has a field of this name"),
    pure!(record::from_array(List) ->? Record, "the record of a list of pairs of name and value"),
    pure!(record::is_empty(Record) -> Bool, "whether the record has no fields"),
    pure!(record::keys(Record) -> List, "the names of the fields"),
    pure!(record::len(Record) -> Integer, "how many fields the record has"),
    pure!(record::merge(Record, Record) -> Record, "the fields of both, where both have one that of the second"),
    pure!(record::rename(Record, Record) ->? Record, "the first record, its fields called as the second says: `{\"old\": \"new\"}`"),
    pure!(record::select(Record, List) ->? Record, "the fields whose names are in the list"),
    pure!(record::to_array(Record) -> List, "the fields as pairs of name and value"),
    pure!(record::values(Record) -> List, "the values of the fields"),
];

/// Whether there is a field of this name.
pub fn contains(record: &Record, key: &str) -> bool {
    record.contains_key(key)
}

/// `[["a", 1], ["b", 2]]` → `{"a": 1, "b": 2}`; of a name given twice the last value, at the first place.
///
/// # Errors
/// An element that is not a list of two, or whose first is not a string.
pub fn from_array(pairs: &[Value]) -> Result<Value, OpError> {
    let mut record = Record::with_capacity(pairs.len());
    for (at, element) in pairs.iter().enumerate() {
        let (key, value) = pair(at, element)?;
        let Value::String(key) = key else {
            return Err(OpError::new(format!(
                "the name in element {at} is a string, not {}",
                key.describe()
            )));
        };
        record.insert(key.as_str(), value.clone());
    }
    Ok(Value::Record(record))
}

/// Whether there are no fields.
pub fn is_empty(record: &Record) -> bool {
    record.is_empty()
}

/// The names of the fields.
pub fn keys(record: &Record) -> Value {
    Value::List(record.keys().map(Value::from).collect())
}

/// How many fields there are.
pub fn len(record: &Record) -> i128 {
    record.len() as i128
}

/// The fields of both. Unlike the expression `merge`, it does not look into records in the records, and `null` is a
/// value as any other.
pub fn merge(left: &Record, right: &Record) -> Value {
    let fields = left.iter().chain(right.iter());
    Value::Record(fields.map(|(key, value)| (key, value.clone())).collect())
}

/// The record with its fields renamed, all at once, so two can change their names. A field that is renamed keeps its
/// place; one that had its new name, and is not renamed itself, is gone; of two with one new name the last counts. Names
/// that the record does not have do nothing.
///
/// # Errors
/// A new name that is not a string.
pub fn rename(record: &Record, names: &Record) -> Result<Value, OpError> {
    for (old, new) in names.iter() {
        if !matches!(new, Value::String(_)) {
            return Err(OpError::new(format!("the new name of `{old}` is a string, not {}", new.describe())));
        }
    }
    let new_name = |old: &str| match names.get(old) {
        Some(Value::String(new)) => Some(new.as_str()),
        _ => None,
    };
    // a set of its own, since names and fields may both be many
    let taken: Record = record.keys().filter_map(new_name).map(|name| (name, Value::Null)).collect();
    let mut renamed = Record::with_capacity(record.len());
    for (key, value) in record.iter() {
        match new_name(key) {
            Some(new) => {
                renamed.insert(new, value.clone());
            }
            None if taken.contains_key(key) => {}
            None => {
                renamed.insert(key, value.clone());
            }
        }
    }
    Ok(Value::Record(renamed))
}

/// The fields of these names, in the order of the record. Names that it does not have do nothing.
///
/// # Errors
/// A name that is not a string.
pub fn select(record: &Record, keys: &[Value]) -> Result<Value, OpError> {
    let mut wanted = Record::with_capacity(keys.len());
    for (at, key) in keys.iter().enumerate() {
        let Value::String(key) = key else {
            return Err(OpError::new(format!("element {at} is a string, not {}", key.describe())));
        };
        wanted.insert(key.as_str(), Value::Null);
    }
    let fields = record.iter().filter(|(key, _)| wanted.contains_key(key));
    Ok(Value::Record(fields.map(|(key, value)| (key, value.clone())).collect()))
}

/// `{"a": 1, "b": 2}` → `[["a", 1], ["b", 2]]`
pub fn to_array(record: &Record) -> Value {
    let pairs = record.iter().map(|(key, value)| Value::List(vec![Value::from(key), value.clone()]));
    Value::List(pairs.collect())
}

/// The values of the fields.
pub fn values(record: &Record) -> Value {
    Value::List(record.iter().map(|(_, value)| value.clone()).collect())
}
