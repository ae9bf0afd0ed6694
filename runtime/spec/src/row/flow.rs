//! The flow's own row: settings that concern the whole program.

use super::KeyRow;
use super::shared::duration;

/// The flow's own settings.
#[derive(Debug)]
pub struct FlowRow {
    /// Its path in overrides: `flow.drain_timeout`.
    pub path: &'static str,
    /// Its keys. They cannot be written in a flow, only set at start.
    pub keys: &'static [KeyRow],
}

/// The one flow row.
pub static FLOW: FlowRow = FlowRow { path: "flow", keys: KEYS };

const KEYS: &[KeyRow] = &[
    duration(
        "drain_timeout",
        10_000,
        0,
        "how long sinks may take to confirm what is on its way when the flow stops",
    ),
    duration(
        "start_timeout",
        2_000,
        0,
        "how long sources wait at most for the sinks' first attempts to connect",
    ),
    duration(
        "breaker_after",
        100,
        1,
        "how long a sink has no room until that is shown as a triggered circuit breaker",
    ),
];
