//! The corpus: flows that are wrong, one for each rule at least, and flows that are right. `tests/corpus/wrong/<family>/` has
//! them by the name of the rule that they break (`unknown_stream.trickle`, `unknown_stream_behind_from.flow`), each with what is
//! told of it (`.told`); `tests/corpus/right/` has flows of which nothing is told. A `.flow` is a whole macro call; a `.trickle`
//! or a `.yaml` stands in one that is right, and a `.trickle` is tried both as a file and between `define pipeline` and `end`.
//! Behind a line `//- NAME` of a `.flow` stands a file that it may include.
//!
//! `UPDATE_EXPECT=1 cargo test -p foreshock-compiler --test files corpus` stores what is told. Read it before you believe it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use foreshock_compiler::diagnostics::{Level, Report, Rule};
use proc_macro2::TokenStream;

use crate::{Memory, checked};

const BEFORE: &str = "pub flow Example;
define onramp metronome from metronome with interval = 1000 end;
define offramp sink from blackhole end;
";

const LINKS: &str = "define binding main links
/onramp/metronome/01/out => /pipeline/main/01/in,
/pipeline/main/01/out => /offramp/sink/01/in
end;
create binding /binding/main/01;
";

/// What makes a flow whole, whatever a `.yaml` file of it defines.
const OTHERS: &str = "define onramp other_onramp from metronome with interval = 1000 end;
define offramp other_offramp from blackhole end;
define binding others links
/onramp/other_onramp/01/out => /pipeline/main/others/in,
/pipeline/main/others/out => /offramp/other_offramp/01/in
end;
create binding /binding/others/01;
";

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name)
}

/// The files of a folder in order, but what is stored about others.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|kind| kind != "told"));
    paths.sort();
    paths
}

/// A way to give a text to the compiler: what it is called, the macro call, its files, and the lines before the text.
struct Way {
    name: &'static str,
    call: String,
    files: Vec<(String, String)>,
    lines_before: usize,
}

fn ways(path: &Path) -> Vec<Way> {
    let text = fs::read_to_string(path).expect("a case can be read");
    match path.extension().and_then(|kind| kind.to_str()) {
        Some("flow") => vec![whole(&text)],
        // what is no Rust at all is told by rustc, before the macro sees it
        Some("trickle") => {
            let inline = between(&text);
            let is_rust = inline.call.parse::<TokenStream>().is_ok();
            [as_file("main.trickle", text)].into_iter().chain(is_rust.then_some(inline)).collect()
        }
        Some("yaml") => vec![as_file("config.yaml", text)],
        _ => panic!("{}: a case is a `.flow`, a `.trickle` or a `.yaml`", path.display()),
    }
}

fn whole(text: &str) -> Way {
    let mut parts = text.split("//- ");
    let call = parts.next().unwrap_or("").to_string();
    let file =
        |part: &str| part.split_once('\n').map(|(name, text)| (name.trim().to_string(), text.to_string()));
    let files = parts.map(|part| file(part).expect("a file has a name and a text")).collect();
    Way { name: "in the macro call", call, files, lines_before: 0 }
}

fn as_file(name: &str, text: String) -> Way {
    let is_query = name.ends_with(".trickle");
    let call = if is_query {
        format!("{BEFORE}include \"{name}\";\n{LINKS}")
    } else {
        format!(
            "pub flow Example;\ndefine pipeline main\nselect event from in into out;\nend;\n{OTHERS}include \"{name}\";\n"
        )
    };
    Way { name: "in a file", call, files: vec![(name.to_string(), text)], lines_before: 0 }
}

fn between(text: &str) -> Way {
    let call = format!("{BEFORE}define pipeline main\n{text}\nend;\n{LINKS}");
    Way { name: "in the macro call", call, files: Vec::new(), lines_before: 4 }
}

fn reports(way: &Way) -> Vec<Report> {
    let files: Vec<(&str, &str)> =
        way.files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    checked(&way.call, &Memory::new(&files)).into_sorted()
}

/// What is told, as a user sees it: that in a file shows its place itself, that in the macro call gets it from rustc.
fn told(way: &Way, reports: &[Report]) -> String {
    let mut out = format!("# {}\n", way.name);
    for report in reports {
        let rule = report.rule();
        let kind = if rule.level() == Level::Error { "error" } else { "warning" };
        writeln!(out, "\n[{}]", rule.name()).expect("a string takes all");
        if report.pos().file_id().is_some() {
            writeln!(out, "{}", report.message()).expect("a string takes all");
        } else {
            out += &format!("{kind}: {}\n{}", report.message(), excerpt(way, report));
        }
    }
    out
}

/// The line of a place, as rustc shows it.
fn excerpt(way: &Way, report: &Report) -> String {
    let ((line, column), (last_line, last_column)) = (report.pos().start(), report.pos().end());
    let text = way.call.lines().nth(line.wrapping_sub(1)).unwrap_or("");
    let end = if last_line == line { last_column } else { text.chars().count() };
    let marks = "^".repeat(end.saturating_sub(column).max(1));
    let shown = line.wrapping_sub(way.lines_before);
    format!(" --> {shown}:{}\n  | {text}\n  | {}{marks}\n", column + 1, " ".repeat(column))
}

/// What is wrong with what is told of a case.
fn faults(path: &Path, rule: Rule) -> Vec<String> {
    let mut faults = Vec::new();
    let mut all = String::new();
    let mut is_told = false;
    for way in ways(path) {
        let reports = reports(&way);
        // `#` begins a comment in a file only, and such: what the other way tells of it is stored as well
        is_told |= reports.iter().any(|report| report.rule() == rule);
        all += &told(&way, &reports);
        all += "\n";
    }
    if !is_told {
        faults.push(format!("{}: `{}` is not told", path.display(), rule.name()));
    }
    let all = format!("{}\n", all.trim_end());
    let stored = path.with_extension(format!("{}.told", path.extension().expect("it has one").display()));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&stored, &all).expect("what is told can be stored");
    } else if fs::read_to_string(&stored).ok().as_deref() != Some(all.as_str()) {
        faults.push(format!("{}: this is told now, not what is stored:\n{all}", path.display()));
    }
    faults
}

/// The rule whose name a case has: the longest, as one may begin with another.
fn rule_of(path: &Path, rules: &[Rule]) -> Option<Rule> {
    let stem = path.file_stem()?.to_str()?;
    let fits = |rule: &&Rule| {
        stem.strip_prefix(rule.name()).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    };
    rules.iter().filter(fits).max_by_key(|rule| rule.name().len()).copied()
}

#[test]
fn each_rule_is_broken_by_a_flow_of_its_name_and_the_message_is_the_stored_one() {
    let mut missing: Vec<Rule> = Rule::ALL.to_vec();
    let mut found = Vec::new();
    for family in foreshock_spec::rule::Family::ALL {
        let rules: Vec<Rule> = Rule::ALL.iter().copied().filter(|rule| rule.family() == family).collect();
        for path in files_in(&folder("wrong").join(family.name())) {
            let rule = rule_of(&path, &rules).unwrap_or_else(|| {
                panic!("{}: its name begins with no rule of `{}`", path.display(), family.name())
            });
            missing.retain(|one| *one != rule);
            found.extend(faults(&path, rule));
        }
    }
    let missing: Vec<&str> = missing.iter().map(|rule| rule.name()).collect();
    assert!(missing.is_empty(), "no case of: {}", missing.join(", "));
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
}

#[test]
fn nothing_is_told_of_a_flow_that_is_right() {
    let mut found = Vec::new();
    let paths = files_in(&folder("right"));
    assert!(!paths.is_empty(), "there is no flow that is right");
    for path in paths {
        for way in ways(&path) {
            let reports = reports(&way);
            if !reports.is_empty() {
                found.push(format!("{}:\n{}", path.display(), told(&way, &reports)));
            }
        }
    }
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
}
