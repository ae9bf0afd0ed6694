//! The parser: what it reads, and what it says about the rest.

mod beginner;
mod binding_errors;
mod expr;
mod flow;
mod flow_errors;
mod modules;
mod numbers;
mod query_errors;
mod soup;
mod strings;
#[path = "../support/mod.rs"]
mod support;
