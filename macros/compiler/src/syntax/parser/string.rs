//! The inside of strings: escapes and `#{…}`. Inline, Rust's lexer has done Rust's escapes already; what is left is
//! the interpolation, and `\#{` for a literal `#{`. A raw string, and any string of a file, has trickle's own escapes
//! (language page, "Strings").

use super::super::Pos;
use super::super::ast::StringPart;
use super::super::pos::Parts;
use super::super::text_lexer::{self, Problem};
use super::super::token::{StringText, Token};
use super::expr::{Tall, tallest};
use super::{Parsed, Parser, Reported};
use crate::diagnostics::Rule;
impl Parser<'_> {
    /// A string's parts, texts joined, and the height of the tallest interpolation.
    pub(super) fn string_parts(&mut self, string: &StringText, pos: Pos) -> Parsed<(Vec<StringPart>, usize)> {
        let whole = string.inside.unwrap_or(pos);
        let mut places = Parts::new(&string.text, whole);
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut height = 0;
        let mut rest = string.text.as_str();
        while let Some(next) = rest.chars().next() {
            let at = string.text.len() - rest.len();
            if rest.starts_with("#{") {
                let place = places.pos(at + 2..at + 2);
                let (part, len) = self.interpolation(&rest[2..], place, literal_start(string))?;
                push_text(&mut parts, &mut text);
                height = tallest([height, part.height]);
                parts.push(StringPart::Interpolation(part.expr));
                rest = &rest[len + 3..];
            } else if next == '\\' && string.escaped {
                let escape = places.pos(at..at + 1 + rest[1..].chars().next().map_or(0, char::len_utf8));
                let len = self.escape(rest, &mut text, escape)?;
                rest = &rest[len..];
            } else if next == '\\' {
                rest = backslashes(rest, &mut text);
            } else if self.is_file && rest.starts_with("\r\n") {
                // where a file's lines end so, its heredocs do not
                rest = &rest[1..];
            } else {
                text.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
        push_text(&mut parts, &mut text);
        Ok((parts, height))
    }

    /// The expression at the start of `text`, behind `#{`, and its length. `pos` is where `text`
    /// begins. `literal` is how a `#{` that begins none is written here.
    fn interpolation(&mut self, text: &str, pos: Pos, literal: &str) -> Parsed<(Tall, usize)> {
        let mut places = Parts::new(text, pos);
        let (tokens, len) = match text_lexer::interpolation(text, pos) {
            Ok(read) => read,
            Err(Problem { rule, text, help, bytes }) => {
                let prefix = if self.is_file { "" } else { "in a string: " };
                let error = self.diagnostics.report(rule, places.pos(bytes), format!("{prefix}{text}"));
                error.help(help.unwrap_or_else(|| format!("a literal `#{{` is `{literal}`")));
                return Err(Reported);
            }
        };
        if tokens.len() == 2 {
            let error = self.diagnostics.report(
                Rule::bad_interpolation,
                places.pos(0..len),
                "`#{}` in a string is empty",
            );
            error.help(format!("write an expression into it, or `{literal}` for a literal `#{{`"));
            return Err(Reported);
        }
        if self.is_file {
            return Ok((self.interpolated(tokens)?, len));
        }
        // tokens without places of their own: the message says where in the string it is
        let outer = std::mem::take(self.diagnostics);
        let known = std::mem::take(&mut self.keywords);
        let result = self.interpolated(tokens);
        self.keywords = known;
        let errors = std::mem::replace(self.diagnostics, outer);
        let is_whole = !errors.has_errors();
        let source = &text[..len];
        self.diagnostics.adopt(pos, &format!("in `#{{{source}}}`"), errors);
        match result {
            Ok(expr) if is_whole => Ok((expr, len)),
            _ => Err(Reported),
        }
    }

    fn interpolated(&mut self, tokens: Vec<Token>) -> Parsed<Tall> {
        let keywords = std::mem::take(&mut self.keywords);
        let mut inner = Parser { depth: self.depth, keywords, ..Parser::new(tokens, self.diagnostics) };
        let read = inner.nested(|inner| {
            let expr = inner.expr()?;
            inner.expect_symbol("}")?;
            Ok(expr)
        });
        self.keywords = inner.keywords;
        read
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
        if escaped == Some('u') {
            let text = match digits {
                Some(digits) => format!("`\\u{digits}` is no character"),
                None => "`\\u` has four hexadecimal digits".to_string(),
            };
            let error = self.diagnostics.report(Rule::bad_escape, pos, text);
            error.help(r"write a character as in `\u00e9`");
            return Err(Reported);
        }
        let shown = escaped.map_or(String::new(), |escaped| escaped.escape_debug().collect());
        let error = self.diagnostics.report(Rule::bad_escape, pos, format!("`\\{shown}` is no escape"));
        let what = if self.is_file { "a string" } else { "a raw string" };
        error.help(format!(r#"{what} has the escapes \' \" \\ \# \/ \b \f \n \r \t \uXXXX"#));
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

/// How a `#{` is written that is text, where Rust takes its own escapes away first and where it does not.
fn literal_start(string: &StringText) -> &'static str {
    if string.escaped { r"\#{" } else { r"\\#{" }
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
