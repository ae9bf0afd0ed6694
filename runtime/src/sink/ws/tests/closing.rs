//! The flow closes the sink.

use super::rig::check;

#[test]
fn goodbye_is_a_close_frame_and_the_peers_answer() {
    check("", "proven", "bye", "closed:1000 finish room:0");
    check("", "proven bye", "close:1000", "done");
    check("", "proven bye", "fin", "done");
    check("ack=written", "open upgrade bye", "fin", "done");
}

#[test]
fn a_peer_that_says_nothing_is_left_after_a_second() {
    check("", "proven bye", "wait:999", "");
    check("", "proven bye", "wait:1000", "abort done");
}

#[test]
fn what_is_unconfirmed_may_still_be_confirmed() {
    check("", "proven send:2", "bye", "room:0");
    check("", "proven send:2 bye", "pongs", "closed:1000 finish ack:0-1");
    check("", "proven send:2 bye", "wait:1000", "closed:1000 finish fail:0-1 done");
    check("", "proven send:2 bye pongs", "close:1000", "done");
}

#[test]
fn without_a_websocket_it_is_closed_at_once() {
    check("", "refuse", "bye", "done");
    check("", "", "bye", "abort settled done");
    check("", "open", "bye", "abort settled done");
    check("", "proven fin", "bye", "done");
    check("", "open upgrade", "bye", "closed:1000 finish settled");
}

#[test]
fn it_does_not_connect_again() {
    check("", "proven bye fin", "wait:60000 bye push:1", "refused:1");
    check("", "proven send:1 bye", "fin wait:60000", "fail:0 done");
    check("", "refuse bye", "wait:60000", "");
}

#[test]
fn nothing_follows_the_close_frame() {
    check("", "proven bye", "ping text:5 push:1", "refused:1");
    check("keepalive=100", "proven bye", "wait:500", "");
}
