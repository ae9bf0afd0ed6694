//! The seam: everything that a running flow takes from outside (network, clock, randomness, environment, the host's name) behind
//! one trait, so that a whole flow, driver and sinks included, runs in a simulation as it runs in the world.
//!
//! A type parameter, not a trait object: the driver is compiled once per world. What a flow does with the bytes
//! and the time is not here (that is the core), nor is the moving of bytes (that is the driver's I/O tasks).

mod real;

pub use real::{RealStream, RealWorld};

use std::ffi::OsString;
use std::future::Future;
use std::io;
use std::time::Duration;

use foreshock_spec::is_same_path;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::core::{Endpoint, Time};

/// What a running flow takes from outside. A clone is the same world: same network, same start of time.
pub trait World: Clone + Send + Sync + 'static {
    /// An open connection.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// Opens a byte stream. A host name means every address that it resolves to, tried in turn: each one when the one
    /// before it has failed, or has been silent for a quarter of a second. The first that answers is taken. Where who asks
    /// waits only `within`, each address gets a part of that at most.
    ///
    /// # Errors
    /// The host has no address, or the last address that was tried refused or could not be reached. There is no
    /// limit in time here: who asked gives up by dropping the future.
    fn connect(
        &self,
        endpoint: &Endpoint,
        within: Duration,
    ) -> impl Future<Output = io::Result<Self::Stream>> + Send;

    /// Monotonic time since this world was made.
    fn now(&self) -> Time;

    /// The system clock: nanoseconds since the Unix epoch.
    fn unix_ns(&self) -> u64;

    /// Returns at `at`, or up to a millisecond later; at once if that is past.
    fn sleep_until(&self, at: Time) -> impl Future<Output = ()> + Send;

    /// The name of this host.
    ///
    /// # Errors
    /// The system does not tell.
    fn hostname(&self) -> io::Result<String>;

    /// What an environment variable holds; `None` where there is no such variable.
    fn variable(&self, name: &str) -> Option<OsString>;

    /// Whether two paths lead to one file, which would be lost if one who writes emptied what another reads. A world without
    /// files compares the paths.
    fn is_same_file(&self, a: &str, b: &str) -> bool {
        is_same_path(a, b)
    }

    /// A fresh seed for the generators of one run.
    fn seed(&self) -> [u8; 32];
}

/// Said where there is TLS to do, and no TLS in the program.
#[cfg(not(feature = "tls"))]
pub(crate) const NO_TLS: &str =
    "this program was built without TLS: `wss` needs the feature `tls` of foreshock";

/// The name of the host that is really there, for a [`RealWorld`] and for a pipeline that runs without a world.
pub(crate) fn hostname() -> io::Result<String> {
    Ok(hostname::get()?.to_string_lossy().into_owned())
}
