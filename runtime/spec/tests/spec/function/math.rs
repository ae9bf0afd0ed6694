//! `std::math`.

use foreshock_spec::Value;

use super::{call_with, check};

/// `floor`, `ceil`, `round` and `trunc` of a number.
#[track_caller]
fn rounded(number: &str, expected: [&str; 4]) {
    for (name, expected) in ["floor", "ceil", "round", "trunc"].into_iter().zip(expected) {
        check(&format!("std::math::{name}"), &format!("[{number}]"), expected);
    }
}

#[test]
fn numbers_become_integers() {
    rounded("1.2", ["1", "2", "1", "1"]);
    rounded("1.5", ["1", "2", "2", "1"]);
    rounded("-1.2", ["-2", "-1", "-1", "-1"]);
    rounded("-1.5", ["-2", "-1", "-2", "-1"]);
    rounded("-0.4", ["-1", "0", "0", "0"]);
    rounded("2.0", ["2"; 4]);
    rounded("7", ["7"; 4]);
    rounded("-9223372036854775808", ["-9223372036854775808"; 4]);
    rounded("18446744073709551615", ["18446744073709551615"; 4]);
    rounded("18446744073709549568.0", ["18446744073709549568"; 4]); // the last float within the integers
    rounded("-9223372036854775808.0", ["-9223372036854775808"; 4]);
}

#[test]
fn floats_beyond_the_integers_become_none() {
    rounded("18446744073709551616.0", ["1.8446744073709552e19 does not fit into an integer of 64 bits"; 4]);
    rounded("-9223372036854777856.0", ["-9.223372036854778e18 does not fit into an integer of 64 bits"; 4]);
    for (float, error) in [
        (f64::INFINITY, "inf does not fit into an integer of 64 bits"),
        (f64::NEG_INFINITY, "-inf does not fit into an integer of 64 bits"),
        (f64::NAN, "what is not a number (0 / 0) has no integer"),
    ] {
        assert_eq!(call_with("std::math::floor", &[Value::from(float)]), error);
    }
}

#[track_caller]
fn extremes(a: &str, b: &str, least: &str, greatest: &str) {
    for (a, b) in [(a, b), (b, a)] {
        check("std::math::min", &format!("[{a}, {b}]"), least);
        check("std::math::max", &format!("[{a}, {b}]"), greatest);
    }
}

#[test]
fn of_two_numbers_one_is_greater() {
    extremes("1", "2", "1", "2");
    extremes("-1", "18446744073709551615", "-1", "18446744073709551615");
    extremes("1.5", "2.5", "1.5", "2.5");
    extremes("7", "7", "7", "7");
}

#[test]
fn with_a_float_the_result_is_one() {
    extremes("1", "2.5", "1.0", "2.5");
    extremes("3", "2.5", "2.5", "3.0");
    extremes("2", "2.0", "2.0", "2.0");
}

#[test]
fn of_a_number_and_none_it_is_the_number() {
    let nan = Value::from(f64::NAN);
    for name in ["std::math::min", "std::math::max"] {
        assert_eq!(call_with(name, &[Value::from(1), nan.clone()]), "1.0");
        assert_eq!(call_with(name, &[nan.clone(), Value::from(2.5)]), "2.5");
        assert_eq!(call_with(name, &[nan.clone(), nan.clone()]), "null");
        assert_eq!(call_with(name, &[Value::from(f64::INFINITY), nan.clone()]), "1.7976931348623157e308");
    }
}

#[test]
fn only_numbers_are_taken() {
    check("std::math::floor", r#"["1.5"]"#, "a number is needed, not a string");
    check("std::math::max", r#"["a", "b"]"#, "a number is needed, not a string");
    check("std::math::min", "[1, null]", "a number is needed, not null");
}
