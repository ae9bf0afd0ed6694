//! What a node measures, beside what it [counts](crate::core::Counts): room, round trips, syncs. Levels and times as they are
//! now, for observers; nothing in a flow is decided by them.

use std::time::Duration;

/// What a node measures; `None` is what it does not have, or does not know yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// Events that would find room now by their number: free places of a log or a send window; 0 while nothing is taken at all.
    /// `None` also where there is no limit.
    pub room: Option<u64>,
    /// The same in bytes: of encoded payload; of a log on disk, bytes of its files, what it needs for itself taken off.
    pub room_bytes: Option<u64>,
    /// How long the peer takes to answer a ping.
    pub round_trip: Option<RoundTrip>,
    /// How long it takes to make events safe on disk.
    pub syncs: Option<Syncs>,
}

/// From a ping that was handed to the socket's task to its pong that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundTrip {
    /// The last one.
    pub last: Duration,
    /// All of them, the last ones weighing most: the smoothed round-trip time of RFC 6298 section 2.
    pub smoothed: Duration,
}

impl RoundTrip {
    /// After one that took so long. The first of a connection has none before it.
    pub fn after(before: Option<RoundTrip>, took: Duration) -> RoundTrip {
        let smoothed = before.map_or(took, |before| (before.smoothed * 7 + took) / 8);
        RoundTrip { last: took, smoothed }
    }
}

/// Exchanges with a disk in which events were made safe, since the start: each from its request (what is to be appended
/// included) until the log hears that it is done, which is what an event waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Syncs {
    /// How many.
    pub count: u64,
    /// How long they took together.
    pub total: Duration,
    /// How long the last one took.
    pub last: Duration,
    /// How long the longest one took.
    pub longest: Duration,
}

impl Syncs {
    /// One more, which took so long.
    pub fn add(&mut self, took: Duration) {
        self.count += 1;
        self.total = self.total.saturating_add(took);
        self.last = took;
        self.longest = self.longest.max(took);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_round_trip_is_smoothed_by_eighths() {
        let first = RoundTrip::after(None, ms(80));
        assert_eq!(first, RoundTrip { last: ms(80), smoothed: ms(80) });
        let second = RoundTrip::after(Some(first), ms(160));
        assert_eq!(second, RoundTrip { last: ms(160), smoothed: ms(90) });
        let settled = (0..200).fold(second, |before, _| RoundTrip::after(Some(before), ms(10)));
        assert!(settled.smoothed >= ms(10) && settled.smoothed < ms(11), "{settled:?}");
    }

    #[test]
    fn syncs_are_added_up() {
        let mut syncs = Syncs::default();
        [3, 9, 4].into_iter().for_each(|took| syncs.add(ms(took)));
        assert_eq!(syncs, Syncs { count: 3, total: ms(16), last: ms(4), longest: ms(9) });
    }
}
