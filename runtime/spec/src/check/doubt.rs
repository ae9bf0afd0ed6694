//! What is legal in a config, and hardly meant. The compiler warns of it; a start does where an override has brought it in.

use super::{Problem, unit};
use crate::given::Given;
use crate::row::{KeyRow, KeyType};
use crate::rule::Rule;
use crate::value::Value;

/// What is hardly meant in a config without mistakes, in the order of its entries.
pub fn doubts(keys: &[KeyRow], entries: &[(String, Given)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (i, (name, given)) in entries.iter().enumerate() {
        let Some(key) = keys.iter().find(|key| key.name == name) else { continue };
        let Some(number) = number(given) else { continue };
        let doubt = unit::doubted(key, number).or_else(|| exceeding(keys, key, number, entries));
        problems.extend(doubt.map(|problem| problem.at(i)));
    }
    problems
}

/// A number that has no use beyond that of another key.
fn exceeding(keys: &[KeyRow], key: &KeyRow, ours: u64, entries: &[(String, Given)]) -> Option<Problem> {
    let limit = keys.iter().find(|other| other.name == key.up_to)?;
    let has = |name: &str| entries.iter().any(|(key, _)| key == name);
    let given = entries.iter().find(|(name, _)| name == limit.name).map(|(_, given)| given.clone());
    let theirs = number(&given.unwrap_or_else(|| limit.among(has).default.to_given()))?;
    if ours <= theirs {
        return None;
    }
    let (name, other) = (key.name, limit.name);
    let text = format!("`{name}` = {ours} is more than `{other}` = {theirs}");
    let help = format!("more has no use: write {theirs} or less, or a greater `{other}`");
    Some(Problem::new(Rule::exceeds_another_key, text, help))
}

fn number(given: &Given) -> Option<u64> {
    match given {
        Given::Value(value) => value.as_u64(),
        _ => None,
    }
}

/// Parts of names that headers and parameters with secrets have, in small letters.
const SECRET_PARTS: [&str; 9] =
    ["token", "secret", "password", "passwd", "authorization", "api-key", "api_key", "apikey", "cookie"];

/// Whole names of parameters with secrets, in small letters.
const SECRET_NAMES: [&str; 8] = ["auth", "key", "jwt", "pass", "pwd", "sig", "signature", "bearer"];

/// Secrets that stand in the text of a flow, for everybody who has its source.
pub fn secrets(keys: &[KeyRow], entries: &[(String, Given)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (i, (name, given)) in entries.iter().enumerate() {
        let Some(key) = keys.iter().find(|key| key.name == name) else { continue };
        match (key.ty, given) {
            (KeyType::Headers, Given::Record(fields)) => {
                for (item, (header, given)) in fields.iter().enumerate() {
                    let is_literal = matches!(given, Given::Value(Value::String(text)) if !text.is_empty());
                    if is_literal && has_secret_name(header) {
                        let problem = exposed(&format!("the header `{header}`"), header);
                        problems.push(Problem { item: Some(item), ..problem }.at(i));
                    }
                }
            }
            (KeyType::Url(_), Given::Value(Value::String(url))) => {
                let parameter = secret_parameter(url);
                let what = |parameter| format!("the parameter `{parameter}` of `{name}`");
                problems.extend(parameter.map(|parameter| exposed(&what(parameter), name).at(i)));
            }
            (_, Given::Value(Value::String(text))) if key.secret && !text.is_empty() => {
                problems.push(exposed(&format!("`{name}`"), name).at(i));
            }
            _ => {}
        }
    }
    problems
}

fn has_secret_name(name: &str) -> bool {
    let name = name.to_lowercase();
    SECRET_PARTS.iter().any(|part| name.contains(part)) || SECRET_NAMES.contains(&name.as_str())
}

/// The first parameter in the query of a URL that has a value, and the name of one that is secret.
fn secret_parameter(url: &str) -> Option<&str> {
    let (_, query) = url.split_once('?')?;
    let parameters = query.split('&').filter_map(|parameter| parameter.split_once('='));
    parameters.filter(|(_, value)| !value.is_empty()).map(|(name, _)| name).find(|name| has_secret_name(name))
}

/// `what` is secret; `key` is what gives it a value.
fn exposed(what: &str, key: &str) -> Problem {
    let upper = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let variable: String = key.chars().map(upper).collect();
    Problem::new(
        Rule::secret_in_the_flow,
        format!("{what} is a secret, and here everybody sees it who has the source"),
        format!("leave it to the environment: write `env(\"{variable}\")`, and set that variable at start"),
    )
}
