//! The storage of a log: requests, replies, and what of them survives the end of a run.

use std::collections::VecDeque;

use super::*;
use crate::core::{FileDone, FileReply, FileRequest, Storage};
use crate::testing::sim::{Crash, RequestKind, SimDirectory, SimStream};
use crate::world::{Directory, RealWorld};

/// What a test sees of a machine that has a storage.
#[derive(Default)]
struct Log {
    /// Batches that are to be asked for, one in each step.
    asks: VecDeque<Vec<FileRequest>>,
    /// All replies, each with the time in milliseconds when it was there.
    replies: Vec<(u64, FileReply)>,
    /// Requests and replies that the driver has not taken, or not brought yet.
    open: usize,
    closing: bool,
    pending: u64,
    kept: u64,
    has_room: bool,
}

/// A machine with a log, by hand: it asks when the test says so, and is closed when the last bytes, written at the close, are safe.
struct WithLog {
    log: Arc<Mutex<Log>>,
    storage: Storage,
}

impl WithLog {
    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().expect("no test panics while holding it")
    }
}

impl Machine for WithLog {
    fn step(&mut self, now: Time, _unix_ns: u64) -> Progress {
        let mut log = self.log.lock().expect("no test panics while holding it");
        for reply in self.storage.replies.drain(..) {
            log.open -= 1;
            log.replies.push((ms(now), reply));
        }
        let Some(batch) = log.asks.pop_front() else { return Progress::Idle };
        log.open += batch.len();
        self.storage.requests.extend(batch);
        Progress::Again
    }
    fn deadline(&self) -> Option<Time> {
        None
    }
    fn wire(&mut self, _index: usize) -> Option<&mut Wire> {
        None
    }
    fn storage(&mut self, index: usize) -> Option<&mut Storage> {
        (index == 0).then_some(&mut self.storage)
    }
    fn is_settled(&self) -> bool {
        !self.log().replies.is_empty()
    }
    fn start_sources(&mut self, _now: Time) {}
    fn stop_sources(&mut self) {}
    fn pending(&self) -> u64 {
        self.log().pending
    }
    fn kept(&self) -> u64 {
        self.log().kept
    }
    fn close_sinks(&mut self, _now: Time) {
        let mut log = self.log();
        log.closing = true;
        log.asks.push_back(vec![append("a", b"last"), sync("a")]);
    }
    fn is_closed(&self) -> bool {
        let log = self.log();
        log.closing && log.asks.is_empty() && log.open == 0
    }
    fn report(&self, visit: &mut dyn FnMut(NodeReport<'_>)) {
        let has_room = self.log().has_room;
        let (path, counts) = ("pipeline.p.log", Counts::default());
        visit(NodeReport {
            path,
            instance: "01",
            kind: NodeKind::Operator,
            has_room,
            is_slow: false,
            counts,
            measures: Measures::default(),
        });
    }
}

fn append(file: &str, bytes: &[u8]) -> FileRequest {
    FileRequest::Append { file: file.into(), bytes: bytes.to_vec() }
}

fn sync(file: &str) -> FileRequest {
    FileRequest::Sync(file.into())
}

/// A flow with a log that runs in a world.
struct Flow {
    log: Arc<Mutex<Log>>,
    requests: mpsc::Sender<Request>,
    life: Life,
    task: JoinHandle<Snapshot>,
}

impl Flow {
    /// Begins with these batches.
    fn start<W: World>(world: &W, asks: impl Into<VecDeque<Vec<FileRequest>>>) -> Flow {
        Flow::start_at(world, "wal", asks)
    }

    fn start_at<W: World>(world: &W, path: &str, asks: impl Into<VecDeque<Vec<FileRequest>>>) -> Flow {
        let log = Log { asks: asks.into(), has_room: true, ..Log::default() };
        let log = Arc::new(Mutex::new(log));
        let machine = WithLog { log: Arc::clone(&log), storage: Storage::new(path.to_owned()) };
        let (requests, receiver) = mpsc::channel(REQUESTS_LIMIT);
        let driver = Driver::new(world.clone(), "01", Box::new(machine), LIMITS, receiver);
        let life = driver.life();
        Flow { log, requests, life, task: tokio::spawn(driver.run()) }
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().expect("no test panics while holding it")
    }

    /// Asks for one more batch.
    async fn ask(&self, batch: Vec<FileRequest>) {
        self.log().asks.push_back(batch);
        // Whoever asks for a report is answered, and the machine stepped.
        let (answer, _) = oneshot::channel();
        self.requests.send(Request::Report(answer)).await.expect("the driver runs");
    }

    async fn drained(self) -> Snapshot {
        self.requests.send(Request::Drain).await.expect("the driver runs");
        self.task.await.expect("the driver does not panic")
    }

    fn kill(self) {
        self.life.end();
        self.task.abort();
    }
}

/// A simulation in which each request takes 10 ms.
fn steady() -> Sim {
    let sim = Sim::new(1);
    sim.disk().set_latency(Duration::from_millis(10), Duration::from_millis(10));
    sim
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_answered_in_its_order_and_wakes_the_machine() {
    let sim = steady();
    let batch = vec![FileRequest::Open, append("a", b"one"), FileRequest::Read("a".into())];
    let flow = Flow::start(&sim, [batch]);
    after_ms(31).await;
    let expected =
        [FileDone::Opened(vec![]), FileDone::Appended(b"one".into()), FileDone::Read(b"one".into())];
    assert_eq!(flow.log().replies, expected.map(|done| (30, Ok(done))));
}

#[tokio::test(start_paused = true)]
async fn requests_are_taken_when_those_before_them_are_answered() {
    let sim = steady();
    let flow = Flow::start(&sim, [vec![FileRequest::Open], vec![append("a", b"1")], vec![append("a", b"2")]]);
    after_ms(15).await;
    assert_eq!((sim.disk().requests(), flow.log().replies.len()), (2, 1), "the second batch is under way");
    // Asked for meanwhile: these wait together, and go as one.
    flow.ask(vec![append("a", b"3")]).await;
    flow.ask(vec![append("a", b"4"), sync("a")]).await;
    after_ms(100).await;
    let times: Vec<u64> = flow.log().replies.iter().map(|(at, _)| *at).collect();
    assert_eq!(times, [10, 30, 30, 60, 60, 60]);
    assert_eq!(sim.disk().read("wal", "a").expect("it was made"), b"1234");
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_told_and_what_stands_behind_it_is_skipped() {
    let sim = steady();
    sim.disk().fail_next(RequestKind::Sync, 1);
    let flow = Flow::start(&sim, [vec![FileRequest::Open, append("a", b"1"), sync("a"), append("a", b"2")]]);
    after_ms(100).await;
    {
        let log = flow.log();
        let errors: Vec<&str> =
            log.replies.iter().filter_map(|(_, reply)| Some(reply.as_ref().err()?.text.as_str())).collect();
        assert!(errors[0].starts_with("cannot sync \"wal/a\": "), "{errors:?}");
        assert_eq!(errors[1..], ["not tried, because a request before it failed"]);
    }
    flow.ask(vec![append("a", b"3")]).await;
    after_ms(100).await;
    assert_eq!(sim.disk().read("wal", "a").expect("it was made"), b"13");
}

#[tokio::test(start_paused = true)]
async fn while_sinks_say_goodbye_a_log_still_writes_and_then_others_may_open_it() {
    let sim = steady();
    let flow = Flow::start(&sim, [vec![FileRequest::Open]]);
    after_ms(50).await;
    flow.drained().await;
    assert_eq!(sim.disk().read("wal", "a").expect("it was made"), b"last");
    sim.crash_disk(Crash::Power);
    assert!(sim.disk().read("wal", "a").is_none_or(|left| left == b"last"), "it was synced");
    // Whoever comes next may open it, also where the one before was stopped, or nobody had it any more.
    for stops in [true, false] {
        let flow = Flow::start(&sim, [vec![FileRequest::Open]]);
        after_ms(50).await;
        assert!(flow.log().replies[0].1.is_ok(), "{stops}");
        if stops {
            flow.requests.send(Request::Stop).await.expect("the driver runs");
        }
        drop(flow.requests);
        flow.task.await.expect("the driver does not panic");
    }
    let flow = Flow::start(&sim, [vec![FileRequest::Open]]);
    after_ms(50).await;
    assert!(flow.log().replies[0].1.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_second_flow_with_the_same_directory_is_told_so_until_the_first_is_gone() {
    let sim = steady();
    let first = Flow::start(&sim, [vec![FileRequest::Open]]);
    after_ms(50).await;
    let second = Flow::start(&sim, [vec![FileRequest::Open]]);
    after_ms(50).await;
    let error = second.log().replies[0].1.clone().expect_err("it is locked");
    assert!(error.text.contains("another flow has it open"), "{error}");
    drop(first);
    second.ask(vec![FileRequest::Open]).await;
    after_ms(50).await;
    assert!(second.log().replies[1].1.is_ok());
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_on_disk_is_told_apart_from_what_is_pending() {
    let sim = steady();
    let flow = Flow::start(&sim, [vec![FileRequest::Open]]);
    after_ms(50).await;
    (flow.log().pending, flow.log().kept) = (7, 5);
    let started = tokio::time::Instant::now();
    let snapshot = flow.drained().await;
    assert_eq!((snapshot.pending, snapshot.kept), (7, 5));
    assert!(started.elapsed() >= Duration::from_millis(LIMITS.drain_timeout_ms), "it waits for all of it");
}

#[tokio::test(start_paused = true)]
async fn a_log_without_room_triggers_its_breaker() {
    let flow = Flow::start(&steady(), [vec![FileRequest::Open]]);
    after_ms(50).await;
    flow.log().has_room = false;
    flow.ask(vec![]).await;
    after_ms(150).await;
    let (answer, report) = oneshot::channel();
    flow.requests.send(Request::Report(answer)).await.expect("the driver runs");
    let node = report.await.expect("the driver answers").nodes.remove(0);
    assert_eq!((node.path.as_str(), node.triggered), ("pipeline.p.log", true));
}

#[tokio::test(start_paused = true)]
async fn a_killed_flow_does_nothing_more() {
    for kills_after in 0..60 {
        let sim = steady();
        let asks: Vec<_> = (0..10).map(|_| vec![append("a", b"0123456789")]).collect();
        let flow = Flow::start(&sim, [vec![vec![FileRequest::Open]], asks].concat());
        after_ms(kills_after).await;
        let log = Arc::clone(&flow.log);
        flow.kill();
        sim.crash_disk(Crash::Process);
        let left = sim.disk().read("wal", "a");
        let seen = |log: &Mutex<Log>| log.lock().expect("nobody panicked").replies.len();
        let replies = seen(&log);
        after_ms(1000).await;
        assert_eq!((sim.disk().read("wal", "a"), seen(&log)), (left.clone(), replies), "{kills_after} ms");
        assert!(left.map_or(0, |left| left.len()) >= replies.saturating_sub(1) * 10, "{kills_after} ms");
        let next = Flow::start(&sim, [vec![FileRequest::Open]]);
        after_ms(50).await;
        assert!(next.log().replies[0].1.is_ok(), "{kills_after} ms: its lock is gone");
    }
}

#[tokio::test]
async fn on_a_real_disk_it_is_the_same_from_one_run_to_the_next() {
    let path = std::env::temp_dir().join(format!("foreshock-driver-{}", std::process::id()));
    let path = path.to_str().expect("it is text");
    for run in 1..=3 {
        let asks = [vec![FileRequest::Open, append("a", b"some, "), sync("a"), FileRequest::SyncDirectory]];
        let flow = Flow::start_at(&RealWorld::new(), path, asks);
        let log = Arc::clone(&flow.log);
        // The machine is settled when it has replies; it drains then, and writes while it closes.
        flow.drained().await;
        let log = log.lock().expect("nobody panicked");
        assert!(log.replies.iter().all(|(_, reply)| reply.is_ok()), "run {run}: {:?}", log.replies);
        assert_eq!(log.replies.len(), 6, "run {run}");
    }
    let written = std::fs::read_to_string(std::path::Path::new(path).join("a")).expect("it was made");
    std::fs::remove_dir_all(path).expect("it can be removed");
    assert_eq!(written, "some, last".repeat(3));
}

/// A world in which every other batch is a mistake of ours.
#[derive(Clone)]
struct Faulty(Sim);

struct FaultyDirectory(SimDirectory);

impl Directory for FaultyDirectory {
    async fn carry_out(&mut self, requests: Vec<FileRequest>) -> Vec<FileReply> {
        assert!(requests[0] == FileRequest::Open, "a mistake");
        self.0.carry_out(requests).await
    }
}

impl World for Faulty {
    type Stream = SimStream;
    type Directory = FaultyDirectory;

    async fn connect(&self, endpoint: &Endpoint, within: Duration) -> std::io::Result<SimStream> {
        self.0.connect(endpoint, within).await
    }
    fn directory(&self, path: &str) -> FaultyDirectory {
        FaultyDirectory(self.0.directory(path))
    }
    fn variable(&self, name: &str) -> Option<std::ffi::OsString> {
        self.0.variable(name)
    }
    fn now(&self) -> Time {
        self.0.now()
    }
    fn unix_ns(&self) -> u64 {
        self.0.unix_ns()
    }
    async fn sleep_until(&self, at: Time) {
        self.0.sleep_until(at).await;
    }
    fn hostname(&self) -> std::io::Result<String> {
        self.0.hostname()
    }
    fn seed(&self) -> [u8; 32] {
        self.0.seed()
    }
}

#[tokio::test(start_paused = true)]
async fn the_death_of_the_io_task_is_told_and_the_next_batch_gets_another_one() {
    let flow = Flow::start(&Faulty(steady()), [vec![FileRequest::Open]]);
    for batch in [vec![sync("a"), sync("b")], vec![FileRequest::Open]] {
        after_ms(100).await;
        flow.ask(batch).await;
    }
    after_ms(100).await;
    let replies: Vec<String> = flow.log().replies.iter().map(|(_, reply)| format!("{reply:?}")).collect();
    assert!(replies[1].contains("the task that writes the write-ahead log's files died"), "{replies:?}");
    assert!(replies[2].contains("Skipped") && replies[3].starts_with("Ok("), "{replies:?}");
}
