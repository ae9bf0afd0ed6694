//! The sink's log lines: of each kind at most one a second, with the number of those held back since the last.

use crate::core::{Passed, RateLimit, Time};
use std::time::Duration;
use tracing::{info, warn};

/// Between two lines of one kind.
const EVERY: Duration = Duration::from_secs(1);

/// Bytes of a rejected event that a line shows, at most.
const EXCERPT_BYTES: usize = 120;

/// Writes what happened to one sink's connections.
pub(super) struct Journal {
    path: String,
    instance: String,
    peer: String,
    connected: RateLimit,
    not_connected: RateLimit,
    ended: RateLimit,
    no_pong: RateLimit,
    rejected: RateLimit,
}

impl Journal {
    /// For the offramp at `path` (`offramp.ws0`), and its peer as a url's authority.
    pub(super) fn new(path: &str, instance: &str, peer: &str) -> Journal {
        Journal {
            path: path.to_owned(),
            instance: instance.to_owned(),
            peer: peer.to_owned(),
            connected: RateLimit::new(EVERY),
            not_connected: RateLimit::new(EVERY),
            ended: RateLimit::new(EVERY),
            no_pong: RateLimit::new(EVERY),
            rejected: RateLimit::new(EVERY),
        }
    }

    /// The opening handshake is over.
    pub(super) fn connected(&mut self, now: Time) {
        if let Some(Passed { suppressed }) = self.connected.allow(now) {
            info!(sink = self.path, instance = self.instance, peer = self.peer, suppressed, "connected");
        }
    }

    /// An attempt to connect failed; the next one comes in `retry_ms`, if one comes.
    pub(super) fn not_connected(&mut self, now: Time, reason: &str, retry_ms: Option<u64>) {
        let Some(retry_ms) = retry_ms else { return };
        if let Some(Passed { suppressed }) = self.not_connected.allow(now) {
            let (sink, instance, peer) = (&*self.path, &*self.instance, &*self.peer);
            warn!(sink, instance, peer, reason, retry_ms, suppressed, "cannot connect");
        }
    }

    /// A connection ended, and `unconfirmed` events with it; the next attempt comes in `retry_ms`, if one comes.
    pub(super) fn ended(&mut self, now: Time, reason: &str, unconfirmed: usize, retry_ms: Option<u64>) {
        let Some(Passed { suppressed }) = self.ended.allow(now) else { return };
        let (sink, instance, peer) = (&*self.path, &*self.instance, &*self.peer);
        match retry_ms {
            Some(retry_ms) => {
                warn!(sink, instance, peer, reason, unconfirmed, retry_ms, suppressed, "disconnected");
            }
            None => info!(sink, instance, peer, reason, unconfirmed, suppressed, "closed"),
        }
    }

    /// The first ping of a connection stayed without its pong.
    pub(super) fn no_pong(&mut self, now: Time, waited_ms: u64) {
        if let Some(Passed { suppressed }) = self.no_pong.allow(now) {
            warn!(
                sink = self.path,
                instance = self.instance,
                peer = self.peer,
                waited_ms,
                suppressed,
                "the peer did not answer the first ping, though RFC 6455 section 5.5.2 requires it: without a pong no \
                 event is sent; for a peer that never answers pings set `ack = \"written\"`, which may lose events"
            );
        }
    }

    /// An event was rejected and nobody takes it. Its begin tells which it was: its own id is the flow's business.
    pub(super) fn rejected(&mut self, now: Time, ingest_ns: u64, payload: &[u8], error: &str) {
        if let Some(Passed { suppressed }) = self.rejected.allow(now) {
            let (sink, instance, peer) = (&*self.path, &*self.instance, &*self.peer);
            let event = excerpt(payload);
            warn!(sink, instance, peer, ingest_ns, event, error, suppressed, "event rejected");
        }
    }
}

/// The begin of a payload, for a log line: whole characters, none of them a control character.
fn excerpt(payload: &[u8]) -> String {
    let begin = &payload[..payload.len().min(EXCERPT_BYTES)];
    // A character that is cut is not valid; what comes before it is.
    let begin = begin.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let mut text = String::new();
    for character in begin.chars() {
        if character.is_control() {
            text.extend(character.escape_default());
        } else {
            text.push(character);
        }
    }
    if begin.len() < payload.len() {
        text.push('…');
    }
    text
}
