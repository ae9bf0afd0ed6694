//! `qos::roundrobin`: spreads events evenly over the outputs that have room. It keeps no events and hears no answers:
//! these travel past it to the log.

use crate::core::Counts;

/// Whose turn it is.
#[derive(Clone, Debug)]
pub struct RoundRobin {
    outputs: usize,
    /// The output whose turn is next, unless it has no room.
    turn: usize,
    counts: Counts,
}

impl RoundRobin {
    /// Over `outputs` outputs, numbered from 0 in the order of the config key; the first has the first turn.
    pub fn new(outputs: usize) -> RoundRobin {
        RoundRobin { outputs, turn: 0, counts: Counts::default() }
    }

    /// The next output in order after the last used that has room, if any has. Asks each output at most once, and
    /// changes nothing: [`RoundRobin::took`] does, once the event is placed.
    #[inline]
    pub fn pick(&self, has_room: impl Fn(usize) -> bool) -> Option<usize> {
        let from_turn = self.turn..self.outputs;
        from_turn.chain(0..self.turn).find(|&output| has_room(output))
    }

    /// `output` took an event: the turn goes to the one behind it.
    #[inline]
    pub fn took(&mut self, output: usize) {
        debug_assert!(output < self.outputs, "an output that `pick` gave");
        self.turn = if output + 1 < self.outputs { output + 1 } else { 0 };
        self.counts.taken += 1;
        self.counts.emitted += 1;
    }

    /// `taken` and `emitted`.
    pub fn counts(&self) -> Counts {
        self.counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One event per entry of `room`, which names the outputs that have room then. `-`: nobody took it.
    fn check(outputs: usize, room: &[&str], expected: &str) {
        let mut round_robin = RoundRobin::new(outputs);
        let mut taken = 0;
        let mut used = String::new();
        for open in room {
            match round_robin.pick(|output| open.contains(&output.to_string())) {
                Some(output) => {
                    round_robin.took(output);
                    taken += 1;
                    used += &output.to_string();
                }
                None => used.push('-'),
            }
        }
        assert_eq!(used, expected, "{outputs} outputs, room {room:?}");
        assert_eq!(round_robin.counts(), Counts { taken, emitted: taken, ..Counts::default() });
    }

    #[test]
    fn outputs_with_room_take_turns_from_the_first() {
        check(3, &["012"; 7], "0120120");
        check(1, &["0"; 3], "000");
        check(5, &["01234"; 6], "012340");
    }

    #[test]
    fn an_output_without_room_is_passed_over_and_the_others_share_its_part() {
        check(3, &["02"; 5], "02020");
        check(3, &["012", "02", "02", "02"], "0202");
    }

    #[test]
    fn an_output_that_comes_back_takes_its_turn_and_no_more() {
        check(3, &["12", "12", "12", "012", "012", "012", "012"], "1212012");
        check(3, &["1", "1", "1", "012", "012", "012"], "111201");
    }

    #[test]
    fn nobody_takes_what_nobody_has_room_for_and_the_turn_stays() {
        check(2, &["01", "", "", "01", "01"], "0--10");
        check(0, &["0"], "-");
    }

    #[test]
    fn a_pick_that_was_not_taken_leaves_the_turn() {
        let round_robin = RoundRobin::new(2);
        assert_eq!(round_robin.pick(|_| true), Some(0));
        assert_eq!(round_robin.pick(|_| true), Some(0));
    }
}
