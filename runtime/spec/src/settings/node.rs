//! The settings of one definition, as its machine reads them when it is made.

use super::Node;
use crate::value::Value;

/// The settings of one definition: each key of its row has a value of the row's type, or is not set.
///
/// What the environment holds is there after [`Settings::look_up`](super::Settings::look_up).
///
/// Asking for a key that the row does not have, or for another type than it has, is a mistake in the program and panics.
#[derive(Clone, Copy, Debug)]
pub struct NodeSettings<'a> {
    node: &'a Node,
}

impl<'a> NodeSettings<'a> {
    pub(super) fn new(node: &'a Node) -> NodeSettings<'a> {
        NodeSettings { node }
    }

    /// How the definition is called: `offramp.ws0`.
    pub fn path(&self) -> &'static str {
        self.node.definition.path
    }

    /// A boolean.
    ///
    /// # Panics
    /// The row has no such key, or it is not set.
    pub fn bool(&self, key: &str) -> bool {
        match self.value(key) {
            Value::Bool(b) => *b,
            other => self.mismatch(key, "a boolean", other),
        }
    }

    /// A number.
    ///
    /// # Panics
    /// The row has no such key, or it is not set.
    pub fn u64(&self, key: &str) -> u64 {
        self.opt_u64(key).unwrap_or_else(|| self.mismatch(key, "an integer", &Value::Null))
    }

    /// A number that may be not set.
    ///
    /// # Panics
    /// The row has no such key.
    pub fn opt_u64(&self, key: &str) -> Option<u64> {
        match self.value(key) {
            Value::Null => None,
            Value::Int(i) if *i >= 0 => Some(i.unsigned_abs()),
            Value::Uint(u) => Some(*u),
            other => self.mismatch(key, "an integer", other),
        }
    }

    /// A string.
    ///
    /// # Panics
    /// The row has no such key, or it is not set.
    pub fn str(&self, key: &str) -> &'a str {
        match self.value(key) {
            Value::String(s) => s,
            other => self.mismatch(key, "a string", other),
        }
    }

    /// A string that may be not set.
    ///
    /// # Panics
    /// The row has no such key.
    pub fn opt_str(&self, key: &str) -> Option<&'a str> {
        match self.value(key) {
            Value::Null => None,
            Value::String(s) => Some(s),
            other => self.mismatch(key, "a string", other),
        }
    }

    /// A record of strings, in its order; one that is not set has nothing in it.
    ///
    /// # Panics
    /// The row has no such key.
    pub fn named_strings(&self, key: &str) -> Vec<(&'a str, &'a str)> {
        let fields = match self.value(key) {
            Value::Null => return Vec::new(),
            Value::Record(fields) => fields,
            other => self.mismatch(key, "a record of strings", other),
        };
        let one = |(name, value): (&'a str, &'a Value)| match value {
            Value::String(s) => (name, s.as_str()),
            other => self.mismatch(key, "a record of strings", other),
        };
        fields.iter().map(one).collect()
    }

    /// A list of strings.
    ///
    /// # Panics
    /// The row has no such key, or it is not set.
    pub fn strings(&self, key: &str) -> Vec<&'a str> {
        let Value::List(items) = self.value(key) else {
            self.mismatch(key, "a list of strings", self.value(key));
        };
        let one = |item: &'a Value| match item {
            Value::String(s) => s.as_str(),
            other => self.mismatch(key, "a list of strings", other),
        };
        items.iter().map(one).collect()
    }

    fn value(&self, key: &str) -> &'a Value {
        let place = self.node.keys.iter().position(|row| row.name == key);
        &self.node.values[place.unwrap_or_else(|| panic!("`{}` has no key `{key}`", self.path()))]
    }

    #[cold]
    fn mismatch(&self, key: &str, wanted: &str, value: &Value) -> ! {
        panic!("`{}.{key}` was checked to be {wanted}, and is {}", self.path(), value.describe())
    }
}
