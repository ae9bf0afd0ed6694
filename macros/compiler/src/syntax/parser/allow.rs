//! What stands before a statement: `///`, and `#[allow(rule)]` (in files `# allow(rule)`), which silences a warning up to the end
//! of the statement. Before the head it does so in the whole flow.

use super::super::token::TokenKind;
use super::super::{Pos, allow};
use super::Parser;
use crate::diagnostics::Rule;

/// A rule that may be broken from here to the end of what is being read.
pub(super) struct Allowance {
    rule: Rule,
    from: Pos,
}

impl Parser<'_> {
    /// `///` and attributes before a statement.
    pub(super) fn docs(&mut self) -> Vec<String> {
        let mut docs = Vec::new();
        loop {
            match self.peek().kind.clone() {
                TokenKind::Doc(line) => {
                    docs.push(line);
                    self.advance();
                }
                TokenKind::Allow(names) => {
                    let from = self.pos();
                    self.advance();
                    let rules = names.iter().filter_map(|name| allow::rule(name, self.diagnostics));
                    let rules: Vec<Allowance> = rules.map(|rule| Allowance { rule, from }).collect();
                    self.allowances.extend(rules);
                }
                TokenKind::Symbol("#") if self.ahead(1).is_symbol("[") => self.unknown_attribute(),
                _ => return docs,
            }
        }
    }

    fn unknown_attribute(&mut self) {
        self.advance();
        let error = self.diagnostics.report(
            Rule::unknown_attribute,
            self.ahead(1).pos,
            "this attribute means nothing here",
        );
        error.help("comments begin with `//`, and `#[allow(rule)]` silences a warning");
        let mut brackets = 0usize;
        loop {
            match self.advance().kind {
                TokenKind::Symbol("[" | "(" | "{") => brackets += 1,
                TokenKind::Symbol("]" | ")" | "}") => brackets -= 1,
                _ => {}
            }
            if brackets == 0 {
                return;
            }
        }
    }

    /// How many allowances there are before a statement.
    pub(super) fn allowed(&self) -> usize {
        self.allowances.len()
    }

    /// The statement is over: what was allowed since `before` was allowed in it.
    pub(super) fn allow_up_to_here(&mut self, before: usize) {
        for Allowance { rule, from } in self.allowances.split_off(before) {
            let within = self.since(from);
            self.diagnostics.allow(rule, within);
        }
    }

    /// What was allowed up to here is allowed in the whole flow.
    pub(super) fn allow_everywhere(&mut self) {
        for Allowance { rule, .. } in std::mem::take(&mut self.allowances) {
            self.diagnostics.allow_everywhere(rule);
        }
    }
}
