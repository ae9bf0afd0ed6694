//! `use`: modules of functions, under their last name.

use foreshock_spec::{find_module, is_known_module, last_segment, meant_module, modules as built_modules};

use super::names::advise;
use crate::diagnostics::Diagnostics;
use crate::syntax::Pos;
use crate::syntax::ast::NamePath;

/// The modules that a query uses: alias → full path, in the order of the text.
pub(super) fn modules(uses: &[NamePath], diagnostics: &mut Diagnostics) -> Vec<(String, String)> {
    let mut modules: Vec<(String, String)> = Vec::new();
    let mut places: Vec<Pos> = Vec::new();
    for path in uses {
        let mut full = path.text();
        let is_known = module_is_known(path, &full, diagnostics);
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

fn module_is_known(path: &NamePath, full: &str, diagnostics: &mut Diagnostics) -> bool {
    if find_module(full).is_some() {
        return true;
    }
    if is_known_module(full) {
        diagnostics.error(path.pos(), format!("the module `{full}` is not supported yet"));
        return false;
    }
    let error = diagnostics.error(path.pos(), format!("there is no module `{full}`"));
    advise(error, meant_module(full).unwrap_or(full), "modules", built_modules());
    false
}

fn module_has_own_name(path: &NamePath, alias: &str, first: Pos, diagnostics: &mut Diagnostics) {
    let error = diagnostics.error(path.last().pos, format!("two modules are called `{alias}`"));
    error.help("call the functions of one of them by its whole path").note_at(first, "the other one is used");
}
