//! What is known of each event of the persistent twin over all its runs: what its log was given to write, what of that was
//! answered to be safe, what was promised, what was confirmed. So what a run owes to the ones before it. Where an event is within
//! one run is the account's business.

use foreshock::core::FileRequest;
use foreshock::testing::sim::{Crash, UNIX_START_NS};
use foreshock::testing::simulation::{Ending, Step};

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
    /// Its run.
    run: usize,
    /// It was made safe.
    is_safe: bool,
    /// It was handed on, or acknowledged to its source.
    is_promised: bool,
    /// It was confirmed, or rejected.
    is_done: bool,
    acked: Acked,
    /// A power failure may have lost it.
    may_be_lost: bool,
    /// A sync of it may have failed, and its run was killed: no later sync makes it safe, whatever that says.
    is_doubtful: bool,
}

/// What a log has asked for, and was not answered yet.
#[derive(Clone, Copy, Debug, Default)]
struct Asked {
    /// It makes records safe: those of `made` until then.
    syncs: bool,
    /// So many of `done` were acknowledged before.
    done: usize,
    acks: bool,
    acks_sync: bool,
}

/// The ledger.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// By id. An id may be given again, where nobody was told of the first one.
    events: Vec<Option<Fate>>,
    /// Whether what is handed on is safe from power failures: not with `sync = "interval"`.
    is_durable: bool,
    run: usize,
    began_ns: u64,
    /// Ids that were first written in this run, in order.
    made: Vec<u64>,
    acked_upstream: usize,
    /// Ids that were confirmed or rejected in this run, in order.
    done: Vec<u64>,
    asked: Option<Asked>,
    /// Requests to the disk that had failed when this run began.
    failures: u64,
}

impl Ledger {
    pub(super) fn new(is_durable: bool) -> Ledger {
        Ledger { is_durable, ..Ledger::default() }
    }

    /// How many ids there are.
    pub(super) fn ids(&self) -> usize {
        self.events.len()
    }

    /// A run begins, behind one that ended so.
    pub(super) fn begin(&mut self, step: &Step<'_>) {
        self.run = step.endings.len();
        let since_ns = u64::try_from(step.now.as_duration().as_nanos()).unwrap_or(u64::MAX);
        self.began_ns = UNIX_START_NS.saturating_add(since_ns);
        let ending = step.endings.last().copied();
        let has_failed = step.disk_failures > self.failures;
        self.failures = step.disk_failures;
        for fate in self.events.iter_mut().flatten() {
            match ending {
                None => {}
                Some(Ending::Killed(Crash::Process)) => fate.is_doubtful |= has_failed && !fate.is_safe,
                // What is known at an orderly end is written down.
                Some(Ending::Drained) if fate.is_done => fate.acked = Acked::Synced,
                Some(Ending::Drained) => {}
                Some(Ending::Killed(Crash::Power)) => {
                    if fate.acked == Acked::Written {
                        fate.acked = Acked::No;
                    }
                    fate.may_be_lost |= !fate.is_safe || fate.is_doubtful;
                }
            }
        }
        self.made.clear();
        self.done.clear();
        self.acked_upstream = 0;
        self.asked = None;
    }

    /// What a step has asked of files, and what came of what was asked before.
    pub(super) fn exchange(&mut self, step: &Step<'_>) -> Result<(), String> {
        if let Some(is_well) = step.answered
            && let Some(asked) = self.asked.take()
        {
            self.answered(asked, is_well);
        }
        if step.asked.is_empty() {
            return Ok(());
        }
        let mut asked = Asked { done: self.done.len(), ..Asked::default() };
        for request in step.asked {
            match request {
                FileRequest::Append { file, bytes } if file.ends_with(".wal") => self.records(bytes)?,
                FileRequest::Append { file, .. } => asked.acks |= file.ends_with(".acks"),
                FileRequest::Sync(file) => {
                    asked.syncs |= file.ends_with(".wal");
                    asked.acks_sync |= file.ends_with(".acks");
                }
                _ => {}
            }
        }
        self.asked = Some(asked);
        Ok(())
    }

    fn answered(&mut self, asked: Asked, is_well: bool) {
        let all = self.events.iter_mut().flatten();
        if !is_well {
            // What was written of acknowledgements may be lost by it.
            all.filter(|fate| fate.acked == Acked::Written).for_each(|fate| fate.acked = Acked::No);
            return;
        }
        if asked.syncs {
            all.for_each(|fate| fate.is_safe |= !fate.may_be_lost);
        }
        if asked.acks {
            for id in &self.done[..asked.done] {
                let fate = self.events[index(*id)].as_mut().expect("it was confirmed");
                fate.acked = fate.acked.max(Acked::Written);
            }
        }
        if asked.acks_sync {
            let written = self.events.iter_mut().flatten().filter(|fate| fate.acked == Acked::Written);
            written.for_each(|fate| fate.acked = Acked::Synced);
        }
    }

    /// Finds the events in what is written, as text: no other part of it looks so.
    fn records(&mut self, bytes: &[u8]) -> Result<(), String> {
        const ID: &[u8] = b"\"id\":";
        let mut rest = bytes;
        while let Some(at) = rest.windows(ID.len()).position(|piece| piece == ID) {
            rest = &rest[at..];
            let (id, ingest_ns) = event(rest).ok_or("an event is written that is none of this flow")?;
            rest = &rest[ID.len()..];
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
            run: self.run,
            is_safe: false,
            is_promised: false,
            is_done: false,
            acked: Acked::No,
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
