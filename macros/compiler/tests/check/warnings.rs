//! Warnings: what they say, when they are silent, and what silences them.

use std::str::FromStr;

use foreshock_compiler::compile_with;
use foreshock_compiler::files::NoFiles;
use proc_macro2::TokenStream;

use crate::{errors, flow, warnings};

/// A flow with one offramp that nothing uses, on line 4.
fn with_spare(before: &str) -> String {
    flow(&format!("{before} define offramp spare from blackhole end;"), "select event from in into out;")
}

#[test]
fn what_is_defined_and_never_used_is_a_warning() {
    warnings(&with_spare(""), &[("4:16", "the offramp `spare` is defined and never used")]);
    let query = "define qos::wal operator log with read_count = 9, max_elements = 9 end;
        select event from in into out;";
    warnings(&flow("", query), &[("7:25", "the operator `log` is defined and never used")]);
}

#[test]
fn an_allowed_rule_is_silent_up_to_the_end_of_its_statement() {
    warnings(&with_spare("#[allow(unused_artefact)]"), &[]);
    warnings(&with_spare("#[allow(unused_operator, unused_artefact)] #[allow(unused_operator)]"), &[]);
    let other = "#[allow(unused_artefact)] define offramp other from blackhole end;";
    warnings(&with_spare(other), &[("4:82", "the offramp `spare`")]);
    let inside =
        "#[allow(unused_operator)] define qos::wal operator log with read_count = 9, max_elements = 9 end;
        select event from in into out;";
    warnings(&flow("", inside), &[]);
}

#[test]
fn a_rule_allowed_before_the_head_is_silent_in_the_whole_flow() {
    warnings(&format!("#[allow(unused_artefact)] {}", with_spare("")), &[]);
}

#[test]
fn with_errors_there_are_no_warnings() {
    errors(
        &with_spare("define offramp wrong from blackhol end;"),
        &[("4:26", "no kind of offramp called `blackhol`")],
    );
}

#[test]
fn only_rules_that_warn_can_be_allowed() {
    errors(&with_spare("#[allow(unused_artifact)]"), &[("4:8", "help: did you mean `unused_artefact`?")]);
    errors(
        &with_spare("#[allow(unknown_key)]"),
        &[("4:8", "`unknown_key` is an error, and cannot be allowed")],
    );
    errors(&with_spare("#[allow(clippy::all)]"), &[("4:8", "there is no rule `clippy::all`")]);
}

#[test]
fn a_flow_with_a_warning_compiles_and_says_it_as_rustc_does() {
    let tokens = TokenStream::from_str(&with_spare("")).expect("the text is Rust tokens");
    let code = compile_with(tokens, &NoFiles).to_string();
    assert!(code.contains("pub struct Test"), "{code}");
    assert!(code.contains("deprecated (note = \"the offramp `spare` is defined and never used"), "{code}");
    assert!(code.contains("let _ = foreshock :: unused_artefact ;"), "{code}");
}
