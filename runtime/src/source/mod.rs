//! Sources, the machines behind onramps: a source makes an event when one is due and the pipeline is ready for it.

mod lines;
mod metronome;

pub use lines::{Blaster, ReadFile, Stdin};
pub use metronome::{Metronome, Tick};
