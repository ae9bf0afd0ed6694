//! A world in memory: a network of scripted servers, a disk, virtual time, randomness from a seed. There is no TLS in it: where
//! a flow asks for TLS, it connects as without. A whole flow, driver and
//! sinks included, runs in it the same way each time.
//!
//! Time is tokio's: on a paused current-thread runtime (`#[tokio::test(start_paused = true)]`) it jumps to
//! the next timer whenever every task waits. Servers are plain async functions of the test: they
//! [`listen`](Sim::listen), [`accept`](SimListener::accept) and then read and write a [`SimStream`]. What is dropped
//! is closed; what is neither read nor dropped is a frozen peer. [`SimWebsocket`] makes such a stream a websocket
//! server's.
//!
//! ```
//! # use foreshock::core::Endpoint;
//! # use foreshock::testing::sim::Sim;
//! # use foreshock::world::World;
//! # use std::time::Duration;
//! # use tokio::io::AsyncReadExt;
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let sim = Sim::new(7);
//! let mut listener = sim.listen("ws0", 8080);
//! let client = sim.connect(&Endpoint::Tcp { host: "ws0".to_owned(), port: 8080 }, Duration::MAX).await?;
//! let mut server = listener.accept().await;
//! drop(client);
//! let mut all = Vec::new();
//! assert_eq!(server.read_to_end(&mut all).await?, 0);
//! # std::io::Result::Ok(()) })?;
//! # std::io::Result::Ok(())
//! ```
//!
//! The world outlives a flow that runs in it: one that is started in it later finds the same [disk](Sim::disk), as after a restart.
//! So a test kills a flow ([`Handle::kill`](crate::Handle::kill)), lets the disk [crash](SimDisk::crash), and starts it again.

mod clock;
mod disk;
mod stream;
mod websocket;

pub(crate) use clock::VirtualClock;
pub use disk::{Crash, RequestKind, SimDirectory, SimDisk};
pub use stream::SimStream;
pub use websocket::SimWebsocket;
pub(in crate::testing) use websocket::{
    BINARY, CLOSE, PING, PONG, TEXT, frame, frame_header, handshake_answer, handshake_key,
};

use std::collections::{BTreeMap, VecDeque};
use std::ffi::OsString;
use std::future::pending;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::core::{Endpoint, Random, Time};
use crate::world::World;
use clock::Clock;

/// Connections that a listener holds for its server to accept; more are refused.
const BACKLOG: usize = 64;
/// A connection takes up to this long to be made; drawn from the seed.
const CONNECT_MS: u64 = 3;
/// The system clock of a simulation starts here (nanoseconds since the Unix epoch; a day in 2020).
pub const UNIX_START_NS: u64 = 1_600_689_100_000_000_000;

/// What a simulated host is called.
pub const HOSTNAME: &str = "simulated";

#[derive(Clone)]
enum Host {
    Listens(Arc<Backlog>),
    Swallows,
}

struct Backlog {
    streams: Mutex<VecDeque<SimStream>>,
    came: Notify,
}

struct Network {
    random: Random,
    hosts: BTreeMap<Endpoint, Host>,
    variables: BTreeMap<String, OsString>,
}

/// A simulated world. Clones are the same world.
#[derive(Clone)]
pub struct Sim {
    clock: Clock,
    network: Arc<Mutex<Network>>,
    disk: SimDisk,
}

impl Sim {
    /// A world without servers: every connection is refused. The same seed gives the same run; print it when a test
    /// fails.
    pub fn new(seed: u64) -> Sim {
        Sim::with(seed, Clock::Tokio(Instant::now()))
    }

    /// The same with a clock of its own.
    pub(crate) fn with_clock(seed: u64, clock: Arc<VirtualClock>) -> Sim {
        Sim::with(seed, Clock::Virtual(clock))
    }

    fn with(seed: u64, clock: Clock) -> Sim {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let (hosts, variables) = (BTreeMap::new(), BTreeMap::new());
        let network = Network { random: Random::from_seed(bytes), hosts, variables };
        // A generator of its own: what happens on the network is the same with a disk and without.
        bytes[8] = 1;
        let disk = SimDisk::new(Random::from_seed(bytes));
        Sim { clock, network: Arc::new(Mutex::new(network)), disk }
    }

    /// From now on connections to this address are made, until the listener is dropped.
    pub fn listen(&self, host: &str, port: u16) -> SimListener {
        self.listen_at(tcp(host, port))
    }

    /// From now on byte streams to this endpoint are made, until the listener is dropped. So a test plays what stands
    /// behind stdin, stdout or a file: each opening of it is a stream that is accepted, and that is read or written.
    /// A file that is written is the same endpoint whatever of it is kept.
    pub fn listen_at(&self, endpoint: Endpoint) -> SimListener {
        let backlog = Arc::new(Backlog { streams: Mutex::default(), came: Notify::new() });
        let address = address(&endpoint);
        self.network().hosts.insert(address.clone(), Host::Listens(Arc::clone(&backlog)));
        SimListener { sim: self.clone(), address, backlog }
    }

    /// From now on connections to this address are neither made nor refused: packets vanish on the way.
    pub fn blackhole(&self, host: &str, port: u16) {
        self.network().hosts.insert(tcp(host, port), Host::Swallows);
    }

    /// From now on connections to this address are refused.
    pub fn refuse(&self, host: &str, port: u16) {
        self.network().hosts.remove(&tcp(host, port));
    }

    /// From now on the environment has this variable. At first it has none.
    pub fn set_variable(&self, name: &str, value: impl Into<OsString>) {
        self.network().variables.insert(name.to_owned(), value.into());
    }

    /// A number in `0..=most` from the simulation's seed, for servers that choose at random.
    pub fn up_to(&self, most: u64) -> u64 {
        self.network().random.up_to(most)
    }

    /// The disk of this machine: the directories of logs.
    pub fn disk(&self) -> &SimDisk {
        &self.disk
    }

    /// The machine crashes, as far as its disk is concerned: [`SimDisk::crash`].
    pub fn crash_disk(&self, crash: Crash) {
        self.disk.crash(crash);
    }

    /// Returns so much later.
    pub async fn sleep(&self, duration: Duration) {
        self.sleep_until(self.now().plus(duration)).await;
    }

    fn network(&self) -> MutexGuard<'_, Network> {
        self.network.lock().expect("nobody panics while holding it")
    }

    fn open(&self, address: &Endpoint) -> io::Result<SimStream> {
        let mut network = self.network();
        let Some(Host::Listens(backlog)) = network.hosts.get(address).cloned() else {
            return Err(io::ErrorKind::ConnectionRefused.into());
        };
        let (client, server) = SimStream::pair(&mut network.random);
        let mut streams = backlog.streams.lock().expect("nobody panics while holding it");
        if streams.len() == BACKLOG {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        streams.push_back(server);
        backlog.came.notify_one();
        Ok(client)
    }
}

fn tcp(host: &str, port: u16) -> Endpoint {
    Endpoint::Tcp { host: host.to_owned(), port }
}

/// What an endpoint is found by.
fn address(endpoint: &Endpoint) -> Endpoint {
    match endpoint {
        Endpoint::WriteFile { path, .. } => Endpoint::WriteFile { path: path.clone(), keep: 0 },
        // No TLS is simulated.
        Endpoint::Tls { host, port, .. } => Endpoint::Tcp { host: host.clone(), port: *port },
        other => other.clone(),
    }
}

impl World for Sim {
    type Stream = SimStream;
    type Directory = SimDirectory;

    async fn connect(&self, endpoint: &Endpoint, _within: Duration) -> io::Result<SimStream> {
        let address = address(endpoint);
        let way_ms = self.up_to(CONNECT_MS);
        self.sleep(Duration::from_millis(way_ms)).await;
        if matches!(self.network().hosts.get(&address), Some(Host::Swallows)) {
            pending::<()>().await;
        }
        self.open(&address)
    }

    fn directory(&self, path: &str) -> SimDirectory {
        self.disk.directory(self.clone(), path)
    }

    fn now(&self) -> Time {
        self.clock.now()
    }

    fn unix_ns(&self) -> u64 {
        let elapsed = u64::try_from(self.now().as_duration().as_nanos()).unwrap_or(u64::MAX);
        UNIX_START_NS.saturating_add(elapsed)
    }

    async fn sleep_until(&self, at: Time) {
        self.clock.sleep_until(at).await;
    }

    fn hostname(&self) -> io::Result<String> {
        Ok(HOSTNAME.to_owned())
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        self.network().variables.get(name).cloned()
    }

    fn seed(&self) -> [u8; 32] {
        let mut seed = [0; 32];
        self.network().random.fill(&mut seed);
        seed
    }
}

/// A simulated server's ear. Dropped, the address refuses; connections made before stay.
pub struct SimListener {
    sim: Sim,
    address: Endpoint,
    backlog: Arc<Backlog>,
}

impl SimListener {
    /// The next connection.
    pub async fn accept(&mut self) -> SimStream {
        loop {
            let next = self.backlog.streams.lock().expect("nobody panics while holding it").pop_front();
            if let Some(stream) = next {
                return stream;
            }
            self.backlog.came.notified().await;
        }
    }
}

impl Drop for SimListener {
    fn drop(&mut self) {
        let mut network = self.sim.network();
        // A later listener on the same address keeps it.
        if let Some(Host::Listens(backlog)) = network.hosts.get(&self.address)
            && Arc::ptr_eq(backlog, &self.backlog)
        {
            network.hosts.remove(&self.address);
        }
        self.backlog.streams.lock().expect("nobody panics while holding it").clear();
    }
}

#[cfg(test)]
mod tests;
