//! The stage of the tests about slow servers: a flow of numbered lines behind a log and a round robin, three servers, and an account of
//! who got what, and when. What the servers do is each test's.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use foreshock::Handle;
use foreshock::core::{Counts, Endpoint};
use foreshock::program::Summary;
use foreshock::testing::sim::Sim;
use tokio::io::AsyncWriteExt;
use tokio::task::{JoinHandle, spawn_local};
use tokio::time::{Instant, sleep};

use super::counting::Counting;
use super::peer::{Pace, Peer, Record};

foreshock::pipeline! {
    flow Slow;

    define onramp lines from stdin with codec = "json" end;

    define offramp ws0 from ws with url = "ws://ws0:80/" end;
    define offramp ws1 from ws with url = "ws://ws1:80/" end;
    define offramp ws2 from ws with url = "ws://ws2:80/" end;

    define pipeline spread
        define qos::wal operator log with read_count = 20, max_elements = 1000 end;
        define qos::roundrobin operator share with outputs = ["ws0", "ws1", "ws2"] end;
        create operator log;
        create operator share;
        select event from in into log;
        select event from log into share;
        select event from share/ws0 into out/ws0;
        select event from share/ws1 into out/ws1;
        select event from share/ws2 into out/ws2;
    end;

    define binding default links
        /onramp/lines/01/out  => /pipeline/spread/01/in,
        /pipeline/spread/01/ws0 => /offramp/ws0/01/in,
        /pipeline/spread/01/ws1 => /offramp/ws1/01/in,
        /pipeline/spread/01/ws2 => /offramp/ws2/01/in
    end;

    create binding /binding/default/01;
}

/// The log's place in settings and summaries.
pub(super) const LOG: &str = "pipeline.spread.log";

/// What a sink may have unconfirmed, by default.
pub(super) const WINDOW_EVENTS: u64 = 256;

/// What comes into the flow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Feed {
    /// So many lines at once; no more than the flow takes.
    pub(super) lines: u64,
    /// And again after so many milliseconds.
    pub(super) every_ms: u64,
    /// Bytes of a line.
    pub(super) bytes: usize,
}

impl Feed {
    /// More than anybody takes.
    pub(super) const ALL: Feed = Feed { lines: 100, every_ms: 1, bytes: 40 };

    /// So many a second.
    pub(super) fn per_second(lines: u64) -> Feed {
        if lines >= 1000 {
            Feed { lines: lines / 1000, every_ms: 1, bytes: 40 }
        } else {
            Feed { lines: 1, every_ms: 1000 / lines, bytes: 40 }
        }
    }
}

/// A flow that runs, with its servers.
pub(super) struct Scene {
    sim: Sim,
    flow: Handle,
    began: Instant,
    pub(super) peers: [Option<Peer>; 3],
    record: Record,
    counting: Counting,
    feeds: Rc<Cell<bool>>,
    _feeder: JoinHandle<()>,
}

/// What came of it.
pub(super) struct Outcome {
    pub(super) summary: Summary,
    /// Deliveries beyond the first of each event.
    pub(super) repeats: u64,
}

impl Outcome {
    pub(super) fn sink(&self, server: usize) -> Counts {
        self.summary.node("01", &format!("offramp.ws{server}")).expect("it is there").counts
    }
}

impl Scene {
    /// Starts servers and flow; a server without a pace is not there.
    pub(super) fn start(paces: [Option<Pace>; 3], feed: Feed, settings: &[(&str, u64)]) -> Scene {
        let sim = Sim::new(1);
        let (began, record) = (Instant::now(), Record::new(RefCell::default()));
        let mut server = 0..;
        let peers = paces.map(|pace| {
            let server = server.next().expect("endless");
            pace.map(|pace| Peer::start(&sim, server, pace, &record, began))
        });
        let feeds = Rc::new(Cell::new(true));
        let feeder = spawn_local(feed_lines(sim.clone(), feed, Rc::clone(&feeds)));
        let mut builder = Slow::builder();
        builder.set("flow.drain_timeout", 10_000_000_u64).expect("it is tunable");
        for (path, value) in settings {
            builder.set(path, *value).unwrap_or_else(|error| panic!("{path}: {error}"));
        }
        let counting = Counting::new(&sim);
        let flow = builder.start_in(&counting).expect("it starts");
        Scene { sim, flow, began, peers, record, counting, feeds, _feeder: feeder }
    }

    /// Milliseconds since the begin.
    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).expect("a test is short")
    }

    pub(super) async fn pass(&self, ms: u64) {
        sleep(Duration::from_millis(ms)).await;
    }

    /// A server that was not there comes, or comes back.
    pub(super) fn comes(&mut self, server: usize, pace: Pace) {
        self.peers[server] = Some(Peer::start(&self.sim, server, pace, &self.record, self.began));
    }

    /// A server dies, and its connections with it.
    pub(super) fn dies(&mut self, server: usize) {
        self.peers[server] = None;
    }

    /// How many events a server received from one time to another.
    pub(super) fn received(&self, server: usize, from_ms: u64, to_ms: u64) -> u64 {
        let record = self.record.borrow();
        let here = |at: &u64| (from_ms..to_ms).contains(at);
        record.iter().filter(|seen| seen.server == server && here(&seen.at_ms)).count() as u64
    }

    /// How many each received from one time to another.
    pub(super) fn shares(&self, from_ms: u64, to_ms: u64) -> [u64; 3] {
        [0, 1, 2].map(|server| self.received(server, from_ms, to_ms))
    }

    /// When a server received its first event at or behind this time.
    pub(super) fn first_at(&self, server: usize, from_ms: u64) -> Option<u64> {
        let record = self.record.borrow();
        record.iter().find(|seen| seen.server == server && seen.at_ms >= from_ms).map(|seen| seen.at_ms)
    }

    /// Who received how many of the first so many events from this time on.
    pub(super) fn shares_of(&self, from_ms: u64, events: u64) -> [u64; 3] {
        let mut shares = [0; 3];
        let record = self.record.borrow();
        let here = record.iter().filter(|seen| seen.at_ms >= from_ms);
        here.take(usize::try_from(events).expect("few")).for_each(|seen| shares[seen.server] += 1);
        shares
    }

    /// When a server received its event of this number, counted from 1.
    pub(super) fn received_at(&self, server: usize, number: usize) -> u64 {
        let record = self.record.borrow();
        let event = record.iter().filter(|seen| seen.server == server).nth(number - 1);
        event.expect("it received so many").at_ms
    }

    /// From now on packets to a server that is not there vanish.
    pub(super) fn swallows(&self, server: usize) {
        self.sim.blackhole(&format!("ws{server}"), 80);
    }

    pub(super) async fn summary(&self) -> Summary {
        self.flow.summary().await
    }

    /// A sink's numbers now.
    pub(super) async fn sink(&self, server: usize) -> Counts {
        let summary = self.summary().await;
        summary.node("01", &format!("offramp.ws{server}")).expect("it is there").counts
    }

    /// A node's numbers now.
    pub(super) async fn node(&self, path: &str) -> Counts {
        self.summary().await.node("01", path).expect("it is there").counts
    }

    /// Steps that the flow has made so far.
    pub(super) fn steps(&self) -> u64 {
        self.counting.steps()
    }

    /// Ends the feed and the flow: whatever it took must have come to a server.
    pub(super) async fn end(self) -> Outcome {
        self.feeds.set(false);
        let summary = self.flow.drain().await;
        assert!(summary.is_clean(), "{summary}");
        let taken = summary.node("01", "onramp.lines").expect("it is there").counts.taken;
        let record = self.record.borrow();
        let ids: BTreeSet<u64> = record.iter().map(|seen| seen.id).collect();
        let missing: Vec<u64> = (0..taken).filter(|id| !ids.contains(id)).take(10).collect();
        assert_eq!(missing, [0; 0], "of {taken}: {summary}");
        let repeats = (record.len() - ids.len()) as u64;
        drop(record);
        Outcome { summary, repeats }
    }
}

/// Numbers the lines that it writes, from 0.
async fn feed_lines(sim: Sim, feed: Feed, feeds: Rc<Cell<bool>>) {
    let mut input = sim.listen_at(Endpoint::Stdin).accept().await;
    let mut id = 0_u64;
    while feeds.get() {
        for _ in 0..feed.lines {
            let head = format!("{{\"id\":{id},\"pad\":\"");
            let pad = feed.bytes.saturating_sub(head.len() + 3);
            let line = format!("{head}{}\"}}\n", "x".repeat(pad));
            if input.write_all(line.as_bytes()).await.is_err() || !feeds.get() {
                return;
            }
            id += 1;
        }
        sleep(Duration::from_millis(feed.every_ms)).await;
    }
    // The end of the stream would end the run.
    std::future::pending::<()>().await;
}
