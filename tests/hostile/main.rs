//! Peers that mean harm, or are nothing like a websocket server: real sockets, the founding flow as a process of its own, two healthy
//! servers beside the hostile one. For each case: the flow's memory is bounded, the others go on getting events, every event arrives
//! at last, and the log says what is wrong and what to do. What follows for a sink byte by byte is tested without sockets, beside it.
#![allow(clippy::unwrap_used, reason = "in a test, what is not there ends it")]

mod bytes;
#[path = "../tls/certificates.rs"]
mod certificates;
mod closes;
mod floods;
mod frames;
mod handshakes;
mod network;
mod peer;
mod stage;
mod tls;
