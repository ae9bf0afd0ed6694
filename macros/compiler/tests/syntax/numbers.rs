//! Numbers: their forms and their limits.

use foreshock_compiler::syntax::ast::{ExprKind, QueryStmt, Stmt};

use crate::support::{errors, parsed};

/// What a number is, or the error about it.
#[track_caller]
fn check(text: &str, expected: &str) {
    let (flow, diagnostics) = parsed(&format!("pipeline Test;\nselect\n{text} from in into out"));
    let found = if !diagnostics.has_errors() {
        match flow.expect("the text has a head").stmts.pop() {
            Some(Stmt::Query(QueryStmt::Select(select))) => match select.target.kind {
                ExprKind::Int(value) => format!("int {value}"),
                ExprKind::Float(value) => format!("float {value:?}"),
                other => panic!("{text} is {other:?}"),
            },
            other => panic!("{text} is {other:?}"),
        }
    } else {
        errors(diagnostics)
    };
    assert_eq!(found.trim_end(), expected, "{text}");
}

#[test]
fn integers_are_decimal_or_hexadecimal() {
    check("0", "int 0");
    check("007", "int 7");
    check("1_000_000", "int 1000000");
    check("0x1f", "int 31");
    check("0xFF_ff", "int 65535");
    check("-0x10", "int -16");
    check("9223372036854775807", "int 9223372036854775807");
    check("-9223372036854775808", "int -9223372036854775808");
    check("- 1", "int -1");
}

#[test]
fn floats_have_a_dot() {
    check("1.5", "float 1.5");
    check("-1.", "float -1.0");
    check("1_0.2_5", "float 10.25");
    check("1.0e3", "float 1000.0");
    check("1.0e-3", "float 0.001");
    check("0.0", "float 0.0");
    check("1.7976931348623157e308", "float 1.7976931348623157e308");
}

#[test]
fn what_is_out_of_range_says_the_range() {
    let range = "\n  help: integer literals go from -9223372036854775808 to 9223372036854775807";
    check("9223372036854775808", &format!("3:1 `9223372036854775808` is out of range{range}"));
    check("-9223372036854775809", &format!("3:1 `-9223372036854775809` is out of range{range}"));
    check("0xffffffffffffffff", &format!("3:1 `0xffffffffffffffff` is out of range{range}"));
    let many = "9".repeat(50);
    check(&many, &format!("3:1 `{many}` is out of range{range}"));
    check("1.0e999", "3:1 `1.0e999` is out of range\n  help: the greatest float is 1.7976931348623157e308");
}

#[test]
fn units_and_suffixes_are_refused_with_what_to_do() {
    let suffix = |text: &str, suffix: &str| {
        let error = format!(
            "3:1 a number has no unit or suffix: `{suffix}` in `{text}`
  help: write the number in full, in the unit that the key has (milliseconds, bytes, events)"
        );
        check(text, &error);
    };
    suffix("1MB", "MB");
    suffix("10s", "s");
    suffix("1u64", "u64");
    suffix("1.5ms", "ms");
    suffix("0x1fkb", "kb");
    suffix("2f32", "f32");
}

#[test]
fn other_forms_of_rust_are_refused() {
    let other = |text: &str| {
        let error = format!(
            "3:1 `{text}` is no number here\n  help: integers are decimal or hexadecimal: `255`, `0xff`"
        );
        check(text, &error);
    };
    other("0b101");
    other("0o17");
    check("1e5", "3:1 a float has a dot: `1e5` has none\n  help: write `1.0e5`");
    check("1E-5", "3:1 a float has a dot: `1E-5` has none\n  help: write `1.0E-5`");
}
