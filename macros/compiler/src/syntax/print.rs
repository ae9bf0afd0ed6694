//! Expressions as text again, as short as their meaning allows: for messages at run time.

use std::fmt::{self, Display, Formatter, Write};

use super::ast::{Expr, ExprKind, NamePath, PatchOp, StringPart, UnaryOp};
use super::token::is_keyword;

/// Levels above those of the operators with two operands: see the language page, "Precedence".
const UNARY: u8 = 11;
const PRIMARY: u8 = 12;

/// The expression as trickle text on one line: `event.a + 1`.
pub fn print(expr: &Expr) -> String {
    Printed { expr, least: 0 }.to_string()
}

/// An expression where only such of a level of at least `least` may stand without parentheses.
struct Printed<'a> {
    expr: &'a Expr,
    least: u8,
}

fn at(expr: &Expr, least: u8) -> Printed<'_> {
    Printed { expr, least }
}

fn level(kind: &ExprKind) -> u8 {
    match kind {
        ExprKind::Binary(op, ..) => op.spelling().1,
        ExprKind::Unary(..) => UNARY,
        // nothing of these may have a key behind it
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Present(..)
        | ExprKind::Merge(..)
        | ExprKind::Patch(..) => UNARY,
        _ => PRIMARY,
    }
}

impl Display for Printed<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if level(&self.expr.kind) < self.least {
            f.write_char('(')?;
            write_kind(f, &self.expr.kind)?;
            f.write_char(')')
        } else {
            write_kind(f, &self.expr.kind)
        }
    }
}

fn write_kind(f: &mut Formatter<'_>, kind: &ExprKind) -> fmt::Result {
    match kind {
        ExprKind::Null => f.write_str("null"),
        ExprKind::Bool(value) => write!(f, "{value}"),
        ExprKind::Int(value) => write!(f, "{value}"),
        ExprKind::Float(value) => write!(f, "{value:?}"),
        ExprKind::String(parts) => write_string(f, parts),
        ExprKind::List(items) => {
            f.write_char('[')?;
            write_list(f, items)?;
            f.write_char(']')
        }
        ExprKind::Record(fields) => {
            f.write_char('{')?;
            for (index, (key, value)) in fields.iter().enumerate() {
                f.write_str(separator(index))?;
                write_string(f, &key.parts)?;
                write!(f, ": {}", at(value, 0))?;
            }
            f.write_char('}')
        }
        ExprKind::Event => f.write_str("event"),
        ExprKind::Meta => f.write_char('$'),
        ExprKind::Name(path) => write_path(f, path),
        ExprKind::Field(of, key) if matches!(of.kind, ExprKind::Meta) => write!(f, "${}", word(&key.text)),
        ExprKind::Field(of, key) => write!(f, "{}.{}", at(of, PRIMARY), word(&key.text)),
        ExprKind::Index(of, index) => write!(f, "{}[{}]", at(of, PRIMARY), at(index, 0)),
        ExprKind::Range(of, from, to) => write!(f, "{}[{}:{}]", at(of, PRIMARY), at(from, 0), at(to, 0)),
        ExprKind::Unary(UnaryOp::Not, of) => write!(f, "not {}", at(of, UNARY)),
        // the number in `-(1)` is not a negative one
        ExprKind::Unary(op, of) => write!(f, "{}{}", op.spelling(), at(of, PRIMARY)),
        ExprKind::Binary(op, left, right) => {
            let (symbol, level) = op.spelling();
            write!(f, "{} {symbol} {}", at(left, level), at(right, level + 1))
        }
        ExprKind::Present(present, path) => {
            write!(f, "{} {}", if *present { "present" } else { "absent" }, at(path, PRIMARY))
        }
        ExprKind::Merge(target, patch) => write!(f, "merge {} of {} end", at(target, 0), at(patch, 0)),
        ExprKind::Patch(target, operations) => {
            write!(f, "patch {} of ", at(target, 0))?;
            for (index, operation) in operations.iter().enumerate() {
                f.write_str(separator(index))?;
                write_operation(f, operation)?;
            }
            f.write_str(" end")
        }
        ExprKind::Call(path, arguments) => {
            write_path(f, path)?;
            f.write_char('(')?;
            write_list(f, arguments)?;
            f.write_char(')')
        }
    }
}

fn write_operation(f: &mut Formatter<'_>, operation: &PatchOp) -> fmt::Result {
    f.write_str(operation.kind.word())?;
    for (index, key) in operation.keys.iter().enumerate() {
        f.write_str(if index == 0 { " " } else { " => " })?;
        write_string(f, &key.parts)?;
    }
    match &operation.value {
        Some(value) => write!(f, " => {}", at(value, 0)),
        None => Ok(()),
    }
}

fn separator(index: usize) -> &'static str {
    if index == 0 { "" } else { ", " }
}

fn write_list(f: &mut Formatter<'_>, items: &[Expr]) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        write!(f, "{}{}", separator(index), at(item, 0))?;
    }
    Ok(())
}

fn write_path(f: &mut Formatter<'_>, path: &NamePath) -> fmt::Result {
    for (index, segment) in path.segments.iter().enumerate() {
        write!(f, "{}{}", if index == 0 { "" } else { "::" }, word(&segment.text))?;
    }
    Ok(())
}

fn word(text: &str) -> String {
    let is_plain = |c: char| unicode_ident::is_xid_continue(c) || c == '-';
    match text.chars().all(is_plain) {
        true if is_keyword(text) => format!("r#{text}"),
        true => text.to_string(),
        false => format!("`{text}`"),
    }
}

/// As text in a file has it: escaped, `#{` included.
fn write_string(f: &mut Formatter<'_>, parts: &[StringPart]) -> fmt::Result {
    f.write_char('"')?;
    for part in parts {
        match part {
            StringPart::Text(text) => write_text(f, text)?,
            StringPart::Interpolation(expr) => write!(f, "#{{{}}}", at(expr, 0))?,
        }
    }
    f.write_char('"')
}

fn write_text(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    for (index, next) in text.char_indices() {
        match next {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            '#' if text[index..].starts_with("#{") => f.write_str("\\#")?,
            control if control.is_control() => write!(f, "\\u{:04x}", u32::from(control))?,
            other => f.write_char(other)?,
        }
    }
    Ok(())
}
