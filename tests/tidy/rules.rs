//! What tidy checks, as tables. A rule names the folders that it holds for, what must not be there, and why.

/// Lines that a file may have, tests apart.
pub(crate) const FILE_LINES: usize = 500;
/// Lines that a function may have, tests apart.
pub(crate) const FUNCTION_LINES: usize = 70;
/// Folders whose sizes do not matter: tests, and tables of rows.
pub(crate) const ANY_SIZE: &[&str] = &["tests/e2e/", "runtime/spec/src/row/"];
/// Folders that hold cases and stored outputs: no code that anybody maintains. What lies in `tests/ui/` itself is.
pub(crate) const CASES: &[&str] = &["tests/ui/*/", "/snapshots/", "/fixtures/"];

/// What must not be there.
pub(crate) enum Ban {
    /// Paths that begin so, written in full or through `use`, tests apart; the second list is allowed nevertheless.
    Paths(&'static [&'static str], &'static [&'static str]),
    /// These tokens in this order, in code.
    Tokens(&'static [&'static str]),
    /// This text anywhere, in comments too.
    Text(&'static [&'static str]),
    /// These dependencies in a Cargo.toml.
    Dependencies(&'static [&'static str]),
}

/// One rule.
pub(crate) struct Rule {
    /// Where it holds: beginnings of paths (`""`: everywhere).
    pub(crate) within: &'static [&'static str],
    /// Beginnings of paths where it does not.
    pub(crate) except: &'static [&'static str],
    /// What must not be there.
    pub(crate) ban: Ban,
    /// Said in the finding.
    pub(crate) why: &'static str,
}

/// The parts of the runtime that are the synchronous core.
const CORE: &[&str] = &[
    "runtime/src/core/",
    "runtime/src/operator/",
    "runtime/src/source/",
    "runtime/src/sink/",
    "runtime/src/pipeline/",
];
/// The one file in which the compiler spells paths of the runtime.
pub(crate) const RUNTIME_PATHS: &str = "macros/compiler/src/emit/tokens.rs";

#[rustfmt::skip]
pub(crate) const RULES: &[Rule] = &[
    // Who knows whom: crates.
    Rule { within: &["runtime/"], except: &["runtime/src/lib.rs"],
        ban: Ban::Paths(&["foreshock_compiler", "foreshock_macros"], &[]),
        why: "the runtime uses nothing of the compiler" },
    Rule { within: &["runtime/src/lib.rs"], except: &[],
        ban: Ban::Paths(&["foreshock_compiler", "foreshock_macros"], &["foreshock_macros::pipeline"]),
        why: "the runtime's one edge to the compiler is the line that re-exports `pipeline!`" },
    Rule { within: &["runtime/Cargo.toml"], except: &[],
        ban: Ban::Dependencies(&["foreshock-compiler"]),
        why: "the runtime uses nothing of the compiler" },
    Rule { within: &["runtime/spec/Cargo.toml"], except: &[],
        ban: Ban::Dependencies(&["foreshock", "foreshock-compiler", "foreshock-macros", "tokio"]),
        why: "the registry knows neither compiler nor runtime" },
    Rule { within: &["macros/Cargo.toml", "macros/compiler/Cargo.toml"], except: &[],
        ban: Ban::Dependencies(&["foreshock", "tokio"]),
        why: "the compiler uses nothing of the runtime" },
    Rule { within: &["macros/src/", "macros/compiler/src/"], except: &[RUNTIME_PATHS],
        ban: Ban::Paths(&["foreshock"], &[]),
        why: "the compiler knows the runtime only as paths, spelled in one file" },

    // Who knows whom: passes. Each is a pure function of what the earlier ones gave.
    Rule { within: &["macros/compiler/src/syntax/"], except: &[],
        ban: Ban::Paths(&["crate::resolve", "crate::check", "crate::lower", "crate::emit"], &[]),
        why: "an earlier pass does not use a later one" },
    Rule { within: &["macros/compiler/src/resolve/"], except: &[],
        ban: Ban::Paths(&["crate::check", "crate::lower", "crate::emit"], &[]),
        why: "an earlier pass does not use a later one" },
    Rule { within: &["macros/compiler/src/check/"], except: &[],
        ban: Ban::Paths(&["crate::lower", "crate::emit"], &[]),
        why: "an earlier pass does not use a later one" },
    Rule { within: &["macros/compiler/src/lower/"], except: &[],
        ban: Ban::Paths(&["crate::emit"], &[]),
        why: "an earlier pass does not use a later one" },
    Rule { within: &["macros/compiler/src/check/"], except: &[],
        ban: Ban::Tokens(&["&mut Graph"]),
        why: "`check` does not change the graph" },
    Rule { within: &["macros/compiler/src/lower/", "macros/compiler/src/emit/"], except: &[],
        ban: Ban::Tokens(&["Diagnostics", "Diagnostic", "diagnostics", "compile_error"]),
        why: "`lower` and `emit` report no error" },
    Rule { within: &["macros/compiler/src/"], except: &[],
        ban: Ban::Tokens(&["HashMap", "HashSet"]),
        why: "the order of a hash table must reach no output; take an ordered or an index map" },

    Rule { within: &["macros/compiler/src/"], except: &["macros/compiler/src/files/disk.rs"],
        ban: Ban::Paths(&["std::fs", "std::env", "glob"], &[]),
        why: "the compiler reads files through one trait, so that tests need no disk" },

    // The synchronous core: time, bytes and answers are arguments.
    Rule { within: CORE, except: &[],
        ban: Ban::Paths(&["tokio", "tokio_tungstenite", "std::net", "std::fs", "std::time", "std::thread", "std::sync::mpsc", "std::process", "std::env", "hostname"],
                        &["std::time::Duration", "std::net::IpAddr", "tokio_tungstenite::tungstenite"]),
        why: "the synchronous core names no task, socket, file or clock" },
    Rule { within: CORE, except: &["runtime/src/sink/ws/"],
        ban: Ban::Paths(&["tokio_tungstenite"], &[]),
        why: "only the websocket sink speaks websocket" },
    Rule { within: &["runtime/src/operator/", "runtime/src/source/", "runtime/src/sink/", "runtime/src/pipeline/"], except: &[],
        ban: Ban::Paths(&["rand"], &[]),
        why: "randomness comes through the seam, so that a simulation repeats exactly" },
    Rule { within: &["runtime/src/core/"], except: &[],
        ban: Ban::Paths(&["crate::operator", "crate::source", "crate::sink", "crate::driver", "crate::program", "crate::world"], &[]),
        why: "the core's vocabulary stands below all else" },
    Rule { within: &["runtime/src/operator/"], except: &[],
        ban: Ban::Paths(&["crate::source", "crate::sink", "crate::driver", "crate::program", "crate::world"], &[]),
        why: "an operator knows no source, no sink and no driver" },
    Rule { within: &["runtime/src/pipeline/"], except: &[],
        ban: Ban::Paths(&["crate::source", "crate::sink", "crate::driver", "crate::program", "crate::world"], &["crate::world::hostname"]),
        why: "a pipeline knows no source, no sink, no driver, and of the world only the host's name" },
    Rule { within: &["runtime/src/source/", "runtime/src/sink/"], except: &[],
        ban: Ban::Paths(&["crate::operator", "crate::driver", "crate::program", "crate::world"], &[]),
        why: "a source or sink knows no operator and no driver" },

    // Tasks and queues.
    Rule { within: &["runtime/src/"], except: &["runtime/src/driver/", "runtime/src/program/", "runtime/src/testing/", "runtime/src/world/real/disk.rs", "runtime/src/world/real/local.rs", "runtime/src/world/real/names.rs", "runtime/src/world/real/tls.rs"],
        ban: Ban::Paths(&["tokio::spawn", "tokio::task", "tokio::sync", "std::thread", "std::sync::mpsc"], &[]),
        why: "only the driver (the command line around it, and the real world for what may block) spawns tasks and makes channels" },
    Rule { within: &[""], except: &["tests/tidy/"],
        ban: Ban::Tokens(&["unbounded_channel", "UnboundedSender", "UnboundedReceiver", "unbounded", "mpsc::channel()"]),
        why: "every queue has a limit" },
    Rule { within: &[""], except: &[],
        ban: Ban::Paths(&["std::sync::mpsc"], &["std::sync::mpsc::sync_channel"]),
        why: "every queue has a limit, and `std`'s `channel` has none" },

    // Everywhere.
    Rule { within: &[""], except: &["tests/tidy/"],
        ban: Ban::Tokens(&["unsafe", "todo!", "unimplemented!", "dbg!", "#[ignore"]),
        why: "nothing unsafe, unfinished or left out" },
    Rule { within: &[""], except: &["tests/tidy/"],
        ban: Ban::Text(&["FIXME", "TODO"]),
        why: "what is open belongs into an issue" },
    Rule { within: &[""], except: &["tests/tidy/"],
        ban: Ban::Text(&["/home/", "/root/", "/Users/", "/work/", "/tmp/"]),
        why: "no path of somebody's machine" },
];
