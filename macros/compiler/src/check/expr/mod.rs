//! The static types of expressions: what the user wrote becomes a `TypedExpr`, and what can be computed now is.
//!
//! An expression with an error has type `Any` and causes no second error. The operators' rules are not repeated here:
//! constants are folded, and types tried out, with the very functions that run later (`foreshock_spec::op`).

mod call;
mod glued;
mod names;
mod operator;
mod patch;
mod path;
mod record;
mod strings;
pub(super) mod weight;

use foreshock_spec::Value;

pub(super) use self::names::Names;

use crate::check::facts::{TypedExpr, TypedKind};
use crate::check::types::Type;
use crate::diagnostics::{Diagnostics, Rule};
use crate::syntax::ast::{Expr, ExprKind};
use crate::syntax::{Pos, print};

/// So many characters of an expression are shown where it fails.
const EXCERPT_LIMIT: usize = 60;

/// What an expression can see.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// The type of `event`; `None` where only constants are.
    pub(super) event: Option<&'a Type>,
    /// What stands there instead of one with an event, in words.
    pub(super) holder: &'static str,
    /// The names that can be seen.
    pub(super) names: Names<'a>,
}

/// Types an expression.
pub(super) fn type_expr(expr: &Expr, scope: Scope<'_>, diagnostics: &mut Diagnostics) -> TypedExpr {
    Typer { scope, diagnostics, advice: None }.expr(expr)
}

/// The value of an expression that folded. (`Const` of type `Any` is what an error left behind.)
pub(super) fn constant(expr: &TypedExpr) -> Option<&Value> {
    match &expr.kind {
        TypedKind::Const(value) if expr.ty != Type::Any => Some(value),
        _ => None,
    }
}

struct Typer<'a> {
    scope: Scope<'a>,
    diagnostics: &'a mut Diagnostics,
    /// What to do about the very next expression, if it is a `not` that does not take its operand.
    advice: Option<String>,
}

impl Typer<'_> {
    fn expr(&mut self, expr: &Expr) -> TypedExpr {
        let mut typed = self.kind(expr);
        if typed.fallible || typed.ty == Type::Any {
            typed.text = format!("{}: `{}`", self.diagnostics.sources().site(expr.pos), excerpt(expr));
        }
        typed
    }

    fn kind(&mut self, expr: &Expr) -> TypedExpr {
        let pos = expr.pos;
        match &expr.kind {
            ExprKind::Binary(..) | ExprKind::Field(..) if self.is_glued(expr) => broken(pos),
            ExprKind::Null => fold(Value::Null, pos),
            ExprKind::Bool(value) => fold(Value::from(*value), pos),
            ExprKind::Int(value) => fold(Value::from(*value), pos),
            ExprKind::Float(value) => fold(Value::from(*value), pos),
            ExprKind::String(parts) => self.string(parts, pos),
            ExprKind::List(items) => self.list(items, pos),
            ExprKind::Record(fields) => self.record(fields, pos),
            ExprKind::Event => self.event(pos),
            ExprKind::Meta => fold(Value::Record(foreshock_spec::Record::new()), pos),
            ExprKind::Name(path) => self.name(path),
            ExprKind::Field(base, name) => self.field(base, name, pos),
            ExprKind::Index(base, index) => self.index(base, index, pos),
            ExprKind::Range(base, from, to) => self.range(base, from, to, pos),
            ExprKind::Unary(op, operand) => self.unary(*op, operand, pos),
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right, pos),
            ExprKind::Present(wanted, path) => self.present(*wanted, path, pos),
            ExprKind::Merge(target, patch) => self.merge(target, patch, pos),
            ExprKind::Patch(target, operations) => self.patch(target, operations, pos),
            ExprKind::Call(path, arguments) => self.call(path, arguments, pos),
        }
    }

    fn event(&mut self, pos: Pos) -> TypedExpr {
        let Some(ty) = self.scope.event else {
            self.diagnostics
                .report(Rule::no_event_here, pos, format!("there is no `event` here: {}", self.scope.holder))
                .help("what is made of the event stands in a `select`");
            return broken(pos);
        };
        certain(TypedKind::Event, ty.clone(), pos)
    }
}

/// What to do about a constant with which an operation always fails.
const HOPELESS: &str = "write another value: with this one it fails whatever the event";

/// An expression as the user wrote it, or its beginning.
fn excerpt(expr: &Expr) -> String {
    let text = print(expr);
    match text.char_indices().nth(EXCERPT_LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A constant.
fn fold(value: Value, pos: Pos) -> TypedExpr {
    let ty = Type::of(&value);
    certain(TypedKind::Const(value), ty, pos)
}

/// An expression that cannot fail.
fn certain(kind: TypedKind, ty: Type, pos: Pos) -> TypedExpr {
    TypedExpr { kind, ty, fallible: false, pos, text: String::new() }
}

/// What stands for an expression that has an error.
fn broken(pos: Pos) -> TypedExpr {
    certain(TypedKind::Const(Value::Null), Type::Any, pos)
}
