//! The one parser: recursive descent over tokens, whatever text they come from. An error is reported where it is
//! found; the statement it is in is given up, and reading goes on behind it.

mod allow;
mod config;
mod end;
mod expr;
mod file;
mod flow;
mod link;
mod misread;
mod module;
mod number;
mod patch;
mod primary;
mod query;
mod recovery;
mod slips;
mod string;

use std::collections::BTreeMap;

use foreshock_spec::nearest;

use allow::Allowance;

use super::ast::Name;
use super::token::{Token, TokenKind, is_keyword};
use super::{GREATEST_DEPTH, Pos};
use crate::diagnostics::{Diagnostic, Diagnostics, Reference, Rule};

pub(super) use end::{Role, end_of_text};
pub(super) use file::{QueryFile, query_file};
pub(super) use flow::flow;

/// An error was reported; there is nothing more to say.
struct Reported;

type Parsed<T> = Result<T, Reported>;

/// A module that was read, for what is missing behind it.
struct LastModule {
    name: String,
    start: Pos,
    /// Something stands in it that cannot, which is reported: its `end` is missing before that.
    has_misplaced: bool,
}

/// A place in a text.
struct Parser<'a> {
    /// The last one is an `End`.
    tokens: Vec<Token>,
    at: usize,
    /// How many expressions are being read inside each other.
    depth: usize,
    /// A keyword was read as a name in this statement, or an `end` is missing: what does not fit behind it is no news.
    in_doubt: bool,
    /// The keywords that this pipeline takes for names, each with its one error.
    keywords: BTreeMap<String, Reference>,
    /// The module of this pipeline that was read last: its `end` may be missing where that of the pipeline is.
    last_module: Option<LastModule>,
    /// The text is that of a file; advice on how to write something depends on it.
    is_file: bool,
    /// What `#[allow(…)]` before statements says that are not over yet.
    allowances: Vec<Allowance>,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Parser<'a> {
    fn new(tokens: Vec<Token>, diagnostics: &'a mut Diagnostics) -> Parser<'a> {
        let is_file = tokens.last().is_some_and(|token| token.pos.is_in_file());
        Parser {
            tokens,
            at: 0,
            depth: 0,
            in_doubt: false,
            keywords: BTreeMap::new(),
            last_module: None,
            is_file,
            allowances: Vec::new(),
            diagnostics,
        }
    }
}

impl Parser<'_> {
    fn peek(&self) -> &Token {
        self.ahead(0)
    }

    fn ahead(&self, by: usize) -> &Token {
        &self.tokens[(self.at + by).min(self.tokens.len() - 1)]
    }

    fn pos(&self) -> Pos {
        self.peek().pos
    }

    /// The place of the token before.
    fn last_pos(&self) -> Pos {
        self.tokens[self.at.saturating_sub(1)].pos
    }

    /// From a start to the token before.
    fn since(&self, start: Pos) -> Pos {
        start.to(self.last_pos())
    }

    fn is_end(&self) -> bool {
        matches!(self.peek().kind, TokenKind::End)
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        self.peek().is_symbol(symbol)
    }

    fn is_word(&self, word: &str) -> bool {
        self.peek().is_word(word)
    }

    fn advance(&mut self) -> Token {
        let token = self.peek().clone();
        if !self.is_end() {
            self.at += 1;
        }
        token
    }

    fn eat_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        if found {
            self.advance();
        }
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.advance();
        }
        found
    }

    fn expect_symbol(&mut self, symbol: &str) -> Parsed<()> {
        if self.eat_symbol(symbol) { Ok(()) } else { Err(self.unexpected(&format!("`{symbol}`"))) }
    }

    /// This word, or an error with help; a slip of the fingers is recognised.
    fn expect_word_with(&mut self, word: &str, complete: impl FnOnce(&mut Diagnostic)) -> Parsed<()> {
        if self.eat_word(word) {
            return Ok(());
        }
        let rule = if word == "end" { Rule::missing_end } else { Rule::unexpected_token };
        let is_near = self.peek().word().is_some_and(|written| nearest(written, [word]).is_some());
        Err(self.unexpected_as(rule, &format!("`{word}`"), |error| {
            if is_near {
                error.help(format!("did you mean `{word}`?"));
            } else {
                complete(error);
            }
        }))
    }

    /// Reports that something else stands here than what may.
    fn unexpected(&mut self, expected: &str) -> Reported {
        self.unexpected_with(expected, |_| ())
    }

    /// As `unexpected`, with help and notes. A token that the lexer has complained about says nothing more.
    fn unexpected_with(&mut self, expected: &str, complete: impl FnOnce(&mut Diagnostic)) -> Reported {
        self.unexpected_as(Rule::unexpected_token, expected, complete)
    }

    /// As `unexpected_with`, where there is a rule for just that.
    fn unexpected_as(
        &mut self,
        rule: Rule,
        expected: &str,
        complete: impl FnOnce(&mut Diagnostic),
    ) -> Reported {
        let found = self.peek().clone();
        if !matches!(found.kind, TokenKind::Wrong) && !self.in_doubt {
            let text = format!("expected {expected}, found {}", found.describe());
            complete(self.diagnostics.report(rule, found.pos, text));
        }
        Reported
    }

    /// Reports what a later version will have.
    fn unsupported(&mut self, pos: Pos, what: &str) -> Reported {
        let error =
            self.diagnostics.report(Rule::not_supported, pos, format!("`{what}` is not supported yet"));
        error.help(match what {
            "match" | "for" | "let" | "drop" | "emit" => {
                "remove it; what depends on the event is told apart by selects with `where …`"
            }
            "fn" | "intrinsic" => "remove it, and write the expression where the function was called",
            "window" | "group by" => "remove it: a select makes one event of each",
            _ if what.contains("script") => {
                "remove it; a query has `define … operator`, `create`, `select`, `const`, `mod` and `use`"
            }
            _ => "remove it",
        });
        Reported
    }

    fn unsupported_here(&mut self, what: &str) -> Reported {
        self.unsupported(self.pos(), what)
    }

    /// Any word at all: names of the flow level and keys.
    fn any_name(&mut self, what: &str) -> Parsed<Name> {
        let pos = self.pos();
        match &self.peek().kind {
            TokenKind::Word { text, .. } if text != "_" => {
                let text = text.clone();
                self.advance();
                Ok(Name { text, pos })
            }
            TokenKind::String(string) => {
                let is_word = string.text.chars().all(unicode_ident::is_xid_continue);
                let name = Some(string.text.clone()).filter(|text| is_word && !text.is_empty());
                Err(self.unexpected_with(what, |error| {
                    if let Some(name) = name {
                        error.help(format!("write `{name}`, without quotes"));
                    }
                }))
            }
            TokenKind::Number(_) => Err(self.unexpected_with(what, |error| {
                error.help("a name begins with a letter");
            })),
            _ => Err(self.unexpected(what)),
        }
    }

    /// The name behind `define onramp` and its like. One that is missing before the word that follows it is reported;
    /// the definition is then read as one without a name.
    fn definition_name(&mut self, what: &str, next: &str) -> Parsed<Name> {
        let expected = format!("the {what}'s name");
        if self.is_word(next) && !self.ahead(1).is_word(next) {
            self.unexpected(&expected);
            return Ok(self.no_name());
        }
        self.defined_name(&expected)
    }

    fn no_name(&self) -> Name {
        Name { text: String::new(), pos: self.last_pos() }
    }

    /// A name inside a query: keywords need quoting. One that is not quoted is reported and then taken for the name
    /// that it was meant to be.
    fn query_name(&mut self, what: &str) -> Parsed<Name> {
        let is_statement = self.begins_query_statement(self.at) && !self.ahead(1).follows_name();
        if is_statement || self.is_word("end") {
            return Err(self.unexpected(what));
        }
        self.unquoted_keyword();
        self.any_name(what)
    }

    /// Reports a keyword that stands where a name should: once, its further uses are told with the first one.
    fn unquoted_keyword(&mut self) {
        let token = self.peek();
        let Some(word) = token.word().filter(|word| is_keyword(word)) else { return };
        let (word, pos) = (word.to_string(), token.pos);
        let was_in_doubt = std::mem::replace(&mut self.in_doubt, true);
        if was_in_doubt && !self.ahead(1).follows_operand() {
            return;
        }
        if let Some(first) = self.keywords.get(&word) {
            self.diagnostics.reported(*first).note_at(pos, "also used");
            return;
        }
        let help = format!("write {}", self.quoted(&word));
        let text = format!("`{word}` is a keyword, not a name");
        self.diagnostics.report(Rule::keyword_as_name, pos, text).help(help);
        self.keywords.extend(self.diagnostics.latest().map(|first| (word, first)));
    }

    /// Runs `read` one level deeper.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= GREATEST_DEPTH {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn too_deep(&mut self) -> Reported {
        let text = format!("this expression is nested more than {GREATEST_DEPTH} levels deep");
        self.diagnostics.report(Rule::nested_too_deep, self.pos(), text).help("cut it into several selects");
        Reported
    }
}
