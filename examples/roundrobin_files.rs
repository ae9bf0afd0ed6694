//! The flow of `roundrobin`, from files as tremor has them: `etc/tremor/config/` beside this file.
//!
//! ```text
//! cargo run --example roundrobin_files
//! ```
//!
//! The files are read at compile time, in the order of their names. When one of them changes, cargo compiles the example
//! anew. A *new* file that the pattern matches is seen only then: touch this file after adding one.

use std::process::ExitCode;

use foreshock::pipeline;
use foreshock_examples::run_with_receivers;

pipeline! {
    /// Metronome events, shared out over three websocket servers; from files.
    pub flow RoundRobin;

    include "etc/tremor/config/*";
}

fn main() -> ExitCode {
    run_with_receivers(RoundRobin::builder(), &[("ws0", 8080), ("ws1", 8081), ("ws2", 8082)])
}
