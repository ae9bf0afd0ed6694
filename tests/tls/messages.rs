//! Why there is no TLS connection, in words that say what to do.

use std::time::Duration;

use foreshock::core::Endpoint;
use foreshock::world::{RealStream, RealWorld, World};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::certificates::{Authority, early, expired};

/// A server that takes one connection, shakes hands, and does this with the stream.
async fn server(acceptor: TlsAcceptor) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut word = [0; 4];
                if stream.read_exact(&mut word).await.is_err() {
                    return;
                }
                stream.write_all(&word).await.unwrap();
                stream.flush().await.unwrap();
                match &word {
                    // With a `close_notify`.
                    b"shut" => stream.shutdown().await.unwrap(),
                    // Without one.
                    _ => stream.get_mut().0.shutdown().await.unwrap(),
                }
                // Until the peer goes.
                let _ = stream.read(&mut word).await;
            });
        }
    });
    port
}

/// A server that does not speak TLS: it says `answer` to whatever comes, and hangs up.
async fn plain(answer: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = [0; 4096];
        let _ = stream.read(&mut bytes).await;
        let _ = stream.write_all(answer).await;
    });
    port
}

async fn connect(host: &str, port: u16, ca_file: Option<&str>) -> std::io::Result<RealStream> {
    let endpoint = Endpoint::Tls { host: host.to_owned(), port, ca_file: ca_file.map(str::to_owned) };
    RealWorld::new().connect(&endpoint, Duration::from_secs(20)).await
}

/// What is said of a connection that fails.
async fn check(host: &str, port: u16, ca_file: Option<&str>, expected: &[&str]) {
    let error = connect(host, port, ca_file).await.expect_err("it cannot work").to_string();
    assert!(expected.iter().any(|expected| error == *expected), "{error}");
}

#[tokio::test]
async fn a_certificate_that_is_signed_valid_and_for_the_host_is_taken() {
    let authority = Authority::new("taken");
    let ca_file = authority.ca_file();
    let port = server(authority.server(&["localhost", "127.0.0.1"])).await;
    for host in ["localhost", "127.0.0.1"] {
        connect(host, port, Some(&ca_file)).await.unwrap_or_else(|error| panic!("{host}: {error}"));
    }
    // Signed by itself, and trusted by name.
    let (itself, file) = authority.self_signed(&["localhost"], false);
    connect("localhost", server(itself).await, Some(&file)).await.unwrap();
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_says_whom_to_trust() {
    let authority = Authority::new("untrusted");
    let port = server(authority.server(&["localhost"])).await;
    // Also where the system that the test runs on trusts nobody at all.
    let error = connect("localhost", port, None).await.expect_err("nobody trusts it").to_string();
    let unknown = "nobody whom this system trusts has signed the peer's certificate; name the file of who has in `ca_file`";
    assert!(error == unknown || error.contains("install them, or set `ca_file`"), "{error}");
    let stranger = Authority::new("other");
    let other = stranger.ca_file();
    let text = format!("nobody in the `ca_file` `{other}` has signed the peer's certificate");
    check("localhost", port, Some(&other), &[&text]).await;
    let (itself, _) = authority.self_signed(&["localhost"], false);
    let text = text.replace(&other, &authority.ca_file());
    check("localhost", server(itself).await, Some(&authority.ca_file()), &[&text]).await;
}

#[tokio::test]
async fn a_certificate_for_somebody_else_says_for_whom() {
    let authority = Authority::new("name");
    let port = server(authority.server(&["example.org", "*.example.org", "10.0.0.1"])).await;
    let text = "the peer's certificate is not for `localhost`, but for example.org, *.example.org, 10.0.0.1; \
                write such a name in the url";
    check("localhost", port, Some(&authority.ca_file()), &[text]).await;
    check("127.0.0.1", port, Some(&authority.ca_file()), &[&text.replace("localhost", "127.0.0.1")]).await;
}

#[tokio::test]
async fn a_certificate_out_of_its_time_says_so() {
    let authority = Authority::new("time");
    let ca_file = authority.ca_file();
    let port = server(authority.server_with(&["localhost"], expired)).await;
    let text = "the peer's certificate has expired: renew it there (or the clock of this host is wrong)";
    check("localhost", port, Some(&ca_file), &[text]).await;
    let port = server(authority.server_with(&["localhost"], early)).await;
    let text = "the peer's certificate is not valid yet (or the clock of this host is wrong)";
    check("localhost", port, Some(&ca_file), &[text]).await;
}

#[tokio::test]
async fn an_authority_that_shows_its_own_certificate_is_told_what_to_make() {
    let authority = Authority::new("own");
    let (itself, file) = authority.self_signed(&["localhost"], true);
    let text = "the peer shows the certificate of an authority as its own: make one with `CA:FALSE`";
    check("localhost", server(itself).await, Some(&file), &[text]).await;
}

#[tokio::test]
async fn a_server_without_tls_is_told_apart() {
    let authority = Authority::new("plain");
    let ca_file = authority.ca_file();
    let no_tls = "the peer does not speak TLS: write `ws://…`, or name another port";
    check("localhost", plain(b"HTTP/1.1 400 Bad Request\r\n\r\n").await, Some(&ca_file), &[no_tls]).await;
    let hung_up = "the peer hung up during the TLS handshake; if it does not speak TLS, write `ws://…`";
    check("localhost", plain(b"").await, Some(&ca_file), &[hung_up]).await;
    let error = connect("localhost", 1, Some(&ca_file)).await.expect_err("nobody listens");
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
    assert!(error.to_string().contains(":1: "), "{error}");
}

/// What the websocket sink recognises when it is told `ws://` where TLS is spoken.
#[tokio::test]
async fn a_server_with_tls_answers_plain_text_with_a_tls_record() {
    let authority = Authority::new("reverse");
    let port = server(authority.server(&["localhost"])).await;
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    assert_eq!(stream.read_u8().await.unwrap(), 21);
}

#[tokio::test]
async fn a_file_that_holds_no_certificates_is_told_with_its_name() {
    let authority = Authority::new("file");
    let port = server(authority.server(&["localhost"])).await;
    let missing = authority.path("missing.pem");
    let text = format!("the `ca_file` `{missing}` cannot be read: No such file or directory (os error 2)");
    check("localhost", port, Some(&missing), &[&text]).await;
    let empty = authority.file("empty.pem", "nothing\n");
    let text = format!(
        "the `ca_file` `{empty}` has no certificate in it; it needs at least one `-----BEGIN CERTIFICATE-----`"
    );
    check("localhost", port, Some(&empty), &[&text]).await;
    let broken = "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";
    let broken = authority.file("broken.pem", broken);
    let error = connect("localhost", port, Some(&broken)).await.expect_err("it is broken").to_string();
    let begin = format!("the `ca_file` `{broken}` has a broken certificate (number 1): ");
    assert!(error.starts_with(&begin), "{error}");
}

/// A file that is mended is read again; one that was read is not.
#[tokio::test]
async fn a_file_is_read_until_it_is_right_and_once() {
    let authority = Authority::new("again");
    let port = server(authority.server(&["localhost"])).await;
    let file = authority.path("late.pem");
    let world = RealWorld::new();
    let endpoint = Endpoint::Tls { host: "localhost".to_owned(), port, ca_file: Some(file.clone()) };
    let within = Duration::from_secs(20);
    world.connect(&endpoint, within).await.expect_err("it is not there");
    std::fs::copy(authority.ca_file(), &file).unwrap();
    world.connect(&endpoint, within).await.unwrap();
    std::fs::remove_file(&file).unwrap();
    world.clone().connect(&endpoint, within).await.unwrap();
}

#[tokio::test]
async fn the_peers_end_is_an_end_with_or_without_a_word() {
    let authority = Authority::new("end");
    let port = server(authority.server(&["localhost"])).await;
    for word in [b"shut", b"drop"] {
        let mut stream = connect("localhost", port, Some(&authority.ca_file())).await.unwrap();
        stream.write_all(word).await.unwrap();
        stream.flush().await.unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).await.unwrap();
        assert_eq!(all, word);
    }
}
