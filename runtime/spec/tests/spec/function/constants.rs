//! What constant arguments alone tell of a call: never more than the call itself.

use foreshock_spec::{Misfit, Value, find_function};

/// The number and the error of the argument with which a call must fail; `_` in `arguments` is one that is not known.
#[track_caller]
fn check(path: &str, arguments: &[&str], expected: Option<(usize, &str)>) {
    let (module, name) = path.rsplit_once("::").unwrap();
    let row = find_function(module, name).unwrap();
    let values: Vec<Option<Value>> =
        arguments.iter().map(|json| (*json != "_").then(|| Value::parse(json.as_bytes()).unwrap())).collect();
    let constants: Vec<Option<&Value>> = values.iter().map(Option::as_ref).collect();
    let found = row.check_constants.expect("it has a check")(&constants);
    let found = found.err().map(|Misfit { argument, error }| (argument, error.to_string()));
    assert_eq!(found, expected.map(|(argument, error)| (argument, error.to_owned())), "{path} {arguments:?}");
}

#[test]
fn a_format_has_a_place_for_each_argument() {
    check("std::string::format", &[r#""{} {}""#, "_", "_"], None);
    check("std::string::format", &[r#""{} {}""#, "_"], Some((0, "the format has 2 `{}` for 1 arguments")));
    check("std::string::format", &["_", "_"], None);
    check(
        "std::string::format",
        &[r#""{x}""#, "_"],
        Some((0, "the format has a single `{`: write `{}` for an argument, `{{` for a brace")),
    );
}

#[test]
fn characters_are_counted_from_0() {
    let negative = "-1 is negative; the characters of a text are counted from 0";
    check("std::string::substr", &["_", "0", "_"], None);
    check("std::string::substr", &["_", "-1", "_"], Some((1, negative)));
    check("std::string::substr", &["_", "_", "-1"], Some((2, negative)));
}

#[test]
fn formats_of_times_can_be_written_and_read() {
    let no_format = "`%Q` is no format of a time: it has a `%` that means nothing";
    let no_time = "-1 is no time: a time is counted in nanoseconds since 1970, not negative";
    check("core::datetime::format", &["_", r#""%Q""#], Some((1, no_format)));
    check("core::datetime::format", &["-1", "_"], Some((0, no_time)));
    check("core::datetime::format", &["_", r#""%Y""#], None);
    check("core::datetime::parse", &["_", r#""%Q""#], Some((1, no_format)));
    for format in [
        "%Y-%m-%d",
        "%s",
        "%F %T",
        "%+",
        "%c",
        "%Y %j",
        "%G-W%V-%u",
        "%y%m%d%H%M%S%.3f",
        "%#z %F %T",
        "%D %r",
    ] {
        check("core::datetime::parse", &["_", &format!("\"{format}\"")], None);
    }
    for format in ["", "%T", "%Y", "%Y-%m", "%d. %b", "%z"] {
        let error = format!("the format `{format}` names no time: it needs a year, a month and a day");
        check("core::datetime::parse", &["_", &format!("\"{format}\"")], Some((1, &error)));
    }
    check("core::datetime::year", &["-1"], Some((0, no_time)));
    check("core::datetime::year", &["1"], None);
}
