//! One log's directory on the simulated disk: each request takes its time, and fails if the disk says so.

use std::collections::BTreeMap;
use std::future::pending;

use crate::core::{FileName, FileReply, FileRequest};
use crate::testing::sim::Sim;
use crate::testing::sim::disk::files::FileId;
use crate::testing::sim::disk::system::End;
use crate::world::{Directory, World, skipped};

/// A log's directory on a [simulated disk](crate::testing::sim::SimDisk).
///
/// Dropped in the middle of a request, it leaves that done, not done, or done in part, as a process that ends does.
pub struct SimDirectory {
    sim: Sim,
    path: String,
    /// Names it on its disk.
    id: u64,
    /// The start of the machine in which it was made: with the next one it is gone.
    boot: u64,
    opened: Option<Opened>,
}

/// What it has opened.
#[derive(Debug)]
pub(super) struct Opened {
    /// The directory, as its disk names it: one that is made later at the same path is another one.
    pub(super) directory: u64,
    /// Files that were appended to.
    pub(super) files: BTreeMap<FileName, FileId>,
}

impl SimDirectory {
    pub(super) fn new(sim: Sim, path: String, id: u64, boot: u64) -> SimDirectory {
        SimDirectory { sim, path, id, boot, opened: None }
    }

    async fn one(&mut self, request: FileRequest) -> FileReply {
        let takes = self.sim.disk.lock(|disk| disk.begin(self.id, self.boot, &self.path, request));
        if !takes.is_zero() {
            self.sim.sleep_until(self.sim.now().plus(takes)).await;
        }
        loop {
            let thawed = self.sim.disk.thawed();
            let (id, boot, opened) = (self.id, self.boot, &mut self.opened);
            match self.sim.disk.lock(|disk| disk.end(id, boot, opened)) {
                End::Done(reply) => return reply,
                End::Frozen => self.sim.disk.tell_frozen(),
                End::Crashed => break,
            }
            thawed.await;
        }
        // Whoever asked is no more.
        pending().await
    }
}

impl Directory for SimDirectory {
    async fn carry_out(&mut self, requests: Vec<FileRequest>) -> Vec<FileReply> {
        let mut replies: Vec<FileReply> = Vec::with_capacity(requests.len());
        for request in requests {
            let failed = replies.last().is_some_and(Result::is_err);
            replies.push(if failed { Err(skipped()) } else { self.one(request).await });
        }
        replies
    }
}

impl Drop for SimDirectory {
    fn drop(&mut self) {
        self.sim.disk.lock(|disk| disk.leave(self.id, self.boot));
    }
}
