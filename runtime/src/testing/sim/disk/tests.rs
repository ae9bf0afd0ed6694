//! The simulated disk: what it does when it is healthy, how it fails, and what a crash leaves.

use std::collections::BTreeSet;
use std::pin::pin;
use std::task::{Context, Waker};

use tokio::time::{Instant, timeout};

use super::*;
use crate::core::{FileDone, FileError, FileTrouble};
use crate::world::{Directory, World};

const HOUR: Duration = Duration::from_secs(3600);

fn append(file: &str, text: &str) -> FileRequest {
    FileRequest::Append { file: file.into(), bytes: text.into() }
}

fn read(file: &str) -> FileRequest {
    FileRequest::Read(file.into())
}

fn sync(file: &str) -> FileRequest {
    FileRequest::Sync(file.into())
}

fn remove(file: &str) -> FileRequest {
    FileRequest::Remove(file.into())
}

fn rename(from: &str, to: &str) -> FileRequest {
    FileRequest::Rename { from: from.into(), to: to.into() }
}

/// What the replies say, in short.
async fn all(directory: &mut SimDirectory, requests: impl Into<Vec<FileRequest>>) -> Vec<String> {
    let requests = requests.into();
    let count = requests.len();
    let replies = directory.carry_out(requests).await;
    assert_eq!(replies.len(), count, "each request has one reply");
    let words = |reply| match reply {
        Ok(FileDone::Opened(files)) => {
            let files: Vec<String> = files.iter().map(|(name, len)| format!("{name} {len}")).collect();
            files.join(", ")
        }
        Ok(FileDone::Read(bytes)) => String::from_utf8_lossy(&bytes).into_owned(),
        Ok(FileDone::Appended(_) | FileDone::Done) => "ok".to_owned(),
        Err(FileError { trouble: FileTrouble::Skipped, .. }) => "skipped".to_owned(),
        Err(FileError { trouble, text }) => format!("{trouble:?}: {text}"),
    };
    replies.into_iter().map(words).collect()
}

async fn check(directory: &mut SimDirectory, requests: impl Into<Vec<FileRequest>>, expected: &[&str]) {
    assert_eq!(all(directory, requests).await, expected);
}

/// What one request says; the one behind it is skipped exactly if that fails.
async fn one(directory: &mut SimDirectory, request: FileRequest) -> String {
    let mut replies = all(directory, [request.clone(), read("always")]).await;
    let failed = replies[0].starts_with("Failed: ") || replies[0].starts_with("Locked: ");
    assert_eq!(failed, replies[1] == "skipped", "{request:?}: {replies:?}");
    replies.remove(0)
}

/// A disk with an open directory, in which there is the file `always`.
async fn opened(seed: u64) -> (Sim, SimDirectory) {
    let sim = Sim::new(seed);
    sim.disk().write("wal", "always", "");
    let mut directory = sim.directory("wal");
    check(&mut directory, [FileRequest::Open], &["always 0"]).await;
    (sim, directory)
}

fn text(sim: &Sim, file: &str) -> Option<String> {
    sim.disk().read("wal", file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

#[tokio::test(start_paused = true)]
async fn requests_are_carried_out_in_their_order_and_each_is_answered() {
    let sim = Sim::new(1);
    let mut directory = sim.directory("./wal/01");
    check(&mut directory, [FileRequest::Open], &[""]).await;
    let requests = [
        append("b", "one "),
        append("a", "x"),
        append("b", "two"),
        read("b"),
        sync("b"),
        FileRequest::SyncDirectory,
        rename("b", "c"),
        append("c", "!"),
        read("c"),
        remove("a"),
        remove("a"),
        FileRequest::SyncDirectory,
        FileRequest::Open,
    ];
    let expected = ["ok", "ok", "ok", "one two", "ok", "ok", "ok", "ok", "one two!", "ok", "ok", "ok", "c 8"];
    check(&mut directory, requests, &expected).await;
    let replies = directory.carry_out(vec![append("c", "?")]).await;
    assert_eq!(replies, [Ok(FileDone::Appended(b"?".to_vec()))], "the buffer comes back");
    assert_eq!(sim.disk().list("wal/01/"), [("c".to_owned(), 9)]);
    assert_eq!(sim.disk().directories(), ["wal/01"]);
    assert_eq!((sim.disk().requests(), sim.disk().appended()), (15, 10));
}

#[tokio::test(start_paused = true)]
async fn it_refuses_what_a_real_one_refuses() {
    let (_sim, mut directory) = opened(1).await;
    check(&mut directory, [append("a", "1"), append("b", "2")], &["ok", "ok"]).await;
    for (request, reason) in [
        (read("x"), "Failed: cannot read \"wal/x\": entity not found"),
        (sync("x"), "Failed: cannot sync \"wal/x\": entity not found"),
        (rename("x", "y"), "Failed: cannot rename \"wal/x\" to \"y\": entity not found"),
        (rename("a", "b"), "Failed: cannot rename \"wal/a\" to \"b\": entity already exists"),
    ] {
        assert_eq!(one(&mut directory, request).await, reason);
    }
    let mut closed = Sim::new(1).directory("wal");
    for request in [read("a"), append("a", "1"), sync("a"), remove("a"), FileRequest::SyncDirectory] {
        let reply = one(&mut closed, request).await;
        assert!(reply.starts_with("Failed: ") && reply.ends_with("it is not open"), "{reply}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_directory_has_one_opener_until_that_is_dropped_or_crashes() {
    let (sim, first) = opened(1).await;
    let mut second = sim.directory("./wal");
    let reply = one(&mut second, FileRequest::Open).await;
    assert!(reply.starts_with("Locked: cannot open the directory \"wal\": another flow"), "{reply}");
    check(&mut sim.directory("other"), [FileRequest::Open], &[""]).await;
    drop(first);
    check(&mut second, [FileRequest::Open, FileRequest::Open], &["always 0", "always 0"]).await;
    sim.crash_disk(Crash::Process);
    check(&mut sim.directory("wal"), [FileRequest::Open], &["always 0"]).await;
}

#[tokio::test(start_paused = true)]
async fn each_request_takes_its_time_from_the_seed() {
    let times = async |seed, least, most| {
        let (sim, mut directory) = opened(seed).await;
        sim.disk().set_latency(Duration::from_millis(least), Duration::from_millis(most));
        let mut times = Vec::new();
        for _ in 0..20 {
            let started = Instant::now();
            check(&mut directory, [append("a", "1")], &["ok"]).await;
            times.push(started.elapsed().as_millis());
        }
        times
    };
    let slow = times(1, 100, 200).await;
    assert!(slow.iter().all(|time| (100..=201).contains(time)), "{slow:?}");
    assert!(BTreeSet::from_iter(&slow).len() > 10, "{slow:?}");
    assert_eq!(slow, times(1, 100, 200).await);
    assert_ne!(slow, times(2, 100, 200).await);
    assert_eq!(times(1, 0, 0).await, [0; 20]);
}

#[tokio::test(start_paused = true)]
async fn the_next_requests_of_a_kind_fail_and_no_others() {
    let requests = || {
        [FileRequest::Open, read("always"), append("a", "1"), sync("always")].into_iter().chain([
            rename("always", "b"),
            remove("a"),
            FileRequest::SyncDirectory,
        ])
    };
    for kind in RequestKind::ALL {
        for request in requests() {
            let (sim, mut directory) = opened(1).await;
            sim.disk().fail_next(kind, 2);
            let mut said = Vec::new();
            for _ in 0..3 {
                let reply = all(&mut directory, [request.clone()]).await.remove(0);
                said.push(reply.ends_with("Input/output error (simulated)"));
            }
            let expected = if RequestKind::of(&request) == kind { [true, true, false] } else { [false; 3] };
            assert_eq!(said, expected, "{kind:?}, {request:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_fails_for_good_does_so_until_it_is_healed() {
    let (sim, mut directory) = opened(1).await;
    check(&mut directory, [append("a", "0123")], &["ok"]).await;
    sim.disk().fail_all(RequestKind::Sync);
    for _ in 0..100 {
        assert!(one(&mut directory, sync("a")).await.starts_with("Failed: cannot sync \"wal/a\": Input"));
    }
    sim.disk().heal();
    check(&mut directory, [sync("a")], &["ok"]).await;

    sim.disk().limit_space(10);
    let said = one(&mut directory, append("b", "012345678")).await;
    assert_eq!(said, "Failed: cannot append 9 bytes to \"wal/b\": no storage space");
    assert_eq!(text(&sim, "b").as_deref(), Some("012345"), "what fits is there");
    check(&mut directory, [remove("b"), append("b", "012345")], &["ok", "ok"]).await;
    sim.disk().heal();
    check(&mut directory, [append("b", "6")], &["ok"]).await;

    sim.disk().set_read_only();
    check(&mut directory, [read("a")], &["0123"]).await;
    for request in [FileRequest::Open, append("a", "4"), sync("a"), rename("a", "c"), remove("a")] {
        let said = one(&mut directory, request).await;
        assert!(said.starts_with("Failed: ") && said.contains("read-only"), "{said}");
    }
    assert_eq!(text(&sim, "a").as_deref(), Some("0123"));
    sim.disk().heal();
    check(&mut directory, [FileRequest::Open, append("a", "4")], &["a 4, always 0, b 7", "ok"]).await;
}

#[tokio::test(start_paused = true)]
async fn an_append_that_fails_has_written_any_part() {
    let mut lengths = BTreeSet::new();
    for seed in 0..100 {
        let (sim, mut directory) = opened(seed).await;
        sim.disk().fail_next(RequestKind::Append, 1);
        one(&mut directory, append("a", "0123")).await;
        let left = text(&sim, "a").unwrap_or_default();
        assert!("0123".starts_with(&left), "{left}");
        lengths.insert(left.len());
    }
    assert_eq!(lengths, BTreeSet::from([0, 1, 2, 3, 4]));
}

#[tokio::test(start_paused = true)]
async fn a_directory_or_file_that_vanished_is_noticed_by_a_sync() {
    let (sim, mut directory) = opened(1).await;
    check(&mut directory, [append("a", "1"), sync("a")], &["ok", "ok"]).await;
    sim.disk().remove("wal", "a");
    check(&mut directory, [append("a", "2")], &["ok"]).await;
    assert!(one(&mut directory, sync("a")).await.starts_with("Failed: "));
    sim.disk().write("wal", "a", "other");
    assert!(one(&mut directory, sync("a")).await.ends_with("replaced by another one"));
    assert_eq!(text(&sim, "a").as_deref(), Some("other"));

    check(&mut directory, [FileRequest::Open, append("a", "1")], &["a 5, always 0", "ok"]).await;
    sim.disk().remove_directory("wal");
    check(&mut directory, [append("a", "2"), remove("b")], &["ok", "ok"]).await;
    for request in [sync("a"), append("b", "3"), read("a"), rename("a", "b"), FileRequest::SyncDirectory] {
        let said = one(&mut directory, request).await;
        assert!(said.starts_with("Failed: ") && said.ends_with("not found"), "{said}");
    }
    check(&mut directory, [FileRequest::Open, append("a", "1"), sync("a")], &["", "ok", "ok"]).await;
    assert!(one(&mut sim.directory("wal"), FileRequest::Open).await.starts_with("Locked: "));
}

#[tokio::test(start_paused = true)]
async fn tests_look_into_files_and_change_them() {
    let (sim, mut directory) = opened(1).await;
    check(&mut directory, [append("a", "abc")], &["ok"]).await;
    sim.disk().flip("wal", "a", 1, 5);
    check(&mut directory, [read("a")], &["aBc"]).await;
    sim.disk().write("./wal", "a", "xyz");
    sim.disk().write("else/where", "b", "1");
    assert_eq!(text(&sim, "a").as_deref(), Some("xyz"));
    assert_eq!(sim.disk().directories(), ["else/where", "wal"]);
    for _ in 0..20 {
        sim.crash_disk(Crash::Power);
    }
    assert_eq!(text(&sim, "a").as_deref(), Some("xyz"), "it is safe");
    sim.disk().remove("wal", "a");
    assert_eq!((text(&sim, "a"), sim.disk().list("nowhere")), (None, Vec::new()));
}

#[test]
#[should_panic(expected = "wal/a has no bit 0 of byte 3")]
fn a_bit_that_is_not_there_is_not_flipped() {
    let sim = Sim::new(1);
    sim.disk().write("wal", "a", "abc");
    sim.disk().flip("wal", "a", 3, 0);
}

mod crashes;
