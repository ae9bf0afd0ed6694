//! The log and round robin together against a plain reference: random stores, answers, losses and recoveries of outputs,
//! room, splits and filters, thousands of times. Set `FORESHOCK_SEED` to repeat one run.
//!
//! The reference ([`Plain`]) is vectors that are searched from end to end, and rules in the words of the log's
//! documentation. [`World`] drives both, compares all that they say, and checks the promises: nothing acknowledged is
//! repeated, nothing unacknowledged is lost, limits hold at every step, upstream hears of each event exactly once.

use super::plain::{Plain, PlainEntry, State};
use super::seeds::run_seeds;
use crate::core::{Answer, Counts, EventId, Handed, Head, Random};
use crate::operator::RoundRobin;
use crate::operator::wal::{Next, Stored, Wal, WalConfig};
use std::collections::BTreeMap;

const RUNS: u64 = 4000;

#[test]
fn the_log_and_round_robin_do_what_the_plain_reference_does() {
    let Some(runs) = run_seeds(RUNS, |seed| World::new(seed).run()) else { return };
    let mut seen = Seen::default();
    runs.into_iter().for_each(|run| seen.add(run));
    // What the dice never throw is not tested.
    let Seen { replayed, stale, parked, refused, suspects, waits, done } = seen;
    let rarest = [replayed, stale, parked, refused, suspects, waits, done].into_iter().min();
    assert!(rarest > Some(RUNS), "{seen:?}");
}

/// How often what happened.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    replayed: u64,
    stale: u64,
    parked: u64,
    refused: u64,
    suspects: u64,
    waits: u64,
    done: u64,
}

impl Seen {
    fn add(&mut self, other: Seen) {
        self.replayed += other.replayed;
        self.stale += other.stale;
        self.parked += other.parked;
        self.refused += other.refused;
        self.suspects += other.suspects;
        self.waits += other.waits;
        self.done += other.done;
    }
}

/// A sink that answers when the dice say so.
struct Output {
    is_up: bool,
    capacity: usize,
    unconfirmed: Vec<Owed>,
}

#[derive(Clone, Copy)]
struct Owed {
    id: EventId,
    delivery: u64,
    suspect: bool,
}

impl Output {
    fn has_room(&self, suspect: bool) -> bool {
        if suspect {
            self.is_up && self.capacity > 0 && self.unconfirmed.is_empty()
        } else {
            self.is_up
                && self.unconfirmed.len() < self.capacity
                && self.unconfirmed.iter().all(|owed| !owed.suspect)
        }
    }
}

/// A round robin over any number of outputs.
trait Turning {
    /// The output whose turn it is of those that have room.
    fn first(&self, has_room: &dyn Fn(usize) -> bool) -> Option<usize>;
    fn took(&mut self, output: usize);
}

impl<const N: usize> Turning for RoundRobin<N> {
    fn first(&self, has_room: &dyn Fn(usize) -> bool) -> Option<usize> {
        self.turns().find(|&output| has_room(output))
    }

    fn took(&mut self, output: usize) {
        RoundRobin::took(self, output);
    }
}

/// One of the ways that each event goes: a round robin over outputs.
struct Branch {
    round_robin: Box<dyn Turning>,
    last_used: usize,
    outputs: Vec<Output>,
}

impl Branch {
    /// Whose turn it is; round robin and the plain rule agree.
    fn pick(&self, suspect: bool) -> Option<usize> {
        let count = self.outputs.len();
        let plain = (1..=count)
            .map(|step| (self.last_used + step) % count)
            .find(|&i| self.outputs[i].has_room(suspect));
        assert_eq!(self.round_robin.first(&|i| self.outputs[i].has_room(suspect)), plain, "whose turn it is");
        plain
    }
}

/// The log under test, the reference, and what lies around them.
struct World {
    dice: Random,
    wal: Wal<u64, u64>,
    plain: Plain,
    branches: Vec<Branch>,
    /// Of each input event, if it makes one result: no result is longer.
    greatest_len: Option<u64>,
    results_per_event: u64,
    /// Every so many events are filtered behind the log.
    filter: u64,
    /// Lengths of the events that upstream gave, by number; those that the log refused are not here.
    given: BTreeMap<u64, usize>,
    /// Whether upstream has heard of it, by number.
    acked: BTreeMap<u64, bool>,
    last_first_delivery: Option<u64>,
    old: Vec<Owed>,
    next_number: u64,
    most_parked: u64,
    seen: Seen,
}

impl World {
    fn new(seed: u64) -> World {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let mut dice = Random::from_seed(bytes);
        let config = config(&mut dice);
        let one_result = dice.up_to(1) == 0;
        let branches = if dice.up_to(2) > 0 { 1 } else { 2 + dice.up_to(1) };
        World {
            wal: Wal::new(&config),
            plain: Plain::new(config),
            branches: (0..branches).map(|_| branch(&mut dice)).collect(),
            greatest_len: (one_result && dice.up_to(1) == 0).then(|| dice.up_to(200)),
            results_per_event: if one_result { 1 } else { 2 + dice.up_to(1) },
            filter: [0, 0, 3, 7][dice.up_to(3) as usize],
            given: BTreeMap::new(),
            acked: BTreeMap::new(),
            last_first_delivery: None,
            old: Vec::new(),
            next_number: 0,
            most_parked: 0,
            seen: Seen::default(),
            dice,
        }
    }

    fn run(mut self) -> Seen {
        for _ in 0..200 {
            match self.dice.up_to(99) {
                0..=34 => self.input(),
                35..=59 => self.pump(),
                60..=84 => self.answer_some(),
                85..=88 => self.lose_an_output(),
                89..=92 => self.recover_an_output(),
                93..=94 => self.change_room(),
                95..=96 => self.answer_an_old_one(),
                _ => self.fetch_answers(),
            }
            self.check();
        }
        self.finish();
        let Counts { replayed, stale, .. } = self.wal.counts();
        Seen { replayed, stale, ..self.seen }
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.dice.up_to(n - 1) == 0
    }

    /// Upstream offers an event if there is room for it.
    fn input(&mut self) {
        let has_room = self.plain.has_room(self.greatest_len);
        assert_eq!(self.wal.room(self.greatest_len), if has_room { u32::MAX } else { 0 });
        if !has_room {
            return;
        }
        for _ in 0..self.results_per_event {
            let most = if self.one_in(50) { 3000 } else { 200 };
            let len = self.dice.up_to(self.greatest_len.unwrap_or(most));
            let number = self.next_number;
            self.next_number += 1;
            let head = Head { tag: number, ingest_ns: number * 3, suspect: self.one_in(10) };
            let stored = self.wal.store(head, |out, kept| {
                assert!(out.is_empty(), "a clean buffer");
                out.extend_from_slice(&content(number, len as usize).collect::<Vec<u8>>());
                *kept = number * 7;
            });
            assert_eq!(stored, self.plain.store(number, len), "event {number} of {len} bytes");
            self.seen.refused += u64::from(stored != Stored::Kept);
            if stored == Stored::Kept {
                self.given.insert(number, len as usize);
                self.acked.insert(number, false);
            }
        }
        self.seen.parked += self.plain.counts().parked;
        let never_fits =
            self.greatest_len > self.plain.config.max_bytes && self.plain.config.max_bytes.is_some();
        if self.greatest_len.is_some() && !never_fits {
            assert_eq!(self.wal.counts().parked, 0, "with a known greatest length nothing is parked");
        }
    }

    /// What generated code does with a log, a split and a round robin on each branch.
    fn pump(&mut self) {
        for _ in 0..self.wal.read_count() {
            let next = self.plain.next();
            let suspect = next.map(|index| self.plain.kept[index].suspect);
            assert_eq!(self.wal.next().map(Next::is_suspect), suspect, "what is up next");
            self.seen.waits += u64::from(suspect != Some(true) && self.plain.has_suspect());
            let (Some(index), Some(suspect)) = (next, suspect) else { return };
            let picks: Option<Vec<usize>> = self.branches.iter().map(|branch| branch.pick(suspect)).collect();
            let Some(picks) = picks else { return };
            self.deliver(index, &picks);
            self.check();
        }
    }

    fn deliver(&mut self, index: usize, picks: &[usize]) {
        let PlainEntry { number, suspect, state, .. } = self.plain.kept[index];
        assert!(!self.acked[&number], "event {number} is acknowledged: it may not be repeated");
        if state == State::Fresh {
            assert!(self.last_first_delivery < Some(number), "first deliveries in order");
            self.last_first_delivery = Some(number);
        }
        self.seen.suspects += u64::from(suspect);
        let delivery = self.plain.lend(index);
        let lent = self.wal.lend(self.wal.next().expect("the same is up in the plain log"));
        assert!(
            lent.payload().iter().copied().eq(content(number, self.given[&number])),
            "the payload of {number}"
        );
        assert_eq!((*lent.kept(), lent.head.ingest_ns, lent.head.suspect), (number * 7, number * 3, suspect));
        self.check();

        let handed = if self.filter > 0 && number.is_multiple_of(self.filter) {
            Handed::DONE
        } else {
            let placed =
                if self.one_in(20) { self.dice.up_to(picks.len() as u64 - 1) as usize } else { picks.len() };
            for (branch, &output) in self.branches.iter_mut().zip(picks).take(placed) {
                branch.round_robin.took(output);
                branch.last_used = output;
                branch.outputs[output].unconfirmed.push(Owed { id: lent.head.tag, delivery, suspect });
            }
            Handed { owed: placed as u32, failed: placed < picks.len() }
        };
        self.wal.hand_back(lent, handed);
        self.plain.hand_back(index, handed);
    }

    fn answer(&mut self, owed: Owed, answer: Answer) {
        let from_plain = self.plain.answer(owed.delivery, answer);
        let from_wal = self.wal.answer(owed.id, answer);
        assert_eq!(from_wal, from_plain.map(|number| (number, Answer::Ack)), "{answer:?}");
        self.old.push(owed);
        if let Some(number) = from_plain {
            self.acknowledged(number);
        }
    }

    fn acknowledged(&mut self, number: u64) {
        assert_eq!(self.acked.insert(number, true), Some(false), "upstream hears of {number} exactly once");
    }

    /// Any output, any of its events: peers confirm in any order.
    fn answer_some(&mut self) {
        for _ in 0..=self.dice.up_to(9) {
            let verdict = match self.dice.up_to(19) {
                0..=14 => Answer::Ack,
                15..=17 => Answer::Fail,
                _ => Answer::Suspect,
            };
            let which = self.dice.up_to(9) as usize;
            let unconfirmed = &mut self.some_output().unconfirmed;
            if !unconfirmed.is_empty() {
                let owed = unconfirmed.remove(which % unconfirmed.len());
                self.answer(owed, verdict);
                self.check();
            }
        }
    }

    /// Its connection ends: all that it had not confirmed fails, in order.
    fn lose_an_output(&mut self) {
        let output = self.some_output();
        output.is_up = false;
        let lost = std::mem::take(&mut output.unconfirmed);
        let verdict = if lost.len() > 1 && self.one_in(4) { Answer::Suspect } else { Answer::Fail };
        for owed in lost {
            self.answer(owed, verdict);
        }
    }

    fn recover_an_output(&mut self) {
        self.some_output().is_up = true;
    }

    fn change_room(&mut self) {
        let capacity = self.dice.up_to(8) as usize;
        self.some_output().capacity = capacity;
    }

    /// A peer that answers once more, or too late.
    fn answer_an_old_one(&mut self) {
        if self.old.is_empty() {
            return;
        }
        let nth = self.dice.up_to(self.old.len() as u64 - 1) as usize;
        let owed = self.old[nth];
        if !self.plain.is_out(owed.delivery) {
            let verdict = [Answer::Ack, Answer::Fail, Answer::Suspect][self.dice.up_to(2) as usize];
            self.answer(owed, verdict);
        }
    }

    fn fetch_answers(&mut self) {
        loop {
            let from_plain = self.plain.next_answer();
            assert_eq!(self.wal.next_answer(), from_plain.map(|number| (number, Answer::Ack)));
            let Some(number) = from_plain else { return };
            self.seen.done += 1;
            self.acknowledged(number);
            self.check();
        }
    }

    /// All outputs come back, with room: everything arrives.
    fn finish(&mut self) {
        for output in self.branches.iter_mut().flat_map(|branch| &mut branch.outputs) {
            output.is_up = true;
            output.capacity = 10;
        }
        for _ in 0..10_000 {
            self.pump();
            self.fetch_answers();
            let mut all = Vec::new();
            for output in self.branches.iter_mut().flat_map(|branch| &mut branch.outputs) {
                all.append(&mut output.unconfirmed);
            }
            for owed in all {
                self.answer(owed, Answer::Ack);
            }
            self.check();
            if self.plain.kept.is_empty() {
                let forgotten: Vec<_> = self.acked.iter().filter(|(_, acked)| !**acked).collect();
                assert!(forgotten.is_empty(), "never acknowledged: {forgotten:?}");
                assert_eq!(
                    (
                        self.wal.counts().pending,
                        self.wal.counts().parked,
                        self.wal.next().map(Next::is_suspect)
                    ),
                    (0, 0, None)
                );
                return;
            }
        }
        panic!("the log never gets empty: {:?}", self.wal.counts());
    }

    /// What holds at every step.
    fn check(&mut self) {
        let counts = self.wal.counts();
        assert_eq!(counts, self.plain.counts());
        let config = &self.plain.config;
        assert!(config.max_elements.is_none_or(|max| counts.pending <= max), "max_elements");
        assert!(config.max_bytes.is_none_or(|max| counts.pending_bytes <= max), "max_bytes");
        assert!(counts.parked <= self.results_per_event, "the results of one event are parked at most");
        self.most_parked = self.most_parked.max(counts.parked);
        let by_bytes = config.max_bytes.map(|max| (max / 64).max(1));
        let most_kept = config.max_elements.or(by_bytes).expect("there is a limit");
        let (slots, _) = self.wal.entries.slots();
        assert!(slots as u64 <= most_kept + self.most_parked, "{slots} slots");
    }

    fn some_output(&mut self) -> &mut Output {
        let branch = self.dice.up_to(self.branches.len() as u64 - 1) as usize;
        let outputs = &mut self.branches[branch].outputs;
        let output = self.dice.up_to(outputs.len() as u64 - 1) as usize;
        &mut outputs[output]
    }
}

fn config(dice: &mut Random) -> WalConfig {
    let max_elements = Some(1 + dice.up_to(11));
    let max_bytes = Some(match dice.up_to(3) {
        0 => 1 + dice.up_to(99),
        1 => 3000,
        _ => 100 + dice.up_to(900),
    });
    let (max_elements, max_bytes) = match dice.up_to(2) {
        0 => (max_elements, None),
        1 => (None, max_bytes),
        _ => (max_elements, max_bytes),
    };
    WalConfig { read_count: 1 + dice.up_to(19) as u32, max_elements, max_bytes }
}

fn branch(dice: &mut Random) -> Branch {
    let outputs = 1 + dice.up_to(3) as usize;
    Branch {
        round_robin: match outputs {
            1 => Box::new(RoundRobin::<1>::new()),
            2 => Box::new(RoundRobin::<2>::new()),
            3 => Box::new(RoundRobin::<3>::new()),
            _ => Box::new(RoundRobin::<4>::new()),
        },
        last_used: outputs - 1,
        outputs: (0..outputs)
            .map(|_| Output {
                is_up: dice.up_to(3) > 0,
                capacity: 1 + dice.up_to(6) as usize,
                unconfirmed: vec![],
            })
            .collect(),
    }
}

/// An event's bytes: they tell it from all others, and a whole from a part.
fn content(number: u64, len: usize) -> impl Iterator<Item = u8> {
    (0..len).map(move |i| number.rotate_left(8 * (i as u32 % 8)).to_le_bytes()[0] ^ (i as u8))
}
