//! The recording receiver: a websocket server that writes each text frame to a file before it reads the next one, so
//! that no pong precedes its record. What it confirms is on record, whatever happens to it afterwards. It can also
//! misbehave in the ways that servers do.
//!
//! The record is one line per happening, each written with one `write` to a file opened for appending:
//!
//! | line | when |
//! |---|---|
//! | `start PID PORT` | the process listens |
//! | `open N` | connection N (counted from 1 in each process) has shaken hands |
//! | `text N JSON` | a text frame has come |
//! | `pong N` | a pong has been handed to the socket |
//! | `refused N JSON` | a text frame has come that is answered with close code 1009 |
//! | `end N` | the connection is over |

mod connection;
mod options;

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;

pub use options::{HangUp, Options};

/// The record's file, shared by the connections.
#[derive(Debug)]
struct Log(File);

impl Log {
    /// Appends one line, unbuffered.
    fn line(&self, line: &str) -> io::Result<()> {
        (&self.0).write_all(format!("{line}\n").as_bytes())
    }
}

/// Listens on 127.0.0.1, prints the port as the first line of stdout, and serves until the process is killed or its
/// standard input ends (so it does not outlive a test that was killed itself).
///
/// # Errors
/// If the port is taken, or the record cannot be written.
pub fn run(options: Options) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
    let port = listener.local_addr()?.port();
    let log = Arc::new(Log(OpenOptions::new().create(true).append(true).open(&options.file)?));
    log.line(&format!("start {} {port}", std::process::id()))?;
    let mut stdout = io::stdout();
    writeln!(stdout, "{port}")?;
    stdout.flush()?;
    std::thread::spawn(|| {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });

    let options = Arc::new(options);
    for (number, stream) in (1_u64..).zip(listener.incoming()) {
        let (stream, log, options) = (stream?, Arc::clone(&log), Arc::clone(&options));
        if options.hang_up == Some(HangUp::Accept) {
            continue;
        }
        std::thread::spawn(move || {
            // A connection that breaks is what these servers are for: the record tells how far it came.
            let _ = connection::serve(stream, number, &log, &options);
            let _ = log.line(&format!("end {number}"));
        });
    }
    Ok(())
}
