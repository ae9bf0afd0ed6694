//! One connection of the recording receiver: handshake, then frame by frame, by hand where a library would answer
//! pings on its own.

use std::io::{self, Read, Write};
use std::thread;
use std::time::Duration;

use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Control, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{CloseFrame, Frame, FrameSocket, Utf8Bytes};

use super::wire::Wire;
use super::{HangUp, Log, Options};

/// Bytes that a request's head may have.
const HEAD_LIMIT: usize = 16 * 1024;
/// Bytes that a frame may have.
const FRAME_LIMIT: usize = 16 * 1024 * 1024;

/// Serves the connection until it ends.
pub(super) fn serve(wire: Wire<'_>, number: u64, log: &Log, options: &Options) -> io::Result<()> {
    let (wire, rest) = shake_hands(wire)?;
    log.line(&format!("open {number}"))?;
    if options.hang_up == Some(HangUp::Handshake) {
        return Ok(());
    }
    let mut socket = FrameSocket::from_partially_read(wire, rest);
    let (mut texts, mut pongs) = (0, 0);
    loop {
        let Some(frame) = socket.read(Some(FRAME_LIMIT)).map_err(io::Error::other)? else { return Ok(()) };
        let (opcode, payload) = unmask(frame)?;
        match opcode {
            OpCode::Data(Data::Text) => {
                let text = String::from_utf8(payload).map_err(io::Error::other)?;
                if options.refuse.as_ref().is_some_and(|refused| text.contains(refused)) {
                    log.line(&format!("refused {number} {text}"))?;
                    return refuse(&mut socket);
                }
                log.line(&format!("text {number} {text}"))?;
                texts += 1;
                thread::sleep(Duration::from_millis(options.work_ms));
                if options.hang_up == Some(HangUp::Frames(texts)) {
                    return Ok(());
                }
            }
            OpCode::Control(Control::Ping) if options.mute_after.is_none_or(|most| pongs < most) => {
                pongs += 1;
                socket.send(Frame::pong(payload)).map_err(io::Error::other)?;
                log.line(&format!("pong {number}"))?;
            }
            OpCode::Control(Control::Close) => {
                return socket.send(Frame::close(None)).map_err(io::Error::other);
            }
            _ => {}
        }
    }
}

/// Sends a close frame and reads on until the other side ends the connection: closed with bytes unread, the socket
/// would be reset, perhaps before the other side has seen the code.
fn refuse(socket: &mut FrameSocket<Wire<'_>>) -> io::Result<()> {
    let frame = CloseFrame { code: CloseCode::Size, reason: Utf8Bytes::default() };
    socket.send(Frame::close(Some(frame))).map_err(io::Error::other)?;
    socket.get_ref().end_writing()?;
    while socket.read(Some(FRAME_LIMIT)).map_err(io::Error::other)?.is_some() {}
    Ok(())
}

/// The frame's opcode and plain payload. A client must mask what it sends (RFC 6455 section 5.1); here it must also
/// send each message as one frame, as the sink under test promises.
fn unmask(frame: Frame) -> io::Result<(OpCode, Vec<u8>)> {
    let header = frame.header();
    let (opcode, is_final) = (header.opcode, header.is_final);
    let Some(mask) = header.mask else { return Err(io::Error::other("a client's frame without a mask")) };
    if !is_final {
        return Err(io::Error::other("a message in several frames"));
    }
    let payload =
        frame.payload().iter().zip(mask.into_iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
    Ok((opcode, payload))
}

/// The server's side of the opening handshake (RFC 6455 section 4.2). Gives what was read behind the request.
fn shake_hands(mut wire: Wire<'_>) -> io::Result<(Wire<'_>, Vec<u8>)> {
    let mut head = Vec::new();
    let end = loop {
        if let Some(at) = head.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        let mut buffer = [0; 1024];
        let read = wire.read(&mut buffer)?;
        if read == 0 || head.len() + read > HEAD_LIMIT {
            return Err(io::Error::other("no complete request"));
        }
        head.extend_from_slice(&buffer[..read]);
    };
    let rest = head.split_off(end);
    let text = String::from_utf8_lossy(&head);
    let key = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-key"))
        .map(|(_, key)| derive_accept_key(key.trim().as_bytes()))
        .ok_or_else(|| io::Error::other("a request without a websocket key"))?;
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {key}\r\n\r\n"
    );
    wire.write_all(answer.as_bytes())?;
    Ok((wire, rest))
}
