//! What the pipelines may ask of their surroundings, as plain values.

use foreshock_spec::json;

use crate::core::Time;

/// Which event of which source it is that enters: a source whose log is on disk goes on behind the last one stored there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Names the source ([`Origin::source`]).
    pub source: u32,
    /// The number that the source gave to the event.
    pub id: u64,
}

impl Origin {
    /// The name of a source in a log's files, from its path in settings (`onramp.metronome`) and its instance (`01`): their
    /// FNV-1a hash, the same in every build.
    pub fn source(path: &str, instance: &str) -> u32 {
        let bytes = path.bytes().chain([b'/']).chain(instance.bytes());
        bytes.fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }
}

/// The surroundings of a pipeline: facts that hold for the run, and the time of this step.
#[derive(Clone, Debug)]
pub struct Context {
    hostname: Box<str>,
    hostname_json: Box<[u8]>,
    instance: Box<str>,
    now: Time,
    unix_ns: u64,
    origin: Option<Origin>,
}

impl Context {
    /// `hostname` is what `system::hostname()` gives, `instance` what `system::instance()` gives.
    pub fn new(hostname: &str, instance: &str) -> Context {
        let mut hostname_json = Vec::new();
        json::write_str(&mut hostname_json, hostname);
        Context {
            hostname_json: hostname_json.into(),
            hostname: hostname.into(),
            instance: instance.into(),
            now: Time::ZERO,
            unix_ns: 0,
            origin: None,
        }
    }

    /// Moves the clocks: monotonic since the start, and the system clock in nanoseconds since the Unix epoch.
    pub fn set_time(&mut self, now: Time, unix_ns: u64) {
        self.now = now;
        self.unix_ns = unix_ns;
    }

    /// Says which event of a source enters now; `None` behind it.
    #[inline]
    pub fn set_origin(&mut self, origin: Option<Origin>) {
        self.origin = origin;
    }

    /// Which event of a source enters now, if it is one of a source that can go on behind it.
    #[inline]
    pub fn origin(&self) -> Option<Origin> {
        self.origin
    }

    /// The name of this host.
    #[inline]
    pub fn hostname(&self) -> &str {
        &self.hostname
    }

    /// The length of the host's name as a JSON string, quotes included.
    #[inline]
    pub fn hostname_len(&self) -> u64 {
        self.hostname_json.len() as u64
    }

    /// The host's name as a JSON string, quotes included.
    #[inline]
    pub fn hostname_json(&self) -> &[u8] {
        &self.hostname_json
    }

    /// The name of this instance of the flow.
    #[inline]
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// Monotonic time of this step.
    #[inline]
    pub fn now(&self) -> Time {
        self.now
    }

    /// System clock of this step, nanoseconds since the Unix epoch.
    #[inline]
    pub fn unix_ns(&self) -> u64 {
        self.unix_ns
    }
}
