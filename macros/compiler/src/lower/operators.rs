//! Which function computes an operator, by the representations of its operands: Rust's own operators where nothing can
//! go wrong, typed functions where only overflow can, dynamic ones for all else.

use foreshock_spec::Value;

use super::code::{Code, CodeKind, Gives, Repr, Site};
use super::expr::{call, convert};
use crate::syntax::ast::{BinaryOp, UnaryOp};

/// What two operands have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Common {
    Integers,
    Floats,
    Strings,
    Bools,
    Nothing,
}

fn common(a: Repr, b: Repr) -> Common {
    use Repr::{Bool, Float, Integer, Str, Uint};
    match (a, b) {
        (Uint | Integer, Uint | Integer) => Common::Integers,
        (Uint | Integer | Float, Uint | Integer | Float) => Common::Floats,
        (Str, Str) => Common::Strings,
        (Bool, Bool) => Common::Bools,
        _ => Common::Nothing,
    }
}

/// `a op b`
pub(super) fn binary(op: BinaryOp, a: Code, b: Code, at: Site) -> Code {
    use BinaryOp::{
        Add, And, BitAnd, BitXor, Div, Eq, Gt, Gte, Lt, Lte, Mod, Mul, NotEq, Or, Shl, Shr, Sub, UnsignedShr,
        Xor,
    };
    match op {
        Or => logic("||", a, b, &at),
        And => logic("&&", a, b, &at),
        Xor => logic("!=", a, b, &at),
        Eq => equal(a, b),
        NotEq => Code { kind: CodeKind::Not(Box::new(equal(a, b))), repr: Repr::Bool },
        Gte => order(">=", "gte", a, b, at),
        Gt => order(">", "gt", a, b, at),
        Lte => order("<=", "lte", a, b, at),
        Lt => order("<", "lt", a, b, at),
        Add => match common(a.repr, b.repr) {
            Common::Strings => call(&["op", "typed", "concat"], vec![a, b], Repr::Str, Gives::Owned, None),
            _ => arithmetic(["add_int", "add_float", "add"], a, b, at),
        },
        Sub => arithmetic(["sub_int", "sub_float", "sub"], a, b, at),
        Mul => arithmetic(["mul_int", "mul_float", "mul"], a, b, at),
        Div => match common(a.repr, b.repr) {
            Common::Integers | Common::Floats => floats("div_float", a, b, &at),
            _ => dynamic("div", a, b, at),
        },
        Mod => integers("rem_int", "rem", a, b, at),
        Shl => integers("shl_int", "shl", a, b, at),
        Shr => integers("shr_int", "shr", a, b, at),
        UnsignedShr => integers("ushr_int", "ushr", a, b, at),
        BitAnd => bits("&", "and_int", "bit_and", a, b, at),
        BitXor => bits("^", "xor_int", "bit_xor", a, b, at),
    }
}

/// `op a`
pub(super) fn unary(op: UnaryOp, a: Code, at: Site) -> Code {
    let is_number = matches!(a.repr, Repr::Uint | Repr::Integer | Repr::Float);
    match op {
        UnaryOp::Plus if is_number => a,
        UnaryOp::Plus => dynamic_one("plus", a, at),
        UnaryOp::Minus if a.repr == Repr::Float => {
            let minus_one = Code { kind: CodeKind::Const(Value::Float(-1.0)), repr: Repr::Float };
            floats("mul_float", a, minus_one, &at)
        }
        UnaryOp::Minus if is_number => {
            let a = convert(a, Repr::Integer, &at);
            call(&["op", "typed", "neg_int"], vec![a], Repr::Integer, Gives::Copy, Some(at))
        }
        UnaryOp::Minus => dynamic_one("neg", a, at),
        UnaryOp::Not => {
            let a = convert(a, Repr::Bool, &at);
            Code { kind: CodeKind::Not(Box::new(a)), repr: Repr::Bool }
        }
        UnaryOp::BitNot if a.repr == Repr::Bool => {
            Code { kind: CodeKind::Not(Box::new(a)), repr: Repr::Bool }
        }
        UnaryOp::BitNot if is_number => {
            let a = convert(a, Repr::Integer, &at);
            call(&["op", "typed", "not_int"], vec![a], Repr::Integer, Gives::Copy, None)
        }
        UnaryOp::BitNot => dynamic_one("bit_not", a, at),
    }
}

fn native(op: &'static str, a: Code, b: Code, repr: Repr) -> Code {
    Code { kind: CodeKind::Native(op, Box::new(a), Box::new(b)), repr }
}

fn logic(op: &'static str, a: Code, b: Code, at: &Site) -> Code {
    native(op, convert(a, Repr::Bool, at), convert(b, Repr::Bool, at), Repr::Bool)
}

fn equal(a: Code, b: Code) -> Code {
    let nowhere = Site::new();
    match common(a.repr, b.repr) {
        Common::Integers => {
            native("==", convert(a, Repr::Integer, &nowhere), convert(b, Repr::Integer, &nowhere), Repr::Bool)
        }
        Common::Strings | Common::Bools => native("==", a, b, Repr::Bool),
        Common::Floats => {
            let args = vec![convert(a, Repr::Float, &nowhere), convert(b, Repr::Float, &nowhere)];
            call(&["op", "typed", "eq_float"], args, Repr::Bool, Gives::Copy, None)
        }
        Common::Nothing => {
            let args = vec![convert(a, Repr::Value, &nowhere), convert(b, Repr::Value, &nowhere)];
            call(&["op", "eq"], args, Repr::Bool, Gives::Copy, None)
        }
    }
}

fn order(op: &'static str, function: &'static str, a: Code, b: Code, at: Site) -> Code {
    match common(a.repr, b.repr) {
        Common::Integers => {
            native(op, convert(a, Repr::Integer, &at), convert(b, Repr::Integer, &at), Repr::Bool)
        }
        Common::Floats => native(op, convert(a, Repr::Float, &at), convert(b, Repr::Float, &at), Repr::Bool),
        Common::Strings => native(op, a, b, Repr::Bool),
        Common::Bools | Common::Nothing => {
            let args = vec![convert(a, Repr::Value, &at), convert(b, Repr::Value, &at)];
            call(&["op", function], args, Repr::Bool, Gives::Copy, Some(at))
        }
    }
}

fn arithmetic([int, float, any]: [&'static str; 3], a: Code, b: Code, at: Site) -> Code {
    match common(a.repr, b.repr) {
        Common::Integers => integers(int, any, a, b, at),
        Common::Floats => floats(float, a, b, &at),
        _ => dynamic(any, a, b, at),
    }
}

fn integers(function: &'static str, any: &'static str, a: Code, b: Code, at: Site) -> Code {
    if common(a.repr, b.repr) != Common::Integers {
        return dynamic(any, a, b, at);
    }
    let args = vec![convert(a, Repr::Integer, &at), convert(b, Repr::Integer, &at)];
    call(&["op", "typed", function], args, Repr::Integer, Gives::Copy, Some(at))
}

fn floats(function: &'static str, a: Code, b: Code, at: &Site) -> Code {
    let args = vec![convert(a, Repr::Float, at), convert(b, Repr::Float, at)];
    call(&["op", "typed", function], args, Repr::Float, Gives::Copy, None)
}

fn bits(op: &'static str, int: &'static str, any: &'static str, a: Code, b: Code, at: Site) -> Code {
    match common(a.repr, b.repr) {
        Common::Bools => native(op, a, b, Repr::Bool),
        Common::Integers => {
            let args = vec![convert(a, Repr::Integer, &at), convert(b, Repr::Integer, &at)];
            call(&["op", "typed", int], args, Repr::Integer, Gives::Copy, None)
        }
        _ => dynamic(any, a, b, at),
    }
}

fn dynamic(function: &'static str, a: Code, b: Code, at: Site) -> Code {
    let args = vec![convert(a, Repr::Value, &at), convert(b, Repr::Value, &at)];
    call(&["op", function], args, Repr::Value, Gives::Owned, Some(at))
}

fn dynamic_one(function: &'static str, a: Code, at: Site) -> Code {
    let args = vec![convert(a, Repr::Value, &at)];
    call(&["op", function], args, Repr::Value, Gives::Owned, Some(at))
}
