//! [`Ws`] as a [`Sink`]: room, push, flush, answers, close. How connections come and go is in `session`.

use super::config::{AckLevel, WsConfig};
use super::frames::Writer;
use super::journal::Journal;
use super::session::State;
use crate::core::{
    Answer, Counts, Handed, Head, Measures, Random, RoundTrip, Sink, SinkError, SinkSetup, Tag, Time, Wire,
};
use crate::mutants::mutant;
use crate::sink::backoff::Backoff;
use crate::sink::turn::SuspectsTurn;
use crate::sink::window::{Limits, Window};
use foreshock_spec::NodeSettings;
use std::collections::VecDeque;
use std::time::Duration;

/// How long a peer may take to say goodbye, in milliseconds.
pub(super) const CLOSE_TIMEOUT_MS: u64 = 1000;

/// The websocket sink's machine. See the folder's documentation for what it promises.
pub struct Ws<T: Tag> {
    pub(super) config: WsConfig,
    pub(super) errors_linked: bool,
    pub(super) replayed: bool,
    pub(super) random: Random,
    pub(super) writer: Writer,
    pub(super) wire: Wire,
    pub(super) state: State,
    pub(super) backoff: Backoff,
    pub(super) window: Window<T>,
    pub(super) suspects_turn: SuspectsTurn,
    /// At most one for each event of a window: room is counted without their places.
    pub(super) answers: VecDeque<(T, Answer)>,
    /// The results of one suspect at most, as many as one event may have here: there is no room until they are taken.
    pub(super) errors: VecDeque<SinkError<T>>,
    /// Available, or the first attempt has failed.
    pub(super) settled: bool,
    /// After [`Sink::close`]: when to stop waiting for the peer.
    pub(super) closing: Option<Time>,
    /// The time of this step.
    pub(super) now: Time,
    pub(super) counts: Counts,
    /// Of the last connection that has ended.
    pub(super) last_round_trip: Option<RoundTrip>,
    pub(super) journal: Journal,
}

impl<T: Tag> Ws<T> {
    /// The sink of one offramp in one instance of a flow. Nonces, masks and waiting times come from `setup.random`.
    pub fn new(settings: &NodeSettings<'_>, setup: SinkSetup<'_>) -> Ws<T> {
        let SinkSetup { instance, errors_linked, replayed, places, mut random } = setup;
        let config = WsConfig::from(settings);
        let connect_within = Duration::from_millis(config.connect_timeout);
        let least = places as usize;
        let limits = Limits {
            least,
            events: usize::try_from(config.window_events).unwrap_or(usize::MAX).max(least),
            bytes: config.window_bytes,
        };
        Ws {
            journal: Journal::new(settings.path(), instance, &config.target.host),
            backoff: Backoff::new(config.backoff_min, config.backoff_max),
            writer: Writer::new(random.fork(), config.binary),
            config,
            errors_linked,
            replayed,
            random,
            wire: Wire::within(connect_within),
            state: State::Down { retry_at: Time::ZERO },
            window: Window::new(limits, errors_linked && !replayed),
            suspects_turn: SuspectsTurn::default(),
            answers: VecDeque::new(),
            errors: VecDeque::new(),
            settled: false,
            closing: None,
            now: Time::ZERO,
            counts: Counts::default(),
            last_round_trip: None,
        }
    }

    /// Whether events may be sent at all.
    #[inline]
    fn is_available(&self) -> bool {
        let proven = matches!(&self.state, State::Live(connection) if connection.is_proven(self.config.ack));
        proven && self.closing.is_none() && self.errors.is_empty()
    }
}

impl<T: Tag> Sink<T> for Ws<T> {
    fn room(&self, suspect: bool) -> u32 {
        self.window.offer(self.is_available(), suspect, self.answers.len(), &self.suspects_turn)
    }

    #[inline]
    fn push(&mut self, head: Head<T>, payload: &[u8]) -> Handed {
        if !self.is_available() || !self.window.has_place(head.suspect, self.answers.len()) {
            return Handed::NO_ROOM;
        }
        let State::Live(connection) = &mut self.state else { return Handed::NO_ROOM };
        if head.suspect {
            self.suspects_turn.end();
        }
        connection.begins_to_wait(self.window.is_empty(), self.now);
        let start = self.writer.sent();
        self.writer.event(&mut self.wire.outgoing, payload);
        self.counts.taken += 1;
        match self.config.ack {
            AckLevel::Written => self.window.push(head, start, self.writer.sent(), payload),
            AckLevel::Received => {
                self.window.push(head, start, connection.next_ping(), payload);
                if connection.sent_frame() {
                    connection.ping(&mut self.writer, &mut self.wire.outgoing, self.now);
                }
            }
        }
        Handed::ONE
    }

    fn advance(&mut self, now: Time) {
        self.now = now;
        self.suspects_turn.step();
        self.run();
    }

    fn flush(&mut self, now: Time) {
        self.now = now;
        if let State::Live(connection) = &mut self.state
            && connection.has_unpinged()
        {
            connection.ping(&mut self.writer, &mut self.wire.outgoing, now);
        }
    }

    #[inline]
    fn next_answer(&mut self) -> Option<(T, Answer)> {
        self.answers.pop_front()
    }

    fn next_error(&mut self) -> Option<SinkError<T>> {
        self.errors.pop_front()
    }

    fn deadline(&self) -> Option<Time> {
        let next = match &self.state {
            State::Closed => return None,
            State::Down { .. } if mutant!("retry_never_due") => None,
            State::Down { retry_at } => Some(*retry_at),
            State::Opening { deadline } | State::Upgrading { deadline, .. } => Some(*deadline),
            State::Live(connection) => Time::earliest(
                connection.ack_deadline(&self.config, !self.window.is_empty()),
                connection.keepalive_deadline(&self.config),
            ),
        };
        Time::earliest(next, Time::earliest(self.closing, self.suspects_turn.deadline(self.now)))
    }

    fn wire(&mut self) -> Option<&mut Wire> {
        Some(&mut self.wire)
    }

    fn is_settled(&self) -> bool {
        self.settled
    }

    fn close(&mut self, now: Time) {
        self.now = now;
        self.begin_close();
    }

    fn is_closed(&self) -> bool {
        matches!(self.state, State::Closed)
    }

    fn counts(&self) -> Counts {
        Counts { pending: self.window.len() as u64, pending_bytes: self.window.bytes(), ..self.counts }
    }

    fn measures(&self) -> Measures {
        let of_this = match &self.state {
            State::Live(connection) => connection.round_trip(),
            _ => None,
        };
        let places = self.room(false).into();
        // As `room` has it: what one call of the core adds may exceed the bytes.
        let bytes =
            if places == 0 { 0 } else { self.config.window_bytes.saturating_sub(self.window.bytes()) };
        Measures {
            room: Some(places),
            room_bytes: Some(bytes),
            round_trip: of_this.or(self.last_round_trip),
            syncs: None,
        }
    }
}
