//! Expressions that fail at run time: their texts, their counts, and the events that tell of them.

use std::fmt;
use std::time::Duration;

use foreshock_spec::{OpError, Value};

use super::encode::record_of;
use crate::core::{Context, Counts, Handed, Passed, RateLimit, RefusedLine, SinkError};

/// How often at most a pipeline logs events that failed in it, and how often those sent to an unlinked `err`.
const LOG_EVERY: Duration = Duration::from_secs(1);

/// An expression failed for an event, or a log cannot hold it: where in the flow, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvalError(String);

impl EvalError {
    pub(super) fn new(text: String) -> EvalError {
        EvalError(text)
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for EvalError {}

/// Adds the place in the flow to an operator's failure.
///
/// # Errors
/// The operator failed.
#[inline]
pub fn at<V>(result: Result<V, OpError>, site: &'static str) -> Result<V, EvalError> {
    result.map_err(|error| EvalError(format!("{site}: {error}")))
}

/// An event of this many encoded bytes is larger than what the log's `max_bytes` allows: that, or on disk an eighth of it.
pub fn too_large(bytes: u64) -> EvalError {
    EvalError(format!("the event has {bytes} bytes, more than `max_bytes` of the log allows"))
}

/// `{"error": text, "event": the event}`
pub fn error_event(error: &EvalError, event: Value) -> Value {
    record_of([("error", Value::from(error.0.as_str())), ("event", event)])
}

/// The same for an event that a sink rejected.
pub fn rejected_event<T>(rejected: &SinkError<T>) -> Value {
    let event = Value::parse(&rejected.payload).unwrap_or(Value::Null);
    record_of([("error", Value::from(rejected.error.as_str())), ("event", event)])
}

/// The same for an event that a source's limit refused; logged too, since it enters no flow.
pub fn source_error(onramp: &str, instance: &str, error: &str, event: Value) -> Value {
    tracing::warn!(onramp, instance, error, "an event does not enter the flow");
    record_of([("error", Value::from(error)), ("event", event)])
}

/// The same for a line of which a source made no event; the event is the line's text.
pub fn refused_line(refused: &RefusedLine) -> Value {
    record_of([("error", Value::from(refused.error.as_str())), ("event", Value::from(refused.line.as_str()))])
}

/// What the selects of a pipeline count.
#[derive(Debug)]
pub struct QueryCounts {
    pipeline: &'static str,
    taken: u64,
    emitted: u64,
    errors: u64,
    dropped: u64,
    log: RateLimit,
}

impl QueryCounts {
    /// Of the pipeline that settings name so.
    pub fn new(pipeline: &'static str) -> QueryCounts {
        let log = RateLimit::new(LOG_EVERY);
        QueryCounts { pipeline, taken: 0, emitted: 0, errors: 0, dropped: 0, log }
    }

    /// An event came in.
    #[inline]
    pub fn taken(&mut self) {
        self.taken += 1;
    }

    /// An event goes out.
    #[inline]
    pub fn emitted(&mut self) {
        self.emitted += 1;
    }

    /// An event failed. It is worth a warning where nobody takes it at `err`.
    pub fn failed(&mut self, cx: &Context, error: &EvalError, is_err_linked: bool) {
        self.errors += 1;
        if let Some(Passed { suppressed }) = self.log.allow(cx.now()) {
            let (pipeline, instance, error) = (self.pipeline, cx.instance(), error.0.as_str());
            if is_err_linked {
                tracing::info!(pipeline, instance, error, suppressed, "an event failed in the query");
            } else {
                tracing::warn!(pipeline, instance, error, suppressed, "an event failed in the query");
            }
        }
    }

    /// An event was sent to `err`, and nothing is linked to it.
    pub fn sent_to_nobody(&mut self, cx: &Context) -> Handed {
        self.errors += 1;
        if let Some(Passed { suppressed }) = self.log.allow(cx.now()) {
            let (pipeline, instance) = (self.pipeline, cx.instance());
            tracing::warn!(
                pipeline,
                instance,
                suppressed,
                "an event was sent to `err`, to which nothing is linked"
            );
        }
        Handed::DONE
    }

    /// A `where` removed an event.
    #[inline]
    pub fn dropped(&mut self) -> Handed {
        self.dropped += 1;
        Handed::DONE
    }

    /// The numbers.
    pub fn counts(&self) -> Counts {
        let (taken, emitted) = (self.taken, self.emitted);
        Counts { taken, emitted, errors: self.errors, dropped: self.dropped, ..Counts::default() }
    }
}
