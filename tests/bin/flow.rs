//! The founding flow as a process; called `persistent`, it is the one with its log on disk.

use std::process::ExitCode;

use foreshock_tests::founding::RoundRobin;
use foreshock_tests::persistent::Persistent;

fn main() -> ExitCode {
    match std::env::args().next().as_deref() {
        Some("persistent") => Persistent::main(),
        _ => RoundRobin::main(),
    }
}
