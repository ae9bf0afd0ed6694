//! A websocket server over TLS, made of tokio-rustls and tungstenite: it writes down what comes.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep};
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::accept_hdr_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};

/// How long something that must happen may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// All that a server has seen in its lives.
#[derive(Default)]
pub(crate) struct Seen {
    /// The headers of each handshake's request.
    pub(crate) requests: Vec<Vec<(String, String)>>,
    /// Name and protocol of each TLS handshake.
    pub(crate) hellos: Vec<(Option<String>, Option<Vec<u8>>)>,
    pub(crate) texts: Vec<String>,
    pub(crate) binaries: Vec<Vec<u8>>,
    /// Goodbyes.
    pub(crate) closes: usize,
}

impl Seen {
    /// The values of a header in the last request.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let request = self.requests.last().expect("somebody has connected");
        request.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The ids of all events, sorted, each once.
    pub(crate) fn ids(&self) -> Vec<u64> {
        let binaries = self.binaries.iter().map(|bytes| String::from_utf8(bytes.clone()).unwrap());
        let mut ids: Vec<u64> = self.texts.iter().cloned().chain(binaries).map(|text| id_of(&text)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

fn id_of(text: &str) -> u64 {
    let event: serde_json::Value = serde_json::from_str(text).unwrap();
    event["id"].as_u64().unwrap()
}

/// A server that runs until it is killed.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) seen: Arc<Mutex<Seen>>,
    acceptor: TlsAcceptor,
    running: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(acceptor: TlsAcceptor) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let running = tokio::spawn(serve(listener, acceptor.clone(), Arc::clone(&seen)));
        Server { address, seen, acceptor, running }
    }

    /// Ends at once, with all its connections.
    pub(crate) async fn kill(&mut self) {
        self.running.abort();
        let _ = (&mut self.running).await;
    }

    /// Begins again at the same address.
    pub(crate) async fn restart(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.running = tokio::spawn(serve(listener, self.acceptor.clone(), Arc::clone(&self.seen)));
    }

    /// Waits until it has seen what must come.
    pub(crate) async fn until(&self, what: &str, come: impl Fn(&Seen) -> bool) {
        until(what, || come(&self.seen.lock().unwrap())).await;
    }
}

/// Waits for a condition.
pub(crate) async fn until(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "{what} never came");
        sleep(Duration::from_millis(5)).await;
    }
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, seen: Arc<Mutex<Seen>>) {
    // Dropped with this task, and all connections with it.
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        connections.spawn(talk(stream, acceptor.clone(), Arc::clone(&seen)));
    }
}

async fn talk(stream: TcpStream, acceptor: TlsAcceptor, seen: Arc<Mutex<Seen>>) {
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let session = stream.get_ref().1;
    let (name, protocol) =
        (session.server_name().map(str::to_owned), session.alpn_protocol().map(<[u8]>::to_vec));
    seen.lock().unwrap().hellos.push((name, protocol));
    #[allow(clippy::result_large_err, reason = "tungstenite's")]
    let note = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        let headers = request.headers().iter();
        let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        seen.lock().unwrap().requests.push(headers.collect());
        Ok(response)
    };
    let Ok(mut socket) = accept_hdr_async(stream, note).await else { return };
    while let Some(Ok(message)) = socket.next().await {
        let mut seen = seen.lock().unwrap();
        match message {
            Message::Text(text) => seen.texts.push(text.to_string()),
            Message::Binary(bytes) => seen.binaries.push(bytes.to_vec()),
            Message::Close(_) => seen.closes += 1,
            _ => {}
        }
    }
}

/// A server that refuses every handshake, and repeats what it was told: the request's headers, in the answer's first line.
pub(crate) async fn gossip(acceptor: TlsAcceptor) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).await.unwrap_or(0);
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            let headers =
                request.lines().filter(|line| line.starts_with("Authorization") || line.starts_with("X-"));
            let answer = format!("HTTP/1.1 401 {}\r\n\r\n", headers.collect::<Vec<_>>().join(" "));
            tell.lock().unwrap().push(request);
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (port, told)
}

/// A plain way to `to` that hands on what comes in pieces of lengths that repeat these; its address.
pub(crate) async fn cutter(to: SocketAddr, lengths: &'static [usize]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (client, _) = listener.accept().await.unwrap();
            let server = TcpStream::connect(to).await.unwrap();
            client.set_nodelay(true).unwrap();
            server.set_nodelay(true).unwrap();
            let ((from_client, to_client), (from_server, to_server)) =
                (client.into_split(), server.into_split());
            tokio::spawn(cut(from_client, to_server, lengths));
            tokio::spawn(cut(from_server, to_client, lengths));
        }
    });
    address
}

async fn cut(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    lengths: &'static [usize],
) {
    let mut buf = vec![0; 64 * 1024];
    let mut next = lengths.iter().copied().cycle();
    while let Ok(read @ 1..) = from.read(&mut buf[..next.next().unwrap_or(1)]).await {
        if to.write_all(&buf[..read]).await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}
