//! Resolving: the graph of a text, and what is said about names.

mod deployment;
mod query;
#[path = "../support/mod.rs"]
mod support;

use expect_test::Expect;
use support::{dump_graph, errors, resolved};

/// The errors of a text, as `line:column message`, and behind a line its graph.
#[track_caller]
fn check(text: &str, expected: &Expect) {
    let (graph, diagnostics) = resolved(text.trim_start());
    let graph = graph.map_or(String::new(), |graph| dump_graph(&graph));
    expected.assert_eq(&format!("{}----\n{graph}", errors(diagnostics)));
}
