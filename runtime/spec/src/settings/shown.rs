//! How settings are shown to people: `--help`, lists of settings, `Debug`. The one place that knows what must not be seen.

use std::fmt;

use super::{Definition, Node};
use crate::check::for_people;
use crate::given::{Given, env_text};
use crate::row::{KeyRow, KeyType};
use crate::value::Value;

/// What stands for a secret.
const HIDDEN: &str = "(secret)";

/// A setting for people: what it is (`500 ms`), where it comes from (`env("TOKEN")`), or that it is secret.
pub fn shown(key: &KeyRow, given: &Given) -> String {
    match given {
        Given::Env(variable) => env_text(variable),
        Given::Record(fields) => {
            let field = |(name, given): &(String, Given)| {
                format!("{}: {}", Value::from(name.as_str()), shown(key, given))
            };
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        Given::Value(Value::Null) => String::from("not set"),
        Given::Value(_) if key.secret => String::from(HIDDEN),
        Given::Value(Value::String(url)) if matches!(key.ty, KeyType::Url(_)) => {
            Value::from(for_people(url)).to_string()
        }
        Given::Value(value) if key.unit.is_empty() => value.to_string(),
        Given::Value(value) => format!("{value} {}", key.unit),
    }
}

/// The same for machines: the value itself, `{"env": "TOKEN"}` for what the environment holds, and what [`shown`] says of a
/// secret.
pub fn shown_value(key: &KeyRow, given: &Given) -> Value {
    match given {
        Given::Env(variable) => {
            Value::Record([("env".to_owned(), Value::from(variable.as_str()))].into_iter().collect())
        }
        Given::Record(fields) => Value::Record(
            fields.iter().map(|(name, given)| (name.clone(), shown_value(key, given))).collect(),
        ),
        Given::Value(Value::Null) => Value::Null,
        Given::Value(_) if key.secret => Value::from(HIDDEN),
        Given::Value(Value::String(url)) if matches!(key.ty, KeyType::Url(_)) => Value::from(for_people(url)),
        Given::Value(value) => value.clone(),
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut node = f.debug_struct(self.definition.path);
        for (key, given) in self.keys.iter().zip(&self.given).filter(|(key, _)| key.is_built()) {
            node.field(key.name, &format_args!("{}", shown(key, given)));
        }
        node.finish()
    }
}

impl fmt::Debug for Definition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.keys();
        let mut definition = f.debug_struct(self.path);
        for (name, literal) in self.config {
            if let Some(key) = keys.iter().find(|key| key.name == *name) {
                definition.field(name, &format_args!("{}", shown(key, &literal.to_given())));
            }
        }
        definition.finish()
    }
}
