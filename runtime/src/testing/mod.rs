//! Tools for tests of flows: [`Harness`] drives one pipeline by hand; [`Simulation`] runs a whole flow under servers that
//! misbehave, seed by seed ([`crate::simulation`] is its page); [`sim`] is the world in memory that it does that in, for tests
//! that play the servers themselves, and [`peers`] the servers.

mod dice;
mod harness;
pub mod peers;
pub mod sim;
pub mod simulation;

pub use dice::Dice;
pub use harness::Harness;
pub use simulation::Simulation;
