//! The I/O task: opens one connection and moves bytes between it and the [`Cell`] until it ends.
//!
//! It decides nothing but how a connection ends: with its reason, after everything that came before was handed
//! over. When a write fails, what had already arrived is still read, since it may confirm something.

use std::future::poll_fn;
use std::io;
use std::mem::swap;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::coop::has_budget_remaining;

use crate::core::{Endpoint, Wire};
use crate::driver::cell::{Cell, Stage};
use crate::mutants::mutant;
use crate::world::World;

/// The most bytes that one read asks for.
const READ_AT_ONCE: usize = 16 * 1024;

/// Opens a connection and serves it until it ends. Dropping the future drops the connection.
pub(super) async fn carry<W: World>(world: W, endpoint: Endpoint, within: Duration, cell: Arc<Cell>) {
    let mut end = End { cell: &cell, reason: Some("the task that moves its bytes died".to_owned()) };
    let reason = match world.connect(&endpoint, within).await {
        Err(error) => match endpoint {
            Endpoint::Tcp { .. } | Endpoint::Tls { .. } => format!("cannot connect: {error}"),
            _ => format!("cannot open it: {error}"),
        },
        Ok(stream) => {
            cell.lock().stage = Stage::Open;
            cell.tell_driver();
            Carrier::new(stream, &cell).run().await
        }
    };
    end.reason = Some(reason);
}

/// Tells the end of the connection when it is dropped, so that no way of ending goes untold.
struct End<'a> {
    cell: &'a Cell,
    reason: Option<String>,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        if let Some(reason) = self.reason.take() {
            self.cell.lock().stage = Stage::Ended(reason);
            self.cell.tell_driver();
        }
    }
}

/// What the writing half is doing.
#[derive(Debug, PartialEq, Eq)]
enum Writing {
    /// Writing what there is.
    Open,
    /// Writing what is left, then shutting down.
    Finishing,
    /// Shut down; the peer may still send.
    Shut,
    /// A write failed.
    Broken(String),
}

struct Carrier<'a, S> {
    stream: S,
    cell: &'a Cell,
    writing: Writing,
    /// Bytes to write; those before `at` are written.
    outgoing: Vec<u8>,
    at: usize,
    /// Bytes that the stream has taken; of these it may still hold some itself (TLS).
    taken: u64,
    /// Bytes that have gone through it.
    written: u64,
    scratch: Box<[u8]>,
    /// Bytes at the start of `scratch` that the cell has not got yet.
    read: usize,
    /// How many bytes may be read before the machine has consumed some.
    space: usize,
    /// No more is read.
    at_end: bool,
    /// For the peer has said that it sends no more.
    peer_ended: bool,
    end: Option<String>,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Carrier<'a, S> {
    fn new(stream: S, cell: &'a Cell) -> Self {
        Carrier {
            stream,
            cell,
            writing: Writing::Open,
            outgoing: Vec::new(),
            at: 0,
            taken: 0,
            written: 0,
            scratch: vec![0; READ_AT_ONCE].into_boxed_slice(),
            read: 0,
            space: 0,
            at_end: false,
            peer_ended: false,
            end: None,
        }
    }

    async fn run(mut self) -> String {
        loop {
            self.exchange();
            if let Some(reason) = self.end.take() {
                return reason;
            }
            let mut told = pin!(self.cell.to_io.notified());
            poll_fn(|cx| {
                // Both halves get their turn each time, so that neither starves the other.
                let wrote = self.poll_write(cx).is_ready();
                let read = self.poll_read(cx).is_ready();
                if wrote || read { Poll::Ready(()) } else { told.as_mut().poll(cx) }
            })
            .await;
        }
    }

    /// Hands over what was read and how much was written; takes what there is to write.
    fn exchange(&mut self) {
        let mut shared = self.cell.lock();
        let shut = self.writing == Writing::Shut;
        let was_read = self.read > 0 && !mutant!("lost_wake_up_of_driver");
        let changed = was_read || shared.written != self.written || shared.shut != shut;
        shared.incoming.extend_from_slice(&self.scratch[..self.read]);
        shared.written = self.written;
        shared.shut = shut;
        shared.at_end = self.peer_ended;
        if self.at == self.outgoing.len() {
            self.outgoing.clear();
            self.at = 0;
            swap(&mut self.outgoing, &mut shared.outgoing);
        }
        if shared.finish && self.writing == Writing::Open {
            self.writing = Writing::Finishing;
        }
        self.space = Wire::INCOMING_LIMIT.saturating_sub(shared.held + shared.incoming.len());
        shared.starved = self.space == 0;
        drop(shared);
        self.read = 0;
        if changed {
            self.cell.tell_driver();
        }
    }

    /// Ready when it wrote something, finished flushing or shutting down, or failed.
    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if matches!(self.writing, Writing::Shut | Writing::Broken(_)) {
            return Poll::Pending;
        }
        match ready!(self.poll_some_write(cx)) {
            Ok(()) => Poll::Ready(()),
            Err(error) => {
                // Nothing of this can be written any more: `exchange` may throw it away.
                self.at = self.outgoing.len();
                self.writing = Writing::Broken(format!("writing failed: {error}"));
                self.end_if_over();
                Poll::Ready(())
            }
        }
    }

    fn poll_some_write(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut stream = Pin::new(&mut self.stream);
        let rest = &self.outgoing[self.at..];
        if self.taken > self.written {
            // Before more is written: so it shows that bytes get on, however many wait.
            ready!(stream.poll_flush(cx))?;
            self.written = self.taken;
        } else if !rest.is_empty() {
            let n = ready!(stream.as_mut().poll_write(cx, rest))?;
            if n == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.at += n;
            self.taken += n as u64;
            if let Poll::Ready(flushed) = stream.poll_flush(cx) {
                flushed?;
                self.written = self.taken;
            }
        } else if self.writing == Writing::Finishing {
            ready!(stream.poll_shutdown(cx))?;
            self.writing = Writing::Shut;
            self.end_if_over();
        } else {
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }

    /// Ready when it read something, or found the end.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.at_end || self.space == 0 {
            return Poll::Pending;
        }
        let most = self.space.min(self.scratch.len());
        let mut piece = ReadBuf::new(&mut self.scratch[..most]);
        match Pin::new(&mut self.stream).poll_read(cx, &mut piece) {
            Poll::Ready(Ok(())) if !piece.filled().is_empty() => self.read = piece.filled().len(),
            Poll::Ready(Ok(())) => {
                self.at_end = true;
                self.peer_ended = true;
                self.end_if_over();
            }
            Poll::Ready(Err(error)) => self.end = Some(format!("reading failed: {error}")),
            // What had arrived before the write failed is read; nothing is waited for (but the task's next turn,
            // if this one's budget is used up: then "pending" says nothing about the stream).
            Poll::Pending if matches!(self.writing, Writing::Broken(_)) && has_budget_remaining() => {
                self.at_end = true;
                self.end_if_over();
            }
            Poll::Pending => return Poll::Pending,
        }
        Poll::Ready(())
    }

    /// The connection is over when the peer sends no more, unless there is a finish to be completed.
    fn end_if_over(&mut self) {
        if !self.at_end {
            return;
        }
        self.end = match &self.writing {
            Writing::Open => Some("the peer closed the connection".to_owned()),
            Writing::Finishing => None,
            Writing::Shut => Some("closed".to_owned()),
            Writing::Broken(reason) => Some(reason.clone()),
        };
    }
}
