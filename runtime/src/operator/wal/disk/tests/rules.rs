//! Single rules of the log on disk, told as stories: limits, failures, foreign logs, damage, events that do not fit.

use super::*;

#[test]
fn nothing_is_acknowledged_or_handed_on_before_its_sync() {
    let mut bench: Bench = Bench::open(config(1 << 20, BATCH), Files::new());
    assert_eq!(bench.store(0, 40), Stored::Kept);
    for most in 0..3 {
        bench.wal.flush(bench.now);
        let requests = bench.wal.storage().requests.clone();
        let said = bench.files.clone().carry_out(&requests, most, &mut dice(0)).len();
        assert_eq!((said, bench.wal.next(), bench.answers()), (most, None, vec![]));
    }
    bench.exchange(usize::MAX);
    assert_eq!((bench.wal.next(), bench.answers()), (None, vec![]));
    bench.wal.advance(bench.now);
    assert_eq!((bench.answers(), bench.wal.next()), (vec![0], Some(false)));
    assert_eq!((bench.wal.kept(), bench.wal.resumed(SOURCE), bench.wal.resumed(8)), (1, Some(0), None));
}
