//! Modules of the language, built or not, so that a message can say "not supported yet".

/// Whether the language has a module of this name, or modules below it, built or not.
pub fn is_known_module(path: &str) -> bool {
    let is_below = |module: &str| {
        module.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    if path.is_empty() {
        return false;
    }
    KNOWN.iter().any(|module| is_below(module) || is_called(module, path))
}

/// Whether a path names this module: by its own name, or by the one under which it needs no `use` (`core::string` is
/// `std::string`).
pub(super) fn is_called(module: &str, path: &str) -> bool {
    let short = module.split_once("::").map(|(_, rest)| rest);
    path == module || (short.is_some() && path.strip_prefix("core::") == short)
}

const KNOWN: &[&str] = &[
    "cncf::otel::logs::severity",
    "cncf::otel::logs::traceflags",
    "cncf::otel::metrics::temporality",
    "cncf::otel::span_id",
    "cncf::otel::trace::spankind",
    "cncf::otel::trace::status",
    "cncf::otel::trace_id",
    "core::datetime",
    "std::array",
    "std::base64",
    "std::binary",
    "std::float",
    "std::integer",
    "std::json",
    "std::math",
    "std::random",
    "std::range",
    "std::re",
    "std::record",
    "std::string",
    "std::test",
    "std::type",
    "std::url",
    "tremor::chash",
    "tremor::origin",
    "tremor::system",
];
