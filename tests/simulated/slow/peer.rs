//! A simulated websocket server that is slow in one of the ways in which servers are, and can change its ways while it runs. What it
//! received, and when, is on record. Servers that are wicked are elsewhere: this one keeps RFC 6455.

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use foreshock::testing::sim::{Sim, SimStream};
use futures_util::StreamExt;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf, ReadHalf, WriteHalf, split};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::{JoinHandle, JoinSet, spawn_local};
use tokio::time::{Instant, Sleep, sleep, sleep_until};
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

/// What a server writes and is late at once, at most: more than the pongs for any window.
const LATE_WRITES: usize = 1024;

/// How quick a server is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// It works so long on an event before it reads on.
    pub(super) event_ms: u64,
    /// It reads so many bytes in a millisecond.
    pub(super) bytes_per_ms: usize,
    /// Its pongs come so much later.
    pub(super) pong_ms: u64,
    /// It reads for so long, then stands still for so long, and so on.
    pub(super) pause: Option<(u64, u64)>,
    /// Behind so many events of a connection it reads no more.
    pub(super) stuck_after: u64,
}

impl Pace {
    /// Takes no time at all.
    pub(super) const QUICK: Pace =
        Pace { event_ms: 0, bytes_per_ms: usize::MAX, pong_ms: 0, pause: None, stuck_after: u64::MAX };

    /// Works so long on each event.
    pub(super) const fn per_event(event_ms: u64) -> Pace {
        Pace { event_ms, ..Pace::QUICK }
    }
}

/// An event that was received.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) at_ms: u64,
    pub(super) server: usize,
    pub(super) id: u64,
}

/// What all servers received, in the order of time.
pub(super) type Record = Rc<RefCell<Vec<Seen>>>;

/// A server that runs until it is dropped, and its connections with it.
pub(super) struct Peer {
    pace: Rc<Cell<Pace>>,
    task: JoinHandle<()>,
}

impl Peer {
    /// It listens at `ws0`, `ws1`, …
    pub(super) fn start(sim: &Sim, server: usize, pace: Pace, record: &Record, began: Instant) -> Peer {
        let mut listener = sim.listen(&format!("ws{server}"), 80);
        let pace = Rc::new(Cell::new(pace));
        let desk = Desk { server, pace: Rc::clone(&pace), record: Rc::clone(record), began };
        let task = spawn_local(async move {
            let mut connections = JoinSet::new();
            loop {
                connections.spawn_local(desk.clone().serve(listener.accept().await));
            }
        });
        Peer { pace, task }
    }

    /// From its next event on, it is so quick.
    pub(super) fn becomes(&self, pace: Pace) {
        self.pace.set(pace);
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone)]
struct Desk {
    server: usize,
    pace: Rc<Cell<Pace>>,
    record: Record,
    began: Instant,
}

impl Desk {
    fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).expect("a test is short")
    }

    async fn serve(self, stream: SimStream) {
        let (reading, writing) = split(stream);
        let (pongs, late) = channel(LATE_WRITES);
        let mut writer = JoinSet::new();
        writer.spawn_local(write_late(writing, late));
        let line =
            Line { reading, pongs, pace: Rc::clone(&self.pace), rests: Box::pin(sleep(Duration::ZERO)) };
        let Ok(mut socket) = accept_async(line).await else { return };
        let mut received = 0;
        while let Some(Ok(message)) = socket.next().await {
            let Message::Text(text) = message else { continue };
            let id = text.split_once("\"id\":").expect("it has an id").1;
            let digits = id.find(|c: char| !c.is_ascii_digit()).expect("an object ends");
            let id = id[..digits].parse().expect("digits");
            self.record.borrow_mut().push(Seen { at_ms: self.now_ms(), server: self.server, id });
            received += 1;
            self.works(received).await;
        }
    }

    async fn works(&self, received: u64) {
        let pace = self.pace.get();
        if received >= pace.stuck_after {
            pending::<()>().await;
        }
        if pace.event_ms > 0 {
            sleep(Duration::from_millis(pace.event_ms)).await;
        }
        if let Some((runs_ms, rests_ms)) = pace.pause {
            let at = self.now_ms() % (runs_ms + rests_ms);
            if at >= runs_ms {
                sleep(Duration::from_millis(runs_ms + rests_ms - at)).await;
            }
        }
    }
}

/// The server's end of a byte stream, as slow as its [`Pace`].
struct Line {
    reading: ReadHalf<SimStream>,
    pongs: Sender<(Instant, Vec<u8>)>,
    pace: Rc<Cell<Pace>>,
    rests: Pin<Box<Sleep>>,
}

async fn write_late(mut writing: WriteHalf<SimStream>, mut late: Receiver<(Instant, Vec<u8>)>) {
    while let Some((at, bytes)) = late.recv().await {
        sleep_until(at).await;
        if writing.write_all(&bytes).await.is_err() {
            return;
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.rests.as_mut().poll(cx));
        let most = buf.remaining().min(self.pace.get().bytes_per_ms);
        let mut piece = ReadBuf::new(buf.initialize_unfilled_to(most));
        ready!(Pin::new(&mut self.reading).poll_read(cx, &mut piece))?;
        let read = piece.filled().len();
        buf.advance(read);
        if self.pace.get().bytes_per_ms != usize::MAX {
            let bytes_per_ms = self.pace.get().bytes_per_ms;
            let taken_us = u64::try_from(read * 1000 / bytes_per_ms).expect("a test is short");
            let next = self.rests.deadline().max(Instant::now() - Duration::from_millis(1));
            self.rests.as_mut().reset(next + Duration::from_micros(taken_us));
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Line {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        // The answer to the handshake is no pong.
        let late_ms = if bytes.starts_with(b"HTTP") { 0 } else { self.pace.get().pong_ms };
        let at = Instant::now() + Duration::from_millis(late_ms);
        let sent = self.pongs.try_send((at, bytes.to_vec()));
        Poll::Ready(sent.map(|()| bytes.len()).map_err(|_| io::ErrorKind::BrokenPipe.into()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
