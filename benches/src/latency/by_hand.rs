//! The other side, where events arrive in the same process: one task around the yardstick. Its outputs take an event, look at
//! the clock, and have confirmed it before the next step, as blackholes do.

use crate::feed::{Feed, now_ns};
use crate::in_process::HOSTNAME;
use crate::latency::histogram::Histogram;
use crate::websocket::Round;
use crate::yardstick::{Config, Id, Outputs, Yardstick};

/// Runs one round; gives the latencies.
///
/// # Panics
/// The runtime cannot be had.
pub fn run_here(round: Round) -> Histogram {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("the system gives threads");
    runtime.block_on(deliver(round))
}

async fn deliver(round: Round) -> Histogram {
    let log = Config {
        read_count: round.per_step(),
        max_elements: round.max_elements(),
        max_bytes: round.max_bytes(),
    };
    let mut flow = Yardstick::new(log, HOSTNAME);
    let mut holes = Holes { window: round.window() as usize, ..Holes::default() };
    let mut feed = Feed::new(round.events, round.schedule);
    feed.begin();
    while flow.acked() < round.events {
        if feed.spins() {
            tokio::task::yield_now().await;
        } else if let Some(wait) = feed.wait().filter(|wait| !wait.is_zero()) {
            tokio::time::sleep(wait).await;
        }
        for _ in 0..round.per_step() {
            if !flow.has_room() || !feed.is_due() {
                break;
            }
            flow.push(&feed.make());
        }
        flow.pump(&mut holes);
        holes.unconfirmed.iter_mut().for_each(|output| output.drain(..).for_each(|id| flow.ack(id)));
    }
    holes.latencies
}

#[derive(Default)]
struct Holes {
    window: usize,
    unconfirmed: [Vec<Id>; 3],
    latencies: Histogram,
}

impl Outputs for Holes {
    #[inline]
    fn has_room(&self, output: usize, _: bool) -> bool {
        self.unconfirmed[output].len() < self.window
    }

    #[inline]
    fn take(&mut self, output: usize, id: Id, _: bool, payload: &[u8]) {
        let due_ns = crate::event::due_ns(payload).expect("the event holds its time");
        self.latencies.record(now_ns().saturating_sub(due_ns));
        self.unconfirmed[output].push(id);
    }
}
