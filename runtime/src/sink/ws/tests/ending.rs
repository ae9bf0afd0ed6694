//! Every way in which a connection ends, and what becomes of its events.

use super::rig::{Rig, check};
use crate::core::Sink;

#[test]
fn what_was_not_confirmed_fails_in_order() {
    for (end, expected) in [
        ("fin", "fail:0-2 room:0"),
        ("close:1000", "closed:1000 finish fail:0-2 room:0"),
        ("close:1001", "closed:1001 finish fail:0-2 room:0"),
        ("close:1011", "closed:1011 finish fail:0-2 room:0"),
        ("close", "closed finish fail:0-2 room:0"),
        ("wait:5000", "abort fail:0-2 room:0"),
        ("text:70000", "closed:1009 finish fail:0-2 room:0"),
    ] {
        check("", "proven send:1 send:1 send:1", end, expected);
        check("", "proven send:5 pongs send:1 send:1 send:1", end, &expected.replace("0-2", "5-7"));
    }
}

#[test]
fn what_was_pushed_but_not_flushed_fails_too() {
    check("", "proven send:1 push:2", "fin", "fail:0-2 room:0");
}

#[test]
fn pongs_that_came_before_the_end_count() {
    let mut rig = Rig::new("", 7);
    rig.play("proven send:1 send:1 send:1");
    rig.trace();
    rig.receive(&rig.peer.pong(3));
    rig.play("fin");
    assert_eq!(rig.trace(), "ack:0-1 fail:2 room:0");
}

#[test]
fn written_fails_what_the_socket_had_not_taken() {
    check("ack=written", "open upgrade block send:3 take:14", "fin", "fail:1-2 room:0");
}

#[test]
fn the_next_connection_begins_with_nothing_of_the_last() {
    check(
        "",
        "proven block send:3 fin unblock retry",
        "proven send:1",
        "ping:1 room:32 text:3 ping:2 room:31",
    );
    check(
        "ack=written",
        "open upgrade block send:3 fin retry",
        "open unblock upgrade send:1",
        "room:256 text:3 ack:3",
    );
}

#[test]
fn a_peer_that_breaks_the_protocol_is_told_so_and_left() {
    for (bytes, code) in [
        (&[0x81, 0x02, 0xff, 0xfe][..], 1007),
        (&[0x83, 0x00], 1002),
        (&[0xc1, 0x00], 1002),
        (&[0x80, 0x00], 1002),
        (&[0x81, 0x81, 1, 2, 3, 4, 5], 1002),
        (&[0x09, 0x00], 1002),
        (&[0x88, 0x01, 0x00], 1002),
        (&[0x82, 0x7f, 0, 0, 0, 1, 0, 0, 0, 0], 1009),
        (&[0x82, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 1009),
        (&[0x8a, 0x7e, 0, 126], 1002),
    ] {
        let mut rig = Rig::new("", 7);
        rig.play("proven send:2");
        rig.trace();
        rig.receive(bytes);
        // A control frame's length is checked when the frame is there.
        rig.receive(&[0; 126]);
        rig.turn();
        assert_eq!(rig.trace(), format!("closed:{code} finish fail:0-1 room:0"), "{bytes:02x?}");
    }
}

#[test]
fn an_event_that_was_out_alone_when_the_peer_complained_is_a_suspect() {
    for code in [1003, 1007, 1009] {
        let expected = format!("closed:{code} finish suspect:0 room:0");
        check("", "proven send:1", &format!("close:{code}"), &expected);
        check("err", "proven send:1", &format!("close:{code}"), &expected);
        // The peer may mean the one that it had confirmed.
        check("", "proven send:1 pongs send:1", &format!("close:{code}"), &expected.replace(":0 ", ":1 "));
    }
    for code in [1000, 1001, 1002, 1008, 1011] {
        let expected = format!("closed:{code} finish fail:0");
        check("", "proven send:1", &format!("close:{code}"), &format!("{expected} room:0"));
        check("", "proven suspect", &format!("close:{code}"), &expected);
    }
}

#[test]
fn a_complaint_is_never_about_an_event_of_which_nothing_was_sent() {
    for code in [1003, 1007, 1009] {
        let close = format!("close:{code}");
        check("", "proven send:1 pongs block send:1", &close, "finish fail:1 room:0");
        check("", "proven block send:3", &close, "finish fail:0-2 room:0");
        check("", "proven block suspect", &close, "finish fail:0");
        check("ack=written", "open upgrade send:1 block send:1", &close, "finish fail:1 room:0");
        check("ack=written", "open upgrade block send:2 take:14", &close, "finish fail:1 room:0");
        check("ack=written", "open upgrade block send:3 take:15", &close, "finish suspect:1 fail:2 room:0");
    }
}

#[test]
fn an_event_may_be_blamed_from_its_first_byte_on() {
    // A frame of an eight-byte event has 14 bytes, the ping behind it 22.
    for (bytes, expected) in [
        (0, "fail:0-2"),
        (1, "suspect:0 fail:1-2"),
        (36, "suspect:0 fail:1-2"),
        (37, "suspect:0-1 fail:2"),
        (72, "suspect:0-1 fail:2"),
        (73, "suspect:0-2"),
    ] {
        let before = format!("proven block send:3 take:{bytes}");
        check("", &before, "close:1007", &format!("finish {expected} room:0"));
        check("", &before, "close:1000", "finish fail:0-2 room:0");
    }
}

#[test]
fn a_rejected_event_tells_why_and_has_its_payload() {
    let mut rig = Rig::new("err", 7);
    rig.play("proven send:3 pongs suspect:1x300");
    rig.receive(&super::peer::close(1009, "at most 100 bytes"));
    rig.turn();
    let error = rig.ws.next_error().expect("a rejected event");
    assert_eq!(error.head.tag, 3);
    assert_eq!(error.payload, super::rig::payload(3, 300).as_bytes());
    assert_eq!(
        error.error,
        "rejected: the peer closed with 1009 (what it was sent is too large for it): at most 100 bytes"
    );
    assert!(rig.ws.next_error().is_none());
    let counts = rig.ws.counts();
    assert_eq!((counts.rejected, counts.acked, counts.failed, counts.pending), (1, 3, 0, 0));
}

#[test]
fn where_nobody_replays_the_only_event_that_was_begun_is_rejected_at_once() {
    let closed = "closed:1009 finish";
    check("unreplayed", "proven send:1", "close:1009", &format!("{closed} ack:0 room:0"));
    check("unreplayed", "proven send:3", "close:1009", &format!("{closed} suspect:0-2 room:0"));
    check("unreplayed", "proven block send:3 take:1", "close:1009", "finish ack:0 fail:1-2 room:0");
    let mut rig = Rig::new("unreplayed err", 7);
    rig.play("proven send:1x300");
    rig.receive(&super::peer::close(1009, ""));
    rig.turn();
    let error = rig.ws.next_error().expect("a rejected event");
    assert_eq!((error.head.tag, error.payload), (0, super::rig::payload(0, 300).into_bytes()));
}

#[test]
fn there_is_no_room_until_a_rejected_event_was_taken() {
    check("err", "proven suspect close:1009 retry", "proven", "ping:1");
    check("err", "proven suspect close:1009 retry", "proven err", "ping:1 error:0 room:32");
}

#[test]
fn with_several_unconfirmed_all_are_suspect() {
    for code in [1003, 1007, 1009] {
        let expected = format!("closed:{code} finish suspect:0-2 room:0");
        check("", "proven send:3", &format!("close:{code}"), &expected);
        check("err", "proven send:3", &format!("close:{code}"), &expected);
    }
}

#[test]
fn with_none_unconfirmed_such_a_close_is_an_end_like_others() {
    check("err", "proven send:1 pongs", "close:1009", "closed:1009 finish room:0");
}

#[test]
fn a_suspect_goes_alone() {
    check("", "proven", "suspect", "text:0 ping:2 room:0");
    check("", "proven suspect", "push:1 suspect", "refused:1 refused:1");
    check("", "proven suspect", "pong:2 send:1", "ack:0 room:32 text:1 ping:3 room:31");
    check("", "proven send:1", "suspect", "refused:1");
    check("", "proven send:1 pong:2", "suspect", "text:1 ping:3 room:0");
    let mut rig = Rig::new("", 7);
    for (script, room) in [("open upgrade", 0), ("pong:1", 1), ("send:1", 0), ("pong:2", 1), ("suspect", 0)] {
        rig.play(script);
        assert_eq!(rig.ws.room(true), room, "room for a suspect after `{script}`");
    }
}

#[test]
fn a_suspect_that_makes_the_peer_close_again_is_rejected() {
    for code in [1003, 1007, 1009] {
        let close = format!("close:{code}");
        check("", "proven suspect", &close, &format!("closed:{code} finish ack:0"));
        check(
            "err",
            "proven suspect",
            &format!("{close} err retry proven"),
            &format!("closed:{code} finish error:0 connect ping:1 room:32"),
        );
    }
    check("", "proven block suspect take:1", "close:1007", "finish ack:0");
    check("err", "proven suspect", "fin", "fail:0");
}

#[test]
fn all_results_of_a_suspect_share_its_fate() {
    check("places=2", "proven suspect suspect", "close:1007", "closed:1007 finish ack:0-1");
    check(
        "places=2 err",
        "proven suspect suspect",
        "close:1007 err err",
        "closed:1007 finish error:0 error:1",
    );
    check("places=2", "proven suspect suspect pong:2", "close:1007", "closed:1007 finish ack:1");
    // Were the second to fail, it would bring the first back each time.
    check("places=2", "proven block suspect suspect take:1", "close:1007", "finish ack:0-1");
    check("places=2", "proven block suspect suspect", "close:1007", "finish fail:0-1");
}
