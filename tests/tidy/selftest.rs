//! Tidy's own tests: each rule finds what it is for, at its line, and nothing else.

use crate::check;
use crate::source::Source;
use crate::syntax;

/// Checks one file: the findings, in order, each as `line: part of the text`.
#[track_caller]
fn finds(path: &str, text: &str, expected: &[&str]) {
    let findings = check::all(&[Source::new(path, text)]);
    assert_eq!(findings.len(), expected.len(), "{path}: {findings:#?}");
    for (finding, expected) in findings.iter().zip(expected) {
        let (line, part) = expected.split_once(": ").expect("`line: part`");
        assert!(finding.starts_with(&format!("{path}:{line}: ")) && finding.contains(part), "{finding}");
    }
}

/// A Rust file with a head.
fn rust(code: &str) -> String {
    format!("//! Head.\n{code}\n")
}

#[test]
fn a_file_begins_with_what_it_is_for() {
    finds("examples/a.rs", "//! This.\nfn a() {}\n", &[]);
    finds("examples/a.rs", "fn a() {}\n", &["1: a file begins with `//!`"]);
    finds("examples/a.rs", "// this\n", &["1: a file begins with `//!`"]);
    finds("examples/a.rs", "", &["1: a file begins with `//!`"]);
    finds("macros/compiler/tests/snapshots/a.rs", "fn a() {}\n", &[]);
    finds("tests/ui/graph/a.rs", "//~ ERROR: x\n", &[]);
    finds("tests/ui/main.rs", "//~ ERROR: x\n", &["1: a file begins with `//!`"]);
    finds("README.md", "no Rust\n", &[]);
}

#[test]
fn files_and_functions_have_limits() {
    let lines = |n: usize| rust(&"const A: u8 = 1;\n".repeat(n));
    finds("runtime/src/a.rs", &lines(498), &[]);
    finds("runtime/src/a.rs", &lines(499), &["500: 501 lines, more than 500"]);
    finds("tests/ui/graph/a.rs", &lines(600), &[]);
    finds("tests/ui/main.rs", &lines(499), &["500: 501 lines"]);

    let function = |n: usize| rust(&format!("fn long() {{\n{}}}", "    a();\n".repeat(n - 2)));
    finds("runtime/src/a.rs", &function(70), &[]);
    finds("runtime/src/a.rs", &function(71), &["2: `long` has 71 lines, more than 70"]);
    finds("runtime/src/log_tests.rs", &function(71), &[]);
    finds("runtime/src/tests/log.rs", &function(71), &[]);
    finds("tests/harness/a.rs", &function(71), &["2: `long`"]);
}

#[test]
fn tests_inside_a_file_count_for_neither_limit() {
    let body = "    a();\n".repeat(600);
    finds("runtime/src/a.rs", &rust(&format!("#[cfg(test)]\nmod tests {{\nfn a() {{\n{body}}}\n}}")), &[]);
    finds("runtime/src/a.rs", &rust(&format!("#[test]\nfn a() {{\n{body}}}")), &[]);
    finds("runtime/src/a.rs", &rust(&format!("#[cfg(test)]\n#[path = \"x\"]\nmod t {{\n{body}}}")), &[]);

    let parent = rust("#[cfg(test)]\nmod model;");
    let child = rust(&format!("fn a() {{\n{body}}}"));
    let files =
        |path| check::all(&[Source::new("runtime/src/log/mod.rs", &parent), Source::new(path, &child)]);
    assert!(files("runtime/src/log/model.rs").is_empty());
    assert!(files("runtime/src/log/model/deep.rs").is_empty());
    assert_eq!(files("runtime/src/log/other.rs").len(), 2);
}

#[test]
fn crates_know_only_whom_they_may() {
    finds("runtime/src/lib.rs", &rust("pub use foreshock_macros::pipeline;"), &[]);
    finds("runtime/src/lib.rs", &rust("pub use foreshock_macros as m;"), &["2: the runtime's one edge"]);
    finds("runtime/src/core/a.rs", &rust("use foreshock_macros::pipeline;"), &["2: nothing of the compiler"]);
    finds(
        "runtime/spec/src/a.rs",
        &rust("\nforeshock_compiler::compile();"),
        &["3: nothing of the compiler"],
    );
    finds(
        "macros/compiler/src/emit/a.rs",
        &rust("quote!(::foreshock::__private)"),
        &["2: spelled in one file"],
    );
    finds("macros/compiler/src/emit/tokens.rs", &rust("quote!(::foreshock::__private)"), &[]);
    finds("macros/compiler/src/emit/a.rs", &rust("use foreshock_spec::Value; // ::foreshock::a"), &[]);
    finds(
        "runtime/Cargo.toml",
        "[dependencies]\nforeshock-compiler.workspace = true\n",
        &["2: `foreshock-compiler`"],
    );
    finds("runtime/Cargo.toml", "[package]\ndescription = \"foreshock-compiler\"\n", &[]);
    finds(
        "macros/compiler/Cargo.toml",
        "[dev-dependencies]\nforeshock = { path = \"\" }\n",
        &["2: `foreshock`"],
    );
    finds("macros/compiler/Cargo.toml", "[dependencies]\nforeshock-spec.workspace = true\n", &[]);
}

#[test]
fn passes_know_only_earlier_ones() {
    let with = |code: &str| rust(&format!("use crate::{{diagnostics::Diagnostics, {code}}};"));
    finds(
        "macros/compiler/src/syntax/a.rs",
        &with("resolve::Graph"),
        &["2: `crate::resolve::Graph`: an earlier"],
    );
    finds(
        "macros/compiler/src/resolve/a.rs",
        &with("syntax::Pos, check::{self, types::Type}"),
        &["2: `crate::check`", "2: `crate::check::types::Type`"],
    );
    finds(
        "macros/compiler/src/check/a.rs",
        &rust("fn a() { super::super::lower::b() }"),
        &["2: `crate::lower::b`"],
    );
    finds("macros/compiler/src/check/mod.rs", &rust("use super::lower::*;"), &["2: `crate::lower::*`"]);
    finds("macros/compiler/src/check/a.rs", &rust("use super::types::Type;"), &[]);
    finds("macros/compiler/src/lower/a.rs", &rust("use crate::check::Facts;"), &[]);
    finds(
        "macros/compiler/src/lower/a.rs",
        &with("emit"),
        &["2: `crate::emit`", "2: report no error", "2: report no error"],
    );
    finds(
        "macros/compiler/src/check/a.rs",
        &rust("fn a(b: &mut  Graph) {}"),
        &["2: does not change the graph"],
    );
    finds("macros/compiler/src/emit/a.rs", &rust("quote!(compile_error!(\"\"))"), &["2: report no error"]);
    finds("macros/compiler/src/resolve/a.rs", &rust("use std::collections::HashMap;"), &["2: hash table"]);
}

#[test]
fn the_core_names_no_task_socket_file_or_clock() {
    for (code, path) in [
        ("use tokio::net::TcpStream;", "tokio::net::TcpStream"),
        ("use std::{fmt, net::TcpStream as S};", "std::net::TcpStream"),
        ("use std::time;", "std::time"),
        ("let now = std::time::Instant::now();", "std::time::Instant::now"),
        ("use std::time::{Duration, SystemTime};", "std::time::SystemTime"),
        ("std::fs::read(p)", "std::fs::read"),
        ("use ::std::fs;", "std::fs"),
        ("std::thread::spawn(f)", "std::thread::spawn"),
    ] {
        let findings = check::all(&[Source::new("runtime/src/operator/a.rs", &rust(code))]);
        assert!(
            !findings.is_empty() && findings[0].contains(&format!(":2: `{path}`")),
            "{code}: {findings:?}"
        );
    }
    finds(
        "runtime/src/core/a.rs",
        &rust("use std::time::Duration;\n// std::fs is not\nlet a = \"std::net::x\";"),
        &[],
    );
    finds("runtime/src/sink/ws/a.rs", &rust("use tokio_tungstenite::tungstenite::Message;"), &[]);
    finds(
        "runtime/src/sink/ws/a.rs",
        &rust("use tokio_tungstenite::accept_async;"),
        &["2: the synchronous core"],
    );
    finds(
        "runtime/src/sink/a.rs",
        &rust("use tokio_tungstenite::tungstenite::Message;"),
        &["2: only the websocket"],
    );
    finds("runtime/src/operator/a.rs", &rust("use crate::sink::Ws;"), &["2: an operator knows"]);
    finds(
        "runtime/src/sink/a.rs",
        &rust("use crate::{core::Head, operator::Wal};"),
        &["2: knows no operator"],
    );
    finds("runtime/src/core/a.rs", &rust("use crate::driver::Driver;"), &["2: stands below all else"]);
    finds("runtime/src/source/a.rs", &rust("use rand::Rng;"), &["2: through the seam"]);
    finds("runtime/src/pipeline/a.rs", &rust("use std::fs;"), &["2: the synchronous core"]);
    finds("runtime/src/pipeline/a.rs", &rust("let h = hostname::get();"), &["2: the synchronous core"]);
    finds("runtime/src/pipeline/a.rs", &rust("use crate::world::hostname;\nlet h = hostname();"), &[]);
    finds("runtime/src/pipeline/a.rs", &rust("use crate::world::World;"), &["2: only the host's name"]);
    finds(
        "runtime/src/operator/a.rs",
        &rust("#[cfg(test)]\nmod tests {\nuse std::env;\n}\nuse std::env;"),
        &["6: the synchronous"],
    );
    finds("runtime/src/operator/tests/a.rs", &rust("use std::env;"), &[]);
    finds("runtime/src/driver/a.rs", &rust("use tokio::time::Instant;\nuse std::net::TcpStream;"), &[]);
}

#[test]
fn only_the_driver_spawns_and_every_queue_has_a_limit() {
    finds("runtime/src/driver/a.rs", &rust("tokio::spawn(f); let (a, b) = mpsc::channel(8);"), &[]);
    finds("runtime/src/world/a.rs", &rust("tokio::spawn(f);"), &["2: only the driver"]);
    finds("runtime/src/a.rs", &rust("use tokio::sync::mpsc;"), &["2: only the driver"]);
    finds("runtime/src/driver/a.rs", &rust("let (a, b) = mpsc::channel();"), &["2: every queue has a limit"]);
    finds("runtime/src/driver/a.rs", &rust("let (a, b) = oneshot::channel();"), &[]);
    finds(
        "examples/a.rs",
        &rust("use std::sync::mpsc::{sync_channel, channel};"),
        &["2: and `std`'s `channel`"],
    );
    finds("runtime/src/driver/a.rs", &rust("let (a, b) = mpsc::unbounded_channel();"), &["2: every queue"]);
}

#[test]
fn nothing_is_unsafe_unfinished_or_of_one_machine() {
    finds("examples/a.rs", &rust("unsafe { a() }"), &["2: `unsafe`"]);
    finds("examples/a.rs", &rust("// unsafe is not used\n#![deny(unsafe_code)]\nlet a = \"unsafe\";"), &[]);
    finds("examples/a.rs", &rust("todo!()\n"), &["2: `todo!`"]);
    finds("examples/a.rs", &rust("#[test]\n#[ignore = \"slow\"]\nfn a() {}"), &["3: `#[ignore`"]);
    finds("examples/a.rs", &rust("// FIXME"), &["2: `FIXME`"]);
    finds("README.md", "see /home/me/x\n", &["1: no path of somebody's machine"]);
    // Put together here, or this file would break the rule.
    finds(".ci/run", &format!("cd /{}/x\n", "tmp"), &["1: no path of somebody's machine"]);
}

#[test]
fn literals_and_comments_are_no_code() {
    fn check(text: &str, expected: &[&str]) {
        let tokens = syntax::tokens(text);
        assert_eq!(tokens.iter().map(|token| token.text.as_str()).collect::<Vec<_>>(), expected, "{text}");
    }
    check("a::b", &["a", "::", "b"]);
    check("a // b\nc", &["a", "c"]);
    check("a /* b /* c */ d */ e", &["a", "e"]);
    check(r#"a "b \" c" d"#, &["a", "d"]);
    check(r###"a r#"b " c"# d"###, &["a", "d"]);
    check(r#"b"x" br"y" c"z" r"w" e"#, &["e"]);
    check("r#match x", &["r", "#", "match", "x"]);
    check("'a' b '\\'' c '\"' d", &["b", "c", "d"]);
    check("&'a str", &["&", "str"]);
    check("b'x' brake", &["brake"]);
    check("1_000 x2 0xff", &["0", "x2", "0"]);
    check("é \"unclosed", &["é"]);
}

#[test]
fn functions_are_measured_from_head_to_brace() {
    let functions = syntax::functions(&syntax::tokens(
        "fn a(x: [u8; 2]) -> [u8; 3]\nwhere\n    B: C,\n{\n    { }\n}\ntrait T {\n    fn b();\n    fn c() {}\n}\ntype F = fn(u8);",
    ));
    let expected = [("a", 1..=6), ("b", 8..=8), ("c", 9..=9)];
    assert_eq!(functions, expected.map(|(name, lines)| (name.to_owned(), lines)));
}
