//! The directory of a log, on the disk that is really there.

use std::os::unix::fs::symlink;
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Waker};

use super::*;
use crate::core::{FileError, FileTrouble};

/// A directory of the test's own, below the system's temporary one; removed at the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new() -> Temporary {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("foreshock-disk-{}-{number}", std::process::id()));
        fs::create_dir(&path).expect("it can be made");
        Temporary(path)
    }

    /// The path of the log's directory, two levels below.
    fn log(&self) -> PathBuf {
        self.0.join("wal").join("01")
    }

    fn directory(&self) -> RealDirectory {
        RealDirectory::new(self.log().to_str().expect("it is text"))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn append(file: &str, bytes: &[u8]) -> FileRequest {
    FileRequest::Append { file: file.into(), bytes: bytes.to_vec() }
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

/// What the replies say, in short: `ok`, files with their lengths, the text that was read, the error.
async fn all(directory: &mut RealDirectory, requests: Vec<FileRequest>) -> Vec<String> {
    let count = requests.len();
    let replies = directory.carry_out(requests).await;
    assert_eq!(replies.len(), count, "each request has one reply");
    let words = |reply| match reply {
        Ok(FileDone::Opened(files)) => {
            let files: Vec<String> = files.iter().map(|(name, len)| format!("{name} {len}")).collect();
            files.join(", ")
        }
        Ok(FileDone::Read(bytes)) => String::from_utf8(bytes).expect("it is text"),
        Ok(FileDone::Appended(_) | FileDone::Done) => "ok".to_owned(),
        Err(FileError { trouble: FileTrouble::Skipped, .. }) => "skipped".to_owned(),
        Err(FileError { trouble, text }) => format!("{trouble:?}: {text}"),
    };
    replies.into_iter().map(words).collect()
}

async fn check(directory: &mut RealDirectory, requests: Vec<FileRequest>, expected: &[&str]) {
    assert_eq!(all(directory, requests).await, expected);
}

/// One request fails with words that have these parts.
async fn check_failure(directory: &mut RealDirectory, request: FileRequest, parts: &[&str]) {
    let replies = all(directory, vec![request.clone(), FileRequest::SyncDirectory]).await;
    for part in parts {
        assert!(replies[0].contains(part), "{request:?}: no `{part}` in {}", replies[0]);
    }
    assert_eq!(replies[1], "skipped", "{request:?}");
}

#[tokio::test]
async fn requests_are_carried_out_in_their_order_and_each_is_answered() {
    let temporary = Temporary::new();
    let mut directory = temporary.directory();
    check(&mut directory, vec![FileRequest::Open], &[""]).await;
    let requests = vec![
        append("b", b"one "),
        append("a", b"x"),
        append("b", b"two"),
        read("b"),
        sync("b"),
        FileRequest::SyncDirectory,
        rename("b", "c"),
        append("c", b"!"),
        read("c"),
        remove("a"),
        remove("a"),
        FileRequest::SyncDirectory,
    ];
    let expected = ["ok", "ok", "ok", "one two", "ok", "ok", "ok", "ok", "one two!", "ok", "ok", "ok"];
    check(&mut directory, requests, &expected).await;
    fs::create_dir(temporary.log().join("d")).expect("it can be made");
    fs::write(temporary.log().join("0"), "12345").expect("it can be written");
    check(&mut directory, vec![FileRequest::Open], &["0 5, c 8"]).await;
    check(&mut directory, vec![append("c", b"?"), read("c"), sync("0")], &["ok", "one two!?", "ok"]).await;
}

#[tokio::test]
async fn the_buffer_of_an_append_comes_back() {
    let temporary = Temporary::new();
    let mut directory = temporary.directory();
    let replies = directory.carry_out(vec![FileRequest::Open, append("a", b"text")]).await;
    assert_eq!(replies[1], Ok(FileDone::Appended(b"text".to_vec())));
}

#[tokio::test]
async fn behind_a_failure_nothing_is_tried() {
    let temporary = Temporary::new();
    let mut directory = temporary.directory();
    check(&mut directory, vec![FileRequest::Open, append("a", b"1")], &["", "ok"]).await;
    let requests = vec![append("a", b"2"), read("missing"), append("a", b"3"), remove("a")];
    let replies = all(&mut directory, requests).await;
    assert!(replies[1].starts_with("Failed: cannot read") && replies[1].contains("missing"), "{replies:?}");
    assert_eq!(replies[2..], ["skipped", "skipped"]);
    check(&mut directory, vec![read("a")], &["12"]).await;
}

#[tokio::test]
async fn before_it_is_open_nothing_is_done() {
    let temporary = Temporary::new();
    let mut directory = temporary.directory();
    for request in
        [read("a"), append("a", b"1"), sync("a"), rename("a", "b"), remove("a"), FileRequest::SyncDirectory]
    {
        check_failure(&mut directory, request, &["Failed: cannot ", "it is not open"]).await;
    }
    assert!(!temporary.log().exists());
}

#[tokio::test]
async fn a_directory_has_one_opener_at_a_time() {
    let temporary = Temporary::new();
    let (mut first, mut second) = (temporary.directory(), temporary.directory());
    check(&mut first, vec![FileRequest::Open, append("a", b"1")], &["", "ok"]).await;
    let path = temporary.log();
    let parts = ["Locked: ", path.to_str().expect("it is text"), "another flow has it open"];
    check_failure(&mut second, FileRequest::Open, &parts).await;
    check_failure(&mut second, append("a", b"2"), &["it is not open"]).await;
    // It keeps its own.
    check(&mut first, vec![FileRequest::Open, read("a")], &["a 1", "1"]).await;
    drop(first);
    check(&mut second, vec![FileRequest::Open, read("a")], &["a 1", "1"]).await;
}

#[tokio::test]
async fn a_lock_that_is_given_back_soon_is_waited_for() {
    let temporary = Temporary::new();
    let (mut first, mut second) = (temporary.directory(), temporary.directory());
    check(&mut first, vec![FileRequest::Open], &[""]).await;
    let mut open = pin!(all(&mut second, vec![FileRequest::Open]));
    assert!(open.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    drop(first);
    assert_eq!(open.await, [""]);
}

#[tokio::test]
async fn a_file_that_was_removed_or_moved_away_is_noticed_by_a_sync() {
    let away: [fn(&Path) -> io::Result<()>; 4] = [
        |log| fs::remove_file(log.join("a")),
        |log| fs::remove_dir_all(log),
        |log| fs::rename(log, log.with_file_name("elsewhere")),
        |log| fs::rename(log.join("a"), log.join("b")).and_then(|()| fs::write(log.join("a"), "other")),
    ];
    for (n, away) in away.into_iter().enumerate() {
        let temporary = Temporary::new();
        let mut directory = temporary.directory();
        let requests = vec![FileRequest::Open, append("a", b"1"), sync("a"), FileRequest::SyncDirectory];
        check(&mut directory, requests, &["", "ok", "ok", "ok"]).await;
        away(&temporary.log()).expect("it can be done");
        let replies = all(&mut directory, vec![append("a", b"2"), sync("a")]).await;
        assert_eq!(replies[0], "ok", "{n}: it is open");
        assert!(replies[1].starts_with("Failed: cannot sync "), "{n}: {}", replies[1]);
        // It begins anew, and has the lock again.
        let replies = all(&mut directory, vec![FileRequest::Open, append("z", b"3"), sync("z")]).await;
        assert_eq!(replies[1..], ["ok", "ok"], "{n}: {}", replies[0]);
        check_failure(&mut temporary.directory(), FileRequest::Open, &["Locked: "]).await;
    }
}

#[tokio::test]
async fn a_directory_that_was_removed_is_noticed_by_its_sync() {
    let temporary = Temporary::new();
    let mut directory = temporary.directory();
    check(&mut directory, vec![FileRequest::Open, FileRequest::SyncDirectory], &["", "ok"]).await;
    fs::remove_dir_all(temporary.log()).expect("it can be removed");
    check_failure(&mut directory, FileRequest::SyncDirectory, &["cannot sync the directory"]).await;
    fs::create_dir(temporary.log()).expect("it can be made");
    check_failure(&mut directory, FileRequest::SyncDirectory, &["replaced by another"]).await;
    check(&mut directory, vec![FileRequest::Open, FileRequest::SyncDirectory], &["", "ok"]).await;
}

#[tokio::test]
async fn a_name_that_is_taken_is_not_given_and_a_sync_makes_no_file() {
    let temporary = Temporary::new();
    let mut directory = temporary.directory();
    let requests = vec![FileRequest::Open, append("a", b"1"), append("b", b"2")];
    check(&mut directory, requests, &["", "ok", "ok"]).await;
    check_failure(&mut directory, rename("a", "b"), &["cannot rename", "a\" to \"b\": ", "exists"]).await;
    check_failure(&mut directory, rename("missing", "c"), &["cannot rename", "missing", "No such file"])
        .await;
    check_failure(&mut directory, sync("missing"), &["cannot sync", "missing", "No such file"]).await;
    check(&mut directory, vec![read("a"), read("b"), FileRequest::Open], &["1", "2", "a 1, b 1"]).await;
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn what_a_device_does_not_take_is_told_with_the_systems_reason() {
    let temporary = Temporary::new();
    let mut directory = temporary.directory();
    check(&mut directory, vec![FileRequest::Open], &[""]).await;
    symlink("/dev/full", temporary.log().join("full")).expect("it can be made");
    symlink("/dev/null", temporary.log().join("null")).expect("it can be made");
    let path = temporary.log().join("full");
    let parts = ["Failed: cannot append 3 bytes to", path.to_str().expect("it is text"), "No space left"];
    check_failure(&mut directory, append("full", b"123"), &parts).await;
    check(&mut directory, vec![append("null", b"123")], &["ok"]).await;
    check_failure(&mut directory, sync("null"), &["cannot sync", "Invalid argument"]).await;
}

#[tokio::test]
async fn a_directory_that_cannot_be_made_says_which_and_why() {
    let temporary = Temporary::new();
    fs::write(temporary.0.join("wal"), "a file").expect("it can be written");
    let path = temporary.log();
    let parts = ["Failed: cannot open the directory", path.to_str().expect("it is text"), "not a directory"];
    check_failure(&mut temporary.directory(), FileRequest::Open, &parts).await;
    fs::remove_file(temporary.0.join("wal")).expect("it can be removed");
    fs::create_dir(temporary.0.join("wal")).expect("it can be made");
    fs::write(temporary.log(), "a file").expect("it can be written");
    check_failure(
        &mut temporary.directory(),
        FileRequest::Open,
        &["cannot open the directory", "not a directory"],
    )
    .await;
}

/// A directory that takes no files. Permissions do not bind whoever runs this as root; a file system does that has no files of
/// ours.
#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_directory_that_takes_no_files_says_so() {
    let mut directory = RealDirectory::new("/proc/self");
    check_failure(&mut directory, FileRequest::Open, &["Failed: cannot open the directory \"/proc/self\": "])
        .await;
}

#[tokio::test]
async fn a_relative_path_begins_at_the_working_directory() {
    // Cargo runs tests in the package's folder, where `src` is.
    let mut directory = RealDirectory::new("./src/lib.rs/x");
    check_failure(
        &mut directory,
        FileRequest::Open,
        &["cannot open the directory \"./src/lib.rs/x\": not a"],
    )
    .await;
    assert_eq!(above(Path::new("wal")), None);
    assert_eq!(above(Path::new("./wal/01")), Some(Path::new("./wal")));
    sync_name(Path::new("src")).expect("it has a name here");
}

#[tokio::test]
async fn what_was_dropped_stops_between_two_requests_and_can_be_opened_again() {
    let temporary = Temporary::new();
    let mut directory = temporary.directory();
    check(&mut directory, vec![FileRequest::Open], &[""]).await;
    let requests = (0..10_000).map(|_| append("a", b"0123456789")).collect();
    let mut appends = Box::pin(directory.carry_out(requests));
    assert!(appends.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    drop(appends);
    drop(directory);
    let mut again = temporary.directory();
    let len = |listed: &[String]| -> u64 {
        let first = listed[0].split(", ").next().and_then(|first| first.strip_prefix("a "));
        first.map_or(0, |len| len.parse().expect("a number"))
    };
    let first = len(&all(&mut again, vec![FileRequest::Open]).await);
    assert_eq!(first % 10, 0, "an append that was begun is ended");
    check(&mut again, vec![append("b", b"x")], &["ok"]).await;
    assert_eq!(len(&all(&mut again, vec![FileRequest::Open]).await), first, "nobody else writes any more");
}

#[test]
fn only_files_that_are_appended_to_stay_open() {
    let temporary = Temporary::new();
    let mut files = Files { path: temporary.log().to_str().expect("it is text").to_owned(), opened: None };
    files.carry_out(FileRequest::Open).expect("it opens");
    for name in ["a", "b"] {
        fs::write(temporary.log().join(name), b"of a run before").expect("it can be written");
        files.carry_out(sync(name)).expect("it is there");
    }
    files.carry_out(append("b", b"!")).expect("it is there");
    files.carry_out(sync("b")).expect("it is there");
    let open = &files.opened.as_ref().expect("it was opened").appended;
    assert_eq!(open.keys().map(|name| &**name).collect::<Vec<_>>(), ["b"]);
}
