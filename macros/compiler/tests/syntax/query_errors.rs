//! Wrong queries: each error once, at its place, with what to do; and where the parser goes on.

use expect_test::expect;

use crate::flow_errors::check;

#[test]
fn selects() {
    check(
        r#"
pipeline T;
select event form in into out;
select event from in int out;
select event.a. from in into out;
select event.select from in into out;
select event."a" from in into out;
select event.0 from in into out;
select event from select into out;
create operator create;
select event from in/with into match/case;
select event from in into out where true;
select event from in into out having true;
select event from in group by event.a into out;
select event from in[w] into out;
select event where true from in into out;
select from in into out;
select event from in where into out;
select event from in into;
select event into out;
select merge event of {} from in into out;
select merge event {} end from in into out;
select event end from in into out;
"#,
        &expect![[r#"
            2:14 expected `from`, found `form`
              help: did you mean `from`?
            3:22 expected `into`, found `int`
              help: did you mean `into`?
            4:17 `from` is a keyword, not a name
              help: write `r#from`
            5:14 `select` is a keyword, not a name
              help: write `r#select`
              note: also used at line 8
            6:14 expected a key after `.`, found a string
              help: write `["key"]`, without the dot
            7:14 expected a key after `.`, found `0`
              help: write `[0]`, without the dot
            9:17 `create` is a keyword, not a name
              help: write `r#create`
            10:22 `with` is a keyword, not a name
              help: write `r#with`
            10:32 `match` is a keyword, not a name
              help: write `r#match`
            10:38 `case` is a keyword, not a name
              help: write `r#case`
            11:31 `where` stands before `into`
              help: the order is `select … from … where … into … having …`
            13:22 `group by` is not supported yet
              help: remove it: a select makes one event of each
            14:21 `window` is not supported yet
              help: remove it: a select makes one event of each
            15:14 expected `from`, found `where`
              help: the order is `select … from … where … into … having …`
            16:8 expected an expression, found `from`
              help: write what is selected: `select event from …` takes the whole event
            17:28 expected a condition, found `into`
              help: write a condition behind `where`, such as `event.key > 1`, or remove it
            18:26 expected `out` or the name of an operator or stream, found `;`
            19:14 expected `from`, found `into`
              help: the order is `select … from … where … into … having …`
            20:26 expected `end`, found `from`
              help: `merge … of …` ends with `end`
              note: `merge` begins at line 20
            21:20 expected `of`, found `{`
              help: write `merge target of patch end`
            22:14 expected `from`, found `end`
              help: the order is `select … from … where … into … having …`
            ----
            broken: select event form in into out
            broken: select event from in int out
            broken: select event a from in into out
            select event.r#select from in into out
            broken: select event a from in into out
            broken: select event from in into out
            select event from select into out
            create operator create
            select event from in/with into match/case
            broken: select event from in into out where true
            select event from in into out having true
            broken: select event from in group by event a into out
            broken: select event from in w into out
            broken: select event where true from in into out
            broken: select from in into out
            broken: select event from in where into out
            broken: select event from in into
            broken: select event into out
            broken: select merge event of from in into out
            broken: select merge event end from in into out
            broken: select event end from in into out
        "#]],
    );
}

#[test]
fn expressions() {
    check(
        r#"
pipeline T;
select event.a && event.b from in into out;
select event.a || event.b from in into out;
select event.a = 1 from in into out;
select {hostname: 1} from in into out;
select {"a" 1} from in into out;
select {"a": 1 "b": 2} from in into out;
select [1 2] from in into out;
"#,
        &expect![[r#"
            2:16 there is no operator `&&`
              help: write `and`
            3:16 there is no operator `||`
              help: write `or`
            4:16 there is no operator `=`
              help: write `==`
            5:9 expected a string as key, found `hostname`
              help: write `"hostname"`
            6:13 expected `:`, found `1`
            7:16 expected `,` or `}`, found a string
            8:11 expected `,` or `]`, found `2`
            ----
            select event.a and event.b from in into out
            select event.a or event.b from in into out
            select event.a == 1 from in into out
            broken: select hostname from in into out
            broken: select a from in into out
            broken: select a b from in into out
            broken: select from in into out
        "#]],
    );
    check(
        r#"
pipeline T;
select (1, 2) from in into out;
select f(1 2) from in into out;
select event[1 from] from in into out;
select event[1:] from in into out;
select event[] from in into out;
select $.x from in into out;
select 'a' from in into out;
select b"a" from in into out;
select """
 text
""" from in into out;
select "a" "b" from in into out;
select event ~= json|| from in into out;
select event.a ~ 1 from in into out;
select <<1>> from in into out;
select rust::crate::f(1) from in into out;
select present 1 from in into out;
select absent event.a + 1 from in into out;
select present (event.a + 1) from in into out;
select 1.e5 from in into out;
select event.a ? 1 from in into out;
select @ from in into out;
select :: from in into out;
select a:: from in into out;
select ! from in into out;
select 'x from in into out;
"#,
        &expect![[r##"
            2:10 expected `)`, found `,`
            3:12 expected `,` or `)`, found `2`
            4:16 expected `]`, found `from`
            5:16 expected an expression, found `]`
            6:14 expected an expression, found `]`
            7:9 expected a key after `$`, found `.`
              help: write `$key` or `$["key"]`
            8:8 strings stand in double quotes
              help: write `"…"` in place of `'…'`
            9:8 this kind of literal means nothing here
              help: write a plain string: `"…"`
            10:8 two strings in a row; a heredoc `"""` cannot be written here
              help: write one string; a raw string `r#"…"#` may have many lines
            13:8 two strings in a row; a heredoc `"""` cannot be written here
              help: write one string; a raw string `r#"…"#` may have many lines
            14:14 `~=` is not supported yet
              help: remove it
            15:16 `~` is not supported yet
              help: remove it
            16:8 `<<` is not supported yet
              help: remove it
            17:8 `rust::` is not supported yet
              help: remove it
            18:16 `present` takes a path
              help: for example `present event.key`
            20:17 `present` takes a path
              help: for example `present event.key`
            21:9 expected `from`, found `.`
              help: the order is `select … from … where … into … having …`
            22:16 there is no operator `?`
              help: write two selects, each with its `where`: there is no `? :`
            23:8 expected an expression, found `@`
            24:8 expected an expression, found `::`
            25:12 `from` is a keyword, not a name
              help: write `r#from`
            26:10 expected an expression, found `from`
            27:8 strings stand in double quotes
              help: write `"…"` in place of `'…'`
            ----
            broken: select from in into out
            broken: select f from in into out
            broken: select event from from in into out
            broken: select event from in into out
            broken: select event from in into out
            broken: select x from in into out
            broken: select from in into out
            broken: select from in into out
            broken: select 
             text
             from in into out
            broken: select a b from in into out
            broken: select event json from in into out
            broken: select event a from in into out
            broken: select from in into out
            broken: select rust crate f from in into out
            broken: select present from in into out
            select absent event.a + 1 from in into out
            broken: select present event a from in into out
            broken: select e5 from in into out
            broken: select event a from in into out
            broken: select from in into out
            broken: select from in into out
            broken: select a from in into out
            broken: select from in into out
            broken: select from in into out
        "##]],
    );
}

#[test]
fn what_a_later_version_has_is_not_supported_yet() {
    check(
        r#"
pipeline T;
select match event of case 1 => 2 default => 3 end from in into out;
select for event of case (i, e) => e end from in into out;
select let x = 1 from in into out;
select args.x from in into out;
select state from in into out;
select group[0] from in into out;
select window from in into out;
select recur(1) from in into out;
define script s with a = 1 script let b = 1; drop; merge event of {} end; end;
create script s;
define tumbling window w with size = 1 end;
define tumbling window w with interval = 1 script event.a end;
define sliding window w with size = 1 end;
mod m with define script a script 1; 2 end; const x = 1; fn f(a) with a; a end; end;
fn f(a) with a + 1; 2 end;
fn f(a) of case (1) => 1 default => 2 end;
intrinsic fn f(a) as b::c;
let x = 1;
emit event;
drop;
script x end;
require durable;
use std::string as s;
define rust::crate::X operator x with a = 1 end;
select event from in into out;
"#,
        &expect![[r#"
            2:8 `match` is not supported yet
              help: remove it; what depends on the event is told apart by selects with `where …`
            3:8 `for` is not supported yet
              help: remove it; what depends on the event is told apart by selects with `where …`
            4:8 `let` is not supported yet
              help: remove it; what depends on the event is told apart by selects with `where …`
            5:8 `args` is not supported yet
              help: remove it
            6:8 `state` is not supported yet
              help: remove it
            7:8 `group` is not supported yet
              help: remove it
            8:8 `window` is not supported yet
              help: remove it: a select makes one event of each
            9:8 `recur` is not supported yet
              help: remove it
            10:8 `script` is not supported yet
              help: remove it; a query has `define … operator`, `create`, `select`, `const`, `mod` and `use`
            11:8 `script` is not supported yet
              help: remove it; a query has `define … operator`, `create`, `select`, `const`, `mod` and `use`
            12:8 `tumbling` is not supported yet
              help: remove it
            13:8 `tumbling` is not supported yet
              help: remove it
            14:8 `sliding` is not supported yet
              help: remove it
            15:19 `script` is not supported yet
              help: remove it; a query has `define … operator`, `create`, `select`, `const`, `mod` and `use`
            15:58 `fn` is not supported yet
              help: remove it, and write the expression where the function was called
            16:1 `fn` is not supported yet
              help: remove it, and write the expression where the function was called
            17:1 `fn` is not supported yet
              help: remove it, and write the expression where the function was called
            18:1 `intrinsic` is not supported yet
              help: remove it, and write the expression where the function was called
            19:1 `let` is not supported yet
              help: remove it; what depends on the event is told apart by selects with `where …`
            20:1 `emit` is not supported yet
              help: remove it; what depends on the event is told apart by selects with `where …`
            21:1 `drop` is not supported yet
              help: remove it; what depends on the event is told apart by selects with `where …`
            22:1 `script` is not supported yet
              help: remove it; a query has `define … operator`, `create`, `select`, `const`, `mod` and `use`
            23:1 this belongs to a flow
              help: a macro call that begins with `pipeline Name;` is one query; write `flow Name;`
            24:17 `as` is not supported yet
              help: write `use std::string;`: its functions are called `string::…`
            25:8 `rust::` is not supported yet
              help: remove it
            ----
            broken: select match event of case default end from in into out
            broken: select for event of case i e e end from in into out
            broken: select let x from in into out
            broken: select args x from in into out
            broken: select state from in into out
            broken: select group from in into out
            broken: select window from in into out
            broken: select recur from in into out
            broken: define script s with a script let b drop merge event of end end
            broken: create script s
            broken: define tumbling window w with size end
            broken: define tumbling window w with interval script event a end
            broken: define sliding window w with size end
            mod m with broken: define script a script end; const x = 1; broken: fn f a with a a end; end
            broken: fn f a with a end
            broken: fn f a of case default end
            broken: intrinsic fn f a as b c
            broken: let x
            broken: emit event
            broken: drop
            broken: script x end
            broken: require durable
            broken: use std string as s
            broken: define rust crate X operator x with a end
            select event from in into out
        "#]],
    );
    check(
        r#"
pipeline T;
define script s with a = 1 script let b = 1; drop;
select event from in into out;
"#,
        &expect![[r#"
            2:8 `script` is not supported yet
              help: remove it; a query has `define … operator`, `create`, `select`, `const`, `mod` and `use`
            ----
            broken: define script s with a script let b drop
            select event from in into out
        "#]],
    );
}

#[test]
fn an_end_that_is_missing_at_the_end_of_the_text() {
    check(
        "pipeline T;
select event from in into out;
create operator log with read_count = 1;",
        &expect![[r#"
            3:40 expected `,` or `end`, found `;`
              help: `with …` ends with `end`
              note: `with` begins at line 3
            ----
            select event from in into out
            create operator log with read_count = 1
        "#]],
    );
}
