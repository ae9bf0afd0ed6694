//! Accounting for events: which ids arrived, which are missing, which came more than once.

use std::collections::{BTreeMap, BTreeSet};

use super::{Life, Server};

/// How often each id arrived, over several servers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<u64, u64>);

impl Tally {
    /// Counts these ids.
    pub fn new(ids: impl IntoIterator<Item = u64>) -> Tally {
        let mut tally = Tally::default();
        for id in ids {
            *tally.0.entry(id).or_default() += 1;
        }
        tally
    }

    /// Counts all that these servers have recorded so far.
    pub fn of(servers: &mut [Server]) -> Tally {
        Tally::new(servers.iter_mut().flat_map(Server::ids))
    }

    /// How many different ids arrived.
    pub fn len(&self) -> u64 {
        u64::try_from(self.0.len()).expect("lengths fit")
    }

    /// Whether none did.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first ids (ten at most) below `end` that never arrived.
    pub fn missing(&self, end: u64) -> Vec<u64> {
        (0..end).filter(|id| !self.0.contains_key(id)).take(10).collect()
    }

    /// One more than the greatest id; 0 if none arrived.
    pub fn end(&self) -> u64 {
        self.0.last_key_value().map_or(0, |(id, _)| id + 1)
    }

    /// The ids that arrived more than once.
    pub fn repeated(&self) -> BTreeSet<u64> {
        self.0.iter().filter(|(_, times)| **times > 1).map(|(id, _)| *id).collect()
    }

    /// Arrivals beyond the first of each id.
    pub fn repeats(&self) -> u64 {
        self.0.values().map(|times| times - 1).sum()
    }

    /// # Panics
    /// If an id between 0 and the greatest that arrived is missing.
    #[track_caller]
    pub fn assert_no_gap(&self) {
        let missing = self.missing(self.end());
        assert!(missing.is_empty(), "of the ids below {} these never arrived: {missing:?} …", self.end());
    }

    /// # Panics
    /// If not exactly the ids below `end` arrived.
    #[track_caller]
    pub fn assert_exactly(&self, end: u64) {
        assert_eq!(self.end(), end, "the greatest id that arrived is not the last that was made");
        self.assert_no_gap();
    }

    /// # Panics
    /// If an id that is not in `allowed` arrived more than once.
    #[track_caller]
    pub fn assert_repeats_only_of(&self, allowed: &BTreeSet<u64>) {
        let others: Vec<u64> = self.repeated().difference(allowed).copied().collect();
        assert!(
            others.is_empty(),
            "repeated although they were confirmed: {others:?}; unconfirmed were {allowed:?}"
        );
    }
}

/// What the last life of a server that was killed had not confirmed.
pub fn unconfirmed(server: &mut Server) -> BTreeSet<u64> {
    server.lives().last().map(Life::unconfirmed).unwrap_or_default()
}

/// # Panics
/// If the shares differ by more than `slack` events from each other.
#[track_caller]
pub fn assert_fair(shares: &[usize], slack: usize) {
    let least = shares.iter().min().copied().unwrap_or_default();
    let most = shares.iter().max().copied().unwrap_or_default();
    assert!(most - least <= slack, "unfair shares: {shares:?}");
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::*;

    #[test]
    fn a_tally_tells_what_is_missing_and_what_came_twice() {
        fn check(ids: &[u64], end: u64, missing: &[u64], repeated: &[u64], repeats: u64) {
            let tally = Tally::new(ids.iter().copied());
            assert_eq!(tally.end(), end, "{ids:?}");
            assert_eq!(tally.missing(end), missing, "{ids:?}");
            assert_eq!(tally.repeated(), repeated.iter().copied().collect(), "{ids:?}");
            assert_eq!(tally.repeats(), repeats, "{ids:?}");
        }
        check(&[], 0, &[], &[], 0);
        check(&[0], 1, &[], &[], 0);
        check(&[2, 1, 0], 3, &[], &[], 0);
        check(&[1, 3], 4, &[0, 2], &[], 0);
        check(&[0, 1, 1, 2, 1], 3, &[], &[1], 2);
    }

    #[test]
    fn assertions_fail_when_they_should() {
        fn check(holds: bool, assertion: impl FnOnce() + std::panic::UnwindSafe) {
            assert_eq!(catch_unwind(assertion).is_ok(), holds);
        }
        check(true, || Tally::new([0, 1, 2]).assert_no_gap());
        check(false, || Tally::new([0, 2]).assert_no_gap());
        check(false, || Tally::new([1, 2]).assert_no_gap());
        check(true, || Tally::new([0, 1]).assert_exactly(2));
        check(false, || Tally::new([0, 1]).assert_exactly(3));
        check(true, || Tally::new([0, 1, 1]).assert_repeats_only_of(&[1, 2].into()));
        check(false, || Tally::new([0, 0, 1, 1]).assert_repeats_only_of(&[1, 2].into()));
        check(true, || assert_fair(&[10, 11, 10], 1));
        check(false, || assert_fair(&[10, 12, 10], 1));
    }
}
