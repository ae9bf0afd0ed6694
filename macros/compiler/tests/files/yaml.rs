//! `.yaml` files: what they become, and what is refused.

use expect_test::{Expect, expect};

use crate::support::dump;
use crate::{Memory, checked, parsed, reports};

/// What is read of a file, and the errors of reading it.
#[track_caller]
pub(super) fn check(text: &str, expected: &Expect) {
    let files = Memory::new(&[("etc/a.yaml", text)]);
    let (flow, diagnostics) = parsed("flow Test; include \"etc/a.yaml\";", &files);
    expected.assert_eq(&format!("{}----\n{}", reports(diagnostics), dump(&flow)));
}

/// The errors of all passes, of a flow that has all but the ramps of the file.
#[track_caller]
pub(super) fn check_ramps(text: &str, expected: &Expect) {
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
