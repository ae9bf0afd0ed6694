//! A bound on log lines: a few at once, then one per second; what was left out is counted.

use crate::core::Time;

/// Lines that may come at once.
const BURST: u32 = 8;
/// A further line is allowed each time this long has passed.
const REFILL_MS: u64 = 1000;

/// Decides for one subject (a node, a connection) whether a line about it may be logged now.
#[derive(Debug)]
pub(super) struct LineLimit {
    left: u32,
    refill_at: Time,
    suppressed: u64,
}

impl LineLimit {
    pub(super) fn new() -> LineLimit {
        LineLimit { left: BURST, refill_at: Time::ZERO, suppressed: 0 }
    }

    /// Whether a line may be logged: with the number of those left out since the last one.
    pub(super) fn allow(&mut self, now: Time) -> Option<u64> {
        while self.left < BURST && self.refill_at <= now {
            self.left += 1;
            self.refill_at = self.refill_at.plus_ms(REFILL_MS);
        }
        if self.left == 0 {
            self.suppressed += 1;
            return None;
        }
        if self.left == BURST {
            self.refill_at = now.plus_ms(REFILL_MS);
        }
        self.left -= 1;
        Some(std::mem::take(&mut self.suppressed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(at_ms: &[u64], expected: &[Option<u64>]) {
        let mut limit = LineLimit::new();
        let allowed: Vec<_> = at_ms.iter().map(|&ms| limit.allow(Time::ZERO.plus_ms(ms))).collect();
        assert_eq!(allowed, expected, "{at_ms:?}");
    }

    #[test]
    fn a_few_lines_at_once_then_one_per_second_and_the_rest_is_counted() {
        const YES: Option<u64> = Some(0);
        check(&[5; 8], &[YES; 8]);
        check(&[0, 0, 0, 0, 0, 0, 0, 0, 1, 999], &[YES, YES, YES, YES, YES, YES, YES, YES, None, None]);
        let mut at = vec![0; 8];
        let mut expected = vec![YES; 8];
        for (ms, allowed) in
            [(10, None), (20, None), (1000, Some(2)), (1001, None), (2000, Some(1)), (60_000, YES)]
        {
            at.push(ms);
            expected.push(allowed);
        }
        check(&at, &expected);
    }
}
