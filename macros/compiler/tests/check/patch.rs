//! Rules on `patch` and `having`, and the types that they give. Events are `{onramp: string, id: uint, ingest_ns: uint}`.

use crate::typing::{dynamic, typed};
use crate::{errors, flow};

/// One error of a select of this target: the column counts from the target.
#[track_caller]
fn refused(target: &str, column: usize, message: &str) {
    let place = format!("7:{}", "select ".len() + column);
    errors(&flow("", &format!("select {target} from in into out;")), &[(&place, message)]);
}

/// The same for one operation of a patch of the event.
#[track_caller]
fn wrong(operations: &str, column: usize, message: &str) {
    let patch = "patch event of ";
    refused(&format!("{patch}{operations} end"), patch.len() + column, message);
}

#[test]
fn a_patched_record_has_a_known_shape() {
    let event = "onramp: string, id: uint, ingest_ns: uint";
    let is = |operations: &str, expected: &str| typed(&format!("patch event of {operations} end"), expected);
    is("insert \"h\" => system::hostname()", &format!("{{{event}, h: string}}"));
    is("upsert \"id\" => \"x\", erase \"onramp\"", "{id: string, ingest_ns: uint}");
    is("update \"onramp\" => null, erase \"none\"", "{onramp: null, id: uint, ingest_ns: uint}");
    is("move \"id\" => \"n\", copy \"n\" => \"m\"", "{onramp: string, ingest_ns: uint, n: uint, m: uint}");
    is("move \"none\" => \"n\", copy \"none\" => \"m\"", &format!("{{{event}}}"));
    is("merge \"x\" => {\"a\": event.id}", &format!("{{{event}, x: {{a: uint}}}}"));
    is(
        "insert \"x\" => {\"a\": event.id}, merge \"x\" => {\"b\": 1}",
        &format!("{{{event}, x: {{a: uint, b: int}}}}"),
    );
    is("insert \"x\" => {\"a\": event.id}, merge \"x\" => {\"a\": null}", &format!("{{{event}, x: any}}"));
    is("insert \"x\" => {\"a\": event.id}, merge \"x\" => 5", &format!("{{{event}, x: int}}"));
    is(
        "merge => {\"id\": 1, \"n\": {\"a\": event.id}}",
        "{onramp: string, id: int, ingest_ns: uint, n: {a: uint}}",
    );
    is("insert \"x\" => [1][event.id], merge \"x\" => {}", &format!("{{{event}, x: any}}!"));
    is("erase \"a#{1 + 1}\", upsert \"i#{\\\"d\\\"}\" => 1", "{onramp: string, id: int, ingest_ns: uint}");
    // what depends on values has no shape
    is("merge => {\"id\": null, \"x\": event.id}", "any");
    is("upsert \"#{event.onramp}\" => 1", "any");
    is("insert \"#{event.onramp}\" => 1", "any!");
    is("erase \"#{event.onramp}\", update \"id\" => 1", "any!");
    is("merge => {\"id\": null, \"x\": event.id}, merge => {}", "any");
    dynamic("patch event of upsert \"a\" => 1 end", "any!");
    typed("patch {\"a\": 1} of copy \"a\" => \"b\" end", "= {\"a\":1,\"b\":1}");
    typed("(patch event of insert \"x\" => event.id end).x", "uint");
}

#[test]
fn operation_finds_its_field() {
    wrong(
        "insert \"id\" => 1",
        7,
        "`insert` finds a field `id` already there\nhelp: `upsert` replaces a field",
    );
    wrong("insert \"a\" => 1, insert \"a\" => 2", 24, "`insert` finds a field `a` already there");
    wrong("update \"idd\" => 1", 7, "`update` finds no field `idd`\nhelp: did you mean `id`?");
    wrong(
        "erase \"id\", update \"id\" => 1",
        19,
        "`update` finds no field `id`\nhelp: legal fields: `onramp`, `ingest_ns`",
    );
    wrong("move \"id\" => \"onramp\"", 13, "`move` finds a field `onramp` already there");
    wrong("move \"none\" => \"onramp\"", 15, "`move` finds a field `onramp` already there");
    wrong(
        "copy \"id\" => \"id\"",
        13,
        "`copy` finds a field `id` already there\nhelp: `erase` it before, or choose another name",
    );
    wrong("move \"id\" => \"n\", update \"id\" => 1", 25, "`update` finds no field `id`");
    // of an event of which nothing is known, what the patch itself says is known
    let dynamic = |operations: &str, column: usize, message: &str| {
        let text = format!("pipeline Test;\nselect patch event of {operations} end from in into out;");
        errors(&text, &[(&format!("2:{}", 22 + column), message)]);
    };
    dynamic("upsert \"a\" => 1, insert \"a\" => 2", 24, "`insert` finds a field `a` already there");
    dynamic("erase \"a\", update \"a\" => 2", 18, "`update` finds no field `a`\nhelp: `upsert` sets a field");
    dynamic("move \"a\" => \"b\", update \"a\" => 2", 24, "`update` finds no field `a`");
    dynamic(
        "insert \"a\" => 1, merge \"a\" => {}",
        23,
        "`merge` takes a record; the field `a` is an integer",
    );
    errors(
        "pipeline Test;\nselect patch event of upsert \"a\" => 1, upsert \"#{event.k}\" => 1, insert \"a\" => 2 end from in into out;",
        &[],
    );
}

#[test]
fn patch_takes_records() {
    refused("patch event.id of erase \"a\" end", 6, "`patch` takes a record; this is an integer");
    refused("patch [event] of erase \"a\" end", 6, "`patch` takes a record; this is a list");
    wrong("merge => event.id", 9, "`merge` takes a record; this is an integer");
    wrong(
        "merge \"id\" => {}",
        6,
        "`merge` takes a record; the field `id` is an integer\nhelp: `upsert` replaces a field",
    );
    wrong("insert event.x => 1", 7, "expected a string as key");
}

#[test]
fn all_errors_of_a_patch_come_at_once() {
    let query =
        "select patch event of insert \"id\" => event.nope, update \"x\" => 1 + \"a\" end from in into out;";
    errors(
        &flow("", query),
        &[
            ("7:29", "`insert` finds a field `id`"),
            ("7:43", "`event` has no field `nope`"),
            ("7:56", "`update` finds no field `x`"),
            ("7:63", "`+` takes"),
        ],
    );
}

#[test]
fn a_patch_that_grows_without_end_is_refused() {
    let double = |inner: &str| format!("patch {{\"a\": {inner}}} of copy \"a\" => \"b\" end");
    let constant = (0..40).fold("1".to_owned(), |inner, _| double(&inner));
    errors(
        &flow("", &format!("select {constant} from in into out;")),
        &[
            ("7:139", "a record of 8190 fields, 12 levels deep, is too large"),
            ("7:283", "this constant is too large"),
        ],
    );
    let listed = (0..40).fold("event.id".to_owned(), |inner, _| double(&format!("[{inner}]")));
    errors(&flow("", &format!("select {listed} from in into out;")), &[]);
    let shaped = (0..40).fold("event.id".to_owned(), |inner, _| double(&inner));
    errors(
        &flow("", &format!("select {shaped} from in into out;")),
        &[("7:55", "is too large"), ("7:199", "is too large"), ("7:343", "is too large")],
    );
}

#[test]
fn having_is_boolean() {
    let having = |condition: &str, expected: &[(&str, &str)]| {
        errors(
            &flow("", &format!("select {{\"n\": event.id}} from in into out\nhaving {condition};")),
            expected,
        );
    };
    having("event.n > 1", &[]);
    having("true", &[]);
    having("event.n", &[("8:7", "`having`: a boolean is needed, not an integer")]);
    having("1", &[("8:7", "`having`: a boolean is needed, not an integer")]);
    having("event.id > 1", &[("8:13", "`event` has no field `id`\nhelp: legal fields: `n`")]);
    errors("pipeline Test; select event from in into out having event.x;", &[]);
}
