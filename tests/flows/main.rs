//! Flows of many shapes, compiled and driven by hand: what comes out where, what is acknowledged, what is replayed.
//! Nothing here has a socket or a clock; flows with sinks are run in `tests/simulated` and `tests/e2e`.

mod binary;
mod consts;
mod delivery;
mod disk;
mod dynamic;
mod expressions;
mod files;
mod having;
mod keywords;
mod library;
mod names;
mod patch;
mod shapes;
mod streams;
mod usual;
