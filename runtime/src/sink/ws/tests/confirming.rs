//! What confirms an event, and how much may be unconfirmed.

use super::peer::Frame;
use super::rig::{Rig, check};

#[test]
fn a_flush_is_followed_by_a_ping_and_its_pong_confirms() {
    check("", "proven", "push:1 flush", "text:0 ping:2 room:31");
    check("", "proven send:1", "pong:2", "ack:0 room:32");
    check("", "proven send:1 pong:2", "flush flush", "");
}

#[test]
fn a_pong_confirms_everything_up_to_its_ping_and_no_more() {
    check("", "proven send:1 send:1 send:1", "pong:3", "ack:0-1 room:31");
    check("", "proven send:1 send:1 send:1", "pong:4", "ack:0-2 room:32");
    check(
        "",
        "proven send:1 send:1 send:1",
        "pong:2 pong:3 pong:4",
        "ack:0 room:30 ack:1 room:31 ack:2 room:32",
    );
    check("", "proven send:1 send:1", "pongs", "ack:0-1 room:32");
}

#[test]
fn what_was_pushed_after_a_ping_is_not_confirmed_by_its_pong() {
    check("", "proven send:1 pongs send:2 push:1", "pong:3", "ack:1-2 room:31");
    check("", "proven send:1 pongs push:1", "pongs pong:1 pong:2", "");
}

#[test]
fn pongs_of_others_are_ignored_and_counted() {
    for (script, stale) in [
        ("foreign", 1),
        ("future", 1),
        ("pong:1", 1),
        ("pong:2 pong:2", 1),
        ("pong:3 pong:2", 1),
        ("foreign future pong:1", 3),
    ] {
        let mut rig = Rig::new("", 7);
        rig.play("proven send:1 send:1");
        rig.play(script);
        assert_eq!(rig.ws.counts.stale, stale, "`{script}`");
    }
    check("", "proven send:1", "foreign future pong:1", "");
}

#[test]
fn a_pong_of_an_earlier_connection_confirms_nothing() {
    let mut rig = Rig::new("", 7);
    rig.play("proven send:1");
    let old = rig.peer.pong(2);
    rig.play("fin retry proven send:1");
    rig.trace();
    rig.receive(&old);
    rig.turn();
    assert_eq!(rig.trace(), "");
    assert_eq!(rig.ws.counts.stale, 1);
}

#[test]
fn a_full_window_is_no_room() {
    check("", "proven", "send:40", "refused:8 text:0-31 ping:2-33 room:0");
    check("", "proven send:32", "pong:2 send:2", "ack:0 room:1 refused:1 text:32 ping:34 room:0");
}

#[test]
fn the_window_doubles_when_a_full_one_is_confirmed_and_not_before() {
    check("", "proven send:31 pongs", "", "");
    check("", "proven send:31", "pongs", "ack:0-30 room:32");
    check("", "proven send:32", "pong:32", "ack:0-30 room:31");
    check("", "proven send:32 pong:32", "pong:33", "ack:31 room:64");
    check("window_events=100", "proven send:32 pongs send:64", "pongs", "ack:32-95 room:100");
    check("window_events=100", "proven send:32 pongs send:64 pongs send:100", "pongs", "ack:96-195 room:100");
}

#[test]
fn a_window_that_never_empties_grows_all_the_same() {
    let mut rig = Rig::new("", 7);
    rig.play("proven send:32");
    for n in 2..=33 {
        rig.play(&format!("pong:{n} send:1"));
    }
    assert_eq!(rig.ws.window.len() + rig.ws.window.places(), 64);
}

#[test]
fn the_window_of_a_peer_that_answers_late_does_not_grow_and_is_halved_down_to_its_begin() {
    // The first pong takes no time here, so 100 ms are in time.
    check("", "proven send:32 wait:100", "pongs", "ack:0-31 room:64");
    check("", "proven send:32 wait:101", "pongs", "ack:0-31 room:32");
    let large = "proven send:32 pongs send:64 pongs";
    check("", &format!("{large} send:128"), "wait:100 pongs", "ack:96-223 room:256");
    check("", &format!("{large} send:1"), "wait:101 pongs", "ack:96 room:64");
    check("", &format!("{large} send:1 wait:101 pongs send:1"), "wait:101 pongs", "ack:97 room:32");
    check(
        "",
        &format!("{large} send:1 wait:101 pongs send:1 wait:101 pongs send:1"),
        "wait:101 pongs",
        "ack:98 room:32",
    );
}

#[test]
fn a_window_is_halved_once_for_what_was_on_the_way() {
    let mut rig = Rig::new("", 7);
    rig.play("proven send:32 pongs send:64 pongs send:128");
    let open = rig.peer.pings.len();
    rig.trace();
    rig.play(&format!("wait:500 pong:{} pong:{}", open - 12, open - 8));
    assert_eq!(rig.trace(), "ack:96-127 ack:128-159");
    rig.play("pongs");
    assert_eq!(rig.trace(), "ack:160-223 room:64");
}

#[test]
fn what_the_socket_confirms_has_its_window_however_late_a_sign_of_life_comes() {
    let idle = "ack=written window_events=64 keepalive=1000";
    check(idle, "open upgrade wait:1000 pong:1 wait:1000", "wait:500 pong:2 send:1", "text:0 ack:0");
}

#[test]
fn a_long_way_is_not_late() {
    let far = "open upgrade wait:900 pongs send:32 wait:900 pongs";
    check("", &format!("{far} send:64"), "wait:1900 pongs", "ack:32-95 room:128");
    check("", &format!("{far} send:64"), "wait:1901 pongs", "ack:32-95 room:32");
}

#[test]
fn the_window_begins_small_again_on_the_next_connection() {
    check("", "proven send:32 pongs fin retry", "proven", "ping:1 room:32");
}

#[test]
fn bytes_bound_the_window_too() {
    check("window_bytes=1000", "proven", "push:1x999", "text:0 ping:2 room:31");
    check("window_bytes=1000", "proven", "push:1x1000", "text:0 ping:2 room:0");
}

#[test]
fn an_event_larger_than_the_window_goes_when_it_may_and_alone_after_that() {
    check("window_bytes=1000", "proven", "send:1x70000", "text:0 ping:2 room:0");
    check("window_bytes=1000", "proven send:1x70000", "pong:2", "ack:0 room:32");
}

#[test]
fn an_event_that_was_promised_room_finds_it() {
    // Two branches of one event: the first uses the bytes up, the second still has its place.
    check("window_bytes=1000", "proven", "push:2x1000", "text:0-1 ping:2-3 room:0");
}

/// The frames of one flush of `count` events, as `t` and `p`, after `before`.
fn check_pings(before: &str, count: usize, expected: &str) {
    let mut rig = Rig::new("", 7);
    rig.play(before);
    rig.play(&format!("send:{count}"));
    let shape = rig.frames.iter().map(|frame| match frame {
        Frame::Text(_) => 't',
        Frame::Ping(_) => 'p',
        other => panic!("{other:?}"),
    });
    assert_eq!(shape.collect::<String>(), expected, "`{before}`, then {count} events");
}

#[test]
fn pings_are_dense_until_the_peer_has_shown_how_quick_it_is() {
    check_pings("proven", 3, "tptptp");
    check_pings("proven send:1 pong:2", 5, "ttpttptp");
    check_pings("proven send:1 pong:2 send:1 pong:3", 5, "ttttptp");
    check_pings("proven send:1 wait:626 pong:2", 3, "tptptp");
    let quick = "proven send:5 pongs";
    check_pings(quick, 32, &"ttttttttp".repeat(4));
    let quick = "proven send:32 pongs";
    check_pings(quick, 20, "ttttttttpttttttttpttttp");
    check_pings(&format!("{quick} send:8 wait:1250 pong:34"), 3, "tttp");
    check_pings(&format!("{quick} send:8 wait:1251 pong:34"), 3, "tptptp");
}

#[test]
fn the_peer_may_answer_only_the_newest_ping() {
    let mut rig = Rig::new("", 7);
    rig.play("proven send:20");
    let newest = rig.peer.pings.len();
    rig.trace();
    rig.play(&format!("pong:{newest}"));
    assert_eq!(rig.trace(), "ack:0-19 room:32");
}

#[test]
fn written_confirms_when_the_socket_has_the_whole_frame() {
    check("ack=written", "open upgrade", "send:2", "text:0-1 ack:0-1");
    check("ack=written", "open upgrade block", "send:2", "room:254");
    // A frame of an eight-byte event has fourteen bytes.
    check("ack=written", "open upgrade block send:2", "take:13", "");
    check("ack=written", "open upgrade block send:2", "take:13 take:1", "text:0 ack:0 room:255");
    check(
        "ack=written",
        "open upgrade block send:2",
        "take:27 take:1",
        "text:0 ack:0 room:255 text:1 ack:1 room:256",
    );
}

#[test]
fn written_is_bounded_by_events_and_bytes_that_wait() {
    check("ack=written window_events=3", "open upgrade block", "send:4", "refused:1 room:0");
    check("ack=written window_bytes=100", "open upgrade block", "send:1x100", "room:0");
    check(
        "ack=written window_bytes=100",
        "open upgrade block send:1x100",
        "unblock",
        "text:0 ack:0 room:256",
    );
}

#[test]
fn written_sends_no_pings_with_its_events() {
    check("ack=written", "open upgrade", "send:100 send:1", "text:0-99 ack:0-99 text:100 ack:100");
}
