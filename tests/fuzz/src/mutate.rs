//! Inputs made of others, by seed: what a fuzzer does, without its knowledge of what an input has reached.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::Target;

/// An input of a target, made of those of its corpus.
pub fn mutated(target: &Target, corpus: &[Vec<u8>], seed: u64) -> Vec<u8> {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut input = corpus[dice.random_range(0..corpus.len())].clone();
    for _ in 0..dice.random_range(1..=6) {
        change(&mut input, target, corpus, &mut dice);
        input.truncate(target.longest);
    }
    input
}

fn change(input: &mut Vec<u8>, target: &Target, corpus: &[Vec<u8>], dice: &mut StdRng) {
    let at = dice.random_range(0..=input.len());
    let until = (at + dice.random_range(0..=32)).min(input.len());
    match dice.random_range(0..8) {
        0 if at < input.len() => input[at] ^= 1 << dice.random_range(0..8),
        1 if at < input.len() => input[at] = [0, 1, 0x7f, 0x80, 0xff, b'\n', b'0'][dice.random_range(0..7)],
        2 => drop(input.drain(at..until)),
        3 => {
            // Often enough that what grows with the square of a length is seen.
            let times = if dice.random_range(0..20) == 0 { target.longest } else { dice.random_range(1..4) };
            let piece = input[at..until].to_vec();
            let times = times.min(target.longest / piece.len().max(1));
            input.splice(at..at, piece.repeat(times));
        }
        4 | 5 => {
            let word = target.words[dice.random_range(0..target.words.len())];
            input.splice(at..if dice.random_range(0..3) == 0 { until } else { at }, word.iter().copied());
        }
        6 => {
            let other = &corpus[dice.random_range(0..corpus.len())];
            let from = dice.random_range(0..=other.len());
            let to = (from + dice.random_range(0..=200)).min(other.len());
            input.splice(at..until, other[from..to].iter().copied());
        }
        _ => input.truncate(at.max(1)),
    }
}
