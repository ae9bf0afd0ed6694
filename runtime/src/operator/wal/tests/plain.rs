//! The plain reference of the log: vectors that are searched from end to end, and the rules in the words of the log's
//! documentation. Obviously right rather than fast.

use crate::core::{Answer, Counts, Handed};
use crate::operator::wal::{Stored, WalConfig};

/// An event in the reference. Its number is its upstream tag; numbers count up in the order of arrival.
pub(super) struct PlainEntry {
    pub(super) number: u64,
    pub(super) len: u64,
    pub(super) state: State,
    pub(super) suspect: bool,
}

/// Deliveries and fails are numbered as they happen.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum State {
    Fresh,
    Failed { nth: u64 },
    Out { delivery: u64, owed: u32 },
    Done { nth: u64 },
}

/// The reference log.
pub(super) struct Plain {
    pub(super) config: WalConfig,
    pub(super) kept: Vec<PlainEntry>,
    parked: Vec<PlainEntry>,
    steps: u64,
    counts: Counts,
}

impl Plain {
    pub(super) fn new(config: WalConfig) -> Plain {
        Plain { config, kept: vec![], parked: vec![], steps: 0, counts: Counts::default() }
    }

    fn charge(&self, len: u64) -> u64 {
        match (self.config.max_elements, self.config.max_bytes) {
            (None, Some(max_bytes)) => len.max(64.min(max_bytes)),
            _ => len,
        }
    }

    fn charged(&self) -> u64 {
        self.kept.iter().map(|entry| self.charge(entry.len)).sum()
    }

    fn fits(&self, len: u64) -> bool {
        self.config.max_elements.is_none_or(|max| (self.kept.len() as u64) < max)
            && self.config.max_bytes.is_none_or(|max| self.charged() + self.charge(len) <= max)
    }

    pub(super) fn has_room(&self, greatest_len: Option<u64>) -> bool {
        if !self.parked.is_empty() {
            return false;
        }
        match greatest_len {
            Some(len) if self.config.max_bytes.is_none_or(|max| len <= max) => self.fits(len),
            _ => {
                self.config.max_elements.is_none_or(|max| (self.kept.len() as u64) < max)
                    && self.config.max_bytes.is_none_or(|max| self.charged() < max)
            }
        }
    }

    pub(super) fn store(&mut self, number: u64, len: u64) -> Stored {
        if self.config.max_bytes.is_some_and(|max| len > max) {
            return Stored::TooLarge { bytes: len };
        }
        self.counts.taken += 1;
        self.parked.push(PlainEntry { number, len, state: State::Fresh, suspect: false });
        self.move_up();
        Stored::Kept
    }

    fn move_up(&mut self) {
        while !self.parked.is_empty() && self.fits(self.parked[0].len) {
            let entry = self.parked.remove(0);
            self.kept.push(entry);
        }
    }

    /// The index of the event that goes out next.
    pub(super) fn next(&self) -> Option<usize> {
        let failed = |suspect: bool| {
            let indexes = (0..self.kept.len()).filter_map(move |i| match self.kept[i].state {
                State::Failed { nth } if self.kept[i].suspect == suspect => Some((nth, i)),
                _ => None,
            });
            indexes.min().map(|(_, i)| i)
        };
        let is_out = |entry: &PlainEntry| entry.suspect && matches!(entry.state, State::Out { .. });
        failed(true)
            .filter(|_| !self.kept.iter().any(is_out))
            .or_else(|| failed(false))
            .or_else(|| self.kept.iter().position(|entry| entry.state == State::Fresh))
    }

    /// Whether a suspect is to go out.
    pub(super) fn has_suspect(&self) -> bool {
        self.kept.iter().any(|entry| entry.suspect && matches!(entry.state, State::Failed { .. }))
    }

    /// The event goes out; gives the delivery's number.
    pub(super) fn lend(&mut self, index: usize) -> u64 {
        self.steps += 1;
        self.counts.emitted += 1;
        self.counts.replayed += u64::from(self.kept[index].state != State::Fresh);
        self.kept[index].state = State::Out { delivery: self.steps, owed: 0 };
        self.steps
    }

    pub(super) fn hand_back(&mut self, index: usize, handed: Handed) {
        self.steps += 1;
        let entry = &mut self.kept[index];
        let State::Out { delivery, .. } = entry.state else { panic!("it was lent") };
        entry.state = match handed {
            Handed { failed: true, .. } => State::Failed { nth: self.steps },
            Handed { owed: 0, .. } => State::Done { nth: self.steps },
            Handed { owed, .. } => State::Out { delivery, owed },
        };
        self.counts.failed += u64::from(handed.failed);
    }

    pub(super) fn is_out(&self, delivery: u64) -> bool {
        self.kept.iter().any(|entry| matches!(entry.state, State::Out { delivery: d, .. } if d == delivery))
    }

    /// Gives the event's number if it is acknowledged by this.
    pub(super) fn answer(&mut self, delivery: u64, answer: Answer) -> Option<u64> {
        self.steps += 1;
        for i in 0..self.kept.len() {
            let State::Out { delivery: of, owed } = self.kept[i].state else { continue };
            if of != delivery {
                continue;
            }
            if answer != Answer::Ack {
                self.kept[i].state = State::Failed { nth: self.steps };
                self.kept[i].suspect |= answer == Answer::Suspect;
                self.counts.failed += 1;
                return None;
            }
            if owed > 1 {
                self.kept[i].state = State::Out { delivery, owed: owed - 1 };
                return None;
            }
            return Some(self.acknowledge(i));
        }
        self.counts.stale += 1;
        None
    }

    pub(super) fn next_answer(&mut self) -> Option<u64> {
        let done = (0..self.kept.len()).filter_map(|i| match self.kept[i].state {
            State::Done { nth } => Some((nth, i)),
            _ => None,
        });
        let (_, index) = done.min()?;
        Some(self.acknowledge(index))
    }

    fn acknowledge(&mut self, index: usize) -> u64 {
        let entry = self.kept.remove(index);
        self.counts.acked += 1;
        self.move_up();
        entry.number
    }

    pub(super) fn counts(&self) -> Counts {
        Counts {
            pending: self.kept.len() as u64,
            pending_bytes: self.kept.iter().map(|entry| entry.len).sum(),
            parked: self.parked.len() as u64,
            ..self.counts
        }
    }
}
