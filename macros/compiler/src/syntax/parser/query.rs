//! Statements of a query (language page, "Queries").

use foreshock_spec::near::advice;

use super::super::Pos;
use super::super::ast::{
    Config, ConfigEntry, CreateOperator, DefineOperator, ExprKind, Name, PortRef, QueryStmt, Select,
};
use super::super::token::TokenKind;
use super::recovery::Level;
use super::{Parsed, Parser, Reported};

impl Parser<'_> {
    /// The statements of a `define pipeline` and its `end`.
    pub(super) fn pipeline_body(&mut self, name: &str, start: Pos) -> Vec<QueryStmt> {
        let mut body = Vec::new();
        loop {
            if self.eat_word("end") {
                return body;
            }
            if self.is_end() || self.begins_flow_statement(self.at) {
                self.unexpected_with(&format!("`end;` of the pipeline `{name}`"), |error| {
                    error.note_at(start, "the pipeline begins");
                });
                return body;
            }
            if !self.eat_symbol(";") {
                body.push(self.query_stmt(Level::Pipeline));
            }
        }
    }

    /// One statement and its `;`.
    pub(super) fn query_stmt(&mut self, level: Level) -> QueryStmt {
        let start = self.at;
        self.in_doubt = false;
        let docs = self.docs();
        if let Some((pos, what)) = self.later_statement() {
            self.unsupported(pos, &what);
            return QueryStmt::Broken(self.give_up_block(start, level));
        }
        let stmt = match self.statement(docs) {
            Ok(stmt) => stmt,
            Err(Reported) => return QueryStmt::Broken(self.give_up(start, level)),
        };
        let is_last =
            self.is_end() || (level == Level::Pipeline && self.is_word("end") && self.ends_pipeline(self.at));
        if !is_last && !self.eat_symbol(";") {
            if self.begins_query_statement(self.at) || self.begins_flow_statement(self.at) {
                self.missing_semicolon();
            } else {
                self.unexpected("`;`");
                self.give_up(start, level);
            }
        }
        stmt
    }

    /// The place that mends it is behind the token before.
    pub(super) fn missing_semicolon(&mut self) {
        self.diagnostics.error(self.last_pos(), "this statement has no `;` behind it");
    }

    /// Statements of a later version: the word that says so.
    fn later_statement(&self) -> Option<(Pos, String)> {
        const SINGLE: &[&str] = &[
            "const",
            "mod",
            "fn",
            "intrinsic",
            "let",
            "emit",
            "drop",
            "match",
            "for",
            "patch",
            "script",
            "include",
            "require",
        ];
        let (first, second) = (self.peek(), self.ahead(1));
        let token = match (first.word()?, second.word()) {
            (word, _) if SINGLE.contains(&word) => first,
            ("define", Some("script" | "tumbling" | "sliding")) => second,
            ("create", Some("script" | "stream")) => second,
            ("define", Some("rust")) if self.ahead(2).is_symbol("::") => {
                return Some((second.pos, "rust::".to_string()));
            }
            _ => return None,
        };
        token.word().map(|word| (token.pos, word.to_string()))
    }

    fn statement(&mut self, docs: Vec<String>) -> Parsed<QueryStmt> {
        let start = self.pos();
        let word = self.peek().word().unwrap_or("").to_string();
        match word.as_str() {
            "use" => self.use_module(),
            "define" => self.define_operator(docs, start),
            "create" => self.create_operator(start),
            "select" => self.select(docs, start),
            _ => Err(self.unexpected_with("a statement", |error| {
                error.help(advice(&word, "statements", ["use", "define", "create", "select"]));
            })),
        }
    }

    fn use_module(&mut self) -> Parsed<QueryStmt> {
        self.advance();
        let path = self.name_path("a module, such as `std::string`")?;
        if self.is_word("as") {
            return Err(self.unsupported_here("as"));
        }
        Ok(QueryStmt::Use(path))
    }

    fn define_operator(&mut self, docs: Vec<String>, start: Pos) -> Parsed<QueryStmt> {
        self.advance();
        let kind = self.name_path("the kind of an operator, such as `qos::wal`")?;
        self.expect_word("operator")?;
        let name = self.query_name("the operator's name")?;
        let config = self.optional_config()?;
        Ok(QueryStmt::DefineOperator(DefineOperator { docs, kind, name, config, pos: self.since(start) }))
    }

    fn create_operator(&mut self, start: Pos) -> Parsed<QueryStmt> {
        self.advance();
        self.expect_word("operator")?;
        let name = self.query_name("the operator's name")?;
        let from =
            if self.eat_word("from") { Some(self.name_path("the operator's definition")?) } else { None };
        let config = self.optional_config()?;
        Ok(QueryStmt::CreateOperator(CreateOperator { name, from, config, pos: self.since(start) }))
    }

    /// `[with … end]` behind an operator.
    fn optional_config(&mut self) -> Parsed<Config> {
        let start = self.pos();
        if self.eat_word("with") {
            let config = self.config()?;
            self.config_end(start)?;
            return Ok(config);
        }
        let is_over = self.is_symbol(";")
            || self.is_end()
            || self.is_word("end")
            || self.begins_query_statement(self.at)
            || self.begins_flow_statement(self.at);
        if is_over { Ok(Config::default()) } else { Err(self.unexpected("`with` or `;`")) }
    }

    /// The `end` of a `with`.
    pub(super) fn config_end(&mut self, with: Pos) -> Parsed<()> {
        if self.eat_word("end") {
            return Ok(());
        }
        Err(self.unexpected_with("`,` or `end`", |error| {
            error.help("`with …` ends with `end`").note_at(with, "`with` begins");
        }))
    }

    /// `key = value, …` up to what cannot belong to it.
    pub(super) fn config(&mut self) -> Parsed<Config> {
        let mut entries = Vec::new();
        loop {
            while matches!(self.peek().kind, TokenKind::Doc(_)) {
                self.advance();
            }
            let is_over = ["end", "yields"].iter().any(|word| self.is_word(word));
            if is_over && !self.ahead(1).is_symbol("=") {
                break;
            }
            let key = self.any_name("a key or `end`")?;
            self.expect_symbol("=")?;
            let value = self.expr()?.expr;
            if matches!(value.kind, ExprKind::Name(_)) && self.is_symbol(":") {
                return Err(self.unquoted_url(value.pos));
            }
            entries.push(ConfigEntry { key, value });
            if !self.eat_symbol(",") {
                break;
            }
        }
        Ok(Config { entries })
    }

    /// `url = ws://localhost/`: Rust has taken everything from `//` on for a comment.
    fn unquoted_url(&mut self, scheme: Pos) -> Reported {
        let pos = scheme.to(self.pos());
        let error = self.diagnostics.error(pos, "a URL is a string; without quotes it is cut off at `//`");
        error.help("write it in double quotes: `\"ws://localhost:8080/\"`");
        Reported
    }

    fn select(&mut self, docs: Vec<String>, start: Pos) -> Parsed<QueryStmt> {
        self.advance();
        let target = self.expr()?.expr;
        self.clause("from", "behind what it selects, `select` has `from`")?;
        let from = self.port("`in` or the name of an operator")?;
        if self.is_symbol("[") {
            return Err(self.unsupported_here("window"));
        }
        let condition = if self.eat_word("where") { Some(self.expr()?.expr) } else { None };
        if self.is_word("group") {
            return Err(self.unsupported_here("group by"));
        }
        self.clause("into", "the order is `select … from … where … into …`")?;
        let into = self.port("`out` or the name of an operator")?;
        if self.is_word("where") {
            let error = self.diagnostics.error(self.pos(), "`where` stands before `into`");
            error.help("the order is `select … from … where … into …`");
            return Err(Reported);
        }
        if self.is_word("having") {
            return Err(self.unsupported_here("having"));
        }
        let pos = self.since(start);
        Ok(QueryStmt::Select(Box::new(Select { docs, target, from, condition, into, pos })))
    }

    fn clause(&mut self, word: &str, help: &str) -> Parsed<()> {
        self.expect_word_with(word, |error| {
            error.help(help);
        })
    }

    fn port(&mut self, what: &str) -> Parsed<PortRef> {
        let node = self.query_name(what)?;
        let port: Option<Name> = if self.eat_symbol("/") { Some(self.query_name("a port")?) } else { None };
        Ok(PortRef { node, port })
    }
}
