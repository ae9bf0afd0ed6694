//! What log lines say while something runs, on this thread.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;

thread_local! {
    static LINES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

static INSTALLED: Once = Once::new();

struct Lines;

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| lines.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs something: what it gives, and the log lines that it wrote.
pub(crate) fn while_running<R>(run: impl FnOnce() -> R) -> (R, String) {
    INSTALLED.call_once(|| {
        let lines = tracing_subscriber::fmt().with_ansi(false).without_time().with_writer(|| Lines).finish();
        tracing::subscriber::set_global_default(lines).expect("nobody else sets one");
    });
    LINES.with_borrow_mut(Vec::clear);
    let result = run();
    let lines = LINES.with_borrow_mut(std::mem::take);
    (result, String::from_utf8(lines).expect("log lines are texts"))
}
