//! Values of configs: a scalar is what its key in the registry wants, so that `01` and `"01"` are both the string where
//! one is wanted; of a key that is not known it is what YAML's core schema says (YAML 1.2.2, section 10.3.2).

use crate::diagnostics::Rule;
use foreshock_spec::KeyType;

use super::super::Pos;
use super::super::ast::{Expr, ExprKind, Key, Name, NamePath, StringPart};
use super::Reader;
use super::node::{Kind, Node, Scalar};

impl Reader<'_> {
    /// A value for a key of this type. `None` if it is wrong in itself, which is reported.
    pub(super) fn value(&mut self, node: &Node, ty: Option<KeyType>) -> Option<Expr> {
        let kind = match &node.kind {
            Kind::Wrong => return None,
            Kind::Scalar(_) if node.is_null() => ExprKind::Null,
            Kind::Scalar(scalar) if scalar.is_plain && scalar.text.starts_with("env(") => {
                self.environment(&scalar.text, node.pos)?
            }
            Kind::Scalar(scalar) if !scalar.is_plain || ty.is_some_and(is_text) => string(&scalar.text),
            Kind::Scalar(scalar) => self.typed(scalar, node)?,
            Kind::List(items) => {
                let items = items.iter().map(|item| self.value(item, ty));
                ExprKind::List(items.collect::<Option<_>>()?)
            }
            Kind::Map(entries) => {
                let inner = (ty == Some(KeyType::Headers)).then_some(KeyType::String);
                let fields = entries.iter().map(|(key, value)| {
                    let parts = parts(&key.text);
                    Some((Key { parts, pos: key.pos }, self.value(value, inner)?))
                });
                ExprKind::Record(fields.collect::<Option<_>>()?)
            }
        };
        Some(Expr { kind, pos: node.pos })
    }

    /// `env("NAME")`, without quotes around it, is what it is in the macro call. What only looks like it would be taken for
    /// the text itself, a token for one, and nobody would see why a peer refuses it.
    fn environment(&mut self, text: &str, pos: Pos) -> Option<ExprKind> {
        let name = text.strip_prefix("env(\"").and_then(|name| name.strip_suffix("\")"));
        let Some(name) = name.filter(|name| !name.contains('"')) else {
            let error = self.diagnostics.report(
                Rule::env_of_no_name,
                pos,
                "`env` takes the name of an environment variable",
            );
            error.help("write it as in `env(\"TOKEN\")`; a text that begins so stands in quotes");
            return None;
        };
        let argument = Expr { kind: string(name), pos };
        let segments = vec![Name { text: "env".to_string(), pos }];
        Some(ExprKind::Call(NamePath { segments }, vec![argument]))
    }

    fn typed(&mut self, scalar: &Scalar, node: &Node) -> Option<ExprKind> {
        let text = scalar.text.as_str();
        match text {
            "true" | "True" | "TRUE" => return Some(ExprKind::Bool(true)),
            "false" | "False" | "FALSE" => return Some(ExprKind::Bool(false)),
            _ => {}
        }
        match integer(text) {
            Some(Some(integer)) => Some(ExprKind::Int(integer)),
            Some(None) => {
                let error =
                    self.diagnostics.report(Rule::bad_number, node.pos, format!("`{text}` is out of range"));
                error.help(format!("integers go from {} to {}", i64::MIN, i64::MAX));
                None
            }
            None => Some(float(text).map_or_else(|| string(text), ExprKind::Float)),
        }
    }
}

/// Whether a key wants a text, whatever it looks like.
fn is_text(ty: KeyType) -> bool {
    match ty {
        KeyType::String
        | KeyType::Directory
        | KeyType::Strings(_)
        | KeyType::Choice(_)
        | KeyType::Url(_)
        | KeyType::Codec(_)
        | KeyType::Headers
        | KeyType::Token
        | KeyType::Credentials
        | KeyType::Lines => true,
        KeyType::Bool | KeyType::Uint | KeyType::Instead(_) | KeyType::NotYet => false,
    }
}

fn string(text: &str) -> ExprKind {
    ExprKind::String(parts(text))
}

fn parts(text: &str) -> Vec<StringPart> {
    if text.is_empty() { Vec::new() } else { vec![StringPart::Text(text.to_string())] }
}

/// An integer of the core schema; `Some(None)` if it is too great.
fn integer(text: &str) -> Option<Option<i64>> {
    let (digits, radix) = match (text.strip_prefix("0o"), text.strip_prefix("0x")) {
        (Some(octal), _) => (octal, 8),
        (_, Some(hex)) => (hex, 16),
        _ => (text, 10),
    };
    let unsigned = if radix == 10 { digits.strip_prefix(['-', '+']).unwrap_or(digits) } else { digits };
    let is_integer = !unsigned.is_empty() && unsigned.chars().all(|digit| digit.is_digit(radix));
    is_integer.then(|| i64::from_str_radix(digits, radix).ok())
}

/// A float of the core schema. Those that are no numbers (`.inf`, `.nan`) are text here.
fn float(text: &str) -> Option<f64> {
    let is_float = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
        && text.bytes().any(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|float: &f64| is_float && float.is_finite())
}
