//! `const`, `mod`, `create stream`, `having` and `patch`: how they are read, and what is said of slips in them.

use expect_test::{Expect, expect};

use crate::support::{dump, errors, parsed};

fn check(text: &str, expected: &Expect) {
    let (flow, diagnostics) = parsed(text);
    let statements = flow.map(|flow| dump(&flow)).unwrap_or_default();
    expected.assert_eq(&format!("{}----\n{statements}", errors(diagnostics)));
}

#[test]
fn statements_are_read() {
    check(
        r##"
pipeline T;
/// How many.
const most = 2 * (1 + least);
mod a with
    /// Inside.
    const least = { "x": [1] };
    mod b with end;
    mod c with use std::string; define qos::wal operator log with read_count = least end end;
    ;
    define qos::wal operator bare
end;
create stream s;
select patch event of
    insert "a" => a::least, upsert "b" => merge event of {} end, update "c" => patch {} of erase "x" end,
    erase "d", move "e" => "f", copy "#{event.g}" => "h", merge "i" => {"merge": 1}, merge => event,
end from s into out having event.most > most and not a::b::c;
select event from in into s having true
"##,
        &expect![[r##"
            ----
            const most = 2 * (1 + least)
            mod a with const least = {"x": [1]}; mod b with end; mod c with use std::string; define qos::wal operator log with read_count = least; end; define qos::wal operator bare; end
            create stream s
            select patch event of insert "a" => a::least, upsert "b" => merge event of {} end, update "c" => patch {} of erase "x" end, erase "d", move "e" => "f", copy "#{event.g}" => "h", merge "i" => {"merge": 1}, merge => event end from s into out having event.most > most and not a::b::c
            select event from in into s having true
        "##]],
    );
}

#[test]
fn slips_in_a_patch() {
    check(
        r#"
pipeline T;
select patch event of end from in into out;
select patch event insert "a" => 1 end from in into out;
select patch event of insrt "a" => 1 end from in into out;
select patch event of insert a => 1 end from in into out;
select patch event of insert "a": 1 end from in into out;
select patch event of insert "a", 1 end from in into out;
select patch event of move "a", "b" end from in into out;
select patch event of move "a" => b end from in into out;
select patch event of erase end from in into out;
select patch event of erase "a" erase "b" end from in into out;
select patch event of erase "a" from in into out;
select patch event of merge {} end from in into out;
select patch event of insert "a" => 1, , end from in into out;
select patch event of insert "a" => 1 => 2 end from in into out;
select patch event of merge "a" => {} , oops "b" => 1 end from in into out;
select event from in into out;
patch event of erase "a" end;
"#,
        &expect![[r#"
            3:23 expected an operation, found `end`
              help: legal operations: `insert`, `upsert`, `update`, `erase`, `move`, `copy`, `merge`
            4:20 expected `of`, found `insert`
              help: write `patch target of insert "key" => value, … end`
            5:23 expected an operation, found `insrt`
              help: did you mean `insert`? Legal operations: `insert`, `upsert`, `update`, `erase`, `move`, `copy`, `merge`
            6:30 expected a string as key, found `a`
              help: write `"a"`
            7:33 expected `=>`, found `:`
              help: write `insert "key" => value`
            8:33 expected `=>`, found `,`
              help: write `insert "key" => value`
            9:31 expected `=>`, found `,`
              help: write `move "key" => "other"`
            10:35 expected a string as key, found `b`
              help: write `"b"`
            11:29 expected a string as key, found `end`
            12:33 expected `end`, found `erase`
              help: `,` stands between the operations
            13:33 expected `end`, found `from`
              help: `patch … of …` ends with `end`
              note: `patch` begins at line 13
            14:29 expected a string as key, found `{`
            15:40 expected an operation, found `,`
              help: legal operations: `insert`, `upsert`, `update`, `erase`, `move`, `copy`, `merge`
            16:39 expected `end`, found `=>`
              help: `patch … of …` ends with `end`
              note: `patch` begins at line 16
            17:41 expected an operation, found `oops`
              help: legal operations: `insert`, `upsert`, `update`, `erase`, `move`, `copy`, `merge`
            19:1 expected a statement, found `patch`
              help: legal statements: `use`, `define`, `create`, `select`, `const`, `mod`
            ----
            broken: select patch event of end from in into out
            broken: select patch event insert a end from in into out
            broken: select patch event of insrt a end from in into out
            broken: select patch event of insert a end from in into out
            select patch event of insert "a" => 1 end from in into out
            broken: select patch event of insert a end from in into out
            select patch event of move "a" => "b" end from in into out
            broken: select patch event of move a b end from in into out
            broken: select patch event of erase end from in into out
            broken: select patch event of erase a erase b end from in into out
            broken: select patch event of erase a from in into out
            broken: select patch event of merge end from in into out
            broken: select patch event of insert a end from in into out
            broken: select patch event of insert a end from in into out
            broken: select patch event of merge a oops b end from in into out
            select event from in into out
            broken: patch event of erase a end
        "#]],
    );
}

#[test]
fn slips_in_constants_and_streams() {
    check(
        r#"
pipeline T;
const = 1;
const a 1;
const b: 2;
const c := 2;
const event = 3;
const d = ;
const e = 1, f = 2;
const g = 1
create stream;
create stream s, t;
create stream in_ with a = 1 end;
create streams u;
select event from in into out;
"#,
        &expect![[r#"
            3:7 expected the constant's name, found `=`
            4:9 expected `=`, found `1`
              help: write `a = …`
            5:8 expected `=`, found `:`
              help: write `b = …`
            6:9 expected `=`, found `:`
              help: write `c = …`
            6:10 expected an expression, found `=`
            7:7 `event` is a keyword, not a name
              help: write `r#event`
            8:11 expected an expression, found `;`
            9:12 expected `;`, found `,`
            10:11 this statement has no `;` behind it
              help: write `;` here
            11:14 expected the stream's name, found `;`
            12:16 expected `;`, found `,`
            13:19 expected `;`, found `with`
            14:8 expected `operator` or `stream`, found `streams`
              help: did you mean `create stream`?
            ----
            broken: const
            const a = 1
            const b = 2
            broken: const c
            const event = 3
            broken: const d
            const e = 1
            broken: f
            const g = 1
            broken: create stream
            create stream s
            broken: t
            create stream in_
            broken: with a end
            broken: create streams u
            select event from in into out
        "#]],
    );
}

#[test]
fn slips_in_modules_lose_no_statement() {
    check(
        r#"
pipeline T;
mod with const a = 1; end;
mod a const b = 1; end;
mod c with const b = 1 end;
mod d with const b = ; const c = 2; fn f(x) with x; x end; define script s script 1; 2 end; const d = 3; end;
mod e with select event from in into out; create operator x; const e = 5; create stream y; end;
mod f with mod g with const h = 1; end; end
select event from in into out;
mod h with const i = 1 const j = 2; end end;
"#,
        &expect![[r#"
            3:5 expected the module's name, found `with`
            4:7 expected `with`, found `const`
              help: write `mod name with … end`
            6:22 expected an expression, found `;`
            6:37 `fn` is not supported yet
              help: remove it, and write the expression where the function was called
            6:67 `script` is not supported yet
              help: remove it; a query has `define … operator`, `create`, `select`, `const`, `mod` and `use`
            7:12 `select` cannot stand in a module, which only defines
              help: end the module before it, or write it behind the `end;` of the module `e`
              note: the module begins at line 7
            8:41 this statement has no `;` behind it
              help: write `;` here
            10:22 this statement has no `;` behind it
              help: write `;` here
            10:41 this `end` closes nothing
              help: remove it: a statement ends with `;`, and what has an `end` has one
            ----
            mod  with const a = 1; end
            mod a with const b = 1; end
            mod c with const b = 1; end
            mod d with broken: const b; const c = 2; broken: fn f x with x x end; broken: define script s script end; const d = 3; end
            select event from in into out
            create operator x
            create stream y
            mod e with const e = 5; end
            mod f with mod g with const h = 1; end; end
            select event from in into out
            mod h with const i = 1; const j = 2; end
            broken: end
        "#]],
    );
    check(
        r#"
flow T;
const outside = 1;
mod outside with const a = 1; end;
define pipeline p
    mod a with
        const x = 1;
    select event from in into out;
end;
define offramp o from blackhole end;
"#,
        &expect![[r#"
            3:1 `const` belongs into a pipeline
              help: write it between `define pipeline name` and its `end;`
            4:1 `mod` belongs into a pipeline
              help: write it between `define pipeline name` and its `end;`
            8:5 `select` cannot stand in a module, which only defines
              help: end the module before it, or write it behind the `end;` of the module `a`
              note: the module begins at line 6
            ----
            broken: const outside
            broken: mod outside with const a end
            pipeline p
              select event from in into out
              mod a with const x = 1; end
            offramp o from blackhole
        "#]],
    );
    check(
        r#"
flow T;
define pipeline p
    mod a with
        const x = 1;
end;
define offramp o from blackhole end;
"#,
        &expect![[r#"
            7:1 expected `end;` of the module `a` or of the pipeline `p`, found `define`
              help: write `end;` before it
              note: the pipeline begins at line 3
              note: the module begins at line 4
            ----
            pipeline p
              mod a with const x = 1; end
            offramp o from blackhole
        "#]],
    );
    // a module has no select, so its `end` is there
    check(
        "flow T; define pipeline p mod a with const x = 1; end; select event from in into out; define offramp o from blackhole end;",
        &expect![[r#"
            1:87 expected `end;` of the pipeline `p`, found `define`
              help: write `end;` before it
              note: the pipeline begins at line 1
            ----
            pipeline p
              mod a with const x = 1; end
              select event from in into out
            offramp o from blackhole
        "#]],
    );
    check(
        "pipeline T; mod a with mod b with const x = 1;",
        &expect![[r#"
        1:46 expected `end;` of the module `b`, found the end of the text
          note: the module begins at line 1
        ----
        mod a with mod b with const x = 1; end; end
    "#]],
    );
}
