//! Simulates the founding flow or its persistent twin, seed by seed, on all cores: `cargo run --release -p foreshock-tests --bin simulate -- --seeds
//! 100000`. Stops at the first seed at which something is wrong, and tells how to play it again. Exit code 0 only if none was.

use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use foreshock::testing::simulation::Failure;
use foreshock_tests::harness::complain;
use foreshock_tests::simulation::{self, Coverage, Options};

fn main() -> ExitCode {
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    match Options::parse(std::env::args().skip(1), cores) {
        Ok(options) if options.mutants => simulation::hunt(&options),
        Ok(options) => simulate(&options),
        Err(text) => complain("simulate", &text),
    }
}

fn simulate(options: &Options) -> ExitCode {
    let coverage = Arc::new(Coverage::default());
    let simulation = options.flow.covering(&coverage);
    let next = AtomicU64::new(options.from);
    let end = options.from.saturating_add(options.seeds);
    let failed: Mutex<Option<Failure>> = Mutex::new(None);
    let steps = AtomicU64::new(0);
    let started = Instant::now();
    let work = || {
        while let Some(seed) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|seed| *seed < end) {
            match simulation.run_seed(seed) {
                Ok(run) => steps.fetch_add(run.steps, Ordering::Relaxed),
                Err(failure) => {
                    next.store(end, Ordering::Relaxed);
                    let mut failed = failed.lock().expect("nobody panics while holding it");
                    if failed.as_ref().is_none_or(|first| first.seed > failure.seed) {
                        *failed = Some(failure);
                    }
                    return;
                }
            };
        }
    };
    thread::scope(|scope| {
        for _ in 0..options.jobs.max(1) {
            scope.spawn(work);
        }
    });
    let mut stdout = std::io::stdout();
    if let Some(failure) = failed.into_inner().expect("nobody panics while holding it") {
        let _ = writeln!(stdout, "{failure}\nagain: --seeds 1 --from {}", failure.seed);
        return ExitCode::FAILURE;
    }
    let seconds = started.elapsed().as_secs_f64();
    let steps = steps.into_inner();
    let _ = writeln!(
        stdout,
        "In so many of them:\n{coverage}{} seeds from {} are good: {seconds:.1} s, {:.0} seeds per second, {} steps per seed",
        options.seeds,
        options.from,
        options.seeds as f64 / seconds,
        steps / options.seeds.max(1)
    );
    ExitCode::SUCCESS
}
