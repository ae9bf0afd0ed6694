//! What generated code refers to, in one place. Not for users: it may change with every version.

pub use foreshock_spec::json::{Buffer, Recent, put, put_slice, put_text};
pub use foreshock_spec::{Definition, Kind, Literal, Settings, Value, forms, function, json, op, picture};

pub use crate::core::{
    Answer, Ask, Context, Deliveries, EventId, Handed, Head, Machine, Measures, NodeKind, NodeReport, Origin,
    Progress, RefusedLine, Relay, Sink, SinkSetup, Source, SourceLimit, Storage, Tag, Tally, Time, Wire,
};
pub use crate::operator::{DiskWal, DiskWalConfig, RoundRobin, Stored, Wal, WalConfig};
pub use crate::pipeline::{
    Collector, Constant, Decode, Embedded, Encode, EvalError, Keep, Null, Pipeline, QueryCounts, Restore,
    ShapeError, Unmade, any_fields, at, constant, decoded, encode_unusual, error_event, field, fields,
    record_of, recovered_event, refused_line, rejected_event, restore_field, source_error, text_of,
    too_large, unfit,
};
pub use crate::program::{Builder, MachineMaker, Program, Start, main};
pub use crate::sink::{Blackhole, Stderr, Stdout, WriteFile, Ws};
pub use crate::source::{Blaster, Metronome, ReadFile, Stdin};

/// What `system::version()` gives.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Events that one source makes at most in one step of its machine, so that nobody else waits long.
pub const SOURCE_BATCH: u32 = 64;
