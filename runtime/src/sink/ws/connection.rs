//! One open connection: reads what the peer sends, counts pings and pongs, and knows how long nothing has moved. What
//! follows from that for events is decided in `session`.

use super::config::{AckLevel, WsConfig};
use super::frames::Writer;
use super::secrets::Secrets;
use super::words;
use crate::core::{Random, RoundTrip, Time};
use crate::mutants::mutant;
use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::time::Duration;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig, WebSocketContext};
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};

/// Within one flush a ping follows at the latest after so many frames. So a peer that was quick may take an eighth of
/// `ack_timeout` for each frame from one moment to the next, and is still seen to get on.
const FRAMES_PER_PING: u32 = 8;

/// A pong that takes this much longer than twice the quickest one has waited at the peer, behind events that wait there too.
const QUEUES: Duration = Duration::from_millis(100);

/// Bytes read at a time; what an incoming frame needs beyond comes when it is announced.
const READ_BUFFER: usize = 4096;

/// Answers to the peer's pings wait while so many bytes do: a peer that sends pings and reads nothing costs no memory.
const REPLY_LIMIT: usize = 64 * 1024;

/// Bytes of a peer's reason for closing that are repeated, at most (RFC 6455 allows 123).
const REASON_LIMIT: usize = 123;

/// The payload of our pings: nonce and number.
const PING_BYTES: usize = 16;

/// What the peer sent.
pub(super) enum Came {
    /// Nothing more for now.
    Nothing,
    /// A message; nobody wants it.
    Message,
    /// A ping; the connection answers it.
    Ping,
    /// A pong for everything up to this ping; and whether it came late, for events wait at the peer.
    Confirmed(u64, bool),
    /// A pong that answers no open ping of this connection.
    Foreign,
    /// A close frame, with its code and reason.
    Close(Option<u16>, String),
    /// It broke the protocol, or our limits: why, and the code to close with.
    Broken(String, u16),
}

/// A ping without its pong.
struct OpenPing {
    /// The connection's byte behind it.
    end: u64,
    at: Time,
    /// Frames since the ping before it.
    frames: u32,
}

/// An open connection.
pub(super) struct Connection {
    reader: WebSocketContext,
    nonce: [u8; 8],
    /// Consecutive numbers; the first is `answered + 1`. A frame precedes each but two (the first, and a keepalive
    /// where none is open), so the send window bounds them.
    open_pings: VecDeque<OpenPing>,
    /// The greatest number whose pong came; 0 before the first.
    answered: u64,
    /// How long the peer takes for a pong, once there was one.
    round_trip: Option<RoundTrip>,
    /// Frames since the last ping.
    unpinged: u32,
    /// A ping follows after so many frames: few at first and for a slow peer, so that it is seen to get on.
    spacing: u32,
    /// What the frames between two pings should take at most: an eighth of `ack_timeout`.
    quick: Duration,
    /// The least time that a pong took.
    quickest: Duration,
    /// Bytes that the socket has taken.
    written: u64,
    /// The last progress, or when something became unconfirmed.
    progress_at: Time,
    /// The last confirming pong, or the connection's begin.
    heard_at: Time,
    /// The newest ping of the peer that is not answered (RFC 6455 section 5.5.3: older ones need not be).
    reply: Option<Bytes>,
    /// Our close frame is sent: nothing may follow it.
    pub(super) said_goodbye: bool,
}

impl Connection {
    /// A connection whose opening handshake is over.
    pub(super) fn new(config: &WsConfig, random: &mut Random, now: Time) -> Connection {
        let limit = usize::try_from(config.max_frame_bytes).unwrap_or(usize::MAX);
        let buffers = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_write_buffer_size(READ_BUFFER)
            .max_message_size(Some(limit))
            .max_frame_size(Some(limit));
        let mut nonce = [0; 8];
        random.fill(&mut nonce);
        Connection {
            reader: WebSocketContext::new(Role::Client, Some(buffers)),
            nonce,
            open_pings: VecDeque::new(),
            answered: 0,
            round_trip: None,
            unpinged: 0,
            spacing: 1,
            quick: Duration::from_millis(config.ack_timeout) / 8,
            quickest: Duration::MAX,
            written: 0,
            progress_at: now,
            heard_at: now,
            reply: None,
            said_goodbye: false,
        }
    }

    /// Whether it can take events: with `received` only after the first pong.
    pub(super) fn is_proven(&self, ack: AckLevel) -> bool {
        let is_proven = self.answered > 0 || mutant!("output_believed_live");
        !self.said_goodbye && (ack == AckLevel::Written || is_proven)
    }

    /// How long the peer takes for a pong.
    pub(super) fn round_trip(&self) -> Option<RoundTrip> {
        self.round_trip
    }

    /// The number of the next ping: its pong confirms what is sent now.
    #[inline]
    pub(super) fn next_ping(&self) -> u64 {
        self.answered + self.open_pings.len() as u64 + 1
    }

    /// Something becomes unconfirmed: if nothing was, `ack_timeout` begins to run.
    #[inline]
    pub(super) fn begins_to_wait(&mut self, nothing_unconfirmed: bool, now: Time) {
        if nothing_unconfirmed && self.open_pings.is_empty() {
            self.progress_at = now;
        }
    }

    /// A frame that a ping must follow. Whether one must at once.
    #[inline]
    pub(super) fn sent_frame(&mut self) -> bool {
        self.unpinged += 1;
        self.unpinged >= self.spacing
    }

    /// Whether frames were sent since the last ping.
    pub(super) fn has_unpinged(&self) -> bool {
        self.unpinged > 0
    }

    /// Sends the next ping.
    pub(super) fn ping(&mut self, writer: &mut Writer, out: &mut Vec<u8>, now: Time) {
        let mut payload = [0; PING_BYTES];
        payload[..8].copy_from_slice(&self.nonce);
        payload[8..].copy_from_slice(&self.next_ping().to_be_bytes());
        writer.ping(out, &payload);
        self.open_pings.push_back(OpenPing { end: writer.sent(), at: now, frames: self.unpinged });
        self.unpinged = 0;
    }

    /// The socket has taken so many bytes. That is progress while the oldest open ping is still on its way into the
    /// socket (a large event on a slow line); behind it, only a pong is.
    pub(super) fn wrote(&mut self, written: u64, now: Time) {
        if written > self.written {
            if self.open_pings.front().is_none_or(|ping| self.written < ping.end) {
                self.progress_at = now;
            }
            self.written = written;
        }
    }

    /// The next thing that came.
    pub(super) fn read(&mut self, incoming: &mut Incoming<'_>, now: Time, secrets: &Secrets) -> Came {
        match self.reader.read(incoming) {
            Ok(Message::Pong(payload)) => match self.pong(&payload, now) {
                Some((number, late)) => Came::Confirmed(number, late),
                None => Came::Foreign,
            },
            Ok(Message::Ping(payload)) => {
                self.reply = Some(payload);
                Came::Ping
            }
            Ok(Message::Close(frame)) => match frame {
                Some(frame) => {
                    let reason = secrets.quote(frame.reason.as_bytes(), REASON_LIMIT);
                    Came::Close(Some(frame.code.into()), reason)
                }
                None => Came::Close(None, String::new()),
            },
            Ok(Message::Text(_) | Message::Binary(_) | Message::Frame(_)) => Came::Message,
            Err(Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => Came::Nothing,
            Err(error) => {
                let (reason, code) = words::broken(&error);
                Came::Broken(reason, code)
            }
        }
    }

    /// A pong's number, if it answers an open ping of this connection, and whether it is late.
    fn pong(&mut self, payload: &[u8], now: Time) -> Option<(u64, bool)> {
        let payload: &[u8; PING_BYTES] = payload.try_into().ok()?;
        let (nonce, number) = payload.split_at(self.nonce.len());
        let number = u64::from_be_bytes(number.try_into().ok()?);
        let is_ours = nonce == self.nonce || mutant!("pong_of_an_old_connection");
        if !is_ours || number <= self.answered || number >= self.next_ping() {
            return None;
        }
        let (mut sent_at, mut frames) = (now, 0);
        while self.answered < number {
            let ping = self.open_pings.pop_front()?;
            (sent_at, frames) = (ping.at, frames + ping.frames);
            self.answered += 1;
        }
        self.round_trip = Some(RoundTrip::after(self.round_trip, now.since(sent_at)));
        self.space_pings(now.since(self.progress_at.max(sent_at)), frames);
        self.progress_at = now;
        self.heard_at = now;
        let way = now.since(sent_at);
        self.quickest = self.quickest.min(way);
        Some((number, way > self.quickest.saturating_mul(2).saturating_add(QUEUES)))
    }

    /// Fewer pings for a peer that is quick, one per frame for a slow one: so its progress shows before `ack_timeout`,
    /// however long it takes for many frames. `waited` is what the peer took for the last `frames`.
    fn space_pings(&mut self, waited: Duration, frames: u32) {
        let (one_ping, quick) = (waited.saturating_mul(self.spacing), self.quick.saturating_mul(frames));
        if frames > 0 && 2 * one_ping <= quick {
            self.spacing = (self.spacing * 2).min(FRAMES_PER_PING);
        } else if one_ping > 2 * quick {
            self.spacing = 1;
        }
    }

    /// Answers the peer's newest ping, if it can.
    pub(super) fn reply(&mut self, writer: &mut Writer, out: &mut Vec<u8>) {
        if out.len() < REPLY_LIMIT
            && !self.said_goodbye
            && let Some(payload) = self.reply.take()
        {
            writer.pong(out, &payload);
        }
    }

    /// When the peer has been without progress for too long, if something is unconfirmed.
    pub(super) fn ack_deadline(&self, config: &WsConfig, has_events: bool) -> Option<Time> {
        let waits = has_events || !self.open_pings.is_empty();
        (waits && !mutant!("silent_peer_believed")).then(|| self.progress_at.plus_ms(config.ack_timeout))
    }

    /// When a ping must ask for a sign of life, unless one already does.
    pub(super) fn keepalive_deadline(&self, config: &WsConfig) -> Option<Time> {
        let silent = self.open_pings.is_empty() && !self.said_goodbye;
        silent.then(|| self.heard_at.plus_ms(config.keepalive))
    }
}

/// The wire's incoming bytes as the stream that tungstenite reads. What it writes is dropped: it would be answers to pings
/// and close frames, and their masks would not come from the seam's generator. [`Writer`] writes them.
pub(super) struct Incoming<'a>(pub(super) &'a [u8]);

impl Read for Incoming<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() {
            return Err(ErrorKind::WouldBlock.into());
        }
        self.0.read(buffer)
    }
}

impl Write for Incoming<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
