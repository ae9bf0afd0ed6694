//! The subcommand `wal`: what the logs on disk of a flow hold. `wal check` says whether their files are whole, `wal stats` tells
//! numbers, `wal dump` writes the events. What the files say is found out by the code with which the logs recover.
//!
//! Nothing is changed, and the directories' locks are neither needed nor taken: a flow that runs may be looked at. What it is
//! writing meanwhile may be seen or not, and an event that is being written looks like a torn tail.
//!
//! `wal check` and `wal stats` have one file in memory at a time and some bytes for each live event; `wal dump` has all live
//! events of one log in one instance, as the running flow has.

mod check;
mod dump;
mod look;
mod stats;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use foreshock_spec::picture::InstanceKind;
use foreshock_spec::{DIR, Definition, Kind, Settings};

use crate::core::Origin;
use crate::operator::{DiskWalConfig, Identity, Recovered, Refusal, can_count_on};
use crate::program::{Program, tell};

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) what: What,
    /// The place of one log in the program's definitions; all logs if none is named.
    pub(super) only: Option<usize>,
}

/// The kinds of questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Check,
    Dump,
    Stats(StatsFormat),
}

/// How `wal stats` answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StatsFormat {
    /// For people.
    Text,
    /// One line of JSON.
    Json,
}

/// The logs on disk of a program, with their places in its definitions.
pub(super) fn logs(program: &Program) -> impl Iterator<Item = (usize, &'static Definition)> + use<> {
    let is_log = |definition: &Definition| definition.kind == Kind::Operator && definition.has(DIR);
    program.definitions.iter().enumerate().filter(move |(_, definition)| is_log(definition))
}

/// A log in one instance of its pipeline.
struct Log {
    /// `pipeline.p.log`
    path: &'static str,
    config: DiskWalConfig,
}

impl Log {
    fn directory(&self) -> &str {
        &self.config.directory
    }

    fn instance(&self) -> &str {
        &self.config.instance
    }

    /// Whose it must be.
    fn identity(&self) -> Identity {
        let DiskWalConfig { pipeline, operator, instance, .. } = &self.config;
        let (pipeline, operator) = ((*pipeline).to_owned(), (*operator).to_owned());
        Identity { pipeline, operator, instance: instance.clone() }
    }

    /// Why the flow would not open what is there.
    fn refusal<P>(&self, found: &Recovered<P>) -> Option<Refusal> {
        if let Some(version) = found.newer {
            return Some(Refusal::Newer { version });
        }
        let (own, headers) = (self.identity(), found.segments.values().filter_map(|it| it.header.as_ref()));
        let foreign = headers.map(|header| &header.identity).find(|identity| **identity != own);
        if let Some(identity) = foreign {
            return Some(Refusal::Foreign(identity.clone()));
        }
        let newest = found.segments.keys().chain(&found.broken).max().copied().unwrap_or(0);
        (!can_count_on(newest + 1, found.next)).then_some(Refusal::Numbers)
    }
}

/// The logs that are asked about, in every instance, in the order of the flow.
fn asked(program: &Program, settings: &Settings, only: Option<usize>) -> Vec<Log> {
    let mut asked = Vec::new();
    for (at, definition) in logs(program).filter(|(at, _)| only.is_none_or(|only| only == *at)) {
        for instance in program.picture.instances {
            let config = DiskWalConfig::new(&settings.of(at), instance.instance);
            let is_in =
                matches!(instance.kind, InstanceKind::Pipeline(_)) && instance.name == config.pipeline;
            asked.extend(is_in.then_some(Log { path: definition.path, config }));
        }
    }
    asked
}

/// The sources of a flow, by which logs name them.
struct Sources<'a>(&'a Program);

impl Sources<'_> {
    /// `onramp/m/01`, or the number in the files where it is not of this flow.
    fn name(&self, source: u32) -> serde_json::Value {
        let is_onramp = |kind| matches!(kind, InstanceKind::Onramp { .. });
        let mut onramps = self.0.picture.instances.iter().filter(|instance| is_onramp(instance.kind));
        let named = onramps.find(|onramp| Origin::source(&onramp.definition(), onramp.instance) == source);
        named.map_or_else(|| source.into(), |onramp| onramp.path().into())
    }
}

/// Answers on stdout. Gives the exit code: 1 if something is wrong with a log, cannot be read, or the answer cannot be written.
pub(super) fn answer(program: &Program, settings: &Settings, question: Question) -> ExitCode {
    let logs = asked(program, settings, question.only);
    let (mut out, mut problems) = (BufWriter::new(io::stdout().lock()), io::stderr());
    let all_well = match question.what {
        What::Check => check::write(&logs, &mut out),
        What::Dump => dump::write(&logs, &Sources(program), &mut out, &mut problems),
        What::Stats(format) => stats::write(program, &logs, format, &mut out, &mut problems),
    };
    match all_well.and_then(|all_well| out.flush().map(|()| all_well)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => tell::told(Err(error)),
    }
}

/// A remark that is no part of the answer. Nobody may be left to read it.
fn remark(problems: &mut impl Write, log: &Log, text: &str) {
    let _ = writeln!(problems, "{} (instance {}): {text}", log.path, log.instance());
}
