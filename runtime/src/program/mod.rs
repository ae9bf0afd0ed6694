//! A flow as a program: settings and command line, start, handle, signals, summary, exit code.
//!
//! Generated code describes a flow as a constant [`Program`]; its `main()` is [`main`], its `builder()` is
//! [`Builder::new`]. How a machine is driven is not here (the driver), nor what it does (the core).

mod arguments;
mod builder;
mod check;
mod handle;
mod help;
mod log;
#[cfg(any(feature = "metrics", feature = "prometheus"))]
mod metrics;
mod run;
mod summary;
mod tell;
mod wal;

#[cfg(test)]
mod tests;

pub use arguments::{SummaryFormat, Usage};
pub use builder::{Builder, StartError};
pub use handle::Handle;
pub use summary::{NodeSummary, Summary};

use std::process::ExitCode;

use foreshock_spec::forms::Forms;
use foreshock_spec::picture::Picture;
use foreshock_spec::{Definition, Settings};

use crate::core::{Context, Machine, Random};

/// What generated code says of a flow.
#[derive(Debug)]
pub struct Program {
    /// The flow's name.
    pub name: &'static str,
    /// The flow's doc comments.
    pub about: &'static str,
    /// The version of the package that the flow is in.
    pub version: &'static str,
    /// Everything that has settings.
    pub definitions: &'static [Definition],
    /// One per instance of the flow.
    pub machines: &'static [MachineMaker],
    /// What it is made of, for `check` and `graph`.
    pub picture: Picture<'static>,
    /// In which forms events go on its ways, for `check --plan`.
    pub forms: Forms<'static>,
}

/// Makes one instance of a flow.
#[derive(Debug)]
pub struct MachineMaker {
    /// The instance's name (`01`).
    pub instance: &'static str,
    /// Makes its machine.
    pub make: fn(&Settings, &mut Start) -> Box<dyn Machine>,
}

/// What a machine is given when it is made.
#[derive(Debug)]
pub struct Start {
    /// The name of this host.
    pub hostname: String,
    /// The instance's own generator; parts of the machine take forks of it.
    pub random: Random,
}

impl Start {
    /// The surroundings of the pipelines of one instance.
    pub fn context(&self, instance: &str) -> Context {
        Context::new(&self.hostname, instance)
    }
}

/// The ready program: the builder with the process's arguments, then [`Builder::run`].
pub fn main(program: &'static Program) -> ExitCode {
    let mut builder = Builder::new(program);
    match builder.arguments(std::env::args_os()) {
        Ok(builder) => builder.run(),
        Err(usage) => usage.show(),
    }
}
