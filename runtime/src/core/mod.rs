//! The synchronous core's vocabulary: events, answers, room, time, wires and the traits that generated code
//! and the driver meet in.
//!
//! Nothing below this folder knows a task, a socket, a file or a clock: time, bytes and answers come in as
//! arguments; bytes, requests and deadlines go out as values.

mod ask;
mod context;
mod deliveries;
mod event;
mod handed;
mod machine;
mod measures;
mod random;
mod rate_limit;
mod relay;
mod report;
mod source_limit;
mod storage;
mod tally;
mod time;
mod wire;

pub use ask::{Ask, Purpose};
pub use context::{Context, Origin};
pub use deliveries::Deliveries;
pub use event::{Answer, EventId, Head, Tag};
pub use handed::Handed;
pub use machine::{Machine, Progress, RefusedLine, Sink, SinkError, SinkSetup, Source};
pub use measures::{Measures, RoundTrip, Syncs};
pub use random::Random;
pub use rate_limit::{Passed, RateLimit};
pub use relay::Relay;
pub use report::{Counts, NodeKind, NodeReport};
pub use source_limit::SourceLimit;
pub use storage::{FileDone, FileError, FileName, FileReply, FileRequest, FileTrouble, Storage};
pub use tally::Tally;
pub use time::Time;
pub use wire::{Command, Endpoint, Wire, WireState};
