//! Runs a model with one seed after the other. A seed that fails prints itself, and `FORESHOCK_SEED` repeats it alone.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What was seen with each of so many seeds; nothing is to be made of a single one.
pub(in super::super) fn run_seeds<S>(seeds: u64, run: impl Fn(u64) -> S) -> Option<Vec<S>> {
    if let Ok(seed) = std::env::var("FORESHOCK_SEED") {
        run(seed.parse().expect("FORESHOCK_SEED is a number"));
        return None;
    }
    let run = |seed| {
        catch_unwind(AssertUnwindSafe(|| run(seed))).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            panic!("FORESHOCK_SEED={seed}: {}", text.or(panic.downcast_ref().copied()).unwrap_or("panicked"))
        })
    };
    Some((0..seeds).map(run).collect())
}
