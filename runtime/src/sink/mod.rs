//! Sinks: where a flow ends.

mod blackhole;

pub use blackhole::{Blackhole, BlackholeConfig};
