//! Calls: functions and the modules that they are in, how many arguments they take, and of which types.

use super::types::{dynamic, hopeless, typed};
use crate::errors;

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
