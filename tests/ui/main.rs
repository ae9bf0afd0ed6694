//! Compile-time cases: flows that must not compile, by family of rules, each named after its rule. What the compiler
//! must say stands in the first lines of a case (`//~ ERROR: …`), what it says is stored beside it; a case whose
//! message has changed on purpose is stored anew with `TRYBUILD=overwrite cargo test -p foreshock-tests --test ui`.

use std::fs;
use std::path::{Path, PathBuf};

use foreshock_spec::Rule;

const FAMILIES: [&str; 7] = ["text", "names", "config", "graph", "types", "files", "delivery"];
const EXPECTED: &str = "//~ ERROR: ";

#[test]
fn wrong_flows_give_the_stored_errors() {
    let cases = trybuild::TestCases::new();
    for family in FAMILIES {
        cases.compile_fail(format!("ui/{family}/*.rs"));
    }
}

#[test]
fn every_stored_error_has_what_its_case_expects() {
    for case in files("rs") {
        let text = read(&case);
        let expected: Vec<&str> = text.lines().map_while(|line| line.strip_prefix(EXPECTED)).collect();
        assert!(!expected.is_empty(), "{}: the first line must be `{EXPECTED}…`", case.display());
        let stored = read(&case.with_extension("stderr"));
        let mut rest = stored.as_str();
        for message in &expected {
            let Some((_, after)) = rest.split_once(message) else {
                panic!("{}: `{message}` is not in, or not in this order:\n{stored}", case.display());
            };
            rest = after;
        }
        let count = stored.lines().filter(|line| line.starts_with("error")).count();
        assert_eq!(count, expected.len(), "{}: each error is expected:\n{stored}", case.display());
    }
}

#[test]
fn every_stored_error_has_a_case() {
    for stored in files("stderr") {
        assert!(stored.with_extension("rs").is_file(), "{} has no case", stored.display());
    }
}

#[test]
fn every_case_is_called_after_a_rule_of_its_family() {
    for case in files("rs") {
        let folder = case.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        let name = case.file_stem().and_then(|name| name.to_str()).expect("a case has a name");
        let fits = |rule: &Rule| {
            let detail = name.strip_prefix(rule.name());
            Some(rule.family().name()) == folder
                && detail.is_some_and(|detail| detail.is_empty() || detail.starts_with('_'))
        };
        let is_named = Rule::ALL.iter().any(fits);
        assert!(
            is_named,
            "{}: call it `rule.rs` or `rule_detail.rs`, after a rule of its folder",
            case.display()
        );
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All files of the families that end in `.extension`.
fn files(extension: &str) -> Vec<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let mut files = Vec::new();
    for family in FAMILIES {
        let entries = fs::read_dir(here.join(family)).expect("each family has a folder");
        files.extend(entries.map(|entry| entry.expect("a folder can be read").path()));
    }
    files.retain(|path| path.extension().is_some_and(|found| found == extension));
    files.sort();
    files
}
