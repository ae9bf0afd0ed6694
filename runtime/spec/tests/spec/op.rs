//! The operators over values. Operands and results are written as JSON.

use foreshock_spec::Value;
use foreshock_spec::op::{self, OpError, Segment};

fn value(json: &str) -> Value {
    Value::parse(json.as_bytes()).unwrap_or_else(|e| panic!("{json}: {e}"))
}

/// The result as JSON, or the error's text.
fn told(result: Result<impl Into<Value>, OpError>) -> String {
    result.map_or_else(|error| error.to_string(), |value| value.into().to_string())
}

fn binary(op: &str, a: &Value, b: &Value) -> String {
    match op {
        "+" => told(op::add(a, b)),
        "-" => told(op::sub(a, b)),
        "*" => told(op::mul(a, b)),
        "/" => told(op::div(a, b)),
        "%" => told(op::rem(a, b)),
        "<<" => told(op::shl(a, b)),
        ">>" => told(op::shr(a, b)),
        ">>>" => told(op::ushr(a, b)),
        "&" => told(op::bit_and(a, b)),
        "^" => told(op::bit_xor(a, b)),
        "xor" => told(op::xor(a, b)),
        "==" => op::eq(a, b).to_string(),
        "<" => told(op::lt(a, b)),
        "<=" => told(op::lte(a, b)),
        ">" => told(op::gt(a, b)),
        ">=" => told(op::gte(a, b)),
        "merge" => told(op::merge(a, b)),
        "[]" => told(op::index(a, b).cloned()),
        other => panic!("no such operator: {other}"),
    }
}

#[track_caller]
fn check(a: &str, op: &str, b: &str, expected: &str) {
    assert_eq!(binary(op, &value(a), &value(b)), expected, "{a} {op} {b}");
}

#[test]
fn integers_stay_integers_and_a_float_makes_floats() {
    check("1", "+", "2", "3");
    check("1", "+", "2.0", "3.0");
    check("1.5", "+", "2", "3.5");
    check("2", "-", "5", "-3");
    check("2", "-", "0.5", "1.5");
    check("3", "*", "4", "12");
    check("3", "*", "0.5", "1.5");
    check("9223372036854775807", "+", "1", "9223372036854775808");
    check("18446744073709551615", "-", "18446744073709551615", "0");
}

#[test]
fn division_always_gives_a_float() {
    check("7", "/", "2", "3.5");
    check("6", "/", "2", "3.0");
    check("1", "/", "0", "1.7976931348623157e308");
    check("-1", "/", "0", "-1.7976931348623157e308");
    check("0", "/", "0", "null");
}

#[test]
fn overflow_is_an_error_not_a_wrong_number() {
    check(
        "18446744073709551615",
        "+",
        "1",
        "`+` overflows: 18446744073709551615 + 1 does not fit into 64 bits",
    );
    check(
        "-9223372036854775808",
        "-",
        "1",
        "`-` overflows: -9223372036854775808 - 1 does not fit into 64 bits",
    );
    check(
        "5000000000",
        "*",
        "5000000000",
        "`*` overflows: 5000000000 * 5000000000 does not fit into 64 bits",
    );
}

#[test]
fn remainders_are_of_integers_and_not_by_zero() {
    check("7", "%", "4", "3");
    check("-7", "%", "4", "-3");
    check("7", "%", "0", "`%` by zero: 7 % 0 has no value");
    check("7.0", "%", "4", "`%` takes two integers, not a float and an integer");
}

#[test]
fn plus_joins_two_strings_and_nothing_else() {
    check("\"a\"", "+", "\"b\"", "\"ab\"");
    check("1", "+", "\"a\"", "`+` takes two numbers or two strings, not an integer and a string");
    check("[1]", "+", "[2]", "`+` takes two numbers or two strings, not a list and a list");
    check("\"a\"", "*", "2", "`*` takes two numbers, not a string and an integer");
    check("null", "-", "2", "`-` takes two numbers, not null and an integer");
    check("{}", "/", "true", "`/` takes two numbers, not a record and a boolean");
}

#[test]
fn shifts_take_integers() {
    check("1", "<<", "4", "16");
    check("1", "<<", "63", "9223372036854775808");
    check("-16", ">>", "2", "-4");
    check("-1", ">>>", "60", "15");
    check("1", "<<", "64", "`<<` shifts by 0 to 63, not by 64");
    check("1", ">>", "1.0", "`>>` takes two integers, not an integer and a float");
}

#[test]
fn bit_operators_take_integers_or_booleans() {
    check("6", "&", "3", "2");
    check("6", "^", "3", "5");
    check("true", "&", "false", "false");
    check("true", "^", "false", "true");
    check("5", "&", "true", "`&` takes two integers or two booleans, not an integer and a boolean");
    check("1.0", "^", "1", "`^` takes two integers or two booleans, not a float and an integer");
    check("true", "xor", "true", "false");
    check("true", "xor", "1", "`xor` takes two booleans, not a boolean and an integer");
}

#[test]
fn equality_is_deep_and_never_an_error() {
    for (a, b) in [
        ("1", "1.0"),
        ("18446744073709551615", "18446744073709551615"),
        ("0.30000000000000004", "0.3"),
        ("null", "null"),
        ("\"a\"", "\"a\""),
        ("[1,[2]]", "[1.0,[2]]"),
        ("{\"a\":1,\"b\":[2]}", "{\"b\":[2.0],\"a\":1}"),
        ("[]", "[]"),
    ] {
        check(a, "==", b, "true");
        check(b, "==", a, "true");
    }
    for (a, b) in [
        ("1", "\"1\""),
        ("0", "false"),
        ("null", "false"),
        ("null", "0"),
        ("1", "1.001"),
        ("[1]", "[1,2]"),
        ("{\"a\":1}", "{\"a\":1,\"b\":2}"),
        ("{\"a\":1}", "{\"b\":1}"),
        ("{}", "[]"),
        ("18446744073709551615", "-1"),
    ] {
        check(a, "==", b, "false");
        check(b, "==", a, "false");
    }
}

#[test]
fn numbers_and_strings_have_an_order() {
    check("1", "<", "2", "true");
    check("2", "<", "2", "false");
    check("2", "<=", "2", "true");
    check("2.5", ">", "2", "true");
    check("2", ">=", "2.5", "false");
    check("18446744073709551615", ">", "-1", "true");
    check("9007199254740993", ">", "9007199254740992", "true");
    check("\"a\"", "<", "\"b\"", "true");
    check("\"a\"", "<", "\"aa\"", "true");
    check("\"Z\"", "<", "\"a\"", "true");
    check("\"z\"", "<", "\"ä\"", "true");
}

#[test]
fn other_pairs_have_no_order() {
    check("1", "<", "\"2\"", "`<` takes two numbers or two strings, not an integer and a string");
    check("true", ">=", "false", "`>=` takes two numbers or two strings, not a boolean and a boolean");
    check("null", "<=", "1", "`<=` takes two numbers or two strings, not null and an integer");
    check("[]", ">", "[]", "`>` takes two numbers or two strings, not a list and a list");
}

#[test]
fn what_is_not_a_number_is_in_no_order() {
    let (nan, one) = (Value::Float(f64::NAN), Value::Int(1));
    for op in ["<", "<=", ">", ">=", "=="] {
        assert_eq!(binary(op, &nan, &one), "false", "{op}");
    }
}

#[test]
fn unary_operators() {
    let check = |op: fn(&Value) -> Result<Value, OpError>, a: &str, expected: &str| {
        assert_eq!(told(op(&value(a))), expected, "of {a}");
    };
    check(op::neg, "5", "-5");
    check(op::neg, "-9223372036854775808", "9223372036854775808");
    check(op::neg, "9223372036854775808", "-9223372036854775808");
    check(op::neg, "9223372036854775809", "`-` overflows: -9223372036854775809 does not fit into 64 bits");
    check(op::neg, "1.5", "-1.5");
    check(op::neg, "\"a\"", "`-` takes a number, not a string");
    check(op::plus, "5", "5");
    check(op::plus, "5.0", "5.0");
    check(op::plus, "true", "`+` takes a number, not a boolean");
    check(op::bit_not, "0", "-1");
    check(op::bit_not, "true", "false");
    check(op::bit_not, "1.0", "`!` takes an integer or a boolean, not a float");
    assert_eq!(told(op::not(&value("true"))), "false");
    assert_eq!(told(op::not(&value("0"))), "`not` takes a boolean, not an integer");
}

#[test]
fn keys_and_indices_find_what_is_there() {
    assert_eq!(told(op::key(&value(r#"{"a":{"b":1}}"#), "a").cloned()), r#"{"b":1}"#);
    check("[5,6,7]", "[]", "2", "7");
    check(r#"{"a":1}"#, "[]", "\"a\"", "1");
}

#[test]
fn keys_and_indices_say_what_is_missing() {
    let key = |json: &str, name: &str| told(op::key(&value(json), name).cloned());
    assert_eq!(key(r#"{"a":1}"#, "b"), "the record has no field `b`");
    assert_eq!(key("\"text\"", "len"), "`len` is looked up in a record, not in a string");
    check("[5]", "[]", "1", "index 1 is outside the list, which has 1 element");
    check("[]", "[]", "0", "index 0 is outside the list, which has 0 elements");
    check("[5]", "[]", "-1", "index -1 is negative; a list is counted from 0");
    check(
        "[5]",
        "[]",
        "18446744073709551615",
        "index 18446744073709551615 is outside the list, which has 1 element",
    );
    check("[5]", "[]", "\"a\"", "a list is indexed by an integer, not by a string");
    check("[5]", "[]", "0.0", "a list is indexed by an integer, not by a float");
    check("{}", "[]", "0", "a record is indexed by a string, not by an integer");
    check("{}", "[]", "\"a\"", "the record has no field `a`");
    check("\"text\"", "[]", "0", "only lists and records can be indexed, not a string");
}

#[test]
fn a_range_is_half_open_and_within_the_list() {
    let check = |json: &str, from: &str, to: &str, expected: &str| {
        assert_eq!(told(op::range(&value(json), &value(from), &value(to))), expected, "{json}[{from}:{to}]");
    };
    check("[5,6,7]", "0", "2", "[5,6]");
    check("[5,6,7]", "1", "1", "[]");
    check("[5,6,7]", "3", "3", "[]");
    check("[5,6,7]", "0", "3", "[5,6,7]");
    check("[5,6,7]", "0", "4", "range 0:4 is outside the list, which has 3 elements");
    check("[5,6,7]", "4", "4", "range 4:4 is outside the list, which has 3 elements");
    check("[5,6,7]", "2", "1", "range 2:1 ends before it starts");
    check("[5,6,7]", "-1", "1", "range -1:1 is negative; a list is counted from 0");
    check("[5,6,7]", "0", "1.0", "the bounds of a range are integers, not a float");
    check("\"text\"", "0", "1", "only a list has a range, not a string");
}

#[test]
fn present_is_false_for_whatever_is_missing_on_the_way() {
    let event = value(r#"{"a":{"b":null},"list":[1,{"c":2},3],"text":"x"}"#);
    let (zero, one, two, three, nine) = (value("0"), value("1"), value("2"), value("3"), value("9"));
    let (minus, name) = (value("-1"), value("\"b\""));
    let check = |path: &[Segment<'_>], expected: bool| {
        assert_eq!(op::present(&event, path), Ok(expected), "{path:?}");
    };
    use Segment::{Index, Key, Range};
    check(&[], true);
    check(&[Key("a")], true);
    check(&[Key("a"), Key("b")], true);
    check(&[Key("a"), Index(&name)], true);
    check(&[Key("a"), Key("c")], false);
    check(&[Key("x"), Key("y"), Key("z")], false);
    check(&[Key("text"), Key("y")], false);
    check(&[Key("text"), Index(&zero)], false);
    check(&[Key("list"), Index(&one), Key("c")], true);
    check(&[Key("list"), Index(&three)], false);
    check(&[Key("list"), Index(&minus)], false);
    check(&[Key("list"), Index(&name)], false);
    check(&[Key("a"), Index(&zero)], false);
    check(&[Key("list"), Range(&one, &three)], true);
    check(&[Key("list"), Range(&one, &three), Index(&zero), Key("c")], true);
    check(&[Key("list"), Range(&one, &three), Index(&two)], false);
    check(&[Key("list"), Range(&one, &three), Range(&zero, &two)], true);
    check(&[Key("list"), Range(&one, &three), Key("c")], false);
    check(&[Key("list"), Range(&one, &nine)], false);
    check(&[Key("list"), Range(&two, &one)], false);
    check(&[Key("list"), Range(&minus, &one)], false);
    check(&[Key("text"), Range(&zero, &one)], false);
}

#[test]
fn present_refuses_an_index_of_a_wrong_type() {
    let event = value(r#"{"list":[1]}"#);
    let (half, yes) = (value("0.5"), value("true"));
    let check = |segment: Segment<'_>, expected: &str| {
        assert_eq!(
            op::present(&event, &[Segment::Key("list"), segment]).map_err(|e| e.to_string()),
            Err(expected.into())
        );
    };
    check(Segment::Index(&half), "an index is an integer or a string, not a float");
    check(Segment::Range(&half, &yes), "the bounds of a range are integers, not a float");
    check(Segment::Range(&value("0"), &yes), "the bounds of a range are integers, not a boolean");
}

#[test]
fn merge_replaces_appends_and_keeps_places() {
    check(r#"{"a":1,"b":2}"#, "merge", r#"{"c":3,"a":4}"#, r#"{"a":4,"b":2,"c":3}"#);
    check(r#"{"a":1}"#, "merge", "{}", r#"{"a":1}"#);
    check("{}", "merge", r#"{"a":1}"#, r#"{"a":1}"#);
}

#[test]
fn merge_goes_into_records_only() {
    check(r#"{"a":{"x":1,"y":2}}"#, "merge", r#"{"a":{"y":3,"z":4}}"#, r#"{"a":{"x":1,"y":3,"z":4}}"#);
    check(r#"{"a":[1,2]}"#, "merge", r#"{"a":[3]}"#, r#"{"a":[3]}"#);
    check(r#"{"a":{"x":1}}"#, "merge", r#"{"a":5}"#, r#"{"a":5}"#);
    check(r#"{"a":5}"#, "merge", r#"{"a":{"x":1}}"#, r#"{"a":{"x":1}}"#);
}

#[test]
fn a_null_in_a_merge_deletes_what_exists() {
    check(r#"{"a":1,"b":2,"c":3}"#, "merge", r#"{"b":null}"#, r#"{"a":1,"c":3}"#);
    check(r#"{"a":{"x":1,"y":2}}"#, "merge", r#"{"a":{"x":null}}"#, r#"{"a":{"y":2}}"#);
    check(r#"{"a":1}"#, "merge", r#"{"b":null}"#, r#"{"a":1}"#);
}

#[test]
fn nulls_inside_what_is_new_are_kept() {
    check(r#"{"a":1}"#, "merge", r#"{"a":{"q":null}}"#, r#"{"a":{"q":null}}"#);
    check("{}", "merge", r#"{"a":{"q":null}}"#, r#"{"a":{"q":null}}"#);
    check(r#"{"a":[]}"#, "merge", r#"{"a":[null]}"#, r#"{"a":[null]}"#);
}

#[test]
fn merge_takes_records() {
    check("1", "merge", "{}", "`merge` takes two records, not an integer and a record");
    check("{}", "merge", "null", "`merge` takes two records, not a record and null");
}

#[test]
fn a_computed_key_is_a_string() {
    assert_eq!(op::record_key(&value("\"k\"")), Ok("k"));
    let error = op::record_key(&value("1")).expect_err("no string").to_string();
    assert_eq!(error, "the key of a field is a string, not an integer");
}

#[test]
fn casts_say_what_is_needed() {
    let check = |told: String, expected: &str| assert_eq!(told, expected);
    check(told(op::as_bool(&value("true"))), "true");
    check(told(op::as_bool(&value("1"))), "a boolean is needed, not an integer");
    check(told(op::as_str(&value("\"x\""))), "\"x\"");
    check(told(op::as_str(&value("null"))), "a string is needed, not null");
    assert_eq!(op::as_integer(&value("18446744073709551615")), Ok(i128::from(u64::MAX)));
    check(told(op::as_integer(&value("1.0")).map(|_| 0)), "an integer is needed, not a float");
    check(told(op::as_float(&value("2"))), "2.0");
    check(told(op::as_float(&value("\"2\""))), "a number is needed, not a string");
    check(told(op::as_number(&value("2")).cloned()), "2");
    check(told(op::as_number(&value("[]")).cloned()), "a number is needed, not a list");
    check(told(op::as_list(&value("[1]")).map(<[Value]>::to_vec)), "[1]");
    check(told(op::as_list(&value("{}")).map(<[Value]>::to_vec)), "a list is needed, not a record");
    check(told(op::as_record(&value("{}")).cloned()), "{}");
    check(told(op::as_record(&value("true")).cloned()), "a record is needed, not a boolean");
}

#[test]
fn an_error_can_be_told_with_its_place() {
    let error = op::as_bool(&value("1")).expect_err("no boolean").within("`where`");
    assert_eq!(error.to_string(), "`where`: a boolean is needed, not an integer");
}

#[test]
fn interpolation_prints_strings_raw_and_all_else_as_json() {
    let mut out = String::from(">");
    for json in ["\"a\\\"b\"", "1", "1.0", "null", "true", "[\"x\"]", r#"{"k":"v"}"#] {
        op::interpolate(&mut out, &value(json));
        out.push(' ');
    }
    assert_eq!(out, r#">a"b 1 1.0 null true ["x"] {"k":"v"} "#);
}

/// Patches `target` with one operation, written as in the language but for its `=>`.
#[track_caller]
fn patched(target: &str, operation: &str, key: &str, operand: &str, expected: &str) {
    use op::PatchOp;
    let (target, operand_value) = (value(target), value(operand));
    let operation = match operation {
        "insert" => PatchOp::Insert(key, &operand_value),
        "upsert" => PatchOp::Upsert(key, &operand_value),
        "update" => PatchOp::Update(key, &operand_value),
        "erase" => PatchOp::Erase(key),
        "move" => PatchOp::Move(key, operand.trim_matches('"')),
        "copy" => PatchOp::Copy(key, operand.trim_matches('"')),
        "merge" if key.is_empty() => PatchOp::Merge(&operand_value),
        "merge" => PatchOp::MergeField(key, &operand_value),
        other => panic!("no such operation: {other}"),
    };
    assert_eq!(told(op::patch(&target, &[operation])), expected, "{target} {operation:?}");
}

#[test]
fn a_patch_does_one_thing_to_a_field_that_is_there_and_another_to_one_that_is_not() {
    let record = r#"{"a":1,"r":{"x":1},"z":0}"#;
    patched(record, "insert", "n", "2", r#"{"a":1,"r":{"x":1},"z":0,"n":2}"#);
    patched(record, "insert", "a", "2", "`insert` finds a field `a` already there");
    patched(record, "upsert", "n", "2", r#"{"a":1,"r":{"x":1},"z":0,"n":2}"#);
    patched(record, "upsert", "a", "2", r#"{"a":2,"r":{"x":1},"z":0}"#);
    patched(record, "update", "n", "2", "`update` finds no field `n`");
    patched(record, "update", "a", "null", r#"{"a":null,"r":{"x":1},"z":0}"#);
    patched(record, "erase", "n", "0", record);
    patched(record, "erase", "a", "0", r#"{"r":{"x":1},"z":0}"#);
    patched(record, "move", "n", "\"m\"", record);
    patched(record, "move", "n", "\"a\"", "`move` finds a field `a` already there");
    patched(record, "move", "a", "\"m\"", r#"{"r":{"x":1},"z":0,"m":1}"#);
    patched(record, "move", "a", "\"a\"", "`move` finds a field `a` already there");
    patched(record, "copy", "n", "\"m\"", record);
    patched(record, "copy", "a", "\"m\"", r#"{"a":1,"r":{"x":1},"z":0,"m":1}"#);
    patched(record, "copy", "a", "\"z\"", "`copy` finds a field `z` already there");
    patched(record, "merge", "n", r#"{"a":null,"b":1}"#, r#"{"a":1,"r":{"x":1},"z":0,"n":{"b":1}}"#);
    patched(record, "merge", "n", "7", r#"{"a":1,"r":{"x":1},"z":0,"n":7}"#);
    patched(record, "merge", "r", r#"{"x":null,"y":2}"#, r#"{"a":1,"r":{"y":2},"z":0}"#);
    patched(record, "merge", "r", "null", r#"{"a":1,"r":null,"z":0}"#);
    patched(record, "merge", "a", "{}", "`merge` takes a record; the field `a` is an integer");
    patched(record, "merge", "", r#"{"a":null,"r":{"y":2}}"#, r#"{"r":{"x":1,"y":2},"z":0}"#);
    patched(record, "merge", "", "7", "`merge` takes a record, not an integer");
    patched("[]", "erase", "a", "0", "`patch` takes a record, not a list");
}

#[test]
fn the_operations_of_a_patch_apply_in_order() {
    use op::PatchOp;
    let (target, one) = (value(r#"{"a":0}"#), value("1"));
    let operations = [
        PatchOp::Move("a", "b"),
        PatchOp::Insert("a", &one),
        PatchOp::Copy("b", "c"),
        PatchOp::Erase("b"),
        PatchOp::Update("c", &one),
    ];
    assert_eq!(told(op::patch(&target, &operations)), r#"{"a":1,"c":1}"#);
}
