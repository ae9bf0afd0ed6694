//! The parser: what it reads, and what it says about the rest.

mod errors;
mod expr;
mod flow;
mod numbers;
mod soup;
mod strings;
#[path = "../support/mod.rs"]
mod support;
