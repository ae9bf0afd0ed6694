//! `use`: modules of functions, under their last name.

use foreshock_spec::{is_known_module, modules as built_modules};

use super::names::advise;
use crate::diagnostics::Diagnostics;
use crate::syntax::Pos;
use crate::syntax::ast::NamePath;

/// The modules that a query uses: alias → full path, in the order of the text.
pub(super) fn modules(uses: &[NamePath], diagnostics: &mut Diagnostics) -> Vec<(String, String)> {
    let mut modules: Vec<(String, String)> = Vec::new();
    let mut places: Vec<Pos> = Vec::new();
    for path in uses {
        let full = path.text();
        // one that is not known is kept, so that its calls are not reported too
        let is_known = module_is_known(path, &full, diagnostics);
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

fn module_is_known(path: &NamePath, full: &str, diagnostics: &mut Diagnostics) -> bool {
    if built_modules().any(|module| module == full) {
        return true;
    }
    if is_known_module(full) {
        diagnostics.error(path.pos(), format!("the module `{full}` is not supported yet"));
        return false;
    }
    let error = diagnostics.error(path.pos(), format!("there is no module `{full}`"));
    advise(error, full, "modules", built_modules());
    false
}

fn module_has_own_name(path: &NamePath, alias: &str, first: Pos, diagnostics: &mut Diagnostics) {
    let error = diagnostics.error(path.last().pos, format!("two modules are called `{alias}`"));
    error.help("call the functions of one of them by its whole path").note_at(first, "the other one is used");
}
