//! `binding:` and `mapping:`: each item is a `define binding` or a `create binding`.

use super::super::Pos;
use super::super::ast::{BindingDef, Broken, End, Link, Mapping, Name, Stmt};
use super::super::parser::{Role, end_of_text};
use super::super::pos::Parts;
use super::node::{Kind, Node};
use super::{Reader, broken};
use crate::diagnostics::Rule;

impl Reader<'_> {
    pub(super) fn binding(&mut self, item: &Node) -> Option<Stmt> {
        let entries = self.map(item, "a binding", "`id` and `links`")?;
        let name = self.id(item, &entries, "binding")?;
        for (key, _) in &entries {
            if !["id", "links", "description"].contains(&key.text.as_str()) {
                self.unknown_key(key, "a binding", ["id", "links", "description"]);
            }
        }
        let Some((_, value)) = entries.iter().find(|(key, _)| key.text == "links") else {
            let error = self.diagnostics.report(Rule::yaml_missing_key, item.pos, "a binding has `links`");
            error.help("add the line `links:`, and below it `\"/onramp/…\": \"/pipeline/…\"`");
            return Some(broken(&name));
        };
        let Some(entries) = self.map(value, "`links`", "the ends at which links start") else {
            return Some(broken(&name));
        };
        let (mut links, mut unread) = (Vec::new(), Broken::default());
        for (from, to) in entries {
            let from = self.end(&from.text, from.pos, Role::Start, &mut unread);
            links.push(Link { from, to: self.goals(to, &mut unread) });
        }
        if links.is_empty() {
            self.diagnostics.report(Rule::yaml_wrong_value, value.pos, "a binding has at least one link");
        }
        Some(Stmt::Binding(BindingDef { docs: Vec::new(), name, links, broken: unread, pos: item.pos }))
    }

    /// One end or a list of them.
    fn goals(&mut self, to: &Node, broken: &mut Broken) -> Vec<End> {
        let items = match &to.kind {
            Kind::List(items) if items.is_empty() => {
                let error = self.diagnostics.report(Rule::yaml_wrong_value, to.pos, "a link leads somewhere");
                error.help("write where: `[\"/pipeline/…\"]`");
                return Vec::new();
            }
            Kind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(to),
        };
        let mut goals = Vec::new();
        for item in items {
            let Some(scalar) = self.scalar(item, "an end of a link") else { continue };
            let pos = scalar.inside.unwrap_or(item.pos);
            goals.extend(self.end(&scalar.text, pos, Role::Goal, broken));
        }
        goals
    }

    pub(super) fn mappings(&mut self, value: &Node) {
        if value.is_null() {
            return;
        }
        let legal = "bindings and names for what is created, such as `/binding/default/01`";
        let Some(entries) = self.map(value, "`mapping`", legal) else {
            self.document.is_whole = false;
            return;
        };
        for (binding, variables) in entries {
            let mut unread = Broken::default();
            let end = self.end(&binding.text, binding.pos, Role::Binding, &mut unread);
            let stmt = match (end, self.variables(variables)) {
                (Some(end), Some(variables)) => {
                    Stmt::Mapping(Mapping { binding: end, variables, pos: binding.pos })
                }
                _ => Stmt::Broken(unread), // which binding it was makes no difference to anybody
            };
            self.document.stmts.push(stmt);
        }
    }

    fn variables(&mut self, value: &Node) -> Option<Vec<(Name, Name)>> {
        if value.is_null() {
            return Some(Vec::new());
        }
        let entries = self.map(value, "a mapping", "the variables of the binding, such as `instance`")?;
        let mut variables = Vec::new();
        for (variable, value) in entries {
            let scalar = self.scalar(value, "the value of a variable")?;
            let value = Name { text: scalar.text.clone(), pos: value.pos };
            variables.push((variable.clone(), value));
        }
        Some(variables)
    }

    /// An end. Its segments have places of their own where it stands in the file letter for letter.
    fn end(&mut self, text: &str, pos: Pos, role: Role, broken: &mut Broken) -> Option<End> {
        let is_literal = self.diagnostics.sources().excerpt(pos) == Some(text);
        let mut parts = Parts::new(text, pos);
        let end = end_of_text(text, |bytes| if is_literal { parts.pos(bytes) } else { pos });
        if end.is_none() {
            let error = self.diagnostics.report(Rule::wrong_path, pos, role.wrong());
            error.help(role.advice(text));
            let words = text.split('/').filter(|word| !word.is_empty());
            broken.words.extend(words.map(String::from));
        }
        end
    }
}
