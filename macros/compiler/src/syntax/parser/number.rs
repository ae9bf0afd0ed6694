//! Number literals: the text as written → a value. Trickle has decimal and hexadecimal integers, and floats with a
//! dot (language page, "Literals").

use super::super::Pos;
use super::super::ast::ExprKind;
use super::{Parsed, Parser, Reported};
use crate::diagnostics::Rule;

impl Parser<'_> {
    /// The value of a number that is written as `text`, with a minus before it if `negative`.
    pub(super) fn number(&mut self, text: &str, negative: bool, pos: Pos) -> Parsed<ExprKind> {
        let digits: String = text.chars().filter(|digit| *digit != '_').collect();
        if let Some(hex) = digits.strip_prefix("0x") {
            if hex.is_empty() {
                let error = self.diagnostics.report(Rule::bad_number, pos, format!("`{text}` has no digits"));
                error.help("write them behind `0x`: `0xff`");
                return Err(Reported);
            }
            return match hex.find(|digit: char| !digit.is_ascii_hexdigit()) {
                Some(end) => Err(self.suffix(text, &hex[end..], pos)),
                None => self.integer(i128::from_str_radix(hex, 16).ok(), text, negative, pos),
            };
        }
        if digits.starts_with("0b") || digits.starts_with("0o") {
            let error = self.diagnostics.report(Rule::bad_number, pos, format!("`{text}` is no number here"));
            error.help("integers are decimal or hexadecimal: `255`, `0xff`");
            return Err(Reported);
        }
        let whole = digits.find(|digit: char| !digit.is_ascii_digit()).unwrap_or(digits.len());
        let rest = &digits[whole..];
        if rest.is_empty() {
            self.integer(digits.parse().ok(), text, negative, pos)
        } else if let Some(fraction) = rest.strip_prefix('.') {
            self.float(&digits, fraction, text, negative, pos)
        } else if is_exponent(rest) {
            let error = self.diagnostics.report(
                Rule::bad_number,
                pos,
                format!("a float has a dot: `{text}` has none"),
            );
            error.help(format!("write `{}.0{rest}`", &digits[..whole]));
            Err(Reported)
        } else {
            Err(self.suffix(text, rest, pos))
        }
    }

    fn integer(&mut self, value: Option<i128>, text: &str, negative: bool, pos: Pos) -> Parsed<ExprKind> {
        let signed = value.map(|value| if negative { -value } else { value });
        match signed.and_then(|value| i64::try_from(value).ok()) {
            Some(value) => Ok(ExprKind::Int(value)),
            None => {
                let sign = if negative { "-" } else { "" };
                let error =
                    self.diagnostics.report(Rule::bad_number, pos, format!("`{sign}{text}` is out of range"));
                error.help(format!("integer literals go from {} to {}", i64::MIN, i64::MAX));
                Err(Reported)
            }
        }
    }

    fn float(
        &mut self,
        digits: &str,
        fraction: &str,
        text: &str,
        negative: bool,
        pos: Pos,
    ) -> Parsed<ExprKind> {
        let end = fraction.find(|digit: char| !digit.is_ascii_digit()).unwrap_or(fraction.len());
        let rest = &fraction[end..];
        if !rest.is_empty() && !is_exponent(rest) {
            return Err(self.suffix(text, rest, pos));
        }
        match digits.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(ExprKind::Float(if negative { -value } else { value })),
            _ => {
                let error =
                    self.diagnostics.report(Rule::bad_number, pos, format!("`{text}` is out of range"));
                error.help(format!("the greatest float is {:e}", f64::MAX));
                Err(Reported)
            }
        }
    }

    /// `1MB`, `10s`, `1u32`: what people write where a config has a unit.
    fn suffix(&mut self, text: &str, suffix: &str, pos: Pos) -> Reported {
        let error = self.diagnostics.report(
            Rule::number_with_unit,
            pos,
            format!("a number has no unit or suffix: `{suffix}` in `{text}`"),
        );
        error.help("write the number in full, in the unit that the key has (milliseconds, bytes, events)");
        Reported
    }
}

fn is_exponent(text: &str) -> bool {
    let Some(digits) = text.strip_prefix(['e', 'E']) else { return false };
    let digits = digits.strip_prefix(['+', '-']).unwrap_or(digits);
    !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
}
