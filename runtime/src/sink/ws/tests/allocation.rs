//! In the steady state an event costs no allocation, and a flush a constant number.

use super::peer::{Frame, frame};
use super::rig::{Rig, payload};
use crate::core::{Head, Sink};

/// Rounds of `batch` events and one flush, with the answers to all of them: the greatest number of allocations of a round.
fn most_allocations(settings: &str, batch: usize) -> u64 {
    let mut rig = Rig::new(settings, 7);
    rig.play(if settings == "ack=written" { "open upgrade" } else { "proven" });
    let text = payload(12345, 100);
    let mut spare = Vec::new();
    let mut most = 0;
    for round in 0..300 {
        let mut pushed = 0;
        let push = allocation_counter::measure(|| {
            while pushed < batch && rig.ws.room(false) > 0 {
                let _ = rig.ws.push(Head { tag: 12345, ingest_ns: 0, suspect: false }, text.as_bytes());
                pushed += 1;
            }
            rig.ws.flush(rig.now);
        });
        // The driver swaps buffers; the peer answers the newest ping.
        std::mem::swap(&mut rig.ws.wire.outgoing, &mut spare);
        rig.ws.wire.written += spare.len() as u64;
        if let Some(Frame::Ping(ping)) = rig.peer.take(&spare).last() {
            rig.ws.wire.incoming.extend(frame(0xa, ping));
        }
        spare.clear();
        let answer = allocation_counter::measure(|| {
            rig.ws.advance(rig.now);
            while rig.ws.next_answer().is_some() {}
        });
        if round >= 100 {
            assert_eq!((pushed, rig.ws.window.len()), (batch, 0), "the steady state");
            assert_eq!(push.count_total, 0, "{settings}: pushing allocates nothing");
            most = most.max(answer.count_total);
        }
    }
    most
}

#[test]
fn an_event_allocates_nothing() {
    for settings in ["", "err"] {
        let (small, large) = (most_allocations(settings, 1), most_allocations(settings, 200));
        assert!(
            small <= 3 && large <= 3,
            "one pong is a constant number: {small} for 1 event, {large} for 200"
        );
    }
    assert_eq!(most_allocations("ack=written", 200), 0);
}
