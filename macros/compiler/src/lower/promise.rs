//! What is promised of events on each way from a source to a sink, with the settings as they are written: found before
//! anything is emitted, and told in the documentation of the generated type. How a promise is found is in
//! `foreshock_spec::picture`; the program's `check` finds it anew with the settings that are in force.

use foreshock_spec::{Durability, Given, KeyRow, Literal, picture};

use super::picture::Picture;
use crate::check::facts::{Facts, Settings};
use crate::resolve::graph::{ArtefactRef, Graph, NodeKind};

/// More promises are not told in the documentation; `check` tells them all.
const MOST_TOLD: usize = 32;

/// The promises of a flow, a line each, and what is to be known beside them.
pub(super) fn told(graph: &Graph, facts: &Facts, picture: &Picture) -> Vec<String> {
    picture.view(|view| {
        let promises = view.promises(|log| durability(graph, facts, log));
        let more = promises.len().saturating_sub(MOST_TOLD);
        let told = promises.iter().take(MOST_TOLD).map(|promise| {
            let up_to = view.up_to(promise, |key| {
                let ArtefactRef::Offramp(at) = graph.deployment.instances[promise.to].artefact else {
                    unreachable!("promises lead to offramps")
                };
                given(graph.offramps[at].row.keys, &facts.offramps[at], key).to_value().unwrap_or_default()
            });
            line(view, promise, up_to)
        });
        let rest = (more > 0).then(|| format!("and {more} more, which the program's `check` tells"));
        told.chain(rest).chain(view.notes()).collect()
    })
}

/// What the events survive of the log that settings name so.
pub(super) fn durability(graph: &Graph, facts: &Facts, log: &str) -> Durability {
    for (pipeline, facts) in graph.pipelines.iter().zip(&facts.pipelines) {
        for (node, settings) in pipeline.nodes.iter().zip(&facts.settings) {
            let NodeKind::Operator { name, row, .. } = &node.kind else { continue };
            if format!("pipeline.{}.{}", pipeline.name.text, name.text) == log {
                return row.durability(|key| given(row.keys, settings, key));
            }
        }
    }
    Durability::Memory
}

/// What is given for a key, or its default.
fn given(keys: &[KeyRow], settings: &Settings, key: &str) -> Given {
    let written = |key: &str| settings.iter().find(|(name, _)| name == key).map(|(_, given)| given.clone());
    let row = keys.iter().find(|row| row.name == key);
    let default = row.map(|row| row.among(|other| written(other).is_some()).default);
    written(key).unwrap_or_else(|| default.unwrap_or(Literal::None).to_given())
}

fn line(view: &picture::Picture<'_>, promise: &picture::Promise, up_to: &str) -> String {
    let (from, to) = (view.start(promise), view.instances[promise.to].path());
    let only = if promise.failed { " (what fails in a query)" } else { "" };
    let weakness = view.weakness(promise).map(|(what, _)| format!("; {what}")).unwrap_or_default();
    format!("{from} → {to}{only}: {}, up to {up_to}{weakness}", promise.level().words())
}
