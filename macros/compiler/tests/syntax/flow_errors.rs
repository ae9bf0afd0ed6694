//! Wrong flows: each error once, at its place, with what to do; and where the parser goes on.

use expect_test::{Expect, expect};

use crate::support::{dump, errors, parsed};

/// The errors of a text, as `line:column message`, and behind a line what is left of it.
#[track_caller]
pub(crate) fn check(text: &str, expected: &Expect) {
    let (flow, diagnostics) = parsed(text.trim_start());
    let rest = flow.map_or(String::new(), |flow| dump(&flow));
    expected.assert_eq(&format!("{}----\n{rest}", errors(diagnostics)));
}

#[test]
fn without_a_head_the_statements_are_read_all_the_same() {
    check(
        "",
        &expect![[r#"
            1:1 expected `flow Name;` or `pipeline Name;`, found the end of the text
              help: `pub flow Name;` begins a whole program, `pub pipeline Name;` a query
            ----
            broken: 
        "#]],
    );
    check(
        "pub",
        &expect![[r#"
            1:1 expected `flow Name;` or `pipeline Name;`, found the end of the text
              help: `pub flow Name;` begins a whole program, `pub pipeline Name;` a query
            ----
            broken: 
        "#]],
    );
    check(
        "define onramp a from b end;",
        &expect![[r#"
            1:1 expected `flow Name;` or `pipeline Name;`, found `define`
              help: `pub flow Name;` begins a whole program, `pub pipeline Name;` a query
            ----
            onramp a from b
            broken: 
        "#]],
    );
    check(
        "pub flwo Test;",
        &expect![[r#"
        1:5 expected `flow Name;` or `pipeline Name;`, found `flwo`
          help: did you mean `flow`?
        ----
    "#]],
    );
    check(
        "flow;",
        &expect![[r#"
            1:5 expected a name for the type to make, such as `RoundRobin`, found `;`
            ----
            broken: flow
        "#]],
    );
    check(
        "flow Test define onramp a from b end;",
        &expect![[r#"
        1:6 the head has no `;` behind it
          help: write `Test;`
        ----
        onramp a from b
    "#]],
    );
    check(
        "flow self; define onramp a from b end;",
        &expect![[r#"
            1:6 `self` cannot be the name of a type
              help: give it another name, such as `RoundRobin`
            ----
            onramp a from b
            broken: flow self
        "#]],
    );
    check(
        "pub(1) flow Test;",
        &expect![[r#"
        1:5 this is no visibility
          help: write `pub` or `pub(crate)`
        ----
    "#]],
    );
    for wrong in
        ["pub() flow Test;", "pub(event.a) flow Test;", "pub(event) flow Test;", "pub(in a::) flow Test;"]
    {
        check(
            wrong,
            &expect![[r#"
            1:5 this is no visibility
              help: write `pub` or `pub(crate)`
            ----
        "#]],
        );
    }
    check(
        "create operator x;",
        &expect![[r#"
            1:1 expected `flow Name;` or `pipeline Name;`, found `create`
              help: `pub flow Name;` begins a whole program, `pub pipeline Name;` a query
            ----
            create operator x
            broken: 
        "#]],
    );
    check(
        "pub flow Test",
        &expect![[r#"
        1:10 the head has no `;` behind it
          help: write `Test;`
        ----
    "#]],
    );
    check(
        "struct A; define onramp;",
        &expect![[r#"
            1:1 expected `flow Name;` or `pipeline Name;`, found `struct`
              help: `pub flow Name;` begins a whole program, `pub pipeline Name;` a query
            1:24 expected the onramp's name, found `;`
            ----
            broken: define onramp
            broken: struct A
        "#]],
    );
}

#[test]
fn misspelt_words_are_recognised() {
    check(
        r#"
flow T;
define onrmap a from b end;
define onramp c from d end;
"#,
        &expect![[r#"
            2:8 expected something to define, found `onrmap`
              help: did you mean `onramp`? Legal words: `onramp`, `offramp`, `pipeline`, `binding`
            ----
            onramp a from b
            onramp c from d
        "#]],
    );
    check(
        r#"
flow T;
defin onramp a from b end;
crate binding /binding/x/1;
create bindin /binding/x/1;
define
"#,
        &expect![[r#"
            2:1 expected a statement, found `defin`
              help: did you mean `define`? Legal words: `define`, `create`, `include`, `require`
            3:1 expected a statement, found `crate`
              help: did you mean `create`? Legal words: `define`, `create`, `include`, `require`
            4:8 expected something to create, found `bindin`
              help: did you mean `binding`? Legal words: `binding`
            5:1 expected something to define, found the end of the text
              help: legal words: `onramp`, `offramp`, `pipeline`, `binding`
            ----
            onramp a from b
            mapping /binding/x/1
            broken: create bindin binding x
            broken: define
        "#]],
    );
}

#[test]
fn what_is_missing_is_named_at_the_next_token() {
    check(
        r#"
flow T;
define onramp a from b with x = 1;
define onramp c from d end
define onramp e from f with y = 1
define onramp g from h with z = 1 w = 2 end;
"#,
        &expect![[r#"
            2:34 expected `,` or `end`, found `;`
              help: `with …` ends with `end`
              note: `with` begins at line 2
            3:24 this statement has no `;` behind it
              help: write `;` here
            5:1 expected `,` or `end`, found `define`
              help: `with …` ends with `end`
              note: `with` begins at line 4
            5:35 expected `,` or `end`, found `w`
              help: `,` stands between the entries
            ----
            onramp a from b with x = 1
            onramp c from d
            onramp e from f with y = 1
            onramp g from h with z = 1, w = 2
        "#]],
    );
}

#[test]
fn definitions_of_the_flow_level() {
    check(
        r#"
flow T;
define onramp a with x = 1 end;
define onramp a form b with x = 1 end;
define onramp a from b x = 1 end;
define onramp from b with x = 1 end;
define onramp a from b with x end;
define onramp a from b with x = end;
define onramp a from b with 5 = x end;
define onramp a from rust::crate::Source with x = 1 end;
define onramp a from b with x = 1 yields { id: uint } end;
define onramp a from b yields { id: uint } end;
include "etc/x.trickle";
require at_least_once;
#[allow(unused_artefact)]
define onramp ok from b end;
#[derive(X)]
define onramp ok2 from b end;
"#,
        &expect![[r#"
            2:17 expected `from`, found `with`
              help: the order is `define onramp name from kind with … end`; a kind is `metronome`
            3:17 expected `from`, found `form`
              help: did you mean `from`?
            4:24 expected `with` or `end`, found `x`
              help: write `with x = …`
            5:15 expected the onramp's name, found `from`
            6:31 expected `=`, found `end`
              help: write `x = …`
            7:33 expected an expression, found `end`
            8:29 expected a key or `end`, found `5`
              help: a name begins with a letter
            9:22 `rust::` is not supported yet
              help: remove it
            10:35 `yields` is not supported yet
              help: remove it
            11:24 `yields` is not supported yet
              help: remove it
            12:9 there is no file `etc/x.trickle`
              help: there is nothing in the folder `etc`
              note: the path begins at the folder of the crate's `Cargo.toml`
            16:3 this attribute means nothing here
              help: comments begin with `//`, and `#[allow(rule)]` silences a warning
            ----
            broken: define onramp a with x end
            broken: define onramp a form b with x end
            broken: define onramp a from b x end
            onramp  from b with x = 1
            onramp a from b (and more)
            onramp a from b (and more)
            onramp a from b (and more)
            broken: define onramp a from rust crate Source with x end
            broken: define onramp a from b with x yields id uint end
            broken: define onramp a from b yields id uint end
            require at_least_once
            onramp ok from b
            onramp ok2 from b
        "#]],
    );
}

#[test]
fn an_unquoted_url_is_recognised_and_the_next_definition_is_read() {
    check(
        r#"
flow T;
define offramp ws0 from ws with url = ws://localhost:8080/ end;
define offramp ws1 from ws with url = ws://localhost:8081/, ack = "x"
end;
define offramp ws2 from ws with url = "ws://localhost:8082/" end;
"#,
        &expect![[r#"
            2:39 a URL is a string; without quotes it is cut off at `//`
              help: write it in double quotes: `"ws://localhost:8080/"`
            3:39 a URL is a string; without quotes it is cut off at `//`
              help: write it in double quotes: `"ws://localhost:8080/"`
            ----
            offramp ws0 from ws (and more)
            offramp ws1 from ws (and more)
            offramp ws2 from ws with url = "ws://localhost:8082/"
        "#]],
    );
}

#[test]
fn comments_of_files_are_one_error_and_skipped() {
    check(
        r#"
flow T;
# create operator x;
define onramp a from b end; # why [not (this)]
define pipeline p
  # inner
  select event from in into out;
end;
"#,
        &expect![[r#"
            2:1 `#` does not begin a comment inside `pipeline!`
              help: begin comments with `//`
              note: another one at line 3
              note: another one at line 5
            ----
            onramp a from b
            pipeline p
              select event from in into out
        "#]],
    );
    check(
        r#"
flow T;
//! inner docs
define onramp a from b end;
"#,
        &expect![[r#"
            2:1 `//!` documents nothing here
              help: write `///` before a statement
            ----
            onramp a from b
        "#]],
    );
}

#[test]
fn a_missing_semicolon_or_end_loses_no_statement() {
    check(
        r#"
flow T;
define pipeline p
  select event from in into out
  create operator x
  create operator y;
define binding b links /onramp/a/1 => /pipeline/p/1 end;
"#,
        &expect![[r#"
            3:29 this statement has no `;` behind it
              help: write `;` here
            4:19 this statement has no `;` behind it
              help: write `;` here
            6:1 expected `end;` of the pipeline `p`, found `define`
              help: write `end;` before it
              note: the pipeline begins at line 2
            ----
            pipeline p
              select event from in into out
              create operator x
              create operator y
            binding b
              /onramp/a/1 => /pipeline/p/1
        "#]],
    );
    check(
        r#"
flow T;
define pipeline p
  define qos::wal operator x read_count = 20 end;
  define qos::wal x with a = 1 end;
  define operator x with a = 1 end;
  define wal operator x with a = 1, b = 2;
  create operator x;
end;
define onramp c from d end;
"#,
        &expect![[r#"
            3:30 expected `with` or `;`, found `read_count`
              help: write `with read_count = …`
            4:19 expected `operator`, found `x`
              help: the order is `define kind operator name`
            5:10 expected the kind of an operator, such as `qos::wal`, found `operator`
              help: write `define qos::wal operator x with … end`
            6:42 expected `,` or `end`, found `;`
              help: `with …` ends with `end`
              note: `with` begins at line 6
            ----
            pipeline p
              broken: define qos wal operator x read_count end
              broken: define qos wal x with a end
              broken: define operator x with a end
              define wal operator x with a = 1, b = 2
              create operator x
            onramp c from d
        "#]],
    );
    check(
        r#"
flow T;
define pipeline 5
  use std::string;
  select from in into out;
end;
define onramp c from d end;
"#,
        &expect![[r#"
            2:17 expected the pipeline's name, found `5`
              help: a name begins with a letter
            4:10 expected an expression, found `from`
              help: write what is selected: `select event from …` takes the whole event
            ----
            pipeline 
              use std::string
              broken: select from in into out
            onramp c from d
        "#]],
    );
}

#[test]
fn statements_at_the_wrong_level() {
    check(
        r#"
flow T;
select event from in into out;
create operator x;
define qos::wal operator x with a = 1 end;
define onramp c from d end;
end;
define onramp e from f end;
"#,
        &expect![[r#"
            2:1 `select` belongs into a pipeline
              help: write it between `define pipeline name` and its `end;`
            3:1 `create` belongs into a pipeline
              help: write it between `define pipeline name` and its `end;`
            4:1 `define` belongs into a pipeline
              help: write it between `define pipeline name` and its `end;`
            6:1 this `end` closes nothing
              help: each `define … end;` has one `end`, which a `;` follows
            ----
            broken: select event from in into out
            broken: create operator x
            broken: define qos wal operator x with a end
            onramp c from d
            broken: end
            onramp e from f
        "#]],
    );
    check(
        r#"
flow T;
define pipeline p
  create operator x end;
  select event from in into out;
end;
define onramp e from f end;
"#,
        &expect![[r#"
            3:21 this `end` closes nothing
              help: remove it: a statement ends with `;`, and what has an `end` has one
            ----
            pipeline p
              create operator x
              broken: end
              select event from in into out
            onramp e from f
        "#]],
    );
    check(
        r#"
pipeline T;
define onramp a from b with x = 1 end;
include "x.trickle";
select event from in into out;
"#,
        &expect![[r#"
            2:1 this belongs to a flow
              help: a macro call that begins with `pipeline Name;` is one query; write `flow Name;`
            3:9 there is no file `x.trickle`
              note: the path begins at the folder of the crate's `Cargo.toml`
            ----
            broken: define onramp a from b with x end
            select event from in into out
        "#]],
    );
}
