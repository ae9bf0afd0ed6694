//! The files of a log on disk, whatever is in them: what is found there is exactly what a plain reading of the format finds, no
//! event comes twice, none comes that is acknowledged, and the log goes on with what it has.

mod files;
mod reference;

use std::collections::BTreeSet;

use foreshock::core::{Answer, Handed, Head, Origin, Time};
use foreshock::operator::{DiskWal, DiskWalConfig, Recovered, Stored, SyncMode, WalConfig, recover};

use crate::Target;
use files::Files;

/// The files of a log.
pub const TARGET: Target = Target {
    name: "log",
    run,
    longest: 16 * 1024,
    words: &[
        b"\xe0\x00",
        b"\xe0\x01",
        b"\xe1\x00\x00",
        b"\xe1\x01\x00",
        b"\xe1\x01\x01",
        b"\xe1\x02\x00",
        b"\xe1\x02\x01",
        b"\xe2\x3f",
        b"{\"a\":1}",
        b"\"\"",
        b"\x01\x05\x00\x02{}",
        b"\x02\x01\x05\x01",
        b"\x00\x00\x01",
        b"\x00\x01\x01",
        b"\x09",
        b"\x06\x03",
        b"\x07\x11\x03",
    ],
};

const MAX_BYTES: u64 = 1 << 20;

/// The body of the target.
pub fn run(data: &[u8]) {
    let mut files = files::written(data);
    let expected = reference::read(&files);
    let found = found(&files);
    assert_eq!(reference::summary(&found), expected, "what is found is what is there");

    // As many as are acknowledged in the first run.
    let first_acked = usize::from(data.last().copied().unwrap_or_default());
    let refused = reference::is_refused(&files, &found, 0);
    let is_at_the_brink = reference::is_refused(&files, &found, 100) != refused;
    let mut log = Log::open(&mut files);
    assert_eq!(log.wal.failure().is_some(), refused, "{:?}", log.wal.failure());
    if refused {
        assert!(log.wal.failure().is_some_and(|why| why.contains("help: ")), "{:?}", log.wal.failure());
        return;
    }
    let live: Vec<Vec<u8>> = found.live.iter().map(|record| record.payload.clone()).collect();
    let mut left = log.run(&live, first_acked, &mut files);
    if is_at_the_brink {
        // The next run is refused.
        return;
    }
    for number in [1, 2] {
        let mut log = Log::open(&mut files);
        assert_eq!(log.wal.failure(), None, "run {number} goes on behind its own files");
        left = log.run(&left, usize::MAX, &mut files);
    }
    assert!(found_seqs(&files).is_empty() || !left.is_empty(), "all is acknowledged");
}

fn found(files: &Files) -> Recovered {
    recover(&files.names(), |name| Ok::<_, ()>(files.read(name).to_vec())).expect("all files can be read")
}

fn found_seqs(files: &Files) -> BTreeSet<u64> {
    found(files).live.iter().map(|record| record.seq).collect()
}

struct Log {
    wal: DiskWal<u32>,
    now: Time,
}

impl Log {
    fn open(files: &mut Files) -> Log {
        let wal = DiskWal::new(DiskWalConfig {
            wal: WalConfig { read_count: 20, max_elements: None, max_bytes: Some(MAX_BYTES) },
            directory: "log/01".to_owned(),
            pipeline: files::PIPELINE,
            operator: files::OPERATOR,
            instance: files::INSTANCE.to_owned(),
            sync: SyncMode::Batch,
        });
        let mut log = Log { wal, now: Time::ZERO };
        log.settle(files);
        log
    }

    /// Steps until there is nothing more to do.
    fn settle(&mut self, files: &mut Files) {
        for _ in 0..1000 {
            self.wal.advance(self.now);
            let was_asked = files.serve(self.wal.storage());
            self.wal.flush(self.now);
            if !was_asked && self.wal.storage().requests.is_empty() {
                return;
            }
        }
        panic!("the log makes requests for ever");
    }

    /// A run in which these events come, of which some are acknowledged, and one more is stored: what is left at its end.
    fn run(&mut self, expected: &[Vec<u8>], acked: usize, files: &mut Files) -> Vec<Vec<u8>> {
        let mut ids = Vec::new();
        while let Some(next) = self.wal.next() {
            let lent = self.wal.lend(next);
            let at = ids.len();
            assert!(at < expected.len(), "more comes than was found");
            assert_eq!(lent.payload(), expected[at], "the events come in their order, each once");
            ids.push(lent.head.tag);
            self.wal.hand_back(lent, Handed::ONE);
        }
        assert_eq!(ids.len(), expected.len(), "all that was found comes");
        let mut left = expected.to_vec();
        for id in ids.iter().take(acked) {
            assert_eq!(self.wal.answer(*id, Answer::Ack), None);
        }
        left.drain(..acked.min(expected.len()));
        self.settle(files);
        if acked < usize::MAX && self.wal.room(Some(16)) > 0 {
            let (head, origin) =
                (Head { tag: 7, ingest_ns: u64::MAX, suspect: false }, Origin { source: 1, id: 9 });
            let stored = self.wal.store(head, Some(origin), |out, ()| out.extend_from_slice(b"\"new\""));
            assert_eq!(stored, Stored::Kept);
            self.settle(files);
            assert_eq!(self.wal.next_answer(), Some((7, Answer::Ack)), "it is stored");
            left.push(b"\"new\"".to_vec());
        }
        self.wal.close();
        self.settle(files);
        assert!(self.wal.is_closed());
        left
    }
}
