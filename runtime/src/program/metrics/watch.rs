//! A look at a running flow from beside it: asks its drivers how things are, and keeps what they said last. It holds up neither
//! them nor their end.

use std::time::Duration;

use tokio::sync::oneshot::error::TryRecvError;
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
        for machine in &mut self.machines {
            machine.take_late();
            machine.ask();
        }
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
    /// An answer that came when nobody listened any more tells how things were then: a new one is asked for.
    fn take_late(&mut self) {
        let Some(answer) = &mut self.answer else { return };
        match answer.try_recv() {
            Ok(snapshot) => self.seen = Some(snapshot),
            Err(TryRecvError::Empty) => return,
            Err(TryRecvError::Closed) => {}
        }
        self.answer = None;
    }

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

    /// A driver takes its next request, and has so many events pending.
    async fn answer_with(pending: u64, asked: &mut mpsc::Receiver<Request>) {
        let Some(Request::Report(answer)) = asked.recv().await else { panic!("it was asked") };
        let snapshot = Snapshot { nodes: Vec::new(), pending, kept: 0, failure: None };
        answer.send(snapshot).expect("somebody waits for it");
    }

    fn pending(seen: &[Seen<'_>]) -> Option<u64> {
        seen[0].snapshot.map(|snapshot| snapshot.pending)
    }

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
        answer_with(7, &mut asked).await;
        for is_up in [false, false] {
            let seen = watch.look().await;
            assert_eq!(
                (seen[0].is_up, pending(&seen)),
                (is_up, Some(7)),
                "it answered once, and hangs again"
            );
        }
        answer_with(8, &mut asked).await;
        let (seen, ()) = tokio::join!(watch.look(), answer_with(9, &mut asked));
        assert_eq!(
            (seen[0].is_up, pending(&seen)),
            (true, Some(9)),
            "how it is, not how it was behind the hang"
        );
        let seen = watch.look().await;
        assert_eq!((seen[0].is_up, pending(&seen)), (false, Some(9)));
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
