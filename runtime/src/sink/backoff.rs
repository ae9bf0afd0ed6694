//! How long a sink waits before it tries again. What it tries is not here.

use crate::core::Random;

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
    pub(super) fn next(&mut self, random: &mut Random) -> u64 {
        let wait = random.up_to(self.bound_ms);
        self.bound_ms = self.bound_ms.saturating_mul(2).min(self.most_ms);
        wait
    }

    /// An event was confirmed: the peer is well.
    pub(super) fn reset(&mut self) {
        self.bound_ms = self.least_ms;
    }
}
