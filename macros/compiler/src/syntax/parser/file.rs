//! A whole `.trickle` file: the statements of one query, and before them perhaps `#!config id = "name"`.

use super::super::ast::{ExprKind, Name, QueryStmt};
use super::super::token::{DIRECTIVE, Token};
use super::recovery::Level;
use super::string::plain;
use super::{Parsed, Parser, Reported};
use crate::diagnostics::{Diagnostics, Rule};

/// What a file says.
pub(in super::super) struct QueryFile {
    /// `#!config id = "name"`: another name than that of the file.
    pub(in super::super) id: Option<Name>,
    pub(in super::super) stmts: Vec<QueryStmt>,
}

/// Reads a file.
pub(in super::super) fn query_file(tokens: Vec<Token>, diagnostics: &mut Diagnostics) -> QueryFile {
    let mut parser = Parser::new(tokens, diagnostics);
    let mut id = None;
    while parser.eat_symbol(DIRECTIVE) {
        if let Ok(Some(name)) = parser.directive(id.as_ref()) {
            id = Some(name);
        }
    }
    let (mut stmts, mut bodies) = (Vec::new(), 0);
    while !parser.is_end() {
        if bodies > 0 && parser.is_word("end") {
            // that of a `define pipeline`, which is reported
            parser.advance();
            bodies -= 1;
        } else if parser.is_symbol(DIRECTIVE) {
            stmts.push(parser.late_directive());
        } else if parser.begins_flow_statement(parser.at) {
            let (stmt, is_pipeline) = parser.no_query_statement();
            bodies += usize::from(is_pipeline);
            stmts.push(stmt);
        } else if !parser.eat_symbol(";") {
            parser.query_stmt(Level::Query, &mut stmts);
        }
    }
    QueryFile { id, stmts }
}

impl Parser<'_> {
    /// Behind `#!config`: the name, if it is that and a right one. What is wrong ends with its line.
    fn directive(&mut self, first: Option<&Name>) -> Parsed<Option<Name>> {
        let line = self.last_pos().start().0;
        let result = self.directive_entry(first);
        let is_read = result.is_ok();
        while !self.is_end() && self.pos().start().0 == line {
            if is_read {
                self.unexpected("the end of the line");
            }
            self.advance();
        }
        result
    }

    fn directive_entry(&mut self, first: Option<&Name>) -> Parsed<Option<Name>> {
        let key = self.any_name("`id`")?;
        if key.text == "metrics_interval_s" {
            self.unsupported(key.pos, "metrics_interval_s");
            return Err(Reported);
        }
        if key.text != "id" {
            let error = self.diagnostics.report(
                Rule::unknown_setting,
                key.pos,
                format!("there is no setting `{}`", key.text),
            );
            error.help("the one setting of a file is `id`, the pipeline's name: `#!config id = \"name\"`");
            return Err(Reported);
        }
        self.equals(&key)?;
        let value = self.expr()?.expr;
        let text = match &value.kind {
            ExprKind::String(parts) => plain(parts),
            _ => None,
        };
        let Some(text) = text else {
            self.diagnostics
                .report(Rule::wrong_setting, value.pos, "a name is a plain string")
                .help("write `id = \"name\"`");
            return Err(Reported);
        };
        if let Some(first) = first {
            self.diagnostics
                .report(Rule::wrong_setting, key.pos, "the file has an `id` already")
                .note_at(first.pos, "the first one");
            return Err(Reported);
        }
        Ok(Some(Name { text, pos: value.pos }))
    }

    fn late_directive(&mut self) -> QueryStmt {
        let start = self.at;
        let line = self.pos().start().0;
        let error = self.diagnostics.report(
            Rule::late_setting,
            self.pos(),
            "`#!config` stands before all statements of a file",
        );
        error.help("move it to the beginning of the file");
        while !self.is_end() && self.pos().start().0 == line {
            self.advance();
        }
        QueryStmt::Broken(super::recovery::broken(&self.tokens[start..self.at]))
    }

    /// `define onramp …` and its like belong elsewhere. Of `define pipeline` the statements are read on; the second is
    /// whether it is that.
    fn no_query_statement(&mut self) -> (QueryStmt, bool) {
        let start = self.at;
        self.docs();
        let pos = self.pos().to(self.ahead(1).pos);
        let is_pipeline = self.is_word("define") && self.ahead(1).is_word("pipeline");
        let error = self.diagnostics.report(
            Rule::statement_of_a_flow,
            pos,
            "this belongs to a flow, and a `.trickle` file is one query",
        );
        if !is_pipeline {
            error.help("write it into the macro call beside the `include`, or into a `.yaml` file");
            return (QueryStmt::Broken(self.give_up(start, Level::Flow)), false);
        }
        error
            .help("remove it, and its `end;`: the file is the body of a pipeline, which has the file's name");
        self.at += 2;
        if self.peek().word().is_some() && !self.begins_query_statement(self.at) {
            self.advance();
        }
        (QueryStmt::Broken(super::recovery::broken(&self.tokens[start..self.at])), true)
    }
}
