//! `define onramp` and `define offramp`: their kinds meet the registry. Also the offramps that need no definition.

use foreshock_spec::near::listed;
use foreshock_spec::{
    Kind, find_offramp, find_onramp, is_known_but_unbuilt, offramps as offramp_rows, onramps as onramp_rows,
};

use super::graph::{Graph, Offramp, Onramp};
use super::names::{Table, advise};
use crate::diagnostics::{Diagnostics, Rule};
use crate::syntax::ast::{Artefact, BindingDef, Config, End, Name};

/// Definitions by name; `None` where one is wrong and reported.
pub(super) type Artefacts = Table<Option<usize>>;

/// Moves the onramps into the graph.
pub(super) fn onramps(
    definitions: Vec<Artefact>,
    graph: &mut Graph,
    diagnostics: &mut Diagnostics,
) -> Artefacts {
    let mut table = Table::new("onramp");
    for Artefact { docs, name, kind, config, .. } in definitions {
        let row = find_onramp(&kind.text);
        if row.is_none() {
            onramp_kind_is_known(&kind, diagnostics);
        }
        table.define(&name, row.map(|_| graph.onramps.len()), diagnostics);
        graph.onramps.extend(row.map(|row| Onramp { name, docs, row, kind_pos: kind.pos, config }));
    }
    table
}

/// Moves the offramps into the graph.
pub(super) fn offramps(
    definitions: Vec<Artefact>,
    graph: &mut Graph,
    diagnostics: &mut Diagnostics,
) -> Artefacts {
    let mut table = Table::new("offramp");
    for Artefact { docs, name, kind, config, .. } in definitions {
        let row = find_offramp(&kind.text);
        if row.is_none() {
            offramp_kind_is_known(&kind, diagnostics);
        }
        table.define(&name, row.map(|_| graph.offramps.len()), diagnostics);
        graph.offramps.extend(row.map(|row| Offramp { name, docs, row, kind_pos: kind.pos, config }));
    }
    table
}

/// The offramps that links may name without a definition, and what they are made from.
pub(super) const SYSTEM_OFFRAMPS: &[(&str, &str)] =
    &[("system::stdout", "stdout"), ("system::stderr", "stderr")];

/// Definitions of those that these links name.
pub(super) fn system_offramps(bindings: &[BindingDef]) -> Vec<Artefact> {
    let links = bindings.iter().flat_map(|binding| &binding.links);
    let ends: Vec<&End> = links.flat_map(|link| link.from.iter().chain(&link.to)).collect();
    let define = |(name, kind): &(&str, &str)| {
        let end = ends.iter().find(|end| end.kind.text == "offramp" && end.name.text == *name)?;
        let kind = Name { text: (*kind).to_owned(), pos: end.name.pos };
        let (name, pos) = (end.name.clone(), end.name.pos);
        Some(Artefact { docs: Vec::new(), name, kind, config: Config::default(), pos })
    };
    SYSTEM_OFFRAMPS.iter().filter_map(define).collect()
}

fn onramp_kind_is_known(kind: &Name, diagnostics: &mut Diagnostics) {
    if is_known_but_unbuilt(Kind::Onramp, &kind.text) {
        let error = diagnostics.report(
            Rule::not_supported,
            kind.pos,
            format!("the onramp `{}` is not supported yet", kind.text),
        );
        error.help(format!("legal kinds of onramps: {}", listed(onramp_rows().iter().map(|row| row.name))));
        return;
    }
    let error = diagnostics.report(
        Rule::unknown_onramp_kind,
        kind.pos,
        format!("there is no kind of onramp called `{}`", kind.text),
    );
    if find_offramp(&kind.text).is_some() {
        error.note(format!("`{}` is a kind of offramp", kind.text));
    }
    advise(error, &kind.text, "kinds of onramps", onramp_rows().iter().map(|row| row.name));
}

fn offramp_kind_is_known(kind: &Name, diagnostics: &mut Diagnostics) {
    if is_known_but_unbuilt(Kind::Offramp, &kind.text) {
        let error = diagnostics.report(
            Rule::not_supported,
            kind.pos,
            format!("the offramp `{}` is not supported yet", kind.text),
        );
        error.help(format!("legal kinds of offramps: {}", listed(offramp_rows().iter().map(|row| row.name))));
        return;
    }
    let error = diagnostics.report(
        Rule::unknown_offramp_kind,
        kind.pos,
        format!("there is no kind of offramp called `{}`", kind.text),
    );
    if find_onramp(&kind.text).is_some() {
        error.note(format!("`{}` is a kind of onramp", kind.text));
    }
    advise(error, &kind.text, "kinds of offramps", offramp_rows().iter().map(|row| row.name));
}
