//! `.yaml` files: the original's onramps, offramps, bindings and mappings become the statements that they would be in
//! the macro call. What is in a config is typed by the registry's row, and checked by `check`, as if it stood there.

mod allow;
mod links;
mod node;
mod ramps;
mod value;
mod wrong;

use foreshock_spec::near::advice;

use super::Pos;
use super::ast::{Broken, Name, Stmt};
use crate::diagnostics::{Diagnostics, Rule};
use node::{Kind, Node, Scalar};

/// What a file says.
#[derive(Default)]
pub(super) struct Document {
    pub(super) stmts: Vec<Stmt>,
    /// Nothing of it is unknown, so that it makes sense to look at what is missing.
    pub(super) is_whole: bool,
}

/// The keys at the root of a file.
const ROOT: [&str; 4] = ["onramp", "offramp", "binding", "mapping"];

/// Reads a file. Errors are reported.
pub(super) fn read(text: &str, pos: Pos, diagnostics: &mut Diagnostics) -> Document {
    let Some(root) = node::read(text, pos, diagnostics) else { return Document::default() };
    allow::comments(text, pos, &root, diagnostics);
    let mut reader = Reader { document: Document { stmts: Vec::new(), is_whole: true }, diagnostics };
    if !root.is_null() {
        reader.root(&root);
    }
    reader.document
}

/// Whether definitions of files can be called so: what `--set` and a link can name.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter == '-' || unicode_ident::is_xid_continue(letter))
}

/// Reports a name that is none.
pub(super) fn no_name(name: &Name, what: &str, diagnostics: &mut Diagnostics) {
    let text = format!("`{}` is no name for {}", name.text, with_article(what));
    let error = diagnostics.report(Rule::bad_yaml_name, name.pos, text);
    error.help("a name has letters, digits, `_` and `-`");
}

fn with_article(what: &str) -> String {
    let article = if what.starts_with('o') { "an" } else { "a" };
    format!("{article} {what}")
}

struct Reader<'a> {
    document: Document,
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn root(&mut self, root: &Node) {
        let Some(entries) = self.map(root, "a file", "`onramp:`, `offramp:`, `binding:`, `mapping:`") else {
            self.document.is_whole = false;
            return;
        };
        for (key, value) in entries {
            match key.text.as_str() {
                "onramp" => self.each(value, "onramp", Reader::onramp),
                "offramp" => self.each(value, "offramp", Reader::offramp),
                "binding" => self.each(value, "binding", Reader::binding),
                "mapping" => self.mappings(value),
                "pipeline" => {
                    let error = self.diagnostics.report(
                        Rule::yaml_unknown_key,
                        key.pos,
                        "pipelines are no part of a `.yaml` file",
                    );
                    error.help(
                        "write the query into a `.trickle` file and include that, or `define pipeline`",
                    );
                    self.document.is_whole = false;
                }
                written => {
                    let text = format!("there is no key `{written}` at the root of a file");
                    self.diagnostics
                        .report(Rule::yaml_unknown_key, key.pos, text)
                        .help(advice(written, "keys", ROOT));
                    self.document.is_whole = false;
                }
            }
        }
    }

    /// The items of a list, which may be empty.
    fn each(&mut self, value: &Node, what: &str, read: impl Fn(&mut Self, &Node) -> Option<Stmt>) {
        if value.is_null() {
            return;
        }
        let Some(items) = self.list(value, what) else {
            self.document.is_whole = false;
            return;
        };
        for item in items {
            match read(self, item) {
                Some(stmt) => self.document.stmts.push(stmt),
                None => self.document.is_whole = false,
            }
        }
    }

    fn list<'n>(&mut self, value: &'n Node, key: &str) -> Option<&'n [Node]> {
        if let Kind::List(items) = &value.kind {
            return Some(items);
        }
        if !matches!(value.kind, Kind::Wrong) {
            let error = self.diagnostics.report(
                Rule::yaml_wrong_value,
                value.pos,
                format!("`{key}` is a list, not {}", value.describe()),
            );
            error.help("write `- ` before each item");
        }
        None
    }

    /// The entries of a map whose keys are words.
    fn map<'n>(&mut self, value: &'n Node, what: &str, legal: &str) -> Option<Vec<(&'n Name, &'n Node)>> {
        if let Kind::Map(entries) = &value.kind {
            return Some(entries.iter().map(|(key, value)| (key, value)).collect());
        }
        if !matches!(value.kind, Kind::Wrong) {
            let text = format!("{what} has keys and values here, not {}", value.describe());
            let meant = if let Kind::Scalar(scalar) = &value.kind { entry(&scalar.text) } else { None };
            let error = self.diagnostics.report(Rule::yaml_wrong_value, value.pos, text);
            match meant {
                Some(meant) => error.help(format!("write `{meant}`, with `: ` between key and value")),
                None => error.help(format!("the keys are {legal}")),
            };
        }
        None
    }

    fn scalar<'n>(&mut self, value: &'n Node, what: &str) -> Option<&'n Scalar> {
        match &value.kind {
            Kind::Scalar(scalar) if !value.is_null() => return Some(scalar),
            Kind::Wrong => {}
            _ => {
                let text = format!("{what} is a string, not {}", value.describe());
                self.diagnostics.report(Rule::yaml_wrong_value, value.pos, text);
            }
        }
        None
    }

    /// The `id` of an item.
    fn id(&mut self, item: &Node, entries: &[(&Name, &Node)], what: &str) -> Option<Name> {
        let Some((_, value)) = entries.iter().find(|(key, _)| key.text == "id") else {
            let error = self.diagnostics.report(
                Rule::yaml_missing_key,
                item.pos,
                format!("{} has an `id`", with_article(what)),
            );
            error.help("add the line `id: name`");
            return None;
        };
        let scalar = self.scalar(value, "an `id`")?;
        let name = Name { text: scalar.text.clone(), pos: value.pos };
        if is_name(&name.text) {
            return Some(name);
        }
        no_name(&name, what, self.diagnostics);
        None
    }

    fn unknown_key<'l>(&mut self, key: &Name, what: &str, legal: impl IntoIterator<Item = &'l str>) {
        let error = self.diagnostics.report(
            Rule::yaml_unknown_key,
            key.pos,
            format!("{what} has no key `{}`", key.text),
        );
        error.help(advice(&key.text, "keys", legal));
    }
}

/// `key=value` or `key:value` as it is written in YAML.
fn entry(text: &str) -> Option<String> {
    let (key, value) = text.split_once(['=', ':'])?;
    let is_entry = is_name(key.trim()) && !value.trim().is_empty() && !value.contains('\n');
    is_entry.then(|| format!("{}: {}", key.trim(), value.trim()))
}

/// A definition of which nothing but the name is known.
fn broken(name: &Name) -> Stmt {
    Stmt::Broken(Broken { words: vec![name.text.clone()] })
}
