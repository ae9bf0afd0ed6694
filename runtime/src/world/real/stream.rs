//! The byte stream to any endpoint of the real world. How it is opened is not here.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::world::real::local::{Reader, Writer};
#[cfg(feature = "tls")]
use crate::world::real::tls::TlsStream;

/// An open byte stream of a [`RealWorld`](crate::world::RealWorld).
#[derive(Debug)]
pub struct RealStream(Kind);

#[derive(Debug)]
enum Kind {
    Tcp(TcpStream),
    #[cfg(feature = "tls")]
    Tls(Box<TlsStream>),
    /// Only to be read; a write fails.
    Read(Reader),
    /// Only to be written; a read comes to its end when it was shut down.
    Write(Writer),
}

impl RealStream {
    pub(super) fn tcp(stream: TcpStream) -> RealStream {
        RealStream(Kind::Tcp(stream))
    }

    #[cfg(feature = "tls")]
    pub(super) fn tls(stream: TlsStream) -> RealStream {
        RealStream(Kind::Tls(Box::new(stream)))
    }

    pub(super) fn read(reader: Reader) -> RealStream {
        RealStream(Kind::Read(reader))
    }

    pub(super) fn write(writer: Writer) -> RealStream {
        RealStream(Kind::Write(writer))
    }
}

impl AsyncRead for RealStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.0 {
            Kind::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
            #[cfg(feature = "tls")]
            Kind::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
            Kind::Read(reader) => reader.poll_read(cx, buf),
            Kind::Write(writer) if writer.is_shut() => Poll::Ready(Ok(())),
            // Who shuts it down reads again: they are one task.
            Kind::Write(_) => Poll::Pending,
        }
    }
}

impl AsyncWrite for RealStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.0 {
            Kind::Tcp(stream) => Pin::new(stream).poll_write(cx, buf),
            #[cfg(feature = "tls")]
            Kind::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
            Kind::Read(_) => Poll::Ready(Err(io::ErrorKind::Unsupported.into())),
            Kind::Write(writer) => writer.poll_write(cx, buf),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.0 {
            Kind::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            #[cfg(feature = "tls")]
            Kind::Tls(stream) => Pin::new(stream).poll_flush(cx),
            // What was taken is written.
            Kind::Read(_) | Kind::Write(_) => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.0 {
            Kind::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            #[cfg(feature = "tls")]
            Kind::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
            Kind::Read(_) => Poll::Ready(Ok(())),
            Kind::Write(writer) => {
                writer.shut();
                Poll::Ready(Ok(()))
            }
        }
    }
}
