//! How long it takes until somebody who is back gets, or makes, an event again.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Nanoseconds since the Unix epoch: the clock of `ingest_ns`.
fn unix_ns() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

/// Stops the time for one victim.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// When it was back, by both clocks.
    back: Option<(Instant, u64)>,
    times: Vec<Duration>,
    /// It was struck again before it got or made an event.
    unfinished: u64,
}

impl Watch {
    /// It was struck.
    pub(super) fn struck(&mut self) {
        self.unfinished += u64::from(self.back.take().is_some());
    }

    /// It was started, thawed, or cut off without being stopped.
    pub(super) fn is_back(&mut self) {
        self.back = Some((Instant::now(), unix_ns()));
    }

    /// An event has arrived that was made then. One that is older than its return does not count: it may have been in
    /// a buffer all the time.
    pub(super) fn saw(&mut self, ingest_ns: u64) {
        if let Some((back, _)) = self.back.take_if(|(_, since)| ingest_ns >= *since) {
            self.times.push(back.elapsed());
        }
    }

    /// Whether it is back and has not got or made an event since.
    pub(super) fn is_waiting(&self) -> bool {
        self.back.is_some()
    }
}

/// What the watches of several victims say together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Times {
    /// In ascending order.
    sorted: Vec<Duration>,
    /// How many were struck again before they could be measured.
    pub(super) unfinished: u64,
}

impl Times {
    /// Of all these.
    pub(super) fn of<'a>(watches: impl IntoIterator<Item = &'a Watch>) -> Times {
        let mut times = Times::default();
        for watch in watches {
            times.sorted.extend(&watch.times);
            times.unfinished += watch.unfinished;
        }
        times.sorted.sort_unstable();
        times
    }

    /// How many were measured.
    pub(super) fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Whether none was.
    pub(super) fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// So many of a hundred took at most this long.
    pub(super) fn percentile(&self, percent: usize) -> Duration {
        let at = (self.sorted.len() * percent / 100).min(self.sorted.len().saturating_sub(1));
        self.sorted.get(at).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_events_made_since_the_return_count() {
        let mut watch = Watch::default();
        watch.saw(unix_ns());
        assert!(Times::of([&watch]).is_empty(), "it was never away");

        watch.struck();
        watch.is_back();
        watch.saw(unix_ns() - 1_000_000_000);
        assert!(watch.is_waiting());
        watch.saw(unix_ns());
        watch.saw(unix_ns());
        assert!(!watch.is_waiting());
        assert_eq!((Times::of([&watch]).len(), Times::of([&watch]).unfinished), (1, 0));

        watch.is_back();
        watch.struck();
        assert!(!watch.is_waiting());
        assert_eq!((Times::of([&watch]).len(), Times::of([&watch]).unfinished), (1, 1));
    }

    #[test]
    fn percentiles_are_of_the_sorted_times() {
        let watch = Watch { times: [5, 1, 4, 2, 3].map(Duration::from_secs).to_vec(), ..Watch::default() };
        let times = Times::of([&watch]);
        let seconds = [0, 50, 99, 100].map(|percent| times.percentile(percent).as_secs());
        assert_eq!(seconds, [1, 3, 5, 5]);
        assert_eq!(Times::default().percentile(50), Duration::ZERO);
    }
}
