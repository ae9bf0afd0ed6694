//! A suspect's turn, where other logs feed the same sink.

use super::rig::{Rig, payload};
use crate::core::{Handed, Head, Sink, Time};

/// Pushes one event that has been promised room.
fn push(rig: &mut Rig, suspect: bool) {
    let head = Head { tag: rig.next_id, ingest_ns: 0, suspect };
    assert_eq!(rig.ws.push(head, payload(rig.next_id, 0).as_bytes()), Handed::ONE, "it was promised room");
    rig.next_id += 1;
}

/// One step as generated code makes it: a log that never runs out comes first, then the one with the suspect, if it
/// still waits. A slow peer answers one ping. Whether the suspect is in.
fn step(rig: &mut Rig, answered: &mut usize, suspect_waits: bool) -> bool {
    rig.now = rig.now.plus_ms(1);
    rig.ws.advance(rig.now);
    while rig.ws.next_answer().is_some() {}
    while rig.ws.room(false) > 0 {
        push(rig, false);
    }
    let is_in = suspect_waits && rig.ws.room(true) > 0;
    if is_in {
        push(rig, true);
    }
    rig.ws.flush(rig.now);
    let bytes = std::mem::take(&mut rig.ws.wire.outgoing);
    rig.ws.wire.written += bytes.len() as u64;
    rig.peer.take(&bytes);
    if *answered < rig.peer.pings.len() {
        *answered += 1;
        rig.receive(&rig.peer.pong(*answered));
    }
    is_in
}

#[test]
fn a_sink_that_another_log_keeps_full_lets_a_suspect_in() {
    let mut rig = Rig::new("", 7);
    rig.play("proven");
    let mut answered = 1;
    for _ in 0..100 {
        step(&mut rig, &mut answered, false);
        assert!(!rig.ws.window.is_empty(), "the other log keeps it full");
    }
    assert!(!step(&mut rig, &mut answered, true), "the other log was first once more");
    let open = rig.peer.pings.len() - answered;
    let steps = (0..1000).take_while(|_| !step(&mut rig, &mut answered, true)).count();
    assert!(steps <= open + 1, "it waits for what was out: {open} pings, not {steps} steps");
    assert!(rig.ws.window.holds_suspects() && rig.ws.window.len() == 1);
    let taken = rig.ws.counts().taken;
    step(&mut rig, &mut answered, false);
    assert!(rig.ws.counts().taken > taken, "confirmed, it makes room for the others at once");
}

/// A step begins: the room for others, and the deadline if it asks for the next step at once.
fn advance(rig: &mut Rig) -> (u32, Option<Time>) {
    rig.ws.advance(rig.now);
    while rig.ws.next_answer().is_some() {}
    (rig.ws.room(false), rig.ws.deadline().filter(|at| *at <= rig.now))
}

#[test]
fn while_a_suspect_waits_the_sink_takes_nothing_else_and_asks_for_no_needless_steps() {
    let mut rig = Rig::new("", 7);
    rig.play("proven send:2");
    assert_eq!(rig.ws.room(true), 0);
    for _ in 0..10 {
        assert_eq!(advance(&mut rig).0, 0);
        assert_eq!(rig.ws.room(true), 0, "it asks again");
        assert!(rig.ws.deadline().is_some_and(|at| at > rig.now));
    }
    rig.receive(&rig.peer.pong(3));
    assert_eq!(advance(&mut rig).0, 0);
    assert_eq!(rig.ws.room(true), 1);
}

#[test]
fn a_suspect_that_went_elsewhere_holds_nobody_up() {
    for (pong, room) in [(None, 30), (Some(2), 31), (Some(3), 32)] {
        let mut rig = Rig::new("", 7);
        rig.play("proven send:1 send:1");
        assert_eq!((rig.ws.room(true), rig.ws.room(false)), (0, 0));
        if let Some(number) = pong {
            rig.receive(&rig.peer.pong(number));
        }
        assert_eq!(
            advance(&mut rig),
            (0, Some(rig.now)),
            "the suspect may still come; the next step does at once"
        );
        assert_eq!(advance(&mut rig), (room, None));
    }
}

#[test]
fn a_suspect_is_waited_for_only_where_others_are_in_its_way() {
    let mut rig = Rig::new("", 7);
    for (script, room) in [("open upgrade", 0), ("pong:1", 32), ("send:1 fin", 0), ("retry proven", 32)] {
        rig.play(script);
        let _ = rig.ws.room(true);
        assert_eq!(rig.ws.room(false), room, "after `{script}`");
    }
}

#[test]
fn an_event_that_was_promised_room_finds_it_though_a_suspect_asked_meanwhile() {
    let mut rig = Rig::new("", 7);
    rig.play("proven send:1");
    assert_eq!(rig.ws.room(false), 31);
    assert_eq!(rig.ws.room(true), 0);
    push(&mut rig, false);
}
