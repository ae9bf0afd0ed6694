//! `ack_timeout` and `keepalive`: a dead peer is found, a slow one is left alone.

use super::peer::Frame;
use super::rig::{Rig, check};
use crate::core::Sink;
use std::collections::VecDeque;

#[test]
fn without_progress_the_connection_ends() {
    check("", "proven send:1", "wait:4999", "");
    check("", "proven send:1", "wait:5000", "abort fail:0 room:0");
}

#[test]
fn the_time_runs_only_while_something_is_unconfirmed() {
    check("", "proven wait:4000", "send:1 wait:4999", "text:0 ping:2 room:31");
    check("", "proven wait:4000 send:1", "wait:5000", "abort fail:0 room:0");
    check("", "proven send:1 pong:2", "wait:14000", "");
}

#[test]
fn the_time_runs_from_the_last_progress() {
    check("", "proven send:1 wait:3000 send:1 wait:1000", "pong:2 wait:4999", "ack:0 room:31");
    check("", "proven send:1 wait:3000 send:1 wait:1000 pong:2", "wait:5000", "abort fail:1 room:0");
}

#[test]
fn a_pong_that_is_not_ours_is_no_progress() {
    check("", "proven send:1 wait:3000", "foreign future pong:1 text:9 wait:2000", "abort fail:0 room:0");
}

#[test]
fn more_events_are_no_progress() {
    check("", "proven send:1 wait:3000 send:1", "wait:2000", "abort fail:0-1 room:0");
}

#[test]
fn an_event_that_was_not_flushed_has_its_time_as_well() {
    check("", "open upgrade wait:700 pong:1 send:2 wait:2000 pongs", "wait:5001", "");
    check("", "proven push:1", "wait:5000", "abort fail:0 room:0");
}

/// A peer that takes `frame_ms` for each frame, and whose log never runs dry, keeps its connection.
fn check_slow_peer(settings: &str, frame_ms: u64, batch: usize) {
    let mut rig = Rig::new(settings, 7);
    rig.play("proven");
    let mut at_peer = VecDeque::new();
    let (mut pings, mut busy_until) = (1, rig.now);
    while rig.ws.counts.acked < 400 && rig.ws.counts.disconnects == 0 {
        let room = rig.ws.room(false) as usize;
        if room > 0 {
            rig.play(&format!("send:{}", room.min(batch)));
            at_peer.append(&mut rig.frames.drain(..).collect());
        }
        rig.now = rig.now.plus_ms(10);
        while busy_until <= rig.now {
            match at_peer.pop_front() {
                Some(Frame::Ping(_)) => {
                    pings += 1;
                    rig.receive(&rig.peer.pong(pings));
                }
                Some(_) => busy_until = busy_until.plus_ms(frame_ms),
                None => busy_until = rig.now.plus_ms(1),
            }
        }
        rig.turn();
        at_peer.append(&mut rig.frames.drain(..).collect());
    }
    let counts = rig.ws.counts();
    assert_eq!((counts.connects, counts.disconnects), (1, 0), "`{settings}`, {frame_ms} ms a frame");
}

#[test]
fn a_slow_healthy_peer_is_never_killed() {
    for (frame_ms, batch) in [(1, 20), (50, 20), (300, 20), (1000, 20), (3000, 7), (4000, 32)] {
        check_slow_peer("", frame_ms, batch);
    }
    check_slow_peer("ack_timeout=500", 100, 20);
    check_slow_peer("ack_timeout=500", 300, 20);
}

#[test]
fn bytes_that_the_socket_takes_are_progress_until_the_ping_is_behind_them() {
    let large = "proven block send:1x100000";
    check("", large, "wait:4000 take:30000 wait:4000 take:30000 wait:4000", "");
    check("", large, "wait:4000 take:30000 wait:5000", "abort fail:0 room:0");
    check("", large, "wait:4000 unblock wait:4999", "text:0 ping:2");
    check("", large, "wait:4000 unblock wait:5000", "text:0 ping:2 abort fail:0 room:0");
    // A frozen peer's socket takes small events for long: that is no progress.
    check("", "proven send:1", "wait:2500 send:1 wait:2500", "text:1 ping:3 room:30 abort fail:0-1 room:0");
}

#[test]
fn an_idle_connection_is_asked_for_a_sign_of_life() {
    check("", "proven", "wait:14999", "");
    check("", "proven", "wait:15000", "ping:2");
    check("", "proven wait:15000 pong:2", "wait:14999 wait:1", "ping:3");
    check("", "proven wait:15000", "pong:2 send:1", "text:0 ping:3 room:31");
}

#[test]
fn a_keepalive_without_pong_ends_the_connection() {
    check("", "proven wait:15000", "wait:4999", "");
    check("", "proven wait:15000", "wait:5000", "abort room:0");
    check("keepalive=100 ack_timeout=50", "proven", "wait:100 wait:50", "ping:2 abort room:0");
}

#[test]
fn what_the_peer_sends_does_not_replace_a_pong() {
    check("", "proven", "wait:9000 text:5 wait:6000", "ping:2");
}

#[test]
fn written_keeps_alive_too_even_while_events_flow() {
    check("ack=written", "open upgrade", "wait:15000", "ping:1");
    check("ack=written", "open upgrade wait:15000", "wait:5000", "abort room:0");
    check(
        "ack=written",
        "open upgrade wait:15000",
        "wait:2500 send:1 wait:2500",
        "text:0 ack:0 abort room:0",
    );
    check("ack=written", "open upgrade wait:9000 send:1 wait:6000", "pong:1 wait:14999 wait:1", "ping:2");
}

#[test]
fn written_ends_a_connection_whose_socket_takes_nothing() {
    check("ack=written", "open upgrade block send:2", "wait:5000", "abort fail:0-1 room:0");
    check("ack=written", "open upgrade block send:2", "wait:4000 take:14 wait:4000", "text:0 ack:0 room:255");
}

#[test]
fn the_deadline_is_when_something_will_happen() {
    for (script, expected_ms) in [
        ("", 5000),
        ("wait:100 proven", 15_100),
        ("wait:100 proven send:1", 5100),
        ("wait:100 proven send:1 wait:50 pong:2", 15_150),
        ("wait:100 proven send:1 bye", 1100),
    ] {
        let mut rig = Rig::new("", 7);
        rig.play(script);
        let deadline = rig.ws.deadline().map(|at| at.as_duration().as_millis());
        assert_eq!(deadline, Some(expected_ms), "`{script}`");
    }
}

#[test]
fn a_round_trip_is_from_a_ping_to_its_pong_and_is_smoothed_within_one_connection() {
    let mut rig = Rig::new("", 7);
    let trip = |rig: &Rig| {
        let trip = rig.ws.measures().round_trip;
        trip.map(|trip| (trip.last.as_micros(), trip.smoothed.as_micros()))
    };
    rig.play("open upgrade");
    assert_eq!(trip(&rig), None, "no pong has come");
    rig.play("wait:16 pong:1");
    assert_eq!(trip(&rig), Some((16_000, 16_000)));
    rig.play("send:1 wait:80 pong:2");
    assert_eq!(trip(&rig), Some((80_000, 24_000)));
    rig.play("foreign");
    assert_eq!(trip(&rig), Some((80_000, 24_000)), "a pong of somebody else is no pong");
    // One pong for several pings tells of the last of them.
    rig.play("send:1 wait:30 send:1 wait:8 pong:4");
    assert_eq!(trip(&rig).map(|trip| trip.0), Some(8_000));
    rig.play("fin");
    assert_eq!(trip(&rig).map(|trip| trip.0), Some(8_000), "the last that is known");
    rig.play("retry open upgrade wait:5 pong:1");
    assert_eq!(trip(&rig), Some((5_000, 5_000)), "another connection");
}

#[test]
fn room_is_told_in_events_and_bytes_and_is_none_without_a_connection() {
    let mut rig = Rig::new("window_events=8 window_bytes=1000", 7);
    let room = |rig: &Rig| (rig.ws.measures().room, rig.ws.measures().room_bytes);
    assert_eq!(room(&rig), (Some(0), Some(0)));
    rig.play("proven");
    assert_eq!(room(&rig), (Some(8), Some(1000)));
    rig.play("push:1x300 flush");
    assert_eq!(room(&rig), (Some(7), Some(700)));
    rig.play("push:1x900 flush");
    assert_eq!(room(&rig), (Some(0), Some(0)), "full by bytes");
    rig.play("pongs");
    assert_eq!(room(&rig), (Some(8), Some(1000)));
}
