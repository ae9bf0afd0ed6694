//! The log on disk against plain facts: random stores, answers, waits, failing and full disks, killed processes and power
//! failures, hundreds of times. Set `FORESHOCK_SEED` to repeat one run.
//!
//! For each event the model notes what the log has said and what the files must know by then, and after each crash
//! compares this with what comes back: nothing that was stored is lost, what is known to be acknowledged does not come
//! again, all come in order; the files never take more than they may.

use super::*;
use crate::operator::wal::tests::seeds::run_seeds;
use std::collections::{BTreeMap, BTreeSet};

const RUNS: u64 = 600;
const STEPS: u64 = 250;

#[test]
fn whatever_happens_no_stored_event_is_lost_and_the_limits_hold() {
    let Some(runs) = run_seeds(RUNS, |seed| Model::new(seed).run()) else { return };
    let mut seen = Seen::default();
    runs.into_iter().for_each(|run| seen.add(run));
    // What the dice never throw is not tested.
    let Seen { kills, failures, recovered, again, trouble, full, cleaned, parked } = seen;
    let rarest = [kills, failures, recovered, again, trouble, full, cleaned, parked].into_iter().min();
    assert!(rarest > Some(RUNS / 4), "{seen:?}");
}

/// How often what happened.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    kills: u64,
    failures: u64,
    recovered: u64,
    again: u64,
    trouble: u64,
    full: u64,
    cleaned: u64,
    parked: u64,
}

impl Seen {
    fn add(&mut self, other: Seen) {
        self.kills += other.kills;
        self.failures += other.failures;
        self.recovered += other.recovered;
        self.again += other.again;
        self.trouble += other.trouble;
        self.full += other.full;
        self.cleaned += other.cleaned;
        self.parked += other.parked;
    }
}

/// What is known of an event.
#[derive(Clone, Copy, Debug, Default)]
struct Fact {
    /// The log has said that it is stored (or found it at the start): a killed process does not lose it.
    is_safe: bool,
    /// No power failure loses it either.
    is_durable: bool,
    is_acked: bool,
    /// A killed process does not forget that it is acknowledged.
    ack_is_safe: bool,
    /// No power failure forgets that.
    ack_is_durable: bool,
}

struct Model {
    bench: Bench,
    config: DiskWalConfig,
    facts: BTreeMap<u64, Fact>,
    next_number: u64,
    /// What upstream has not heard of yet, in order.
    storing: Vec<u64>,
    out: Vec<(u64, EventId)>,
    /// The highest event that was delivered for the first time in this run of the log.
    delivered: Option<u64>,
    delivered_once: BTreeSet<u64>,
    seen: Seen,
}

impl Model {
    fn new(seed: u64) -> Model {
        let mut dice = dice(seed);
        let sync = match dice.up_to(4) {
            0 => SyncMode::Always,
            1 => SyncMode::Interval { every_ms: 1 + dice.up_to(2000) },
            _ => SyncMode::Batch,
        };
        let mut config = config(16_384 << dice.up_to(2), sync);
        config.wal.max_elements = if dice.up_to(3) == 0 { Some(5 + dice.up_to(50)) } else { None };
        let mut bench = Bench::open(config.clone(), Files::new());
        bench.dice = dice;
        Model {
            bench,
            config,
            facts: BTreeMap::new(),
            next_number: 0,
            storing: Vec::new(),
            out: Vec::new(),
            delivered: None,
            delivered_once: BTreeSet::new(),
            seen: Seen::default(),
        }
    }

    fn run(mut self) -> Seen {
        for _ in 0..STEPS {
            match self.up_to(99) {
                0..30 => self.store(),
                30..50 => self.step(),
                50..62 => self.deliver(),
                62..85 => self.answer(),
                85..89 => self.wait(),
                89..93 => self.faults(),
                93..97 => self.settle(),
                97 | 98 => self.kill(),
                _ => self.power_failure(),
            }
            self.check();
        }
        self.end();
        self.seen
    }

    fn up_to(&mut self, most: u64) -> u64 {
        self.bench.dice.up_to(most)
    }

    fn store(&mut self) {
        for _ in 0..=self.up_to(8) {
            let len = 20
                + match self.up_to(9) {
                    0 => self.up_to(5000),
                    1..4 => self.up_to(900),
                    _ => self.up_to(100),
                };
            let greatest = if self.up_to(1) == 0 { Some(len) } else { None };
            if self.bench.wal.room(greatest) == 0 {
                self.seen.full += 1;
                return;
            }
            let number = self.next_number;
            self.next_number += 1;
            if self.bench.store(number, len as usize) == Stored::Kept {
                self.storing.push(number);
                self.facts.insert(number, Fact::default());
                let parked = self.bench.wal.counts().parked;
                assert!(parked == 0 || greatest.is_none(), "what was told to fit is not parked");
                self.seen.parked += parked;
            } else {
                assert!(len > self.config.wal.max_bytes.expect("it is set") / 8 - 200);
            }
        }
    }

    /// A step of the machine, whose requests are carried out or wait.
    fn step(&mut self) {
        self.bench.wal.advance(self.bench.now);
        if self.up_to(2) > 0 {
            self.bench.exchange(usize::MAX);
        }
        self.answers();
        self.bench.wal.flush(self.bench.now);
        self.seen.trouble += u64::from(self.bench.wal.trouble().is_some());
    }

    fn answers(&mut self) {
        for number in self.bench.answers() {
            assert_eq!(self.storing.remove(0), number, "upstream hears of all in order");
            self.facts.get_mut(&number).expect("it was stored").is_safe = true;
            let fact = self.facts.get_mut(&number).expect("it was stored");
            fact.is_durable = !matches!(self.config.sync, SyncMode::Interval { .. });
        }
    }

    fn deliver(&mut self) {
        for _ in 0..=self.up_to(10) {
            let Some((number, id)) = self.bench.deliver() else { return };
            assert!(self.facts[&number].is_safe, "{number} is handed on before it is stored");
            assert!(!self.facts[&number].is_acked, "{number} is acknowledged and goes out again");
            if self.delivered_once.insert(number) {
                assert!(self.delivered < Some(number), "{number} goes out behind {:?}", self.delivered);
                self.delivered = Some(number);
            }
            self.out.push((number, id));
        }
    }

    fn answer(&mut self) {
        for _ in 0..=self.up_to(10) {
            if self.out.is_empty() {
                return;
            }
            // Most often the oldest, so that some stay for long.
            let at = if self.up_to(2) == 0 { 0 } else { self.up_to(self.out.len() as u64 - 1) };
            let (number, id) = self.out.remove(at as usize);
            let answer = if self.up_to(9) == 0 { Answer::Fail } else { Answer::Ack };
            assert_eq!(self.bench.wal.answer(id, answer), None, "upstream was answered before");
            self.facts.get_mut(&number).expect("it was stored").is_acked = answer == Answer::Ack;
        }
    }

    fn wait(&mut self) {
        self.bench.now = self.bench.now.plus_ms(self.bench.dice.up_to(3000));
        self.step();
    }

    fn faults(&mut self) {
        self.bench.files.faults = match self.up_to(5) {
            0 => files::Faults { one_of: 1 + self.up_to(5), ..Default::default() },
            1 => files::Faults {
                space: Some(self.bench.files.size() + self.up_to(3000)),
                ..Default::default()
            },
            _ => files::Faults::default(),
        };
    }

    /// Until nothing is left to do; what the files know then is known.
    fn settle(&mut self) {
        self.bench.files.faults = files::Faults::default();
        for _ in 0..10 {
            self.bench.settle();
            self.answers();
            if self.bench.wal.trouble().is_none() && self.bench.wal.deadline().is_none() {
                break;
            }
            self.bench.now = self.bench.now.plus_ms(20_000);
        }
        assert_eq!(self.bench.wal.trouble(), None, "the disk is well again");
        let is_durable = self.bench.files.is_safe();
        for fact in self.facts.values_mut() {
            fact.is_durable |= is_durable && fact.is_safe;
            fact.ack_is_safe |= fact.is_acked;
            fact.ack_is_durable |= fact.is_acked && is_durable;
        }
    }

    /// The process is killed while it writes.
    fn kill(&mut self) {
        self.crash();
        self.seen.kills += 1;
        let must = |fact: &Fact| fact.is_safe && !fact.is_acked;
        let may = |fact: &Fact| !fact.ack_is_safe;
        self.restart(must, may);
        let stored = self.facts.iter().filter(|(_, fact)| fact.is_safe).map(|(number, _)| *number).max();
        assert!(self.bench.wal.resumed(SOURCE) >= stored, "the source goes on behind what is stored");
    }

    fn power_failure(&mut self) {
        self.crash();
        self.bench.files.lose_power(&mut self.bench.dice);
        self.seen.failures += 1;
        let must = |fact: &Fact| fact.is_durable && !fact.is_acked;
        let may = |fact: &Fact| !fact.ack_is_durable;
        self.restart(must, may);
        let stored = self.facts.iter().filter(|(_, fact)| fact.is_durable).map(|(number, _)| *number).max();
        assert!(self.bench.wal.resumed(SOURCE) >= stored, "the source goes on behind what is safe");
    }

    fn crash(&mut self) {
        self.bench.wal.advance(self.bench.now);
        let most = self.up_to(8);
        self.bench.exchange(most as usize);
    }

    /// The log is opened once more: what must come comes, and nothing that may not, in order.
    fn restart(&mut self, must: impl Fn(&Fact) -> bool, may: impl Fn(&Fact) -> bool) {
        self.check_size();
        let (dice, now) = (self.bench.dice.fork(), self.bench.now);
        let mut files = self.bench.files.clone();
        files.faults = files::Faults::default();
        let pure = self.bench.recover();
        self.bench = Bench::new(self.config.clone(), files);
        (self.bench.dice, self.bench.now) = (dice, now);
        self.bench.settle();
        assert_eq!(self.bench.wal.failure(), None);
        self.out.clear();
        self.storing.clear();
        self.delivered_once.clear();
        self.delivered = None;
        let mut came = BTreeSet::new();
        while let Some((number, id)) = self.bench.deliver() {
            let fact = *self.facts.get(&number).expect("it was stored once");
            assert!(may(&fact), "{number} comes again: {fact:?}");
            assert!(came.last() < Some(&number), "{number} comes behind {:?}", came.last());
            came.insert(number);
            self.out.push((number, id));
            self.seen.again += u64::from(fact.is_acked);
        }
        self.delivered_once = came.clone();
        self.delivered = came.last().copied();
        self.seen.recovered += came.len() as u64;
        assert_eq!(self.bench.wal.counts().recovered, came.len() as u64);
        let pure: BTreeSet<u64> = pure.live.iter().map(|record| number(&record.payload)).collect();
        assert_eq!(came, pure, "the function over bytes finds the same");
        for (number, fact) in &mut self.facts {
            assert!(came.contains(number) || !must(fact), "{number} is lost: {fact:?}");
            if came.contains(number) {
                *fact = Fact { is_safe: true, is_durable: fact.is_durable, ..Fact::default() };
            } else {
                // It is gone for good: never stored, or known to be acknowledged.
                let is_safe = fact.is_safe && fact.is_durable;
                *fact = Fact {
                    is_acked: true,
                    ack_is_safe: true,
                    ack_is_durable: fact.ack_is_durable,
                    is_safe,
                    is_durable: is_safe,
                };
            }
        }
    }

    fn check_size(&self) {
        let (size, most) = (self.bench.files.size(), self.config.wal.max_bytes.expect("it is set"));
        assert!(size <= most, "the files take {size} bytes of {most}");
    }

    /// What holds at every step.
    fn check(&mut self) {
        self.check_size();
        let counts = self.bench.wal.counts();
        assert_eq!(counts.taken + counts.recovered, counts.acked + counts.pending + counts.parked);
        // What comes again behind a power failure may be more.
        let most = self.config.wal.max_elements.unwrap_or(u64::MAX).max(counts.recovered);
        assert!(counts.pending <= most, "{} events of {most}", counts.pending);
        assert!(self.bench.wal.kept() <= counts.pending);
        self.seen.cleaned += u64::from(self.bench.wal.journal.is_cleaning());
    }

    /// The disk is well, downstream takes everything: nothing is left.
    fn end(&mut self) {
        self.settle();
        let counts = self.bench.wal.counts();
        while self.bench.wal.counts().pending > 0 || !self.storing.is_empty() {
            self.deliver();
            for (number, id) in std::mem::take(&mut self.out) {
                self.bench.wal.answer(id, Answer::Ack);
                self.facts.get_mut(&number).expect("it was stored").is_acked = true;
            }
            self.settle();
        }
        assert!(self.bench.wal.room(None) > 0, "an empty log has room: {counts:?}");
        assert!(self.facts.values().all(|fact| fact.is_acked), "all went out");
        let pure = self.bench.recover();
        let whole = pure.segments.values().filter(|found| found.header.is_some()).count();
        // The newest one of an earlier run is not trusted to tell how far the sources are; then there is another.
        assert!(whole <= 2, "{:?}", self.bench.files.names());
        self.bench.wal.close();
        self.bench.settle();
        assert!(self.bench.wal.is_closed(), "{:?}", self.bench.wal.trouble());
        // A run that was killed behind a failed sync leaves what no later one can make safe.
        let is_safe = self.bench.files.is_safe() || self.bench.files.state().contains("lost");
        assert!(is_safe, "{}", self.bench.files.state());
        self.bench.files.lose_power(&mut self.bench.dice);
        self.restart(|_| false, |_| false);
    }
}
