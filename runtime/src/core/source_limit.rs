//! `max_event_bytes` of an onramp: no event larger than that enters a flow.

use std::time::Duration;

use foreshock_spec::json::Buffer;

use crate::core::{Counts, Passed, RateLimit, RefusedLine, Time};

/// How often at most a source logs lines that make no event.
const LOG_EVERY: Duration = Duration::from_secs(1);

/// Watches the size of a source's events.
#[derive(Debug)]
pub struct SourceLimit {
    most: u64,
    /// No event of the source can be larger than `most`: nothing needs measuring.
    is_certain: bool,
    refused: u64,
    log: RateLimit,
}

impl SourceLimit {
    /// At most `most` encoded bytes; `greatest` is the greatest length of the source's events, if it is known.
    pub fn new(most: u64, greatest: Option<u64>) -> SourceLimit {
        let is_certain = greatest.is_some_and(|greatest| greatest <= most);
        SourceLimit { most, is_certain, refused: 0, log: RateLimit::new(LOG_EVERY) }
    }

    /// Whether an event is too large, and then why, in words. `encode` is called only if it must be measured.
    #[inline]
    pub fn refuses(&mut self, scratch: &mut Buffer, encode: impl FnOnce(&mut Buffer)) -> Option<String> {
        if self.is_certain {
            return None;
        }
        scratch.clear();
        encode(scratch);
        let bytes = scratch.len() as u64;
        if bytes <= self.most {
            return None;
        }
        self.refused += 1;
        let most = self.most;
        Some(format!("the event has {bytes} bytes, more than `max_event_bytes` of its onramp, {most}"))
    }

    /// Counts a line that made no event. Where nobody takes it, a line in the log says so, one a second at most.
    pub fn refused_line(
        &mut self,
        now: Time,
        onramp: &str,
        instance: &str,
        refused: &RefusedLine,
        is_linked: bool,
    ) {
        self.refused += 1;
        if !is_linked && let Some(Passed { suppressed }) = self.log.allow(now) {
            let error = &*refused.error;
            tracing::warn!(onramp, instance, error, suppressed, "a line makes no event");
        }
    }

    /// The source's counts, with what was refused.
    pub fn counts(&self, counts: Counts) -> Counts {
        Counts { rejected: self.refused, ..counts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(most: u64, greatest: Option<u64>, bytes: usize, is_refused: bool, is_measured: bool) {
        let mut limit = SourceLimit::new(most, greatest);
        let mut measured = false;
        let refused = limit.refuses(&mut Buffer::new(), |out| {
            measured = true;
            out.extend_from_slice(&vec![b'x'; bytes]);
        });
        assert_eq!((refused.is_some(), measured), (is_refused, is_measured), "{bytes} bytes, at most {most}");
        assert_eq!(limit.counts(Counts::default()).rejected, u64::from(is_refused));
    }

    #[test]
    fn what_may_be_larger_is_measured_and_what_is_larger_is_refused() {
        check(10, None, 10, false, true);
        check(10, None, 11, true, true);
        check(10, Some(10), 10, false, false);
        check(10, Some(11), 11, true, true);
    }
}
