//! `tremor::system`: what a running flow knows of its surroundings. The values come from the runtime.

use super::{Class, ContextValue, FunctionRow, FunctionSource};

pub(super) const MODULE: &str = "tremor::system";

pub(super) static ROWS: &[FunctionRow] = &[
    row("hostname", Class::String, ContextValue::Hostname, "the name of the host"),
    row(
        "ingest_ns",
        Class::Integer,
        ContextValue::IngestNs,
        "when the event entered the flow, in ns since 1970",
    ),
    row("instance", Class::String, ContextValue::Instance, "the name of the flow's instance"),
    row("nanotime", Class::Integer, ContextValue::Nanotime, "the system clock now, in ns since 1970"),
    row("version", Class::String, ContextValue::Version, "the version of foreshock"),
];

const fn row(name: &'static str, result: Class, value: ContextValue, doc: &'static str) -> FunctionRow {
    FunctionRow {
        module: MODULE,
        name,
        params: &[],
        rest: None,
        result,
        fallible: false,
        source: FunctionSource::Context(value),
        doc,
    }
}
