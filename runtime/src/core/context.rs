//! What the pipelines may ask of their surroundings, as plain values.

use foreshock_spec::json;

use crate::core::Time;

/// The surroundings of a pipeline: facts that hold for the run, and the time of this step.
#[derive(Clone, Debug)]
pub struct Context {
    hostname: Box<str>,
    hostname_json: Box<[u8]>,
    instance: Box<str>,
    now: Time,
    unix_ns: u64,
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
        }
    }

    /// Moves the clocks: monotonic since the start, and the system clock in nanoseconds since the Unix epoch.
    pub fn set_time(&mut self, now: Time, unix_ns: u64) {
        self.now = now;
        self.unix_ns = unix_ns;
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
