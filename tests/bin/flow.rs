//! The founding flow as a process.

use std::process::ExitCode;

use foreshock_tests::founding::RoundRobin;

fn main() -> ExitCode {
    RoundRobin::main()
}
