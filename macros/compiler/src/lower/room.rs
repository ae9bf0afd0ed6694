//! What must have room before an event may be offered: the terminals (logs, round robins, outputs) that it can reach
//! without being stored on the way, and how many places it can take in each.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, Role};

/// For each terminal node, the places that one event can take, for events sent to all of `targets`. Each node on the way
/// is passed once, in the events' order: ways that part and meet again double with each time.
pub(super) fn demand(draft: &Draft, targets: &[usize]) -> BTreeMap<usize, u32> {
    let mut places = BTreeMap::new();
    let mut ways = BTreeMap::new();
    targets.iter().for_each(|to| add(&mut ways, draft.rank[*to], 1));
    while let Some((rank, count)) = ways.pop_first() {
        let at = draft.order[rank];
        let node = &draft.nodes[at];
        let mut take = |at| add(&mut places, at, count);
        match node.role {
            Role::Output(_) | Role::Distributor(_) => take(at),
            Role::Log(_) => {
                take(at);
                // An event may be larger than the log.
                draft.err.into_iter().for_each(take);
            }
            Role::Input(_) | Role::Stream | Role::Passthrough(_) | Role::Select(..) => {
                if let Some(err) = draft.err.filter(|_| node.can_fail()) {
                    take(err);
                }
                node.out.iter().for_each(|(_, to)| add(&mut ways, draft.rank[*to], count));
            }
        }
    }
    places
}

/// Counts more places, which may be more than can be counted.
fn add(places: &mut BTreeMap<usize, u32>, at: usize, more: u32) {
    let known = places.entry(at).or_insert(0);
    *known = known.saturating_add(more);
}

/// Whether the outputs of a distributor lead to different terminals, so that their room adds up.
pub(super) fn adds_up(draft: &Draft, distributor: usize) -> bool {
    let mut seen = BTreeSet::new();
    let groups = draft.nodes[distributor].groups();
    groups.iter().all(|group| terminals(draft, group).into_iter().all(|terminal| seen.insert(terminal)))
}

/// The terminals behind `targets`, through distributors.
fn terminals(draft: &Draft, targets: &[usize]) -> BTreeSet<usize> {
    let (mut found, mut passed) = (BTreeSet::new(), BTreeSet::new());
    let mut waiting: Vec<usize> = demand(draft, targets).into_keys().collect();
    while let Some(at) = waiting.pop() {
        match draft.nodes[at].role {
            Role::Distributor(_) if passed.insert(at) => {
                let all: Vec<usize> = draft.nodes[at].out.iter().map(|(_, to)| *to).collect();
                waiting.extend(demand(draft, &all).into_keys());
            }
            Role::Distributor(_) => {}
            // All may fail to `err`; an event takes a place there instead of the other, not beside it.
            _ if Some(at) == draft.err => {}
            _ => {
                found.insert(at);
            }
        }
    }
    found
}

/// How many events one event sent to all of `targets` can send to each output, through distributors.
pub(super) fn outputs_reached(draft: &Draft, targets: &[usize]) -> BTreeMap<usize, u32> {
    reached(draft, targets, &mut BTreeMap::new())
}

/// The same; `known` has what distributors lead to that were met before.
fn reached(
    draft: &Draft,
    targets: &[usize],
    known: &mut BTreeMap<usize, BTreeMap<usize, u32>>,
) -> BTreeMap<usize, u32> {
    let mut reached_here = BTreeMap::new();
    for (terminal, places) in demand(draft, targets) {
        match draft.nodes[terminal].role {
            Role::Distributor(_) => {
                if !known.contains_key(&terminal) {
                    let most = most_of_groups(draft, terminal, known);
                    known.insert(terminal, most);
                }
                for (output, count) in &known[&terminal] {
                    add(&mut reached_here, *output, places.saturating_mul(*count));
                }
            }
            Role::Output(_) => add(&mut reached_here, terminal, places),
            _ => {}
        }
    }
    reached_here
}

/// What one event in a distributor can send to each output: each result goes one way, and all may go the same.
fn most_of_groups(
    draft: &Draft,
    distributor: usize,
    known: &mut BTreeMap<usize, BTreeMap<usize, u32>>,
) -> BTreeMap<usize, u32> {
    let mut most: BTreeMap<usize, u32> = BTreeMap::new();
    for group in draft.nodes[distributor].groups() {
        keep_most(&mut most, reached(draft, &group, known));
    }
    most
}

/// The terminals in front of which an event stands that a log is about to hand on; if what it hands on may fail by itself,
/// `err` as well.
pub(super) fn demand_of_log(draft: &Draft, log: usize) -> BTreeMap<usize, u32> {
    let targets: Vec<usize> = draft.nodes[log].out.iter().map(|(_, to)| *to).collect();
    let mut places = demand(draft, &targets);
    // It fails instead of going on, not beside.
    let err = draft.err.filter(|_| draft.nodes[log].may_be_unfit());
    err.into_iter().for_each(|err| {
        places.entry(err).or_insert(1);
    });
    places
}

/// The targets of each entrance: an input or a log.
pub(super) fn entrances(draft: &Draft) -> impl Iterator<Item = (usize, Vec<usize>)> {
    let nodes = draft.nodes.iter().enumerate();
    let entrances = nodes.filter(|(_, node)| matches!(node.role, Role::Input(_) | Role::Log(_)));
    entrances.map(|(at, node)| (at, node.out.iter().map(|(_, to)| *to).collect()))
}

/// For each output, the most events that one event entering a pipeline can send to it.
pub(super) fn most_places(draft: &Draft) -> BTreeMap<usize, u32> {
    let (mut most, mut known) = (BTreeMap::new(), BTreeMap::new());
    for (_, targets) in entrances(draft) {
        keep_most(&mut most, reached(draft, &targets, &mut known));
    }
    most
}

fn keep_most(most: &mut BTreeMap<usize, u32>, counts: BTreeMap<usize, u32>) {
    for (output, count) in counts {
        let known = most.entry(output).or_insert(0);
        *known = count.max(*known);
    }
}
