//! `patch x of … end` (language page, "Patch"). Operands are values already, so all of them were evaluated against the
//! target as it was; the operations apply in order.

use super::merge::merge_into;
use super::{OpError, wrong_one};
use crate::value::{Record, Value};

/// One operation of a patch.
#[derive(Clone, Copy, Debug)]
pub enum PatchOp<'a> {
    /// `insert "key" => value`: the field must not be there.
    Insert(&'a str, &'a Value),
    /// `upsert "key" => value`
    Upsert(&'a str, &'a Value),
    /// `update "key" => value`: the field must be there.
    Update(&'a str, &'a Value),
    /// `erase "key"`: nothing, if the field is not there.
    Erase(&'a str),
    /// `move "from" => "to"`: nothing, if the first is not there; the second must not be there.
    Move(&'a str, &'a str),
    /// `copy "from" => "to"`: as with `move`.
    Copy(&'a str, &'a str),
    /// `merge "key" => value`: into the record that is there, or into an empty one.
    MergeField(&'a str, &'a Value),
    /// `merge => value`: into the whole target.
    Merge(&'a Value),
}

/// The target with the operations done to it, one after the other. A field that is replaced keeps its place, a new one
/// is appended.
///
/// # Errors
/// The target is no record, or an operation finds a field that it must not find, or none where it needs one, or no
/// record where it needs one.
pub fn patch(target: &Value, operations: &[PatchOp<'_>]) -> Result<Value, OpError> {
    let Value::Record(target) = target else { return Err(wrong_one("patch", "a record", target)) };
    let mut patched = target.clone();
    for operation in operations {
        apply(&mut patched, *operation)?;
    }
    Ok(Value::Record(patched))
}

fn apply(record: &mut Record, operation: PatchOp<'_>) -> Result<(), OpError> {
    match operation {
        PatchOp::Insert(key, value) => {
            vacant("insert", record, key)?;
            record.insert(key, value.clone());
        }
        PatchOp::Upsert(key, value) => {
            record.insert(key, value.clone());
        }
        PatchOp::Update(key, value) => match record.get_mut(key) {
            Some(old) => *old = value.clone(),
            None => return Err(missing(key)),
        },
        PatchOp::Erase(key) => {
            record.remove(key);
        }
        PatchOp::Move(from, to) => {
            vacant("move", record, to)?;
            if let Some(value) = record.remove(from) {
                record.insert(to, value);
            }
        }
        PatchOp::Copy(from, to) => {
            vacant("copy", record, to)?;
            if let Some(value) = record.get(from).cloned() {
                record.insert(to, value);
            }
        }
        PatchOp::MergeField(key, value) => {
            let merged = merge_field(record.get(key), key, value)?;
            record.insert(key, merged);
        }
        PatchOp::Merge(value) => match value {
            Value::Record(changes) => merge_into(record, changes),
            _ => return Err(wrong_one("merge", "a record", value)),
        },
    }
    Ok(())
}

/// What `merge "key" => value` makes of a field: a record is merged into the record that is there, or into an empty
/// one; anything else takes the field's place.
///
/// # Errors
/// What is there is no record.
fn merge_field(old: Option<&Value>, key: &str, value: &Value) -> Result<Value, OpError> {
    let mut merged = match old {
        Some(Value::Record(record)) => record.clone(),
        Some(other) => return Err(no_record(key, other)),
        None => Record::new(),
    };
    Ok(match value {
        Value::Record(changes) => {
            merge_into(&mut merged, changes);
            Value::Record(merged)
        }
        other => other.clone(),
    })
}

/// `merge "key" => value` on a field that is there: see [`patch`].
///
/// # Errors
/// What is there is no record.
pub fn patch_merge(old: &Value, key: &str, value: &Value) -> Result<Value, OpError> {
    merge_field(Some(old), key, value)
}

fn vacant(operation: &str, record: &Record, key: &str) -> Result<(), OpError> {
    if record.contains_key(key) { Err(taken(operation, key)) } else { Ok(()) }
}

/// What is said of an operation whose field is there already.
#[cold]
pub fn taken(operation: &str, key: &str) -> OpError {
    OpError::new(format!("`{operation}` finds a field `{key}` already there"))
}

/// What is said of an `update` of a field that is not there.
#[cold]
pub fn missing(key: &str) -> OpError {
    OpError::new(format!("`update` finds no field `{key}`"))
}

/// What is said of a `merge` into a field that is no record.
#[cold]
pub fn no_record(key: &str, old: &Value) -> OpError {
    OpError::new(format!("`merge` takes a record; the field `{key}` is {}", old.describe()))
}
