//! Measuring on a machine that others use too: processor time where one thread does all the work, rounds of the two sides
//! in turn, and of their ratios the median and the middle half.

use std::fmt;
use std::time::Duration;

use nix::time::{ClockId, clock_gettime};

/// Processor time of this thread so far: what others do in the meantime does not count.
///
/// # Panics
/// If the system does not have that clock.
pub fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("the system has this clock");
    Duration::from(time)
}

/// A median with the quarter below and the quarter above which the rest lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The value in the middle.
    pub median: f64,
    /// A quarter of the values is lower.
    pub low: f64,
    /// A quarter of the values is higher.
    pub high: f64,
}

impl Spread {
    /// Of some values, at least one.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Spread {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let at = |quarter: usize| values[(values.len() - 1) * quarter / 4];
        Spread { median: at(2), low: at(1), high: at(3) }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Spread { median, low, high } = self;
        write!(f, "{median:.2} ({low:.2} – {high:.2})")
    }
}

/// What rounds of two sides gave.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Of this side, in each round.
    pub ours: Spread,
    /// Of the yardstick.
    pub yardstick: Spread,
    /// Ours to the yardstick's of the same round.
    pub ratio: Spread,
}

/// Measures both sides in turn, so many times. Each gives what one round cost; who begins alternates too.
pub fn compare(rounds: u32, mut ours: impl FnMut() -> f64, mut yardstick: impl FnMut() -> f64) -> Compared {
    let mut pairs = Vec::new();
    for round in 0..rounds {
        if round % 2 == 0 {
            let first = ours();
            pairs.push((first, yardstick()));
        } else {
            let first = yardstick();
            pairs.push((ours(), first));
        }
    }
    Compared {
        ours: Spread::of(pairs.iter().map(|pair| pair.0)),
        yardstick: Spread::of(pairs.iter().map(|pair| pair.1)),
        ratio: Spread::of(pairs.iter().map(|pair| pair.0 / pair.1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_the_median_and_the_middle_half() {
        let spread = Spread::of([5.0, 1.0, 3.0, 2.0, 4.0]);
        assert_eq!(spread, Spread { median: 3.0, low: 2.0, high: 4.0 });
        assert_eq!(Spread::of([7.0]), Spread { median: 7.0, low: 7.0, high: 7.0 });
        assert_eq!(spread.to_string(), "3.00 (2.00 – 4.00)");
    }

    #[test]
    fn ratios_are_of_the_same_round() {
        let mut cost = 0.0;
        let mut next = || {
            cost += 1.0;
            cost
        };
        let first = next();
        let (mut ours, mut theirs) = (first, 2.0 * first);
        let compared = compare(
            4,
            || {
                ours *= 3.0;
                ours
            },
            || {
                theirs *= 3.0;
                theirs
            },
        );
        assert_eq!(compared.ratio, Spread { median: 0.5, low: 0.5, high: 0.5 });
    }
}
