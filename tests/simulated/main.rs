//! Whole flows in the simulated world: the generated code, the driver, I/O tasks, websocket sinks, log, round robin and
//! metronome of the real program, against simulated servers in virtual time. A seed that fails is printed and replays.

mod customer;
mod disk;
mod drain;
mod failing;
mod hostile;
mod lines;
mod links;
mod measures;
mod slow;
mod turns;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use foreshock::Builder;
use foreshock::program::Summary;
use foreshock::testing::sim::{Sim, SimWebsocket};
use tokio::task::{JoinHandle, LocalSet, spawn_local};
use tokio::time::sleep;

foreshock::pipeline! {
    pub(crate) flow RoundRobin;

    define onramp metronome from metronome with interval = 10 end;

    define offramp ws0 from ws with url = "ws://ws0:80/" end;
    define offramp ws1 from ws with url = "ws://ws1:80/" end;
    define offramp ws2 from ws with url = "ws://ws2:80/" end;

    define pipeline roundrobin
        use tremor::system;
        define qos::wal operator in_memory_wal with read_count = 20, max_elements = 1000 end;
        define qos::roundrobin operator roundrobin with outputs = ["ws0", "ws1", "ws2"] end;
        create operator in_memory_wal;
        create operator roundrobin;
        select merge event of { "hostname": system::hostname() } end from in into in_memory_wal;
        select event from in_memory_wal into roundrobin;
        select event from roundrobin/ws0 into out/ws0;
        select event from roundrobin/ws1 into out/ws1;
        select event from roundrobin/ws2 into out/ws2;
    end;

    define binding default links
        /onramp/metronome/{instance}/out    => /pipeline/roundrobin/{instance}/in,
        /pipeline/roundrobin/{instance}/ws0 => /offramp/ws0/{instance}/in,
        /pipeline/roundrobin/{instance}/ws1 => /offramp/ws1/{instance}/in,
        /pipeline/roundrobin/{instance}/ws2 => /offramp/ws2/{instance}/in
    end;

    create binding /binding/default/01 with instance = "01" end;
}

/// What each server received, in the order of time over all.
pub(crate) type Received = Rc<RefCell<Vec<(usize, u64)>>>;

/// What is special about a server.
#[derive(Clone, Copy, Default)]
pub(crate) struct Habits {
    /// It dies without a word after so many frames of a connection.
    dies_after: Option<u64>,
    /// It closes with 1007 (RFC 6455 section 7.4.1: inconsistent data) when it gets this id.
    cannot_bear: Option<u64>,
}

/// A server that records what it receives.
pub(crate) fn serve(sim: &Sim, server: usize, received: &Received, habits: Habits) -> JoinHandle<()> {
    let mut listener = sim.listen(&format!("ws{server}"), 80);
    let received = Rc::clone(received);
    spawn_local(async move {
        loop {
            let Ok(mut socket) = SimWebsocket::accept(listener.accept().await).await else { continue };
            let mut left = habits.dies_after;
            while left != Some(0)
                && let Ok(Some(text)) = socket.next_text().await
            {
                let json: serde_json::Value = serde_json::from_str(&text).expect("an event is JSON");
                let id = json["id"].as_u64().expect("it has an id");
                if habits.cannot_bear == Some(id) {
                    let _ = socket.close(1007).await;
                    break;
                }
                received.borrow_mut().push((server, id));
                left = left.map(|left| left - 1);
            }
            if left == Some(0) {
                return;
            }
        }
    })
}

/// Three servers; the second dies between two frames and is back after three seconds.
pub(crate) async fn one_server_dies(seed: u64, builder: Builder) -> (Vec<(usize, u64)>, Summary) {
    let sim = Sim::new(seed);
    let received = Received::default();
    let _steady = [0, 2].map(|n| serve(&sim, n, &received, Habits::default()));
    let mortal = serve(&sim, 1, &received, Habits { dies_after: Some(20), ..Habits::default() });
    let flow = builder.start_in(&sim).expect("it starts");
    mortal.await.expect("it dies as it should");
    sleep(Duration::from_secs(3)).await;
    let _back = serve(&sim, 1, &received, Habits::default());
    sleep(Duration::from_secs(12)).await;
    let summary = flow.drain().await;
    (received.take(), summary)
}

/// Nobody can bear event 30.
async fn an_event_is_poison(seed: u64) -> (Vec<(usize, u64)>, Summary) {
    let sim = Sim::new(seed);
    let received = Received::default();
    let habits = Habits { cannot_bear: Some(30), ..Habits::default() };
    let _servers = [0, 1, 2].map(|n| serve(&sim, n, &received, habits));
    let flow = RoundRobin::builder().start_in(&sim).expect("it starts");
    sleep(Duration::from_secs(5)).await;
    let summary = flow.drain().await;
    (received.take(), summary)
}

pub(crate) fn run<T>(scene: impl Future<Output = T>) -> T {
    let builder = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    LocalSet::new().block_on(&builder.expect("a runtime"), scene)
}

/// The whole account of a run in which a server dies and comes back.
pub(crate) fn check(seed: u64, builder: Builder) {
    let (received, summary) = run(one_server_dies(seed, builder));
    assert!(summary.is_clean(), "seed {seed}: {summary}");
    for server in 0..3 {
        let first: Vec<u64> =
            received.iter().filter(|(n, _)| *n == server).map(|(_, id)| *id).take(19).collect();
        let expected: Vec<u64> = (0..19).map(|n| n * 3 + server as u64).collect();
        assert_eq!(first, expected, "seed {seed}: ws{server}");
    }
    let mut ids: Vec<u64> = received.iter().map(|(_, id)| *id).collect();
    ids.sort_unstable();
    let repeats = ids.windows(2).filter(|pair| pair[0] == pair[1]).count();
    ids.dedup();
    let made = summary.node("01", "onramp.metronome").expect("it is in the summary").counts.taken;
    assert_eq!(ids, (0..made).collect::<Vec<_>>(), "seed {seed}: a gap");
    let failed = summary.node("01", "offramp.ws1").expect("it is in the summary").counts.failed;
    assert!(repeats as u64 <= failed, "seed {seed}: {repeats} repeats, {failed} were not confirmed");
    let is_back = received.iter().rev().take(9).filter(|(n, _)| *n == 1).count();
    assert_eq!(is_back, 3, "seed {seed}: ws1 takes its third again");
}

#[test]
fn a_server_dies_between_two_frames_and_comes_back_and_nothing_is_missing() {
    for seed in 0..8 {
        check(seed, RoundRobin::builder());
    }
}

#[test]
fn an_event_that_closes_connections_is_rejected_once_and_stops_nothing() {
    for seed in 0..8 {
        let (received, summary) = run(an_event_is_poison(seed));
        assert!(summary.is_clean(), "seed {seed}: {summary}");
        let rejected: u64 = summary.nodes.iter().map(|node| node.counts.rejected).sum();
        assert_eq!(rejected, 1, "seed {seed}: {summary}");
        let mut ids: Vec<u64> = received.iter().map(|(_, id)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        let made = summary.node("01", "onramp.metronome").expect("it is in the summary").counts.taken;
        let expected: Vec<u64> = (0..made).filter(|id| *id != 30).collect();
        assert_eq!(ids, expected, "seed {seed}");
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    for seed in 0..3 {
        let (first, first_summary) = run(one_server_dies(seed, RoundRobin::builder()));
        let (second, second_summary) = run(one_server_dies(seed, RoundRobin::builder()));
        assert_eq!(first, second, "seed {seed}");
        assert_eq!(first_summary, second_summary, "seed {seed}");
    }
}
