//! Events in their representations: encoded as JSON, turned into dynamic values and back, kept by a log.

use std::fmt;
use std::sync::LazyLock;

use foreshock_spec::json::{self, Buffer};
use foreshock_spec::{Record, Value};

/// JSON's `null` as a type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Null;

/// A constant that is parsed once.
pub type Constant = LazyLock<Value>;

/// Something that an event or a part of it is represented as.
pub trait Encode {
    /// Puts the JSON text at the begin of the slice, and gives the rest; nothing if it is too short.
    fn put<'b>(&self, out: &'b mut [u8]) -> Option<&'b mut [u8]>;

    /// Appends the JSON text.
    #[inline]
    fn encode(&self, out: &mut Buffer) {
        out.append(|out| self.put(out));
    }

    /// The same as a dynamic value.
    fn to_value(&self) -> Value;
}

macro_rules! encode {
    ($($ty:ty: |$self:ident, $out:ident| $put:expr, $value:expr;)*) => {$(
        impl Encode for $ty {
            #[inline]
            fn put<'b>(&self, $out: &'b mut [u8]) -> Option<&'b mut [u8]> {
                let $self = self;
                $put
            }

            fn to_value(&self) -> Value {
                let $self = self;
                $value
            }
        }
    )*};
}

encode! {
    Null: |_this, out| json::put(out, b"null"), Value::Null;
    bool: |this, out| if *this { json::put(out, b"true") } else { json::put(out, b"false") }, Value::Bool(*this);
    u64: |this, out| json::put_u64(out, *this), Value::from(*this);
    i128: |this, out| json::put_i128(out, *this), Value::integer(*this).unwrap_or(Value::Null);
    f64: |this, out| json::put_f64(out, *this), Value::Float(*this);
    str: |this, out| json::put_str(out, this), Value::from(this);
    Value: |this, out| json::put_value(out, this), this.clone();
}

impl<E: Encode + ?Sized> Encode for &E {
    #[inline]
    fn put<'b>(&self, out: &'b mut [u8]) -> Option<&'b mut [u8]> {
        (**self).put(out)
    }

    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

/// Appends the JSON text of an event in which something is not what it usually is: never in a flow.
#[cold]
#[inline(never)]
pub fn encode_unusual(event: &impl Encode, out: &mut Buffer) {
    event.encode(out);
}

/// An event does not have the shape that the pipeline was compiled for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeError(String);

impl ShapeError {
    pub(super) fn expected(what: &str, value: &Value) -> ShapeError {
        ShapeError(format!("expected {what}, found {}", value.kind()))
    }

    pub(super) fn missing(key: &str) -> ShapeError {
        ShapeError(format!("field `{key}` is missing"))
    }

    pub(super) fn in_field(self, key: &str) -> ShapeError {
        ShapeError(format!("field `{key}`: {self}"))
    }
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ShapeError {}

/// Reads a representation from a dynamic value; closed shapes are strict.
pub trait Decode<'a>: Sized {
    /// The representation of `value`.
    ///
    /// # Errors
    /// `value` has another shape.
    fn decode(value: &'a Value) -> Result<Self, ShapeError>;
}

macro_rules! decode {
    ($($ty:ty, $what:literal: $pattern:pat => $result:expr;)*) => {$(
        impl<'a> Decode<'a> for $ty {
            fn decode(value: &'a Value) -> Result<Self, ShapeError> {
                match value {
                    $pattern => Ok($result),
                    other => Err(ShapeError::expected($what, other)),
                }
            }
        }
    )*};
}

decode! {
    Null, "null": Value::Null => Null;
    bool, "a boolean": Value::Bool(b) => *b;
    f64, "a float": Value::Float(f) => *f;
    &'a str, "a string": Value::String(s) => s;
}

/// The event of a source of texts.
///
/// # Panics
/// It is none.
#[inline]
pub fn text_of(event: &Value) -> &str {
    match event {
        Value::String(text) => text,
        _ => unreachable!("a source whose codec is `string` makes nothing else"),
    }
}

impl<'a> Decode<'a> for &'a Value {
    fn decode(value: &'a Value) -> Result<Self, ShapeError> {
        Ok(value)
    }
}

impl Decode<'_> for u64 {
    fn decode(value: &Value) -> Result<Self, ShapeError> {
        match value {
            Value::Int(i) => {
                u64::try_from(*i).map_err(|_| ShapeError::expected("an integer of at least 0", value))
            }
            Value::Uint(i) => Ok(*i),
            other => Err(ShapeError::expected("an integer of at least 0", other)),
        }
    }
}

impl Decode<'_> for i128 {
    fn decode(value: &Value) -> Result<Self, ShapeError> {
        match value {
            Value::Int(i) => Ok(i128::from(*i)),
            Value::Uint(i) => Ok(i128::from(*i)),
            other => Err(ShapeError::expected("an integer", other)),
        }
    }
}

/// The fields of a record that must have exactly these keys.
///
/// # Errors
/// It is no record, or has other keys.
pub fn fields<'a>(value: &'a Value, keys: &[&str]) -> Result<&'a Record, ShapeError> {
    let Value::Record(record) = value else { return Err(ShapeError::expected("a record", value)) };
    match record.keys().find(|key| !keys.contains(key)) {
        Some(key) => {
            Err(ShapeError(format!("field `{key}` does not belong to the shape: {}", keys.join(", "))))
        }
        None => Ok(record),
    }
}

/// A field of a record.
///
/// # Errors
/// It is missing, or has another shape.
pub fn field<'a, D: Decode<'a>>(record: &'a Record, key: &str) -> Result<D, ShapeError> {
    let value = record.get(key).ok_or_else(|| ShapeError::missing(key))?;
    D::decode(value).map_err(|error| error.in_field(key))
}

/// A dynamic record.
pub fn record_of<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let mut record = Record::new();
    for (key, value) in fields {
        record.insert(key, value);
    }
    Value::Record(record)
}

/// A constant that generated code holds as text.
pub fn constant(text: &str) -> Value {
    Value::parse(text.as_bytes()).expect("the compiler printed the constant")
}

/// The value of bytes that this flow encoded.
pub fn decoded(bytes: &[u8]) -> Value {
    Value::parse(bytes).expect("the flow encoded the event")
}

/// What a log keeps of an event for those who read it later, in place of `kept`, whose memory is reused.
pub trait Keep<K: ?Sized> {
    /// Puts a copy into `kept`.
    fn keep(&self, kept: &mut K);
}

impl Keep<String> for &str {
    fn keep(&self, kept: &mut String) {
        kept.clear();
        kept.push_str(self);
    }
}

impl Keep<Value> for &Value {
    fn keep(&self, kept: &mut Value) {
        kept.clone_from(self);
    }
}

impl Keep<Value> for Value {
    fn keep(&self, kept: &mut Value) {
        kept.clone_from(self);
    }
}

macro_rules! keep_copy {
    ($($ty:ty)*) => {$(
        impl Keep<$ty> for $ty {
            fn keep(&self, kept: &mut $ty) {
                *kept = *self;
            }
        }
    )*};
}

keep_copy!(Null bool u64 i128 f64);

/// What a log on disk keeps of an event beside its bytes, made anew from these when they are read back: by a build that may
/// want another shape than the one that wrote them.
pub trait Recover: Default + Send {
    /// Takes what fits of an event's JSON text, in place of what was kept before.
    ///
    /// # Errors
    /// Why the event does not have the shape that is wanted now, in words.
    fn recover(&mut self, payload: &[u8]) -> Result<(), String>;
}

impl Recover for () {
    fn recover(&mut self, _payload: &[u8]) -> Result<(), String> {
        Ok(())
    }
}
