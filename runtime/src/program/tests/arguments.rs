//! What command lines mean, and what is said about wrong ones.

use std::ffi::OsString;
use std::time::Duration;

use tracing::level_filters::LevelFilter;

use super::*;
use crate::program::arguments::{Arguments, CheckFormat, Command, GraphFormat, parse};
use crate::program::{SummaryFormat, Usage, tell};

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

#[cfg(feature = "prometheus")]
#[test]
fn metrics_are_told_at_an_address() {
    let at = |address: &str| Arguments { metrics: address.parse().ok(), ..Arguments::default() };
    check("--metrics 127.0.0.1:9000", at("127.0.0.1:9000"));
    check("--metrics=[::1]:0", at("[::1]:0"));
    for wrong in ["9000", "localhost:9000", "127.0.0.1", "127.0.0.1:99999", ":9000"] {
        let line = format!("--metrics {wrong}");
        check_wrong(&line, &["'--metrics <ADDRESS>'", wrong, "127.0.0.1:9000, [::1]:9000"]);
    }
    check_wrong("--metrics 127.0.0.1:1 --metrics 127.0.0.1:2", &["--metrics"]);
    check_wrong("--metrics 127.0.0.1:1 check", &["`--metrics` has no use with `check`"]);
    check_wrong("--metric 127.0.0.1:1", &["did you mean `--metrics`?"]);
    assert!(read("--help").expect_err("a question").to_string().contains("--metrics"));
}

#[cfg(not(feature = "prometheus"))]
#[test]
fn metrics_are_refused_where_they_are_not_built_in() {
    let feature =
        "this program was built without metrics; help: build it with the feature `prometheus` of foreshock";
    check_wrong("--metrics 127.0.0.1:9000", &["'--metrics <ADDRESS>'", feature]);
    let help = read("--help").expect_err("a question").to_string();
    let line = help.lines().find(|line| line.contains("--metrics <ADDRESS>")).expect("it is told of");
    assert!(
        line.ends_with("Not in this program: build it with the feature `prometheus` of foreshock"),
        "{line}"
    );
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
    check_wrong("--sett x=1", &["`--sett`", "did you mean `--set`? Legal options: `--set`, `--for`"]);
    check_wrong("--interval=5", &["no option `--interval`; legal options: `--set`, `--for`"]);
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
    check_wrong("graph --set onramp.metronome.interval=1", &["no option `--set` behind `graph`; legal"]);
    check_wrong("check --fromat json", &["`--fromat` behind `check`; did you mean `--format`?"]);
    check_wrong("--set onramp.metronome.interval=1 graph", &["`--set`", "`graph`, which runs nothing"]);
    check_wrong("--for 1s --summary json check", &["`--for`, `--summary` have no use with `check`"]);
    check_wrong("check --for 1s", &["--for"]);
    check_wrong("check graph", &["graph"]);
    check_wrong("check --set onramp.metronome.intervall=1", &["intervall", "`interval`"]);
    check_wrong("--set flow.x=1 check --set flow.y=1", &["flow.x", "flow.y"]);
    check_wrong("--set interval", &["PATH=VALUE", "`interval`"]);
    check_wrong("--set offramp.ws0.bearer:s3cr3t", &["PATH=VALUE", "not `offramp.ws0.bearer`"]);
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

/// What is said when a program is called so, whatever it is.
fn said(program: &'static Program, line: &str) -> String {
    let mut builder = Builder::new(program);
    match builder.arguments(words(line)) {
        Ok(builder) => format!("{builder:?}"),
        Err(usage) => format!("{usage} {usage:?}"),
    }
}

#[test]
fn a_secret_is_in_nothing_that_is_said() {
    for line in [
        "--help",
        "",
        "--set offramp.a.bearer=s3cr3t",
        "--set offramp.a.bearer=s3cr3t --help",
        "--set offramp.a.bearer=s3cr3t\u{e9}",
        "--set offramp.a.basic=s3cr3t",
        "--set offramp.b.basic=user:s3cr3t --set offramp.b.bearer=s3cr3t",
        "--set offramp.b.headers=s3cr3t",
        r#"--set offramp.b.headers={"X":"s3cr3t\n"}"#,
        r#"--set offramp.b.headers={"Authorization":"s3cr3t"}"#,
        "--set offramp.b.url=ws://user:s3cr3t@h",
        "--set offramp.b.url=ws://user:s3/cr3t@h",
        "--set offramp.b.url=user:s3cr3t@h",
        "--set offramp.b.url=ws://h/?token=s3cr3t",
        "--set offramp.b.url=wss://h/?token=s3cr3t --help",
        "--set offramp.b.url=http://h/?token=s3cr3t",
        "--set offramp.b.url=ws://h/?token=s3cr3t#x",
        "--set offramp.b.urk=ws://h/?token=s3cr3t",
        "--set offramp.b.url=http://user:s3cr3t@h",
        "--set offramp.b.url=ws://user:s3cr3t@",
        "--set offramp.b.url=ws://user:s3cr3t@h:x",
        "--set offramp.b.bearr=s3cr3t",
        "--set bearer=s3cr3t",
    ] {
        let said = said(&SECRETS, line);
        assert!(!said.contains("s3cr3t"), "{line}: {said}");
        assert!(said.contains("offramp.") || said.contains("`bearer`"), "{line}: {said}");
    }
    for line in [
        "check",
        "check --format json",
        "check --set offramp.a.bearer=s3cr3t",
        "check --set offramp.b.url=ws://h/?token=s3cr3t",
        "check --format json --set offramp.b.url=ws://h/?token=s3cr3t",
        "graph",
    ] {
        let mut flow = Builder::new(&SECRETS);
        flow.arguments(words(line)).expect("a right line");
        let command = flow.what_arguments_say().command;
        let answer = tell::answer(&SECRETS, flow.settings(), command).expect("a question");
        assert!(!answer.contains("s3cr3t"), "{line}: {answer}");
    }
    let help = said(&SECRETS, "--help");
    for part in
        ["offramp.a.url = env(\"URL\")", "offramp.a, offramp.b: each has these", "offramp.b.basic = (secret)"]
    {
        assert!(help.contains(part), "no `{part}` in {help}");
    }
}

#[test]
fn what_several_definitions_of_a_row_have_is_told_once() {
    let help = Builder::new(&SECRETS).arguments(words("--help")).expect_err("a question").to_string();
    for (doc, times) in [("the server to connect to", 1), ("how long connecting may take", 1)] {
        assert_eq!(help.matches(doc).count(), times, "{doc}: {help}");
    }
    for part in [
        "\n  offramp.a, offramp.b: each has these, the first is set by `--set offramp.a.url=…`\n",
        "\n      url\n          the server to connect to\n          offramp.a.url = env(\"URL\")\n          offramp.b.url = \"wss://b/\"\n",
        "\n      connect_timeout = 5000 ms\n",
        "\n  flow.drain_timeout = 10000 ms\n",
    ] {
        assert!(help.contains(part), "no `{part}` in {help}");
    }
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
