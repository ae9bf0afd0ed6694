//! What command lines mean, and what is said about wrong ones.

use std::ffi::OsString;
use std::time::Duration;

use tracing::level_filters::LevelFilter;

use super::*;
use crate::program::arguments::{Arguments, CheckFormat, Command, GraphFormat, parse};
use crate::program::{SummaryFormat, Usage};

fn words(line: &str) -> Vec<OsString> {
    ["demo"].into_iter().chain(line.split_whitespace()).map(OsString::from).collect()
}

fn read(line: &str) -> Result<(Arguments, Settings), Usage> {
    let mut settings = Settings::new(DEFINITIONS);
    parse(&ONE_CLEAN, &mut settings, words(line)).map(|arguments| (arguments, settings))
}

fn check(line: &str, expected: Arguments) {
    let (arguments, _) = read(line).unwrap_or_else(|usage| panic!("{line}: {usage}"));
    assert_eq!(arguments, expected, "{line}");
}

#[test]
fn arguments_are_read() {
    let default = Arguments::default();
    let run_for = |ms| Arguments { run_for: Some(Duration::from_millis(ms)), ..default.clone() };
    check("", default.clone());
    check("--for 500ms", run_for(500));
    check("--for=10s", run_for(10_000));
    check("--for 2m", run_for(120_000));
    check("--for 1h", run_for(3_600_000));
    check("--for 0s", run_for(0));
    check("--log debug", Arguments { log: LevelFilter::DEBUG, ..default.clone() });
    check("--log off", Arguments { log: LevelFilter::OFF, ..default.clone() });
    check("--summary json", Arguments { summary: Some(SummaryFormat::Json), ..default.clone() });
    let text = Some(SummaryFormat::Text);
    check("--summary text --for 1s", Arguments { summary: text, ..run_for(1000) });
    check("--set onramp.metronome.interval=10 --for 1s", run_for(1000));
}

#[test]
fn subcommands_are_read() {
    let asks = |command| Arguments { command, ..Arguments::default() };
    check("check", asks(Command::Check(CheckFormat::Text)));
    check("check --format json", asks(Command::Check(CheckFormat::Json)));
    check("--set onramp.metronome.interval=10 check --format=text", asks(Command::Check(CheckFormat::Text)));
    check("graph", asks(Command::Graph(GraphFormat::Mermaid)));
    check("graph --format dot", asks(Command::Graph(GraphFormat::Dot)));
}

fn check_set(line: &str, path: &str, expected: &str) {
    let (_, settings) = read(line).unwrap_or_else(|usage| panic!("{line}: {usage}"));
    assert_eq!(settings.get(path).expect("it is a setting").to_string(), expected, "{line}");
}

#[test]
fn settings_are_overridden_and_the_last_one_counts() {
    check_set("", "onramp.metronome.interval", "1000");
    check_set("--set onramp.metronome.interval=10", "onramp.metronome.interval", "10");
    check_set("--set flow.drain_timeout=1 --set flow.drain_timeout=2", "flow.drain_timeout", "2");
    check_set("--set offramp.ws0.url=ws://host:9/?a=b", "offramp.ws0.url", "\"ws://host:9/?a=b\"");
}

fn check_wrong(line: &str, expected: &[&str]) {
    let usage = read(line).err().unwrap_or_else(|| panic!("{line}: accepted"));
    assert!(usage.is_error(), "{line}");
    let text = usage.to_string();
    for part in expected {
        assert!(text.contains(part), "{line}: no `{part}` in\n{text}");
    }
}

#[test]
fn wrong_command_lines_are_refused_with_what_is_legal() {
    check_wrong("--sett x=1", &["--sett", "--set"]);
    check_wrong("stray", &["stray"]);
    check_wrong("--for 10", &["--for", "500ms, 10s, 2m, 1h"]);
    check_wrong("--for s", &["number of milliseconds"]);
    check_wrong("--for 1.5s", &["500ms, 10s, 2m, 1h"]);
    check_wrong("--for 99999999999999999999s", &["number of milliseconds"]);
    check_wrong("--for 9999999999999999999s", &["number of milliseconds"]);
    check_wrong("--for=-1s", &["--for"]);
    check_wrong("--for", &["--for"]);
    check_wrong("--log loud", &["loud", "error", "trace"]);
    check_wrong("--summary xml", &["xml", "text", "json"]);
    check_wrong("--for 1s --for 2s", &["--for"]);
    check_wrong("chek", &["`chek`", "did you mean `check`?", "`check`, `graph`"]);
    check_wrong("help", &["`help`", "`check`, `graph`"]);
    check_wrong("check --format xml", &["xml", "text", "json"]);
    check_wrong("graph --format json", &["json", "mermaid", "dot"]);
    check_wrong("graph --set onramp.metronome.interval=1", &["--set"]);
    check_wrong("--set onramp.metronome.interval=1 graph", &["`--set`", "`graph`, which runs nothing"]);
    check_wrong("--for 1s --summary json check", &["`--for`, `--summary` have no use with `check`"]);
    check_wrong("check --for 1s", &["--for"]);
    check_wrong("check graph", &["graph"]);
    check_wrong("check --set onramp.metronome.intervall=1", &["intervall", "`interval`"]);
    check_wrong("--set flow.x=1 check --set flow.y=1", &["flow.x", "flow.y"]);
    check_wrong("--set interval", &["PATH=VALUE", "`interval`"]);
    check_wrong("--set onramp.metronom.interval=1", &["onramp.metronom", "onramp.metronome"]);
    check_wrong("--set onramp.metronome.intervall=1", &["intervall", "`interval`"]);
    check_wrong("--set onramp.metronome.interval=0", &["interval", "0"]);
    check_wrong("--set onramp.metronome.interval=soon", &["interval", "soon"]);
    // All of them at once, in the settings' own words.
    let mut settings = Settings::new(DEFINITIONS);
    let first = settings.set_text("flow.x", "1").expect_err("no such setting").to_string();
    let second = settings.set_text("offramp.ws9.url", "1").expect_err("no such offramp").to_string();
    check_wrong("--set flow.x=1 --set offramp.ws9.url=1", &[&first, &second]);
}

#[test]
fn a_wrong_command_line_changes_nothing() {
    let mut builder = Builder::new(&ONE_CLEAN);
    builder.arguments(words("--set onramp.metronome.interval=5 --set x=1")).expect_err("there is no x");
    assert_eq!(builder.setting("onramp.metronome.interval").expect("a setting").to_string(), "1000");
    builder.arguments(words("--set onramp.metronome.interval=5")).expect("it is legal");
    assert_eq!(builder.setting("onramp.metronome.interval").expect("a setting").to_string(), "5");
}

#[test]
fn help_and_version_tell_the_flow_and_every_setting() {
    let version = read("--version").expect_err("a question");
    assert!(!version.is_error());
    assert_eq!(version.to_string(), "Demo 1.2.3\n");
    let help = read("--help").expect_err("a question");
    assert!(!help.is_error());
    let help = help.to_string();
    let mut expected = vec![
        "A flow of scripted machines.".to_owned(),
        "onramp.metronome.interval = 1000 ms".to_owned(),
        "offramp.ws0.url = \"ws://localhost:8080/\"".to_owned(),
        "flow.drain_timeout = 10000 ms".to_owned(),
        "check  Tell the settings in force".to_owned(),
        "graph  Draw the flow".to_owned(),
    ];
    for (path, key, _) in Settings::new(DEFINITIONS).tunable() {
        expected.extend([path, key.doc.to_owned()]);
    }
    for part in expected {
        assert!(help.contains(&part), "no `{part}` in\n{help}");
    }
}
