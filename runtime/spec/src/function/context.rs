//! `tremor::system`: what a running flow knows of its surroundings. The values come from the runtime.

use super::{Class, ContextValue, FunctionRow, FunctionSource};

pub(super) const MODULE: &str = "tremor::system";

pub(super) static ROWS: &[FunctionRow] = &[
    row(MODULE, "hostname", Class::String, ContextValue::Hostname, "the name of the host"),
    row(
        MODULE,
        "ingest_ns",
        Class::Integer,
        ContextValue::IngestNs,
        "when the event entered the flow, in ns since 1970",
    ),
    row(MODULE, "instance", Class::String, ContextValue::Instance, "the name of the flow's instance"),
    row(MODULE, "nanotime", Class::Integer, ContextValue::Nanotime, "the system clock now, in ns since 1970"),
    row(MODULE, "version", Class::String, ContextValue::Version, "the version of foreshock"),
];

/// A function without arguments whose result comes from the runtime.
pub(super) const fn row(
    module: &'static str,
    name: &'static str,
    result: Class,
    value: ContextValue,
    doc: &'static str,
) -> FunctionRow {
    FunctionRow {
        module,
        name,
        params: &[],
        rest: None,
        result,
        fallible: false,
        check_constants: None,
        source: FunctionSource::Context(value),
        doc,
    }
}
