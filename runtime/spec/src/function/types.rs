//! `std::type`: what a value is.

use super::FunctionRow;
use super::macros::pure;
use crate::value::Value;

pub(super) const MODULE: &str = "std::type";

pub(super) static ROWS: &[FunctionRow] = &[
    pure!(types::as_string(Any) -> String, "the name of the value's type: null, bool, integer, float, string, bytes, array, record"),
    pure!(types::is_null(Any) -> Bool, "whether it is null"),
    pure!(types::is_bool(Any) -> Bool, "whether it is a boolean"),
    pure!(types::is_integer(Any) -> Bool, "whether it is an integer up to 9223372036854775807"),
    pure!(types::is_float(Any) -> Bool, "whether it is a float"),
    pure!(types::is_number(Any) -> Bool, "whether it is an integer or a float"),
    pure!(types::is_string(Any) -> Bool, "whether it is a string"),
    pure!(types::is_array(Any) -> Bool, "whether it is a list"),
    pure!(types::is_binary(Any) -> Bool, "whether it is a binary"),
    pure!(types::is_record(Any) -> Bool, "whether it is a record"),
];

/// The name of the value's type.
pub fn as_string(value: &Value) -> String {
    value.kind().to_owned()
}

/// Whether it is null.
pub fn is_null(value: &Value) -> bool {
    matches!(value, Value::Null)
}

/// Whether it is a boolean.
pub fn is_bool(value: &Value) -> bool {
    matches!(value, Value::Bool(_))
}

/// Whether it is an integer that an `i64` can hold: as in the original, a greater one is a number and none of these.
pub fn is_integer(value: &Value) -> bool {
    matches!(value, Value::Int(_))
}

/// Whether it is a float.
pub fn is_float(value: &Value) -> bool {
    matches!(value, Value::Float(_))
}

/// Whether it is an integer or a float.
pub fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Uint(_) | Value::Float(_))
}

/// Whether it is a string.
pub fn is_string(value: &Value) -> bool {
    matches!(value, Value::String(_))
}

/// Whether it is a list.
pub fn is_array(value: &Value) -> bool {
    matches!(value, Value::List(_))
}

/// Whether it is a binary.
pub fn is_binary(value: &Value) -> bool {
    matches!(value, Value::Binary(_))
}

/// Whether it is a record.
pub fn is_record(value: &Value) -> bool {
    matches!(value, Value::Record(_))
}
