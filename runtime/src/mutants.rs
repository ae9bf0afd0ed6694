//! Seeded bugs, to test the tests: `mutant!("name")` stands at a real place for a mistake that somebody could make there, and is
//! the constant `false` in every build but one with `--cfg foreshock_mutants`. Which ones there are, what each does, and within how many
//! seeds the simulation must find it, is told in `tests/simulation/mutants.rs`.

/// Whether the seeded bug of this name is switched on, in this thread.
#[cfg(foreshock_mutants)]
macro_rules! mutant {
    ($name:literal) => {
        $crate::mutants::is_chosen($name)
    };
}

/// Whether the seeded bug of this name is switched on: never.
#[cfg(not(foreshock_mutants))]
macro_rules! mutant {
    ($name:literal) => {
        false
    };
}

pub(crate) use mutant;

#[cfg(foreshock_mutants)]
pub use chosen::{choose, is_chosen};

#[cfg(foreshock_mutants)]
mod chosen {
    use std::cell::Cell;

    thread_local! {
        static CHOSEN: Cell<Option<&'static str>> = const { Cell::new(None) };
    }

    /// From now on this seeded bug is switched on in this thread, and no other one.
    pub fn choose(name: Option<&'static str>) {
        CHOSEN.set(name);
    }

    /// Whether it is switched on in this thread.
    #[inline]
    pub fn is_chosen(name: &str) -> bool {
        CHOSEN.get().is_some_and(|chosen| chosen == name)
    }
}
