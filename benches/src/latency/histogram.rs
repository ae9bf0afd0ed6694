//! Counts of latencies in buckets whose width grows with the value: 64 to each power of two, so that a quantile is at most 1.6 %
//! too great, whatever its size. A histogram becomes a line of text, since one side of a measurement is another process.

use std::fmt::Write as _;

/// Buckets of each power of two: 2 to this.
const BITS: u32 = 6;
const EACH: u64 = 1 << BITS;
const BUCKETS: usize = (65 - BITS as usize) << BITS;

/// Nanoseconds, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    buckets: Vec<u64>,
    count: u64,
    max: u64,
}

impl Histogram {
    /// Nothing was counted.
    pub fn new() -> Histogram {
        Histogram { buckets: vec![0; BUCKETS], count: 0, max: 0 }
    }

    /// Counts one.
    #[inline]
    pub fn record(&mut self, ns: u64) {
        self.buckets[bucket(ns)] += 1;
        self.count += 1;
        self.max = self.max.max(ns);
    }

    /// Counts what another one has counted.
    pub fn add(&mut self, other: &Histogram) {
        for (mine, theirs) in self.buckets.iter_mut().zip(&other.buckets) {
            *mine += theirs;
        }
        self.count += other.count;
        self.max = self.max.max(other.max);
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The greatest, exactly.
    pub fn max(&self) -> u64 {
        self.max
    }

    /// So great a share of all is not greater than this. 0 where nothing was counted.
    pub fn quantile(&self, share: f64) -> u64 {
        let rank = ((self.count as f64 * share).ceil() as u64).clamp(1, self.count.max(1));
        let mut seen = 0;
        for (at, count) in self.buckets.iter().enumerate() {
            seen += count;
            if seen >= rank {
                return greatest(at).min(self.max);
            }
        }
        self.max
    }

    /// As one line, without its end.
    pub fn line(&self) -> String {
        let mut line = self.max.to_string();
        for (at, count) in self.buckets.iter().enumerate().filter(|(_, count)| **count > 0) {
            write!(line, " {at}:{count}").expect("a text takes all");
        }
        line
    }

    /// Of such a line; `None`: it is none.
    pub fn parse(line: &str) -> Option<Histogram> {
        let mut parts = line.split_whitespace();
        let mut histogram = Histogram { max: parts.next()?.parse().ok()?, ..Histogram::new() };
        for part in parts {
            let (at, count) = part.split_once(':')?;
            let count: u64 = count.parse().ok()?;
            *histogram.buckets.get_mut(at.parse::<usize>().ok()?)? += count;
            histogram.count += count;
        }
        Some(histogram)
    }
}

impl Default for Histogram {
    fn default() -> Histogram {
        Histogram::new()
    }
}

/// The bucket of a value.
#[inline]
fn bucket(ns: u64) -> usize {
    let shift = (u64::BITS - (ns | EACH).leading_zeros()) - BITS - 1;
    ((u64::from(shift) << BITS) + (ns >> shift)) as usize
}

/// The greatest value in a bucket.
fn greatest(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    let shift = (bucket >> BITS).saturating_sub(1);
    let least = (bucket - (shift << BITS)) << shift;
    least + ((1 << shift) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_in_a_bucket_that_is_hardly_wider() {
        assert_eq!((bucket(0), bucket(1)), (0, 1));
        let mut last = 0;
        for power in 1..64_u32 {
            for ns in [1_u64 << power, (1 << power) + 1, (1_u64 << power) | (1_u64 << power >> 1)] {
                let at = bucket(ns);
                let top = greatest(at);
                assert!(at < BUCKETS && at >= last, "{ns}");
                assert!(top >= ns && (top - ns) as f64 <= ns as f64 / EACH as f64, "{ns}: up to {top}");
                assert_eq!(bucket(top), at, "{ns}");
                last = at;
            }
        }
        assert_eq!((bucket(u64::MAX), greatest(BUCKETS - 1)), (BUCKETS - 1, u64::MAX));
    }

    /// A quantile of these values.
    fn check(values: impl Iterator<Item = u64>, share: f64, expected: u64) {
        let mut histogram = Histogram::new();
        values.for_each(|value| histogram.record(value));
        assert_eq!(histogram.quantile(share), expected);
    }

    #[test]
    fn a_quantile_is_not_exceeded_by_that_share() {
        check(1..=100, 0.5, 50);
        check(1..=100, 0.99, 99);
        check(1..=100, 0.999, 100);
        check([7].into_iter(), 0.5, 7);
        check([].into_iter(), 0.5, 0);
        check((0..1000).map(|n| if n < 990 { 3 } else { 1_000_000 }), 0.99, 3);
        check((0..1000).map(|n| if n < 989 { 3 } else { 1_000_000 }), 0.99, 1_000_000);
    }

    #[test]
    fn a_line_holds_all() {
        let (mut first, mut second) = (Histogram::new(), Histogram::new());
        (0..1000).for_each(|n| first.record(n * n));
        second.record(u64::MAX);
        assert_eq!(Histogram::parse(&first.line()).as_ref(), Some(&first));
        assert_eq!(Histogram::parse(&Histogram::new().line()), Some(Histogram::new()));
        assert_eq!(Histogram::parse("no line"), None);
        first.add(&second);
        assert_eq!((first.count(), first.max()), (1001, u64::MAX));
    }
}
