//! From nothing to room: TCP, opening handshake, first ping.

use super::rig::{Rig, check};
use crate::core::Sink;

/// What the sink does from its first step on.
fn check_start(settings: &str, script: &str, expected: &str) {
    let mut rig = Rig::new(settings, 7);
    rig.play(script);
    assert_eq!(rig.trace(), expected, "settings `{settings}`, `{script}`");
}

#[test]
fn it_asks_for_a_connection_at_once() {
    check_start("", "", "connect");
}

#[test]
fn there_is_room_only_after_the_first_pong() {
    check_start("", "open", "connect");
    check_start("", "open upgrade", "connect ping:1");
    check_start("", "open upgrade push:1", "connect ping:1 refused:1");
    check_start("", "open upgrade pong:1", "connect ping:1 settled room:32");
    check_start("", "open upgrade foreign wait:4000 future", "connect ping:1");
}

#[test]
fn written_has_room_after_the_handshake() {
    check_start("ack=written", "open", "connect");
    check_start("ack=written", "open upgrade", "connect settled room:256");
}

#[test]
fn a_window_smaller_than_the_start_is_the_limit() {
    check_start("window_events=5", "proven", "connect ping:1 settled room:5");
}

#[test]
fn a_refused_connection_settles_the_sink_and_is_tried_again() {
    check_start("", "refuse", "connect settled");
    check_start("", "refuse retry", "connect settled connect");
    check_start("", "refuse retry proven", "connect settled connect ping:1 room:32");
}

#[test]
fn connecting_and_handshake_have_one_deadline() {
    check_start("", "wait:4999", "connect");
    check_start("", "wait:5000", "connect abort settled");
    check_start("", "wait:3000 open wait:1999", "connect");
    check_start("", "wait:3000 open wait:2000", "connect abort settled");
}

#[test]
fn the_first_pong_has_the_deadline_of_a_pong() {
    check_start("", "wait:4000 open upgrade wait:4999", "connect ping:1");
    check_start("", "wait:4000 open upgrade wait:5000", "connect ping:1 abort settled");
}

#[test]
fn the_state_of_an_ended_connection_does_not_end_the_next() {
    check("", "proven fin", "retry", "connect");
    check("", "proven fin", "retry wait:4000 proven", "connect ping:1 room:32");
}

#[test]
fn the_request_is_a_proper_opening_handshake() {
    let mut rig = Rig::new("", 7);
    rig.play("open");
    let request = rig.peer.request.clone().expect("a request came");
    assert!(request.starts_with("GET /in?a=b HTTP/1.1\r\n"), "{request}");
    for (name, value) in [
        ("Host", "localhost:8080"),
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Version", "13"),
    ] {
        assert_eq!(rig.peer.header(name), Some(value), "{request}");
    }
    let key = rig.peer.header("Sec-WebSocket-Key").expect("a key").to_owned();
    assert!(key.len() == 24 && key.ends_with("=="), "sixteen bytes in base64: {key}");
    let mut other = Rig::new("", 8);
    other.play("open");
    assert_ne!(other.peer.header("Sec-WebSocket-Key"), Some(&*key), "the key comes from the seed");
}

/// The peer answers the handshake with `head` (`{key}` is the right accept key); `expected` is the reason of the end, or
/// nothing if the connection is a websocket.
fn check_answer(head: &str, expected: &str) {
    let mut rig = Rig::new("", 7);
    rig.play("open");
    let head = head.replace('\n', "\r\n").replace("{key}", &rig.peer.accept_key());
    let reason = super::log_lines::lines_of(|| {
        rig.receive(head.as_bytes());
        rig.turn();
    });
    match expected {
        "" => assert_eq!(rig.trace(), "connect ping:1", "{head}"),
        expected => {
            assert!(reason.contains(expected), "{head}\n{reason}");
            assert_eq!(rig.trace(), "connect abort settled", "{head}");
            assert_eq!(rig.ws.counts.connects, 0, "{head}");
            assert_eq!((rig.ws.counts.failed_connects, rig.ws.counts.disconnects), (1, 0), "{head}");
        }
    }
}

#[test]
fn an_answer_that_is_no_websocket_is_refused_in_words() {
    for (head, expected) in [
        (
            "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
            "answered `HTTP/1.1 200 OK` instead of switching to websocket; look whether a websocket server is behind this url",
        ),
        (
            "HTTP/1.1 404 Not here\n\n",
            "answered `HTTP/1.1 404 Not here` instead of switching to websocket; look whether a websocket server is behind \
             this url, and at this path",
        ),
        (
            "HTTP/1.1 502 Bad Gateway\n\n",
            "answered `HTTP/1.1 502 Bad Gateway` instead of switching to websocket; it is in trouble, or what is in front \
             of it is",
        ),
        (
            "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Bearer\n\n",
            "answered `HTTP/1.1 401 Unauthorized` instead of switching to websocket; it may want to know who asks: set \
             `bearer` or `basic`",
        ),
        (
            "HTTP/1.1 302 Found\nLocation: ws://b/?token=x#y\n\n",
            "redirects to `ws://b/` (`HTTP/1.1 302 Found`); name the final url",
        ),
        ("HTTP/1.1 101 Go\nUpgrade: websocket\nConnection: Upgrade\n\n", "wrong `Sec-WebSocket-Accept`"),
        (
            "HTTP/1.1 101 Go\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: bm8=\n\n",
            "wrong `Sec-WebSocket-Accept`",
        ),
        (
            "HTTP/1.1 101 Go\nConnection: Upgrade\nSec-WebSocket-Accept: {key}\n\n",
            "lacks `Upgrade: websocket`",
        ),
        (
            "HTTP/1.1 101 Go\nUpgrade: websocket\nSec-WebSocket-Accept: {key}\n\n",
            "lacks `Connection: Upgrade`",
        ),
        (
            "HTTP/1.1 101 Go\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: {key}\n\
             Sec-WebSocket-Extensions: permessage-deflate\n\n",
            "chose a sec-websocket-extensions that nobody asked for: `permessage-deflate`",
        ),
        (
            "HTTP/1.1 101 Go\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: {key}\n\
             Sec-WebSocket-Protocol: chat\n\n",
            "chose a sec-websocket-protocol that nobody asked for: `chat`",
        ),
        ("SSH-2.0-OpenSSH_9.2\n", "does not speak HTTP/1.1"),
        ("\x15\x03\x03\0\x02\x02\x0a", "the peer speaks TLS: write `wss://…`"),
        ("\x16\x03", "the peer speaks TLS: write `wss://…`"),
    ] {
        check_answer(head, expected);
    }
    check_answer(&format!("HTTP/1.1 101 Go\nX: {}", "y".repeat(17_000)), "longer than 16384 bytes");
    let long = format!("HTTP/1.1 400 {}\n\n", "y".repeat(1000));
    check_answer(&long, &format!("answered `HTTP/1.1 400 {}` instead", "y".repeat(187)));
}

#[test]
fn the_request_has_the_headers_that_the_flow_gives_it() {
    let check = |settings: &str, expected: &[(&str, Option<&str>)]| {
        let mut rig = Rig::new(settings, 7);
        rig.play("open");
        for (name, value) in expected {
            assert_eq!(rig.peer.header(name), *value, "{settings}: {:?}", rig.peer.request);
        }
        rig.play("upgrade pong:1");
        assert_eq!(rig.ws.room(false), 32, "{settings}");
    };
    check("", &[("Authorization", None)]);
    check(
        r#"headers={"X-A":"a,b;c","x_B":"","Origin":"http://h"}"#,
        &[("X-A", Some("a,b;c")), ("x_B", Some("")), ("Origin", Some("http://h")), ("Authorization", None)],
    );
    check("bearer=abc.DEF-1_2~+/=", &[("Authorization", Some("Bearer abc.DEF-1_2~+/="))]);
    check("basic=Aladdin:open_sesame", &[("Authorization", Some("Basic QWxhZGRpbjpvcGVuX3Nlc2FtZQ=="))]);
    // RFC 7617 section 2.1: UTF-8, and a colon in the password.
    check("basic=test:123£:", &[("Authorization", Some("Basic dGVzdDoxMjPCozo="))]);
    check(r#"headers={"Authorization":"Digest-x"}"#, &[("authorization", Some("Digest-x"))]);
}

/// What the log says when a peer with these settings answers or closes by repeating what it was told.
fn check_repeated(settings: &str, told: &str, expected: &str) {
    let reason = super::log_lines::lines_of(|| {
        let mut rig = Rig::new(settings, 7);
        rig.play("open");
        rig.receive(format!("HTTP/1.1 403 Not {told}\r\nX: {told}\r\n\r\n").as_bytes());
        rig.turn();
        rig.play("retry proven");
        rig.receive(&super::peer::close(1008, told));
        rig.turn();
    });
    assert!(reason.contains(&format!("`HTTP/1.1 403 Not {expected}` instead")), "{reason}");
    let advice = "it does not take the `bearer`, `basic` or `headers`";
    assert_eq!(reason.contains(advice), !settings.starts_with("url"), "{reason}");
    assert!(
        reason.contains(&format!(
            "closed with 1008 (its policy forbids what it was sent, or who sends it): {expected}"
        )),
        "{reason}"
    );
    assert!(!reason.contains(told), "{reason}");
}

#[test]
fn a_peer_that_repeats_a_secret_gets_it_into_no_log_line() {
    check_repeated("bearer=s3cr3t", "s3cr3t", "…");
    check_repeated("bearer=s3cr3t", "<s3cr3t>", "<…>");
    check_repeated("basic=user:s3cr3t", "s3cr3t", "…");
    check_repeated("basic=user:s3cr3t", "dXNlcjpzM2NyM3Q=", "…");
    check_repeated(r#"headers={"Authorization":"s3cr3t"}"#, "s3cr3t", "…");
    check_repeated("basic=user:it's\"s3cr3t\"", "it's\"s3cr3t\"", "…");
    check_repeated("bearer=s3cr3t-and-long", "s3cr3t-and", "…");
    check_repeated("url=ws://h/in?token=s3cr3t&v=1", "/in?token=s3cr3t&v=1", "/in?token=…&v=1");
    check_repeated("url=ws://h/?s3cr3t", "s3cr3t", "…");
    check_repeated("url=ws://h/?token=s3%2Fcr3t%", "s3/cr3t%, s3%2Fcr3t%", "…, …");
}

/// A secret that is a common word, or a part of one, stays in what we say ourselves.
#[test]
fn our_own_words_are_not_hidden() {
    let check = |settings: &str, script: &str, answer: &str, expected: &str| {
        let lines = super::log_lines::lines_of(|| {
            let mut rig = Rig::new(settings, 7);
            rig.play(script);
            rig.receive(answer.as_bytes());
            rig.turn();
        });
        assert!(lines.contains(expected), "{settings}: no `{expected}` in: {lines}");
    };
    let word = "url=ws://h/in?type=websocket";
    check(
        word,
        "open",
        "HTTP/1.1 404 No websocket\r\n\r\n",
        "answered `HTTP/1.1 404 No …` instead of switching to websocket; look whether a websocket server is behind",
    );
    check(word, "open wait:5000", "", "look whether a websocket server listens there");
    check("bearer=connection", "wait:5000", "", "no connection within 5000 ms");
    check("url=ws://h/?peer", "proven", "\u{7f}\u{1}", "the peer broke the protocol");
    check(r#"headers={"X-A":"refused"}"#, "refuse", "", "connection refused");
}

#[test]
fn an_answer_may_say_it_in_any_way_that_the_rfc_allows() {
    check_answer(
        "HTTP/1.1 101 Go\nupgrade: WebSocket\nconnection: keep-alive, upgrade\nsec-websocket-accept: {key}\n\n",
        "",
    );
    check_answer(
        "HTTP/1.1 101\nServer: x\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: {key}\n\n",
        "",
    );
}

#[test]
fn a_peer_that_hangs_up_during_the_handshake_is_tried_again() {
    check_start("", "open fin", "connect settled");
    check_start("", "open fin retry open upgrade", "connect settled connect ping:1");
}

#[test]
fn every_connection_has_a_key_and_a_nonce_of_its_own() {
    let mut rig = Rig::new("", 7);
    rig.play("proven");
    let key = rig.peer.header("Sec-WebSocket-Key").unwrap().to_owned();
    let ping = rig.peer.pings[0].clone();
    rig.play("fin retry proven");
    assert_ne!(rig.peer.header("Sec-WebSocket-Key"), Some(&*key));
    assert_ne!(rig.peer.pings[0][..8], ping[..8]);
    assert_eq!(rig.peer.pings[0][8..], ping[8..], "numbers begin again");
}
