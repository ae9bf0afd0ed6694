//! What travels with an event, and what comes back for it. Payloads are not here: each edge of a flow has its
//! own representation (a generated record, encoded bytes, a dynamic value).

/// One *delivery* of an event by a listener (a log or a source): a slot of its table and the slot's generation.
///
/// The end of a delivery begins a new generation of its slot, so an answer to an old delivery is told apart and ignored.
/// At a log a delivery ends with its first fail (it is replayed) or its last acknowledgement; at a source, which does not
/// replay, with the answer of its last branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventId {
    /// Index of the slot in the listener's table.
    pub slot: u32,
    /// The slot's generation when the event was delivered.
    pub generation: u32,
}

/// What an edge carries to name an event to the nearest listener upstream: an [`EventId`], an enum of several,
/// or `()` where nobody listens.
pub trait Tag: Copy + Send + 'static {}

impl<T: Copy + Send + 'static> Tag for T {}

/// What every edge carries beside the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head<T> {
    /// Names the event to the nearest listener upstream.
    pub tag: T,
    /// When the event entered the flow: system clock, nanoseconds since the Unix epoch.
    pub ingest_ns: u64,
    /// A peer may have closed because of this event: it is delivered alone (see [`Answer::Suspect`]).
    pub suspect: bool,
}

impl<T> Head<T> {
    /// The same event, named to another listener.
    #[inline]
    pub fn tagged<U>(&self, tag: U) -> Head<U> {
        Head { tag, ingest_ns: self.ingest_ns, suspect: self.suspect }
    }
}

/// The verdict on one branch of a delivery; it travels the contraflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Confirmed, or done for good otherwise (filtered, rejected and counted).
    Ack,
    /// Not confirmed; the listener replays it, or counts it as lost.
    Fail,
    /// Not confirmed, and it may be the reason: replayed alone.
    Suspect,
}
