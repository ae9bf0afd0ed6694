//! What people write in place of something else, and what it was probably meant to be: reading goes on with that.

use super::super::Pos;
use super::super::ast::{Expr, Name};
use super::super::token::TokenKind;
use super::{Parsed, Parser, Reported};
use crate::diagnostics::Rule;

impl Parser<'_> {
    /// A name of what is defined here, any word. In the macro call it has no `-`.
    pub(super) fn defined_name(&mut self, what: &str) -> Parsed<Name> {
        let name = self.any_name(what)?;
        Ok(self.without_minus(name))
    }

    /// A name inside a query that stands where no expression does. In the macro call it has no `-`.
    pub(super) fn node_name(&mut self, what: &str) -> Parsed<Name> {
        let name = self.query_name(what)?;
        Ok(self.without_minus(name))
    }

    /// `my-stream`: reported, and taken for one name.
    fn without_minus(&mut self, name: Name) -> Name {
        let Some(whole) = self.joined(&name) else { return name };
        self.name_with_minus(&whole, &whole.text.replace('-', "_"));
        whole
    }

    /// The same for a key of a config, where it is known what was meant.
    pub(super) fn key_without_minus(&mut self, name: Name) -> Name {
        let Some(whole) = self.joined(&name) else { return name };
        let text = whole.text.replace('-', "_");
        self.name_with_minus(&whole, &text);
        Name { text, pos: whole.pos }
    }

    /// The same for the type that the macro call makes.
    pub(super) fn type_name(&mut self, name: Name) -> Name {
        let Some(whole) = self.joined(&name) else { return name };
        let mut text = String::new();
        for word in whole.text.split('-') {
            let mut letters = word.chars();
            text.extend(letters.next().into_iter().flat_map(char::to_uppercase));
            text.extend(letters);
        }
        self.name_with_minus(&whole, &text);
        Name { text, pos: whole.pos }
    }

    fn name_with_minus(&mut self, whole: &Name, meant: &str) {
        let text = format!("a name has no `-`: `{}`", whole.text);
        let error = self.diagnostics.report(Rule::name_with_minus, whole.pos, text);
        error.help(format!("write `{meant}`"));
    }

    /// A name that stands here, with what is joined to it by `-`. Nothing is read.
    pub(super) fn joined_behind(&self, name: &Name) -> String {
        let (mut text, mut last, mut at) = (name.text.clone(), name.pos, 1);
        while self.ahead(at).is_symbol("-") && touches(last, self.ahead(at).pos) {
            let next = self.ahead(at + 1);
            let (TokenKind::Word { text: word, .. } | TokenKind::Number(word)) = &next.kind else { break };
            text = format!("{text}-{word}");
            (last, at) = (next.pos, at + 2);
        }
        text
    }

    /// What stands behind a name without a space and makes it a longer one with `-`. (In a file the lexer does that.)
    fn joined(&mut self, name: &Name) -> Option<Name> {
        let mut whole = name.clone();
        while !self.is_file && self.is_symbol("-") && touches(whole.pos, self.pos()) {
            let (minus, next) = (self.pos(), self.ahead(1));
            let (TokenKind::Word { text, quoted: false } | TokenKind::Number(text)) = &next.kind else {
                break;
            };
            if !touches(minus, next.pos) {
                break;
            }
            whole = Name { text: format!("{}-{text}", whole.text), pos: whole.pos.to(next.pos) };
            self.advance();
            self.advance();
        }
        (whole.text.len() > name.text.len()).then_some(whole)
    }

    /// The value of a variable without its quotes: reported, and read as it stands.
    pub(super) fn unquoted_value(&mut self) -> Name {
        let mut value = Name { text: String::new(), pos: self.pos() };
        loop {
            let token = self.peek();
            let text = match &token.kind {
                TokenKind::Word { text, .. } | TokenKind::Number(text) => text.as_str(),
                TokenKind::Symbol(symbol @ ("-" | ".")) => symbol,
                _ => break,
            };
            if !value.text.is_empty() && !touches(value.pos, token.pos) {
                break;
            }
            value = Name { text: value.text + text, pos: value.pos.to(token.pos) };
            self.advance();
        }
        let text = "the value of a variable is a string";
        let error = self.diagnostics.report(Rule::unquoted_string, value.pos, text);
        error.help(format!("write `\"{}\"`", value.text));
        value
    }

    /// A `;` before one of these words, which go on with the same select: reported and passed over.
    pub(super) fn early_semicolon(&mut self, next: &[&str]) {
        if !self.is_symbol(";") || !next.iter().any(|word| self.ahead(1).is_word(word)) {
            return;
        }
        let word = self.ahead(1).word().unwrap_or("").to_string();
        let text = format!("the select goes on with `{word}`");
        self.diagnostics.report(Rule::unexpected_token, self.pos(), text).help("remove this `;`");
        self.advance();
    }

    /// `where` or `having` and its condition, if there is one.
    pub(super) fn condition(&mut self, word: &str) -> Parsed<Option<Expr>> {
        if !self.eat_word(word) {
            return Ok(None);
        }
        if self.is_word("into") || self.is_symbol(";") || self.is_word("having") {
            let help = format!("write a condition behind `{word}`, such as `event.key > 1`, or remove it");
            return Err(self.unexpected_with("a condition", |error| {
                error.help(help);
            }));
        }
        Ok(Some(self.expr()?.expr))
    }

    /// `const limit: int = 5`: the type is reported and passed over.
    pub(super) fn without_type(&mut self, name: &str) {
        if !self.is_symbol(":") || self.ahead(1).word().is_none() || !self.ahead(2).is_symbol("=") {
            return;
        }
        let pos = self.pos().to(self.ahead(1).pos);
        let error =
            self.diagnostics.report(Rule::unexpected_token, pos, "the type of a constant is not written");
        error.help(format!("write `const {name} = …`"));
        self.advance();
        self.advance();
    }

    /// Two symbols without a space between them that are an operator elsewhere, and what to do about it.
    pub(super) fn foreign_pair(&self) -> Option<(String, &'static str)> {
        const PAIRS: &[(&str, &str, &str)] = &[
            ("*", "*", "write `event.key * event.key`"),
            ("/", "/", "write `/`; the quotient is a float"),
            ("|", ">", "call the function with its module: `string::len(event.key)`"),
            ("?", "?", "`present event.key` says whether there is such a key"),
        ];
        let (first, second) = (self.peek(), self.ahead(1));
        let is_pair = |(a, b, _): &&(&str, &str, &str)| first.is_symbol(a) && second.is_symbol(b);
        let (a, b, help) = PAIRS.iter().find(is_pair).filter(|_| touches(first.pos, second.pos))?;
        Some((format!("{a}{b}"), help))
    }

    /// `r"text"` in a file, where a string has no letter before it.
    pub(super) fn prefixed_string(&mut self) -> Parsed<()> {
        let (word, string) = (self.peek(), self.ahead(1));
        let is_string = matches!(string.kind, TokenKind::String(_)) && touches(word.pos, string.pos);
        let is_prefix = word.word().is_some_and(|word| ["r", "b", "f", "s", "c", "rb", "br"].contains(&word));
        if !is_string || !is_prefix {
            return Ok(());
        }
        let error = self.diagnostics.report(Rule::bad_string, word.pos, "no letter stands before a string");
        error.help("write a plain string: `\"…\"`");
        Err(Reported)
    }

    /// How a keyword is written that is a name.
    pub(super) fn quoted(&self, word: &str) -> String {
        if self.is_file { format!("`` `{word}` ``") } else { format!("`r#{word}`") }
    }

    /// `1.5.2`: reported, as is an address without quotes.
    pub(super) fn has_one_dot(&mut self, number: Pos) -> Parsed<()> {
        let is_dot = self.is_symbol(".") && matches!(self.ahead(1).kind, TokenKind::Number(_));
        if !is_dot {
            return Ok(());
        }
        let pos = number.to(self.ahead(1).pos);
        let error = self.diagnostics.report(Rule::bad_number, pos, "a number has one dot");
        error.help("an address or a version is a string: write it in double quotes");
        Err(Reported)
    }

    /// Reports what begins no expression.
    pub(super) fn no_expression(&mut self) -> Reported {
        if let TokenKind::Number(digits) = &self.ahead(1).kind
            && self.is_symbol(".")
        {
            let (pos, help) = (self.pos().to(self.ahead(1).pos), format!("write `0.{digits}`"));
            let error = self.diagnostics.report(Rule::bad_number, pos, "a number begins with a digit");
            error.help(help);
            return Reported;
        }
        let begins_path = [".", "..", "/", "~"].iter().any(|symbol| self.is_symbol(symbol));
        let is_root = self.is_symbol("/") && self.ahead(1).word().is_some();
        if !begins_path || !(is_root || self.ahead(1).is_symbol("/")) {
            return self.unexpected("an expression");
        }
        let error = self.diagnostics.report(Rule::unquoted_string, self.pos(), "a path is a string");
        error.help("write it in double quotes");
        Reported
    }

    /// Reports what stands behind a statement in place of its `;`.
    pub(super) fn no_semicolon(&mut self) {
        if self.is_word("end") && !self.in_doubt {
            let error = self.diagnostics.report(Rule::stray_end, self.pos(), "this `end` closes nothing");
            error.help("remove it: a statement ends with `;`, and what has an `end` has one");
            return;
        }
        self.unexpected("`;`");
    }
}

/// Whether nothing stands between two tokens, not even a space.
fn touches(before: Pos, behind: Pos) -> bool {
    before.end() == behind.start()
}
