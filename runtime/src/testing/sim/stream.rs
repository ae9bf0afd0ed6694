//! One end of a simulated connection: bytes arrive and are taken in pieces of seeded length, as from a real socket.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf, duplex};

use crate::core::Random;

/// Bytes on the way in each direction; a writer waits when the reader does not read.
const ON_THE_WAY: usize = 32 * 1024;
/// The longest piece that one read gives or one write takes.
const LONGEST_PIECE: u64 = 4096;

/// One end of a simulated connection. Dropped, the other end reads what was written and then the end; its writes
/// fail with a broken pipe.
#[derive(Debug)]
pub struct SimStream {
    bytes: DuplexStream,
    random: Random,
}

impl SimStream {
    /// The client's end and the server's.
    pub(super) fn pair(random: &mut Random) -> (SimStream, SimStream) {
        let (client, server) = duplex(ON_THE_WAY);
        let client = SimStream { bytes: client, random: random.fork() };
        (client, SimStream { bytes: server, random: random.fork() })
    }

    fn piece(&mut self, most: usize) -> usize {
        let wanted = usize::try_from(self.random.up_to(LONGEST_PIECE)).expect("a few kilobytes");
        wanted.clamp(1, most.max(1))
    }
}

impl AsyncRead for SimStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if buf.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        let most = self.piece(buf.remaining());
        let mut piece = ReadBuf::new(buf.initialize_unfilled_to(most));
        ready!(Pin::new(&mut self.bytes).poll_read(cx, &mut piece))?;
        let filled = piece.filled().len();
        buf.advance(filled);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for SimStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let most = self.piece(buf.len()).min(buf.len());
        Pin::new(&mut self.bytes).poll_write(cx, &buf[..most])
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.bytes).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.bytes).poll_shutdown(cx)
    }
}
