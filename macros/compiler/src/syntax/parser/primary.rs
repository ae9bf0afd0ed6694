//! What stands between operators: literals, lists, records, names, calls, `merge`.

use super::super::Pos;
use super::super::ast::{Expr, ExprKind, Key, Name, NamePath};
use super::super::token::{StringText, TokenKind, is_keyword};
use super::expr::{Tall, boxed, tallest};
use super::{Parsed, Parser, Reported};
use crate::diagnostics::Rule;

/// Words that begin an expression in a later version of the language.
const LATER: &[&str] = &[
    "match",
    "for",
    "let",
    "emit",
    "drop",
    "recur",
    "state",
    "args",
    "group",
    "window",
    "const",
    "fn",
    "intrinsic",
    "mod",
    "script",
];

/// Words that are an expression, or begin one.
const MEANT: &[&str] = &["null", "true", "false", "event", "present", "absent", "merge", "patch", "not"];

impl Parser<'_> {
    pub(super) fn primary(&mut self) -> Parsed<Tall> {
        let token = self.peek().clone();
        let start = token.pos;
        match token.kind {
            TokenKind::Number(text) => {
                self.advance();
                // in a file a `-` right before a digit belongs to the number
                let digits = text.strip_prefix('-');
                let kind = self.number(digits.unwrap_or(&text), digits.is_some(), start)?;
                self.has_one_dot(start)?;
                self.tall(kind, start, [])
            }
            TokenKind::String(text) => {
                self.advance();
                self.string(&text, start)
            }
            TokenKind::Symbol("(") => self.parenthesised(),
            TokenKind::Symbol("[") => {
                self.advance();
                let (items, height) = self.list("]")?;
                self.tall(ExprKind::List(items), start, [height])
            }
            TokenKind::Symbol("{") => {
                self.advance();
                self.record(start)
            }
            TokenKind::Symbol("$") => {
                self.advance();
                self.metadata(start)
            }
            TokenKind::Symbol("<<") => Err(self.unsupported_here("<<")),
            TokenKind::Word { text, quoted: false } if is_keyword(&text) => self.keyword(&text, start),
            TokenKind::Word { .. } => self.name_or_call(start),
            TokenKind::Symbol("*") => Err(self.unexpected_with("an expression", |error| {
                error.help("the whole event is `event`");
            })),
            TokenKind::Symbol("&") => Err(self.unexpected_with("an expression", |error| {
                error.help("write the value as it is, without `&`");
            })),
            _ => Err(self.no_expression()),
        }
    }

    fn parenthesised(&mut self) -> Parsed<Tall> {
        let is_merge = self.tokens[self.at.saturating_sub(1)].is_word("merge");
        self.advance();
        let inner = self.expr()?;
        if is_merge && self.is_symbol(",") {
            return Err(self.unexpected_with("`)`", |error| {
                error.help("`merge` is no function: write `merge target of patch end`");
            }));
        }
        self.expect_symbol(")")?;
        Ok(inner)
    }

    fn string(&mut self, text: &StringText, start: Pos) -> Parsed<Tall> {
        if matches!(self.peek().kind, TokenKind::String(_)) {
            let (text, help) = if self.is_file {
                ("two strings in a row", "put a `+` between them")
            } else {
                let help = "write one string; a raw string `r#\"…\"#` may have many lines";
                ("two strings in a row; a heredoc `\"\"\"` cannot be written here", help)
            };
            self.diagnostics.report(Rule::bad_string, start, text).help(help);
            return Err(Reported);
        }
        let (parts, height) = self.string_parts(text, start)?;
        self.tall(ExprKind::String(parts), start, [height])
    }

    /// Expressions up to a closing bracket, a comma between them and perhaps behind them.
    fn list(&mut self, close: &str) -> Parsed<(Vec<Expr>, usize)> {
        let mut items = Vec::new();
        let mut height = 0;
        while !self.eat_symbol(close) {
            let item = self.expr()?;
            height = tallest([height, item.height]);
            items.push(item.expr);
            if !self.eat_symbol(",") && !self.is_symbol(close) {
                return Err(self.unexpected(&format!("`,` or `{close}`")));
            }
        }
        Ok((items, height))
    }

    fn record(&mut self, start: Pos) -> Parsed<Tall> {
        let mut fields = Vec::new();
        let mut height = 0;
        while !self.eat_symbol("}") {
            let (key, key_height) = self.record_key()?;
            self.colon()?;
            let value = self.expr()?;
            height = tallest([height, key_height, value.height]);
            fields.push((key, value.expr));
            if !self.eat_symbol(",") && !self.is_symbol("}") {
                return Err(self.unexpected("`,` or `}`"));
            }
        }
        self.tall(ExprKind::Record(fields), start, [height])
    }

    /// The `:` behind a key. What other languages write there is reported and taken for it.
    fn colon(&mut self) -> Parsed<()> {
        if !self.is_symbol("=") && !self.is_symbol("=>") {
            return self.expect_symbol(":");
        }
        self.unexpected_with("`:`", |error| {
            error.help("a field is `\"key\": value`");
        });
        self.advance();
        Ok(())
    }

    pub(super) fn record_key(&mut self) -> Parsed<(Key, usize)> {
        let token = self.peek().clone();
        match token.kind {
            TokenKind::String(text) => {
                self.advance();
                let (parts, height) = self.string_parts(&text, token.pos)?;
                Ok((Key { parts, pos: token.pos }, height))
            }
            TokenKind::Word { text, .. } if text != "end" => {
                let text = self.joined_behind(&Name { text, pos: token.pos });
                Err(self.unexpected_with("a string as key", |error| {
                    error.help(format!("write `\"{text}\"`"));
                }))
            }
            TokenKind::Symbol("..") => Err(self.unexpected_with("a string as key", |error| {
                error.help("`merge event of { … } end` is the event with some fields changed");
            })),
            _ => Err(self.unexpected("a string as key")),
        }
    }

    /// Behind `$`: the whole metadata, or `$key`.
    fn metadata(&mut self, start: Pos) -> Parsed<Tall> {
        if self.is_symbol(".") {
            return Err(self.unexpected_with("a key after `$`", |error| {
                error.help("write `$key` or `$[\"key\"]`");
            }));
        }
        let meta = self.tall(ExprKind::Meta, start, [])?;
        match &self.peek().kind {
            // a keyword goes on with the statement: `select $ from in`
            TokenKind::Word { text, quoted } if *quoted || !is_keyword(text) => {
                let key = self.any_name("a key")?;
                self.tall(ExprKind::Field(boxed(meta), key), start, [1])
            }
            _ => Ok(meta),
        }
    }

    fn keyword(&mut self, word: &str, start: Pos) -> Parsed<Tall> {
        let is_clause = ["end", "from", "into", "where", "with", "having", "of"].contains(&word);
        let is_name = !is_clause && self.ahead(1).follows_operand();
        if is_name && !MEANT.contains(&word) && self.keywords.contains_key(word) {
            return self.name_or_call(start);
        }
        if LATER.contains(&word) {
            return Err(self.unsupported_here(word));
        }
        let quoted = self.quoted(word);
        let kind = match word {
            "null" => ExprKind::Null,
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "event" => ExprKind::Event,
            "present" | "absent" => {
                self.advance();
                let path = self.path_of(word)?;
                let height = path.height;
                return self.tall(ExprKind::Present(word == "present", boxed(path)), start, [height]);
            }
            "merge" => return self.merge(start),
            "patch" => return self.patch(start),
            _ => {
                return Err(self.unexpected_with("an expression", |error| {
                    if is_name {
                        error.help(format!("`{word}` is a keyword; a name is written {quoted}"));
                    }
                }));
            }
        };
        self.advance();
        self.tall(kind, start, [])
    }

    fn merge(&mut self, start: Pos) -> Parsed<Tall> {
        self.advance();
        let target = self.expr()?;
        self.expect_word_with("of", |error| {
            error.help("write `merge target of patch end`");
        })?;
        let patch = self.expr()?;
        self.expect_word_with("end", |error| {
            error.help("`merge … of …` ends with `end`").note_at(start, "`merge` begins");
        })?;
        let heights = [target.height, patch.height];
        self.tall(ExprKind::Merge(boxed(target), boxed(patch)), start, heights)
    }

    fn name_or_call(&mut self, start: Pos) -> Parsed<Tall> {
        if self.is_word("rust") && self.ahead(1).is_symbol("::") {
            return Err(self.unsupported_here("rust::"));
        }
        if self.is_word("if") && !self.ahead(1).follows_name() {
            let error = self.diagnostics.report(Rule::no_if, start, "there is no `if`");
            error.help("write two selects, each with its `where` (`match` is not supported yet)");
            return Err(Reported);
        }
        self.prefixed_string()?;
        let path = self.name_path("a name")?;
        if self.is_symbol("!") {
            let is_env = matches!(path.text().as_str(), "env" | "option_env");
            return Err(self.unexpected_with("an expression", |error| {
                if is_env {
                    error.help("write `env(\"NAME\")`, without `!`: what the environment holds at start");
                    return;
                }
                error.help("macros of Rust are none here: a list is `[1, 2]`, a text with a value in it `\"#{event.key}\"`");
            }));
        }
        if self.eat_symbol("(") {
            let (arguments, height) = self.list(")")?;
            return self.tall(ExprKind::Call(path, arguments), start, [height]);
        }
        self.tall(ExprKind::Name(path), start, [])
    }

    /// `a::b::c` where no expression can stand: other symbols between its parts are reported and taken for `::`.
    pub(super) fn module_path(&mut self, what: &str) -> Parsed<NamePath> {
        let mut path = self.name_path(what)?;
        let (known, first) = (path.segments.len(), self.pos());
        while ["/", ".", ":"].iter().any(|symbol| self.is_symbol(symbol)) {
            self.advance();
            path.segments.extend(self.name_path("a name")?.segments);
        }
        if path.segments.len() > known {
            let error = self.diagnostics.report(
                Rule::module_with_a_slash,
                first,
                "`::` stands between the parts of this name",
            );
            error.help(format!("write `{}`", path.text()));
        }
        Ok(path)
    }

    /// `a::b::c`
    pub(super) fn name_path(&mut self, what: &str) -> Parsed<NamePath> {
        let mut segments = vec![self.query_name(what)?];
        while self.eat_symbol("::") {
            if self.is_symbol("{") || self.is_symbol("*") {
                let module = NamePath { segments: segments.clone() }.text();
                return Err(self.unexpected_with("a name after `::`", |error| {
                    error.help(format!("write a line for each one: `use {module}::name;`"));
                }));
            }
            segments.push(self.query_name("a name after `::`")?);
        }
        Ok(NamePath { segments })
    }
}
