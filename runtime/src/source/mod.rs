//! Sources: what begins a flow.

mod metronome;

pub use metronome::{Metronome, Tick};
