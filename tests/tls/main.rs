//! TLS with real sockets: certificates made here, a server of another library's, and what a flow or a connection does with
//! them. What a websocket sink does with the bytes is tested without sockets, beside it.
#![allow(clippy::unwrap_used, reason = "in a test, what is not there ends it")]

mod certificates;
mod flow;
mod messages;
mod server;
