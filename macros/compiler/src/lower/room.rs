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
        Role::Input(_) | Role::Stream | Role::Passthrough(_) | Role::Select(..) => {
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

/// How many events one event sent to all of `targets` can send to each output, through distributors.
pub(super) fn outputs_reached(draft: &Draft, targets: &[usize]) -> BTreeMap<usize, u32> {
    let mut reached = BTreeMap::new();
    for (terminal, places) in demand(draft, targets) {
        match draft.nodes[terminal].role {
            Role::Distributor(_) => {
                // Each result goes one way, and all may go the same.
                let mut most: BTreeMap<usize, u32> = BTreeMap::new();
                for group in draft.nodes[terminal].groups() {
                    for (output, count) in outputs_reached(draft, &group) {
                        let known = most.entry(output).or_insert(0);
                        *known = count.max(*known);
                    }
                }
                most.into_iter()
                    .for_each(|(output, count)| *reached.entry(output).or_insert(0) += places * count);
            }
            Role::Output(_) => *reached.entry(terminal).or_insert(0) += places,
            _ => {}
        }
    }
    reached
}

/// The targets of each entrance: an input or a log.
pub(super) fn entrances(draft: &Draft) -> impl Iterator<Item = (usize, Vec<usize>)> {
    let nodes = draft.nodes.iter().enumerate();
    let entrances = nodes.filter(|(_, node)| matches!(node.role, Role::Input(_) | Role::Log));
    entrances.map(|(at, node)| (at, node.out.iter().map(|(_, to)| *to).collect()))
}

/// The most events that one event entering a pipeline can send to an output.
pub(super) fn most_places(draft: &Draft, output: usize) -> u32 {
    let reached = entrances(draft).map(|(_, targets)| outputs_reached(draft, &targets).get(&output).copied());
    reached.flatten().max().unwrap_or(1)
}
