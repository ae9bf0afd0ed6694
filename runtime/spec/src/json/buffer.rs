//! The buffer into which generated code writes an event, and what it writes with: functions that put something at the
//! begin of a slice and give the rest of the slice, or nothing if it is too short. Dynamic values are written into plain
//! vectors too, by the functions beside this file.
//!
//! The slice is the writer's whole state, so it stays in two registers. A `Vec` keeps its length in memory: each append
//! loads it, compares, and stores it for the next one. (The founding flow took 100 of 967 instructions an event more with
//! a place in a vector that was handed on; counted by callgrind.) A buffer that turns out to be too short grows, and the
//! event is written once more; buffers are used again, so that happens a few times in a run.

use std::fmt;
use std::ops::Deref;

use super::{put_binary, put_f64, put_i128, put_str, put_u64};
use crate::value::Value;

/// Bytes of a buffer that had none and is written to.
const FIRST: usize = 256;
/// What a buffer of fewer bytes than that gets more, when it turns out to be too short: such a buffer was made for an event like
/// the one that is written, perhaps a million times.
const MORE: usize = 64;
/// Allocators hand out multiples of so many bytes, and need [`ALLOCATOR_BYTES`] of them.
const ALLOCATED_BY: usize = 16;
const ALLOCATOR_BYTES: usize = 8;

/// Encoded bytes: a length, and space for more.
#[derive(Clone, Default)]
pub struct Buffer {
    /// Writable bytes; what lies behind `len` means nothing.
    space: Vec<u8>,
    len: usize,
}

impl Buffer {
    /// Nothing, without memory.
    pub const fn new() -> Buffer {
        Buffer { space: Vec::new(), len: 0 }
    }

    /// These bytes, and no space for more: for what is kept as it is, perhaps a million times.
    pub fn exactly(bytes: &[u8]) -> Buffer {
        Buffer { space: bytes.to_vec(), len: bytes.len() }
    }

    /// Nothing, with space for `len` bytes and hardly more. Without memory if that is 0.
    pub fn with_space(len: usize) -> Buffer {
        let allocated = (len + ALLOCATOR_BYTES).next_multiple_of(ALLOCATED_BY);
        let space = if len == 0 { 0 } else { allocated - ALLOCATOR_BYTES };
        Buffer { space: vec![0; space], len: 0 }
    }

    /// Forgets what is in it and keeps the memory.
    #[inline]
    pub fn clear(&mut self) {
        self.len = 0;
    }

    /// Encoded bytes; no slice need be made to tell.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing was written.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bytes of memory that it has.
    #[inline]
    pub fn capacity(&self) -> usize {
        self.space.capacity()
    }

    /// Appends what `write` puts into the slice. It may be called more than once, each time with a longer slice.
    #[inline]
    pub fn append(&mut self, mut write: impl for<'b> FnMut(&'b mut [u8]) -> Option<&'b mut [u8]>) {
        loop {
            if let Some(rest) = self.space.get_mut(self.len..).and_then(&mut write) {
                let rest = rest.len();
                self.len = self.space.len() - rest;
                return;
            }
            self.grow();
        }
    }

    /// Appends bytes.
    #[inline]
    pub fn extend_from_slice(&mut self, bytes: &[u8]) {
        self.append(|out| put_slice(out, bytes));
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        self.space.truncate(self.len);
        let longer = match self.space.capacity() {
            0 => FIRST,
            few if few < FIRST => few + MORE,
            many => 2 * many,
        };
        self.space.reserve_exact(longer - self.len);
        self.space.resize(longer, 0);
    }
}

impl Deref for Buffer {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        &self.space[..self.len]
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buffer({})", self.escape_ascii())
    }
}

/// Puts bytes of which the compiler knows how many there are: one compare, and stores.
#[inline]
pub fn put<'b, const N: usize>(out: &'b mut [u8], bytes: &[u8; N]) -> Option<&'b mut [u8]> {
    let (place, rest) = out.split_first_chunk_mut::<N>()?;
    *place = *bytes;
    Some(rest)
}

/// Puts bytes. A few, which is most often so, are put as their first and their last eight, which overlap: a copy whose
/// length the compiler does not know is a call, which costs more than the bytes.
#[inline]
pub fn put_slice<'b>(out: &'b mut [u8], bytes: &[u8]) -> Option<&'b mut [u8]> {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>())
        && bytes.len() <= 16
    {
        let (place, rest) = out.split_at_mut_checked(bytes.len())?;
        *place.first_chunk_mut()? = *first;
        *place.last_chunk_mut()? = *last;
        return Some(rest);
    }
    let (place, rest) = out.split_at_mut_checked(bytes.len())?;
    place.copy_from_slice(bytes);
    Some(rest)
}

/// Puts any value, compact, fields in their order.
pub fn put_value<'b>(out: &'b mut [u8], value: &Value) -> Option<&'b mut [u8]> {
    match value {
        Value::Null => put(out, b"null"),
        Value::Bool(true) => put(out, b"true"),
        Value::Bool(false) => put(out, b"false"),
        Value::Int(i) => put_i128(out, i128::from(*i)),
        Value::Uint(u) => put_u64(out, *u),
        Value::Float(f) => put_f64(out, *f),
        Value::String(s) => put_str(out, s),
        Value::Binary(octets) => put_binary(out, octets),
        Value::List(list) => {
            let mut out = put(out, b"[")?;
            for (i, item) in list.iter().enumerate() {
                if i > 0 {
                    out = put(out, b",")?;
                }
                out = put_value(out, item)?;
            }
            put(out, b"]")
        }
        Value::Record(record) => {
            let mut out = put(out, b"{")?;
            for (i, (key, field)) in record.iter().enumerate() {
                if i > 0 {
                    out = put(out, b",")?;
                }
                out = put_str(out, key)?;
                out = put(out, b":")?;
                out = put_value(out, field)?;
            }
            put(out, b"}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_and_holds_what_was_appended() {
        let mut buffer = Buffer::new();
        assert_eq!((buffer.capacity(), buffer.is_empty()), (0, true));
        let mut expected = Vec::new();
        for n in 0..500_u16 {
            let part = vec![n as u8; usize::from(n % 9)];
            buffer.append(|out| put_slice(put(out, &n.to_be_bytes())?, &part));
            expected.extend_from_slice(&n.to_be_bytes());
            expected.extend_from_slice(&part);
            assert_eq!(*buffer, *expected);
        }
        let capacity = buffer.capacity();
        buffer.clear();
        buffer.extend_from_slice(b"x");
        buffer.extend_from_slice(b"");
        buffer.extend_from_slice(&[7; 1000]);
        assert_eq!((buffer.len(), buffer[0], buffer.capacity()), (1001, b'x', capacity));
    }

    #[test]
    fn one_that_was_made_for_a_few_bytes_grows_by_a_few() {
        fn check(space: usize, written: usize, expected: usize) {
            let mut buffer = Buffer::with_space(space);
            buffer.append(|out| put_slice(out, &vec![7; written]));
            assert_eq!((buffer.len(), buffer.capacity()), (written, expected), "{space}, {written} written");
        }
        check(0, 1, 256);
        check(88, 88, 88);
        check(89, 89, 104);
        check(89, 105, 168);
        check(200, 250, 264);
        check(200, 600, 1056);
        check(1000, 1001, 2000);
    }

    fn check(json: &str) {
        let value = Value::parse(json.as_bytes()).expect("it is JSON");
        let mut buffer = Buffer::new();
        buffer.append(|out| put_value(out, &value));
        let mut written = Vec::new();
        value.write_json(&mut written);
        assert_eq!(std::str::from_utf8(&buffer), std::str::from_utf8(&written));
    }

    #[test]
    fn values_are_put_as_they_are_written() {
        check(
            r#"{"a":[null,true,false,0,-7,18446744073709551615,1.5,-2e300,"x\"y"],"":{},"b":[[],{"c":""}]}"#,
        );
        check(&format!("[{}\"\"]", "123456789,".repeat(1000)));
    }
}
