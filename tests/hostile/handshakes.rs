//! Opening handshakes that never end, or end otherwise than with a websocket.

use std::io;
use std::net::TcpListener;

use crate::peer::{Connection, Seen};
use crate::stage::{Stage, script};

/// The peer does this with each connection, which never becomes a websocket.
fn check(
    stage: &mut Stage,
    what: &str,
    act: impl Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static,
    words: &[&str],
) {
    let enough = |seen: &Seen| {
        assert_eq!((seen.confirmed, seen.closes.len()), (0, 0), "{what}: no frame without a handshake");
        seen.rounds >= 2
    };
    stage.check(what, script(act), enough, &[&["cannot connect", "retry_ms="], words].concat());
}

/// The peer answers so, and waits for the flow to leave.
fn check_answer(stage: &mut Stage, head: &'static str, words: &[&str]) {
    let act = move |connection: &mut Connection| {
        connection.answer(head)?;
        connection.until_end()
    };
    check(stage, head, act, words);
}

/// The peer answers so, and then with `unit` for ever.
fn check_endless(stage: &mut Stage, head: &'static str, unit: &'static [u8], words: &[&str]) {
    let act = move |connection: &mut Connection| {
        connection.answer(head)?;
        connection.flood(&unit.repeat(16_000 / unit.len()), false)
    };
    check(stage, &format!("{head} and {unit:?} for ever"), act, words);
}

#[test]
fn a_handshake_that_is_not_finished_in_time_is_given_up() {
    let mut stage = Stage::new("unfinished");
    let words = ["no answer to the opening handshake within 300 ms", "`connect_timeout`", "look whether"];
    check(&mut stage, "silence", |connection| connection.until_end(), &words);
    let slow = |connection: &mut Connection| {
        connection.request()?;
        for byte in b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n" {
            connection.send(&[*byte])?;
            for _ in 0..50 {
                connection.nap()?;
            }
        }
        Ok(())
    };
    // It notices late that nobody is there any more, so its rounds do not count.
    let enough = |seen: &Seen| seen.confirmed == 0 && seen.begun >= 2;
    stage.check("a byte now and then", script(slow), enough, &["cannot connect", words[0]]);
    let half = "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: {key}\n";
    check_answer(&mut stage, half, &words);
    check(&mut stage, "hangs up", |connection| connection.hang_up(), &["the peer closed the connection"]);
    let reads_first = |connection: &mut Connection| connection.request().map(drop);
    check(
        &mut stage,
        "hangs up behind the request",
        reads_first,
        &["hung up during the handshake", words[2]],
    );
    stage.end().assert_whole();
}

#[test]
fn a_head_without_end_is_given_up_at_its_limit() {
    let mut stage = Stage::new("endless-head");
    let long = ["longer than 16384 bytes", "look whether a websocket server is behind this url"];
    check_endless(&mut stage, "HTTP/1.1 101 Switching Protocols\nX: ", b"y", &long);
    check_endless(&mut stage, "HTTP/1.1 200 ", b"y", &long);
    check_endless(&mut stage, "HTTP/1.1 101 Go\n", b"A: b\r\n", &["is too large", "Too many headers"]);
    let none = ["does not speak HTTP/1.1", "look whether a websocket server is behind this url"];
    check_endless(&mut stage, "", b"z", &none);
    check_endless(&mut stage, "", b"\0", &none);
    check_endless(
        &mut stage,
        "HTTP/1.1 200 OK\n\n",
        b"a page without end",
        &["`HTTP/1.1 200 OK` instead of"],
    );
    stage.end().assert_whole();
}

#[test]
fn an_answer_that_is_no_websocket_is_told_with_what_to_do() {
    let mut stage = Stage::new("no-websocket");
    let look = "look whether a websocket server is behind this url";
    for (head, words) in [
        ("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", &["`HTTP/1.1 200 OK` instead of switching", look][..]),
        ("HTTP/1.1 404 Not Found\n\n", &["`HTTP/1.1 404 Not Found`", "at this path"]),
        ("HTTP/1.1 401 Unauthorized\n\n", &["`HTTP/1.1 401 Unauthorized`", "set `bearer` or `basic`"]),
        ("HTTP/1.1 503 Service Unavailable\n\n", &["`HTTP/1.1 503 Service Unavailable`", "in trouble"]),
        ("HTTP/1.1 426 Upgrade Required\n\n", &["`HTTP/1.1 426 Upgrade Required`", look]),
        ("SSH-2.0-OpenSSH_9.2p1\n", &["does not speak HTTP/1.1", look]),
        ("220 mail.example.org ESMTP\n", &["does not speak HTTP/1.1"]),
        ("\x15\x03\x03\0\x02\x02\x28", &["the peer speaks TLS: write `wss://"]),
    ] {
        check_answer(&mut stage, head, words);
    }
    stage.end().assert_whole();
}

#[test]
fn a_websocket_that_is_not_the_one_that_was_asked_for_is_refused() {
    let mut stage = Stage::new("wrong-accept");
    let proxy = "if there is a proxy in between, it must let websockets through";
    for (head, words) in [
        (
            "HTTP/1.1 101 Go\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: d3Jvbmcga2V5\n\n",
            &["a wrong `Sec-WebSocket-Accept`", proxy][..],
        ),
        ("HTTP/1.1 101 Go\nUpgrade: websocket\nConnection: Upgrade\n\n", &["a wrong `Sec-WebSocket-Accept`"]),
        (
            "HTTP/1.1 101 Go\nConnection: Upgrade\nSec-WebSocket-Accept: {key}\n\n",
            &["lacks `Upgrade: websocket`", proxy],
        ),
        (
            "HTTP/1.1 101 Go\nUpgrade: websocket\nSec-WebSocket-Accept: {key}\n\n",
            &["lacks `Connection: Upgrade`", proxy],
        ),
        (
            "HTTP/1.1 101 Go\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: {key}\n\
             Sec-WebSocket-Extensions: permessage-deflate\n\n",
            &["sec-websocket-extensions that nobody asked for: `permessage-deflate`", "switch it off there"],
        ),
    ] {
        check_answer(&mut stage, head, words);
    }
    stage.end().assert_whole();
}

#[test]
fn a_redirect_is_told_and_not_followed() {
    let mut stage = Stage::new("redirect");
    let trap = TcpListener::bind("127.0.0.1:0").unwrap();
    trap.set_nonblocking(true).unwrap();
    let to = format!("ws://{}/in", trap.local_addr().unwrap());
    for status in ["301 Moved Permanently", "303 See Other", "308 Permanent Redirect"] {
        let head = format!("HTTP/1.1 {status}\nLocation: {to}?token=s3cr3t\n\n");
        let act = move |connection: &mut Connection| {
            connection.answer(&head)?;
            connection.until_end()
        };
        let words = [&format!("redirects to `{to}` (`HTTP/1.1 {status}`)"), "name the final url"];
        check(&mut stage, status, act, &words);
    }
    let ended = stage.end();
    ended.assert_whole();
    assert!(!ended.stderr.contains("s3cr3t"), "{}", ended.stderr);
    assert!(trap.accept().is_err(), "nobody goes where the peer wants");
}
