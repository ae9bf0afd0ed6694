//! The founding flow as a process; called `persistent`, it is the one with its log on disk, and called `twofold`, one with two.

use std::process::ExitCode;

use foreshock_tests::founding::RoundRobin;
use foreshock_tests::persistent::{Persistent, twofold::Twofold};

fn main() -> ExitCode {
    match std::env::args().next().as_deref() {
        Some("persistent") => Persistent::main(),
        Some("twofold") => Twofold::main(),
        _ => RoundRobin::main(),
    }
}
