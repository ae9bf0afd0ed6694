//! The three confirming sinks that both sides have behind their ports: they hold the names of unconfirmed deliveries, and
//! drop the bytes. When they confirm is the case's business.

use std::collections::VecDeque;
use std::hint::black_box;

/// Sinks.
pub const SINKS: usize = 3;
/// Unconfirmed events that one holds at most.
const CAPACITY: usize = 1024;

/// What a sink does with the bytes.
pub trait Eye {
    /// An event came to this sink.
    fn see(&mut self, sink: usize, payload: &[u8]);
}

/// Drops them, but not so that the compiler could leave out what made them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Drops;

impl Eye for Drops {
    #[inline]
    fn see(&mut self, _sink: usize, payload: &[u8]) {
        black_box(payload);
    }
}

/// Keeps them, for tests.
#[derive(Clone, Debug, Default)]
pub struct Keeps(pub Vec<(usize, String)>);

impl Eye for Keeps {
    fn see(&mut self, sink: usize, payload: &[u8]) {
        self.0.push((sink, String::from_utf8_lossy(payload).into_owned()));
    }
}

/// The sinks; `I` names deliveries.
#[derive(Debug)]
pub struct Outputs<I, E> {
    unconfirmed: [VecDeque<I>; SINKS],
    /// What became of the bytes.
    pub eye: E,
}

impl<I: Copy, E: Eye + Default> Outputs<I, E> {
    /// Sinks that hold nothing.
    pub fn new() -> Outputs<I, E> {
        Outputs { unconfirmed: std::array::from_fn(|_| VecDeque::with_capacity(CAPACITY)), eye: E::default() }
    }

    /// How many events one would take.
    #[inline]
    pub fn room(&self, sink: usize) -> usize {
        CAPACITY - self.unconfirmed[sink].len()
    }

    /// Gives it one.
    #[inline]
    pub fn take(&mut self, sink: usize, id: I, payload: &[u8]) {
        self.eye.see(sink, payload);
        self.unconfirmed[sink].push_back(id);
    }

    /// How many deliveries one has not confirmed.
    #[inline]
    pub fn unconfirmed(&self, sink: usize) -> usize {
        self.unconfirmed[sink].len()
    }

    /// The oldest of these, to be answered now.
    #[inline]
    pub fn next(&mut self, sink: usize) -> Option<I> {
        self.unconfirmed[sink].pop_front()
    }
}

impl<I: Copy, E: Eye + Default> Default for Outputs<I, E> {
    fn default() -> Self {
        Outputs::new()
    }
}
