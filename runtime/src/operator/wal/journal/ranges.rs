//! Sets of sequence numbers as ranges: what was acknowledged, in memory and on its way to disk.

/// Sequence numbers, as a first one and how many follow it, itself included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ranges {
    ranges: Vec<(u64, u64)>,
    /// Whether they are in order, apart from each other.
    is_tidy: bool,
}

impl Ranges {
    /// Adds one; those that follow each other become one range at once.
    #[inline]
    pub(super) fn push(&mut self, seq: u64) {
        match self.ranges.last_mut() {
            Some((first, count)) if *first + *count == seq => *count += 1,
            _ => {
                self.is_tidy = false;
                self.ranges.push((seq, 1));
            }
        }
    }

    /// Adds some.
    pub(super) fn add(&mut self, first: u64, count: u64) {
        if count > 0 {
            self.is_tidy = false;
            self.ranges.push((first, count));
        }
    }

    /// Adds all of another set.
    pub(super) fn extend(&mut self, other: &Ranges) {
        other.ranges.iter().for_each(|&(first, count)| self.add(first, count));
    }

    /// Puts them in order, and those together that touch or overlap. Before [`Ranges::contains`].
    pub(super) fn tidy(&mut self) {
        if self.is_tidy {
            return;
        }
        self.ranges.sort_unstable();
        self.ranges.dedup_by(|next, last| {
            let touches = next.0 <= last.0 + last.1;
            if touches {
                last.1 = last.1.max(next.0 + next.1 - last.0);
            }
            touches
        });
        self.is_tidy = true;
    }

    /// Whether this is one of them; they are tidy.
    #[inline]
    pub(super) fn contains(&self, seq: u64) -> bool {
        debug_assert!(self.is_tidy || self.ranges.is_empty(), "tidied before it is asked");
        let behind = self.ranges.partition_point(|(first, _)| *first <= seq);
        behind > 0 && seq - self.ranges[behind - 1].0 < self.ranges[behind - 1].1
    }

    /// How many there are; none is in two ranges.
    pub(super) fn count(&self) -> u64 {
        self.ranges.iter().map(|(_, count)| count).sum()
    }

    /// How many of them are in `from..to`; they are tidy.
    pub(super) fn count_in(&self, from: u64, to: u64) -> u64 {
        let inside = |&(first, count): &(u64, u64)| (first + count).min(to).saturating_sub(first.max(from));
        self.within(from, to).iter().map(inside).sum()
    }

    /// What of `from..to` is not among them; they are tidy.
    pub(super) fn gaps(&self, from: u64, to: u64) -> Vec<(u64, u64)> {
        let (mut gaps, mut at) = (Vec::new(), from);
        for &(first, count) in self.within(from, to).iter().chain(&[(to, 0)]) {
            if first > at {
                gaps.push((at, first - at));
            }
            at = at.max(first + count);
        }
        gaps
    }

    /// The ranges that have something in `from..to`.
    fn within(&self, from: u64, to: u64) -> &[(u64, u64)] {
        debug_assert!(self.is_tidy || self.ranges.is_empty(), "tidied before it is asked");
        let begin = self.ranges.partition_point(|(first, count)| first + count <= from);
        let end = self.ranges.partition_point(|(first, _)| *first < to);
        self.ranges.get(begin..end).unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.ranges.clear();
    }

    /// Behind the highest of them.
    pub(super) fn end(&self) -> u64 {
        self.ranges.iter().map(|(first, count)| first + count).max().unwrap_or(0)
    }

    pub(super) fn as_slice(&self) -> &[(u64, u64)] {
        &self.ranges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_what_was_put_in_and_nothing_else() {
        let mut ranges = Ranges::default();
        let numbers = [5, 6, 7, 100, 3, 9, 8, 1, 101, 50];
        numbers.iter().for_each(|&seq| ranges.push(seq));
        ranges.add(60, 5);
        ranges.add(62, 1);
        ranges.add(64, 3);
        ranges.add(70, 0);
        ranges.tidy();
        assert_eq!(ranges.as_slice(), [(1, 1), (3, 1), (5, 5), (50, 1), (60, 7), (100, 2)]);
        for seq in 0..200 {
            let expected = numbers.contains(&seq) || (60..67).contains(&seq);
            assert_eq!(ranges.contains(seq), expected, "{seq}");
        }
        assert_eq!(ranges.end(), 102);
        for (from, to, count, gaps) in [
            (0, 10, 7, &[(0, 1), (2, 1), (4, 1)][..]),
            (6, 9, 3, &[]),
            (10, 10, 0, &[]),
            (11, 5, 0, &[]),
            (8, 62, 5, &[(10, 40), (51, 9)]),
            (101, 103, 1, &[(102, 1)]),
            (500, 502, 0, &[(500, 2)]),
        ] {
            assert_eq!(
                (ranges.count_in(from, to), &ranges.gaps(from, to)[..]),
                (count, gaps),
                "{from}..{to}"
            );
        }
    }
}
