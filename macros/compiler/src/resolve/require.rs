//! `require at_least_once;`, `require durable;`: what a flow requires of the ways of its events. The check is in `check/delivery.rs`.

use foreshock_spec::near::advice;
use foreshock_spec::picture::Level;

use super::graph::Required;
use crate::diagnostics::{Diagnostics, Rule};
use crate::syntax::ast::Name;

/// The most that is required, and where. A stronger promise includes a weaker one.
pub(super) fn required(written: &[Name], diagnostics: &mut Diagnostics) -> Option<Required> {
    let mut found: Vec<Required> = Vec::new();
    for name in written {
        match Level::required(&name.text) {
            Some(level) => found.push(Required { level, pos: name.pos }),
            None => unknown_promise(name, diagnostics),
        }
    }
    // The first of the strongest.
    let strongest = found.iter().copied().rev().max_by_key(|required| required.level)?;
    for other in found.iter().filter(|other| other.pos.order() != strongest.pos.order()) {
        let (name, strong) = (other.level.name(), strongest.level.name());
        let text = match other.level == strongest.level {
            true => format!("`{name}` is required twice"),
            false => format!("`{strong}`, which is required too, includes `{name}`"),
        };
        let warning = diagnostics.report(Rule::required_twice, other.pos, text);
        warning.help("remove it").note_at(strongest.pos, format!("`{strong}` is required here"));
    }
    Some(strongest)
}

fn unknown_promise(name: &Name, diagnostics: &mut Diagnostics) {
    let text = format!("there is no promise `{}` that a flow can require", name.text);
    let error = diagnostics.report(Rule::unknown_promise, name.pos, text);
    error.help(advice(&name.text, "promises", Level::REQUIRABLE.iter().map(|level| level.name())));
}
