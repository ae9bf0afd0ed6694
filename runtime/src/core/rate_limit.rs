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

/// A line may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// How many lines were held back since the last one; `None` if none was, and then the line has no such field.
    pub suppressed: Option<u64>,
}

impl RateLimit {
    /// One line per `every`; the first passes at once.
    pub fn new(every: Duration) -> RateLimit {
        RateLimit { every, next: Time::ZERO, suppressed: 0 }
    }

    /// Whether a line may be written at `now`.
    pub fn allow(&mut self, now: Time) -> Option<Passed> {
        if now < self.next {
            self.suppressed += 1;
            return None;
        }
        self.next = now.plus(self.every);
        let suppressed = std::mem::take(&mut self.suppressed);
        Some(Passed { suppressed: (suppressed > 0).then_some(suppressed) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(every_ms: u64, asked_at_ms: &[u64], expected: &[Option<u64>]) {
        let mut limit = RateLimit::new(Duration::from_millis(every_ms));
        let mut ask = |ms| limit.allow(Time::ZERO.plus_ms(ms)).map(|passed| passed.suppressed.unwrap_or(0));
        let answers: Vec<_> = asked_at_ms.iter().map(|&ms| ask(ms)).collect();
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
    fn a_line_has_no_number_where_none_was_held_back() {
        let mut limit = RateLimit::new(Duration::from_millis(10));
        assert_eq!(limit.allow(Time::ZERO), Some(Passed { suppressed: None }));
    }

    #[test]
    fn a_period_of_zero_holds_nothing_back() {
        check(0, &[5, 5, 5], &[Some(0); 3]);
    }
}
