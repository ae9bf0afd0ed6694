//! Kills and freezes servers and flow at random moments while the flow runs, and accounts for every event:
//! `cargo run --release -p foreshock-tests --bin chaos -- --flow persistent --kills 1000`. Exit code 0 only if nothing was lost.
//!
//! One file is all the programs, told apart by the name it is called by: cargo builds nothing else for `--bin chaos`.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use foreshock_tests::chaos::{self, Cast, Kind, flows};
use foreshock_tests::harness::{Program, complain};
use foreshock_tests::recorder;

fn main() -> ExitCode {
    let mut arguments = std::env::args();
    let called = arguments.next().unwrap_or_default();
    let called = Path::new(&called).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    match (called, Kind::find(called)) {
        (_, Some(Kind::Transient)) => flows::Transient::main(),
        (_, Some(Kind::Persistent)) => flows::Persistent::main(),
        ("recorder", _) => {
            let options = recorder::Options::parse(arguments);
            match options.and_then(|options| recorder::run(options).map_err(|error| error.to_string())) {
                Ok(()) => ExitCode::SUCCESS,
                Err(text) => complain("recorder", &text),
            }
        }
        _ => match chaos::Options::parse(arguments, rand::random()) {
            Ok(options) => trouble(&options),
            Err(text) => complain("chaos", &text),
        },
    }
}

fn trouble(options: &chaos::Options) -> ExitCode {
    let file = match std::env::current_exe() {
        Ok(file) => file,
        Err(error) => return complain("chaos", &error.to_string()),
    };
    let cast = Cast {
        recorder: Program::called(&file, "recorder"),
        flow: Program::called(&file, options.flow.name()),
    };
    let mut stdout = std::io::stdout();
    // Before the run, so that the seed is known even if a panic ends it.
    let _ = writeln!(stdout, "chaos {}", options.again());
    let report = chaos::run(options, &cast);
    let _ = writeln!(stdout, "{report}");
    ExitCode::from(u8::from(!report.is_good()))
}
