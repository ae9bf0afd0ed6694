//! The measurements of foreshock, beside yardsticks written by hand. One command runs them, within minutes, on loopback and in the target directory only:
//!
//! ```text
//! cargo run --release -p foreshock-benches                  # all but builds of cargo
//! cargo run --release -p foreshock-benches -- in-process
//! cargo run --release -p foreshock-benches -- websocket
//! cargo run --release -p foreshock-benches -- latency       # from ingest to the sink, at fixed rates
//! cargo run --release -p foreshock-benches -- memory        # what kept events take
//! cargo run --release -p foreshock-benches -- start         # to the first event, and the size of the programs
//! cargo run --release -p foreshock-benches -- log           # a log on disk: its disk is the one that this is built on
//! cargo run --release -p foreshock-benches -- compile-time  # the macro, and builds of the example
//! cargo run --release -p foreshock-benches -- rebuild       # release builds after an edit of flows of 50 to 400 statements; not among "all"
//! ```
//!
//! `--quick` behind it goes through the same with small numbers, which mean nothing; tests do that, so that the benchmarks
//! do not break unseen. What is compared, and why that is fair, is told at the head of each part: [`in_process`],
//! [`websocket`], [`latency`], [`memory`], [`start`], [`log`], [`compile_time`], [`rebuild`], and of the yardstick in [`yardstick`].
//!
//! A figure is the median of the rounds, with the middle half of them in brackets. The two sides of a comparison are
//! measured in turn, round by round, and a ratio is of two neighbouring rounds, since on a machine that others use times
//! drift by far more than ratios do. *1.50* means that ours takes one and a half times as long.

pub mod compile_time;
pub mod event;
pub mod feed;
pub mod flow;
pub mod in_process;
pub mod latency;
pub mod log;
pub mod measure;
pub mod memory;
pub mod rebuild;
pub mod start;
pub mod websocket;
pub mod yardstick;
