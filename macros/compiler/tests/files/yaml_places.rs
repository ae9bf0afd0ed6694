//! Where errors of `.yaml` files stand: in the ends of links, in variables, in what is no YAML.

use expect_test::expect;

use super::yaml::check;
use crate::{Memory, checked, reports};

#[test]
fn ends_of_links_are_marked_where_they_are_wrong() {
    check(
        "binding:\n  - id: a\n    links:\n      /onramp/x: [\"/pipeline/p/01/in\", '/pipeline/{p}/01/in', \"tremor://localhost/offramp/a/b/in\", 5, []]\n      /onramp/y/01: []\nmapping:\n  /binding/a: {instance: x}\n  /binding/a/01: {instance: [x]}\n  /binding/a/02: 5\n",
        &expect![[r#"
            at 1:20: this is no end of a link: expected `/kind/name/instance/port`
             --> etc/a.yaml:4:7
              |
            4 |       /onramp/x: ["/pipeline/p/01/in", '/pipeline/{p}/01/in', "tremor://localhost/offramp/a/b/in", 5, []]
              |       ^^^^^^^^^
              |
              = help: for example `"/onramp/metronome/01/out"`
            at 1:20: this is no end of a link: expected `/kind/name/instance/port`
             --> etc/a.yaml:4:41
              |
            4 |       /onramp/x: ["/pipeline/p/01/in", '/pipeline/{p}/01/in', "tremor://localhost/offramp/a/b/in", 5, []]
              |                                         ^^^^^^^^^^^^^^^^^^^
              |
              = help: for example `"/pipeline/roundrobin/01/in"`
            at 1:20: this is no end of a link: expected `/kind/name/instance/port`
             --> etc/a.yaml:4:64
              |
            4 |       /onramp/x: ["/pipeline/p/01/in", '/pipeline/{p}/01/in', "tremor://localhost/offramp/a/b/in", 5, []]
              |                                                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = help: leave out `tremor://` and the host: write the path alone
            at 1:20: this is no end of a link: expected `/kind/name/instance/port`
             --> etc/a.yaml:4:100
              |
            4 |       /onramp/x: ["/pipeline/p/01/in", '/pipeline/{p}/01/in', "tremor://localhost/offramp/a/b/in", 5, []]
              |                                                                                                    ^
              |
              = help: for example `"/pipeline/roundrobin/01/in"`
            at 1:20: an end of a link is a string, not a list
             --> etc/a.yaml:4:103
              |
            4 |       /onramp/x: ["/pipeline/p/01/in", '/pipeline/{p}/01/in', "tremor://localhost/offramp/a/b/in", 5, []]
              |                                                                                                       ^^
            at 1:20: a link leads somewhere
             --> etc/a.yaml:5:21
              |
            5 |       /onramp/y/01: []
              |                     ^^
              |
              = help: write where: `["/pipeline/…"]`
            at 1:20: this is no binding: expected `/binding/name/instance`
             --> etc/a.yaml:7:3
              |
            7 |   /binding/a: {instance: x}
              |   ^^^^^^^^^^
              |
              = help: for example `"/binding/default/01"`
            at 1:20: the value of a variable is a string, not a list
             --> etc/a.yaml:8:29
              |
            8 |   /binding/a/01: {instance: [x]}
              |                             ^^^
            at 1:20: a mapping has keys and values here, not a single value
             --> etc/a.yaml:9:18
              |
            9 |   /binding/a/02: 5
              |                  ^
              |
              = help: the keys are the variables of the binding, such as `instance`
            ----
            binding a
              ? => /pipeline/p/01/in
              /onramp/y/01 => ?
              broken: onramp x pipeline {p} 01 in tremor: localhost offramp a b in 5
            broken: binding a
            broken: 
            broken: 
        "#]],
    );
}

#[test]
fn a_segment_of_an_end_has_a_place_of_its_own() {
    let files = Memory::new(&[(
        "a.yaml",
        "onramp:\n  - {id: m, type: metronome, config: {interval: 1}}\nofframp:\n  - {id: s, type: blackhole}\nbinding:\n  - id: b\n    links:\n      /onramp/metro/{i}/out: /pipeline/p/{i}/in\n      '/pipeline/p/{i}/uot': [\"/offramp/s/{i}/in\", \"/offramp/\\x73\\x74/{i}/in\"]\nmapping:\n  /binding/c/01: {i: 01, k: 2}\n",
    )]);
    let flow = "flow Test; include \"a.yaml\"; define pipeline p select event from in into out; end;";
    expect![[r#"
        at 1:20: there is no onramp `metro`
         --> a.yaml:8:15
          |
        8 |       /onramp/metro/{i}/out: /pipeline/p/{i}/in
          |               ^^^^^
          |
          = help: legal onramps: `m`
        at 1:20: the pipeline `p` has no port `uot`
         --> a.yaml:9:24
          |
        9 |       '/pipeline/p/{i}/uot': ["/offramp/s/{i}/in", "/offramp/\x73\x74/{i}/in"]
          |                        ^^^
          |
          = help: did you mean `out`? Legal ports: `out`, `err`
        at 1:20: there is no offramp `st`
         --> a.yaml:9:52
          |
        9 |       '/pipeline/p/{i}/uot': ["/offramp/s/{i}/in", "/offramp/\x73\x74/{i}/in"]
          |                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: did you mean `s`? Legal offramps: `s`
        at 1:20: there is no binding `c`
          --> a.yaml:11:12
           |
        11 |   /binding/c/01: {i: 01, k: 2}
           |            ^
           |
           = help: legal bindings: `b`
    "#]]
    .assert_eq(&reports(checked(flow, &files)));
}

#[test]
fn a_variable_without_a_value_is_told_as_the_file_has_it() {
    let text = "onramp:\n  - {id: m, type: metronome, config: {interval: 1}}\nofframp:\n  - {id: s, type: blackhole}\nbinding:\n  - id: b\n    links:\n      /onramp/m/{i}/out: /pipeline/p/{i}/in\n      /pipeline/p/{i}/out: /offramp/s/{i}/in\nmapping:\n  /binding/b/01:\n";
    let files = Memory::new(&[("a.yaml", text)]);
    let flow = "flow Test; include \"a.yaml\"; define pipeline p select event from in into out; end;";
    expect![[r#"
        at 1:20: the variable `i` has no value
          --> a.yaml:11:3
           |
         8 |       /onramp/m/{i}/out: /pipeline/p/{i}/in
           |                  - it is used
        ...
        11 |   /binding/b/01:
           |   ^^^^^^^^^^^^^
           |
           = help: add the line `i: "01"` below it
    "#]]
    .assert_eq(&reports(checked(flow, &files)));
}

#[test]
fn what_is_no_yaml_is_told_with_its_place() {
    check(
        "onramp:\n  - id: a\n   type: b\n",
        &expect![[r#"
            at 1:20: this line is indented otherwise than those that it belongs to
             --> etc/a.yaml:3:4
              |
            3 |    type: b
              |    ^
              |
              = help: the keys of one item stand in one column, that of its first key behind `- `
            ----
        "#]],
    );
    check(
        "onramp: [a, b\n",
        &expect![[r#"
            at 1:20: `[` is not closed
             --> etc/a.yaml:1:9
              |
            1 | onramp: [a, b
              |         ^
              |
              = help: write `]` where it ends; text with one of `{}[],` in it stands in quotes
            ----
        "#]],
    );
    check(
        "onramp:\n\t- id: a\n",
        &expect![[r#"
            at 1:20: a tab indents this line
             --> etc/a.yaml:2:1
              |
            2 |     - id: a
              | ^
              |
              = help: indent with spaces; YAML takes no tabs there
            ----
        "#]],
    );
    check(
        "onramp: \"abc\n",
        &expect![[r#"
            at 1:20: this quote has no end
             --> etc/a.yaml:1:9
              |
            1 | onramp: "abc
              |         ^
              |
              = help: write the quote where the text ends
            ----
        "#]],
    );
    check(
        "onramp:\n  -id: a\n    type: b\n",
        &expect![[r#"
            at 1:20: behind the `-` of an item stands a space
             --> etc/a.yaml:2:3
              |
            2 |   -id: a
              |   ^
              |
              = help: write `- id: a`
            ----
        "#]],
    );
    check(
        "onramp:\n  - id: [a, b\nofframp:\n",
        &expect![[r#"
            at 1:20: `[` is not closed
             --> etc/a.yaml:2:9
              |
            2 |   - id: [a, b
              |         ^
              |
              = help: write `]` where it ends; text with one of `{}[],` in it stands in quotes
            ----
        "#]],
    );
    check(
        "onramp: *nobody\n",
        &expect![[r#"
            at 1:20: `*` begins an alias, and there is nothing of its name
             --> etc/a.yaml:1:9
              |
            1 | onramp: *nobody
              |         ^
              |
              = help: put the text into quotes, if it is one
            ----
        "#]],
    );
    check(
        "onramp: \u{0}\nofframp: []\n",
        &expect![[r#"
        at 1:20: a control character is no part of YAML
         --> etc/a.yaml:1:9
          |
        1 | onramp: ␀
          |         ^
          |
          = help: remove it
        ----
    "#]],
    );
    check(
        "onramp: {a: b}}\n",
        &expect![[r#"
            at 1:20: this bracket closes nothing
             --> etc/a.yaml:1:15
              |
            1 | onramp: {a: b}}
              |               ^
              |
              = help: remove it, or put the text into quotes
            ----
        "#]],
    );
}
