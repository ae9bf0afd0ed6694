//! Runs servers and flows as separate processes, makes them misbehave, waits for what they do (never for time to
//! pass), and accounts for every event.

pub mod account;
mod directory;
mod flow;
mod port;
mod process;
mod recording;
mod scrape;
mod server;
mod summary;
mod tail;
mod wait;

use std::io::Write;
use std::process::ExitCode;

pub use directory::Directory;
pub use flow::{Flow, Outcome, last_lines, quick};
pub use nix::sys::signal::Signal;
pub use port::next as free_port;
pub use process::{Process, Program};
pub use recording::{Entry, Life, Recording};
pub use scrape::{Scrape, address, half_a_request, scrape};
pub use server::Server;
pub use summary::Summary;
pub use tail::Tail;
pub use wait::{PATIENCE, until};

/// Says on stderr what went wrong in the program `who`; gives the exit code of a usage error.
pub fn complain(who: &str, text: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{who}: {text}");
    ExitCode::from(2)
}
