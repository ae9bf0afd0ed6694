//! The way from one connection to the next: connect, shake hands, read and keep deadlines, end, back off. Also where a
//! connection's end decides what became of its events.

use super::config::AckLevel;
use super::connection::{Came, Connection, Incoming};
use super::handshake::Handshake;
use super::sink::{CLOSE_TIMEOUT_MS, Ws};
use super::words;
use crate::core::{Answer, Command, SinkError, Tag, Time, WireState};
use crate::mutants::mutant;
use crate::sink::backoff::Backoff;
use crate::sink::window::START_EVENTS;

/// Close codes by which a peer says that the fault lies in what it was sent (RFC 6455 section 7.4.1).
const UNSUPPORTED: u16 = 1003;
const INVALID: u16 = 1007;
const TOO_LARGE: u16 = 1009;

const NORMAL: u16 = 1000;

/// Where a sink stands.
pub(super) enum State {
    /// No connection until then.
    Down { retry_at: Time },
    /// The byte stream is being opened.
    Opening { deadline: Time },
    /// It is open; the peer's answer to the opening handshake is awaited.
    Upgrading { deadline: Time, handshake: Handshake },
    /// It is a websocket.
    Live(Box<Connection>),
    /// After a close: nothing happens any more.
    Closed,
}

/// How a connection ends.
struct End {
    /// In words; a peer's among them are without secrets.
    reason: String,
    /// The code of the peer's close frame.
    code: Option<u16>,
    last: Last,
}

/// What is still to be done with the byte stream.
enum Last {
    /// Nothing: it has ended.
    Gone,
    /// Drop it: nobody seems to be there.
    Drop,
    /// Send a close frame with this code.
    Close(Option<u16>),
}

impl End {
    fn gone(reason: String) -> End {
        End { reason, code: None, last: Last::Gone }
    }

    fn dropped(reason: String) -> End {
        End { reason, code: None, last: Last::Drop }
    }
}

impl<T: Tag> Ws<T> {
    /// Does all that can be done now. Each state but the last may lead on to the next at once.
    pub(super) fn run(&mut self) {
        let mut again = true;
        while again {
            let ended = match &mut self.state {
                State::Closed => return,
                State::Down { retry_at } => {
                    if self.wire.is_draining {
                        *retry_at = Backoff::hasten(*retry_at, self.now, &mut self.random);
                    }
                    again = *retry_at <= self.now;
                    if again {
                        self.open();
                    }
                    None
                }
                State::Opening { deadline } => {
                    let deadline = *deadline;
                    again = self.wire.state == WireState::Open;
                    if again {
                        self.upgrade(deadline);
                    }
                    self.opening_failed(deadline)
                }
                State::Upgrading { .. } => match self.read_handshake() {
                    Ok(upgraded) => {
                        again = upgraded;
                        None
                    }
                    Err(end) => Some(end),
                },
                State::Live(_) => {
                    again = false;
                    self.attend().err()
                }
            };
            if let Some(end) = ended {
                self.end(end);
                return;
            }
        }
    }

    /// Asks for a byte stream.
    fn open(&mut self) {
        self.wire.outgoing.clear();
        self.wire.incoming.clear();
        self.wire.written = 0;
        // What the I/O side said of the last connection says nothing of this one.
        self.wire.state = WireState::Connecting;
        self.wire.command = Some(Command::Connect(self.config.target.endpoint.clone()));
        self.writer.begin();
        self.state = State::Opening { deadline: self.now.plus_ms(self.config.connect_timeout) };
    }

    fn opening_failed(&self, deadline: Time) -> Option<End> {
        match &self.wire.state {
            WireState::Open => None,
            WireState::Ended(reason) => Some(End::gone(reason.clone())),
            WireState::Idle | WireState::Connecting => (deadline <= self.now).then(|| {
                let within = self.config.connect_timeout;
                End::dropped(format!(
                    "no connection within {within} ms (`connect_timeout`); look whether host and port are right, and reachable"
                ))
            }),
        }
    }

    /// Sends the opening handshake.
    fn upgrade(&mut self, deadline: Time) {
        let (request, handshake) = Handshake::begin(&self.config, &mut self.random);
        self.writer.raw(&mut self.wire.outgoing, request.as_bytes());
        self.state = State::Upgrading { deadline, handshake };
    }

    /// Whether the connection is a websocket now.
    fn read_handshake(&mut self) -> Result<bool, End> {
        let State::Upgrading { deadline, handshake } = &self.state else { return Ok(false) };
        if handshake.read(&mut self.wire.incoming, &self.config.secrets).map_err(End::dropped)? {
            self.begin_live();
            return Ok(true);
        }
        if let WireState::Ended(reason) = &self.wire.state {
            return Err(End::gone(format!(
                "the peer hung up during the handshake: {reason}; look whether a websocket server listens there"
            )));
        }
        if *deadline <= self.now {
            let within = self.config.connect_timeout;
            return Err(End::dropped(format!(
                "no answer to the opening handshake within {within} ms (`connect_timeout`); look whether a websocket server \
                 listens there"
            )));
        }
        Ok(false)
    }

    fn begin_live(&mut self) {
        self.counts.connects += 1;
        self.journal.connected(self.now);
        let mut connection = Box::new(Connection::new(&self.config, &mut self.random, self.now));
        match self.config.ack {
            AckLevel::Written => {
                self.window.begin(usize::MAX);
                self.settled = true;
            }
            AckLevel::Received => {
                self.window.begin(START_EVENTS);
                connection.ping(&mut self.writer, &mut self.wire.outgoing, self.now);
            }
        }
        self.state = State::Live(connection);
    }

    /// One round of a live connection: what the socket took, what came, what time it is.
    fn attend(&mut self) -> Result<(), End> {
        if let State::Live(connection) = &mut self.state {
            connection.wrote(self.wire.written, self.now);
        }
        if self.config.ack == AckLevel::Written {
            self.confirm(self.wire.written);
        }
        let incoming = std::mem::take(&mut self.wire.incoming);
        let read = self.read(&incoming);
        self.wire.incoming = incoming;
        self.wire.incoming.clear();
        read?;
        if let WireState::Ended(reason) = &self.wire.state {
            return Err(End::gone(reason.clone()));
        }
        self.keep_deadlines()?;
        self.say_goodbye();
        Ok(())
    }

    fn read(&mut self, incoming: &[u8]) -> Result<(), End> {
        let mut incoming = Incoming(incoming);
        loop {
            let State::Live(connection) = &mut self.state else { return Ok(()) };
            match connection.read(&mut incoming, self.now, &self.config.secrets) {
                Came::Nothing => {
                    connection.reply(&mut self.writer, &mut self.wire.outgoing);
                    return Ok(());
                }
                Came::Message | Came::Ping => {}
                Came::Foreign => self.counts.stale += 1,
                Came::Confirmed(number, late) => {
                    self.settled = true;
                    if self.config.ack == AckLevel::Received {
                        self.window.answered(late);
                    }
                    self.confirm(number);
                }
                Came::Close(code, reason) => {
                    return Err(End { reason: words::closed(code, &reason), code, last: Last::Close(code) });
                }
                Came::Broken(reason, code) => {
                    return Err(End { reason, code: None, last: Last::Close(Some(code)) });
                }
            }
        }
    }

    fn confirm(&mut self, mark: u64) {
        while let Some(head) = self.window.confirm(mark) {
            self.answers.push_back((head.tag, Answer::Ack));
            self.counts.acked += 1;
            self.backoff.reset();
        }
    }

    fn keep_deadlines(&mut self) -> Result<(), End> {
        let State::Live(connection) = &mut self.state else { return Ok(()) };
        let unconfirmed = !self.window.is_empty();
        if connection.ack_deadline(&self.config, unconfirmed).is_some_and(|at| at <= self.now) {
            let waited = self.config.ack_timeout;
            if !connection.is_proven(self.config.ack) && !connection.said_goodbye {
                self.journal.no_pong(self.now, waited);
            }
            return Err(End::dropped(format!(
                "no progress within {waited} ms (`ack_timeout`): the peer does not confirm what it was sent"
            )));
        }
        if connection.keepalive_deadline(&self.config).is_some_and(|at| at <= self.now) {
            connection.begins_to_wait(!unconfirmed, self.now);
            connection.ping(&mut self.writer, &mut self.wire.outgoing, self.now);
        }
        Ok(())
    }

    /// Begins to close: with a websocket, by a close frame when everything is confirmed.
    pub(super) fn begin_close(&mut self) {
        if self.closing.is_some() {
            return;
        }
        self.closing = Some(self.now.plus_ms(CLOSE_TIMEOUT_MS));
        self.settled = true;
        match self.state {
            State::Live(_) => self.say_goodbye(),
            State::Opening { .. } | State::Upgrading { .. } => {
                self.end(End::dropped("the flow ends".to_owned()));
            }
            State::Down { .. } | State::Closed => self.state = State::Closed,
        }
    }

    fn say_goodbye(&mut self) {
        let Some(deadline) = self.closing else { return };
        let State::Live(connection) = &mut self.state else { return };
        if self.window.is_empty() && !connection.said_goodbye {
            connection.said_goodbye = true;
            self.writer.close(&mut self.wire.outgoing, Some(NORMAL));
            self.wire.command = Some(Command::Finish);
        } else if deadline <= self.now {
            let reason = format!("the flow ends; the peer took longer than {CLOSE_TIMEOUT_MS} ms");
            let last = if connection.said_goodbye { Last::Drop } else { Last::Close(Some(NORMAL)) };
            self.end(End { reason, code: None, last });
        }
    }

    /// A connection or an attempt is over: its events get their verdict, and the next attempt its time.
    fn end(&mut self, end: End) {
        self.settled = true;
        let was_connected = matches!(self.state, State::Live(_));
        if let State::Live(connection) = &self.state {
            self.last_round_trip = connection.round_trip().or(self.last_round_trip);
        }
        if was_connected {
            self.counts.disconnects += 1;
        } else if self.closing.is_none() {
            self.counts.failed_connects += 1;
        }
        let said_goodbye = matches!(&self.state, State::Live(connection) if connection.said_goodbye);
        match end.last {
            Last::Gone => {}
            Last::Close(code) if !said_goodbye => {
                self.writer.close(&mut self.wire.outgoing, code);
                self.wire.command = Some(Command::Finish);
            }
            Last::Close(_) => {}
            Last::Drop => self.wire.command = Some(Command::Abort),
        }
        let unconfirmed = self.window.len();
        self.judge(&end);
        let retry_ms =
            self.closing.is_none().then(|| self.backoff.next(self.wire.is_draining, &mut self.random));
        self.state = match retry_ms {
            Some(ms) => State::Down { retry_at: self.now.plus_ms(ms) },
            None => State::Closed,
        };
        if was_connected {
            self.journal.ended(self.now, &end.reason, unconfirmed, retry_ms);
        } else {
            self.journal.not_connected(self.now, &end.reason, retry_ms);
        }
    }

    /// What became of the events that were not confirmed. A complaint of the peer falls on those that it may have seen
    /// something of, which come first: they are suspects then, also where it is one alone, for the peer may have meant
    /// one that it had confirmed before. The socket's bytes that are not counted yet count as not sent: such an event
    /// just fails.
    fn judge(&mut self, end: &End) {
        let blamed = matches!(end.code, Some(UNSUPPORTED | INVALID | TOO_LARGE));
        let written = self.wire.written;
        if blamed && self.window.is_begun(written) && self.is_proven_guilty(written) {
            return self.reject(&end.reason, written);
        }
        loop {
            let begun = self.window.is_begun(written);
            let Some(head) = self.window.pop() else { return };
            if mutant!("fail_forgotten") && self.window.is_empty() {
                return;
            }
            let answer = if blamed && begun { Answer::Suspect } else { Answer::Fail };
            self.answers.push_back((head.tag, answer));
            self.counts.failed += 1;
        }
    }

    /// Whether what the peer complains of can only be the oldest event: a suspect that is alone, or, where nobody would
    /// deliver it again to find out, the only one that the socket had begun to take.
    fn is_proven_guilty(&self, written: u64) -> bool {
        self.window.holds_suspects() || (!self.replayed && self.window.begun(written) == 1)
    }

    fn reject(&mut self, reason: &str, written: u64) {
        let all = self.window.holds_suspects();
        while (all || self.window.is_begun(written))
            && let Some((head, payload)) = self.window.pop_with_payload()
        {
            self.counts.rejected += 1;
            if self.errors_linked {
                self.errors.push_back(SinkError { head, error: format!("rejected: {reason}"), payload });
            } else {
                self.journal.rejected(self.now, head.ingest_ns, &payload, reason);
                self.answers.push_back((head.tag, Answer::Ack));
            }
        }
        while let Some(head) = self.window.pop() {
            self.answers.push_back((head.tag, Answer::Fail));
            self.counts.failed += 1;
        }
    }
}
