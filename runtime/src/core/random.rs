//! Randomness for the core: a strong generator, seeded through the seam, so that a simulation repeats exactly.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// A cryptographically strong generator (websocket masks must be unpredictable, RFC 6455 section 5.3).
#[derive(Debug)]
pub struct Random(StdRng);

impl Random {
    /// A generator that gives the same sequence for the same seed.
    pub fn from_seed(seed: [u8; 32]) -> Random {
        Random(StdRng::from_seed(seed))
    }

    /// An independent generator, seeded from this one.
    pub fn fork(&mut self) -> Random {
        let mut seed = [0; 32];
        self.0.fill_bytes(&mut seed);
        Random::from_seed(seed)
    }

    /// Fills `bytes`.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }

    /// A uniformly distributed number.
    pub fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number in `0..=most` (the modulo's bias is at most `most / 2^64`).
    pub fn up_to(&mut self, most: u64) -> u64 {
        match most.checked_add(1) {
            Some(n) => self.next_u64() % n,
            None => self.next_u64(),
        }
    }
}
