//! The three servers, in a process of their own: this program again, started with `serve`. They read frames, count text
//! frames and answer pings, as cheaply as can be, so that the clients are what is measured. They are no example of a robust
//! server: what a client of the benchmark would not do ends its connection.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// Servers.
pub const SERVERS: usize = 3;
/// A client's handshake or frame has this many bytes at most.
const BUFFER: usize = 256 * 1024;

const OPCODE: u8 = 0x0f;
const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const FINAL_PONG: u8 = 0x8a;
const FINAL_CLOSE: u8 = 0x88;

/// The process of the servers. It ends when this is dropped.
#[derive(Debug)]
pub struct Servers {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// Of the servers, on 127.0.0.1.
    pub ports: Vec<u16>,
}

impl Servers {
    /// Starts them: `program` is this program.
    ///
    /// # Errors
    /// The program cannot be started, or is another one.
    pub fn start(program: &std::path::Path) -> io::Result<Servers> {
        let mut child =
            Command::new(program).arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let questions = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?);
        let mut servers = Servers { child, questions, answers, ports: Vec::new() };
        for _ in 0..SERVERS {
            let port = servers.answer()?;
            servers.ports.push(u16::try_from(port).map_err(io::Error::other)?);
        }
        Ok(servers)
    }

    /// How many text frames have come since this was asked the last time.
    ///
    /// # Errors
    /// The servers have died.
    pub fn frames(&mut self) -> io::Result<u64> {
        self.questions.as_mut().ok_or(io::ErrorKind::BrokenPipe)?.write_all(b"\n")?;
        self.answer()
    }

    fn answer(&mut self) -> io::Result<u64> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        line.trim().parse().map_err(io::Error::other)
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        // The end of its standard input ends it.
        drop(self.questions.take());
        let _ = self.child.wait();
    }
}

/// Serves until standard input ends: writes the ports, then for each line the frames since the line before.
///
/// # Errors
/// The ports cannot be opened, or standard output is gone.
pub fn serve() -> io::Result<()> {
    let frames = Arc::new(AtomicU64::new(0));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let mut out = io::stdout().lock();
    for _ in 0..SERVERS {
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)))?;
        writeln!(out, "{}", listener.local_addr()?.port())?;
        runtime.spawn(accept(listener, Arc::clone(&frames)));
    }
    out.flush()?;
    for line in io::stdin().lines() {
        line?;
        writeln!(out, "{}", frames.swap(0, Ordering::Relaxed))?;
        out.flush()?;
    }
    runtime.shutdown_background();
    Ok(())
}

async fn accept(listener: TcpListener, frames: Arc<AtomicU64>) {
    while let Ok((stream, _)) = listener.accept().await {
        let frames = Arc::clone(&frames);
        // A connection that breaks is its client's concern: it will see too few confirmations.
        tokio::spawn(async move { drop(connection(stream, &frames).await) });
    }
}

async fn connection(mut stream: TcpStream, frames: &AtomicU64) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; BUFFER];
    let mut filled = 0;
    let head = loop {
        filled += read(&mut stream, &mut buffer[filled..]).await?;
        if let Some(at) = buffer[..filled].windows(4).position(|end| end == b"\r\n\r\n") {
            break at + 4;
        }
    };
    let response = response(&buffer[..head]).ok_or(io::ErrorKind::InvalidData)?;
    stream.write_all(response.as_bytes()).await?;
    let mut start = head;
    let mut replies = Vec::new();
    loop {
        let mut texts = 0;
        let mut is_over = false;
        while let Some(frame) = Frame::at(&buffer[start..filled]) {
            let payload = &buffer[start + frame.head..start + frame.len];
            match frame.opcode {
                TEXT => texts += 1,
                PING => reply(&mut replies, FINAL_PONG, payload, frame.mask),
                CLOSE => {
                    reply(&mut replies, FINAL_CLOSE, payload, frame.mask);
                    is_over = true;
                }
                _ => {}
            }
            start += frame.len;
        }
        // Counted before the pong: what is confirmed is counted.
        frames.fetch_add(texts, Ordering::Relaxed);
        stream.write_all(&replies).await?;
        replies.clear();
        if is_over {
            return stream.shutdown().await;
        }
        buffer.copy_within(start..filled, 0);
        filled -= start;
        start = 0;
        filled += read(&mut stream, &mut buffer[filled..]).await?;
    }
}

/// Reads something; the end is an error here.
async fn read(stream: &mut TcpStream, buffer: &mut [u8]) -> io::Result<usize> {
    match stream.read(buffer).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        n => Ok(n),
    }
}

/// The answer to an opening handshake (RFC 6455 section 4.2.2).
fn response(request: &[u8]) -> Option<String> {
    let request = std::str::from_utf8(request).ok()?;
    let key = request.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("sec-websocket-key").then(|| value.trim())
    })?;
    let accept = derive_accept_key(key.as_bytes());
    Some(format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n"
    ))
}

/// A client's frame (RFC 6455 section 5.2).
struct Frame {
    opcode: u8,
    mask: [u8; 4],
    /// Bytes before the payload.
    head: usize,
    /// Bytes in all.
    len: usize,
}

impl Frame {
    /// The frame at the begin of these bytes, if it is there as a whole.
    fn at(bytes: &[u8]) -> Option<Frame> {
        let &[first, second, ..] = bytes else { return None };
        let (head, payload) = match second & 0x7f {
            126 => (4, usize::from(u16::from_be_bytes(*bytes[2..].first_chunk()?))),
            127 => (10, usize::try_from(u64::from_be_bytes(*bytes[2..].first_chunk()?)).ok()?),
            short => (2, usize::from(short)),
        };
        let mask = *bytes.get(head..)?.first_chunk()?;
        let head = head + mask.len();
        let len = head.checked_add(payload)?;
        (len <= bytes.len()).then_some(Frame { opcode: first & OPCODE, mask, head, len })
    }
}

/// Answers a control frame with its payload, which has 125 bytes at most.
fn reply(replies: &mut Vec<u8>, first: u8, payload: &[u8], mask: [u8; 4]) {
    replies.extend_from_slice(&[first, payload.len() as u8]);
    replies.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
}
