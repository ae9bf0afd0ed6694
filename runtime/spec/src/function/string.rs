//! `std::string`. Characters are Unicode scalar values.

use super::macros::pure;
use super::{FunctionRow, Misfit};
use crate::op::{OpError, interpolate};
use crate::value::Value;

pub(super) const MODULE: &str = "std::string";

pub(super) static ROWS: &[FunctionRow] = &[
    pure!(string::bytes(String) -> Integer, "how many bytes the text has in UTF-8"),
    pure!(string::capitalize(String) -> String, "the text with its first character in upper case"),
    pure!(string::contains(String, String) -> Bool, "whether the first text has the second in it"),
    pure!(string::format(String; ...Any) ->? String, "the text with each `{}` replaced by the next argument",
        constants = format_fits),
    pure!(string::from_utf8_lossy(Binary) -> String, "the text that the binary is in UTF-8, U+FFFD for what is none"),
    pure!(string::into_binary(String) -> Binary, "the bytes that the text has in UTF-8"),
    pure!(string::is_empty(String) -> Bool, "whether the text has no characters"),
    pure!(string::len(String) -> Integer, "how many characters the text has"),
    pure!(string::lowercase(String) -> String, "the text in lower case"),
    pure!(string::replace(String, String, String) ->? String, "the first text, each second text in it replaced by the third"),
    pure!(string::split(String, String) -> List, "the parts of the first text between each second text in it"),
    pure!(string::substr(String, Integer, Integer) ->? String, "the characters from the first number up to the second",
        constants = substr_fits),
    pure!(string::trim(String) -> String, "the text without white space at its ends"),
    pure!(string::trim_end(String) -> String, "the text without white space at its end"),
    pure!(string::trim_start(String) -> String, "the text without white space at its start"),
    pure!(string::uppercase(String) -> String, "the text in upper case"),
];

/// How many bytes the text has in UTF-8.
pub fn bytes(s: &str) -> i128 {
    s.len() as i128
}

/// The text with its first character in upper case, the others as they are.
pub fn capitalize(s: &str) -> String {
    let mut rest = s.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// Whether `s` has `part` in it.
pub fn contains(s: &str, part: &str) -> bool {
    s.contains(part)
}

/// The text with each `{}` replaced by the next argument: strings as they are, all else as JSON. `{{` and `}}` stand
/// for single braces.
///
/// # Errors
/// A brace that is neither, too few arguments, too many.
pub fn format(text: &str, arguments: &[&Value]) -> Result<String, OpError> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut used = 0;
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        match (c, next) {
            ('{', Some('}')) => {
                chars.next();
                if let Some(argument) = arguments.get(used) {
                    interpolate(&mut out, argument);
                }
                used += 1;
            }
            ('{', Some('{')) | ('}', Some('}')) => {
                chars.next();
                out.push(c);
            }
            ('{' | '}', _) => {
                return Err(OpError::new(format!(
                    "the format has a single `{c}`: write `{{}}` for an argument, `{c}{c}` for a brace"
                )));
            }
            _ => out.push(c),
        }
    }
    if used != arguments.len() {
        return Err(OpError::new(format!("the format has {used} `{{}}` for {} arguments", arguments.len())));
    }
    Ok(out)
}

/// What can be told of a call of `format` if its text is a constant: how many arguments follow does not depend on what
/// they are.
fn format_fits(arguments: &[Option<&Value>]) -> Result<(), Misfit> {
    let Some((Some(Value::String(text)), rest)) = arguments.split_first() else { return Ok(()) };
    format(text, &vec![&Value::Null; rest.len()]).map(|_| ()).map_err(|error| Misfit { argument: 0, error })
}

/// The text of octets that are UTF-8; each stretch that is not becomes a U+FFFD.
pub fn from_utf8_lossy(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

/// The text as octets.
pub fn into_binary(s: &str) -> Value {
    Value::Binary(s.as_bytes().to_vec())
}

/// Whether the text has no characters.
pub fn is_empty(s: &str) -> bool {
    s.is_empty()
}

/// How many characters the text has.
pub fn len(s: &str) -> i128 {
    s.chars().count() as i128
}

/// The text in lower case.
pub fn lowercase(s: &str) -> String {
    s.to_lowercase()
}

/// The greatest text that [`replace`] makes, in bytes: what it makes can be as long as two of its arguments multiplied.
pub const MOST_REPLACED_BYTES: usize = 16 * 1024 * 1024;

/// The text with each `from` in it replaced.
///
/// # Errors
/// The result would have more than [`MOST_REPLACED_BYTES`].
pub fn replace(s: &str, from: &str, to: &str) -> Result<String, OpError> {
    if to.len() > from.len() {
        let longer = s.matches(from).count().saturating_mul(to.len() - from.len());
        if s.len().saturating_add(longer) > MOST_REPLACED_BYTES {
            return Err(OpError::new(format!("the result would have more than {MOST_REPLACED_BYTES} bytes")));
        }
    }
    Ok(s.replace(from, to))
}

/// The parts of the text between the separators; two separators in a row have an empty part between them.
pub fn split(s: &str, separator: &str) -> Value {
    Value::List(s.split(separator).map(Value::from).collect())
}

/// The characters from number `start` up to, not including, number `end`. As in the original, a start beyond the text
/// counts as 0, an end beyond it as its end, and where the start is behind the end it is the whole text.
///
/// # Errors
/// A negative number.
pub fn substr(s: &str, start: i128, end: i128) -> Result<String, OpError> {
    let from = position(s, start)?.unwrap_or(0);
    let to = position(s, end)?.unwrap_or(s.len());
    Ok(s.get(from..to).unwrap_or(s).to_owned())
}

/// A constant number may be wrong whatever the text is.
fn substr_fits(arguments: &[Option<&Value>]) -> Result<(), Misfit> {
    for (argument, value) in arguments.iter().enumerate() {
        if let Some(Value::Int(number)) = value {
            position("", i128::from(*number)).map_err(|error| Misfit { argument, error })?;
        }
    }
    Ok(())
}

/// Where the character of this number begins; `None` beyond the text.
fn position(s: &str, number: i128) -> Result<Option<usize>, OpError> {
    if number < 0 {
        return Err(OpError::new(format!(
            "{number} is negative; the characters of a text are counted from 0"
        )));
    }
    let number = usize::try_from(number).unwrap_or(usize::MAX);
    Ok(s.char_indices().nth(number).map(|(at, _)| at))
}

/// The text without white space at its ends.
pub fn trim(s: &str) -> String {
    s.trim().to_owned()
}

/// The text without white space at its end.
pub fn trim_end(s: &str) -> String {
    s.trim_end().to_owned()
}

/// The text without white space at its start.
pub fn trim_start(s: &str) -> String {
    s.trim_start().to_owned()
}

/// The text in upper case.
pub fn uppercase(s: &str) -> String {
    s.to_uppercase()
}
