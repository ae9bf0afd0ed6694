//! The names in a flow's text, for editors: what defines each, what uses it, and what is to be read about kinds and keys. It
//! goes by the text alone, so a flow with errors has it too; what does not meet its definition is left out.

use std::collections::BTreeMap;

use foreshock_spec::check::wanted;
use foreshock_spec::{KeyRow, find_offramp, find_onramp, find_operator};
use proc_macro2::Span;

use crate::syntax::ast::{
    Artefact, BindingDef, Config, End, Expr, ExprKind, Flow, Instance, Mapping, Name, NamePath, PipelineDef,
    PortRef, QueryStmt, Select, Stmt,
};

/// All names of a macro call.
#[derive(Debug, Default)]
pub struct Names {
    /// By space: names of two spaces have nothing to do with each other.
    pub spaces: BTreeMap<String, Vec<Item>>,
    /// Where something of a space is named once more: the space, the name, its place.
    pub uses: Vec<(String, String, Span)>,
    /// Where the item of a name stands in its space.
    places: BTreeMap<String, BTreeMap<String, usize>>,
}

/// What a name stands for.
#[derive(Debug)]
pub struct Item {
    /// The name.
    pub name: String,
    /// Where the user defines it; nothing for what the language has.
    pub place: Option<Span>,
    /// What an editor shows of it.
    pub docs: String,
}

/// Collects the names of a flow.
pub fn names(flow: &Flow) -> Names {
    let mut names = Names::default();
    let own = PipelineDef {
        docs: Vec::new(),
        name: flow.name.clone(),
        body: flow.stmts.iter().filter_map(query).cloned().collect(),
        pos: flow.name.pos,
    };
    // Twice, since a use may stand before its definition.
    names.query(&own, &mut Names::define_stmt);
    for stmt in &flow.stmts {
        names.define(stmt);
    }
    names.query(&own, &mut Names::use_stmt);
    for stmt in &flow.stmts {
        names.meet(stmt);
    }
    names
}

fn query(stmt: &Stmt) -> Option<&QueryStmt> {
    if let Stmt::Query(query) = stmt { Some(query) } else { None }
}

/// What visits a statement of a query: the pipeline, the modules around it, the statement.
type Visit = dyn FnMut(&mut Names, &str, &str, &QueryStmt);

impl Names {
    fn define(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Onramp(artefact) => self.artefact("onramp", artefact),
            Stmt::Offramp(artefact) => self.artefact("offramp", artefact),
            Stmt::Pipeline(pipeline) => {
                self.defined("pipelines", &pipeline.name, about("pipeline", &pipeline.name, &pipeline.docs));
                self.query(pipeline, &mut Names::define_stmt);
            }
            Stmt::Binding(binding) => {
                self.defined("bindings", &binding.name, about("binding", &binding.name, &binding.docs));
                for name in variables(binding) {
                    let docs = format!("A variable of the binding `{}`.", binding.name.text);
                    self.defined(&in_space("variables", &binding.name.text), name, docs);
                }
            }
            Stmt::Mapping(_) | Stmt::Query(_) | Stmt::Include(_) | Stmt::Require(_) | Stmt::Broken(_) => {}
        }
    }

    fn meet(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Pipeline(pipeline) => self.query(pipeline, &mut Names::use_stmt),
            Stmt::Binding(binding) => self.binding(binding),
            Stmt::Mapping(mapping) => self.mapping(mapping),
            _ => {}
        }
    }

    fn artefact(&mut self, what: &str, artefact: &Artefact) {
        let article = format!("{what} `{}`", artefact.kind.text);
        let docs = format!("An {article}.\n\n{}", artefact.docs.join("\n"));
        self.defined(&format!("{what}s"), &artefact.name, docs);
        let keys = match what {
            "onramp" => find_onramp(&artefact.kind.text).map(|row| row.keys),
            _ => find_offramp(&artefact.kind.text).map(|row| row.keys),
        };
        self.kind(&article, &artefact.kind, keys.unwrap_or(&[]), &artefact.config);
    }

    /// A kind and the keys of a config, as the registry tells them.
    fn kind(&mut self, article: &str, name: &Name, keys: &'static [KeyRow], config: &Config) {
        if keys.is_empty() {
            return;
        }
        let space = in_space("kinds", article);
        let built = || keys.iter().filter(|key| key.is_built());
        let docs = built().map(|key| format!("- `{}`: {}", key.name, key.doc));
        let docs = format!("The {article}. Its keys:\n\n{}", docs.collect::<Vec<_>>().join("\n"));
        self.known(&space, &name.text, docs);
        self.used(&space, name);
        let space = in_space("keys", article);
        for entry in &config.entries {
            let Some(row) = built().find(|key| key.name == entry.key.text) else { continue };
            self.known(&space, row.name, format!("{}: {}.", wanted(row), row.doc));
            self.used(&space, &entry.key);
        }
    }

    /// Visits all statements, those of modules too.
    fn query(&mut self, pipeline: &PipelineDef, visit: &mut Visit) {
        let mut open: Vec<(String, &[QueryStmt])> = vec![(String::new(), &pipeline.body)];
        while let Some((path, body)) = open.pop() {
            for stmt in body {
                visit(self, &pipeline.name.text, &path, stmt);
                if let QueryStmt::Module(module) = stmt {
                    open.push((joined(&path, &module.name.text), &module.body));
                }
            }
        }
    }

    fn define_stmt(&mut self, pipeline: &str, path: &str, stmt: &QueryStmt) {
        let space = |what: &str| in_space(what, &joined(pipeline, path));
        match stmt {
            QueryStmt::DefineOperator(define) => {
                let kind = define.kind.text();
                let docs = format!("An operator `{kind}`.\n\n{}", define.docs.join("\n"));
                self.defined(&space("operators"), &define.name, docs);
                let keys = find_operator(&kind).map_or(&[][..], |row| row.keys);
                self.kind(&format!("operator `{kind}`"), define.kind.last(), keys, &define.config);
            }
            QueryStmt::CreateOperator(create) if create.from.is_some() => {
                self.defined(&space("operators"), &create.name, about("operator", &create.name, &[]));
            }
            QueryStmt::CreateStream(name) => {
                self.defined(&space("operators"), name, about("stream", name, &[]));
            }
            QueryStmt::Const(constant) => {
                self.defined(
                    &space("consts"),
                    &constant.name,
                    about("constant", &constant.name, &constant.docs),
                );
            }
            QueryStmt::Module(module) => {
                self.defined(&space("modules"), &module.name, about("module", &module.name, &module.docs));
            }
            QueryStmt::Select(select) => {
                for (end, node, what) in [(&select.from, "in", "inputs"), (&select.into, "out", "outputs")] {
                    if let Some(port) = end.port.as_ref().filter(|_| end.node.text == node) {
                        self.defined(&space(what), port, format!("A port of the pipeline `{pipeline}`."));
                    }
                }
            }
            QueryStmt::Use(_) | QueryStmt::CreateOperator(_) | QueryStmt::Broken(_) => {}
        }
    }

    fn use_stmt(&mut self, pipeline: &str, path: &str, stmt: &QueryStmt) {
        let space = in_space("operators", &joined(pipeline, path));
        match stmt {
            QueryStmt::DefineOperator(define) => self.config(pipeline, path, &define.config),
            QueryStmt::CreateOperator(create) => {
                match &create.from {
                    None => self.used(&space, &create.name),
                    Some(from) => self.path(pipeline, path, "operators", from),
                }
                self.config(pipeline, path, &create.config);
            }
            QueryStmt::Select(select) => self.select(pipeline, path, select),
            QueryStmt::Const(constant) => self.expr(pipeline, path, &constant.value),
            QueryStmt::Use(used) => self.path(pipeline, path, "modules", used),
            _ => {}
        }
    }

    fn config(&mut self, pipeline: &str, path: &str, config: &Config) {
        for entry in &config.entries {
            self.expr(pipeline, path, &entry.value);
        }
    }

    fn select(&mut self, pipeline: &str, path: &str, select: &Select) {
        let exprs = [Some(&select.target), select.condition.as_ref(), select.having.as_ref()];
        for expr in exprs.into_iter().flatten() {
            self.expr(pipeline, path, expr);
        }
        self.port(pipeline, path, &select.from, "in", "inputs");
        self.port(pipeline, path, &select.into, "out", "outputs");
    }

    fn port(&mut self, pipeline: &str, path: &str, end: &PortRef, node: &str, what: &str) {
        let scope = joined(pipeline, path);
        self.used(&in_space("operators", &scope), &end.node);
        if let Some(port) = end.port.as_ref().filter(|_| end.node.text == node) {
            self.used(&in_space(what, &scope), port);
        }
    }

    fn expr(&mut self, pipeline: &str, path: &str, expr: &Expr) {
        expr.visit(&mut |part| {
            if let ExprKind::Name(name) = &part.kind {
                self.path(pipeline, path, "consts", name);
            }
        });
    }

    /// A path from where it stands, or from the query's own level.
    fn path(&mut self, pipeline: &str, path: &str, what: &str, written: &NamePath) {
        let [modules @ .., last] = written.segments.as_slice() else { return };
        for root in [path, ""] {
            let mut scope = joined(pipeline, root);
            let mut found = Vec::new();
            for module in modules {
                found.push((in_space("modules", &scope), module));
                scope = joined(&scope, &module.text);
            }
            found.push((in_space(what, &scope), last));
            if found.iter().all(|(space, name)| self.has(space, &name.text)) {
                found.iter().for_each(|(space, name)| self.used(space, name));
                return;
            }
        }
    }

    fn binding(&mut self, binding: &BindingDef) {
        for link in &binding.links {
            for (end, ports) in
                link.from.iter().map(|end| (end, "outputs")).chain(link.to.iter().map(|end| (end, "inputs")))
            {
                self.end(end, ports);
                if let Instance::Variable(name) = &end.instance {
                    self.used(&in_space("variables", &binding.name.text), name);
                }
            }
        }
    }

    fn end(&mut self, end: &End, ports: &str) {
        self.used(&format!("{}s", end.kind.text), &end.name);
        if let Some(port) = end.port.as_ref().filter(|_| end.kind.text == "pipeline") {
            self.used(&in_space(ports, &end.name.text), port);
        }
    }

    fn mapping(&mut self, mapping: &Mapping) {
        let binding = &mapping.binding.name;
        self.used("bindings", binding);
        for (name, _) in &mapping.variables {
            self.used(&in_space("variables", &binding.text), name);
        }
    }

    fn has(&self, space: &str, name: &str) -> bool {
        self.find(space, name).is_some()
    }

    fn find(&self, space: &str, name: &str) -> Option<&Item> {
        let at = *self.places.get(space)?.get(name)?;
        Some(&self.spaces[space][at])
    }

    fn add(&mut self, space: &str, item: Item) {
        let items = self.spaces.entry(space.to_string()).or_default();
        self.places.entry(space.to_string()).or_default().insert(item.name.clone(), items.len());
        items.push(item);
    }

    /// Something of the language.
    fn known(&mut self, space: &str, name: &str, docs: String) {
        if !self.has(space, name) {
            self.add(space, Item { name: name.to_string(), place: None, docs });
        }
    }

    /// A definition; of several with one name the first counts.
    fn defined(&mut self, space: &str, name: &Name, docs: String) {
        if let Some(place) = place(name).filter(|_| !self.has(space, &name.text)) {
            self.add(space, Item { name: name.text.clone(), place: Some(place), docs });
        }
    }

    fn used(&mut self, space: &str, name: &Name) {
        let is_definition = |item: &Item| {
            item.place.is_some_and(|place| name.pos.file_id().is_none() && is_same(place, name.pos.first()))
        };
        let is_use = self.find(space, &name.text).is_some_and(|item| !is_definition(item));
        if let Some(place) = place(name).filter(|_| is_use) {
            self.uses.push((space.to_string(), name.text.clone(), place));
        }
    }
}

fn is_same(a: Span, b: Span) -> bool {
    // An editor may not tell where a span is; then a definition is named once more, which does no harm.
    a.start() == b.start() && a.start() != a.end()
}

/// The token of a name: of one in a file there is none, nor of one in a string.
fn place(name: &Name) -> Option<Span> {
    if name.pos.file_id().is_some() || !is_word(&name.text) {
        return None;
    }
    let ((line, start), (last, end)) = (name.pos.start(), name.pos.end());
    let written = end.saturating_sub(start);
    // An editor may not tell how long it is.
    let is_token = line == last
        && [0, name.text.chars().count(), name.text.chars().count() + "r#".len()].contains(&written);
    is_token.then(|| name.pos.first())
}

fn is_word(text: &str) -> bool {
    let mut chars = text.chars();
    let begins = chars.next().is_some_and(|first| first == '_' || first.is_alphabetic());
    begins
        && chars.all(|next| next == '_' || next.is_alphanumeric())
        && !matches!(text, "_" | "self" | "Self" | "super" | "crate")
}

fn variables(binding: &BindingDef) -> impl Iterator<Item = &Name> {
    let ends = binding.links.iter().flat_map(|link| link.from.iter().chain(&link.to));
    ends.filter_map(|end| if let Instance::Variable(name) = &end.instance { Some(name) } else { None })
}

fn about(what: &str, name: &Name, docs: &[String]) -> String {
    format!("The {what} `{}`.\n\n{}", name.text, docs.join("\n"))
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() || name.is_empty() { format!("{path}{name}") } else { format!("{path}::{name}") }
}

fn in_space(what: &str, owner: &str) -> String {
    format!("{what} of {owner}")
}
