//! The simulated world, with a count of the steps that flows in it make: each step of a machine asks once for the system's clock.

use std::ffi::OsString;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use foreshock::core::{Endpoint, Time};
use foreshock::testing::sim::{Sim, SimDirectory, SimStream};
use foreshock::world::World;

/// Clones count together.
#[derive(Clone)]
pub(super) struct Counting {
    sim: Sim,
    steps: Arc<AtomicU64>,
}

impl Counting {
    pub(super) fn new(sim: &Sim) -> Counting {
        Counting { sim: sim.clone(), steps: Arc::default() }
    }

    pub(super) fn steps(&self) -> u64 {
        self.steps.load(Ordering::Relaxed)
    }
}

impl World for Counting {
    type Stream = SimStream;
    type Directory = SimDirectory;

    async fn connect(&self, endpoint: &Endpoint, within: Duration) -> io::Result<SimStream> {
        self.sim.connect(endpoint, within).await
    }

    fn directory(&self, path: &str) -> SimDirectory {
        self.sim.directory(path)
    }

    fn now(&self) -> Time {
        self.sim.now()
    }

    fn unix_ns(&self) -> u64 {
        self.steps.fetch_add(1, Ordering::Relaxed);
        self.sim.unix_ns()
    }

    async fn sleep_until(&self, at: Time) {
        World::sleep_until(&self.sim, at).await;
    }

    fn hostname(&self) -> io::Result<String> {
        self.sim.hostname()
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        self.sim.variable(name)
    }

    fn seed(&self) -> [u8; 32] {
        self.sim.seed()
    }
}
