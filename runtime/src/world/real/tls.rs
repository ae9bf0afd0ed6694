//! TLS over TCP: whom to trust, the handshake, and what its failures mean in words that say what to do. Bytes are moved
//! elsewhere, and what they say is not known here.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;
use tokio_rustls::TlsConnector;
use tokio_rustls::client;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{CertificateError, ClientConfig, Error, RootCertStore};

use crate::world::real::names::Names;
use crate::world::real::tcp;

/// Bytes that a connection may keep back between what it was given and what the socket has taken.
const BUFFERED: usize = 16 * 1024;

/// What is spoken inside (RFC 7301): websockets begin as HTTP/1.1.
const PROTOCOL: &[u8] = b"http/1.1";

/// Bytes of a peer's names that a message repeats, at most.
const QUOTE_LIMIT: usize = 200;

/// Whom to trust, loaded once for each `ca_file` and once for the system's own: so neither a reconnect nor the next sink
/// reads it again. A clone is the same.
#[derive(Clone, Default)]
pub(super) struct Tls {
    configs: Arc<Mutex<Configs>>,
}

type Configs = BTreeMap<Option<String>, Arc<ClientConfig>>;

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

impl Tls {
    /// Opens a TLS connection to the first address of the host that answers. Who asks waits `within` at most.
    pub(super) async fn connect(
        &self,
        names: &Names,
        (host, port): (&str, u16),
        ca_file: Option<&str>,
        within: Duration,
    ) -> io::Result<TlsStream> {
        let name = server_name(host)?;
        let config = self.config(ca_file).await?;
        let tcp = tcp::connect(names, host, port, within).await?;
        handshake(tcp, name, config).await.map_err(|error| explained(&error, host, ca_file))
    }

    /// Reading files takes its time: a thread for that does it, and who wants the same meanwhile waits for it.
    async fn config(&self, ca_file: Option<&str>) -> io::Result<Arc<ClientConfig>> {
        let (configs, ca_file) = (Arc::clone(&self.configs), ca_file.map(str::to_owned));
        let load = move || {
            // Who panicked before has put nothing half into it.
            let mut configs = configs.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(config) = configs.get(&ca_file) {
                return Ok(Arc::clone(config));
            }
            let config = Arc::new(config_for(roots(ca_file.as_deref())?)?);
            configs.insert(ca_file, Arc::clone(&config));
            Ok(config)
        };
        spawn_blocking(load).await.unwrap_or_else(|error| Err(io::Error::other(error)))
    }
}

/// Whom the peer's certificate must be for.
fn server_name(host: &str) -> io::Result<ServerName<'static>> {
    // A name with a final dot is the same name, and certificates have none.
    let host = host.strip_suffix('.').unwrap_or(host);
    ServerName::try_from(host.to_owned()).map_err(|_| {
        io::Error::new(ErrorKind::InvalidInput, format!("`{host}` is no name that a certificate can be for"))
    })
}

fn config_for(roots: RootCertStore) -> io::Result<ClientConfig> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(io::Error::other)?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    Ok(config)
}

/// The certificates to trust.
fn roots(ca_file: Option<&str>) -> io::Result<RootCertStore> {
    match ca_file {
        Some(file) => roots_of_file(file),
        None => roots_of_system(),
    }
}

fn roots_of_file(file: &str) -> io::Result<RootCertStore> {
    let wrong = |kind, what: String| io::Error::new(kind, format!("the `ca_file` `{file}` {what}"));
    let pem = std::fs::read(file).map_err(|error| wrong(error.kind(), format!("cannot be read: {error}")))?;
    let mut roots = RootCertStore::empty();
    for (n, certificate) in CertificateDer::pem_slice_iter(&pem).enumerate() {
        let added = certificate
            .map_err(|error| error.to_string())
            .and_then(|certificate| roots.add(certificate).map_err(|error| error.to_string()));
        added.map_err(|error| {
            wrong(ErrorKind::InvalidData, format!("has a broken certificate (number {}): {error}", n + 1))
        })?;
    }
    if roots.is_empty() {
        let what = "has no certificate in it; it needs at least one `-----BEGIN CERTIFICATE-----`";
        return Err(wrong(ErrorKind::InvalidData, what.to_owned()));
    }
    Ok(roots)
}

/// A few broken certificates among those of the system are none of our business; none at all is.
fn roots_of_system() -> io::Result<RootCertStore> {
    let loaded = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(loaded.certs);
    if roots.is_empty() {
        let reasons: Vec<String> = loaded.errors.iter().map(ToString::to_string).collect();
        let reasons = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join("; ")) };
        let what =
            format!("this system has no certificates to trust{reasons}; install them, or set `ca_file`");
        return Err(io::Error::new(ErrorKind::NotFound, what));
    }
    Ok(roots)
}

async fn handshake(
    tcp: TcpStream,
    name: ServerName<'static>,
    config: Arc<ClientConfig>,
) -> io::Result<TlsStream> {
    let limit =
        |session: &mut tokio_rustls::rustls::ClientConnection| session.set_buffer_limit(Some(BUFFERED));
    TlsConnector::from(config).connect_with(name, tcp, limit).await.map(TlsStream)
}

/// Why there is no TLS connection, and what to do.
fn explained(error: &io::Error, host: &str, ca_file: Option<&str>) -> io::Error {
    let known = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    let text = match known {
        Some(Error::InvalidCertificate(reason)) => certificate_problem(reason, host, ca_file),
        Some(Error::InvalidMessage(_)) => {
            "the peer does not speak TLS: write `ws://…`, or name another port".to_owned()
        }
        Some(Error::AlertReceived(alert)) => format!("the peer refuses the TLS handshake: {alert:?}"),
        Some(other) => format!("the TLS handshake failed: {other}"),
        None if matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset) => {
            "the peer hung up during the TLS handshake; if it does not speak TLS, write `ws://…`".to_owned()
        }
        None => format!("the TLS handshake failed: {error}"),
    };
    io::Error::new(error.kind(), text)
}

fn certificate_problem(reason: &CertificateError, host: &str, ca_file: Option<&str>) -> String {
    match (reason, ca_file) {
        (CertificateError::UnknownIssuer | CertificateError::BadSignature, None) => {
            "nobody whom this system trusts has signed the peer's certificate; name the file of who has in `ca_file`"
                .to_owned()
        }
        (CertificateError::UnknownIssuer | CertificateError::BadSignature, Some(file)) => {
            format!("nobody in the `ca_file` `{file}` has signed the peer's certificate")
        }
        (CertificateError::NotValidForNameContext { presented, .. }, _) if !presented.is_empty() => {
            let names: Vec<&str> = presented.iter().map(|name| plain_name(name)).collect();
            let mut names = names.join(", ");
            if let Some((end, _)) = names.char_indices().find(|(at, _)| *at >= QUOTE_LIMIT) {
                names.truncate(end);
                names.push('…');
            }
            let names = names.escape_debug();
            format!("the peer's certificate is not for `{host}`, but for {names}; write such a name in the url")
        }
        (CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }, _) => {
            format!("the peer's certificate is not for `{host}`")
        }
        (CertificateError::Expired | CertificateError::ExpiredContext { .. }, _) => {
            "the peer's certificate has expired: renew it there (or the clock of this host is wrong)".to_owned()
        }
        (CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }, _) => {
            "the peer's certificate is not valid yet (or the clock of this host is wrong)".to_owned()
        }
        // The library has this reason only as text.
        (CertificateError::Other(other), _) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "the peer shows the certificate of an authority as its own: make one with `CA:FALSE`".to_owned()
        }
        _ => format!("the peer's certificate is not accepted: {}", Error::InvalidCertificate(reason.clone())),
    }
}

/// The library shows a name with its kind, `DnsName("example.org")`.
fn plain_name(shown: &str) -> &str {
    let inner = shown.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(shown);
    inner.trim_matches('"')
}

/// An open TLS connection. The peer's `close_notify` is its end as a FIN is, and so is a FIN without one: what a peer
/// has received its pongs say, not how it ends.
#[derive(Debug)]
pub(super) struct TlsStream(client::TlsStream<TcpStream>);

impl AsyncRead for TlsStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.0).poll_read(cx, buf) {
            Poll::Ready(Err(error)) if error.kind() == ErrorKind::UnexpectedEof => Poll::Ready(Ok(())),
            other => other,
        }
    }
}

impl AsyncWrite for TlsStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
