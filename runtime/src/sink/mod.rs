//! Sinks: where a flow ends.

mod blackhole;
mod turn;
mod ws;

pub use blackhole::{Blackhole, BlackholeConfig};
pub use ws::Ws;
