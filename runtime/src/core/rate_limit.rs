//! Keeps log lines that could come with every event down to a bearable number. Not for events themselves: nothing
//! is dropped here but words.

use crate::core::Time;
use std::time::Duration;

/// Lets one line through per period, and counts the ones that it holds back.
#[derive(Clone, Debug)]
pub struct RateLimit {
    every: Duration,
    next: Time,
    suppressed: u64,
}

impl RateLimit {
    /// One line per `every`; the first passes at once.
    pub fn new(every: Duration) -> RateLimit {
        RateLimit { every, next: Time::ZERO, suppressed: 0 }
    }

    /// Whether a line may be written at `now`: with the number of lines held back since the last one.
    pub fn allow(&mut self, now: Time) -> Option<u64> {
        if now < self.next {
            self.suppressed += 1;
            return None;
        }
        self.next = now.plus(self.every);
        Some(std::mem::take(&mut self.suppressed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(every_ms: u64, asked_at_ms: &[u64], expected: &[Option<u64>]) {
        let mut limit = RateLimit::new(Duration::from_millis(every_ms));
        let answers: Vec<_> = asked_at_ms.iter().map(|&ms| limit.allow(Time::ZERO.plus_ms(ms))).collect();
        assert_eq!(answers, expected, "every {every_ms} ms, asked at {asked_at_ms:?}");
    }

    #[test]
    fn the_first_line_passes_at_any_time() {
        check(1000, &[0], &[Some(0)]);
        check(1000, &[77], &[Some(0)]);
    }

    #[test]
    fn one_line_per_period_passes_and_tells_how_many_were_held_back() {
        check(1000, &[0, 1, 999, 1000, 1001, 2500], &[Some(0), None, None, Some(2), None, Some(1)]);
    }

    #[test]
    fn lines_further_apart_than_the_period_all_pass() {
        check(10, &[0, 10, 20, 300], &[Some(0); 4]);
    }

    #[test]
    fn a_period_of_zero_holds_nothing_back() {
        check(0, &[5, 5, 5], &[Some(0); 3]);
    }
}
