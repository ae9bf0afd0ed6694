//! A look at a running flow from beside it: asks its drivers how things are, and keeps what they said last. It holds up neither
//! them nor their end.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use crate::driver::{Request, Snapshot};
use crate::program::Program;

/// How long drivers may take to answer, all together: they do so between two steps.
const ANSWER_LIMIT: Duration = Duration::from_millis(500);

/// One flow, watched.
#[derive(Debug)]
pub(in crate::program) struct Watch {
    program: &'static Program,
    machines: Vec<Watched>,
}

#[derive(Debug)]
struct Watched {
    instance: &'static str,
    /// Weak: a driver ends when nobody else can ask it for anything.
    requests: mpsc::WeakSender<Request>,
    /// The answer that is awaited: one at a time, so that a driver that hangs is not asked ever more.
    answer: Option<oneshot::Receiver<Snapshot>>,
    seen: Option<Snapshot>,
}

/// One instance, as it was seen.
#[derive(Debug)]
pub(in crate::program) struct Seen<'a> {
    pub(in crate::program) instance: &'a str,
    /// Whether its driver answers.
    pub(in crate::program) is_up: bool,
    /// What it said last; `None` if it never did.
    pub(in crate::program) snapshot: Option<&'a Snapshot>,
}

impl Watch {
    /// Of the flow whose instances take requests there.
    pub(in crate::program) fn new(
        program: &'static Program,
        machines: impl Iterator<Item = (&'static str, mpsc::WeakSender<Request>)>,
    ) -> Watch {
        let machines =
            machines.map(|(instance, requests)| Watched { instance, requests, answer: None, seen: None });
        Watch { program, machines: machines.collect() }
    }

    pub(super) fn program(&self) -> &'static Program {
        self.program
    }

    /// Asks all instances. May be dropped and called again.
    pub(super) async fn look(&mut self) -> Vec<Seen<'_>> {
        self.machines.iter_mut().for_each(Watched::ask);
        let until = Instant::now() + ANSWER_LIMIT;
        let mut seen = Vec::new();
        for machine in &mut self.machines {
            let is_up = machine.listen(until).await;
            seen.push(Seen { instance: machine.instance, is_up, snapshot: machine.seen.as_ref() });
        }
        seen
    }
}

impl Watched {
    fn ask(&mut self) {
        if self.answer.is_none()
            && let Some(requests) = self.requests.upgrade()
        {
            let (answer, snapshot) = oneshot::channel();
            // A driver with so many requests that there is no room for one more is not asked now.
            self.answer = requests.try_send(Request::Report(answer)).is_ok().then_some(snapshot);
        }
    }

    /// Whether the answer came in time.
    async fn listen(&mut self, until: Instant) -> bool {
        let Some(answer) = &mut self.answer else { return false };
        let Ok(answered) = timeout_at(until, answer).await else { return false };
        self.answer = None;
        let is_up = answered.is_ok();
        self.seen = answered.ok().or_else(|| self.seen.take());
        is_up
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::Builder;
    use crate::program::tests::ONE_CLEAN;
    use crate::program::tests::handle::CLEAN_AND_DYING;
    use crate::testing::sim::Sim;

    #[tokio::test(start_paused = true)]
    async fn a_driver_that_hangs_is_shown_as_it_was_and_asked_once() {
        let (requests, mut asked) = mpsc::channel(8);
        let mut watch = Watch::new(&ONE_CLEAN, [("01", requests.downgrade())].into_iter());
        let began = Instant::now();
        for _ in 0..3 {
            let seen = watch.look().await;
            assert!(!seen[0].is_up && seen[0].snapshot.is_none(), "{seen:?}");
        }
        assert_eq!(began.elapsed(), 3 * ANSWER_LIMIT);
        assert_eq!(asked.len(), 1);
        let Some(Request::Report(answer)) = asked.recv().await else { panic!("it was asked") };
        let snapshot = Snapshot { nodes: Vec::new(), pending: 7, kept: 0, failure: None };
        answer.send(snapshot).expect("somebody waits for it");
        for is_up in [true, false] {
            let seen = watch.look().await;
            let pending = seen[0].snapshot.map(|snapshot| snapshot.pending);
            assert_eq!((seen[0].is_up, pending), (is_up, Some(7)));
        }
        drop(requests);
        assert!(asked.recv().await.is_some(), "the request of the last look");
        assert!(asked.recv().await.is_none(), "to watch a flow does not keep it alive");
    }

    #[tokio::test(start_paused = true)]
    async fn an_instance_that_has_died_or_ended_is_not_up() {
        let flow = Builder::new(&CLEAN_AND_DYING).start_in(&Sim::new(1)).expect("it starts");
        let mut watch = flow.watch();
        let ups = |seen: Vec<Seen<'_>>| seen.iter().map(|seen| seen.is_up).collect::<Vec<bool>>();
        assert_eq!(ups(watch.look().await), [true, false]);
        drop(flow.drain().await);
        let seen = watch.look().await;
        assert!(!seen[0].is_up && seen[0].snapshot.is_some(), "{seen:?}");
    }
}
