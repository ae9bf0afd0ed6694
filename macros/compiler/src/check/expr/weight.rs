//! How large a constant is: one that is made of another twice over, again and again, must have an end.

use foreshock_spec::Value;

use crate::syntax::GREATEST_DEPTH;

/// So many values, and octets of strings, binaries and keys, are in a constant at most.
const GREATEST_CONSTANT: usize = 1 << 18;

/// Why a constant is too large, if it is.
pub(in super::super) fn excess(value: &Value) -> Option<String> {
    let mut left = GREATEST_CONSTANT;
    if is_too_deep(value, GREATEST_DEPTH) {
        return Some(format!("this constant is nested more than {GREATEST_DEPTH} levels deep"));
    }
    weigh(value, &mut left).is_none().then(|| {
        format!("this constant is too large; {GREATEST_CONSTANT} values and characters are possible")
    })
}

/// Takes the weight of a value from what is left; `None` if that is too little.
fn weigh(value: &Value, left: &mut usize) -> Option<()> {
    let own = match value {
        Value::String(text) => text.len() + 1,
        Value::Binary(octets) => octets.len() + 1,
        _ => 1,
    };
    *left = left.checked_sub(own)?;
    match value {
        Value::List(items) => items.iter().try_for_each(|item| weigh(item, left)),
        Value::Record(record) => record.iter().try_for_each(|(key, value)| {
            *left = left.checked_sub(key.len())?;
            weigh(value, left)
        }),
        _ => Some(()),
    }
}

fn is_too_deep(value: &Value, left: usize) -> bool {
    match value {
        Value::List(items) => left == 0 || items.iter().any(|item| is_too_deep(item, left - 1)),
        Value::Record(record) => left == 0 || record.iter().any(|(_, value)| is_too_deep(value, left - 1)),
        _ => false,
    }
}
