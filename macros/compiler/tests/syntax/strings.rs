//! The inside of strings.

use foreshock_compiler::syntax::ast::{ExprKind, QueryStmt, Stmt, StringPart};
use foreshock_compiler::syntax::print;

use crate::support::{errors, parsed};

/// The parts of a string, a text as it is, an interpolation as `<expr>`; or the errors about it.
#[track_caller]
fn check(text: &str, expected: &str) {
    let (flow, diagnostics) = parsed(&format!("pipeline Test; select\n{text} from in into out"));
    let found = if !diagnostics.has_errors() {
        match flow.expect("the text has a head").stmts.pop() {
            Some(Stmt::Query(QueryStmt::Select(select))) => match select.target.kind {
                ExprKind::String(parts) => parts.iter().map(part).collect::<Vec<_>>().join("|"),
                other => panic!("{text} is {other:?}"),
            },
            other => panic!("{text} is {other:?}"),
        }
    } else {
        errors(diagnostics)
    };
    assert_eq!(found.trim_end(), expected, "{text}");
}

fn part(part: &StringPart) -> String {
    match part {
        StringPart::Text(text) => text.escape_debug().to_string(),
        StringPart::Interpolation(expr) => format!("<{}>", print(expr)),
    }
}

#[test]
fn rust_escapes_are_undone_before_trickle_looks() {
    check(r##""""##, "");
    check(r##""a b""##, "a b");
    check(r##""a\n\"\u{e9}\\d""##, r#"a\n\"é\\d"#);
    check("\"a \\\n   b\"", "a b");
    check(r##""{a} # }""##, "{a} # }");
}

#[test]
fn interpolations_are_expressions() {
    check(r##""#{event.a}""##, "<event.a>");
    check(r##""a #{event.a + 1} b#{$x}""##, "a |<event.a + 1>| b|<$x>");
    check(r##""#{event[\"a\"]}""##, "<event[\"a\"]>");
    check(r##""#{ {\"a\": \"}\"} }""##, "<{\"a\": \"}\"}>");
    check(r##""#{\"in #{event.a} in\"} out""##, "<\"in #{event.a} in\">| out");
    check(r##""#{event.r#select}#{event.`select`}""##, "<event.r#select>|<event.r#select>");
    check(r##""#{1.5}#{1.0e-3}#{x[0]}#{x[1:2]}#{-1}""##, "<1.5>|<0.001>|<x[0]>|<x[1:2]>|<-1>");
    check(r##""#{event.größe}""##, "<event.größe>");
    check(r###"r#"#{event["a"]}"#"###, "<event[\"a\"]>");
}

#[test]
fn a_backslash_before_an_interpolation_makes_it_text() {
    check(r##""\\#{x}""##, "#{x}");
    check(r##""\\\\#{x}""##, r"\\|<x>");
    check(r##""\\\\\\#{x}""##, r"\\#{x}");
    check(r##""\\d\\""##, r"\\d\\");
}

#[test]
fn raw_strings_have_the_escapes_of_files() {
    check(r###"r#"\"\\\#{x}\/\b\f\n\r\tA\u0041"#"###, r#"\"\\#{x}/\u{8}\u{c}\n\r\tAA"#);
    check(r###"r"\#""###, "#");
    let help = "\n  help: a raw string has the escapes \\' \\\" \\\\ \\# \\/ \\b \\f \\n \\r \\t \\uXXXX";
    check(r##"r"\d""##, &format!("2:1 `\\d` is no escape{help}"));
    let example = "\n  help: write a character as in `\\u00e9`";
    check(r##"r"\u00""##, &format!("2:1 `\\u` has four hexadecimal digits{example}"));
    check(r##"r"\ud800""##, &format!("2:1 `\\ud800` is no character{example}"));
    check(r##"r"a\""##, &format!("2:1 `\\` is no escape{help}"));
}

#[test]
fn an_error_in_an_interpolation_marks_the_string_and_names_the_part() {
    check(r##""#{event.}""##, "2:1 in `#{event.}`: expected a key after `.`, found `}`");
    check(r##""a #{1 +} b""##, "2:1 in `#{1 +}`: expected an expression, found `}`");
    check(
        r##""#{event.select}""##,
        "2:1 in `#{event.select}`: `select` is a keyword, not a name\n  help: write `r#select`",
    );
    check(r##""#{1 2}""##, "2:1 in `#{1 2}`: expected `}`, found `2`");
    check(
        r##""#{}""##,
        "2:1 `#{}` in a string is empty\n  help: write an expression into it, or `\\\\#{` for a literal `#{`",
    );
    check(r##""#{event""##, "2:1 in a string: `#{` has no `}`\n  help: a literal `#{` is `\\\\#{`");
    check(r##""#{(}""##, "2:1 in a string: expected `)`, found `}`\n  help: write `)` before it");
    check(r##""#{)}""##, "2:1 in a string: `)` closes nothing\n  help: a literal `#{` is `\\\\#{`");
    check(r##"r"#{)}""##, "2:1 in a string: `)` closes nothing\n  help: a literal `#{` is `\\#{`");
    check(r##""#{é§}""##, "2:1 in a string: `§` means nothing here\n  help: a literal `#{` is `\\\\#{`");
    check(
        r##""#{\"a}""##,
        "2:1 in a string: a string inside `#{…}` has no end\n  help: a literal `#{` is `\\\\#{`",
    );
}

#[test]
fn quotes_that_end_a_string_too_early_are_recognised() {
    check(
        r##""#{event["a"]}""##,
        "2:1 this string ends inside `#{…}`, at a `\"` that was meant to go on\n  help: inside `#{…}` quote with a backslash, `#{event[\\\"key\\\"]}`, or write `#{event.key}`",
    );
    check(r##""a"b"##, "2:1 a string has no suffix `b`");
}
