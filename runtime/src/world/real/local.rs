//! Files and the standard streams: reads and writes that may block for ever, each in a thread of its own. A thread that
//! blocks holds up neither the flow nor the end of the program; the runtime's own threads for blocking work would, since it
//! waits for them when it ends.
//!
//! What is read or written is not here, nor when.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::thread;
use std::time::Duration;

use tokio::io::ReadBuf;
use tokio::sync::{mpsc, oneshot};

/// The most bytes that one call of the system reads or writes.
const PIECE: usize = 64 * 1024;
/// How long to wait for a stream that would block.
const NEXT_TRY: Duration = Duration::from_millis(5);

/// Reads stdin. What has been read for it and not been taken is gone when it is dropped.
///
/// # Errors
/// Somebody else in this process reads stdin through here.
pub(super) async fn stdin() -> io::Result<Reader> {
    Reader::open("stdin", StdinGuard::take).await
}

/// Writes to stdout.
pub(super) async fn stdout() -> io::Result<Writer> {
    Writer::open("stdout", || Ok(io::stdout())).await
}

/// Writes to stderr.
pub(super) async fn stderr() -> io::Result<Writer> {
    Writer::open("stderr", || Ok(io::stderr())).await
}

/// Reads a file from its start.
pub(super) async fn read_file(path: &str) -> io::Result<Reader> {
    let path = path.to_owned();
    Reader::open("read", move || File::open(path)).await
}

/// Writes a file behind its first `keep` bytes.
pub(super) async fn write_file(path: &str, keep: u64) -> io::Result<Writer> {
    let path = path.to_owned();
    Writer::open("write", move || {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_file() && metadata.len() > keep {
            file.set_len(keep)?;
        }
        Ok(file)
    })
    .await
}

static STDIN_IS_TAKEN: AtomicBool = AtomicBool::new(false);

/// The one reader of stdin: two would each get a part of the lines, and of a line.
struct StdinGuard;

impl StdinGuard {
    fn take() -> io::Result<StdinGuard> {
        if STDIN_IS_TAKEN.swap(true, Ordering::AcqRel) {
            return Err(io::Error::other("another onramp of this process reads stdin already"));
        }
        Ok(StdinGuard)
    }
}

impl Read for StdinGuard {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        io::stdin().read(buf)
    }
}

impl Drop for StdinGuard {
    fn drop(&mut self) {
        STDIN_IS_TAKEN.store(false, Ordering::Release);
    }
}

/// The asynchronous end of a thread that reads.
#[derive(Debug)]
pub(super) struct Reader {
    /// One piece waits here at most, another one in the thread. Closed: the end.
    pieces: mpsc::Receiver<io::Result<Vec<u8>>>,
    piece: Vec<u8>,
    /// How much of `piece` was taken.
    at: usize,
}

impl Reader {
    async fn open<R, F>(name: &str, open: F) -> io::Result<Reader>
    where
        R: Read,
        F: FnOnce() -> io::Result<R> + Send + 'static,
    {
        let (sender, pieces) = mpsc::channel(1);
        in_thread(name, open, move |input| read_all(input, &sender)).await?;
        Ok(Reader { pieces, piece: Vec::new(), at: 0 })
    }

    pub(super) fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.at == self.piece.len() {
            match ready!(self.pieces.poll_recv(cx)) {
                Some(piece) => (self.piece, self.at) = (piece?, 0),
                None => return Poll::Ready(Ok(())),
            }
        }
        let rest = &self.piece[self.at..];
        let taken = rest.len().min(buf.remaining());
        buf.put_slice(&rest[..taken]);
        self.at += taken;
        Poll::Ready(Ok(()))
    }
}

/// Reads until the end, an error, or until nobody wants more.
fn read_all(mut input: impl Read, pieces: &mpsc::Sender<io::Result<Vec<u8>>>) {
    let mut buf = vec![0; PIECE];
    loop {
        let piece = match patiently(|| input.read(&mut buf)) {
            Ok(0) => return,
            Ok(n) => Ok(buf[..n].to_vec()),
            Err(error) => Err(error),
        };
        let failed = piece.is_err();
        if pieces.blocking_send(piece).is_err() || failed {
            return;
        }
    }
}

/// The asynchronous end of a thread that writes.
#[derive(Debug)]
pub(super) struct Writer {
    /// Pieces for the thread, one at a time; `None`: shut down.
    pieces: Option<mpsc::Sender<Vec<u8>>>,
    /// For each piece, how much of it was written; the buffer comes back.
    written: mpsc::Receiver<io::Result<(usize, Vec<u8>)>>,
    /// The buffer of pieces, while the thread does not have it.
    buffer: Option<Vec<u8>>,
}

impl Writer {
    async fn open<W, F>(name: &str, open: F) -> io::Result<Writer>
    where
        W: Write,
        F: FnOnce() -> io::Result<W> + Send + 'static,
    {
        let (pieces, to_write) = mpsc::channel(1);
        let (told, written) = mpsc::channel(1);
        in_thread(name, open, move |output| write_all(output, to_write, &told)).await?;
        Ok(Writer { pieces: Some(pieces), written, buffer: Some(Vec::new()) })
    }

    /// Ready when the system has taken bytes, not before. While it is pending, `buf` must begin with the same bytes.
    pub(super) fn poll_write(&mut self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let Some(pieces) = &self.pieces else { return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())) };
        if let Some(mut piece) = self.buffer.take() {
            piece.clear();
            piece.extend_from_slice(&buf[..at_once(buf)]);
            if pieces.try_send(piece).is_err() {
                return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
            }
        }
        match ready!(self.written.poll_recv(cx)) {
            Some(Ok((written, buffer))) => {
                self.buffer = Some(buffer);
                Poll::Ready(Ok(written))
            }
            Some(Err(error)) => Poll::Ready(Err(error)),
            None => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    /// No more is written; the thread ends, and closes what it has opened.
    pub(super) fn shut(&mut self) {
        self.pieces = None;
    }

    pub(super) fn is_shut(&self) -> bool {
        self.pieces.is_none()
    }
}

/// Writes pieces until there are no more, or one cannot be written.
fn write_all(
    mut output: impl Write,
    mut pieces: mpsc::Receiver<Vec<u8>>,
    told: &mpsc::Sender<io::Result<(usize, Vec<u8>)>>,
) {
    while let Some(piece) = pieces.blocking_recv() {
        let written = write_some(&mut output, &piece).map(|written| (written, piece));
        let failed = written.is_err();
        if told.blocking_send(written).is_err() || failed {
            return;
        }
    }
}

/// Writes a part of `piece`, at least one byte.
fn write_some(output: &mut impl Write, piece: &[u8]) -> io::Result<usize> {
    let written = patiently(|| output.write(piece))?;
    // Stdout keeps back what stands behind the last end of line.
    patiently(|| output.flush())?;
    Ok(written)
}

/// Does a call again that was interrupted, or that would block: whoever shares a terminal or pipe with this process may have
/// made it so that nobody waits there.
fn patiently<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => thread::sleep(NEXT_TRY),
            other => return other,
        }
    }
}

/// How many bytes of `buf` are written at once: whole lines if it can be, so that what others write to the same terminal
/// comes between lines and not into one.
fn at_once(buf: &[u8]) -> usize {
    if buf.len() <= PIECE {
        return buf.len();
    }
    buf[..PIECE].iter().rposition(|byte| *byte == b'\n').map_or(PIECE, |end| end + 1)
}

/// Opens something in a new thread, and lets `work` on it there.
async fn in_thread<T, F>(name: &str, open: F, work: impl FnOnce(T) + Send + 'static) -> io::Result<()>
where
    F: FnOnce() -> io::Result<T> + Send + 'static,
{
    let (opened, is_open) = oneshot::channel();
    thread::Builder::new().name(format!("io-{name}")).spawn(move || match open() {
        Ok(thing) => {
            if opened.send(Ok(())).is_ok() {
                work(thing);
            }
        }
        // Who asked may have gone away since.
        Err(error) => drop(opened.send(Err(error))),
    })?;
    is_open.await.unwrap_or_else(|_| Err(io::Error::other("its thread died")))
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::world::real::RealStream;

    /// A path of the test's own, below the system's temporary directory; removed at the end.
    struct Path(String);

    impl Path {
        fn new(name: &str) -> Path {
            let path = std::env::temp_dir().join(format!("foreshock-local-{}-{name}", std::process::id()));
            Path(path.to_str().expect("it is text").to_owned())
        }

        fn text(&self) -> String {
            std::fs::read_to_string(&self.0).expect("it is there")
        }
    }

    impl Drop for Path {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    async fn written(path: &Path, keep: u64, text: &[u8]) {
        let mut stream = RealStream::write(write_file(&path.0, keep).await.expect("it can be opened"));
        stream.write_all(text).await.expect("it can be written");
        stream.shutdown().await.expect("it can be closed");
        assert_eq!(stream.read(&mut [0]).await.expect("closed is no error"), 0, "that is its end");
    }

    #[tokio::test]
    async fn a_file_is_written_behind_what_is_kept_of_it() {
        let path = Path::new("keep");
        written(&path, 0, b"one\ntwo\n").await;
        assert_eq!(path.text(), "one\ntwo\n");
        written(&path, 4, b"three\n").await;
        assert_eq!(path.text(), "one\nthree\n");
        written(&path, 1000, b"four\n").await;
        assert_eq!(path.text(), "one\nthree\nfour\n", "nothing is made up");
        written(&path, 0, b"").await;
        assert_eq!(path.text(), "");
    }

    #[tokio::test]
    async fn a_file_of_several_pieces_is_read_whole() {
        let path = Path::new("pieces");
        let all: Vec<u8> = (0..3 * PIECE + 5).map(|n| n.to_le_bytes()[0]).collect();
        written(&path, 0, &all).await;
        let mut stream = RealStream::read(read_file(&path.0).await.expect("it can be opened"));
        let mut read = Vec::new();
        stream.read_to_end(&mut read).await.expect("it can be read");
        assert!(read == all, "{} bytes", read.len());
        assert!(stream.write(b"x").await.is_err(), "it is only to be read");
    }

    #[tokio::test]
    async fn what_cannot_be_opened_or_read_says_why() {
        let missing = Path::new("missing");
        let error = read_file(&missing.0).await.expect_err("it is not there");
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        let error = write_file(&format!("{}/x", missing.0), 0).await.expect_err("there is no such directory");
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        let directory = std::env::temp_dir();
        let directory = read_file(directory.to_str().expect("it is text")).await.expect("it can be opened");
        assert!(RealStream::read(directory).read(&mut [0]).await.is_err(), "a directory has no lines");
    }

    #[tokio::test]
    #[cfg(target_os = "linux")]
    async fn a_write_that_fails_is_told_as_such_and_never_as_written() {
        let mut stream = RealStream::write(write_file("/dev/full", 0).await.expect("it can be opened"));
        let error = stream.write(b"a line\n").await.expect_err("it takes nothing");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert!(stream.write(b"a line\n").await.is_err(), "it stays broken");
    }

    #[test]
    fn whole_lines_are_written_at_once_where_that_can_be() {
        let check = |text: Vec<u8>, expected: usize| assert_eq!(at_once(&text), expected, "{}", text.len());
        let line = [[b'x'; 99].as_slice(), b"\n"].concat();
        check(line.repeat(10), 1000);
        check(line.repeat(1000), PIECE / 100 * 100);
        check(vec![b'x'; PIECE + 1], PIECE);
        check(vec![b'x'; PIECE], PIECE);
    }

    #[test]
    fn what_is_interrupted_or_would_block_is_done_again() {
        use io::ErrorKind::{Interrupted, Other, WouldBlock};
        let mut results = [Err(Interrupted), Err(WouldBlock), Err(WouldBlock), Ok(7), Err(Other)].into_iter();
        let mut call = || results.next().expect("no more is tried").map_err(io::Error::from);
        assert_eq!(patiently(&mut call).expect("it works in the end"), 7);
        assert_eq!(patiently(&mut call).expect_err("others are told").kind(), Other);
    }

    #[tokio::test]
    async fn an_open_file_has_nothing_to_read_until_it_is_closed() {
        let path = Path::new("pending");
        let mut stream = RealStream::write(write_file(&path.0, 0).await.expect("it can be opened"));
        let mut byte = [0];
        let mut read = pin!(stream.read(&mut byte));
        let is_pending = poll_fn(|cx| Poll::Ready(read.as_mut().poll(cx).is_pending())).await;
        assert!(is_pending);
    }
}
