//! What a config gives for a key: a constant, or the place where it is found when the program starts. What a key takes
//! is the registry's ([`crate::row`]), looking it up the runtime's.

use crate::value::Value;

/// What a config gives for a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// A constant; never a record, which is [`Given::Record`].
    Value(Value),
    /// `env("NAME")`: the text that this environment variable holds when the program starts.
    Env(String),
    /// A record, its names in the order of the text; one that is there twice is there twice.
    Record(Vec<(String, Given)>),
}

impl Given {
    /// Whether it is not set.
    pub fn is_null(&self) -> bool {
        *self == Given::Value(Value::Null)
    }

    /// The value, unless some of it is only known when the program starts.
    pub fn to_value(&self) -> Option<Value> {
        match self {
            Given::Value(value) => Some(value.clone()),
            Given::Env(_) => None,
            Given::Record(fields) => {
                let field = |(name, given): &(String, Given)| Some((name.clone(), given.to_value()?));
                fields.iter().map(field).collect::<Option<_>>().map(Value::Record)
            }
        }
    }

    /// Its type in messages, with the article.
    pub fn describe(&self) -> &'static str {
        match self {
            Given::Value(value) => value.describe(),
            Given::Env(_) => "a string",
            Given::Record(_) => "a record",
        }
    }
}

impl From<Value> for Given {
    fn from(value: Value) -> Given {
        match value {
            Value::Record(record) => Given::Record(
                record.iter().map(|(name, value)| (name.to_owned(), Given::from(value.clone()))).collect(),
            ),
            plain => Given::Value(plain),
        }
    }
}

/// As it is written in a flow: `env("NAME")`.
pub(crate) fn env_text(variable: &str) -> String {
    format!("env({})", Value::from(variable))
}
