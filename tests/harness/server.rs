//! A recording receiver as a process that can be killed, frozen and brought back on its port.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::{Directory, Life, Process, Program, Recording, port};

/// One server, over all its lives.
#[derive(Debug)]
pub struct Server {
    name: String,
    program: Program,
    switches: Vec<String>,
    file: PathBuf,
    port: u16,
    process: Option<Process>,
    recording: Recording,
}

impl Server {
    /// A server that does not run yet. `switches` are those of the recorder (`--mute-after 0`).
    pub fn new(program: &Program, directory: &Directory, name: &str, switches: &str) -> Server {
        let file = directory.file(name);
        Server {
            name: name.to_owned(),
            program: program.clone(),
            switches: switches.split_whitespace().map(str::to_owned).collect(),
            recording: Recording::new(&file),
            file,
            port: port::next(),
            process: None,
        }
    }

    /// Starts it, or starts it again on the same port and the same record; when this returns, it listens.
    ///
    /// # Panics
    /// If it runs already, or cannot listen.
    pub fn start(&mut self) {
        assert!(self.process.is_none(), "{} runs already", self.name);
        let mut command = self.program.command();
        command.arg("--file").arg(&self.file).arg("--port").arg(self.port.to_string()).args(&self.switches);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = Process::spawn(&self.name, &mut command);
        let mut line = String::new();
        let stdout = process.child().stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line).expect("a pipe can be read");
        assert_eq!(line.trim(), self.port.to_string(), "{} does not listen", self.name);
        self.process = Some(process);
    }

    /// Other switches from the next start on.
    pub fn behave(&mut self, switches: &str) {
        self.switches = switches.split_whitespace().map(str::to_owned).collect();
    }

    /// Kills it with SIGKILL.
    pub fn kill(&mut self) {
        self.process.take().expect("it runs").kill();
    }

    /// Stops it in its tracks (SIGSTOP): its system still accepts connections and bytes, nobody reads them.
    pub fn freeze(&self) {
        self.process.as_ref().expect("it runs").freeze();
    }

    /// Lets a frozen one go on.
    pub fn thaw(&self) {
        self.process.as_ref().expect("it runs").thaw();
    }

    /// Lets it cut off a connection after so many more bytes, read and written together.
    ///
    /// # Panics
    /// If it does not run.
    pub fn cut(&mut self, bytes: u64) {
        let process = self.process.as_mut().expect("it runs");
        let stdin = process.child().stdin.as_mut().expect("it is piped");
        writeln!(stdin, "cut {bytes}").expect("it reads its standard input");
    }

    /// The file of its record.
    pub fn record(&self) -> &Path {
        &self.file
    }

    /// Its address for a sink.
    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}/", self.port)
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What it has recorded so far.
    pub fn lives(&mut self) -> &[Life] {
        self.recording.lives()
    }

    /// The ids it has recorded so far, in all its lives.
    pub fn ids(&mut self) -> Vec<u64> {
        self.lives().iter().flat_map(Life::ids).collect()
    }
}
