//! A websocket server in memory, written for these tests alone: it checks what a client must do (RFC 6455 sections 4.2 and
//! 5.1) and answers only what a test tells it to.

use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// A frame that the client sent, unmasked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    Text(String),
    Binary(String),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Option<u16>),
}

/// The server's side of one connection.
#[derive(Debug, Default)]
pub(super) struct Peer {
    bytes: Vec<u8>,
    /// The request's head, once it is whole.
    pub(super) request: Option<String>,
    /// Masks of all frames.
    pub(super) masks: Vec<[u8; 4]>,
    /// Payloads of all pings, by number from 1.
    pub(super) pings: Vec<Vec<u8>>,
}

impl Peer {
    /// Bytes from the client: the frames that are whole now.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Vec<Frame> {
        self.bytes.extend_from_slice(bytes);
        if self.request.is_none() {
            let text = String::from_utf8_lossy(&self.bytes).into_owned();
            let Some(end) = text.find("\r\n\r\n") else { return Vec::new() };
            self.bytes.drain(..end + 4);
            self.request = Some(text[..end + 2].to_owned());
        }
        let mut frames = Vec::new();
        while let Some(frame) = self.next_frame() {
            frames.push(frame);
        }
        frames
    }

    fn next_frame(&mut self) -> Option<Frame> {
        let (&first, &second) = (self.bytes.first()?, self.bytes.get(1)?);
        assert_eq!(first & 0xf0, 0x80, "one final frame per message, no reserved bits");
        assert_eq!(second & 0x80, 0x80, "a client masks every frame");
        let (length, mask_at) = match second & 0x7f {
            126 => (usize::from(u16::from_be_bytes(self.bytes.get(2..4)?.try_into().unwrap())), 4),
            127 => (u64::from_be_bytes(self.bytes.get(2..10)?.try_into().unwrap()) as usize, 10),
            short => (usize::from(short), 2),
        };
        assert!(mask_at == 2 || length > 125, "the shortest form of the length");
        assert!(mask_at != 10 || length > 0xffff, "the shortest form of the length");
        let mask: [u8; 4] = self.bytes.get(mask_at..mask_at + 4)?.try_into().unwrap();
        let payload = self.bytes.get(mask_at + 4..mask_at + 4 + length)?;
        let payload: Vec<u8> = payload.iter().zip(mask.iter().cycle()).map(|(a, b)| a ^ b).collect();
        self.bytes.drain(..mask_at + 4 + length);
        self.masks.push(mask);
        Some(match first & 0x0f {
            0x1 => Frame::Text(String::from_utf8(payload).expect("text is UTF-8")),
            0x2 => Frame::Binary(String::from_utf8(payload).expect("it is JSON all the same")),
            0x8 => Frame::Close(payload.first_chunk().map(|code| u16::from_be_bytes(*code))),
            0x9 => {
                self.pings.push(payload.clone());
                Frame::Ping(payload)
            }
            0xa => Frame::Pong(payload),
            other => panic!("the client sent opcode {other}"),
        })
    }

    /// The value of a header of the request.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.request.as_ref()?.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// What the handshake's answer must prove.
    pub(super) fn accept_key(&self) -> String {
        derive_accept_key(self.header("Sec-WebSocket-Key").expect("a request has a key").as_bytes())
    }

    /// A proper answer to the handshake.
    pub(super) fn upgrade(&self) -> Vec<u8> {
        format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: {}\r\n\r\n",
            self.accept_key()
        )
        .into_bytes()
    }

    /// The pong of ping `number`.
    pub(super) fn pong(&self, number: usize) -> Vec<u8> {
        frame(0xa, &self.pings[number - 1])
    }
}

/// A frame as a server sends it: final, not masked.
pub(super) fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x80 | opcode];
    match payload.len() {
        length @ 0..=125 => bytes.push(length as u8),
        length @ 126..=0xffff => {
            bytes.push(126);
            bytes.extend((length as u16).to_be_bytes());
        }
        length => {
            bytes.push(127);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
    bytes.extend_from_slice(payload);
    bytes
}

/// A server's close frame.
pub(super) fn close(code: u16, reason: &str) -> Vec<u8> {
    let mut payload = code.to_be_bytes().to_vec();
    payload.extend_from_slice(reason.as_bytes());
    frame(0x8, &payload)
}
