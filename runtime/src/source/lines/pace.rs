//! When the next event is due, for a source with a rate or with none.

use std::time::Duration;

use crate::core::Time;

/// What was late by more than this is not made up for: after a pause there is no flood.
const MADE_UP: Duration = Duration::from_millis(100);

/// Times of events: one per interval, or at once.
#[derive(Debug)]
pub(super) struct Pace {
    /// `None`: as fast as they are taken.
    interval: Option<Duration>,
    due: Time,
}

impl Pace {
    /// So many events per second.
    pub(super) fn new(rate: Option<u64>) -> Pace {
        let interval =
            rate.map(|rate| Duration::from_secs(1) / u32::try_from(rate.max(1)).unwrap_or(u32::MAX));
        Pace { interval, due: Time::ZERO }
    }

    pub(super) fn start(&mut self, now: Time) {
        self.due = now;
    }

    #[inline]
    pub(super) fn is_due(&self, now: Time) -> bool {
        self.due <= now
    }

    pub(super) fn due(&self) -> Option<Time> {
        Some(self.due)
    }

    /// One was made.
    #[inline]
    pub(super) fn made(&mut self, now: Time) {
        let Some(interval) = self.interval else { return };
        let late = now.since(self.due);
        if late > MADE_UP {
            self.due = self.due.plus(late - MADE_UP);
        }
        self.due = self.due.plus(interval);
    }
}
