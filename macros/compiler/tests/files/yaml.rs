//! `.yaml` files: what they become, and what is refused.

use expect_test::{Expect, expect};

use crate::support::dump;
use crate::{Memory, checked, parsed, reports};

/// What is read of a file, and the errors of reading it.
#[track_caller]
fn check(text: &str, expected: &Expect) {
    let files = Memory::new(&[("etc/a.yaml", text)]);
    let (flow, diagnostics) = parsed("flow Test; include \"etc/a.yaml\";", &files);
    expected.assert_eq(&format!("{}----\n{}", reports(diagnostics), dump(&flow)));
}

/// The errors of all passes, of a flow that has all but the ramps of the file.
#[track_caller]
fn check_ramps(text: &str, expected: &Expect) {
    let files = Memory::new(&[("etc/a.yaml", text)]);
    let flow = "flow Test; include \"etc/a.yaml\";
        define pipeline p select event from in into out; end;
        define binding b links
            /onramp/m/01/out => /pipeline/p/01/in, /pipeline/p/01/out => /offramp/s/01/in
        end;
        create binding /binding/b/01;";
    expected.assert_eq(&reports(checked(flow, &files)));
}

#[test]
fn ramps_bindings_and_mappings_become_statements() {
    check(
        "onramp:
  - id: m
    type: metronome
    codec: json
    description: 1.5
    config: { interval: 1000, max_event_bytes: 0x10 }
offramp:
- id: ws-0
  type: 'ws'
  config:
    url: \"ws://localhost/\"
    ack: received
- {id: s, type: blackhole}
binding:
  - id: default
    links:
      /onramp/m/{instance}/out: [ '/pipeline/p/{instance}/in', \"/pipeline/q/{instance}/in\" ]
      '/pipeline/p/{instance}/out': /offramp/ws-0/{instance}/in
mapping:
  /binding/default/01:
    instance: 01
    other: \"02\"
  /binding/default/x: {}
",
        &expect![[r#"
            ----
            onramp m from metronome with codec = "json", description = "1.5", interval = 1000, max_event_bytes = 16
            offramp ws-0 from ws with url = "ws://localhost/", ack = "received"
            offramp s from blackhole
            binding default
              /onramp/m/{instance}/out => /pipeline/p/{instance}/in + /pipeline/q/{instance}/in
              /pipeline/p/{instance}/out => /offramp/ws-0/{instance}/in
            mapping /binding/default/01 instance=01 other=02
            mapping /binding/default/x
        "#]],
    );
}

#[test]
fn empty_documents_and_lists_are_nothing() {
    check(
        "",
        &expect![[r#"
        ----
    "#]],
    );
    check(
        "# nothing\n---\n",
        &expect![[r#"
        ----
    "#]],
    );
    check(
        "onramp:\nofframp: []\nbinding: ~\nmapping:\n",
        &expect![[r#"
        ----
    "#]],
    );
}

#[test]
fn windows_line_ends_and_other_letters_keep_places_right() {
    check(
        "# äöü 漢字 😀\r\nonramp:\r\n  - id: \"ä b\"\r\n    type: metronome\r\n",
        &expect![[r#"
            at 1:20: `ä b` is no name for an onramp
             --> etc/a.yaml:3:9
              |
            3 |   - id: "ä b"
              |         ^^^^^
              |
              = help: a name has letters, digits, `_` and `-`
            ----
        "#]],
    );
}

#[test]
fn values_are_typed_by_their_key() {
    check_ramps(
        "onramp:\n  - id: m\n    type: metronome\n    config:\n      interval: \"1000\"\nofframp:\n  - {id: s, type: blackhole, description: 01, config: {delay: 1.5, fail_every: yes, capacity: 99999999999999999999}}\n",
        &expect![[r#"
            at 1:20: `interval` must be an integer, not "1000"
             --> etc/a.yaml:5:17
              |
            5 |       interval: "1000"
              |                 ^^^^^^
              |
              = help: write 1000, without quotes
            at 1:20: `delay` must be an integer, not 1.5
             --> etc/a.yaml:7:63
              |
            7 |   - {id: s, type: blackhole, description: 01, config: {delay: 1.5, fail_every: yes, capacity: 99999999999999999999}}
              |                                                               ^^^
              |
              = help: give an integer from 0 to 31536000000 (ms)
            at 1:20: `fail_every` must be an integer, not "yes"
             --> etc/a.yaml:7:80
              |
            7 |   - {id: s, type: blackhole, description: 01, config: {delay: 1.5, fail_every: yes, capacity: 99999999999999999999}}
              |                                                                                ^^^
              |
              = help: give an integer from 0 to 2147483648 (events)
            at 1:20: `99999999999999999999` is out of range
             --> etc/a.yaml:7:95
              |
            7 |   - {id: s, type: blackhole, description: 01, config: {delay: 1.5, fail_every: yes, capacity: 99999999999999999999}}
              |                                                                                               ^^^^^^^^^^^^^^^^^^^^
              |
              = help: integers go from -9223372036854775808 to 9223372036854775807
        "#]],
    );
    check_ramps(
        "onramp:\n  - id: m\n    type: metronome\n    description: true\n    config:\n      interval: 1000\nofframp:\n  - {id: s, type: ws, config: {url: 8080, ack: null}}\n",
        &expect![[r#"
            at 1:20: `url` must be a URL with a scheme, not `8080`
             --> etc/a.yaml:8:37
              |
            8 |   - {id: s, type: ws, config: {url: 8080, ack: null}}
              |                                     ^^^^
              |
              = help: write a URL such as `ws://host:port/path` or `wss://host:port/path`
            at 1:20: `ack` must be a string, not null
             --> etc/a.yaml:8:48
              |
            8 |   - {id: s, type: ws, config: {url: 8080, ack: null}}
              |                                                ^^^^
              |
              = help: give one of `received`, `written`
        "#]],
    );
}

#[test]
fn what_only_looks_like_a_value_of_the_environment_is_refused() {
    for written in
        ["env(TOKEN)", "env('TOKEN')", "env()", "env(\"A\") env(\"B\")", "env(\"A\"", "env( \"A\")"]
    {
        let text = format!("offramp:\n  - id: s\n    type: ws\n    config:\n      bearer: {written}\n");
        let files = Memory::new(&[("etc/a.yaml", text.as_str())]);
        let (_, diagnostics) = parsed("flow Test; include \"etc/a.yaml\";", &files);
        let found = reports(diagnostics);
        assert!(found.contains("`env` takes the name of an environment variable"), "{written}: {found}");
        assert!(found.contains("etc/a.yaml:5:15"), "{written}: {found}");
    }
}

#[test]
fn a_value_of_the_environment_is_written_as_in_the_macro_call() {
    check(
        "offramp:\n  - id: s\n    type: ws\n    config:\n      url: env(\"URL\")\n      other: 'env(\"URL\")'\n",
        &expect![[r#"
            ----
            offramp s from ws with url = env("URL"), other = "env(\"URL\")"
        "#]],
    );
}

#[test]
fn an_error_in_a_quoted_value_covers_the_quotes_and_no_comment_behind_them() {
    check_ramps(
        r#"onramp:
  - id: m
    type: metronome
    config:
      interval: "10\"00" # every "second"
offramp:
  - id: s
    type: ws
    config: {url: 'it''s' , ack: ""}
"#,
        &expect![[r#"
            at 1:20: `interval` must be an integer, not "10\"00"
             --> etc/a.yaml:5:17
              |
            5 |       interval: "10\"00" # every "second"
              |                 ^^^^^^^^
              |
              = help: give an integer from 1 to 31536000000 (ms)
            at 1:20: `url` must be a URL with a scheme, not `it's`
             --> etc/a.yaml:9:19
              |
            9 |     config: {url: 'it''s' , ack: ""}
              |                   ^^^^^^^
              |
              = help: write a URL such as `ws://host:port/path` or `wss://host:port/path`
            at 1:20: `ack` cannot be ``
             --> etc/a.yaml:9:34
              |
            9 |     config: {url: 'it''s' , ack: ""}
              |                                  ^^
              |
              = help: legal values: `received`, `written`
        "#]],
    );
}

#[test]
fn keys_of_configs_are_checked_as_in_the_macro_call() {
    check_ramps(
        "onramp:\n  - id: m\n    type: metronome\n    linked: true\n    config:\n      intervall: 1000\nofframp:\n  - id: s\n    type: wz\n",
        &expect![[r#"
            at 1:20: `linked` is not supported yet
             --> etc/a.yaml:4:5
              |
            4 |     linked: true
              |     ^^^^^^
              |
              = help: remove it; legal keys: `interval`, `max_event_bytes`, `codec`, `description`
            at 1:20: there is no key `intervall`
             --> etc/a.yaml:6:7
              |
            6 |       intervall: 1000
              |       ^^^^^^^^^
              |
              = help: did you mean `interval`? Legal keys: `interval`, `max_event_bytes`, `codec`, `description`
            at 1:20: there is no kind of offramp called `wz`
             --> etc/a.yaml:9:11
              |
            9 |     type: wz
              |           ^^
              |
              = help: did you mean `ws`? Legal kinds of offramps: `ws`, `blackhole`, `stdout`, `stderr`, `file`
        "#]],
    );
    check_ramps(
        "onramp:\n  - id: m\n    type: metronome\nofframp:\n  - id: s\n    type: kafka\n    config: {brokers: [a, {b: 1}, 1.5, .inf, -3, true, null]}\n",
        &expect![[r#"
            at 1:20: `interval` is missing
             --> etc/a.yaml:2:9
              |
            2 |   - id: m
              |         ^
              |
              = help: add `interval`, an integer from 1 to 31536000000 (ms): the time from one event to the next
            at 1:20: the offramp `kafka` is not supported yet
             --> etc/a.yaml:6:11
              |
            6 |     type: kafka
              |           ^^^^^
              |
              = help: legal kinds of offramps: `ws`, `blackhole`, `stdout`, `stderr`, `file`
        "#]],
    );
}

#[test]
fn keys_stand_in_config_or_beside_it() {
    check_ramps(
        "onramp:\n  - id: m\n    type: metronome\n    interval: 1000\n    confg: 1\nofframp:\n  - id: s\n    type: blackhole\n    config:\n      codec: json\n      linked: true\n",
        &expect![[r#"
            at 1:20: `interval` stands in `config`, not beside it
             --> etc/a.yaml:4:5
              |
            4 |     interval: 1000
              |     ^^^^^^^^
              |
              = help: move it below `config:`, with more indentation
            at 1:20: an onramp has no key `confg`
             --> etc/a.yaml:5:5
              |
            5 |     confg: 1
              |     ^^^^^
              |
              = help: did you mean `config`? Legal keys: `id`, `type`, `config`, `codec`, `description`
            at 1:20: `codec` stands beside `config`, not in it
              --> etc/a.yaml:10:7
               |
            10 |       codec: json
               |       ^^^^^
               |
               = help: move it to where `type:` is, with less indentation
            at 1:20: `linked` stands beside `config`, not in it
              --> etc/a.yaml:11:7
               |
            11 |       linked: true
               |       ^^^^^^
               |
               = help: move it to where `type:` is, with less indentation
        "#]],
    );
}

#[test]
fn what_would_hide_the_meaning_is_refused() {
    check(
        "onramp: &a\n  - id: &b m\n    type: !!str metronome\nofframp: *a\nbinding: !x []\n",
        &expect![[r#"
        at 1:20: anchors are not supported
         --> etc/a.yaml:1:9
          |
        1 | onramp: &a
          |         ^^
          |
          = help: write the value without `&name`
        at 1:20: anchors are not supported
         --> etc/a.yaml:2:9
          |
        2 |   - id: &b m
          |         ^^^^
          |
          = help: write the value without `&name`
        at 1:20: tags are not supported
         --> etc/a.yaml:3:11
          |
        3 |     type: !!str metronome
          |           ^^^^^^^^^^^^^^^
          |
          = help: write the value without `!tag`: its key tells its type
        at 1:20: aliases are not supported
         --> etc/a.yaml:4:10
          |
        4 | offramp: *a
          |          ^^
          |
          = help: write the value out
        at 1:20: tags are not supported
         --> etc/a.yaml:5:10
          |
        5 | binding: !x []
          |          ^^^^
          |
          = help: write the value without `!tag`: its key tells its type
        ----
        onramp m from metronome
    "#]],
    );
    check(
        "onramp: []\n---\nofframp: []\n",
        &expect![[r#"
        at 1:20: a file is one document
         --> etc/a.yaml:2:1
          |
        2 | ---
          | ^^^
          |
          = help: remove `---`, or write two files
        ----
    "#]],
    );
    check(
        "onramp: []\nofframp:\n  - id: a\n    id: b\n    type: ws\nonramp:\n  - {id: x, type: metronome}\n",
        &expect![[r#"
            at 1:20: `id` is given twice
             --> etc/a.yaml:4:5
              |
            3 |   - id: a
              |     -- first given
            4 |     id: b
              |     ^^
              |
              = help: remove one of the two
            at 1:20: `onramp` is given twice
             --> etc/a.yaml:6:1
              |
            1 | onramp: []
              | ------ first given
            ...
            6 | onramp:
              | ^^^^^^
              |
              = help: remove one of the two
            ----
            offramp a from ws
        "#]],
    );
    check(
        "? [a, b]\n: c\n{}: d\n",
        &expect![[r#"
        at 1:20: a key is a word
         --> etc/a.yaml:1:3
          |
        1 | ? [a, b]
          |   ^^^^^^
          |
          = help: write it in one line, without brackets: `key: value`
        at 1:20: a key is a word
         --> etc/a.yaml:3:1
          |
        3 | {}: d
          | ^^
          |
          = help: write it in one line, without brackets: `key: value`
        ----
    "#]],
    );
}

#[test]
fn root_keys_are_known() {
    check(
        "onramps: []\npipeline:\n  - id: x\nflow: 1\n",
        &expect![[r#"
        at 1:20: there is no key `onramps` at the root of a file
         --> etc/a.yaml:1:1
          |
        1 | onramps: []
          | ^^^^^^^
          |
          = help: did you mean `onramp`? Legal keys: `onramp`, `offramp`, `binding`, `mapping`
        at 1:20: pipelines are no part of a `.yaml` file
         --> etc/a.yaml:2:1
          |
        2 | pipeline:
          | ^^^^^^^^
          |
          = help: write the query into a `.trickle` file and include that, or `define pipeline`
        at 1:20: there is no key `flow` at the root of a file
         --> etc/a.yaml:4:1
          |
        4 | flow: 1
          | ^^^^
          |
          = help: legal keys: `onramp`, `offramp`, `binding`, `mapping`
        ----
    "#]],
    );
    check(
        "- onramp\n",
        &expect![[r#"
        at 1:20: a file has keys and values here, not a list
         --> etc/a.yaml:1:1
          |
        1 | - onramp
          | ^^^^^^^^
          |
          = help: the keys are `onramp:`, `offramp:`, `binding:`, `mapping:`
        ----
    "#]],
    );
    check(
        "just text\n",
        &expect![[r#"
        at 1:20: a file has keys and values here, not a single value
         --> etc/a.yaml:1:1
          |
        1 | just text
          | ^^^^^^^^^
          |
          = help: the keys are `onramp:`, `offramp:`, `binding:`, `mapping:`
        ----
    "#]],
    );
    check(
        "onramp: 5\nofframp: {id: a, type: ws}\nbinding: x\nmapping: [a]\n",
        &expect![[r#"
        at 1:20: `onramp` is a list, not a single value
         --> etc/a.yaml:1:9
          |
        1 | onramp: 5
          |         ^
          |
          = help: write `- ` before each item
        at 1:20: `offramp` is a list, not a map
         --> etc/a.yaml:2:10
          |
        2 | offramp: {id: a, type: ws}
          |          ^^^^^^^^^^^^^^^^^
          |
          = help: write `- ` before each item
        at 1:20: `binding` is a list, not a single value
         --> etc/a.yaml:3:10
          |
        3 | binding: x
          |          ^
          |
          = help: write `- ` before each item
        at 1:20: `mapping` has keys and values here, not a list
         --> etc/a.yaml:4:10
          |
        4 | mapping: [a]
          |          ^^^
          |
          = help: the keys are bindings and names for what is created, such as `/binding/default/01`
        ----
    "#]],
    );
}

#[test]
fn what_an_item_needs_is_told() {
    check(
        "onramp:\n  - type: metronome\n  - id: a\n  - id: b\n    type: [x]\n  - word\n  - id: {}\n    type: x\n  - id: a b\n    type: x\n  - id: c\n    type: metronome\n    config: 5\n",
        &expect![[r#"
            at 1:20: an onramp has an `id`
             --> etc/a.yaml:2:5
              |
            2 |   - type: metronome
              |     ^^^^^^^^^^^^^^^
              |
              = help: add the line `id: name`
            at 1:20: an onramp has a `type`
             --> etc/a.yaml:3:5
              |
            3 |   - id: a
              |     ^^^^^
              |
              = help: add the line `type: …`, with the kind of thing that it is
            at 1:20: a `type` is a string, not a list
             --> etc/a.yaml:5:11
              |
            5 |     type: [x]
              |           ^^^
            at 1:20: an onramp has keys and values here, not a single value
             --> etc/a.yaml:6:5
              |
            6 |   - word
              |     ^^^^
              |
              = help: the keys are `id`, `type` and `config`
            at 1:20: an `id` is a string, not a map
             --> etc/a.yaml:7:9
              |
            7 |   - id: {}
              |         ^^
            at 1:20: `a b` is no name for an onramp
             --> etc/a.yaml:9:9
              |
            9 |   - id: a b
              |         ^^^
              |
              = help: a name has letters, digits, `_` and `-`
            at 1:20: `config` of `metronome` has keys and values here, not a single value
              --> etc/a.yaml:13:13
               |
            13 |     config: 5
               |             ^
               |
               = help: the keys are `interval`, `max_event_bytes`
            ----
            broken: a
            broken: b
            onramp c from metronome (and more)
        "#]],
    );
    check(
        "binding:\n  - id: a\n  - links: {}\n  - id: b\n    links: {}\n  - id: c\n    links: x\n    lnks: y\n",
        &expect![[r#"
        at 1:20: a binding has `links`
         --> etc/a.yaml:2:5
          |
        2 |   - id: a
          |     ^^^^^
          |
          = help: add the line `links:`, and below it `"/onramp/…": "/pipeline/…"`
        at 1:20: a binding has an `id`
         --> etc/a.yaml:3:5
          |
        3 |   - links: {}
          |     ^^^^^^^^^
          |
          = help: add the line `id: name`
        at 1:20: a binding has at least one link
         --> etc/a.yaml:5:12
          |
        5 |     links: {}
          |            ^^
        at 1:20: `links` has keys and values here, not a single value
         --> etc/a.yaml:7:12
          |
        7 |     links: x
          |            ^
          |
          = help: the keys are the ends at which links start
        at 1:20: a binding has no key `lnks`
         --> etc/a.yaml:8:5
          |
        8 |     lnks: y
          |     ^^^^
          |
          = help: did you mean `links`? Legal keys: `id`, `links`, `description`
        ----
        broken: a
        binding b
        broken: c
    "#]],
    );
}

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
            at 1:20: this is no YAML: while parsing a block collection, did not find expected '-' indicator
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
            at 1:20: this is no YAML: while parsing a flow sequence, expected ',' or ']'
             --> etc/a.yaml:1:14
              |
            1 | onramp: [a, b
              |              ^
              |
              = help: inside `[…]` and `{…}`, text with one of `{}[],` stands in quotes
            ----
        "#]],
    );
    check(
        "onramp:\n\t- id: a\n",
        &expect![[r#"
            at 1:20: this is no YAML: tabs disallowed within this context (block indentation)
             --> etc/a.yaml:2:2
              |
            2 |     - id: a
              |     ^
              |
              = help: indent with spaces; YAML takes no tabs there
            ----
        "#]],
    );
    check(
        "onramp: \"abc\n",
        &expect![[r#"
            at 1:20: this is no YAML: while scanning a quoted scalar, found unexpected end of stream
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
        at 1:20: this is no YAML: mapping values are not allowed in this context
         --> etc/a.yaml:3:9
          |
        3 |     type: b
          |         ^
          |
          = help: keys of one map stand in one column; the line before may have a `-` without a space behind it, or a `:` too many
        ----
    "#]],
    );
    check(
        "onramp:\n  - id: [a, b\nofframp:\n",
        &expect![[r#"
            at 1:20: this is no YAML: illegal placement of ':' indicator
             --> etc/a.yaml:3:8
              |
            3 | offramp:
              |        ^
              |
              = help: a `[`, `{` or quote above may not be closed
            ----
        "#]],
    );
    check(
        "onramp: *nobody\n",
        &expect![[r#"
        at 1:20: this is no YAML: while parsing node, found unknown anchor
         --> etc/a.yaml:1:9
          |
        1 | onramp: *nobody
          |         ^
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
        at 1:20: this is no YAML: misplaced bracket
         --> etc/a.yaml:1:15
          |
        1 | onramp: {a: b}}
          |               ^
        ----
    "#]],
    );
}
