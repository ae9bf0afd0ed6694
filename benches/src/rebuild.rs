//! How long a release build takes after an edit of a flow, by the number of statements in its one pipeline: it must grow with
//! them and no faster, so that flows that a program has written, or a company over years, stay workable.
//!
//! Each flow is a package of its own that depends on foreshock. It is built, a number in its first select is changed, and it is
//! built again; the second build is measured. A release build is not incremental, so this is the expansion, all of rustc's and LLVM's
//! work on the flow, and the linking. What is told is processor time, that of all threads together, since on a machine that others use
//! the time by the clock says more about them.

use std::fs;
use std::io;
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

use crate::compile_time::{Folder, build, package};

/// Statements of the flows.
pub const STATEMENTS: [usize; 4] = [50, 100, 200, 400];

/// What is known of the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Events {
    /// Their shape: a metronome makes them.
    Typed,
    /// Nothing: they are lines of JSON.
    Dynamic,
}

/// How the selects are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One behind the other, with streams between them.
    Chain,
    /// All from one port, into one stream.
    Fan,
    /// Chains of a few, side by side, that come together in one stream.
    Mix,
}

/// The flows that are built.
pub const FLOWS: [(Events, Shape); 6] = [
    (Events::Typed, Shape::Chain),
    (Events::Typed, Shape::Fan),
    (Events::Typed, Shape::Mix),
    (Events::Dynamic, Shape::Chain),
    (Events::Dynamic, Shape::Fan),
    (Events::Dynamic, Shape::Mix),
];

/// Statements of a chain in a mix.
const SIDE: usize = 16;

/// What the builds of a flow took, by its number of statements.
#[derive(Clone, Debug)]
pub struct Line {
    /// What is known of its events.
    pub events: Events,
    /// How it is joined.
    pub shape: Shape,
    /// Statements, and the processor time of the build after an edit.
    pub times: Vec<(usize, Duration)>,
}

impl Line {
    /// Milliseconds of each further statement, between neighbouring sizes: the same for all where the time grows linearly.
    pub fn growth(&self) -> Vec<f64> {
        let pairs = self.times.windows(2);
        pairs
            .map(|pair| {
                let ((few, less), (many, more)) = (pair[0], pair[1]);
                (more.as_secs_f64() - less.as_secs_f64()) * 1000.0 / (many - few) as f64
            })
            .collect()
    }
}

/// A flow of so many statements, about; `number` stands in its first select.
pub fn flow(events: Events, shape: Shape, statements: usize, number: usize) -> String {
    let onramp = match events {
        Events::Typed => "metronome with interval = 1000",
        Events::Dynamic => "stdin with codec = \"json\"",
    };
    let mut text = format!(
        "pub flow Long;\ndefine onramp all from {onramp} end;\ndefine offramp sink from blackhole end;\n\
         define pipeline long\n\
         select merge event of {{ \"number\": {number} }} end from in into first;\ncreate stream first;\n"
    );
    match shape {
        Shape::Chain => chain(&mut text, "s", statements.saturating_sub(2), "out"),
        Shape::Fan => {
            for at in 0..statements.saturating_sub(4).max(1) {
                select(&mut text, at, "first", "last");
            }
            text += "create stream last;\nselect event from last into out;\n";
        }
        Shape::Mix => {
            for at in 0..(statements.saturating_sub(4) / SIDE).max(1) {
                chain(&mut text, &format!("s{at}x"), SIDE, "last");
            }
            text += "create stream last;\nselect event from last into out;\n";
        }
    }
    text += "end;\n\
        define binding all links\n\
        /onramp/all/{i}/out => /pipeline/long/{i}/in,\n\
        /pipeline/long/{i}/out => /offramp/sink/{i}/in\n\
        end;\n\
        create binding /binding/all/01 with i = \"01\" end;\n";
    text
}

/// Selects from the stream `first` into `last`, with streams between them that are called `name` and a number.
fn chain(text: &mut String, name: &str, statements: usize, last: &str) {
    let mut from = "first".to_owned();
    let between = statements.saturating_sub(1) / 2;
    for at in 0..between {
        let stream = format!("{name}{at}");
        *text += &format!("create stream {stream};\n");
        select(text, at, &from, &stream);
        from = stream;
    }
    select(text, between, &from, last);
}

/// One of the kinds of select that people write.
fn select(text: &mut String, at: usize, from: &str, into: &str) {
    *text += &match at % 3 {
        0 => format!("select event from {from} where event.id % {} != 1 into {into};\n", at + 2),
        1 => format!("select merge event of {{ \"id\": event.id + {at} }} end from {from} into {into};\n"),
        _ => format!(
            "select merge event of {{ \"ingest_ns\": event.ingest_ns * 2, \"at\": \"{at}\" }} end from {from} into {into};\n"
        ),
    };
}

/// Builds each of [`FLOWS`] in each of these sizes. The first build makes the dependencies too; all of it takes some 20 minutes of a
/// processor.
///
/// # Errors
/// The temporary folder cannot be written, or a build fails.
pub fn measure(sizes: &[usize], mut tell: impl FnMut(&Line) -> io::Result<()>) -> io::Result<()> {
    let folder = Folder::new("rebuild")?;
    package(&folder)?;
    let source = folder.path().join("src/main.rs");
    let program = |events, shape, statements, number| {
        let flow = flow(events, shape, statements, number);
        format!(
            "foreshock::pipeline! {{\n{flow}}}\nfn main() -> std::process::ExitCode {{\n    Long::main()\n}}\n"
        )
    };
    for (events, shape) in FLOWS {
        let mut times = Vec::new();
        for statements in sizes {
            fs::write(&source, program(events, shape, *statements, 1))?;
            build(&folder, &["--release"])?;
            fs::write(&source, program(events, shape, *statements, 2))?;
            let before = children()?;
            build(&folder, &["--release"])?;
            times.push((*statements, children()? - before));
        }
        tell(&Line { events, shape, times })?;
    }
    Ok(())
}

/// Processor time of all children that have ended, and theirs.
fn children() -> io::Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let times = [usage.user_time(), usage.system_time()];
    let micros = times.iter().map(|time| time.num_microseconds()).sum::<i64>();
    Ok(Duration::from_micros(u64::try_from(micros).expect("time does not go back")))
}
