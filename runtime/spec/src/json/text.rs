//! Strings as JSON (RFC 8259 section 7): quotes, backslashes and control characters are escaped, all else stands as it is.

/// For each byte: 0 if it stands for itself, `u` if it is escaped as `\u00XX`, else the letter behind the backslash.
const ESCAPES: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = b'u';
        byte += 1;
    }
    table[0x08] = b'b';
    table[b'\t' as usize] = b't';
    table[b'\n' as usize] = b'n';
    table[0x0c] = b'f';
    table[b'\r' as usize] = b'r';
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    table
};

/// A string with its quotes.
#[inline]
pub fn write_str(out: &mut Vec<u8>, s: &str) {
    out.reserve(s.len() + 2);
    out.push(b'"');
    let bytes = s.as_bytes();
    let mut run = 0; // where the part begins that stands for itself and is not yet copied
    for (i, &byte) in bytes.iter().enumerate() {
        let escape = ESCAPES[usize::from(byte)];
        if escape != 0 {
            out.extend_from_slice(&bytes[run..i]);
            write_escape(out, byte, escape);
            run = i + 1;
        }
    }
    out.extend_from_slice(&bytes[run..]);
    out.push(b'"');
}

#[cold]
fn write_escape(out: &mut Vec<u8>, byte: u8, escape: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.extend_from_slice(&[b'\\', escape]);
    if escape == b'u' {
        out.extend_from_slice(&[b'0', b'0', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
    }
}

/// How many bytes [`write_str`] appends, quotes included.
pub fn escaped_len(s: &str) -> usize {
    let extra: usize = s
        .bytes()
        .map(|byte| match ESCAPES[usize::from(byte)] {
            0 => 0,
            b'u' => 5,
            _ => 1,
        })
        .sum();
    s.len() + extra + 2
}
