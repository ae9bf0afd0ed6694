//! The statements of a query by what they are, those of its modules included: each definition with the scope in which
//! it stands.

use super::graph::{Const, Scope, ScopeId, Scopes};
use super::modules;
use super::names::Table;
use super::operators::RESERVED;
use crate::diagnostics::{Diagnostics, Rule};
use crate::syntax::ast::{
    Broken, CreateOperator, DefineOperator, ModuleDef, Name, NamePath, PortRef, QueryStmt, Select,
};

/// What no module can be called: the library begins with these.
const LIBRARY: &[&str] = &["std", "core", "tremor", "aggr", "rust"];

/// The statements of a query.
#[derive(Default)]
pub(super) struct Statements {
    pub(super) scopes: Scopes,
    pub(super) consts: Vec<Const>,
    pub(super) defines: Vec<(ScopeId, DefineOperator)>,
    pub(super) nodes: Vec<NodeStmt>,
    pub(super) broken: Vec<Broken>,
}

/// Statements that make a node.
pub(super) enum NodeStmt {
    Create(CreateOperator),
    Stream(Name),
    Select(Box<Select>),
}

/// A port of the query itself that is not written as one: nobody knows which one was meant.
fn doubtful(port: &PortRef) -> Option<Broken> {
    let is_own = RESERVED.contains(&port.node.text.as_str());
    let words = || std::iter::once(&port.node).chain(&port.port).map(|name| name.text.clone()).collect();
    (port.is_guess && is_own).then(|| Broken { words: words() })
}

/// Sorts the statements of a query.
pub(super) fn sorted(body: Vec<QueryStmt>, diagnostics: &mut Diagnostics) -> Statements {
    let mut sorting = Sorting { statements: Statements::default(), uses: Vec::new(), diagnostics };
    sorting.sort(ScopeId::ROOT, body);
    let Sorting { mut statements, uses, .. } = sorting;
    modules::bring_in(&uses, &mut statements.scopes, diagnostics);
    statements
}

struct Sorting<'a> {
    statements: Statements,
    uses: Vec<(ScopeId, NamePath)>,
    diagnostics: &'a mut Diagnostics,
}

impl Sorting<'_> {
    fn sort(&mut self, scope: ScopeId, body: Vec<QueryStmt>) {
        let (mut consts, mut modules) = (Table::new("constant"), Table::new("module"));
        for stmt in body {
            match stmt {
                QueryStmt::Use(path) => self.uses.push((scope, path)),
                QueryStmt::DefineOperator(define) => self.statements.defines.push((scope, define)),
                QueryStmt::CreateOperator(create) => self.statements.nodes.push(NodeStmt::Create(create)),
                QueryStmt::CreateStream(name) => self.statements.nodes.push(NodeStmt::Stream(name)),
                QueryStmt::Select(select) => {
                    self.statements
                        .broken
                        .extend([&select.from, &select.into].into_iter().filter_map(doubtful));
                    self.statements.nodes.push(NodeStmt::Select(select));
                }
                QueryStmt::Const(constant) => {
                    let index = self.statements.consts.len();
                    consts.define(&constant.name, index, self.diagnostics);
                    let (name, value) = (constant.name, constant.value);
                    self.statements.consts.push(Const { name, scope, value });
                }
                QueryStmt::Module(module) => self.module(scope, module, &mut modules),
                QueryStmt::Broken(words) => self.statements.broken.push(words),
            }
        }
        let own = &mut self.statements.scopes.0[scope.0];
        own.consts = consts.into_items().map(|(name, at)| (name.text, at)).collect();
        own.modules = modules.into_items().map(|(name, id)| (name.text, id)).collect();
    }

    fn module(&mut self, around: ScopeId, module: ModuleDef, modules: &mut Table<ScopeId>) {
        let ModuleDef { name, body, .. } = module;
        if LIBRARY.contains(&name.text.as_str()) {
            let text = format!("no module can be called `{}`: the library has that name", name.text);
            self.diagnostics.report(Rule::module_name_in_use, name.pos, text).help("give it another name");
        }
        let scopes = &mut self.statements.scopes.0;
        let path = match scopes[around.0].path.as_str() {
            "" => name.text.clone(),
            path => format!("{path}::{}", name.text),
        };
        let id = ScopeId(scopes.len());
        scopes.push(Scope { path, name: Some(name.clone()), ..Scope::default() });
        modules.define(&name, id, self.diagnostics);
        self.sort(id, body);
    }
}
