//! The source of both sides: events that are always due, or due by a schedule. The schedule is open: each event has its
//! time from the beginning, and who is late with one event does not put off the next. (A source that waited for the one before
//! would leave out just the moments in which much would have waited: coordinated omission.)

use std::time::Duration;

use nix::time::{ClockId, clock_gettime};

use crate::event::{FIRST_NS, Tick};

/// How a source that is not due comes to be asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wakes {
    /// By tokio's timer, which knows whole milliseconds, as a metronome is.
    Timer,
    /// It is asked without a pause: no timer's share is in the latency, and a processor is busy with asking.
    Spin,
}

/// When events are due.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// Events per second, evenly.
    pub rate: u64,
    /// Who asks.
    pub wakes: Wakes,
}

/// Nanoseconds by a clock that all processes share and nobody sets; begins at [`FIRST_NS`], so that they have as many digits as
/// the time in an event.
///
/// # Panics
/// If the system does not have that clock.
#[inline]
pub fn now_ns() -> u64 {
    let time = clock_gettime(ClockId::CLOCK_MONOTONIC).expect("the system has this clock");
    FIRST_NS + time.tv_sec() as u64 * 1_000_000_000 + time.tv_nsec() as u64
}

/// A source that makes so many events.
#[derive(Clone, Debug)]
pub struct Feed {
    events: u64,
    made: u64,
    schedule: Option<Schedule>,
    /// When it began: the time of the first event of a schedule.
    begun_ns: Option<u64>,
}

impl Feed {
    /// It has not begun. Without a schedule all events are due at once.
    pub fn new(events: u64, schedule: Option<Schedule>) -> Feed {
        Feed { events, made: 0, schedule, begun_ns: None }
    }

    /// Begins now.
    pub fn begin(&mut self) {
        self.begun_ns = Some(now_ns());
    }

    /// Makes no more.
    pub fn stop(&mut self) {
        self.events = self.made;
    }

    /// Events made.
    pub fn made(&self) -> u64 {
        self.made
    }

    /// Whether it has begun, and not made all.
    #[inline]
    pub fn is_open(&self) -> bool {
        self.begun_ns.is_some() && self.made < self.events
    }

    /// Whether it must be asked without a pause.
    #[inline]
    pub fn spins(&self) -> bool {
        self.is_open() && self.schedule.is_some_and(|schedule| schedule.wakes == Wakes::Spin)
    }

    /// Whether it would make an event now.
    #[inline]
    pub fn is_due(&self) -> bool {
        self.is_open() && (self.schedule.is_none() || self.due_ns() <= now_ns())
    }

    /// How long the next event of a schedule is to be waited for.
    pub fn wait(&self) -> Option<Duration> {
        let waits = self.is_open() && self.schedule.is_some();
        waits.then(|| Duration::from_nanos(self.due_ns().saturating_sub(now_ns())))
    }

    /// When the next event is due, of a schedule.
    fn due_ns(&self) -> u64 {
        match (self.begun_ns, self.schedule) {
            (Some(begun), Some(schedule)) => begun + self.made * 1_000_000_000 / schedule.rate,
            _ => 0,
        }
    }

    /// Makes the event that is due. Its time is that at which it was due.
    #[inline]
    pub fn make(&mut self) -> Tick {
        let tick = match self.schedule {
            None => Tick::numbered(self.made),
            Some(_) => Tick { ingest_ns: self.due_ns(), ..Tick::numbered(self.made) },
        };
        self.made += 1;
        tick
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_event_does_not_put_off_the_next() {
        let schedule = Schedule { rate: 1000, wakes: Wakes::Timer };
        let mut feed = Feed::new(3, Some(schedule));
        assert!(!feed.is_due() && feed.wait().is_none(), "it has not begun");
        let before = now_ns();
        feed.begun_ns = Some(before - 10_000_000);
        for number in 0..3 {
            assert!(feed.is_due());
            assert_eq!(feed.make().ingest_ns, before - 10_000_000 + number * 1_000_000);
        }
        assert!(!feed.is_open() && !feed.is_due());
    }

    #[test]
    fn an_event_is_not_due_before_its_time() {
        let mut feed = Feed::new(2, Some(Schedule { rate: 1, wakes: Wakes::Spin }));
        feed.begin();
        assert!(feed.is_due() && feed.spins());
        feed.make();
        assert!(!feed.is_due() && feed.wait() > Some(Duration::from_millis(1)));
        feed.stop();
        assert!(!feed.spins() && feed.wait().is_none());
    }

    #[test]
    fn without_a_schedule_all_are_due_at_once() {
        let mut feed = Feed::new(2, None);
        feed.begin();
        assert!(feed.is_due() && feed.wait().is_none() && !feed.spins());
        assert_eq!([feed.make(), feed.make()], [Tick::numbered(0), Tick::numbered(1)]);
        assert!(!feed.is_due());
    }
}
