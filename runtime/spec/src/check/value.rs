//! Checks one value against the row of its key.

use super::shown::Shown;
use super::{Problem, headers, unit, url};
use crate::given::{Given, env_text};
use crate::near::{advice, listed};
use crate::row::{FileUse, KeyRow, KeyType, is_unbuilt_value};
use crate::rule::Rule;
use crate::value::Value;

/// Whether a key takes this value.
///
/// # Errors
/// What is wrong with it, without the place ([`Problem::key`] is `None`).
pub fn check_value(key: &KeyRow, value: &Value) -> Result<(), Problem> {
    if let Value::Record(_) = value {
        return check_given(key, &Given::from(value.clone()));
    }
    check_plain(key, value, Shown::of(key))
}

/// Whether a key takes what a config gives for it. What only the environment knows is right if such a key may come from
/// there; the rest is told when it is looked up.
///
/// # Errors
/// As [`check_value`].
pub fn check_given(key: &KeyRow, given: &Given) -> Result<(), Problem> {
    match (key.ty, given) {
        (KeyType::NotYet, _) => check_plain(key, &Value::Null, Shown::Plain),
        (KeyType::Headers, Given::Record(fields)) => headers::check(key, fields),
        (_, Given::Value(value)) => check_plain(key, value, Shown::of(key)),
        (_, Given::Record(_)) => Err(wrong_type(key, &Value::Record(crate::value::Record::new()))),
        (_, Given::Env(variable)) => check_env(key, variable),
    }
}

/// Whether a key takes the value that an environment variable holds. What is wrong is told in the words for any value,
/// but for the value itself.
///
/// # Errors
/// As [`check_value`].
pub(crate) fn check_looked_up(key: &KeyRow, variable: &str, value: &Value) -> Result<(), Problem> {
    check_plain(key, value, Shown::Env(variable))
}

/// Whether a key may come from this environment variable.
fn check_env(key: &KeyRow, variable: &str) -> Result<(), Problem> {
    let (name, env) = (key.name, env_text(variable));
    if !key.tunable && key.ty != KeyType::NotYet {
        let text = format!("`{name}` is part of the flow's structure and cannot be `{env}`");
        return Err(Problem::new(Rule::env_not_possible, text, "write its value here"));
    }
    if key.ty == KeyType::Headers {
        let text = format!("`{name}` must be a record, not `{env}`");
        return Err(Problem::new(Rule::env_not_possible, text, format!("give {}", wanted(key))));
    }
    if !key.takes_env() {
        let text = format!("`{name}` must be {}, not `{env}`, which is a string", type_name(key.ty));
        let help = format!(
            "give {}; a start of the program may give another one, with `--set ….{name}=…`",
            wanted(key)
        );
        return Err(Problem::new(Rule::env_not_possible, text, help));
    }
    check_variable(variable)
}

/// Whether this can be the name of an environment variable.
pub(super) fn check_variable(variable: &str) -> Result<(), Problem> {
    if variable.is_empty() || variable.contains(['=', '\0']) {
        let text = format!("`{}` names no environment variable", env_text(variable));
        return Err(Problem::new(Rule::env_of_no_name, text, "name one, as in `env(\"TOKEN\")`"));
    }
    Ok(())
}

/// Whether a key takes a value that is no record.
fn check_plain(key: &KeyRow, value: &Value, shown: Shown<'_>) -> Result<(), Problem> {
    match (key.ty, value) {
        (KeyType::NotYet, _) => Err(Problem::new(
            Rule::not_supported,
            format!("`{}` is not supported yet", key.name),
            "remove it",
        )),
        (KeyType::Instead(_), _) => {
            Err(Problem::new(Rule::unknown_key, format!("`{}` has no value", key.name), key.doc))
        }
        (KeyType::Lines, Value::List(items)) => check_lines(key, items),
        (KeyType::String, Value::String(path)) if path.is_empty() && key.file != FileUse::None => {
            let text = format!("`{}` is empty", key.name);
            Err(Problem::new(Rule::wrong_value, text, "give the path of a file"))
        }
        (KeyType::Bool, Value::Bool(_)) | (KeyType::String, Value::String(_)) => Ok(()),
        (KeyType::Directory, Value::String(path)) => check_directory(key, path),
        (KeyType::Uint, Value::Int(i)) => check_number(key, i128::from(*i)),
        (KeyType::Uint, Value::Uint(u)) => check_number(key, i128::from(*u)),
        (KeyType::Strings(taken), Value::List(items)) => check_strings(key, taken, items),
        (KeyType::Choice(legal), Value::String(s)) => check_choice(key, "values", legal, s, shown),
        (KeyType::Codec(legal), Value::String(s)) => check_choice(key, "codecs", legal, s, shown),
        (KeyType::Url(schemes), Value::String(s)) => url::check(key.name, schemes, s, shown),
        (KeyType::Token, Value::String(s)) => check_token(key, s),
        (KeyType::Credentials, Value::String(s)) => check_credentials(key, s),
        _ => Err(wrong_type(key, value)),
    }
}

fn wrong_type(key: &KeyRow, value: &Value) -> Problem {
    let is_quoted_number = |s: &str| key.ty == KeyType::Uint && s.parse::<u64>().is_ok();
    let help = match value {
        Value::String(s) if is_quoted_number(s) => format!("write {s}, without quotes"),
        Value::String(s) if key.ty == KeyType::Uint => {
            unit::without_suffix(key, s).unwrap_or_else(|| format!("give {}", wanted(key)))
        }
        Value::String(s) if key.ty == KeyType::Bool && matches!(s.as_str(), "true" | "false") => {
            format!("write {s}, without quotes")
        }
        Value::Float(f) if key.ty == KeyType::Uint && f.fract() == 0.0 && f.abs() < 1e15 => {
            format!("write {f:.0}, which is an integer (`/` always gives a float)")
        }
        _ => format!("give {}", wanted(key)),
    };
    let given = if key.secret { value.describe().to_owned() } else { shown(value) };
    Problem::new(Rule::wrong_type, format!("`{}` must be {}, not {given}", key.name, type_name(key.ty)), help)
}

fn type_name(ty: KeyType) -> &'static str {
    match ty {
        KeyType::Bool => "a boolean",
        KeyType::Uint => "an integer",
        KeyType::String
        | KeyType::Directory
        | KeyType::Choice(_)
        | KeyType::Url(_)
        | KeyType::Codec(_)
        | KeyType::Token
        | KeyType::Credentials => "a string",
        KeyType::Strings(_) | KeyType::Lines => "a list of strings",
        KeyType::Headers => "a record of strings",
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
        KeyType::Directory => String::from("the path of a directory, such as \"./wal\""),
        KeyType::Strings(_) => String::from("a list of distinct names, such as [\"a\", \"b\"]"),
        KeyType::Choice(legal) | KeyType::Codec(legal) => format!("one of {}", listed(legal.iter().copied())),
        KeyType::Url(schemes) => url::wanted(schemes),
        KeyType::Headers => String::from("a record of strings, such as {\"X-Name\": \"value\"}"),
        KeyType::Token => String::from("a string without spaces"),
        KeyType::Credentials => String::from("a string such as \"user:password\""),
        KeyType::Lines => String::from("a list of strings that are not empty"),
        KeyType::Instead(_) => String::from(key.doc),
        KeyType::NotYet => String::from("not supported yet"),
    }
}

/// A value in a message, where it is wrong: itself if it is short, else its type.
fn shown(value: &Value) -> String {
    const LONGEST: usize = 40; // bytes: what reads well within a sentence
    let text = match value {
        Value::Binary(_) | Value::List(_) | Value::Record(_) => return value.describe().to_owned(),
        scalar => scalar.to_string(),
    };
    if text.len() > LONGEST { value.describe().to_owned() } else { text }
}

fn check_number(key: &KeyRow, number: i128) -> Result<(), Problem> {
    let name = key.name;
    if number < i128::from(key.least) {
        let text = format!("`{name}` must be at least {}, not {number}", key.least);
        // what is nearly enough is in the right unit
        let meant = u64::try_from(number).ok().filter(|number| *number > 0 && number * 8 < key.least);
        let meant = meant.and_then(|number| unit::meant(key, number));
        let help = give(key, meant);
        return Err(Problem::new(Rule::out_of_range, text, help));
    }
    if number > i128::from(key.most) {
        let text = format!("`{name}` must be at most {}, not {number}", key.most);
        let meant = u64::try_from(number).ok().and_then(|number| unit::meant(key, number));
        let help = give(key, meant);
        return Err(Problem::new(Rule::out_of_range, text, help));
    }
    Ok(())
}

/// What to give: what a number would be in the key's own unit, if it is plainly in another one; and all that can be given.
fn give(key: &KeyRow, meant: Option<String>) -> String {
    match meant {
        Some(meant) => format!("{meant}; else give {}", wanted(key)),
        None => format!("give {}", wanted(key)),
    }
}

fn check_choice(
    key: &KeyRow,
    noun: &str,
    legal: &[&'static str],
    written: &str,
    shown: Shown<'_>,
) -> Result<(), Problem> {
    if legal.contains(&written) {
        return Ok(());
    }
    let name = key.name;
    let quoted = shown.quote(written);
    if is_unbuilt_value(name, written) {
        let text = format!("`{name}` = {quoted} is not supported yet");
        return Err(Problem::new(
            Rule::not_supported,
            text,
            format!("legal {noun}: {}", listed(legal.iter().copied())),
        ));
    }
    let text = format!("`{name}` cannot be {quoted}");
    let near = if shown.is_plain() { written } else { "" };
    Err(Problem::new(Rule::wrong_value, text, advice(near, noun, legal.iter().copied())))
}

/// Whether a directory exists is not looked at: it may be made later, and on another machine.
fn check_directory(key: &KeyRow, path: &str) -> Result<(), Problem> {
    let what = match path {
        "" => "is empty",
        path if path.contains('\0') => "has a character that no path can have",
        _ => return Ok(()),
    };
    Err(Problem::new(Rule::wrong_value, format!("`{}` {what}", key.name), format!("give {}", wanted(key))))
}

/// A token stands behind `Bearer` in a header's line. It is never shown.
fn check_token(key: &KeyRow, token: &str) -> Result<(), Problem> {
    if !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    if token.get(..7).is_some_and(|begin| begin.eq_ignore_ascii_case("bearer ")) {
        let text = format!("`{}` begins with `Bearer`, which the handshake adds itself", key.name);
        return Err(Problem::new(Rule::wrong_value, text, "give the token alone"));
    }
    Err(unfit(key, token, "a token has visible ASCII characters only, and no spaces"))
}

/// User and password, which travel in base64. They are never shown.
fn check_credentials(key: &KeyRow, credentials: &str) -> Result<(), Problem> {
    if !credentials.contains(':') && !credentials.is_empty() {
        let text = format!("`{}` has no `:` between user and password", key.name);
        return Err(Problem::new(Rule::wrong_value, text, format!("give {}", wanted(key))));
    }
    if !credentials.is_empty() && !credentials.contains(char::is_control) {
        return Ok(());
    }
    Err(unfit(key, credentials, "user and password have no control characters"))
}

/// What is wrong with a secret, without a word of it. The line end behind a text that was read from a file is the usual
/// reason.
fn unfit(key: &KeyRow, text: &str, rule: &str) -> Problem {
    let name = key.name;
    let what = match text {
        "" => format!("`{name}` is empty"),
        text if text.trim_end_matches(['\r', '\n']).len() < text.len() => {
            format!("`{name}` ends with a line end")
        }
        _ => format!("`{name}` has a character that it cannot have"),
    };
    Problem::new(Rule::wrong_value, what, format!("{rule}; give {}", wanted(key)))
}

fn check_lines(key: &KeyRow, items: &[Value]) -> Result<(), Problem> {
    let name = key.name;
    if items.is_empty() {
        return Err(Problem::new(
            Rule::wrong_list,
            format!("`{name}` is an empty list"),
            format!("give {}", wanted(key)),
        ));
    }
    for (i, item) in items.iter().enumerate() {
        let problem = match item {
            Value::String(s) if s.is_empty() => Problem::new(
                Rule::wrong_list,
                format!("`{name}` has an empty line in it"),
                "an empty line makes no event: remove it",
            ),
            Value::String(_) => continue,
            other => Problem::new(
                Rule::wrong_list,
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
        return Err(Problem::new(
            Rule::wrong_list,
            format!("`{name}` is an empty list"),
            format!("give {}", wanted(key)),
        ));
    }
    for (i, item) in items.iter().enumerate() {
        let problem = match item {
            Value::String(s) if s.is_empty() => Problem::new(
                Rule::wrong_list,
                format!("`{name}` has an empty name in it"),
                "give it a name, or remove it",
            ),
            Value::String(s) if taken.contains(&s.as_str()) => Problem::new(
                Rule::wrong_list,
                format!("`{s}` cannot be in `{name}`: that name is taken"),
                "choose another name",
            ),
            Value::String(s) if !s.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-')) => {
                Problem::new(
                    Rule::wrong_list,
                    format!("`{s}` in `{name}` is no name"),
                    "a name has letters, digits and `_`",
                )
            }
            Value::String(s) if items[..i].contains(item) => {
                Problem::new(Rule::wrong_list, format!("`{s}` is in `{name}` twice"), "remove one of the two")
            }
            Value::String(_) => continue,
            other => Problem::new(
                Rule::wrong_list,
                format!("`{name}` must be a list of strings, but has {} in it", shown(other)),
                format!("give {}", wanted(key)),
            ),
        };
        return Err(Problem { item: Some(i), ..problem });
    }
    Ok(())
}
