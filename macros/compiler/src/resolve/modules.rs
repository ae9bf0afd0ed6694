//! `use`: modules of functions, and modules of the query, under their last name.

use std::collections::BTreeSet;

use foreshock_spec::near::listed;
use foreshock_spec::{find_module, is_known_module, last_segment, meant_module, modules as built_modules};

use super::graph::{Scope, ScopeId, Scopes};
use super::names::advise;
use super::scope::Use;
use crate::diagnostics::{Diagnostics, Rule};
use crate::syntax::Pos;
use crate::syntax::ast::NamePath;

/// Brings in what each scope uses.
pub(super) fn bring_in(uses: &[(ScopeId, NamePath)], scopes: &mut Scopes, diagnostics: &mut Diagnostics) {
    let mut of_library: Vec<Vec<&NamePath>> = scopes.0.iter().map(|_| Vec::new()).collect();
    let mut waiting: Vec<&(ScopeId, NamePath)> = uses.iter().collect();
    loop {
        let before = waiting.len();
        // one may begin with the alias of another
        waiting.retain(|(scope, path)| match scopes.module(*scope, &path.segments) {
            Ok(module) => {
                use_own(*scope, path, module, scopes, diagnostics);
                false
            }
            Err(_) => true,
        });
        if waiting.len() == before {
            break;
        }
    }
    waiting.iter().for_each(|(scope, path)| of_library[scope.0].push(path));
    for (scope, uses) in of_library.into_iter().enumerate() {
        scopes.0[scope].functions = library_modules(&uses, &scopes.0[scope], scopes, diagnostics);
        let named = uses.into_iter().map(|path| Use { path: path.clone(), module: None });
        scopes.0[scope].uses.extend(named);
    }
}

/// `use` of a module of the query.
fn use_own(
    scope: ScopeId,
    path: &NamePath,
    module: ScopeId,
    scopes: &mut Scopes,
    diagnostics: &mut Diagnostics,
) {
    let alias = path.last().text.clone();
    let own = &mut scopes.0[scope.0];
    match own.modules.iter().chain(&own.aliases).find(|(known, _)| *known == alias) {
        Some((_, known)) if *known == module => {}
        Some(_) => {
            let error = diagnostics.report(
                Rule::module_name_in_use,
                path.last().pos,
                format!("two modules are called `{alias}`"),
            );
            error.help("name what is in one of them by its whole path");
        }
        None => {
            own.aliases.push((alias, module));
            own.uses.push(Use { path: path.clone(), module: Some(module) });
        }
    }
}

/// The modules of the library that a scope uses: alias → full path, in the order of the text.
fn library_modules(
    uses: &[&NamePath],
    scope: &Scope,
    scopes: &Scopes,
    diagnostics: &mut Diagnostics,
) -> Vec<(String, String)> {
    let mut modules: Vec<(String, String)> = Vec::new();
    let mut places: Vec<Pos> = Vec::new();
    let mut taken = BTreeSet::new();
    for path in uses {
        let mut full = path.text();
        let is_known = module_is_known(path, &full, scope, diagnostics);
        let mut own = scope.modules.iter().chain(&scope.aliases);
        if let Some((_, own)) = own.find(|(own, _)| *own == path.last().text).filter(|_| is_known) {
            if !taken.insert(path.last().text.as_str()) {
                continue;
            }
            let text = format!("two modules are called `{}`", path.last().text);
            let error = diagnostics.report(Rule::module_name_in_use, path.last().pos, text);
            error.help("call the module of the query otherwise");
            if let Some(name) = &scopes.get(*own).name {
                error.note_at(name.pos, "the module of the query is defined");
            }
            continue;
        }
        if let Some(module) = find_module(&full) {
            full = module.to_string();
        }
        // one that is not known is kept, so that its calls are not reported too, beside the one that was meant
        if let Some(meant) = meant_module(&full).filter(|_| !is_known) {
            let alias = last_segment(meant);
            if alias == path.last().text {
                full = meant.to_string();
            } else if modules.iter().all(|(known, _)| known != alias) {
                modules.push((alias.to_string(), meant.to_string()));
                places.push(path.pos());
            }
        }
        let alias = path.last().text.clone();
        match modules.iter().position(|(known, _)| *known == alias) {
            Some(at) if modules[at].1 == full || !is_known => {}
            Some(at) => module_has_own_name(path, &alias, places[at], diagnostics),
            None => {
                modules.push((alias, full));
                places.push(path.pos());
            }
        }
    }
    modules
}

fn module_is_known(path: &NamePath, full: &str, scope: &Scope, diagnostics: &mut Diagnostics) -> bool {
    if find_module(full).is_some() {
        return true;
    }
    // `std` has modules, and is none itself
    let is_folder = built_modules().any(|module| {
        let module: &str = module;
        module.strip_prefix(full).is_some_and(|rest| rest.starts_with("::"))
    });
    if is_known_module(full) && !is_folder {
        let error = diagnostics.report(
            Rule::not_supported,
            path.pos(),
            format!("the module `{full}` is not supported yet"),
        );
        let built = built_modules().map(|module| -> &str { module });
        error.help(format!("remove it; modules that are: {}", listed(built)));
        return false;
    }
    let error = diagnostics.report(Rule::unknown_module, path.pos(), format!("there is no module `{full}`"));
    let own = scope.modules.iter().map(|(name, _)| name.as_str());
    let built = built_modules().map(|module| -> &str { module });
    advise(error, meant_module(full).unwrap_or(full), "modules", built.chain(own));
    false
}

fn module_has_own_name(path: &NamePath, alias: &str, first: Pos, diagnostics: &mut Diagnostics) {
    let error = diagnostics.report(
        Rule::module_name_in_use,
        path.last().pos,
        format!("two modules are called `{alias}`"),
    );
    error.help("call the functions of one of them by its whole path").note_at(first, "the other one is used");
}
