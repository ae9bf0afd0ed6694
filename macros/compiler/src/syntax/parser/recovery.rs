//! After an error: where the statement ends in which it is, and what it was about.
//!
//! A statement ends at its `;`, before a word that begins the next one, or before the `end` of its pipeline. Brackets
//! are balanced; `end`s are counted, as far as what opens them can be recognised.

use super::super::ast::Broken;
use super::super::token::{Token, TokenKind};
use super::Parser;

/// Where a statement stands.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Level {
    /// Between the statements of a flow.
    Flow,
    /// In a `define pipeline`, which has an `end`.
    Pipeline,
    /// In a `mod`, which has an `end`.
    Module,
    /// In a macro call with head `pipeline`, or misplaced in a flow.
    Query,
}

/// What is open at a place of a statement.
#[derive(Default)]
struct Nesting {
    brackets: usize,
    /// Things that close with `end`.
    blocks: usize,
    /// What closes with the `end` of this definition is counted.
    opened: bool,
}

impl Parser<'_> {
    /// Skips the rest of a statement that began at token `start`.
    pub(super) fn give_up(&mut self, start: usize, level: Level) -> Broken {
        self.skip(start, level, false)
    }

    /// Skips a statement that may hold a script, with `;` inside.
    pub(super) fn give_up_block(&mut self, start: usize, level: Level) -> Broken {
        self.skip(start, level, true)
    }

    /// Skips what stands behind a statement that began at token `start` and is whole.
    pub(super) fn give_up_rest(&mut self, start: usize, level: Level) -> Broken {
        let rest = self.at;
        self.give_up(start, level);
        broken(&self.tokens[rest..self.at])
    }

    /// Skips the rest of a part of a list that began at token `start`: to its `,`, to one of `stops`, to the `end` of
    /// the list, or to where the whole statement seems to be over.
    pub(super) fn skip_part(&mut self, start: usize, stops: &[&str]) -> Broken {
        let mut nesting = Nesting::default();
        let mut at = start;
        loop {
            let token = &self.tokens[at];
            let passed = at >= self.at && nesting.brackets == 0;
            let stop = |symbol: &str| token.is_symbol(symbol);
            let follows_slash = at > start && self.tokens[at - 1].is_symbol("/");
            let ends_list = token.is_word("end") && !follows_slash;
            if passed
                && nesting.blocks == 0
                && (stop(",") || stops.iter().any(|symbol| stop(symbol)) || ends_list)
            {
                self.in_doubt = false;
                break;
            }
            let begins = at >= self.at && self.begins_next(at, Level::Pipeline, false);
            if matches!(token.kind, TokenKind::End) || (passed && (stop(";") || begins)) {
                // what is missing here was perhaps skipped
                self.in_doubt = true;
                break;
            }
            nesting.take(&self.tokens, at);
            at += 1;
        }
        self.at = at;
        broken(&self.tokens[start..at])
    }

    fn skip(&mut self, start: usize, level: Level, is_block: bool) -> Broken {
        self.in_doubt = false;
        let mut nesting = Nesting::default();
        let mut at = start;
        loop {
            let token = &self.tokens[at];
            if matches!(token.kind, TokenKind::End) {
                break;
            }
            let outside = nesting.brackets == 0;
            let passed = at > start && at >= self.at && outside;
            if passed && self.begins_next(at, level, is_block) {
                break;
            }
            if at >= self.at && outside && token.is_symbol(";") && !(is_block && nesting.blocks > 0) {
                at += 1;
                break;
            }
            let is_bare_end = token.is_word("end") && nesting.blocks == 0;
            if passed && is_bare_end && self.ends_body(at, level) {
                break;
            }
            nesting.take(&self.tokens, at);
            at += 1;
        }
        self.at = at.max(self.at.min(self.tokens.len() - 1));
        broken(&self.tokens[start..self.at])
    }

    fn begins_next(&self, at: usize, level: Level, is_block: bool) -> bool {
        let follows_name = [".", "::", "/"].iter().any(|symbol| self.tokens[at - 1].is_symbol(symbol));
        if follows_name {
            return false;
        }
        if is_block {
            // what no script has
            let selects = self.tokens[at].is_word("select") && self.tokens[at - 1].is_symbol(";");
            let creates = self.tokens[at].is_word("create")
                && ["operator", "stream"].iter().any(|word| self.tokens[at + 1].is_word(word));
            return selects || creates || self.begins_flow_statement(at);
        }
        self.begins_flow_statement(at) || (level != Level::Flow && self.begins_query_statement(at))
    }

    /// Whether a statement of the flow level begins at a token, its docs included.
    pub(super) fn begins_flow_statement(&self, at: usize) -> bool {
        let at = self.behind_docs(at);
        let second = |words: &[&str]| {
            self.tokens.get(at + 1).and_then(Token::word).is_some_and(|word| words.contains(&word))
        };
        match self.tokens[at].word() {
            Some("define") => second(&["onramp", "offramp", "pipeline", "binding"]),
            Some("create") => second(&["binding"]),
            Some("include") => {
                matches!(self.tokens.get(at + 1), Some(Token { kind: TokenKind::String(_), .. }))
            }
            Some("require") => second(&["at_least_once", "durable"]),
            _ => false,
        }
    }

    /// Whether a statement of a query begins at a token, its docs included.
    pub(super) fn begins_query_statement(&self, at: usize) -> bool {
        let word = self.tokens[self.behind_docs(at)].word();
        matches!(word, Some("define" | "create" | "select" | "use" | "const" | "mod"))
    }

    /// The token behind the docs, and what they allow, that may stand at a token.
    pub(super) fn behind_docs(&self, mut at: usize) -> usize {
        while matches!(self.tokens[at].kind, TokenKind::Doc(_) | TokenKind::Allow(_)) {
            at += 1;
        }
        at
    }

    /// Whether the `end` at a token is that of what the statements stand in.
    pub(super) fn ends_body(&self, at: usize, level: Level) -> bool {
        level == Level::Module || (level == Level::Pipeline && self.ends_pipeline(at))
    }

    /// Whether the `end` at a token is that of the pipeline, and not one too many in a statement of it: it has a `;`,
    /// and no statement of the query comes behind it.
    pub(super) fn ends_pipeline(&self, at: usize) -> bool {
        if !self.tokens[at + 1].is_symbol(";") {
            return matches!(self.tokens[at + 1].kind, TokenKind::End) || self.begins_flow_statement(at + 1);
        }
        let goes_on = self.begins_query_statement(at + 2) || self.tokens[at + 2].is_word("end");
        self.begins_flow_statement(at + 2) || !goes_on
    }
}

impl Nesting {
    /// Goes past a token.
    fn take(&mut self, tokens: &[Token], at: usize) {
        let token = &tokens[at];
        if let TokenKind::Symbol(symbol) = token.kind {
            match symbol {
                "(" | "[" | "{" => self.brackets += 1,
                ")" | "]" | "}" => self.brackets = self.brackets.saturating_sub(1),
                _ => {}
            }
        }
        if self.brackets > 0 {
            return;
        }
        match token.word() {
            Some("define" | "create") => self.opened = false,
            Some("with") if !self.opened => {
                self.opened = true;
                self.blocks += 1;
            }
            // all their `with` and `script` close with one `end`
            Some("script") if at > 0 && tokens[at - 1].is_word("define") => {
                self.opened = true;
                self.blocks += 1;
            }
            Some("fn") if at > 0 && tokens[at - 1].is_word("intrinsic") => {}
            Some("fn" | "mod") => {
                self.opened = true;
                self.blocks += 1;
            }
            Some("match" | "for" | "patch") => self.blocks += 1,
            Some("merge") if !is_operation(&tokens[at + 1..]) => self.blocks += 1,
            Some("end") => self.blocks = self.blocks.saturating_sub(1),
            _ => {}
        }
    }
}

/// Whether the `merge` before these tokens is one within `patch`, which has no `end`.
fn is_operation(behind: &[Token]) -> bool {
    let behind_key = match behind {
        [Token { kind: TokenKind::String(_), .. }, behind @ ..] => behind,
        _ => behind,
    };
    behind_key.first().is_some_and(|token| token.is_symbol("=>"))
}

/// The words of tokens that could not be parsed.
pub(super) fn broken(tokens: &[Token]) -> Broken {
    let mut words = Vec::new();
    for token in tokens {
        match &token.kind {
            TokenKind::Word { text, .. } => words.push(text.clone()),
            TokenKind::String(string) => {
                words.extend(string.text.split('/').filter(|segment| !segment.is_empty()).map(String::from));
            }
            _ => {}
        }
    }
    Broken { words }
}
