//! Static types of expressions and events.

use foreshock_spec::{Record, Value};

use crate::syntax::GREATEST_DEPTH;

/// How many fields a record has at most, those of records in it included.
const GREATEST_RECORD: usize = 4096;

/// What the compiler knows of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum Type {
    /// Nothing: a dynamic value.
    #[default]
    Any,
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// An integer from 0 to `u64::MAX`: from a source's shape.
    Uint,
    /// An integer from `i64::MIN` to `u64::MAX`: literals and computed integers.
    Integer,
    /// A float.
    Float,
    /// A string.
    String,
    /// Octets.
    Binary,
    /// A list of anything.
    List,
    /// A closed record: exactly these fields, in this order, each name once.
    Record(Vec<(String, Type)>),
}

impl Type {
    /// The type of a constant.
    pub fn of(value: &Value) -> Type {
        match value {
            Value::Null => Type::Null,
            Value::Bool(_) => Type::Bool,
            Value::Int(_) | Value::Uint(_) => Type::Integer,
            Value::Float(_) => Type::Float,
            Value::String(_) => Type::String,
            Value::Binary(_) => Type::Binary,
            Value::List(_) => Type::List,
            Value::Record(record) => {
                Type::Record(record.iter().map(|(name, value)| (name.to_owned(), Type::of(value))).collect())
            }
        }
    }

    /// A value of the type on which every operator succeeds that takes the type; none for `Any`.
    pub fn example(&self) -> Option<Value> {
        Some(match self {
            Type::Any => return None,
            Type::Null => Value::Null,
            Type::Bool => Value::Bool(false),
            Type::Uint | Type::Integer => Value::Int(1),
            Type::Float => Value::Float(1.0),
            Type::String => Value::String(String::new()),
            Type::Binary => Value::Binary(Vec::new()),
            Type::List => Value::List(Vec::new()),
            Type::Record(_) => Value::Record(Record::new()),
        })
    }

    /// How many fields it has, those of records in it included, and how deep these are nested.
    pub fn extent(&self) -> (usize, usize) {
        let Type::Record(fields) = self else {
            return (0, 0);
        };
        fields.iter().fold((0, 1), |(count, depth), (_, ty)| {
            let (inner, below) = ty.extent();
            (count + 1 + inner, depth.max(below + 1))
        })
    }

    /// Why it is too large, if it is: a record can be made of the one before twice over, again and again, so what the
    /// compiler follows must have an end.
    pub fn excess(&self) -> Option<String> {
        let (fields, depth) = self.extent();
        let fits = fields <= GREATEST_RECORD && depth <= GREATEST_DEPTH;
        (!fits).then(|| {
            format!(
                "a record of {fields} fields, {depth} levels deep, is too large; {GREATEST_RECORD} fields and \
                 {GREATEST_DEPTH} levels are possible"
            )
        })
    }

    /// Its name in messages.
    pub fn describe(&self) -> &'static str {
        match self {
            Type::Any => "a value of any type",
            Type::Null => "null",
            Type::Bool => "a boolean",
            Type::Uint | Type::Integer => "an integer",
            Type::Float => "a float",
            Type::String => "a string",
            Type::Binary => "a binary",
            Type::List => "a list",
            Type::Record(_) => "a record",
        }
    }

    /// What two alternatives have in common: themselves if equal, `Integer` for two kinds of integers, else `Any`.
    #[must_use]
    pub fn join(&self, other: &Type) -> Type {
        match (self, other) {
            (a, b) if a == b => a.clone(),
            (Type::Uint | Type::Integer, Type::Uint | Type::Integer) => Type::Integer,
            _ => Type::Any,
        }
    }
}
