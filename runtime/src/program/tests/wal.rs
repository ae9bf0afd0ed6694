//! The subcommand `wal` on command lines. What it answers is tested in processes, in `tests`.

use foreshock_spec::DIR;

use super::*;
use crate::program::Usage;
use crate::program::arguments::{Command, parse};
use crate::program::wal::{Question, StatsFormat, What};

const fn log(path: &'static str, config: &'static [(&'static str, Literal)]) -> Definition {
    Definition { path, kind: Kind::Operator, row: "qos::wal", config }
}

const ON_DISK: &[(&str, Literal)] = &[("read_count", Literal::Int(1)), (DIR, Literal::Str("./wal"))];
const IN_MEMORY: &[(&str, Literal)] = &[("read_count", Literal::Int(1)), ("max_elements", Literal::Int(1))];

const DEFINITIONS: &[Definition] =
    &[log("pipeline.p.memory", IN_MEMORY), log("pipeline.p.one", ON_DISK), log("pipeline.q.two", ON_DISK)];

static ON_DISKS: Program = Program { definitions: DEFINITIONS, ..program(&[CLEAN]) };
static IN_MEMORIES: Program = Program { definitions: DEFINITIONS.split_at(1).0, ..program(&[CLEAN]) };

fn read(program: &'static Program, line: &str) -> Result<(Command, Settings), Usage> {
    let mut settings = Settings::new(program.definitions);
    let words = ["demo"].into_iter().chain(line.split_whitespace()).map(std::ffi::OsString::from);
    parse(program, &mut settings, words).map(|arguments| (arguments.command, settings))
}

#[test]
fn questions_about_logs_are_read() {
    fn check(line: &str, what: What, only: Option<usize>) {
        let (command, _) = read(&ON_DISKS, line).unwrap_or_else(|usage| panic!("{line}: {usage}"));
        assert_eq!(command, Command::Wal(Question { what, only }), "{line}");
    }
    check("wal check", What::Check, None);
    check("wal check pipeline.p.one", What::Check, Some(1));
    check("wal dump pipeline.q.two", What::Dump, Some(2));
    check("wal stats", What::Stats(StatsFormat::Text), None);
    check("wal stats --format=json pipeline.q.two", What::Stats(StatsFormat::Json), Some(2));
}

#[test]
fn settings_may_be_given_in_front_and_behind() {
    for line in ["--set pipeline.p.one.dir=/data wal check", "wal check --set pipeline.p.one.dir=/data"] {
        let (_, settings) = read(&ON_DISKS, line).unwrap_or_else(|usage| panic!("{line}: {usage}"));
        assert_eq!(settings.of(1).opt_str(DIR), Some("/data"), "{line}");
    }
}

#[test]
fn wrong_questions_are_refused_with_what_is_legal() {
    fn check(program: &'static Program, line: &str, expected: &[&str]) {
        let usage = read(program, line).err().unwrap_or_else(|| panic!("{line}: accepted"));
        let text = usage.to_string();
        assert!(usage.is_error(), "{line}");
        assert!(expected.iter().all(|part| text.contains(part)), "{line}: no {expected:?} in\n{text}");
    }
    check(&ON_DISKS, "wall check", &["no subcommand `wall`; did you mean `wal`?", "`check`, `graph`, `wal`"]);
    check(
        &ON_DISKS,
        "wal chek",
        &["no subcommand `chek` behind `wal`; did you mean `check`?", "`dump`, `stats`"],
    );
    check(&ON_DISKS, "--set flow.drain_timeout=1 wal graph", &["no subcommand `graph` behind `wal`"]);
    check(&ON_DISKS, "wal", &["subcommand"]);
    check(&ON_DISKS, "wal check pipeline.p.memory", &["pipeline.p.memory", "pipeline.p.one, pipeline.q.two"]);
    check(&ON_DISKS, "wal check --format json", &["no option `--format` behind `wal check`"]);
    check(&ON_DISKS, "wal stats --format xml", &["xml", "text, json"]);
    check(&ON_DISKS, "--summary json wal stats", &["`--summary` has no use with `wal`"]);
    check(&ON_DISKS, "wal stats --set pipeline.p.one.dri=x", &["dri", "`dir`"]);
    check(&IN_MEMORIES, "wal check", &["it is for logs on disk", "this flow has none"]);
    check(&IN_MEMORIES, "wall", &["no subcommand `wall`; legal subcommands: `check`, `graph`"]);
}
