//! The head and the statements of the flow level (language page, "A macro call" and "The flow level").

use foreshock_spec::near::nearest;
use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;

use super::super::Pos;
use super::super::ast::{Artefact, Flow, Head, Name, PipelineDef, Stmt};
use super::super::token::{Token, TokenKind};
use super::misread::Misread;
use super::recovery::{Level, broken};
use super::string::plain;
use super::{Parsed, Parser, Reported};
use crate::diagnostics::{Diagnostics, Rule};

/// Reads one macro call.
pub(in super::super) fn flow(tokens: Vec<Token>, diagnostics: &mut Diagnostics) -> Option<Flow> {
    let mut parser = Parser::new(tokens, diagnostics);
    let docs = parser.docs();
    parser.allow_everywhere();
    let visibility = parser.visibility();
    let start = parser.at;
    let mut skipped = None;
    let (head, name) = match parser.head() {
        Ok(head) => head,
        Err(Reported) => {
            parser.skip_head();
            skipped = Some(Stmt::Broken(broken(&parser.tokens[start..parser.at])));
            // read on for further errors, under a name that stands nowhere
            let name = Name { text: "Unnamed".to_string(), pos: parser.last_pos() };
            (if parser.begins_query() { Head::Pipeline } else { Head::Flow }, name)
        }
    };
    let mut stmts = match head {
        Head::Flow => parser.flow_stmts(),
        Head::Pipeline => parser.query_stmts(),
    };
    stmts.extend(skipped);
    Some(Flow { docs, visibility, head, name, stmts, files: Vec::new(), is_whole: true })
}

impl Parser<'_> {
    /// `pub`, `pub(crate)`, or nothing; as tokens again. One that is wrong is reported and read as `pub`.
    fn visibility(&mut self) -> TokenStream {
        let span = self.pos().first();
        if !self.eat_word("pub") {
            return TokenStream::new();
        }
        let visibility = quote_spanned!(span=> pub);
        if !self.is_symbol("(") {
            return visibility;
        }
        self.advance();
        let start = self.pos();
        let (mut path, mut words) = (TokenStream::new(), Vec::new());
        while !self.is_symbol(")") && !self.is_end() {
            let token = self.advance();
            let span = token.pos.first();
            match token.kind {
                TokenKind::Word { text, quoted: false } if text != "_" => {
                    path.extend([Ident::new(&text, span)]);
                    words.push(text);
                }
                TokenKind::Symbol("::") => {
                    path.extend(quote_spanned!(span=> ::));
                    words.push("::".to_string());
                }
                _ => words.push("no word".to_string()),
            }
        }
        let is_right = restricts(&words);
        if !is_right {
            let place = if words.is_empty() { start } else { self.since(start) };
            self.diagnostics
                .report(Rule::wrong_visibility, place, "this is no visibility")
                .help("write `pub` or `pub(crate)`");
        }
        self.eat_symbol(")");
        if is_right { quote_spanned!(span=> #visibility(#path)) } else { visibility }
    }

    fn head(&mut self) -> Parsed<(Head, Name)> {
        let head = match self.peek().word() {
            Some("flow") => Head::Flow,
            Some("pipeline") => Head::Pipeline,
            written => {
                let meant = written.and_then(|word| nearest(word, ["flow", "pipeline"]));
                let help = match meant {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => {
                        "`pub flow Name;` begins a whole program, `pub pipeline Name;` a query".to_string()
                    }
                };
                let reported = self.unexpected_with("`flow Name;` or `pipeline Name;`", |error| {
                    error.help(help);
                });
                // Uses of the name are right, if it is one.
                match meant.filter(|_| self.ahead(1).word().is_some() && self.ahead(2).is_symbol(";")) {
                    Some("flow") => Head::Flow,
                    Some(_) => Head::Pipeline,
                    None => return Err(reported),
                }
            }
        };
        self.advance();
        let name = self.any_name("a name for the type to make, such as `RoundRobin`")?;
        let name = self.type_name(name);
        if matches!(name.text.as_str(), "_" | "self" | "Self" | "super" | "crate") {
            self.diagnostics
                .report(
                    Rule::wrong_type_name,
                    name.pos,
                    format!("`{}` cannot be the name of a type", name.text),
                )
                .help("give it another name, such as `RoundRobin`");
            return Err(Reported);
        }
        if self.is_symbol("{") {
            self.unexpected_with("`;`", |error| {
                error.help(format!("no braces stand around the statements: write `{};`", name.text));
            });
            self.without_braces();
        } else if !self.eat_symbol(";") {
            let error = self.diagnostics.report(
                Rule::missing_semicolon,
                self.last_pos(),
                "the head has no `;` behind it",
            );
            error.help(format!("write `{};`", name.text));
            let is_statement = self.begins_query_statement(self.at) || self.begins_flow_statement(self.at);
            if self.is_symbol("<") && !is_statement {
                self.skip_head();
            }
        }
        Ok((head, name))
    }

    /// At a `{` around all that follows: it is passed over, and the `}` that closes it is none of the text.
    fn without_braces(&mut self) {
        self.advance();
        let last = self.tokens.len().saturating_sub(2);
        if last > self.at && self.tokens[last].is_symbol("}") {
            self.tokens.remove(last);
        }
    }

    /// After a wrong head: up to the first statement.
    fn skip_head(&mut self) {
        while !self.is_end() && !self.begins_query_statement(self.at) && !self.begins_flow_statement(self.at)
        {
            if self.eat_symbol(";") {
                return;
            }
            self.advance();
        }
    }

    fn query_stmts(&mut self) -> Vec<Stmt> {
        let (mut stmts, mut strange) = (Vec::new(), Vec::new());
        while !self.is_end() {
            let start = self.at;
            if self.tokens[self.behind_docs(start)].is_word("include") {
                self.docs();
                stmts.push(self.included_query(start));
            } else if self.begins_flow_statement(self.at) {
                self.docs();
                strange.push(self.pos().to(self.ahead(1).pos));
                // it is read for its own errors
                let broken = match self.flow_stmt(Vec::new()) {
                    Ok(_) => broken(&self.tokens[start..self.at]),
                    Err(Misread { level, .. }) => self.give_up(start, level),
                };
                stmts.push(Stmt::Broken(broken));
            } else if !self.eat_symbol(";") {
                let mut read = Vec::new();
                self.query_stmt(Level::Query, &mut read);
                stmts.extend(read.into_iter().map(Stmt::Query));
            }
        }
        if let [first, others @ ..] = strange.as_slice() {
            let error = self.diagnostics.report(Rule::statement_of_a_flow, *first, "this belongs to a flow");
            error.help("a macro call that begins with `pipeline Name;` is one query; write `flow Name;`");
            for other in others {
                error.note_at(*other, "also here");
            }
        }
        stmts
    }

    /// `include "…";` in a macro call with head `pipeline`.
    fn included_query(&mut self, start: usize) -> Stmt {
        self.in_doubt = false;
        match self.include() {
            Ok(path) => {
                if !self.eat_symbol(";") && !self.is_end() {
                    self.missing_semicolon();
                }
                Stmt::Include(path)
            }
            Err(Reported) => Stmt::Broken(self.give_up(start, Level::Query)),
        }
    }

    /// `include "path"`
    fn include(&mut self) -> Parsed<Name> {
        self.advance();
        let token = self.peek().clone();
        let TokenKind::String(string) = token.kind else {
            return Err(self.unexpected_with("a file in double quotes", |error| {
                error.help("write `include \"etc/flow.trickle\";`, with the path from the crate's root");
            }));
        };
        self.advance();
        let (parts, _) = self.string_parts(&string, token.pos)?;
        match plain(&parts) {
            Some(text) => Ok(Name { text, pos: token.pos }),
            None => {
                self.diagnostics
                    .report(Rule::computed_path, token.pos, "a path is a plain string, without `#{…}`")
                    .help("write the path itself; a pattern, as in `etc/*.trickle`, includes several files");
                Err(Reported)
            }
        }
    }

    fn flow_stmts(&mut self) -> Vec<Stmt> {
        let mut stmts = Vec::new();
        while !self.is_end() {
            if self.eat_symbol(";") {
                continue;
            }
            let (start, allowed) = (self.at, self.allowed());
            self.in_doubt = false;
            let docs = self.docs();
            let stmt = match self.flow_stmt(docs) {
                Ok(stmt) => stmt,
                Err(Misread { is_block: true, level }) => Stmt::Broken(self.give_up_block(start, level)),
                Err(Misread { level, .. }) => Stmt::Broken(self.give_up(start, level)),
            };
            let is_read = !matches!(stmt, Stmt::Broken(_));
            stmts.push(stmt);
            if is_read && !self.eat_symbol(";") {
                if self.is_end() || self.begins_flow_statement(self.at) {
                    self.missing_semicolon();
                } else {
                    self.no_semicolon();
                    stmts.push(Stmt::Broken(self.give_up_rest(start, Level::Flow)));
                }
            }
            self.allow_up_to_here(allowed);
        }
        stmts
    }

    fn flow_stmt(&mut self, docs: Vec<String>) -> Result<Stmt, Misread> {
        let start = self.pos();
        match self.meant_flow_stmt() {
            ("define", "onramp") => Ok(Stmt::Onramp(self.artefact("onramp", "metronome", docs, start)?)),
            ("define", "offramp") => Ok(Stmt::Offramp(self.artefact("offramp", "ws", docs, start)?)),
            ("define", "pipeline") => Ok(Stmt::Pipeline(self.pipeline(docs, start)?)),
            ("define", "binding") => {
                self.advance();
                self.advance();
                Ok(Stmt::Binding(self.binding(docs, start)?))
            }
            ("create", "binding") => {
                self.advance();
                self.advance();
                Ok(Stmt::Mapping(self.mapping(start)?))
            }
            ("include", _) => Ok(Stmt::Include(self.include()?)),
            ("require", _) => {
                self.advance();
                Ok(Stmt::Require(self.promise()?))
            }
            _ => Err(self.no_flow_stmt()),
        }
    }

    /// Behind `require`.
    fn promise(&mut self) -> Parsed<Name> {
        let quoted = match &self.peek().kind {
            TokenKind::String(string) => Some(string.text.clone()),
            _ => None,
        };
        let what = "what the flow requires, such as `at_least_once`";
        if let Some(text) = quoted {
            return Err(self.unexpected_with(what, |error| {
                error.help(format!("write `require {text};`, without quotes"));
            }));
        }
        let name = self.any_name(what)?;
        let name = self.key_without_minus(name);
        if self.is_symbol(",") {
            return Err(self.unexpected_with("`;`", |error| {
                error.help(
                    "each promise has a `require …;` of its own, and `durable` includes `at_least_once`",
                );
            }));
        }
        Ok(name)
    }

    /// `define onramp name from kind [with …] end`
    fn artefact(&mut self, what: &str, example: &str, docs: Vec<String>, start: Pos) -> Parsed<Artefact> {
        self.advance();
        self.advance();
        let name = self.definition_name(what, "from")?;
        self.expect_word_with("from", |error| {
            error.help(format!(
                "the order is `define {what} name from kind with … end`; a kind is `{example}`"
            ));
        })?;
        if self.is_word("rust") && self.ahead(1).is_symbol("::") {
            return Err(self.unsupported_here("rust::"));
        }
        let kind = self.any_name(&format!("the kind of {what}, such as `{example}`"))?;
        let with = self.pos();
        let has_config = self.eat_word("with");
        let config = if has_config { self.config() } else { Default::default() };
        if self.is_word("yields") {
            return Err(self.unsupported_here("yields"));
        }
        if has_config {
            self.config_end(with, Level::Flow)?;
        } else if !self.eat_word("end") {
            let has_braces = self.is_symbol("{");
            let next = self.peek().word().filter(|_| self.ahead(1).is_symbol("=")).map(String::from);
            return Err(self.unexpected_as(Rule::missing_end, "`with` or `end`", |error| {
                error.help(match &next {
                    _ if has_braces => format!("write `with … end` in place of the braces: `define {what} name from kind with key = value end;`"),
                    Some(key) => format!("write `with {key} = …`"),
                    None => format!("`define {what} …` ends with `end;`"),
                });
            }));
        }
        Ok(Artefact { docs, name, kind, config, pos: self.since(start) })
    }

    /// `define pipeline name … end`
    fn pipeline(&mut self, docs: Vec<String>, start: Pos) -> Parsed<PipelineDef> {
        self.advance();
        self.advance();
        let is_name = !self.begins_query_statement(self.at)
            || self.begins_query_statement(self.at + 1)
            || [";", "end"].iter().any(|word| self.ahead(1).is_symbol(word) || self.ahead(1).is_word(word));
        let name = match is_name.then(|| self.defined_name("the pipeline's name")) {
            Some(Ok(name)) => name,
            // without a name its statements are still read, for their errors
            Some(Err(Reported)) => {
                if !self.begins_query_statement(self.at) {
                    self.advance();
                }
                self.no_name()
            }
            None => {
                self.unexpected("the pipeline's name");
                self.no_name()
            }
        };
        let is_braced = self.is_symbol("{");
        if is_braced {
            self.unexpected_with("a statement", |error| {
                error.help("no braces stand around the statements: write `end;` in place of the `}`");
            });
            self.advance();
        }
        let body = self.pipeline_body(&name.text, start, is_braced);
        // behind a `}` nobody writes a `;`
        self.in_doubt |= is_braced;
        Ok(PipelineDef { docs, name, body, pos: self.since(start) })
    }
}

/// Whether these words stand in brackets behind `pub`: `crate`, `self`, `super`, or `in` and a path.
fn restricts(words: &[String]) -> bool {
    match words {
        [word] => ["crate", "self", "super"].contains(&word.as_str()),
        [word, path @ ..] if word == "in" => {
            let is_separator = |at: usize| at % 2 == 1;
            let fits = |(at, word): (usize, &String)| (word == "::") == is_separator(at) && word != "no word";
            path.len() % 2 == 1 && path.iter().enumerate().all(fits)
        }
        _ => false,
    }
}
