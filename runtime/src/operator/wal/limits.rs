//! How much a log may keep, and what one event counts.

use crate::mutants::mutant;
use foreshock_spec::MOST_EVENTS;

/// The limits of one log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    elements: u64,
    bytes: u64,
    least_charge: u64,
}

impl Limits {
    /// With `max_bytes` alone, each event counts at least so many bytes: small events too cost memory.
    pub(super) const LEAST_CHARGE: u64 = 64;

    /// From `max_elements` (events) and `max_bytes` (encoded payload), of which the registry requires at least one.
    pub(super) fn new(max_elements: Option<u64>, max_bytes: Option<u64>) -> Limits {
        debug_assert!(
            max_elements.is_some() || max_bytes.is_some(),
            "the registry requires one of the limits"
        );
        debug_assert!(max_elements.is_none_or(|most| most <= MOST_EVENTS), "its row allows no more");
        let bytes = max_bytes.unwrap_or(u64::MAX);
        Limits {
            // With `max_bytes` alone, more events would need 128 GiB.
            elements: max_elements.unwrap_or(MOST_EVENTS),
            bytes,
            // A log smaller than that still takes one event at a time.
            least_charge: if max_elements.is_some() { 0 } else { Limits::LEAST_CHARGE.min(bytes) },
        }
    }

    /// What an event of `len` bytes counts.
    #[inline]
    pub(super) fn charge(&self, len: u64) -> u64 {
        len.max(self.least_charge)
    }

    /// Whether an event of `len` bytes fits into no state of this log.
    #[inline]
    pub(super) fn is_too_large(&self, len: u64) -> bool {
        len > self.bytes
    }

    /// Whether one more event, of `len` bytes, fits into a log that keeps `elements` that count `charged` bytes.
    #[inline]
    pub(super) fn fits(&self, elements: u64, charged: u64, len: u64) -> bool {
        if mutant!("bytes_checked_after_the_write") {
            return elements < self.elements && charged < self.bytes;
        }
        let elements = if mutant!("limit_off_by_one") { elements.saturating_sub(1) } else { elements };
        elements < self.elements && self.charge(len) <= self.bytes - charged
    }

    /// How many more events, and bytes if these are limited, such a log keeps.
    pub(super) fn left(&self, elements: u64, charged: u64) -> (u64, Option<u64>) {
        let bytes = (self.bytes != u64::MAX).then(|| self.bytes.saturating_sub(charged));
        (self.elements.saturating_sub(elements), bytes)
    }

    /// Whether such a log has reached a limit, so that nothing at all fits.
    #[inline]
    pub(super) fn is_reached(&self, elements: u64, charged: u64) -> bool {
        elements >= self.elements || charged >= self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fills an empty log with events of `len` bytes; how many fit?
    fn check(max_elements: Option<u64>, max_bytes: Option<u64>, len: u64, expected: u64) {
        let limits = Limits::new(max_elements, max_bytes);
        let mut kept = 0;
        while limits.fits(kept, kept * limits.charge(len), len) {
            kept += 1;
        }
        assert_eq!(
            kept, expected,
            "max_elements {max_elements:?}, max_bytes {max_bytes:?}, {len} bytes each"
        );
        assert_eq!(limits.is_too_large(len), expected == 0);
    }

    #[test]
    fn limits_are_exact() {
        check(Some(3), None, 1_000_000, 3);
        check(Some(1), Some(100), 1, 1);
        check(Some(100), Some(1000), 100, 10);
        check(Some(100), Some(1000), 101, 9);
        check(Some(10), Some(1000), 100, 10);
        check(Some(9), Some(1000), 100, 9);
        check(None, Some(1000), 1000, 1);
        check(None, Some(1000), 1001, 0);
    }

    #[test]
    fn with_max_bytes_alone_an_event_counts_at_least_64_bytes() {
        check(None, Some(640), 1, 10);
        check(None, Some(639), 0, 9);
        check(None, Some(640), 64, 10);
        check(None, Some(640), 65, 9);
        check(Some(1000), Some(640), 1, 640);
    }

    #[test]
    fn a_log_of_fewer_than_64_bytes_takes_one_event_at_a_time() {
        check(None, Some(10), 10, 1);
        check(None, Some(10), 3, 1);
        check(None, Some(10), 11, 0);
    }
}
