//! Lets the simulation look for each seeded bug, and tells how many seeds that took. Only a build with the bugs in it can.

/// How to get that build.
#[cfg(not(foreshock_mutants))]
const HOW: &str = "this build has no seeded bugs in it. One that has, in a place of its own:\n  \
    RUSTFLAGS=\"--cfg foreshock_mutants\" cargo run --release -p foreshock-tests --bin simulate --target-dir target/mutants -- --mutants";

/// Without the bugs in it, says how to build with them.
#[cfg(not(foreshock_mutants))]
pub fn hunt(_options: &super::Options) -> std::process::ExitCode {
    crate::harness::complain("simulate", HOW)
}

#[cfg(foreshock_mutants)]
pub use with_mutants::hunt;

#[cfg(foreshock_mutants)]
mod with_mutants {
    use std::io::Write;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::process::ExitCode;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use foreshock::mutants::choose;

    use super::super::{Flow, MUTANTS, Mutant, Options};

    /// Looks for every bug; prints a line for each.
    pub fn hunt(options: &Options) -> ExitCode {
        // Some bugs make it panic, which is found as everything else.
        std::panic::set_hook(Box::new(|_| ()));
        let is_wanted =
            |mutant: &&Mutant| options.only.as_ref().is_none_or(|part| mutant.name.contains(part.as_str()));
        let wanted: Vec<&Mutant> = MUTANTS.iter().filter(is_wanted).collect();
        let (next, missed) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = || {
            while let Some(mutant) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
                let bound = options.within.unwrap_or(mutant.bound);
                let found = find(mutant, bound);
                missed.fetch_add(usize::from(found.is_none()), Ordering::Relaxed);
                let flow = if mutant.flow == Flow::Founding { "founding" } else { "persistent" };
                let seeds = found.as_ref().map_or("NOT FOUND".to_owned(), |(seeds, _)| seeds.to_string());
                let by = found.map_or(String::new(), |(_, what)| what);
                let Mutant { name, bug, .. } = mutant;
                let _ = writeln!(
                    std::io::stdout(),
                    "{name:32} {flow:10} {seeds:>9} of at most {bound:<4} {bug}\n{:43}by: {by}",
                    ""
                );
            }
        };
        thread::scope(|scope| {
            for _ in 0..options.jobs.max(1) {
                scope.spawn(work);
            }
        });
        let (all, missed) = (wanted.len(), missed.into_inner());
        let _ = writeln!(std::io::stdout(), "{} of {all} seeded bugs are found", all - missed);
        if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// How many seeds it took, and what was found first.
    fn find(mutant: &Mutant, bound: u64) -> Option<(u64, String)> {
        let simulation = mutant.flow.simulation();
        choose(Some(mutant.name));
        let found = (0..bound).find_map(|seed| {
            let what = match catch_unwind(AssertUnwindSafe(|| simulation.try_seed(seed))) {
                Ok(Ok(_)) => return None,
                Ok(Err(what)) => what,
                Err(_) => "it panics".to_owned(),
            };
            let first = what.lines().next().unwrap_or_default();
            Some((seed + 1, first.chars().take(110).collect()))
        });
        choose(None);
        found
    }
}
