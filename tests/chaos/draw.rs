//! The dice: who is struck next, how, for how long. All is drawn for each strike, whatever the state of the victim is, so
//! that a seed means the same trouble in every run.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::Kind;

/// What happens to a victim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Blow {
    /// SIGKILL; it is started again later.
    Kill,
    /// SIGSTOP, and later SIGCONT.
    Freeze,
    /// A server hangs up after some bytes more, mostly in the middle of a frame; it runs on.
    Cut,
}

/// Who is struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Victim {
    /// The server of this number.
    Server(usize),
    /// The flow.
    Flow,
}

/// One strike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Strike {
    /// Who.
    pub(super) victim: Victim,
    /// How.
    pub(super) blow: Blow,
    /// How long a killed or frozen victim stays so.
    pub(super) down: Duration,
    /// Of a cut, after how many bytes.
    pub(super) bytes: u64,
    /// Whether the log on disk is looked at, if this kills the flow.
    pub(super) looks: bool,
    /// How long it is until the next strike.
    pub(super) pause: Duration,
}

/// The dice of a run.
#[derive(Debug)]
pub(super) struct Dice {
    random: StdRng,
    kind: Kind,
    servers: usize,
}

/// Of a hundred strikes, how many are of each kind.
const TRANSIENT: &[(u32, bool, Blow)] =
    &[(60, false, Blow::Kill), (18, false, Blow::Freeze), (16, false, Blow::Cut), (6, true, Blow::Freeze)];
/// The same where the flow can be killed. The second column says whether it is the victim.
const PERSISTENT: &[(u32, bool, Blow)] = &[
    (36, true, Blow::Kill),
    (34, false, Blow::Kill),
    (12, false, Blow::Freeze),
    (12, false, Blow::Cut),
    (6, true, Blow::Freeze),
];

impl Dice {
    /// Those of this seed.
    pub(super) fn new(seed: u64, kind: Kind, servers: usize) -> Dice {
        Dice { random: StdRng::seed_from_u64(seed), kind, servers }
    }

    /// The next strike.
    pub(super) fn roll(&mut self) -> Strike {
        let random = &mut self.random;
        let table = match self.kind {
            Kind::Transient => TRANSIENT,
            Kind::Persistent => PERSISTENT,
        };
        let mut rest = random.random_range(0..100);
        let row = table.iter().find(|(share, ..)| {
            let is_it = rest < *share;
            rest = rest.saturating_sub(*share);
            is_it
        });
        let (_, is_flow, blow) = *row.expect("the shares are a hundred");
        let server = random.random_range(0..self.servers);
        // A server is away for long enough that all three are, now and then; a flow comes back sooner.
        let most_ms = if is_flow && blow == Blow::Kill { 200 } else { 700 };
        Strike {
            victim: if is_flow { Victim::Flow } else { Victim::Server(server) },
            blow,
            down: Duration::from_millis(random.random_range(0..most_ms)),
            bytes: random.random_range(1..2000),
            looks: random.random_bool(0.25),
            pause: Duration::from_millis(random.random_range(0..400)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_seed_fixes_all_strikes_and_every_kind_comes() {
        fn check(kind: Kind, expected: &[(bool, Blow)]) {
            let roll = |seed| {
                let mut dice = Dice::new(seed, kind, 3);
                (0..2000).map(|_| dice.roll()).collect::<Vec<_>>()
            };
            assert_eq!(roll(7), roll(7));
            assert_ne!(roll(7), roll(8));
            let mut kinds = BTreeMap::new();
            for strike in roll(7) {
                *kinds.entry((strike.victim == Victim::Flow, strike.blow)).or_insert(0) += 1;
            }
            assert_eq!(kinds.keys().copied().collect::<Vec<_>>(), expected);
            assert!(kinds.values().all(|times| *times > 60), "{kinds:?}");
        }
        let of_servers = [(false, Blow::Kill), (false, Blow::Freeze), (false, Blow::Cut)];
        check(Kind::Transient, &[&of_servers[..], &[(true, Blow::Freeze)]].concat());
        check(Kind::Persistent, &[&of_servers[..], &[(true, Blow::Kill), (true, Blow::Freeze)]].concat());
    }

    #[test]
    fn the_shares_are_a_hundred() {
        for table in [TRANSIENT, PERSISTENT] {
            assert_eq!(table.iter().map(|(share, ..)| share).sum::<u32>(), 100);
        }
    }
}
