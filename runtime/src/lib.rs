//! Foreshock: event flows compiled ahead of time.
pub mod core;
mod driver;
pub mod operator;
pub mod program;
pub mod sink;
pub mod source;
pub mod testing;
pub mod world;
