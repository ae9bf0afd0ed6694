//! JSON text to a value. The reading itself is that of `serde_json`; here is only what it makes, and how its errors are told.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{Record, Value};

/// Why a text is no JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError(String);

impl JsonError {
    /// Why, and where, without saying that it is no JSON: `a ":" should be here (column 6)`. The column is counted in bytes, from
    /// 1, and a line is named where it is not the first. No word of the text is in it.
    pub fn why(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this is no JSON: {}", self.0)
    }
}

impl std::error::Error for JsonError {}

/// What the parser says, and what that means in words that say what to do. Its own stand where it has new ones.
const WORDS: &[(&str, &str)] = &[
    ("EOF while parsing a list", "it ends within a list"),
    ("EOF while parsing an object", "it ends within a record"),
    ("EOF while parsing a string", "it ends within a string"),
    ("EOF while parsing a value", "it ends before its value does"),
    ("expected `:`", "a `:` should be here"),
    ("expected `,` or `]`", "a `,` or `]` should be here"),
    ("expected `,` or `}`", "a `,` or `}` should be here"),
    ("expected ident", "this word is none of `true`, `false` and `null`; a string stands in double quotes"),
    ("expected value", "no value begins like this; a string stands in double quotes"),
    ("expected `\"`", "a `\"` should be here"),
    ("invalid escape", "there is no such escape"),
    ("invalid number", "this is no number"),
    ("number out of range", "this number is out of range"),
    ("invalid unicode code point", "this is no UTF-8"),
    (
        "control character (\\u0000-\\u001F) found while parsing a string",
        "a control character in a string must be escaped",
    ),
    ("key must be a string", "the name of a field stands in double quotes"),
    ("lone leading surrogate in hex escape", "this escape is half of a surrogate pair"),
    ("unexpected end of hex escape", "the other half of a surrogate pair is missing"),
    ("trailing comma", "something should follow the `,`"),
    ("trailing characters", "something follows behind the value"),
    ("recursion limit exceeded", "its values are nested too deep"),
];

impl From<serde_json::Error> for JsonError {
    fn from(error: serde_json::Error) -> JsonError {
        let (line, column) = (error.line(), error.column());
        let text = error.to_string();
        let text = text.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&text);
        let why = WORDS.iter().find(|(theirs, _)| *theirs == text).map_or(text, |(_, ours)| ours);
        // At the end of an empty text or line it counts from 0.
        let column = column.max(1);
        let place =
            if line > 1 { format!("line {line}, column {column}") } else { format!("column {column}") };
        JsonError(format!("{why} ({place})"))
    }
}

/// Of a list whose length a text promises, no more places than this are made in advance.
const PLACES_IN_ADVANCE: usize = 64;

pub(super) fn parse(json: &[u8]) -> Result<Value, JsonError> {
    serde_json::from_slice(json).map_err(JsonError::from)
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, b: bool) -> Result<Value, E> {
        Ok(Value::Bool(b))
    }

    fn visit_i64<E>(self, i: i64) -> Result<Value, E> {
        Ok(Value::Int(i))
    }

    fn visit_u64<E>(self, u: u64) -> Result<Value, E> {
        Ok(Value::from(u))
    }

    fn visit_f64<E>(self, f: f64) -> Result<Value, E> {
        Ok(Value::Float(f))
    }

    fn visit_str<E>(self, s: &str) -> Result<Value, E> {
        Ok(Value::from(s))
    }

    fn visit_string<E>(self, s: String) -> Result<Value, E> {
        Ok(Value::String(s))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::with_capacity(items.size_hint().unwrap_or(0).min(PLACES_IN_ADVANCE));
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut record = Record::new();
        while let Some((key, value)) = fields.next_entry::<String, Value>()? {
            record.insert(key, value);
        }
        Ok(Value::Record(record))
    }
}
