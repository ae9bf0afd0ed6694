//! Log lines on their way to stderr. A thread of its own writes them, so that a flow never waits for whoever reads stderr, and
//! does not end when they are gone. What is told, and at which level, is not here.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

/// The most bytes of lines that wait to be written.
const WAITING_LIMIT: usize = 256 * 1024;
/// How long the last lines may take to be written when the program ends.
const FLUSH_LIMIT: Duration = Duration::from_millis(500);
/// How long to wait for a stream that would block: who shares a terminal with this process may have made it so.
const NEXT_TRY: Duration = Duration::from_millis(5);

/// Takes lines at once, all that find room; how many did not is told behind those that did.
#[derive(Clone, Debug)]
pub(super) struct Log(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    text: Vec<u8>,
    /// Lines that found no room behind `text`.
    left_out: u64,
    /// The thread has taken text, and not written it yet.
    writing: bool,
}

impl Log {
    /// A log on stderr.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(super) fn to_stderr() -> io::Result<Log> {
        Log::to(io::stderr())
    }

    fn to(output: impl Write + Send + 'static) -> io::Result<Log> {
        let log = Log(Arc::default());
        let shared = Arc::clone(&log.0);
        thread::Builder::new().name("log".to_owned()).spawn(move || shared.write_all(output))?;
        Ok(log)
    }

    /// One line, with its line feed.
    pub(super) fn line(&self, line: &[u8]) {
        let mut waiting = self.0.lock();
        if waiting.left_out == 0 && waiting.text.len() + line.len() <= WAITING_LIMIT {
            waiting.text.extend_from_slice(line);
        } else {
            waiting.left_out += 1;
        }
        self.0.changed.notify_all();
    }

    /// Waits until all lines are written, if somebody takes them.
    pub(super) fn flush(&self) {
        let unwritten = |waiting: &mut Waiting| waiting.writing || waiting.is_any();
        drop(self.0.changed.wait_timeout_while(self.0.lock(), FLUSH_LIMIT, unwritten));
    }
}

/// For the subscriber, which writes each line with one call.
impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.line(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Waiting {
    fn is_any(&self) -> bool {
        !self.text.is_empty() || self.left_out > 0
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().expect("nobody panics while adding a line")
    }

    /// Writes whatever comes, for as long as the program runs.
    fn write_all(&self, mut output: impl Write) {
        loop {
            let waiting = self.changed.wait_while(self.lock(), |waiting| !waiting.is_any());
            let mut waiting = waiting.expect("nobody panics while adding a line");
            let Waiting { mut text, left_out, .. } =
                std::mem::replace(&mut *waiting, Waiting { writing: true, ..Waiting::default() });
            drop(waiting);
            if left_out > 0 {
                let told =
                    format!("{left_out} log lines are left out here: nobody read what was before them\n");
                text.extend_from_slice(told.as_bytes());
            }
            write(&mut output, &text);
            self.lock().writing = false;
            self.changed.notify_all();
        }
    }
}

/// What cannot be written is lost: there is nobody to be told.
fn write(output: &mut impl Write, mut text: &[u8]) {
    while !text.is_empty() {
        match output.write(text) {
            Ok(0) => return,
            Ok(written) => text = &text[written..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => thread::sleep(NEXT_TRY),
            Err(_) => return,
        }
    }
    let _ = output.flush();
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

    use super::*;

    /// What each write does, as the test says; it tells what it was to write before.
    struct Output {
        told: Sender<String>,
        results: Receiver<io::Result<usize>>,
    }

    impl Write for Output {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.told.send(String::from_utf8_lossy(bytes).into_owned());
            self.results.recv().unwrap_or(Err(io::ErrorKind::BrokenPipe.into()))
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn log() -> (Log, Receiver<String>, SyncSender<io::Result<usize>>) {
        let (told, writes) = channel();
        let (sender, results) = sync_channel(1);
        (Log::to(Output { told, results }).expect("there is a thread"), writes, sender)
    }

    #[test]
    fn nobody_waits_for_an_output_that_takes_nothing_and_what_finds_no_room_is_counted() {
        let (log, writes, results) = log();
        log.line(b"first\n");
        assert_eq!(writes.recv().expect("it writes"), "first\n");
        // The thread is in the middle of that now.
        let line = [[b'x'; 1023].as_slice(), b"\n"].concat();
        for _ in 0..WAITING_LIMIT / 1024 + 3 {
            log.line(&line);
        }
        log.line(b"short\n");
        log.flush();
        results.send(Ok(6)).expect("it waits");
        let rest = writes.recv().expect("it writes");
        let told = "\n4 log lines are left out here: nobody read what was before them\n";
        assert!(rest.ends_with(told), "{}", &rest[rest.len() - 100..]);
        assert_eq!(rest.len(), WAITING_LIMIT + told.len() - 1);
    }

    #[test]
    fn a_line_is_written_whole_and_an_output_that_fails_is_tried_with_the_next_one() {
        use io::ErrorKind::{BrokenPipe, Interrupted, WouldBlock};
        let (log, writes, results) = log();
        let step = |expected: &str, result| {
            assert_eq!(writes.recv().expect("it writes"), expected);
            results.send(result).expect("it waits");
        };
        log.line(b"a line\n");
        step("a line\n", Ok(2));
        step("line\n", Err(Interrupted.into()));
        step("line\n", Err(WouldBlock.into()));
        step("line\n", Ok(5));
        log.flush();
        log.line(b"lost\n");
        step("lost\n", Err(BrokenPipe.into()));
        log.flush();
        log.line(b"next\n");
        step("next\n", Ok(5));
    }
}
