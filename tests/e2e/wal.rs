//! The subcommand `wal`: what it tells of logs that are whole, in use, damaged, somebody else's, or not there.

use std::fs;
use std::path::{Path, PathBuf};

use foreshock_tests::harness::{Directory, Flow, Outcome, Program, Server};
use serde_json::{Value, json};

use crate::persistent::{dir, program, start};
use crate::{Stage, await_line, flow_program};

const LOG: &str = "pipeline.roundrobin.on_disk_wal";

/// Asks, and waits for the answer.
fn ask(program: &Program, arguments: &[&str]) -> Outcome {
    let outputs = Directory::new("wal");
    Flow::start(program, &outputs, arguments).wait()
}

#[track_caller]
fn check(program: &Program, arguments: &[&str], code: i32, stdout: &[&str], stderr: &[&str]) {
    let outcome = ask(program, arguments);
    assert_eq!(outcome.code, code, "{arguments:?}: {outcome:?}");
    assert_eq!(outcome.stdout.is_empty(), stdout.is_empty(), "{arguments:?}: {outcome:?}");
    assert_eq!(outcome.stderr.is_empty(), stderr.is_empty(), "{arguments:?}: {outcome:?}");
    for part in stdout {
        assert!(outcome.stdout.contains(part), "{arguments:?}: no `{part}` in {}", outcome.stdout);
    }
    for part in stderr {
        assert!(outcome.stderr.contains(part), "{arguments:?}: no `{part}` in {}", outcome.stderr);
    }
}

/// A log with 50 events that no server took.
fn filled(test: &str) -> (Stage, String) {
    let mut stage = Stage::new(test);
    stage.servers.iter_mut().for_each(Server::kill);
    let flow =
        start(&stage, &["--set", &format!("{LOG}.max_elements=50"), "--set", "flow.drain_timeout=100"]);
    await_line(&flow, &["onramp.metronome", "triggered"]);
    flow.drain().assert_code(0);
    let dir = dir(&stage.directory);
    (stage, dir)
}

/// The longest file of records: the one with the events.
fn records(stage: &Stage) -> PathBuf {
    let files = fs::read_dir(stage.directory.file("wal/01")).expect("it is there");
    let files = files.map(|file| file.expect("it can be read").path());
    let files = files.filter(|file| file.extension().is_some_and(|kind| kind == "wal"));
    files.max_by_key(|file| length(file)).expect("there is one")
}

fn length(file: &Path) -> u64 {
    fs::metadata(file).expect("it is there").len()
}

#[test]
fn a_log_that_nobody_took_from_is_whole_and_tells_its_events() {
    let (_stage, dir) = filled("wal-whole");
    let whole = format!("{LOG}, instance 01, ");
    check(
        &program(),
        &["wal", "check", "--set", &dir],
        0,
        &[&whole, ": whole; ", "50 events to deliver"],
        &[],
    );
    let numbers =
        ["to deliver    50 events", "last id       49 of onramp/metronome/01", "of at most 10485760, in "];
    check(&program(), &["wal", "stats", "--set", &dir], 0, &numbers, &[]);
    // As everywhere, settings may be given in front of the subcommand; and a log may be named.
    check(&program(), &["--set", &dir, "wal", "stats", LOG], 0, &numbers, &[]);
    let dump = ask(&program(), &["wal", "dump", "--set", &dir]);
    dump.assert_code(0);
    let events: Vec<Value> =
        dump.stdout.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
    assert_eq!(events.len(), 50);
    for (id, event) in events.iter().enumerate() {
        assert_eq!((&event["log"], &event["instance"]), (&json!(LOG), &json!("01")), "{event}");
        assert_eq!((&event["seq"], &event["event"]["id"]), (&json!(id + 1), &json!(id)), "{event}");
        assert_eq!(event["origin"], json!({ "source": "onramp/metronome/01", "id": id }), "{event}");
        assert!(
            event["event"]["hostname"].is_string() && event["ingest_ns"].as_u64() > Some(1 << 60),
            "{event}"
        );
    }
}

#[test]
fn a_flow_that_runs_may_be_looked_at() {
    let mut stage = Stage::new("wal-running");
    // Segments of 2 KiB: many come and go while they are looked at.
    let flow = start(&stage, &["--set", &format!("{LOG}.max_bytes=16384")]);
    let dir = dir(&stage.directory);
    for events in (1..=10).map(|round| 100 * round) {
        stage.await_events(0..3, events);
        check(&program(), &["wal", "check", "--set", &dir], 0, &[": whole; "], &[]);
        let stats = ask(&program(), &["wal", "stats", "--format", "json", "--set", &dir]);
        stats.assert_code(0);
        let stats: Value = serde_json::from_str(&stats.stdout).expect("it is one line of JSON");
        assert_eq!(
            (&stats["flow"], &stats["logs"][0]["exists"]),
            (&json!("Persistent"), &json!(true)),
            "{stats}"
        );
        assert!(stats["logs"][0]["stored"].as_u64() >= Some(events), "{stats}");
        ask(&program(), &["wal", "dump", "--set", &dir]).assert_code(0);
    }
    flow.drain().assert_code(0);
    stage.tally().assert_no_gap();
}

#[test]
fn what_is_broken_is_told_with_its_place_and_what_is_torn_is_no_fault() {
    let (stage, dir) = filled("wal-broken");
    let file = records(&stage);
    let name = file.file_name().expect("it has one").to_str().expect("it is text").to_owned();
    let whole = fs::read(&file).expect("it can be read");

    fs::write(&file, &whole[..whole.len() - 5]).expect("it can be written");
    let torn = format!("note: {name}, at ");
    check(
        &program(),
        &["wal", "check", "--set", &dir],
        0,
        &[": whole; ", "49 events", &torn, "are torn"],
        &[],
    );

    let mut broken = whole.clone();
    let at = whole.windows(8).position(|bytes| bytes == b"\"id\":25,").expect("the event is there");
    broken[at] ^= 1;
    fs::write(&file, &broken).expect("it can be written");
    let aside = name.replace(".wal", ".broken");
    let fault = format!("fault: {name}, at ");
    let told = [
        "1 fault; ",
        "49 events",
        &fault,
        "bytes are broken; at most 1 event lost with them (missing in the log: 26); they are skipped",
        &aside,
    ];
    check(&program(), &["wal", "check", "--set", &dir], 1, &told, &[]);
    check(
        &program(),
        &["wal", "stats", "--set", &dir],
        0,
        &["broken        in 1 place, at most 1 event lost\n", "49 events"],
        &[],
    );
    check(
        &program(),
        &["wal", "dump", "--set", &dir],
        0,
        &["\"id\":24,", "\"id\":26,"],
        &["`wal check` tells what"],
    );
    assert_eq!(fs::read(&file).expect("it can be read"), broken, "nothing was changed");

    fs::remove_file(&file).and_then(|()| fs::create_dir(&file)).expect("it is the test's own");
    let odd = "x\n  fault: \u{1b}[2J";
    fs::write(file.with_file_name(odd), "").expect("it is the test's own");
    let stranger = format!("note: {name} is no file of a log, and is left alone");
    let odd = r"note: x\n  fault: \u{1b}[2J is no file of a log";
    check(&program(), &["wal", "check", "--set", &dir], 0, &[": whole; ", &stranger, odd], &[]);

    let directory = stage.directory.file("wal/01");
    fs::remove_dir_all(&directory).and_then(|()| fs::write(&directory, "")).expect("it is the test's own");
    let told = ["1 fault; not read", "Not a directory"];
    check(&program(), &["wal", "check", "--set", &dir], 1, &told, &[]);
    check(
        &program(),
        &["wal", "stats", "--set", &dir, "--format", "json"],
        1,
        &["\"logs\":[]"],
        &["Not a directory"],
    );
}

#[test]
fn an_event_in_a_broken_record_counts_as_lost_and_the_run_is_not_clean() {
    let (mut stage, dir) = filled("wal-lost");
    let file = records(&stage);
    let name = file.file_name().expect("it has one").to_str().expect("it is text").to_owned();
    let mut bytes = fs::read(&file).expect("it can be read");
    let at = bytes.windows(8).position(|bytes| bytes == b"\"id\":25,").expect("the event is there");
    bytes[at] ^= 1;
    fs::write(&file, &bytes).expect("it can be written");
    stage.servers.iter_mut().for_each(Server::start);
    let flow = start(&stage, &[]);
    stage.await_events(0..3, 200);
    let outcome = flow.drain();
    outcome.assert_code(1);
    let told = ["ERROR", LOG, &name, "events_at_most=1", "missing=\"26\"", "events are lost"];
    let is_told = |line: &str| told.iter().all(|part| line.contains(part));
    assert!(outcome.stderr.lines().any(is_told), "{}", outcome.stderr);
    let summary = outcome.summary();
    let totals = ["undelivered", "lost", "kept", "broken_events"].map(|name| summary.total(name));
    assert_eq!(totals, [0, 0, 0, 1], "{summary:?}");
    let log = ["recovered", "broken", "broken_events"].map(|name| summary.count(LOG, name));
    assert_eq!(log, [49, 1, 1], "{summary:?}");
    assert!(summary.count(LOG, "broken_bytes") > 50, "{summary:?}");
    assert_eq!(stage.tally().missing(50), [25], "nobody got it");
    let aside = format!("note: {}, ", name.replace(".wal", ".broken"));
    let told = [": whole; ", &aside, "what was broken was not delivered from it, and all else is confirmed"];
    check(&program(), &["wal", "check", "--set", &dir], 0, &told, &[]);
    // What is kept aside was told: the next run is a clean one.
    let flow = start(&stage, &[]);
    stage.await_events(0..3, 300);
    flow.drain().assert_code(0);
}

#[test]
fn logs_are_told_apart_and_one_that_is_not_the_flows_is_a_fault() {
    let twofold = Program::called(env!("CARGO_BIN_EXE_flow"), "twofold");
    let directory = Directory::new("wal-twofold");
    let set = |log: &str, dir: &str| format!("pipeline.{log}.log.dir={}", directory.file(dir).display());
    let (first, second) = (set("first", "a"), set("second", "b"));
    let sets = ["--set", &first, "--set", &second];
    let ask_both = |more: &[&'static str]| ask(&twofold, &[&["wal"], more, &sets].concat());
    let outcome = ask_both(&["check"]);
    outcome.assert_code(0);
    assert_eq!(outcome.stdout.matches("whole; nothing there yet").count(), 2, "{outcome:?}");
    assert!(!directory.file("a").exists(), "nothing is made");

    let run = [&sets[..], &["--set", "onramp.metronome.interval=10", "--for", "300ms"]].concat();
    Flow::start(&twofold, &directory, &run).wait().assert_code(0);
    let outcome = ask_both(&["stats"]);
    assert!(
        outcome.stdout.contains("pipeline.first.log, ") && outcome.stdout.contains("pipeline.second.log, ")
    );
    let outcome = ask_both(&["stats", "pipeline.second.log"]);
    outcome.assert_code(0);
    assert!(!outcome.stdout.contains("pipeline.first.log"), "{outcome:?}");

    let foreign = ["wal", "check", "pipeline.first.log", "--set", &set("first", "b")];
    let told =
        ["1 fault; ", "fault: it belongs to `pipeline.second.log`, instance `01`; the flow does not start"];
    check(&twofold, &foreign, 1, &told, &[]);
}

#[test]
fn only_programs_with_logs_on_disk_have_it_and_wrong_usage_is_told() {
    let none = "there is no subcommand `wal`; it is for logs on disk: a `qos::wal` with `dir`, and this flow has none";
    check(&flow_program(), &["wal", "stats"], 2, &[], &[none]);
    check(&program(), &["--help"], 0, &["wal    Look at the logs on disk"], &[]);
    check(&program(), &["wal", "--help"], 0, &["check ", "dump ", "stats "], &[]);
    check(&program(), &["wal"], 2, &[], &["subcommand"]);
    check(&program(), &["wall"], 2, &[], &["did you mean `wal`?"]);
    check(
        &program(),
        &["wal", "stat"],
        2,
        &[],
        &["no subcommand `stat` behind `wal`", "did you mean `stats`?"],
    );
    check(&program(), &["wal", "stats", "pipeline.p.log"], 2, &[], &["pipeline.p.log", LOG]);
    check(
        &program(),
        &["wal", "stats", "--sett", "x=1"],
        2,
        &[],
        &["behind `wal stats`", "did you mean `--set`?"],
    );
    check(&program(), &["wal", "check", "--set", &format!("{LOG}.dirr=x")], 2, &[], &["`dir`"]);
    check(&program(), &["--for", "1s", "wal", "check"], 2, &[], &["`--for` has no use with `wal`"]);
}
