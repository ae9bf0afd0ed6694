//! The websocket sink as a state machine: it connects as a client, sends each event as one frame, learns what the
//! peer has received, and reconnects for ever. It has no socket, task or clock: bytes are in its [`Wire`], time comes in
//! as an argument. It never retries an event: what a connection had not confirmed when it ended is *failed* to whoever
//! listens upstream.
//!
//! | file | holds |
//! |---|---|
//! | `authorization` | the header that says who we are |
//! | `config` | what the settings say, the url taken apart |
//! | `handshake` | the opening handshake, RFC 6455 section 4 |
//! | `frames` | the writer of masked frames, RFC 6455 section 5 |
//! | `window` | the send window: events that are not confirmed yet |
//! | `connection` | one open connection: what came, pings and pongs, progress |
//! | `session` | the way from one connection to the next: connect, end, back off |
//! | `sink` | [`Ws`] as a [`Sink`]: room, push, flush, answers, close |
//! | `secrets` | a peer's words without the secrets that it was told |
//! | `words` | why a connection ends, in words that say what to do |
//! | `journal` | log lines, rate-limited |
//!
//! # What `ack = "received"` proves
//!
//! A pong carries its ping's payload (RFC 6455 sections 5.5.2 and 5.5.3) and frames keep their order, so the pong of ping
//! *n* proves that the peer's websocket layer has every frame sent before it. Each ping's payload is a nonce of the
//! connection and a number; pong *n* confirms everything up to *n*, also where a peer answers only the newest ping.
//!
//! # Whom a close with 1003, 1007 or 1009 blames
//!
//! Nobody of whom the socket had taken nothing: such an event just fails. The other unconfirmed ones are *suspects*, also
//! where it is one alone: a peer's application may complain of an event that its websocket layer had confirmed before.
//! Whoever replays suspects does so one by one, and each goes alone; one on which a peer closes so again is *rejected*.
//! An event that no peer can bear costs two connections, not one, and an innocent one is dropped only if it meets
//! somebody else's late complaint twice, the second time alone. Where nobody replays there is no second time: the only
//! event of which the socket had taken something is rejected at once, and several fail.
//!
//! [`Wire`]: crate::core::Wire
//! [`Sink`]: crate::core::Sink

mod authorization;
mod config;
mod connection;
mod frames;
mod handshake;
mod journal;
mod secrets;
mod session;
mod sink;
mod words;

#[cfg(test)]
mod tests;

pub use sink::Ws;
