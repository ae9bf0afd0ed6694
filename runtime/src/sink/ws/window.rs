//! The send window: the events that one connection has been given and has not confirmed, in the order of sending, and how
//! many more there may be. What confirms them (a pong's number, a count of bytes) is a rising *mark* here.

use crate::core::{Head, Tag};
use std::collections::VecDeque;

/// How many events a connection begins with: enough for a healthy peer not to wait, few enough to repeat.
pub(super) const START_EVENTS: usize = 32;

/// Room that is made for entries before the first event; a larger window grows beyond it once.
const PRESIZED_EVENTS: usize = 4096;

/// Bytes of copies that stay allocated when the window is empty; a larger event gives its memory back.
const KEPT_COPIES: usize = 1024 * 1024;

struct Entry<T> {
    head: Head<T>,
    /// Confirmed when the connection's mark reaches this.
    mark: u64,
    bytes: usize,
}

/// How far a window may open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// One event of the flow may take so many places at once.
    pub(super) least: usize,
    pub(super) events: usize,
    pub(super) bytes: u64,
}

/// Unconfirmed events of the connection.
pub(super) struct Window<T> {
    entries: VecDeque<Entry<T>>,
    bytes: u64,
    /// The payloads of `entries`, one behind the other; only where a rejected event's payload is wanted.
    copies: Option<VecDeque<u8>>,
    /// How many events there may be now.
    size: usize,
    limits: Limits,
    /// Events that have come and gone on this connection.
    confirmed: u64,
    /// When so many are confirmed, a full window was.
    full_until: Option<u64>,
}

impl<T: Tag> Window<T> {
    /// An empty window. It keeps copies of payloads if `keeps_payloads`.
    pub(super) fn new(limits: Limits, keeps_payloads: bool) -> Window<T> {
        Window {
            entries: VecDeque::with_capacity(limits.events.min(PRESIZED_EVENTS)),
            bytes: 0,
            copies: keeps_payloads.then(VecDeque::new),
            size: limits.events,
            limits,
            confirmed: 0,
            full_until: None,
        }
    }

    /// A new connection: the window is empty and takes `size` events at first, or what the limits say.
    pub(super) fn begin(&mut self, size: usize) {
        debug_assert!(self.entries.is_empty(), "the last connection's events are answered");
        self.size = size.clamp(self.limits.least, self.limits.events);
        self.confirmed = 0;
        self.full_until = None;
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Payload bytes of the unconfirmed events.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether what is in it is a suspect: one event, or all the results of one.
    pub(super) fn holds_suspects(&self) -> bool {
        self.entries.front().is_some_and(|entry| entry.head.suspect)
    }

    /// How many results of a suspect fit: all that one event can have, and nothing beside them.
    pub(super) fn suspect_places(&self) -> usize {
        if self.is_empty() || self.holds_suspects() {
            self.limits.least.saturating_sub(self.len())
        } else {
            0
        }
    }

    /// Events that fit by number.
    pub(super) fn places(&self) -> usize {
        self.size - self.entries.len()
    }

    /// Events that fit by number, or none if the bytes are used up. The next event's length is unknown here, and an event
    /// that was promised room must find it: so the bytes may exceed their limit by what one call of the core adds.
    pub(super) fn room(&self) -> usize {
        if self.bytes >= self.limits.bytes { 0 } else { self.places() }
    }

    /// Takes an event that `mark` will confirm. Marks never fall.
    #[inline]
    pub(super) fn push(&mut self, head: Head<T>, mark: u64, payload: &[u8]) {
        debug_assert!(self.places() > 0, "the caller has asked for room");
        if let Some(copies) = &mut self.copies {
            copies.extend(payload);
        }
        self.bytes += payload.len() as u64;
        self.entries.push_back(Entry { head, mark, bytes: payload.len() });
        if self.entries.len() == self.size && self.full_until.is_none() {
            self.full_until = Some(self.confirmed + self.size as u64);
        }
    }

    /// The oldest event, if `mark` confirms it. To be called until there is none.
    #[inline]
    pub(super) fn confirm(&mut self, mark: u64) -> Option<Head<T>> {
        if self.entries.front()?.mark > mark {
            return None;
        }
        let head = self.pop()?;
        self.confirmed += 1;
        if self.full_until.is_some_and(|full| self.confirmed >= full) {
            self.full_until = None;
            self.size = (self.size * 2).min(self.limits.events);
        }
        Some(head)
    }

    /// The oldest event, confirmed or not.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<Head<T>> {
        let entry = self.entries.pop_front()?;
        self.bytes -= entry.bytes as u64;
        if let Some(copies) = &mut self.copies {
            forget(copies, entry.bytes);
        }
        Some(entry.head)
    }

    /// The oldest event's payload, if payloads are kept.
    pub(super) fn payload(&self) -> Option<Vec<u8>> {
        let bytes = self.entries.front()?.bytes;
        Some(self.copies.as_ref()?.range(..bytes).copied().collect())
    }
}

/// Drops the oldest event's copy.
fn forget(copies: &mut VecDeque<u8>, bytes: usize) {
    copies.drain(..bytes);
    if copies.is_empty() {
        copies.shrink_to(KEPT_COPIES);
    }
}
