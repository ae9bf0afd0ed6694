//! Where the code of a large pipeline is cut apart. A node is a method that is mostly called in one place, so that the optimiser makes
//! it part of its caller: of a small pipeline that leaves one function, which is what is wanted. Of hundreds of nodes it would leave
//! one that takes far more than its share of time to compile.

use super::draft::{Draft, Role};

/// So many nodes are in one function at most. (What the calls between them cost an event was not measured.)
const MOST: usize = 24;

/// For each node, whether it stays a function of its own.
pub(super) fn apart(draft: &Draft) -> Vec<bool> {
    let mut apart = vec![false; draft.nodes.len()];
    // How many nodes become part of a node's function, itself included.
    let mut within = vec![1; draft.nodes.len()];
    for at in draft.order.iter().rev() {
        let node = &draft.nodes[*at];
        let mut next: Vec<usize> = node.out.iter().map(|(_, to)| *to).collect();
        next.sort_unstable_by_key(|to| (within[*to], *to));
        next.dedup();
        let mut sum = 1;
        for to in next {
            if matches!(draft.nodes[to].role, Role::Output(_)) || apart[to] {
                continue;
            }
            if sum + within[to] > MOST {
                apart[to] = true;
            } else {
                sum += within[to];
            }
        }
        // What is behind a log is called where the log emits.
        within[*at] = if matches!(node.role, Role::Log(_)) { 1 } else { sum };
    }
    apart
}
