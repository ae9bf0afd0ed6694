//! What the settings of a `ws` offramp say, in the machine's own terms. Checking them is the registry's work.

use crate::core::Endpoint;
use foreshock_spec::NodeSettings;
use http::Uri;

/// The port of a `ws` url that names none (RFC 6455 section 3).
const DEFAULT_PORT: u16 = 80;

/// What counts as confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AckLevel {
    /// The socket has taken the bytes.
    Written,
    /// The peer's websocket layer has the frame: it has answered a ping that was sent after it.
    Received,
}

/// The settings of one websocket sink. Times are in milliseconds.
#[derive(Clone, Debug)]
pub(super) struct WsConfig {
    pub(super) target: Target,
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
        WsConfig {
            target: Target::of(settings.str("url")),
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

/// A websocket url, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) endpoint: Endpoint,
    /// The `Host` header: with the port unless it is the scheme's own.
    pub(super) host: String,
    /// Path and query, as the request line has them.
    pub(super) resource: String,
}

impl Target {
    /// Takes a `ws://host[:port][/path][?query]` url apart.
    ///
    /// # Panics
    /// It is none: the registry checks urls, in a flow and at start.
    pub(super) fn of(url: &str) -> Target {
        let uri: Uri = url.parse().expect("the registry has checked the url");
        let host = uri.host().expect("the registry has checked the url's host");
        let port = uri.port_u16().unwrap_or(DEFAULT_PORT);
        let resource = uri.path_and_query().map_or("/", |resource| resource.as_str());
        let root = if resource.starts_with('/') { "" } else { "/" };
        Target {
            endpoint: Endpoint::Tcp {
                host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
                port,
            },
            host: if port == DEFAULT_PORT { host.to_owned() } else { format!("{host}:{port}") },
            resource: format!("{root}{resource}"),
        }
    }
}
