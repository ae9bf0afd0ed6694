//! Servers that are not of this project's making: websocat (version 1), as the customer's document runs it. Built only with
//! the feature `websocat`, because that program must be installed; `FORESHOCK_WEBSOCAT` says where, if it is not on the path.

use std::fs::{File, OpenOptions};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use foreshock_tests::harness::account::Tally;
use foreshock_tests::harness::{Directory, Flow, Process, Program, free_port, until};
use serde_json::Value;

/// `websocat -s PORT`, with what it prints in a file.
struct Websocat {
    name: &'static str,
    file: PathBuf,
    port: u16,
    process: Option<Process>,
}

impl Websocat {
    fn new(directory: &Directory, name: &'static str) -> Websocat {
        let mut server = Websocat { name, file: directory.file(name), port: free_port(), process: None };
        File::create(&server.file).expect("the test's directory can be written");
        server.start();
        server
    }

    fn start(&mut self) {
        let program = std::env::var("FORESHOCK_WEBSOCAT").unwrap_or_else(|_| "websocat".to_owned());
        let stdout = OpenOptions::new().append(true).open(&self.file).expect("it was created");
        let mut command = Command::new(program);
        command.arg("-s").arg(self.port.to_string());
        command.stdin(Stdio::null()).stdout(stdout).stderr(Stdio::null());
        self.process = Some(Process::spawn(self.name, &mut command));
    }

    fn kill(&mut self) {
        self.process.take().expect("it runs").kill();
    }

    /// The events that it has printed, one a line; behind the greeting.
    fn events(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(&self.file).expect("the file is there from the start");
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let lines = whole.lines().filter(|line| !line.starts_with("Listening on "));
        lines.map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect()
    }

    fn ids(&self) -> Vec<u64> {
        self.events().iter().map(|event| event["id"].as_u64().expect("it has an id")).collect()
    }

    #[track_caller]
    fn await_more(&self, events: usize) {
        let before = self.ids().len();
        until(&format!("{events} more events at {}", self.name), || {
            let more = self.ids().len() - before;
            if more >= events { Ok(()) } else { Err(format!("{more} events")) }
        });
    }
}

fn start(test: &str) -> (Vec<Websocat>, Flow, Directory) {
    let directory = Directory::new(test);
    let servers: Vec<Websocat> =
        ["ws0", "ws1", "ws2"].map(|name| Websocat::new(&directory, name)).into_iter().collect();
    let mut arguments: Vec<String> = ["--summary", "json", "--set", "onramp.metronome.interval=5"]
        .map(str::to_owned)
        .into_iter()
        .collect();
    for server in &servers {
        let (name, port) = (server.name, server.port);
        for setting in [&format!("url=ws://localhost:{port}/"), "backoff_min=10", "backoff_max=100"] {
            arguments.extend(["--set".to_owned(), format!("offramp.{name}.{setting}")]);
        }
    }
    let flow = Flow::start(&Program::new(env!("CARGO_BIN_EXE_flow")), &directory, &arguments);
    (servers, flow, directory)
}

#[test]
fn websocat_servers_receive_what_the_projects_own_do() {
    let (servers, flow, _directory) = start("websocat-spread");
    servers.iter().for_each(|server| server.await_more(50));
    let outcome = flow.drain();
    outcome.assert_code(0);

    let taken = outcome.summary().count("onramp.metronome", "taken");
    let all = || Tally::new(servers.iter().flat_map(Websocat::ids));
    // A pong leaves websocat behind what it prints, but a file is read when it is read.
    until("all events in the files", || {
        if all().len() == taken { Ok(()) } else { Err(all().len().to_string()) }
    });
    all().assert_exactly(taken);
    assert_eq!(all().repeats(), 0);
    for event in servers.iter().flat_map(Websocat::events) {
        let fields = event.as_object().expect("an event is a record");
        assert_eq!(fields.keys().collect::<Vec<_>>(), ["onramp", "id", "ingest_ns", "hostname"], "{event}");
    }
}

#[test]
fn a_killed_websocat_costs_no_event() {
    let (mut servers, flow, _directory) = start("websocat-kill");
    servers[1].await_more(50);
    servers[1].kill();
    servers[0].await_more(50);
    servers[1].start();
    servers[1].await_more(50);
    let outcome = flow.drain();
    outcome.assert_code(0);
    let tally = Tally::new(servers.iter().flat_map(Websocat::ids));
    tally.assert_exactly(outcome.summary().count("onramp.metronome", "taken"));
}
