//! Chaos: servers are killed and frozen at random, seeded moments while the founding flow runs; in the end every event
//! is accounted for. The seed fixes who is struck, when and for how long, not how the processes are scheduled: the same
//! seed makes the same trouble, not the same run.

mod options;

use std::fmt;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

pub use options::Options;

use crate::harness::account::Tally;
use crate::harness::{Directory, Flow, Program, Server, quick, until};

/// Most frames that the sink sends without a confirmation (`window_events`): a strike repeats at most so many.
const WINDOW: u64 = 256;
/// Time between two looks at the clock.
const TICK: Duration = Duration::from_millis(2);

/// The three programs in one file: what is run depends on the name it is called by.
#[derive(Clone, Debug)]
pub struct Cast {
    /// The recording receiver.
    pub recorder: Program,
    /// The founding flow.
    pub flow: Program,
}

/// How a run went.
#[derive(Clone, Debug)]
pub struct Report {
    seed: u64,
    kills: u64,
    freezes: u64,
    took: Duration,
    made: u64,
    /// The first of the lost ids.
    lost: Vec<u64>,
    repeated: u64,
    code: i32,
    resident_kib: Option<(u64, u64)>,
}

impl Report {
    /// Nothing lost, no more repeated than the send windows allow, and a flow that drained.
    pub fn is_good(&self) -> bool {
        self.lost.is_empty() && self.code == 0 && self.repeated <= (self.kills + self.freezes) * WINDOW
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { seed, kills, freezes, made, repeated, code, .. } = self;
        write!(
            f,
            "seed {seed}: {kills} kills, {freezes} freezes, {made} events in {} s: ",
            self.took.as_secs()
        )?;
        match self.lost.as_slice() {
            [] => write!(f, "lost 0")?,
            lost => write!(f, "LOST {lost:?} …")?,
        }
        write!(f, ", repeated {repeated}, exit code {code}")?;
        if let Some((first, last)) = self.resident_kib {
            write!(f, ", resident {first} KiB after the first strike, {last} KiB at the end")?;
        }
        Ok(())
    }
}

/// What a server is going through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Well,
    Dead { until: Instant },
    Frozen { until: Instant },
}

/// Runs it.
///
/// # Panics
/// If a process does not start, or what must happen does not happen for a minute: the seed has been printed by then.
pub fn run(options: &Options, cast: &Cast) -> Report {
    let mut random = StdRng::seed_from_u64(options.seed);
    let directory = Directory::new("chaos");
    let mut servers = ["ws0", "ws1", "ws2"]
        .map(|name| Server::new(&cast.recorder, &directory, name, ""))
        .into_iter()
        .collect::<Vec<_>>();
    servers.iter_mut().for_each(Server::start);
    let mut arguments = quick(&servers, options.interval_ms);
    arguments.extend(["--log", "info", "--summary", "json"].map(str::to_owned));
    let mut flow = Flow::start(&cast.flow, &directory, &arguments);
    await_each(&mut servers);

    let begin = Instant::now();
    let (kills, freezes, first_kib) = strike(options.kills, &mut random, &mut servers, &mut flow);
    await_each(&mut servers);
    let last_kib = flow.process().resident_kib();
    let outcome = flow.drain();

    let made = outcome.summary().count("onramp.metronome", "taken");
    let tally = Tally::of(&mut servers);
    Report {
        seed: options.seed,
        kills,
        freezes,
        took: begin.elapsed(),
        made,
        lost: tally.missing(made.max(tally.end())),
        repeated: tally.repeats(),
        code: outcome.code,
        resident_kib: first_kib.zip(last_kib),
    }
}

/// Strikes `times` times, and lets all servers recover. Several may be down at once. Gives the numbers of kills and of
/// freezes, and the flow's memory after the first.
fn strike(
    times: u64,
    random: &mut StdRng,
    servers: &mut [Server],
    flow: &mut Flow,
) -> (u64, u64, Option<u64>) {
    let mut states = vec![State::Well; servers.len()];
    let (mut kills, mut freezes, mut resident) = (0, 0, None);
    let mut next = Instant::now();
    while kills + freezes < times || states.iter().any(|state| *state != State::Well) {
        std::thread::sleep(TICK);
        let now = Instant::now();
        recover(now, &mut states, servers);
        if now < next || kills + freezes == times {
            continue;
        }
        // All is drawn whatever the states are, so that a seed means the same moments in every run.
        let victim = random.random_range(0..servers.len());
        let until = now + Duration::from_millis(random.random_range(0..900));
        let is_kill = random.random_bool(0.6);
        next = now + Duration::from_millis(random.random_range(0..250));
        match states[victim] {
            State::Dead { .. } => continue,
            State::Frozen { .. } if !is_kill => continue,
            State::Well | State::Frozen { .. } if is_kill => {
                servers[victim].kill();
                states[victim] = State::Dead { until };
                kills += 1;
            }
            State::Well | State::Frozen { .. } => {
                servers[victim].freeze();
                states[victim] = State::Frozen { until };
                freezes += 1;
            }
        }
        resident = resident.or_else(|| flow.process().resident_kib());
    }
    (kills, freezes, resident)
}

/// Brings back those whose time has come.
fn recover(now: Instant, states: &mut [State], servers: &mut [Server]) {
    for (state, server) in states.iter_mut().zip(servers) {
        match *state {
            State::Dead { until } if now >= until => server.start(),
            State::Frozen { until } if now >= until => server.thaw(),
            _ => continue,
        }
        *state = State::Well;
    }
}

/// Waits until each server has got something new.
fn await_each(servers: &mut [Server]) {
    for server in servers {
        let before = server.ids().len();
        until(&format!("an event at {}", server.url()), || {
            if server.ids().len() > before { Ok(()) } else { Err("none".to_owned()) }
        });
    }
}
