//! Chance, from a seed: what a simulation draws its scenario with. The generator itself is the core's.

use crate::core::Random;

/// Draws from a seed: the same seed gives the same draws.
#[derive(Debug)]
pub struct Dice(Random);

impl Dice {
    /// Dice for a seed.
    pub fn new(seed: u64) -> Dice {
        let mut bytes = [0x5a; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Dice(Random::from_seed(bytes))
    }

    /// Others, whose draws do not depend on how often these are used from now on.
    pub fn fork(&mut self) -> Dice {
        Dice(self.0.fork())
    }

    /// A number from `least` to `most`, both included; `least` if that is the greater one.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.0.up_to(most.saturating_sub(least))
    }

    /// `true` so many times in a hundred.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.0.up_to(99) < percent
    }

    /// One of several.
    ///
    /// # Panics
    /// There is none.
    pub fn one_of<T: Clone>(&mut self, all: &[T]) -> T {
        let last = all.len().checked_sub(1).expect("there is something to choose from");
        let at = self.0.up_to(last as u64);
        all[usize::try_from(at).expect("an index of a slice")].clone()
    }

    /// A number from `least` to `most`, both included, small ones as likely as large ones: each doubling has the same chance.
    pub fn magnitude(&mut self, least: u64, most: u64) -> u64 {
        let (low, high) = (least.max(1).ilog2(), most.max(1).ilog2());
        let bits = self.between(u64::from(low), u64::from(high));
        let from = 1_u64 << bits;
        self.between(from.max(least), (from.saturating_mul(2) - 1).min(most))
    }

    /// Fills `bytes`.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same() {
        let draws = |seed| {
            let mut dice = Dice::new(seed);
            (0..100).map(|_| dice.between(3, 1000)).collect::<Vec<_>>()
        };
        assert_eq!(draws(1), draws(1));
        assert_ne!(draws(1), draws(2));
    }

    #[test]
    fn draws_keep_their_bounds_and_reach_them() {
        let mut dice = Dice::new(3);
        let all: Vec<u64> = (0..1000).map(|_| dice.between(3, 7)).collect();
        assert_eq!((all.iter().min(), all.iter().max()), (Some(&3), Some(&7)));
        let all: Vec<u64> = (0..3000).map(|_| dice.magnitude(3, 600)).collect();
        assert!(all.iter().all(|n| (3..=600).contains(n)), "{all:?}");
        assert!(all.iter().filter(|n| **n < 10).count() > 200, "small ones are as likely");
        assert!(all.iter().filter(|n| **n >= 256).count() > 200, "as large ones");
        assert_eq!((0..100).filter(|_| dice.chance(0)).count(), 0);
        assert_eq!((0..100).filter(|_| dice.chance(100)).count(), 100);
    }
}
