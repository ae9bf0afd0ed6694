//! A websocket server in a thread of the test, which plays a script on each of its connections, byte by byte. What scripts do is not
//! here, nor what becomes of the flow.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::bytes::{CLOSE, PING, PONG, TEXT, frame};

/// How long a connection waits before it looks again whether bytes move.
const NAP: Duration = Duration::from_millis(1);
/// Bytes that are read at once.
const READ_AT_ONCE: usize = 16 * 1024;
/// A proper answer to the handshake.
const SWITCHING: &str = "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: {key}\n\n";

/// What happens on one connection. Done, it counts as a round; an error is an end that does not count.
pub(crate) type Script = Arc<dyn Fn(&mut Connection) -> io::Result<()> + Send + Sync>;

/// What a peer has seen since its script began; ids are of all times.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// Connections on which the script has begun. The flow makes one at a time: with the second, it has ended the first.
    pub(crate) begun: u64,
    /// Connections on which the script came to its end.
    pub(crate) rounds: u64,
    /// Events that were confirmed by a pong.
    pub(crate) confirmed: u64,
    /// Answers to this peer's pings.
    pub(crate) pongs: u64,
    /// Bytes of floods that the flow's socket took.
    pub(crate) flooded: u64,
    /// Codes of the close frames that came, and how often.
    pub(crate) closes: BTreeMap<u16, u64>,
    /// All events that ever came.
    pub(crate) received: Vec<u64>,
    /// All that were ever confirmed.
    pub(crate) arrived: Vec<u64>,
}

struct Shared {
    script: Mutex<Script>,
    /// Which script it is: a connection of an older one ends. It changes while the script is locked.
    turn: AtomicU64,
    seen: Mutex<Seen>,
    is_over: AtomicBool,
}

impl Shared {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("nobody panics while holding it")
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().expect("nobody panics while holding it")
    }
}

/// A listening peer; it ends with the test.
pub(crate) struct Peer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Peer {
    /// Listens on 127.0.0.1.
    pub(crate) fn new(script: Script) -> Peer {
        Peer::on(Ipv4Addr::LOCALHOST.into(), script).expect("this host has a loopback device")
    }

    /// Listens on this address and no other.
    pub(crate) fn on(ip: IpAddr, script: Script) -> io::Result<Peer> {
        let listener = TcpListener::bind((ip, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            script: Mutex::new(script),
            turn: AtomicU64::new(0),
            seen: Mutex::default(),
            is_over: AtomicBool::new(false),
        });
        let of_peer = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if of_peer.is_over.load(Ordering::Acquire) {
                    return;
                }
                let shared = Arc::clone(&of_peer);
                // One that is gone already plays no script.
                if let Ok(connection) = stream.and_then(|stream| Connection::new(stream, shared)) {
                    thread::spawn(move || connection.run());
                }
            }
        });
        Ok(Peer { address, shared })
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Ends what it does, and plays this script from now on.
    pub(crate) fn play(&self, script: Script) {
        let mut now = self.shared.script();
        *now = script;
        let mut seen = self.shared.seen();
        let Seen { received, arrived, .. } = std::mem::take(&mut *seen);
        *seen = Seen { received, arrived, ..Seen::default() };
        self.shared.turn.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn seen(&self) -> Seen {
        self.shared.seen().clone()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::Release);
        // So that it no longer waits for somebody to come.
        let _ = TcpStream::connect(self.address);
    }
}

/// A byte stream, with or without TLS.
trait Stream: Read + Write + Send {}
impl<S: Read + Write + Send> Stream for S {}

/// What the flow sent.
#[derive(Debug)]
pub(crate) enum Frame {
    /// An event's id.
    Event(u64),
    Ping(Vec<u8>),
    Pong,
    Close(Option<u16>),
}

/// The server's end of one connection.
pub(crate) struct Connection {
    stream: Option<Box<dyn Stream>>,
    tcp: TcpStream,
    /// What comes is frames.
    is_websocket: bool,
    bytes: Vec<u8>,
    /// Ids behind the last pong.
    unconfirmed: Vec<u64>,
    shared: Arc<Shared>,
    turn: u64,
}

impl Connection {
    fn new(tcp: TcpStream, shared: Arc<Shared>) -> io::Result<Connection> {
        tcp.set_nonblocking(true)?;
        tcp.set_nodelay(true)?;
        let stream: Box<dyn Stream> = Box::new(tcp.try_clone()?);
        let (bytes, unconfirmed) = (Vec::new(), Vec::new());
        Ok(Connection { stream: Some(stream), tcp, is_websocket: false, bytes, unconfirmed, shared, turn: 0 })
    }

    fn run(mut self) {
        let script = {
            let script = self.shared.script();
            self.turn = self.shared.turn.load(Ordering::Acquire);
            Arc::clone(&script)
        };
        self.note(|seen| seen.begun += 1);
        if script(&mut self).is_ok() {
            self.note(|seen| seen.rounds += 1);
        }
    }

    /// Writes something down, if its script is still played.
    fn note(&self, note: impl FnOnce(&mut Seen)) {
        let mut seen = self.shared.seen();
        if self.turn == self.shared.turn.load(Ordering::Acquire) {
            note(&mut seen);
        }
    }

    /// An error when another script is played now.
    fn look_at_turn(&self) -> io::Result<()> {
        let is_mine = self.turn == self.shared.turn.load(Ordering::Acquire);
        let goes_on = is_mine && !self.shared.is_over.load(Ordering::Acquire);
        if goes_on { Ok(()) } else { Err(io::Error::other("another script is played now")) }
    }

    fn stream(&mut self) -> &mut dyn Stream {
        self.stream.as_mut().expect("it is put back at once").as_mut()
    }

    /// Lets time pass in which nothing moves.
    pub(crate) fn nap(&self) -> io::Result<()> {
        thread::sleep(NAP);
        self.look_at_turn()
    }

    /// Speaks TLS from now on.
    pub(crate) fn tls(&mut self, config: &Arc<ServerConfig>) -> io::Result<()> {
        let session = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
        let plain = self.stream.take().expect("it is put back at once");
        self.stream = Some(Box::new(StreamOwned::new(session, plain)));
        Ok(())
    }

    /// Reads some bytes, if there are any. An error at the end.
    fn try_read(&mut self) -> io::Result<bool> {
        let mut piece = [0; READ_AT_ONCE];
        match self.stream().read(&mut piece) {
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            Ok(n) => {
                self.bytes.extend_from_slice(&piece[..n]);
                Ok(true)
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn read_more(&mut self) -> io::Result<()> {
        while !self.try_read()? {
            self.nap()?;
        }
        self.look_at_turn()
    }

    /// Writes some bytes, if there is space for them.
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.stream().write(bytes) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(0),
            other => other,
        }
    }

    /// Writes all of it.
    pub(crate) fn send(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.try_write(bytes)? {
                0 => self.nap()?,
                n => bytes = &bytes[n..],
            }
        }
        self.stream().flush()
    }

    /// Reads the request of the opening handshake; gives its key.
    pub(crate) fn request(&mut self) -> io::Result<String> {
        let end = loop {
            if let Some(at) = self.bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            self.read_more()?;
        };
        let head: Vec<u8> = self.bytes.drain(..end).collect();
        let head = String::from_utf8(head).map_err(io::Error::other)?;
        let key = head.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "));
        key.map(str::to_owned).ok_or_else(|| io::Error::other("a request without a key"))
    }

    /// Reads the request and answers it: `\n` ends a line, `{key}` stands for the right key.
    pub(crate) fn answer(&mut self, head: &str) -> io::Result<()> {
        let key = derive_accept_key(self.request()?.as_bytes());
        self.send(head.replace('\n', "\r\n").replace("{key}", &key).as_bytes())
    }

    /// Shakes hands as a server should.
    pub(crate) fn upgrade(&mut self) -> io::Result<()> {
        self.answer(SWITCHING)?;
        self.is_websocket = true;
        Ok(())
    }

    /// The next whole frame, if there is one.
    fn take_frame(&mut self) -> io::Result<Option<Frame>> {
        let (Some(&first), Some(&second)) = (self.bytes.first(), self.bytes.get(1)) else { return Ok(None) };
        let (length, header) = match second & 0x7f {
            126 if self.bytes.len() < 4 => return Ok(None),
            126 => (usize::from(u16::from_be_bytes([self.bytes[2], self.bytes[3]])), 8),
            127 => return Err(io::Error::other("no event is so long")),
            short => (usize::from(short), 6),
        };
        if self.bytes.len() < header + length {
            return Ok(None);
        }
        let masked: Vec<u8> = self.bytes.drain(..header + length).collect();
        let (mask, payload) = (&masked[header - 4..header], &masked[header..]);
        let payload: Vec<u8> =
            payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
        self.understand(first & 0x0f, payload).map(Some)
    }

    fn understand(&mut self, opcode: u8, payload: Vec<u8>) -> io::Result<Frame> {
        Ok(match opcode {
            TEXT => {
                let event: serde_json::Value = serde_json::from_slice(&payload)?;
                let id = event["id"].as_u64().ok_or_else(|| io::Error::other("an event without an id"))?;
                self.unconfirmed.push(id);
                self.shared.seen().received.push(id);
                Frame::Event(id)
            }
            PING => Frame::Ping(payload),
            PONG => {
                self.note(|seen| seen.pongs += 1);
                Frame::Pong
            }
            CLOSE => {
                let code = payload.first_chunk().map(|code| u16::from_be_bytes(*code));
                self.note(|seen| {
                    if let Some(code) = code {
                        *seen.closes.entry(code).or_default() += 1;
                    }
                });
                Frame::Close(code)
            }
            other => return Err(io::Error::other(format!("opcode {other}"))),
        })
    }

    /// Waits for the next frame.
    pub(crate) fn frame(&mut self) -> io::Result<Frame> {
        loop {
            if let Some(frame) = self.take_frame()? {
                return Ok(frame);
            }
            self.read_more()?;
        }
    }

    /// The pong of a ping, which confirms what came before it.
    fn confirmation(&mut self, ping: &[u8]) -> Vec<u8> {
        let ids = std::mem::take(&mut self.unconfirmed);
        let mut seen = self.shared.seen();
        if self.turn == self.shared.turn.load(Ordering::Acquire) {
            seen.confirmed += ids.len() as u64;
        }
        seen.arrived.extend(ids);
        frame(PONG, ping)
    }

    /// Sends `unit` over and over, as fast as it is taken, until the flow ends the connection. Meanwhile reads and confirms what
    /// comes, or reads nothing.
    pub(crate) fn flood(&mut self, unit: &[u8], confirms: bool) -> io::Result<()> {
        let (mut out, mut at) = (unit.to_vec(), 0);
        let mut pongs = Vec::new();
        loop {
            self.look_at_turn()?;
            if at == out.len() {
                (out, at) = ([std::mem::take(&mut pongs).as_slice(), unit].concat(), 0);
            }
            let written = match self.try_write(&out[at..]) {
                Err(error) => return ended(error),
                Ok(written) => written,
            };
            at += written;
            self.note(|seen| seen.flooded += written as u64);
            let was_read = match confirms.then(|| self.try_read()).transpose() {
                Err(error) => return ended(error),
                Ok(read) => read == Some(true),
            };
            while confirms && let Some(frame) = self.take_frame()? {
                if let Frame::Ping(ping) = frame {
                    pongs.extend(self.confirmation(&ping));
                }
            }
            if written == 0 && !was_read {
                self.nap()?;
            }
        }
    }

    /// Shakes hands and confirms until the first event comes, which it leaves unconfirmed.
    pub(crate) fn until_event(&mut self) -> io::Result<u64> {
        self.upgrade()?;
        self.until_next_event()
    }

    /// Waits for the next event, and confirms nothing behind one.
    pub(crate) fn until_next_event(&mut self) -> io::Result<u64> {
        loop {
            match self.frame()? {
                Frame::Event(id) => return Ok(id),
                Frame::Ping(ping) if self.unconfirmed.is_empty() => {
                    let pong = self.confirmation(&ping);
                    self.send(&pong)?;
                }
                Frame::Ping(_) | Frame::Pong | Frame::Close(_) => {}
            }
        }
    }

    /// Reads until the flow ends the connection, and says nothing.
    pub(crate) fn until_end(&mut self) -> io::Result<()> {
        loop {
            let read = self.read_more();
            // Also at the end: what came last says why.
            while self.is_websocket && self.take_frame()?.is_some() {}
            if let Err(error) = read {
                return ended(error);
            }
        }
    }

    /// Ends it, without waiting until the flow has read what was sent.
    pub(crate) fn hang_up(&mut self) -> io::Result<()> {
        self.tcp.shutdown(std::net::Shutdown::Both)
    }
}

/// A connection that the flow has ended; other errors are errors.
fn ended(error: io::Error) -> io::Result<()> {
    use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    match error.kind() {
        BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof => Ok(()),
        _ => Err(error),
    }
}

/// As a server should be.
pub(crate) fn healthy(connection: &mut Connection) -> io::Result<()> {
    connection.upgrade()?;
    loop {
        match connection.frame()? {
            Frame::Ping(ping) => {
                let pong = connection.confirmation(&ping);
                connection.send(&pong)?;
            }
            Frame::Close(code) => {
                let payload = code.map(u16::to_be_bytes);
                connection.send(&frame(CLOSE, payload.as_ref().map_or(&[], |code| &code[..])))?;
                return connection.hang_up();
            }
            Frame::Event(_) | Frame::Pong => {}
        }
    }
}
