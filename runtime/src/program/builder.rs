//! Overrides and start of a flow, in its own program or inside somebody else's.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::net::SocketAddr;

use foreshock_spec::picture::total;
use foreshock_spec::{Origin, SettingError, Settings, Value, Variable, shown};
use tracing::warn;

use crate::core::{Machine, Random};
use crate::driver::Limits;
use crate::program::arguments::{self, Arguments, Command, Usage};
use crate::program::{Handle, Program, Start, check, wal};
use crate::world::{RealWorld, World};

/// A flow that can be started: what it says itself, under what is overridden here.
///
/// `pipeline!` writes a `builder()` for each flow:
///
/// ```
/// foreshock::pipeline! {
///     pub flow Ticks;
///
///     define onramp metronome from metronome with interval = 1000 end;
///     define offramp nowhere from blackhole end;
///     define pipeline all
///         select event from in into out;
///     end;
///     define binding default links
///         /onramp/metronome/01/out => /pipeline/all/01/in,
///         /pipeline/all/01/out     => /offramp/nowhere/01/in
///     end;
///     create binding /binding/default/01;
/// }
///
/// async fn embed() -> Result<(), Box<dyn std::error::Error>> {
///     let mut builder = Ticks::builder();
///     builder.set("onramp.metronome.interval", 10)?.set("flow.drain_timeout", 500)?;
///     let flow = builder.start()?;
///     // …
///     let summary = flow.drain().await;
///     assert!(summary.is_clean());
///     Ok(())
/// }
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
/// # runtime.block_on(embed()).expect("it starts");
/// ```
///
/// The builder installs no logging: [`Builder::start`] hands what there is to tell to whatever `tracing` subscriber the
/// program has set, and to nobody if it has set none. [`Builder::run`], which `main()` calls, is the exception: it sets
/// one that writes to stderr.
#[derive(Clone, Debug)]
pub struct Builder {
    program: &'static Program,
    settings: Settings,
    arguments: Arguments,
}

impl Builder {
    /// The flow as it is written.
    pub fn new(program: &'static Program) -> Builder {
        let settings = Settings::new(program.definitions);
        Builder { program, settings, arguments: Arguments::default() }
    }

    /// Overrides a setting, as `--set` does: `set("offramp.ws0.ack_timeout", 500_u64)`.
    ///
    /// # Errors
    /// There is no such definition or setting, it cannot be overridden, or the value is not legal.
    pub fn set(&mut self, path: &str, value: impl Into<Value>) -> Result<&mut Builder, SettingError> {
        self.settings.set(path, value)?;
        Ok(self)
    }

    /// The value that a setting has in the end. It may be a secret.
    ///
    /// # Errors
    /// There is no such definition or setting, or its value is an `env("NAME")`, which is read at start.
    pub fn setting(&self, path: &str) -> Result<Value, SettingError> {
        self.settings.get(path)
    }

    /// How many bytes all buffers of the flow take at most, with these settings: what `check` tells part by part. `u64::MAX` where
    /// they say nothing smaller. The program itself, and what a query makes of the one event that it has in hand, come to it.
    pub fn memory(&self) -> u64 {
        total(&check::memory(self.program, &self.settings))
    }

    /// Whether a setting was overridden, by [`Builder::set`] or by `--set`, be it by the very value that it had.
    ///
    /// # Errors
    /// There is no such definition or setting.
    pub fn is_overridden(&self, path: &str) -> Result<bool, SettingError> {
        self.settings.is_overridden(path)
    }

    /// Takes a command line, the program's name first: `--set` now, the rest in [`Builder::run`].
    ///
    /// # Errors
    /// It asks for help or the version, or is wrong; nothing is changed then.
    pub fn arguments(
        &mut self,
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<&mut Builder, Usage> {
        let mut settings = self.settings.clone();
        self.arguments = arguments::parse(self.program, &mut settings, arguments)?;
        self.settings = settings;
        Ok(self)
    }

    /// Whether the arguments only ask something, with `check`, `graph` or `wal`: then [`Builder::run`] answers and runs nothing. Who sets
    /// things up around the flow, or starts it without `run`, looks here first.
    pub fn only_asks(&self) -> bool {
        self.arguments.command != Command::Run
    }

    /// Starts the flow in the tokio runtime that this is called in; it needs tokio's time and I/O drivers.
    ///
    /// # Errors
    /// It is not called in a tokio runtime, the environment lacks what the flow takes from it (or has what is not legal),
    /// settings do not go with each other or promise less than the flow requires, or the system does not tell the host's name. Also, where this library was built without its feature `tls`, a
    /// url is `wss`.
    ///
    /// With the feature `metrics` the flow's numbers are published through that facade; see [`operations`](crate::operations).
    pub fn start(&self) -> Result<Handle, StartError> {
        tokio::runtime::Handle::try_current().map_err(|_| StartError::NoRuntime)?;
        let world = RealWorld::new();
        if !cfg!(feature = "tls") {
            self.needs_no_tls(&world)?;
        }
        let handle = self.start_in(&world)?;
        #[cfg(feature = "metrics")]
        let handle = handle.published();
        Ok(handle)
    }

    /// Without TLS in the program, an offramp that wants it would try in vain for ever.
    fn needs_no_tls(&self, world: &RealWorld) -> Result<(), StartError> {
        let settings = self.looked_up(world)?;
        let is_tls = |(_, url): &(String, &str)| {
            url.split_once("://").is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("wss"))
        };
        let found = settings.urls().find(is_tls);
        found.map_or(Ok(()), |(path, _)| Err(StartError::NoTls(path)))
    }

    /// Starts the flow in another world, such as a [simulated](crate::testing::sim::Sim) one.
    ///
    /// # Errors
    /// As [`Builder::start`].
    pub fn start_in<W: World>(&self, world: &W) -> Result<Handle, StartError> {
        self.start_watched(world, |_, machine| machine)
    }

    /// The same, with machines that `watch` may put itself in front of; it is given the instance's name.
    pub(crate) fn start_watched<W: World>(
        &self,
        world: &W,
        mut watch: impl FnMut(&'static str, Box<dyn Machine>) -> Box<dyn Machine>,
    ) -> Result<Handle, StartError> {
        tokio::runtime::Handle::try_current().map_err(|_| StartError::NoRuntime)?;
        let settings = self.looked_up(world)?;
        let hostname = world.hostname().map_err(StartError::Hostname)?;
        let flow = settings.flow();
        let limits = Limits {
            drain_timeout_ms: flow.u64("drain_timeout"),
            start_timeout_ms: flow.u64("start_timeout"),
            breaker_after_ms: flow.u64("breaker_after"),
        };
        let mut random = Random::from_seed(world.seed());
        let mut handle = Handle::new(self.program);
        for maker in self.program.machines {
            let mut start = Start { hostname: hostname.clone(), random: random.fork() };
            let machine = (maker.make)(&settings, &mut start);
            handle.drive(world, maker.instance, watch(maker.instance, machine), limits);
        }
        Ok(handle)
    }

    /// The settings, with what the environment has to say. All of them go together.
    fn looked_up<W: World>(&self, world: &W) -> Result<Settings, StartError> {
        let mut settings = self.settings.clone();
        settings.look_up(|name| variable(world, name)).map_err(StartError::Settings)?;
        let mut misfits = settings.misfits(|a, b| world.is_same_file(a, b));
        misfits.extend(settings.shortfalls(&self.program.picture));
        if !misfits.is_empty() {
            return Err(StartError::Settings(misfits));
        }
        for doubt in settings.doubts(&self.program.picture) {
            warn!("{doubt}");
        }
        Ok(settings)
    }

    /// The settings of logs, with what the environment has to say; what else it lacks is no matter.
    ///
    /// # Errors
    /// What is missing or wrong there.
    pub(super) fn settings_of_logs(&self) -> Result<Settings, Vec<SettingError>> {
        let (mut settings, world) = (self.settings.clone(), RealWorld::new());
        let mut wrong = settings.look_up(|name| variable(&world, name)).err().unwrap_or_default();
        wrong.retain(|error| {
            let definition = error.path().rsplit_once('.').map(|(definition, _)| definition);
            wal::logs(self.program).any(|(_, log)| Some(log.path) == definition)
        });
        if wrong.is_empty() { Ok(settings) } else { Err(wrong) }
    }

    pub(crate) fn program(&self) -> &'static Program {
        self.program
    }

    /// What was overridden, in the order of the definitions; secrets are not shown.
    pub(crate) fn overridden(&self) -> impl Iterator<Item = (String, String)> + '_ {
        let overridden = self.settings.in_force().filter(|setting| setting.origin == Origin::Overridden);
        overridden.map(|setting| {
            let path = format!("{}.{}", setting.definition.path, setting.key.name);
            (path, shown(setting.key, setting.given))
        })
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) fn what_arguments_say(&self) -> &Arguments {
        &self.arguments
    }
}

/// What an environment variable holds.
fn variable<W: World>(world: &W, name: &str) -> Variable {
    match world.variable(name).map(OsString::into_string) {
        Some(Ok(text)) => Variable::Text(text),
        Some(Err(_)) => Variable::NotUtf8,
        None => Variable::Missing,
    }
}

/// Why a flow could not be started.
#[derive(Debug)]
pub enum StartError {
    /// There is no tokio runtime here.
    NoRuntime,
    /// The environment lacks what the flow takes from it, or has what is not legal, or settings do not go with each other (a
    /// file that is read and written), or promise less than the flow requires: all there is to say of that.
    Settings(Vec<SettingError>),
    /// This setting is a `wss` url, and this library was built without its feature `tls`.
    NoTls(String),
    /// The system does not tell the host's name.
    Hostname(io::Error),
    /// Nobody can be told the flow's numbers at the address of `--metrics`: somebody else listens there, or it is none of this
    /// host's. Only [`Builder::run`] looks at that option.
    Metrics(SocketAddr, io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::NoRuntime => {
                f.write_str("a flow is started inside a tokio runtime, and there is none")
            }
            StartError::Settings(errors) => {
                let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
                f.write_str(&errors.join("\n"))
            }
            StartError::NoTls(path) => write!(
                f,
                "setting `{path}`: this program was built without TLS, which `wss` needs; build it with the feature \
                 `tls` of foreshock"
            ),
            StartError::Metrics(address, error) => write!(
                f,
                "`--metrics {address}`: nobody can listen there: {error}; help: name an address of this host and a port that \
                 is free, or port 0: the log tells then which one it is"
            ),
            StartError::Hostname(error) => write!(f, "the system does not tell the host's name: {error}"),
        }
    }
}

impl std::error::Error for StartError {}
