//! What the log costs: slots and buffers are bounded by the limits, whatever happens.

use super::{bytes, deliver, elements, head, limits, store};
use crate::core::Answer;
use crate::operator::wal::{Stored, Wal, WalConfig};

fn buffers<K>(wal: &Wal<u64, K>) -> usize {
    wal.entries.bodies().flatten().map(|body| body.payload.capacity()).sum()
}

/// A million events pass one that is stuck, `window` in flight at a time and every 512th failing once: how many slots
/// and how many bytes of buffers does that take?
fn check_stuck(config: WalConfig, window: usize) {
    let mut wal: Wal<u64> = Wal::new(&config);
    store(&mut wal, 0, 100);
    let stuck = deliver(&mut wal);
    let mut flying = std::collections::VecDeque::new();
    let mut memory_at_start = None;
    for number in 1..=1_000_000_u64 {
        store(&mut wal, number, 100);
        flying.push_back(deliver(&mut wal));
        if flying.len() == window {
            let id = flying.pop_front().expect("the window is full");
            if number.is_multiple_of(512) {
                assert_eq!(wal.answer(id, Answer::Fail), None);
                flying.push_back(deliver(&mut wal));
            } else {
                assert!(wal.answer(id, Answer::Ack).is_some());
            }
        }
        while flying.len() >= window {
            let id = flying.pop_front().expect("the window is full");
            assert!(wal.answer(id, Answer::Ack).is_some());
        }
        if number == 10_000 {
            memory_at_start = Some((wal.entries.slots(), buffers(&wal)));
        }
    }
    let memory_at_end = (wal.entries.slots(), buffers(&wal));
    assert_eq!(Some(memory_at_end), memory_at_start, "memory stays flat");
    assert!(wal.entries.slots().0 <= window + 1, "{:?} slots for a window of {window}", wal.entries.slots());
    assert!(buffers(&wal) <= (window + 2) * 1024);
    for id in flying {
        assert!(wal.answer(id, Answer::Ack).is_some());
    }
    assert_eq!(wal.answer(stuck, Answer::Ack), Some((0, Answer::Ack)));
    assert_eq!(wal.counts().pending, 0);
}

#[test]
fn one_event_stuck_while_a_million_pass_costs_its_own_slot_and_bytes() {
    check_stuck(elements(1000), 20);
    check_stuck(bytes(10_485_760), 2);
}

#[test]
fn the_slots_are_bounded_by_the_limits_and_what_is_parked() {
    // The most that is kept, and parked: the two behind the full log, those that the log does not refuse as too
    // large, and, where bytes are left that are too few for an event, the one that finds this out.
    let tables =
        [(elements(10), 10, 3), (bytes(650), 10, 3), (limits(Some(7), Some(650)), 7, 2), (bytes(3), 1, 2)];
    for (config, kept, parked) in tables {
        let mut wal: Wal<u64> = Wal::new(&config);
        for round in 0..100 {
            let mut stored = 0;
            while wal.room(None) > 0 {
                store(&mut wal, round, 1);
                stored += 1;
                assert!(stored < 1000, "a full log has no room");
            }
            store(&mut wal, round, 1);
            store(&mut wal, round, 1);
            let refused = wal.store(head(round), |out, ()| out.extend_from_slice(&[0; 100_000]));
            assert_eq!(refused == Stored::Kept, config.max_bytes.is_none());
            while wal.next().is_some() {
                let id = deliver(&mut wal);
                assert!(wal.answer(id, Answer::Ack).is_some());
            }
        }
        assert_eq!(wal.entries.slots().0, kept + parked, "{config:?}");
    }
}

/// A log that keeps a thousand events, of lengths that `len` gives: bytes of buffers for each of `expected`, at most.
fn check_kept(len: impl Fn(usize) -> usize, expected: usize) {
    let mut wal: Wal<u64> = Wal::new(&elements(1000));
    (0..1000).for_each(|number| store(&mut wal, number, len(number as usize)));
    assert_eq!(wal.counts().pending, 1000);
    assert!(buffers(&wal) / 1000 <= expected, "{} bytes an event", buffers(&wal) / 1000);
}

#[test]
fn a_kept_event_has_hardly_more_memory_than_it_needs() {
    check_kept(|_| 88, 88);
    check_kept(|_| 100, 105);
    check_kept(|number| 80 + number.to_string().len(), 100);
    check_kept(|number| 50 + number % 100, 200);
    check_kept(|_| 900, 905);
    // A large event costs itself (its buffer has grown from 88 bytes to 1 146 880), and the one behind it as much as an idle slot
    // may have.
    check_kept(|number| if number == 500 { 1_000_000 } else { 88 }, 88 + 1147 + 2);
}

#[test]
fn buffers_above_a_kibibyte_are_given_back_and_smaller_ones_kept() {
    let mut wal: Wal<u64, Vec<u64>> = Wal::new(&elements(1000));
    for number in 0..100 {
        let stored = wal.store(head(number), |out, kept| {
            out.extend_from_slice(&[0; 100_000]);
            kept.resize(10_000, 0);
        });
        assert_eq!(stored, Stored::Kept);
    }
    while wal.next().is_some() {
        let id = deliver(&mut wal);
        assert!(wal.answer(id, Answer::Ack).is_some());
    }
    assert_eq!(buffers(&wal), 0);
    assert!(wal.entries.bodies().flatten().all(|body| body.kept.capacity() == 0));

    store(&mut wal, 0, 1000);
    let id = deliver(&mut wal);
    assert!(wal.answer(id, Answer::Ack).is_some());
    assert!((1000..=1024).contains(&buffers(&wal)));

    let mut small: Wal<u64> = Wal::new(&bytes(2000));
    let refused = small.store(head(0), |out, ()| out.extend_from_slice(&[0; 2001]));
    assert_eq!((refused, buffers(&small)), (Stored::TooLarge { bytes: 2001 }, 0));
}
