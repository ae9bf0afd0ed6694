//! What the check pass reports and finds out, from the text of a flow: one file per family of rules.

mod calls;
mod config;
mod consts;
mod delivery;
mod disk;
mod doubts;
mod graph;
mod graph_slips;
mod patch;
mod soup;
mod types;
mod typing;
mod warnings;

use std::str::FromStr;

use foreshock_compiler::check::check;
use foreshock_compiler::check::facts::Facts;
use foreshock_compiler::diagnostics::{Diagnostics, Level, Report};
use foreshock_compiler::files::NoFiles;
use foreshock_compiler::resolve::resolve;
use foreshock_compiler::syntax::parse;
use proc_macro2::TokenStream;

/// Takes a text through the passes up to check; errors as `line:column message`, in source order.
fn run(text: &str) -> (Option<Facts>, Vec<String>) {
    let (facts, reports) = reports(text);
    (facts, reports.iter().filter(|report| report.rule().level() == Level::Error).map(shown).collect())
}

fn shown(report: &Report) -> String {
    let (line, column) = report.pos().start();
    format!("{line}:{column} {}", report.message())
}

fn reports(text: &str) -> (Option<Facts>, Vec<Report>) {
    let tokens = TokenStream::from_str(text).expect("the text is Rust tokens");
    let mut diagnostics = Diagnostics::default();
    let facts = parse(tokens, &NoFiles, &mut diagnostics).map(|flow| {
        let graph = resolve(flow, &mut diagnostics);
        check(&graph, &mut diagnostics)
    });
    (facts, diagnostics.into_sorted())
}

/// The errors of a text, in source order: each place, and a part of each message.
#[track_caller]
fn errors(text: &str, expected: &[(&str, &str)]) {
    compare(text, &run(text).1, expected);
}

/// The warnings of a text without errors, as `errors` takes them.
#[track_caller]
fn warnings(text: &str, expected: &[(&str, &str)]) {
    let found: Vec<String> = reports(text).1.iter().map(shown).collect();
    assert!(run(text).1.is_empty(), "errors in\n{text}\n{found:#?}");
    compare(text, &found, expected);
}

#[track_caller]
fn compare(text: &str, found: &[String], expected: &[(&str, &str)]) {
    let fits = found.len() == expected.len()
        && found.iter().zip(expected).all(|(found, (place, part))| {
            found.split_once(' ').is_some_and(|(at, message)| at == *place && message.contains(part))
        });
    assert!(fits, "in\n{text}\nexpected {expected:#?}\nfound {found:#?}");
}

/// A flow of one metronome, one pipeline and one blackhole: `definitions` stand on line 4, `query` from line 7.
fn flow(definitions: &str, query: &str) -> String {
    format!(
        "pub flow Test;
define onramp metronome from metronome with interval = 1 end;
define offramp sink from blackhole end;
{definitions}
define pipeline main
#[allow(unused_use)] use tremor::system; #[allow(unused_use)] use std::string;
{query}
end;
define binding main links
/onramp/metronome/01/out => /pipeline/main/01/in,
/pipeline/main/01/out => /offramp/sink/01/in
end;
create binding /binding/main/01;"
    )
}
