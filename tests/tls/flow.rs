//! A whole flow whose events go over TLS: what the server sees of it, what happens when the server dies, and that nobody
//! else sees its secrets.

use std::io;
use std::sync::{Arc, Mutex};

use foreshock::program::{Handle, Summary};

use crate::certificates::Authority;
use crate::server::{Server, cutter, gossip, until};

foreshock::pipeline! {
    pub flow Secured;

    define onramp metronome from metronome with interval = 2 end;
    define offramp ws from ws with
        url = "wss://localhost/",
        ca_file = env("FORESHOCK_TEST_CA_FILE"),
        headers = { "X-Package": env("CARGO_PKG_NAME"), "X-Plain": "a, b" },
        bearer = env("FORESHOCK_TEST_TOKEN"),
        backoff_max = 100
    end;
    define pipeline keep
        define qos::wal operator log with read_count = 20, max_elements = 1000 end;
        create operator log;
        select event from in into log;
        select event from log into out;
    end;
    define binding default links
        /onramp/metronome/01/out => /pipeline/keep/01/in,
        /pipeline/keep/01/out    => /offramp/ws/01/in
    end;
    create binding /binding/default/01;
}

/// Starts the flow towards a port of this host, trusting this authority, with these overrides of the offramp's settings.
fn start(port: u16, authority: &Authority, set: &[(&str, foreshock::Value)]) -> Handle {
    let mut builder = Secured::builder();
    builder.set("offramp.ws.url", format!("wss://localhost:{port}/in?a=b")).unwrap();
    builder.set("offramp.ws.ca_file", authority.ca_file()).unwrap();
    builder.set("offramp.ws.bearer", "t0k3n").unwrap();
    for (key, value) in set {
        builder.set(&format!("offramp.ws.{key}"), value.clone()).unwrap();
    }
    builder.start().unwrap()
}

/// Drains, and accounts for every event.
async fn drain(handle: Handle, server: &Server) -> Summary {
    let summary = handle.drain().await;
    assert!(summary.is_clean(), "{summary}");
    let made = summary.node("01", "onramp.metronome").unwrap().counts.taken;
    assert_eq!(server.seen.lock().unwrap().ids(), (0..made).collect::<Vec<_>>());
    let sink = summary.node("01", "offramp.ws").unwrap().counts;
    assert!(sink.acked >= made, "confirmed by pongs: {summary}");
    summary
}

#[tokio::test]
async fn events_arrive_and_the_server_learns_who_sends_them() {
    let authority = Authority::new("arrive");
    let server = Server::start(authority.server(&["localhost"])).await;
    let handle = start(server.address.port(), &authority, &[]);
    server.until("100 events", |seen| seen.texts.len() >= 100).await;
    let summary = drain(handle, &server).await;
    let counts = summary.node("01", "offramp.ws").unwrap().counts;
    assert_eq!((counts.connects, counts.failed_connects, counts.disconnects), (1, 0, 1), "{summary}");
    let seen = server.seen.lock().unwrap();
    assert_eq!(seen.hellos, [(Some("localhost".to_owned()), Some(b"http/1.1".to_vec()))]);
    let host = format!("localhost:{}", server.address.port());
    for (name, value) in [
        ("host", &*host),
        ("x-package", "foreshock-tests"),
        ("x-plain", "a, b"),
        ("authorization", "Bearer t0k3n"),
    ] {
        assert_eq!(seen.header(name), [value], "{:?}", seen.requests);
    }
    assert_eq!((seen.binaries.len(), seen.closes), (0, 1));
}

#[tokio::test]
async fn a_password_and_binary_frames_arrive_as_such() {
    let authority = Authority::new("binary");
    let server = Server::start(authority.server(&["localhost"])).await;
    let mut builder = Secured::builder();
    for (key, value) in [
        ("url", format!("wss://localhost:{}/", server.address.port())),
        ("ca_file", authority.ca_file()),
        ("basic", "Aladdin:open sesame".to_owned()),
    ] {
        builder.set(&format!("offramp.ws.{key}"), value).unwrap();
    }
    let handle = builder.set("offramp.ws.binary", true).unwrap().start().unwrap();
    server.until("100 events", |seen| seen.binaries.len() >= 100).await;
    drain(handle, &server).await;
    let seen = server.seen.lock().unwrap();
    assert_eq!(seen.header("authorization"), ["Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="]);
    assert!(seen.texts.is_empty());
}

#[tokio::test]
async fn a_server_that_dies_and_comes_back_lacks_nothing() {
    let authority = Authority::new("back");
    let mut server = Server::start(authority.server(&["localhost"])).await;
    let handle = start(server.address.port(), &authority, &[]);
    for life in 1..=3 {
        let before = server.seen.lock().unwrap().texts.len();
        server.until("50 more events", |seen| seen.texts.len() >= before + 50).await;
        server.kill().await;
        if life == 2 {
            // Long enough for attempts to fail.
            let failed = async || {
                let summary = handle.summary().await;
                summary.node("01", "offramp.ws").unwrap().counts.failed_connects
            };
            while failed().await == 0 {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        }
        server.restart().await;
    }
    server.until("the last life", |seen| seen.requests.len() >= 4).await;
    let summary = drain(handle, &server).await;
    let counts = summary.node("01", "offramp.ws").unwrap().counts;
    assert!(counts.disconnects >= 4 && counts.failed_connects >= 1, "{summary}");
}

#[tokio::test]
async fn bytes_may_be_cut_anywhere() {
    let authority = Authority::new("cut");
    let server = Server::start(authority.server(&["localhost"])).await;
    for lengths in [&[1][..], &[1, 2, 3, 5, 7, 500], &[16_000, 1, 300]] {
        server.seen.lock().unwrap().texts.clear();
        let port = cutter(server.address, lengths).await.port();
        let handle = start(port, &authority, &[("window_events", 8.into())]);
        server.until("60 events", |seen| seen.texts.len() >= 60).await;
        drain(handle, &server).await;
    }
}

#[tokio::test]
async fn with_ack_written_too_all_arrives_that_a_living_server_reads() {
    let authority = Authority::new("written");
    let server = Server::start(authority.server(&["localhost"])).await;
    let handle = start(server.address.port(), &authority, &[("ack", "written".into())]);
    server.until("60 events", |seen| seen.texts.len() >= 60).await;
    drain(handle, &server).await;
}

#[tokio::test]
async fn without_its_token_the_flow_does_not_start_and_says_what_it_lacks() {
    let mut builder = Secured::builder();
    let error = builder.start().expect_err("nothing is set").to_string();
    assert!(error.contains("`FORESHOCK_TEST_CA_FILE` is not set"), "{error}");
    assert!(error.contains("`FORESHOCK_TEST_TOKEN` is not set"), "{error}");
    assert!(!error.contains("CARGO_PKG_NAME"), "{error}");
    builder.set("offramp.ws.bearer", "x").unwrap();
    builder.set("offramp.ws.ca_file", "x").unwrap();
    drop(builder.start().expect("nothing is lacking"));
}

/// All log lines of a test.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Lets a server that refuses and repeats what it was told do so, and looks for the secret in all that the flow says.
async fn check_silence(key: &str, value: &str, on_the_wire: &str) {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .with_max_level(tracing::level_filters::LevelFilter::TRACE)
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let authority = Authority::new("silence");
    let (port, told) = gossip(authority.server(&["localhost"])).await;
    let mut builder = Secured::builder();
    for (path, value) in [
        ("url", format!("wss://localhost:{port}/?token=s3cr3t-query")),
        ("ca_file", authority.ca_file()),
        (key, value.to_owned()),
    ] {
        builder.set(&format!("offramp.ws.{path}"), value).unwrap();
    }
    let handle = builder.start().unwrap();
    until("two refusals in the log", || lines.text().matches("HTTP/1.1 401").count() >= 2).await;
    let said = format!("{builder:?} {handle:?}");
    let summary = handle.stop().await;
    let said = format!("{said} {summary} {summary:?} {} {}", summary.to_json(), lines.text());
    assert!(said.contains("…"), "{said}");
    assert!(told.lock().unwrap().iter().any(|request| request.contains(on_the_wire)), "it was told");
    for secret in ["s3cr3t", on_the_wire] {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
}

#[tokio::test]
async fn nobody_but_the_server_sees_a_secret() {
    check_silence("bearer", "s3cr3t", "Bearer s3cr3t").await;
    check_silence("basic", "user:s3cr3t", "dXNlcjpzM2NyM3Q=").await;
}
