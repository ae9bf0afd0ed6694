//! What is promised of events on each way from a source to a sink, with the settings as they are written: found before
//! anything is emitted, and told in the documentation of the generated type. How a promise is found is in
//! `foreshock_spec::picture`; the program's `check` finds it anew with the settings that are in force.

use foreshock_spec::picture;

use super::picture::Picture;
use crate::check::facts::Facts;
use crate::resolve::graph::Graph;

/// More promises are not told in the documentation; `check` tells them all.
const MOST_TOLD: usize = 32;

/// The promises of a flow, a line each, and what is to be known beside them.
pub(super) fn told(graph: &Graph, facts: &Facts, picture: &Picture) -> Vec<String> {
    let in_force = facts.in_force(graph);
    picture.view(|view| {
        let promises = view.promises(|log| in_force.durability(log));
        let more = promises.len().saturating_sub(MOST_TOLD);
        let told = promises.iter().take(MOST_TOLD).map(|promise| {
            let definition = view.instances[promise.to].definition();
            let up_to = view.up_to(promise, |key| in_force.setting(&definition, key));
            line(view, promise, up_to)
        });
        let rest = (more > 0).then(|| format!("and {more} more, which the program's `check` tells"));
        told.chain(rest).chain(view.notes()).collect()
    })
}

/// What the buffers of a flow take at most, with the settings as they are written.
pub(super) fn memory(graph: &Graph, facts: &Facts, picture: &Picture) -> String {
    let in_force = facts.in_force(graph);
    let parts = picture.view(|view| view.memory(|definition, key| in_force.setting(definition, key)));
    picture::shown_bytes(picture::total(&parts))
}

fn line(view: &picture::Picture<'_>, promise: &picture::Promise, up_to: &str) -> String {
    let (from, to) = (view.start(promise), view.instances[promise.to].path());
    let only = if promise.failed { " (what fails in a query)" } else { "" };
    let weakness = view.weakness(promise).map(|(what, _)| format!("; {what}")).unwrap_or_default();
    let required = if view.required_of(promise).is_some() { " (required)" } else { "" };
    format!("{from} → {to}{only}: {}{required}, up to {up_to}{weakness}", promise.level().words())
}
