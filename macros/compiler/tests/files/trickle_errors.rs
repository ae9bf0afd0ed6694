//! What `.trickle` files may not have, and where they are not closed.

use expect_test::expect;

use super::trickle::check;
use crate::{Memory, checked, reports};

#[test]
fn wrong_directives() {
    check(
        "#!config metrics_interval_s = 10\n#!config di = \"x\"\n#!config id = 5\n#!config id = \"a\" b c\n#!config id = \"b\"\n\
         select event from in into out;\n#!config id = \"late\"\n#!/bin/tremor\nselect event from in into out;",
        &expect![[r#"
            at 1:20: `metrics_interval_s` is not supported yet
             --> q.trickle:1:10
              |
            1 | #!config metrics_interval_s = 10
              |          ^^^^^^^^^^^^^^^^^^
              |
              = help: remove it
            at 1:20: there is no setting `di`
             --> q.trickle:2:10
              |
            2 | #!config di = "x"
              |          ^^
              |
              = help: the one setting of a file is `id`, the pipeline's name: `#!config id = "name"`
            at 1:20: a name is a plain string
             --> q.trickle:3:15
              |
            3 | #!config id = 5
              |               ^
              |
              = help: write `id = "name"`
            at 1:20: expected the end of the line, found `b`
             --> q.trickle:4:19
              |
            4 | #!config id = "a" b c
              |                   ^
            at 1:20: expected the end of the line, found `c`
             --> q.trickle:4:21
              |
            4 | #!config id = "a" b c
              |                     ^
            at 1:20: the file has an `id` already
             --> q.trickle:5:10
              |
            4 | #!config id = "a" b c
              |               --- the first one
            5 | #!config id = "b"
              |          ^^
            at 1:20: `#!config` stands before all statements of a file
             --> q.trickle:7:1
              |
            7 | #!config id = "late"
              | ^^^^^^^^
              |
              = help: move it to the beginning of the file
            at 1:20: there is no directive `#!/bin/tremor`
             --> q.trickle:8:1
              |
            8 | #!/bin/tremor
              | ^^^^^^^^^^^^^
              |
              = help: the one directive is `#!config id = "name"`; a comment begins with `# `
            ----
            pipeline a
              select event from in into out
              broken: id late
              broken: 
              select event from in into out
        "#]],
    );
    check(
        "#!config id = \"a b\"\nselect event from in into out;",
        &expect![[r#"
        at 1:20: `a b` is no name for a pipeline
         --> q.trickle:1:15
          |
        1 | #!config id = "a b"
          |               ^^^^^
          |
          = help: a name has letters, digits, `_` and `-`
        ----
    "#]],
    );
}

#[test]
fn what_the_macro_call_has_is_pointed_out() {
    check(
        "// one\nselect event // two\nfrom in /* three\n */ into out;\nselect event.r#select from in into out;",
        &expect![[r#"
            at 1:20: in a file this does not begin a comment
             --> q.trickle:1:1
              |
            1 | // one
              | ^^
            2 | select event // two
              |              -- another one
            3 | from in /* three
              |         -- another one
              |
              = help: begin comments with `#`
            at 1:20: in a file a name is quoted with backticks
             --> q.trickle:5:14
              |
            5 | select event.r#select from in into out;
              |              ^^^^^^^^
              |
              = help: write `` `select` ``
            ----
            pipeline q
              select event from in into out
              broken: select event from in into out
        "#]],
    );
    check(
        "select event.select from in into out;\nselect 'a' from in into out",
        &expect![[r#"
        at 1:20: `select` is a keyword, not a name
         --> q.trickle:1:14
          |
        1 | select event.select from in into out;
          |              ^^^^^^
          |
          = help: write `` `select` ``
        at 1:20: strings stand in double quotes
         --> q.trickle:2:8
          |
        2 | select 'a' from in into out
          |        ^^^
          |
          = help: write `"…"` in place of `'…'`
        ----
        pipeline q
          select event.r#select from in into out
          broken: select from in into out
    "#]],
    );
}

#[test]
fn doc_comments_stand_where_the_original_has_them() {
    check(
        "### about this\n### file\nselect event from in into out;",
        &expect![[r#"
        ----
        pipeline q
          select event from in into out
    "#]],
    );
    check(
        "## about\n## this\nselect event from in into out;\n#### late\n## last",
        &expect![[r#"
        at 1:20: a `##` comment documents a `const` or a `fn`
         --> q.trickle:1:1
          |
        1 | ## about
          | ^^^^^^^^
          |
          = help: begin a comment with one `#`
        at 1:20: a `###` comment documents a module, at its beginning
         --> q.trickle:4:1
          |
        4 | #### late
          | ^^^^^^^^^
          |
          = help: begin a comment with one `#`
        at 1:20: a `##` comment documents a `const` or a `fn`
         --> q.trickle:5:1
          |
        5 | ## last
          | ^^^^^^^
          |
          = help: begin a comment with one `#`
        ----
        pipeline q
          select event from in into out
          broken: 
    "#]],
    );
}

#[test]
fn what_is_not_closed_is_marked_where_it_is_opened() {
    check(
        "select {\"a\": [1, 2} from in into out;\nselect event from in into out",
        &expect![[r#"
        at 1:20: `[` is not closed
         --> q.trickle:1:14
          |
        1 | select {"a": [1, 2} from in into out;
          |              ^    - there is no `]` before this
        ----
        pipeline q
          broken: select a from in into out
          select event from in into out
    "#]],
    );
    check(
        "select (event from in into out;\nselect event) from in into out;\nselect event from in into out;",
        &expect![[r#"
        at 1:20: expected `)`, found `from`
         --> q.trickle:1:15
          |
        1 | select (event from in into out;
          |               ^^^^
        ----
        pipeline q
          broken: select event from in into out select event from in into out
          select event from in into out
    "#]],
    );
    check(
        "select [1, 2 from in into out;\nselect event from in into out;",
        &expect![[r#"
        at 1:20: `[` is not closed
         --> q.trickle:1:8
          |
        1 | select [1, 2 from in into out;
          |        ^
          |
          = help: write `]` where it ends
        ----
        pipeline q
          broken: select from in into out
          select event from in into out
    "#]],
    );
    check(
        "select \"abc from in into out;\nselect event from in into out;",
        &expect![[r#"
        at 1:20: this string has no end
         --> q.trickle:1:8
          |
        1 | select "abc from in into out;
          |        ^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: a string ends in its line, with a `"`; text of several lines stands between `"""`
        ----
        pipeline q
          broken: select
          select event from in into out
    "#]],
    );
    check(
        "select \"abc #{event.x from in\" into out;\nselect event from in into out;",
        &expect![[r#"
        at 1:20: `#{` has no `}`
         --> q.trickle:1:13
          |
        1 | select "abc #{event.x from in" into out;
          |             ^^
          |
          = help: a literal `#{` is `\#{`
        ----
        pipeline q
          broken: select
          select event from in into out
    "#]],
    );
    check(
        "select event.`abc from in into out;\nselect event from in into out;",
        &expect![[r#"
            at 1:20: a name in backticks has no end
             --> q.trickle:1:14
              |
            1 | select event.`abc from in into out;
              |              ^^^^^^^^^^^^^^^^^^^^^^
              |
              = help: a name ends in its line, with a `` ` ``
            ----
            pipeline q
              broken: select event
              select event from in into out
        "#]],
    );
    check(
        "select \"\"\"\nabc\n\" from in into out;",
        &expect![[r#"
        at 1:20: this heredoc has no end
         --> q.trickle:1:8
          |
        1 | select """
          |        ^^^
          |
          = help: it ends with `"""`
        ----
        pipeline q
          broken: select
    "#]],
    );
    check(
        "select \"\"\" abc\n\"\"\" from in into out;",
        &expect![[r#"
            at 1:20: something stands behind `"""` in its line
             --> q.trickle:1:8
              |
            1 | select """ abc
              |        ^^^
              |
              = help: the text of a heredoc begins in the line behind `"""`
            ----
            pipeline q
              broken: select from in into out
        "#]],
    );
}

/// The errors of a query in a file, through all passes: the first line of each.
#[track_caller]
fn told(text: &str, expected: &[&str]) {
    let files = Memory::new(&[("q.trickle", text)]);
    let reports = reports(checked("pipeline Test; include \"q.trickle\";", &files));
    let found: Vec<&str> = reports.lines().filter_map(|line| line.strip_prefix("at 1:24: ")).collect();
    assert_eq!(found, expected, "{text}\n{reports}");
}

#[test]
fn a_string_without_an_end_is_the_only_error() {
    for text in [
        "select { \"a: event.x } from in into out;\nselect event from in into out;",
        "select {\n \"a\": \"x,\n \"b\": [1, 2],\n} from in into out;",
        "select {\n \"a\": {\"x: 1 },\n \"b\": [1, 2],\n} from in into out;",
        "select [\"x, \"y\"] from in into out;",
        "use std::string;\nselect string::len(\"abc) from in into out;\nselect (event) from in into out;",
        "use std::string;\nselect string::format(\"{}, (event,\n 1), 2) from in into out;",
        "select event from in where (event.x == \"abc) into out;\nselect event from in into out;",
        "const a = [\"abc];\nselect a from in where a == a into out;",
        "mod m with\n const x = \"abc;\nend;\nselect m::x from in into out;",
        "define qos::roundrobin operator rr\nwith\n outputs = [\"a, \"b\"]\nend;\ncreate operator rr;\n\
         select event from in into rr;\nselect event from rr/a into out;",
        "select patch event of\n insert \"a => 1,\n insert \"b\" => (2)\nend from in into out;",
    ] {
        told(text, &["this string has no end"]);
    }
    told("select [event.`a, 1] from in into out;", &["a name in backticks has no end"]);
}

#[test]
fn brackets_elsewhere_are_told_beside_a_string_without_an_end() {
    told(
        "select [event from in into out;\nselect \"abc from in into out;",
        &["`[` is not closed", "this string has no end"],
    );
    told(
        "select \"abc\nfrom in into out;\nselect event) from in into out;",
        &["this string has no end", "`)` closes nothing"],
    );
    // the error before it takes nothing of its line
    told("select ['a', 1 from in into out;", &["`[` is not closed", "strings stand in double quotes"]);
}
