//! The server's end of a simulated websocket: handshake, text frames in, pongs out, as RFC 6455 wants it. What a
//! server does with a frame, and when it dies, is the test's.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::testing::sim::SimStream;

/// The longest request or frame that is read.
const LONGEST: usize = 1024 * 1024;

/// Opcodes of RFC 6455 section 5.2.
pub(in crate::testing) const TEXT: u8 = 1;
pub(in crate::testing) const BINARY: u8 = 2;
pub(in crate::testing) const CLOSE: u8 = 8;
pub(in crate::testing) const PING: u8 = 9;
pub(in crate::testing) const PONG: u8 = 10;

/// A websocket server's end of one connection.
///
/// Every ping is answered when it is read, so whatever was returned by [`SimWebsocket::next_text`] before is what the
/// client may believe to be received. Dropped, the connection ends without a word.
#[derive(Debug)]
pub struct SimWebsocket {
    stream: SimStream,
    /// What was read and not understood yet.
    bytes: Vec<u8>,
}

impl SimWebsocket {
    /// Answers the opening handshake.
    ///
    /// # Errors
    /// The client hung up, or sent no websocket handshake.
    pub async fn accept(stream: SimStream) -> io::Result<SimWebsocket> {
        let mut socket = SimWebsocket { stream, bytes: Vec::new() };
        let end = loop {
            if let Some(at) = socket.bytes.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break at + 4;
            }
            socket.read_more().await?;
        };
        let request: Vec<u8> = socket.bytes.drain(..end).collect();
        let key = handshake_key(&request).ok_or(io::ErrorKind::InvalidData)?;
        socket.stream.write_all(handshake_answer(&key).as_bytes()).await?;
        Ok(socket)
    }

    /// The next text frame, or binary frame that holds text; `None` when the client has closed, which is answered.
    ///
    /// # Errors
    /// The client hung up without closing, or sent what no client of this project sends: fragments,
    /// unmasked frames.
    pub async fn next_text(&mut self) -> io::Result<Option<String>> {
        loop {
            let (opcode, payload) = self.next_frame().await?;
            match opcode {
                TEXT | BINARY => {
                    let text = String::from_utf8(payload).map_err(|_| io::ErrorKind::InvalidData)?;
                    return Ok(Some(text));
                }
                PING => self.send(PONG, &payload).await?,
                PONG => {}
                CLOSE => {
                    self.send(CLOSE, &payload).await?;
                    return Ok(None);
                }
                _ => return Err(io::ErrorKind::InvalidData.into()),
            }
        }
    }

    /// Closes with a code (RFC 6455 section 7.4), without waiting for the client's answer.
    ///
    /// # Errors
    /// The client has hung up.
    pub async fn close(mut self, code: u16) -> io::Result<()> {
        self.send(CLOSE, &code.to_be_bytes()).await
    }

    async fn send(&mut self, opcode: u8, payload: &[u8]) -> io::Result<()> {
        let frame = frame(opcode, payload).ok_or(io::ErrorKind::InvalidData)?;
        self.stream.write_all(&frame).await
    }

    async fn next_frame(&mut self) -> io::Result<(u8, Vec<u8>)> {
        loop {
            if let Some((header, len)) = frame_header(&self.bytes)? {
                let mask: [u8; 4] = self.bytes[header - 4..header].try_into().expect("four bytes");
                let opcode = self.bytes[0] & 0x0f;
                let masked = self.bytes.drain(..header + len).skip(header);
                return Ok((opcode, masked.enumerate().map(|(n, byte)| byte ^ mask[n % 4]).collect()));
            }
            self.read_more().await?;
        }
    }

    async fn read_more(&mut self) -> io::Result<()> {
        if self.bytes.len() > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        if self.stream.read_buf(&mut self.bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }
}

/// What the client of an opening handshake calls it (RFC 6455 section 4.1), given its whole request.
pub(in crate::testing) fn handshake_key(request: &[u8]) -> Option<String> {
    let request = String::from_utf8_lossy(request);
    let mut headers = request.lines().filter_map(|line| line.split_once(':'));
    let (_, key) = headers.find(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-key"))?;
    Some(key.trim().to_owned())
}

/// What a server answers to such a client.
pub(in crate::testing) fn handshake_answer(key: &str) -> String {
    let accept = derive_accept_key(key.as_bytes());
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n"
    )
}

/// A server's frame, whole. `None` for more than 125 bytes: control frames have no more (RFC 6455 section 5.5), and no
/// others are sent from here.
pub(in crate::testing) fn frame(opcode: u8, payload: &[u8]) -> Option<Vec<u8>> {
    let len = u8::try_from(payload.len()).ok().filter(|len| *len <= 125)?;
    let mut frame = vec![0x80 | opcode, len];
    frame.extend_from_slice(payload);
    Some(frame)
}

/// The lengths of header and payload of the client's frame that `bytes` begin with, once it is complete.
pub(in crate::testing) fn frame_header(bytes: &[u8]) -> io::Result<Option<(usize, usize)>> {
    let [first, second, rest @ ..] = bytes else { return Ok(None) };
    let (is_whole, is_masked) = (first & 0xf0 == 0x80, second & 0x80 != 0);
    if !is_whole || !is_masked {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let (header, len) = match (second & 0x7f, rest) {
        (126, [a, b, ..]) => (8, usize::from(u16::from_be_bytes([*a, *b]))),
        (127, [0, 0, 0, 0, a, b, c, d, ..]) => {
            (14, usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])).unwrap_or(usize::MAX))
        }
        (126 | 127, _) => return Ok(None),
        (short, _) => (6, usize::from(short)),
    };
    if len > LONGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok((bytes.len() >= header + len).then_some((header, len)))
}
