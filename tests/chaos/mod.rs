//! Chaos: servers are killed, frozen, and made to cut off their connections, at random, seeded moments, while a flow makes
//! thousands of events per second; where its log is on disk, the flow is killed too. In the end every event is accounted
//! for. The seed fixes who is struck, how and for how long, not how the processes are scheduled: the same seed makes the
//! same trouble, not the same run.

mod draw;
mod field;
pub mod flows;
mod ledger;
mod options;
mod recovery;
mod report;

use std::time::Instant;

pub use options::{Kind, Options};
pub use report::Report;

use crate::harness::{Directory, Outcome, Program};
use draw::Dice;
use field::Field;
use flows::{LOG, SOURCES};
use recovery::Times;

/// The programs that run.
#[derive(Clone, Debug)]
pub struct Cast {
    /// The recording receiver.
    pub recorder: Program,
    /// The flow of the options.
    pub flow: Program,
}

/// Runs it. If the report is not good, what was recorded is kept, and the report says where.
///
/// # Panics
/// If a process does not start, or what must happen does not happen for a minute: the seed has been printed by then.
pub fn run(options: &Options, cast: &Cast) -> Report {
    let mut directory = Directory::new("chaos");
    let report = run_in(options, cast, &directory);
    if !report.is_good() {
        directory.keep();
    }
    report
}

fn run_in(options: &Options, cast: &Cast, directory: &Directory) -> Report {
    let mut field = Field::new(options, cast, directory);
    let begin = Instant::now();
    fight(&mut field, options);
    field.settle();
    let took = begin.elapsed();
    let outcome = field.drain();
    let mut problems = std::mem::take(&mut field.complaints);
    let made = match options.flow {
        Kind::Transient => taken(&outcome),
        Kind::Persistent => stored(&field, &mut problems),
    };
    let (servers, flow) = field.watches();
    Report {
        options: options.clone(),
        strikes: field.strikes,
        verdict: field.ledger.verdict(&made),
        took,
        servers: Times::of(servers),
        flow: Times::of([flow]),
        resident: field.resident,
        looks: (field.looks, field.ledger.promises()),
        code: outcome.code,
        problems,
    }
}

/// Strikes until there were so many kills, and everybody is back.
fn fight(field: &mut Field<'_>, options: &Options) {
    let mut dice = Dice::new(options.seed, options.flow, 3);
    let mut next = Instant::now();
    while field.strikes.kills() < options.kills || !field.is_well() {
        field.wait();
        if Instant::now() >= next && field.strikes.kills() < options.kills {
            let strike = dice.roll();
            field.strike(&strike);
            next = Instant::now() + strike.pause;
        }
    }
}

/// How many events each metronome has made in this one run.
fn taken(outcome: &Outcome) -> [u64; SOURCES] {
    let summary = outcome.summary();
    std::array::from_fn(|source| summary.count_of(&source.to_string(), "onramp.metronome", "taken"))
}

/// How many events of each metronome the log on disk has ever stored; after a drain nothing is left in it.
fn stored(field: &Field<'_>, problems: &mut Vec<String>) -> [u64; SOURCES] {
    let outcome = field.ask_log(&["stats", "--format", "json"]);
    let stats: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap_or_default();
    let log = &stats["logs"][0];
    for (number, wanted) in [("live", 0), ("broken", 0)] {
        if log[number] != wanted {
            problems
                .push(format!("{LOG}: {number} is {}: {} {}", log[number], outcome.stdout, outcome.stderr));
        }
    }
    let sources = log["sources"].as_array().map(Vec::as_slice).unwrap_or_default();
    std::array::from_fn(|source| {
        let name = format!("onramp/metronome/{source}");
        let mark = sources.iter().find(|mark| mark["source"] == name);
        mark.and_then(|mark| mark["id"].as_u64()).map_or(0, |last| last + 1)
    })
}
