//! Bodies of fuzz targets: each takes any bytes to a reader of foreshock, and asserts what must hold for all of them. Two things
//! call them: the targets of cargo-fuzz beside this package, for hours, and the smoke test, with each `cargo test`, for seconds. A
//! target's corpus, `corpus/<name>/`, holds what is worth to begin with, and every input that ever found a fault.

mod bytes;
mod compiled;
pub mod flow;
pub mod json;
pub mod lines;
pub mod log;
pub mod mutate;
pub mod overrides;
pub mod peer;
pub mod tokens;
pub mod yaml;

/// A fuzz target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Of the target of cargo-fuzz, and of the folder of its corpus.
    pub name: &'static str,
    /// Its body: panics if something does not hold.
    pub run: fn(&[u8]),
    /// Inputs of more bytes are cut: what takes the square of an input's length shows before.
    pub longest: usize,
    /// What is worth to be put into inputs.
    pub words: &'static [&'static [u8]],
}

/// All of them.
pub const TARGETS: &[Target] = &[
    flow::TARGET,
    json::TARGET,
    lines::TARGET,
    log::TARGET,
    overrides::TARGET,
    peer::TARGET,
    tokens::TARGET,
    yaml::TARGET,
];
