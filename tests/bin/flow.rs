//! The founding flow as a process; called `persistent`, it is the one with its log on disk, called `twofold`, one with two, and called
//! `secretive`, one that has secrets.

use std::process::ExitCode;

use foreshock_tests::founding::RoundRobin;
use foreshock_tests::persistent::{Persistent, twofold::Twofold};
use foreshock_tests::secretive::Secretive;

fn main() -> ExitCode {
    match std::env::args().next().as_deref() {
        Some("persistent") => Persistent::main(),
        Some("twofold") => Twofold::main(),
        Some("secretive") => Secretive::main(),
        _ => RoundRobin::main(),
    }
}
