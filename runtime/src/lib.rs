//! Foreshock: event flows compiled ahead of time.
pub mod core;

pub use foreshock_macros::pipeline;
