//! Strings as JSON (RFC 8259 section 7): quotes, backslashes and control characters are escaped, all else stands as it is.

use super::{put, put_slice};

/// A string with its quotes.
#[inline]
pub fn write_str(out: &mut Vec<u8>, s: &str) {
    let bytes = s.as_bytes();
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    if is_plain(bytes) {
        out.extend_from_slice(bytes);
    } else {
        write_escaped(out, bytes);
    }
    out.push(b'"');
}

/// A string with its quotes, at the begin of a slice; gives the rest.
#[inline]
pub fn put_str<'b>(out: &'b mut [u8], s: &str) -> Option<&'b mut [u8]> {
    put(put_text(put(out, b"\"")?, s)?, b"\"")
}

/// A string without its quotes.
#[inline]
pub fn put_text<'b>(out: &'b mut [u8], s: &str) -> Option<&'b mut [u8]> {
    let bytes = s.as_bytes();
    // A short string, which most are, is looked at as it is put: as its first and its last eight bytes.
    if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>())
        && bytes.len() <= 16
        && are_plain(*first, *last)
    {
        return put_slice(out, bytes);
    }
    if is_plain(bytes) { put_slice(out, bytes) } else { put_escaped(out, bytes) }
}

/// How many bytes [`write_str`] appends, quotes included.
pub fn escaped_len(s: &str) -> usize {
    let extra: usize =
        s.bytes().map(|byte| escape(byte).map_or(0, |letter| if letter == b'u' { 5 } else { 1 })).sum();
    s.len() + extra + 2
}

/// Whether all bytes stand for themselves: nearly all strings. It looks at every byte without stopping at the first
/// special one, because that lets the compiler test many at once.
#[inline]
fn is_plain(bytes: &[u8]) -> bool {
    !bytes.iter().fold(false, |special, &byte| special | (byte < 0x20) | (byte == b'"') | (byte == b'\\'))
}

/// The same for two words of eight bytes.
#[inline]
fn are_plain(first: [u8; 8], last: [u8; 8]) -> bool {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    // In the words' bytes below 128, the top bit is set if one is less than 32, a quote or a backslash: subtracting borrows.
    let special = |word: u64| {
        let quote = (word ^ (ONES * u64::from(b'"'))).wrapping_sub(ONES);
        let backslash = (word ^ (ONES * u64::from(b'\\'))).wrapping_sub(ONES);
        (word.wrapping_sub(ONES * 0x20) | quote | backslash) & !word
    };
    (special(u64::from_le_bytes(first)) | special(u64::from_le_bytes(last))) & (ONES << 7) == 0
}

/// The letter behind the backslash of an escaped byte, `u` for `\u00XX`; `None` if it stands for itself.
fn escape(byte: u8) -> Option<u8> {
    match byte {
        b'"' | b'\\' => Some(byte),
        0x08 => Some(b'b'),
        b'\t' => Some(b't'),
        b'\n' => Some(b'n'),
        0x0c => Some(b'f'),
        b'\r' => Some(b'r'),
        0..=0x1f => Some(b'u'),
        _ => None,
    }
}

#[cold]
fn write_escaped(out: &mut Vec<u8>, bytes: &[u8]) {
    let len = out.len();
    // Each byte becomes six at most.
    out.resize(len + 6 * bytes.len(), 0);
    let rest = put_escaped(&mut out[len..], bytes).map_or(0, |rest| rest.len());
    out.truncate(out.len() - rest);
}

#[cold]
fn put_escaped<'b>(mut out: &'b mut [u8], bytes: &[u8]) -> Option<&'b mut [u8]> {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut run = 0; // where the part begins that stands for itself and is not yet copied
    for (i, &byte) in bytes.iter().enumerate() {
        let Some(letter) = escape(byte) else { continue };
        out = put_slice(out, &bytes[run..i])?;
        out = put(out, &[b'\\', letter])?;
        if letter == b'u' {
            out = put(out, &[b'0', b'0', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]])?;
        }
        run = i + 1;
    }
    put_slice(out, &bytes[run..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(s: &str) {
        let mut written = Vec::new();
        write_str(&mut written, s);
        let mut space = vec![0; written.len()];
        assert!(put_str(&mut space, s).is_some_and(|rest| rest.is_empty()), "{s:?}");
        assert_eq!(std::str::from_utf8(&space), std::str::from_utf8(&written), "{s:?}");
        assert_eq!(put_str(&mut space[1..], s), None, "{s:?} does not fit");
    }

    #[test]
    fn strings_of_all_lengths_are_put_as_they_are_written() {
        for len in 0..40 {
            check(&"x".repeat(len));
            for special in
                ["\"", "\\", "\n", "\0", "\u{1f}", " ", "!", "#", "[", "]", "\u{7f}", "ä", "€", "💧"]
            {
                for at in 0..=len {
                    check(&format!("{}{special}{}", "a".repeat(at), "b".repeat(len - at)));
                }
            }
        }
    }
}
