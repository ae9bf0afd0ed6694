//! A stream that keeps bytes back, as TLS may: what it keeps is not written yet.

use std::ffi::OsString;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::*;
use crate::testing::sim::{SimDirectory, SimStream};

/// Bytes that the stream keeps at most.
const KEPT: usize = 1000;

/// From then on it lets go, in milliseconds.
const LETS_GO_MS: u64 = 50;

struct Held {
    inner: SimStream,
    kept: Vec<u8>,
    lets_go: Pin<Box<Sleep>>,
}

impl AsyncRead for Held {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl AsyncWrite for Held {
    fn poll_write(mut self: Pin<&mut Self>, _cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        assert!(self.kept.is_empty(), "what is kept is flushed before more is written");
        let taken = buf.len().min(KEPT);
        self.kept.extend_from_slice(&buf[..taken]);
        Poll::Ready(Ok(taken))
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.lets_go.as_mut().poll(cx));
        while !self.kept.is_empty() {
            let this = &mut *self;
            let taken = ready!(Pin::new(&mut this.inner).poll_write(cx, &this.kept))?;
            this.kept.drain(..taken);
        }
        Poll::Ready(Ok(()))
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        assert!(self.kept.is_empty(), "what is kept is flushed before the end");
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[derive(Clone)]
struct Holding(Sim);

impl World for Holding {
    type Stream = Held;
    type Directory = SimDirectory;

    async fn connect(&self, endpoint: &Endpoint, within: Duration) -> io::Result<Held> {
        let inner = self.0.connect(endpoint, within).await?;
        let at = Instant::now() + Duration::from_millis(LETS_GO_MS);
        Ok(Held { inner, kept: Vec::new(), lets_go: Box::pin(sleep_until(at)) })
    }
    fn variable(&self, name: &str) -> Option<OsString> {
        self.0.variable(name)
    }
    fn directory(&self, path: &str) -> SimDirectory {
        self.0.directory(path)
    }
    fn now(&self) -> Time {
        self.0.now()
    }
    fn unix_ns(&self) -> u64 {
        self.0.unix_ns()
    }
    async fn sleep_until(&self, at: Time) {
        self.0.sleep_until(at).await;
    }
    fn hostname(&self) -> io::Result<String> {
        self.0.hostname()
    }
    fn seed(&self) -> [u8; 32] {
        self.0.seed()
    }
}

async fn check(length: usize) {
    let sim = Sim::new(3);
    let mut listener = sim.listen("server", 80);
    let written = Arc::new(Mutex::new(0));
    let see = Arc::clone(&written);
    let mut begun = false;
    let first = State { settled: true, has_room: true, ..State::default() };
    let _running = start_in(&Holding(sim), first, move |state| {
        if !begun {
            begun = true;
            state.connect("server");
            state.wire.outgoing = vec![7; length];
        }
        if state.wire.written == length as u64 && state.wire.state == WireState::Open {
            state.wire.command = Some(Command::Finish);
        }
        *see.lock().expect("no test panics while holding it") = state.wire.written;
        Progress::Idle
    });
    let mut server = listener.accept().await;
    after_ms(LETS_GO_MS / 2).await;
    assert_eq!(*written.lock().expect("no test panics while holding it"), 0, "{length} bytes are kept back");
    let mut all = Vec::new();
    server.read_to_end(&mut all).await.expect("it is shut down");
    assert_eq!(all.len(), length);
    after_ms(1).await;
    assert_eq!(*written.lock().expect("no test panics while holding it"), length as u64);
}

#[tokio::test(start_paused = true)]
async fn what_a_stream_keeps_back_counts_as_written_when_it_has_gone() {
    check(10).await;
    check(KEPT).await;
    check(20 * KEPT + 1).await;
}
