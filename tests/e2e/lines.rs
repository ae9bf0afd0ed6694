//! Flows of lines as programs in a pipe: stdin, stdout, stderr and files as they really are.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{ChildStdin, Stdio};

use foreshock_tests::harness::{Directory, Flow, Outcome, Process, Program, Signal, last_lines, until};

use crate::await_line;

fn program(name: &'static str) -> Program {
    Program::called(env!("CARGO_BIN_EXE_lines"), name)
}

/// A flow between pipes. Its stderr goes to a file.
struct Piped {
    process: Process,
    stdin: Option<ChildStdin>,
    stdout: BufReader<std::process::ChildStdout>,
    directory: Directory,
}

impl Piped {
    fn start(name: &'static str, arguments: &[&str]) -> Piped {
        let directory = Directory::new(name);
        let stderr = File::create(directory.file("stderr")).expect("it can be written");
        Piped::spawn(name, arguments, directory, stderr.into())
    }

    /// Its stderr is the test's own.
    fn start_with_stderr(name: &'static str, arguments: &[&str], stderr: OwnedFd) -> Piped {
        let directory = Directory::new(name);
        File::create(directory.file("stderr")).expect("it can be written");
        Piped::spawn(name, arguments, directory, stderr.into())
    }

    fn spawn(name: &'static str, arguments: &[&str], directory: Directory, stderr: Stdio) -> Piped {
        let mut command = program(name).command();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(stderr);
        let mut process = Process::spawn(name, &mut command);
        let stdin = process.child().stdin.take();
        let stdout = BufReader::new(process.child().stdout.take().expect("it is piped"));
        Piped { process, stdin, stdout, directory }
    }

    fn write(&mut self, bytes: &[u8]) {
        self.stdin.as_mut().expect("it is open").write_all(bytes).expect("the flow reads");
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("it is text");
        line
    }

    /// Closes stdin, reads stdout to its end, and waits.
    fn end(mut self) -> Outcome {
        drop(self.stdin.take());
        let mut stdout = String::new();
        self.stdout.read_to_string(&mut stdout).expect("it is text");
        let code = self.process.exit_code();
        Outcome { code, stdout, stderr: self.stderr() }
    }

    fn stderr(&self) -> String {
        std::fs::read_to_string(self.directory.file("stderr")).expect("it is there")
    }

    #[track_caller]
    fn await_stderr(&self, part: &str) {
        until(&format!("`{part}` on stderr"), || {
            let stderr = self.stderr();
            if stderr.contains(part) { Ok(()) } else { Err(last_lines(&stderr)) }
        });
    }
}

#[test]
fn what_comes_in_goes_out_and_the_end_of_the_input_is_the_end_of_the_program() {
    let mut flow = Piped::start("echo", &["--summary", "json"]);
    flow.write(b"{\"id\":1}\n{\"id\"");
    assert_eq!(flow.line(), "{\"id\":1,\"seen\":true}\n", "a line comes out while the input is open");
    flow.write(b":2}\r\n\nno JSON\n{\"id\":3}");
    let outcome = flow.end();
    outcome.assert_code(0);
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(lines[..2], ["{\"id\":2,\"seen\":true}", "{\"id\":3,\"seen\":true}"]);
    assert_eq!(lines.len(), 3, "the summary comes behind all lines");
    let summary = outcome.summary();
    assert_eq!((summary.count("onramp.lines", "taken"), summary.count("offramp.out", "acked")), (4, 3));
    let refused = "refused: {\"error\":\"line 4 is no JSON: this word is none of `true`, `false` and `null`; a string stands in double quotes (column 2)\",\"event\":\"no JSON\"}";
    assert!(outcome.stderr.lines().any(|line| line == refused), "{}", outcome.stderr);
}

#[test]
fn a_hundred_thousand_lines_go_through_a_pipe_unchanged() {
    let mut flow = Piped::start("text", &[]);
    let input: String =
        (0..100_000).map(|n| format!("{n} \"quoted\" and \\ ä{}\n", "x".repeat(n % 97))).collect();
    let mut stdin = flow.stdin.take().expect("it is open");
    let bytes = input.clone();
    let writer = std::thread::spawn(move || stdin.write_all(bytes.as_bytes()));
    let outcome = flow.end();
    writer.join().expect("it does not panic").expect("the flow reads all of it");
    outcome.assert_code(0);
    assert!(outcome.stdout == input, "{} of {} bytes, or others", outcome.stdout.len(), input.len());
}

#[test]
fn a_reader_that_goes_away_ends_the_program_with_1_and_one_line_that_says_so() {
    for name in ["logged", "text"] {
        let mut flow = Piped::start(name, &["--log", "error"]);
        let mut stdin = flow.stdin.take().expect("it is open");
        // As long as the flow reads; `logged` does not.
        let writer = std::thread::spawn(move || while stdin.write_all(b"a line\n").is_ok() {});
        assert!(!flow.line().is_empty());
        let Piped { mut process, stdout, directory, .. } = flow;
        drop(stdout);
        assert_eq!(process.exit_code(), 1, "{name}");
        writer.join().expect("it does not panic");
        let stderr = std::fs::read_to_string(directory.file("stderr")).expect("it is there");
        let told: Vec<&str> = stderr.lines().filter(|line| line.contains("Broken pipe")).collect();
        assert_eq!(told.len(), 1, "{name}: {stderr}");
        assert!(told[0].contains("offramp.out: stdout: writing failed"), "{name}: {stderr}");
    }
}

#[test]
fn a_signal_ends_a_program_that_waits_for_input() {
    let mut flow = Piped::start("text", &["--log", "info"]);
    flow.write(b"one\n");
    assert_eq!(flow.line(), "one\n");
    flow.process.signal(Signal::SIGTERM);
    assert_eq!(flow.process.exit_code(), 0, "{}", flow.stderr());
    flow.await_stderr("SIGTERM");
}

#[test]
fn a_reader_that_does_not_read_does_not_hold_up_the_end() {
    let mut flow =
        Piped::start("logged", &["--summary", "json", "--log", "info", "--set", "flow.drain_timeout=100"]);
    flow.await_stderr("triggered: a slow reader");
    // That is what pipes are like, and no trouble, neither for the log nor for the source.
    until("the breakers of source and log", || {
        let told = flow.stderr().matches("triggered: a slow reader").count();
        if told >= 2 { Ok(()) } else { Err(format!("{told}")) }
    });
    assert!(!flow.stderr().contains("WARN"), "{}", flow.stderr());
    flow.process.signal(Signal::SIGTERM);
    assert_eq!(flow.process.exit_code(), 1, "{}", flow.stderr());
    flow.await_stderr("cannot write the summary: nobody reads stdout");
}

/// A flow whose stderr is full: nobody reads what is in it.
#[test]
fn a_stderr_that_nobody_reads_holds_up_neither_the_flow_nor_its_end() {
    let (unread, mut stderr) = UnixStream::pair().expect("the system has sockets");
    stderr.set_nonblocking(true).expect("it is open");
    while stderr.write(&[b'x'; 4096]).is_ok() {}
    stderr.set_nonblocking(false).expect("it is open");
    let mut flow = Piped::start_with_stderr("text", &["--log", "debug"], OwnedFd::from(stderr));
    flow.write(b"one\n");
    assert_eq!(flow.line(), "one\n");
    flow.process.signal(Signal::SIGTERM);
    assert_eq!(flow.process.exit_code(), 0);
    drop(unread);
}

#[test]
fn a_stderr_that_is_gone_ends_nothing() {
    let (_, stderr) = UnixStream::pair().expect("the system has sockets");
    let mut flow = Piped::start_with_stderr("text", &["--log", "debug"], OwnedFd::from(stderr));
    flow.write(b"one\n");
    assert_eq!(flow.line(), "one\n");
    let outcome = flow.end();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""));
}

/// Runs a flow from one file to another.
fn run(name: &'static str, directory: &Directory, input: &str, output: &str) -> Outcome {
    let (input, output) = (format!("onramp.lines.source={input}"), format!("offramp.out.file={output}"));
    let arguments = ["--set", &input, "--set", &output, "--summary", "json", "--log", "info"];
    Flow::start(&program(name), directory, &arguments).wait()
}

#[test]
fn a_file_is_copied_line_by_line_and_the_old_content_is_gone() {
    let directory = Directory::new("copy");
    let path = |name| directory.file(name).to_str().expect("it is text").to_owned();
    let (input, output) = (path("in.json"), path("out.json"));
    let lines: String = (0..10_000).map(|n| format!("{{\"n\":{n}}}\n")).collect();
    std::fs::write(&input, &lines).expect("it can be written");
    std::fs::write(&output, "old").expect("it can be written");
    for (name, times) in [("copy", 1), ("blast", 3)] {
        let outcome = run(name, &directory, &input, &output);
        outcome.assert_code(0);
        let written = std::fs::read_to_string(&output).expect("it is text");
        assert!(written == lines.repeat(times), "{name}: {} bytes", written.len());
        assert_eq!(outcome.summary().count("offramp.out", "acked"), 10_000 * times as u64, "{name}");
    }
}

#[test]
fn a_file_is_not_copied_onto_itself_by_whatever_path() {
    let directory = Directory::new("itself");
    let path = |name| directory.file(name).to_str().expect("it is text").to_owned();
    let (input, link) = (path("in.json"), path("link.json"));
    std::fs::write(&input, "1\n2\n").expect("it can be written");
    std::os::unix::fs::symlink(&input, &link).expect("it can be made");
    let check = |name, output: &str| {
        let outcome = run(name, &directory, &input, output);
        outcome.assert_code(2);
        let told = "setting `offramp.out.file`: `file` is the file that `onramp.lines` reads";
        assert!(outcome.stderr.contains(told), "no `{told}` in\n{}", outcome.stderr);
        assert_eq!(std::fs::read_to_string(&input).expect("it is text"), "1\n2\n", "{name} to {output}");
    };
    check("copy", &input);
    check("blast", &input);
    check("copy", &link);
    check("copy", &format!("{}/./in.json", directory.path().display()));
    run("copy", &directory, "/dev/null", "/dev/null").assert_code(0);
}

#[test]
fn a_file_that_cannot_be_read_ends_the_program_with_1_and_its_name() {
    let directory = Directory::new("missing");
    let output = directory.file("out.json").to_str().expect("it is text").to_owned();
    let check = |name, input: &str, why: &str| {
        let outcome = run(name, &directory, input, &output);
        outcome.assert_code(1);
        let told = format!("onramp.lines: {input}: {why}");
        assert!(outcome.stderr.contains(&told), "no `{told}` in\n{}", outcome.stderr);
        assert!(outcome.stdout.contains(&told), "the summary does not tell: {}", outcome.stdout);
    };
    let missing = directory.file("nothing.json").to_str().expect("it is text").to_owned();
    check("copy", &missing, "cannot open it: No such file");
    check("blast", &missing, "cannot open it: No such file");
    check("copy", directory.path().to_str().expect("it is text"), "reading failed: Is a directory");
}

#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_is_full_is_told_and_tried_again() {
    let directory = Directory::new("full");
    let input = directory.file("in.json").to_str().expect("it is text").to_owned();
    std::fs::write(&input, "1\n2\n3\n").expect("it can be written");
    let source = format!("onramp.lines.source={input}");
    let arguments = [
        "--set",
        &source,
        "--set",
        "offramp.out.file=/dev/full",
        "--set",
        "offramp.out.backoff_max=200",
        "--log",
        "info",
        "--summary",
        "json",
    ];
    // Without a log, what was on its way to it is lost: the flow is done then, and says so.
    let flow = Flow::start(&program("copy"), &directory, &arguments);
    await_line(&flow, &["cannot write", "offramp.out", "/dev/full", "No space left"]);
    let outcome = flow.wait();
    outcome.assert_code(1);
    assert_eq!(outcome.summary().total("lost"), 3);
}
