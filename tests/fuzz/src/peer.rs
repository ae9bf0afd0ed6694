//! What a websocket server sends, from the answer to the handshake on, whole and byte by byte: each event is answered once, and
//! confirmed only if the server had it; what the sink sends is as RFC 6455 wants it, and bounded; no log line has a control
//! character, or a secret that the peer repeats.

mod server;
mod told;

use std::collections::{BTreeMap, BTreeSet};

use foreshock::core::{Answer, Command, Handed, Head, Random, Sink, SinkSetup, Time, WireState};
use foreshock::sink::Ws;
use foreshock_spec::{Definition, Kind, Literal, Settings};

use crate::Target;
use crate::bytes::Script;
use server::Server;

/// A websocket server.
pub const TARGET: Target = Target {
    name: "peer",
    run,
    longest: 8 * 1024,
    words: &[
        b"\x01",
        b"\x01\x04\x00",
        b"\x01\x05\x03\x08\x04\x00\x08\x04\x01",
        b"\x03\x88\x02\x03\xeb",
        b"\x03\x88\x02\x03\xf1",
        b"\x03\x89\x03abc",
        b"\x03\x01\x02ab",
        b"\x03\x80\x01c",
        b"\x03\x8a\x00",
        b"\x0a\x82\xff",
        b"HTTP/1.1 101 \r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://x/\r\n\r\n",
        b"HTTP/1.1 401 \r\n\r\n",
        b"Upgrade: websocket\r\n",
        b"Connection: keep-alive, Upgrade\r\n",
        b"Sec-WebSocket-Accept: {accept}\r\n",
        b"Sec-WebSocket-Extensions: x\r\n",
        b"\r\n",
        SECRET.as_bytes(),
        b"\x16\x03\x01",
        b"\x1b[31m",
        b"\x06\x03",
        b"\x09",
        b"\x07",
    ],
};

/// The peer was told it, and may say it again.
const SECRET: &str = "tOkEn-0123456789";

static DEFINITIONS: [Definition; 1] = [Definition {
    path: "offramp.ws0",
    kind: Kind::Offramp,
    row: "ws",
    config: &[
        ("url", Literal::Str("ws://localhost:8080/in")),
        ("bearer", Literal::Str(SECRET)),
        ("window_events", Literal::Int(40)),
        ("max_frame_bytes", Literal::Int(1000)),
    ],
}];

/// What the sink holds at most for one that reads, in bytes.
const MOST_OUTGOING: usize = 64 * 1024;

/// The body of the target.
pub fn run(data: &[u8]) {
    let Some((choice, script)) = data.split_first() else { return };
    let whole = play(*choice, script, usize::MAX);
    let pieces = play(*choice, script, 1);
    assert_eq!(whole, pieces, "the same comes of the same bytes in pieces");
}

/// What came of it: answers in their order, and how many requests there were to the I/O side.
type Outcome = (Vec<(u32, Answer)>, Vec<&'static str>);

fn play(choice: u8, script: &[u8], piece: usize) -> Outcome {
    let mut settings = Settings::new(&DEFINITIONS);
    if choice & 1 != 0 {
        settings.set_text("offramp.ws0.ack", "written").expect("it is legal");
    }
    let setup = SinkSetup {
        instance: "01",
        errors_linked: choice & 2 != 0,
        replayed: choice & 4 != 0,
        places: 1,
        random: Random::from_seed([7; 32]),
    };
    let mut rig = Rig {
        ws: Ws::new(&settings.of(0), setup),
        server: Server::default(),
        now: Time::ZERO,
        pushed: 0,
        had: BTreeSet::new(),
        answered: BTreeMap::new(),
        outcome: (Vec::new(), Vec::new()),
        piece,
    };
    let (_, lines) = told::while_running(|| {
        rig.turn();
        let mut script = Script(script);
        while !script.is_over() {
            rig.act(&mut script);
        }
        rig.end();
    });
    for line in lines.lines() {
        assert!(!line.contains(char::is_control), "a line for people: {line:?}");
        assert!(!line.contains(SECRET), "nothing repeats a secret: {line}");
    }
    rig.outcome
}

struct Rig {
    ws: Ws<u32>,
    server: Server,
    now: Time,
    pushed: u32,
    /// The events that any connection's peer had.
    had: BTreeSet<u32>,
    answered: BTreeMap<u32, Option<Answer>>,
    outcome: Outcome,
    /// Bytes from the peer come in pieces of so many.
    piece: usize,
}

impl Rig {
    fn act(&mut self, script: &mut Script<'_>) {
        match script.byte() % 11 {
            0 => self.receive(script.some()),
            1 => self.receive(&self.server.upgrade()),
            2 => {
                let head =
                    String::from_utf8_lossy(script.some()).replace("{accept}", &self.server.accept_key());
                self.receive(head.as_bytes());
            }
            3 => {
                let first = script.byte();
                self.receive(&server::frame(first, script.some()));
            }
            4 => {
                let number = usize::from(script.byte());
                let pong = self.server.pings.get(number).map(|payload| server::frame(0x8a, payload));
                self.receive(&pong.unwrap_or_default());
            }
            5 => self.push(script.byte() % 64),
            6 => self.now = self.now.plus_ms(script.one_of(&[0, 1, 10, 100, 1000, 5000, 20_000])),
            7 => self.wire().state = WireState::Ended("end of stream".to_owned()),
            8 => self.ws.flush(self.now),
            9 => self.now = self.ws.deadline().unwrap_or(self.now).max(self.now),
            _ => {
                let (first, len) = (script.byte(), script.number());
                self.receive(&[&[first, 127][..], &len.to_be_bytes()].concat());
            }
        }
        self.turn();
    }

    fn wire(&mut self) -> &mut foreshock::core::Wire {
        self.ws.wire().expect("it has a connection")
    }

    fn receive(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(self.piece) {
            if matches!(self.wire().command, Some(Command::Connect(_))) {
                // What the old connection had not given yet is dropped.
                return;
            }
            self.wire().incoming.extend_from_slice(piece);
            self.ws.advance(self.now);
        }
    }

    fn push(&mut self, count: u8) {
        for _ in 0..count {
            let head = Head { tag: self.pushed, ingest_ns: 0, suspect: false };
            let has_room = self.ws.room(false) > 0;
            let handed = self.ws.push(head, format!("{{\"id\":{}}}", self.pushed).as_bytes());
            assert_eq!(handed == Handed::ONE, has_room, "it takes an event where it says that it has room");
            self.pushed += u32::from(has_room);
        }
    }

    /// One turn of the driver, with an I/O side that takes all at once.
    fn turn(&mut self) {
        self.ws.advance(self.now);
        let mut command = self.wire().command.take();
        if let Some(Command::Connect(_)) = command.take_if(|command| matches!(command, Command::Connect(_))) {
            self.server = Server::default();
            self.outcome.1.push("connect");
            self.wire().state = WireState::Open;
            self.ws.advance(self.now);
        }
        let bytes = std::mem::take(&mut self.wire().outgoing);
        assert!(bytes.len() <= MOST_OUTGOING, "{} bytes wait for a peer that reads", bytes.len());
        self.wire().written += bytes.len() as u64;
        self.had.extend(self.server.take(&bytes));
        match command {
            Some(Command::Finish) => self.outcome.1.push("finish"),
            Some(Command::Abort) => {
                self.outcome.1.push("abort");
                self.wire().state = WireState::Idle;
            }
            _ => {}
        }
        self.ws.advance(self.now);
        self.note_answers();
    }

    fn note_answers(&mut self) {
        while let Some((id, answer)) = self.ws.next_answer() {
            assert!(id < self.pushed, "an answer for an event that it took");
            assert!(
                answer != Answer::Ack || self.had.contains(&id),
                "{id} is confirmed, and the peer never had it"
            );
            assert_eq!(self.answered.insert(id, Some(answer)), None, "{id} is answered once");
            self.outcome.0.push((id, answer));
        }
        while let Some(error) = self.ws.next_error() {
            assert!(!error.error.contains(SECRET), "{}", error.error);
            assert_eq!(
                self.answered.insert(error.head.tag, None),
                None,
                "{} is answered once",
                error.head.tag
            );
        }
        let counts = self.ws.counts();
        assert_eq!(
            u64::from(self.pushed) - self.answered.len() as u64,
            counts.pending,
            "what is not answered is pending"
        );
    }

    /// The flow ends: within a second all is answered, and the sink closed.
    fn end(&mut self) {
        self.ws.close(self.now);
        for _ in 0..5 {
            self.turn();
            self.now = self.now.plus_ms(500);
        }
        assert!(self.ws.is_closed(), "it is closed in time");
        assert_eq!(self.answered.len(), self.pushed as usize, "every event is answered in the end");
    }
}
