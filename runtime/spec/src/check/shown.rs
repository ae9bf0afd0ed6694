//! How a message shows a text that is wrong: as it is, unless it is a secret, or comes from the environment, where
//! nobody knows what it is.

use crate::given::env_text;
use crate::row::KeyRow;

/// Where a text comes from, as far as messages show it.
#[derive(Clone, Copy)]
pub(super) enum Shown<'a> {
    /// It is shown.
    Plain,
    /// It is secret.
    Secret,
    /// It is what this environment variable holds.
    Env(&'a str),
}

impl Shown<'_> {
    /// For what is written behind a key.
    pub(super) fn of(key: &KeyRow) -> Shown<'static> {
        if key.secret { Shown::Secret } else { Shown::Plain }
    }

    /// The text in a sentence: itself in backticks, or what it is.
    pub(super) fn quote(self, text: &str) -> String {
        match self {
            Shown::Plain => format!("`{text}`"),
            Shown::Secret => String::from("the one given, which is not shown"),
            Shown::Env(variable) => format!("the value of `{}`", env_text(variable)),
        }
    }

    /// Whether the text itself may be in a message.
    pub(super) fn is_plain(self) -> bool {
        matches!(self, Shown::Plain)
    }
}
