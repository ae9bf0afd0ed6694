//! The recording receiver as a process: see `foreshock_tests::recorder`.

use std::process::ExitCode;

use foreshock_tests::harness::complain;
use foreshock_tests::recorder::{Options, run};

fn main() -> ExitCode {
    let done =
        Options::parse(std::env::args().skip(1)).and_then(|options| run(options).map_err(|e| e.to_string()));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => complain("recorder", &text),
    }
}
