//! How long a sink waits before it tries again. What it tries is not here.

use crate::core::{Random, Time};

/// While the flow drains, the wait is at most so long (in milliseconds): what a peer that comes back does not get before the
/// drain is over may be lost with the program.
const DRAINING_MOST_MS: u64 = 1000;

/// Waiting times between attempts: full jitter below a bound that doubles.
#[derive(Debug)]
pub(super) struct Backoff {
    least_ms: u64,
    most_ms: u64,
    bound_ms: u64,
}

impl Backoff {
    pub(super) fn new(least_ms: u64, most_ms: u64) -> Backoff {
        Backoff { least_ms, most_ms: most_ms.max(least_ms), bound_ms: least_ms }
    }

    /// The next waiting time in milliseconds.
    pub(super) fn next(&mut self, is_draining: bool, random: &mut Random) -> u64 {
        let most = if is_draining { DRAINING_MOST_MS } else { u64::MAX };
        let wait = random.up_to(self.bound_ms.min(most));
        self.bound_ms = self.bound_ms.saturating_mul(2).min(self.most_ms);
        wait
    }

    /// When to try again while the flow drains, if until now that was to be at `retry_at`.
    pub(super) fn hasten(retry_at: Time, now: Time, random: &mut Random) -> Time {
        if retry_at <= now.plus_ms(DRAINING_MOST_MS) {
            return retry_at;
        }
        now.plus_ms(random.up_to(DRAINING_MOST_MS))
    }

    /// An event was confirmed: the peer is well.
    pub(super) fn reset(&mut self) {
        self.bound_ms = self.least_ms;
    }
}
