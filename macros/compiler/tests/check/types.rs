//! Rules on types: each wrong expression, where the error stands, and what it says.

use crate::{errors, flow, run};

/// The errors of an expression over the metronome's event: the column of each in the expression, and its whole text.
#[track_caller]
fn typed(expr: &str, expected: &[(usize, &str)]) {
    let text = flow("", &format!("select\n{expr}\nfrom in into out;"));
    check(&text, 8, expr, expected);
}

/// The same, over an event of which nothing is known.
#[track_caller]
fn dynamic(expr: &str, expected: &[(usize, &str)]) {
    let text =
        format!("pub pipeline Test; use tremor::system; use std::string; select\n{expr}\nfrom in into out;");
    check(&text, 2, expr, expected);
}

#[track_caller]
fn check(text: &str, line: usize, expr: &str, expected: &[(usize, &str)]) {
    let expected: Vec<String> =
        expected.iter().map(|(column, message)| format!("{line}:{column} {message}")).collect();
    assert_eq!(run(text).1, expected, "{expr}");
}

/// What is told of a value that is written, and makes every event fail.
fn hopeless(text: &str) -> String {
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
fn unknown_function() {
    typed(
        "system::hostnam()",
        &[(
            8,
            "`tremor::system` has no function `hostnam`\nhelp: did you mean `hostname`? Legal functions: \
             `hostname`, `ingest_ns`, `instance`, `nanotime`, `version`",
        )],
    );
    typed(
        "hostname()",
        &[(
            0,
            "there is no function `hostname` without a module\nhelp: call `system::hostname`, with `use tremor::system;` before it",
        )],
    );
    typed(
        "nope()",
        &[(
            0,
            "there is no function `nope` without a module\nhelp: a function is called with its module, as in `string::len(…)`",
        )],
    );
}

#[test]
fn wrong_use_of_a_binary() {
    let b = "string::into_binary(event.onramp)";
    let wrong = |expr: &str, column: usize, message: &str| typed(&expr.replace("B", b), &[(column, message)]);
    wrong("B + \"a\"", 0, "`+` does not take a binary\nhelp: `+` takes two numbers or two strings");
    wrong("-B", 1, "`-` takes a number, not a binary");
    wrong("B < 1", 0, "`<` takes two numbers, or two strings or binaries, not a binary and an integer");
    wrong("B.x", 34, "this has no field `x`: it is a binary");
    wrong("B[0]", 0, "this cannot be indexed: it is a binary");
    wrong("B[0:1]", 0, "a range needs a list; this is a binary");
    wrong("event[B]", 6, "an index is an integer or a string, not a binary");
    wrong("string::len(B)", 12, "`string::len` takes a string here, not a binary");
    wrong("string::into_binary(B)", 20, "`string::into_binary` takes a string here, not a binary");
    wrong("{\"#{1}\": B}[B]", 44, "an index is an integer or a string, not a binary");
    wrong(
        "merge event of B end",
        15,
        "`merge` takes two records; this is a binary\nhelp: a record is written `{ \"key\": value }`",
    );
    wrong(
        "patch B of erase \"a\" end",
        6,
        "`patch` takes a record; this is a binary\nhelp: a record is written `{ \"key\": value }`",
    );
    typed(
        "string::from_utf8_lossy(event.onramp)",
        &[(24, "`string::from_utf8_lossy` takes a binary here, not a string")],
    );
    typed(
        "string::from_utf8_lossy(\"a\")",
        &[(24, "`string::from_utf8_lossy` takes a binary here, not a string")],
    );
}

#[test]
fn module_not_in_use() {
    typed(
        "type::is_null(event)",
        &[(
            0,
            "the module `type` is not in use\nhelp: add `use std::type;` at the head of the query, and call `type::…`",
        )],
    );
    typed("std::string::len(\"a\")", &[]);
    typed("core::string::len(\"a\")", &[]);
    typed(
        "strin::len(\"a\")",
        &[(
            0,
            "there is no module `strin`\nhelp: did you mean `string` (`use std::string;`)?\nnote: legal modules: \
             `std::array`, `std::math`, `std::record`, `std::string`, `std::type`, `core::datetime`, `tremor::system`",
        )],
    );
    typed("std::range::range(1, 2)", &[(0, "the module `std::range` is not supported yet")]);
}

#[test]
fn times_are_not_of_the_standard_library() {
    let legal = "`std::array`, `std::math`, `std::record`, `std::string`, `std::type`, `core::datetime`, `tremor::system`";
    let text = format!(
        "there is no module `std::datetime`\nhelp: did you mean `core::datetime`?\nnote: legal modules: {legal}"
    );
    typed("std::datetime::year(1)", &[(0, &text)]);
    typed("core::datetime::year(1)", &[]);
    typed(
        "datetime::year(1)",
        &[(
            0,
            "the module `datetime` is not in use\nhelp: add `use core::datetime;` at the head of the query, and call \
             `datetime::…`",
        )],
    );
    let query =
        |used: &str| format!("pub pipeline Test; use {used}; select datetime::year(1) from in into out;");
    errors(&query("core::datetime"), &[]);
    let text = format!(
        "there is no module `std::datetime`\nhelp: did you mean `core::datetime`? Legal modules: {legal}"
    );
    errors(&query("std::datetime"), &[("1:23", &text)]);
}

/// `use core::string` is `use std::string`: a module has two names.
#[test]
fn a_module_may_be_used_by_the_name_that_needs_no_use() {
    let query =
        |used: &str| format!("pub pipeline Test; use {used}; select string::len(\"a\") from in into out;");
    errors(&query("std::string"), &[]);
    errors(&query("core::string"), &[]);
    errors(&query("core::string; use std::string"), &[]);
}

#[test]
fn a_function_called_as_a_keyword_is_quoted() {
    let record = "core::record::r#merge({\"a\": 1}, {\"b\": 2})";
    typed(record, &[]);
    typed("core::record::r#select({\"a\": 1}, [\"a\"])", &[]);
    typed(
        "core::record::merge({\"a\": 1}, {\"b\": 2})",
        &[(14, "`merge` is a keyword, not a name\nhelp: write `r#merge`")],
    );
}

#[test]
fn a_constant_argument_with_which_a_call_must_fail() {
    dynamic("string::format(\"{}\", event, 1)", &[(15, &hopeless("the format has 1 `{}` for 2 arguments"))]);
    dynamic(
        "string::substr(event, 0, -1)",
        &[(25, &hopeless("-1 is negative; the characters of a text are counted from 0"))],
    );
    dynamic(
        "core::datetime::format(event, \"%Q\")",
        &[(30, &hopeless("`%Q` is no format of a time: it has a `%` that means nothing"))],
    );
    dynamic(
        "core::datetime::parse(event, \"%H:%M\")",
        &[(29, &hopeless("the format `%H:%M` names no time: it needs a year, a month and a day"))],
    );
    dynamic(
        "core::datetime::format(-1, event)",
        &[(23, &hopeless("-1 is no time: a time is counted in nanoseconds since 1970, not negative"))],
    );
    dynamic("core::datetime::format(event, \"%Y\")", &[]);
}

#[test]
fn a_module_that_does_not_exist_is_reported_at_its_use_alone() {
    let check = |call: &str| {
        let text = format!("pub pipeline Test;\nuse tremor::sistem;\nselect {call} from in into out;");
        errors(&text, &[("2:4", "there is no module `tremor::sistem`")]);
    };
    check("sistem::hostname()");
    check("system::hostname()");
    check("tremor::sistem::hostname()");
}

/// The module that was meant is used all the same: its calls are checked.
#[test]
fn a_module_whose_name_is_wrong_hides_no_wrong_call() {
    let check = |used: &str, place: &str| {
        let text = format!("pub pipeline Test;\nuse {used};\nselect system::hostnam() from in into out;");
        errors(&text, &[(place, "`tremor::system`"), ("3:15", "has no function `hostnam`")]);
    };
    check("tremor::sistem", "2:4");
    check("system", "2:4");
    check("tremor/system", "2:10");
    check("tremor.system", "2:10");
}

#[test]
fn wrong_number_of_arguments() {
    let len = "\nhelp: `std::string::len(string)` gives how many characters the text has";
    typed("string::len()", &[(8, &format!("`string::len` takes 1 argument, not 0{len}"))]);
    typed("string::len(\"a\", 1)", &[(17, &format!("`string::len` takes 1 argument, not 2{len}"))]);
    typed(
        "string::replace(\"a\")",
        &[(
            8,
            "`string::replace` takes 3 arguments, not 1\nhelp: `std::string::replace(string, string, string)` gives the \
             first text, each second text in it replaced by the third",
        )],
    );
    let hostname = "help: `tremor::system::hostname()` gives the name of the host";
    typed(
        "system::hostname(1, 2)",
        &[(17, &format!("`system::hostname` takes no arguments, not 2\n{hostname}"))],
    );
    typed(
        "string::format()",
        &[(
            8,
            "`string::format` takes at least 1 argument, not 0\nhelp: `std::string::format(string, ...)` gives the text \
             with each `{}` replaced by the next argument",
        )],
    );
}

#[test]
fn wrong_argument() {
    typed(
        "string::len(event.id)",
        &[(
            12,
            "`string::len` takes a string here, not an integer\nhelp: write `\"#{event.id}\"`, which makes a string of it",
        )],
    );
    typed(
        "string::substr(\"abc\", 0, \"1\")",
        &[(25, "`string::substr` takes an integer here, not a string\nhelp: write 1, without quotes")],
    );
    typed(
        "string::contains(event, 1)",
        &[
            (17, "`string::contains` takes a string here, not a record"),
            (
                24,
                "`string::contains` takes a string here, not an integer\nhelp: write `\"#{1}\"`, which makes a string of it",
            ),
        ],
    );
    dynamic("string::len(event.x)", &[]);
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
