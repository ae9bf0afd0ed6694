//! The thin asynchronous shell around the synchronous core: one task per machine that owns the whole of it, and one
//! I/O task per open connection, or log on disk, that only moves bytes.
//!
//! Nothing else in the project spawns a task or makes a channel. What an event is, where it goes and what its answer
//! means is decided in the core; this folder knows bytes, deadlines and requests.
//!
//! - `run`: the loop: swap buffers, step the machine, wait; start order and drain.
//! - `link`: the driver's end of one wire; `cell`: what it shares with the I/O task; `carry`: that task.
//! - `storage`: the driver's end of one log's storage, and the I/O task that carries out its requests.
//! - `life`: ends a driver and its I/O tasks as a crash would.
//! - `observer`: circuit breakers and log lines, from the machine's reports.

mod carry;
mod cell;
mod life;
mod link;
mod observer;
mod run;
mod storage;

#[cfg(test)]
mod tests;

pub(crate) use life::Life;
pub(crate) use observer::NodeState;
pub(crate) use run::{Driver, Limits, REQUESTS_LIMIT, Request, Snapshot};
