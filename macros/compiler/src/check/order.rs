//! What typing and the graph rules want to know of arrows between numbered things: an order along them, and where they
//! go round. The numbers are nodes of a pipeline, pipelines, or instances.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Arrows from one number to another.
pub(super) struct Arrows {
    to: Vec<Vec<usize>>,
}

impl Arrows {
    /// The arrows between the numbers below `count`.
    pub(super) fn new(count: usize, arrows: impl Iterator<Item = (usize, usize)>) -> Arrows {
        let mut to = vec![Vec::new(); count];
        for (from, end) in arrows {
            to[from].push(end);
        }
        Arrows { to }
    }

    /// Every number once, after those that have an arrow to it; where arrows go round, the lowest number of a way round
    /// first.
    pub(super) fn order(&self) -> Vec<usize> {
        let mut missing = vec![0_usize; self.to.len()];
        for &end in self.to.iter().flatten() {
            missing[end] += 1;
        }
        let mut waiting: BTreeSet<usize> = (0..self.to.len()).collect();
        let mut ready: BTreeSet<usize> = (0..self.to.len()).filter(|at| missing[*at] == 0).collect();
        let mut ordered = Vec::new();
        // where nothing is ready, something waits for itself
        let groups = self.groups();
        let mut on_cycle: BTreeSet<usize> =
            (0..self.to.len()).filter(|at| self.goes_round(*at, &groups)).collect();
        while let Some(next) = ready.pop_first().or_else(|| on_cycle.first().copied()) {
            waiting.remove(&next);
            on_cycle.remove(&next);
            ordered.push(next);
            for &end in &self.to[next] {
                missing[end] -= 1;
                if missing[end] == 0 && waiting.contains(&end) {
                    ready.insert(end);
                }
            }
        }
        ordered
    }

    /// Where arrows go round: each as the numbers on the way, from the lowest; every number on a way round is in one.
    pub(super) fn cycles(&self) -> Vec<Vec<usize>> {
        let groups = self.groups();
        let mut known = BTreeSet::new();
        let mut cycles = Vec::new();
        for start in 0..self.to.len() {
            if known.contains(&start) || !self.goes_round(start, &groups) {
                continue;
            }
            if let Some(way) = self.way_back(start, &groups) {
                known.extend(way.iter().copied());
                cycles.push(way);
            }
        }
        cycles
    }

    /// Whether a number is on a way round.
    fn goes_round(&self, at: usize, groups: &[usize]) -> bool {
        // of a group with others, each can be come to from each
        self.to[at].iter().any(|end| groups[*end] == groups[at])
    }

    /// For each number the group that it is of: two are of one if arrows lead from each to the other.
    fn groups(&self) -> Vec<usize> {
        let mut from = vec![Vec::new(); self.to.len()];
        for (at, ends) in self.to.iter().enumerate() {
            ends.iter().for_each(|end| from[*end].push(at));
        }
        // behind all that it leads to; then, against the arrows, nothing is come to but its own group
        let mut left = Vec::new();
        let mut seen = vec![false; self.to.len()];
        for start in 0..self.to.len() {
            leave(start, &self.to, &mut seen, &mut left);
        }
        let mut groups = vec![0; self.to.len()];
        let mut seen = vec![false; self.to.len()];
        for start in left.into_iter().rev() {
            let mut group = Vec::new();
            leave(start, &from, &mut seen, &mut group);
            group.into_iter().for_each(|at| groups[at] = start);
        }
        groups
    }

    /// A shortest way from a number back to it, which does not leave its group.
    fn way_back(&self, start: usize, groups: &[usize]) -> Option<Vec<usize>> {
        let mut came_from = BTreeMap::new();
        let mut next = VecDeque::from([start]);
        while let Some(at) = next.pop_front() {
            for &end in &self.to[at] {
                if end == start {
                    let before = std::iter::successors(Some(at), |at| came_from.get(at).copied());
                    let mut way: Vec<usize> = before.collect();
                    way.reverse();
                    return Some(way);
                }
                if groups[end] == groups[start] && !came_from.contains_key(&end) {
                    came_from.insert(end, at);
                    next.push_back(end);
                }
            }
        }
        None
    }
}

/// All that can be come to from a number and was not seen before, each behind what it leads to.
fn leave(start: usize, to: &[Vec<usize>], seen: &mut [bool], left: &mut Vec<usize>) {
    if std::mem::replace(&mut seen[start], true) {
        return;
    }
    // each with how many of its arrows have been gone
    let mut open = vec![(start, 0)];
    while let Some((at, gone)) = open.last_mut() {
        let step = to[*at].get(*gone).copied();
        *gone += 1;
        match step {
            Some(end) if !std::mem::replace(&mut seen[end], true) => open.push((end, 0)),
            Some(_) => {}
            None => left.extend(open.pop().map(|(at, _)| at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Arrows;

    #[test]
    fn the_order_follows_the_arrows_and_falls_back_to_the_numbers() {
        let check = |count, arrows: &[(usize, usize)], expected: &[usize]| {
            assert_eq!(Arrows::new(count, arrows.iter().copied()).order(), expected, "{arrows:?}");
        };
        check(0, &[], &[]);
        check(3, &[], &[0, 1, 2]);
        check(3, &[(2, 1), (1, 0)], &[2, 1, 0]);
        check(4, &[(3, 0), (3, 0), (0, 1)], &[2, 3, 0, 1]);
        check(3, &[(0, 1), (1, 0), (1, 2)], &[0, 1, 2]);
        check(3, &[(1, 1), (1, 0)], &[2, 1, 0]);
        check(2, &[(0, 0)], &[1, 0]);
        check(4, &[(3, 2), (2, 3), (3, 0), (0, 1)], &[2, 3, 0, 1]);
    }

    #[test]
    fn each_way_round_is_found_once() {
        let check = |count, arrows: &[(usize, usize)], expected: &[&[usize]]| {
            assert_eq!(Arrows::new(count, arrows.iter().copied()).cycles(), expected, "{arrows:?}");
        };
        check(3, &[(0, 1), (1, 2)], &[]);
        check(1, &[(0, 0)], &[&[0]]);
        check(4, &[(0, 1), (1, 2), (2, 1), (2, 3)], &[&[1, 2]]);
        check(4, &[(0, 1), (1, 0), (2, 3), (3, 2)], &[&[0, 1], &[2, 3]]);
        check(3, &[(0, 1), (1, 0), (0, 2), (2, 0)], &[&[0, 1], &[2, 0]]);
        check(4, &[(0, 2), (2, 1), (1, 3), (3, 0)], &[&[0, 2, 1, 3]]);
        check(5, &[(0, 1), (1, 2), (2, 1), (2, 3), (3, 4), (4, 3)], &[&[1, 2], &[3, 4]]);
    }
}
