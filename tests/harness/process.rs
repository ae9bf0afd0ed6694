//! Child processes that can be signalled, frozen and killed, and that do not outlive their test.

use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::until;

/// A program that can be run: its file, and the name under which it is called where the file serves several.
#[derive(Clone, Debug)]
pub struct Program {
    file: PathBuf,
    name: Option<&'static str>,
}

impl Program {
    /// The program in `file`.
    pub fn new(file: impl Into<PathBuf>) -> Program {
        Program { file: file.into(), name: None }
    }

    /// The program that `file` is when it is called `name`.
    pub fn called(file: impl Into<PathBuf>, name: &'static str) -> Program {
        Program { file: file.into(), name: Some(name) }
    }

    /// A command that will run it.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.file);
        if let Some(name) = self.name {
            command.arg0(name);
        }
        command
    }
}

/// A running child; killed when dropped.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
}

impl Process {
    /// Starts the command; `name` is for messages.
    ///
    /// # Panics
    /// If it cannot be started.
    #[track_caller]
    pub fn spawn(name: &str, command: &mut Command) -> Process {
        let child = command.spawn().unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        Process { name: name.to_owned(), child }
    }

    /// The child, for its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal.
    ///
    /// # Panics
    /// If the process is gone.
    #[track_caller]
    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).expect("process ids are positive"));
        kill(pid, signal).unwrap_or_else(|error| panic!("{}: {signal}: {error}", self.name));
    }

    /// Stops it in its tracks (SIGSTOP). Where the system tells (Linux), all its threads stand still when this returns: until
    /// then some of them may go on.
    ///
    /// # Panics
    /// If the process is gone.
    #[track_caller]
    pub fn freeze(&self) {
        self.signal(Signal::SIGSTOP);
        let Ok(threads) = std::fs::read_dir(format!("/proc/{}/task", self.child.id())) else { return };
        for thread in threads.flatten() {
            until(&format!("{} to stand still", self.name), || {
                // Behind the name in parentheses: ` T …`. A thread that has ended has none any more.
                let stat = std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
                match stat.rsplit_once(") ") {
                    Some((_, state)) if !state.starts_with('T') => Err(state.to_owned()),
                    _ => Ok(()),
                }
            });
        }
    }

    /// Lets a frozen one go on.
    ///
    /// # Panics
    /// If the process is gone.
    #[track_caller]
    pub fn thaw(&self) {
        self.signal(Signal::SIGCONT);
    }

    /// Whether it runs, or is frozen.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Kills it, without a chance to say goodbye, and waits for its end. A frozen process dies too.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Its resident memory in KiB, where the system tells (Linux).
    pub fn resident_kib(&self) -> Option<u64> {
        self.status_kib("VmRSS")
    }

    /// An amount in KiB that the system tells of it (Linux: a line of `/proc/PID/status`, such as `RssAnon`).
    pub fn status_kib(&self, name: &str) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        line.split_whitespace().next()?.parse().ok()
    }

    /// Waits for its end. Gives its exit code; the negative number of the signal if one ended it.
    ///
    /// # Panics
    /// If it does not end.
    #[track_caller]
    pub fn exit_code(&mut self) -> i32 {
        let status = until(&format!("the end of {}", self.name), || {
            self.child.try_wait().map_err(|error| error.to_string())?.ok_or_else(|| "it runs".to_owned())
        });
        status.code().or(status.signal().map(|signal| -signal)).expect("a process ends by exit or by signal")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
