//! One event as JSON, written for its four fields: what is the same in all events is put together once, numbers are
//! written eight digits at a time. It writes into a slice of the greatest length, so that no buffer ever grows.

use crate::event::Tick;

const BEFORE_ID: &[u8; 27] = b"{\"onramp\":\"metronome\",\"id\":";
const BEFORE_NS: &[u8; 13] = b",\"ingest_ns\":";
const BEFORE_HOST: &str = ",\"hostname\":";
/// Digits of the greatest `u64`.
const MOST_DIGITS: usize = 20;
/// Eight digits are written where fewer may be meant: so many bytes may be touched behind the end.
const SLACK: usize = 8;

/// Writes events.
#[derive(Clone, Debug)]
pub struct Encoder {
    /// `,"hostname":"…"}`
    tail: Box<[u8]>,
}

impl Encoder {
    /// For events of this host.
    pub fn new(hostname: &str) -> Encoder {
        let mut tail = BEFORE_HOST.to_owned();
        tail.push('"');
        for c in hostname.chars() {
            match c {
                '"' | '\\' => tail.extend(['\\', c]),
                c if c < ' ' => tail += &format!("\\u{:04x}", u32::from(c)),
                c => tail.push(c),
            }
        }
        tail += "\"}";
        Encoder { tail: tail.into_bytes().into() }
    }

    /// No event is longer.
    pub fn greatest_len(&self) -> usize {
        BEFORE_ID.len() + MOST_DIGITS + BEFORE_NS.len() + MOST_DIGITS + self.tail.len()
    }

    /// Bytes that [`Encoder::encode`] needs to work in.
    pub fn buffer_len(greatest_len: usize) -> usize {
        greatest_len + SLACK
    }

    /// Writes the event into the buffer; gives its length.
    #[inline]
    pub fn encode(&self, tick: &Tick, buffer: &mut [u8]) -> usize {
        debug_assert_eq!(tick.onramp, "metronome");
        buffer[..BEFORE_ID.len()].copy_from_slice(BEFORE_ID);
        let mut at = digits(tick.id, buffer, BEFORE_ID.len());
        buffer[at..at + BEFORE_NS.len()].copy_from_slice(BEFORE_NS);
        at = digits(tick.ingest_ns, buffer, at + BEFORE_NS.len());
        buffer[at..at + self.tail.len()].copy_from_slice(&self.tail);
        at + self.tail.len()
    }
}

/// Writes a number at this place; gives the place behind it.
#[inline]
fn digits(number: u64, buffer: &mut [u8], at: usize) -> usize {
    const EIGHT: u64 = 100_000_000;
    if number < EIGHT {
        return leading(number, buffer, at);
    }
    let (high, low) = (number / EIGHT, number % EIGHT);
    let at = if high < EIGHT {
        leading(high, buffer, at)
    } else {
        let at = leading(high / EIGHT, buffer, at);
        buffer[at..at + 8].copy_from_slice(&eight(high % EIGHT));
        at + 8
    };
    buffer[at..at + 8].copy_from_slice(&eight(low));
    at + 8
}

/// Writes the first digits of a number, below 10^8, without leading zeros.
#[inline]
fn leading(number: u64, buffer: &mut [u8], at: usize) -> usize {
    let all = u64::from_le_bytes(eight(number));
    // A leading zero is `'0'` in the lowest bytes. The last digit stays, whatever it is.
    let zeros = ((all ^ 0x3030_3030_3030_3030) | (1 << 56)).trailing_zeros() / 8;
    buffer[at..at + 8].copy_from_slice(&(all >> (8 * zeros)).to_le_bytes());
    at + 8 - zeros as usize
}

/// The eight digits of a number below 10^8: halves of four, of two, of one digit, all at a time in one register.
#[inline]
fn eight(number: u64) -> [u8; 8] {
    let fours = (number / 10_000) | ((number % 10_000) << 32);
    // n * 10486 >> 20 is n / 100 for n < 10^4, n * 103 >> 10 is n / 10 for n < 100.
    let hundreds = ((fours * 10_486) >> 20) & 0x7f_0000_007f;
    let twos = hundreds | ((fours - 100 * hundreds) << 16);
    let tens = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    let ones = tens | ((twos - 10 * tens) << 8);
    (ones | 0x3030_3030_3030_3030).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(number: u64) {
        let mut buffer = [0; 40];
        let end = digits(number, &mut buffer, 3);
        assert_eq!(std::str::from_utf8(&buffer[3..end]), Ok(number.to_string().as_str()));
    }

    #[test]
    fn numbers_are_written_as_the_standard_library_does() {
        check(0);
        check(u64::MAX);
        let mut power = 1_u64;
        for _ in 0..20 {
            for near in power.saturating_sub(2)..=power.saturating_add(2) {
                check(near);
            }
            power = power.saturating_mul(10);
        }
        let mut number = 1_u64;
        for shift in 0..200_000_u32 {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            check(number >> (shift % 64));
        }
    }

    #[test]
    fn the_greatest_event_fits_exactly() {
        let encoder = Encoder::new("a\"b");
        let mut buffer = vec![0; Encoder::buffer_len(encoder.greatest_len())];
        let tick = Tick { onramp: "metronome", id: u64::MAX, ingest_ns: u64::MAX };
        let len = encoder.encode(&tick, &mut buffer);
        assert_eq!(len, encoder.greatest_len());
        let expected = format!(
            "{{\"onramp\":\"metronome\",\"id\":{0},\"ingest_ns\":{0},\"hostname\":\"a\\\"b\"}}",
            u64::MAX
        );
        assert_eq!(std::str::from_utf8(&buffer[..len]), Ok(expected.as_str()));
    }
}
