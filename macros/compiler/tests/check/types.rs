//! Rules on types: each wrong expression, where the error stands, and what it says.

use crate::{errors, flow, run};

/// The errors of an expression over the metronome's event: the column of each in the expression, and its whole text.
#[track_caller]
pub(super) fn typed(expr: &str, expected: &[(usize, &str)]) {
    let text = flow("", &format!("select\n{expr}\nfrom in into out;"));
    check(&text, 8, expr, expected);
}

/// The same, over an event of which nothing is known.
#[track_caller]
pub(super) fn dynamic(expr: &str, expected: &[(usize, &str)]) {
    let text =
        format!("pub pipeline Test; use tremor::system; use std::string; select\n{expr}\nfrom in into out;");
    check(&text, 2, expr, expected);
}

#[track_caller]
pub(super) fn check(text: &str, line: usize, expr: &str, expected: &[(usize, &str)]) {
    let expected: Vec<String> =
        expected.iter().map(|(column, message)| format!("{line}:{column} {message}")).collect();
    assert_eq!(run(text).1, expected, "{expr}");
}

/// What is told of a value that is written, and makes every event fail.
pub(super) fn hopeless(text: &str) -> String {
    format!("{text}\nhelp: write another value: with this one it fails whatever the event")
}

/// What is told of constants that cannot be computed.
fn fails(text: &str) -> String {
    format!("{text}\nhelp: it is computed when the flow is compiled, and fails: write other values")
}

#[test]
fn not_binds_tighter_than_a_comparison() {
    let wrong =
        |help: &str| format!("`not` takes a boolean, not an integer\nhelp: `not` binds tighter than {help}");
    typed("not event.id == 5", &[(4, &wrong("`==`: write `not (event.id == 5)`"))]);
    typed("not event.id + 1 > event.id", &[(4, &wrong("`+`: write `not (event.id + 1)`"))]);
    typed("true and not event.id >= 5", &[(13, &wrong("`>=`: write `not (event.id >= 5)`"))]);
    typed("not 5 == 5", &[(0, &wrong("`==`: write `not (5 == 5)`"))]);
    typed("not event.id and true", &[(4, "`not` takes a boolean, not an integer")]);
    typed("not present event.x == true", &[]);
    typed("not (event.id == 5)", &[]);
    // the advice is for this `not`, and for no other one
    typed(
        "not event.nope == not event.id",
        &[
            (10, "`event` has no field `nope`\nhelp: legal fields: `onramp`, `id`, `ingest_ns`"),
            (22, "`not` takes a boolean, not an integer"),
        ],
    );
}

#[test]
fn missing_field() {
    let fields = "egal fields: `onramp`, `id`, `ingest_ns`";
    typed("event.hostnam", &[(6, &format!("`event` has no field `hostnam`\nhelp: l{fields}"))]);
    typed("event.idd", &[(6, &format!("`event` has no field `idd`\nhelp: did you mean `id`? L{fields}"))]);
    typed(
        "event[\"idd\"]",
        &[(6, &format!("`event` has no field `idd`\nhelp: did you mean `id`? L{fields}"))],
    );
    typed("{\"a\": {\"b\": event.id}}.a.c", &[(25, "this has no field `c`\nhelp: legal fields: `b`")]);
    typed("{}.a", &[(3, "this has no field `a`\nnote: it has no fields")]);
    typed("event.id.x", &[(9, "`event.id` has no field `x`: it is an integer")]);
    typed(
        "$[\"x\"]",
        &[(2, "`$` has no field `x`\nhelp: metadata is not supported yet: `$` is always `{}`")],
    );
    dynamic("event.hostnam", &[]);
}

#[test]
fn wrong_operand() {
    typed("event.onramp - 1", &[(0, "`-` does not take a string\nhelp: `-` takes two numbers")]);
    typed(
        "event.id + event.onramp",
        &[(
            0,
            "`+` takes two numbers or two strings, not an integer and a string\n\
             help: write `\"#{event.id}#{event.onramp}\"`",
        )],
    );
    typed(
        "\"a\" + event.id",
        &[(
            0,
            "`+` takes two numbers or two strings, not a string and an integer\nhelp: write `\"a#{event.id}\"`",
        )],
    );
    let quoted =
        "takes two numbers or two strings, not an integer and a string\nhelp: write 3, without quotes";
    typed("event.id > \"3\"", &[(0, &format!("`>` {quoted}"))]);
    typed("event.id - \"3\"", &[(11, "`-` does not take a string\nhelp: write 3, without quotes")]);
    typed(
        "event.id + true",
        &[(11, "`+` does not take a boolean\nhelp: `+` takes two numbers or two strings")],
    );
    typed(
        "event.id and true",
        &[(
            0,
            "`and` does not take an integer\nhelp: `and` takes two booleans: write a comparison, such as `event.level > 3`",
        )],
    );
    typed("event.id % 2.0", &[(11, "`%` does not take a float\nhelp: `%` takes two integers")]);
    typed(
        "event.id < event.onramp",
        &[(0, "`<` takes two numbers or two strings, not an integer and a string")],
    );
    typed("event < 1", &[(0, "`<` does not take a record\nhelp: `<` takes two numbers or two strings")]);
    typed("-event.onramp", &[(1, "`-` takes a number, not a string")]);
    typed("not event.id", &[(4, "`not` takes a boolean, not an integer")]);
    typed(
        "event + { \"a\": 1 }",
        &[(
            0,
            "`+` does not take a record\nhelp: `merge a of b end` puts the fields of two records together",
        )],
    );
    typed("!event.onramp", &[(1, "`!` takes an integer or a boolean, not a string")]);
    dynamic(
        "event.x + true",
        &[(10, "`+` does not take a boolean\nhelp: `+` takes two numbers or two strings")],
    );
    dynamic("event.x + 1", &[]);
    typed("event.id == event.onramp", &[]);
}

#[test]
fn zero_divisor() {
    let text =
        |operator: &str| format!("`{operator}` by zero, whatever the event\nhelp: write another divisor");
    typed("event.id % 0", &[(11, &text("%"))]);
    typed("event.id / 0", &[(11, &text("/"))]);
    typed("event.id / 0.0", &[(11, &text("/"))]);
    dynamic("event.x % (1 - 1)", &[(11, &text("%"))]);
    dynamic("event.x % event.y", &[]);
    // infinity has no other name
    typed("1 / 0", &[]);
}

#[test]
fn failing_constant() {
    typed("event.id << 64", &[(12, &hopeless("`<<` shifts by 0 to 63, not by 64"))]);
    typed("event.id << 63", &[]);
    typed("1 + \"a\"", &[(0, &fails("`+` takes two numbers or two strings, not an integer and a string"))]);
    typed("1 % 0", &[(0, &fails("`%` by zero: 1 % 0 has no value"))]);
    typed(
        "9223372036854775807 * 4",
        &[(0, &fails("`*` overflows: 9223372036854775807 * 4 does not fit into 64 bits"))],
    );
    typed("1 << 64", &[(0, &fails("`<<` shifts by 0 to 63, not by 64"))]);
    typed("[1, 2][2]", &[(0, &fails("index 2 is outside the list, which has 2 elements"))]);
    typed("[1, 2][1:3]", &[(0, &fails("range 1:3 is outside the list, which has 2 elements"))]);
    typed("string::format(\"{}\")", &[(0, &fails("the format has 1 `{}` for 0 arguments"))]);
    typed(
        "5 & 3 == 3",
        &[(0, &fails("`&` takes two integers or two booleans, not an integer and a boolean"))],
    );
}

#[test]
fn where_is_boolean() {
    let check = |condition: &str, expected: &[(&str, &str)]| {
        errors(&flow("", &format!("select event from in where\n{condition}\ninto out;")), expected);
    };
    check("event.id", &[("8:0", "`where`: a boolean is needed, not an integer")]);
    check("\"yes\"", &[("8:0", "`where`: a boolean is needed, not a string")]);
    check("event.id = 1", &[("8:9", "")]);
    check("event.id == 1", &[]);
    check("event.idd == 1", &[("8:6", "`event` has no field `idd`")]);
}

#[test]
fn merge_of_records() {
    typed(
        "merge event of 1 end",
        &[(
            15,
            "`merge` takes two records; this is an integer\nhelp: a record is written `{ \"key\": value }`",
        )],
    );
    typed(
        "merge event.id of event end",
        &[(
            6,
            "`merge` takes two records; this is an integer\nhelp: a record is written `{ \"key\": value }`",
        )],
    );
    dynamic("merge event.x of event end", &[]);
}

#[test]
fn wrong_index() {
    let text =
        "a record is indexed with a string, not with an integer\nhelp: fields: `onramp`, `id`, `ingest_ns`";
    typed("event[0]", &[(6, text)]);
    typed("event.id[0]", &[(0, "`event.id` cannot be indexed: it is an integer")]);
    typed("[event.id][true]", &[(11, "an index is an integer or a string, not a boolean")]);
    typed("[event.id][event.onramp]", &[(11, "a list is indexed with an integer, not with a string")]);
    typed("[event.id][\"a\"]", &[(11, "this has no field `a`: it is a list")]);
    dynamic("event[-1]", &[(6, "an index cannot be negative\nhelp: the first element has the index 0")]);
    dynamic("event[event.x]", &[]);
}

#[test]
fn wrong_range() {
    typed("event[0:1]", &[(0, "a range needs a list; `event` is a record")]);
    dynamic(
        "event[0:1.5]",
        &[(
            8,
            "the bound of a range is an integer, not a float\nhelp: write two integers, as in `event.items[0:2]`, which takes the first two",
        )],
    );
    dynamic(
        "event[3:1]",
        &[(8, "a range cannot end (at 1) before it starts (at 3)\nhelp: exchange the two: `1:3`")],
    );
    dynamic("event[event.a:event.b]", &[]);
}

#[test]
fn unknown_name() {
    typed(
        "evnt",
        &[(
            0,
            "there is no name `evnt`\nhelp: did you mean `event`?\nhelp: a string needs quotes: `\"evnt\"`",
        )],
    );
    typed("hostname", &[(0, "there is no name `hostname`\nhelp: a string needs quotes: `\"hostname\"`")]);
    typed("id + 1", &[(0, "there is no name `id`\nhelp: did you mean `event.id`?")]);
    typed("True", &[(0, "there is no name `True`\nhelp: did you mean `true`?")]);
    typed("event.id == None", &[(12, "there is no name `None`\nhelp: did you mean `null`?")]);
    typed(
        "system::hostname",
        &[(
            0,
            "there is no constant `system::hostname`\nhelp: a function is called with parentheses: `system::hostname()`",
        )],
    );
    typed(
        "system::nope",
        &[(0, "there is no constant `system::nope`\nnote: constants of the library are not supported yet")],
    );
}

#[test]
fn roots_of_later() {
    for root in ["state", "args", "group", "window"] {
        let what = if root == "window" { "remove it: a select makes one event of each" } else { "remove it" };
        let text = format!("`{root}` is not supported yet\nhelp: {what}");
        typed(root, &[(0, &text)]);
        typed(&format!("{root}.x"), &[(0, &text)]);
        typed(&format!("present {root}.x"), &[(8, &text)]);
    }
}

#[test]
fn an_error_causes_no_second_one() {
    let unknown = "there is no name `x`\nhelp: a string needs quotes: `\"x\"`";
    for expr in ["x + 1", "x.a.b", "x[0]", "x[0:1]", "x and true", "x % 2 == 0"] {
        typed(expr, &[(0, unknown)]);
    }
    typed("merge x of event end", &[(6, unknown)]);
    typed("string::len(x)", &[(12, unknown)]);
    typed("\"#{x}\"", &[(0, unknown)]);
    typed("[x][0]", &[(1, unknown)]);
    typed("{\"a\": x}.a.b", &[(6, unknown)]);
    typed("not x == 1", &[(4, unknown)]);
    typed("present x.y", &[(8, unknown)]);
    typed("(1 % 0) + 1", &[(1, &fails("`%` by zero: 1 % 0 has no value"))]);
}

#[test]
fn all_errors_of_an_expression_come_at_once() {
    let text =
        flow("", "select\n{\"a\": event.a, \"b\": -\"x\",\n\"c\": merge 1 of 2 end}\nfrom in into out;");
    errors(
        &text,
        &[
            ("8:12", "no field `a`"),
            ("8:20", "`-` takes a number, not a string"),
            ("9:11", "two records"),
            ("9:16", "two records"),
        ],
    );
}
