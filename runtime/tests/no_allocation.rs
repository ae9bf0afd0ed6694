//! In the steady state nothing on the way of an event allocates: from the metronome through the log and round robin
//! into sinks and back, replays included. In a test binary of its own, because it counts in the global allocator.

use foreshock::core::{Answer, Deliveries, EventId, Head, Sink, Source, Time};
use foreshock::operator::{RoundRobin, Stored, Wal, WalConfig};
use foreshock::sink::{Blackhole, BlackholeConfig};
use foreshock::source::Metronome;
use std::io::Write;

/// The flow of the project, put together by hand: metronome, log, round robin, three sinks of which one fails at times.
struct Flow {
    now: Time,
    metronome: Metronome,
    deliveries: Deliveries,
    wal: Wal<EventId>,
    round_robin: RoundRobin,
    sinks: [Blackhole<EventId>; 3],
    /// Every so many events are filtered in front of the sinks; 0: none.
    filter: u64,
    confirmed: u64,
}

impl Flow {
    fn new(delay: u64, fail_every: u64, filter: u64) -> Flow {
        let sink = |fail_every| Blackhole::with_config(BlackholeConfig { delay, fail_every, capacity: 50 });
        let mut metronome = Metronome::with_interval(1);
        metronome.start(Time::ZERO);
        Flow {
            now: Time::ZERO,
            metronome,
            deliveries: Deliveries::new(),
            wal: Wal::new(&WalConfig { read_count: 20, max_elements: Some(100), max_bytes: Some(10_000) }),
            round_robin: RoundRobin::new(3),
            sinks: [sink(0), sink(fail_every), sink(0)],
            filter,
            confirmed: 0,
        }
    }

    fn step(&mut self) {
        self.now = self.now.plus_ms(1);
        for sink in &mut self.sinks {
            sink.advance(self.now);
            while let Some((id, answer)) = sink.next_answer() {
                if let Some((tag, answer)) = self.wal.answer(id, answer) {
                    self.confirmed += u64::from(self.deliveries.answer(tag, answer) == Some(Answer::Ack));
                }
            }
        }
        while self.metronome.is_due(self.now) && self.wal.room(Some(80)) > 0 {
            let tick = self.metronome.make(self.now, 0);
            let tag = self.deliveries.open();
            let stored = self.wal.store(Head { tag, ingest_ns: 0, suspect: false }, |out, ()| {
                write!(out, r#"{{"onramp":"metronome","id":{}}}"#, tick.id).expect("a vector takes all");
            });
            assert_eq!(stored, Stored::Kept);
            let settled = self.deliveries.settle(tag, foreshock::core::Handed::ONE);
            assert_eq!(settled, None);
        }
        self.pump();
    }

    fn pump(&mut self) {
        for _ in 0..self.wal.read_count() {
            let Some(suspect) = self.wal.next() else { break };
            let Some(output) = self.round_robin.pick(|i| self.sinks[i].room(suspect) > 0) else { break };
            let lent = self.wal.lend();
            let is_filtered = self.filter > 0 && self.wal.counts().emitted.is_multiple_of(self.filter);
            let handed = if is_filtered {
                foreshock::core::Handed::DONE
            } else {
                self.round_robin.took(output);
                self.sinks[output].push(lent.head, &lent.payload)
            };
            self.wal.hand_back(lent, handed);
        }
        while let Some((tag, answer)) = self.wal.next_answer() {
            self.confirmed += u64::from(self.deliveries.answer(tag, answer) == Some(Answer::Ack));
        }
    }
}

#[track_caller]
fn check(mut flow: Flow, what: &str) {
    for _ in 0..5_000 {
        flow.step();
    }
    let before = flow.confirmed;
    let info = allocation_counter::measure(|| {
        for _ in 0..20_000 {
            flow.step();
        }
    });
    let confirmed = flow.confirmed - before;
    assert_eq!(info.count_total, 0, "{what}: allocations for {confirmed} events; {:?}", flow.wal.counts());
    assert!(confirmed > 1_000, "{what}: only {confirmed} events went through");
}

#[test]
fn events_that_are_confirmed_allocate_nothing() {
    check(Flow::new(0, 0, 0), "confirmed at once");
    check(Flow::new(30, 0, 0), "confirmed later");
}

#[test]
fn replays_allocate_nothing() {
    check(Flow::new(30, 5, 0), "one in five of one sink fails");
    check(Flow::new(30, 1, 0), "one sink fails always");
}

#[test]
fn filtered_events_allocate_nothing() {
    check(Flow::new(30, 0, 3), "one in three is filtered");
}

#[test]
fn a_full_log_allocates_nothing() {
    check(Flow::new(200, 7, 0), "sinks so slow that the log is full and the metronome pauses");
}

#[test]
fn the_counter_counts() {
    let info = allocation_counter::measure(|| drop(std::hint::black_box(vec![0_u8; 100])));
    assert_eq!(info.count_total, 1);
}
