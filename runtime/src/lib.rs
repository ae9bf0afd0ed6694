//! Foreshock: event flows compiled ahead of time.
pub mod core;
mod driver;
pub mod program;
pub mod testing;
pub mod world;
