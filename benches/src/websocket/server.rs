//! The three servers, in a process of their own: this program again, started with `serve`. They read frames, count text
//! frames and answer pings, as cheaply as can be, so that the clients are what is measured. They are no example of a robust
//! server: what a client of the benchmark would not do ends its connection.
//!
//! Where latencies are wanted, they also look into each text for the time at which its event was due. What came with one read
//! came at the same time: when the read was done.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::event::due_ns;
use crate::feed::now_ns;
use crate::latency::histogram::Histogram;

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

/// What is noted of text frames, beside their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Records {
    /// When the first one came.
    Nothing,
    /// How late each of them came.
    Latencies,
}

impl Records {
    /// As an argument of the program says it.
    pub fn of(argument: Option<&str>) -> Records {
        if argument == Some("latencies") { Records::Latencies } else { Records::Nothing }
    }
}

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
    pub fn start(program: &std::path::Path, records: Records) -> io::Result<Servers> {
        let mut command = Command::new(program);
        command.arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped());
        if records == Records::Latencies {
            command.arg("latencies");
        }
        let mut child = command.spawn()?;
        let questions = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?);
        let mut servers = Servers { child, questions, answers, ports: Vec::new() };
        for _ in 0..SERVERS {
            let port = servers.line()?.trim().parse();
            servers.ports.push(port.map_err(io::Error::other)?);
        }
        Ok(servers)
    }

    /// How many text frames have come since this was asked the last time.
    ///
    /// # Errors
    /// The servers have died.
    pub fn frames(&mut self) -> io::Result<u64> {
        self.number("frames")
    }

    /// When the first text frame came since [`Servers::frames`] was asked the last time, by [`now_ns`]; `None`: none has come.
    ///
    /// # Errors
    /// The servers have died.
    pub fn first(&mut self) -> io::Result<Option<u64>> {
        Ok(Some(self.number("first")?).filter(|ns| *ns > 0))
    }

    /// The latencies since this was asked the last time, if they are recorded.
    ///
    /// # Errors
    /// The servers have died.
    pub fn latencies(&mut self) -> io::Result<Histogram> {
        let line = self.ask("latencies")?;
        Histogram::parse(&line).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    fn number(&mut self, question: &str) -> io::Result<u64> {
        self.ask(question)?.trim().parse().map_err(io::Error::other)
    }

    fn ask(&mut self, question: &str) -> io::Result<String> {
        writeln!(self.questions.as_mut().ok_or(io::ErrorKind::BrokenPipe)?, "{question}")?;
        self.line()
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line)
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        // The end of its standard input ends it.
        drop(self.questions.take());
        let _ = self.child.wait();
    }
}

/// What came.
#[derive(Debug)]
struct Seen {
    frames: AtomicU64,
    /// When the first of these came.
    first_ns: AtomicU64,
    latencies: Option<Mutex<Histogram>>,
}

impl Seen {
    fn new(records: Records) -> Seen {
        let latencies = (records == Records::Latencies).then(Mutex::default);
        Seen { frames: AtomicU64::new(0), first_ns: AtomicU64::new(0), latencies }
    }

    /// So many text frames came.
    fn texts(&self, texts: u64) {
        if texts > 0 && self.frames.fetch_add(texts, Ordering::Relaxed) == 0 {
            self.first_ns.store(now_ns(), Ordering::Relaxed);
        }
    }

    /// One of them, and when.
    fn text(&self, masked: &[u8], mask: [u8; 4], at_ns: u64) {
        let Some(latencies) = &self.latencies else { return };
        let text: Vec<u8> = masked.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
        if let Some(due_ns) = due_ns(&text) {
            let late = at_ns.saturating_sub(due_ns);
            latencies.lock().unwrap_or_else(PoisonError::into_inner).record(late);
        }
    }

    fn answer(&self, question: &str) -> String {
        match (question, &self.latencies) {
            ("first", _) => self.first_ns.load(Ordering::Relaxed).to_string(),
            ("latencies", Some(latencies)) => {
                let mut latencies = latencies.lock().unwrap_or_else(PoisonError::into_inner);
                std::mem::take(&mut *latencies).line()
            }
            _ => {
                self.first_ns.store(0, Ordering::Relaxed);
                self.frames.swap(0, Ordering::Relaxed).to_string()
            }
        }
    }
}

/// Serves until standard input ends: writes the ports, then for each line an answer.
///
/// # Errors
/// The ports cannot be opened, or standard output is gone.
pub fn serve(records: Records) -> io::Result<()> {
    let seen = Arc::new(Seen::new(records));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let mut out = io::stdout().lock();
    for _ in 0..SERVERS {
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)))?;
        writeln!(out, "{}", listener.local_addr()?.port())?;
        runtime.spawn(accept(listener, Arc::clone(&seen)));
    }
    out.flush()?;
    for line in io::stdin().lines() {
        writeln!(out, "{}", seen.answer(&line?))?;
        out.flush()?;
    }
    runtime.shutdown_background();
    Ok(())
}

async fn accept(listener: TcpListener, seen: Arc<Seen>) {
    while let Ok((stream, _)) = listener.accept().await {
        let seen = Arc::clone(&seen);
        // A connection that breaks is its client's concern: it will see too few confirmations.
        tokio::spawn(async move { drop(connection(stream, &seen).await) });
    }
}

async fn connection(mut stream: TcpStream, seen: &Seen) -> io::Result<()> {
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
        let at_ns = if seen.latencies.is_some() { now_ns() } else { 0 };
        while let Some(frame) = Frame::at(&buffer[start..filled]) {
            let payload = &buffer[start + frame.head..start + frame.len];
            match frame.opcode {
                TEXT => {
                    texts += 1;
                    seen.text(payload, frame.mask, at_ns);
                }
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
        seen.texts(texts);
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
