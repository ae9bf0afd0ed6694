//! What a node tells observers (breakers, logs, the summary): a snapshot, taken between steps.

use crate::core::Measures;

/// What kind of node a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// An onramp.
    Source,
    /// An operator or select of a pipeline.
    Operator,
    /// An offramp.
    Sink,
}

/// Totals since the start, and levels (`pending…`, `parked`) as they are now. Events unless said otherwise.
/// A node leaves what it does not have at zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Came in (a source: were made).
    pub taken: u64,
    /// Were found on disk at the start, and not acknowledged there; not among `taken`.
    pub recovered: u64,
    /// Went out (a log: first deliveries and replays alike).
    pub emitted: u64,
    /// Acknowledged: confirmed by a peer, or by what lies downstream.
    pub acked: u64,
    /// Failed deliveries.
    pub failed: u64,
    /// Deliveries that were repeats.
    pub replayed: u64,
    /// Removed by a `where`, or by a port that nobody linked.
    pub dropped: u64,
    /// Rejected by a peer, or impossible to send; sent to `err` or counted here and acknowledged.
    pub rejected: u64,
    /// Expressions that failed; sent to `err` or counted here and acknowledged.
    pub errors: u64,
    /// Failed with nobody to replay them.
    pub lost: u64,
    /// Places in a log's files that were broken when it was opened. What a killed process or a power failure leaves at the end of
    /// a file is none.
    pub broken: u64,
    /// How many bytes these are.
    pub broken_bytes: u64,
    /// Events that were lost with them: the log had taken them, and nobody gets them. It is what the files allow for at most; 0
    /// says that nothing is lost.
    pub broken_events: u64,
    /// Answers to deliveries that were over already.
    pub stale: u64,
    /// Not answered yet (a log: kept).
    pub pending: u64,
    /// Encoded payload bytes of `pending`.
    pub pending_bytes: u64,
    /// Results that wait in front of a full log.
    pub parked: u64,
    /// Connections made.
    pub connects: u64,
    /// Attempts to connect that failed, the handshake included.
    pub failed_connects: u64,
    /// Connections that ended.
    pub disconnects: u64,
}

/// One node's report.
#[derive(Clone, Debug)]
pub struct NodeReport<'a> {
    /// `onramp.metronome`, `pipeline.roundrobin.in_memory_wal`, `offramp.ws0`: as settings name it.
    pub path: &'a str,
    /// The instance it belongs to (`01`).
    pub instance: &'a str,
    /// What it is.
    pub kind: NodeKind,
    /// Whether it could take an event now.
    pub has_room: bool,
    /// Of a sink without room: whether that is so only until somebody reads on; see [`Sink::is_slow`](crate::core::Sink::is_slow).
    pub is_slow: bool,
    /// Its numbers.
    pub counts: Counts,
    /// What it measures.
    pub measures: Measures,
}
