//! Wrong flows and the rules that they break: each mistake is found in the macro call and in a file, at the same place of the
//! same text, by the rule that has its name, and nothing else is said.

use foreshock_compiler::diagnostics::{Level, Report};

use super::{Memory, checked};

const BEFORE: &str = "pub flow Test;
define onramp metronome from metronome with interval = 1 end;
define offramp sink from blackhole end;
";

const BEHIND: &str = "define binding main links
/onramp/metronome/01/out => /pipeline/main/01/in,
/pipeline/main/01/out => /offramp/sink/01/in
end;
create binding /binding/main/01;";

/// A rule, the place where it is broken (nothing: that is the head), and a part of what is said.
type Broken<'a> = (&'a str, &'a str, &'a str);

/// A query, in the macro call and in a file; places are those of the file.
#[track_caller]
pub(crate) fn query(text: &str, expected: &[Broken<'_>]) {
    inline_query(text, expected);
    file(text, expected);
}

/// A query in the macro call, where it begins on line 1.
#[track_caller]
pub(crate) fn inline_query(text: &str, expected: &[Broken<'_>]) {
    let call = format!("{BEFORE}define pipeline main\n{text}\nend;\n{BEHIND}");
    compare(&call, &Memory::default(), 4, expected);
}

/// A query in a file.
#[track_caller]
pub(crate) fn file(text: &str, expected: &[Broken<'_>]) {
    let call = format!("{BEFORE}include \"main.trickle\";\n{BEHIND}");
    compare(&call, &Memory::new(&[("main.trickle", text)]), 0, expected);
}

/// Definitions of a flow, which begin on line 1, before a pipeline and a binding that are right.
#[track_caller]
pub(crate) fn definitions(text: &str, expected: &[Broken<'_>]) {
    let pipeline = "define pipeline main\nselect event from in into out;\nend;\n";
    compare(&format!("{BEFORE}{text}\n{pipeline}{BEHIND}"), &Memory::default(), 3, expected);
}

/// Bindings and mappings, which begin on line 1, behind a pipeline that is right.
#[track_caller]
pub(crate) fn links(text: &str, expected: &[Broken<'_>]) {
    let pipeline = "define pipeline main\nselect event from in into out;\nend;\n";
    compare(&format!("{BEFORE}{pipeline}{text}"), &Memory::default(), 6, expected);
}

/// A `.yaml` file beside a pipeline that is right.
#[track_caller]
pub(crate) fn yaml(text: &str, expected: &[Broken<'_>]) {
    let call = "pub flow Test;
define pipeline main
select event from in into out;
end;
include \"config.yaml\";";
    compare(call, &Memory::new(&[("config.yaml", text)]), 0, expected);
}

/// A whole macro call.
#[track_caller]
pub(crate) fn flow(text: &str, expected: &[Broken<'_>]) {
    compare(text, &Memory::default(), 0, expected);
}

#[track_caller]
fn compare(call: &str, files: &Memory, lines_before: usize, expected: &[Broken<'_>]) {
    let found: Vec<Report> = checked(call, files).into_sorted();
    let fits = |(report, (rule, place, part)): (&Report, &Broken<'_>)| {
        let (line, column) = report.pos().start();
        let is_file = report.pos().file_id().is_some();
        let line = if is_file { line } else { line.wrapping_sub(lines_before) };
        report.rule().name() == *rule
            && (place.is_empty() || format!("{line}:{}", column + 1) == *place)
            && report.message().contains(part)
    };
    let is_right = found.len() == expected.len() && found.iter().zip(expected).all(fits);
    let shown = |report: &Report| {
        let (line, column) = report.pos().start();
        let level = if report.rule().level() == Level::Error { "error" } else { "warning" };
        format!("{level} {} {line}:{} {}", report.rule().name(), column + 1, report.message())
    };
    let shown: Vec<String> = found.iter().map(shown).collect();
    assert!(
        is_right,
        "in\n{call}\n(places {lines_before} lines less)\nexpected {expected:#?}\nfound {}",
        shown.join("\n")
    );
}
