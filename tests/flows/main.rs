//! Flows of many shapes, compiled and driven by hand: what comes out where, what is acknowledged, what is replayed.
//! Nothing here has a socket or a clock; the flows with sinks are run in `whole.rs` of this folder.

mod delivery;
mod dynamic;
mod expressions;
mod keywords;
mod names;
mod shapes;
