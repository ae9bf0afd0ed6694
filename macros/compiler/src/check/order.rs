//! What typing and the graph rules want to know of arrows between numbered things: an order along them, and where they
//! go round. The numbers are nodes of a pipeline, pipelines, or instances.

use std::collections::{BTreeSet, VecDeque};

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
        let mut missing = self.missing();
        let mut waiting: BTreeSet<usize> = (0..self.to.len()).collect();
        let mut ready: BTreeSet<usize> = (0..self.to.len()).filter(|at| missing[*at] == 0).collect();
        let mut ordered = Vec::new();
        // where nothing is ready, something waits for itself
        let on_cycle =
            |waiting: &BTreeSet<usize>| waiting.iter().copied().find(|at| self.way_back(*at).is_some());
        while let Some(next) = ready.pop_first().or_else(|| on_cycle(&waiting)) {
            waiting.remove(&next);
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

    /// The numbers that no way round leads to.
    fn reached_in_order(&self) -> BTreeSet<usize> {
        let mut missing = self.missing();
        let mut ready: Vec<usize> = (0..self.to.len()).filter(|at| missing[*at] == 0).collect();
        let mut reached = BTreeSet::new();
        while let Some(next) = ready.pop() {
            reached.insert(next);
            for &end in &self.to[next] {
                missing[end] -= 1;
                if missing[end] == 0 {
                    ready.push(end);
                }
            }
        }
        reached
    }

    /// How many arrows lead to each number.
    fn missing(&self) -> Vec<usize> {
        let mut missing = vec![0_usize; self.to.len()];
        for &end in self.to.iter().flatten() {
            missing[end] += 1;
        }
        missing
    }

    /// Where arrows go round: each as the numbers on the way, from the lowest; every number on a way round is in one.
    pub(super) fn cycles(&self) -> Vec<Vec<usize>> {
        // a way back is looked for from few numbers: in a long chain that goes nowhere round, from none
        let mut known = self.reached_in_order();
        let mut cycles = Vec::new();
        for start in 0..self.to.len() {
            if known.contains(&start) {
                continue;
            }
            if let Some(way) = self.way_back(start) {
                known.extend(way.iter().copied());
                cycles.push(way);
            }
        }
        cycles
    }

    /// A shortest way from a number back to it.
    fn way_back(&self, start: usize) -> Option<Vec<usize>> {
        let mut came_from = vec![None; self.to.len()];
        let mut next = VecDeque::from([start]);
        while let Some(at) = next.pop_front() {
            for &end in &self.to[at] {
                if end == start {
                    let before = std::iter::successors(Some(at), |at| came_from[*at]);
                    let mut way: Vec<usize> = before.collect();
                    way.reverse();
                    return Some(way);
                }
                if came_from[end].is_none() {
                    came_from[end] = Some(at);
                    next.push_back(end);
                }
            }
        }
        None
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
    }
}
