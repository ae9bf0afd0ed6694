//! The border between a source's or sink's machine and the task that moves its bytes: plain buffers and requests, which the
//! driver exchanges with an I/O task between steps of the core.

use std::fmt;
use std::time::Duration;

/// Where a byte stream leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// A TCP connection.
    Tcp {
        /// Host name or address literal (without brackets). A name means every address that it resolves to.
        host: String,
        /// TCP port.
        port: u16,
    },
    /// A TLS connection over TCP.
    Tls {
        /// Host name or address literal (without brackets), which the peer's certificate must be for.
        host: String,
        /// TCP port.
        port: u16,
        /// The file of the certificates (PEM) to trust; without one those of the system.
        ca_file: Option<String>,
    },
    /// The standard input of the process; only to be read.
    Stdin,
    /// The standard output of the process; only to be written.
    Stdout,
    /// The standard error of the process; only to be written.
    Stderr,
    /// A file that is read from its start to its end, by its path.
    ReadFile(String),
    /// A file that is written; made if it is not there.
    WriteFile {
        /// Its path.
        path: String,
        /// What it has beyond so many bytes is cut off first; writing begins at its end. 0 for a new file.
        keep: u64,
    },
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Endpoint::Tcp { host, port } | Endpoint::Tls { host, port, .. } if host.contains(':') => {
                write!(f, "[{host}]:{port}")
            }
            Endpoint::Tcp { host, port } | Endpoint::Tls { host, port, .. } => write!(f, "{host}:{port}"),
            Endpoint::Stdin => f.write_str("stdin"),
            Endpoint::Stdout => f.write_str("stdout"),
            Endpoint::Stderr => f.write_str("stderr"),
            Endpoint::ReadFile(path) | Endpoint::WriteFile { path, .. } => f.write_str(path),
        }
    }
}

/// What a machine asks of the I/O side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Open a byte stream to the endpoint; the old one, if any, is dropped first, with what it had not given
    /// yet. What is in `outgoing` goes to the new one.
    Connect(Endpoint),
    /// Write what is in `outgoing`, then shut the stream down; it is read until the peer ends it too.
    Finish,
    /// Drop the stream, written or not; the state is [`WireState::Idle`] then.
    Abort,
}

/// What the I/O side last said of the byte stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WireState {
    /// There is none.
    Idle,
    /// One is being opened.
    Connecting,
    /// It is open.
    Open,
    /// Opening it failed, or it ended; with the reason in words. `incoming` may still hold what came before.
    Ended(String),
}

/// One connection's buffers, owned by the machine; the driver swaps them with the I/O task's.
#[derive(Debug)]
pub struct Wire {
    /// The next request to the I/O side; the driver takes it.
    pub command: Option<Command>,
    /// Bytes for the peer; the driver takes all of them when the I/O task has taken what it was given before, so
    /// that up to three such buffers exist.
    pub outgoing: Vec<u8>,
    /// Bytes from the peer that the machine has not yet consumed; the driver appends (bounded by
    /// [`Wire::INCOMING_LIMIT`]: beyond it the socket is not read until the machine has consumed).
    pub incoming: Vec<u8>,
    /// How many bytes of this connection the socket has taken.
    pub written: u64,
    /// What the I/O side last said.
    pub state: WireState,
    /// How long the machine waits for a connection, as far as it says: of several addresses each gets a part of that.
    pub connect_within: Duration,
    /// The peer has sent all that it had, and has said so: what ended then did not break.
    pub at_end: bool,
    /// The driver says that the flow drains: time is short, and who waits to connect again waits for a short time only.
    pub is_draining: bool,
}

impl Wire {
    /// Bytes from the peer that may wait for the machine, per connection.
    pub const INCOMING_LIMIT: usize = 64 * 1024;

    /// Asks for a new byte stream. What was said of an old one says nothing of this one, so it is forgotten.
    pub fn connect(&mut self, endpoint: Endpoint) {
        *self = Wire {
            command: Some(Command::Connect(endpoint)),
            outgoing: std::mem::take(&mut self.outgoing),
            incoming: std::mem::take(&mut self.incoming),
            state: WireState::Connecting,
            is_draining: self.is_draining,
            ..Wire::within(self.connect_within)
        };
        self.outgoing.clear();
        self.incoming.clear();
    }

    /// A wire without a connection, of a machine that does not say how long it waits for one.
    pub fn new() -> Wire {
        Wire::within(Duration::MAX)
    }

    /// A wire without a connection, of a machine that waits so long for one.
    pub fn within(connect_within: Duration) -> Wire {
        Wire {
            command: None,
            outgoing: Vec::new(),
            incoming: Vec::new(),
            written: 0,
            state: WireState::Idle,
            at_end: false,
            is_draining: false,
            connect_within,
        }
    }
}

impl Default for Wire {
    fn default() -> Self {
        Wire::new()
    }
}
