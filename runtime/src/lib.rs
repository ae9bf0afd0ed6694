//! Foreshock: event flows compiled ahead of time.
//!
//! [`pipeline!`] takes a flow (onramps, pipelines in the style of the trickle query language, offramps, and the bindings
//! between them), checks all of it at compile time, and makes a program of it:
//!
//! ```no_run
//! foreshock::pipeline! {
//!     /// A tick a second, kept until the server has confirmed it.
//!     pub flow Ticks;
//!
//!     define onramp metronome from metronome with interval = 1000 end;
//!     define offramp server from ws with url = "ws://localhost:8080/" end;
//!
//!     define pipeline kept
//!         define qos::wal operator log with read_count = 20, max_elements = 1000 end;
//!         create operator log;
//!         select { "tick": event.id } from in into log;
//!         select event from log into out;
//!     end;
//!
//!     define binding all links
//!         /onramp/metronome/{instance}/out => /pipeline/kept/{instance}/in,
//!         /pipeline/kept/{instance}/out    => /offramp/server/{instance}/in
//!     end;
//!
//!     create binding /binding/all/01 with instance = "01" end;
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     Ticks::main()
//! }
//! ```
//!
//! [`language`] is the reference: all that may be written, what it does, every function and every setting. [`reliability`] says what is
//! promised, what is not, and what was tried to break it; [`operations`] what to watch while a flow runs; [`performance`] how fast it is,
//! beside code that was written by hand. [`roundrobin`] takes
//! the document with which the project began sentence by sentence.
//!
//! - `Ticks::main()` is the whole program: command line (`--help` tells every setting), logging, signals, drain, exit code.
//! - `Ticks::builder()` gives the [`Builder`]: the same flow inside an async program of one's own.
//! - `pipeline! { pub pipeline Name; … }` makes only a pipeline, a synchronous component: see [`Embedded`].
//! - [`testing`] has a harness for single pipelines and a simulated world for whole flows; [`simulation`] tells how a flow is
//!   tried under servers that misbehave.
//!
//! The folders are the architecture: [`core`] is the vocabulary of the synchronous core; [`operator`], [`source`] and
//! [`sink`] are its parts; [`pipeline`](mod@pipeline) is what generated code is made with; [`world`] is the seam to everything outside;
//! [`program`] is the shell around it.

// What is shown must not even warn: warnings of a flow are lints too.
#![doc(test(attr(deny(warnings), allow(unused))))]

pub mod core;
mod driver;
#[doc = include_str!("../docs/errors.md")]
pub mod errors {}
#[doc = include_str!("../docs/language.md")]
pub mod language {}
#[cfg(foreshock_mutants)]
pub mod mutants;
#[cfg(not(foreshock_mutants))]
mod mutants;
#[doc = include_str!("../docs/operations.md")]
pub mod operations {}
pub mod operator;
pub mod pipeline;
pub mod program;
#[doc = include_str!("../docs/performance.md")]
pub mod performance {}
#[doc = include_str!("../docs/reliability.md")]
pub mod reliability {}
#[doc = include_str!("../docs/roundrobin.md")]
pub mod roundrobin {}
#[doc = include_str!("../docs/simulation.md")]
pub mod simulation {}
pub mod sink;
pub mod source;
pub mod testing;
pub mod world;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

/// What may be written in it, and what that does, is told in [`language`].
///
#[doc(inline)]
pub use foreshock_macros::pipeline;
pub use foreshock_spec::{Record, SettingError, Value};

pub use crate::pipeline::{Embedded, Output, PushError};
pub use crate::program::{Builder, Handle};
