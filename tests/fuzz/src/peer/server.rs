//! The other side of the sink's connection: it reads what the sink sends, strictly, and makes what a server may send.

use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// One connection.
#[derive(Debug, Default)]
pub(crate) struct Server {
    bytes: Vec<u8>,
    key: Option<String>,
    /// The payloads of the sink's pings.
    pub(crate) pings: Vec<Vec<u8>>,
    has_said_goodbye: bool,
}

impl Server {
    /// Takes bytes of the sink: the numbers of the events in them.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Vec<u32> {
        self.bytes.extend_from_slice(bytes);
        if self.key.is_none() {
            let Some(end) = self.bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
                return Vec::new();
            };
            let head = String::from_utf8(self.bytes.drain(..end + 4).collect()).expect("a request is a text");
            let key = head.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "));
            self.key = Some(key.expect("a request has a key").to_owned());
        }
        let mut ids = Vec::new();
        while let Some((opcode, payload)) = self.next_frame() {
            assert!(!self.has_said_goodbye, "nothing follows a close frame");
            match opcode {
                1 => {
                    let text = String::from_utf8(payload).expect("text is UTF-8");
                    let id = text.strip_prefix("{\"id\":").and_then(|rest| rest.strip_suffix('}'));
                    ids.push(id.and_then(|id| id.parse().ok()).expect("an event as it was pushed"));
                }
                8 => self.has_said_goodbye = true,
                9 => self.pings.push(payload),
                10 => assert!(payload.len() <= 125, "a control frame is short"),
                other => panic!("the sink sends opcode {other}"),
            }
        }
        ids
    }

    fn next_frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let (first, second) = (*self.bytes.first()?, *self.bytes.get(1)?);
        assert_eq!((first & 0xf0, second & 0x80), (0x80, 0x80), "final, no reserved bits, masked");
        let (len, at) = match second & 0x7f {
            126 => (usize::from(u16::from_be_bytes(*self.bytes.get(2..)?.first_chunk()?)), 4),
            127 => (u64::from_be_bytes(*self.bytes.get(2..)?.first_chunk()?) as usize, 10),
            short => (short.into(), 2),
        };
        assert!(at == 2 || len > if at == 4 { 125 } else { 0xffff }, "the shortest form of a length");
        let whole = self.bytes.get(at..at + 4 + len)?;
        let (mask, payload) = whole.split_at(4);
        let payload = payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
        self.bytes.drain(..at + 4 + len);
        Some((first & 0xf, payload))
    }

    /// What the answer to the handshake must prove; nothing before there was a request.
    pub(crate) fn accept_key(&self) -> String {
        self.key.as_ref().map_or_else(String::new, |key| derive_accept_key(key.as_bytes()))
    }

    /// A proper answer to the handshake.
    pub(crate) fn upgrade(&self) -> Vec<u8> {
        let accept = self.accept_key();
        format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: {accept}\r\n\r\n"
        )
        .into_bytes()
    }
}

/// A frame with this first byte, not masked.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match u8::try_from(payload.len()) {
        Ok(len @ 0..=125) => bytes.push(len),
        _ => {
            bytes.push(126);
            bytes.extend((payload.len() as u16).to_be_bytes());
        }
    }
    bytes.extend_from_slice(payload);
    bytes
}
