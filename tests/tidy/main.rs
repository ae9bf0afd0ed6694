//! Tidy: keeps the sizes of files and functions, and the rules of who may know whom (ARCHITECTURE.md, "What must never
//! be"), over the text of the whole workspace. What rustc and clippy can check is theirs. The rules are in `rules.rs`, as tables.

mod check;
mod rules;
mod selftest;
mod source;
mod syntax;

use std::path::Path;

use source::Source;

#[test]
fn the_workspace_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the workspace");
    let sources = source::read(root);
    assert!(sources.iter().any(|source| source.path == "tests/tidy/main.rs"), "looked in the wrong place");
    let findings = check::all(&sources);
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

#[test]
fn every_rule_looks_at_something() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the workspace");
    let sources = source::read(root);
    let matches = |prefix: &str| sources.iter().any(|source: &Source| source.path.starts_with(prefix));
    let idle: Vec<&str> =
        rules::RULES.iter().flat_map(|rule| rule.within).copied().filter(|p| !matches(p)).collect();
    assert!(idle.is_empty(), "rules for files that do not exist (any more): {idle:?}");
}

#[test]
fn every_test_that_the_page_on_the_document_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the workspace");
    let sources = source::read(root);
    let page =
        sources.iter().find(|source| source.path == "runtime/docs/roundrobin.md").expect("it is there");
    let exists = |name: &str| sources.iter().any(|source| source.text.contains(&format!("fn {name}(")));
    let last_columns = page.text.lines().filter_map(|line| line.strip_suffix(" |")?.rsplit_once("| "));
    let quoted = last_columns.flat_map(|(_, column)| column.split('`').skip(1).step_by(2));
    let names = quoted.map(|quoted| quoted.rsplit(": ").next().unwrap_or_default());
    let tests: Vec<&str> =
        names.filter(|name| name.matches('_').count() > 2 && !name.contains('/')).collect();
    assert!(tests.len() > 10, "the page is read wrongly: {tests:?}");
    let missing: Vec<&str> = tests.into_iter().filter(|name| !exists(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
