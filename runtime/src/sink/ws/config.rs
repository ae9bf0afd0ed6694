//! What the settings of a `ws` offramp say, in the machine's own terms. Checking them is the registry's work.

use super::authorization;
use super::secrets::Secrets;
use crate::core::Endpoint;
use foreshock_spec::NodeSettings;
use http::Uri;

/// The port of a `ws` url that names none (RFC 6455 section 3), and of a `wss` url.
const DEFAULT_PORT: u16 = 80;
const DEFAULT_TLS_PORT: u16 = 443;

/// What counts as confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AckLevel {
    /// The socket has taken the bytes.
    Written,
    /// The peer's websocket layer has the frame: it has answered a ping that was sent after it.
    Received,
}

/// The settings of one websocket sink. Times are in milliseconds. It holds secrets, so it has no `Debug`.
#[derive(Clone)]
pub(super) struct WsConfig {
    pub(super) target: Target,
    /// The lines that the handshake's request has beside its own.
    pub(super) headers: String,
    /// Whether these tell who we are.
    pub(super) has_credentials: bool,
    /// What no log line may repeat.
    pub(super) secrets: Secrets,
    /// Whether events go in binary frames.
    pub(super) binary: bool,
    pub(super) ack: AckLevel,
    /// For TCP connect and opening handshake together.
    pub(super) connect_timeout: u64,
    pub(super) backoff_min: u64,
    pub(super) backoff_max: u64,
    /// From the last progress, while something is unconfirmed.
    pub(super) ack_timeout: u64,
    /// Without a sign of life for so long, a ping asks for one.
    pub(super) keepalive: u64,
    /// Unconfirmed events at a time, at most.
    pub(super) window_events: u64,
    /// Payload bytes of unconfirmed events from which on there is no room.
    pub(super) window_bytes: u64,
    /// Greatest incoming frame and message, in bytes.
    pub(super) max_frame_bytes: u64,
}

impl From<&NodeSettings<'_>> for WsConfig {
    fn from(settings: &NodeSettings<'_>) -> WsConfig {
        let own = settings.named_strings("headers");
        let (bearer, basic) = (settings.opt_str("bearer"), settings.opt_str("basic"));
        let authorization = authorization::header(bearer, basic);
        let all = own.iter().copied().chain(authorization.as_deref().map(|value| ("Authorization", value)));
        let is_authorization = |(name, _): &(&str, &str)| name.eq_ignore_ascii_case("authorization");
        let mut secrets = authorization::secrets(bearer, basic);
        secrets.extend(own.iter().map(|(_, value)| (*value).to_owned()));
        let ca_file = settings.opt_str("ca_file").filter(|path| !path.is_empty());
        let target = Target::of(settings.str("url"), ca_file);
        secrets.extend(target.secrets());
        WsConfig {
            target,
            headers: all.clone().map(|(name, value)| format!("{name}: {value}\r\n")).collect(),
            has_credentials: all.clone().any(|header| is_authorization(&header)),
            secrets: Secrets::new(secrets),
            binary: settings.bool("binary"),
            ack: if settings.str("ack") == "written" { AckLevel::Written } else { AckLevel::Received },
            connect_timeout: settings.u64("connect_timeout"),
            backoff_min: settings.u64("backoff_min"),
            backoff_max: settings.u64("backoff_max"),
            ack_timeout: settings.u64("ack_timeout"),
            keepalive: settings.u64("keepalive"),
            window_events: settings.u64("window_events"),
            window_bytes: settings.u64("window_bytes"),
            max_frame_bytes: settings.u64("max_frame_bytes"),
        }
    }
}

/// A websocket url, taken apart. It may hold a secret (in its query), so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) endpoint: Endpoint,
    /// The `Host` header: with the port unless it is the scheme's own.
    pub(super) host: String,
    /// Path and query, as the request line has them.
    pub(super) resource: String,
}

impl Target {
    /// Takes a `ws://host[:port][/path][?query]` url apart, or a `wss` one.
    ///
    /// # Panics
    /// It is none: the registry checks urls, in a flow and at start.
    pub(super) fn of(url: &str, ca_file: Option<&str>) -> Target {
        let uri: Uri = url.parse().expect("the registry has checked the url");
        let host = uri.host().expect("the registry has checked the url's host");
        let is_tls = uri.scheme_str().is_some_and(|scheme| scheme.eq_ignore_ascii_case("wss"));
        let default_port = if is_tls { DEFAULT_TLS_PORT } else { DEFAULT_PORT };
        let port = uri.port_u16().unwrap_or(default_port);
        let resource = uri.path_and_query().map_or("/", |resource| resource.as_str());
        let root = if resource.starts_with('/') { "" } else { "/" };
        let address = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let endpoint = if is_tls {
            Endpoint::Tls { host: address, port, ca_file: ca_file.map(str::to_owned) }
        } else {
            Endpoint::Tcp { host: address, port }
        };
        Target {
            endpoint,
            host: if port == default_port { host.to_owned() } else { format!("{host}:{port}") },
            resource: format!("{root}{resource}"),
        }
    }

    /// What its query says, as it is written and as a peer reads it: a token may be there.
    fn secrets(&self) -> Vec<String> {
        let query = self.resource.split_once('?').map_or("", |(_, query)| query);
        let values = query.split('&').map(|part| match part.split_once('=') {
            Some((_, value)) if !value.trim_end_matches('=').is_empty() => value,
            // No key: a token may end with `=` itself.
            _ => part.trim_end_matches('='),
        });
        values.flat_map(|value| [value.to_owned(), decoded(value)]).collect()
    }
}

/// A part of a url without its `%41` (RFC 3986 section 2.1).
fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((&first, behind)) = rest.split_first() {
        let code = behind.get(..2).and_then(|code| u8::from_str_radix(str::from_utf8(code).ok()?, 16).ok());
        match code.filter(|_| first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
