//! Links that are written from where events go to where they come from. One error tells that; the link is then taken for the
//! one that was meant, so that nothing else is said of it.

use std::collections::BTreeSet;

use super::ends::{Artefacts, Side, Taken, path, port, taken_ports};
use crate::diagnostics::{Diagnostics, Rule};
use crate::syntax::ast::{End, Instance, Link};

/// The links, those that are reversed turned round, and the numbers of these.
pub(super) fn turned_round(
    mut links: Vec<Link>,
    artefacts: &Artefacts<'_>,
    diagnostics: &mut Diagnostics,
) -> (Vec<Link>, BTreeSet<usize>) {
    let taken = taken_ports(&links);
    let mut turned = BTreeSet::new();
    for (at, link) in links.iter_mut().enumerate() {
        let (Some(from), [to]) = (&mut link.from, link.to.as_mut_slice()) else { continue };
        if !is_reversed(from, to, &taken, artefacts) {
            continue;
        }
        let text = "this link goes the wrong way: it leads from where events go in to where they come out";
        let error = diagnostics.report(Rule::reversed_link, from.pos.to(to.pos), text);
        error.help(format!("link `{}` to `{}`", shown(to, Side::Start), shown(from, Side::Goal)));
        std::mem::swap(from, to);
        turned.insert(at);
    }
    (links, turned)
}

/// Whether a link is wrong as it is written, and right the other way.
fn is_reversed(from: &End, to: &End, taken: &Taken, artefacts: &Artefacts<'_>) -> bool {
    let is_right = fits(from, Side::Start, artefacts) && fits(to, Side::Goal, artefacts);
    let is_right_reversed = fits(to, Side::Start, artefacts) && fits(from, Side::Goal, artefacts);
    // an offramp without a port may stand there for its `err`, unless somebody misses what would come to it
    let is_err = from.kind.text == "offramp" && from.port.is_none() && {
        let ports = taken.get(&path(&to.kind.text, &to.name.text));
        ports.is_some_and(|ports| ports.contains(&port(to, Side::Start)))
    };
    !is_right && is_right_reversed && !is_err
}

/// Whether an end that is known can stand on this side.
fn fits(end: &End, side: Side, artefacts: &Artefacts<'_>) -> bool {
    let kind = end.kind.text.as_str();
    if !["onramp", "pipeline", "offramp"].contains(&kind) || (kind == "onramp" && side == Side::Goal) {
        return false;
    }
    let written = port(end, side);
    artefacts.find(kind, &end.name.text).is_some_and(|artefact| {
        let is_gone = kind == "offramp" && side == Side::Start && written != "err";
        !is_gone && artefacts.ports(artefact, side).is_none_or(|ports| ports.contains(&written))
    })
}

/// An end as it is written, with its port.
fn shown(end: &End, side: Side) -> String {
    let instance = match &end.instance {
        Instance::Literal(name) => name.text.clone(),
        Instance::Variable(name) => format!("{{{}}}", name.text),
    };
    format!("{}/{instance}/{}", path(&end.kind.text, &end.name.text), port(end, side))
}
