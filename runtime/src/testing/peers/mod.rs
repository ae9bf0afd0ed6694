//! Simulated websocket servers that misbehave, by hand or from a seed: slow, silent, frozen, dying between any two bytes,
//! half-open, talkative, lying. They live in a [`Sim`](crate::testing::sim::Sim).
//!
//! A [`Manner`] says what a server does on one connection. A
//! [simulation](crate::testing::simulation) draws when servers listen and how they behave on each connection.
//!
//! - `manner`: what one may do, in values; `conversation`: does it, byte by byte.
//! - `server`: a server over time. `records`: what servers have received, for checks.

mod conversation;
mod manner;
mod records;
mod server;

pub use manner::{End, Handshake, Manner, Mischief, Noise, Pongs};
pub use records::{ConnectionRecord, Message, Records, ServerRecord};

pub(crate) use conversation::Poison;
pub(crate) use server::{Life, Server};
