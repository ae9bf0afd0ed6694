//! The founding flow as a program of its own, and nothing else: its start and its size are measured.

use std::process::ExitCode;

use foreshock_benches::flow::websockets::Founding;

fn main() -> ExitCode {
    Founding::main()
}
