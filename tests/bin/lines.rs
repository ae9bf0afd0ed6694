//! The flows of `foreshock_tests::lines` as processes: which one, says the name that it is called by.

use std::process::ExitCode;

use foreshock_tests::harness::complain;
use foreshock_tests::lines::{Blast, Copy, Echo, Logged, NAMES, Text};

fn main() -> ExitCode {
    match std::env::args().next().as_deref() {
        Some("echo") => Echo::main(),
        Some("text") => Text::main(),
        Some("blast") => Blast::main(),
        Some("copy") => Copy::main(),
        Some("logged") => Logged::main(),
        other => complain("lines", &format!("called as {other:?}; the names are {NAMES:?}")),
    }
}
