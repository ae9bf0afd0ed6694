//! `merge x of y end` (language page, "Merge").

use super::{OpError, wrong_pair};
use crate::value::{Record, Value};

/// The first record with what the second says: a `null` there deletes the field, a record is merged into a record, any
/// other value replaces or is appended. Existing fields keep their place.
///
/// Unlike RFC 7396, nulls *inside* a record that is new, or that replaces something else, are kept.
///
/// # Errors
/// Not two records.
pub fn merge(target: &Value, changes: &Value) -> Result<Value, OpError> {
    match (target, changes) {
        (Value::Record(target), Value::Record(changes)) => {
            let mut merged = target.clone();
            merge_into(&mut merged, changes);
            Ok(Value::Record(merged))
        }
        _ => Err(wrong_pair("merge", "two records", target, changes)),
    }
}

pub(super) fn merge_into(target: &mut Record, changes: &Record) {
    for (key, change) in changes.iter() {
        match (target.get_mut(key), change) {
            (_, Value::Null) => {
                target.remove(key);
            }
            (Some(Value::Record(inner)), Value::Record(changes)) => merge_into(inner, changes),
            (Some(old), new) => *old = new.clone(),
            (None, new) => {
                target.insert(key, new.clone());
            }
        }
    }
}
