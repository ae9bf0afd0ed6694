//! Whether the tasks of one driver may go on. Ended, none of them does anything more: a crash, for tests. A driver that is drained
//! or stopped ends its tasks itself.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

/// What a driver and its I/O tasks live by. Clones are the same life.
#[derive(Clone, Debug, Default)]
pub(crate) struct Life {
    is_over: Arc<AtomicBool>,
}

impl Life {
    /// Nothing that is limited by it does anything more.
    pub(crate) fn end(&self) {
        self.is_over.store(true, Ordering::Release);
    }

    /// Does what `future` does, until this life is over.
    pub(super) async fn limit(self, future: impl Future<Output = ()>) {
        let mut future = pin!(future);
        poll_fn(|cx| match self.is_over.load(Ordering::Acquire) {
            true => Poll::Ready(()),
            false => future.as_mut().poll(cx),
        })
        .await;
    }
}
