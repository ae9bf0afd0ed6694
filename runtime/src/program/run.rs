//! The run of a flow as a program of its own: logging, signals, `--for`, the summary, the exit code.

use std::future::pending;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{sleep, timeout};
use tracing::{error, info, warn};

use crate::program::arguments::Arguments;
use crate::program::{Builder, Handle, Summary, SummaryFormat, tell};

/// The exit code after a SIGINT that stopped a drain, as shells have it: 128 and the signal's number.
const INTERRUPTED: u8 = 130;
/// How long such a SIGINT waits for the drivers to tell what was undelivered.
const STOP_LIMIT: Duration = Duration::from_millis(500);

impl Builder {
    /// Runs the flow as the whole program, as the [arguments](Builder::arguments) say, until a signal or the end of `--for`
    /// has drained it. Starts its own runtime; not to be called inside one. Where the arguments only
    /// [ask](Builder::only_asks) something, writes the answer to stdout and runs nothing.
    ///
    /// Logs go to stderr, to a subscriber that the program has set before if there is one. Nothing but the summary is
    /// written to stdout.
    ///
    /// Returns the exit code: 0 if nothing stayed undelivered or was lost, 1 if something did, or the flow
    /// could not be started, or died, or an answer could not be written; 130 if a SIGINT stopped the drain: the second one if the first began it; else the one
    /// that follows after a first SIGINT or SIGTERM during the drain was answered by a line in the log.
    pub fn run(&self) -> ExitCode {
        let Arguments { command, log: level, .. } = *self.what_arguments_say();
        if let Some(answer) = tell::answer(self.program(), self.settings(), command) {
            return tell::tell(&answer);
        }
        // A subscriber that is set already is the program's own; it stays.
        let _ = tracing_subscriber::fmt().with_writer(io::stderr).with_max_level(level).try_init();
        let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(reason) => return cannot_start(&reason),
        };
        let code = runtime.block_on(self.run_until_signalled());
        // A name that is still being resolved must not hold up the exit.
        runtime.shutdown_background();
        code
    }

    async fn run_until_signalled(&self) -> ExitCode {
        let mut signals = match Signals::new() {
            Ok(signals) => signals,
            Err(reason) => return cannot_start(&reason),
        };
        let mut handle = match self.start() {
            Ok(handle) => handle,
            Err(reason) => return cannot_start(&reason),
        };
        info!(flow = self.program().name, version = self.program().version, "started");
        let (summary, code) = match signals.until_over(&mut handle, self.what_arguments_say().run_for).await {
            Over::Drained(summary) => {
                let code = if summary.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
                (Some(summary), code)
            }
            Over::Interrupted(summary) => (summary, ExitCode::from(INTERRUPTED)),
        };
        if let Some(summary) = summary {
            if !summary.is_clean() {
                warn!(undelivered = summary.undelivered, lost = summary.lost, "not everything was delivered");
            }
            self.write_summary(&summary);
        }
        code
    }

    fn write_summary(&self, summary: &Summary) {
        let written = match self.what_arguments_say().summary {
            None => Ok(()),
            Some(SummaryFormat::Text) => write!(io::stdout(), "{summary}"),
            Some(SummaryFormat::Json) => writeln!(io::stdout(), "{}", summary.to_json()),
        };
        if let Err(reason) = written.and_then(|()| io::stdout().flush()) {
            error!(%reason, "cannot write the summary");
        }
    }
}

fn cannot_start(reason: &dyn std::error::Error) -> ExitCode {
    error!(%reason, "cannot start");
    ExitCode::FAILURE
}

/// How a run ended.
enum Over {
    Drained(Summary),
    /// By a SIGINT that did not wait for the end of the drain; a driver that hangs tells nothing.
    Interrupted(Option<Summary>),
}

/// The signals that end a run.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    /// Whether the next SIGINT stops: somebody was told so.
    armed: bool,
}

impl Signals {
    fn new() -> io::Result<Signals> {
        let (interrupt, terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(Signals { interrupt, terminate, armed: false })
    }

    async fn until_over(&mut self, handle: &mut Handle, run_for: Option<Duration>) -> Over {
        let over = async {
            match run_for {
                Some(run_for) => sleep(run_for).await,
                None => pending().await,
            }
        };
        tokio::select! {
            biased;
            () = came(&mut self.interrupt) => {
                self.armed = true;
                info!("SIGINT: draining; a second one stops now");
            }
            () = came(&mut self.terminate) => info!("SIGTERM: draining"),
            () = handle.failed() => error!("draining what still runs"),
            () = over => info!("the time is over: draining"),
        }
        tokio::select! {
            biased;
            () = self.until_stopped() => {}
            summary = drained(handle) => return Over::Drained(summary),
        }
        warn!("SIGINT: stopping now");
        let stopped = async {
            handle.begin_stop().await;
            handle.ended().await
        };
        Over::Interrupted(timeout(STOP_LIMIT, stopped).await.ok())
    }

    /// Answers signals while the flow drains; returns with the SIGINT that stops it. No signal stays unanswered: who
    /// sends one while a drain goes on that something else began is told what the next one does.
    async fn until_stopped(&mut self) {
        loop {
            tokio::select! {
                biased;
                () = came(&mut self.interrupt) => {
                    if self.armed {
                        return;
                    }
                }
                () = came(&mut self.terminate) => {}
            }
            self.armed = true;
            info!("draining; one more SIGINT stops now");
        }
    }
}

/// Returns when the signal has come; never if the system will tell of no more.
async fn came(signal: &mut Signal) {
    if signal.recv().await.is_none() {
        pending::<()>().await;
    }
}

async fn drained(handle: &mut Handle) -> Summary {
    handle.begin_drain().await;
    handle.ended().await
}
