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
        r#"
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
"#,
        &expect![[""]],
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
        &expect![[""]],
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
        &expect![[""]],
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
        &expect![[""]],
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
        &expect![[""]],
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
        &expect![[""]],
    );
    check("pipeline T; mod a with mod b with const x = 1;", &expect![[""]]);
}
