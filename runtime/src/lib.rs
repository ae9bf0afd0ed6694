//! Foreshock: event flows compiled ahead of time.
pub mod core;
pub mod operator;
pub mod sink;
pub mod source;
