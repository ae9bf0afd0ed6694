//! The clock of a simulated world: tokio's, or one of its own that a [simulation](crate::testing::simulation) moves. Waiting is
//! here; who waits for what is not.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use tokio::time::{Instant, sleep_until};

use crate::core::Time;

/// What time it is, and how one waits.
#[derive(Clone)]
pub(super) enum Clock {
    /// Tokio's, since this instant.
    Tokio(Instant),
    /// Moved from outside.
    Virtual(Arc<VirtualClock>),
}

impl Clock {
    pub(super) fn now(&self) -> Time {
        match self {
            Clock::Tokio(started) => Time::from_duration(started.elapsed()),
            Clock::Virtual(clock) => clock.now(),
        }
    }

    pub(super) async fn sleep_until(&self, at: Time) {
        match self {
            Clock::Tokio(started) => sleep_until(*started + at.as_duration()).await,
            Clock::Virtual(clock) => Sleep { clock, at, number: None }.await,
        }
    }
}

/// A clock that stands still until it is told to go on, which is to be done whenever nobody has anything to do. Who waits
/// for the same moment is woken in the order in which they began to wait.
#[derive(Debug, Default)]
pub(crate) struct VirtualClock {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    now: Time,
    waiting: BTreeMap<(Time, u64), Waker>,
    next_number: u64,
}

impl VirtualClock {
    pub(crate) fn now(&self) -> Time {
        self.lock().now
    }

    /// Goes on to the next moment that somebody waits for. `false` if nobody does.
    pub(crate) fn go_on(&self) -> bool {
        let mut state = self.lock();
        let Some((&(at, _), _)) = state.waiting.first_key_value() else { return false };
        state.now = state.now.max(at);
        let mut due = Vec::new();
        while let Some(first) = state.waiting.first_entry()
            && first.key().0 <= at
        {
            due.push(first.remove());
        }
        drop(state);
        due.into_iter().for_each(Waker::wake);
        true
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics while holding it")
    }
}

struct Sleep<'a> {
    clock: &'a VirtualClock,
    at: Time,
    /// While it waits: what it waits as.
    number: Option<u64>,
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.lock();
        if state.now >= self.at {
            return Poll::Ready(());
        }
        let number = self.number.unwrap_or(state.next_number);
        if self.number.is_none() {
            state.next_number += 1;
        }
        state.waiting.insert((self.at, number), cx.waker().clone());
        drop(state);
        self.number = Some(number);
        Poll::Pending
    }
}

impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.clock.lock().waiting.remove(&(self.at, number));
        }
    }
}
