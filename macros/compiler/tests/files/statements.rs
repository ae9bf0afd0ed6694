//! Errors in what a `.trickle` file says with `having`, `patch`, streams, constants and modules: each at its place in the
//! file, as good as those inline.

use expect_test::{Expect, expect};

use crate::{Memory, checked, reports};

/// The errors of a query in a file.
#[track_caller]
fn check(text: &str, expected: &Expect) {
    let files = Memory::new(&[("q.trickle", text)]);
    expected.assert_eq(&reports(checked("pipeline Query; include \"q.trickle\";", &files)));
}

#[test]
fn of_patches() {
    check(
        "select patch { \"a\": event } of\n  insert \"a\" => 1,  # it is there\n  update \"bb\" => 2\nend\nfrom in into out;",
        &expect![[r#"
            at 1:25: `insert` finds a field `a` already there
             --> q.trickle:2:10
              |
            2 |   insert "a" => 1,  # it is there
              |          ^^^
              |
              = help: `upsert` replaces a field
            at 1:25: `update` finds no field `bb`
             --> q.trickle:3:10
              |
            3 |   update "bb" => 2
              |          ^^^^
              |
              = help: legal fields: `a`
        "#]],
    );
}

#[test]
fn of_having() {
    check(
        "select { \"n\": event.a }\nfrom in into out\nhaving event.m > 1;",
        &expect![[r#"
        at 1:25: `event` has no field `m`
         --> q.trickle:3:14
          |
        3 | having event.m > 1;
          |              ^
          |
          = help: legal fields: `n`
    "#]],
    );
    check(
        "select event.a from in having event > 1 into out;",
        &expect![[r#"
        at 1:25: `having` stands behind `into`
         --> q.trickle:1:24
          |
        1 | select event.a from in having event > 1 into out;
          |                        ^^^^^^
          |
          = help: the order is `select … from … where … into … having …`
    "#]],
    );
}

#[test]
fn of_constants_in_modules() {
    check(
        "mod limits with\n  ## So many.\n  const most = lest * 10;\n  const least = 1 % 0;\nend;\nconst a = b;\nconst b = a;\nselect [event, limits::mots, limits::most] from in into out;",
        &expect![[r#"
            at 1:25: there is no name `lest`
             --> q.trickle:3:16
              |
            3 |   const most = lest * 10;
              |                ^^^^
              |
              = help: did you mean `least`?
              = note: constants: `most`, `least`, `a`, `b`
            at 1:25: `%` by zero: 1 % 0 has no value
             --> q.trickle:4:17
              |
            4 |   const least = 1 % 0;
              |                 ^^^^^
              |
              = help: it is computed when the flow is compiled, and fails: write other values
            at 1:25: this constant is made of itself: `a` uses `b` uses `a`
             --> q.trickle:6:7
              |
            6 | const a = b;
              |       ^
            7 | const b = a;
              |       - `b` is defined
              |
              = help: give one of them a value that needs none of the others
            at 1:25: the module `limits` has no constant `mots`
             --> q.trickle:8:24
              |
            8 | select [event, limits::mots, limits::most] from in into out;
              |                        ^^^^
              |
              = help: did you mean `most`? Legal constants: `most`, `least`
        "#]],
    );
}

#[test]
fn of_definitions_in_modules() {
    check(
        "mod logs with\n  mod deep with\n    define qos::wal operator log with\n      read_count = 0\n    end;\n  end;\nend;\ncreate operator log from logs::deeep::log;\nselect event from in into log; select event from log into out;",
        &expect![[r#"
            at 1:25: neither `max_elements` nor `max_bytes` is set
             --> q.trickle:3:30
              |
            3 |     define qos::wal operator log with
              |                              ^^^
              |
              = help: set at least one of them
            at 1:25: `read_count` must be at least 1, not 0
             --> q.trickle:4:20
              |
            4 |       read_count = 0
              |                    ^
              |
              = help: give an integer from 1 to 4294967295 (events)
            at 1:25: `logs` has no module `deeep`
             --> q.trickle:8:32
              |
            8 | create operator log from logs::deeep::log;
              |                                ^^^^^
              |
              = help: did you mean `deep`? Legal modules: `deep`
        "#]],
    );
}

#[test]
fn of_streams() {
    check(
        "create stream all;\ncreate stream `my way`;\nselect event from in into al;\nselect event from `my way` into out;\ncreate stream all;",
        &expect![[r#"
            at 1:25: there is no operator or stream `al`
             --> q.trickle:3:27
              |
            3 | select event from in into al;
              |                           ^^
              |
              = help: did you mean `all`? Legal names: `out`, `err`, `all`, `my way`
            at 1:25: the stream `all` is created twice
             --> q.trickle:5:15
              |
            1 | create stream all;
              |               --- first created
            ...
            5 | create stream all;
              |               ^^^
              |
              = help: give the stream another name: `create stream other;`
        "#]],
    );
}
