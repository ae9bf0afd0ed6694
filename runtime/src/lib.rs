//! Foreshock: event flows compiled ahead of time.
pub mod core;
