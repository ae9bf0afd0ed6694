//! The founding flow under simulation: what its seeds draw, and the account of every event that is kept beside it.
//!
//! The servers, the clock and what holds of every flow are `foreshock::testing`'s, as users have them. Here is what holds of this
//! flow: `account`.

mod account;
mod options;

use std::time::Duration;

use foreshock::testing::{Dice, Simulation};
use foreshock::{Builder, Value};

use crate::founding::RoundRobin;

pub use options::Options;

/// How long servers misbehave, in virtual milliseconds.
const HOSTILE_MS: u64 = 200;
/// How long all is well behind that before the drain.
const STEADY_MS: u64 = 40;

/// The founding flow, with everything drawn.
pub fn founding() -> Simulation {
    let servers = |simulation: Simulation| simulation.server("ws0", 80).server("ws1", 80).server("ws2", 80);
    servers(Simulation::of(RoundRobin::builder))
        .hostile_for(Duration::from_millis(HOSTILE_MS))
        .steady_for(Duration::from_millis(STEADY_MS))
        .with_lies()
        .with_complaints()
        .vary(vary)
        .probe(account::Account::new)
}

/// Draws the settings.
fn vary(builder: &mut Builder, dice: &mut Dice) {
    let mut set = |path: &str, value: Value| {
        builder.set(path, value).expect("it is tunable, and the value legal");
    };
    set("onramp.metronome.interval", dice.one_of(&[1_u64, 2, 3, 5, 10]).into());
    set("flow.start_timeout", dice.one_of(&[1_u64, 10, 50, 200]).into());
    set("flow.breaker_after", dice.one_of(&[1_u64, 10, 100]).into());
    let log = "pipeline.roundrobin.in_memory_wal";
    set(&format!("{log}.read_count"), dice.one_of(&[1_u64, 2, 5, 20, 100]).into());
    set(&format!("{log}.max_elements"), dice.one_of(&[1_u64, 2, 3, 10, 50, 200, 1000, 1000]).into());
    set(&format!("{log}.max_bytes"), dice.magnitude(120, 1 << 20).into());
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
