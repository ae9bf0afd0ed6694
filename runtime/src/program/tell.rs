//! Answers on stdout, in place of a run: `check` and `graph`. Those about logs on disk are in `wal`.

use std::io::{self, Write};
use std::process::ExitCode;

use foreshock_spec::Settings;
use foreshock_spec::picture::Detail;

use crate::program::arguments::{CheckFormat, Command, GraphFormat};
use crate::program::{Program, check};

/// The answer to a question about the flow; `None` if the command line asks for a run, or about what is on disk.
pub(super) fn answer(program: &Program, settings: &Settings, command: Command) -> Option<String> {
    let durability = |log: &str| settings.durability(log);
    Some(match command {
        Command::Run | Command::Wal(_) => return None,
        Command::Check(CheckFormat::Text) => check::text(program, settings),
        Command::Check(CheckFormat::Json) => check::json(program, settings),
        Command::Check(CheckFormat::Plan) => check::plan(program),
        Command::Graph(GraphFormat::Mermaid) => program.picture.mermaid(Detail::Full, durability),
        Command::Graph(GraphFormat::Dot) => program.picture.dot(Detail::Full, durability),
    })
}

/// Writes an answer. Returns the exit code, as [`told`] has it.
pub(super) fn tell(answer: &str) -> ExitCode {
    let mut stdout = io::stdout().lock();
    told(stdout.write_all(answer.as_bytes()).and_then(|()| stdout.flush()))
}

/// The exit code behind an answer: 1, and a line on stderr, if it could not be written. A reader that has seen enough is no mistake.
pub(super) fn told(written: io::Result<()>) -> ExitCode {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            // Nobody is left to be told that this could not be written either.
            let _ = writeln!(io::stderr(), "error: cannot write the answer: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}
