//! Drives one sink by a script and writes down what it does.
//!
//! | word | what happens |
//! |---|---|
//! | `open`, `refuse` | the byte stream is there; is refused |
//! | `upgrade` | the peer answers the opening handshake |
//! | `proven` | `open upgrade pong:1` |
//! | `push:3`, `push:1x5000` | three events are pushed; one of 5000 bytes |
//! | `flush`, `send:3` | the batch ends; three are pushed and the batch ends |
//! | `suspect`, `suspect:1x300` | one suspect event is pushed, and the batch ends; one of 300 bytes |
//! | `pong:2`, `pongs` | the peer answers ping 2; all open pings, one by one |
//! | `foreign`, `future` | a pong of another's ping; of a ping that was not sent |
//! | `text:100`, `ping`, `close:1009`, `close` | the peer sends a frame |
//! | `fin` | the byte stream ends |
//! | `wait:50`, `retry` | milliseconds pass; time passes until the sink wants to be asked |
//! | `block`, `take:9`, `unblock` | the socket takes no bytes; nine; all |
//! | `bye` | the flow closes the sink |
//! | `err` | the event on its way to `err` is taken |
//!
//! In the trace: `connect`, `finish`, `abort` (requests to the I/O side), `text:0-4`, `binary:0`, `ping:2`, `pong`, `closed:1000` (frames
//! at the peer), `ack:`, `fail:`, `suspect:` (answers), `refused:3` (events without room), `room:32` (when it changes),
//! `settled`, `done`.

use super::super::sink::Ws;
use super::peer::{self, Frame, Peer};
use crate::core::{Answer, Command, Handed, Head, Random, Sink, SinkSetup, Time, WireState};
use foreshock_spec::{Definition, Kind, Literal, Settings};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Bytes that may wait for the socket beside the window's: our pings and answers to the peer's.
const OUTGOING_SLACK: usize = 70 * 1024;

pub(super) struct Rig {
    pub(super) ws: Ws<u32>,
    pub(super) now: Time,
    pub(super) peer: Peer,
    pub(super) next_id: u32,
    /// What the peer got in the last turn.
    pub(super) frames: Vec<Frame>,
    /// Events that any peer ever got.
    pub(super) texts: BTreeSet<u32>,
    /// All answers.
    pub(super) answers: Vec<(u32, Answer)>,
    /// If set, the bytes that the socket took are here as well.
    pub(super) tap: Option<Vec<u8>>,
    /// Bytes that the socket still takes.
    pub(super) socket: usize,
    pub(super) in_socket: Vec<u8>,
    room: u32,
    settled: bool,
    done: bool,
    trace: Vec<String>,
}

const DEFINITIONS: &[Definition] = &[Definition {
    path: "offramp.ws0",
    kind: Kind::Offramp,
    row: "ws",
    config: &[("url", Literal::Str("ws://localhost:8080/in?a=b"))],
}];

/// `ack=written window_events=64 err places=2`: any setting, whether `err` is linked, and how many results an event may
/// have.
pub(super) fn settings(words: &str) -> (Settings, bool, u32) {
    let mut settings = Settings::new(DEFINITIONS);
    let (mut errors_linked, mut places) = (false, 1);
    for word in words.split_whitespace() {
        match word.split_once('=') {
            Some(("places", number)) => places = number.parse().unwrap(),
            Some((key, value)) => settings.set_text(&format!("offramp.ws0.{key}"), value).unwrap(),
            None => errors_linked |= word == "err",
        }
    }
    (settings, errors_linked, places)
}

pub(super) fn payload(id: u32, length: usize) -> String {
    let text = format!("{{\"id\":{id}}}");
    let spaces = length.saturating_sub(text.len());
    text + &" ".repeat(spaces)
}

impl Rig {
    pub(super) fn new(words: &str, seed: u8) -> Rig {
        let (settings, errors_linked, places) = settings(words);
        let replayed = !words.split_whitespace().any(|word| word == "unreplayed");
        let random = Random::from_seed([seed; 32]);
        let setup = SinkSetup { instance: "01", errors_linked, replayed, places, random };
        let ws = Ws::new(&settings.of(0), setup);
        let mut rig = Rig {
            ws,
            now: Time::ZERO,
            peer: Peer::default(),
            next_id: 0,
            frames: Vec::new(),
            texts: BTreeSet::new(),
            answers: Vec::new(),
            tap: None,
            socket: usize::MAX,
            in_socket: Vec::new(),
            room: 0,
            settled: false,
            done: false,
            trace: Vec::new(),
        };
        rig.turn();
        rig
    }

    /// What happened since it was last asked.
    pub(super) fn trace(&mut self) -> String {
        std::mem::take(&mut self.trace).join(" ")
    }

    pub(super) fn play(&mut self, script: &str) {
        for word in script.split_whitespace() {
            let (verb, object) = word.split_once(':').unwrap_or((word, ""));
            self.act(verb, object);
            self.turn();
        }
    }

    fn act(&mut self, verb: &str, object: &str) {
        let number = || object.parse::<usize>().unwrap();
        match verb {
            "open" => self.ws.wire.state = WireState::Open,
            "refuse" => self.ws.wire.state = WireState::Ended("connection refused".to_owned()),
            "fin" => self.ws.wire.state = WireState::Ended("end of stream".to_owned()),
            "upgrade" => self.receive(&self.peer.upgrade()),
            "proven" => self.play("open upgrade pong:1"),
            "push" => self.push(object, false),
            "send" => {
                self.push(object, false);
                self.ws.flush(self.now);
            }
            "suspect" => {
                self.push(if object.is_empty() { "1" } else { object }, true);
                self.ws.flush(self.now);
            }
            "flush" => self.ws.flush(self.now),
            "pong" => self.receive(&self.peer.pong(number())),
            "pongs" => {
                let open = (1..=self.peer.pings.len()).flat_map(|number| self.peer.pong(number));
                self.receive(&open.collect::<Vec<_>>());
            }
            "foreign" => self.receive(&peer::frame(0xa, b"hello")),
            "future" => {
                let mut payload = self.peer.pings[0].clone();
                payload[15] = 200;
                self.receive(&peer::frame(0xa, &payload));
            }
            "text" => self.receive(&peer::frame(0x1, &vec![b'x'; number()])),
            "ping" => self.receive(&peer::frame(0x9, b"are you there")),
            "close" if object.is_empty() => self.receive(&peer::frame(0x8, &[])),
            "close" => self.receive(&peer::close(object.parse().unwrap(), "")),
            "wait" => self.now = self.now.plus_ms(object.parse().unwrap()),
            "retry" => self.now = self.ws.deadline().expect("it wants to be asked").max(self.now),
            "block" => self.socket = 0,
            "take" => self.socket = number(),
            "unblock" => self.socket = usize::MAX,
            "bye" => self.ws.close(self.now),
            "err" => {
                let error = self.ws.next_error().expect("an event is on its way to err");
                assert_eq!(error.payload, payload(error.head.tag, 0).as_bytes());
                self.trace.push(format!("error:{}", error.head.tag));
            }
            other => panic!("unknown word `{other}`"),
        }
    }

    pub(super) fn receive(&mut self, bytes: &[u8]) {
        self.ws.wire.incoming.extend_from_slice(bytes);
    }

    /// `3`, or `3x5000` for three of 5000 bytes. An event without room keeps its id.
    fn push(&mut self, object: &str, suspect: bool) {
        let (count, length) = object.split_once('x').unwrap_or((object, "0"));
        let mut refused = 0;
        for _ in 0..count.parse().unwrap() {
            let head = Head { tag: self.next_id, ingest_ns: 0, suspect };
            let text = payload(self.next_id, length.parse().unwrap());
            match self.ws.push(head, text.as_bytes()) {
                Handed::ONE => self.next_id += 1,
                Handed::NO_ROOM => refused += 1,
                other => panic!("{other:?}"),
            }
        }
        if refused > 0 {
            self.trace.push(format!("refused:{refused}"));
        }
    }

    /// One turn of driver and I/O task, and what is to be seen after it.
    pub(super) fn turn(&mut self) {
        self.ws.advance(self.now);
        self.move_bytes();
        self.note_answers();
        let counts = self.ws.counts();
        assert_eq!(
            counts.taken,
            counts.acked + counts.failed + counts.rejected + counts.pending,
            "every event is confirmed, failed, rejected or pending"
        );
        for (now, before, word) in [
            (self.ws.is_settled(), &mut self.settled, "settled"),
            (self.ws.is_closed(), &mut self.done, "done"),
        ] {
            if now != *before {
                *before = now;
                self.trace.push(word.to_owned());
            }
        }
        let room = self.ws.room(false);
        if room != self.room {
            self.room = room;
            self.trace.push(format!("room:{room}"));
        }
    }

    fn move_bytes(&mut self) {
        let limit = self.ws.config.window_bytes + 40 * self.ws.config.window_events + OUTGOING_SLACK as u64;
        assert!((self.ws.wire.outgoing.len() as u64) < limit + 5_000_000, "outgoing is bounded");
        if let Some(command @ Command::Connect(_)) = self.ws.wire.command.take_if(|c| is_connect(c)) {
            self.peer = Peer::default();
            self.in_socket.clear();
            self.note(&command);
        }
        self.in_socket.append(&mut self.ws.wire.outgoing);
        let taken = self.in_socket.len().min(self.socket);
        self.socket -= if self.socket == usize::MAX { 0 } else { taken };
        let bytes: Vec<u8> = self.in_socket.drain(..taken).collect();
        self.ws.wire.written += taken as u64;
        self.frames = self.peer.take(&bytes);
        if let Some(tap) = &mut self.tap {
            tap.extend_from_slice(&bytes);
        }
        self.note_frames();
        if let Some(command) = self.ws.wire.command.take() {
            self.note(&command);
        }
        if taken > 0 {
            // What was written may confirm (`ack = "written"`).
            self.ws.advance(self.now);
            self.in_socket.append(&mut self.ws.wire.outgoing);
        }
    }

    fn note(&mut self, command: &Command) {
        self.trace.push(
            match command {
                Command::Connect(_) => "connect",
                Command::Finish => "finish",
                Command::Abort => "abort",
            }
            .to_owned(),
        );
    }

    fn note_frames(&mut self) {
        let before = self.peer.pings.len();
        let (mut texts, mut binaries, mut pings, mut pongs) = (Vec::new(), Vec::new(), Vec::new(), 0);
        let pinged = self.frames.iter().filter(|frame| matches!(frame, Frame::Ping(_))).count();
        for frame in &self.frames {
            match frame {
                Frame::Text(text) => texts.push(id_of(text)),
                Frame::Binary(text) => binaries.push(id_of(text)),
                Frame::Ping(_) => pings.push((before - pinged + pings.len() + 1) as u32),
                Frame::Pong(payload) => {
                    assert_eq!(payload, b"are you there");
                    pongs += 1;
                }
                Frame::Close(_) => {}
            }
        }
        self.note_runs("text", &texts);
        self.texts.extend(texts);
        self.note_runs("binary", &binaries);
        self.note_runs("ping", &pings);
        if pongs > 0 {
            self.trace.push(if pongs == 1 { "pong".to_owned() } else { format!("pong*{pongs}") });
        }
        for frame in &self.frames {
            match frame {
                Frame::Close(Some(code)) => self.trace.push(format!("closed:{code}")),
                Frame::Close(None) => self.trace.push("closed".to_owned()),
                _ => {}
            }
        }
    }

    fn note_answers(&mut self) {
        let mut answers: Vec<(Answer, Vec<u32>)> = Vec::new();
        while let Some((id, answer)) = self.ws.next_answer() {
            self.answers.push((id, answer));
            match answers.last_mut() {
                Some((last, ids)) if *last == answer => ids.push(id),
                _ => answers.push((answer, vec![id])),
            }
        }
        for (answer, ids) in answers {
            let verdict = match answer {
                Answer::Ack => "ack",
                Answer::Fail => "fail",
                Answer::Suspect => "suspect",
            };
            self.note_runs(verdict, &ids);
        }
    }

    /// `ack:0-4,7`: in the order in which they came.
    fn note_runs(&mut self, what: &str, ids: &[u32]) {
        if ids.is_empty() {
            return;
        }
        let mut text = format!("{what}:");
        for (n, run) in ids.chunk_by(|a, b| a + 1 == *b).enumerate() {
            text.push_str(if n == 0 { "" } else { "," });
            match run {
                [one] => write!(text, "{one}").unwrap(),
                [first, .., last] => write!(text, "{first}-{last}").unwrap(),
                [] => {}
            }
        }
        self.trace.push(text);
    }
}

fn is_connect(command: &Command) -> bool {
    matches!(command, Command::Connect(_))
}

pub(super) fn id_of(text: &str) -> u32 {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.parse().expect("an event with an id")
}

/// Plays `before`, then `script`: `expected` is what the sink does during `script`.
pub(super) fn check(settings: &str, before: &str, script: &str, expected: &str) {
    let mut rig = Rig::new(settings, 7);
    rig.play(before);
    rig.trace();
    rig.play(script);
    assert_eq!(rig.trace(), expected, "settings `{settings}`, `{before}`, then `{script}`");
}
