//! Numbers as JSON.

/// An integer.
#[inline]
pub fn write_u64(out: &mut Vec<u8>, u: u64) {
    out.extend_from_slice(itoa::Buffer::new().format(u).as_bytes());
}

/// An integer.
#[inline]
pub fn write_i64(out: &mut Vec<u8>, i: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(i).as_bytes());
}

/// An integer of generated code; those are within `i64::MIN ..= u64::MAX`.
#[inline]
pub fn write_i128(out: &mut Vec<u8>, i: i128) {
    // Nearly all integers fit, and 64 bits are written several times faster.
    match i64::try_from(i) {
        Ok(i) => write_i64(out, i),
        Err(_) => out.extend_from_slice(itoa::Buffer::new().format(i).as_bytes()),
    }
}

/// A float: the shortest text that reads back as the same float, always with a decimal or an exponent (`7.0`). JSON
/// has no infinity, which becomes the largest finite float, and nothing for "not a number", which becomes `null`.
#[inline]
pub fn write_f64(out: &mut Vec<u8>, f: f64) {
    if f.is_nan() {
        out.extend_from_slice(b"null");
    } else {
        let finite = f.clamp(f64::MIN, f64::MAX);
        out.extend_from_slice(ryu::Buffer::new().format_finite(finite).as_bytes());
    }
}
