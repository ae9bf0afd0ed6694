//! JSON in and out.

use foreshock_spec::{Record, Value, json};
use proptest::prelude::*;

fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

/// Reads a text and writes it again.
#[track_caller]
fn check(text: &str, expected: &str) {
    let value = Value::parse(text.as_bytes()).unwrap_or_else(|e| panic!("{text}: {e}"));
    assert_eq!(value.to_string(), expected, "written again from {text}");
}

#[track_caller]
fn check_same(text: &str) {
    check(text, text);
}

#[track_caller]
fn check_refused(text: &[u8], because: &str) {
    let error = Value::parse(text).expect_err("this text is no JSON").to_string();
    assert!(
        error.contains(because),
        "{:?}: {error:?} does not say {because:?}",
        String::from_utf8_lossy(text)
    );
}

#[test]
fn what_is_read_is_written_the_same() {
    for text in [
        "null",
        "true",
        "false",
        "0",
        "-1",
        "7.0",
        "-7.5",
        "\"\"",
        "\"a\"",
        "[]",
        "{}",
        "[1,[2,[]],{}]",
        r#"{"a":{"b":[null,true,"x"]}}"#,
    ] {
        check_same(text);
    }
}

#[test]
fn white_space_between_tokens_is_not_kept() {
    check(" { \"a\" :\n[ 1 ,\t2 ] }\r\n", r#"{"a":[1,2]}"#);
}

#[test]
fn integers_keep_all_64_bits() {
    check_same("9223372036854775807");
    check_same("9223372036854775808");
    check_same("18446744073709551615");
    check_same("-9223372036854775808");
}

#[test]
fn integers_beyond_64_bits_become_floats() {
    check("18446744073709551616", "1.8446744073709552e19");
    check("-9223372036854775809", "-9.223372036854776e18");
}

#[test]
fn floats_keep_a_decimal_or_an_exponent() {
    check_same("7.0");
    check_same("0.1");
    check("1e2", "100.0");
    check("1.50", "1.5");
    check("1E+400".replace("400", "40").as_str(), "1e40");
    check_same("5e-324");
    check_same("1.7976931348623157e308");
}

#[test]
fn fields_keep_their_order_and_the_last_of_two_wins_at_the_first_place() {
    check_same(r#"{"z":1,"a":2,"m":3}"#);
    check(r#"{"z":1,"a":2,"z":3}"#, r#"{"z":3,"a":2}"#);
}

#[test]
fn escapes_are_read_and_only_the_needed_ones_are_written() {
    check(r#""\"\\\/\b\f\n\r\t\u0041""#, r#""\"\\/\b\f\n\r\tA""#);
    check(r#""\u0000\u001f\u007f""#, "\"\\u0000\\u001f\u{7f}\"");
    check(r#"{"\n":1}"#, r#"{"\n":1}"#);
    check_same("\"größer 🦀\"");
}

#[test]
fn surrogate_pairs_are_one_character_and_halves_are_refused() {
    check(r#""\ud83e\udd80""#, "\"🦀\"");
    check_refused(br#""\ud83e""#, "half of a surrogate pair");
    check_refused(br#""\udd80""#, "half of a surrogate pair");
    check_refused(br#""\ud83ex""#, "half of a surrogate pair");
}

#[test]
fn what_is_no_json_is_refused_with_its_place_in_our_words() {
    let check = |text: &[u8], why: &str| {
        let error = Value::parse(text).expect_err("this text is no JSON");
        assert_eq!(error.why(), why, "{:?}", String::from_utf8_lossy(text));
        assert_eq!(error.to_string(), format!("this is no JSON: {why}"));
    };
    let word = "this word is none of `true`, `false` and `null`; a string stands in double quotes";
    check(b"no JSON", &format!("{word} (column 2)"));
    check(b"truely", "something follows behind the value (column 5)");
    check(b"hello", "no value begins like this; a string stands in double quotes (column 1)");
    check(b"NaN", "no value begins like this; a string stands in double quotes (column 1)");
    check(b"'a'", "no value begins like this; a string stands in double quotes (column 1)");
    check(b"", "it ends before its value does (column 1)");
    check(b"nul", "it ends before its value does (column 3)");
    check(b"{\"a\":", "it ends before its value does (column 5)");
    check(b"[1", "it ends within a list (column 2)");
    check(b"{\"a\"", "it ends within a record (column 4)");
    check(b"\"a", "it ends within a string (column 2)");
    check(b"[1,]", "something should follow the `,` (column 4)");
    check(b"{\"a\":1,}", "something should follow the `,` (column 8)");
    check(b"[1 2]", "a `,` or `]` should be here (column 4)");
    check(b"{\"a\":1 2}", "a `,` or `}` should be here (column 8)");
    check(b"{\"a\" 1}", "a `:` should be here (column 6)");
    check(b"{a:1}", "the name of a field stands in double quotes (column 2)");
    check(b"{\n\n  a:1}", "the name of a field stands in double quotes (line 3, column 3)");
    check(b"1 2", "something follows behind the value (column 3)");
    check(b"01", "this is no number (column 2)");
    check(b"-", "it ends before its value does (column 1)");
    check(b"-x", "this is no number (column 2)");
    check(b"1e999", "this number is out of range (column 5)");
    check(b"\"\xff\"", "this is no UTF-8 (column 2)");
    check(b"\"\n\"", "a control character in a string must be escaped (line 2, column 1)");
    check(br#""\x""#, "there is no such escape (column 3)");
    check(br#""\ud83e""#, "the other half of a surrogate pair is missing (column 8)");
    check(br#""\udd80""#, "this escape is half of a surrogate pair (column 7)");
}

#[test]
fn nesting_is_limited() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    check_same(&nested(Value::DEPTH_LIMIT - 1));
    check_refused(nested(Value::DEPTH_LIMIT).as_bytes(), "nested too deep");
    check_refused("[".repeat(1_000_000).as_bytes(), "nested too deep");
    check_refused("{\"a\":".repeat(1_000_000).as_bytes(), "nested too deep");
}

#[test]
fn json_has_no_infinity_and_no_nan() {
    let check = |f: f64, expected: &str| {
        assert_eq!(written(|out| json::write_f64(out, f)), expected, "{f}");
        assert_eq!(serde_json::Value::from(&Value::Float(f)).to_string().replace("e+", "e"), expected, "{f}");
    };
    check(f64::INFINITY, "1.7976931348623157e308");
    check(f64::NEG_INFINITY, "-1.7976931348623157e308");
    check(f64::NAN, "null");
    check(-0.0, "-0.0");
    check(7.0, "7.0");
}

#[test]
fn scalars_are_written_as_their_texts() {
    assert_eq!(written(|out| json::write_u64(out, u64::MAX)), "18446744073709551615");
    assert_eq!(written(|out| json::write_i64(out, i64::MIN)), "-9223372036854775808");
    for i in [0, -1, i128::from(i64::MIN), i128::from(i64::MAX) + 1, i128::from(u64::MAX)] {
        assert_eq!(written(|out| json::write_i128(out, i)), i.to_string());
    }
    assert_eq!(written(|out| json::write_bool(out, true)), "true");
    assert_eq!(written(|out| json::write_bool(out, false)), "false");
    assert_eq!(written(json::write_null), "null");
}

#[test]
fn writers_append() {
    let text = written(|out| {
        out.extend_from_slice(b"{\"id\":");
        json::write_u64(out, 7);
        out.extend_from_slice(b",\"hostname\":");
        json::write_str(out, "a\"b");
        out.push(b'}');
    });
    assert_eq!(text, r#"{"id":7,"hostname":"a\"b"}"#);
}

#[test]
fn strings_are_escaped_wherever_the_special_byte_stands() {
    for special in ['"', '\\', '\n', '\u{0}', '\u{1f}'] {
        for text in [
            format!("{special}"),
            format!("{special}ab"),
            format!("ab{special}"),
            format!("é{special}{special}é"),
        ] {
            let json = written(|out| json::write_str(out, &text));
            assert_eq!(json, serde_json::to_string(&text).unwrap());
            assert_eq!(json::escaped_len(&text), json.len(), "{text:?}");
        }
    }
}

#[test]
fn a_value_knows_its_type() {
    let check = |json: &str, kind: &str, described: &str| {
        let value = Value::parse(json.as_bytes()).unwrap();
        assert_eq!((value.kind(), value.describe()), (kind, described), "{json}");
    };
    check("null", "null", "null");
    check("true", "bool", "a boolean");
    check("1", "integer", "an integer");
    check("18446744073709551615", "integer", "an integer");
    check("1.0", "float", "a float");
    check("\"\"", "string", "a string");
    check("[]", "array", "a list");
    check("{}", "record", "a record");
}

#[test]
fn an_integer_has_one_form() {
    assert_eq!(Value::integer(i128::from(i64::MAX)), Some(Value::Int(i64::MAX)));
    assert_eq!(Value::integer(i128::from(i64::MAX) + 1), Some(Value::Uint(1 << 63)));
    assert_eq!(Value::integer(i128::from(u64::MAX) + 1), None);
    assert_eq!(Value::integer(i128::from(i64::MIN) - 1), None);
    assert_eq!(Value::from(5_u64), Value::Int(5));
    assert_eq!(Value::from(u64::MAX), Value::Uint(u64::MAX));
}

#[test]
fn a_record_keeps_the_order_of_insertion_through_changes() {
    let mut record: Record = [("a", 1), ("b", 2), ("c", 3)].into_iter().collect();
    assert_eq!(record.insert("a", 9), Some(Value::Int(1)));
    assert_eq!(record.remove("b"), Some(Value::Int(2)));
    record.insert("b", 4);
    assert_eq!(record.keys().collect::<Vec<_>>(), ["a", "c", "b"]);
    assert_eq!(record.len(), 3);
    assert_eq!(record.get("a"), Some(&Value::Int(9)));
    assert!(record.contains_key("c") && !record.contains_key("d") && !record.is_empty());
}

#[test]
fn serde_values_go_both_ways() {
    let text = r#"{"z":[1,-2,18446744073709551615,1.5,null,true],"a":{"s":"x"}}"#;
    let json: serde_json::Value = serde_json::from_str(text).unwrap();
    let value = Value::from(json.clone());
    assert_eq!(value.to_string(), text);
    assert_eq!(serde_json::Value::from(&value), json);
}

/// Any value that JSON can hold.
fn any_value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop::num::f64::NORMAL.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|fields| Value::from(fields.into_iter().collect::<Record>())),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_survives_the_round_trip(value in any_value()) {
        let text = value.to_string();
        let back = Value::parse(text.as_bytes()).unwrap();
        prop_assert_eq!(&back, &value);
        prop_assert_eq!(back.to_string(), text);
    }

    #[test]
    fn any_string_is_written_as_others_write_it(s in any::<String>()) {
        let text = written(|out| json::write_str(out, &s));
        prop_assert_eq!(&text, &serde_json::to_string(&s).unwrap());
        prop_assert_eq!(json::escaped_len(&s), text.len());
    }

    #[test]
    fn any_bytes_are_read_or_refused_as_others_do(text in "[\\[\\]{}\",:0-9a-f.eE+ \\\\-]{0,24}") {
        let others = serde_json::from_str::<serde_json::Value>(&text).map(Value::from).ok();
        prop_assert_eq!(Value::parse(text.as_bytes()).ok(), others);
    }
}
