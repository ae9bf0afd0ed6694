//! The world that is really there: TCP and TLS, the standard streams, files and logs' directories, the system's clocks, the system's randomness.

mod disk;
mod local;
mod names;
mod stream;
mod tcp;
#[cfg(feature = "tls")]
mod tls;

pub use disk::RealDirectory;
pub use stream::RealStream;

use std::ffi::OsString;
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use foreshock_spec::is_same_path;
use rand::Rng;
use tokio::time::{Instant, sleep_until};

use crate::core::{Endpoint, Time};
use crate::world::World;

/// TCP, the standard streams, files, the system's clocks, the system's randomness.
#[derive(Clone, Debug)]
pub struct RealWorld {
    started: Instant,
    names: names::Names,
    #[cfg(feature = "tls")]
    tls: tls::Tls,
}

impl RealWorld {
    /// A world whose time starts now.
    pub fn new() -> RealWorld {
        RealWorld {
            started: Instant::now(),
            names: names::Names::default(),
            #[cfg(feature = "tls")]
            tls: tls::Tls::default(),
        }
    }
}

impl Default for RealWorld {
    fn default() -> Self {
        RealWorld::new()
    }
}

impl World for RealWorld {
    type Stream = RealStream;
    type Directory = RealDirectory;

    async fn connect(&self, endpoint: &Endpoint, within: Duration) -> io::Result<RealStream> {
        match endpoint {
            Endpoint::Tcp { host, port } => {
                Ok(RealStream::tcp(tcp::connect(&self.names, host, *port, within).await?))
            }
            #[cfg(feature = "tls")]
            Endpoint::Tls { host, port, ca_file } => {
                let stream = self.tls.connect(&self.names, (host, *port), ca_file.as_deref(), within).await?;
                Ok(RealStream::tls(stream))
            }
            #[cfg(not(feature = "tls"))]
            Endpoint::Tls { .. } => Err(io::Error::new(io::ErrorKind::Unsupported, crate::world::NO_TLS)),
            Endpoint::Stdin => Ok(RealStream::read(local::stdin().await?)),
            Endpoint::Stdout => Ok(RealStream::write(local::stdout().await?)),
            Endpoint::Stderr => Ok(RealStream::write(local::stderr().await?)),
            Endpoint::ReadFile(path) => Ok(RealStream::read(local::read_file(path).await?)),
            Endpoint::WriteFile { path, keep } => {
                Ok(RealStream::write(local::write_file(path, *keep).await?))
            }
        }
    }

    fn directory(&self, path: &str) -> RealDirectory {
        RealDirectory::new(path)
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
        crate::world::hostname()
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }

    fn is_same_file(&self, a: &str, b: &str) -> bool {
        match (std::fs::canonicalize(a), std::fs::canonicalize(b)) {
            // Pipes and devices have nothing that could be emptied.
            (Ok(a), Ok(b)) => a == b && a.is_file(),
            _ => is_same_path(a, b),
        }
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

    #[test]
    fn seeds_differ() {
        let world = RealWorld::new();
        assert_ne!(world.seed(), world.seed());
    }
}
