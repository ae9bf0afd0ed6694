//! What the driver and one I/O task share: buffers that are swapped, under a lock that is held for the swap only.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::Notify;

/// One connection's meeting place.
#[derive(Debug)]
pub(super) struct Cell {
    shared: Mutex<Shared>,
    /// The I/O side has changed something since the driver last looked.
    news: AtomicBool,
    /// Wakes the I/O task.
    pub(super) to_io: Notify,
    /// Wakes the driver; one for all of its cells.
    to_driver: Arc<Notify>,
}

/// What the lock guards.
#[derive(Debug)]
pub(super) struct Shared {
    /// From the driver; the I/O task takes all of it, and leaves an empty buffer with its memory.
    pub(super) outgoing: Vec<u8>,
    /// No more will follow behind `outgoing`: shut the stream down when it is written.
    pub(super) finish: bool,
    /// From the peer; the driver takes all of it.
    pub(super) incoming: Vec<u8>,
    /// How many bytes the machine has not consumed of what the driver took.
    pub(super) held: usize,
    /// The I/O task does not read, because the limit of what may wait was met.
    pub(super) starved: bool,
    /// How many bytes the stream has taken.
    pub(super) written: u64,
    /// The peer has sent all that it had.
    pub(super) at_end: bool,
    /// After `finish`: everything is written, and the stream shut down.
    pub(super) shut: bool,
    /// How far the connection is.
    pub(super) stage: Stage,
}

/// How far a connection is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Connecting,
    Open,
    Ended(String),
}

impl Cell {
    pub(super) fn new(to_driver: Arc<Notify>) -> Cell {
        let shared = Shared {
            outgoing: Vec::new(),
            finish: false,
            incoming: Vec::new(),
            held: 0,
            starved: false,
            written: 0,
            at_end: false,
            shut: false,
            stage: Stage::Connecting,
        };
        Cell { shared: Mutex::new(shared), news: AtomicBool::new(false), to_io: Notify::new(), to_driver }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().expect("nobody panics while swapping buffers")
    }

    /// The I/O side has changed something: the driver will look. Called without the lock.
    pub(super) fn tell_driver(&self) {
        self.news.store(true, Ordering::Release);
        self.to_driver.notify_one();
    }

    /// Whether the I/O side has changed something since the last call.
    pub(super) fn take_news(&self) -> bool {
        self.news.swap(false, Ordering::Acquire)
    }
}
