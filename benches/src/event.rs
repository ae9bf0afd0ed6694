//! The events of the founding flow, as a source gives them: what both sides of a comparison begin with.

/// A metronome's event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// The kind of the source.
    pub onramp: &'static str,
    /// Counts from 0.
    pub id: u64,
    /// Nanoseconds since the Unix epoch.
    pub ingest_ns: u64,
}

/// The time of the first event; 19 digits, as every time until the year 2286 has.
const FIRST_NS: u64 = 1_600_689_100_122_526_000;
/// Between two events: a little more than a microsecond, so that all digits change.
const STEP_NS: u64 = 1_013;

impl Tick {
    /// The event of this number. Each has a time of its own, so that nobody gains by keeping the digits of the last one.
    #[inline]
    pub fn numbered(id: u64) -> Tick {
        Tick { onramp: "metronome", id, ingest_ns: FIRST_NS + id * STEP_NS }
    }
}
