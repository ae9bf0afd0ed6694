//! The log on disk, over files in memory: what it keeps, hands on and answers, whatever happens to them.

mod bytes;
mod damage;
mod files;
mod measures;
mod model;
mod rules;
mod trouble;

use files::Files;

use super::*;
use crate::core::{FileRequest, Random};
use crate::operator::wal::journal::{Recovered, recover};

/// A log and its directory, in virtual time.
struct Bench<K: Recover = ()> {
    wal: DiskWal<u64, K>,
    files: Files,
    dice: Random,
    now: Time,
    /// Taken from the log, and not carried out.
    requests: Vec<FileRequest>,
}

fn config(max_bytes: u64, sync: SyncMode) -> DiskWalConfig {
    DiskWalConfig {
        wal: WalConfig { read_count: 20, max_elements: None, max_bytes: Some(max_bytes) },
        directory: "log/01".to_owned(),
        pipeline: "main",
        operator: "log",
        instance: "01".to_owned(),
        sync,
    }
}

const BATCH: SyncMode = SyncMode::Batch;
const SOURCE: u32 = 7;

fn dice(seed: u64) -> Random {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    Random::from_seed(bytes)
}

/// The payload of an event: tells it from all others.
fn payload(number: u64, len: usize) -> Vec<u8> {
    let mut text = format!("{{\"n\":{number},\"x\":\"");
    while text.len() + 2 < len {
        text.push(char::from(b'a' + (text.len() as u64 + number) as u8 % 26));
    }
    text.push_str("\"}");
    text.into_bytes()
}

fn number(payload: &[u8]) -> u64 {
    let text = std::str::from_utf8(payload).expect("payloads are texts");
    let number = text["{\"n\":".len()..].split(',').next().expect("a number").parse().expect("a number");
    assert_eq!(payload, self::payload(number, payload.len()), "the payload of {number} is whole");
    number
}

impl<K: Recover> Bench<K> {
    fn new(config: DiskWalConfig, files: Files) -> Bench<K> {
        Bench { wal: DiskWal::new(config), files, dice: dice(1), now: Time::ZERO, requests: Vec::new() }
    }

    /// A log over these files, when everything is settled.
    fn open(config: DiskWalConfig, files: Files) -> Bench<K> {
        let mut bench = Bench::new(config, files);
        bench.settle();
        bench
    }

    /// A step of the machine: requests are carried out as far as `most` says.
    fn step(&mut self, most: usize) {
        self.wal.advance(self.now);
        self.exchange(most);
        self.wal.flush(self.now);
    }

    fn exchange(&mut self, most: usize) {
        self.requests.append(&mut self.wal.storage().requests);
        let requests = std::mem::take(&mut self.requests);
        let replies = self.files.carry_out(&requests, most, &mut self.dice);
        if replies.len() == requests.len() {
            self.wal.storage().replies.extend(replies);
        }
    }

    /// Steps until there is nothing more to do now.
    fn settle(&mut self) {
        for _ in 0..10_000 {
            self.step(usize::MAX);
            if self.wal.storage().requests.is_empty() && self.wal.storage().replies.is_empty() {
                return;
            }
        }
        panic!("the log makes requests for ever: {:?}", &self.files.said[self.files.said.len() - 20..]);
    }

    fn wait(&mut self, ms: u64) {
        self.now = self.now.plus_ms(ms);
        self.settle();
    }

    /// What the function over bytes finds in the files.
    fn recover(&self) -> Recovered {
        let read = |name: &str| Ok::<_, ()>(self.files.read(name).to_vec());
        recover(&self.files.names(), read).expect("it reads")
    }

    fn store(&mut self, number: u64, len: usize) -> Stored {
        let origin = Some(Origin { source: SOURCE, id: number });
        let head = Head { tag: number, ingest_ns: 1000 + number, suspect: false };
        self.wal.store(head, origin, |out, _| out.extend_from_slice(&payload(number, len)))
    }

    fn answers(&mut self) -> Vec<u64> {
        std::iter::from_fn(|| self.wal.next_answer()).map(|(tag, _)| tag).collect()
    }

    /// Delivers the next event: its number and the name of the delivery.
    fn deliver(&mut self) -> Option<(u64, EventId)> {
        self.next()?;
        let lent = self.lend();
        let (number, id) = (number(lent.payload()), lent.head.tag);
        assert_eq!(lent.head.ingest_ns, 1000 + number);
        self.wal.hand_back(lent, Handed::ONE);
        Some((number, id))
    }

    /// Whether an event is up, and then whether it is a suspect.
    fn next(&self) -> Option<bool> {
        self.wal.next().map(Next::is_suspect)
    }

    fn lend(&mut self) -> DiskLent<u64, K> {
        let next = self.wal.next().expect("one is up");
        self.wal.lend(next)
    }

    fn deliver_all(&mut self) -> Vec<u64> {
        std::iter::from_fn(|| self.deliver()).map(|(number, _)| number).collect()
    }

    /// Stores events of so many bytes, and sees to it that they are kept.
    fn store_all(&mut self, numbers: impl IntoIterator<Item = u64>, len: usize) {
        for number in numbers {
            assert_eq!(self.store(number, len), Stored::Kept);
            self.settle();
        }
        self.answers();
    }
}
