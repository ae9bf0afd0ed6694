//! Numbers as JSON.

use super::put_slice;

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

/// Bytes that the digits of an integer may touch: three groups of eight, of which the first may be short.
const TOUCHED: usize = 24;

/// An integer, at the begin of a slice; gives the rest. Digits are computed eight at a time in one register.
///
/// The slice is looked at once, for the most that any integer touches: behind that, the compiler sees that all groups are
/// inside. So a slice may count as too short although the digits would just fit.
///
/// A call, and not part of its callers: there, the compiler computes the digits of the short case of all of an event's
/// integers before it has looked which case they are.
#[inline(never)]
pub fn put_u64(out: &mut [u8], u: u64) -> Option<&mut [u8]> {
    let place = out.first_chunk_mut::<TOUCHED>()?;
    if u < EIGHT_DIGITS {
        let len = put_leading(place, u);
        return out.get_mut(len..);
    }
    put_long(out, u)
}

/// One of more than eight digits; by itself, so that for short ones no registers are saved.
#[inline(never)]
fn put_long(out: &mut [u8], u: u64) -> Option<&mut [u8]> {
    let place = out.first_chunk_mut::<TOUCHED>()?;
    let (high, low) = (u / EIGHT_DIGITS, u % EIGHT_DIGITS);
    let len = if high < EIGHT_DIGITS {
        put_leading(place, high)
    } else {
        let len = put_leading(place, high / EIGHT_DIGITS);
        put_eight(place, len, ascii(digits(high % EIGHT_DIGITS)));
        len + 8
    };
    put_eight(place, len, ascii(digits(low)));
    out.get_mut(len + 8..)
}

/// An integer that is written again and again, of which the upper digits seldom change, as of times and of counters: they are
/// kept as text, and only the lower eight are computed. The nineteen digits of a time take some 50 instructions, and
/// 105 with [`put_u64`] (counted by callgrind). One whose upper digits do change each time takes a few more.
#[derive(Clone, Debug, Default)]
pub struct Recent {
    upper: u64,
    text: [u8; 16],
    len: usize,
}

impl Recent {
    /// The integer, at the begin of a slice; gives the rest, as [`put_u64`] does.
    ///
    /// What is rare is called last and gives the answer itself: so nothing need be saved for after it.
    #[inline(never)]
    pub fn put<'b>(&mut self, out: &'b mut [u8], u: u64) -> Option<&'b mut [u8]> {
        let (upper, lower) = (u / EIGHT_DIGITS, u % EIGHT_DIGITS);
        if upper != self.upper {
            return self.put_anew(out, u);
        }
        let place = out.first_chunk_mut::<TOUCHED>()?;
        if upper == 0 {
            let len = put_leading(place, u);
            return out.get_mut(len..);
        }
        *place.first_chunk_mut()? = self.text;
        let len = self.len & 15;
        put_eight(place, len, ascii(digits(lower)));
        out.get_mut(len + 8..)
    }

    #[cold]
    #[inline(never)]
    fn put_anew<'b>(&mut self, out: &'b mut [u8], u: u64) -> Option<&'b mut [u8]> {
        let upper = u / EIGHT_DIGITS;
        let mut text = [0; TOUCHED];
        let rest = put_u64(&mut text, upper).map_or(0, |rest| rest.len());
        self.upper = upper;
        // `u64::MAX / 10^8` has twelve digits
        self.len = TOUCHED - rest;
        self.text = *text.first_chunk().expect("it is longer");
        put_u64(out, u)
    }
}

/// The digits of a number of at most eight, without leading zeros; gives how many.
#[inline]
fn put_leading(place: &mut [u8; TOUCHED], number: u64) -> usize {
    let digits = digits(number);
    // The first digit is the lowest byte. Of `0`, the last digit stays.
    let zeros = (digits | (1 << 56)).trailing_zeros() / 8;
    // Eight bytes are one store; what is behind the number will be overwritten.
    put_eight(place, 0, ascii(digits) >> (8 * zeros));
    8 - zeros as usize
}

#[inline]
fn put_eight(place: &mut [u8; TOUCHED], at: usize, eight: u64) {
    place[at..at + 8].copy_from_slice(&eight.to_le_bytes());
}

/// Eight digits, a byte each from the lowest, as text.
#[inline]
fn ascii(digits: u64) -> u64 {
    digits | u64::from_le_bytes([b'0'; 8])
}

/// The eight digits of a number below 10^8, a byte each, the first in the lowest: it is split into fours, twos and ones,
/// all parts of a step at a time. The quotients are products with a rounded reciprocal, exact for numbers that small.
///
/// `quotient | (number - by * quotient) << bits` is written as `(number << bits) - quotient * ((by << bits) - 1)`, which is
/// one multiplication, one shift and one subtraction.
#[inline]
fn digits(number: u64) -> u64 {
    let fours = (number << 32) - (number / 10_000) * ((10_000 << 32) - 1);
    let hundreds = ((fours * 10_486) >> 20) & 0x7f_0000_007f;
    let twos = (fours << 16) - hundreds * ((100 << 16) - 1);
    let tens = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    (twos << 8) - tens * ((10 << 8) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(number: u64) {
        let mut space = [0; 40];
        let rest = put_u64(&mut space, number).expect("it fits").len();
        assert_eq!(std::str::from_utf8(&space[..40 - rest]), Ok(number.to_string().as_str()));
        let mut recent = Recent::default();
        for number in [number, number.wrapping_add(1), number, number / 7, number] {
            let rest = recent.put(&mut space, number).expect("it fits").len();
            assert_eq!(std::str::from_utf8(&space[..40 - rest]), Ok(number.to_string().as_str()));
        }
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
