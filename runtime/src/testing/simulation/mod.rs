//! A whole flow under simulated servers that misbehave, seed by seed, in virtual time.
//!
//! What users read of it is [`crate::simulation`]. A seed draws when servers listen and how they behave on each connection; it
//! seeds all randomness of the flow; time stands still while anybody has something to do. So a seed gives the same run each
//! time, bit for bit.
//!
//! - `scene`: one seed: servers, the flow, a quiet end, a drain. `watch`: a machine that is looked at after each step.
//! - `rules`: what holds of every flow. `tap`: what websocket sinks write.

mod crashes;
mod rules;
mod scene;
mod tap;
mod watch;

#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;
use std::time::Duration;

use foreshock_spec::Value;
use foreshock_spec::picture::Level;

use crate::program::{Builder, Summary};
use crate::testing::Dice;
use crate::testing::peers::{Mischief, Records};

pub use watch::{Answered, Ending, Frame, Node, Phase, Probe, Step, Written};

/// How long a flow is steady before it drains, in milliseconds.
const STEADY_MS: u64 = 1000;
/// What is added to the times of a flow until all that servers did must be over.
const MARGIN_MS: u64 = 50;

type Vary = dyn Fn(&mut Builder, &mut Dice) + Send + Sync;
type Check = dyn Fn(&Run) -> Result<(), String> + Send + Sync;
type MakeProbe = dyn Fn(&Builder) -> Box<dyn Probe> + Send + Sync;

/// A simulation of a flow; see [`crate::simulation`].
pub struct Simulation {
    make: Box<dyn Fn() -> Builder + Send + Sync>,
    seeds: Range<u64>,
    servers: Vec<(String, u16)>,
    hostile: Duration,
    steady: Duration,
    mischief: Mischief,
    vary: Box<Vary>,
    checks: Vec<Box<Check>>,
    probes: Vec<Box<MakeProbe>>,
    loses_nothing: bool,
    crashes: bool,
}

/// What one seed did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The seed.
    pub seed: u64,
    /// The flow's own numbers, after the drain.
    pub summary: Summary,
    /// What each server received.
    pub records: Records,
    /// How the runs before the last one ended: more than none only [with crashes](Simulation::with_crashes).
    pub endings: Vec<Ending>,
    /// The steps that the flow's instances made.
    pub steps: u64,
    /// A number that differs where anything that a server received or answered was another, or at another time.
    pub trace: u64,
}

impl Run {
    /// What a server has received on all its connections, in the order of time: the text of each message.
    ///
    /// # Panics
    /// No server of that name was named.
    pub fn received(&self, host: &str) -> Vec<&str> {
        self.records.received(host)
    }
}

/// A seed at which something was wrong.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The seed; with it alone, all that is told here happens again.
    pub seed: u64,
    /// What was wrong.
    pub what: String,
    /// What the seed has drawn and what the servers did, in words.
    pub scenario: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed {}: {}\n{}", self.seed, self.what, self.scenario)
    }
}

impl std::error::Error for Failure {}

impl Simulation {
    /// Of the flow whose builder `make` gives: `Simulation::of(MyFlow::builder)`.
    pub fn of(make: impl Fn() -> Builder + Send + Sync + 'static) -> Simulation {
        let builder = make();
        let promises = builder.program().picture.promises(|log| builder.settings().durability(log));
        Simulation {
            make: Box::new(make),
            seeds: 0..100,
            servers: Vec::new(),
            hostile: Duration::from_secs(30),
            steady: Duration::from_millis(STEADY_MS),
            mischief: Mischief::default(),
            vary: Box::new(|_, _| ()),
            checks: Vec::new(),
            probes: Vec::new(),
            crashes: false,
            loses_nothing: promises.iter().all(|promise| promise.level() > Level::BestEffort),
        }
    }

    /// The seeds that [`Simulation::run`] tries; 0 to 99 unless said otherwise.
    #[must_use]
    pub fn seeds(mut self, seeds: Range<u64>) -> Simulation {
        self.seeds = seeds;
        self
    }

    /// A websocket server that misbehaves until the quiet end.
    #[must_use]
    pub fn server(mut self, host: &str, port: u16) -> Simulation {
        self.servers.push((host.to_owned(), port));
        self
    }

    /// Lets servers lie too: they answer pings that they have not received. An event that a liar has "confirmed" may be lost, and
    /// nobody can help it.
    #[must_use]
    pub fn with_lies(mut self) -> Simulation {
        self.mischief.lies = true;
        self
    }

    /// Lets servers complain of what they were sent too, by closing with 1003, 1007 or 1009: such events are rejected, which
    /// means that they go to the offramp's `err`, or nowhere if that is not linked.
    #[must_use]
    pub fn with_complaints(mut self) -> Simulation {
        self.mischief.complains = true;
        self
    }

    /// Lets the machine crash too: the flow is killed, or its power fails, or it is drained, and it is started again on what is left
    /// of its disk; and while it runs, its disk is slow, full, read-only, failing, or gone for a while. What a log in memory holds is
    /// lost with each run.
    #[must_use]
    pub fn with_crashes(mut self) -> Simulation {
        self.crashes = true;
        self.loses_nothing = false;
        self
    }

    /// How long servers misbehave, in virtual time; 30 s unless said otherwise.
    #[must_use]
    pub fn hostile_for(mut self, time: Duration) -> Simulation {
        self.hostile = time;
        self
    }

    /// How long all must be well before the flow drains; a second unless said otherwise.
    #[must_use]
    pub fn steady_for(mut self, time: Duration) -> Simulation {
        self.steady = time;
        self
    }

    /// Draws settings of the flow: they are set on the builder that each seed begins with.
    #[must_use]
    pub fn vary(mut self, vary: impl Fn(&mut Builder, &mut Dice) + Send + Sync + 'static) -> Simulation {
        self.vary = Box::new(vary);
        self
    }

    /// What must hold at the end of a seed, beside what holds of every flow. An `Err` says what does not.
    #[must_use]
    pub fn check(mut self, check: impl Fn(&Run) -> Result<(), String> + Send + Sync + 'static) -> Simulation {
        self.checks.push(Box::new(check));
        self
    }

    /// Looks at each instance after each of its steps. A seed makes its own, given the flow as it is set.
    #[must_use]
    pub fn probe<P: Probe>(mut self, make: impl Fn(&Builder) -> P + Send + Sync + 'static) -> Simulation {
        self.probes.push(Box::new(move |builder| Box::new(make(builder))));
        self
    }

    /// Tries all seeds.
    ///
    /// # Panics
    /// Something was wrong with one: with the seed, what it was, and what the seed has drawn.
    pub fn run(&self) {
        for seed in self.seeds.clone() {
            if let Err(failure) = self.run_seed(seed) {
                panic!("{failure}");
            }
        }
    }

    /// Tries one seed, and tells only what was wrong, in less time.
    ///
    /// # Errors
    /// Something was wrong.
    pub fn try_seed(&self, seed: u64) -> Result<Run, String> {
        self.play(seed, false).0
    }

    /// Tries one seed.
    ///
    /// # Errors
    /// Something was wrong.
    pub fn run_seed(&self, seed: u64) -> Result<Run, Failure> {
        self.try_seed(seed).map_err(|what| {
            // Once more, to tell what happened: the same will.
            let (again, scenario) = self.play(seed, true);
            let differs = again.err().as_ref() != Some(&what);
            let note = if differs { "\n(it was another one when it was repeated)" } else { "" };
            Failure { seed, what: format!("{what}{note}"), scenario }
        })
    }
}

/// The longest time after which a flow has got over what its servers did, in milliseconds.
fn settles_after_ms(builder: &Builder, disk_was_ill: bool) -> u64 {
    let number = |path: &str, key: &str| match builder.setting(&format!("{path}.{key}")) {
        Ok(Value::Int(n)) => u64::try_from(n).unwrap_or(0),
        Ok(Value::Uint(n)) => n,
        _ => 0,
    };
    let sinks = builder.program().definitions.iter().filter(|definition| definition.row == "ws");
    let times = sinks.map(|sink| {
        // A connection that nobody answers is found out, the sink waits, an attempt fails, it waits once more.
        let keys = ["keepalive", "ack_timeout", "backoff_max", "connect_timeout", "backoff_max"];
        keys.iter().map(|key| number(sink.path, key)).sum::<u64>()
    });
    let disk = if disk_was_ill { crashes::DISK_SETTLES_MS } else { 0 };
    times.max().unwrap_or(0) + disk + MARGIN_MS
}
