//! What the log does when its disk has trouble, told as stories: it says so, has no room, loses nothing, and goes on.

use super::files::Faults;
use super::*;

/// A log with ten events that are stored; then `harm` comes to its files. Ten more are stored as soon as there is room: until
/// the disk is well nothing is acknowledged, and the trouble is told.
#[track_caller]
fn check(harm: impl Fn(&mut Files), trouble: &str) {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all(0..10, 40);
    harm(&mut bench.files);
    for number in 10..20 {
        assert_eq!(bench.store(number, 40), Stored::Kept);
    }
    bench.settle();
    assert_eq!(bench.answers(), [0; 0]);
    let said = bench.wal.trouble().expect("it says so").to_owned();
    assert!(said.contains(trouble), "{said}");
    assert_eq!((bench.wal.room(Some(40)), bench.wal.kept()), (0, 10));
    assert_eq!(bench.wal.deadline(), Some(Time::ZERO.plus_ms(100)));
    assert_eq!(bench.deliver_all(), (0..10).collect::<Vec<_>>(), "what is stored is handed on");
    bench.wait(100);
    bench.files.faults = Faults::default();
    bench.wait(10_000);
    assert_eq!((bench.wal.trouble(), bench.wal.kept()), (None, 20));
    assert_eq!(bench.answers(), (10..20).collect::<Vec<_>>());
    assert!(bench.wal.room(Some(40)) > 0);
    bench.files.lose_power(&mut dice(3));
    let mut again: Bench = Bench::open(config(1 << 20, BATCH), bench.files);
    assert_eq!(again.deliver_all(), (0..20).collect::<Vec<_>>());
    assert_eq!(again.wal.resumed(SOURCE), Some(19));
}

#[test]
fn with_a_disk_in_trouble_nothing_is_acknowledged_and_it_goes_on_when_the_disk_does() {
    check(|files| files.faults.space = Some(files.size() + 100), "cannot append to 0000000001.wal: no space");
    check(|files| files.faults.space = Some(0), "no space");
    check(|files| files.faults.one_of = 1, "cannot append");
    check(|files| files.fail_syncs = 1, "cannot sync 0000000001.wal");
    check(Files::vanish, "cannot sync 0000000001.wal: no such file");
}

#[test]
fn waits_double_up_to_ten_seconds() {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.files.faults.one_of = 1;
    assert_eq!(bench.store(0, 40), Stored::Kept);
    bench.settle();
    for wait in [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000] {
        assert_eq!(bench.wal.deadline(), Some(bench.now.plus_ms(wait)));
        bench.wait(wait);
    }
}

#[test]
fn a_failed_acknowledgement_is_written_with_the_next_batch() {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all(0..3, 40);
    let (_, id) = bench.deliver().expect("the first");
    bench.files.faults.space = Some(bench.files.size() + 5);
    bench.wal.answer(id, Answer::Ack);
    bench.settle();
    assert_eq!(bench.wal.trouble(), Some("cannot append to 0000000001.acks: no space"));
    bench.files.faults = Faults::default();
    bench.wait(100);
    assert_eq!(bench.wal.trouble(), None);
    let mut again: Bench = Bench::open(config(1 << 20, BATCH), bench.files);
    assert_eq!(again.deliver_all(), [1, 2]);
}

#[test]
fn behind_a_failed_sync_of_acknowledgements_none_is_forgotten() {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all(0..3, 40);
    let (_, id) = bench.deliver().expect("the first");
    bench.wal.answer(id, Answer::Ack);
    bench.settle();
    bench.files.fail_syncs = 1;
    bench.wait(1000);
    assert_eq!(bench.wal.trouble(), Some("cannot sync 0000000001.acks: the sync failed"));
    bench.wait(100);
    assert_eq!((bench.wal.trouble(), bench.files.names()), (None, vec!["0000000002.wal".to_owned()]));
    bench.files.lose_power(&mut dice(3));
    let mut again: Bench = Bench::open(config(1 << 20, BATCH), bench.files);
    assert_eq!(again.deliver_all(), [1, 2]);
}

#[test]
fn a_log_that_cannot_write_is_not_closed_and_loses_nothing() {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all(0..3, 40);
    bench.files.faults.one_of = 1;
    assert_eq!(bench.store(3, 40), Stored::Kept);
    bench.wal.close();
    bench.settle();
    assert_eq!((bench.wal.is_closed(), bench.wal.room(None)), (false, 0));
    bench.files.faults = Faults::default();
    bench.wait(100);
    assert!(bench.wal.is_closed());
    assert_eq!(bench.answers(), [3]);
}

#[test]
fn on_a_disk_that_stays_full_it_waits_longer_each_time() {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all(0..3, 40);
    bench.files.faults.space = Some(bench.files.size() + 5);
    assert_eq!(bench.store(3, 40), Stored::Kept);
    bench.settle();
    let appends = |bench: &Bench| bench.files.said.iter().filter(|said| said.contains("append")).count();
    let before = appends(&bench);
    for _ in 0..600 {
        bench.wait(100);
    }
    let attempts = appends(&bench) - before;
    assert!((10..=20).contains(&attempts), "in a minute it tried {attempts} times");
    bench.files.faults = Faults::default();
    bench.wait(10_000);
    assert_eq!(bench.answers(), [3]);
    assert_eq!(bench.wal.trouble(), None);
}
