//! The opening handshake, from the client's side (RFC 6455 section 4.1). The HTTP parser and the accept key are
//! tungstenite's; the checks are here, because its own refuse heads that arrive in small pieces, `Connection` headers with
//! more than one token (which the RFC allows), and let extensions through that nobody asked for (which it does not).

use super::config::Target;
use crate::core::Random;
use http::header::{CONNECTION, HeaderMap, HeaderName, LOCATION, UPGRADE};
use http::{HeaderValue, StatusCode};
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

/// A handshake that waits for the peer's response.
pub(super) struct Handshake {
    /// What `Sec-WebSocket-Accept` must say.
    accept: String,
}

impl Handshake {
    /// The request, and the handshake that it begins.
    pub(super) fn begin(target: &Target, random: &mut Random) -> (String, Handshake) {
        let mut nonce = [0; 16];
        random.fill(&mut nonce);
        let key = base64(nonce);
        let request = format!(
            "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n",
            target.resource, target.host
        );
        (request, Handshake { accept: derive_accept_key(key.as_bytes()) })
    }

    /// Reads the response: `true` when the connection is a websocket now. Takes the head out of `incoming` and leaves what
    /// follows it. An error says in words why this is no websocket.
    pub(super) fn read(&self, incoming: &mut Vec<u8>) -> Result<bool, String> {
        match Response::try_parse(&incoming[..incoming.len().min(HEAD_LIMIT)]) {
            Ok(Some((head, response))) => {
                incoming.drain(..head);
                self.check(&response).map(|()| true)
            }
            Ok(None) if incoming.len() >= HEAD_LIMIT => {
                Err(format!("the response to the handshake is longer than {HEAD_LIMIT} bytes"))
            }
            Ok(None) => Ok(false),
            Err(Error::Capacity(error)) => {
                Err(format!("the response to the handshake is too large: {error}"))
            }
            Err(error) => Err(format!("the peer does not speak HTTP/1.1: {error}")),
        }
    }

    fn check(&self, response: &Response) -> Result<(), String> {
        let headers = response.headers();
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Err(refusal(response.status(), headers.get(LOCATION)));
        }
        if !has_token(headers, &UPGRADE, "websocket") {
            return Err("the response to the handshake lacks `Upgrade: websocket`".to_owned());
        }
        if !has_token(headers, &CONNECTION, "upgrade") {
            return Err("the response to the handshake lacks `Connection: Upgrade`".to_owned());
        }
        if headers.get(ACCEPT).is_none_or(|accept| accept.as_bytes() != self.accept.as_bytes()) {
            return Err("the response to the handshake has a wrong `Sec-WebSocket-Accept`".to_owned());
        }
        for name in [EXTENSIONS, PROTOCOL] {
            if let Some(value) = headers.get(&name).filter(|value| !value.is_empty()) {
                return Err(format!("the peer chose a {name} that nobody asked for: {}", quote(value)));
            }
        }
        Ok(())
    }
}

/// Why an answer that is not 101 is no websocket. A redirect is not followed: where events go is the flow's to say.
fn refusal(status: StatusCode, location: Option<&HeaderValue>) -> String {
    match location {
        Some(location) if status.is_redirection() => {
            format!("the peer redirects to {} ({status}); name the final url", quote(location))
        }
        _ => format!("the peer answered HTTP {status} instead of switching to websocket"),
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

/// A header's value for a log line: escaped, and not too long.
fn quote(value: &HeaderValue) -> String {
    let bytes = value.as_bytes();
    format!("`{}`", bytes[..bytes.len().min(QUOTE_LIMIT)].escape_ascii())
}

/// Base64 of a handshake's nonce (RFC 4648 section 4): five times three bytes, and one over.
fn base64(nonce: [u8; 16]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |bits: u32| char::from(DIGITS[(bits & 63) as usize]);
    let mut text = String::with_capacity(24);
    let (triples, rest) = nonce.as_chunks::<3>();
    for &[a, b, c] in triples {
        let bits = u32::from_be_bytes([0, a, b, c]);
        text.extend([bits >> 18, bits >> 12, bits >> 6, bits].map(digit));
    }
    for &last in rest {
        text.extend([digit(u32::from(last) >> 2), digit(u32::from(last) << 4), '=', '=']);
    }
    text
}
