//! How long compiling takes: the macro's expansion of flows of growing size, by calling the compiler as a library, and cargo's
//! build of the example, from nothing and after an edit of its flow.

use std::ffi::OsStr;
use std::fs;
use std::hint::black_box;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use proc_macro2::TokenStream;

use crate::measure::{Spread, thread_time};

/// Statements of the flows that are expanded.
pub const STATEMENTS: [usize; 3] = [10, 100, 300];

/// A flow whose pipeline has this many selects, with the kinds of expression that people write.
pub fn flow(statements: usize) -> String {
    let mut text = String::from(
        "/// A long flow.\npub flow Long;\n\
         define onramp metronome from metronome with interval = 1000 end;\n\
         define offramp sink from blackhole end;\n\
         define pipeline long\n",
    );
    for at in 0..statements {
        text += &match at % 3 {
            0 => format!("select event from in where event.id % {} != 1 into out;\n", at + 2),
            1 => format!(
                "select merge event of {{ \"id\": event.id + {at}, \"at\": \"{at}\" }} end from in into out;\n"
            ),
            _ => format!(
                "select {{ \"id\": {at}, \"onramp\": event.onramp, \"ns\": event.ingest_ns * 2 }} \
                 from in where event.onramp == \"metronome\" into out;\n"
            ),
        };
    }
    text += "end;\n\
        define binding all links\n\
        /onramp/metronome/{i}/out => /pipeline/long/{i}/in,\n\
        /pipeline/long/{i}/out => /offramp/sink/{i}/in\n\
        end;\n\
        create binding /binding/all/01 with i = \"01\" end;\n";
    text
}

/// Milliseconds of processor time to expand a flow, after its text has become tokens.
///
/// # Panics
/// The flow is not accepted.
pub fn expansion(statements: usize, rounds: u32) -> Spread {
    let tokens: TokenStream = flow(statements).parse().expect("the flow is Rust tokens");
    let code = foreshock_compiler::compile(tokens.clone()).to_string();
    assert!(!code.contains("compile_error"), "the flow of {statements} statements is refused: {code:.2000}");
    Spread::of((0..rounds).map(|_| {
        let begun = thread_time();
        black_box(foreshock_compiler::compile(tokens.clone()));
        (thread_time() - begun).as_secs_f64() * 1000.0
    }))
}

/// What cargo took to build the example.
#[derive(Clone, Copy, Debug)]
pub struct Builds {
    /// From nothing, dependencies included (downloaded already).
    pub clean: Duration,
    /// After a change of a number in the flow.
    pub incremental: Duration,
}

/// Builds a copy of the round robin example as a package of its own, in a temporary folder. Takes minutes.
///
/// # Errors
/// The folder cannot be written, or the build fails.
pub fn builds() -> io::Result<Builds> {
    let folder = Folder::new("compile-time")?;
    package(&folder)?;
    let source = folder.0.join("src/main.rs");
    let example = fs::read_to_string(root()?.join("examples/roundrobin.rs"))?;
    let flow = example.split_once("pipeline! {").and_then(|(_, rest)| rest.split_once("\n}\n"));
    let (flow, _) = flow.ok_or_else(|| io::Error::other("the example holds no flow"))?;
    let program = |interval: u32| {
        let flow = flow.replace("interval = 1000", &format!("interval = {interval}"));
        format!(
            "foreshock::pipeline! {{{flow}\n}}\n\
             fn main() -> std::process::ExitCode {{\n    RoundRobin::main()\n}}\n"
        )
    };
    fs::write(&source, program(1000))?;
    let clean = build(&folder, &[])?;
    fs::write(&source, program(999))?;
    let incremental = build(&folder, &[])?;
    Ok(Builds { clean, incremental })
}

/// Where the workspace is.
fn root() -> io::Result<&'static Path> {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// Makes the folder a package that depends on foreshock, without its source.
pub(crate) fn package(folder: &Folder) -> io::Result<()> {
    let runtime = root()?.join("runtime");
    let manifest = format!(
        "[package]\nname = \"measured\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\nforeshock = {{ path = {runtime:?} }}\n\
         [workspace]\n[profile.dev]\ndebug = \"line-tables-only\"\n"
    );
    fs::create_dir_all(folder.0.join("src"))?;
    fs::write(folder.0.join("Cargo.toml"), manifest)?;
    fs::copy(root()?.join("Cargo.lock"), folder.0.join("Cargo.lock")).map(|_| ())
}

/// Builds the package in a folder; gives the time by the clock.
pub(crate) fn build(folder: &Folder, more: &[&str]) -> io::Result<Duration> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsStr::new("cargo").to_owned());
    let begun = Instant::now();
    let status = Command::new(cargo)
        .args(["build", "--offline", "--quiet", "--target-dir", "target"])
        .args(more)
        .current_dir(&folder.0)
        .stdin(Stdio::null())
        .status()?;
    if status.success() { Ok(begun.elapsed()) } else { Err(io::Error::other(format!("cargo: {status}"))) }
}

/// A folder that is removed at the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// A new one, for what is named.
    pub(crate) fn new(what: &str) -> io::Result<Folder> {
        let path = std::env::temp_dir().join(format!("foreshock-{what}-{}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Folder(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
