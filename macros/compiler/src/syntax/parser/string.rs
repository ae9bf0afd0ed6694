//! The inside of strings: escapes and `#{…}`. Inline, Rust's lexer has done Rust's escapes already; what is left is
//! the interpolation, and `\#{` for a literal `#{`. A raw string has trickle's own escapes (language page, "Strings").

use super::super::Pos;
use super::super::ast::StringPart;
use super::super::text_lexer;
use super::super::token::StringText;
use super::expr::{Tall, tallest};
use super::{Parsed, Parser, Reported};
use crate::diagnostics::Diagnostics;

impl Parser<'_> {
    /// A string's parts, texts joined, and the height of the tallest interpolation.
    pub(super) fn string_parts(&mut self, string: &StringText, pos: Pos) -> Parsed<(Vec<StringPart>, usize)> {
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut height = 0;
        let mut rest = string.text.as_str();
        while let Some(next) = rest.chars().next() {
            if rest.starts_with("#{") {
                let (part, len) = self.interpolation(&rest[2..], pos)?;
                push_text(&mut parts, &mut text);
                height = tallest([height, part.height]);
                parts.push(StringPart::Interpolation(part.expr));
                rest = &rest[len + 3..];
            } else if next == '\\' && string.escaped {
                let len = self.escape(rest, &mut text, pos)?;
                rest = &rest[len..];
            } else if next == '\\' {
                rest = backslashes(rest, &mut text);
            } else {
                text.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
        push_text(&mut parts, &mut text);
        Ok((parts, height))
    }

    /// The expression at the start of `text`, behind `#{`, and its length.
    fn interpolation(&mut self, text: &str, pos: Pos) -> Parsed<(Tall, usize)> {
        let (tokens, len) = match text_lexer::interpolation(text, pos) {
            Ok(read) => read,
            Err(problem) => {
                self.diagnostics
                    .error(pos, format!("in a string: {problem}"))
                    .help("a literal `#{` is `\\#{`");
                return Err(Reported);
            }
        };
        let source = &text[..len];
        if tokens.len() == 2 {
            let error = self.diagnostics.error(pos, "`#{}` in a string is empty");
            error.help("write an expression into it, or `\\#{` for a literal `#{`");
            return Err(Reported);
        }
        let mut errors = Diagnostics::default();
        let mut inner =
            Parser { tokens, at: 0, depth: self.depth, in_doubt: false, diagnostics: &mut errors };
        let result = inner.nested(|inner| {
            let expr = inner.expr()?;
            inner.expect_symbol("}")?;
            Ok(expr)
        });
        let is_whole = errors.is_empty();
        for error in errors.into_sorted() {
            self.diagnostics.error(pos, format!("in `#{{{source}}}`: {}", error.message()));
        }
        match result {
            Ok(expr) if is_whole => Ok((expr, len)),
            _ => Err(Reported),
        }
    }

    /// One of trickle's escapes at the start of `rest`; its length.
    fn escape(&mut self, rest: &str, text: &mut String, pos: Pos) -> Parsed<usize> {
        let escaped = rest[1..].chars().next();
        let plain = match escaped {
            Some(same @ ('\'' | '"' | '\\' | '#' | '/')) => Some(same),
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{c}'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            _ => None,
        };
        if let Some(plain) = plain {
            text.push(plain);
            return Ok(2);
        }
        let unicode = (escaped == Some('u')).then(|| rest.get(2..6)).flatten();
        let digits = unicode.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        if let Some(unicode) = code.and_then(char::from_u32) {
            text.push(unicode);
            return Ok(6);
        }
        let shown = escaped.map_or(String::new(), String::from);
        let error = self.diagnostics.error(pos, format!("`\\{shown}` is no escape"));
        error.help(r#"a raw string has the escapes \' \" \\ \# \/ \b \f \n \r \t \uXXXX"#);
        Err(Reported)
    }
}

/// A run of backslashes means itself, except before `#{`: there each pair is one, and an odd one makes `#{` literal.
fn backslashes<'a>(rest: &'a str, text: &mut String) -> &'a str {
    let count = rest.len() - rest.trim_start_matches('\\').len();
    let after = &rest[count..];
    if !after.starts_with("#{") {
        text.push_str(&rest[..count]);
        return after;
    }
    text.extend(std::iter::repeat_n('\\', count / 2));
    if count.is_multiple_of(2) {
        return after;
    }
    text.push_str("#{");
    &after[2..]
}

fn push_text(parts: &mut Vec<StringPart>, text: &mut String) {
    if !text.is_empty() {
        parts.push(StringPart::Text(std::mem::take(text)));
    }
}

/// Whether a string is plain text; then that text.
pub(super) fn plain(parts: &[StringPart]) -> Option<String> {
    match parts {
        [] => Some(String::new()),
        [StringPart::Text(text)] => Some(text.clone()),
        _ => None,
    }
}
