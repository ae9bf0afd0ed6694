//! Waiting for a condition, with a deadline.

use std::time::{Duration, Instant};

/// How long a test waits for what should happen soon: generous, for a loaded machine. It costs time only when a test
/// fails.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Time between two looks.
const INTERVAL: Duration = Duration::from_millis(5);

/// Looks again and again until `look` gives something.
///
/// # Panics
/// When [`PATIENCE`] has run out: says what was awaited, and what `look` said last.
#[track_caller]
pub fn until<T>(what: &str, mut look: impl FnMut() -> Result<T, String>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match look() {
            Ok(found) => return found,
            Err(state) if Instant::now() >= deadline => panic!("awaited in vain: {what}; last seen: {state}"),
            Err(_) => std::thread::sleep(INTERVAL),
        }
    }
}
