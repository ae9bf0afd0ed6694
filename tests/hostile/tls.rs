//! TLS that cannot be, at a `wss://` url. What each failure says is tested connection by connection in `tests/tls/`; here is what it does
//! to a whole flow, which must trust nobody and go on.

use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use crate::certificates::{Authority, early, expired};
use crate::peer::{Connection, Peer, Script, Seen, healthy};
use crate::stage::{Stage, script};

/// Speaks TLS with this certificate, and is healthy behind it.
fn speaks(acceptor: &TlsAcceptor) -> Script {
    let config: Arc<ServerConfig> = Arc::clone(acceptor.config());
    script(move |connection| {
        connection.tls(&config)?;
        healthy(connection)
    })
}

/// Nothing is confirmed, and the log says why.
fn check(stage: &mut Stage, what: &str, hostile: Script, words: &[&str]) {
    let enough = |seen: &Seen| {
        assert_eq!(seen.confirmed, 0, "{what}: it got an event");
        // The words may be those of the case before.
        seen.begun >= 2
    };
    stage.check(what, hostile, enough, &[&["cannot connect", "retry_ms="], words].concat());
}

#[test]
fn a_peer_that_is_not_to_be_trusted_gets_nothing() {
    let authority = Authority::new("hostile");
    let stranger = Authority::new("hostile-stranger");
    let (itself, _) = authority.self_signed(&["localhost"], false);
    let good = speaks(&authority.server(&["localhost"]));
    let peer = Peer::new(Arc::clone(&good));
    let url = format!("wss://localhost:{}/", peer.port());
    let settings = [format!("ca_file={}", authority.ca_file())];
    let mut stage = Stage::with("tls", peer, &url, Some(good), &settings);
    let unknown =
        format!("nobody in the `ca_file` `{}` has signed the peer's certificate", authority.ca_file());
    for (what, acceptor, words) in [
        ("of another authority", stranger.server(&["localhost"]), &unknown[..]),
        ("of nobody", itself, &unknown),
        ("expired", authority.server_with(&["localhost"], expired), "has expired: renew it"),
        ("of the future", authority.server_with(&["localhost"], early), "is not valid yet"),
        ("for somebody else", authority.server(&["example.org"]), "not for `localhost`, but for example.org"),
    ] {
        check(&mut stage, what, speaks(&acceptor), &[words]);
    }
    stage.end().assert_whole();
}

#[test]
fn a_peer_that_speaks_no_tls_or_never_ends_its_handshake_is_left() {
    let authority = Authority::new("hostile-plain");
    let good = speaks(&authority.server(&["localhost"]));
    let peer = Peer::new(Arc::clone(&good));
    let url = format!("wss://localhost:{}/", peer.port());
    let settings = [format!("ca_file={}", authority.ca_file())];
    let mut stage = Stage::with("no-tls", peer, &url, Some(good), &settings);
    let plain = |connection: &mut Connection| {
        connection.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")?;
        connection.until_end()
    };
    check(&mut stage, "plain HTTP", script(plain), &["does not speak TLS: write `ws://"]);
    let silence = |connection: &mut Connection| connection.until_end();
    check(
        &mut stage,
        "silence",
        script(silence),
        &["no connection within 300 ms", "`connect_timeout`", "look whether"],
    );
    let endless = |connection: &mut Connection| connection.flood(&[b'z'; 16_000], false);
    check(&mut stage, "endless text", script(endless), &["does not speak TLS"]);
    // A record of a handshake message that says it has 16 MiB, in pieces (RFC 8446 section 4).
    let record = [&[22, 3, 3, 0x3f, 0xff, 2, 0xff, 0xff, 0xff][..], &[0; 0x3ffb]].concat();
    let endless = move |connection: &mut Connection| connection.flood(&record, false);
    check(&mut stage, "an endless hello", script(endless), &["does not speak TLS"]);
    let hung_up = |connection: &mut Connection| connection.hang_up();
    check(&mut stage, "hangs up", script(hung_up), &["hung up during the TLS handshake", "write `ws://"]);
    stage.end().assert_whole();
}
