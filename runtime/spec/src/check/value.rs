//! Checks one value against the row of its key.

use super::{Problem, url};
use crate::near::{advice, listed};
use crate::row::{KeyRow, KeyType, is_unbuilt_value};
use crate::value::Value;

/// Whether a key takes this value.
///
/// # Errors
/// What is wrong with it, without the place ([`Problem::key`] is `None`).
pub fn check_value(key: &KeyRow, value: &Value) -> Result<(), Problem> {
    match (key.ty, value) {
        (KeyType::NotYet, _) => {
            Err(Problem::new(format!("`{}` is not supported yet", key.name), "remove it"))
        }
        (KeyType::Instead(_), _) => Err(Problem::new(format!("`{}` has no value", key.name), key.doc)),
        (KeyType::Lines, Value::List(items)) => check_lines(key, items),
        (KeyType::Bool, Value::Bool(_)) | (KeyType::String, Value::String(_)) => Ok(()),
        (KeyType::Uint, Value::Int(i)) => check_number(key, i128::from(*i)),
        (KeyType::Uint, Value::Uint(u)) => check_number(key, i128::from(*u)),
        (KeyType::Strings(taken), Value::List(items)) => check_strings(key, taken, items),
        (KeyType::Choice(legal), Value::String(s)) => check_choice(key, "values", legal, s),
        (KeyType::Codec(legal), Value::String(s)) => check_choice(key, "codecs", legal, s),
        (KeyType::Url(schemes), Value::String(s)) => url::check(key.name, schemes, s),
        _ => Err(wrong_type(key, value)),
    }
}

fn wrong_type(key: &KeyRow, value: &Value) -> Problem {
    let is_quoted_number = |s: &str| key.ty == KeyType::Uint && s.parse::<u64>().is_ok();
    let help = match value {
        Value::String(s) if is_quoted_number(s) => format!("write {s}, without quotes"),
        _ => format!("give {}", wanted(key)),
    };
    Problem::new(format!("`{}` must be {}, not {}", key.name, type_name(key.ty), shown(value)), help)
}

fn type_name(ty: KeyType) -> &'static str {
    match ty {
        KeyType::Bool => "a boolean",
        KeyType::Uint => "an integer",
        KeyType::String | KeyType::Choice(_) | KeyType::Url(_) | KeyType::Codec(_) => "a string",
        KeyType::Strings(_) | KeyType::Lines => "a list of strings",
        KeyType::NotYet | KeyType::Instead(_) => "left out",
    }
}

/// What a key takes, in words: `an integer from 1 to 31536000000 (ms)`.
pub fn wanted(key: &KeyRow) -> String {
    match key.ty {
        KeyType::Bool => String::from("`true` or `false`"),
        KeyType::Uint => {
            let unit = if key.unit.is_empty() { String::new() } else { format!(" ({})", key.unit) };
            format!("an integer from {} to {}{unit}", key.least, key.most)
        }
        KeyType::String => String::from("a string"),
        KeyType::Strings(_) => String::from("a list of distinct names, such as [\"a\", \"b\"]"),
        KeyType::Choice(legal) | KeyType::Codec(legal) => format!("one of {}", listed(legal.iter().copied())),
        KeyType::Url(schemes) => url::wanted(schemes),
        KeyType::Lines => String::from("a list of strings that are not empty"),
        KeyType::Instead(_) => String::from(key.doc),
        KeyType::NotYet => String::from("not supported yet"),
    }
}

/// A value in a message, where it is wrong: itself if it is short, else its type.
fn shown(value: &Value) -> String {
    const LONGEST: usize = 40; // bytes: what reads well within a sentence
    let text = match value {
        Value::List(_) | Value::Record(_) => return value.describe().to_owned(),
        scalar => scalar.to_string(),
    };
    if text.len() > LONGEST { value.describe().to_owned() } else { text }
}

fn check_number(key: &KeyRow, number: i128) -> Result<(), Problem> {
    let name = key.name;
    if number < i128::from(key.least) {
        let text = format!("`{name}` must be at least {}, not {number}", key.least);
        return Err(Problem::new(text, format!("give {}", wanted(key))));
    }
    if number > i128::from(key.most) {
        let text = format!("`{name}` must be at most {}, not {number}", key.most);
        return Err(Problem::new(text, format!("give {}", wanted(key))));
    }
    Ok(())
}

fn check_choice(key: &KeyRow, noun: &str, legal: &[&'static str], written: &str) -> Result<(), Problem> {
    if legal.contains(&written) {
        return Ok(());
    }
    let name = key.name;
    if is_unbuilt_value(name, written) {
        let text = format!("`{name}` = `{written}` is not supported yet");
        return Err(Problem::new(text, format!("legal {noun}: {}", listed(legal.iter().copied()))));
    }
    let text = format!("`{name}` cannot be `{written}`");
    Err(Problem::new(text, advice(written, noun, legal.iter().copied())))
}

fn check_lines(key: &KeyRow, items: &[Value]) -> Result<(), Problem> {
    let name = key.name;
    if items.is_empty() {
        return Err(Problem::new(format!("`{name}` is an empty list"), format!("give {}", wanted(key))));
    }
    for (i, item) in items.iter().enumerate() {
        let problem = match item {
            Value::String(s) if s.is_empty() => Problem::new(
                format!("`{name}` has an empty line in it"),
                "an empty line makes no event: remove it",
            ),
            Value::String(_) => continue,
            other => Problem::new(
                format!("`{name}` must be a list of strings, but has {} in it", shown(other)),
                "give each line as a string: with the codec `json`, its JSON text",
            ),
        };
        return Err(Problem { item: Some(i), ..problem });
    }
    Ok(())
}

fn check_strings(key: &KeyRow, taken: &[&str], items: &[Value]) -> Result<(), Problem> {
    let name = key.name;
    if items.is_empty() {
        return Err(Problem::new(format!("`{name}` is an empty list"), format!("give {}", wanted(key))));
    }
    for (i, item) in items.iter().enumerate() {
        let problem = match item {
            Value::String(s) if s.is_empty() => {
                Problem::new(format!("`{name}` has an empty name in it"), "give it a name, or remove it")
            }
            Value::String(s) if taken.contains(&s.as_str()) => Problem::new(
                format!("`{s}` cannot be in `{name}`: that name is taken"),
                "choose another name",
            ),
            Value::String(s) if items[..i].contains(item) => {
                Problem::new(format!("`{s}` is in `{name}` twice"), "remove one of the two")
            }
            Value::String(_) => continue,
            other => Problem::new(
                format!("`{name}` must be a list of strings, but has {} in it", shown(other)),
                format!("give {}", wanted(key)),
            ),
        };
        return Err(Problem { item: Some(i), ..problem });
    }
    Ok(())
}
