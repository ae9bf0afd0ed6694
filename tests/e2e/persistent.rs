//! The founding flow with its log on disk: killed and started again, alone and not alone on its directory, with servers down, and
//! with a disk that takes nothing more. What the disk loses when the power fails is simulated (`tests/simulated/disk.rs`).

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use foreshock_tests::harness::{Directory, Flow, Outcome, Program, Server, last_lines, quick, until};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::{Stage, await_line};

const LOG: &str = "pipeline.roundrobin.on_disk_wal";

/// The flow's program.
pub(crate) fn program() -> Program {
    Program::called(env!("CARGO_BIN_EXE_flow"), "persistent")
}

/// The setting that says where the log of a test is.
pub(crate) fn dir(directory: &Directory) -> String {
    format!("{LOG}.dir={}", directory.file("wal").display())
}

/// The flow's arguments, pointed at the servers and the stage's directory.
fn arguments(stage: &Stage, summary: &str, more: &[&str]) -> Vec<String> {
    let mut arguments = quick(&stage.servers, 2);
    let own = ["--set", &dir(&stage.directory), "--log", "info", "--summary", summary].map(str::to_owned);
    arguments.extend(own.into_iter().chain(more.iter().map(|&more| more.to_owned())));
    arguments
}

pub(crate) fn start(stage: &Stage, more: &[&str]) -> Flow {
    Flow::start(&program(), &stage.directory, &arguments(stage, "json", more))
}

/// What `wal stats` says of the stage's log.
fn stats(stage: &Stage) -> serde_json::Value {
    let outputs = Directory::new("stats");
    let arguments = ["wal", "stats", "--format", "json", "--set", &dir(&stage.directory)];
    let outcome = Flow::start(&program(), &outputs, &arguments).wait();
    outcome.assert_code(0);
    let stats: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("it is a line of JSON");
    stats["logs"][0].clone()
}

/// Nothing is left in the log, and what was stored last arrived last.
#[track_caller]
fn assert_all_arrived(stage: &mut Stage) {
    let (tally, stats) = (stage.tally(), stats(stage));
    assert_eq!((&stats["live"], &stats["broken"]), (&0.into(), &0.into()), "{stats}");
    let source = serde_json::json!([{ "source": "onramp/metronome/01", "id": tally.end() - 1 }]);
    assert_eq!(stats["sources"], source, "{stats}");
    tally.assert_no_gap();
}

#[track_caller]
fn assert_clean(outcome: &Outcome) {
    outcome.assert_code(0);
    let summary = outcome.summary();
    for total in ["lost", "undelivered", "kept"] {
        assert_eq!(summary.total(total), 0, "{total}: {summary:?}");
    }
}

/// Starts the flow so often, and kills it each time in the middle of its work, at a moment that the seed says.
fn kill_again_and_again(stage: &mut Stage, seed: u64, kills: usize) -> BTreeSet<u64> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut may_repeat = BTreeSet::new();
    for _ in 0..kills {
        let mut flow = start(stage, &[]);
        let arrived = stage.tally().len();
        stage.await_events(0..3, arrived + random.random_range(1..600));
        flow.process().kill();
        // That an event was confirmed is written with the next ones: they come every 2 ms, and a sync takes some more.
        let end = stage.tally().end();
        may_repeat.extend(end.saturating_sub(100)..end + 100);
    }
    may_repeat
}

#[test]
fn killed_again_and_again_the_flow_goes_on_without_a_gap() {
    let mut stage = Stage::new("killed");
    let may_repeat = kill_again_and_again(&mut stage, 1, 8);
    let flow = start(&stage, &[]);
    let arrived = stage.tally().len();
    stage.await_events(0..3, arrived + 300);
    assert_clean(&flow.drain());
    assert_all_arrived(&mut stage);
    stage.tally().assert_repeats_only_of(&may_repeat);
    let (repeats, arrived) = (stage.tally().repeats(), stage.tally().len());
    assert!(repeats < 8 * 32, "{repeats} repeats of {arrived}");
}

#[test]
fn killed_with_servers_that_die_too_it_loses_nothing() {
    let mut stage = Stage::new("both-killed");
    for dying in 0..3 {
        kill_again_and_again(&mut stage, dying as u64, 1);
        stage.servers[dying].kill();
        kill_again_and_again(&mut stage, dying as u64 + 3, 1);
        stage.servers[dying].start();
    }
    let flow = start(&stage, &[]);
    let arrived = stage.tally().len();
    stage.await_events(0..3, arrived + 300);
    assert_clean(&flow.drain());
    assert_all_arrived(&mut stage);
}

#[test]
fn an_orderly_end_repeats_nothing() {
    let mut stage = Stage::new("orderly");
    for _ in 0..3 {
        let flow = start(&stage, &[]);
        let arrived = stage.tally().len();
        stage.await_events(0..3, arrived + 100);
        assert_clean(&flow.drain());
    }
    assert_all_arrived(&mut stage);
    assert_eq!(stage.tally().repeats(), 0);
}

#[test]
fn a_second_process_on_the_same_directory_is_refused_and_the_first_goes_on() {
    let mut stage = Stage::new("twice");
    let first = start(&stage, &[]);
    stage.await_events(0..3, 50);
    let outputs = Directory::new("second");
    let second = Flow::start(&program(), &outputs, &arguments(&stage, "json", &[])).wait();
    second.assert_code(1);
    let path = stage.directory.file("wal");
    let told = format!(
        "{LOG}: the directory `{}/01` is in use by another process; help: stop that one, or give each its own `dir`",
        path.display()
    );
    assert!(second.stderr.contains(&told), "no `{told}` in\n{}", second.stderr);
    assert!(second.stdout.contains("is in use by another process"), "{}", second.stdout);
    assert_eq!(second.summary().count("onramp.metronome", "taken"), 0);
    let arrived = stage.tally().len();
    stage.await_events(0..3, arrived + 100);
    assert_clean(&first.drain());
    assert_all_arrived(&mut stage);
    assert_eq!(stage.tally().repeats(), 0);
}

/// Runs with servers that die, until the log is full with so many events; drains.
fn fill(stage: &mut Stage, events: u64) -> Outcome {
    let limit = format!("{LOG}.max_elements={events}");
    let flow = start(stage, &["--set", &limit, "--set", "flow.drain_timeout=300"]);
    stage.await_events(0..3, 100);
    stage.servers.iter_mut().for_each(Server::kill);
    await_line(&flow, &["onramp.metronome", "triggered"]);
    flow.drain()
}

#[test]
fn what_no_server_took_is_kept_on_disk_and_comes_first_in_the_next_run() {
    let mut stage = Stage::new("kept");
    let outcome = fill(&mut stage, 50);
    outcome.assert_code(0);
    let summary = outcome.summary();
    assert_eq!((summary.total("kept"), summary.total("undelivered"), summary.total("lost")), (50, 0, 0));
    assert_eq!(stats(&stage)["live"], 50);
    let briefly = arguments(&stage, "text", &["--set", "flow.drain_timeout=300", "--for", "200ms"]);
    let text = Flow::start(&program(), &stage.directory, &briefly).wait();
    text.assert_code(0);
    assert!(
        text.stdout.contains(" 0 undelivered, ") && text.stdout.contains(" kept on disk, 0 lost"),
        "{}",
        text.stdout
    );
    stage.servers.iter_mut().for_each(Server::start);
    let flow = start(&stage, &[]);
    let arrived = stage.tally().len();
    stage.await_events(0..3, arrived + 200);
    assert_clean(&flow.drain());
    assert_all_arrived(&mut stage);
}

#[test]
fn a_log_above_a_lowered_limit_delivers_and_takes_nothing_new() {
    let mut stage = Stage::new("lowered");
    fill(&mut stage, 100).assert_code(0);
    let lowered = format!("{LOG}.max_elements=10");
    let lowered = ["--set", &lowered, "--set", "flow.drain_timeout=300"];
    let flow = start(&stage, &lowered);
    await_line(&flow, &["onramp.metronome", "triggered"]);
    let outcome = flow.drain();
    outcome.assert_code(0);
    let summary = outcome.summary();
    let log = |count| summary.count(LOG, count);
    assert_eq!((log("recovered"), log("taken"), log("pending"), summary.total("kept")), (100, 0, 100, 100));
    stage.servers.iter_mut().for_each(Server::start);
    let flow = start(&stage, &lowered);
    let arrived = stage.tally().len();
    stage.await_events(0..3, arrived + 200);
    let outcome = flow.drain();
    assert_clean(&outcome);
    assert_eq!(outcome.summary().count(LOG, "recovered"), 100);
    assert_all_arrived(&mut stage);
}

#[test]
fn a_directory_that_cannot_be_made_ends_the_program_with_1_and_words() {
    let stage = Stage::new("no-directory");
    let file = stage.directory.file("file");
    std::fs::write(&file, "no directory").expect("it can be written");
    let setting = format!("{LOG}.dir={}", file.join("wal").display());
    let outcome = start(&stage, &["--set", &setting]).wait();
    outcome.assert_code(1);
    for told in [LOG, "not a directory", "help: `dir` must be a directory that can be read and written"] {
        let line = outcome.stderr.lines().any(|line| line.contains("file/wal/01") && line.contains(told));
        assert!(line, "no `{told}` in\n{}", outcome.stderr);
    }
    let twice = outcome.stderr.lines().find(|line| line.matches("cannot open the directory").count() > 1);
    assert_eq!(twice, None);
    assert_eq!(outcome.summary().count("onramp.metronome", "taken"), 0);
}

/// A system that lets no file grow beyond 20 KiB (or twice that; shells count differently) is a disk that is full: what is to be
/// written is cut off where there is no more room, and fails. The limit is lifted while the flow runs.
#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_takes_nothing_more_is_told_and_the_flow_goes_on_when_it_does() {
    let mut stage = Stage::new("full-disk");
    stage.servers.iter_mut().for_each(Server::kill);
    let limited = limited_program(&stage);
    let flow = &mut Flow::start(&limited, &stage.directory, &arguments(&stage, "json", &[]));
    await_line(flow, &[LOG, "the write-ahead log cannot be written", "File too large"]);
    await_line(flow, &["onramp.metronome", "triggered"]);
    let before = stats(&stage)["live"].as_u64().expect("it is a number");
    assert!((20..1000).contains(&before), "{before} are safe");
    let lift = Command::new("prlimit")
        .arg("--pid")
        .arg(flow.process().id().to_string())
        .arg("--fsize=unlimited")
        .status();
    assert!(lift.expect("util-linux has it").success());
    stage.servers.iter_mut().for_each(Server::start);
    stage.await_events(0..3, before + 500);
    flow.process().signal(foreshock_tests::harness::Signal::SIGTERM);
    assert_eq!(flow.process().exit_code(), 0, "{}", last_lines(&flow.stderr()));
    assert_all_arrived(&mut stage);
    until("a restored breaker in the log", || {
        let stderr = flow.stderr();
        if stderr.contains("restored") { Ok(()) } else { Err(last_lines(&stderr)) }
    });
}

/// A script in front of the flow that sets the limit.
#[cfg(target_os = "linux")]
fn limited_program(stage: &Stage) -> Program {
    use std::os::unix::fs::PermissionsExt;

    let script: PathBuf = stage.directory.file("limited");
    // The signal that comes with it (SIGXFSZ), and would end the program, is the program's own affair.
    let text =
        format!("#!/bin/bash\nulimit -S -f 20\nexec -a persistent {} \"$@\"\n", env!("CARGO_BIN_EXE_flow"));
    std::fs::write(&script, text).expect("it can be written");
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).expect("it is the test's own");
    Program::new(script)
}
