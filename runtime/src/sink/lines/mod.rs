//! The sinks of lines: `stdout`, `stderr` and `file`. Each event is one line; it is confirmed when the byte stream has taken
//! all of it.
//!
//! A file that breaks (a full disk) is opened again, with a backoff as the websocket sink has it: what was not confirmed fails
//! first, and is cut off the file, so that no half line and, behind a log, no line twice is left in it. A standard stream that
//! breaks is gone for good: then the sink has [failed](Sink::failure), and its flow ends.

mod text;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::time::Duration;

use foreshock_spec::NodeSettings;

use self::text::Text;
use crate::core::{
    Answer, Command, Counts, Endpoint, Handed, Head, Passed, Random, RateLimit, Sink, SinkError, SinkSetup,
    Tag, Time, Wire, WireState,
};
use crate::sink::backoff::Backoff;
use crate::sink::turn::SuspectsTurn;
use crate::sink::window::{Limits, Window};

/// Writes lines to stdout.
pub type Stdout<T> = LineSink<T, ToStdout>;
/// Writes lines to stderr.
pub type Stderr<T> = LineSink<T, ToStderr>;
/// Writes lines to a file, which it empties first.
pub type WriteFile<T> = LineSink<T, ToFile>;

/// How long a stream may take to take the last bytes when the flow ends, in milliseconds.
const CLOSE_TIMEOUT_MS: u64 = 1000;
/// Between two lines of the log.
const LOG_EVERY: Duration = Duration::from_secs(1);

/// What tells sinks of lines apart: what their settings say.
pub trait Goal {
    /// Where a sink of this kind writes to.
    fn plan(settings: &NodeSettings<'_>) -> Plan;
}

/// See [`Stdout`].
#[derive(Debug)]
pub struct ToStdout;
/// See [`Stderr`].
#[derive(Debug)]
pub struct ToStderr;
/// See [`WriteFile`].
#[derive(Debug)]
pub struct ToFile;

/// Where a sink of lines writes to.
#[derive(Debug)]
pub struct Plan {
    endpoint: Endpoint,
    prefix: String,
    /// `None`: what breaks is never mended.
    backoff: Option<Backoff>,
}

fn standard(endpoint: Endpoint, settings: &NodeSettings<'_>) -> Plan {
    Plan { endpoint, prefix: settings.opt_str("prefix").unwrap_or_default().to_owned(), backoff: None }
}

impl Goal for ToStdout {
    fn plan(settings: &NodeSettings<'_>) -> Plan {
        standard(Endpoint::Stdout, settings)
    }
}

impl Goal for ToStderr {
    fn plan(settings: &NodeSettings<'_>) -> Plan {
        standard(Endpoint::Stderr, settings)
    }
}

impl Goal for ToFile {
    fn plan(settings: &NodeSettings<'_>) -> Plan {
        Plan {
            endpoint: Endpoint::WriteFile { path: settings.str("file").to_owned(), keep: 0 },
            prefix: String::new(),
            backoff: Some(Backoff::new(settings.u64("backoff_min"), settings.u64("backoff_max"))),
        }
    }
}

/// Where a sink stands.
#[derive(Debug)]
enum State {
    /// No stream until then.
    Down { retry_at: Time },
    /// It is being opened.
    Opening,
    /// It takes bytes.
    Live,
    /// It broke and is never mended; why, in words.
    Broken(String),
    /// After a close: nothing happens any more.
    Closed,
}

/// A sink whose events become lines.
#[derive(Debug)]
pub struct LineSink<T, G> {
    offramp: &'static str,
    instance: String,
    endpoint: Endpoint,
    text: Text,
    /// How many bytes of a file earlier streams have written of confirmed events.
    kept: u64,
    /// Behind these, a file may hold a part of what was not confirmed, to be cut off when it is opened next.
    is_torn: bool,
    /// How many bytes were given to the stream.
    sent: u64,
    wire: Wire,
    state: State,
    backoff: Option<Backoff>,
    random: Random,
    window: Window<T>,
    suspects_turn: SuspectsTurn,
    /// At most one for each event of a window: room is counted without their places.
    answers: VecDeque<(T, Answer)>,
    /// Available, or the first attempt has failed.
    settled: bool,
    /// After [`Sink::close`]: when to stop waiting for the stream.
    closing: Option<Time>,
    now: Time,
    counts: Counts,
    log: RateLimit,
    goal: PhantomData<fn() -> G>,
}

impl<T: Tag, G: Goal> LineSink<T, G> {
    /// The sink of one offramp in one instance of a flow.
    pub fn new(settings: &NodeSettings<'_>, setup: SinkSetup<'_>) -> LineSink<T, G> {
        let Plan { endpoint, prefix, backoff } = G::plan(settings);
        let least = setup.places as usize;
        let limits = Limits {
            least,
            events: usize::try_from(settings.u64("window_events")).unwrap_or(usize::MAX).max(least),
            bytes: settings.u64("window_bytes"),
        };
        LineSink {
            offramp: settings.path(),
            instance: setup.instance.to_owned(),
            endpoint,
            text: Text::new(settings.str("codec"), &prefix),
            kept: 0,
            is_torn: false,
            sent: 0,
            wire: Wire::new(),
            state: State::Down { retry_at: Time::ZERO },
            backoff,
            random: setup.random,
            window: Window::new(limits, false),
            suspects_turn: SuspectsTurn::default(),
            answers: VecDeque::new(),
            settled: false,
            closing: None,
            now: Time::ZERO,
            counts: Counts::default(),
            log: RateLimit::new(LOG_EVERY),
            goal: PhantomData,
        }
    }
}

impl<T: Tag, G> LineSink<T, G> {
    /// Whether events may be written at all.
    #[inline]
    fn is_available(&self) -> bool {
        matches!(self.state, State::Live) && self.closing.is_none()
    }

    fn open(&mut self) {
        if let Endpoint::WriteFile { keep, .. } = &mut self.endpoint {
            *keep = self.kept;
        }
        self.sent = 0;
        self.wire.connect(self.endpoint.clone());
        self.state = State::Opening;
    }

    /// Does all that can be done now.
    fn run(&mut self) {
        if let (State::Down { retry_at }, true) = (&mut self.state, self.wire.is_draining) {
            *retry_at = Backoff::hasten(*retry_at, self.now, &mut self.random);
        }
        match self.state {
            State::Down { retry_at } if retry_at <= self.now => self.open(),
            State::Opening | State::Live => self.attend(),
            State::Down { .. } | State::Broken(_) | State::Closed => {}
        }
    }

    fn attend(&mut self) {
        if self.wire.state == WireState::Open && matches!(self.state, State::Opening) {
            self.counts.connects += 1;
            self.settled = true;
            self.window.begin(usize::MAX);
            self.is_torn = false;
            self.state = State::Live;
            if self.closing.is_some() {
                // It was opened to be cut.
                self.wire.command = Some(Command::Finish);
            }
        }
        self.confirm();
        if let WireState::Ended(reason) = &self.wire.state {
            let reason = reason.clone();
            return self.end(&reason);
        }
        if self.closing.is_some_and(|at| at <= self.now) {
            self.wire.command = Some(Command::Abort);
            self.end("the flow ends, and the stream takes nothing");
        }
    }

    fn confirm(&mut self) {
        while let Some(head) = self.window.confirm(self.wire.written) {
            self.answers.push_back((head.tag, Answer::Ack));
            self.counts.acked += 1;
            if let Some(backoff) = &mut self.backoff {
                backoff.reset();
            }
        }
    }

    /// The stream has ended, or could not be opened.
    fn end(&mut self, reason: &str) {
        self.settled = true;
        match self.state {
            State::Live => self.counts.disconnects += 1,
            _ => self.counts.failed_connects += 1,
        }
        let done = self.window.done_bytes(self.sent);
        self.kept += done;
        self.is_torn |= self.sent > done && self.backoff.is_some();
        let unconfirmed = self.window.len();
        while let Some(head) = self.window.pop() {
            self.answers.push_back((head.tag, Answer::Fail));
            self.counts.failed += 1;
        }
        let (offramp, instance, endpoint) = (self.offramp, &*self.instance, &self.endpoint);
        self.state = match &mut self.backoff {
            // After `Finish` this is how it should end.
            _ if self.closing.is_some() => State::Closed,
            None => State::Broken(format!("{offramp}: {endpoint}: {reason}")),
            Some(backoff) => {
                let retry_ms = backoff.next(self.wire.is_draining, &mut self.random);
                if let Some(Passed { suppressed }) = self.log.allow(self.now) {
                    tracing::warn!(
                        offramp, instance, file = %endpoint, reason, unconfirmed, retry_ms, suppressed,
                        "cannot write"
                    );
                }
                State::Down { retry_at: self.now.plus_ms(retry_ms) }
            }
        };
    }
}

impl<T: Tag, G> Sink<T> for LineSink<T, G> {
    fn room(&self, suspect: bool) -> u32 {
        self.window.offer(self.is_available(), suspect, self.answers.len(), &self.suspects_turn)
    }

    #[inline]
    fn push(&mut self, head: Head<T>, payload: &[u8]) -> Handed {
        if !self.is_available() || !self.window.has_place(head.suspect, self.answers.len()) {
            return Handed::NO_ROOM;
        }
        if head.suspect {
            self.suspects_turn.end();
        }
        let start = self.sent;
        let before = self.wire.outgoing.len();
        self.text.write(payload, &mut self.wire.outgoing);
        self.sent += (self.wire.outgoing.len() - before) as u64;
        self.counts.taken += 1;
        self.window.push(head, start, self.sent, payload);
        Handed::ONE
    }

    fn advance(&mut self, now: Time) {
        self.now = now;
        self.suspects_turn.step();
        self.run();
    }

    fn flush(&mut self, now: Time) {
        self.now = now;
    }

    #[inline]
    fn next_answer(&mut self) -> Option<(T, Answer)> {
        self.answers.pop_front()
    }

    /// It rejects nothing: every event can be a line.
    fn next_error(&mut self) -> Option<SinkError<T>> {
        None
    }

    fn deadline(&self) -> Option<Time> {
        let next = match self.state {
            State::Down { retry_at } => Some(retry_at),
            State::Opening | State::Live => self.closing,
            State::Broken(_) | State::Closed => None,
        };
        Time::earliest(next, self.suspects_turn.deadline(self.now))
    }

    fn wire(&mut self) -> Option<&mut Wire> {
        Some(&mut self.wire)
    }

    fn is_settled(&self) -> bool {
        self.settled
    }

    /// What was taken is written, and the stream closed. A file that has a half line is opened once more, to cut that off.
    fn close(&mut self, now: Time) {
        self.now = now;
        if self.closing.is_some() {
            return;
        }
        self.closing = Some(now.plus_ms(CLOSE_TIMEOUT_MS));
        self.settled = true;
        match self.state {
            State::Live => self.wire.command = Some(Command::Finish),
            State::Opening if self.is_torn => {}
            State::Down { .. } if self.is_torn => self.open(),
            State::Opening => {
                self.wire.command = Some(Command::Abort);
                self.state = State::Closed;
            }
            State::Down { .. } | State::Broken(_) | State::Closed => self.state = State::Closed,
        }
    }

    fn is_closed(&self) -> bool {
        matches!(self.state, State::Closed)
    }

    fn counts(&self) -> Counts {
        Counts { pending: self.window.len() as u64, pending_bytes: self.window.bytes(), ..self.counts }
    }

    fn is_slow(&self) -> bool {
        matches!(self.state, State::Live)
    }

    fn failure(&self) -> Option<String> {
        match &self.state {
            State::Broken(reason) => Some(reason.clone()),
            _ => None,
        }
    }
}
