//! Strings as JSON (RFC 8259 section 7): quotes, backslashes and control characters are escaped, all else stands as it is.

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
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut run = 0; // where the part begins that stands for itself and is not yet copied
    for (i, &byte) in bytes.iter().enumerate() {
        let Some(letter) = escape(byte) else { continue };
        out.extend_from_slice(&bytes[run..i]);
        out.extend_from_slice(&[b'\\', letter]);
        if letter == b'u' {
            out.extend_from_slice(&[b'0', b'0', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        }
        run = i + 1;
    }
    out.extend_from_slice(&bytes[run..]);
}
