//! What is known of each event of the persistent twin over all its runs: what its log was given to write, what of that was
//! answered to be safe, what was promised, what was confirmed. So what a run owes to the ones before it. Where an event is within
//! one run is the account's business.

use super::coverage::{Seen, Sight};
use foreshock::core::FileRequest;
use foreshock::testing::sim::{Crash, UNIX_START_NS};
use foreshock::testing::simulation::{Answered, Ending, Step};

/// How far the acknowledgement of an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Acked {
    /// Not known to be written.
    No,
    /// The system has it.
    Written,
    /// It survives a power failure.
    Synced,
}

/// What is known of one event.
#[derive(Clone, Copy, Debug)]
struct Fate {
    /// When it was made: with its id, which event it is.
    ingest_ns: u64,
    /// The system has taken it; or may have, where its run was killed.
    is_written: bool,
    /// It was made safe.
    is_safe: bool,
    /// It was handed on, or acknowledged to its source.
    is_promised: bool,
    /// It was confirmed, or rejected.
    is_done: bool,
    acked: Acked,
    /// A sync of that may have failed: no later one makes it safe, unless it is written again.
    ack_is_doubtful: bool,
    /// A power failure may have lost it.
    may_be_lost: bool,
    /// A sync of it may have failed, and its run is over: no later sync makes it safe, whatever that says.
    is_doubtful: bool,
}

/// What a log has asked for, and was not answered yet.
#[derive(Clone, Debug, Default)]
struct Asked {
    /// Events that it writes, each with how many of its requests must be carried out for that.
    records: Vec<(usize, u64)>,
    /// So many of its requests must be carried out until all that was written before is safe, if it asks for that.
    synced: Option<usize>,
    /// So many of `done` were acknowledged before,
    done: usize,
    /// which is written then,
    acks_written: Option<usize>,
    /// if something is written of acknowledgements at all,
    acks_appended: Option<usize>,
    /// and safe then.
    acks_synced: Option<usize>,
}

/// The ledger.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// By id. An id may be given again, where nobody was told of the first one.
    events: Vec<Option<Fate>>,
    /// Whether what is handed on is safe from power failures: not with `sync = "interval"`.
    is_durable: bool,
    began_ns: u64,
    /// Ids that were first written in this run, in order.
    made: Vec<u64>,
    acked_upstream: usize,
    /// Ids that were confirmed or rejected in this run, in order.
    done: Vec<u64>,
    asked: Option<Asked>,
    /// Runs that have ended.
    runs: usize,
    /// Requests to the disk that had failed when this run began.
    failures: u64,
    /// Whether something failed in this run.
    has_failed: bool,
    sight: Sight,
}

impl Fate {
    /// A run ends so, in which requests to the disk may have failed.
    fn survive(&mut self, ending: Ending, has_failed: bool) {
        self.is_written = true;
        match ending {
            // A run that cannot open its log ends by itself, and then it drains nothing.
            Ending::Killed(Crash::Process) | Ending::Drained => {
                self.is_doubtful |= has_failed && !self.is_safe;
            }
            Ending::Killed(Crash::Power) => {
                if self.acked == Acked::Written {
                    self.acked = Acked::No;
                }
                self.may_be_lost |= !self.is_safe || self.is_doubtful;
            }
        }
    }
}

impl Ledger {
    pub(super) fn new(is_durable: bool) -> Ledger {
        Ledger { is_durable, ..Ledger::default() }
    }

    /// How many ids there are.
    pub(super) fn ids(&self) -> usize {
        self.events.len()
    }

    /// A run begins.
    pub(super) fn begin(&mut self, step: &Step<'_>) {
        let since_ns = u64::try_from(step.now.as_duration().as_nanos()).unwrap_or(u64::MAX);
        self.began_ns = UNIX_START_NS.saturating_add(since_ns);
        let has_failed = step.disk_failures > self.failures;
        self.failures = step.disk_failures;
        if step.endings.get(self.runs) == Some(&Ending::Drained) {
            // What is known at an orderly end is written down.
            for id in &self.done {
                self.events[index(*id)].as_mut().expect("it was confirmed").acked = Acked::Synced;
            }
        }
        // A run may end before its first step.
        for ending in &step.endings[self.runs..] {
            self.events.iter_mut().flatten().for_each(|fate| fate.survive(*ending, has_failed));
        }
        for ending in &step.endings[self.runs..] {
            self.sight.note(match ending {
                Ending::Drained => Seen::Drained,
                Ending::Killed(Crash::Process) => Seen::Killed,
                Ending::Killed(Crash::Power) => Seen::PowerLost,
            });
        }
        self.sight.note_if(Seen::Unsafe, self.events.iter().flatten().any(|fate| fate.may_be_lost));
        self.runs = step.endings.len();
        self.has_failed = false;
        self.made.clear();
        self.done.clear();
        self.acked_upstream = 0;
        self.asked = None;
    }

    /// What a step has asked of files, and what came of what was asked before.
    pub(super) fn exchange(&mut self, step: &Step<'_>) -> Result<(), String> {
        if let (Some(answered), Some(asked)) =
            (step.answered.first(), self.asked.take_if(|_| !step.answered.is_empty()))
        {
            self.answered(&asked, *answered);
        }
        if step.asked.is_empty() {
            return Ok(());
        }
        let mut asked = Asked { done: self.done.len(), ..Asked::default() };
        for (nth, (_, request)) in (1..).zip(step.asked) {
            match request {
                FileRequest::Append { file, bytes } if file.ends_with(".wal") => {
                    self.records(bytes, nth, &mut asked.records)?;
                    // Acknowledgements come with the next exchange, so now, if there are any.
                    asked.acks_written = Some(nth);
                }
                FileRequest::Append { file, .. } if file.ends_with(".acks") => {
                    (asked.acks_written, asked.acks_appended) = (Some(nth), Some(nth));
                }
                FileRequest::Sync(file) if file.ends_with(".wal") => asked.synced = Some(nth),
                FileRequest::Sync(file) if file.ends_with(".acks") => asked.acks_synced = Some(nth),
                FileRequest::Remove(file) => self.sight.note_if(Seen::Removed, file.ends_with(".wal")),
                FileRequest::Rename { .. } => self.sight.note(Seen::SetAside),
                _ => {}
            }
        }
        self.asked = Some(asked);
        Ok(())
    }

    fn answered(&mut self, asked: &Asked, answered: Answered) {
        for (_, id) in asked.records.iter().filter(|(nth, _)| *nth <= answered.done) {
            if let Some(Some(fate)) = self.events.get_mut(index(*id)) {
                fate.is_written = true;
            }
        }
        let is_done = |nth: Option<usize>| nth.is_some_and(|nth| nth <= answered.done);
        if is_done(asked.synced) {
            self.events
                .iter_mut()
                .flatten()
                .for_each(|fate| fate.is_safe |= fate.is_written && !fate.may_be_lost);
        }
        self.has_failed |= answered.failed;
        if answered.failed {
            self.sight.note(Seen::DiskFailed);
            // What was not safe is to be written anew, and what was written of acknowledgements may be lost.
            let in_doubt = self.events.iter_mut().flatten().filter(|fate| !fate.is_safe);
            in_doubt.for_each(|fate| fate.is_written = false);
            let under_way = if is_done(asked.acks_written) { asked.done } else { 0 };
            for id in &self.done[..under_way] {
                let fate = self.events[index(*id)].as_mut().expect("it was confirmed");
                fate.ack_is_doubtful |= fate.acked != Acked::Synced;
            }
            let written = self.events.iter_mut().flatten().filter(|fate| fate.acked == Acked::Written);
            return written.for_each(|fate| {
                fate.acked = Acked::No;
                fate.ack_is_doubtful = true;
            });
        }
        if is_done(asked.acks_written) {
            for id in &self.done[..asked.done] {
                let fate = self.events[index(*id)].as_mut().expect("it was confirmed");
                fate.acked = fate.acked.max(Acked::Written);
                fate.ack_is_doubtful &= !is_done(asked.acks_appended);
            }
        }
        if is_done(asked.acks_synced) {
            let written = self.events.iter_mut().flatten().filter(|fate| fate.acked == Acked::Written);
            written.filter(|fate| !fate.ack_is_doubtful).for_each(|fate| fate.acked = Acked::Synced);
        }
    }

    /// Finds the events in what is written, as text: no other part of it looks so.
    fn records(&mut self, bytes: &[u8], nth: usize, records: &mut Vec<(usize, u64)>) -> Result<(), String> {
        const ID: &[u8] = b"\"id\":";
        let mut rest = bytes;
        while let Some(at) = rest.windows(ID.len()).position(|piece| piece == ID) {
            rest = &rest[at..];
            let (id, ingest_ns) = event(rest).ok_or("an event is written that is none of this flow")?;
            rest = &rest[ID.len()..];
            records.push((nth, id));
            let is_copy =
                self.events.get(index(id)).copied().flatten().is_some_and(|fate| fate.ingest_ns == ingest_ns);
            let why = if self.has_failed { Seen::Rewritten } else { Seen::Cleaned };
            self.sight.note_if(why, is_copy);
            if ingest_ns > self.began_ns && self.made.last().is_none_or(|last| *last < id) {
                self.first_written(id, ingest_ns)?;
            }
        }
        Ok(())
    }

    /// An event of this run.
    fn first_written(&mut self, id: u64, ingest_ns: u64) -> Result<(), String> {
        match self.made.last() {
            Some(last) if id != last + 1 => {
                return Err(format!("the source makes event {id} behind event {last}"));
            }
            None if index(id) > self.events.len() => {
                return Err(format!(
                    "the source goes on with event {id}, and event {} is missing",
                    self.events.len()
                ));
            }
            _ => {}
        }
        // What was made in earlier runs from there on must be unknown to everybody.
        for (id, before) in (id..).zip(self.events.drain(index(id).min(self.events.len())..)) {
            if before.is_some_and(|before| before.is_promised && !before.may_be_lost) {
                return Err(format!("event {id} is made anew, and there was another one: {before:?}"));
            }
        }
        self.events.push(Some(Fate {
            ingest_ns,
            is_written: false,
            is_safe: false,
            is_promised: false,
            is_done: false,
            acked: Acked::No,
            ack_is_doubtful: false,
            may_be_lost: false,
            is_doubtful: false,
        }));
        self.made.push(id);
        Ok(())
    }

    /// So many events were acknowledged to the source in this run.
    pub(super) fn upstream(&mut self, acked: u64) -> Result<(), String> {
        while self.acked_upstream < index(acked) {
            let Some(id) = self.made.get(self.acked_upstream).copied() else {
                return Err(format!("{acked} events are acknowledged, and {} were written", self.made.len()));
            };
            self.acked_upstream += 1;
            self.promise(id, "acknowledged to the source")?;
        }
        Ok(())
    }

    fn promise(&mut self, id: u64, how: &str) -> Result<(), String> {
        let Some(Some(fate)) = self.events.get_mut(index(id)) else {
            return Err(format!("event {id} is {how}, and was never written"));
        };
        if self.is_durable && !fate.is_safe && !fate.may_be_lost {
            return Err(format!("event {id} is {how} before it is safe: {fate:?}"));
        }
        fate.is_promised = true;
        Ok(())
    }

    /// An event is handed on for the first time in this run.
    pub(super) fn handed_on(&mut self, id: u64, text: &str) -> Result<(), String> {
        self.promise(id, "handed on")?;
        let fate = self.events[index(id)].as_mut().expect("it was looked at");
        if event(text.as_bytes()[text.find("\"id\":").unwrap_or(0)..].as_ref()) != Some((id, fate.ingest_ns))
        {
            return Err(format!("event {id} is handed on with another content: {text}, {fate:?}"));
        }
        if fate.acked > Acked::No {
            return Err(format!("event {id} comes again, and its acknowledgement was written: {fate:?}"));
        }
        self.sight.note_if(Seen::AgainAfterCrash, fate.is_done);
        self.sight.note_if(Seen::Recovered, fate.ingest_ns <= self.began_ns);
        if fate.may_be_lost {
            // It was found, and made safe before it was handed on.
            (fate.may_be_lost, fate.is_safe) = (false, true);
        }
        Ok(())
    }

    /// An event is confirmed, or rejected.
    pub(super) fn done(&mut self, id: u64) {
        if let Some(Some(fate)) = self.events.get_mut(index(id)) {
            fate.is_done = true;
            self.done.push(id);
        }
    }

    /// Whether a run need not hand it on: it is done, or nobody was promised it.
    pub(super) fn may_be_missing(&self, id: u64) -> bool {
        let fate = self.events.get(index(id)).copied().flatten();
        fate.is_none_or(|fate| fate.is_done || !fate.is_promised || fate.may_be_lost)
    }

    /// What has happened.
    pub(super) fn sight(&self) -> Sight {
        self.sight
    }

    /// At the end of all runs: everything came.
    pub(super) fn end(&self) -> Result<(), String> {
        let is_promised = |fate: &Option<Fate>| fate.is_some_and(|fate| fate.is_promised);
        let last = self.events.iter().rposition(is_promised).map_or(0, |last| last + 1);
        for (id, fate) in self.events[..last].iter().enumerate() {
            if fate.is_none_or(|fate| !fate.is_done && !fate.may_be_lost) {
                return Err(format!("event {id} is lost: {fate:?}"));
            }
        }
        Ok(())
    }
}

/// Id and time of an event, at whose id the text begins.
fn event(text: &[u8]) -> Option<(u64, u64)> {
    let number = |name: &[u8], text: &[u8]| {
        let digits = text.strip_prefix(name)?;
        let len = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number: u64 = str::from_utf8(&digits[..len]).ok()?.parse().ok()?;
        Some((number, name.len() + len))
    };
    let (id, len) = number(b"\"id\":", text)?;
    let (ingest_ns, _) = number(b",\"ingest_ns\":", &text[len..])?;
    Some((id, ingest_ns))
}

fn index(id: u64) -> usize {
    usize::try_from(id).expect("few events are made")
}
