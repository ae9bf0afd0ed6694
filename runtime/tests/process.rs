//! A flow's program as a process: exit codes, signals, what goes to stdout and what to stderr.
//!
//! This test is its own child: with [`CHILD`] set it is the program of a scripted machine, else it runs that.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitCode, Stdio};

use foreshock::core::{Counts, Machine, Measures, NodeKind, NodeReport, Progress, Time, Wire};
use foreshock::program::{MachineMaker, Program, Start};
use foreshock_spec::picture::{Instance, InstanceKind, Picture};
use foreshock_spec::{Definition, Kind, Literal, Settings};

/// Names the machine of the child.
const CHILD: &str = "FORESHOCK_TEST_MACHINE";

fn main() -> ExitCode {
    match std::env::var(CHILD).as_deref() {
        Ok("clean") => foreshock::program::main(&CLEAN),
        Ok("stuck") => foreshock::program::main(&STUCK),
        Ok("dying") => foreshock::program::main(&DYING),
        Ok("hanging") => foreshock::program::main(&HANGING),
        Ok("secretive") => foreshock::program::main(&SECRETIVE),
        Ok("lasting") => foreshock::program::main(&LASTING),
        Ok("requiring") => Requiring::main(),
        _ => {
            run_to_the_end();
            answer();
            answer_about_logs();
            nothing_starts_that_promises_less_than_is_required();
            log_lines_are_short();
            a_summary_that_is_lost_is_a_failure();
            stop_by_signals();
            a_hangup_that_is_ignored_stays_so();
            ExitCode::SUCCESS
        }
    }
}

foreshock::pipeline! {
    flow Requiring;
    require durable;
    define onramp m from metronome with interval = 1000 end;
    define offramp ws0 from ws with url = "ws://localhost:1/" end;
    define pipeline p
        define qos::wal operator log with read_count = 1, dir = "/nowhere/at/all" end;
        create operator log;
        select event from in into log;
        select event from log into out;
    end;
    define binding b links
        /onramp/m/01/out => /pipeline/p/01/in,
        /pipeline/p/01/out => /offramp/ws0/01/in
    end;
    create binding /binding/b/01;
}

static CLEAN: Program = program(&[MachineMaker { instance: "01", make: clean }]);
static STUCK: Program = program(&[MachineMaker { instance: "01", make: stuck }]);
static DYING: Program = program(&[MachineMaker { instance: "01", make: dying }]);
static HANGING: Program = program(&[MachineMaker { instance: "01", make: hanging }]);

const SECRET: Definition = Definition {
    path: "offramp.ws",
    kind: Kind::Offramp,
    row: "ws",
    config: &[("url", Literal::Str("wss://localhost/")), ("bearer", Literal::Env("FORESHOCK_TEST_TOKEN"))],
};

static SECRETIVE: Program =
    Program { definitions: &[SECRET], ..program(&[MachineMaker { instance: "01", make: clean }]) };

/// Two instances of a pipeline with a log on disk, whose directory the environment names, and a sink that needs a token.
static LASTING: Program = Program {
    definitions: &[
        Definition {
            path: "pipeline.p.log",
            kind: Kind::Operator,
            row: "qos::wal",
            config: &[("read_count", Literal::Int(1)), ("dir", Literal::Env("FORESHOCK_TEST_DIR"))],
        },
        SECRET,
    ],
    picture: Picture {
        name: "Scripted",
        pipelines: &[],
        instances: &[instance("01"), instance("02")],
        links: &[],
        required: None,
    },
    ..program(&[MachineMaker { instance: "01", make: clean }])
};

const fn instance(instance: &'static str) -> Instance<'static> {
    Instance::new(InstanceKind::Pipeline(0), "p", instance)
}

const fn program(machines: &'static [MachineMaker]) -> Program {
    let picture = Picture { name: "Scripted", pipelines: &[], instances: &[], links: &[], required: None };
    Program {
        name: "Scripted",
        about: "A test.",
        version: "0.1.0",
        definitions: &[],
        machines,
        picture,
        forms: foreshock_spec::forms::Forms::NONE,
    }
}

fn clean(_: &Settings, _: &mut Start) -> Box<dyn Machine> {
    Box::new(Scripted { pending: 0, on_step: || {}, on_stop: || {} })
}

fn stuck(_: &Settings, _: &mut Start) -> Box<dyn Machine> {
    Box::new(Scripted { pending: 4, on_step: || {}, on_stop: || {} })
}

fn dying(_: &Settings, _: &mut Start) -> Box<dyn Machine> {
    Box::new(Scripted { pending: 0, on_step: || panic!("the machine was told to die"), on_stop: || {} })
}

fn hanging(_: &Settings, _: &mut Start) -> Box<dyn Machine> {
    Box::new(Scripted { pending: 0, on_step: || {}, on_stop: || std::thread::park() })
}

struct Scripted {
    pending: u64,
    on_step: fn(),
    on_stop: fn(),
}

impl Machine for Scripted {
    fn step(&mut self, _now: Time, _unix_ns: u64) -> Progress {
        (self.on_step)();
        Progress::Idle
    }
    fn deadline(&self) -> Option<Time> {
        None
    }
    fn wire(&mut self, _index: usize) -> Option<&mut Wire> {
        None
    }
    fn is_settled(&self) -> bool {
        true
    }
    fn start_sources(&mut self, _now: Time) {}
    fn stop_sources(&mut self) {
        (self.on_stop)();
    }
    fn pending(&self) -> u64 {
        self.pending
    }
    fn close_sinks(&mut self, _now: Time) {}
    fn is_closed(&self) -> bool {
        true
    }
    fn report(&self, visit: &mut dyn FnMut(NodeReport<'_>)) {
        let counts = Counts { pending: self.pending, ..Counts::default() };
        let (path, instance, kind) = ("onramp.scripted", "01", NodeKind::Source);
        visit(NodeReport {
            path,
            instance,
            kind,
            has_room: true,
            is_slow: false,
            counts,
            measures: Measures::default(),
        });
    }
}

fn child(machine: &str, arguments: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("it runs"));
    command.args(arguments.split_whitespace()).env(CHILD, machine);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn spawn(machine: &str, arguments: &str) -> Child {
    child(machine, arguments).spawn().expect("it can be run again")
}

/// Exit code, stdout, what is left of stderr.
fn end(mut child: Child) -> (Option<i32>, String, String) {
    let (mut out, mut err) = (String::new(), String::new());
    child.stdout.take().expect("piped").read_to_string(&mut out).expect("text");
    if let Some(mut stderr) = child.stderr.take() {
        stderr.read_to_string(&mut err).expect("text");
    }
    (child.wait().expect("it ends").code(), out, err)
}

fn check(machine: &str, arguments: &str, code: i32, stdout: &[&str], stderr: &[&str]) {
    let (got, out, err) = end(spawn(machine, arguments));
    let seen = format!("{machine} {arguments}\n--- stdout\n{out}\n--- stderr\n{err}");
    assert_eq!(got, Some(code), "{seen}");
    assert_eq!(out.is_empty(), stdout.is_empty(), "{seen}");
    assert!(stdout.iter().all(|part| out.contains(part)), "no {stdout:?}: {seen}");
    assert!(stderr.iter().all(|part| err.contains(part)), "no {stderr:?}: {seen}");
}

fn run_to_the_end() {
    check("clean", "--for 20ms", 0, &[], &["draining"]);
    check("clean", "--for 20ms --log off", 0, &[], &[]);
    check(
        "clean",
        "--for 20ms --summary json",
        0,
        &["{\"flow\":\"Scripted\"", "\"undelivered\":0", "}}}\n"],
        &[],
    );
    check("clean", "--for 20ms --summary text", 0, &["instance 01\n  onramp.scripted"], &[]);
    let briefly = "--for 20ms --set flow.drain_timeout=30 --summary json";
    check("stuck", briefly, 1, &["\"undelivered\":4"], &["not everything was delivered"]);
    check("dying", "--for 60s --summary json", 1, &["\"panicked\":[\"01\"]"], &["told to die"]);
    check("clean", "--help", 0, &["A test.", "flow.drain_timeout = 10000 ms"], &[]);
    check("clean", "--version", 0, &["Scripted 0.1.0"], &[]);
    check("clean", "--set flow.drain_timeot=1", 2, &[], &["drain_timeout"]);
    check("clean", "--frobnicate", 2, &[], &["--frobnicate"]);
    let lacking = ["setting `offramp.ws.bearer`", "environment variable `FORESHOCK_TEST_TOKEN` is not set"];
    check("secretive", "--for 20ms --log off", 2, &[], &lacking);
    let given = "--for 20ms --summary json --set offramp.ws.bearer=s3cr3t";
    check("secretive", given, 0, &["\"undelivered\":0"], &["started"]);
}

/// Log lines name what they are about, not the module that they come from.
fn log_lines_are_short() {
    let (_, _, err) = end(spawn("clean", "--for 20ms"));
    assert!(err.contains("started") && !err.contains("foreshock::"), "{err}");
}

/// A summary that cannot be written is a failure, which stderr tells whatever the log's level is.
fn a_summary_that_is_lost_is_a_failure() {
    let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else { return };
    for format in ["json", "text"] {
        let mut child = child("clean", &format!("--for 20ms --log off --summary {format}"));
        let child = child.stdout(full.try_clone().expect("a file")).spawn().expect("it can be run again");
        let done = child.wait_with_output().expect("it ends");
        let err = String::from_utf8(done.stderr).expect("text");
        assert_eq!(done.status.code(), Some(1), "{err}");
        assert!(err.starts_with("error: cannot write the summary: "), "{err}");
        assert_eq!(err.lines().count(), 1, "{err}");
    }
}

fn answer() {
    check("clean", "check", 0, &["Scripted 0.1.0\n", "drain_timeout", "default     10000 ms"], &[]);
    check("clean", "check --set flow.drain_timeout=7", 0, &["overridden  7 ms"], &[]);
    check("clean", "check --format json", 0, &["{\"flow\":\"Scripted\"", "}\n"], &[]);
    check("clean", "graph", 0, &["flowchart LR\n"], &[]);
    check("clean", "graph --format dot", 0, &["digraph \"Scripted\" {\n"], &[]);
    check("clean", "check --set flow.drain_timeot=1", 2, &[], &["drain_timeout"]);
    check("clean", "chek", 2, &[], &["did you mean `check`?"]);
    // Nothing is run, so nothing dies.
    check("dying", "check", 0, &["Scripted"], &[]);
    // Where nobody can be told, that is said; a reader that has gone wants to know nothing more.
    for question in ["check", "graph", "--help", "--version", "check --help"] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
        let told = (Some(1), "error: cannot write the answer".to_owned());
        assert_eq!(answer_into(question, full.into()), told, "{question}");
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        assert_eq!(answer_into(question, writer.into()), (Some(0), String::new()), "{question}");
    }
}

/// Exit code, and the first words on stderr.
fn answer_into(question: &str, stdout: Stdio) -> (Option<i32>, String) {
    let output = child("clean", question).stdout(stdout).output().expect("it can be run again");
    let told = String::from_utf8(output.stderr).expect("text");
    (output.status.code(), told.rsplit_once(": No space").map_or(told.clone(), |(first, _)| first.to_owned()))
}

/// An override that breaks a promise is refused in the compiler's words, and so are questions about a flow that could not run.
fn nothing_starts_that_promises_less_than_is_required() {
    let late = [
        "error: setting `pipeline.p.log.sync`: `require durable` does not hold from onramp/m/01 to offramp/ws0/01: \
         `sync = \"interval\"` of the log `log` lets events go on that a loss of power can take; write `sync = \"batch\"`",
    ];
    let early =
        ["error: setting `offramp.ws0.ack`: `require durable` does not hold", "; write `ack = \"received\"`"];
    for command in ["--for 1ms", "check", "check --format json"] {
        check("requiring", &format!("{command} --set pipeline.p.log.sync=interval"), 2, &[], &late);
        check("requiring", &format!("{command} --set offramp.ws0.ack=written"), 2, &[], &early);
    }
    let both = "check --set offramp.ws0.ack=written --set pipeline.p.log.sync=interval";
    check("requiring", both, 2, &[], &[early[0], late[0]]);
    let told = ["    durable, up to the websocket endpoint; required: durable\n"];
    check("requiring", "check --set pipeline.p.log.sync=always", 0, &told, &[]);
    let mended = "check --set offramp.ws0.ack=written --set offramp.ws0.ack=received";
    check("requiring", mended, 0, &["overridden  \"received\""], &[]);
}

/// A log needs its directory to be looked at, and of the environment nothing else; each instance has its own.
fn answer_about_logs() {
    for question in ["wal check", "wal dump", "wal stats"] {
        let lacking =
            ["setting `pipeline.p.log.dir`", "environment variable `FORESHOCK_TEST_DIR` is not set"];
        check("lasting", question, 2, &[], &lacking);
    }
    let missing = "--set pipeline.p.log.dir=/nowhere/at/all";
    let told = |instance: &str| format!("pipeline.p.log, instance {instance}, /nowhere/at/all/{instance}");
    for question in ["wal check", "wal stats"] {
        let (one, two) = (told("01"), told("02"));
        check("lasting", &format!("{question} {missing}"), 0, &[&one, &two, "nothing there yet"], &[]);
    }
    check("lasting", &format!("wal dump {missing}"), 0, &[], &[]);
    check("clean", "wal check", 2, &[], &["this flow has none"]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
    let child =
        child("lasting", &format!("wal stats {missing}")).stdout(full).output().expect("it can be run");
    let said = String::from_utf8(child.stderr).expect("text");
    assert_eq!(child.status.code(), Some(1), "{said}");
    assert!(said.starts_with("error: cannot write the answer"), "{said}");
}

fn check_signals(machine: &str, signals: &[(&str, &str)], code: i32, stdout: &str) {
    check_signals_with(machine, "", signals, code, stdout);
}

/// Sends each signal when stderr has told what comes before it.
fn check_signals_with(machine: &str, arguments: &str, signals: &[(&str, &str)], code: i32, stdout: &str) {
    let mut child = spawn(machine, &format!("--summary json {arguments}"));
    let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
    for (told, signal) in signals {
        let is_told = lines.any(|line| line.expect("text").contains(told));
        assert!(is_told, "{machine} {signals:?}: stderr never said `{told}`");
        let kill = format!("kill -{signal} {}", child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().expect("there is a shell").success());
    }
    // The rest of stderr is read on, so that the child is never held up by it.
    let reading = std::thread::spawn(move || lines.count());
    let (got, out, _) = end(child);
    reading.join().expect("it reads");
    assert_eq!(got, Some(code), "{machine} {signals:?}\n{out}");
    assert!(out.contains(stdout), "{machine} {signals:?}: no `{stdout}` in {out:?}");
}

/// Who started it wants it to outlive the terminal: `nohup` ignores SIGHUP, and so does the program then.
fn a_hangup_that_is_ignored_stays_so() {
    if !std::path::Path::new("/proc/self/status").exists() {
        return;
    }
    let program = std::env::current_exe().expect("it runs");
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' HUP; exec \"$0\" --summary json"]).arg(program).env(CHILD, "clean");
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("there is a shell");
    let (code, told) = signalled(child, &[("started", "HUP"), ("", "TERM")]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("SIGTERM: draining") && !told.contains("SIGHUP"), "{told}");
}

/// Sends each signal when stderr has told what comes before it. Exit code, and what stderr said.
fn signalled(mut child: Child, signals: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
    let mut told = String::new();
    for (awaited, signal) in signals {
        while !awaited.is_empty() && !told.contains(awaited) {
            told += &lines.next().unwrap_or_else(|| panic!("stderr never said `{awaited}`")).expect("text");
        }
        let kill = format!("kill -{signal} {}", child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().expect("there is a shell").success());
    }
    lines.for_each(|line| told += &line.expect("text"));
    (end(child).0, told)
}

/// SIGHUP; or SIGTERM where these tests themselves were started to ignore SIGHUP, as by `nohup`: what they start does too.
fn hangup() -> &'static str {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    if ignored & 1 == 1 { "TERM" } else { "HUP" }
}

fn stop_by_signals() {
    let started = "started";
    check_signals("clean", &[(started, "INT")], 0, "\"undelivered\":0");
    check_signals("clean", &[(started, "TERM")], 0, "\"undelivered\":0");
    check_signals("clean", &[(started, hangup())], 0, "\"undelivered\":0");
    check_signals("stuck", &[(started, "INT"), ("draining", "INT")], 130, "\"undelivered\":4");
    // A drain that something else began: the first SIGINT or SIGTERM is answered, the SIGINT behind it stops.
    let (draining, told) = ("draining", "draining; one more SIGINT stops now");
    let undelivered = "\"undelivered\":4";
    check_signals("stuck", &[(started, "TERM"), (draining, "INT"), (told, "INT")], 130, undelivered);
    check_signals("stuck", &[(started, "TERM"), (draining, "TERM"), (told, "INT")], 130, undelivered);
    let over = "the time is over";
    check_signals_with("stuck", "--for 20ms", &[(over, "INT"), (told, "INT")], 130, undelivered);
    // One answered signal does not cut a drain short.
    let short = "--for 20ms --set flow.drain_timeout=1500";
    check_signals_with("stuck", short, &[(over, "INT")], 1, undelivered);
    check_signals("stuck", &[(started, hangup()), (draining, hangup()), (told, "INT")], 130, undelivered);
    // After a SIGINT, a SIGTERM changes nothing.
    check_signals("stuck", &[(started, "INT"), (draining, "TERM"), (told, "INT")], 130, undelivered);
    // A machine that hangs cannot tell, and does not keep the process.
    check_signals("hanging", &[(started, "INT"), ("draining", "INT")], 130, "");
}
