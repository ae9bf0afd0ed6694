//! Memory of events that are kept: the founding flow with its log in memory and sinks that take nothing, in a fresh process,
//! until so many events are in the log; then the resident size of that process, as Linux tells it (`VmRSS`).
//!
//! # What is compared
//!
//! - *Ours*: the generated pipeline, the real driver, the runtime of the ready program.
//! - *By hand*: the yardstick, in a runtime of tokio with one thread. Its log has a place of the greatest length for each event,
//!   side by side in one buffer that doubles: what it never touched of that is not resident.
//!
//! *Idle* is a flow that has started, and nothing in its log. *Beside the payload* is what a kept event takes more than the
//! bytes of its JSON text: the size, less the idle one, less the payload, by the number of events.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use crate::event::Tick;
use crate::in_process::HOSTNAME;
use crate::measure::{Spread, compare};
use crate::websocket::{Round, ours};
use crate::yardstick::{Config, Yardstick};

/// Events that are kept.
pub const KEPT: [u32; 3] = [0, 1000, 1_000_000];

/// Who keeps them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The generated pipeline in its flow.
    Ours,
    /// The yardstick.
    ByHand,
}

impl Side {
    fn name(self) -> &'static str {
        match self {
            Side::Ours => "ours",
            Side::ByHand => "by-hand",
        }
    }
}

/// One side of one line, in KiB.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Resident.
    pub resident: Spread,
    /// Of the kept events.
    pub payload: f64,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Events that were kept.
    pub kept: u32,
    /// Of our side.
    pub ours: Size,
    /// Of the other.
    pub by_hand: Size,
}

impl Size {
    /// Bytes beside its payload of each of so many events, in a process that has `idle` without them.
    pub fn beside(&self, idle: &Size, kept: u32) -> f64 {
        (self.resident.median - idle.resident.median - self.payload) * 1024.0 / f64::from(kept)
    }
}

/// Measures all numbers of kept events, up to `most`. `program` is this program.
///
/// # Errors
/// It cannot be started, or the system does not tell sizes.
///
/// # Panics
/// If that happens later on.
pub fn measure(program: &Path, rounds: u32, most: u32) -> io::Result<Vec<Line>> {
    let line = |kept: u32| {
        // Whether they run at all is seen here; and how many bytes there are, which is the same each time.
        let (_, ours) = child(program, Side::Ours, kept)?;
        let (_, by_hand) = child(program, Side::ByHand, kept)?;
        let size = |side| child(program, side, kept).expect("it ran before").0;
        let sizes = compare(rounds, || size(Side::Ours), || size(Side::ByHand));
        Ok(Line {
            kept,
            ours: Size { resident: sizes.ours, payload: ours },
            by_hand: Size { resident: sizes.yardstick, payload: by_hand },
        })
    };
    KEPT.into_iter().filter(|kept| *kept <= most).map(line).collect()
}

/// What a fresh process tells: resident KiB, and those of payload.
fn child(program: &Path, side: Side, kept: u32) -> io::Result<(f64, f64)> {
    let output = Command::new(program).args(["keep", side.name(), &kept.to_string()]).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.split_whitespace().map(|number| number.parse::<f64>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(resident), Some(bytes)) if output.status.success() => Ok((resident, bytes / 1024.0)),
        _ => Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned())),
    }
}

/// The child: keeps so many events, and tells its resident size (KiB) and the bytes of their payloads.
///
/// # Errors
/// The arguments are others, or the system does not tell sizes.
///
/// # Panics
/// The flow does not start, or does not keep as many.
pub fn keep(side: &str, kept: &str) -> io::Result<()> {
    let kept: u32 = kept.parse().map_err(io::Error::other)?;
    let (resident, bytes) = if side == Side::Ours.name() { keep_ours(kept) } else { keep_by_hand(kept) };
    writeln!(io::stdout(), "{} {bytes}", resident?)
}

fn keep_ours(kept: u32) -> (io::Result<u64>, u64) {
    let round = Round { log: Some(kept.max(1)), is_kept: true, ..Round::of(kept.into(), 20) };
    ours::run_here(round, |ran| (resident(), ran.kept_bytes))
}

fn keep_by_hand(kept: u32) -> (io::Result<u64>, u64) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("the system gives threads");
    runtime.block_on(async {
        let round = Round { log: Some(kept.max(1)), ..Round::of(kept.into(), 20) };
        let log = Config {
            read_count: round.per_step(),
            max_elements: round.max_elements(),
            max_bytes: round.max_bytes(),
        };
        let mut flow = Yardstick::new(log, HOSTNAME);
        for id in 0..round.events {
            assert!(flow.has_room(), "the log keeps as many");
            flow.push(&Tick::numbered(id));
        }
        (resident(), flow.kept_bytes())
    })
}

/// KiB of this process.
fn resident() -> io::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let size = line.and_then(|rest| rest.trim().strip_suffix("kB")?.trim().parse().ok());
    size.ok_or_else(|| io::Error::other("the system tells no VmRSS"))
}
