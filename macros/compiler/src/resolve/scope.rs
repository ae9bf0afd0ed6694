//! Where names are looked up: the query itself, and each of its modules. A module sees its own names, then those of the
//! query; what is in another module is named with its path.

use crate::syntax::ast::{Name, NamePath};

/// Index of a scope; the query itself is the first one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScopeId(pub usize);

impl ScopeId {
    /// The query itself.
    pub const ROOT: ScopeId = ScopeId(0);
}

/// A query, or a module of it.
#[derive(Debug, Default)]
pub struct Scope {
    /// `a::b`; nothing for the query itself.
    pub path: String,
    /// The name of the module where it is defined; nothing for the query itself.
    pub name: Option<Name>,
    /// The library modules that `use` brought in: alias → full path (`string` → `std::string`).
    pub functions: Vec<(String, String)>,
    /// Its modules.
    pub modules: Vec<(String, ScopeId)>,
    /// Modules of the query that `use` brought in.
    pub aliases: Vec<(String, ScopeId)>,
    /// Its constants, by their index in the pipeline.
    pub consts: Vec<(String, usize)>,
    /// What `use` named, in no certain order.
    pub uses: Vec<Use>,
}

/// A `use` that brought something in.
#[derive(Debug)]
pub struct Use {
    /// What it named.
    pub path: NamePath,
    /// The module, if it is one of the query.
    pub module: Option<ScopeId>,
}

/// The scopes of a pipeline: at least the query itself.
#[derive(Debug)]
pub struct Scopes(pub Vec<Scope>);

impl Default for Scopes {
    fn default() -> Self {
        Scopes(vec![Scope::default()])
    }
}

/// Why a path leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// There is no module of the name at this place of the path.
    Module {
        /// Which segment it is.
        segment: usize,
        /// In which module it was looked for; `None` for the first one.
        within: Option<ScopeId>,
    },
    /// The module has no such name.
    Name(ScopeId),
}

impl Scopes {
    /// A scope.
    pub fn get(&self, id: ScopeId) -> &Scope {
        &self.0[id.0]
    }

    /// A scope and, if it is another one, the query: where a name without a path is looked for.
    pub fn seen_from(&self, id: ScopeId) -> impl Iterator<Item = &Scope> {
        let root = (id != ScopeId::ROOT).then(|| self.get(ScopeId::ROOT));
        std::iter::once(self.get(id)).chain(root)
    }

    /// The module that a path names.
    pub fn module(&self, from: ScopeId, path: &[Name]) -> Result<ScopeId, Missing> {
        let Some((first, rest)) = path.split_first() else { return Ok(from) };
        let find = |modules: &[(String, ScopeId)], name: &Name| {
            modules.iter().find(|(known, _)| *known == name.text).map(|(_, id)| *id)
        };
        let mut seen = self.seen_from(from);
        let found =
            seen.find_map(|scope| find(&scope.modules, first).or_else(|| find(&scope.aliases, first)));
        let mut at = found.ok_or(Missing::Module { segment: 0, within: None })?;
        for (before, name) in rest.iter().enumerate() {
            let missing = Missing::Module { segment: before + 1, within: Some(at) };
            at = find(&self.get(at).modules, name).ok_or(missing)?;
        }
        Ok(at)
    }

    /// The constant that a path names.
    pub fn constant(&self, from: ScopeId, path: &NamePath) -> Result<usize, Missing> {
        let (name, module) = path.segments.split_last().expect("a path has at least one segment");
        let find =
            |scope: &Scope| scope.consts.iter().find(|(known, _)| *known == name.text).map(|(_, at)| *at);
        if module.is_empty() {
            return self.seen_from(from).find_map(find).ok_or(Missing::Name(from));
        }
        let module = self.module(from, module)?;
        find(self.get(module)).ok_or(Missing::Name(module))
    }

    /// The modules whose names can begin a path.
    pub fn modules_seen_from(&self, from: ScopeId) -> impl Iterator<Item = &str> {
        let names = self.seen_from(from).flat_map(|scope| scope.modules.iter().chain(&scope.aliases));
        names.map(|(name, _)| name.as_str())
    }
}
