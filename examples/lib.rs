//! Shared parts of the examples: a small websocket server that hands on each text frame, and a thread of several. It is
//! no part of foreshock, and no example of how to write a robust server.

// What the README shows must not even warn.
#![doc(test(attr(deny(warnings), allow(unused))))]

mod receivers;

use std::convert::Infallible;
use std::io::{self, Write};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::process::ExitCode;
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::future::try_join_all;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::{self, Message};

pub use receivers::{Receivers, run_with_receivers};

/// A websocket server on a port of this machine.
#[derive(Debug)]
pub struct Receiver {
    /// On 127.0.0.1, and on `::1` where there is IPv6: `localhost` may mean either.
    listeners: Vec<TcpListener>,
}

impl Receiver {
    /// Listens on the port.
    ///
    /// # Errors
    /// [`io::ErrorKind::AddrInUse`] if somebody listens there already, on either address; whatever else keeps it from
    /// listening on 127.0.0.1.
    pub async fn bind(port: u16) -> io::Result<Receiver> {
        let mut listeners = vec![TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?];
        match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
            Ok(listener) => listeners.push(listener),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
            Err(_) => {} // no IPv6 here
        }
        Ok(Receiver { listeners })
    }

    /// Serves any number of connections, and calls `received` with each text frame before it reads the next: pings are
    /// answered in between, so a pong says that the frames before it were handed on.
    ///
    /// # Errors
    /// If a listener breaks. A broken connection ends that connection only.
    pub async fn serve(self, received: impl Fn(&str) + Send + Sync + 'static) -> io::Result<Infallible> {
        let received = Arc::new(received);
        let mut never =
            try_join_all(self.listeners.iter().map(|listener| accept(listener, Arc::clone(&received))))
                .await?;
        Ok(never.pop().expect("there is a listener"))
    }
}

/// Accepts connections for ever, each into a task of its own.
async fn accept(
    listener: &TcpListener,
    received: Arc<impl Fn(&str) + Send + Sync + 'static>,
) -> io::Result<Infallible> {
    loop {
        let (stream, _) = listener.accept().await?;
        let received = Arc::clone(&received);
        tokio::spawn(async move {
            // The peer may go whenever it likes: it connects again if it wants more.
            let _ = connection(stream, &*received).await;
        });
    }
}

/// Serves one connection until the peer ends it.
async fn connection(stream: TcpStream, received: &impl Fn(&str)) -> tungstenite::Result<()> {
    stream.set_nodelay(true)?;
    let mut socket = tokio_tungstenite::accept_async(stream).await?;
    while let Some(message) = socket.next().await {
        if let Message::Text(text) = message? {
            received(&text);
        }
    }
    Ok(())
}

/// Writes one line to stdout, at once. Without a reader there is nothing left to do: the program ends.
pub fn print(line: &str) {
    let mut stdout = io::stdout().lock();
    if stdout.write_all(format!("{line}\n").as_bytes()).and_then(|()| stdout.flush()).is_err() {
        std::process::exit(0);
    }
}

/// Says something on stderr: stdout is for events only. Gives the exit code, for a `main` that ends so.
pub fn complain(text: &str, code: u8) -> ExitCode {
    // Nobody is left to be told that the text could not be written.
    let _ = writeln!(io::stderr(), "{text}");
    ExitCode::from(code)
}

/// The flow that the README shows must compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
