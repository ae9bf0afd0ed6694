//! The `metronome` source: an event per interval. It makes no event while the pipeline is not ready, and what it did
//! not make then is not made up for.

use crate::core::{Source, Time};
use foreshock_spec::NodeSettings;
use std::time::Duration;

/// A metronome's event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// The kind of the source, `metronome`, whatever its definition is called.
    pub onramp: &'static str,
    /// Counts from 0 in each run.
    pub id: u64,
    /// When it was made: system clock, nanoseconds since the Unix epoch.
    pub ingest_ns: u64,
}

/// Makes a [`Tick`] per interval, the first one interval after the start.
#[derive(Clone, Debug)]
pub struct Metronome {
    interval: Duration,
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
        Metronome { interval: Duration::from_millis(interval_ms.max(1)), due: None, id: 0 }
    }
}

impl Source for Metronome {
    type Event = Tick;

    fn start(&mut self, now: Time) {
        self.due = Some(now.plus(self.interval));
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
            let late = now.since(due);
            let missed = if late < self.interval {
                Duration::ZERO
            } else {
                let since_a_tick = late.as_nanos() % self.interval.as_nanos();
                late - Duration::from_nanos(
                    u64::try_from(since_a_tick).expect("less than `late`, a time in u64"),
                )
            };
            self.due = Some(due.plus(missed).plus(self.interval));
        }
        let id = self.id;
        self.id += 1;
        Tick { onramp: "metronome", id, ingest_ns: unix_ns }
    }

    fn deadline(&self) -> Option<Time> {
        self.due
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
