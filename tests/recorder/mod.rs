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
//! | `ordered BYTES` | a cut was ordered |
//! | `cut N` | the connection was cut off, as ordered |
//! | `end N` | the connection is over |
//!
//! A line `cut BYTES` on its standard input orders that a connection is cut off after so many more bytes, read and
//! written together: mostly in the middle of a frame.

mod connection;
mod options;
mod wire;

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;

pub use options::{HangUp, Options};
use wire::{Fuse, Wire};

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
    let fuse = Arc::new(Fuse::default());
    let (orders, record) = (Arc::clone(&fuse), Arc::clone(&log));
    std::thread::spawn(move || std::process::exit(obey(&orders, &record)));

    let options = Arc::new(options);
    for (number, stream) in (1_u64..).zip(listener.incoming()) {
        let (stream, log, options) = (stream?, Arc::clone(&log), Arc::clone(&options));
        if options.hang_up == Some(HangUp::Accept) {
            continue;
        }
        let fuse = Arc::clone(&fuse);
        std::thread::spawn(move || {
            // A connection that breaks is what these servers are for: the record tells how far it came.
            let _ = stream.set_nodelay(true);
            let _ = connection::serve(Wire::new(stream, number, &fuse, &log), number, &log, &options);
            let _ = log.line(&format!("end {number}"));
        });
    }
    Ok(())
}

/// Does what standard input says, until its end. Gives the exit code.
fn obey(fuse: &Fuse, log: &Log) -> i32 {
    for line in io::stdin().lines().map_while(Result::ok) {
        let Some(Ok(bytes)) = line.strip_prefix("cut ").map(str::parse) else { return 2 };
        fuse.light(bytes);
        if log.line(&format!("ordered {bytes}")).is_err() {
            return 1;
        }
    }
    0
}
