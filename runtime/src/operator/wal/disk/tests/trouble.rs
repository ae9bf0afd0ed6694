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
fn waits_double_too_on_a_full_disk_on_which_all_but_writing_works() {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all(0..3, 40);
    bench.files.faults.space = Some(bench.files.size());
    assert_eq!(bench.store(3, 40), Stored::Kept);
    bench.settle();
    for wait in [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000] {
        assert_eq!(bench.wal.deadline(), Some(bench.now.plus_ms(wait)));
        assert!(bench.wal.trouble().is_some());
        bench.wait(wait);
    }
    bench.files.faults = Faults::default();
    bench.wait(10_000);
    assert_eq!(bench.wal.trouble(), None);
    assert_eq!(bench.answers(), [3]);
}

#[test]
fn a_disk_that_the_log_itself_has_filled_is_freed_of_what_is_confirmed() {
    let mut bench: Bench = Bench::open(config(16_384, BATCH), Files::new());
    bench.store_all(0..60, 100);
    assert!(bench.files.names().len() > 4, "{:?}", bench.files.names());
    let full = bench.files.size();
    bench.files.faults.space = Some(full);
    assert_eq!(bench.store(60, 100), Stored::Kept);
    bench.settle();
    assert!(bench.wal.trouble().is_some());
    let delivered: Vec<(u64, EventId)> = std::iter::from_fn(|| bench.deliver()).collect();
    assert_eq!(delivered.len(), 60);
    delivered.iter().for_each(|(_, id)| assert_eq!(bench.wal.answer(*id, Answer::Ack), None));
    for wait in [100, 200, 400, 800] {
        bench.wait(wait);
    }
    assert_eq!(bench.wal.trouble(), None);
    assert_eq!(bench.answers(), [60]);
    assert!(bench.files.size() < full / 2, "{:?}", bench.files.names());
    bench.store_all(61..70, 100);
    bench.files.lose_power(&mut dice(3));
    let mut again: Bench = Bench::open(config(16_384, BATCH), bench.files);
    assert_eq!(again.deliver_all().last(), Some(&69));
    assert_eq!(again.wal.resumed(SOURCE), Some(69));
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
fn behind_a_failed_sync_of_the_directory_the_name_of_acknowledgements_is_made_safe_later() {
    let stored = || {
        let mut bench: Bench = Bench::open(config(16_384, BATCH), Files::new());
        bench.store_all(0..1, 40);
        let (_, id) = bench.deliver().expect("the first");
        bench.wal.answer(id, Answer::Ack);
        bench
    };
    let mut bench = stored();
    bench.settle();
    bench.files.fail_directory_sync = Some(0);
    bench.wait(1000);
    assert_eq!(bench.wal.trouble(), Some("cannot sync the directory: the sync failed"));
    bench.wait(100);
    assert_eq!((bench.wal.trouble(), bench.files.is_safe()), (None, false));
    bench.wait(1000);
    assert!(bench.files.is_safe(), "{}", bench.files.state());
    let said = bench.files.said.len();
    bench.wait(10_000);
    assert_eq!(bench.files.said.len(), said, "it is done once");

    // In an exchange that has synced the directory for a new segment before.
    let mut bench = stored();
    assert_eq!(bench.store(1, 1900), Stored::Kept);
    bench.wal.close();
    bench.files.fail_directory_sync = Some(1);
    bench.settle();
    assert_eq!(bench.wal.trouble(), Some("cannot sync the directory: the sync failed"));
    assert!(!bench.files.is_safe(), "{}", bench.files.state());
    bench.wait(100);
    assert!(bench.wal.is_closed() && bench.files.is_safe(), "{}", bench.files.state());
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

/// A log has filled the disk with 30 events, and all of them are acknowledged: without help from outside it goes on.
#[track_caller]
fn check_full(again: bool) {
    let mut bench: Bench = Bench::open(config(16_384, BATCH), Files::new());
    bench.store_all(0..30, 200);
    assert!(bench.files.names().len() > 3);
    bench.files.faults.space = Some(bench.files.size());
    if again {
        bench = Bench::open(config(16_384, BATCH), bench.files);
    }
    assert_eq!(bench.store(30, 200), Stored::Kept);
    bench.settle();
    assert!(bench.wal.trouble().is_some_and(|said| said.contains("no space")));
    while let Some((number, id)) = bench.deliver() {
        assert!(number < 30);
        bench.wal.answer(id, Answer::Ack);
    }
    for _ in 0..5 {
        bench.wait(10_000);
    }
    assert_eq!(bench.wal.trouble(), None);
    assert_eq!(bench.answers(), [30]);
    let mut after: Bench = Bench::open(config(16_384, BATCH), bench.files);
    assert_eq!((after.deliver_all(), after.wal.resumed(SOURCE)), (vec![30], Some(30)));
}

#[test]
fn a_log_that_has_filled_the_disk_goes_on_when_its_own_events_are_acknowledged() {
    check_full(false);
    check_full(true);
}

#[test]
fn what_a_segment_of_an_earlier_run_tells_of_sources_outlives_it() {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all(0..3, 40);
    while let Some((_, id)) = bench.deliver() {
        bench.wal.answer(id, Answer::Ack);
    }
    bench.wait(1000);
    let mut again: Bench = Bench::open(config(1 << 20, BATCH), bench.files);
    again.files.fail_syncs = 1;
    again.wait(1000);
    assert_eq!(again.wal.trouble(), Some("cannot sync 0000000001.acks: the sync failed"));
    again.files.faults.space = Some(again.files.size());
    for wait in [100, 200, 400] {
        again.now = again.now.plus_ms(wait);
        for _ in 0..20 {
            again.step(usize::MAX);
            let found = again.recover();
            assert_eq!((found.next, found.marks), (4, vec![Origin { source: SOURCE, id: 2 }]));
        }
        assert_eq!(again.wal.trouble().map(|said| said.contains("no space")), Some(true));
    }
    again.files.faults.space = None;
    again.wait(10_000);
    assert_eq!((again.wal.trouble(), again.wal.resumed(SOURCE)), (None, Some(2)));
    assert_eq!(again.recover().marks, [Origin { source: SOURCE, id: 2 }]);
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
