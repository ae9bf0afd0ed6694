//! Single rules of the log on disk, told as stories: syncs, limits, foreign logs, damage, events that do not fit.

use super::*;

/// Requests since the last call, as words.
fn said<K: Recover>(bench: &mut Bench<K>) -> String {
    std::mem::take(&mut bench.files.said).join(", ")
}

#[test]
fn nothing_is_acknowledged_or_handed_on_before_its_sync() {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    said(&mut bench);
    assert_eq!(bench.store(0, 40), Stored::Kept);
    bench.wal.flush(bench.now);
    assert_eq!((bench.next(), bench.answers(), bench.wal.kept()), (None, vec![], 0));
    bench.exchange(usize::MAX);
    assert_eq!((bench.next(), bench.answers()), (None, vec![]));
    let first = "append 0000000001.wal, append 0000000001.wal, sync 0000000001.wal, sync directory";
    assert_eq!(said(&mut bench), first, "the header, the event; and the name is new");
    bench.wal.advance(bench.now);
    assert_eq!((bench.next(), bench.answers()), (None, vec![0]));
    assert_eq!((bench.next(), bench.wal.kept()), (Some(false), 1));
    assert_eq!((bench.wal.resumed(SOURCE), bench.wal.resumed(8)), (Some(0), None));
}

/// Stores ten events in one step: what is asked of the files from then on, without the first segment's header.
#[track_caller]
fn check_sync(sync: SyncMode, expected: &str) {
    let mut bench: Bench = Bench::open(config(1 << 20, sync), Files::new());
    bench.store_all([0], 40);
    said(&mut bench);
    let mut next = 1;
    while next <= 3 {
        if bench.wal.room(Some(40)) > 0 {
            assert_eq!(bench.store(next, 40), Stored::Kept);
            next += 1;
        } else {
            bench.step(usize::MAX);
        }
    }
    bench.settle();
    assert_eq!(bench.answers(), [1, 2, 3]);
    bench.wait(5000);
    assert_eq!(said(&mut bench).replace("0000000001.", ""), expected);
}

#[test]
fn each_mode_syncs_as_it_says() {
    check_sync(SyncMode::Batch, "append wal, sync wal");
    check_sync(SyncMode::Always, "append wal, sync wal, append wal, sync wal, append wal, sync wal");
    check_sync(SyncMode::Interval { every_ms: 5000 }, "append wal, sync wal");
    check_sync(SyncMode::Interval { every_ms: 5001 }, "append wal");
}

#[test]
fn acknowledgements_are_written_at_once_as_ranges_and_synced_after_a_second() {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all(0..100, 40);
    let ids: Vec<EventId> = std::iter::from_fn(|| bench.deliver()).map(|(_, id)| id).collect();
    said(&mut bench);
    ids[..90].iter().for_each(|id| assert_eq!(bench.wal.answer(*id, Answer::Ack), None));
    bench.settle();
    assert_eq!(said(&mut bench), "append 0000000001.acks");
    assert_eq!(bench.files.read("0000000001.acks").len(), 8 + 1 + 2, "one range");
    assert_eq!(bench.wal.deadline(), Some(Time::ZERO.plus_ms(1000)));
    bench.wait(1000);
    assert_eq!(said(&mut bench), "sync 0000000001.acks, sync directory");
    assert_eq!(bench.wal.deadline(), None);
    let mut again: Bench = Bench::open(config(1 << 20, BATCH), bench.files);
    assert_eq!(again.deliver_all(), (90..100).collect::<Vec<_>>());
    assert_eq!(again.wal.next_answer(), None, "nobody upstream knows them any more");
}

#[test]
fn an_event_that_nobody_owes_an_answer_for_is_acknowledged_at_once() {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all(0..2, 40);
    let lent = bench.lend();
    bench.wal.hand_back(lent, Handed::DONE);
    bench.settle();
    assert_eq!((bench.wal.next_answer(), bench.wal.counts().pending), (None, 1));
    let mut again: Bench = Bench::open(config(1 << 20, BATCH), bench.files);
    assert_eq!(again.deliver_all(), [1]);
}

#[test]
fn a_full_log_holds_as_much_as_it_may_and_has_room_again_when_it_is_emptied() {
    let mut bench: Bench = Bench::open(config(16_384, BATCH), Files::new());
    for round in 0..20 {
        let mut stored = 0;
        while bench.wal.room(Some(100)) > 0 {
            bench.store_all([round * 1000 + stored], 100);
            stored += 1;
            assert!(stored < 1000, "a full log has no room");
        }
        // A record has 38 bytes beside its 100 and 24 for its acknowledgement; a header 61.
        let record = 100 + 38 + 24;
        let most = (16_384 - 2048 - 61) / record;
        assert!((most - 14..=most).contains(&stored), "{stored} events of {most} in round {round}");
        assert!(bench.files.size() <= 16_384);
        for (_, id) in std::iter::from_fn(|| bench.deliver()).collect::<Vec<_>>() {
            bench.wal.answer(id, Answer::Ack);
        }
        bench.settle();
        assert!(bench.files.names().len() <= 2, "{:?}", bench.files.names());
    }
}

#[test]
fn an_event_that_fits_into_no_segment_is_refused_and_one_byte_less_is_kept() {
    let mut bench: Bench = Bench::open(config(16_384, BATCH), Files::new());
    let header = 8 + 1 + 2 + 8 + 8 + 8 + 12 + "mainlog01".len() as u64 + 4 + 1 + 12;
    let most = 2048 - header - 38 - 24;
    assert_eq!(bench.store(0, most as usize + 1), Stored::TooLarge { bytes: most + 1 });
    assert_eq!((bench.wal.counts().taken, bench.wal.counts().pending), (0, 0));
    assert!(bench.wal.room(Some(most + 1)) > 0, "some event may be shorter");
    bench.store_all([1], most as usize);
    assert_eq!(bench.deliver_all(), [1]);
}

#[test]
fn max_elements_holds_and_results_that_do_not_fit_are_parked() {
    let mut config = config(1 << 20, BATCH);
    config.wal.max_elements = Some(3);
    let mut bench: Bench = Bench::open(config, Files::new());
    for number in 0..5 {
        assert_eq!(bench.store(number, 40), Stored::Kept);
    }
    let counts = bench.wal.counts();
    assert_eq!((counts.pending, counts.parked, bench.wal.room(None)), (3, 2, 0));
    bench.settle();
    assert_eq!((bench.answers(), bench.wal.kept()), (vec![0, 1, 2], 3));
    let (_, id) = bench.deliver().expect("the first");
    bench.wal.answer(id, Answer::Ack);
    bench.settle();
    assert_eq!((bench.answers(), bench.wal.counts().parked), (vec![3], 1));
    let parking = Ask::parking(false);
    assert_eq!((bench.wal.room_for(parking, None), bench.wal.room(None)), (0, 0));
}

#[test]
fn with_lowered_limits_a_log_delivers_all_and_takes_nothing_until_it_fits() {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all(0..1000, 500);
    let mut config = config(16_384, BATCH);
    config.wal.max_elements = Some(5);
    let mut bench: Bench = Bench::open(config, bench.files);
    assert_eq!((bench.wal.counts().recovered, bench.wal.room(Some(40))), (1000, 0));
    let mut went = 0;
    while bench.wal.room(Some(40)) == 0 {
        let (number, id) = bench.deliver().expect("a log without room has events");
        assert_eq!(number, went);
        went += 1;
        bench.wal.answer(id, Answer::Ack);
        bench.settle();
    }
    assert!((980..1000).contains(&went), "{went}");
    assert!(bench.files.size() <= 16_384, "{}", bench.files.size());
    bench.store_all([1000], 40);
    assert_eq!(bench.deliver_all(), (went..=1000).collect::<Vec<_>>());
}

#[test]
fn one_stuck_event_pins_no_segment_while_100_000_pass() {
    let mut bench: Bench = Bench::open(config(65_536, BATCH), Files::new());
    bench.store_all([0], 100);
    let (_, stuck) = bench.deliver().expect("it is there");
    let mut most = 0;
    let mut number = 0;
    let mut steps = 0;
    while number < 100_000 || bench.wal.counts().pending > 1 {
        steps += 1;
        assert!(steps < 100_000, "events pass no more: {number}, {:?}", bench.files.names());
        while number < 100_000 && bench.wal.room(Some(100)) > 0 {
            number += 1;
            assert_eq!(bench.store(number, 100), Stored::Kept);
        }
        bench.step(usize::MAX);
        bench.answers();
        while let Some((_, id)) = bench.deliver() {
            bench.wal.answer(id, Answer::Ack);
        }
        most = most.max(bench.files.size());
    }
    bench.settle();
    assert!(most <= 65_536, "{most} bytes");
    assert!(bench.files.names().len() <= 6, "{:?}", bench.files.names());
    let mut again: Bench = Bench::open(config(65_536, BATCH), bench.files.clone());
    assert_eq!(again.deliver_all(), [0]);
    bench.wal.answer(stuck, Answer::Ack);
    bench.settle();
    assert_eq!(Bench::<()>::open(config(65_536, BATCH), bench.files).wal.counts().recovered, 0);
}

#[test]
fn a_source_goes_on_although_all_segments_but_the_newest_are_gone() {
    let mut files = Files::new();
    for run in 0..5 {
        let mut bench: Bench = Bench::open(config(1 << 20, BATCH), files);
        assert_eq!(bench.wal.resumed(SOURCE), (run > 0).then_some(run * 100 + 9));
        bench.store_all(run * 100 + 100..run * 100 + 110, 40);
        for (_, id) in std::iter::from_fn(|| bench.deliver()).collect::<Vec<_>>() {
            bench.wal.answer(id, Answer::Ack);
        }
        bench.wal.close();
        bench.settle();
        assert!(bench.wal.is_closed());
        let records = bench.files.names().iter().filter(|name| name.ends_with(".wal")).count();
        assert_eq!((records, bench.wal.resumed(SOURCE)), (1, Some(run * 100 + 109)));
        files = bench.files;
    }
}

#[track_caller]
fn check_refused(change: impl FnOnce(&mut DiskWalConfig, &mut Files), expected: &[&str]) {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all(0..3, 40);
    let (mut config, mut files) = (config(1 << 20, BATCH), bench.files);
    change(&mut config, &mut files);
    let before = files.names();
    let mut bench: Bench = Bench::open(config, files);
    let why = bench.wal.failure().expect("it is refused");
    assert!(expected.iter().all(|part| why.contains(part)), "{why}");
    assert_eq!((bench.next(), bench.wal.room(None), bench.wal.is_open()), (None, 0, false));
    assert_eq!(bench.files.names(), before, "nothing is changed");
    assert!(bench.wal.is_closed());
    bench.settle();
}

#[test]
fn a_log_of_another_one_or_of_a_newer_build_is_refused() {
    let ours = ["`log/01`", "belongs to `pipeline.main.log`, instance `01`", "help: "];
    check_refused(|config, _| config.pipeline = "other", &ours);
    check_refused(|config, _| config.operator = "other", &ours);
    check_refused(|config, _| config.instance = "02".to_owned(), &ours);
    let newer = |_: &mut DiskWalConfig, files: &mut Files| {
        let len = 3_u32.to_le_bytes();
        let body = [1, 2, 0];
        let crc = crc32c::crc32c_append(crc32c::crc32c(&len), &body).to_le_bytes();
        files.put("0000000009.wal", &[&len[..], &crc, &body].concat());
    };
    check_refused(newer, &["format 2", "newer build", "help: "]);
    check_refused(|_, files| files.faults.is_locked = true, &["in use by another process", "help: "]);
    check_refused(|_, files| files.faults.one_of = 1, &["cannot open the directory", "the disk has trouble"]);
}

#[test]
fn missing_empty_and_strange_files_are_legal() {
    let mut bench: Bench = Bench::open(config(16_384, BATCH), Files::new());
    bench.store_all(0..50, 200);
    let mut files = bench.files;
    assert!(files.names().len() > 4, "{:?}", files.names());
    let lost: Vec<u64> = {
        let read = |name: &str| Ok::<_, ()>(files.read(name).to_vec());
        let found = recover(&["0000000002.wal"], read).expect("it reads");
        found.live.iter().map(|record| number(&record.payload)).collect()
    };
    assert!(lost.len() > 3);
    files.remove("0000000002.wal");
    files.put("0000000077.acks", b"");
    files.put("0000000078.wal", b"");
    files.put("lock", b"1");
    files.put("notes.txt", b"not ours");
    files.put("1.wal", b"not ours");
    // Numbers begin with 1, and no log lives so long that it comes to that one.
    files.put("0000000000.wal", b"not ours");
    files.put("18446744073709551615.wal", b"not ours");
    let mut bench: Bench = Bench::open(config(16_384, BATCH), files);
    assert_eq!(bench.wal.failure(), None);
    assert_eq!(bench.deliver_all(), (0..50).filter(|number| !lost.contains(number)).collect::<Vec<_>>());
    bench.files.remove("0000000001.wal");
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), bench.files);
    bench.store_all([100], 40);
    assert!(bench.files.names().contains(&"0000000080.wal".to_owned()), "{:?}", bench.files.names());
}

#[test]
fn a_segment_with_something_broken_is_kept_aside_when_nothing_in_it_is_live() {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all(0..9, 40);
    let mut files = bench.files;
    let mut bytes = files.read("0000000001.wal").to_vec();
    let at = bytes.windows(8).position(|part| part == b"{\"n\":4,\"").expect("it is there");
    bytes[at + 3] ^= 1;
    files.put("0000000001.wal", &bytes);
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), files);
    let found = bench.recover();
    assert_eq!((found.segments[&1].broken.len(), found.segments[&1].records), (1, 8));
    bench.store_all([100], 40);
    let out: Vec<(u64, EventId)> = std::iter::from_fn(|| bench.deliver()).collect();
    assert_eq!(out.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [0, 1, 2, 3, 5, 6, 7, 8, 100]);
    out.iter().for_each(|(_, id)| assert_eq!(bench.wal.answer(*id, Answer::Ack), None));
    bench.settle();
    assert_eq!(bench.files.names(), ["0000000001.broken", "0000000002.acks", "0000000002.wal"]);
    assert_eq!(bench.files.read("0000000001.broken"), bytes);
}

/// Reads events of an even number only.
#[derive(Debug, Default)]
struct Even(u64);

impl Recover for Even {
    fn recover(&mut self, payload: &[u8]) -> Result<(), String> {
        self.0 = number(payload);
        if self.0.is_multiple_of(2) { Ok(()) } else { Err(format!("{} is odd", self.0)) }
    }
}

#[test]
fn recovered_events_whose_shape_does_not_fit_are_told_and_kept_aside_before_they_are_acknowledged() {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all(0..4, 40);
    let mut bench: Bench<Even> = Bench::open(config(1 << 20, BATCH), bench.files);
    let mut ids = Vec::new();
    for number in 0..4 {
        assert_eq!(bench.next(), Some(false));
        let lent = bench.lend();
        let odd = (number % 2 == 1).then(|| format!("{number} is odd"));
        assert_eq!((lent.kept().0, lent.unfit().map(str::to_owned)), (number, odd));
        ids.push(lent.head.tag);
        bench.wal.hand_back(lent, Handed::ONE);
    }
    said(&mut bench);
    ids.iter().for_each(|id| assert_eq!(bench.wal.answer(*id, Answer::Ack), None));
    bench.settle();
    let expected = "append unfit.jsonl, sync unfit.jsonl, sync directory, append 0000000001.acks";
    assert_eq!(said(&mut bench), expected);
    let lines =
        [payload(1, 40), payload(3, 40)].map(|line| String::from_utf8(line).expect("text")).join("\n");
    assert_eq!(bench.files.read("unfit.jsonl"), format!("{lines}\n").as_bytes());
    assert_eq!(bench.store(10, 40), Stored::Kept);
    bench.settle();
    assert_eq!(bench.answers(), [10]);
    let lent = bench.lend();
    assert_eq!(lent.unfit(), None, "a slot forgets that what it held did not fit");
    bench.wal.hand_back(lent, Handed::ONE);
}

#[test]
fn what_does_not_fit_while_other_such_events_are_being_kept_aside_is_kept_aside_too() {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all([1, 3, 5], 40);
    let mut bench: Bench<Even> = Bench::open(config(1 << 20, BATCH), bench.files);
    let ids: Vec<EventId> = (0..3)
        .map(|_| {
            let lent = bench.lend();
            let id = lent.head.tag;
            bench.wal.hand_back(lent, Handed::ONE);
            id
        })
        .collect();
    for id in ids {
        assert_eq!(bench.wal.answer(id, Answer::Ack), None);
        // It is asked for, and not yet done, when the next one comes.
        bench.wal.flush(bench.now);
    }
    bench.settle();
    let lines = [1, 3, 5].map(|number| String::from_utf8(payload(number, 40)).expect("text") + "\n").concat();
    assert_eq!(bench.files.read("unfit.jsonl"), lines.as_bytes());
}

#[test]
fn what_is_acknowledged_after_the_end_is_written_too() {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all(0..2, 40);
    let (_, id) = bench.deliver().expect("the first");
    bench.wal.close();
    bench.settle();
    assert!(bench.wal.is_closed());
    bench.wal.answer(id, Answer::Ack);
    bench.wal.flush(bench.now);
    assert!(!bench.wal.is_closed());
    bench.settle();
    assert!(bench.wal.is_closed() && bench.files.is_safe());
    let mut again: Bench = Bench::open(config(1 << 20, BATCH), bench.files);
    assert_eq!(again.deliver_all(), [1]);
}

#[test]
fn behind_a_failed_sync_of_acknowledgements_they_are_written_again_before_their_records_go() {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all(0..3, 40);
    let (_, id) = bench.deliver().expect("the first");
    bench.wal.answer(id, Answer::Ack);
    bench.settle();
    bench.files.fail_syncs = 1;
    bench.wait(1000);
    said(&mut bench);
    bench.wait(100);
    let said = said(&mut bench);
    let at = |word: &str| said.find(word).unwrap_or_else(|| panic!("no `{word}` in {said}"));
    assert!(at("append 0000000001.acks") < at("sync 0000000001.acks"), "{said}");
    assert!(at("sync 0000000001.acks") < at("remove 0000000001.wal"), "{said}");
}
