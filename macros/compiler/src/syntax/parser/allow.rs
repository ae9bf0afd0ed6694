//! What stands before a statement: `///`, and `#[allow(rule)]` (in files `# allow(rule)`), which silences a warning up to the end
//! of the statement. Before the head it does so in the whole flow.

use foreshock_spec::near::advice;

use super::super::Pos;
use super::super::ast::Name;
use super::super::token::TokenKind;
use super::Parser;
use crate::diagnostics::{Level, Rule};

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
                    let rules = names.iter().filter_map(|name| self.rule(name));
                    let rules: Vec<Allowance> = rules.map(|rule| Allowance { rule, from }).collect();
                    self.allowances.extend(rules);
                }
                TokenKind::Symbol("#") if self.ahead(1).is_symbol("[") => self.unknown_attribute(),
                _ => return docs,
            }
        }
    }

    fn rule(&mut self, name: &Name) -> Option<Rule> {
        let rule = Rule::find(&name.text);
        if rule.is_some_and(|rule| rule.level() == Level::Warning) {
            return rule;
        }
        let warnings =
            || Rule::ALL.iter().filter(|rule| rule.level() == Level::Warning).map(|rule| rule.name());
        let text = match rule {
            Some(_) => format!("`{}` is an error, and cannot be allowed", name.text),
            None => format!("there is no rule `{}`", name.text),
        };
        let error = self.diagnostics.report(Rule::unknown_rule, name.pos, text);
        error.help(advice(&name.text, "rules that only warn", warnings()));
        None
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
