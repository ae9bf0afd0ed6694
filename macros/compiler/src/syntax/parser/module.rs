//! `const` and `mod` (language page, "Constants" and "Modules").

use super::super::Pos;
use super::super::ast::{ConstDef, ModuleDef, QueryStmt};
use super::recovery::Level;
use super::{LastModule, Parsed, Parser, Reported};
use crate::diagnostics::Rule;

/// How deep modules may be nested.
const GREATEST_NESTING: usize = 64;

impl Parser<'_> {
    /// `const name = value`
    pub(super) fn constant(&mut self, docs: Vec<String>) -> Parsed<QueryStmt> {
        self.advance();
        let name = self.node_name("the constant's name")?;
        self.without_type(&name.text);
        self.equals(&name)?;
        let value = self.expr()?.expr;
        Ok(QueryStmt::Const(ConstDef { docs, name, value }))
    }

    /// `mod name with … end`. What does not belong into a module goes to `around`, where it was probably meant to be.
    pub(super) fn module(&mut self, docs: Vec<String>, around: &mut Vec<QueryStmt>) -> Parsed<QueryStmt> {
        let start = self.pos();
        self.advance();
        let name = if self.is_word("with") {
            self.unexpected("the module's name");
            self.no_name()
        } else {
            self.node_name("the module's name")?
        };
        let mut is_braced = false;
        if !self.eat_word("with") {
            let reported = self.unexpected_as(Rule::module_without_with, "`with`", |error| {
                error.help("write `mod name with … end`");
            });
            is_braced = self.eat_symbol("{");
            if !is_braced && !self.begins_query_statement(self.at) {
                return Err(reported);
            }
        }
        if self.depth >= GREATEST_NESTING {
            let text = format!("this module is nested more than {GREATEST_NESTING} levels deep");
            self.diagnostics.report(Rule::nested_too_deep, start, text);
            self.in_doubt = true;
            return Err(Reported);
        }
        self.depth += 1;
        self.in_doubt = false;
        let body = self.module_body(&name.text, start, is_braced);
        self.depth -= 1;
        // behind a `}` nobody writes a `;`
        self.in_doubt |= is_braced;
        let belongs = |stmt: &QueryStmt| {
            !matches!(stmt, QueryStmt::CreateOperator(_) | QueryStmt::CreateStream(_) | QueryStmt::Select(_))
        };
        let (body, misplaced) = body.into_iter().partition(belongs);
        around.extend::<Vec<QueryStmt>>(misplaced);
        Ok(QueryStmt::Module(ModuleDef { docs, name, body }))
    }

    /// The statements of a module and its `end`, for which a `}` stands where it has braces.
    fn module_body(&mut self, name: &str, start: Pos, is_braced: bool) -> Vec<QueryStmt> {
        let mut body = Vec::new();
        let mut has_misplaced = false;
        self.last_module = None;
        loop {
            if self.eat_word("end") || (is_braced && self.eat_symbol("}")) {
                has_misplaced |= self.last_module.as_ref().is_some_and(|inner| inner.has_misplaced);
                self.last_module = Some(LastModule { name: name.to_string(), start, has_misplaced });
                return body;
            }
            if self.is_end() || self.begins_flow_statement(self.at) {
                if !has_misplaced {
                    let expected = format!("`end;` of the module `{name}`");
                    self.unexpected_as(Rule::missing_end, &expected, |error| {
                        error.note_at(start, "the module begins");
                    });
                }
                self.in_doubt = true;
                return body;
            }
            if self.eat_symbol(";") {
                continue;
            }
            if !has_misplaced && self.is_misplaced(name, start) {
                has_misplaced = true;
            }
            self.query_stmt(Level::Module, &mut body);
        }
    }

    /// Whether a statement begins here that makes a node, and so belongs to the query; reports it.
    fn is_misplaced(&mut self, module: &str, start: Pos) -> bool {
        let token = &self.tokens[self.behind_docs(self.at)];
        let Some(word @ ("create" | "select")) = token.word() else { return false };
        let (text, pos) = (format!("`{word}` cannot stand in a module, which only defines"), token.pos);
        let error = self.diagnostics.report(Rule::misplaced_in_a_module, pos, text);
        error.help(format!(
            "end the module before it, or write it behind the `end;` of the module `{module}`"
        ));
        error.note_at(start, "the module begins");
        true
    }
}
