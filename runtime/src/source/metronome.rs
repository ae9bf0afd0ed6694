//! The `metronome` source: an event per interval. It makes no event while the pipeline is not ready, and what it did
//! not make then is not made up for.

use crate::core::{Source, Time};
use crate::mutants::mutant;
use foreshock_spec::NodeSettings;
use std::time::Duration;

/// A metronome's event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// The kind of the source, `metronome`, whatever its definition is called.
    pub onramp: &'static str,
    /// Counts from 0 in each run; where the first log behind the metronome is on disk, from behind the last one stored there.
    pub id: u64,
    /// When it was made: system clock, nanoseconds since the Unix epoch.
    pub ingest_ns: u64,
}

/// Makes a [`Tick`] per interval, the first one interval after the start.
#[derive(Clone, Debug)]
pub struct Metronome {
    interval_ms: u64,
    /// The next tick: a whole number of intervals after the start. `None`: not started, or stopped.
    due: Option<Time>,
    id: u64,
}

impl Metronome {
    /// With the settings of its row.
    pub fn new(settings: &NodeSettings<'_>) -> Metronome {
        Metronome::with_interval(settings.u64("interval"))
    }

    /// A tick per `interval_ms` milliseconds (at least 1).
    pub fn with_interval(interval_ms: u64) -> Metronome {
        Metronome { interval_ms: interval_ms.max(1), due: None, id: 0 }
    }

    /// The first whole interval after `due` that lies ahead of `now`, where the very next one does not.
    #[cold]
    fn after_a_pause(&self, due: Time, now: Time) -> Time {
        let interval = Duration::from_millis(self.interval_ms).as_nanos();
        let ahead = interval - now.since(due).as_nanos() % interval;
        now.plus(Duration::from_nanos(u64::try_from(ahead).unwrap_or(u64::MAX)))
    }
}

impl Source for Metronome {
    type Event = Tick;

    fn start(&mut self, now: Time) {
        self.due = Some(now.plus_ms(self.interval_ms));
    }

    fn stop(&mut self) {
        self.due = None;
    }

    #[inline]
    fn is_due(&self, now: Time) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    /// The tick that is due. The next is due at the first whole interval that lies ahead.
    #[inline]
    fn make(&mut self, now: Time, unix_ns: u64) -> Tick {
        if let Some(due) = self.due {
            debug_assert!(due <= now, "made only when due");
            let next = due.plus_ms(self.interval_ms);
            self.due = Some(if next > now { next } else { self.after_a_pause(due, now) });
        }
        let id = self.id;
        // Only a log that some other program has written can know ids so great.
        self.id = self.id.saturating_add(1);
        Tick { onramp: "metronome", id, ingest_ns: unix_ns }
    }

    fn deadline(&self) -> Option<Time> {
        self.due
    }

    fn resume(&mut self, last: u64) {
        let ahead = if mutant!("resume_one_too_far") { 2 } else { u64::from(!mutant!("resume_off_by_one")) };
        self.id = last.saturating_add(ahead);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Time {
        Time::ZERO.plus_ms(ms)
    }

    /// Starts at `start`, then looks once at each of `times` (milliseconds), as a pipeline that is ready only at these
    /// would: which of them make an event?
    fn check(interval_ms: u64, start: u64, times: &[u64], expected: &[u64]) {
        let mut metronome = Metronome::with_interval(interval_ms);
        metronome.start(ms(start));
        let mut made = Vec::new();
        for &time in times {
            if metronome.is_due(ms(time)) {
                let tick = metronome.make(ms(time), time + 5);
                let id = made.len() as u64;
                assert_eq!(tick, Tick { onramp: "metronome", id, ingest_ns: time + 5 });
                made.push(time);
            }
            assert!(metronome.deadline() > Some(ms(time)) || metronome.is_due(ms(time)));
        }
        assert_eq!(made, expected, "every {interval_ms} ms from {start}, looked at {times:?}");
    }

    #[test]
    fn the_first_event_comes_one_interval_after_the_start() {
        check(100, 0, &[0, 99, 100], &[100]);
        check(100, 40, &[100, 139, 140, 239, 240], &[140, 240]);
    }

    #[test]
    fn an_event_that_is_late_does_not_delay_the_next() {
        check(100, 0, &[130, 199, 200, 299, 300], &[130, 200, 300]);
    }

    #[test]
    fn after_a_pause_one_event_is_made_and_the_rest_are_not_made_up_for() {
        check(100, 0, &[100, 950, 951, 999, 1000, 1001, 1100], &[100, 950, 1000, 1100]);
        check(100, 0, &[100, 900, 901, 999, 1000], &[100, 900, 1000]);
    }

    #[test]
    fn it_makes_nothing_before_the_start_and_after_the_stop() {
        let mut metronome = Metronome::with_interval(10);
        assert_eq!((metronome.is_due(ms(1000)), metronome.deadline()), (false, None));
        metronome.start(ms(1000));
        assert_eq!((metronome.is_due(ms(1010)), metronome.deadline()), (true, Some(ms(1010))));
        metronome.stop();
        assert_eq!((metronome.is_due(ms(2000)), metronome.deadline()), (false, None));
    }

    #[test]
    fn it_goes_on_behind_the_last_id_of_a_run_before() {
        fn check(last: Option<u64>, expected: [u64; 2]) {
            let mut metronome = Metronome::with_interval(10);
            if let Some(last) = last {
                metronome.resume(last);
            }
            metronome.start(ms(0));
            let ids = [10, 20].map(|at| metronome.make(ms(at), 0).id);
            assert_eq!(ids, expected, "behind {last:?}");
        }
        check(None, [0, 1]);
        check(Some(0), [1, 2]);
        check(Some(41), [42, 43]);
        check(Some(u64::MAX), [u64::MAX, u64::MAX]);
    }

    #[test]
    fn the_interval_is_that_of_its_settings() {
        use foreshock_spec::{Definition, Kind, Literal, Settings};
        static DEFINITIONS: [Definition; 1] = [Definition {
            path: "onramp.m",
            kind: Kind::Onramp,
            row: "metronome",
            config: &[("interval", Literal::Int(70))],
        }];
        let mut metronome = Metronome::new(&Settings::new(&DEFINITIONS).of(0));
        metronome.start(ms(1));
        assert_eq!(metronome.deadline(), Some(ms(71)));
    }

    #[test]
    fn an_interval_beyond_all_time_makes_no_event() {
        check(u64::MAX, 0, &[0, 1_000_000_000_000], &[]);
    }
}
