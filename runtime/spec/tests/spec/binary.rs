//! Binaries: what operators, casts and functions make of them, and how they are written. JSON has none, so here they are
//! made of octets.

use foreshock_spec::json::{self, Buffer};
use foreshock_spec::op::{self, OpError, PatchOp, Segment};
use foreshock_spec::{FunctionSource, Record, Value, find_function};

fn binary(octets: &[u8]) -> Value {
    Value::Binary(octets.to_vec())
}

fn told<V: std::fmt::Debug>(result: Result<V, OpError>) -> String {
    result.expect_err("binaries are not taken here").to_string()
}

#[test]
fn json_has_them_as_base64_with_padding() {
    for (octets, text) in [
        (&b""[..], ""),
        (b"f", "Zg=="),
        (b"fo", "Zm8="),
        (b"foo", "Zm9v"),
        (b"foob", "Zm9vYg=="),
        (b"fooba", "Zm9vYmE="),
        (b"foobar", "Zm9vYmFy"),
        (&[0xfb, 0xef, 0xff], "++//"),
        (&[0], "AA=="),
    ] {
        let value = binary(octets);
        assert_eq!(value.to_string(), format!("\"{text}\""));
        assert_eq!(serde_json::Value::from(&value), serde_json::Value::from(text));
        let mut buffer = Buffer::new();
        buffer.append(|out| json::put_value(out, &value));
        assert_eq!(*buffer, *format!("\"{text}\"").as_bytes());
        let mut short = vec![0; text.len() + 1];
        assert_eq!(json::put_binary(&mut short, octets), None, "{text:?} does not fit");
        assert_eq!(json::base64(octets), text);
    }
}

#[test]
fn they_are_written_inside_of_other_values_too_and_read_as_strings() {
    let inner: Record = [("b", binary(b"foo"))].into_iter().collect();
    let value = Value::from(vec![Value::from(inner), binary(&[255; 300])]);
    let text = value.to_string();
    assert!(text.starts_with(r#"[{"b":"Zm9v"},"/////"#), "{text}");
    assert_eq!(text.len(), r#"[{"b":"Zm9v"},""]"#.len() + 400);
    let again = Value::parse(text.as_bytes()).unwrap();
    assert_eq!(op::as_list(&again).unwrap()[1].kind(), "string");
}

#[test]
fn they_equal_strings_and_binaries_of_the_same_octets_only() {
    for (octets, other, expected) in [
        (&b"abc"[..], Value::from("abc"), true),
        (b"abc", binary(b"abc"), true),
        (b"", Value::from(""), true),
        ("ä".as_bytes(), Value::from("ä"), true),
        (b"abc", Value::from("abd"), false),
        (b"abc", binary(b"ab"), false),
        (b"foo", Value::from("Zm9v"), false),
        (b"", Value::Null, false),
        (b"1", Value::from(1), false),
        (b"", Value::from(Vec::<Value>::new()), false),
    ] {
        assert_eq!(op::eq(&binary(octets), &other), expected, "{octets:?} == {other}");
        assert_eq!(op::eq(&other, &binary(octets)), expected, "{other} == {octets:?}");
        let (one, two) = (Value::from(vec![binary(octets)]), Value::from(vec![other]));
        assert_eq!(op::eq(&one, &two), expected, "in lists");
    }
    assert_ne!(binary(b"abc"), Value::from("abc"), "Rust's own `==` is exact");
}

#[test]
fn they_are_in_one_order_with_strings_by_octets() {
    let values = [
        Value::from(""),
        binary(&[0]),
        Value::from("Z"),
        binary(b"a"),
        Value::from("aa"),
        binary(&[0x80]),
        Value::from("ä"),
        binary(&[255]),
    ];
    for (i, a) in values.iter().enumerate() {
        for (k, b) in values.iter().enumerate() {
            assert_eq!(op::lt(a, b), Ok(i < k), "{a} < {b}");
            assert_eq!(op::lte(a, b), Ok(i <= k), "{a} <= {b}");
            assert_eq!(op::gt(a, b), Ok(i > k), "{a} > {b}");
            assert_eq!(op::gte(a, b), Ok(i >= k), "{a} >= {b}");
        }
    }
}

#[test]
fn with_anything_else_they_have_no_order() {
    let b = binary(b"1");
    assert_eq!(
        told(op::lt(&b, &Value::from(1))),
        "`<` takes two numbers, or two strings or binaries, not a binary and an integer"
    );
    assert_eq!(
        told(op::gte(&Value::Null, &b)),
        "`>=` takes two numbers, or two strings or binaries, not null and a binary"
    );
}

#[test]
fn no_other_operator_takes_them() {
    let (b, one) = (binary(b"1"), Value::from(1));
    assert_eq!(told(op::add(&b, &b)), "`+` takes two numbers or two strings, not a binary and a binary");
    assert_eq!(
        told(op::add(&Value::from("a"), &b)),
        "`+` takes two numbers or two strings, not a string and a binary"
    );
    assert_eq!(told(op::mul(&b, &one)), "`*` takes two numbers, not a binary and an integer");
    assert_eq!(told(op::rem(&b, &one)), "`%` takes two integers, not a binary and an integer");
    assert_eq!(told(op::shl(&b, &one)), "`<<` takes two integers, not a binary and an integer");
    assert_eq!(
        told(op::bit_and(&b, &b)),
        "`&` takes two integers or two booleans, not a binary and a binary"
    );
    assert_eq!(told(op::neg(&b)), "`-` takes a number, not a binary");
    assert_eq!(told(op::not(&b)), "`not` takes a boolean, not a binary");
    assert_eq!(
        told(op::merge(&b, &Value::from(Record::new()))),
        "`merge` takes two records, not a binary and a record"
    );
    assert_eq!(told(op::patch(&b, &[])), "`patch` takes a record, not a binary");
}

#[test]
fn they_have_no_parts() {
    let b = binary(b"abc");
    assert_eq!(told(op::key(&b, "len")), "`len` is looked up in a record, not in a binary");
    assert_eq!(told(op::index(&b, &Value::from(0))), "only lists and records can be indexed, not a binary");
    assert_eq!(
        told(op::range(&b, &Value::from(0), &Value::from(1))),
        "only a list has a range, not a binary"
    );
    assert_eq!(op::present(&b, &[Segment::Index(&Value::from(0))]), Ok(false));
    assert_eq!(op::present(&b, &[Segment::Key("a")]), Ok(false));
    let record = Value::from([("abc", 1)].into_iter().collect::<Record>());
    assert_eq!(told(op::index(&record, &b)), "a record is indexed by a string, not by a binary");
    let path = [Segment::Index(&b)];
    assert_eq!(told(op::present(&record, &path)), "an index is an integer or a string, not a binary");
}

#[test]
fn they_are_values_of_fields_like_any_other() {
    let b = binary(b"foo");
    let record = Value::from([("a", b.clone())].into_iter().collect::<Record>());
    let changes = Value::from([("b", b.clone())].into_iter().collect::<Record>());
    assert_eq!(op::merge(&record, &changes).unwrap().to_string(), r#"{"a":"Zm9v","b":"Zm9v"}"#);
    let operations =
        [PatchOp::Copy("a", "c"), PatchOp::Update("a", &Value::Null), PatchOp::MergeField("d", &b)];
    assert_eq!(op::patch(&record, &operations).unwrap().to_string(), r#"{"a":null,"c":"Zm9v","d":"Zm9v"}"#);
    assert_eq!(
        told(op::patch(&record, &[PatchOp::MergeField("a", &record)])),
        "`merge` takes a record; the field `a` is a binary"
    );
}

#[test]
fn casts_give_the_octets_and_nothing_else() {
    let b = binary(&[1, 255]);
    assert_eq!(op::as_binary(&b), Ok(&[1, 255][..]));
    assert_eq!(told(op::as_str(&b)), "a string is needed, not a binary");
    assert_eq!(told(op::as_bool(&b)), "a boolean is needed, not a binary");
    assert_eq!(told(op::as_binary(&Value::from("a"))), "a binary is needed, not a string");
}

#[test]
fn strings_take_them_in_as_json() {
    let mut text = String::new();
    op::interpolate(&mut text, &binary(b"foo"));
    assert_eq!(text, "\"Zm9v\"");
}

fn call(path: &str, arguments: &[Value]) -> Result<Value, OpError> {
    let (module, name) = path.rsplit_once("::").expect("a path has a module");
    let row = find_function(module, name).unwrap_or_else(|| panic!("no function {path}"));
    let FunctionSource::Pure { fold, .. } = row.source else { panic!("{path} is not pure") };
    let result = fold(arguments);
    assert!(result.as_ref().is_ok_and(|value| row.result.holds(value)) || result.is_err(), "{path}");
    result
}

#[test]
fn strings_become_binaries_and_binaries_strings() {
    for text in ["", "abc", "größer 🦀", "\0\n"] {
        let octets = call("std::string::into_binary", &[Value::from(text)]).unwrap();
        assert_eq!(octets, binary(text.as_bytes()));
        assert_eq!(call("core::string::from_utf8_lossy", &[octets]), Ok(Value::from(text)));
    }
    for (octets, text) in [
        (&b"a\xffb"[..], "a\u{fffd}b"),
        (b"\xff\xfe", "\u{fffd}\u{fffd}"),
        (b"\xe2\x82", "\u{fffd}"), // the begin of a character of three octets
        (b"\xe2\x82a", "\u{fffd}a"),
    ] {
        let given = call("std::string::from_utf8_lossy", &[binary(octets)]);
        assert_eq!(given, Ok(Value::from(text)), "{octets:?}");
    }
}

#[test]
fn a_binary_is_no_string_to_functions() {
    let b = binary(b"abc");
    let told = |path: &str, arguments: &[Value]| told(call(path, arguments));
    assert_eq!(told("std::string::from_utf8_lossy", &[Value::from("a")]), "a binary is needed, not a string");
    assert_eq!(
        told("std::string::into_binary", std::slice::from_ref(&b)),
        "a string is needed, not a binary"
    );
    assert_eq!(told("std::string::len", std::slice::from_ref(&b)), "a string is needed, not a binary");
    let list = Value::from(vec![Value::from("abc")]);
    assert_eq!(call("std::array::contains", &[list, b.clone()]), Ok(Value::from(false)));
    let list = Value::from(vec![b.clone(), Value::from("x")]);
    assert_eq!(call("std::array::contains", &[list.clone(), b.clone()]), Ok(Value::from(true)));
    assert_eq!(call("std::array::join", &[list, Value::from("-")]), Ok(Value::from("\"YWJj\"-x")));
    assert_eq!(call("std::string::format", &[Value::from("{}"), b]), Ok(Value::from("\"YWJj\"")));
}

#[test]
fn their_type_has_a_name() {
    let b = binary(b"abc");
    assert_eq!(call("std::type::as_string", std::slice::from_ref(&b)), Ok(Value::from("bytes")));
    for (test, expected) in
        [("is_binary", true), ("is_string", false), ("is_array", false), ("is_record", false)]
    {
        assert_eq!(
            call(&format!("std::type::{test}"), std::slice::from_ref(&b)),
            Ok(Value::from(expected)),
            "{test}"
        );
    }
    let no = call("std::type::is_binary", &[Value::from("YWJj")]);
    assert_eq!(no, Ok(Value::from(false)));
}
