//! What an observer sees of a machine: a circuit breaker per node, and log lines about what goes wrong.
//!
//! A breaker decides nothing. It is *triggered* after a time without room and *restored* with room; a node that took
//! an event since the last look had room, whatever it says now. It is looked at between steps: at the end of each
//! burst of steps, so at least whenever the driver waits. A trigger is a warning, unless it says no more than that somebody
//! reads slowly what a sink has written: all breakers behind which nothing else is without room.
//!
//! Events that went wrong are a warning, unless somebody takes them: an `err` that is linked.
//!
//! Of one kind of line about a node, one a second is written. What is held back is told when that second is over
//! ([`Observer::deadline`] says when), and troubles at the latest at the end of the run.

use std::time::Duration;

use foreshock_spec::picture::Picture;
use tracing::{info, warn};

use crate::core::{Counts, Machine, Measures, NodeKind, NodeReport, Time};
use crate::mutants::mutant;

/// One node as the observer knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NodeState {
    pub(crate) path: String,
    pub(crate) instance: String,
    pub(crate) kind: NodeKind,
    pub(crate) counts: Counts,
    pub(crate) measures: Measures,
    /// Whether the breaker is triggered now.
    pub(crate) triggered: bool,
    /// How often it was.
    pub(crate) times_triggered: u64,
}

/// The breakers of one machine.
#[derive(Debug)]
pub(super) struct Observer {
    breaker_after_ms: u64,
    /// Says which `err` is linked; none, as long as there is none.
    picture: Option<&'static Picture<'static>>,
    nodes: Vec<Observed>,
    /// The sinks at the last look.
    sinks: Sinks,
}

/// What the sinks of a machine say together.
#[derive(Clone, Copy, Debug, Default)]
struct Sinks {
    /// One holds events, or has no room for more, since somebody reads slowly.
    any_slow: bool,
    /// One does so for another reason.
    any_in_trouble: bool,
}

#[derive(Debug)]
struct Observed {
    state: NodeState,
    /// Somebody takes the events that fail here or are rejected.
    is_err_linked: bool,
    without_room_since: Option<Time>,
    /// What the log was told of the breaker.
    logged_triggered: bool,
    /// What the log was told of the counts: a line tells the sums since.
    logged: Counts,
    /// When the next line of each kind may be written.
    triggered_from: Time,
    restored_from: Time,
    troubles_from: Time,
}

/// Between two lines of one kind about a node.
const LINE_EVERY: Duration = Duration::from_secs(1);

impl Observer {
    pub(super) fn new(breaker_after_ms: u64) -> Observer {
        Observer { breaker_after_ms, picture: None, nodes: Vec::new(), sinks: Sinks::default() }
    }

    /// The machine is a part of this flow.
    pub(super) fn know(&mut self, picture: &'static Picture<'static>) {
        self.picture = Some(picture);
    }

    /// Looks at every node.
    pub(super) fn observe(&mut self, machine: &dyn Machine, now: Time) {
        let breaker_after_ms = self.breaker_after_ms;
        let (nodes, picture) = (&mut self.nodes, self.picture);
        let mut index = 0;
        let (before, mut sinks) = (self.sinks, Sinks::default());
        machine.report(&mut |report| {
            if index == nodes.len() {
                let is_linked = |picture: &Picture<'_>| picture.is_err_linked(report.path, report.instance);
                nodes.push(Observed::new(&report, picture.is_some_and(is_linked)));
            }
            // Nodes come before the sinks that they lead to; what these said at the last look still holds after so long a time.
            nodes[index].see(&report, before.blame(&report), now, breaker_after_ms);
            sinks.see(&report);
            index += 1;
        });
        self.sinks = sinks;
    }

    /// When there will be something to see or to tell if nothing happens before: a breaker is triggered, or a line that
    /// was held back may be written.
    pub(super) fn deadline(&self) -> Option<Time> {
        self.nodes.iter().filter_map(|node| node.deadline(self.breaker_after_ms)).min()
    }

    /// The last look, at the end of the run: troubles that were held back are told now or never. Breakers stay as they
    /// were, since sinks that have said goodbye have no room.
    pub(super) fn finish(&mut self, machine: &dyn Machine) {
        let mut nodes = self.nodes.iter_mut();
        machine.report(&mut |report| {
            let Some(node) = nodes.next() else { return };
            node.state.counts = report.counts;
            if node.trouble_line().is_some() {
                node.say_troubles();
            }
        });
    }

    /// What is known of every node: the numbers of now, the breakers of the last look.
    pub(super) fn snapshot(&self, machine: &dyn Machine) -> Vec<NodeState> {
        let mut nodes = Vec::new();
        machine.report(&mut |report| {
            let known = self.nodes.get(nodes.len()).map(|node| node.state.clone());
            let state = known.unwrap_or_else(|| NodeState::new(&report));
            nodes.push(NodeState { counts: report.counts, measures: report.measures, ..state });
        });
        nodes
    }
}

/// Why a node has no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blame {
    /// Somebody reads slowly.
    Reader,
    /// Something else, or nobody knows.
    Other,
}

impl Sinks {
    fn see(&mut self, report: &NodeReport<'_>) {
        // A log may be full of what a sink has not confirmed, while that has room for more.
        if report.kind == NodeKind::Sink && (!report.has_room || report.counts.pending > 0) {
            self.any_slow |= report.is_slow;
            self.any_in_trouble |= !report.is_slow;
        }
    }

    fn blame(self, report: &NodeReport<'_>) -> Blame {
        let is_slow = match report.kind {
            NodeKind::Sink => report.is_slow,
            NodeKind::Source | NodeKind::Operator => self.any_slow && !self.any_in_trouble,
        };
        if is_slow { Blame::Reader } else { Blame::Other }
    }
}

impl NodeState {
    fn new(report: &NodeReport<'_>) -> NodeState {
        NodeState {
            path: report.path.to_owned(),
            instance: report.instance.to_owned(),
            kind: report.kind,
            counts: Counts::default(),
            measures: Measures::default(),
            triggered: false,
            times_triggered: 0,
        }
    }
}

impl Observed {
    fn new(report: &NodeReport<'_>, is_err_linked: bool) -> Observed {
        Observed {
            state: NodeState::new(report),
            is_err_linked,
            without_room_since: None,
            logged_triggered: false,
            logged: Counts::default(),
            triggered_from: Time::ZERO,
            restored_from: Time::ZERO,
            troubles_from: Time::ZERO,
        }
    }

    fn see(&mut self, report: &NodeReport<'_>, blame: Blame, now: Time, breaker_after_ms: u64) {
        let had_room = report.has_room || report.counts.taken != self.state.counts.taken;
        self.state.counts = report.counts;
        if had_room {
            self.without_room_since = None;
            self.state.triggered &= mutant!("breaker_not_restored");
        }
        if !report.has_room && !self.state.triggered {
            let since = *self.without_room_since.get_or_insert(now);
            if since.plus_ms(breaker_after_ms) <= now {
                self.state.triggered = true;
                self.state.times_triggered += 1;
            }
        }
        if self.breaker_line().is_some_and(|from| from <= now) {
            self.say_breaker(blame, now);
        }
        if self.trouble_line().is_some_and(|from| from <= now) {
            self.troubles_from = now.plus(LINE_EVERY);
            self.say_troubles();
        }
    }

    fn deadline(&self, breaker_after_ms: u64) -> Option<Time> {
        let waiting = self.without_room_since.filter(|_| !self.state.triggered);
        let triggers = waiting.map(|since| since.plus_ms(breaker_after_ms));
        Time::earliest(triggers, Time::earliest(self.breaker_line(), self.trouble_line()))
    }

    /// If there is something to tell of the breaker: from when on that may be told.
    fn breaker_line(&self) -> Option<Time> {
        let from = if self.state.triggered { self.triggered_from } else { self.restored_from };
        (self.state.triggered != self.logged_triggered).then_some(from)
    }

    /// If there are troubles to tell: from when on they may be told.
    fn trouble_line(&self) -> Option<Time> {
        let troubles = |counts: &Counts| {
            let Counts { rejected, errors, lost, failed, replayed, .. } = *counts;
            [rejected, errors, lost, failed, replayed]
        };
        (troubles(&self.state.counts) != troubles(&self.logged)).then_some(self.troubles_from)
    }

    fn say_breaker(&mut self, blame: Blame, now: Time) {
        let NodeState { path, instance, counts, triggered, times_triggered, .. } = &self.state;
        let (pending, times) = (counts.pending, times_triggered);
        self.logged_triggered = *triggered;
        if *triggered {
            self.triggered_from = now.plus(LINE_EVERY);
            match blame {
                Blame::Other => {
                    warn!(node = path, instance, pending, times, "circuit breaker triggered: no room")
                }
                Blame::Reader => {
                    info!(node = path, instance, pending, times, "circuit breaker triggered: a slow reader");
                }
            }
        } else {
            self.restored_from = now.plus(LINE_EVERY);
            info!(node = path, instance, pending, times, "circuit breaker restored");
        }
    }

    fn say_troubles(&mut self) {
        let (seen, logged) = (&self.state.counts, &self.logged);
        let NodeState { path, instance, .. } = &self.state;
        let (failed, replayed) = (seen.failed - logged.failed, seen.replayed - logged.replayed);
        let (rejected, errors) = (seen.rejected - logged.rejected, seen.errors - logged.errors);
        let lost = seen.lost - logged.lost;
        let told = rejected + errors;
        let is_wrong = lost > 0 || (told > 0 && !self.is_err_linked);
        // A field that has nothing to say is left out.
        let [rejected, errors, lost, failed, replayed] =
            [rejected, errors, lost, failed, replayed].map(|count| (count > 0).then_some(count));
        if is_wrong {
            warn!(node = path, instance, rejected, errors, lost, failed, replayed, "events went wrong");
        } else if told > 0 {
            info!(node = path, instance, rejected, errors, failed, replayed, "events went to `err`");
        } else {
            info!(node = path, instance, failed, replayed, "deliveries failed or were repeated");
        }
        self.logged = *seen;
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The log after looks at a node: at these milliseconds, room, taken and lost. Between them, and for three seconds
    /// after them, it is looked at whenever its deadline says so.
    fn log_of(looks: &[(u64, bool, u64, u64)]) -> String {
        logged(|| {
            let mut node = Observed::new(&report(true, 0, 0), false);
            for (n, &(at_ms, has_room, taken, lost)) in looks.iter().enumerate() {
                let report = report(has_room, taken, lost);
                let until = Time::ZERO.plus_ms(looks.get(n + 1).map_or(at_ms + 3000, |next| next.0));
                node.see(&report, Blame::Other, Time::ZERO.plus_ms(at_ms), 100);
                while let Some(at) = node.deadline(100).filter(|at| *at < until) {
                    node.see(&report, Blame::Other, at, 100);
                    assert!(node.deadline(100).is_none_or(|next| next > at), "a deadline that does not pass");
                }
            }
        })
    }

    fn report(has_room: bool, taken: u64, lost: u64) -> NodeReport<'static> {
        NodeReport {
            path: "onramp.m",
            instance: "01",
            kind: NodeKind::Source,
            has_room,
            is_slow: false,
            counts: Counts { taken, lost, ..Counts::default() },
            measures: Measures::default(),
        }
    }

    /// The lines that `act` writes.
    fn logged(act: impl FnOnce()) -> String {
        let log = Log::default();
        let writer = log.clone();
        let lines = tracing_subscriber::fmt().with_writer(move || writer.clone()).without_time();
        tracing::subscriber::with_default(lines.with_ansi(false).finish(), act);
        let bytes = log.0.lock().expect("no panic").clone();
        String::from_utf8(bytes).expect("text")
    }

    fn check(looks: &[(u64, bool, u64, u64)], expected: &[&str]) {
        let log = log_of(looks);
        let lines: Vec<&str> = log.lines().collect();
        assert_eq!(lines.len(), expected.len(), "{log}");
        for (line, part) in lines.iter().zip(expected) {
            assert!(line.contains(part), "no `{part}` in: {line}");
        }
    }

    /// Who is to blame for a source or log without room, and for each sink, if these are the sinks: room, pending events, slow.
    fn check_blame(sinks: &[(bool, u64, bool)], source: Blame, themselves: &[Blame]) {
        let report = |kind, has_room, pending, is_slow| NodeReport {
            path: "x",
            instance: "01",
            kind,
            has_room,
            is_slow,
            counts: Counts { pending, ..Counts::default() },
            measures: Measures::default(),
        };
        let mut seen = Sinks::default();
        sinks
            .iter()
            .for_each(|&(room, pending, slow)| seen.see(&report(NodeKind::Sink, room, pending, slow)));
        let blame = |kind, slow| seen.blame(&report(kind, false, 0, slow));
        assert_eq!(blame(NodeKind::Source, false), source, "{sinks:?}");
        assert_eq!(blame(NodeKind::Operator, false), source, "{sinks:?}");
        let own: Vec<Blame> = sinks.iter().map(|&(.., slow)| blame(NodeKind::Sink, slow)).collect();
        assert_eq!(own, themselves, "{sinks:?}");
    }

    #[test]
    fn a_slow_reader_is_to_blame_only_where_no_sink_is_in_trouble() {
        use Blame::{Other, Reader};
        check_blame(&[], Other, &[]);
        check_blame(&[(false, 9, true)], Reader, &[Reader]);
        check_blame(&[(true, 9, true)], Reader, &[Reader]);
        check_blame(&[(false, 9, true), (true, 0, false)], Reader, &[Reader, Other]);
        check_blame(&[(false, 9, true), (true, 9, false)], Other, &[Reader, Other]);
        check_blame(&[(false, 9, true), (false, 0, false)], Other, &[Reader, Other]);
        check_blame(&[(true, 0, true)], Other, &[Reader]);
        check_blame(&[(false, 9, false)], Other, &[Other]);
    }

    #[test]
    fn troubles_are_told_at_once_and_then_once_a_second_with_their_sum() {
        check(&[(0, true, 1, 0), (5, true, 2, 0)], &[]);
        let all =
            [(0, true, 1, 2), (5, true, 2, 3), (900, true, 3, 7), (1000, true, 3, 8), (1001, true, 3, 8)];
        check(&all, &["lost=2", "lost=6"]);
    }

    /// The line about troubles like these, with and without an `err` that takes them.
    fn check_troubles(counts: Counts, unlinked: &str, linked: &str) {
        for (is_err_linked, expected) in [(false, unlinked), (true, linked)] {
            let log = logged(|| {
                let mut report = report(true, 0, 0);
                let mut node = Observed::new(&report, is_err_linked);
                report.counts = counts;
                node.see(&report, Blame::Other, Time::ZERO, 100);
            });
            let line = log.split_once("observer: ").expect("a line").1.trim_end();
            let level = log.split_whitespace().next().unwrap_or_default();
            assert_eq!(format!("{level} {line}"), expected, "{counts:?}");
        }
    }

    #[test]
    fn a_line_tells_the_counts_that_there_are_and_warns_of_what_nobody_takes() {
        let none = Counts::default();
        check_troubles(
            Counts { errors: 1, ..none },
            "WARN events went wrong node=\"onramp.m\" instance=\"01\" errors=1",
            "INFO events went to `err` node=\"onramp.m\" instance=\"01\" errors=1",
        );
        check_troubles(
            Counts { rejected: 2, failed: 3, replayed: 4, ..none },
            "WARN events went wrong node=\"onramp.m\" instance=\"01\" rejected=2 failed=3 replayed=4",
            "INFO events went to `err` node=\"onramp.m\" instance=\"01\" rejected=2 failed=3 replayed=4",
        );
        let lost = "WARN events went wrong node=\"onramp.m\" instance=\"01\" errors=1 lost=2";
        check_troubles(Counts { errors: 1, lost: 2, ..none }, lost, lost);
        let replayed = "INFO deliveries failed or were repeated node=\"onramp.m\" instance=\"01\" replayed=2";
        check_troubles(Counts { replayed: 2, ..none }, replayed, replayed);
    }

    #[test]
    fn what_was_held_back_is_told_when_its_time_has_come_and_nothing_else_happens() {
        check(&[(0, true, 1, 2), (5, true, 2, 3), (900, true, 3, 7)], &["lost=2", "lost=5"]);
        let short_breaks =
            [(0, false, 0, 0), (150, true, 0, 0), (160, false, 0, 0), (300, true, 0, 0), (310, false, 0, 0)];
        check(&short_breaks, &["triggered: no room", "restored", "triggered: no room"]);
    }

    #[test]
    fn breakers_are_told_when_they_change_and_not_endlessly() {
        check(&[(0, true, 0, 0), (10, false, 0, 0), (109, true, 0, 0)], &[]);
        let once = [(0, false, 0, 0), (100, false, 0, 0), (900, false, 0, 0), (950, true, 0, 0)];
        check(&once, &["triggered", "restored"]);
        let flapping: Vec<_> = (0..40).map(|n| (n * 101 / 2, n % 4 == 3, 0, 0)).collect();
        let told = log_of(&flapping).lines().count();
        assert!((4..=6).contains(&told), "{told} lines for 20 changes in 2 s");
    }
}
