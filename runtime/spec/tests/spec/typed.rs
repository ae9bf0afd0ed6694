//! The operators over Rust's own types: the rules themselves, and that they are those of the values.

use foreshock_spec::Value;
use foreshock_spec::op::{self, OpError, typed};
use proptest::prelude::*;

const MIN: i128 = i64::MIN as i128;
const MAX: i128 = u64::MAX as i128;
const I64_MAX: i128 = i64::MAX as i128;

type Op = fn(i128, i128) -> Result<i128, OpError>;

#[track_caller]
fn check(op: Op, a: i128, b: i128, expected: i128) {
    assert_eq!(op(a, b), Ok(expected), "of {a} and {b}");
}

#[track_caller]
fn check_error(op: Op, a: i128, b: i128, expected: &str) {
    assert_eq!(op(a, b).expect_err("this has no value").to_string(), expected);
}

#[test]
fn integers_reach_from_the_least_i64_to_the_greatest_u64() {
    check(typed::add_int, I64_MAX, 1, I64_MAX + 1);
    check(typed::add_int, MAX - 1, 1, MAX);
    check(typed::sub_int, MIN + 1, 1, MIN);
    check(typed::sub_int, 2, 5, -3);
    check(typed::mul_int, -1, I64_MAX + 1, MIN);
    check(typed::add_int, MAX, MIN, MAX + MIN);
}

#[test]
fn beyond_that_is_an_error() {
    check_error(typed::add_int, MAX, 1, "`+` overflows: 18446744073709551615 + 1 does not fit into 64 bits");
    check_error(typed::sub_int, MIN, 1, "`-` overflows: -9223372036854775808 - 1 does not fit into 64 bits");
    check_error(
        typed::mul_int,
        MAX,
        MAX,
        "`*` overflows: 18446744073709551615 * 18446744073709551615 does not fit into 64 bits",
    );
    check_error(
        typed::mul_int,
        -1,
        MAX,
        "`*` overflows: -1 * 18446744073709551615 does not fit into 64 bits",
    );
    assert_eq!(typed::neg_int(I64_MAX + 1), Ok(MIN));
    assert_eq!(typed::neg_int(MIN), Ok(I64_MAX + 1));
    let error = typed::neg_int(I64_MAX + 2).expect_err("too small").to_string();
    assert_eq!(error, "`-` overflows: -9223372036854775809 does not fit into 64 bits");
}

#[test]
fn a_remainder_has_the_sign_of_the_left_side() {
    check(typed::rem_int, 7, 3, 1);
    check(typed::rem_int, -7, 3, -1);
    check(typed::rem_int, 7, -3, 1);
    check(typed::rem_int, MIN, -1, 0);
    check(typed::rem_int, MAX, 10, 5);
    check_error(typed::rem_int, 7, 0, "`%` by zero: 7 % 0 has no value");
}

#[test]
fn shifts_work_on_64_bits() {
    check(typed::shl_int, 1, 0, 1);
    check(typed::shl_int, 1, 63, I64_MAX + 1);
    check(typed::shl_int, 3, 63, I64_MAX + 1);
    check(typed::shl_int, MAX, 1, MAX - 1);
    check(typed::shl_int, -1, 63, MIN);
    check(typed::shl_int, -1, 1, -2);
    check(typed::shr_int, -8, 1, -4);
    check(typed::shr_int, MAX, 63, 1);
    check(typed::ushr_int, 8, 1, 4);
    check(typed::ushr_int, MAX, 1, I64_MAX);
    check(typed::ushr_int, -1, 1, I64_MAX);
    check(typed::ushr_int, -1, 0, -1);
}

#[test]
fn a_shift_is_by_0_to_63() {
    check_error(typed::shl_int, 1, 64, "`<<` shifts by 0 to 63, not by 64");
    check_error(typed::shr_int, 1, -1, "`>>` shifts by 0 to 63, not by -1");
    check_error(typed::ushr_int, 1, MAX, "`>>>` shifts by 0 to 63, not by 18446744073709551615");
}

#[test]
fn bit_operators_work_on_64_bits() {
    assert_eq!(typed::and_int(6, 3), 2);
    assert_eq!(typed::and_int(-1, MAX), MAX);
    assert_eq!(typed::and_int(-1, -2), -2);
    assert_eq!(typed::xor_int(6, 3), 5);
    assert_eq!(typed::xor_int(-1, 0), -1);
    assert_eq!(typed::xor_int(-1, MAX), 0);
    assert_eq!(typed::xor_int(MIN, MAX), I64_MAX);
    assert_eq!(typed::not_int(0), -1);
    assert_eq!(typed::not_int(-1), 0);
    assert_eq!(typed::not_int(I64_MAX), MIN);
    assert_eq!(typed::not_int(MAX), 0);
}

#[test]
fn floats_are_equal_within_epsilon() {
    assert!(typed::eq_float(0.1 + 0.2, 0.3));
    assert!(!typed::eq_float(1.0, 1.0 + 2.0 * f64::EPSILON));
    assert!(typed::eq_float(f64::INFINITY, f64::INFINITY));
    assert!(!typed::eq_float(f64::INFINITY, f64::NEG_INFINITY));
    assert!(!typed::eq_float(f64::NAN, f64::NAN));
}

#[test]
fn floats_and_strings_follow_rust() {
    assert_eq!(typed::add_float(1.5, 2.0), 3.5);
    assert_eq!(typed::sub_float(1.5, 2.0), -0.5);
    assert_eq!(typed::mul_float(1.5, 2.0), 3.0);
    assert_eq!(typed::div_float(7.0, 2.0), 3.5);
    assert_eq!(typed::div_float(1.0, 0.0), f64::INFINITY);
    assert_eq!(typed::concat("a", "ä"), "aä");
}

/// Integers of the language, the edges among them often.
fn any_integer() -> impl Strategy<Value = i128> {
    prop_oneof![
        prop::sample::select(vec![MIN, MIN + 1, -1, 0, 1, 63, 64, I64_MAX, I64_MAX + 1, MAX - 1, MAX]),
        any::<i64>().prop_map(i128::from),
        any::<u64>().prop_map(i128::from),
        -70..70_i128,
    ]
}

type Dynamic = fn(&Value, &Value) -> Result<Value, OpError>;

proptest! {
    #[test]
    fn typed_and_dynamic_operators_agree_and_stay_in_range(a in any_integer(), b in any_integer()) {
        let and: Op = |a, b| Ok(typed::and_int(a, b));
        let xor: Op = |a, b| Ok(typed::xor_int(a, b));
        let pairs: [(Op, Dynamic); 9] = [
            (typed::add_int, op::add), (typed::sub_int, op::sub), (typed::mul_int, op::mul), (typed::rem_int, op::rem),
            (typed::shl_int, op::shl), (typed::shr_int, op::shr), (typed::ushr_int, op::ushr),
            (and, op::bit_and), (xor, op::bit_xor),
        ];
        let (left, right) = (Value::integer(a).unwrap(), Value::integer(b).unwrap());
        for (typed, dynamic) in pairs {
            let result = typed(a, b);
            if let Ok(i) = result {
                prop_assert!((MIN..=MAX).contains(&i));
            }
            prop_assert_eq!(result.map(|i| Value::integer(i).unwrap()), dynamic(&left, &right));
        }
        prop_assert_eq!(typed::neg_int(a).map(|i| Value::integer(i).unwrap()), op::neg(&left));
        prop_assert_eq!(Value::integer(typed::not_int(a)), op::bit_not(&left).ok());
    }
}
