//! Time as the core sees it: a number that the driver passes in.

use std::time::Duration;

/// Monotonic time: nanoseconds since the flow started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(u64);

impl Time {
    /// The start of the flow.
    pub const ZERO: Time = Time(0);

    /// The time `since_start` after the start of the flow.
    pub fn from_duration(since_start: Duration) -> Time {
        Time(u64::try_from(since_start.as_nanos()).unwrap_or(u64::MAX))
    }

    /// The time since the start of the flow.
    pub fn as_duration(self) -> Duration {
        Duration::from_nanos(self.0)
    }

    /// This time plus `ms` milliseconds; saturates.
    #[must_use]
    pub const fn plus_ms(self, ms: u64) -> Time {
        Time(self.0.saturating_add(ms.saturating_mul(1_000_000)))
    }

    /// This time plus `duration`; saturates.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Time {
        Time(self.0.saturating_add(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)))
    }

    /// How long ago `earlier` was; zero if it lies ahead.
    pub fn since(self, earlier: Time) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }

    /// The earlier of two optional deadlines.
    pub fn earliest(a: Option<Time>, b: Option<Time>) -> Option<Time> {
        match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, other) => one.or(other),
        }
    }
}
