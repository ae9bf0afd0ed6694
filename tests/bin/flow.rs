//! The founding flow as a process.

use std::process::ExitCode;

use foreshock_tests::flows::founding::RoundRobin;

fn main() -> ExitCode {
    RoundRobin::main()
}
