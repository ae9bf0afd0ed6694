//! Writers of JSON, used by generated code and by [`crate::Value`]. They append to a buffer and allocate nothing
//! but the buffer's growth. Reading JSON is [`crate::Value::parse`].

mod binary;
mod buffer;
mod number;
mod text;

pub use binary::{base64, put_binary, write_binary};
pub use buffer::{Buffer, put, put_slice, put_value};
pub use number::{Recent, put_f64, put_i128, put_u64, write_f64, write_i64, write_i128, write_u64};
pub use text::{escaped_len, put_str, put_text, write_str};

use crate::value::Value;

/// `true` or `false`
#[inline]
pub fn write_bool(out: &mut Vec<u8>, b: bool) {
    out.extend_from_slice(if b { b"true" } else { b"false" });
}

/// `null`
#[inline]
pub fn write_null(out: &mut Vec<u8>) {
    out.extend_from_slice(b"null");
}

/// Any value, compact, fields in their order.
pub fn write_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => write_null(out),
        Value::Bool(b) => write_bool(out, *b),
        Value::Int(i) => write_i64(out, *i),
        Value::Uint(u) => write_u64(out, *u),
        Value::Float(f) => write_f64(out, *f),
        Value::String(s) => write_str(out, s),
        Value::Binary(octets) => write_binary(out, octets),
        Value::List(list) => {
            out.push(b'[');
            for (i, item) in list.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_value(out, item);
            }
            out.push(b']');
        }
        Value::Record(record) => {
            out.push(b'{');
            for (i, (key, field)) in record.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_str(out, key);
                out.push(b':');
                write_value(out, field);
            }
            out.push(b'}');
        }
    }
}
