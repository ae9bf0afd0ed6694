//! Numbers as JSON.

use super::{put, put_slice};

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
    with_f64(f, |text| out.extend_from_slice(text));
}

/// Calls `take` with the text of a float.
#[inline]
fn with_f64<R>(f: f64, take: impl FnOnce(&[u8]) -> R) -> R {
    if f.is_nan() {
        return take(b"null");
    }
    let finite = f.clamp(f64::MIN, f64::MAX);
    take(ryu::Buffer::new().format_finite(finite).as_bytes())
}

/// A float, as [`write_f64`] writes it, at the begin of a slice; gives the rest.
#[inline]
pub fn put_f64(out: &mut [u8], f: f64) -> Option<&mut [u8]> {
    with_f64(f, |text| put_slice(out, text))
}

/// An integer of generated code; see [`write_i128`].
#[inline]
pub fn put_i128(out: &mut [u8], i: i128) -> Option<&mut [u8]> {
    match u64::try_from(i) {
        Ok(u) => put_u64(out, u),
        Err(_) => put_slice(out, itoa::Buffer::new().format(i).as_bytes()),
    }
}

/// The numbers of eight digits are below this.
const EIGHT_DIGITS: u64 = 100_000_000;

/// An integer, at the begin of a slice; gives the rest. Digits are computed eight at a time in one register.
#[inline]
pub fn put_u64(out: &mut [u8], u: u64) -> Option<&mut [u8]> {
    if u < EIGHT_DIGITS {
        return put_leading(out, u);
    }
    let (high, low) = (u / EIGHT_DIGITS, u % EIGHT_DIGITS);
    let out = if high < EIGHT_DIGITS {
        put_leading(out, high)?
    } else {
        let out = put_leading(out, high / EIGHT_DIGITS)?;
        put(out, &eight_digits(high % EIGHT_DIGITS))?
    };
    put(out, &eight_digits(low))
}

/// The digits of a number of at most eight, without leading zeros.
#[inline]
fn put_leading(out: &mut [u8], number: u64) -> Option<&mut [u8]> {
    let all = u64::from_le_bytes(eight_digits(number));
    // The first digit is the lowest byte. Of `0`, the last digit stays.
    let zeros = ((all ^ ZEROS) | (1 << 56)).trailing_zeros() / 8;
    // Eight bytes are one store; what is behind the number will be overwritten.
    *out.first_chunk_mut()? = (all >> (8 * zeros)).to_le_bytes();
    out.get_mut(8 - zeros as usize..)
}

const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);

/// The eight digits of a number below 10^8: it is split into fours, twos and ones, all parts of a step at a time. The
/// quotients are products with a rounded reciprocal, exact for numbers that small.
#[inline]
fn eight_digits(number: u64) -> [u8; 8] {
    let fours = (number / 10_000) | ((number % 10_000) << 32);
    let hundreds = ((fours * 10_486) >> 20) & 0x7f_0000_007f;
    let twos = hundreds | ((fours - 100 * hundreds) << 16);
    let tens = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    let ones = tens | ((twos - 10 * tens) << 8);
    (ones | ZEROS).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(number: u64) {
        let mut space = [0; 40];
        let rest = put_u64(&mut space, number).expect("it fits").len();
        assert_eq!(std::str::from_utf8(&space[..40 - rest]), Ok(number.to_string().as_str()));
    }

    #[test]
    fn integers_of_all_lengths_are_put() {
        check(0);
        check(u64::MAX);
        let mut power = 1_u64;
        for _ in 0..20 {
            (power.saturating_sub(2)..=power.saturating_add(2)).for_each(check);
            power = power.saturating_mul(10);
        }
        let mut number = 1_u64;
        for shift in 0..100_000_u32 {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            check(number >> (shift % 64));
        }
    }

    #[test]
    fn a_slice_that_is_too_short_is_told() {
        for len in 0..20 {
            assert!(put_u64(&mut [0; 20][..len], u64::MAX).is_none());
            assert!(put_i128(&mut [0; 20][..len], i128::from(i64::MIN)).is_none());
        }
        assert!(put_i128(&mut [0; 20], i128::from(i64::MIN)).is_some_and(|rest| rest.is_empty()));
    }
}
