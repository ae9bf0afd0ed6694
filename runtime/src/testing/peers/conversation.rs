//! A server's end of one connection, which behaves as its [`Manner`] says. Byte by byte, so that it can end between any two.

use std::collections::VecDeque;
use std::future::pending;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::manner::{End, Handshake, Manner, Noise, Pongs};
use super::records::{ConnectionRecord, Message, Records};
use crate::core::Time;
use crate::testing::Dice;
use crate::testing::sim::{
    BINARY, CLOSE, PING, PONG, Sim, SimStream, TEXT, frame, frame_header, handshake_answer, handshake_key,
};
use crate::world::World;

/// Bytes that are read at once, at most.
const READ_AT_ONCE: u64 = 4096;
/// How long a server reads on that has closed.
const LINGERS: Duration = Duration::from_millis(50);
/// The longest handshake or frame that is read.
const LONGEST: usize = 1024 * 1024;
/// Payloads of pings that are remembered, for pongs that come too late.
const OLD_PINGS: usize = 16;

/// An event that no server can bear: it closes when it gets one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Poison {
    /// One event in so many is so; which, only its text decides.
    pub(crate) one_in: u64,
    /// The code with which servers close then.
    pub(crate) code: u16,
}

impl Poison {
    fn is_in(&self, text: &str) -> bool {
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
        (hash >> 17).is_multiple_of(self.one_in.max(1))
    }
}

/// Payloads of pings, and on which of its server's connections each was.
pub(super) type OldPings = VecDeque<(usize, Vec<u8>)>;

/// What a conversation knows of where it takes place.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) sim: Sim,
    pub(super) records: Arc<Mutex<Records>>,
    /// Which of the servers this is.
    pub(super) server: usize,
    pub(super) poison: Option<Poison>,
    /// The payloads of the newest pings that this server has read, and on which of its connections.
    pub(super) old_pings: Arc<Mutex<OldPings>>,
}

impl Place {
    pub(super) fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().expect("nobody panics while holding it")
    }
}

/// One connection of a server.
pub(super) struct Conversation {
    place: Place,
    stream: SimStream,
    manner: Manner,
    dice: Dice,
    /// Index of its record, once the handshake was read.
    connection: Option<usize>,
    /// What was read and not understood yet.
    bytes: Vec<u8>,
    read: u64,
    written: u64,
    /// Messages that it has received.
    messages: usize,
    /// Not before that it reads on.
    read_from: Time,
    /// Pongs to send, with when and how many messages they cover.
    pongs: Vec<(Time, Vec<u8>, usize)>,
    pongs_sent: u64,
    /// The last pong.
    last_pong: Option<Vec<u8>>,
    /// The newest ping.
    last_ping: Option<Vec<u8>>,
    noise_at: Option<Time>,
    /// It has closed: what comes is thrown away.
    closed: bool,
}

impl Conversation {
    pub(super) fn new(place: Place, stream: SimStream, manner: Manner, dice: Dice) -> Conversation {
        Conversation {
            place,
            stream,
            manner,
            dice,
            connection: None,
            bytes: Vec::new(),
            read: 0,
            written: 0,
            messages: 0,
            read_from: Time::ZERO,
            pongs: Vec::new(),
            pongs_sent: 0,
            last_pong: None,
            last_ping: None,
            noise_at: None,
            closed: false,
        }
    }

    /// Until it ends, from whichever side.
    pub(super) async fn run(mut self) {
        // However a connection ends: the client has gone, or the manner wants it so.
        let _ = self.converse().await;
    }

    async fn converse(&mut self) -> io::Result<()> {
        self.place.sim.sleep(Duration::from_millis(self.manner.accepts_after_ms)).await;
        self.shake_hands().await?;
        self.noise_at = self.manner.noise.as_ref().map(|(every_ms, _)| self.now().plus_ms(*every_ms));
        loop {
            while let Some((header, len)) = frame_header(&self.bytes)? {
                let mask: [u8; 4] = self.bytes[header - 4..header].try_into().expect("four bytes");
                let opcode = self.bytes[0] & 0x0f;
                let masked = self.bytes.drain(..header + len).skip(header);
                let payload = masked.enumerate().map(|(n, byte)| byte ^ mask[n % 4]).collect();
                self.take(opcode, payload).await?;
            }
            let due = self.due();
            let sim = self.place.sim.clone();
            tokio::select! {
                biased;
                () = at(&sim, due) => self.act().await?,
                read = self.read_more() => read?,
            }
        }
    }

    fn now(&self) -> Time {
        self.place.sim.now()
    }

    async fn shake_hands(&mut self) -> io::Result<()> {
        // Nothing is written behind it before it is answered.
        while !self.bytes.ends_with(b"\r\n\r\n") {
            self.read_more().await?;
        }
        let request = std::mem::take(&mut self.bytes);
        let key = handshake_key(&request).ok_or(io::ErrorKind::InvalidData)?;
        let answer = match self.manner.handshake {
            Handshake::Accepts => handshake_answer(&key),
            Handshake::WrongKey => handshake_answer("d3Jvbmcga2V5IGhlcmUhIQ=="),
            Handshake::Refuses => "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n".to_owned(),
            Handshake::Garbage => "nobody speaks HTTP here\r\n\r\n".to_owned(),
            Handshake::Silent => String::new(),
        };
        self.begin_record(key);
        self.write(answer.as_bytes()).await
    }

    fn begin_record(&mut self, key: String) {
        let mut records = self.place.records();
        records.mix(self.place.sim.now(), self.place.server, key.as_bytes());
        let connections = &mut records.servers[self.place.server].connections;
        self.connection = Some(connections.len());
        connections.push(ConnectionRecord { key, ..ConnectionRecord::default() });
    }

    /// Writes something down of this connection, and that it happened now.
    fn note<T>(&self, trace: &[u8], note: impl FnOnce(&mut ConnectionRecord) -> T) -> T {
        let server = self.place.server;
        let mut records = self.place.records();
        records.mix(self.now(), server, trace);
        let connection = self.connection.expect("its handshake was read");
        note(&mut records.servers[server].connections[connection])
    }

    /// Reads some bytes, as many as its manner allows; ends as that says.
    async fn read_more(&mut self) -> io::Result<()> {
        if self.bytes.len() > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let left = match self.manner.end {
            End::DiesReading(most) | End::Freezes(most) | End::FreezesAndDies(most, _) => {
                most.saturating_sub(self.read)
            }
            End::Never | End::DiesWriting(_) | End::Closes(..) => u64::MAX,
        };
        if left == 0 {
            return self.end().await;
        }
        self.place.sim.sleep_until(self.read_from).await;
        let pace = self.manner.pace.map_or(READ_AT_ONCE, |(bytes, _)| bytes.max(1));
        let most = usize::try_from(left.min(pace).min(READ_AT_ONCE)).expect("a few kilobytes");
        let mut piece = (&mut self.stream).take(most as u64);
        let n = piece.read_buf(&mut self.bytes).await?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.read += n as u64;
        if let Some((_, ms)) = self.manner.pace {
            self.read_from = self.now().plus_ms(ms);
        }
        Ok(())
    }

    /// It has read what it reads.
    async fn end(&mut self) -> io::Result<()> {
        self.noise_at = None;
        self.pongs.clear();
        match self.manner.end {
            End::Freezes(_) => pending::<()>().await,
            End::FreezesAndDies(_, ms) => self.place.sim.sleep(Duration::from_millis(ms)).await,
            End::Never | End::DiesReading(_) | End::DiesWriting(_) | End::Closes(..) => {}
        }
        Err(io::ErrorKind::ConnectionAborted.into())
    }

    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let End::DiesWriting(most) = self.manner.end {
            let left = usize::try_from(most.saturating_sub(self.written)).unwrap_or(usize::MAX);
            if left <= bytes.len() {
                self.stream.write_all(&bytes[..left]).await?;
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
        }
        self.written += bytes.len() as u64;
        self.stream.write_all(bytes).await
    }

    async fn send(&mut self, opcode: u8, payload: &[u8]) -> io::Result<()> {
        let frame = frame(opcode, payload).expect("nothing long is sent from here");
        self.write(&frame).await
    }

    /// Takes a frame.
    async fn take(&mut self, opcode: u8, payload: Vec<u8>) -> io::Result<()> {
        match opcode {
            CLOSE if !self.closed => {
                self.send(CLOSE, &payload[..payload.len().min(125)]).await?;
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            CLOSE => Err(io::ErrorKind::ConnectionAborted.into()),
            _ if self.closed => Ok(()),
            TEXT | BINARY => {
                let text = String::from_utf8(payload).map_err(|_| io::ErrorKind::InvalidData)?;
                self.message(text).await
            }
            PING => self.ping(payload).await,
            PONG => Ok(()),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    async fn message(&mut self, text: String) -> io::Result<()> {
        if let Some(poison) = self.place.poison.filter(|poison| poison.is_in(&text)) {
            return self.close(poison.code).await;
        }
        self.messages += 1;
        self.received(text);
        match self.manner.end {
            End::Closes(after, code) if self.messages as u64 > after => self.close(code).await,
            _ => Ok(()),
        }
    }

    fn received(&mut self, text: String) {
        let (at, server) = (self.now(), self.place.server);
        let mut records = self.place.records();
        records.mix(at, server, text.as_bytes());
        let connection = self.connection.expect("its handshake was read");
        records.servers[server].connections[connection].messages.push(Message { at, text });
    }

    async fn close(&mut self, code: u16) -> io::Result<()> {
        let (now, server) = (self.now(), self.place.server);
        self.place.records().tell(now, || format!("server {server} closes with {code}"));
        self.note(&[], |record| record.closed_with = Some(code));
        self.place.records().servers[server].has_complained |= matches!(code, 1003 | 1007 | 1009);
        self.closed = true;
        self.pongs.clear();
        self.noise_at = Some(self.now().plus(LINGERS));
        self.send(CLOSE, &code.to_be_bytes()).await
    }

    async fn ping(&mut self, payload: Vec<u8>) -> io::Result<()> {
        self.remember(payload.clone());
        let covers = self.messages;
        match self.manner.pongs {
            Pongs::Never => Ok(()),
            Pongs::First(n) if self.pongs_sent >= n => Ok(()),
            Pongs::Each | Pongs::First(_) => self.pong(payload, covers).await,
            Pongs::Late(ms) => {
                self.pongs.push((self.now().plus_ms(ms), payload, covers));
                Ok(())
            }
            Pongs::Newest(ms) => {
                let at = self.pongs.pop().map_or_else(|| self.now().plus_ms(ms), |(at, ..)| at);
                self.pongs.push((at, payload, covers));
                Ok(())
            }
            Pongs::Ahead(n) => {
                self.pong(payload.clone(), covers).await?;
                self.lie(payload, n).await
            }
        }
    }

    fn remember(&mut self, ping: Vec<u8>) {
        let mut old = self.place.old_pings.lock().expect("nobody panics while holding it");
        if old.len() == OLD_PINGS {
            old.pop_front();
        }
        old.push_back((self.connection.expect("its handshake was read"), ping.clone()));
        self.last_ping = Some(ping);
    }

    async fn pong(&mut self, payload: Vec<u8>, covers: usize) -> io::Result<()> {
        self.pongs_sent += 1;
        let more = self.note(&payload, |record| {
            let more = covers.saturating_sub(record.covered);
            record.covered += more;
            record.pongs += 1;
            more
        });
        self.place.records().servers[self.place.server].covered += more as u64;
        self.last_pong = Some(payload.clone());
        self.send(PONG, &payload).await
    }

    /// Pongs for the pings behind this one, if they are numbered.
    async fn lie(&mut self, mut payload: Vec<u8>, pings: u64) -> io::Result<()> {
        for _ in 0..pings {
            let Some(number) = payload.last_chunk_mut::<8>() else { return Ok(()) };
            *number = u64::from_be_bytes(*number).wrapping_add(1).to_be_bytes();
            self.note(&payload, |record| record.lies.push(payload.clone()));
            self.place.records().servers[self.place.server].has_lied = true;
            self.send(PONG, &payload).await?;
        }
        Ok(())
    }

    /// When there is something to do, whatever comes.
    fn due(&self) -> Option<Time> {
        Time::earliest(self.noise_at, self.pongs.first().map(|(at, ..)| *at))
    }

    /// Does what is due.
    async fn act(&mut self) -> io::Result<()> {
        let now = self.now();
        if self.closed {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        while self.pongs.first().is_some_and(|(at, ..)| *at <= now) {
            let (_, payload, covers) = self.pongs.remove(0);
            self.pong(payload, covers).await?;
        }
        if self.noise_at.is_some_and(|at| at <= now)
            && let Some((every_ms, kinds)) = &self.manner.noise
        {
            self.noise_at = Some(now.plus_ms((*every_ms).max(1)));
            let noise = self.dice.one_of(kinds);
            self.make_noise(noise).await?;
        }
        Ok(())
    }

    async fn make_noise(&mut self, noise: Noise) -> io::Result<()> {
        let mut payload = vec![0; usize::try_from(self.dice.between(0, 20)).expect("it is small")];
        self.dice.fill(&mut payload);
        match noise {
            Noise::Ping => self.send(PING, &payload).await,
            Noise::Text => self.send(TEXT, b"{\"who\":\"asked?\"}").await,
            Noise::Binary => self.send(BINARY, &payload).await,
            Noise::ForeignPong => self.send(PONG, &payload).await,
            Noise::EmptyPong => self.send(PONG, &[]).await,
            Noise::OldPong => {
                let old = self.place.old_pings.lock().expect("nobody panics while holding it").clone();
                let earlier = old.into_iter().filter(|(connection, _)| Some(*connection) != self.connection);
                let all: Vec<Vec<u8>> = earlier.map(|(_, ping)| ping).chain(self.last_pong.clone()).collect();
                if all.is_empty() {
                    return Ok(());
                }
                let old = self.dice.one_of(&all);
                self.send(PONG, &old).await
            }
            Noise::WrongPong => {
                let Some(mut payload) = self.last_ping.clone() else { return Ok(()) };
                let bit = self.dice.between(0, 63);
                if let Some(byte) = payload.get_mut(usize::try_from(bit / 8).expect("below eight")) {
                    *byte ^= 1 << (bit % 8);
                }
                self.send(PONG, &payload).await
            }
        }
    }
}

async fn at(sim: &Sim, due: Option<Time>) {
    match due {
        Some(due) => sim.sleep_until(due).await,
        None => pending().await,
    }
}
