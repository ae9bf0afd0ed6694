//! What must have room before an event may be offered: the terminals (logs, round robins, outputs) that it can reach
//! without being stored on the way, and how many places it can take in each.

use std::collections::BTreeMap;

use super::draft::{Draft, Role};

/// For each terminal node, the places that one event can take, for events sent to all of `targets`.
pub(super) fn demand(draft: &Draft, targets: &[usize]) -> BTreeMap<usize, u32> {
    let mut places = BTreeMap::new();
    for to in targets {
        reach(draft, *to, &mut places);
    }
    places
}

fn reach(draft: &Draft, at: usize, places: &mut BTreeMap<usize, u32>) {
    let node = &draft.nodes[at];
    let mut take = |at| *places.entry(at).or_insert(0) += 1;
    match node.role {
        Role::Output(_) | Role::Distributor(_) => take(at),
        Role::Log => {
            take(at);
            // An event may be larger than the log.
            draft.err.into_iter().for_each(take);
        }
        Role::Input(_) | Role::Passthrough(_) | Role::Select(..) => {
            if let Some(err) = draft.err.filter(|_| node.can_fail()) {
                take(err);
            }
            for (_, to) in &node.out {
                reach(draft, *to, places);
            }
        }
    }
}

/// Whether the outputs of a distributor lead to different terminals, so that their room adds up.
pub(super) fn adds_up(draft: &Draft, distributor: usize) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    let groups = draft.nodes[distributor].groups();
    groups.iter().all(|group| terminals(draft, group).into_iter().all(|terminal| seen.insert(terminal)))
}

/// The terminals behind `targets`, through distributors.
fn terminals(draft: &Draft, targets: &[usize]) -> Vec<usize> {
    let mut found = Vec::new();
    for at in demand(draft, targets).into_keys() {
        match draft.nodes[at].role {
            Role::Distributor(_) => {
                let all: Vec<usize> = draft.nodes[at].out.iter().map(|(_, to)| *to).collect();
                found.extend(terminals(draft, &all));
            }
            // All may fail to `err`; an event takes a place there instead of the other, not beside it.
            _ if Some(at) == draft.err => {}
            _ => found.push(at),
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The most places that one event from a root (an input or a log) can take in an output, through distributors.
pub(super) fn most_places(draft: &Draft, output: usize, from_input: u32) -> u32 {
    let roots = draft.nodes.iter().filter(|node| matches!(node.role, Role::Input(_) | Role::Log));
    roots
        .map(|root| {
            let targets: Vec<usize> = root.out.iter().map(|(_, to)| *to).collect();
            let factor = if matches!(root.role, Role::Input(_)) { from_input } else { 1 };
            factor.saturating_mul(places_in(draft, &targets, output))
        })
        .max()
        .unwrap_or(0)
}

fn places_in(draft: &Draft, targets: &[usize], output: usize) -> u32 {
    demand(draft, targets)
        .into_iter()
        .map(|(terminal, places)| match draft.nodes[terminal].role {
            _ if terminal == output => places,
            Role::Distributor(_) => {
                let groups = draft.nodes[terminal].groups();
                places * groups.iter().map(|group| places_in(draft, group, output)).max().unwrap_or(0)
            }
            _ => 0,
        })
        .sum()
}
