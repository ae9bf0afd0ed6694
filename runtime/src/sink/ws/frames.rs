//! Writes the frames of a client (RFC 6455 section 5): masked, straight into the wire's buffer. Reading them is
//! `connection`'s work.

use crate::core::Random;

/// Opcodes that this side sends (RFC 6455 section 5.2).
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xa;

const FINAL: u8 = 0x80;
const MASKED: u8 = 0x80;

/// Bytes before a payload, at most: two, eight of length, four of mask.
const HEADER_LIMIT: usize = 14;

/// Payload bytes of a control frame, at most (RFC 6455 section 5.5).
const CONTROL_LIMIT: usize = 125;

/// Mask bytes are drawn in blocks of this size: 256 masks.
const MASK_BLOCK: usize = 1024;

/// Appends frames to a connection's output and counts its bytes.
pub(super) struct Writer {
    /// The opcode of events.
    event: u8,
    random: Random,
    block: Box<[u8; MASK_BLOCK]>,
    used: usize,
    sent: u64,
}

impl Writer {
    /// A writer whose masks come from `random`, and whose events are text or binary frames.
    pub(super) fn new(random: Random, binary: bool) -> Writer {
        Writer {
            event: if binary { BINARY } else { TEXT },
            random,
            block: Box::new([0; MASK_BLOCK]),
            used: MASK_BLOCK,
            sent: 0,
        }
    }

    /// A new connection: counting starts again.
    pub(super) fn begin(&mut self) {
        self.sent = 0;
    }

    /// Bytes that this connection has been given.
    pub(super) fn sent(&self) -> u64 {
        self.sent
    }

    /// Bytes that are no frame: the opening handshake.
    pub(super) fn raw(&mut self, out: &mut Vec<u8>, bytes: &[u8]) {
        out.extend_from_slice(bytes);
        self.sent += bytes.len() as u64;
    }

    /// One event: an unfragmented frame. In a text frame `payload` is UTF-8 (it is encoded JSON).
    #[inline]
    pub(super) fn event(&mut self, out: &mut Vec<u8>, payload: &[u8]) {
        debug_assert!(self.event != TEXT || std::str::from_utf8(payload).is_ok(), "a text frame holds UTF-8");
        self.frame(out, self.event, payload);
    }

    /// A ping; its payload comes back in the pong.
    pub(super) fn ping(&mut self, out: &mut Vec<u8>, payload: &[u8]) {
        self.frame(out, PING, payload);
    }

    /// The answer to a peer's ping, with its payload.
    pub(super) fn pong(&mut self, out: &mut Vec<u8>, payload: &[u8]) {
        self.frame(out, PONG, &payload[..payload.len().min(CONTROL_LIMIT)]);
    }

    /// A close frame; without a code it is empty.
    pub(super) fn close(&mut self, out: &mut Vec<u8>, code: Option<u16>) {
        match code {
            Some(code) => self.frame(out, CLOSE, &code.to_be_bytes()),
            None => self.frame(out, CLOSE, &[]),
        }
    }

    #[inline]
    fn frame(&mut self, out: &mut Vec<u8>, opcode: u8, payload: &[u8]) {
        let before = out.len();
        let first = FINAL | opcode;
        let mask = self.mask();
        let [a, b, c, d] = mask;
        out.reserve(HEADER_LIMIT + payload.len());
        match payload.len() {
            length @ 0..=CONTROL_LIMIT => {
                out.extend_from_slice(&[first, MASKED | length as u8, a, b, c, d]);
            }
            length @ ..=0xffff => {
                let [high, low] = (length as u16).to_be_bytes();
                out.extend_from_slice(&[first, MASKED | 126, high, low, a, b, c, d]);
            }
            length => {
                out.extend_from_slice(&[first, MASKED | 127]);
                out.extend_from_slice(&(length as u64).to_be_bytes());
                out.extend_from_slice(&mask);
            }
        }
        append_masked(out, payload, mask);
        self.sent += (out.len() - before) as u64;
    }

    /// A fresh mask: unpredictable, and never used twice (RFC 6455 section 5.3).
    #[inline]
    fn mask(&mut self) -> [u8; 4] {
        if self.used == MASK_BLOCK {
            self.random.fill(&mut self.block[..]);
            self.used = 0;
        }
        let at = self.used;
        self.used += 4;
        [self.block[at], self.block[at + 1], self.block[at + 2], self.block[at + 3]]
    }
}

/// Copies the payload and masks the copy, eight bytes at a time.
#[inline]
fn append_masked(out: &mut Vec<u8>, payload: &[u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let at = out.len();
    out.extend_from_slice(payload);
    let (words, rest) = out[at..].as_chunks_mut::<8>();
    for word in words {
        *word = (u64::from_ne_bytes(*word) ^ wide).to_ne_bytes();
    }
    for (at, byte) in rest.iter_mut().enumerate() {
        *byte ^= mask[at % 4];
    }
}
