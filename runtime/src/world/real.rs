//! The world that is really there: TCP, the system's clocks, the system's randomness.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rand::Rng;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, sleep_until, timeout};

use crate::core::{Endpoint, Time};
use crate::world::World;

/// How long an address may stay silent before the next one of the same host is tried. The last one is waited for
/// as long as the caller likes.
const ADDRESS_LIMIT: Duration = Duration::from_secs(1);

/// TCP, the system's clocks, the system's randomness.
#[derive(Clone, Debug)]
pub struct RealWorld {
    started: Instant,
}

impl RealWorld {
    /// A world whose time starts now.
    pub fn new() -> RealWorld {
        RealWorld { started: Instant::now() }
    }
}

impl Default for RealWorld {
    fn default() -> Self {
        RealWorld::new()
    }
}

impl World for RealWorld {
    type Stream = TcpStream;

    async fn connect(&self, endpoint: &Endpoint) -> io::Result<TcpStream> {
        let addresses: Vec<SocketAddr> =
            lookup_host((endpoint.host.as_str(), endpoint.port)).await?.collect();
        let mut failure = io::Error::new(io::ErrorKind::NotFound, "the host name has no address");
        for (n, address) in addresses.iter().enumerate() {
            let connecting = TcpStream::connect(address);
            let connected = if n + 1 < addresses.len() {
                timeout(ADDRESS_LIMIT, connecting)
                    .await
                    .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
            } else {
                connecting.await
            };
            match connected {
                Ok(stream) => {
                    // Batches are made by the sinks; the kernel need not wait for more.
                    stream.set_nodelay(true)?;
                    return Ok(stream);
                }
                Err(error) => failure = io::Error::new(error.kind(), format!("{address}: {error}")),
            }
        }
        Err(failure)
    }

    fn now(&self) -> Time {
        Time::from_duration(self.started.elapsed())
    }

    fn unix_ns(&self) -> u64 {
        // A clock before 1970 is a broken clock; the flow goes on with zero.
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since_epoch.as_nanos()).unwrap_or(u64::MAX)
    }

    async fn sleep_until(&self, at: Time) {
        sleep_until(self.started + at.as_duration()).await;
    }

    fn hostname(&self) -> io::Result<String> {
        Ok(hostname::get()?.to_string_lossy().into_owned())
    }

    fn seed(&self) -> [u8; 32] {
        let mut seed = [0; 32];
        rand::rng().fill_bytes(&mut seed);
        seed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    async fn check_connects(listen: &str, connect_to: &str) {
        let listener = TcpListener::bind((listen, 0)).await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let endpoint = Endpoint { host: connect_to.to_owned(), port };
        let stream = RealWorld::new().connect(&endpoint).await.expect("somebody listens");
        assert!(stream.nodelay().expect("it is open"), "{connect_to}: bytes wait for more");
    }

    #[tokio::test]
    async fn connects_to_literals_and_to_names_of_several_addresses() {
        check_connects("127.0.0.1", "127.0.0.1").await;
        check_connects("127.0.0.1", "localhost").await;
    }

    #[tokio::test]
    async fn a_refused_connection_says_which_address_refused() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        drop(listener);
        let endpoint = Endpoint { host: "127.0.0.1".to_owned(), port };
        let error = RealWorld::new().connect(&endpoint).await.expect_err("nobody listens");
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
        assert!(error.to_string().contains("127.0.0.1"), "{error}");
    }

    #[test]
    fn seeds_differ() {
        let world = RealWorld::new();
        assert_ne!(world.seed(), world.seed());
    }
}
