//! Secrets wherever a flow may have some, and everything that its program says: no secret is in it. The servers that are told
//! them repeat them in all ways that a server has.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use foreshock_tests::harness::{Directory, Flow, Outcome, Process, Program, Server, address, scrape, until};
use foreshock_tests::secretive::Secretive;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// What every secret has in it, but for the one that is encoded.
const MARK: &str = "s3cr3t";
/// `user:s3cr3t-password`, as a header has it.
const ENCODED: &str = "dXNlcjpzM2NyM3QtcGFzc3dvcmQ=";

/// Ways to answer a request.
const WAYS: usize = 6;

/// A server that says what it was told; what that was.
struct Gossip {
    port: u16,
    told: Arc<Mutex<Vec<String>>>,
}

impl Gossip {
    /// It begins with this way to answer, and takes another one for each connection.
    fn start(way: usize) -> Gossip {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
        let port = listener.local_addr().expect("it has an address").port();
        let told = Arc::new(Mutex::new(Vec::new()));
        let requests = Arc::clone(&told);
        thread::spawn(move || {
            for (number, stream) in listener.incoming().flatten().enumerate() {
                let number = way + number;
                // Who hangs up gets no answer.
                let _ = gossip(stream, number, &requests);
            }
        });
        Gossip { port, told }
    }

    fn told(&self) -> Vec<String> {
        self.told.lock().expect("no panic").clone()
    }
}

/// Answers one connection, each in another way, with the words that it came with.
fn gossip(mut stream: TcpStream, number: usize, told: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        request.push(byte[0]);
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let words = |name: &str| request.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("-");
    let resource = words("GET ").split(' ').next().unwrap_or("-").to_owned();
    let said = format!("{resource} {} {}", words("Authorization: "), words("X-Key: "));
    let key = derive_accept_key(words("Sec-WebSocket-Key: ").as_bytes());
    told.lock().expect("no panic").push(request.clone());
    let accept = |more: &str| {
        format!(
            "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {key}\r\n{more}\r\n"
        )
    };
    match number % WAYS {
        0 => write!(stream, "HTTP/1.1 403 not {said}\r\nX: {said}\r\n\r\n{said}"),
        1 => write!(stream, "HTTP/1.1 302 at {said}\r\nLocation: ws://h{resource}\r\n\r\n"),
        2 => write!(stream, "{}", accept(&format!("Sec-WebSocket-Protocol: {said}\r\n"))),
        3 => write!(stream, "nonsense {said}\r\n\r\n"),
        4 => {
            let reason = &said.as_bytes()[..said.len().min(120)];
            let head = [0x88, u8::try_from(reason.len() + 2).expect("it is short"), 0x03, 0xf0];
            stream.write_all(accept("").as_bytes())?;
            stream.write_all(&[&head, reason].concat())
        }
        // A frame that is none.
        _ => stream.write_all(&[accept("").as_bytes(), &[0xff], said.as_bytes()].concat()),
    }
}

/// The environment and the arguments of a flow with all its secrets.
struct Secrets {
    directory: Directory,
    environment: [(&'static str, String); 3],
    settings: Vec<String>,
}

impl Secrets {
    fn new(token: u16, password: u16, header: u16) -> Secrets {
        let directory = Directory::new("secrets");
        let environment = [
            ("FORESHOCK_TEST_URL", format!("ws://127.0.0.1:{token}/?token=s3cr3t-url")),
            ("FORESHOCK_TEST_TOKEN", "s3cr3t-token".to_owned()),
            ("FORESHOCK_TEST_HEADER", "s3cr3t-of-a-header".to_owned()),
        ];
        let settings = [
            format!("pipeline.shared.log.dir={}", directory.file("wal").display()),
            format!("offramp.password.url=ws://127.0.0.1:{password}/in?key=s3cr3t-set"),
            format!("offramp.header.url=ws://127.0.0.1:{header}/in?key=s3cr3t-set"),
        ];
        Secrets { directory, environment, settings: settings.to_vec() }
    }

    fn flow(&self, arguments: &[&str], with_settings: bool) -> Flow {
        let settings = self.settings.iter().filter(|_| with_settings);
        let settings = settings.flat_map(|setting| ["--set", setting.as_str()]);
        let arguments: Vec<&str> = arguments.iter().copied().chain(settings).collect();
        let program = Program::called(env!("CARGO_BIN_EXE_flow"), "secretive");
        Flow::start_with(&program, &self.directory, &arguments, &self.environment)
    }

    /// What the program says to a question.
    fn ask(&self, line: &str) -> String {
        let with_settings = !line.starts_with("graph");
        let Outcome { stdout, stderr, .. } =
            self.flow(&line.split(' ').collect::<Vec<_>>(), with_settings).wait();
        format!("{line}: {stdout}{stderr}")
    }

    /// All bytes of the log's files.
    fn files(&self) -> String {
        let mut all = String::new();
        let directory = self.directory.file("wal").join("01");
        for file in std::fs::read_dir(directory).expect("the log was there") {
            let path = file.expect("it can be listed").path();
            let bytes = std::fs::read(&path).expect("it can be read");
            all.push_str(&format!("{}: {}\n", path.display(), String::from_utf8_lossy(&bytes)));
        }
        all
    }
}

#[track_caller]
fn assert_silent(what: &str, said: &str) {
    for secret in [MARK, ENCODED] {
        let line = said.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{what} tells {secret}: {}", line.unwrap_or_default());
    }
}

/// Runs the flow against servers that begin to answer in these two ways. Gives what it said, in which there is no secret.
fn run(ways: [usize; 2]) -> String {
    let [token, password] = ways.map(Gossip::start);
    let recordings = Directory::new("secrets");
    let mut server = Server::new(&Program::new(env!("CARGO_BIN_EXE_recorder")), &recordings, "header", "");
    server.start();
    let secrets = Secrets::new(token.port, password.port, server.port());
    let arguments = ["--log", "trace", "--summary", "json", "--metrics", "127.0.0.1:0"];
    let mut flow = secrets.flow(&arguments, true);
    until("gossip", || {
        let (a, b, c) = (token.told().len(), password.told().len(), server.ids().len());
        if a >= WAYS && b >= WAYS && c >= 20 { Ok(()) } else { Err(format!("{a}, {b}, {c}")) }
    });
    let page = scrape(address(&flow)).text;
    assert!(page.contains("foreshock_failed_connects_total"), "{page}");
    assert_silent("the page", &page);
    assert_silent("the list of threads", &threads(flow.process()));
    let outcome = flow.drain();
    assert!(outcome.stdout.contains("\"instances\""), "{}", outcome.stdout);
    assert_silent("the summary", &outcome.stdout);
    assert_silent("the log", &outcome.stderr);
    assert_silent("the log's files", &secrets.files());
    let told = [token.told(), password.told()].concat().join("");
    for secret in ["token=s3cr3t-url", "Bearer s3cr3t-token", ENCODED, "key=s3cr3t-set"] {
        assert!(told.contains(secret), "no server was told {secret}");
    }
    outcome.stderr
}

#[test]
fn whatever_servers_say_no_secret_is_in_what_a_running_flow_says() {
    // Of each kind of line one a second is written: in each run the first one, at least.
    let said: String = [[0, 1], [2, 3], [4, 5]].map(run).concat();
    for way in [
        "answered `HTTP/1.1 403 not /?token=… Bearer …",
        "redirects to `ws://h/in` (`HTTP/1.1 302 at /in?key=… Basic …",
        "chose a sec-websocket-protocol that nobody asked for: `/?token=… Bearer …",
        "does not speak HTTP/1.1",
        "closed with 1008 (its policy forbids what it was sent, or who sends it): /?token=… Bearer …",
        "broke the protocol",
    ] {
        assert!(said.contains(way), "no `{way}` in {said}");
    }
}

#[test]
fn no_secret_is_in_an_answer_about_the_flow() {
    let secrets = Secrets::new(1, 1, 1);
    secrets.flow(&["--for", "100ms", "--set", "flow.drain_timeout=0"], true).wait();
    for question in [
        "--help",
        "check",
        "check --format json",
        "graph",
        "graph --format dot",
        "wal check",
        "wal dump",
        "wal stats",
    ] {
        let answer = secrets.ask(question);
        assert!(answer.lines().count() > 0 && !answer.contains("error:"), "{answer}");
        assert_silent(question, &answer);
    }
    assert_silent("its picture", Secretive::GRAPH);
    assert_silent("its builder", &format!("{:?}", Secretive::builder()));
}

/// What the system's list of processes shows of the threads' names; of the arguments it shows what `--set` says.
fn threads(process: &Process) -> String {
    let tasks = std::fs::read_dir(format!("/proc/{}/task", process.id()));
    let names = tasks.into_iter().flatten().flatten();
    names.filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok()).collect()
}

#[test]
fn what_is_wrong_is_told_without_the_secret() {
    let secrets = Secrets::new(1, 1, 1);
    for (setting, expected) in [
        ("offramp.password.url=ws://user:s3cr3t@h/", "a user name in it"),
        ("offramp.password.url=user:s3cr3t@h/?s3cr3t", "a URL with a scheme"),
        ("offramp.password.url=http://h/?token=s3cr3t", "the scheme `http`"),
        ("offramp.password.basic=s3cr3t", "no `:` between"),
        ("offramp.token.bearer=s3cr3t s3cr3t", "a character that it cannot have"),
        ("offramp.header.headers={\"X\": \"s3cr3t\\n\"}", "no header can have"),
        ("offramp.password.bearer:s3cr3t", "PATH=VALUE"),
    ] {
        let outcome = secrets.flow(&["--set", setting], false).wait();
        outcome.assert_code(2);
        assert!(outcome.stderr.contains(expected), "{setting}: {}", outcome.stderr);
        assert_silent(setting, &outcome.stderr);
    }
    for (name, value, expected) in [
        ("FORESHOCK_TEST_URL", "ws://user:s3cr3t@h/?s3cr3t", "a user name in it"),
        ("FORESHOCK_TEST_TOKEN", "s3cr3t s3cr3t", "a character that it cannot have"),
        ("FORESHOCK_TEST_HEADER", "s3cr3t\n", "no header can have"),
    ] {
        let mut secrets = Secrets::new(1, 1, 1);
        let variable = secrets.environment.iter_mut().find(|(known, _)| *known == name);
        value.clone_into(&mut variable.expect("the flow has it").1);
        let outcome = secrets.flow(&["--log", "trace"], true).wait();
        outcome.assert_code(2);
        assert!(outcome.stderr.contains(expected), "{name}: {}", outcome.stderr);
        assert_silent(name, &outcome.stderr);
    }
}
