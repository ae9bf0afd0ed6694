//! The lexis of `.trickle` files, and how errors in them are shown.

use expect_test::{Expect, expect};

use crate::support::dump;
use crate::{Memory, parsed, reports};

/// What is read of a file, and the errors.
#[track_caller]
pub(super) fn check(text: &str, expected: &Expect) {
    let files = Memory::new(&[("q.trickle", text)]);
    let (flow, diagnostics) = parsed("flow Test; include \"q.trickle\";", &files);
    expected.assert_eq(&format!("{}----\n{}", reports(diagnostics), dump(&flow)));
}

/// What is read of an expression.
#[track_caller]
fn expr(text: &str, expected: &str) {
    let files = Memory::new(&[("q.trickle", &format!("select {text} from in into out"))]);
    let (flow, diagnostics) = parsed("flow Test; include \"q.trickle\";", &files);
    assert_eq!(reports(diagnostics), "", "{text}");
    let dumped = dump(&flow);
    let target = dumped
        .strip_prefix("pipeline q\n  select ")
        .and_then(|rest| rest.strip_suffix(" from in into out\n"));
    assert_eq!(target, Some(expected), "{text}");
}

#[test]
fn comments_begin_with_a_hash_and_end_with_their_line() {
    check(
        "# one\nselect event # of \"the\" ' ( source\nfrom in into out; # last\n#",
        &expect![[r#"
            ----
            pipeline q
              select event from in into out
        "#]],
    );
}

#[test]
fn a_minus_inside_a_name_belongs_to_it() {
    expr("event.a-1", "event.a-1");
    expr("event.my-key--x", "event.my-key--x");
    expr("event.a - 1", "event.a - 1");
    expr("event.a - -1", "event.a - -1");
}

#[test]
fn numbers() {
    expr("-9223372036854775808", "-9223372036854775808");
    expr(
        "[-1, - 1, 0xff, 1_000, 1., 1.e5, 2.5e-3, -0x10]",
        "[-1, -1, 255, 1000, 1.0, 100000.0, 0.0025, -16]",
    );
    expr("5 - 1", "5 - 1");
}

#[test]
fn names_in_backticks_may_be_anything() {
    expr("event.`select`.`my key`", "event.r#select.`my key`");
}

#[test]
fn strings_have_the_escapes_of_the_original() {
    expr(r#""a\"b\\c\/d\b\f\n\r\t\u00e4\'""#, r#""a\"b\\c/d\u0008\u000c\n\r\tä'""#);
    expr(r##""\#{x} # { # a" "##, r##""\#{x} # { # a""##);
    expr("\"ä→😀\"", "\"ä→😀\"");
}

#[test]
fn interpolations_nest() {
    let nested = r##""a #{event["b#{"c" + event.d}"]} e""##;
    expr(nested, nested);
    expr(r##""#{ {"a": "}"} }""##, r##""#{{"a": "}"}}""##);
}

#[test]
fn a_heredoc_begins_in_the_next_line_and_keeps_its_lines() {
    expr("\"\"\"\n  a \"quoted\" text\n#{event.x}\n\"\"\"", r##""  a \"quoted\" text\n#{event.x}\n""##);
    expr("\"\"\"\r\na\r\nb\"\"\"", r#""a\nb""#);
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_accepted() {
    check(
        "\u{feff}use std::string;\r\nselect event.x from in into nowhere/x-y;\r\n",
        &expect![[r#"
        ----
        pipeline q
          use std::string
          select event.x from in into nowhere/x-y
    "#]],
    );
}

#[test]
fn a_directive_names_the_pipeline() {
    check(
        "# first\n#!config id = \"other-name\"\nselect event from in into out",
        &expect![[r#"
        ----
        pipeline other-name
          select event from in into out
    "#]],
    );
}

#[test]
fn places_inside_strings_are_their_own() {
    check(
        "select {\n\t\"ä\": \"→ #{event.x +} \\q\"\n} from in into out;\nselect \"#{}\" from in into out;\nselect \"\"\"\n a #{event. }\"\"\" from in into out;",
        &expect![[r##"
            at 1:20: expected an expression, found `}`
             --> q.trickle:2:21
              |
            2 |     "ä": "→ #{event.x +} \q"
              |                        ^
            at 1:20: `#{}` in a string is empty
             --> q.trickle:4:11
              |
            4 | select "#{}" from in into out;
              |           ^
              |
              = help: write an expression into it, or `\#{` for a literal `#{`
            at 1:20: expected a key after `.`, found `}`
             --> q.trickle:6:13
              |
            6 |  a #{event. }""" from in into out;
              |             ^
            ----
            pipeline q
              broken: select ä → #{event.x +} \q from in into out
              broken: select #{} from in into out
              broken: select  a #{event. } from in into out
        "##]],
    );
}

#[test]
fn wide_and_control_characters_and_tabs_do_not_break_an_excerpt() {
    check(
        "\tselect \"漢字\t😀\" + £ from in into out;\nselect \u{1}\u{7f} from in into out;",
        &expect![[r#"
            at 1:20: `£` means nothing here
             --> q.trickle:1:18
              |
            1 |     select "漢字    😀" + £ from in into out;
              |                           ^
              |
              = help: remove it, or write it in a string: `"…"`
            at 1:20: `\u{1}` means nothing here
             --> q.trickle:2:8
              |
            2 | select ␁␡ from in into out;
              |        ^
              |
              = help: remove it, or write it in a string: `"…"`
            at 1:20: `\u{7f}` means nothing here
             --> q.trickle:2:9
              |
            2 | select ␁␡ from in into out;
              |         ^
              |
              = help: remove it, or write it in a string: `"…"`
            ----
            pipeline q
              broken: select 漢字	😀 from in into out
              broken: select from in into out
        "#]],
    );
}

#[test]
fn numbers_with_a_sign_are_no_differences() {
    check(
        "select event.a -1 from in into out;\nselect 5-1 from in into out;",
        &expect![[r#"
        at 1:20: `-1` is one number in a file
         --> q.trickle:1:16
          |
        1 | select event.a -1 from in into out;
          |                ^^
          |
          = help: write `- 1` to subtract, with a space behind `-`
        at 1:20: `-1` is one number in a file
         --> q.trickle:2:9
          |
        2 | select 5-1 from in into out;
          |         ^^
          |
          = help: write `- 1` to subtract, with a space behind `-`
        ----
        pipeline q
          broken: select event a from in into out
          broken: select from in into out
    "#]],
    );
}

#[test]
fn extractors_are_of_a_later_version_whatever_is_in_them() {
    check(
        "select event.a ~= glob|*'\"(*| from in into out;\nselect event from in into out;",
        &expect![[r#"
            at 1:20: `~=` is not supported yet
             --> q.trickle:1:16
              |
            1 | select event.a ~= glob|*'"(*| from in into out;
              |                ^^
              |
              = help: remove it
            ----
            pipeline q
              broken: select event a glob from in into out
              select event from in into out
        "#]],
    );
    check(
        "select event.a | event.b from in into out;",
        &expect![[r#"
        at 1:20: there is no operator `|`
         --> q.trickle:1:16
          |
        1 | select event.a | event.b from in into out;
          |                ^
          |
          = help: write `or` between booleans
        ----
        pipeline q
          broken: select event a event b from in into out
    "#]],
    );
}

#[test]
fn statements_of_the_flow_level_belong_elsewhere() {
    check(
        "define offramp a from ws with url = \"x\" end;\ninclude \"other.trickle\";\nselect event from in into out;",
        &expect![[r#"
            at 1:20: this belongs to a flow, and a `.trickle` file is one query
             --> q.trickle:1:1
              |
            1 | define offramp a from ws with url = "x" end;
              | ^^^^^^^^^^^^^^
              |
              = help: write it into the macro call beside the `include`, or into a `.yaml` file
            at 1:20: this belongs to a flow, and a `.trickle` file is one query
             --> q.trickle:2:1
              |
            2 | include "other.trickle";
              | ^^^^^^^^^^^^^^^^^^^^^^^
              |
              = help: write it into the macro call beside the `include`, or into a `.yaml` file
            ----
            pipeline q
              broken: define offramp a from ws with url x end
              broken: include other.trickle
              select event from in into out
        "#]],
    );
}

#[test]
fn an_empty_file_is_an_empty_query() {
    check(
        "",
        &expect![[r#"
        ----
        pipeline q
    "#]],
    );
    check(
        "# nothing\n",
        &expect![[r#"
        ----
        pipeline q
    "#]],
    );
}

#[test]
fn a_long_line_of_bars_is_read_in_one_go() {
    // read to the end of the line at each of them, this would take minutes
    let text = "|".repeat(200_000);
    let files = Memory::new(&[("q.trickle", &text)]);
    let (_, diagnostics) = parsed("flow Test; include \"q.trickle\";", &files);
    let errors = diagnostics.into_sorted();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].message().starts_with("expected a statement, found `||`"));
}
