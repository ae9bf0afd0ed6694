//! The run of a flow as a program of its own: logging, signals, `--for`, the summary, the exit code.

use std::future::pending;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use foreshock_spec::SettingError;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{sleep, timeout};
use tracing::{error, info, warn};

use crate::program::arguments::{Arguments, Command};
use crate::program::handle::Ended;
use crate::program::log::Log;
#[cfg(feature = "prometheus")]
use crate::program::metrics::Exporter;
use crate::program::{Builder, Handle, StartError, Summary, SummaryFormat, tell, wal};

/// The exit code after a SIGINT that stopped a drain, as shells have it: 128 and the signal's number.
const INTERRUPTED: u8 = 130;
/// How long stdout may take to take the summary.
const SUMMARY_LIMIT: Duration = Duration::from_secs(2);
/// SIGXFSZ, on all but a few old machines (there it is another one that a flow does nothing with, SIGCONT).
const FILE_TOO_LARGE: i32 = 25;
/// How long such a SIGINT waits for the drivers to tell what was undelivered.
const STOP_LIMIT: Duration = Duration::from_millis(500);

impl Builder {
    /// Runs the flow as the whole program, as the [arguments](Builder::arguments) say, until a signal or the end of `--for`
    /// has drained it, or its sources are done and their events answered. Starts its own runtime; not to be called inside
    /// one. Where the arguments only [ask](Builder::only_asks) something, writes the answer to stdout and runs nothing.
    ///
    /// Logs go to stderr, to a subscriber that the program has set before if there is one. The flow does not wait for who reads
    /// stderr: lines that find no room there are left out and counted. Nothing but the summary, behind the lines of `stdout`
    /// offramps, is written to stdout.
    ///
    /// Returns the exit code: 0 if nothing stayed undelivered or was lost, 1 if something did or can have been
    /// ([`Summary::is_clean`]), or the flow
    /// could not be started, or failed (an onramp's file that is not there, a stdout that nobody reads), or died, or what
    /// was asked for could not be written; 2 if the environment lacks what the flow takes from it, or has what is not legal; 130
    /// if a SIGINT stopped the drain: the second one if the first began it; else the one
    /// that follows after a first SIGINT, SIGTERM or SIGHUP during the drain was answered by a line in the log.
    pub fn run(&self) -> ExitCode {
        let Arguments { command, log: level, .. } = *self.what_arguments_say();
        let asks_of_flow = matches!(command, Command::Check(_) | Command::Graph(_));
        if asks_of_flow {
            let shortfalls = self.settings().shortfalls(&self.program().picture);
            if !shortfalls.is_empty() {
                return refused(&shortfalls);
            }
        }
        if let Some(answer) = tell::answer(self.program(), self.settings(), command) {
            return tell::tell(&answer);
        }
        if let Command::Wal(question) = command {
            return match self.settings_of_logs() {
                Ok(settings) => wal::answer(self.program(), &settings, question),
                Err(errors) => refused(&errors),
            };
        }
        let log = match Log::to_stderr() {
            Ok(log) => log,
            Err(reason) => {
                let _ = writeln!(io::stderr(), "error: cannot start: {reason}");
                return ExitCode::FAILURE;
            }
        };
        let writer = log.clone();
        // A subscriber that is set already is the program's own; it stays.
        let _ = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            .with_max_level(level)
            // Each line names the definition that it is about, which says more than the module that writes it.
            .with_target(false)
            .try_init();
        let code = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
            Ok(runtime) => {
                let code = runtime.block_on(self.run_until_signalled(&log));
                // A name that is still being resolved must not hold up the exit.
                runtime.shutdown_background();
                code
            }
            Err(reason) => cannot_start(&reason),
        };
        log.flush();
        code
    }

    async fn run_until_signalled(&self, log: &Log) -> ExitCode {
        let mut signals = match Signals::new() {
            Ok(signals) => signals,
            Err(reason) => return cannot_start(&reason),
        };
        #[cfg(feature = "prometheus")]
        let exporter = match self.exporter().await {
            Ok(exporter) => exporter,
            Err(reason) => return cannot_start(&reason),
        };
        let mut handle = match self.start() {
            Ok(handle) => handle,
            Err(StartError::Settings(errors)) => return wrong_settings(log, &errors),
            Err(reason) => return cannot_start(&reason),
        };
        info!(flow = self.program().name, version = self.program().version, "started");
        #[cfg(feature = "prometheus")]
        let _serving = exporter.map(|exporter| {
            info!(address = %exporter.address, "metrics are at http://{}/metrics", exporter.address);
            exporter.serve(handle.watch())
        });
        let (summary, code) = match signals.until_over(&mut handle, self.what_arguments_say().run_for).await {
            Over::Drained(summary) => {
                let code = if summary.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
                (Some(summary), code)
            }
            Over::Interrupted(summary) => (summary, ExitCode::from(INTERRUPTED)),
        };
        if let Some(summary) = summary {
            // Why a flow failed, a line in the log has said by then.
            let Summary { undelivered, lost, broken_events, .. } = summary;
            if undelivered + lost + broken_events > 0 {
                warn!(undelivered, lost, broken_events, "not everything was delivered");
            }
            if !self.write_summary(log, &summary) && code == ExitCode::SUCCESS {
                return ExitCode::FAILURE;
            }
        }
        code
    }

    /// Listens where `--metrics` says.
    #[cfg(feature = "prometheus")]
    async fn exporter(&self) -> Result<Option<Exporter>, StartError> {
        let Some(address) = self.what_arguments_say().metrics else { return Ok(None) };
        let exporter = Exporter::listen(address).await;
        exporter.map(Some).map_err(|error| StartError::Metrics(address, error))
    }

    /// Whether the summary is where it was wanted. If not, stderr says so, whatever the log's level is.
    fn write_summary(&self, log: &Log, summary: &Summary) -> bool {
        let text = match self.what_arguments_say().summary {
            None => return true,
            Some(SummaryFormat::Text) => summary.to_string(),
            Some(SummaryFormat::Json) => summary.to_json() + "\n",
        };
        // Nobody may be reading stdout: then the thread is left behind with it.
        let (told, written) = sync_channel(1);
        thread::spawn(move || {
            let mut stdout = io::stdout();
            let result = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
            let _ = told.send(result);
        });
        let reason = match written.recv_timeout(SUMMARY_LIMIT) {
            Ok(Ok(())) => return true,
            Ok(Err(reason)) => reason.to_string(),
            Err(_) => "nobody reads stdout".to_owned(),
        };
        complain(log, &format!("cannot write the summary: {reason}"));
        false
    }
}

/// The same where nothing is run, and nothing logged.
fn refused(errors: &[SettingError]) -> ExitCode {
    for error in errors {
        let _ = writeln!(io::stderr(), "error: {error}");
    }
    ExitCode::from(2)
}

/// The environment is wrong as a command line can be, and is answered in the same way.
fn wrong_settings(log: &Log, errors: &[SettingError]) -> ExitCode {
    for error in errors {
        complain(log, &error.to_string());
    }
    ExitCode::from(2)
}

/// One line for whoever started the program, whatever the log's level is.
fn complain(log: &Log, what: &str) {
    log.line(format!("error: {what}\n").as_bytes());
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

/// The signals that end a run, and the one that must not.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    /// `None`: whoever started the program wants it to outlive the terminal.
    hangup: Option<Signal>,
    /// Whether the next SIGINT stops: somebody was told so.
    armed: bool,
    /// Of a file that has reached the greatest length that the system allows (`ulimit -f`). Nobody listens: it is heard so that the
    /// system does not end the program by it. Whoever writes the file gets an error, as on a full disk.
    _too_large: Signal,
}

impl Signals {
    fn new() -> io::Result<Signals> {
        let hangup = if is_hangup_ignored() { None } else { Some(signal(SignalKind::hangup())?) };
        let (interrupt, terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let too_large = signal(SignalKind::from_raw(FILE_TOO_LARGE))?;
        Ok(Signals { interrupt, terminate, hangup, armed: false, _too_large: too_large })
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
            () = came_if_heard(&mut self.hangup) => info!("SIGHUP: draining"),
            ended = handle.ended_by_itself() => match ended {
                Ended::Failed => info!("draining what still runs"),
                Ended::Done => info!("all instances are done"),
            },
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
                () = came_if_heard(&mut self.hangup) => {}
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

async fn came_if_heard(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => came(signal).await,
        None => pending().await,
    }
}

/// Whether SIGHUP was ignored before the program began, as `nohup` has it: it must stay so. Only Linux tells (in `SigIgn`, a bit
/// for each signal, as proc(5) has it).
fn is_hangup_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask >> (SignalKind::hangup().as_raw_value() - 1) & 1 == 1
}

async fn drained(handle: &mut Handle) -> Summary {
    handle.begin_drain().await;
    handle.ended().await
}
