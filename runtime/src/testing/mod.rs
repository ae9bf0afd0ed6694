//! Tools for tests of flows: [`sim`], a world in memory with virtual time.

pub mod sim;
