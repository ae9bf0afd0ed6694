//! The operators over Rust's own types, for code whose types are known. An integer is an `i128` between `i64::MIN`
//! and `u64::MAX` (language page, "Numbers"); an operation whose result is not is an error.

use super::OpError;

const LEAST: i128 = i64::MIN as i128;
const MOST: i128 = u64::MAX as i128;

#[inline]
fn checked(result: Option<i128>, op: &str, a: i128, b: i128) -> Result<i128, OpError> {
    match result {
        Some(i) if (LEAST..=MOST).contains(&i) => Ok(i),
        _ => Err(overflow(op, a, b)),
    }
}

#[cold]
fn overflow(op: &str, a: i128, b: i128) -> OpError {
    OpError::new(format!("`{op}` overflows: {a} {op} {b} does not fit into 64 bits"))
}

/// `a + b`
///
/// # Errors
/// The sum does not fit into 64 bits.
#[inline]
pub fn add_int(a: i128, b: i128) -> Result<i128, OpError> {
    checked(a.checked_add(b), "+", a, b)
}

/// `a - b`
///
/// # Errors
/// The difference does not fit into 64 bits.
#[inline]
pub fn sub_int(a: i128, b: i128) -> Result<i128, OpError> {
    checked(a.checked_sub(b), "-", a, b)
}

/// `a * b`
///
/// # Errors
/// The product does not fit into 64 bits.
#[inline]
pub fn mul_int(a: i128, b: i128) -> Result<i128, OpError> {
    checked(a.checked_mul(b), "*", a, b)
}

/// `a % b`, with the sign of `a`.
///
/// # Errors
/// `b` is 0.
#[inline]
pub fn rem_int(a: i128, b: i128) -> Result<i128, OpError> {
    a.checked_rem(b).ok_or_else(|| OpError::new(format!("`%` by zero: {a} % 0 has no value")))
}

/// `a << b`, in 64 bits: what is shifted out is gone. An `a` below 0 is taken as `i64`, another as `u64`.
///
/// # Errors
/// `b` is not between 0 and 63.
#[inline]
pub fn shl_int(a: i128, b: i128) -> Result<i128, OpError> {
    let by = shift("<<", b)?;
    Ok(if a < 0 { i128::from((a as i64) << by) } else { i128::from((a as u64) << by) })
}

/// `a >> b`: the sign stays.
///
/// # Errors
/// `b` is not between 0 and 63.
#[inline]
pub fn shr_int(a: i128, b: i128) -> Result<i128, OpError> {
    Ok(a >> shift(">>", b)?)
}

/// `a >>> b`: zeros come in from the left of 64 bits; the result of an `a` below 0 is taken as `i64` again.
///
/// # Errors
/// `b` is not between 0 and 63.
#[inline]
pub fn ushr_int(a: i128, b: i128) -> Result<i128, OpError> {
    let by = shift(">>>", b)?;
    let shifted = (a as u64) >> by;
    Ok(if a < 0 { i128::from(shifted as i64) } else { i128::from(shifted) })
}

#[inline]
fn shift(op: &str, by: i128) -> Result<u32, OpError> {
    match u32::try_from(by) {
        Ok(by) if by < 64 => Ok(by),
        _ => Err(OpError::new(format!("`{op}` shifts by 0 to 63, not by {by}"))),
    }
}

/// `a & b`
#[inline]
pub fn and_int(a: i128, b: i128) -> i128 {
    a & b
}

/// `a ^ b`, in 64 bits.
#[inline]
pub fn xor_int(a: i128, b: i128) -> i128 {
    let result = a ^ b;
    // Only a negative with one above i64::MAX get here: bit 63 is then 0 whichever way 64 bits are read.
    if result < LEAST { i128::from(result as u64) } else { result }
}

/// `!a`, in 64 bits.
#[inline]
pub fn not_int(a: i128) -> i128 {
    if a > i128::from(i64::MAX) { i128::from(!(a as u64)) } else { !a }
}

/// `-a`
///
/// # Errors
/// `a` is greater than 2⁶³.
#[inline]
pub fn neg_int(a: i128) -> Result<i128, OpError> {
    let result = -a;
    if result < LEAST {
        return Err(OpError::new(format!("`-` overflows: -{a} does not fit into 64 bits")));
    }
    Ok(result)
}

/// `a + b`
#[inline]
pub fn add_float(a: f64, b: f64) -> f64 {
    a + b
}

/// `a - b`
#[inline]
pub fn sub_float(a: f64, b: f64) -> f64 {
    a - b
}

/// `a * b`
#[inline]
pub fn mul_float(a: f64, b: f64) -> f64 {
    a * b
}

/// `a / b`, of integers too: division by zero is infinite, no error.
#[inline]
pub fn div_float(a: f64, b: f64) -> f64 {
    a / b
}

/// `a == b`, where at least one is a float: they differ by less than [`f64::EPSILON`].
#[inline]
pub fn eq_float(a: f64, b: f64) -> bool {
    // The first test is for infinities, whose difference is not a number.
    a == b || (a - b).abs() < f64::EPSILON
}

/// `a + b` of strings.
#[inline]
pub fn concat(a: &str, b: &str) -> String {
    let mut both = String::with_capacity(a.len() + b.len());
    both.push_str(a);
    both.push_str(b);
    both
}
