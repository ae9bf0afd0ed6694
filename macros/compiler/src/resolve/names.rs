//! Tables of what is defined, and what is said about a name that is not.

use std::collections::{BTreeMap, BTreeSet};

use foreshock_spec::near::{advice, nearest};

use crate::diagnostics::{Diagnostic, Diagnostics, Rule};
use crate::syntax::Pos;
use crate::syntax::ast::Name;

/// Things of one kind by name. Of two with one name the first stays.
pub(super) struct Table<T> {
    what: &'static str,
    items: Vec<(Name, T)>,
    by_name: BTreeMap<String, usize>,
}

impl<T> Table<T> {
    /// An empty table of things that messages call `what`.
    pub(super) fn new(what: &'static str) -> Table<T> {
        Table { what, items: Vec::new(), by_name: BTreeMap::new() }
    }

    /// Adds a definition, or reports that the name has one.
    pub(super) fn define(&mut self, name: &Name, item: T, diagnostics: &mut Diagnostics) {
        if let Some(first) = self.by_name.get(&name.text) {
            if name.text.is_empty() {
                return;
            }
            let first = self.items[*first].0.pos;
            let error = diagnostics.report(
                Rule::defined_twice,
                name.pos,
                format!("the {} `{}` is defined twice", self.what, name.text),
            );
            error.help("remove one of the two, or give it another name").note_at(first, "first defined");
            return;
        }
        self.by_name.insert(name.text.clone(), self.items.len());
        self.items.push((name.clone(), item));
    }

    pub(super) fn get(&self, name: &str) -> Option<&T> {
        self.by_name.get(name).map(|at| &self.items[*at].1)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        self.by_name.get(name).map(|at| &mut self.items[*at].1)
    }

    /// Where a name is defined.
    pub(super) fn place(&self, name: &str) -> Option<Pos> {
        self.by_name.get(name).map(|at| self.items[*at].0.pos)
    }

    /// All names, in the order of the text.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(|(name, _)| name.text.as_str()).filter(|name| !name.is_empty())
    }

    /// All definitions, in the order of the text.
    pub(super) fn items(&self) -> impl Iterator<Item = &T> {
        self.items.iter().map(|(_, item)| item)
    }

    pub(super) fn into_items(self) -> impl Iterator<Item = (Name, T)> {
        self.items.into_iter()
    }
}

/// Adds to an error which names there are. Nothing, if there are none.
pub(super) fn advise<'a>(
    error: &mut Diagnostic,
    written: &str,
    noun: &str,
    legal: impl IntoIterator<Item = &'a str>,
) {
    let legal: Vec<&str> = legal.into_iter().collect();
    if !legal.is_empty() {
        error.help(advice(written, noun, legal));
    }
}

/// The port that was probably meant: a near one, best one that nobody else uses, else any that nobody uses. Going on
/// with it keeps later rules from saying that it is not used.
pub(super) fn meant_port(written: &str, legal: &[String], taken: &BTreeSet<String>) -> Option<String> {
    let all = || legal.iter().map(String::as_str);
    let free = || all().filter(|port| !taken.contains(*port));
    let meant = nearest(written, free()).or_else(|| free().next()).or_else(|| nearest(written, all()));
    meant.map(String::from)
}
