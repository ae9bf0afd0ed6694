//! The events of the founding flow, as a source gives them: what both sides of a comparison begin with.

/// A metronome's event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// The kind of the source.
    pub onramp: &'static str,
    /// Counts from 0.
    pub id: u64,
    /// Nanoseconds since the Unix epoch.
    pub ingest_ns: u64,
}

/// The time of the first event; 19 digits, as every time until the year 2286 has.
pub const FIRST_NS: u64 = 1_600_689_100_122_526_000;
/// Between two events: a little more than a microsecond, so that all digits change.
const STEP_NS: u64 = 1_013;

impl Tick {
    /// The event of this number. Each has a time of its own, so that nobody gains by keeping the digits of the last one.
    #[inline]
    pub fn numbered(id: u64) -> Tick {
        Tick { onramp: "metronome", id, ingest_ns: FIRST_NS + id * STEP_NS }
    }
}

/// The time in an encoded event; `None`: it has none.
pub fn due_ns(text: &[u8]) -> Option<u64> {
    const KEY: &[u8] = b"\"ingest_ns\":";
    let at = text.windows(KEY.len()).position(|part| part == KEY)? + KEY.len();
    let digits = text[at..].iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |ns: u64, digit| ns.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_found_in_an_encoded_event() {
        let text = br#"{"onramp":"metronome","id":7,"ingest_ns":1600689100122526000,"hostname":"a"}"#;
        assert_eq!(due_ns(text), Some(Tick::numbered(0).ingest_ns));
        assert_eq!(due_ns(b"{}"), None);
    }
}
