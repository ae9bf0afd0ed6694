//! The send window: the events that one connection has been given and has not confirmed, in the order of sending, and how
//! many more there may be. All sinks that write to a byte stream have one. What confirms events (a pong's number, a count of
//! bytes) is a rising *mark* here.

use crate::core::{Head, Tag};
use crate::mutants::mutant;
use crate::sink::turn::SuspectsTurn;
use std::collections::VecDeque;

/// How many events a connection begins with: enough for a healthy peer not to wait, few enough to repeat.
pub(super) const START_EVENTS: usize = 32;

/// Room that is made for entries before the first event; a larger window grows beyond it once.
const PRESIZED_EVENTS: usize = 4096;

#[derive(Debug)]
struct Entry<T> {
    head: Head<T>,
    /// The connection's byte with which its frame begins.
    start: u64,
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
#[derive(Debug)]
pub(super) struct Window<T> {
    entries: VecDeque<Entry<T>>,
    bytes: u64,
    /// The payloads of those of `entries` that may be rejected: suspects, or all.
    copies: VecDeque<Vec<u8>>,
    copies_all: bool,
    /// How many events there may be now.
    size: usize,
    limits: Limits,
    /// Events that have come and gone on this connection.
    confirmed: u64,
    /// When so many are confirmed, a full window was.
    full_until: Option<u64>,
    /// The peer answers late: more events would only wait there.
    is_late: bool,
    /// When so many are confirmed, the answers to what a larger window has sent are in.
    shrinks_from: u64,
}

impl<T: Tag> Window<T> {
    /// An empty window. It keeps the payloads of suspects, or of all.
    pub(super) fn new(limits: Limits, copies_all: bool) -> Window<T> {
        Window {
            entries: VecDeque::with_capacity(limits.events.min(PRESIZED_EVENTS)),
            bytes: 0,
            copies: VecDeque::new(),
            copies_all,
            size: limits.events,
            limits,
            confirmed: 0,
            full_until: None,
            is_late: false,
            shrinks_from: 0,
        }
    }

    /// A new connection: the window is empty and takes `size` events at first, or what the limits say.
    pub(super) fn begin(&mut self, size: usize) {
        debug_assert!(self.entries.is_empty(), "the last connection's events are answered");
        if !mutant!("window_not_reset_on_reconnect") {
            self.size = size.clamp(self.limits.least, self.limits.events);
        }
        self.confirmed = 0;
        self.full_until = None;
        self.is_late = false;
        self.shrinks_from = 0;
    }

    /// The peer has answered, in time or late: so late that events wait for their turn there. Then the window does not grow,
    /// for that would make nothing quicker; and it is halved, once for what it has on the way, down to what it began with.
    pub(super) fn answered(&mut self, late: bool) {
        self.is_late = late;
        if self.is_late && self.confirmed >= self.shrinks_from {
            let least = START_EVENTS.clamp(self.limits.least, self.limits.events);
            self.size = (self.size / 2).max(least);
            self.shrinks_from = self.confirmed + self.entries.len() as u64;
        }
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

    /// How many of the bytes that were sent belong to events that have come and gone, where `sent` were sent in all.
    pub(super) fn done_bytes(&self, sent: u64) -> u64 {
        self.entries.front().map_or(sent, |entry| entry.start)
    }

    /// Whether the socket has begun to take the oldest event's frame, when it has taken `written` bytes: an event of
    /// which nothing has left cannot be what a peer complains of.
    pub(super) fn is_begun(&self, written: u64) -> bool {
        self.entries.front().is_some_and(|entry| entry.start < written)
    }

    /// How many results of a suspect fit: all that one event can have, and nothing beside them.
    pub(super) fn suspect_places(&self) -> usize {
        if self.is_empty() || self.holds_suspects() {
            self.limits.least.saturating_sub(self.len())
        } else {
            0
        }
    }

    /// Events that fit by number. A window that was halved may hold more than it takes.
    pub(super) fn places(&self) -> usize {
        self.size.saturating_sub(self.entries.len())
    }

    /// Events that fit by number, or none if the bytes are used up. The next event's length is unknown here, and an event
    /// that was promised room must find it: so the bytes may exceed their limit by what one call of the core adds.
    pub(super) fn room(&self) -> usize {
        let is_full = self.bytes >= self.limits.bytes && !mutant!("window_ignores_bytes");
        if is_full { 0 } else { self.places() }
    }

    /// Whether an event may go now, where so many answers are not taken yet. Bytes and whose turn it is are
    /// [`Window::offer`]'s concern: an event that was promised room finds it.
    #[inline]
    pub(super) fn has_place(&self, suspect: bool, answers: usize) -> bool {
        if suspect { self.suspect_places() > 0 } else { !self.holds_suspects() && self.places() > answers }
    }

    /// What a sink answers that is asked for room, and whose connection takes events or does not.
    pub(super) fn offer(&self, is_open: bool, suspect: bool, answers: usize, turn: &SuspectsTurn) -> u32 {
        let places = match (is_open && self.has_place(suspect, answers), suspect) {
            (true, true) => self.suspect_places(),
            (true, false) if turn.is_claimed() => 0,
            (true, false) => self.room().saturating_sub(answers),
            (false, true) if !self.is_empty() => {
                turn.claim();
                0
            }
            (false, _) => 0,
        };
        u32::try_from(places).unwrap_or(u32::MAX)
    }

    /// Takes an event whose frame begins at `start` and that `mark` will confirm. Neither ever falls.
    #[inline]
    pub(super) fn push(&mut self, head: Head<T>, start: u64, mark: u64, payload: &[u8]) {
        debug_assert!(self.places() > 0, "the caller has asked for room");
        if head.suspect || self.copies_all {
            self.copies.push_back(payload.to_vec());
        }
        self.bytes += payload.len() as u64;
        self.entries.push_back(Entry { head, start, mark, bytes: payload.len() });
        if self.entries.len() == self.size && self.full_until.is_none() {
            self.full_until = Some(self.confirmed + self.size as u64);
        }
    }

    /// The oldest event, if `mark` confirms it. To be called until there is none.
    #[inline]
    pub(super) fn confirm(&mut self, mark: u64) -> Option<Head<T>> {
        let mark = if mutant!("pong_confirms_one_more") { mark + 1 } else { mark };
        if self.entries.front()?.mark > mark && !mutant!("cumulative_ack") {
            return None;
        }
        let head = self.pop()?;
        self.confirmed += 1;
        if self.full_until.is_some_and(|full| self.confirmed >= full) {
            self.full_until = None;
            if !self.is_late {
                self.size = (self.size * 2).min(self.limits.events);
            }
        }
        Some(head)
    }

    /// The oldest event, confirmed or not.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<Head<T>> {
        let entry = self.entries.pop_front()?;
        self.bytes -= entry.bytes as u64;
        if entry.head.suspect || self.copies_all {
            self.copies.pop_front();
        }
        Some(entry.head)
    }

    /// How many events the socket had begun to take when it had taken so many bytes.
    pub(super) fn begun(&self, written: u64) -> usize {
        self.entries.iter().take_while(|entry| entry.start < written).count()
    }

    /// The oldest event with its payload, if that is kept.
    pub(super) fn pop_with_payload(&mut self) -> Option<(Head<T>, Vec<u8>)> {
        let payload = self.copies.front_mut().map(std::mem::take).unwrap_or_default();
        Some((self.pop()?, payload))
    }
}
