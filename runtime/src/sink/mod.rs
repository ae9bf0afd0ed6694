//! Sinks: where a flow ends.

mod backoff;
mod blackhole;
mod lines;
mod turn;
mod window;
mod ws;

pub use blackhole::{Blackhole, BlackholeConfig};
pub use lines::{Stderr, Stdout, WriteFile};
pub use ws::Ws;
