//! Answers whoever asks for a flow's numbers over HTTP: `GET /metrics`. Each request has a connection of its own; how many there
//! may be, how large a request may be and how long all takes is limited, so that a scraper that is slow, or no scraper at
//! all, costs next to nothing.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{sleep, timeout};

use super::Watch;
use super::page::{CONTENT_TYPE, page};

/// Connections at a time; more wait in the system's queue.
const MOST_CONNECTIONS: usize = 8;
/// Bytes of a request's head, at most.
const HEAD_LIMIT: usize = 8 * 1024;
/// How long a connection may take, from its begin to its end.
const CONNECTION_LIMIT: Duration = Duration::from_secs(5);
/// How long to wait when the system gives no connection (it may be short of file descriptors).
const NEXT_TRY: Duration = Duration::from_millis(100);

/// Where a flow's numbers can be read, when it runs.
#[derive(Debug)]
pub(in crate::program) struct Exporter {
    listener: TcpListener,
    /// As the system has it.
    pub(in crate::program) address: SocketAddr,
}

/// A task that answers; it ends when this is dropped, and all connections with it.
#[derive(Debug)]
#[must_use]
pub(in crate::program) struct Serving(AbortHandle);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Exporter {
    /// Listens there; the system chooses a port in place of 0.
    ///
    /// # Errors
    /// That is impossible: somebody else listens there, or the address is none of this host's.
    pub(in crate::program) async fn listen(address: SocketAddr) -> io::Result<Exporter> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Exporter { listener, address })
    }

    /// Answers from now on with what `watch` sees.
    pub(in crate::program) fn serve(self, watch: Watch) -> Serving {
        Serving(tokio::spawn(serve(self.listener, watch, CONNECTION_LIMIT)).abort_handle())
    }
}

async fn serve(listener: TcpListener, watch: Watch, limit: Duration) {
    // One look at a time: each answer is as fresh as it can be, and drivers are asked no more often than that.
    let watch = Arc::new(Mutex::new(watch));
    let mut connections = JoinSet::new();
    loop {
        if connections.len() >= MOST_CONNECTIONS {
            connections.join_next().await;
            continue;
        }
        tokio::select! {
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let answered = answer(stream, Arc::clone(&watch));
                    // Who does not get an answer in time, or hangs up, has none.
                    connections.spawn(async move { drop(timeout(limit, answered).await) });
                }
                Err(_) => sleep(NEXT_TRY).await,
            }
        }
    }
}

async fn answer(mut stream: TcpStream, watch: Arc<Mutex<Watch>>) -> io::Result<()> {
    let Some(head) = read_head(&mut stream).await? else { return Ok(()) };
    // Whatever the answer to a `HEAD` is, it has no body (RFC 9110 section 9.3.2).
    let with_body = !head.starts_with(b"HEAD ");
    let response = match asked(&head) {
        Asked::Page => {
            let mut watch = watch.lock().await;
            let program = watch.program();
            let page = page(program, &watch.look().await);
            response("200 OK", CONTENT_TYPE, &page, with_body)
        }
        Asked::Unknown => response("404 Not Found", "text/plain", "there is only /metrics\n", with_body),
        Asked::Otherwise => {
            response("405 Method Not Allowed", "text/plain", "there is only GET\n", with_body)
        }
        Asked::Nonsense => {
            response("400 Bad Request", "text/plain", "this is no HTTP/1 request\n", with_body)
        }
    };
    stream.write_all(response.as_bytes()).await?;
    stream.shutdown().await
}

/// A request's head; `None` if it is none, by its end or its length.
async fn read_head(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        if head.len() >= HEAD_LIMIT || stream.read_buf(&mut head).await? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(head))
}

/// What a request wants.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Page,
    Unknown,
    Otherwise,
    Nonsense,
}

fn asked(head: &[u8]) -> Asked {
    let line = head.split(|byte| *byte == b'\r').next().and_then(|line| str::from_utf8(line).ok());
    let words: Vec<&str> = line.unwrap_or_default().split(' ').collect();
    let &[method, target, version] = words.as_slice() else { return Asked::Nonsense };
    match (method, path_of(target)) {
        _ if !version.starts_with("HTTP/1.") => Asked::Nonsense,
        ("GET" | "HEAD", "/metrics" | "/" | "") => Asked::Page,
        ("GET" | "HEAD", _) => Asked::Unknown,
        _ => Asked::Otherwise,
    }
}

/// The path of what is asked for, which may be written as a whole url (RFC 9112 section 3.2.2).
fn path_of(target: &str) -> &str {
    let target = target.split('?').next().unwrap_or_default();
    match target.split_at_checked("http://".len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http://") => {
            rest.find('/').map_or("", |at| &rest[at..])
        }
        _ => target,
    }
}

fn response(status: &str, content_type: &str, body: &str, with_body: bool) -> String {
    let len = body.len();
    let body = if with_body { body } else { "" };
    let allow = if status.starts_with("405") { "Allow: GET, HEAD\r\n" } else { "" };
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len}\r\n{allow}Connection: close\r\n\r\n{body}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::tests::ONE_CLEAN;

    #[test]
    fn only_the_page_is_given_and_only_to_who_gets_it() {
        let check =
            |line: &str, expected| assert_eq!(asked(format!("{line}\r\nHost: x").as_bytes()), expected);
        check("GET /metrics HTTP/1.1", Asked::Page);
        check("GET /metrics?name=x HTTP/1.0", Asked::Page);
        check("HEAD / HTTP/1.1", Asked::Page);
        check("GET http://localhost:9000/metrics?x=/ HTTP/1.1", Asked::Page);
        check("GET HTTP://localhost HTTP/1.1", Asked::Page);
        check("GET http://localhost/other HTTP/1.1", Asked::Unknown);
        check("GET /other?http://localhost/metrics HTTP/1.1", Asked::Unknown);
        check("HEAD /other HTTP/1.1", Asked::Unknown);
        check("POST /metrics HTTP/1.1", Asked::Otherwise);
        check("GET /metrics HTTP/2", Asked::Nonsense);
        check("GET /metrics", Asked::Nonsense);
        check("\u{16}\u{3}", Asked::Nonsense);
        assert_eq!(asked(b"\xff \xff HTTP/1.1\r\n\r\n"), Asked::Nonsense);
    }

    /// A server of a flow without instances, whose connections may take so long.
    async fn served(limit: Duration) -> (SocketAddr, Serving) {
        let any: SocketAddr = "127.0.0.1:0".parse().expect("an address");
        let Exporter { listener, address } = Exporter::listen(any).await.expect("there is a port");
        assert_ne!(address.port(), 0, "the one that the system chose");
        let watch = Watch::new(&ONE_CLEAN, std::iter::empty());
        (address, Serving(tokio::spawn(serve(listener, watch, limit)).abort_handle()))
    }

    /// What comes back until the other side hangs up.
    async fn exchange(at: SocketAddr, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(at).await.expect("it listens");
        // It may hang up before it has read all.
        let _ = stream.write_all(request).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8(answer).expect("text")
    }

    const GET: &[u8] = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn each_request_is_answered_and_its_connection_ends() {
        let (at, _serving) = served(LONG).await;
        let page = exchange(at, GET).await;
        let (head, body) = page.split_once("\r\n\r\n").expect("a head");
        assert!(head.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4;"), "{head}");
        assert!(head.contains(&format!("\r\nContent-Length: {}\r\n", body.len())), "{head}");
        assert!(body.starts_with("# HELP foreshock_build_info ") && body.ends_with(" 1\n"), "{body}");
        let only_head = exchange(at, b"HEAD /metrics HTTP/1.1\r\n\r\n").await;
        assert_eq!(only_head, format!("{head}\r\n\r\n"));
        for (request, status) in [
            (&b"GET /x HTTP/1.1\r\n\r\n"[..], "404 Not Found"),
            (b"PUT / HTTP/1.1\r\n\r\n", "405 Method Not Allowed"),
            (b"\r\n\r\n", "400 Bad Request"),
        ] {
            let answer = exchange(at, request).await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{answer}");
        }
        for line in ["/x HTTP/1.1", "/metrics HTTP/2", "", "/metrics"] {
            let whole = exchange(at, format!("GET {line}\r\n\r\n").as_bytes()).await;
            let only_head = exchange(at, format!("HEAD {line}\r\n\r\n").as_bytes()).await;
            let (head, body) = whole.split_once("\r\n\r\n").expect("a head");
            assert!(!body.is_empty(), "{whole}");
            assert_eq!(only_head, format!("{head}\r\n\r\n"), "HEAD {line}");
        }
        assert_eq!(exchange(at, &[b'x'; 2 * HEAD_LIMIT]).await, "", "a head without an end");
    }

    #[tokio::test]
    async fn who_says_nothing_is_left_and_holds_nobody_up_for_long() {
        let (at, _serving) = served(Duration::from_millis(100)).await;
        let mut silent = Vec::new();
        for _ in 0..2 * MOST_CONNECTIONS {
            silent.push(TcpStream::connect(at).await.expect("it listens"));
        }
        assert!(exchange(at, GET).await.starts_with("HTTP/1.1 200 OK"));
    }

    #[tokio::test]
    async fn nobody_listens_any_more_when_it_is_dropped() {
        let (at, serving) = served(LONG).await;
        let mut waiting = TcpStream::connect(at).await.expect("it listens");
        assert!(exchange(at, GET).await.starts_with("HTTP/1.1 200 OK"));
        drop(serving);
        let _ = waiting.read_to_end(&mut Vec::new()).await;
        assert_eq!(TcpStream::connect(at).await.expect_err("gone").kind(), io::ErrorKind::ConnectionRefused);
    }

    #[tokio::test]
    async fn where_somebody_listens_nobody_else_can() {
        let (at, _serving) = served(LONG).await;
        assert_eq!(Exporter::listen(at).await.expect_err("in use").kind(), io::ErrorKind::AddrInUse);
    }
}
