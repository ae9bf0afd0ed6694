//! Damage to single bytes: the log is cut and changed everywhere, and gives exactly what is whole.

use super::*;

/// A log of `count` events, the odd ones of the first ten acknowledged; its files.
fn written(count: u64) -> Files {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    bench.store_all(0..count, 40);
    for _ in 0..10 {
        let (number, id) = bench.deliver().expect("there are ten");
        if number % 2 == 1 {
            assert_eq!(bench.wal.answer(id, Answer::Ack), None);
        }
    }
    bench.settle();
    bench.wal.close();
    bench.settle();
    assert!(bench.wal.is_closed());
    bench.files
}

fn kept(count: u64) -> Vec<u64> {
    (0..count).filter(|number| *number >= 10 || number % 2 == 0).collect()
}

const RECORDS: &str = "0000000001.wal";

/// Where the records of a file begin, and its end.
fn places(bytes: &[u8]) -> Vec<usize> {
    let mut places = vec![0];
    while let Some(head) = bytes[*places.last().expect("there is one")..].first_chunk::<4>() {
        places.push(places.last().expect("there is one") + 8 + u32::from_le_bytes(*head) as usize);
    }
    places.remove(0);
    places
}

/// Opens a log of whose file of records this is left: these events come, in order; and it goes on.
#[track_caller]
fn check(files: &Files, bytes: &[u8], expected: &[u64], what: &str) {
    let mut files = files.clone();
    files.put(RECORDS, bytes);
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), files);
    assert_eq!(bench.wal.failure(), None, "{what}");
    assert_eq!(bench.wal.counts().recovered, expected.len() as u64, "{what}");
    assert_eq!(bench.deliver_all(), expected, "{what}");
    assert_eq!(bench.store(100, 40), Stored::Kept);
    bench.settle();
    assert_eq!(bench.answers(), [100]);
    let files = bench.files;
    let mut again: Bench = Bench::open(config(1 << 20, BATCH), files);
    let all: Vec<u64> = expected.iter().copied().chain([100]).collect();
    assert_eq!(again.deliver_all(), all, "{what}");
}

#[test]
fn cut_at_every_byte_of_its_last_two_records_the_log_recovers_exactly_the_right_events() {
    let files = written(20);
    let whole = files.read(RECORDS).to_vec();
    let places = places(&whole);
    assert_eq!((places.len(), *places.last().expect("its end")), (21, whole.len()));
    for cut in places[18]..=whole.len() {
        let records = places.iter().filter(|place| **place <= cut).count() as u64 - 1;
        check(&files, &whole[..cut], &kept(records), &format!("cut at {cut}"));
        let mut zeros = whole[..cut].to_vec();
        zeros.resize(whole.len() + 100, 0);
        check(&files, &zeros, &kept(records), &format!("zeros from {cut} on"));
    }
}

#[test]
fn with_any_bit_of_a_record_flipped_the_log_recovers_exactly_the_other_events() {
    let files = written(20);
    let whole = files.read(RECORDS).to_vec();
    let places = places(&whole);
    for nth in [12, 19] {
        let expected: Vec<u64> = kept(20).into_iter().filter(|number| *number != nth).collect();
        for bit in 8 * places[nth as usize]..8 * places[nth as usize + 1] {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let what = format!("bit {bit} of record {nth}");
            check(&files, &bytes, &expected, &what);
            check_lost(&files, &bytes, u64::from(nth == 12), &what);
        }
    }
}

/// So many events are counted as lost, or, of the last one of a file, none too: an end may be torn.
#[track_caller]
fn check_lost(files: &Files, bytes: &[u8], at_least: u64, what: &str) {
    let mut files = files.clone();
    files.put(RECORDS, bytes);
    let bench: Bench = Bench::open(config(1 << 20, BATCH), files);
    let found = bench.recover().segments.remove(&1).expect("it is there");
    let lost = bench.wal.counts().broken_events;
    assert_eq!((lost, found.broken.len() as u64), (u64::from(found.torn == 0), lost), "{what}");
    assert!(lost >= at_least, "{what}");
}

#[test]
fn acknowledgements_go_on_behind_any_cut() {
    let files = written(20);
    let acks = files.read("0000000001.acks").to_vec();
    assert!(acks.len() > 15);
    for cut in 0..=acks.len() {
        let mut files = files.clone();
        files.put("0000000001.acks", &acks[..cut]);
        for _ in 0..4 {
            let mut bench: Bench = Bench::open(config(1 << 20, BATCH), files);
            let all: Vec<(u64, EventId)> = std::iter::from_fn(|| bench.deliver()).collect();
            let (now, later) = all.split_at(all.len() / 2);
            now.iter().for_each(|(_, id)| assert_eq!(bench.wal.answer(*id, Answer::Ack), None));
            bench.settle();
            let mut again: Bench = Bench::open(config(1 << 20, BATCH), bench.files);
            let expected: Vec<u64> = later.iter().map(|(number, _)| *number).collect();
            assert_eq!(again.deliver_all(), expected, "cut at {cut}");
            assert!(again.recover().segments[&1].broken_acks.is_empty());
            // The next one dies as it writes, too.
            files = again.files;
            let mut acks = files.read("0000000001.acks").to_vec();
            acks.extend_from_slice(&[5, 0, 0, 0, 97, 229, 10, 157, 3, 92]);
            files.put("0000000001.acks", &acks);
        }
    }
}

#[test]
fn what_is_no_log_at_all_is_read_through_at_once() {
    // Each byte of it might begin a frame: of 16 MiB, and of a kind that there is.
    let len = u32::from_le_bytes([1; 4]) as usize + 500_000;
    let mut files = written(20);
    files.put("0000000002.wal", &vec![1; len]);
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), files);
    assert_eq!(bench.wal.failure(), None);
    assert_eq!(bench.deliver_all(), kept(20));
}

#[test]
fn files_with_numbers_of_no_segment_are_left_alone() {
    let mut files = written(20);
    let records = files.read(RECORDS).to_vec();
    let strangers = ["0000000000.wal", "0000000000.acks", "18446744073709551615.wal"];
    for name in strangers {
        files.put(name, &records);
    }
    check(&files, &records, &kept(20), "beside strangers");
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), files);
    while let Some((_, id)) = bench.deliver() {
        assert_eq!(bench.wal.answer(id, Answer::Ack), None);
    }
    bench.store_all(20..30, 40);
    bench.settle();
    assert!(strangers.iter().all(|name| bench.files.read(name) == records));
}

#[test]
fn heads_that_each_claim_all_that_follows_are_read_through_at_once() {
    // Each looks like the begin of a record; to checksum what all of them claim would take many gigabytes.
    let len = 4 << 20;
    let mut bytes = written(20).read(RECORDS).to_vec();
    let whole = bytes.len();
    while bytes.len() < len {
        let claimed = (len - bytes.len() - 8) as u32;
        bytes.extend_from_slice(&claimed.to_le_bytes());
        bytes.extend_from_slice(&[0xff; 4]);
        bytes.extend_from_slice(&[2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        bytes.push(b'{');
    }
    bytes.truncate(len - 1);
    bytes.push(b'}');
    let crafted = (bytes.len() - whole) as u64;
    let mut files = written(20);
    let header = places(files.read(RECORDS))[0];
    let record = files.read(RECORDS)[header..places(files.read(RECORDS))[1]].to_vec();
    bytes.extend_from_slice(&record);
    files.put(RECORDS, &bytes);
    let mut bench: Bench = Bench::open(config(64 << 20, BATCH), files);
    assert_eq!(bench.wal.failure(), None);
    assert_eq!(bench.recover().segments[&1].broken.iter().map(|stretch| stretch.len).sum::<u64>(), crafted);
    assert_eq!(bench.deliver_all(), kept(20), "the first record is there twice, and comes once");
}

#[test]
fn a_log_that_names_numbers_to_which_none_counts_is_refused() {
    for name in ["9223372036854775807.wal", "4611686018427387904.acks", "4611686018427387904.broken"] {
        let mut files = written(20);
        files.put(name, b"");
        let bench: Bench = Bench::open(config(1 << 20, BATCH), files);
        let failure = bench.wal.failure().unwrap_or_default();
        assert!(failure.contains("names numbers to which no log counts"), "{name}: {failure}");
        assert!(failure.contains("help: "), "{name}: {failure}");
    }
}
