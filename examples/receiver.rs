//! A websocket server that prints each text frame as one line, like `websocat -s PORT`. Start several in shells of
//! their own, point a flow at them, end one and start it again:
//!
//! ```text
//! cargo run --example receiver -- 8080
//! ```
//!
//! It ends on ctrl-C and SIGTERM, or when nobody reads its output any more.

use std::io;
use std::process::ExitCode;

use foreshock_examples::{Receiver, complain, print};
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let port = match (arguments.next().map(|text| text.parse()), arguments.next()) {
        (Some(Ok(port)), None) => port,
        _ => return complain("usage: receiver PORT", 2),
    };
    match receive(port).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&format!("receiver on port {port}: {error}"), 1),
    }
}

/// Prints what arrives until a signal comes.
async fn receive(port: u16) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let receiver = Receiver::bind(port).await?;
    complain(&format!("listening on ws://localhost:{port}/"), 0);
    tokio::select! {
        served = receiver.serve(print) => served.map(|never| match never {}),
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}
