//! Frames: how pieces of a log's files are told from what a crash or a bad disk left there. What is in a frame is not here.
//!
//! `len: u32 LE` of the body, `crc: u32 LE`, body. The checksum is CRC-32C of the four bytes of `len` and the body, so that a
//! changed length is found too. The first byte of a body is its kind.

use super::checksum::Checksums;
use super::content;
use crate::mutants::mutant;

/// Bytes in front of a body.
pub(super) const FRAME_HEAD: usize = 8;

/// Kinds of bodies are `1..=KINDS`: anything else is no frame.
const KINDS: u8 = 3;

/// Appends a frame, whose body `write` appends; gives its length.
#[inline]
pub(super) fn write(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) -> u64 {
    let begin = out.len();
    out.extend_from_slice(&[0; FRAME_HEAD]);
    write(out);
    let frame = &mut out[begin..];
    let len =
        u32::try_from(frame.len() - FRAME_HEAD).expect("segments are smaller, by the limits").to_le_bytes();
    frame[..4].copy_from_slice(&len);
    // The length once more, where the checksum will be: so what is checksummed is in one piece, which is faster.
    frame[4..FRAME_HEAD].copy_from_slice(&len);
    let crc = crc32c::crc32c(&frame[4..]).to_le_bytes();
    frame[4..FRAME_HEAD].copy_from_slice(&crc);
    frame.len() as u64
}

/// One stretch of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// An intact frame: where it is, and its body.
    Frame(Stretch, &'a [u8]),
    /// Bytes that are no frame, with frames or the end behind them.
    Broken(Stretch),
    /// What an interrupted write leaves at the end of a file: the begin of a frame, or zeros.
    Torn(Stretch),
}

/// Bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Where they begin.
    pub at: u64,
    /// How many.
    pub len: u64,
}

impl Stretch {
    /// The bytes themselves.
    pub(super) fn of(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.at as usize..(self.at + self.len) as usize]
    }
}

/// The pieces of a file, from its begin to its end; there are no two stretches without a frame between them.
pub(super) struct Pieces<'a> {
    bytes: &'a [u8],
    at: usize,
    checksums: Checksums<'a>,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Pieces<'a> {
        Pieces { bytes, at: 0, checksums: Checksums::new(bytes) }
    }

    /// The body of the frame at this place. Only what has a length and a kind that can be is checksummed: zeros, and the text
    /// of payloads, are passed over quickly.
    fn frame_at(&mut self, at: usize) -> Option<&'a [u8]> {
        let body = body_at(&self.bytes[at..])?;
        if mutant!("cut_one_byte_short") && at + FRAME_HEAD + body.len() == self.bytes.len() {
            return None;
        }
        let is_kind = body.first().is_some_and(|kind| (1..=KINDS).contains(kind));
        (is_kind && self.checksums.is_right(at, body.len())).then_some(body)
    }

    /// Behind this place, the next one with a frame.
    fn next_frame(&mut self, at: usize) -> Option<usize> {
        (at + 1..self.bytes.len()).find(|&from| {
            body_at(&self.bytes[from..]).is_some_and(content::may_be) && self.frame_at(from).is_some()
        })
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let at = self.at;
        let rest = self.bytes.get(at..).filter(|rest| !rest.is_empty())?;
        if let Some(body) = self.frame_at(at) {
            self.at += FRAME_HEAD + body.len();
            return Some(Piece::Frame(Stretch { at: at as u64, len: (self.at - at) as u64 }, body));
        }
        let found = self.next_frame(at);
        self.at = found.unwrap_or(self.bytes.len());
        let stretch = Stretch { at: at as u64, len: (self.at - at) as u64 };
        let torn = found.is_none() && is_torn(rest);
        Some(if torn { Piece::Torn(stretch) } else { Piece::Broken(stretch) })
    }
}

/// The body of what may be a frame, by its length.
#[inline]
fn body_at(bytes: &[u8]) -> Option<&[u8]> {
    let (len, rest) = bytes.split_first_chunk::<4>()?;
    rest.get(4..)?.get(..u32::from_le_bytes(*len) as usize)
}

/// Whether the end of a file, which holds no frame, is what an interrupted write leaves: a frame that goes on beyond it, or
/// zeros where bytes had not arrived yet. No body ends with a zero.
fn is_torn(rest: &[u8]) -> bool {
    let Some((len, behind)) = rest.split_first_chunk::<4>() else { return true };
    let is_cut = behind.len() < 4 || (u32::from_le_bytes(*len) as usize) > behind.len() - 4;
    is_cut || rest.last() == Some(&0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(body: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        write(&mut out, |out| out.extend_from_slice(body));
        out
    }

    /// The pieces as words: `a` an intact frame with that behind its kind, `!9` nine broken bytes, `~9` torn ones.
    #[track_caller]
    fn check(parts: &[&[u8]], expected: &str) {
        let bytes = parts.concat();
        let said = Pieces::new(&bytes).map(|piece| match piece {
            Piece::Frame(_, body) => String::from_utf8_lossy(&body[1..]).into_owned(),
            Piece::Broken(stretch) => format!("!{}", stretch.len),
            Piece::Torn(stretch) => format!("~{}", stretch.len),
        });
        assert_eq!(said.collect::<Vec<_>>().join(" "), expected, "{bytes:?}");
    }

    #[test]
    fn the_checksum_is_crc_32c_of_length_and_body() {
        assert_eq!(crc32c::crc32c(b"123456789"), 0xe306_9283, "the check value of CRC-32C (Castagnoli)");
        let expected = crc32c::crc32c(b"\x02\x00\x00\x00\x01x").to_le_bytes();
        assert_eq!(frame(b"\x01x"), [&[2, 0, 0, 0], &expected[..], b"\x01x"].concat());
    }

    #[test]
    fn what_is_no_frame_is_passed_over_and_the_rest_is_found() {
        let (a, b, c) = (frame(b"\x01a"), frame(b"\x01b"), frame(b"\x03c"));
        check(&[], "");
        check(&[&a, &b, &c], "a b c");
        check(&[&a, b"?", &b, b"??", &c], "a !1 b !2 c");
        check(&[b"{\"a\":1}", &a], "!7 a");
        check(&[&a, &[0; 5000], &b], "a !5000 b");
        check(&[&a, &frame(b"\x04d"), &frame(b"\x00d"), &b], "a !20 b");
        check(&[&a, &b[..7], &c], "a !7 c");
        check(&[&a, &b[1..], &c], "a !9 c");
        check(&[&a, &a[..9], b"?"], "a !10");
    }

    #[test]
    fn the_end_is_torn_where_a_frame_is_incomplete_or_zeros_follow() {
        let (a, b) = (frame(b"\x01a"), frame(b"\x01a longer one"));
        for cut in 1..b.len() {
            check(&[&a, &b[..cut]], &format!("a ~{cut}"));
            check(&[&a, &b[..cut], &[0; 4000]], &format!("a ~{}", cut + 4000));
        }
        check(&[&a, &[0]], "a ~1");
        check(&[&[0; 4096]], "~4096");
    }
}
