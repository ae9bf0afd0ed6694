//! How a simulated server behaves on one connection: as plain values, written by hand or drawn from a seed. Who behaves so is
//! in `conversation`.

use std::fmt;

use crate::testing::Dice;

/// What a server does on one connection. [`Manner::healthy`] is the beginning; the fields say what is otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manner {
    /// It lets a new connection wait so long before it reads anything, in milliseconds.
    pub accepts_after_ms: u64,
    /// How it answers the opening handshake.
    pub handshake: Handshake,
    /// It reads at most so many bytes at once, and then waits so many milliseconds.
    pub pace: Option<(u64, u64)>,
    /// How it answers pings.
    pub pongs: Pongs,
    /// What it sends unasked, about every so many milliseconds.
    pub noise: Option<(u64, Vec<Noise>)>,
    /// How the connection ends, if it is up to the server.
    pub end: End,
}

/// How a server answers the opening handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handshake {
    /// As RFC 6455 wants it.
    Accepts,
    /// With 503.
    Refuses,
    /// With what is no HTTP.
    Garbage,
    /// With the answer to another key.
    WrongKey,
    /// Not at all.
    Silent,
}

/// How a server answers pings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pongs {
    /// Each, when it is read.
    Each,
    /// Each, so many milliseconds after it was read.
    Late(u64),
    /// So many milliseconds after the first that is open: only the newest, as RFC 6455 section 5.5.3 allows.
    Newest(u64),
    /// None.
    Never,
    /// So many, and then none.
    First(u64),
    /// A liar: each at once, and beside it the pongs of the pings that will follow, so many of them. What a client sends between
    /// them may be confirmed before it was received.
    Ahead(u64),
}

/// What a server sends unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noise {
    /// A ping.
    Ping,
    /// A text message.
    Text,
    /// A binary message.
    Binary,
    /// A pong with any payload.
    ForeignPong,
    /// A pong without a payload.
    EmptyPong,
    /// A pong for a ping of this connection, once more, or of an earlier connection.
    OldPong,
    /// A pong for the newest ping, of which one bit of the first eight bytes is wrong.
    WrongPong,
}

/// How a server ends a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It does not.
    Never,
    /// It hangs up when it has read so many bytes, the handshake's included.
    DiesReading(u64),
    /// It hangs up when it has written so many bytes, the handshake's included: in the middle of a frame, if it comes so.
    DiesWriting(u64),
    /// When it has read so many bytes, it does not read any more.
    Freezes(u64),
    /// As `Freezes`, and so many milliseconds later the connection is reset.
    FreezesAndDies(u64, u64),
    /// When it has received so many messages, it closes with this code. It reads on for a while, and throws away what it reads.
    Closes(u64, u16),
}

/// What servers may do of which an event may be lost that nobody can help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mischief {
    /// They lie: [`Pongs::Ahead`].
    pub lies: bool,
    /// They close with 1003, 1007 or 1009, which blames what they were sent: such an event is rejected by rule.
    pub complains: bool,
}

impl Manner {
    /// As it should be.
    pub fn healthy() -> Manner {
        Manner {
            accepts_after_ms: 0,
            handshake: Handshake::Accepts,
            pace: None,
            pongs: Pongs::Each,
            noise: None,
            end: End::Never,
        }
    }

    /// Whether it keeps RFC 6455, answers at once and does not end by itself.
    pub fn is_healthy(&self) -> bool {
        *self == Manner::healthy()
    }

    /// Draws one: mostly a bad one. Times are up to `longest_ms`, small ones as likely as large ones.
    pub fn draw(dice: &mut Dice, longest_ms: u64, mischief: Mischief) -> Manner {
        let mut manner = Manner::healthy();
        if dice.chance(25) {
            return manner;
        }
        let longest = longest_ms.max(1);
        if dice.chance(10) {
            manner.accepts_after_ms = dice.magnitude(1, longest);
        }
        if dice.chance(6) {
            use Handshake::{Garbage, Refuses, Silent, WrongKey};
            manner.handshake = dice.one_of(&[Refuses, Garbage, WrongKey, Silent]);
        }
        if dice.chance(20) {
            manner.pace = Some((dice.magnitude(1, 4096), dice.magnitude(1, longest.div_ceil(10))));
        }
        manner.pongs = Pongs::draw(dice, longest, mischief.lies);
        if dice.chance(30) {
            let all = [
                Noise::Ping,
                Noise::Text,
                Noise::Binary,
                Noise::ForeignPong,
                Noise::EmptyPong,
                Noise::OldPong,
                Noise::WrongPong,
            ];
            let some = (0..dice.between(1, 4)).map(|_| dice.one_of(&all)).collect();
            manner.noise = Some((dice.magnitude(1, longest), some));
        }
        manner.end = End::draw(dice, longest, mischief.complains);
        manner
    }
}

impl Pongs {
    fn draw(dice: &mut Dice, longest_ms: u64, lies: bool) -> Pongs {
        match dice.between(0, 99) {
            0..=49 => Pongs::Each,
            50..=64 => Pongs::Late(dice.magnitude(1, longest_ms)),
            65..=79 => Pongs::Newest(dice.magnitude(1, longest_ms)),
            80..=87 => Pongs::First(dice.magnitude(1, 30)),
            95.. if lies => Pongs::Ahead(dice.between(1, 5)),
            _ => Pongs::Never,
        }
    }
}

impl End {
    fn draw(dice: &mut Dice, longest_ms: u64, complains: bool) -> End {
        match dice.between(0, 99) {
            0..=24 => End::Never,
            25..=44 => End::DiesReading(dice.magnitude(1, 8192)),
            45..=64 => End::DiesWriting(dice.magnitude(1, 1024)),
            65..=74 => End::Freezes(dice.magnitude(1, 8192)),
            75..=84 => End::FreezesAndDies(dice.magnitude(1, 8192), dice.magnitude(1, longest_ms)),
            _ => {
                let codes = [1000, 1001, 1002, 1006, 1008, 1011, 1012, 1013, 3000, 4999];
                let blame = complains && dice.chance(30);
                let code = if blame { dice.one_of(&[1003, 1007, 1009]) } else { dice.one_of(&codes) };
                End::Closes(dice.magnitude(1, 64) - 1, code)
            }
        }
    }
}

/// In words, for who reads what a seed has drawn.
impl fmt::Display for Manner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_healthy() {
            return f.write_str("healthy");
        }
        let mut words = Vec::new();
        if self.accepts_after_ms > 0 {
            words.push(format!("accepts after {} ms", self.accepts_after_ms));
        }
        match self.handshake {
            Handshake::Accepts => {}
            Handshake::Refuses => words.push("refuses the handshake".to_owned()),
            Handshake::Garbage => words.push("answers the handshake with garbage".to_owned()),
            Handshake::WrongKey => words.push("answers the handshake with a wrong key".to_owned()),
            Handshake::Silent => words.push("does not answer the handshake".to_owned()),
        }
        if let Some((bytes, ms)) = self.pace {
            words.push(format!("reads {bytes} bytes every {ms} ms"));
        }
        match self.pongs {
            Pongs::Each => {}
            Pongs::Late(ms) => words.push(format!("answers pings {ms} ms late")),
            Pongs::Newest(ms) => words.push(format!("answers the newest ping every {ms} ms")),
            Pongs::Never => words.push("answers no pings".to_owned()),
            Pongs::First(n) => words.push(format!("answers {n} pings")),
            Pongs::Ahead(n) => words.push(format!("lies: answers pings, and {n} that it has not read")),
        }
        if let Some((every_ms, kinds)) = &self.noise {
            words.push(format!("sends {kinds:?} every {every_ms} ms"));
        }
        match self.end {
            End::Never => {}
            End::DiesReading(bytes) => words.push(format!("hangs up after reading {bytes} bytes")),
            End::DiesWriting(bytes) => words.push(format!("hangs up after writing {bytes} bytes")),
            End::Freezes(bytes) => words.push(format!("freezes after reading {bytes} bytes")),
            End::FreezesAndDies(bytes, ms) => {
                words.push(format!("freezes after reading {bytes} bytes, hangs up {ms} ms later"));
            }
            End::Closes(n, code) => words.push(format!("closes with {code} after {n} messages")),
        }
        f.write_str(&words.join(", "))
    }
}
