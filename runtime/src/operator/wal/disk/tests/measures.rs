//! What the log on disk measures: how long events take to be made safe, and its room.

use super::*;
use std::time::Duration;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn bench(sync: SyncMode) -> Bench {
    Bench::open(config(64 * 1024, sync), Files::new())
}

impl Bench {
    /// An event that the disk takes so long to make safe.
    fn store_slowly(&mut self, number: u64, took_ms: u64) {
        assert_eq!(self.store(number, 100), Stored::Kept);
        self.wal.flush(self.now);
        self.now = self.now.plus_ms(took_ms);
        self.settle();
    }
}

#[test]
fn a_sync_takes_from_its_request_until_the_log_hears_of_it() {
    let mut bench = bench(BATCH);
    let syncs = |bench: &Bench| bench.wal.measures().syncs.expect("it is on disk");
    assert_eq!(syncs(&bench).count, 0);
    bench.store_slowly(1, 30);
    bench.store_slowly(2, 10);
    let seen = syncs(&bench);
    assert_eq!((seen.count, seen.total, seen.last, seen.longest), (2, ms(40), ms(10), ms(30)));
    // Acknowledgements have syncs of their own, on which no event waits.
    bench.answers();
    let (_, id) = bench.deliver().expect("one is up");
    bench.wal.answer(id, Answer::Ack);
    bench.wait(5000);
    assert_eq!(syncs(&bench), seen);
}

#[test]
fn between_intervals_nothing_is_synced_and_nothing_is_counted() {
    let mut bench = bench(SyncMode::Interval { every_ms: 1000 });
    bench.store_slowly(1, 0);
    // The first exchange makes the new segment safe.
    let before = bench.wal.measures().syncs.expect("it is on disk").count;
    bench.store_slowly(2, 0);
    let count = |bench: &Bench| bench.wal.measures().syncs.expect("it is on disk").count;
    assert_eq!(count(&bench), before);
    bench.wait(1000);
    assert_eq!(count(&bench), before + 1);
}

#[test]
fn room_shrinks_with_what_is_kept_and_is_none_until_the_log_is_open() {
    let mut closed: Bench = Bench::new(config(64 * 1024, BATCH), Files::new());
    closed.step(0);
    assert_eq!((closed.wal.measures().room, closed.wal.measures().room_bytes), (Some(0), Some(0)));
    let mut bench = bench(BATCH);
    let empty = bench.wal.measures();
    assert!(empty.room_bytes.is_some_and(|bytes| bytes > 32 * 1024 && bytes < 64 * 1024), "{empty:?}");
    bench.store_all(1..=20, 1000);
    let fuller = bench.wal.measures();
    let fell = |by: fn(&Measures) -> Option<u64>| by(&empty).zip(by(&fuller)).map(|(was, is)| was - is);
    assert_eq!(fell(|measures| measures.room), Some(20));
    assert!(fell(|measures| measures.room_bytes).is_some_and(|bytes| bytes > 20_000), "{fuller:?}");
    let mut number = 21;
    while bench.wal.room(None) > 0 {
        bench.store_all([number], 1000);
        number += 1;
    }
    let full = bench.wal.measures();
    assert!(full.room_bytes.is_some_and(|bytes| bytes < 2000), "{full:?}");
}
