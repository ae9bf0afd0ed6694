//! Rust's token trees → flat tokens. What the Rust lexer makes of trickle text and trickle does not have (`#` comments,
//! suffixes, characters) is reported here.

use std::iter::Peekable;

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, Group, Literal, Punct, Spacing, TokenStream, TokenTree};

use super::Pos;
use super::ast::Name;
use super::token::{SYMBOLS, StringText, Token, TokenKind};
use crate::diagnostics::{Diagnostics, Rule};

/// How many `#` comments one message names.
const NAMED_COMMENTS: usize = 8;

/// Flattens token trees. The last token is an `End` at the place of the last tree.
pub(super) fn lex(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Vec<Token> {
    let mut lexer = Lexer { out: Vec::new(), comments: Vec::new(), diagnostics };
    lexer.run(tokens);
    lexer.report_comments();
    let last = lexer.out.last().map_or(Pos::token(proc_macro2::Span::call_site()), |token| token.pos);
    lexer.out.push(Token { kind: TokenKind::End, pos: last });
    lexer.out
}

/// A group that is being read: an explicit stack, since input decides how deep it gets.
struct Open {
    rest: Peekable<IntoIter>,
    close: Option<(&'static str, Pos)>,
}

struct Lexer<'a> {
    out: Vec<Token>,
    comments: Vec<Pos>,
    diagnostics: &'a mut Diagnostics,
}

impl Lexer<'_> {
    fn run(&mut self, tokens: TokenStream) {
        let mut stack = vec![Open { rest: tokens.into_iter().peekable(), close: None }];
        while let Some(open) = stack.last_mut() {
            let Some(tree) = open.rest.next() else {
                let done = stack.pop();
                if let Some((symbol, pos)) = done.and_then(|done| done.close) {
                    self.push(TokenKind::Symbol(symbol), pos);
                }
                continue;
            };
            match tree {
                TokenTree::Group(group) => stack.push(self.open(&group)),
                TokenTree::Ident(ident) => {
                    let text = ident.to_string();
                    let kind = match text.strip_prefix("r#") {
                        Some(name) => TokenKind::Word { text: name.to_string(), quoted: true },
                        None => TokenKind::Word { text, quoted: false },
                    };
                    self.push(kind, Pos::token(ident.span()));
                }
                TokenTree::Literal(literal) => self.literal(&literal),
                TokenTree::Punct(punct) if punct.as_char() == '#' => self.hash(&punct, &mut open.rest),
                TokenTree::Punct(punct) => self.symbols(punct, &mut open.rest),
            }
        }
    }

    fn push(&mut self, kind: TokenKind, pos: Pos) {
        self.out.push(Token { kind, pos });
    }

    fn open(&mut self, group: &Group) -> Open {
        let symbols = match group.delimiter() {
            Delimiter::Parenthesis => Some(("(", ")")),
            Delimiter::Bracket => Some(("[", "]")),
            Delimiter::Brace => Some(("{", "}")),
            // What `macro_rules` passes on as an expression keeps its meaning; a path or a literal needs nothing.
            Delimiter::None => holds_operators(group).then_some(("(", ")")),
        };
        if let Some((open, _)) = symbols {
            self.push(TokenKind::Symbol(open), Pos::token(group.span_open()));
        }
        let close = symbols.map(|(_, close)| (close, Pos::token(group.span_close())));
        Open { rest: group.stream().into_iter().peekable(), close }
    }

    /// `#`: Rust makes `#[doc = "…"]` of a doc comment; `#[…]` stays; all else is meant as a comment, up to the end of
    /// its line.
    fn hash(&mut self, hash: &Punct, rest: &mut Peekable<IntoIter>) {
        let pos = Pos::token(hash.span());
        if let Some(TokenTree::Group(group)) = rest.peek()
            && group.delimiter() == Delimiter::Bracket
        {
            let kind = match doc_line(group) {
                Some(line) => Some(TokenKind::Doc(line)),
                None => allowed_rules(group).map(TokenKind::Allow),
            };
            match kind {
                Some(kind) => {
                    rest.next();
                    self.push(kind, pos);
                }
                None => self.push(TokenKind::Symbol("#"), pos),
            }
            return;
        }
        let inner = rest.next_if(|tree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == '!'));
        if inner.is_some()
            && let Some(TokenTree::Group(group)) = rest.peek()
            && doc_line(group).is_some()
        {
            rest.next();
            self.diagnostics
                .report(Rule::unknown_attribute, pos, "`//!` documents nothing here")
                .help("write `///` before a statement");
            return;
        }
        let is_attribute =
            matches!(rest.peek(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket);
        if inner.is_some() && is_attribute {
            rest.next();
            self.diagnostics
                .report(Rule::unknown_attribute, pos, "`#![…]` means nothing here")
                .help("write `#[allow(rule)]` before the head, or before a statement");
            return;
        }
        let line = hash.span().start().line;
        if inner.is_some() && matches!(rest.peek(), Some(TokenTree::Ident(word)) if word == "config") {
            while rest.next_if(|tree| tree.span().start().line == line).is_some() {}
            self.diagnostics
                .report(Rule::late_setting, pos, "`#!config` stands at the beginning of a file only")
                .help("the name of a pipeline in the macro call stands behind `define pipeline`");
            return;
        }
        while rest.next_if(|tree| tree.span().start().line == line).is_some() {}
        self.comments.push(pos);
    }

    fn report_comments(&mut self) {
        let Some((first, others)) = self.comments.split_first() else { return };
        let error = self.diagnostics.report(
            Rule::hash_comment,
            *first,
            "`#` does not begin a comment inside `pipeline!`",
        );
        error.help("begin comments with `//`");
        for other in others.iter().take(NAMED_COMMENTS) {
            error.note_at(*other, "another one");
        }
        if let Some(more) = others.len().checked_sub(NAMED_COMMENTS).filter(|more| *more > 0) {
            error.note(format!("and {more} more"));
        }
    }

    /// A run of joined punctuation, cut into the longest symbols.
    fn symbols(&mut self, first: Punct, rest: &mut Peekable<IntoIter>) {
        // Rust takes `'ws` of `'ws://…'` for a lifetime
        if first.as_char() == '\''
            && let Some(TokenTree::Ident(word)) = rest.next_if(|tree| matches!(tree, TokenTree::Ident(_)))
        {
            return self.single_quotes(Pos::token(first.span()).to(Pos::token(word.span())));
        }
        let mut run = vec![first];
        while run.last().is_some_and(|last| last.spacing() == Spacing::Joint) {
            let Some(TokenTree::Punct(next)) =
                rest.next_if(|tree| matches!(tree, TokenTree::Punct(next) if next.as_char() != '#'))
            else {
                break;
            };
            run.push(next);
        }
        let text: String = run.iter().map(Punct::as_char).collect();
        let mut at = 0;
        while at < run.len() {
            let symbol = SYMBOLS.iter().find(|symbol| text[at..].starts_with(**symbol));
            let len = symbol.map_or(1, |symbol| symbol.len());
            let pos = Pos::token(run[at].span()).to(Pos::token(run[at + len - 1].span()));
            match symbol {
                Some(symbol) => self.push(TokenKind::Symbol(symbol), pos),
                None => {
                    let help = "remove it, or write it in a string: `\"…\"`";
                    self.wrong(Rule::foreign_token, pos, "this character means nothing here", Some(help));
                }
            }
            at += len;
        }
    }

    fn literal(&mut self, literal: &Literal) {
        let text = literal.to_string();
        let pos = Pos::token(literal.span());
        match text.as_bytes() {
            [b'0'..=b'9', ..] => self.push(TokenKind::Number(text), pos),
            // only another macro can make a negative literal
            [b'-', ..] => {
                self.push(TokenKind::Symbol("-"), pos);
                self.push(TokenKind::Number(text[1..].to_string()), pos);
            }
            [b'"', ..] | [b'r', b'"' | b'#', ..] => self.string(literal.clone(), pos, text.starts_with('r')),
            [b'\'', ..] => self.single_quotes(pos),
            _ => self.wrong(
                Rule::bad_string,
                pos,
                "this kind of literal means nothing here",
                Some("write a plain string: `\"…\"`"),
            ),
        }
    }

    fn string(&mut self, literal: Literal, pos: Pos, raw: bool) {
        let syn::Lit::Str(string) = syn::Lit::new(literal) else {
            return self.wrong(Rule::bad_string, pos, "this string cannot be read", None);
        };
        let text = string.value();
        let suffix = string.suffix();
        if suffix.is_empty() {
            return self.push(TokenKind::String(StringText { text, escaped: raw, inside: None }), pos);
        }
        let inside = text.rfind("#{").is_some_and(|open| !text[open..].contains('}'));
        if inside {
            let help =
                "inside `#{…}` quote with a backslash, `#{event[\\\"key\\\"]}`, or write `#{event.key}`";
            let text = "this string ends inside `#{…}`, at a `\"` that was meant to go on";
            self.wrong(Rule::bad_interpolation, pos, text, Some(help));
        } else {
            self.wrong(Rule::bad_string, pos, &format!("a string has no suffix `{suffix}`"), None);
        }
    }

    fn single_quotes(&mut self, pos: Pos) {
        let help = "write `\"…\"` in place of `'…'`";
        self.wrong(Rule::foreign_quotes, pos, "strings stand in double quotes", Some(help));
    }

    fn wrong(&mut self, rule: Rule, pos: Pos, text: &str, help: Option<&str>) {
        let error = self.diagnostics.report(rule, pos, text);
        if let Some(help) = help {
            error.help(help);
        }
        self.push(TokenKind::Wrong, pos);
    }
}

/// What is in an attribute, without the groups that mark what `macro_rules` passes on (`#[$meta]`, `#[doc = $text]`).
fn without_marks(tokens: TokenStream) -> Vec<TokenTree> {
    let mut stack = vec![tokens.into_iter()];
    let mut out = Vec::new();
    while let Some(rest) = stack.last_mut() {
        match rest.next() {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::None => {
                stack.push(group.stream().into_iter());
            }
            Some(tree) => out.push(tree),
            None => drop(stack.pop()),
        }
    }
    out
}

/// The text of `[doc = "…"]`.
fn doc_line(group: &Group) -> Option<String> {
    let mut inner = without_marks(group.stream()).into_iter();
    match (inner.next()?, inner.next()?, inner.next()?) {
        (TokenTree::Ident(doc), TokenTree::Punct(equals), TokenTree::Literal(text))
            if doc == "doc" && equals.as_char() == '=' =>
        {
            match syn::Lit::new(text) {
                syn::Lit::Str(text) => Some(text.value()),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The names in `[allow(…)]`: what stands between two commas is one.
fn allowed_rules(group: &Group) -> Option<Vec<Name>> {
    let mut inner = without_marks(group.stream()).into_iter();
    let (Some(TokenTree::Ident(allow)), Some(TokenTree::Group(list)), None) =
        (inner.next(), inner.next(), inner.next())
    else {
        return None;
    };
    if allow != "allow" || list.delimiter() != Delimiter::Parenthesis {
        return None;
    }
    let mut names: Vec<Name> = Vec::new();
    let mut goes_on = false;
    for tree in list.stream() {
        if matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == ',') {
            goes_on = false;
            continue;
        }
        let (text, pos) = (tree.to_string(), Pos::token(tree.span()));
        match names.last_mut().filter(|_| goes_on) {
            Some(last) => *last = Name { text: last.text.clone() + &text, pos: last.pos.to(pos) },
            None => names.push(Name { text, pos }),
        }
        goes_on = true;
    }
    Some(names)
}

fn holds_operators(group: &Group) -> bool {
    group.stream().into_iter().any(|tree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() != ':'))
}
