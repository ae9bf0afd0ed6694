//! What stands behind `with`: keys and their values, up to `end`. Which keys there are is for check to tell.

use crate::diagnostics::Rule;

use super::super::Pos;
use super::super::ast::{Config, ConfigEntry, ExprKind, Name};
use super::super::token::TokenKind;
use super::recovery::Level;
use super::{Parsed, Parser, Reported};

impl Parser<'_> {
    /// `[with … end]` behind an operator.
    pub(super) fn optional_config(&mut self) -> Parsed<Config> {
        let start = self.pos();
        if self.eat_word("with") {
            let config = self.config();
            self.config_end(start, Level::Pipeline)?;
            return Ok(config);
        }
        let is_over = self.is_symbol(";")
            || self.is_end()
            || self.is_word("end")
            || self.begins_query_statement(self.at)
            || self.begins_flow_statement(self.at);
        if is_over {
            return Ok(Config::default());
        }
        let key = self.peek().word().filter(|_| self.ahead(1).is_symbol("=")).map(String::from);
        Err(self.unexpected_with("`with` or `;`", |error| {
            if let Some(key) = key {
                error.help(format!("write `with {key} = …`"));
            }
        }))
    }

    /// The `end` of a `with`. One that is missing at the end of the statement is reported and taken for written.
    pub(super) fn config_end(&mut self, with: Pos, level: Level) -> Parsed<()> {
        if self.eat_word("end") {
            return Ok(());
        }
        let reported = self.unexpected_as(Rule::missing_end, "`,` or `end`", |error| {
            error.help("`with …` ends with `end`").note_at(with, "`with` begins");
        });
        let begins = self.begins_query_statement(self.at) || self.begins_flow_statement(self.at);
        if self.is_symbol(";") {
            // only an `end` is looked at closer: the text may be over behind the `;`
            let follows_end = self.ahead(1).is_word("end");
            if follows_end && (level == Level::Flow || !self.ends_pipeline(self.at + 1)) {
                self.advance();
                self.advance();
            }
            return Ok(());
        }
        if begins || self.is_end() {
            self.in_doubt = true;
            return Ok(());
        }
        Err(reported)
    }

    /// `key = value, …` up to what cannot belong to it. What is wrong with one entry is no reason not to look at the
    /// others.
    pub(super) fn config(&mut self) -> Config {
        let mut config = Config::default();
        loop {
            let allowed = self.allowed();
            self.docs();
            let is_over = ["end", "yields"].iter().any(|word| self.is_word(word));
            if is_over && !self.ahead(1).is_symbol("=") {
                return config;
            }
            let start = self.at;
            match self.config_entry() {
                Ok(entry) => config.entries.push(entry),
                Err(Reported) => {
                    config.is_broken = true;
                    self.skip_part(start, &[]);
                }
            }
            self.allow_up_to_here(allowed);
            if !self.has_next_entry() {
                return config;
            }
        }
    }

    /// Behind an entry: whether there is another one, or the `end` behind a trailing `,`.
    pub(super) fn has_next_entry(&mut self) -> bool {
        if self.eat_symbol(",") {
            return true;
        }
        let is_semicolon = self.is_symbol(";");
        let next = usize::from(is_semicolon);
        let is_next = self.ahead(next).word().is_some() && self.ahead(next + 1).is_symbol("=");
        if is_next {
            self.unexpected_with("`,` or `end`", |error| {
                error.help("`,` stands between the entries");
            });
        }
        if is_next && is_semicolon {
            self.advance();
        }
        is_next
    }

    fn config_entry(&mut self) -> Parsed<ConfigEntry> {
        let begins = self.begins_query_statement(self.at) || self.begins_flow_statement(self.at);
        if begins && !self.ahead(1).is_symbol("=") {
            return Err(self.unexpected("a key or `end`"));
        }
        if self.is_symbol("{") {
            return Err(self.unexpected_with("a key or `end`", |error| {
                error.help("no braces stand around the entries: `with key = value, … end`");
            }));
        }
        if let TokenKind::String(string) = &self.peek().kind {
            let help = format!("write `{}`, without quotes", string.text);
            return Err(self.unexpected_with("a key or `end`", |error| {
                error.help(help);
            }));
        }
        let key = self.any_name("a key or `end`")?;
        let key = self.key_without_minus(key);
        self.equals(&key)?;
        if key.text == "config" && self.is_symbol("{") {
            let error = self.diagnostics.report(Rule::unknown_key, key.pos, "there is no key `config`");
            error.help("the keys stand right behind `with`: `with key = value, … end`");
            return Err(Reported);
        }
        let value = self.expr()?.expr;
        if matches!(value.kind, ExprKind::Name(_)) && self.is_symbol(":") {
            return Err(self.unquoted_url(value.pos));
        }
        Ok(ConfigEntry { key, value })
    }

    /// The `=` behind a key. What stands in its place before a value is reported and taken for it.
    pub(super) fn equals(&mut self, key: &Name) -> Parsed<()> {
        if self.eat_symbol("=") {
            return Ok(());
        }
        let is_other = [":", "==", "=>"].iter().any(|symbol| self.is_symbol(symbol));
        let is_value =
            matches!(self.peek().kind, TokenKind::Number(_) | TokenKind::String(_) | TokenKind::Symbol("["));
        let reported = self.unexpected_with("`=`", |error| {
            error.help(format!("write `{} = …`", key.text));
        });
        if is_other {
            self.advance();
        }
        if is_other || is_value { Ok(()) } else { Err(reported) }
    }

    /// `url = ws://localhost/`: Rust has taken everything from `//` on for a comment.
    fn unquoted_url(&mut self, scheme: Pos) -> Reported {
        let pos = scheme.to(self.pos());
        let text = match self.ahead(1).kind {
            TokenKind::Number(_) => "an address is a string",
            _ => "a URL is a string; without quotes it is cut off at `//`",
        };
        let error = self.diagnostics.report(Rule::unquoted_url, pos, text);
        error.help("write it in double quotes: `\"ws://localhost:8080/\"`");
        Reported
    }
}
