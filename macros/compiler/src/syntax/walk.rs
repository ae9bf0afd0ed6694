//! A walk over all parts of an expression.

use super::ast::{Expr, ExprKind, Key, StringPart};

impl Expr {
    /// Calls `seen` for the expression and everything in it.
    pub fn visit<'a>(&'a self, seen: &mut impl FnMut(&'a Expr)) {
        seen(self);
        for part in self.parts() {
            part.visit(seen);
        }
    }

    /// The expressions that it is put together from, in the order of the text.
    fn parts(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Event
            | ExprKind::Meta
            | ExprKind::Name(_) => Vec::new(),
            ExprKind::String(parts) => interpolated(parts).collect(),
            ExprKind::List(items) | ExprKind::Call(_, items) => items.iter().collect(),
            ExprKind::Record(fields) => {
                fields.iter().flat_map(|(key, value)| in_key(key).chain([value])).collect()
            }
            ExprKind::Field(of, _) | ExprKind::Unary(_, of) | ExprKind::Present(_, of) => vec![of],
            ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) | ExprKind::Merge(a, b) => vec![a, b],
            ExprKind::Range(of, from, to) => vec![of, from, to],
            ExprKind::Patch(target, operations) => {
                let operands =
                    operations.iter().flat_map(|op| op.keys.iter().flat_map(in_key).chain(&op.value));
                std::iter::once(&**target).chain(operands).collect()
            }
        }
    }
}

fn in_key(key: &Key) -> impl Iterator<Item = &Expr> {
    interpolated(&key.parts)
}

fn interpolated(parts: &[StringPart]) -> impl Iterator<Item = &Expr> {
    parts.iter().filter_map(|part| match part {
        StringPart::Text(_) => None,
        StringPart::Interpolation(expr) => Some(expr),
    })
}
