//! Tests of the registry, the value type and the operators, through the public surface only.
#![allow(clippy::unwrap_used)] // a test may end at the first surprise

mod binary;
mod check;
mod function;
mod json;
mod near;
mod op;
mod picture;
mod row;
mod secrets;
mod settings;
mod typed;
