//! A peer that takes an event and closes, with each code that it may use, or without one.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::bytes::{CLOSE, close, frame};
use crate::peer::{Connection, Peer, Seen, healthy};
use crate::stage::{STALL, Stage, script};

/// Events that are blamed at once.
const SUSPECTS: u64 = 24;

/// How the log begins to tell it.
const CLOSED: &str = "the peer closed with";

/// Takes an event, leaves it unconfirmed, and closes so; reads until the flow ends the connection.
fn check(stage: &mut Stage, bytes: Vec<u8>, enough: impl Fn(&Seen) -> bool, words: &[&str]) {
    let what = format!("{bytes:02x?}");
    let act = move |connection: &mut Connection| -> io::Result<()> {
        connection.until_event()?;
        connection.send(&bytes)?;
        connection.until_end()
    };
    stage.check(&what, script(act), enough, words);
}

#[test]
fn a_close_fails_what_was_unconfirmed_and_is_answered_with_its_code() {
    let mut stage = Stage::new("closes");
    for (code, meaning) in [
        (1000, ""),
        (1001, ""),
        (1002, ""),
        (1008, "its policy forbids"),
        (1010, ""),
        (1011, "it has failed"),
        (1012, ""),
        (1013, "too much to do"),
        (3000, "set `bearer` or `basic`"),
        (4999, ""),
    ] {
        // One line of a kind comes per second: some are enough, the rest is tested without sockets.
        let closed = format!("{CLOSED} {code}");
        let words: &[&str] =
            if meaning.is_empty() { &[] } else { &["disconnected", &closed, meaning, "why not"] };
        check(&mut stage, close(code, "why not"), |seen| seen.closes.contains_key(&code), words);
    }
    check(
        &mut stage,
        frame(CLOSE, b""),
        |seen| seen.rounds >= 2,
        &["disconnected", "closed, without a code"],
    );
    stage.end().assert_whole();
}

#[test]
fn a_peer_that_is_gone_without_a_word_fails_what_was_unconfirmed() {
    let mut stage = Stage::new("gone");
    let fin = |connection: &mut Connection| {
        connection.until_event()?;
        connection.hang_up()
    };
    let words = ["disconnected", "the peer closed the connection"];
    stage.check("the end of the stream", script(fin), |seen| seen.rounds >= 3, &words);
    let in_a_frame = |connection: &mut Connection| {
        connection.until_event()?;
        connection.send(&frame(CLOSE, b"\x03\xe8goodbye")[..5])?;
        connection.hang_up()
    };
    stage.check("in the middle of a frame", script(in_a_frame), |seen| seen.rounds >= 3, &words);
    // Dropped with bytes unread, the system resets it.
    let reset = |connection: &mut Connection| connection.until_event().map(drop);
    stage.check("without reading on", script(reset), |seen| seen.rounds >= 3, &["disconnected"]);
    stage.end().assert_whole();
}

/// What nobody else complains of arrives there. What the peer complains of twice, the second time of it alone, is rejected: counted, and
/// told with its begin, so that it does not go round for ever.
#[test]
fn a_close_that_blames_events_costs_those_at_most_that_are_told() {
    let mut stage = Stage::new("blames");
    for (code, meaning) in [
        (1003, "`binary` may have to be set"),
        (1007, "cannot read what it was sent"),
        (1009, "too large for it"),
    ] {
        let closed = format!("{CLOSED} {code}");
        let enough = |seen: &Seen| seen.closes.get(&code).is_some_and(|closes| *closes >= 3);
        check(&mut stage, close(code, "not so"), enough, &["disconnected", &closed, meaning, "not so"]);
    }
    let ended = stage.end();
    let told = ended.stderr.lines().filter(|line| line.contains("event rejected")).count() as u64;
    assert_eq!(told > 0, ended.missing > 0, "{} rejected\n{}", ended.missing, ended.stderr);
    let ends = ended.summary.count("offramp.ws0", "disconnects");
    assert!(ended.missing * 2 <= ends, "{} rejected, by {ends} connections: each needs two", ended.missing);
}

/// A suspect is delivered alone: while one is with a peer that says nothing, other suspects wait, and nobody else does.
#[test]
fn a_peer_that_blames_events_and_then_says_nothing_holds_up_nobody() {
    let calm = script(healthy);
    let peer = Peer::new(calm.clone());
    let url = format!("ws://127.0.0.1:{}/", peer.port());
    // Longer than anybody may wait.
    let timeout = format!("ack_timeout={}", STALL.as_millis() + 1000);
    let mut stage = Stage::with("silent", peer, &url, Some(calm), &[timeout, "backoff_max=10".to_owned()]);
    let connections = AtomicU64::new(0);
    let hostile = script(move |connection| {
        connection.until_event()?;
        if connections.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) {
            // As many as it takes for the last of them to be waiting when this peer is back.
            for _ in 0..SUSPECTS {
                connection.until_next_event()?;
            }
            connection.send(&close(1007, ""))?;
        }
        connection.until_end()
    });
    stage.check(
        "blame, silence, blame",
        hostile,
        |seen| seen.rounds >= 3,
        &["disconnected", "no progress within"],
    );
    stage.end();
}
