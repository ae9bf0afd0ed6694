//! `std::record`.

use super::check;

#[test]
fn fields_are_counted_and_found() {
    check("std::record::len", "[{}]", "0");
    check("std::record::len", r#"[{"a": 1, "b": {"c": 2}}]"#, "2");
    check("std::record::is_empty", "[{}]", "true");
    check("std::record::is_empty", r#"[{"a": null}]"#, "false");
    check("std::record::contains", r#"[{"a": null}, "a"]"#, "true");
    check("std::record::contains", r#"[{"a": null}, "b"]"#, "false");
}

#[test]
fn names_and_values_come_in_their_order() {
    let record = r#"[{"b": 1, "a": [2], "c": null}]"#;
    check("std::record::keys", record, r#"["b","a","c"]"#);
    check("std::record::values", record, "[1,[2],null]");
    check("std::record::to_array", record, r#"[["b",1],["a",[2]],["c",null]]"#);
    check("std::record::to_array", "[{}]", "[]");
}

#[test]
fn a_record_is_made_of_pairs() {
    check("std::record::from_array", r#"[[["b", 1], ["a", [2]]]]"#, r#"{"b":1,"a":[2]}"#);
    check("std::record::from_array", "[[]]", "{}");
    check("std::record::from_array", r#"[[["a", 1], ["b", 2], ["a", 3]]]"#, r#"{"a":3,"b":2}"#);
    check(
        "std::record::from_array",
        r#"[[["a", 1], ["b"]]]"#,
        "element 1 is no pair, a list of two elements, but a list of 1",
    );
    check("std::record::from_array", "[[[1, 1]]]", "the name in element 0 is a string, not an integer");
    check("std::record::from_array", "[{}]", "a list is needed, not a record");
}

#[test]
fn fields_are_selected_in_the_order_of_the_record() {
    check("std::record::select", r#"[{"a": 1, "b": 2, "c": 3}, ["c", "a", "c", "x"]]"#, r#"{"a":1,"c":3}"#);
    check("std::record::select", r#"[{"a": 1}, []]"#, "{}");
    check("std::record::select", r#"[{"a": 1}, ["a", 1]]"#, "element 1 is a string, not an integer");
}

/// Unlike the expression `merge`.
#[test]
fn a_merge_is_shallow_and_keeps_nulls() {
    check(
        "std::record::merge",
        r#"[{"a": {"x": 1}, "b": 2, "n": 1}, {"n": null, "a": {"y": 2}, "c": 3}]"#,
        r#"{"a":{"y":2},"b":2,"n":null,"c":3}"#,
    );
    check("std::record::merge", r#"[{}, {"a": 1}]"#, r#"{"a":1}"#);
    check("std::record::merge", r#"[{"a": 1}, [1]]"#, "a record is needed, not a list");
}

#[test]
fn fields_are_renamed_where_they_stand() {
    check("std::record::rename", r#"[{"a": 1, "b": 2}, {"a": "x", "nobody": "y"}]"#, r#"{"x":1,"b":2}"#);
    check("std::record::rename", r#"[{"a": 1}, {}]"#, r#"{"a":1}"#);
    check("std::record::rename", r#"[{"a": 1}, {"a": "a"}]"#, r#"{"a":1}"#);
}

#[test]
fn a_renamed_field_wins_over_one_that_had_the_name() {
    check("std::record::rename", r#"[{"a": 1, "b": 2, "c": 3}, {"a": "b"}]"#, r#"{"b":1,"c":3}"#);
    check("std::record::rename", r#"[{"b": 2, "c": 3, "a": 1}, {"a": "b"}]"#, r#"{"c":3,"b":1}"#);
    check("std::record::rename", r#"[{"a": 1, "b": 2}, {"a": "b", "b": "a"}]"#, r#"{"b":1,"a":2}"#);
    check("std::record::rename", r#"[{"a": 1, "b": 2}, {"a": "x", "b": "x"}]"#, r#"{"x":2}"#);
}

#[test]
fn a_new_name_is_a_string() {
    check(
        "std::record::rename",
        r#"[{"a": 1}, {"b": 7}]"#,
        "the new name of `b` is a string, not an integer",
    );
}
