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
    /// All servers at once, so that the log fills.
    Servers,
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

/// Of a hundred strikes, how many are of each kind. Which server is meant is drawn.
const TRANSIENT: &[(u32, Victim, Blow)] = &[
    (52, Victim::Server(0), Blow::Kill),
    (6, Victim::Servers, Blow::Kill),
    (18, Victim::Server(0), Blow::Freeze),
    (18, Victim::Server(0), Blow::Cut),
    (6, Victim::Flow, Blow::Freeze),
];
/// The same where the flow can be killed.
const PERSISTENT: &[(u32, Victim, Blow)] = &[
    (36, Victim::Flow, Blow::Kill),
    (28, Victim::Server(0), Blow::Kill),
    (6, Victim::Servers, Blow::Kill),
    (12, Victim::Server(0), Blow::Freeze),
    (12, Victim::Server(0), Blow::Cut),
    (6, Victim::Flow, Blow::Freeze),
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
        let (_, victim, blow) = *row.expect("the shares are a hundred");
        let server = random.random_range(0..self.servers);
        // A server is away for long enough that all three are, now and then; a flow comes back sooner.
        let most_ms = if (victim, blow) == (Victim::Flow, Blow::Kill) { 200 } else { 700 };
        Strike {
            victim: if victim == Victim::Server(0) { Victim::Server(server) } else { victim },
            blow,
            down: Duration::from_millis(random.random_range(0..most_ms)),
            bytes: random.random_range(1..2000),
            looks: random.random_bool(0.5),
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
        fn check(kind: Kind, expected: &[(Victim, Blow)]) {
            let roll = |seed| {
                let mut dice = Dice::new(seed, kind, 3);
                (0..2000).map(|_| dice.roll()).collect::<Vec<_>>()
            };
            assert_eq!(roll(7), roll(7));
            assert_ne!(roll(7), roll(8));
            let mut kinds = BTreeMap::new();
            for strike in roll(7) {
                *kinds.entry((strike.victim, strike.blow)).or_insert(0) += 1;
            }
            assert_eq!(kinds.keys().copied().collect::<Vec<_>>(), expected);
            assert!(kinds.values().all(|times| *times > 50), "{kinds:?}");
        }
        let servers = (0..3).map(Victim::Server);
        let mut all: Vec<(Victim, Blow)> = servers
            .flat_map(|server| [Blow::Kill, Blow::Freeze, Blow::Cut].map(|blow| (server, blow)))
            .collect();
        all.extend([(Victim::Servers, Blow::Kill), (Victim::Flow, Blow::Freeze)]);
        check(Kind::Transient, &all);
        all.insert(10, (Victim::Flow, Blow::Kill));
        check(Kind::Persistent, &all);
    }

    #[test]
    fn the_shares_are_a_hundred() {
        for table in [TRANSIENT, PERSISTENT] {
            assert_eq!(table.iter().map(|(share, ..)| share).sum::<u32>(), 100);
        }
    }
}
