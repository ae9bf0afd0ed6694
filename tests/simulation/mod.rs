//! The founding flow and its persistent twin under simulation: what their seeds draw, and the account of every event that is kept
//! beside them.
//!
//! The servers, the clock and what holds of every flow are `foreshock::testing`'s, as users have them. Here is what holds of
//! these flows: `account`, and over several runs `ledger`. `mutants`: seeded bugs that must be found.

mod account;
mod coverage;
mod hunt;
mod ledger;
mod mutants;
mod options;
mod twin;

use std::sync::Arc;
use std::time::Duration;

use foreshock::testing::{Dice, Simulation};
use foreshock::{Builder, Value};

use crate::founding::RoundRobin;
use account::Account;
use ledger::Ledger;
use twin::Twin;

pub use coverage::Coverage;
pub use hunt::hunt;
pub use mutants::{MUTANTS, Mutant};
pub use options::Options;

/// How long servers misbehave, in virtual milliseconds.
const HOSTILE_MS: u64 = 200;
/// The same where runs follow each other.
const HOSTILE_WITH_CRASHES_MS: u64 = 500;
/// How long all is well behind that before the drain.
const STEADY_MS: u64 = 40;

/// Which of the flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// The founding flow.
    Founding,
    /// The same with its log on disk.
    Persistent,
}

impl Flow {
    /// Its simulation.
    pub fn simulation(self) -> Simulation {
        self.covering(&Arc::default())
    }

    /// The same, with notes of what its seeds have reached.
    pub fn covering(self, coverage: &Arc<Coverage>) -> Simulation {
        match self {
            Flow::Founding => founding(coverage),
            Flow::Persistent => persistent(coverage),
        }
    }
}

/// The founding flow, with everything drawn.
fn founding(coverage: &Arc<Coverage>) -> Simulation {
    let coverage = Arc::clone(coverage);
    let log = "pipeline.roundrobin.in_memory_wal";
    common(Simulation::of(RoundRobin::builder))
        .hostile_for(Duration::from_millis(HOSTILE_MS))
        .vary(move |builder, dice| {
            let max_bytes = dice.magnitude(120, 1 << 20);
            vary(builder, dice, log, max_bytes);
        })
        .probe(move |builder| Account::new(builder, log, None, Arc::clone(&coverage)))
}

/// Its twin with the log on disk, on a machine that crashes.
fn persistent(coverage: &Arc<Coverage>) -> Simulation {
    let coverage = Arc::clone(coverage);
    let log = "pipeline.roundrobin.on_disk_wal";
    common(Simulation::of(Twin::builder))
        .hostile_for(Duration::from_millis(HOSTILE_WITH_CRASHES_MS))
        .with_crashes()
        .vary(move |builder, dice| {
            let max_bytes = if dice.chance(75) {
                dice.between(16 << 10, 24 << 10)
            } else {
                dice.magnitude(16 << 10, 256 << 10)
            };
            vary(builder, dice, log, max_bytes);
            let mut set = |path: &str, value: Value| {
                builder.set(path, value).expect("it is tunable, and the value legal");
            };
            let sync = dice.one_of(&["batch", "batch", "batch", "always", "interval"]);
            set(&format!("{log}.sync"), sync.into());
            if sync == "interval" {
                set(&format!("{log}.sync_interval"), dice.magnitude(1, 255).into());
            }
            // Many events, so that segments come and go.
            set("onramp.metronome.interval", dice.one_of(&[1_u64, 1, 1, 2, 5]).into());
            // A small log on a disk that takes its time has no room for moments.
            set("flow.breaker_after", dice.one_of(&[100_u64, 200]).into());
            set("flow.drain_timeout", dice.between(200, 300).into());
        })
        .probe(move |builder| {
            let is_durable = builder.setting(&format!("{log}.sync")) != Ok(Value::from("interval"));
            Account::new(builder, log, Some(Ledger::new(is_durable)), Arc::clone(&coverage))
        })
}

fn common(simulation: Simulation) -> Simulation {
    let simulation = simulation.server("ws0", 80).server("ws1", 80).server("ws2", 80);
    simulation.steady_for(Duration::from_millis(STEADY_MS)).with_lies().with_complaints()
}

/// Draws the settings.
fn vary(builder: &mut Builder, dice: &mut Dice, log: &str, max_bytes: u64) {
    let mut set = |path: &str, value: Value| {
        builder.set(path, value).expect("it is tunable, and the value legal");
    };
    set("onramp.metronome.interval", dice.one_of(&[1_u64, 2, 3, 5, 10]).into());
    set("flow.start_timeout", dice.one_of(&[1_u64, 10, 50, 200]).into());
    set("flow.breaker_after", dice.one_of(&[1_u64, 10, 100]).into());
    set(&format!("{log}.read_count"), dice.one_of(&[1_u64, 2, 5, 20, 100]).into());
    set(&format!("{log}.max_elements"), dice.one_of(&[1_u64, 2, 3, 10, 50, 200, 1000, 1000, 1000]).into());
    set(&format!("{log}.max_bytes"), max_bytes.into());
    for server in ["ws0", "ws1", "ws2"] {
        let mut set = |key: &str, value: Value| set(&format!("offramp.{server}.{key}"), value);
        set("url", format!("ws://{server}/").as_str().into());
        set("connect_timeout", dice.magnitude(8, 31).into());
        set("backoff_min", dice.magnitude(1, 31).into());
        set("backoff_max", dice.magnitude(1, 31).into());
        set("ack_timeout", dice.magnitude(4, 63).into());
        set("keepalive", dice.magnitude(2, 63).into());
        set("window_events", dice.one_of(&[1_u64, 2, 3, 10, 32, 64, 100, 256]).into());
        set("window_bytes", dice.magnitude(100, 1 << 20).into());
    }
}
