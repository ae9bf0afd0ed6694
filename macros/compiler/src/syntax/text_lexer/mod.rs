//! Text → tokens: included files, and what stands inside `#{…}` of a string. Inside a string of the macro call names
//! are those of Rust (`-` is always minus); in a file they are the original's (`a-1` is one name, `-1` one number).

mod brackets;
mod extent;
mod file;

use std::ops::Range;

use super::Pos;
use super::pos::Parts;
use super::token::{SYMBOLS, StringText, Token, TokenKind};
use crate::diagnostics::Rule;

pub(super) use file::lex as file;

/// So many errors of one kind are reported in a file; what has more is probably no text of this language at all.
const MOST_ERRORS: usize = 50;

/// What is wrong with a text, and where in it.
pub(super) struct Problem {
    pub(super) rule: Rule,
    pub(super) text: String,
    pub(super) help: Option<String>,
    pub(super) bytes: Range<usize>,
}

/// The tokens of `text` up to and with the `}` that closes its interpolation, and how many bytes stand before it.
/// `pos` is where `text` begins.
pub(super) fn interpolation(text: &str, pos: Pos) -> Result<(Vec<Token>, usize), Problem> {
    let mut lexer = Lexer::new(text, pos);
    let mut tokens = Vec::new();
    let mut open = Vec::new();
    loop {
        lexer.skip_space();
        let start = lexer.at;
        let Some(next) = lexer.peek() else {
            return Err(lexer.problem(Rule::bad_interpolation, 0, "`#{` has no `}`"));
        };
        if next == '}' && open.is_empty() {
            let pos = lexer.parts.pos(start..start + 1);
            tokens.push(Token { kind: TokenKind::Symbol("}"), pos });
            tokens.push(Token { kind: TokenKind::End, pos });
            return Ok((tokens, start));
        }
        let kind = lexer.token(next)?;
        let wanted = open.last().copied();
        if let TokenKind::Symbol(symbol) = kind
            && !brackets::is_balanced(&mut open, symbol)
        {
            return Err(match wanted {
                Some(close) => {
                    let help = format!("write `{close}` before it");
                    let text = format!("expected `{close}`, found `{symbol}`");
                    lexer.problem_with(Rule::bad_interpolation, start, text, help)
                }
                None => lexer.problem(Rule::bad_interpolation, start, format!("`{symbol}` closes nothing")),
            });
        }
        let pos = lexer.parts.pos(start..lexer.at);
        tokens.push(Token { kind, pos });
    }
}

/// A place in a text.
struct Lexer<'a> {
    text: &'a str,
    at: usize,
    parts: Parts<'a>,
    /// The original's names and numbers; else Rust's.
    is_file: bool,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str, pos: Pos) -> Lexer<'a> {
        Lexer { text, at: 0, parts: Parts::new(text, pos), is_file: pos.is_in_file() }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_space(&mut self) {
        self.take_while(char::is_whitespace);
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let len = rest.find(|next| !belongs(next)).unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }

    /// A problem with what has been read since `start`.
    fn problem(&self, rule: Rule, start: usize, text: impl Into<String>) -> Problem {
        Problem { rule, text: text.into(), help: None, bytes: start..self.at }
    }

    fn problem_with(
        &self,
        rule: Rule,
        start: usize,
        text: impl Into<String>,
        help: impl Into<String>,
    ) -> Problem {
        Problem { help: Some(help.into()), ..self.problem(rule, start, text) }
    }

    /// One token, which begins with `first`. At least that is read, an error or not.
    fn token(&mut self, first: char) -> Result<TokenKind, Problem> {
        let start = self.at;
        if first == '"' {
            return self.string();
        }
        if first == '`' || self.begins_raw_name() {
            return self.quoted_word();
        }
        if first == '_' || unicode_ident::is_xid_start(first) {
            return Ok(TokenKind::Word { text: self.word().to_string(), quoted: false });
        }
        let is_negative =
            self.is_file && first == '-' && self.rest()[1..].starts_with(|c: char| c.is_ascii_digit());
        if first.is_ascii_digit() || is_negative {
            return Ok(TokenKind::Number(self.number()));
        }
        if first == '\'' && self.is_file {
            return Err(self.single_quotes());
        }
        if first == '|' && self.is_file && self.skip_extractor() {
            return Ok(TokenKind::Symbol("|"));
        }
        match SYMBOLS.iter().find(|symbol| self.rest().starts_with(**symbol)) {
            Some(symbol) => {
                self.at += symbol.len();
                Ok(TokenKind::Symbol(symbol))
            }
            None => {
                self.at += first.len_utf8();
                let shown: String = first.escape_debug().collect();
                Err(self.problem(Rule::foreign_token, start, format!("`{shown}` means nothing here")))
            }
        }
    }

    /// In a file a `-` belongs to a name if the name goes on behind it.
    fn word(&mut self) -> &'a str {
        let start = self.at;
        loop {
            self.take_while(unicode_ident::is_xid_continue);
            let behind = self.rest().trim_start_matches('-');
            let goes_on =
                behind.len() < self.rest().len() && behind.starts_with(unicode_ident::is_xid_continue);
            if !self.is_file || !goes_on {
                return &self.text[start..self.at];
            }
            self.at = self.text.len() - behind.len();
        }
    }

    /// `r#select`, as the macro call has it.
    fn begins_raw_name(&self) -> bool {
        let name = self.rest().strip_prefix("r#");
        name.is_some_and(|name| name.starts_with(|c: char| c == '_' || unicode_ident::is_xid_start(c)))
    }

    fn quoted_word(&mut self) -> Result<TokenKind, Problem> {
        let start = self.at;
        if self.begins_raw_name() {
            self.at += 2;
            let text = self.word().to_string();
            if self.is_file {
                let help = format!("write `` `{text}` ``");
                let what = "in a file a name is quoted with backticks";
                return Err(self.problem_with(Rule::foreign_quotes, start, what, help));
            }
            return Ok(TokenKind::Word { text, quoted: true });
        }
        self.at += 1;
        let text = self.take_while(|next| next != '`' && next != '\n').to_string();
        if self.peek() != Some('`') {
            let help = "a name ends in its line, with a `` ` ``";
            return Err(self.problem_with(
                Rule::unclosed_name,
                start,
                "a name in backticks has no end",
                help,
            ));
        }
        self.at += 1;
        if text.is_empty() {
            Err(self.problem(Rule::foreign_quotes, start, "a quoted name is empty"))
        } else {
            Ok(TokenKind::Word { text, quoted: true })
        }
    }

    /// A dot belongs to a number if it is the first one and no second one follows.
    fn number(&mut self) -> String {
        let start = self.at;
        self.at += usize::from(self.peek() == Some('-'));
        let digits = self.take_while(|next| next == '_' || next.is_ascii_alphanumeric());
        let mut after = self.rest().chars();
        let has_dot = after.next() == Some('.');
        let goes_on = after.next().is_none_or(|next| {
            let ends = self.is_file && next != '.' && next != '_' && !next.is_alphabetic();
            next.is_ascii_digit() || next == 'e' || ends
        });
        if has_dot && goes_on && digits.bytes().all(|digit| digit == b'_' || digit.is_ascii_digit()) {
            self.at += 1;
            let fraction = self.take_while(|next| next == '_' || next.is_ascii_alphanumeric());
            if fraction.ends_with('e') && matches!(self.peek(), Some('+' | '-')) {
                self.take_while(|next| next == '+' || next == '-');
                self.take_while(|next| next == '_' || next.is_ascii_digit());
            }
        }
        self.text[start..self.at].to_string()
    }

    fn string(&mut self) -> Result<TokenKind, Problem> {
        let start = self.at;
        if self.is_file && self.rest().starts_with("\"\"\"") {
            return self.heredoc();
        }
        let inside = start + 1;
        match extent::string(&self.text[inside..], self.is_file) {
            Ok(len) => {
                self.at = inside + len + 1;
                Ok(self.string_token(inside..inside + len))
            }
            Err(unclosed) => Err(self.unclosed(start, inside, &unclosed)),
        }
    }

    fn string_token(&mut self, inside: Range<usize>) -> TokenKind {
        let text = self.text[inside.clone()].to_string();
        let inside = self.is_file.then(|| self.parts.pos(inside));
        TokenKind::String(StringText { text, escaped: true, inside })
    }

    /// Behind a string without an end reading goes on in the next line.
    fn unclosed(&mut self, start: usize, inside: usize, unclosed: &extent::Unclosed) -> Problem {
        self.take_while(|next| next != '\n');
        if let Some(open) = unclosed.interpolation {
            let bytes = inside + open..inside + open + 2;
            let help = Some("a literal `#{` is `\\#{`".to_string());
            let text = "`#{` has no `}`".to_string();
            return Problem { rule: Rule::bad_interpolation, text, help, bytes };
        }
        let text =
            if self.is_file { "this string has no end" } else { "a string inside `#{…}` has no end" };
        let help = self.is_file.then(|| {
            "a string ends in its line, with a `\"`; text of several lines stands between `\"\"\"`"
                .to_string()
        });
        Problem { rule: Rule::unclosed_string, text: text.to_string(), help, bytes: start..self.at }
    }

    /// `"""`, the rest of whose line is empty, and text up to the next `"""`.
    fn heredoc(&mut self) -> Result<TokenKind, Problem> {
        let start = self.at;
        self.at += 3;
        self.take_while(|next| next != '\n' && next.is_whitespace());
        if self.peek().is_some_and(|next| next != '\n') {
            let help = "the text of a heredoc begins in the line behind `\"\"\"`";
            let text = "something stands behind `\"\"\"` in its line";
            let problem = self.problem_with(Rule::bad_string, start, text, help);
            // where it ends is clear all the same
            let inside = start + 3;
            self.at = self.text[inside..].find("\"\"\"").map_or(self.at, |len| inside + len + 3);
            return Err(problem);
        }
        let inside = (self.at + 1).min(self.text.len());
        match extent::heredoc(&self.text[inside..]) {
            Ok(len) => {
                self.at = inside + len + 3;
                Ok(self.string_token(inside..inside + len))
            }
            Err(unclosed) => {
                self.at = self.text.len();
                let mut problem = self.unclosed(start, inside, &unclosed);
                if unclosed.interpolation.is_none() {
                    problem.text = "this heredoc has no end".to_string();
                    problem.help = Some("it ends with `\"\"\"`".to_string());
                    problem.bytes = start..start + 3;
                }
                Err(problem)
            }
        }
    }

    fn single_quotes(&mut self) -> Problem {
        let start = self.at;
        let line = self.rest().lines().next().unwrap_or("");
        self.at += line[1..].find('\'').map_or(1, |len| len + 2);
        let help = "write `\"…\"` in place of `'…'`";
        self.problem_with(Rule::foreign_quotes, start, "strings stand in double quotes", help)
    }

    /// The body of `glob|*.log|`, directly behind a name, so that no character of it is taken for something else.
    fn skip_extractor(&mut self) -> bool {
        // looking for an end behind each `|` of a long line would take for ever
        if !self.text[..self.at].ends_with(unicode_ident::is_xid_continue) {
            return false;
        }
        let mut escaped = false;
        for (at, byte) in self.rest().bytes().enumerate().skip(1) {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'\n' => return false,
                b'|' => {
                    self.at += at + 1;
                    return true;
                }
                _ => {}
            }
        }
        false
    }
}
