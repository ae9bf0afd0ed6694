//! What the sink writes to the log, and how often.

use super::rig::Rig;
use crate::core::{Handed, Head, Sink};
use std::io;
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The log lines that `act` writes.
pub(super) fn lines_of(act: impl FnOnce()) -> String {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .without_time()
        .with_target(false)
        .finish();
    tracing::subscriber::with_default(subscriber, act);
    let bytes = lines.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

/// The lines that a script writes, each of which must hold its expected words.
fn check(settings: &str, script: &str, expected: &[&[&str]]) {
    let text = lines_of(|| Rig::new(settings, 7).play(script));
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), expected.len(), "`{script}`:\n{text}");
    for (line, words) in lines.iter().zip(expected) {
        for word in *words {
            assert!(line.contains(word), "`{word}` is missing in: {line}");
        }
    }
}

#[test]
fn connects_and_ends_are_told_with_their_reason() {
    check(
        "",
        "proven send:3 fin",
        &[
            &["INFO", "connected", "sink=\"offramp.ws0\"", "instance=\"01\"", "peer=\"localhost:8080\""],
            &["WARN", "disconnected", "reason=\"end of stream\"", "unconfirmed=3", "retry_ms="],
        ],
    );
    check("", "refuse", &[&["cannot connect", "connection refused"]]);
    check("", "open fin", &[&["cannot connect", "hung up during the handshake"]]);
    check("", "wait:5000", &[&["cannot connect", "no connection within 5000 ms"]]);
    check("", "open wait:5000", &[&["cannot connect", "no answer to the opening handshake within 5000 ms"]]);
    check("", "refuse wait:1 open fin", &[&["cannot connect"]]);
    check("", "proven close:1011", &[&["connected"], &["the peer closed with 1011"]]);
}

#[test]
fn a_goodbye_is_no_warning() {
    check("", "proven bye close:1000", &[&["connected"], &["INFO", "closed", "the peer closed with 1000"]]);
    check("", "bye", &[]);
}

#[test]
fn a_peer_that_answers_no_first_ping_is_told_with_what_to_do() {
    check(
        "",
        "open upgrade wait:5000",
        &[
            &["connected"],
            &["did not answer the first ping", "ack = \"written\"", "waited_ms=5000"],
            &["disconnected", "no progress within 5000 ms"],
        ],
    );
    check("", "proven send:1 wait:5000", &[&["connected"], &["disconnected"]]);
}

#[test]
fn a_rejected_event_that_nobody_takes_is_told() {
    check(
        "",
        "proven suspect close:1007",
        &[&["connected"], &["event rejected", "ingest_ns=0", "the peer closed with 1007"], &["disconnected"]],
    );
    check("err", "proven suspect close:1007", &[&["connected"], &["disconnected"]]);
}

/// The line of a rejected event shows `excerpt` of its payload.
fn check_excerpt(payload: &str, excerpt: &str) {
    let text = lines_of(|| {
        let mut rig = Rig::new("", 7);
        rig.play("proven");
        let head = Head { tag: 0, ingest_ns: 0, suspect: true };
        assert_eq!(rig.ws.push(head, payload.as_bytes()), Handed::ONE);
        // The rig's peer would look for an id in it.
        rig.ws.wire.written += rig.ws.wire.outgoing.len() as u64;
        rig.ws.wire.outgoing.clear();
        rig.receive(&super::peer::close(1007, ""));
        rig.ws.advance(rig.now);
    });
    let line = text.lines().find(|line| line.contains("event rejected")).expect("it is told");
    assert!(line.contains(&format!(" event={excerpt:?} ")), "{payload:?}: `{excerpt}` is missing in: {line}");
}

#[test]
fn a_rejected_event_is_known_by_the_begin_of_its_payload() {
    check_excerpt("{\"id\":40}", "{\"id\":40}");
    check_excerpt("", "");
    check_excerpt(&"x".repeat(120), &"x".repeat(120));
    check_excerpt(&"x".repeat(121), &format!("{}…", "x".repeat(120)));
    check_excerpt(&"ä".repeat(61), &format!("{}…", "ä".repeat(60)));
    check_excerpt(&format!("x{}", "ä".repeat(60)), &format!("x{}…", "ä".repeat(59)));
    check_excerpt(&format!("{}😀", "x".repeat(117)), &format!("{}…", "x".repeat(117)));
    check_excerpt("a\u{7f}\u{9b}31m\nb", r"a\u{7f}\u{9b}31m\nb");
}

#[test]
fn at_most_one_line_of_a_kind_comes_per_second() {
    check("", "proven fin retry proven fin retry proven fin", &[&["connected"], &["disconnected"]]);
    check(
        "",
        "proven fin retry proven fin wait:1000 proven wait:1000 fin",
        &[
            &["connected"],
            &["disconnected"],
            &["connected", "suppressed=1"],
            &["disconnected", "suppressed=1"],
        ],
    );
}

#[test]
fn a_line_before_which_none_was_held_back_does_not_tell_how_many() {
    let text = lines_of(|| Rig::new("", 7).play("proven fin"));
    assert!(text.contains("connected") && !text.contains("suppressed"), "{text}");
}

#[test]
fn what_a_peer_says_cannot_forge_a_line() {
    let text = lines_of(|| {
        let mut rig = Rig::new("", 7);
        rig.play("proven");
        rig.receive(&super::peer::close(1008, "go\nWARN away\x1b[31m"));
        rig.turn();
    });
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(!text.contains('\x1b'), "{text}");
}
