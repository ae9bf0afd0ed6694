//! Statements of a query (language page, "Queries").

use crate::diagnostics::Rule;
use foreshock_spec::near::{advice, nearest};

use super::super::Pos;
use super::super::ast::{CreateOperator, DefineOperator, PortRef, QueryStmt, Select};
use super::super::token::TokenKind;
use super::recovery::Level;
use super::{Parsed, Parser, Reported};

const ORDER: &str = "the order is `select … from … where … into … having …`";

impl Parser<'_> {
    /// The statements of a `define pipeline` and its `end`, for which a `}` stands where it has braces.
    pub(super) fn pipeline_body(&mut self, name: &str, start: Pos, is_braced: bool) -> Vec<QueryStmt> {
        let mut body = Vec::new();
        self.last_module = None;
        self.keywords.clear();
        loop {
            if self.eat_word("end") || (is_braced && self.eat_symbol("}")) {
                return body;
            }
            if self.is_misplaced_here() {
                body.push(self.misplaced_flow_statement(name));
                continue;
            }
            if self.is_end() || self.begins_flow_statement(self.at) {
                self.missing_end(name, start);
                return body;
            }
            if !self.eat_symbol(";") {
                if matches!(self.tokens[self.behind_docs(self.at)].word(), Some("create" | "select")) {
                    // no module has these, so the one before has its `end`
                    self.last_module = None;
                }
                self.query_stmt(Level::Pipeline, &mut body);
            }
        }
    }

    /// Whether a statement of a flow stands here that is out of place, and the pipeline goes on behind it. (Else the `end` of the
    /// pipeline is missing.)
    fn is_misplaced_here(&self) -> bool {
        let at = self.behind_docs(self.at);
        let is_short = self.begins_flow_statement(self.at)
            && !self.tokens[at].is_word("include")
            && self.tokens.get(at + 1).is_some_and(|second| !second.is_word("pipeline"));
        let behind = self.tokens[at..].iter().position(|token| token.is_symbol(";")).map(|by| at + by + 1);
        is_short
            && behind.is_some_and(|next| {
                let goes_on = self.begins_query_statement(next) && !self.begins_flow_statement(next);
                next < self.tokens.len() && (goes_on || self.tokens[next].is_word("end"))
            })
    }

    fn misplaced_flow_statement(&mut self, pipeline: &str) -> QueryStmt {
        let start = self.at;
        self.docs();
        let word = self.peek().word().unwrap_or("").to_string();
        let pos = if word == "require" { self.pos() } else { self.pos().to(self.ahead(1).pos) };
        let error = self.diagnostics.report(
            Rule::statement_of_a_flow,
            pos,
            "this belongs to the flow, not into a pipeline",
        );
        error.help(format!("write it before `define pipeline {pipeline}`, or behind its `end;`"));
        QueryStmt::Broken(self.give_up(start, Level::Flow))
    }

    /// The statements are over without the `end` of their pipeline. If it has modules, that of one of them may be missing.
    fn missing_end(&mut self, name: &str, start: Pos) {
        let module = self.last_module.take();
        self.in_doubt = module.as_ref().is_some_and(|module| module.has_misplaced);
        let expected = match &module {
            Some(module) => format!("`end;` of the module `{}` or of the pipeline `{name}`", module.name),
            None => format!("`end;` of the pipeline `{name}`"),
        };
        self.unexpected_as(Rule::missing_end, &expected, |error| {
            error.help("write `end;` before it");
            error.note_at(start, "the pipeline begins");
            if let Some(module) = module {
                error.note_at(module.start, "the module begins");
            }
        });
        self.in_doubt = true;
    }

    /// One statement and its `;`; behind it what is left over, if something else stands there.
    pub(super) fn query_stmt(&mut self, level: Level, body: &mut Vec<QueryStmt>) {
        let allowed = self.allowed();
        self.read_query_stmt(level, body);
        self.allow_up_to_here(allowed);
    }

    fn read_query_stmt(&mut self, level: Level, body: &mut Vec<QueryStmt>) {
        let start = self.at;
        self.in_doubt = false;
        let docs = self.docs();
        if let Some((pos, what)) = self.later_statement() {
            self.unsupported(pos, &what);
            return body.push(QueryStmt::Broken(self.give_up_block(start, level)));
        }
        let is_module = self.is_word("mod");
        let read = if is_module { self.module(docs, body) } else { self.statement(docs) };
        match read {
            Ok(stmt) => body.push(stmt),
            Err(Reported) if is_module => {
                return body.push(QueryStmt::Broken(self.give_up_block(start, level)));
            }
            Err(Reported) => return body.push(QueryStmt::Broken(self.give_up(start, level))),
        }
        let is_last = self.is_end() || (self.is_word("end") && self.ends_body(self.at, level));
        if !is_last && !self.eat_symbol(";") {
            if self.begins_query_statement(self.at) || self.begins_flow_statement(self.at) {
                self.missing_semicolon();
            } else {
                self.no_semicolon();
                body.push(QueryStmt::Broken(self.give_up_rest(start, level)));
            }
        }
    }

    /// The place that mends it is behind the token before.
    pub(super) fn missing_semicolon(&mut self) {
        if !self.in_doubt {
            self.diagnostics
                .report(Rule::missing_semicolon, self.last_pos(), "this statement has no `;` behind it")
                .help("write `;` here");
        }
    }

    /// Statements of a later version: the word that says so.
    fn later_statement(&self) -> Option<(Pos, String)> {
        const SINGLE: &[&str] =
            &["fn", "intrinsic", "let", "emit", "drop", "match", "for", "script", "require"];
        let (first, second) = (self.peek(), self.ahead(1));
        let token = match (first.word()?, second.word()) {
            (word, _) if SINGLE.contains(&word) => first,
            ("define", Some("script" | "tumbling" | "sliding")) => second,
            ("create", Some("script")) => second,
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
            "" if self.is_foreign_comment() => Err(self.foreign_comment()),
            "use" => self.use_module(),
            "define" => self.define_operator(docs, start),
            "create" if self.ahead(1).is_word("stream") => self.create_stream(),
            "create" => self.create_operator(start),
            "select" => self.select(docs, start),
            "const" => self.constant(docs),
            "from" | "where" | "into" | "having" => Err(self.clause_before_select(&word)),
            "with" | "pipeline" if self.begins_query_statement(self.at + 1) => {
                let text = match word.as_str() {
                    "with" => "a pipeline has no `with`",
                    _ => "`pipeline` stands before the name only",
                };
                let error = self.diagnostics.report(Rule::pipeline_with_config, start, text);
                error.help("remove it: its statements begin behind its name");
                Err(Reported)
            }
            "end" => {
                let error = self.diagnostics.report(Rule::stray_end, start, "this `end` closes nothing");
                error.help(match self.is_file {
                    true => "remove it: a file is the body of a pipeline, which ends with the file",
                    false => "remove it: each `define …`, `with …` and `mod …` has one `end`",
                });
                Err(Reported)
            }
            _ => Err(self.unexpected_as(Rule::unknown_statement, "a statement", |error| {
                error.help(advice(
                    &word,
                    "statements",
                    ["use", "define", "create", "select", "const", "mod"],
                ));
            })),
        }
    }

    /// `from in select …`: the rest is a part of this statement, too.
    fn clause_before_select(&mut self, word: &str) -> Reported {
        let error = self.diagnostics.report(
            Rule::select_comes_first,
            self.pos(),
            format!("`{word}` stands behind `select`"),
        );
        error.help(ORDER);
        let mut behind = self.tokens[self.at..].iter().take_while(|token| !token.is_symbol(";"));
        self.at += behind.position(|token| token.is_word("select")).map_or(0, |by| by + 1);
        Reported
    }

    fn use_module(&mut self) -> Parsed<QueryStmt> {
        self.advance();
        let path = self.module_path("a module, such as `std::string`")?;
        let name = path.last().text.clone();
        if self.is_word("as") {
            let as_word = self.pos();
            self.diagnostics
                .report(Rule::not_supported, as_word, "`as` is not supported yet")
                .help(format!("write `use {};`: its functions are called `{name}::…`", path.text()));
            return Err(Reported);
        }
        Ok(QueryStmt::Use(path))
    }

    fn define_operator(&mut self, docs: Vec<String>, start: Pos) -> Parsed<QueryStmt> {
        self.advance();
        const KIND: &str = "the kind of an operator, such as `qos::wal`";
        if self.is_word("operator") {
            let (kind, name) = self.kind_and_name_behind();
            return Err(self.unexpected_with(KIND, |error| {
                error.help(format!("write `define {kind} operator {name} with … end`"));
            }));
        }
        let kind = self.module_path(KIND)?;
        self.operator_word("define kind operator name")?;
        let name = self.node_name("the operator's name")?;
        let config = self.optional_config()?;
        Ok(QueryStmt::DefineOperator(DefineOperator { docs, kind, name, config, pos: self.since(start) }))
    }

    /// Behind the word `operator` that came too early: `qos::wal name`, `name from qos::wal`, or a name alone.
    fn kind_and_name_behind(&self) -> (String, String) {
        let path = |begin: usize| {
            let first = self.ahead(begin).word().map(String::from)?;
            let (mut text, mut at) = (first, begin + 1);
            while let (true, Some(word)) = (self.ahead(at).is_symbol("::"), self.ahead(at + 1).word()) {
                text = format!("{text}::{word}");
                at += 2;
            }
            Some((text, at))
        };
        let usual = || String::from("qos::wal");
        let Some((first, behind)) = path(1) else { return (usual(), String::from("name")) };
        match self.ahead(behind).word() {
            Some("from") => (path(behind + 1).map_or_else(usual, |(kind, _)| kind), first),
            Some(name) if first.contains("::") && name != "with" => (first, name.to_string()),
            _ if first.contains("::") => (first, String::from("name")),
            _ => (usual(), first),
        }
    }

    fn create_operator(&mut self, start: Pos) -> Parsed<QueryStmt> {
        self.advance();
        if self.ahead(1).is_symbol("::") && !self.is_word("operator") {
            return Err(self.unexpected_with("`operator`", |error| {
                error.help("`define kind operator name with … end;` says what it is, and `create operator name;` makes it");
            }));
        }
        let meant = self.peek().word().and_then(|word| nearest(word, ["stream", "operator"]));
        if let Some(meant) = meant.filter(|_| !self.is_word("operator")) {
            return Err(self.unexpected_with("`operator` or `stream`", |error| {
                error.help(format!("did you mean `create {meant}`?"));
            }));
        }
        self.operator_word("create operator name")?;
        let name = self.node_name("the operator's name")?;
        let from =
            if self.eat_word("from") { Some(self.name_path("the operator's definition")?) } else { None };
        let config = self.optional_config()?;
        Ok(QueryStmt::CreateOperator(CreateOperator { name, from, config, pos: self.since(start) }))
    }

    fn create_stream(&mut self) -> Parsed<QueryStmt> {
        self.advance();
        self.advance();
        Ok(QueryStmt::CreateStream(self.node_name("the stream's name")?))
    }

    fn operator_word(&mut self, order: &str) -> Parsed<()> {
        self.expect_word_with("operator", |error| {
            error.help(format!("the order is `{order}`"));
        })
    }

    fn select(&mut self, docs: Vec<String>, start: Pos) -> Parsed<QueryStmt> {
        self.advance();
        if self.is_word("from") {
            return Err(self.unexpected_with("an expression", |error| {
                error.help("write what is selected: `select event from …` takes the whole event");
            }));
        }
        let target = self.expr()?.expr;
        if self.is_symbol(",") {
            return Err(self.unexpected_with("`from`", |error| {
                error.help("a select has one value, such as a record: `{ \"a\": event.a, \"b\": event.b }`");
            }));
        }
        self.early_semicolon(&["from"]);
        self.clause("from", ORDER)?;
        let from = self.port("`in` or the name of an operator or stream")?;
        if self.is_symbol("[") {
            return Err(self.unsupported_here("window"));
        }
        if self.is_symbol(",") {
            return Err(self.unexpected_with("`into`", |error| {
                error.help("a select reads from one place: write another select for the other one");
            }));
        }
        self.early_semicolon(&["where", "into"]);
        let condition = self.condition("where")?;
        self.early_semicolon(&["into"]);
        if self.is_word("group") {
            return Err(self.unsupported_here("group by"));
        }
        if self.is_word("having") {
            self.diagnostics
                .report(Rule::clause_out_of_order, self.pos(), "`having` stands behind `into`")
                .help(ORDER);
            return Err(Reported);
        }
        self.clause("into", ORDER)?;
        let into = self.port("`out` or the name of an operator or stream")?;
        self.early_semicolon(&["having"]);
        let having = self.condition("having")?;
        if self.is_word("group") {
            return Err(self.unsupported_here("group by"));
        }
        if self.is_word("where") {
            self.diagnostics
                .report(Rule::clause_out_of_order, self.pos(), "`where` stands before `into`")
                .help(ORDER);
            return Err(Reported);
        }
        if self.is_word("into") || self.is_symbol(",") {
            let error = self.diagnostics.report(
                Rule::select_leads_to_one_place,
                self.pos(),
                "a select leads to one place",
            );
            error.help("write another select for the other one");
            return Err(Reported);
        }
        let pos = self.since(start);
        Ok(QueryStmt::Select(Box::new(Select { docs, target, from, condition, into, having, pos })))
    }

    fn clause(&mut self, word: &str, help: &str) -> Parsed<()> {
        self.expect_word_with(word, |error| {
            error.help(help);
        })
    }

    /// `node/port`; other symbols before the port are reported and taken for `/`.
    fn port(&mut self, what: &str) -> Parsed<PortRef> {
        if self.is_symbol("/") {
            self.unexpected_with(what, |error| {
                error.help("write `node/port`, without a `/` before it");
            });
            self.advance();
        }
        if let TokenKind::String(string) = &self.peek().kind {
            let help = format!("write `{}`, without quotes", string.text);
            return Err(self.unexpected_with(what, |error| {
                error.help(help);
            }));
        }
        let is_again =
            |clause: &&str| self.is_word(clause) && self.tokens[self.at.saturating_sub(1)].is_word(clause);
        if let Some(clause) = ["from", "into"].into_iter().find(is_again)
            && self.ahead(1).word().is_some()
        {
            self.unexpected_with(what, |error| {
                error.help(format!("`{clause}` stands here twice: remove one of the two"));
            });
            self.advance();
        }
        if ["where", "into", "having"].iter().any(|clause| self.is_word(clause)) {
            let is_start = self.tokens[self.at.saturating_sub(1)].is_word("from");
            return Err(self.unexpected_with(what, |error| {
                error.help(if is_start { "what comes into the pipeline is `from in`" } else { ORDER });
            }));
        }
        let node = self.node_name(what)?;
        let is_foreign = ["::", ".", ":"].iter().any(|symbol| self.is_symbol(symbol));
        let pos = self.pos();
        if !is_foreign && !self.is_symbol("/") {
            return Ok(PortRef { node, port: None, is_guess: false });
        }
        self.advance();
        let port = self.node_name("a port")?;
        if is_foreign {
            let error = self.diagnostics.report(Rule::port_behind_a_slash, pos, "a port stands behind a `/`");
            error.help(format!("write `{}/{}`", node.text, port.text));
        }
        Ok(PortRef { node, port: Some(port), is_guess: is_foreign })
    }
}
