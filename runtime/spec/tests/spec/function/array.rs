//! `std::array`.

use foreshock_spec::Value;

use super::{call_with, check};

#[test]
fn lengths() {
    check("std::array::len", "[[]]", "0");
    check("std::array::len", "[[1, [2, 3], null]]", "3");
    check("std::array::is_empty", "[[]]", "true");
    check("std::array::is_empty", "[[null]]", "false");
}

#[test]
fn an_element_is_found_if_its_type_is_the_same() {
    check("std::array::contains", "[[1, 2], 2]", "true");
    check("std::array::contains", "[[1, 2], 2.0]", "false");
    check("std::array::contains", "[[1.0], 1]", "false");
    check("std::array::contains", "[[1.0], 1.0]", "true");
    check("std::array::contains", "[[18446744073709551615], 18446744073709551615]", "true");
    check("std::array::contains", "[[], null]", "false");
    check("std::array::contains", "[[null], null]", "true");
    check("std::array::contains", r#"[[{"a": 1, "b": [2]}], {"b": [2], "a": 1}]"#, "true");
    check("std::array::contains", "[[[1]], [1.0]]", "false");
    check("std::array::contains", "[[[1]], 1]", "false");
}

#[test]
fn a_pushed_value_comes_last() {
    check("std::array::push", "[[], 1]", "[1]");
    check("std::array::push", "[[1, 2], [3]]", "[1,2,[3]]");
}

#[test]
fn lists_are_zipped_if_they_are_of_one_length() {
    check("std::array::zip", r#"[[1, 2], ["a", null]]"#, r#"[[1,"a"],[2,null]]"#);
    check("std::array::zip", "[[], []]", "[]");
    check("std::array::zip", "[[1], []]", "lists of one length are needed, not of 1 and 0 elements");
}

#[test]
fn pairs_are_unzipped() {
    check("std::array::unzip", r#"[[[1, "a"], [2, null]]]"#, r#"[[1,2],["a",null]]"#);
    check("std::array::unzip", "[[]]", "[[],[]]");
    check(
        "std::array::unzip",
        "[[[1, 2], [1, 2, 3]]]",
        "element 1 is no pair, a list of two elements, but a list of 3",
    );
    check("std::array::unzip", "[[1]]", "element 0 is no pair, a list of two elements, but an integer");
}

#[test]
fn lists_in_lists_are_flattened() {
    check("std::array::flatten", "[[1, [2, [3, [], [[4]]]], 5]]", "[1,2,3,4,5]");
    check("std::array::flatten", r#"[[{"a": [1, [2]]}, []]]"#, r#"[{"a":[1,[2]]}]"#);
    check("std::array::flatten", "[[]]", "[]");
}

/// Deeper than any text can be, as deep as a long flow may make a value.
#[test]
fn flattening_takes_any_depth() {
    let mut list = Value::from(vec![Value::from(1)]);
    for _ in 0..2000 {
        list = Value::from(vec![list, Value::from(0)]);
    }
    let Value::List(list) = list else { unreachable!() };
    let flat = foreshock_spec::function::array::flatten(&list);
    assert_eq!(foreshock_spec::op::as_list(&flat).unwrap().len(), 2001);
}

#[test]
fn nulls_are_dropped() {
    check("std::array::coalesce", r#"[[null, 0, "", [null], null]]"#, r#"[0,"",[null]]"#);
}

#[test]
fn elements_are_joined_as_strings_print_them() {
    check("std::array::join", r#"[["a", "b"], ", "]"#, r#""a, b""#);
    check(
        "std::array::join",
        r#"[["a", 1, 2.0, null, ["b"], {"c": true}], "-"]"#,
        r#""a-1-2.0-null-[\"b\"]-{\"c\":true}""#,
    );
    check("std::array::join", r#"[[], "-"]"#, r#""""#);
    check("std::array::join", r#"[["a"], "-"]"#, r#""a""#);
    check("std::array::join", r#"[["", ""], "-"]"#, r#""-""#);
}

#[test]
fn only_lists_are_taken() {
    check("std::array::len", r#"["abc"]"#, "a list is needed, not a string");
    check("std::array::zip", "[[1], {}]", "a list is needed, not a record");
    check("std::array::join", "[[1], 1]", "a string is needed, not an integer");
}

#[test]
fn what_is_not_a_number_equals_nothing() {
    let nan = Value::from(f64::NAN);
    assert_eq!(call_with("std::array::contains", &[Value::from(vec![nan.clone()]), nan]), "false");
}
