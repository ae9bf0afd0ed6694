//! Queries → nodes and edges, and what is said about wrong names in them.

use expect_test::expect;

use crate::check;
use crate::support::FOUNDING;

#[test]
fn the_founding_flow_is_resolved_whole() {
    check(
        FOUNDING,
        &expect![[r#"
            ----
            onramp metronome from metronome with interval = 1000
            offramp ws0 from ws with url = "ws://localhost:8080/"
            offramp ws1 from ws with url = "ws://localhost:8081/"
            offramp ws2 from ws with url = "ws://localhost:8082/"
            pipeline roundrobin
              scope: system=tremor::system
              0 input in
              1 qos::wal in_memory_wal with read_count = 20, max_elements = 1000, max_bytes = 10485760 ports out
              2 qos::roundrobin roundrobin with outputs = ["ws0", "ws1", "ws2"] ports ws0 ws1 ws2 overflow
              3 select #0 merge event of {"hostname": system::hostname()} end
              4 select #1 event
              5 select #2 event
              6 select #3 event
              7 select #4 event
              8 output ws0
              9 output ws1
              10 output ws2
              0/out -> 3/in
              3/out -> 1/in
              1/out -> 4/in
              4/out -> 2/in
              2/ws0 -> 5/in
              5/out -> 8/in
              2/ws1 -> 6/in
              6/out -> 9/in
              2/ws2 -> 7/in
              7/out -> 10/in
            instance 0 of onramp metronome: 01
            instance 1 of pipeline roundrobin: 01
            instance 2 of offramp ws0: 01
            instance 3 of offramp ws1: 01
            instance 4 of offramp ws2: 01
            link 0/out => 1/in
            link 1/ws0 => 2/in
            link 1/ws1 => 3/in
            link 1/ws2 => 4/in
        "#]],
    );
}

#[test]
fn ports_definitions_and_overrides_of_a_query() {
    check(
        r#"
pipeline RoundRobin;
define qos::wal operator wal with read_count = 1, max_elements = 2 end;
define qos::roundrobin operator rr with outputs = ["a", "b"] end;
define qos::wal operator other with read_count = 0 end;
create operator wal with max_elements = 3, max_bytes = 4 end;
create operator two from wal;
create operator rr;
use std::string;
select event from in into wal;
select event from in/side where event.x into wal;
select event from wal into rr/in;
select event.x from in/out into out/p;
select event from rr/a into two;
select event from rr/b into out;
select event from rr/overflow into err;
select event from two/out into metrics;
"#,
        &expect![[r#"
            ----
            pipeline round_robin
              scope: string=std::string
              0 input in
              1 input side
              2 qos::wal wal with read_count = 1, max_elements = 3, max_bytes = 4 ports out
              3 qos::wal two with read_count = 1, max_elements = 2 ports out
              4 qos::roundrobin rr with outputs = ["a", "b"] ports a b overflow
              5 select #0 event
              6 select #1 event where event.x
              7 select #2 event
              8 select #3 event.x
              9 select #4 event
              10 select #5 event
              11 select #6 event
              12 select #7 event
              13 output p
              14 output out
              15 output err
              16 output metrics
              0/out -> 5/in
              5/out -> 2/in
              1/out -> 6/in
              6/out -> 2/in
              2/out -> 7/in
              7/out -> 4/in
              0/out -> 8/in
              8/out -> 13/in
              4/a -> 9/in
              9/out -> 3/in
              4/b -> 10/in
              10/out -> 14/in
              4/overflow -> 11/in
              11/out -> 15/in
              3/out -> 12/in
              12/out -> 16/in
              unused other with read_count = 0
        "#]],
    );
}

#[test]
fn definitions_may_stand_behind_their_use() {
    check(
        r#"
pipeline Late;
select event from a into out;
select event from in into a;
create operator a from b;
define qos::wal operator b with read_count = 1 end;
"#,
        &expect![[r#"
            ----
            pipeline late
              0 input in
              1 select #0 event
              2 select #1 event
              3 qos::wal a with read_count = 1 ports out
              4 output out
              3/out -> 1/in
              1/out -> 4/in
              0/out -> 2/in
              2/out -> 3/in
        "#]],
    );
}

#[test]
fn an_empty_query_has_an_input() {
    check(
        "pipeline Empty;",
        &expect![[r#"
        ----
        pipeline empty
          0 input in
    "#]],
    );
}

#[test]
fn wrong_definitions_have_no_follow_ups() {
    check(
        r#"
pipeline T;
define qos::wall operator a with x = 1 end;
define wal operator b;
define generic::batch operator c;
define qos::wal operator d;
define quos::roundrobin operator e;
define foo::bar operator f;
define qos::wal operator d with read_count = 1 end;
create operator a;
create operator a2 from a;
create operator b;
create operator c;
create operator d;
create operator d;
create operator g;
create operator h from dd;
create operator h2 from m::d;
create operator in from d;
create operator err;
select event from in into a;
select event from a/x into d;
select event from d/x into d/side;
select event from d into f;
select event from f into out;
select event from e into g;
select event from out into in;
select event from err into err/x;
select event from nope into nopf;
select event from nope/x into noppe;
"#,
        &expect![[r#"
            2:8 there is no kind of operator called `qos::wall`
              help: did you mean `qos::wal`? Legal kinds of operators: `qos::wal`, `qos::roundrobin`
            3:8 there is no kind of operator called `wal`
              help: did you mean `qos::wal`? Legal kinds of operators: `qos::wal`, `qos::roundrobin`
            4:8 the operator `generic::batch` is not supported yet
              help: legal kinds of operators: `qos::wal`, `qos::roundrobin`
            6:8 there is no kind of operator called `quos::roundrobin`
              help: did you mean `qos::roundrobin`? Legal kinds of operators: `qos::wal`, `qos::roundrobin`
            7:8 there is no kind of operator called `foo::bar`
              help: legal kinds of operators: `qos::wal`, `qos::roundrobin`
            8:26 the operator `d` is defined twice
              help: remove one of the two, or give it another name
              note: first defined at line 5
            14:17 the operator `d` is created twice
              help: give the second one a name of its own: `create operator other from d;`
              note: first created at line 13
            15:17 no operator is defined as `g`
              help: legal definitions: `a`, `b`, `c`, `d`, `e`, `f`
            16:24 no operator is defined as `dd`
              help: did you mean `d`? Legal definitions: `a`, `b`, `c`, `d`, `e`, `f`
            17:25 there is no module `m`
            18:17 no operator can be called `in`
              help: give it another name: `create operator other from d;`
              note: a query has `in`, `out`, `err` and `metrics` itself
            19:17 no operator can be called `err`
              help: give it another name: `create operator other from err;`
              note: a query has `in`, `out`, `err` and `metrics` itself
            22:21 `d` has no port `x`
              help: legal ports: `out`
            22:30 `d` has no port `side` for events to come in
              help: write `into d`
            23:26 `f` is defined but never created
              help: add the line `create operator f;`
              note: it is defined at line 7
              note: also used at line 24
            25:19 `e` is defined but never created
              help: add the line `create operator e;`
              note: it is defined at line 6
            26:19 `out` is where events leave the query; nothing comes out of it
              help: select from `in` or from an operator
            26:28 `in` is where events come into the query; nothing leads there
              help: select into `out`, `err` or an operator
            27:19 `err` is where events leave the query; nothing comes out of it
              help: select from `in` or from an operator
            27:32 `err` has no port `x` for events to come in
              help: write `into err`
            28:19 there is no operator or stream `nope`
              help: a stream is made by `create stream nope;`
              help: legal names: `in`, `a`, `a2`, `b`, `c`, `d`, `g`, `h`, `h2`
              note: also used at line 29
            28:29 there is no operator or stream `nopf`
              help: a stream is made by `create stream nopf;`
              help: legal names: `out`, `err`, `a`, `a2`, `b`, `c`, `d`, `g`, `h`, `h2`
            29:31 there is no operator or stream `noppe`
              help: a stream is made by `create stream noppe;`
              help: legal names: `out`, `err`, `a`, `a2`, `b`, `c`, `d`, `g`, `h`, `h2`
            ----
            pipeline t
              0 input in
              1 ? a
              2 ? a2
              3 ? b
              4 ? c
              5 qos::wal d ports out
              6 ? g
              7 qos::wal h ports out
              8 ? h2
              9 select #0 event
              10 select #1 event
              11 select #2 event
              12 select #3 event
              13 select #4 event
              14 select #5 event
              15 select #6 event
              16 select #7 event
              17 select #8 event
              18 select #9 event
              19 ? f
              20 ? e
              21 ? out
              22 ? in
              23 ? err
              24 ? nope
              25 ? nopf
              26 ? noppe
              27 output out
              28 output err
              0/out -> 9/in
              9/out -> 1/in
              1/x -> 10/in
              10/out -> 5/in
              5/x -> 11/in
              11/out -> 5/in
              5/out -> 12/in
              12/out -> 19/in
              19/out -> 13/in
              13/out -> 27/in
              20/out -> 14/in
              14/out -> 6/in
              21/out -> 15/in
              15/out -> 22/in
              23/out -> 16/in
              16/out -> 28/in
              24/out -> 17/in
              17/out -> 25/in
              24/x -> 18/in
              18/out -> 26/in
        "#]],
    );
}

#[test]
fn an_operator_that_is_never_created_is_one_error_that_says_the_line() {
    check(
        r#"
pipeline T;
define qos::wal operator in_memory_wal with read_count = 20 end;
define qos::roundrobin operator roundrobin with outputs = ["ws0", "ws1", "ws2"] end;
// create operator in_memory_wal;
create operator roundrobin;
select event from in into in_memory_wal;
select event from in_memory_wal into roundrobin;
select event from roundrobin/ws0 into out/ws0;
select event from roundrobin/ws9 into out/ws1;
select event from roundrobin into out/ws2;
select event from roundrobn/ws1 into out/ws2;
"#,
        &expect![[r#"
            6:27 `in_memory_wal` is defined but never created
              help: add the line `create operator in_memory_wal;`
              note: it is defined at line 2
              note: also used at line 7
            9:30 `roundrobin` has no port `ws9`
              help: did you mean `ws0`? Legal ports: `ws0`, `ws1`, `ws2`, `overflow`
            10:19 `roundrobin` has no port `out`: say which
              help: write one of `roundrobin/ws0`, `roundrobin/ws1`, `roundrobin/ws2`, `roundrobin/overflow`
            11:19 there is no operator or stream `roundrobn`
              help: did you mean `roundrobin`? Legal names: `in`, `roundrobin`
            ----
            pipeline t
              0 input in
              1 qos::roundrobin roundrobin with outputs = ["ws0", "ws1", "ws2"] ports ws0 ws1 ws2 overflow
              2 select #0 event
              3 select #1 event
              4 select #2 event
              5 select #3 event
              6 select #4 event
              7 select #5 event
              8 ? in_memory_wal
              9 ? roundrobn
              10 output ws0
              11 output ws1
              12 output ws2
              0/out -> 2/in
              2/out -> 8/in
              8/out -> 3/in
              3/out -> 1/in
              1/ws0 -> 4/in
              4/out -> 10/in
              1/ws1 -> 5/in
              5/out -> 11/in
              1/out -> 6/in
              6/out -> 12/in
              9/ws1 -> 7/in
              7/out -> 12/in
              unused in_memory_wal with read_count = 20
        "#]],
    );
}

#[test]
fn outputs_are_written_out() {
    check(
        r##"
pipeline T;
define qos::roundrobin operator a with outputs = 5 end;
define qos::roundrobin operator b with outputs = [] end;
define qos::roundrobin operator c with outputs = ["a" + "b", "c"] end;
define qos::roundrobin operator d with outputs = ["#{1}"] end;
define qos::roundrobin operator e;
define qos::roundrobin operator f with outputs = ["x"] end;
create operator a; create operator b; create operator c; create operator d; create operator e;
create operator f with outputs = ["y"] end;
select event from a/x into out;
select event from b/y into out;
select event from c/y into out;
select event from e into out;
select event from f/x into out;
"##,
        &expect![[r##"
            4:51 the names of outputs cannot be computed
              help: write them out: `outputs = ["a", "b"]`
            5:51 the names of outputs cannot be computed
              help: write them out: `outputs = ["a", "b"]`
            14:21 `f` has no port `x`
              help: its ports are named by its key `outputs`, as in `outputs = ["x", …]`
              help: legal ports: `y`, `overflow`
            ----
            pipeline t
              0 input in
              1 qos::roundrobin a with outputs = 5 ports x
              2 qos::roundrobin b with outputs = [] ports y
              3 qos::roundrobin c with outputs = ["a" + "b", "c"] ports y
              4 qos::roundrobin d with outputs = ["#{1}"] ports 
              5 qos::roundrobin e ports out overflow
              6 qos::roundrobin f with outputs = ["y"] ports y overflow
              7 select #0 event
              8 select #1 event
              9 select #2 event
              10 select #3 event
              11 select #4 event
              12 output out
              1/x -> 7/in
              7/out -> 12/in
              2/y -> 8/in
              8/out -> 12/in
              3/y -> 9/in
              9/out -> 12/in
              5/out -> 10/in
              10/out -> 12/in
              6/y -> 11/in
              11/out -> 12/in
        "##]],
    );
}

#[test]
fn statements_that_could_not_be_parsed_have_no_follow_ups() {
    check(
        r#"
pipeline T;
use std::string; use std::string; use tremor::system; use std::strng; use std::range; use foo; use std;
use x::string;
define qos::wal operator a with = 1 end;
define script b script 1 end;
create operatr c;
select event from in into a;
select event from b into c;
select event.  from a/zz into out;
select event from d into out;
"#,
        &expect![[r#"
            2:59 there is no module `std::strng`
              help: did you mean `std::string`? Legal modules: `std::array`, `std::math`, `std::record`, `std::string`, `std::type`, `core::datetime`, `tremor::system`
            2:75 the module `std::range` is not supported yet
              help: remove it; modules that are: `std::array`, `std::math`, `std::record`, `std::string`, `std::type`, `core::datetime`, `tremor::system`
            2:91 there is no module `foo`
              help: legal modules: `std::array`, `std::math`, `std::record`, `std::string`, `std::type`, `core::datetime`, `tremor::system`
            2:100 there is no module `std`
              help: legal modules: `std::array`, `std::math`, `std::record`, `std::string`, `std::type`, `core::datetime`, `tremor::system`
            3:5 there is no module `x::string`
              help: did you mean `std::string`? Legal modules: `std::array`, `std::math`, `std::record`, `std::string`, `std::type`, `core::datetime`, `tremor::system`
            4:33 expected a key or `end`, found `=`
            5:8 `script` is not supported yet
              help: remove it; a query has `define … operator`, `create`, `select`, `const`, `mod` and `use`
            6:8 expected `operator` or `stream`, found `operatr`
              help: did you mean `create operator`?
            9:16 `from` is a keyword, not a name
              help: write `r#from`
            10:19 there is no operator or stream `d`
              help: a stream is made by `create stream d;`
              help: legal names: `in`
            ----
            pipeline t
              scope: string=std::string system=tremor::system strng=std::strng range=std::range foo=foo std=std
              0 input in
              1 select #0 event
              2 select #1 event
              3 select #2 event
              4 ? a
              5 ? b
              6 ? c
              7 ? d
              8 output out
              0/out -> 1/in
              1/out -> 4/in
              5/out -> 2/in
              2/out -> 6/in
              7/out -> 3/in
              3/out -> 8/in
              unused a (and more)
              unparsed a b c create define end event from into operatr out script select zz
        "#]],
    );
}
