//! Frames that are too large, never end, or break the protocol.

use std::io;

use crate::bytes::{BINARY, PING, announced, close, frame};
use crate::peer::{Connection, Seen};
use crate::stage::{MEMORY_KIB, Stage, script};
use foreshock_tests::harness::until;

/// What a peer does behind the first event, which it leaves unconfirmed.
fn behind_an_event(
    stage: &mut Stage,
    what: &str,
    act: impl Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static,
    enough: impl Fn(&Seen) -> bool,
    words: &[&str],
) {
    let hostile = script(move |connection| {
        connection.until_event()?;
        act(connection)
    });
    stage.check(what, hostile, enough, words);
}

/// Sends the bytes, and expects the flow to end the connection with this code.
fn check_refused(stage: &mut Stage, bytes: &[u8], code: u16, words: &[&str]) {
    let (what, bytes) = (format!("{:02x?}", &bytes[..bytes.len().min(16)]), bytes.to_vec());
    let send = move |connection: &mut Connection| {
        connection.send(&bytes)?;
        connection.until_end()
    };
    behind_an_event(stage, &what, send, |seen| seen.closes.contains_key(&code), words);
}

/// Sends `first`, then `unit` without end.
fn check_endless(stage: &mut Stage, what: &str, first: Vec<u8>, unit: Vec<u8>, words: &[&str]) {
    let send = move |connection: &mut Connection| {
        connection.send(&first)?;
        connection.flood(&unit, false)
    };
    behind_an_event(stage, what, send, |seen| seen.rounds >= 2, words);
}

const TOO_MUCH: &[&str] = &["disconnected", "more than `max_frame_bytes`", "raise it", "retry_ms="];
const BROKE: &str = "the peer broke the protocol";
const MEND: &str = "the server, or a proxy in front of it, must be mended";

#[test]
fn a_giant_or_endless_frame_is_refused_by_its_header_and_an_endless_message_by_the_same_limit() {
    let mut stage = Stage::new("giant");
    let zeros = vec![0; 64 * 1024];
    // One line of a kind comes per second: not each waits for its own.
    for (opcode, length, words) in [
        (BINARY, (1 << 63) - 1, TOO_MUCH),
        (BINARY, 1 << 40, &[]),
        (BINARY, u64::MAX, &[]),
        (PING, 1 << 40, &[]),
        (BINARY, 65_537, TOO_MUCH),
    ] {
        let what = format!("a frame of {length} bytes");
        check_endless(&mut stage, &what, announced(opcode, length), zeros.clone(), words);
    }
    let fragment = |opcode: u8, length: usize| {
        let mut bytes = frame(opcode, &vec![b'x'; length]);
        bytes[0] &= 0x7f;
        bytes
    };
    for (length, words) in [(1, &[][..]), (1000, &[]), (60_000, TOO_MUCH)] {
        let what = format!("endless fragments of {length} bytes");
        let (first, more) = (fragment(0x1, length), fragment(0x0, length).repeat(60_000 / length));
        check_endless(&mut stage, &what, first, more, words);
    }
    stage.end().assert_whole();
}

#[test]
fn a_message_of_endless_empty_fragments_costs_nothing_and_hinders_nobody() {
    let mut stage = Stage::new("empty-fragments");
    let act = |connection: &mut Connection| {
        connection.send(&[0x01, 0])?;
        connection.flood(&[0x00, 0].repeat(4096), true)
    };
    behind_an_event(
        &mut stage,
        "and confirms",
        act,
        |seen| seen.flooded >= 1 << 20 && seen.confirmed >= 20,
        &[],
    );
    let act = |connection: &mut Connection| {
        connection.send(&[0x01, 0])?;
        connection.flood(&[0x00, 0].repeat(4096), false)
    };
    let words = ["disconnected", "no progress within 500 ms", "`ack_timeout`"];
    behind_an_event(&mut stage, "and confirms nothing", act, |seen| seen.rounds >= 1, &words);
    stage.end().assert_whole();
}

#[test]
fn a_frame_that_never_ends_has_the_deadline_of_what_is_unconfirmed() {
    let mut stage = Stage::new("half-frame");
    let words = ["disconnected", "no progress within 500 ms", "does not confirm"];
    let act = |connection: &mut Connection| {
        connection.send(&frame(BINARY, &[0; 60_000])[..100])?;
        connection.until_end()
    };
    behind_an_event(&mut stage, "half a frame", act, |seen| seen.rounds >= 1, &words);
    let drip = |connection: &mut Connection| {
        connection.send(&frame(BINARY, &[0; 60_000])[..100])?;
        loop {
            connection.send(&[0])?;
            for _ in 0..20 {
                connection.nap()?;
            }
        }
    };
    behind_an_event(&mut stage, "a byte now and then", drip, |seen| seen.begun >= 2, &words);
    stage.end().assert_whole();
}

#[test]
fn what_breaks_the_protocol_is_answered_with_1002_and_told() {
    let mut stage = Stage::new("malformed");
    for (bytes, words) in [
        (&[0x81, 0x82, 1, 2, 3, 4, b'h', b'i'][..], "masked frame from server"),
        (&[0x83, 0], "invalid opcode: 3"),
        (&[0x80, 0], "nothing to continue"),
        (&[0x01, 1, b'a', 0x81, 1, b'b'], "While waiting for more fragments"),
        (&[0x09, 0], "Fragmented control frame"),
        (&[0xc1, 0], "Reserved bits"),
        (&[0x88, 1, 3], "Invalid close sequence"),
    ] {
        check_refused(&mut stage, bytes, 1002, &["disconnected", BROKE, words, MEND]);
    }
    check_refused(
        &mut stage,
        &[&[0x89, 0x7e, 0, 126][..], &[0; 126]].concat(),
        1002,
        &[BROKE, "Control frame too big"],
    );
    // One line of a kind comes per second: the words of these are tested without sockets.
    for bytes in
        [&[0xa1, 0][..], &[0x91, 0], &[0xf1, 0], &[0x08, 0], &[0x0a, 0], &[0x8b, 0], &[0x8f, 0], &[0x87, 0]]
    {
        check_refused(&mut stage, bytes, 1002, &[]);
    }
    stage.end().assert_whole();
}

#[test]
fn codes_that_nobody_may_send_and_texts_that_are_none_are_answered_and_told() {
    let mut stage = Stage::new("no-text");
    let words = ["disconnected", "sent what is no text as text", MEND];
    check_refused(&mut stage, &frame(0x1, b"\xff\xfe"), 1007, &words);
    check_refused(&mut stage, &[0x01, 1, 0xc3, 0x80, 1, b'a'], 1007, &[]);
    check_refused(&mut stage, &frame(0x8, b"\x03\xe8\xff\xfe"), 1007, &words);
    let words = ["disconnected", "with a code that RFC 6455 section 7.4 does not allow"];
    check_refused(&mut stage, &close(999, ""), 1002, &words);
    for code in [0, 1004, 1005, 1006, 1014, 1015, 1016, 2999, 5000, 65_535] {
        check_refused(&mut stage, &close(code, "why not"), 1002, &[]);
    }
    stage.end().assert_whole();
}

/// That the bound of memory is one: with a larger limit the same peer exceeds it.
#[test]
fn where_a_peer_may_send_more_the_meter_shows_it() {
    let mut stage = Stage::new("meter");
    assert!(stage.growth_kib()[0] <= MEMORY_KIB);
    drop(stage);
    let calm = script(crate::peer::healthy);
    let peer = crate::peer::Peer::new(std::sync::Arc::clone(&calm));
    let url = format!("ws://127.0.0.1:{}/", peer.port());
    let settings = [format!("max_frame_bytes={}", 64 << 20), "ack_timeout=60000".to_owned()];
    let mut stage = Stage::with("meter", peer, &url, Some(calm), &settings);
    stage.peer.play(script(|connection| {
        connection.until_event()?;
        connection.send(&announced(BINARY, 60 << 20))?;
        connection.send(&vec![1; 32 << 20])?;
        connection.until_end()
    }));
    until("memory that is filled", || {
        let growth = stage.growth_kib();
        if growth[0] > 4 * MEMORY_KIB { Ok(()) } else { Err(format!("{growth:?} KiB")) }
    });
}
