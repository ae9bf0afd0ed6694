//! `qos::roundrobin`: spreads events evenly over the outputs that have room. It keeps no events and hears no answers:
//! these travel past it to the log.

use crate::core::Counts;
use crate::mutants::mutant;

/// Whose turn it is, of `N` outputs. Their number is part of the type, so that generated code computes no turn: behind each
/// output stands a constant.
#[derive(Clone, Debug, Default)]
pub struct RoundRobin<const N: usize> {
    /// The output whose turn is next, unless it has no room.
    turn: usize,
    taken: u64,
}

impl<const N: usize> RoundRobin<N> {
    /// Outputs are numbered from 0 in the order of the config key; the first has the first turn.
    pub fn new() -> RoundRobin<N> {
        RoundRobin::default()
    }

    /// The outputs in the order in which they are to be asked for room: each once, the next after the last used first. It
    /// changes nothing: [`RoundRobin::took`] does, once it is clear who takes the event.
    #[inline]
    pub fn turns(&self) -> Turns<N> {
        Turns { next: self.turn, left: N }
    }

    /// `output` took an event: the turn goes to the one behind it.
    #[inline]
    pub fn took(&mut self, output: usize) {
        debug_assert!(output < N, "an output that `turns` gave");
        self.turn = if mutant!("round_robin_stuck") { output } else { behind::<N>(output) };
        self.taken += 1;
    }

    /// `taken` and `emitted`, which are the same: it keeps no events.
    pub fn counts(&self) -> Counts {
        Counts { taken: self.taken, emitted: self.taken, ..Counts::default() }
    }
}

#[inline]
fn behind<const N: usize>(output: usize) -> usize {
    if output + 1 < N { output + 1 } else { 0 }
}

/// Outputs in order; made by [`RoundRobin::turns`].
#[derive(Clone, Debug)]
pub struct Turns<const N: usize> {
    next: usize,
    left: usize,
}

impl<const N: usize> Iterator for Turns<N> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        self.left = self.left.checked_sub(1)?;
        let output = self.next;
        self.next = behind::<N>(output);
        Some(output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One event per entry of `room`, which names the outputs that have room then. `-`: nobody took it.
    fn check<const N: usize>(room: &[&str], expected: &str) {
        let mut round_robin = RoundRobin::<N>::new();
        let mut taken = 0;
        let mut used = String::new();
        for open in room {
            match round_robin.turns().find(|output| open.contains(&output.to_string())) {
                Some(output) => {
                    round_robin.took(output);
                    taken += 1;
                    used += &output.to_string();
                }
                None => used.push('-'),
            }
        }
        assert_eq!(used, expected, "{N} outputs, room {room:?}");
        assert_eq!(round_robin.counts(), Counts { taken, emitted: taken, ..Counts::default() });
    }

    #[test]
    fn outputs_with_room_take_turns_from_the_first() {
        check::<3>(&["012"; 7], "0120120");
        check::<1>(&["0"; 3], "000");
        check::<5>(&["01234"; 6], "012340");
    }

    #[test]
    fn an_output_without_room_is_passed_over_and_the_others_share_its_part() {
        check::<3>(&["02"; 5], "02020");
        check::<3>(&["012", "02", "02", "02"], "0202");
    }

    #[test]
    fn an_output_that_comes_back_takes_its_turn_and_no_more() {
        check::<3>(&["12", "12", "12", "012", "012", "012", "012"], "1212012");
        check::<3>(&["1", "1", "1", "012", "012", "012"], "111201");
    }

    #[test]
    fn nobody_takes_what_nobody_has_room_for_and_the_turn_stays() {
        check::<2>(&["01", "", "", "01", "01"], "0--10");
        check::<0>(&["0"], "-");
    }

    #[test]
    fn turns_that_nobody_took_leave_the_turn() {
        let mut round_robin = RoundRobin::<3>::new();
        round_robin.took(0);
        for _ in 0..2 {
            assert_eq!(round_robin.turns().collect::<Vec<_>>(), [1, 2, 0]);
        }
    }
}
