//! Operators: the parts of a pipeline that keep events or choose their way. They know neither sources nor sinks;
//! generated code owns them as fields and calls them directly.

mod roundrobin;
mod wal;

pub use roundrobin::{RoundRobin, Turns};
pub(crate) use wal::can_count_on;
pub use wal::{
    Damage, DiskLent, DiskWal, DiskWalConfig, Identity, Lent, LogFile, Next, Record, Recovered,
    RecoveredRecord, Refusal, SegmentFound, SegmentHeader, Stored, Stretch, SyncMode, Wal, WalConfig,
    recover, recover_parts,
};
