//! Expressions: precedence, paths, literals. What is read is printed again with the fewest parentheses, and in full.

use foreshock_compiler::syntax::ast::{Expr, ExprKind, QueryStmt, Stmt};
use foreshock_compiler::syntax::print;

use crate::support::{errors, parsed};

/// The expression that a text is.
fn expr(text: &str) -> Expr {
    let (flow, diagnostics) = parsed(&format!("pipeline Test; select {text} from in into out"));
    assert_eq!(errors(diagnostics), "", "in {text}");
    let mut stmts = flow.expect("the text has a head").stmts;
    match stmts.pop() {
        Some(Stmt::Query(QueryStmt::Select(select))) => select.target,
        other => panic!("{text} is {other:?}"),
    }
}

/// With parentheses around everything that has operands.
fn full(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Unary(op, of) => format!("({op:?} {})", full(of)),
        ExprKind::Binary(op, left, right) => format!("({op:?} {} {})", full(left), full(right)),
        ExprKind::Present(present, path) => format!("(Present {present} {})", full(path)),
        ExprKind::Merge(target, patch) => format!("(Merge {} {})", full(target), full(patch)),
        ExprKind::Field(of, key) => format!("{}.{}", full(of), key.text),
        ExprKind::Index(of, index) => format!("{}[{}]", full(of), full(index)),
        ExprKind::Range(of, from, to) => format!("{}[{}:{}]", full(of), full(from), full(to)),
        ExprKind::List(items) => format!("[{}]", items.iter().map(full).collect::<Vec<_>>().join(", ")),
        _ => print(expr),
    }
}

/// How a text is read, and how it is printed. What is printed reads the same.
#[track_caller]
fn check(text: &str, structure: &str, printed: &str) {
    let read = expr(text);
    assert_eq!(full(&read), structure, "structure of {text}");
    assert_eq!(print(&read), printed, "print of {text}");
    assert_eq!(full(&expr(printed)), structure, "structure of {printed}, which was printed for {text}");
}

#[test]
fn operators_bind_as_on_the_ladder() {
    let same = |text: &str, structure: &str| check(text, structure, text);
    same("1 or 2 xor 3 and 4", "(Or 1 (Xor 2 (And 3 4)))");
    same("1 and 2 xor 3 or 4", "(Or (Xor (And 1 2) 3) 4)");
    same("1 and 2 ^ 3 & 4", "(And 1 (BitXor 2 (BitAnd 3 4)))");
    same("5 & 3 == 3", "(BitAnd 5 (Eq 3 3))");
    same("1 == 2 >= 3", "(Eq 1 (Gte 2 3))");
    same("1 == 1 == true", "(Eq (Eq 1 1) true)");
    same("1 < 2 >> 3 + 4 * 5", "(Lt 1 (Shr 2 (Add 3 (Mul 4 5))))");
    same("1 * 2 + 3 << 4 > 5", "(Gt (Shl (Add (Mul 1 2) 3) 4) 5)");
    same("1 - 2 - 3", "(Sub (Sub 1 2) 3)");
    same("1 - (2 - 3)", "(Sub 1 (Sub 2 3))");
    same("1 / 2 * 3 % 4", "(Mod (Mul (Div 1 2) 3) 4)");
    same("(1 + 2) * 3", "(Mul (Add 1 2) 3)");
    same("1 >>> 2 <= 3 != 4", "(NotEq (Lte (UnsignedShr 1 2) 3) 4)");
    same("(1 or 2) and 3", "(And (Or 1 2) 3)");
}

#[test]
fn signs_and_negations_bind_tighter_than_operators() {
    check("not event.a == event.b", "(Eq (Not event.a) event.b)", "not event.a == event.b");
    check("not (event.a == event.b)", "(Not (Eq event.a event.b))", "not (event.a == event.b)");
    check("!event.a + 1", "(Add (BitNot event.a) 1)", "!event.a + 1");
    check("-event.a * 2", "(Mul (Minus event.a) 2)", "-event.a * 2");
    check("+event.a", "(Plus event.a)", "+event.a");
    check("not not true", "(Not (Not true))", "not not true");
    check("1 - -2", "(Sub 1 -2)", "1 - -2");
    check("event.a -1", "(Sub event.a 1)", "event.a - 1");
    check("event.a-1", "(Sub event.a 1)", "event.a - 1");
    check("-(1)", "(Minus 1)", "-(1)");
    check("- -1", "(Minus -1)", "-(-1)");
    check(
        "not present event.a and absent $b",
        "(And (Not (Present true event.a)) (Present false $.b))",
        "not present event.a and absent $b",
    );
}

#[test]
fn paths_have_keys_indices_and_ranges() {
    let same = |text: &str, structure: &str| check(text, structure, text);
    same("event.a.b", "event.a.b");
    same("event[\"a\"][0][1:2].b", "event[\"a\"][0][1:2].b");
    same("event.list[event.n + 1]", "event.list[(Add event.n 1)]");
    same("event.r#select.type", "event.select.type");
    same("$x.y[0]", "$.x.y[0]");
    same("$[\"x\"]", "$[\"x\"]");
    same("$", "$");
    same("(merge event of $ end).a", "(Merge event $).a");
    same("(event.a + event.b).c", "(Add event.a event.b).c");
    same("present event.a[0].b", "(Present true event.a[0].b)");
    same("[1, 2][0]", "[1, 2][0]");
    same("a::b.c", "a::b.c");
}

#[test]
fn literals_read_as_themselves() {
    let same = |text: &str| check(text, text, text);
    same("null");
    same("true");
    same("false");
    same("[]");
    same("[1, [2, \"x\"]]");
    same("{}");
    same("{\"a\": 1, \"b\": {\"c\": event.d}}");
    same("std::string::len(\"x\")");
    same("f()");
    check("[1, 2,]", "[1, 2]", "[1, 2]");
    check("{\"a\": 1,}", "{\"a\": 1}", "{\"a\": 1}");
    check("f(1, 2,)", "f(1, 2)", "f(1, 2)");
    check("((1))", "1", "1");
}

#[test]
fn merge_and_calls_stand_wherever_an_expression_may() {
    let text = "merge event of {\"hostname\": system::hostname()} end";
    check(text, "(Merge event {\"hostname\": system::hostname()})", text);
    check(
        "merge merge $ of event end of {} end",
        "(Merge (Merge $ event) {})",
        "merge merge $ of event end of {} end",
    );
    check("f(merge event of $ end + 1)", "f(merge event of $ end + 1)", "f(merge event of $ end + 1)");
}

#[test]
fn symbols_need_no_space_between_them() {
    check("event.a>=-1", "(Gte event.a -1)", "event.a >= -1");
    check(
        "event.a>>>1==!event.b",
        "(Eq (UnsignedShr event.a 1) (BitNot event.b))",
        "event.a >>> 1 == !event.b",
    );
    check("1>>-2", "(Shr 1 -2)", "1 >> -2");
    check("event.a!=-event.b", "(NotEq event.a (Minus event.b))", "event.a != -event.b");
}
