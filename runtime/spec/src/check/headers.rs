//! Checks a record of headers: names and values that a request can have, none that the handshake sets itself.

use http::{HeaderName, HeaderValue};

use super::Problem;
use super::value::check_variable;
use crate::given::Given;
use crate::row::KeyRow;
use crate::rule::Rule;
use crate::value::Value;

/// Headers that are the handshake's own (RFC 6455 section 4.1), or announce a body, which it does not have.
const TAKEN: [&str; 5] = ["connection", "content-length", "host", "transfer-encoding", "upgrade"];

/// The beginning of all headers that the handshake uses to agree on something.
const TAKEN_PREFIX: &str = "sec-websocket-";

/// Whether these can be the headers behind `key`. No value is ever shown.
pub(super) fn check(key: &KeyRow, fields: &[(String, Given)]) -> Result<(), Problem> {
    for (i, (name, value)) in fields.iter().enumerate() {
        let wrong_name =
            |text, help| Problem { in_name: true, ..Problem::new(Rule::wrong_header, text, help) };
        let folded = name.to_ascii_lowercase();
        let problem = if HeaderName::from_bytes(name.as_bytes()).is_err() {
            let text = format!("`{name}` is no name of a header");
            wrong_name(text, "a name has letters, digits, `-` and `_`, and no spaces")
        } else if TAKEN.contains(&folded.as_str()) || folded.starts_with(TAKEN_PREFIX) {
            wrong_name(format!("`{}` cannot have `{name}`: the handshake sets it", key.name), "remove it")
        } else if fields[..i].iter().any(|(earlier, _)| earlier.eq_ignore_ascii_case(name)) {
            let text = format!("`{name}` is in `{}` twice (upper and lower case are the same)", key.name);
            wrong_name(text, "remove one of the two")
        } else {
            match check_field(name, value) {
                Ok(()) => continue,
                Err(problem) => problem,
            }
        };
        return Err(Problem { item: Some(i), ..problem });
    }
    Ok(())
}

fn check_field(name: &str, value: &Given) -> Result<(), Problem> {
    match value {
        Given::Env(variable) => check_variable(variable),
        Given::Value(Value::String(text)) => check_header(name, text),
        other => {
            let text = format!("the header `{name}` must be a string, not {}", other.describe());
            Err(Problem::new(Rule::wrong_header, text, "write it in quotes"))
        }
    }
}

/// Whether this can be the value of a header.
pub(crate) fn check_header(name: &str, text: &str) -> Result<(), Problem> {
    if HeaderValue::from_str(text).is_ok() {
        return Ok(());
    }
    let what = format!("the value of the header `{name}` has a character that no header can have");
    Err(Problem::new(Rule::wrong_header, what, "a value is one line of ASCII characters"))
}
