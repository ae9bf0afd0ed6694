//! Operators with one and two operands.
//!
//! Which types an operator takes is found by trying it on one example of each: `1 + "a"` fails here with the words
//! with which it would fail at run time.

use foreshock_spec::Value;
use foreshock_spec::op::{self, OpError};

use super::{HOPELESS, Typer, broken, certain, constant, excerpt, fold, strings};
use crate::check::facts::{TypedExpr, TypedKind};
use crate::check::types::Type;
use crate::diagnostics::Rule;
use crate::syntax::Pos;
use crate::syntax::ast::{BinaryOp, Expr, ExprKind, UnaryOp};

impl Typer<'_> {
    pub(super) fn unary(&mut self, operator: UnaryOp, operand: &Expr, pos: Pos) -> TypedExpr {
        let advice = self.advice.take();
        let operand = self.expr(operand);
        if let Some(value) = constant(&operand) {
            return match apply_unary(operator, value) {
                Ok(value) => fold(value, pos),
                Err(error) => self.wrong_operand(&error, pos, advice),
            };
        }
        let Some(example) = operand.ty.example() else {
            let ty = if operator == UnaryOp::Not { Type::Bool } else { Type::Any };
            let kind = TypedKind::Unary(operator, Box::new(operand));
            return TypedExpr { kind, ty, fallible: true, pos, text: String::new() };
        };
        match apply_unary(operator, &example) {
            // `+x` is `x` for every number
            Ok(_) if operator == UnaryOp::Plus => TypedExpr { pos, ..operand },
            Ok(result) => {
                let fallible = operator == UnaryOp::Minus && is_integer(&operand.ty);
                let ty = Type::of(&result);
                TypedExpr {
                    kind: TypedKind::Unary(operator, Box::new(operand)),
                    ty,
                    fallible,
                    pos,
                    text: String::new(),
                }
            }
            Err(error) => self.wrong_operand(&error, operand.pos, advice),
        }
    }

    fn wrong_operand(&mut self, error: &OpError, operand: Pos, advice: Option<String>) -> TypedExpr {
        let error = self.diagnostics.report(Rule::wrong_operand, operand, error.to_string());
        if let Some(advice) = advice {
            error.help(advice);
        }
        broken(operand)
    }

    pub(super) fn binary(&mut self, operator: BinaryOp, left: &Expr, right: &Expr, pos: Pos) -> TypedExpr {
        self.advice = not_binds_tighter(operator, left, right, pos);
        let written = (left, right);
        let (left, right) = (self.expr(left), self.expr(right));
        if let (Some(a), Some(b)) = (constant(&left), constant(&right)) {
            return self.folded(apply_binary(operator, a, b), pos);
        }
        let Some(ty) = self.result(operator, (&left, &right), written, pos) else {
            return broken(pos);
        };
        if self.is_hopeless(operator, &right) {
            return broken(pos);
        }
        self.never_equal(operator, &left, &right, pos);
        if let Some(decided) = decided(operator, &left, &right) {
            return TypedExpr { pos, ..decided };
        }
        let fallible = can_fail(operator, &left.ty, &right.ty);
        TypedExpr {
            kind: TypedKind::Binary(operator, Box::new(left), Box::new(right)),
            ty,
            fallible,
            pos,
            text: String::new(),
        }
    }

    /// The type of the result; `None` if the operator does not take these operands (reported).
    fn result(
        &mut self,
        operator: BinaryOp,
        (left, right): (&TypedExpr, &TypedExpr),
        written: (&Expr, &Expr),
        pos: Pos,
    ) -> Option<Type> {
        for (operand, on_left) in [(left, true), (right, false)] {
            if !takes(operator, &operand.ty, on_left) {
                let text = format!("`{}` does not take {}", symbol(operator), operand.ty.describe());
                let error = self.diagnostics.report(Rule::wrong_operand, operand.pos, text);
                error.help(match strings::number_in_quotes(operand) {
                    Some(help) => help,
                    None => wanted(operator, &operand.ty),
                });
                return None;
            }
        }
        let (Some(a), Some(b)) = (left.ty.example(), right.ty.example()) else {
            return Some(if gives_boolean(operator) { Type::Bool } else { Type::Any });
        };
        match apply_binary(operator, &a, &b) {
            Ok(result) => Some(Type::of(&result)),
            Err(error) => {
                let error = self.diagnostics.report(Rule::wrong_operand, pos, error.to_string());
                if let Some(help) = strings::mend(operator, (left, right), written) {
                    error.help(help);
                }
                None
            }
        }
    }

    /// A divisor of zero, or a shift by too much, that is written: with it every event fails, or gives what is no number.
    fn is_hopeless(&mut self, operator: BinaryOp, right: &TypedExpr) -> bool {
        use BinaryOp::{Div, Mod, Shl, Shr, UnsignedShr};
        let Some(operand) = constant(right) else { return false };
        let zero = Value::Int(0);
        if matches!(operator, Div | Mod) && op::eq(operand, &zero) {
            let text = format!("`{}` by zero, whatever the event", symbol(operator));
            self.diagnostics.report(Rule::zero_divisor, right.pos, text).help("write another divisor");
            return true;
        }
        match apply_binary(operator, &zero, operand) {
            Err(error) if matches!(operator, Shl | Shr | UnsignedShr) => {
                self.diagnostics.report(Rule::failing_constant, right.pos, error.to_string()).help(HOPELESS);
                true
            }
            _ => false,
        }
    }

    /// What is of two types is never equal. (`null` is asked for where it cannot be, and no harm is done.)
    fn never_equal(&mut self, operator: BinaryOp, left: &TypedExpr, right: &TypedExpr, pos: Pos) {
        let always = match operator {
            BinaryOp::Eq => "false",
            BinaryOp::NotEq => "true",
            _ => return,
        };
        let is_number = |ty: &Type| is_integer(ty) || *ty == Type::Float;
        let is_record = |ty: &Type| matches!(ty, Type::Record(_));
        let is_open = |ty: &Type| matches!(ty, Type::Any | Type::Null);
        let (a, b) = (&left.ty, &right.ty);
        let is_octets = |ty: &Type| matches!(ty, Type::String | Type::Binary);
        let are_both = |is: &dyn Fn(&Type) -> bool| is(a) && is(b);
        let can_be = a == b || are_both(&is_number) || are_both(&is_record) || are_both(&is_octets);
        if can_be || is_open(a) || is_open(b) {
            return;
        }
        let text = format!("this is always {always}: {} never equals {}", a.describe(), b.describe());
        let warning = self.diagnostics.report(Rule::never_equal, pos, text);
        if let Some(help) = [left, right].into_iter().find_map(strings::number_in_quotes) {
            warning.help(help);
        }
    }

    /// The result of a constant expression; if it fails, that is an error now.
    pub(super) fn folded(&mut self, result: Result<Value, OpError>, pos: Pos) -> TypedExpr {
        match result {
            Ok(value) => fold(value, pos),
            Err(error) => {
                self.diagnostics
                    .report(Rule::failing_constant, pos, error.to_string())
                    .help("it is computed when the flow is compiled, and fails: write other values");
                broken(pos)
            }
        }
    }
}

/// In `not a == b` the `not` belongs to `a` alone, which may come as a surprise (language page, "Precedence").
fn not_binds_tighter(operator: BinaryOp, left: &Expr, right: &Expr, pos: Pos) -> Option<String> {
    let takes_booleans = matches!(operator, BinaryOp::And | BinaryOp::Or | BinaryOp::Xor);
    let ExprKind::Unary(UnaryOp::Not, operand) = &left.kind else { return None };
    if takes_booleans {
        return None;
    }
    let inner = ExprKind::Binary(operator, operand.clone(), Box::new(right.clone()));
    let meant = Expr { kind: ExprKind::Unary(UnaryOp::Not, Box::new(Expr { kind: inner, pos })), pos };
    let symbol = symbol(operator);
    Some(format!("`not` binds tighter than `{symbol}`: write `{}`", excerpt(&meant)))
}

/// `false and x`, `true or x` are decided by their left side; `true and x`, `false or x` are `x` if it is a boolean.
fn decided(operator: BinaryOp, left: &TypedExpr, right: &TypedExpr) -> Option<TypedExpr> {
    let Some(Value::Bool(first)) = constant(left) else {
        return None;
    };
    match (operator, first) {
        (BinaryOp::And, false) | (BinaryOp::Or, true) => {
            Some(certain(TypedKind::Const(Value::Bool(*first)), Type::Bool, left.pos))
        }
        (BinaryOp::And | BinaryOp::Or, _) if right.ty == Type::Bool => Some(right.clone()),
        _ => None,
    }
}

/// Whether evaluating the operator itself can fail, for operands that it takes.
fn can_fail(operator: BinaryOp, left: &Type, right: &Type) -> bool {
    use BinaryOp::{Add, Eq, Mod, Mul, NotEq, Shl, Shr, Sub, UnsignedShr};
    match operator {
        Eq | NotEq => false,
        _ if *left == Type::Any || *right == Type::Any => true,
        Add | Sub | Mul | Mod | Shl | Shr | UnsignedShr => is_integer(left) && is_integer(right),
        _ => false,
    }
}

/// Whether there is any other operand with which the operator takes this one.
fn takes(operator: BinaryOp, ty: &Type, on_left: bool) -> bool {
    let Some(operand) = ty.example() else {
        return true;
    };
    EXAMPLES.iter().filter_map(Type::example).any(|other| {
        let result = if on_left {
            apply_binary(operator, &operand, &other)
        } else {
            apply_binary(operator, &other, &operand)
        };
        result.is_ok()
    })
}

/// What an operator takes, in words, for who gave it an operand of another type.
fn wanted(operator: BinaryOp, given: &Type) -> String {
    use BinaryOp::{Add, And, BitAnd, BitXor, Div, Mod, Mul, Or, Shl, Shr, Sub, UnsignedShr, Xor};
    let operands = match operator {
        Add if matches!(given, Type::Record(_)) => {
            return String::from("`merge a of b end` puts the fields of two records together");
        }
        And | Or | Xor => "two booleans: write a comparison, such as `event.level > 3`",
        BitAnd | BitXor => "two integers or two booleans",
        Shl | Shr | UnsignedShr => "an integer, and how far it is shifted: 0 to 63",
        Sub | Mul | Div => "two numbers",
        Mod => "two integers",
        _ => "two numbers or two strings",
    };
    format!("`{}` takes {operands}", symbol(operator))
}

const EXAMPLES: [Type; 7] =
    [Type::Null, Type::Bool, Type::Integer, Type::Float, Type::String, Type::Binary, Type::List];

fn is_integer(ty: &Type) -> bool {
    matches!(ty, Type::Uint | Type::Integer)
}

fn gives_boolean(operator: BinaryOp) -> bool {
    use BinaryOp::{And, Eq, Gt, Gte, Lt, Lte, NotEq, Or, Xor};
    matches!(operator, And | Or | Xor | Eq | NotEq | Gt | Gte | Lt | Lte)
}

fn apply_unary(operator: UnaryOp, operand: &Value) -> Result<Value, OpError> {
    match operator {
        UnaryOp::Plus => op::plus(operand),
        UnaryOp::Minus => op::neg(operand),
        UnaryOp::Not => op::not(operand).map(Value::Bool),
        UnaryOp::BitNot => op::bit_not(operand),
    }
}

fn apply_binary(operator: BinaryOp, a: &Value, b: &Value) -> Result<Value, OpError> {
    match operator {
        BinaryOp::Or => Ok(Value::Bool(op::as_bool(a)? | op::as_bool(b)?)),
        BinaryOp::And => Ok(Value::Bool(op::as_bool(a)? & op::as_bool(b)?)),
        BinaryOp::Xor => op::xor(a, b),
        BinaryOp::BitXor => op::bit_xor(a, b),
        BinaryOp::BitAnd => op::bit_and(a, b),
        BinaryOp::Eq => Ok(Value::Bool(op::eq(a, b))),
        BinaryOp::NotEq => Ok(Value::Bool(!op::eq(a, b))),
        BinaryOp::Gte => op::gte(a, b).map(Value::Bool),
        BinaryOp::Gt => op::gt(a, b).map(Value::Bool),
        BinaryOp::Lte => op::lte(a, b).map(Value::Bool),
        BinaryOp::Lt => op::lt(a, b).map(Value::Bool),
        BinaryOp::Shr => op::shr(a, b),
        BinaryOp::UnsignedShr => op::ushr(a, b),
        BinaryOp::Shl => op::shl(a, b),
        BinaryOp::Add => op::add(a, b),
        BinaryOp::Sub => op::sub(a, b),
        BinaryOp::Mul => op::mul(a, b),
        BinaryOp::Div => op::div(a, b),
        BinaryOp::Mod => op::rem(a, b),
    }
}

fn symbol(operator: BinaryOp) -> &'static str {
    match operator {
        BinaryOp::Or => "or",
        BinaryOp::Xor => "xor",
        BinaryOp::And => "and",
        BinaryOp::BitXor => "^",
        BinaryOp::BitAnd => "&",
        BinaryOp::Eq => "==",
        BinaryOp::NotEq => "!=",
        BinaryOp::Gte => ">=",
        BinaryOp::Gt => ">",
        BinaryOp::Lte => "<=",
        BinaryOp::Lt => "<",
        BinaryOp::Shr => ">>",
        BinaryOp::UnsignedShr => ">>>",
        BinaryOp::Shl => "<<",
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::Mod => "%",
    }
}
