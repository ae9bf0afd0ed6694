//! Floods from a server that should only listen.

use std::io;

use crate::bytes::{BINARY, PING, PONG, TEXT, close, frame};
use crate::peer::{Connection, Peer, Seen, healthy};
use crate::stage::{Stage, script};

/// Bytes of a flood: several times what the flow's memory may grow by.
const FLOOD: u64 = 16 << 20;
/// Bytes of a flood of small frames, each of which would cost more than its bytes if it were kept.
const SMALL_FLOOD: u64 = 8 << 20;

/// A stage whose flow waits longer for what stands behind a flood in the sockets' buffers.
fn patient(test: &str) -> Stage {
    let calm = script(healthy);
    let peer = Peer::new(calm.clone());
    let url = format!("ws://127.0.0.1:{}/", peer.port());
    Stage::with(test, peer, &url, Some(calm), &["ack_timeout=5000".to_owned()])
}

/// Sends this without end, behind the first event, and confirms what comes, so that it goes on getting events.
fn check_confirmed(stage: &mut Stage, what: &str, unit: Vec<u8>, bytes: u64) {
    check(stage, what, unit, true, |seen| seen.flooded >= bytes && seen.confirmed >= 20, &[]);
}

fn check(
    stage: &mut Stage,
    what: &str,
    unit: Vec<u8>,
    confirms: bool,
    enough: impl Fn(&Seen) -> bool,
    words: &[&str],
) {
    let flood = script(move |connection: &mut Connection| -> io::Result<()> {
        connection.until_event()?;
        connection.flood(&unit, confirms)
    });
    stage.check(what, flood, enough, words);
}

#[test]
fn a_flood_of_messages_is_thrown_away_while_events_go_on_to_all() {
    let mut stage = patient("flood");
    check_confirmed(&mut stage, "long texts", frame(TEXT, &[b'x'; 60_000]), FLOOD);
    check_confirmed(&mut stage, "long binaries", frame(BINARY, &[0; 60_000]), FLOOD);
    check_confirmed(&mut stage, "short texts", frame(TEXT, b"hello").repeat(1000), SMALL_FLOOD);
    check_confirmed(&mut stage, "empty texts", frame(TEXT, b"").repeat(1000), SMALL_FLOOD);
    let ended = stage.end();
    ended.assert_whole();
    // Only the test has ended connections, once for each of its scripts.
    assert!(ended.summary.count("offramp.ws0", "connects") <= 8, "{:?}", ended.summary);
}

#[test]
fn a_flood_of_pings_is_answered_as_far_as_the_peer_reads_and_of_pongs_ignored() {
    let mut stage = patient("pings");
    let pings = frame(PING, &[b'p'; 125]).repeat(64);
    let enough = |seen: &Seen| {
        // Never more answers than questions, which have 127 bytes; and one of many is enough (RFC 6455 section 5.5.3).
        assert!(seen.pongs <= seen.flooded.div_ceil(127), "{seen:?}");
        seen.flooded >= SMALL_FLOOD && seen.confirmed >= 20 && seen.pongs >= 20
    };
    check(&mut stage, "pings", pings.clone(), true, enough, &[]);
    check_confirmed(&mut stage, "pongs", frame(PONG, b"not yours").repeat(1000), SMALL_FLOOD);
    let ended = stage.end();
    ended.assert_whole();
    assert!(ended.summary.count("offramp.ws0", "stale") > 1000, "{:?}", ended.summary);
}

#[test]
fn a_peer_that_floods_and_confirms_nothing_is_left() {
    let mut stage = Stage::new("unconfirmed");
    let words = ["disconnected", "no progress within 500 ms", "does not confirm"];
    let text = frame(TEXT, &[b'x'; 60_000]);
    check(&mut stage, "texts", text.clone(), false, |seen| seen.rounds >= 2, &words);
    let pings = frame(PING, &[b'p'; 125]).repeat(64);
    check(&mut stage, "pings", pings, false, |seen| seen.rounds >= 2, &words);
    let from_the_start = script(move |connection| {
        connection.upgrade()?;
        connection.flood(&text, false)
    });
    let words = ["did not answer the first ping", "set `ack = \"written\"`"];
    stage.check("texts right behind the handshake", from_the_start, |seen| seen.rounds >= 1, &words);
    let after_goodbye = script(|connection| {
        connection.until_event()?;
        connection.send(&close(1000, ""))?;
        connection.flood(&frame(TEXT, &[b'x'; 60_000]), false)
    });
    let words = ["disconnected", "closed with 1000"];
    stage.check("texts behind its own goodbye", after_goodbye, |seen| seen.rounds >= 2, &words);
    stage.end().assert_whole();
}
