//! What was meant where a string meets another type: other languages make one into the other.

use foreshock_spec::{Class, Value};

use super::{Typer, constant};
use crate::check::facts::TypedExpr;
use crate::check::types::Type;
use crate::diagnostics::Rule;
use crate::syntax::Pos;
use crate::syntax::ast::{BinaryOp, Expr, ExprKind, StringPart};
use crate::syntax::print;

/// A number with more characters is not written out.
const LONGEST_NUMBER: usize = 20;

impl Typer<'_> {
    /// `"{event.id}"`, `"${event.id}"`: text here, though other languages put a value there.
    pub(super) fn looks_like_interpolation(&mut self, text: &str, pos: Pos) {
        for (at, _) in text.match_indices("{event") {
            let inside = &text[at + 1..];
            let is_path = inside["event".len()..].starts_with(['.', '[', '}']);
            let Some(end) = inside.find('}').filter(|_| is_path && !text[..at].ends_with('#')) else {
                continue;
            };
            let written = format!("`{{{}}}` in a string is text", &inside[..end]);
            let warning = self.diagnostics.report(Rule::looks_like_interpolation, pos, written);
            warning.help(format!("write `#{{{}}}` for the value", &inside[..end]));
            return;
        }
    }
}

/// How to write an operation that does not take a string beside what is none.
pub(super) fn mend(
    operator: BinaryOp,
    (left, right): (&TypedExpr, &TypedExpr),
    written: (&Expr, &Expr),
) -> Option<String> {
    if let Some(help) = [left, right].into_iter().find_map(number_in_quotes) {
        return Some(help);
    }
    let is_joined = operator == BinaryOp::Add && (left.ty == Type::String || right.ty == Type::String);
    is_joined.then(|| format!("write `\"{}{}\"`", inside(written.0), inside(written.1)))
}

/// How to write an argument that is a string where a number is wanted, or the other way round.
pub(super) fn mend_argument(class: Class, argument: &TypedExpr, written: &Expr) -> Option<String> {
    match (class, &argument.ty) {
        (Class::Integer | Class::Float | Class::Number, Type::String) => number_in_quotes(argument),
        (Class::String, Type::Bool | Type::Uint | Type::Integer | Type::Float) => {
            Some(format!("write `\"{}\"`, which makes a string of it", inside(written)))
        }
        _ => None,
    }
}

/// A string that is a number.
pub(super) fn number_in_quotes(expr: &TypedExpr) -> Option<String> {
    let Some(Value::String(text)) = constant(expr) else { return None };
    Some(format!("write {}, without quotes", number(text)?))
}

/// A number as this language writes it, which has no `1e5`, `+1`, `.5` or `1.`.
fn number(text: &str) -> Option<String> {
    if let Ok(integer) = text.parse::<i64>() {
        return Some(integer.to_string());
    }
    let number: f64 = text.parse().ok().filter(|number: &f64| number.is_finite())?;
    let written = number.to_string();
    // who wrote so many digits did not mean to write them all
    let is_short = written.len() <= LONGEST_NUMBER;
    is_short.then(|| if written.contains('.') { written } else { format!("{written}.0") })
}

/// An expression within a string.
fn inside(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::String(parts) if parts.iter().all(|part| matches!(part, StringPart::Text(_))) => {
            let quoted = print(expr);
            let within = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            within.unwrap_or(&quoted).to_owned()
        }
        _ => format!("#{{{}}}", print(expr)),
    }
}
