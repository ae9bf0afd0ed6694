//! What is lost with what is broken on the disk is counted: never less than it is, nothing where nothing is lost.

use std::collections::BTreeSet;

use super::*;

/// What a log that is opened over these files counts as broken: places and events. The function over bytes agrees.
#[track_caller]
fn check(max_bytes: u64, files: &Files, expected: (u64, u64)) -> Vec<String> {
    let bench: Bench = Bench::open(config(max_bytes, BATCH), files.clone());
    let counts = bench.wal.counts();
    let found = bench.recover();
    let sum = |of: fn(&crate::operator::SegmentFound) -> u64| found.segments.values().map(of).sum::<u64>();
    assert_eq!((counts.broken, counts.broken_events), expected);
    assert_eq!(sum(crate::operator::SegmentFound::broken_parts), expected.0);
    assert_eq!(sum(crate::operator::SegmentFound::broken_bytes), counts.broken_bytes);
    assert_eq!(sum(crate::operator::SegmentFound::broken_events), expected.1);
    found.segments.values().flat_map(|found| &found.broken).map(|damage| damage.missing_in_words()).collect()
}

/// Where the payload of this event is in a file.
fn place(files: &Files, name: &str, number: u64) -> usize {
    let text = format!("{{\"n\":{number},\"");
    files.read(name).windows(text.len()).position(|part| part == text.as_bytes()).expect("it is there")
}

fn change(files: &mut Files, name: &str, change: impl FnOnce(&mut [u8])) {
    let mut bytes = files.read(name).to_vec();
    change(&mut bytes);
    files.put(name, &bytes);
}

/// A log in which nothing was removed, with a segment in the middle of which nobody was told anything but that it is stored.
fn stored(count: u64) -> Files {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all(0..count, 100);
    bench.files
}

const FIRST: &str = "0000000001.wal";

#[test]
fn each_event_in_a_broken_record_is_counted_and_its_number_told() {
    let mut files = stored(20);
    check(1 << 20, &files, (0, 0));
    for (number, parts, events, missing) in
        [(4, 1, 1, &["5"][..]), (9, 2, 2, &["5", "10"]), (10, 2, 3, &["5", "10-11"])]
    {
        let at = place(&files, FIRST, number);
        change(&mut files, FIRST, |bytes| bytes[at + 9] ^= 1);
        assert_eq!(check(1 << 20, &files, (parts, events)), missing);
    }
    // The last one: what would follow it is not known, but that it is whole and broken is.
    let at = place(&files, FIRST, 19);
    change(&mut files, FIRST, |bytes| bytes[at + 9] ^= 1);
    assert_eq!(check(1 << 20, &files, (3, 4)), ["5", "10-11", "20"]);
}

#[test]
fn what_was_confirmed_is_not_lost_and_what_is_torn_neither() {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all(0..20, 100);
    for _ in 0..6 {
        let (_, id) = bench.deliver().expect("one is up");
        bench.wal.answer(id, Answer::Ack);
    }
    bench.wait(1000);
    let mut files = bench.files;
    for number in [2, 3, 5] {
        let at = place(&files, FIRST, number);
        change(&mut files, FIRST, |bytes| bytes[at + 9] ^= 1);
    }
    check(1 << 20, &files, (2, 0));
    // Beside one that is not confirmed: that one is lost.
    let at = place(&files, FIRST, 6);
    change(&mut files, FIRST, |bytes| bytes[at + 9] ^= 1);
    assert_eq!(check(1 << 20, &files, (2, 1))[1], "7");
    let whole = stored(20);
    for cut in [1, 30, 90, 200] {
        let mut files = whole.clone();
        let bytes = files.read(FIRST).to_vec();
        files.put(FIRST, &bytes[..bytes.len() - cut]);
        check(1 << 20, &files, (0, 0));
    }
}

#[test]
fn zeros_in_a_block_are_a_loss_only_where_they_had_been_safe() {
    let mut bench: Bench = Bench::open(config(32_768, BATCH), Files::new());
    bench.store_all(0..60, 100);
    let last = bench.files.names().into_iter().rfind(|name| name.ends_with(".wal")).expect("it is there");
    assert_ne!(last, FIRST);
    let zero = |bytes: &mut [u8]| bytes[512..1024].fill(0);
    let mut files = bench.files.clone();
    assert!(files.read(&last).len() > 1100, "{}", files.read(&last).len());
    change(&mut files, &last, zero);
    check(32_768, &files, (1, 0));
    let mut files = bench.files;
    change(&mut files, FIRST, zero);
    let mut again: Bench = Bench::open(config(32_768, BATCH), files);
    let (came, counted) = (again.deliver_all().len() as u64, again.wal.counts().broken_events);
    assert!((60 - came..25).contains(&counted) && came < 60, "{came} of 60 came, {counted} count as lost");
}

/// A log at work, with events that stay and are copied; then something in it breaks, and is counted.
#[test]
fn however_a_log_was_written_and_breaks_no_less_is_counted_than_is_lost() {
    let (mut lost_in_all, mut exact) = (0, 0);
    for seed in 0..300 {
        let mut dice = dice(seed);
        let mut bench: Bench = Bench::open(config(16_384, BATCH), Files::new());
        let mut open: Vec<(u64, EventId)> = Vec::new();
        let mut kept = BTreeSet::new();
        for number in 0..20 + dice.up_to(200) {
            let len = 40 + dice.up_to(100) as usize;
            if bench.wal.room(Some(len as u64)) == 0 {
                bench.wait(1000);
                continue;
            }
            assert_eq!(bench.store(number, len), Stored::Kept);
            bench.settle();
            kept.extend(bench.answers());
            open.extend(std::iter::from_fn(|| bench.deliver()));
            while open.len() > 10 {
                let (number, id) = open.swap_remove(dice.up_to(open.len() as u64 - 1) as usize);
                bench.wal.answer(id, Answer::Ack);
                kept.remove(&number);
            }
        }
        bench.wait(1000);
        let mut files = bench.files;
        let names: Vec<String> = files.names().into_iter().filter(|name| name.ends_with(".wal")).collect();
        for _ in 0..=dice.up_to(2) {
            let name = &names[dice.up_to(names.len() as u64 - 1) as usize];
            change(&mut files, name, |bytes| {
                let at = dice.up_to(bytes.len() as u64 - 1) as usize;
                let longest = if dice.up_to(2) == 0 { 200 } else { 0 };
                let len = 1 + dice.up_to(longest) as usize;
                bytes[at..].iter_mut().take(len).for_each(|byte| *byte ^= 0x41);
            });
        }
        let mut again: Bench = Bench::open(config(16_384, BATCH), files);
        let torn = again.recover().segments.values().any(|found| found.torn > 0);
        let came: BTreeSet<u64> = again.deliver_all().into_iter().collect();
        let (lost, counted) = (kept.difference(&came).count() as u64, again.wal.counts().broken_events);
        assert!(counted >= lost || torn, "seed {seed}: {lost} are lost, {counted} count as lost");
        lost_in_all += lost;
        exact += u64::from(counted == lost);
    }
    assert!(lost_in_all > 100 && exact > 150, "{lost_in_all} lost, {exact} times exactly that was counted");
}
