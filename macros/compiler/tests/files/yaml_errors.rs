//! What `.yaml` files may not have, and what their items need.

use expect_test::expect;

use super::yaml::check;

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
