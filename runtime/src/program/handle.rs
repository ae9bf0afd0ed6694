//! A running flow, as its program sees it: ask, drain, stop.

use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tracing::error;

use crate::core::Machine;
use crate::driver::{Driver, Life, Limits, REQUESTS_LIMIT, Request, Snapshot};
#[cfg(any(feature = "metrics", feature = "prometheus"))]
use crate::program::metrics;
use crate::program::{Program, Summary};
use crate::world::World;

/// A running flow. Dropped, it stops at once: [`Handle::drain`] is the graceful way.
#[derive(Debug)]
#[must_use = "a flow stops when its handle is dropped"]
pub struct Handle {
    program: &'static Program,
    started: Instant,
    machines: Vec<Running>,
    #[cfg(feature = "metrics")]
    publisher: Option<metrics::Publisher>,
}

/// One instance's driver.
#[derive(Debug)]
struct Running {
    instance: &'static str,
    requests: mpsc::Sender<Request>,
    life: Life,
    task: JoinHandle<Snapshot>,
    end: Option<End>,
}

/// How a driver ended.
#[derive(Debug)]
enum End {
    Finished(Snapshot),
    Panicked,
}

#[cfg(feature = "metrics")]
impl End {
    /// What is known of it.
    fn snapshot(&self) -> Option<&Snapshot> {
        match self {
            End::Finished(snapshot) => Some(snapshot),
            End::Panicked => None,
        }
    }
}

/// How instances ended by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// One has failed, or died.
    Failed,
    /// All are done.
    Done,
}

impl Handle {
    pub(super) fn new(program: &'static Program) -> Handle {
        Handle {
            program,
            started: Instant::now(),
            machines: Vec::new(),
            #[cfg(feature = "metrics")]
            publisher: None,
        }
    }

    /// Starts a driver for one more machine.
    pub(super) fn drive<W: World>(
        &mut self,
        world: &W,
        instance: &'static str,
        machine: Box<dyn Machine>,
        limits: Limits,
    ) {
        let (requests, receiver) = mpsc::channel(REQUESTS_LIMIT);
        let driver =
            Driver::new(world.clone(), instance, machine, limits, receiver).of(&self.program.picture);
        let life = driver.life();
        let task = tokio::spawn(driver.run());
        self.machines.push(Running { instance, requests, life, task, end: None });
    }

    /// Looks at the flow from beside it, also while it drains.
    #[cfg(any(feature = "metrics", feature = "prometheus"))]
    pub(super) fn watch(&self) -> metrics::Watch {
        let machines = self.machines.iter();
        metrics::Watch::new(
            self.program,
            machines.map(|machine| (machine.instance, machine.requests.downgrade())),
        )
    }

    /// Publishes the flow's numbers through the `metrics` facade, from now on until it has ended.
    #[cfg(feature = "metrics")]
    pub(super) fn published(mut self) -> Handle {
        self.publisher = Some(metrics::Publisher::start(self.watch()));
        self
    }

    /// Publishes the numbers at the end.
    #[cfg(feature = "metrics")]
    async fn publish_last(&mut self) {
        let Some(publisher) = &mut self.publisher else { return };
        let seen = self.machines.iter().map(|machine| metrics::Seen {
            instance: machine.instance,
            is_up: false,
            snapshot: machine.end.as_ref().and_then(End::snapshot),
        });
        let seen: Vec<metrics::Seen<'_>> = seen.collect();
        publisher.finish(self.program, &seen).await;
    }

    /// How the flow is doing: `undelivered` is what is pending now and not kept on disk.
    pub async fn summary(&self) -> Summary {
        let mut summary = Summary::new(self.program, self.started.elapsed());
        for machine in &self.machines {
            match &machine.end {
                Some(end) => machine.add_end(&mut summary, end),
                None => match machine.report().await {
                    Some(snapshot) => summary.add(snapshot),
                    None => summary.panicked.push(machine.instance.to_owned()),
                },
            }
        }
        summary
    }

    /// Waits until an instance has failed: what a source reads from or a sink writes to is broken for good (a file that is
    /// not there, a stdout that nobody reads), or the instance has died of a panic, which is a mistake in the flow's code or
    /// in this library. The other instances go on.
    pub async fn failed(&mut self) {
        if self.ended_by_itself().await == Ended::Done {
            pending().await
        }
    }

    /// Waits until one instance has failed or all are done. May be dropped and called again.
    pub(super) async fn ended_by_itself(&mut self) -> Ended {
        poll_fn(|cx| {
            let (mut failed, mut all) = (false, true);
            for machine in &mut self.machines {
                let ended = machine.poll_end(cx);
                failed |= ended && machine.has_failed();
                all &= ended;
            }
            match (failed, all) {
                (true, _) => Poll::Ready(Ended::Failed),
                (false, true) => Poll::Ready(Ended::Done),
                (false, false) => Poll::Pending,
            }
        })
        .await
    }

    /// Waits until every instance has ended by itself: its sources are done and all their events answered, or it has failed.
    /// Never, if a source has no end. [`Handle::drain`] tells then how it went. May be dropped and called again.
    pub async fn done(&mut self) {
        poll_fn(|cx| {
            let mut all = true;
            for machine in &mut self.machines {
                all &= machine.poll_end(cx);
            }
            if all { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    /// Stops the sources, gives what is pending `flow.drain_timeout`, lets the sinks say goodbye, and tells how it
    /// went.
    pub async fn drain(mut self) -> Summary {
        self.begin_drain().await;
        self.ended().await
    }

    /// Stops at once, whatever is pending, and tells what that was.
    pub async fn stop(mut self) -> Summary {
        self.begin_stop().await;
        self.ended().await
    }

    /// Ends the flow as a crash of its process would: from now on it does nothing, be it in the middle of something. Nobody is told
    /// anything; peers find their connections closed. For tests of crashes: in a [simulation](crate::testing::sim::Sim) the
    /// moment is exact, and [its disk](crate::testing::sim::SimDisk::crash) tells what is left of a log's files. Where tasks run
    /// in several threads, what one of them is doing at the moment is brought to its next wait.
    pub fn kill(self) {
        for machine in &self.machines {
            machine.life.end();
            machine.task.abort();
        }
    }

    pub(super) async fn begin_drain(&self) {
        for machine in &self.machines {
            machine.ask(Request::Drain).await;
        }
    }

    pub(super) async fn begin_stop(&self) {
        for machine in &self.machines {
            machine.ask(Request::Stop).await;
        }
    }

    /// Waits for every driver's end. May be dropped and called again.
    pub(super) async fn ended(&mut self) -> Summary {
        self.done().await;
        #[cfg(feature = "metrics")]
        self.publish_last().await;
        self.summary().await
    }
}

impl Running {
    /// A driver that has ended already needs no request: its end tells.
    async fn ask(&self, request: Request) {
        let _ = self.requests.send(request).await;
    }

    /// `None` if the driver has died.
    async fn report(&self) -> Option<Snapshot> {
        let (answer, snapshot) = oneshot::channel();
        self.ask(Request::Report(answer)).await;
        snapshot.await.ok()
    }

    /// Whether the driver has ended.
    fn poll_end(&mut self, cx: &mut Context<'_>) -> bool {
        if self.end.is_none()
            && let Poll::Ready(ended) = Pin::new(&mut self.task).poll(cx)
        {
            self.end = Some(match ended {
                Ok(snapshot) => End::Finished(snapshot),
                Err(reason) => {
                    error!(instance = self.instance, %reason, "an instance of the flow has died");
                    End::Panicked
                }
            });
        }
        self.end.is_some()
    }

    fn has_failed(&self) -> bool {
        match &self.end {
            Some(End::Finished(snapshot)) => snapshot.failure.is_some(),
            Some(End::Panicked) => true,
            None => false,
        }
    }

    fn add_end(&self, summary: &mut Summary, end: &End) {
        match end {
            End::Finished(snapshot) => summary.add(snapshot.clone()),
            End::Panicked => summary.panicked.push(self.instance.to_owned()),
        }
    }
}
