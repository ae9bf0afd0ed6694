//! The standard functions, called as a flow calls them: by module and name, with constants.

mod array;
mod constants;
mod datetime;
mod math;
mod random;
mod record;

use foreshock_spec::{
    Class, ContextValue, FunctionSource, Value, find_function, find_module, functions, functions_of,
    is_known_module, meant_module, modules,
};

/// The result of a call as JSON, or the error's text. `arguments` is a JSON list.
fn call(path: &str, arguments: &str) -> String {
    let Ok(Value::List(arguments)) = Value::parse(arguments.as_bytes()) else {
        panic!("no list: {arguments}")
    };
    call_with(path, &arguments)
}

/// The same with values, of which some cannot be written as JSON.
fn call_with(path: &str, arguments: &[Value]) -> String {
    let (module, name) = path.rsplit_once("::").expect("a path has a module");
    let row = find_function(module, name).unwrap_or_else(|| panic!("no function {path}"));
    let FunctionSource::Pure { fold, .. } = row.source else { panic!("{path} is not pure") };
    match fold(arguments) {
        Ok(value) => {
            assert!(row.result.holds(&value), "{path} gives {value}, which is not {}", row.result.describe());
            value.to_string()
        }
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn check(path: &str, arguments: &str, expected: &str) {
    assert_eq!(call(path, arguments), expected, "{path}({arguments})");
}

#[test]
fn lengths_count_characters() {
    check("std::string::len", r#"[""]"#, "0");
    check("std::string::len", r#"["größer 🦀"]"#, "8");
    check("std::string::bytes", r#"["größer 🦀"]"#, "13");
    check("std::string::bytes", r#"[""]"#, "0");
    check("std::string::is_empty", r#"[""]"#, "true");
    check("std::string::is_empty", r#"[" "]"#, "false");
}

#[test]
fn cases() {
    check("std::string::lowercase", r#"["ÄbC"]"#, r#""äbc""#);
    check("std::string::uppercase", r#"["äbC"]"#, r#""ÄBC""#);
    check("std::string::capitalize", r#"["äbC d"]"#, r#""ÄbC d""#);
    check("std::string::capitalize", r#"[""]"#, r#""""#);
    check("std::string::capitalize", r#"["ßa"]"#, r#""SSa""#);
}

#[test]
fn trimming() {
    check("std::string::trim", r#"[" \t a b\n "]"#, r#""a b""#);
    check("std::string::trim_start", r#"["  a "]"#, r#""a ""#);
    check("std::string::trim_end", r#"["  a "]"#, r#""  a""#);
}

#[test]
fn searching_and_replacing() {
    check("std::string::contains", r#"["snot badger", "t b"]"#, "true");
    check("std::string::contains", r#"["snot", "x"]"#, "false");
    check("std::string::contains", r#"["snot", ""]"#, "true");
    check("std::string::replace", r#"["a-b-c", "-", "++"]"#, r#""a++b++c""#);
    check("std::string::replace", r#"["abc", "x", "y"]"#, r#""abc""#);
    check("std::string::replace", r#"["ab", "", "-"]"#, r#""-a-b-""#);
    let long = Value::from("x".repeat(5000));
    let squared = call_with("std::string::replace", &[long.clone(), Value::from(""), long]);
    assert_eq!(squared, "the result would have more than 16777216 bytes");
}

#[test]
fn splitting_keeps_empty_parts() {
    check("std::string::split", r#"["a,b,,c,", ","]"#, r#"["a","b","","c",""]"#);
    check("std::string::split", r#"["", ","]"#, r#"[""]"#);
    check("std::string::split", r#"["abc", ","]"#, r#"["abc"]"#);
}

#[test]
fn substrings_are_half_open_and_count_characters() {
    check("std::string::substr", r#"["snot badger", 0, 4]"#, r#""snot""#);
    check("std::string::substr", r#"["größer", 2, 4]"#, r#""öß""#);
    check("std::string::substr", r#"["abc", 1, 1]"#, r#""""#);
}

#[test]
fn substrings_beyond_the_text_are_as_in_the_original() {
    check("std::string::substr", r#"["abc", 1, 9]"#, r#""bc""#); // an end beyond it is its end
    check("std::string::substr", r#"["abc", 5, 2]"#, r#""ab""#); // a start beyond it is 0
    check("std::string::substr", r#"["abc", 5, 9]"#, r#""abc""#);
    check("std::string::substr", r#"["abc", 2, 1]"#, r#""abc""#); // reversed: the whole text
    check("std::string::substr", r#"["abc", 0, 18446744073709551615]"#, r#""abc""#);
    check(
        "std::string::substr",
        r#"["abc", -1, 2]"#,
        "-1 is negative; the characters of a text are counted from 0",
    );
}

#[test]
fn formats_fill_in_their_arguments() {
    check("std::string::format", r#"["plain"]"#, r#""plain""#);
    check("std::string::format", r#"["{} of {}", "a", "b"]"#, r#""a of b""#);
    check("std::string::format", r#"["{}{}", 1, 2.0]"#, r#""12.0""#);
    check("std::string::format", r#"["{}", {"k": ["v", null]}]"#, r#""{\"k\":[\"v\",null]}""#);
    check("std::string::format", r#"["{{}} {}", 7]"#, r#""{} 7""#);
    check("std::string::format", r#"["{{{}}}", 7]"#, r#""{7}""#);
    check("std::string::format", r#"["🦀{}", "ä"]"#, r#""🦀ä""#);
}

#[test]
fn formats_must_have_a_place_for_each_argument() {
    check("std::string::format", r#"["{}"]"#, "the format has 1 `{}` for 0 arguments");
    check("std::string::format", r#"["{}", 1, 2]"#, "the format has 1 `{}` for 2 arguments");
    let single = "the format has a single `{`: write `{}` for an argument, `{{` for a brace";
    check("std::string::format", r#"["{x}", 1]"#, single);
    check("std::string::format", r#"["{"]"#, single);
    check(
        "std::string::format",
        r#"["}"]"#,
        "the format has a single `}`: write `{}` for an argument, `}}` for a brace",
    );
}

#[test]
fn types_have_names() {
    for (json, name) in [
        ("null", "null"),
        ("true", "bool"),
        ("1", "integer"),
        ("18446744073709551615", "integer"),
        ("1.0", "float"),
        ("\"\"", "string"),
        ("[]", "array"),
        ("{}", "record"),
    ] {
        check("std::type::as_string", &format!("[{json}]"), &format!("\"{name}\""));
    }
}

#[test]
fn each_value_is_of_its_types_only() {
    let tests = [
        "is_null",
        "is_bool",
        "is_integer",
        "is_float",
        "is_number",
        "is_string",
        "is_array",
        "is_record",
        "is_binary",
    ];
    for (json, yes) in [
        ("null", &["is_null"][..]),
        ("true", &["is_bool"]),
        ("1", &["is_integer", "is_number"]),
        ("-1", &["is_integer", "is_number"]),
        ("18446744073709551615", &["is_number"]), // as in the original
        ("1.0", &["is_float", "is_number"]),
        ("\"1\"", &["is_string"]),
        ("[1]", &["is_array"]),
        ("{\"a\":1}", &["is_record"]),
    ] {
        for test in tests {
            check(&format!("std::type::{test}"), &format!("[{json}]"), &yes.contains(&test).to_string());
        }
    }
}

#[test]
fn wrong_arguments_are_refused() {
    check("std::string::len", "[1]", "a string is needed, not an integer");
    check("std::string::substr", r#"["a", 0.0, 1]"#, "an integer is needed, not a float");
    check("std::string::len", "[]", "too few arguments");
    check("std::string::len", r#"["a", "b"]"#, "too many arguments");
}

#[test]
fn the_context_functions_take_nothing() {
    for (name, value, result) in [
        ("hostname", ContextValue::Hostname, Class::String),
        ("ingest_ns", ContextValue::IngestNs, Class::Integer),
        ("instance", ContextValue::Instance, Class::String),
        ("nanotime", ContextValue::Nanotime, Class::Integer),
        ("version", ContextValue::Version, Class::String),
    ] {
        let row = find_function("tremor::system", name).unwrap();
        assert!(matches!(row.source, FunctionSource::Context(v) if v == value), "{name}");
        assert_eq!(
            (row.params, row.rest, row.result, row.fallible),
            (&[][..], None, result, false),
            "{name}"
        );
    }
}

#[test]
fn modules_and_functions_are_found_by_both_of_their_names() {
    assert_eq!(
        modules().collect::<Vec<_>>(),
        [
            "std::array",
            "std::math",
            "std::record",
            "std::string",
            "std::type",
            "core::datetime",
            "tremor::system"
        ]
    );
    for (path, module) in [
        ("std::array", Some("std::array")),
        ("core::array", Some("std::array")),
        ("core::datetime", Some("core::datetime")),
        ("std::datetime", None),
        ("datetime", None),
        ("std", None),
        ("core", None),
        ("", None),
    ] {
        assert_eq!(find_module(path), module, "{path}");
    }
    assert!(find_function("core::string", "len").is_some());
    assert!(find_function("core::system", "hostname").is_some());
    assert!(find_function("core::type", "is_null").is_some());
    assert!(find_function("string", "len").is_none());
    assert!(find_function("std::string", "nope").is_none());
    assert!(functions_of("std::range").is_empty());
    assert_eq!(functions().count(), 9 + 6 + 10 + 16 + 10 + 28 + 5);
}

#[test]
fn a_module_that_is_not_there_was_meant_to_be_another() {
    for (path, meant) in [
        ("std::aray", Some("std::array")),
        ("std::datetime", Some("core::datetime")),
        ("std::system", Some("tremor::system")),
        ("datetime", Some("core::datetime")),
        ("strin", Some("std::string")),
        ("maths", Some("std::math")),
        ("snot", None),
    ] {
        assert_eq!(meant_module(path), meant, "{path}");
    }
}

#[test]
fn what_the_language_has_and_this_version_has_not_is_known() {
    for module in [
        "std::array",
        "std",
        "core",
        "core::datetime",
        "core::range",
        "cncf::otel",
        "tremor::origin",
        "std::string",
    ] {
        assert!(is_known_module(module), "{module}");
    }
    for module in ["", "st", "std::arr", "std::array::x", "std::datetime", "datetime", "snot"] {
        assert!(!is_known_module(module), "{module}");
    }
}

#[test]
fn every_module_that_is_built_is_known_and_every_row_is_whole() {
    for row in functions() {
        assert!(is_known_module(row.module), "{}", row.module);
        assert!(!row.doc.is_empty() && !row.doc.ends_with('.'), "{}", row.name);
        if let FunctionSource::Pure { path, .. } = row.source {
            assert_eq!(path.last(), Some(&row.name));
        }
        let twice = functions().filter(|other| (other.module, other.name) == (row.module, row.name)).count();
        assert_eq!(twice, 1, "{}::{}", row.module, row.name);
    }
}

#[test]
fn a_signature_is_readable() {
    let signature = |module, name| find_function(module, name).unwrap().signature();
    assert_eq!(signature("std::string", "substr"), "std::string::substr(string, integer, integer)");
    assert_eq!(signature("std::string", "format"), "std::string::format(string, ...)");
    assert_eq!(signature("tremor::system", "hostname"), "tremor::system::hostname()");
}

#[test]
fn a_class_holds_its_values() {
    let check = |class: Class, json: &str, expected: bool| {
        assert_eq!(class.holds(&Value::parse(json.as_bytes()).unwrap()), expected, "{class:?} {json}");
    };
    check(Class::Any, "null", true);
    check(Class::Null, "null", true);
    check(Class::Null, "0", false);
    check(Class::Number, "1", true);
    check(Class::Number, "1.5", true);
    check(Class::Number, "\"1\"", false);
    check(Class::Integer, "1.0", false);
    check(Class::Float, "1", false);
    check(Class::Bool, "true", true);
    check(Class::List, "[]", true);
    check(Class::Record, "{}", true);
    check(Class::String, "[]", false);
}
