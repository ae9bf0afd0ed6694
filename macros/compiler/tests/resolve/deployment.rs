//! Definitions, bindings and mappings → instances and links, and what is said about wrong ones.

use expect_test::expect;

use crate::check;

#[test]
fn definitions_and_mappings() {
    check(
        r#"
flow T;
define onramp a from metronom with x = 1 end;
define onramp b from kafka with x = 1 end;
define onramp c from ws with x = 1 end;
define onramp c2 from blackhole end;
define offramp d from metronome with x = 1 end;
define offramp e from wss with x = 1 end;
define offramp f from kafka end;
define onramp m from metronome with interval = 1 end;
define onramp m from metronome with interval = 2 end;
define offramp o from blackhole end;
define offramp m from blackhole end;
define pipeline p select event from in into out; select event from in into out/x; end;
define pipeline p select event from in into out; end;
define binding b links
  /onramp/a/{i}/out => /pipeline/p/{i}/in,
  /pipeline/p/{i} => [/offramp/o/{i}, /offramp/d/1/x, /offramp/e/1]
end;
define binding b links /onramp/a/1 => /pipeline/p/1 end;
create binding /binding/b/1 with i = "1" end;
create binding /binding/b/1 with i = "2" end;
create binding /binding/c/1;
create binding /bindin/b/2 with i = "1" end;
create binding /binding/b/{x} with i = "1" end;
create binding /binding/b/3/out with i = "1" end;
create binding /binding/b/4;
create binding /binding/b/5 with i = "a", j = "b", instanc = "x" end;
create binding /binding/b/6 with i = "a", i = "b" end;
create binding /binding/b/7 with i = "a b" end;
create binding /binding/b/8 with i = "" end;
"#,
        &expect![[r#"
            2:22 there is no kind of onramp called `metronom`
              help: did you mean `metronome`? Legal kinds of onramps: `metronome`, `blaster`, `stdin`, `file`
            3:22 the onramp `kafka` is not supported yet
              help: legal kinds of onramps: `metronome`, `blaster`, `stdin`, `file`
            4:22 the onramp `ws` is not supported yet
              help: legal kinds of onramps: `metronome`, `blaster`, `stdin`, `file`
            5:23 there is no kind of onramp called `blackhole`
              note: `blackhole` is a kind of offramp
              help: legal kinds of onramps: `metronome`, `blaster`, `stdin`, `file`
            6:23 there is no kind of offramp called `metronome`
              note: `metronome` is a kind of onramp
              help: legal kinds of offramps: `ws`, `blackhole`, `stdout`, `stderr`, `file`
            7:23 there is no kind of offramp called `wss`
              help: did you mean `ws`? Legal kinds of offramps: `ws`, `blackhole`, `stdout`, `stderr`, `file`
            8:23 the offramp `kafka` is not supported yet
              help: legal kinds of offramps: `ws`, `blackhole`, `stdout`, `stderr`, `file`
            10:15 the onramp `m` is defined twice
              help: remove one of the two, or give it another name
              note: first defined at line 9
            14:17 the pipeline `p` is defined twice
              help: remove one of the two, or give it another name
              note: first defined at line 13
            19:16 the binding `b` is defined twice
              help: remove one of the two, or give it another name
              note: first defined at line 15
            21:16 the binding `b` is created twice as `1`
              help: give the second one another name
              note: first created at line 20
            22:25 there is no binding `c`
              help: legal bindings: `b`
            23:17 `create binding` creates a binding, not `bindin`
              help: write `/binding/b/01`
            24:28 a mapping has a name, not a variable
              help: write `/binding/b/01`
            25:29 a binding has no ports
              help: write `/binding/b/01`
            26:16 the variable `i` has no value
              help: write `with i = "01" end`
              note: it is used at line 16
            27:43 the binding has no variable `j`
              help: legal variables: `i`
            27:52 the binding has no variable `instanc`
              help: legal variables: `i`
            28:43 `i` is given twice
              help: remove one of the two
              note: first given at line 28
            29:38 `a b` cannot be the name of an instance
              help: it may have letters, digits, `_`, `-` and `.`
            30:38 an instance has a name
              help: it may have letters, digits, `_`, `-` and `.`
            ----
            onramp m from metronome with interval = 1
            onramp m from metronome with interval = 2
            offramp o from blackhole
            offramp m from blackhole
            pipeline p
              0 input in
              1 select #0 event
              2 select #1 event
              3 output out
              4 output x
              0/out -> 1/in
              1/out -> 3/in
              0/out -> 2/in
              2/out -> 4/in
            pipeline p
              0 input in
              1 select #0 event
              2 output out
              0/out -> 1/in
              1/out -> 2/in
            instance 0 of ?: 1
            instance 1 of pipeline p: 1
            instance 2 of offramp o: 1
            instance 3 of ?: 1
            instance 4 of ?: 1
            instance 5 of ?: 01
            instance 6 of pipeline p: 01
            instance 7 of offramp o: 01
            instance 8 of ?: a
            instance 9 of pipeline p: a
            instance 10 of offramp o: a
            instance 11 of ?: b
            instance 12 of pipeline p: b
            instance 13 of offramp o: b
            instance 14 of ?: a b
            instance 15 of pipeline p: a b
            instance 16 of offramp o: a b
            instance 17 of ?: 
            instance 18 of pipeline p: 
            instance 19 of offramp o: 
            link 0/out => 1/in
            link 1/out => 2/in
            link 1/out => 3/x
            link 1/out => 4/in
            link 5/out => 6/in
            link 6/out => 7/in
            link 6/out => 3/x
            link 6/out => 4/in
            link 8/out => 9/in
            link 9/out => 10/in
            link 9/out => 3/x
            link 9/out => 4/in
            link 11/out => 12/in
            link 12/out => 13/in
            link 12/out => 3/x
            link 12/out => 4/in
            link 14/out => 15/in
            link 15/out => 16/in
            link 15/out => 3/x
            link 15/out => 4/in
            link 17/out => 18/in
            link 18/out => 19/in
            link 18/out => 3/x
            link 18/out => 4/in
        "#]],
    );
}

#[test]
fn ends_of_links() {
    check(
        r#"
flow T;
define onramp m from metronome with interval = 1 end;
define offramp o from blackhole end;
define pipeline p select event from in into out; select event from in/side into out/x; end;
define binding b links
  /onramp/mm/1 => /pipeline/p/1,
  /onramp/o/1 => /pipeline/p/1,
  /onramp/zzzzz/1 => /pipeline/p/1,
  /onram/m/1 => /pipeline/p/1,
  /binding/b/1 => /pipeline/p/1,
  /onramp/m/1/x => /pipeline/p/1/y,
  /pipeline/p/1/out => /onramp/m/1,
  /offramp/o/1 => /pipeline/p/1,
  /offramp/o/1/in => /pipeline/p/1,
  /offramp/o/1/err => /pipeline/p/1/side,
  /pipeline/p/1/err => /offramp/o/1/out,
  /pipeline/p/1/y => /offramp/system::dev_null/1,
  /onramp/m/1/err => /offramp/system::stdot/1,
  /pipeline/p/1/x => "/offramp/o/a$b"
end;
create binding /binding/b/1;
"#,
        &expect![[r#"
            6:11 there is no onramp `mm`
              help: did you mean `m`? Legal onramps: `m`
            7:11 there is no onramp `o`
              help: `o` is the name of another kind: `/offramp/o/…`
              help: legal onramps: `m`
            8:11 there is no onramp `zzzzz`
              help: legal onramps: `m`
            9:4 there is no kind of artefact called `onram`
              help: did you mean `onramp`? Legal kinds: `onramp`, `pipeline`, `offramp`
            10:4 a binding is no end of a link
              help: link what the binding links
            11:15 the onramp `m` has no port `x`
              help: legal ports: `out`, `err`
            11:34 the pipeline `p` has no port `y` for events to come in
              help: legal ports: `in`, `side`
            12:24 a link cannot lead to an onramp
              help: links lead to an input of a pipeline, or to the `in` of an offramp
            13:3 a link cannot start here: only the `err` of an offramp gives events
              help: links start at the `out` or `err` of an onramp, an output of a pipeline, or the `err` of an offramp
            14:3 this link goes the wrong way: it leads from where events go in to where they come out
              help: link `/pipeline/p/1/out` to `/offramp/o/1/in`
            16:37 the offramp `o` has no port `out` for events to come in
              help: legal ports: `in`
            17:17 the pipeline `p` has no port `y`
              help: legal ports: `out`, `x`, `err`
            17:31 the offramp `system::dev_null` is not supported yet
              help: legal offramps of the system: `system::stdout`, `system::stderr`
            18:31 there is no offramp `system::stdot`
              help: did you mean `system::stdout`? Legal offramps of the system: `system::stdout`, `system::stderr`
            19:22 `a$b` cannot be the name of an instance
              help: it may have letters, digits, `_`, `-` and `.`
            ----
            onramp m from metronome with interval = 1
            offramp o from blackhole
            pipeline p
              0 input in
              1 input side
              2 select #0 event
              3 select #1 event
              4 output out
              5 output x
              0/out -> 2/in
              2/out -> 4/in
              1/out -> 3/in
              3/out -> 5/in
            instance 0 of onramp m: 1
            instance 1 of pipeline p: 1
            instance 2 of ?: 1
            instance 3 of ?: 1
            instance 4 of ?: 1
            instance 5 of offramp o: 1
            instance 6 of ?: 1
            instance 7 of ?: 1
            instance 8 of offramp o: a$b
            link 0/out => 1/in
            link 2/out => 1/in
            link 1/out => 3/in
            link 4/out => 1/in
            link 1/out => 5/in
            link 5/err => 1/side
            link 1/err => 5/in
            link 1/y => 6/in
            link 0/err => 7/in
            link 1/x => 8/in
        "#]],
    );
}

#[test]
fn two_ports_are_linked_once() {
    check(
        r#"
flow T;
define onramp m from metronome with interval = 1 end;
define offramp o from blackhole end;
define pipeline p select event from in into out; end;
define binding b links
  /onramp/m/{i} => /pipeline/p/{i},
  /onramp/m/{i}/out => /pipeline/p/{i}/in,
  /pipeline/p/{i} => /offramp/o/shared,
  /onramp/m/s => /pipeline/p/s,
  /pipeline/p/s => /offramp/o/shared
end;
define binding c links /pipeline/p/s => /offramp/o/shared end;
create binding /binding/b/1 with i = "1" end;
create binding /binding/b/2 with i = "2" end;
create binding /binding/b/3 with i = "2" end;
create binding /binding/c/1 with i = "2" end;
create binding /binding/c/2;
"#,
        &expect![[r#"
            7:24 these two ports are linked twice
              help: remove one of the two links
              note: first linked at line 6
            12:41 these two ports are linked twice
              help: remove one of the two links
              note: first linked at line 10
            15:16 this mapping repeats links that another one has made
              help: give its variables other values, or remove it
              note: the other one is created at line 14
            16:34 the binding has no variable `i`
              help: remove it: all instances of the binding have fixed names
            ----
            onramp m from metronome with interval = 1
            offramp o from blackhole
            pipeline p
              0 input in
              1 select #0 event
              2 output out
              0/out -> 1/in
              1/out -> 2/in
            instance 0 of onramp m: 1
            instance 1 of pipeline p: 1
            instance 2 of offramp o: shared
            instance 3 of onramp m: s
            instance 4 of pipeline p: s
            instance 5 of onramp m: 2
            instance 6 of pipeline p: 2
            link 0/out => 1/in
            link 1/out => 2/in
            link 3/out => 4/in
            link 4/out => 2/in
            link 5/out => 6/in
            link 6/out => 2/in
        "#]],
    );
}

#[test]
fn definitions_that_could_not_be_parsed_have_no_follow_ups() {
    check(
        r#"
flow T;
define onramp m from metronome with interval = end;
define offramp o from blackhole end;
define pipeline p select event. from in into out/x; end;
define pipeline 5 select event from in into out; end;
define binding b links
  /onramp/m/{i} => /pipeline/p/{i},
  /pipeline/p/{i}/x => /offramp/o/1,
  /pipeline/q/{i}/x => /offramp/o/1
end;
define binding c links /onramp/x end;
create binding /binding/b/1 with i = "1" end;
create binding /binding/c/1 with i = "1" end;
"#,
        &expect![[r#"
            2:48 expected an expression, found `end`
            4:33 `from` is a keyword, not a name
              help: write `r#from`
            5:17 expected the pipeline's name, found `5`
              help: a name begins with a letter
            11:24 `/onramp/x` has no instance
              help: write `/onramp/x/01/out`, where `01` is a name for it
            ----
            onramp m from metronome (and more)
            offramp o from blackhole
            pipeline p
              0 input in
              unparsed event from in into out select x
            pipeline 
              0 input in
              1 select #0 event
              2 output out
              0/out -> 1/in
              1/out -> 2/in
            instance 0 of onramp m: 1
            instance 1 of pipeline p: 1
            instance 2 of offramp o: 1
            instance 3 of ?: 1
            link 0/out => 1/in
            link 1/x => 2/in
            link 3/x => 2/in
        "#]],
    );
}

#[test]
fn nothing_is_defined() {
    check(
        r#"
flow T;
define offramp o from blackhole end;
define binding b links /onramp/m/1 => /offramp/o/1, /pipeline/p/1 => /offramp/o/1 end;
create binding /binding/bb/1;
"#,
        &expect![[r#"
            3:32 there is no onramp `m`
              help: add `define onramp m …`
            3:63 there is no pipeline `p`
              help: add `define pipeline p …`
            4:25 there is no binding `bb`
              help: did you mean `b`? Legal bindings: `b`
            ----
            offramp o from blackhole
            instance 0 of ?: 1
            instance 1 of offramp o: 1
            instance 2 of ?: 1
            link 0/out => 1/in
            link 2/out => 1/in
        "#]],
    );
}
