//! The opening handshake, from the client's side (RFC 6455 section 4.1). The HTTP parser and the accept key are
//! tungstenite's; the checks are here, because its own refuse heads that arrive in small pieces, `Connection` headers with
//! more than one token (which the RFC allows), and let extensions through that nobody asked for (which it does not).

use super::config::{Target, WsConfig};
use super::secrets::Secrets;
use crate::core::Random;
use foreshock_spec::json::base64;
use http::StatusCode;
use http::header::{CONNECTION, HeaderMap, HeaderName, LOCATION, UPGRADE};
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::handshake::client::Response;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::handshake::machine::TryParse;

/// Bytes of a response's head, at most.
const HEAD_LIMIT: usize = 16 * 1024;

/// Bytes of a peer's own words that a reason repeats, at most.
const QUOTE_LIMIT: usize = 200;

const ACCEPT: HeaderName = HeaderName::from_static("sec-websocket-accept");
const EXTENSIONS: HeaderName = HeaderName::from_static("sec-websocket-extensions");
const PROTOCOL: HeaderName = HeaderName::from_static("sec-websocket-protocol");

/// The first byte of what a TLS server sends to who does not speak TLS, or speaks it in another way (RFC 8446 section
/// 5.1): an alert, a handshake.
const TLS_RECORDS: [u8; 2] = [21, 22];

/// What to do where something else listens.
const LOOK: &str = "look whether a websocket server is behind this url, and at this path";

/// What to do where something stands in front of a websocket server that does not let websockets through.
const PASS_ON: &str = "if there is a proxy in between, it must let websockets through";

/// A handshake that waits for the peer's response.
pub(super) struct Handshake {
    /// Whether the request told who we are.
    has_credentials: bool,
    /// What `Sec-WebSocket-Accept` must say.
    accept: String,
}

impl Handshake {
    /// The request, and the handshake that it begins.
    pub(super) fn begin(config: &WsConfig, random: &mut Random) -> (String, Handshake) {
        let WsConfig { target: Target { resource, host, .. }, headers, has_credentials, .. } = config;
        let mut nonce = [0; 16];
        random.fill(&mut nonce);
        let key = base64(&nonce);
        let request = format!(
            "GET {resource} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n{headers}\r\n"
        );
        let accept = derive_accept_key(key.as_bytes());
        (request, Handshake { accept, has_credentials: *has_credentials })
    }

    /// Reads the response: `true` when the connection is a websocket now. Takes the head out of `incoming` and leaves what
    /// follows it. An error says in words why this is no websocket, without the secrets.
    pub(super) fn read(&self, incoming: &mut Vec<u8>, secrets: &Secrets) -> Result<bool, String> {
        match Response::try_parse(&incoming[..incoming.len().min(HEAD_LIMIT)]) {
            Ok(Some((head, response))) => {
                let head: Vec<u8> = incoming.drain(..head).collect();
                self.check(&response, &head, secrets).map(|()| true)
            }
            Ok(None) if incoming.len() >= HEAD_LIMIT => {
                Err(format!("the response to the handshake is longer than {HEAD_LIMIT} bytes; {LOOK}"))
            }
            Ok(None) => Ok(false),
            Err(Error::Capacity(error)) => {
                Err(format!("the response to the handshake is too large: {error}; {LOOK}"))
            }
            Err(_) if incoming.first().is_some_and(|first| TLS_RECORDS.contains(first)) => {
                Err("the peer speaks TLS: write `wss://…`, or name another port".to_owned())
            }
            Err(error) => Err(format!("the peer does not speak HTTP/1.1: {error}; {LOOK}")),
        }
    }

    fn check(&self, response: &Response, head: &[u8], secrets: &Secrets) -> Result<(), String> {
        let headers = response.headers();
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Err(self.refusal(response, head, secrets));
        }
        if !has_token(headers, &UPGRADE, "websocket") {
            return Err(format!("the response to the handshake lacks `Upgrade: websocket`; {PASS_ON}"));
        }
        if !has_token(headers, &CONNECTION, "upgrade") {
            return Err(format!("the response to the handshake lacks `Connection: Upgrade`; {PASS_ON}"));
        }
        if headers.get(ACCEPT).is_none_or(|accept| accept.as_bytes() != self.accept.as_bytes()) {
            return Err(format!(
                "the response to the handshake has a wrong `Sec-WebSocket-Accept`; {PASS_ON}"
            ));
        }
        for name in [EXTENSIONS, PROTOCOL] {
            if let Some(value) = headers.get(&name).filter(|value| !value.is_empty()) {
                return Err(format!(
                    "the peer chose a {name} that nobody asked for: {}; switch it off there",
                    quote(value.as_bytes(), secrets)
                ));
            }
        }
        Ok(())
    }

    /// Why an answer that is not 101 is no websocket, with its status line. A redirect is not followed: where events go is
    /// the flow's to say.
    fn refusal(&self, response: &Response, head: &[u8], secrets: &Secrets) -> String {
        let line = head.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or(head);
        let line = quote(line, secrets);
        let status = response.status();
        if let Some(location) = response.headers().get(LOCATION).filter(|_| status.is_redirection()) {
            // What a url's query says may be nobody's business.
            let url = location.as_bytes().split(|byte| matches!(byte, b'?' | b'#')).next().unwrap_or(b"");
            return format!("the peer redirects to {} ({line}); name the final url", quote(url, secrets));
        }
        let advice = match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if self.has_credentials => {
                "it does not take the `bearer`, `basic` or `headers` that it was given"
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                "it may want to know who asks: set `bearer` or `basic`"
            }
            status if status.is_server_error() => "it is in trouble, or what is in front of it is",
            _ => LOOK,
        };
        format!("the peer answered {line} instead of switching to websocket; {advice}")
    }
}

/// Whether a header that is a list of tokens has this one, in any case.
fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|part| part.trim().eq_ignore_ascii_case(token))
}

/// A peer's words for a log line.
fn quote(bytes: &[u8], secrets: &Secrets) -> String {
    format!("`{}`", secrets.quote(bytes, QUOTE_LIMIT))
}
