//! Frames as servers send them, and as no server should (RFC 6455 section 5.2).

pub(crate) const TEXT: u8 = 0x1;
pub(crate) const BINARY: u8 = 0x2;
pub(crate) const CLOSE: u8 = 0x8;
pub(crate) const PING: u8 = 0x9;
pub(crate) const PONG: u8 = 0xa;

/// A final frame, not masked, of less than 64 KiB.
pub(crate) fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x80 | opcode];
    match u16::try_from(payload.len()).expect("less than 64 KiB") {
        length @ 0..=125 => bytes.push(u8::try_from(length).expect("at most 125")),
        length => {
            bytes.push(126);
            bytes.extend(length.to_be_bytes());
        }
    }
    bytes.extend_from_slice(payload);
    bytes
}

/// The header of a frame that says that it has so many bytes.
pub(crate) fn announced(opcode: u8, length: u64) -> Vec<u8> {
    let mut bytes = vec![0x80 | opcode, 127];
    bytes.extend(length.to_be_bytes());
    bytes
}

/// A close frame.
pub(crate) fn close(code: u16, reason: &str) -> Vec<u8> {
    frame(CLOSE, &[&code.to_be_bytes(), reason.as_bytes()].concat())
}
