//! The checksums of frames: CRC-32C of the four bytes of a length and a body. Which bytes may be a frame is not here.
//!
//! Behind a broken frame every byte is tried as the begin of the next one, and each may claim a long body. To go through
//! all of these would take, of a file that somebody made for that, the square of its length. So once as many bytes as the file
//! has were gone through in vain, checksums of long bodies are made of those of what lies before their begin and before their
//! end, which takes the same short time for any length. Nothing is passed over by that.

use super::frame::FRAME_HEAD;
use crate::mutants::mutant;

/// Checksums from the begin of a file are kept for every so many bytes.
const STEP: usize = 256;

/// Of a length and a body.
fn checksum(len: [u8; 4], body: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&len), body)
}

/// Checks frames of one file.
pub(super) struct Checksums<'a> {
    bytes: &'a [u8],
    /// So many bytes belonged to no frame.
    in_vain: usize,
    /// Of all that lies before each step, as far as it was needed.
    steps: Vec<u32>,
}

impl<'a> Checksums<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Checksums<'a> {
        Checksums { bytes, in_vain: 0, steps: vec![0] }
    }

    /// Whether the frame that begins at `at`, with a body of so many bytes, which are there, has the checksum that it says.
    pub(super) fn is_right(&mut self, at: usize, len: usize) -> bool {
        let begin = at + FRAME_HEAD;
        let Some((len_bytes, told)) = self.bytes[at..begin].split_first_chunk::<4>() else { return false };
        let sum = if len <= STEP || self.in_vain <= self.bytes.len() {
            checksum(*len_bytes, &self.bytes[begin..begin + len])
        } else {
            let before = crc32c::crc32c(len_bytes) ^ self.until(begin);
            behind(before, len) ^ self.until(begin + len)
        };
        let is_right = told == sum.to_le_bytes() || mutant!("checksum_ignored");
        if !is_right {
            self.in_vain = self.in_vain.saturating_add(len);
        }
        is_right
    }

    /// Of all that lies before this place.
    fn until(&mut self, place: usize) -> u32 {
        for step in self.steps.len()..=place / STEP {
            let last = self.steps[step - 1];
            self.steps.push(crc32c::crc32c_append(last, &self.bytes[(step - 1) * STEP..step * STEP]));
        }
        let step = place / STEP;
        crc32c::crc32c_append(self.steps[step], &self.bytes[step * STEP..place])
    }
}

// A checksum is a polynomial over the two numbers 0 and 1, modulo that of CRC-32C: the highest bit is the constant. Bytes that
// follow multiply what came before by x^8 each, and add their own checksum: so checksums of parts make those of the whole. The
// library that makes checksums joins them too, but builds its tables for each call: a crafted file has millions of them.

/// The polynomial of CRC-32C, without x^32.
const POLYNOMIAL: u32 = 0x82f6_3b78;

/// x^8, x^16, x^32 and so on, each the square of the one before: one for each bit of a length.
const POWERS: [u32; 32] = {
    let mut powers = [1 << 23; 32];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = product(powers[at - 1], powers[at - 1]);
        at += 1;
    }
    powers
};

const fn product(a: u32, mut b: u32) -> u32 {
    let (mut sum, mut bit) = (0, 1 << 31);
    while bit != 0 {
        if a & bit != 0 {
            sum ^= b;
        }
        b = if b & 1 == 0 { b >> 1 } else { (b >> 1) ^ POLYNOMIAL };
        bit >>= 1;
    }
    sum
}

/// What a checksum becomes when so many bytes follow.
fn behind(sum: u32, len: usize) -> u32 {
    let bits = POWERS.iter().enumerate().filter(|(bit, _)| len >> bit & 1 == 1);
    bits.fold(sum, |sum, (_, power)| product(sum, *power))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_of_parts_is_what_is_made_at_once() {
        let bytes: Vec<u8> = (0..5000_u32).map(|n| ((n * n) >> 3) as u8).collect();
        let mut sums = Checksums::new(&bytes);
        for (begin, len) in
            [(0, 0), (0, 1), (1, 0), (8, 255), (255, 257), (9, 4991), (4096, 904), (777, 3001)]
        {
            let part = behind(sums.until(begin), len) ^ sums.until(begin + len);
            assert_eq!(part, crc32c::crc32c(&bytes[begin..begin + len]), "{len} bytes from {begin}");
        }
    }

    #[test]
    fn a_frame_is_known_before_and_after_much_was_tried_in_vain() {
        for len in [0_u32, 1, 255, 256, 257, 3000] {
            let body = vec![7; len as usize];
            let sum = checksum(len.to_le_bytes(), &body).to_le_bytes();
            let bytes = [&b"before"[..], &len.to_le_bytes(), &sum, &body, b"behind"].concat();
            for in_vain in [0, usize::MAX / 2] {
                let mut sums = Checksums { in_vain, ..Checksums::new(&bytes) };
                assert!(sums.is_right(6, len as usize), "{len} bytes, {in_vain} in vain");
                assert!(!sums.is_right(5, len as usize), "{len} bytes, {in_vain} in vain");
            }
        }
    }
}
