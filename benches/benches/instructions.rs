//! Instructions of the founding flow in process, counted by callgrind: the same on each run, so that a rise is a rise. The generated
//! pipeline may take [`ALLOWED`] percent more than the stored [`BASELINE`]; beside it stands the yardstick, which is only told.
//! Not times: these are measured by the command of this package.
//!
//! `cargo bench -p foreshock-benches --bench instructions` needs valgrind and gungraun-runner (`.ci/run` installs both). After a
//! change that is meant, store what it prints, divided by [`EVENTS`]: the standard library of another Rust may count, too.

#![allow(
    missing_docs,
    unused_qualifications,
    reason = "the macros of the harness make items without any, and write paths out"
)]

use std::hint::black_box;

use foreshock_benches::in_process::by_hand;
use foreshock_benches::in_process::cases::{Case, Run};
use foreshock_benches::in_process::generated::Generated;
use foreshock_benches::in_process::outputs::Drops;
use foreshock_benches::yardstick::Yardstick;
use gungraun::{
    Callgrind, CallgrindMetrics, EventKind, FlamegraphConfig, LibraryBenchmarkConfig, library_benchmark,
    library_benchmark_group, main,
};

/// Events that are counted, after as many that warm up.
const EVENTS: u64 = 10_000;
/// Instructions of an event, in order; the other cases are at most two hundredths above it, and three below.
const BASELINE: u64 = 434;
/// Percent.
const ALLOWED: u64 = 5;

fn limited() -> LibraryBenchmarkConfig {
    let most = BASELINE * EVENTS * (100 + ALLOWED) / 100;
    let mut callgrind = Callgrind::default();
    callgrind
        .format([CallgrindMetrics::from(EventKind::Ir)])
        .hard_limits([(EventKind::Ir, most)])
        .flamegraph(FlamegraphConfig::default());
    let mut config = LibraryBenchmarkConfig::default();
    config.tool(callgrind);
    config
}

fn generated_in(case: Case) -> Run<Generated, Drops> {
    let mut run = Run::new(Generated::new(), case);
    run.make(EVENTS);
    run
}

fn by_hand_in(case: Case) -> Run<Yardstick, Drops> {
    let mut run = Run::new(by_hand::yardstick(), case);
    run.make(EVENTS);
    run
}

#[library_benchmark(config = limited())]
#[bench::in_order(args = (Case::InOrder), setup = generated_in)]
#[bench::out_of_order(args = (Case::OutOfOrder), setup = generated_in)]
#[bench::replays(args = (Case::Replays), setup = generated_in)]
#[bench::suspects(args = (Case::Suspects), setup = generated_in)]
#[bench::stuck(args = (Case::Stuck), setup = generated_in)]
fn generated(mut run: Run<Generated, Drops>) -> Run<Generated, Drops> {
    run.make(black_box(EVENTS));
    run
}

#[library_benchmark]
#[bench::in_order(args = (Case::InOrder), setup = by_hand_in)]
fn yardstick(mut run: Run<Yardstick, Drops>) -> Run<Yardstick, Drops> {
    run.make(black_box(EVENTS));
    run
}

library_benchmark_group!(name = founding_flow, benchmarks = [generated, yardstick]);
main!(library_benchmark_groups = founding_flow);
