//! A flow as a process: started with settings, drained by a signal, judged by its exit code and outputs.

use std::fs::File;
use std::path::PathBuf;
use std::process::Stdio;

use super::{Directory, Process, Program, Server, Signal, Summary};

/// Lines of an output that a message shows.
const LAST_LINES: usize = 20;

/// A running flow. Its outputs go to files.
#[derive(Debug)]
pub struct Flow {
    process: Process,
    stdout: PathBuf,
    stderr: PathBuf,
}

/// What a flow left behind.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code; the negative number of the signal if one ended it.
    pub code: i32,
    /// All that it wrote there.
    pub stdout: String,
    /// All that it wrote there.
    pub stderr: String,
}

/// The arguments that point the founding flow's offramps at these servers, at an interval of `interval_ms` and with
/// timeouts that suit a test.
pub fn quick<'a>(servers: impl IntoIterator<Item = &'a Server>, interval_ms: u64) -> Vec<String> {
    let mut settings = vec![format!("onramp.metronome.interval={interval_ms}")];
    for (server, name) in servers.into_iter().zip(["ws0", "ws1", "ws2"]) {
        settings.push(format!("offramp.{name}.url={}", server.url()));
        for setting in ["connect_timeout=500", "ack_timeout=500", "backoff_min=10", "backoff_max=100"] {
            settings.push(format!("offramp.{name}.{setting}"));
        }
    }
    settings.into_iter().flat_map(|setting| ["--set".to_owned(), setting]).collect()
}

/// The end of a long output, for a message.
pub fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}

impl Flow {
    /// Starts it.
    ///
    /// # Panics
    /// If that is impossible.
    #[track_caller]
    pub fn start<A: AsRef<str>>(program: &Program, directory: &Directory, arguments: &[A]) -> Flow {
        Flow::start_with(program, directory, arguments, &[])
    }

    /// The same, with these variables in its environment.
    ///
    /// # Panics
    /// If that is impossible.
    #[track_caller]
    pub fn start_with<A: AsRef<str>>(
        program: &Program,
        directory: &Directory,
        arguments: &[A],
        environment: &[(&str, String)],
    ) -> Flow {
        let (stdout, stderr) = (directory.file("flow.stdout"), directory.file("flow.stderr"));
        let create = |path: &PathBuf| File::create(path).expect("the test's directory can be written");
        let mut command = program.command();
        command
            .args(arguments.iter().map(AsRef::as_ref))
            .envs(environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(create(&stdout)).stderr(create(&stderr));
        Flow { process: Process::spawn("flow", &mut command), stdout, stderr }
    }

    /// The process.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// What it has written to stderr so far.
    pub fn stderr(&self) -> String {
        std::fs::read_to_string(&self.stderr).expect("the file is there from the start")
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// If it does not end.
    #[track_caller]
    pub fn wait(mut self) -> Outcome {
        let code = self.process.exit_code();
        let stdout = std::fs::read_to_string(&self.stdout).expect("the file is there from the start");
        Outcome { code, stdout, stderr: self.stderr() }
    }

    /// Asks it to drain (SIGTERM) and waits for its end.
    ///
    /// # Panics
    /// If it does not end.
    #[track_caller]
    pub fn drain(self) -> Outcome {
        self.process.signal(Signal::SIGTERM);
        self.wait()
    }
}

impl Outcome {
    /// The summary: the last line of stdout, from `--summary json`.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn summary(&self) -> Summary {
        let line = self.stdout.lines().last().unwrap_or_default();
        Summary::parse(line).unwrap_or_else(|error| {
            panic!("no summary ({error}): {line}\nstderr: {}", last_lines(&self.stderr))
        })
    }

    /// # Panics
    /// If the exit code is another; shows stderr.
    #[track_caller]
    pub fn assert_code(&self, expected: i32) {
        assert_eq!(self.code, expected, "exit code; stderr:\n{}", last_lines(&self.stderr));
    }
}
