//! The websocket sink against a peer in memory: virtual time, no sockets. A script says what the I/O side, the peer and the
//! flow do; the trace says what the sink did. `rig` has the words of both.
#![allow(clippy::unwrap_used, reason = "in a test, what is not there ends it")]

mod allocation;
mod backoff;
mod bytes;
mod closing;
mod confirming;
mod connecting;
mod ending;
mod log_lines;
mod peer;
mod random;
mod rig;
mod settings;
mod stock_server;
mod timing;
mod turn;
