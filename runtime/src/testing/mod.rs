//! Tools for tests of flows: [`Harness`] drives one pipeline by hand; [`sim`] is a world in memory with virtual time, in
//! which whole flows run.

mod harness;
pub mod sim;

pub use harness::Harness;
