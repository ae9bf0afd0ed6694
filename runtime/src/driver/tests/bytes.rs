//! What happens to bytes and connections between a machine's wire and the simulated network.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};

use super::*;
use crate::testing::sim::{SimDirectory, SimStream};

/// Connects to `host` in the first step, then does what `then` says.
fn connecting(
    host: &'static str,
    mut then: impl FnMut(&mut State) + Send + 'static,
) -> impl FnMut(&mut State) -> Progress + Send + 'static {
    let mut begun = false;
    move |state| {
        if !begun {
            begun = true;
            state.connect(host);
        }
        then(state);
        Progress::Idle
    }
}

fn ready() -> State {
    State { settled: true, has_room: true, ..State::default() }
}

/// Copies what the machine sees of its wire to where the test reads it, consuming nothing.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Look>>);

/// State, incoming bytes, bytes written, whether the peer came to its end.
type Look = (Option<WireState>, Vec<u8>, u64, bool);

impl Seen {
    fn look(&self, state: &State) {
        let mut seen = self.0.lock().expect("no test panics while holding it");
        let wire = &state.wire;
        *seen = (Some(wire.state.clone()), wire.incoming.clone(), wire.written, wire.at_end);
    }
    fn state(&self) -> WireState {
        self.0.lock().expect("no test panics while holding it").0.clone().expect("there was a step")
    }
    fn incoming(&self) -> Vec<u8> {
        self.0.lock().expect("no test panics while holding it").1.clone()
    }
    fn at_end(&self) -> bool {
        self.0.lock().expect("no test panics while holding it").3
    }
    fn written(&self) -> u64 {
        self.0.lock().expect("no test panics while holding it").2
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_connection_ends_with_its_reason() {
    let sim = Sim::new(1);
    let seen = Seen::default();
    let see = seen.clone();
    let _running = start(&sim, ready(), connecting("nobody", move |state| see.look(state)));
    after_ms(10).await;
    assert_eq!(seen.state(), WireState::Ended("cannot connect: connection refused".to_owned()));
    assert!(!seen.at_end(), "what never began has no regular end");
}

#[tokio::test(start_paused = true)]
async fn a_silent_address_is_waited_for_until_the_machine_gives_up() {
    let sim = Sim::new(1);
    sim.blackhole("hole", 80);
    let seen = Seen::default();
    let see = seen.clone();
    let first = State { deadline: Some(Time::ZERO.plus_ms(5000)), ..ready() };
    let running = start(
        &sim,
        first,
        connecting("hole", move |state| {
            see.look(state);
            if state.deadline.is_some_and(|at| state.steps.last() >= Some(&ms(at))) {
                state.wire.command = Some(Command::Abort);
                state.deadline = None;
            }
        }),
    );
    after_ms(4999).await;
    assert_eq!(seen.state(), WireState::Connecting);
    after_ms(10).await;
    running.report().await;
    after_ms(1).await;
    assert_eq!(seen.state(), WireState::Idle);
}

#[tokio::test(start_paused = true)]
async fn what_came_before_an_end_is_handed_over_before_the_end_is_told() {
    for seed in 0..50 {
        let sim = Sim::new(seed);
        let mut listener = sim.listen("server", 80);
        let seen = Seen::default();
        let see = seen.clone();
        let _running = start(
            &sim,
            ready(),
            connecting("server", move |state| {
                see.look(state);
                if matches!(state.wire.state, WireState::Ended(_)) {
                    assert_eq!(state.wire.incoming.len(), 20_000, "at the end");
                }
            }),
        );
        let mut server = listener.accept().await;
        server.write_all(&[5; 20_000]).await.expect("the client reads");
        drop(server);
        after_ms(10).await;
        assert_eq!(
            seen.state(),
            WireState::Ended("the peer closed the connection".to_owned()),
            "seed {seed}"
        );
        assert_eq!(seen.incoming(), vec![5; 20_000], "seed {seed}");
        assert!(seen.at_end(), "seed {seed}");
    }
}

/// A world whose streams break when they are read.
#[derive(Clone)]
struct Breaking(Sim);

struct Broken;

impl AsyncRead for Broken {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Err(io::Error::other("it broke")))
    }
}

impl AsyncWrite for Broken {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Pending
    }
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl World for Breaking {
    type Stream = Broken;
    type Directory = SimDirectory;

    async fn connect(&self, _endpoint: &Endpoint, _within: Duration) -> io::Result<Broken> {
        Ok(Broken)
    }
    fn variable(&self, name: &str) -> Option<std::ffi::OsString> {
        self.0.variable(name)
    }
    fn directory(&self, path: &str) -> SimDirectory {
        self.0.directory(path)
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
    fn hostname(&self) -> io::Result<String> {
        self.0.hostname()
    }
    fn seed(&self) -> [u8; 32] {
        self.0.seed()
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_breaks_has_not_come_to_its_end() {
    let seen = Seen::default();
    let see = seen.clone();
    let _running =
        start_in(&Breaking(Sim::new(1)), ready(), connecting("server", move |state| see.look(state)));
    after_ms(1).await;
    assert_eq!(seen.state(), WireState::Ended("reading failed: it broke".to_owned()));
    assert!(!seen.at_end());
}

#[tokio::test(start_paused = true)]
async fn what_came_before_a_failing_write_is_handed_over() {
    let sim = Sim::new(1);
    let mut listener = sim.listen("server", 80);
    let seen = Seen::default();
    let see = seen.clone();
    let mut wrote = false;
    let running = start(
        &sim,
        ready(),
        connecting("server", move |state| {
            see.look(state);
            if state.wire.state == WireState::Open && !wrote {
                wrote = true;
                // More than is ever on the way: the end finds the task writing.
                state.wire.outgoing.resize(200_000, 1);
            }
        }),
    );
    let mut server = listener.accept().await;
    after_ms(5).await;
    server.write_all(&[5; 20_000]).await.expect("the client reads");
    drop(server);
    after_ms(5).await;
    drop(running);
    assert_eq!(seen.state(), WireState::Ended("writing failed: broken pipe".to_owned()));
    assert_eq!(seen.incoming(), vec![5; 20_000]);
}

#[tokio::test(start_paused = true)]
async fn incoming_bytes_are_bounded_and_none_is_lost() {
    for seed in 0..10 {
        let sim = Sim::new(seed);
        let mut listener = sim.listen("server", 80);
        let consume = Arc::new(Mutex::new(false));
        let may_consume = Arc::clone(&consume);
        let got = Arc::new(Mutex::new((0_usize, Vec::new())));
        let all = Arc::clone(&got);
        let running = start(
            &sim,
            ready(),
            connecting("server", move |state| {
                let mut got = all.lock().expect("no panic");
                got.0 = got.0.max(state.wire.incoming.len());
                if *may_consume.lock().expect("no panic") {
                    // Partly: some of it has to wait.
                    let n = state.wire.incoming.len().div_ceil(2);
                    got.1.extend(state.wire.incoming.drain(..n));
                }
            }),
        );
        let mut server = listener.accept().await;
        let sent: Vec<u8> = (0..1_000_000_u32).map(|n| (n % 251) as u8).collect();
        let expected = sent.clone();
        let sending = tokio::spawn(async move {
            server.write_all(&sent).await.expect("the client reads in the end");
            server
        });
        after_ms(100).await;
        assert_eq!(got.lock().expect("no panic").0, Wire::INCOMING_LIMIT, "seed {seed}");
        assert!(!sending.is_finished(), "the sender waits");
        *consume.lock().expect("no panic") = true;
        while got.lock().expect("no panic").1.len() < expected.len() {
            running.report().await;
            after_ms(1).await;
        }
        let got = got.lock().expect("no panic");
        assert!(got.0 <= Wire::INCOMING_LIMIT, "seed {seed}: {}", got.0);
        assert!(got.1 == expected, "seed {seed}: not the bytes that were sent");
    }
}

#[tokio::test(start_paused = true)]
async fn a_finish_writes_everything_and_then_shuts_down() {
    for seed in 0..20 {
        let sim = Sim::new(seed);
        let mut listener = sim.listen("server", 80);
        let seen = Seen::default();
        let see = seen.clone();
        let mut finished = false;
        let _running = start(
            &sim,
            ready(),
            connecting("server", move |state| {
                see.look(state);
                if state.wire.state == WireState::Open && !finished {
                    finished = true;
                    state.wire.outgoing.resize(300_000, 9);
                    state.wire.command = Some(Command::Finish);
                }
            }),
        );
        let mut server = listener.accept().await;
        let mut all = Vec::new();
        server.read_to_end(&mut all).await.expect("it is shut down, not broken");
        assert!(all == vec![9; 300_000], "seed {seed}: {} bytes", all.len());
        server.write_all(b"bye").await.expect("the other half is still open");
        drop(server);
        after_ms(5).await;
        assert_eq!(seen.incoming(), b"bye", "seed {seed}");
        assert_eq!(seen.state(), WireState::Ended("closed".to_owned()), "seed {seed}");
        assert_eq!(seen.written(), 300_000, "seed {seed}");
    }
}

#[tokio::test(start_paused = true)]
async fn written_counts_what_the_stream_has_taken_of_this_connection() {
    let sim = Sim::new(3);
    let mut listener = sim.listen("server", 80);
    let seen = Seen::default();
    let see = seen.clone();
    let mut connections = 0;
    let running = start(&sim, ready(), move |state: &mut State| {
        see.look(state);
        match state.wire.state {
            WireState::Idle | WireState::Ended(_) if connections < 2 => {
                connections += 1;
                state.connect("server");
                state.wire.outgoing.clear();
                state.wire.outgoing.resize(100_000, 1);
            }
            _ => {}
        }
        Progress::Idle
    });
    let mut server = listener.accept().await;
    after_ms(5).await;
    // What is on the way, and what the client's half took of it: no more than fits.
    let taken = seen.written();
    assert!((1..100_000).contains(&taken), "{taken}");
    let mut some = vec![0; 50_000];
    server.read_exact(&mut some).await.expect("it was written");
    after_ms(5).await;
    assert!(seen.written() >= taken + 50_000 && seen.written() < 100_000, "{}", seen.written());
    drop(server);
    let mut server = listener.accept().await;
    let mut all = vec![0; 100_000];
    server.read_exact(&mut all).await.expect("it was written");
    running.report().await;
    after_ms(1).await;
    assert_eq!(seen.written(), 100_000, "of the second connection alone");
}

#[tokio::test(start_paused = true)]
async fn a_new_connection_drops_the_old_one_first() {
    let sim = Sim::new(1);
    let mut listener = sim.listen("server", 80);
    let mut again = false;
    let _running = start(
        &sim,
        ready(),
        connecting("server", move |state| {
            if !state.wire.incoming.is_empty() && !again {
                again = true;
                state.connect("server");
            }
        }),
    );
    let mut old = listener.accept().await;
    old.write_all(b"x").await.expect("the client reads");
    let mut new = listener.accept().await;
    let mut all = Vec::new();
    assert_eq!(old.read_to_end(&mut all).await.expect("closed"), 0);
    new.write_all(b"y").await.expect("the client is there");
}

#[tokio::test(start_paused = true)]
async fn buffers_are_recycled() {
    let sim = Sim::new(1);
    let mut listener = sim.listen("server", 80);
    let buffers = Arc::new(Mutex::new(std::collections::BTreeSet::new()));
    let all = Arc::clone(&buffers);
    let running = start(
        &sim,
        ready(),
        connecting("server", move |state| {
            if state.wire.state == WireState::Open && state.wire.outgoing.is_empty() {
                state.wire.outgoing.extend_from_slice(&[1; 1000]);
                all.lock().expect("no panic").insert(state.wire.outgoing.as_ptr() as usize);
            }
        }),
    );
    let mut server = listener.accept().await;
    for _ in 0..1000 {
        let mut some = [0; 1000];
        running.report().await;
        server.read_exact(&mut some).await.expect("it is written");
    }
    let buffers = buffers.lock().expect("no panic").len();
    assert!(buffers <= 3, "{buffers} buffers for 1000 flushes");
}

#[tokio::test(start_paused = true)]
async fn a_drain_lets_the_last_words_be_written() {
    let sim = Sim::new(1);
    let mut listener = sim.listen("server", 80);
    let first = State { closed: true, ..ready() };
    let running = start(
        &sim,
        first,
        connecting("server", |state| {
            if state.calls.last().is_some_and(|call| call.starts_with("close")) && state.wire.written == 0 {
                state.wire.outgoing.resize(300_000, 9);
                state.wire.command = Some(Command::Finish);
                state.calls.push("finish".to_owned());
            }
        }),
    );
    let mut server = listener.accept().await;
    running.ask(Request::Drain).await;
    let mut all = Vec::new();
    server.read_to_end(&mut all).await.expect("it is shut down, not broken");
    assert_eq!(all.len(), 300_000);
    running.finished().await;
}

/// A world in which opening a connection is a mistake of ours.
#[derive(Clone)]
struct Faulty(Sim);

impl World for Faulty {
    type Stream = SimStream;
    type Directory = SimDirectory;

    async fn connect(&self, _endpoint: &Endpoint, _within: Duration) -> io::Result<SimStream> {
        panic!("a mistake");
    }
    fn variable(&self, name: &str) -> Option<std::ffi::OsString> {
        self.0.variable(name)
    }
    fn directory(&self, path: &str) -> SimDirectory {
        self.0.directory(path)
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
    fn hostname(&self) -> io::Result<String> {
        self.0.hostname()
    }
    fn seed(&self) -> [u8; 32] {
        self.0.seed()
    }
}

#[tokio::test(start_paused = true)]
async fn the_death_of_an_io_task_is_told_as_the_end_of_the_connection() {
    let seen = Seen::default();
    let see = seen.clone();
    let _running =
        start_in(&Faulty(Sim::new(1)), ready(), connecting("server", move |state| see.look(state)));
    after_ms(1).await;
    assert_eq!(seen.state(), WireState::Ended("the task that moves its bytes died".to_owned()));
}
