//! What goes over the wire, byte by byte: frames of every length, pieces of every size, floods.

use super::super::frames::Writer;
use super::peer::{Frame, Peer, frame};
use super::rig::Rig;
use crate::core::{Random, Sink};
use std::collections::HashSet;

#[test]
fn text_frames_of_every_length_arrive_whole() {
    let mut peer = Peer::default();
    peer.request = Some(String::new());
    let mut writer = Writer::new(Random::from_seed([1; 32]), false);
    let mut sent = 0;
    for length in (0..300).chain([65_534, 65_535, 65_536, 65_537, 200_001]) {
        let text: String = ('a'..='z').cycle().take(length).collect();
        let mut out = Vec::new();
        writer.event(&mut out, text.as_bytes());
        sent += out.len() as u64;
        assert_eq!(writer.sent(), sent);
        assert_eq!(peer.take(&out), [Frame::Text(text)], "{length} bytes");
    }
}

#[test]
fn with_binary_events_go_in_binary_frames_and_all_else_is_the_same() {
    let mut rig = Rig::new("binary=true", 7);
    rig.play("proven send:2 pongs");
    assert_eq!(rig.trace(), "connect ping:1 settled room:32 binary:0-1 ping:2-3 room:30 ack:0-1 room:32");
}

#[test]
fn masks_are_fresh_and_come_from_the_seed() {
    let masks = |seed| {
        let mut rig = Rig::new("window_events=2000", seed);
        rig.play("proven send:32 pongs send:64 pongs send:128 pongs send:256 pongs send:512 pongs");
        rig.peer.masks
    };
    let of_one = masks(1);
    assert!(of_one.len() > 1000);
    let different: HashSet<_> = of_one.iter().collect();
    assert!(different.len() >= of_one.len() - 1, "drawn anew for each frame");
    assert_eq!(of_one, masks(1), "the same seed gives the same bytes");
    assert_ne!(of_one, masks(2));
}

/// The whole way of three events with what the peer sends cut into pieces of `size` bytes.
fn check_pieces(size: usize) {
    let mut rig = Rig::new("", 7);
    rig.play("open");
    let feed = |rig: &mut Rig, bytes: &[u8]| {
        for piece in bytes.chunks(size) {
            rig.receive(piece);
            rig.turn();
        }
    };
    let head = rig.peer.upgrade();
    feed(&mut rig, &head);
    let pong = rig.peer.pong(1);
    feed(&mut rig, &pong);
    rig.play("send:1 send:1 send:1");
    let mut bytes = frame(0x1, &[b'x'; 300]);
    bytes.extend(rig.peer.pong(3));
    bytes.extend(frame(0x9, b"are you there"));
    bytes.extend(rig.peer.pong(4));
    feed(&mut rig, &bytes);
    let expected =
        "connect ping:1 settled room:32 text:0 ping:2 room:31 text:1 ping:3 room:30 text:2 ping:4 room:29";
    let trace = rig.trace();
    assert!(trace.starts_with(expected), "pieces of {size}: {trace}");
    assert!(trace.contains("pong"), "pieces of {size}: {trace}");
    assert_eq!((rig.ws.counts.acked, rig.ws.counts.stale), (3, 0), "pieces of {size}");
}

#[test]
fn frames_may_be_cut_anywhere() {
    for size in [1, 2, 3, 5, 7, 16, 64, 129, 1000] {
        check_pieces(size);
    }
}

#[test]
fn a_frame_right_behind_the_handshake_is_not_lost() {
    let mut rig = Rig::new("ack=written", 7);
    rig.play("open");
    let mut bytes = rig.peer.upgrade();
    bytes.extend(frame(0x9, b"are you there"));
    rig.receive(&bytes);
    rig.turn();
    assert_eq!(rig.trace(), "connect pong settled room:256");
    let mut rig = Rig::new("", 7);
    rig.play("open");
    let mut bytes = rig.peer.upgrade();
    bytes.extend(super::peer::close(1013, "later"));
    rig.receive(&bytes);
    rig.play("fin");
    assert_eq!(rig.trace(), "connect ping:1 closed:1013 finish settled");
}

#[test]
fn fragmented_messages_of_the_peer_are_read_with_a_pong_in_between() {
    let mut rig = Rig::new("", 7);
    rig.play("proven send:1");
    rig.trace();
    let mut bytes = vec![0x01, 2, b'a', b'b'];
    bytes.extend(rig.peer.pong(2));
    bytes.extend([0x80, 1, b'c']);
    rig.receive(&bytes);
    rig.turn();
    assert_eq!(rig.trace(), "ack:0 room:32");
}

#[test]
fn a_flood_of_text_is_read_and_dropped() {
    let mut rig = Rig::new("max_frame_bytes=2000", 7);
    rig.play("proven");
    let flood: Vec<u8> = (0..30).flat_map(|_| frame(0x1, &[b'x'; 2000])).collect();
    for _ in 0..200 {
        rig.receive(&flood);
        rig.turn();
        assert!(rig.ws.wire.incoming.is_empty(), "the socket is always read");
        assert!(rig.ws.wire.outgoing.is_empty());
    }
    rig.trace();
    rig.play("send:1 pongs");
    assert_eq!(rig.trace(), "text:0 ping:2 room:31 ack:0 room:32");
}

#[test]
fn an_incoming_frame_above_the_limit_is_refused_by_its_header() {
    for (length, refused) in [(200, false), (201, true)] {
        let mut rig = Rig::new("max_frame_bytes=200", 7);
        rig.play("proven");
        rig.trace();
        rig.receive(&frame(0x2, &vec![0; length])[..4]);
        rig.turn();
        assert_eq!(rig.trace(), if refused { "closed:1009 finish room:0" } else { "" }, "{length} bytes");
    }
    // Fragments that are small each, and too much together.
    let mut rig = Rig::new("max_frame_bytes=200", 7);
    rig.play("proven");
    rig.trace();
    let mut bytes = frame(0x2, &[0; 150]);
    bytes[0] &= 0x7f;
    bytes.extend(frame(0x0, &[0; 150]));
    rig.receive(&bytes);
    rig.turn();
    assert_eq!(rig.trace(), "closed:1009 finish room:0");
}

#[test]
fn pings_of_the_peer_are_answered() {
    let mut rig = Rig::new("", 7);
    rig.play("open upgrade ping");
    assert_eq!(rig.trace(), "connect ping:1 pong");
}

#[test]
fn a_peer_that_pings_and_reads_nothing_costs_no_memory() {
    let mut rig = Rig::new("", 7);
    rig.play("proven block");
    for _ in 0..20_000 {
        rig.receive(&frame(0x9, &[b'p'; 125]));
        rig.ws.advance(rig.now);
        assert!(rig.ws.wire.outgoing.len() < 70 * 1024, "answers wait, and only the newest");
    }
}
