//! The driver's end of one log's storage: takes the machine's requests, one batch at a time, and brings the replies of the I/O
//! task that carries them out. What is to be done, and about a failure, decides the log.

use std::mem::take;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::{Notify, mpsc};
use tokio::task::AbortHandle;

use crate::core::{FileReply, FileRequest, Storage};
use crate::driver::life::Life;
use crate::world::{Directory, World, all_failed};

/// One storage's I/O task, if it has one. Dropped, the task ends, and with it the lock on the directory.
#[derive(Debug)]
pub(super) struct StorageLink {
    life: Life,
    told: Arc<Told>,
    task: Option<Task>,
    /// A batch is under way.
    busy: bool,
}

#[derive(Debug)]
struct Task {
    batches: mpsc::Sender<Vec<FileRequest>>,
    task: AbortHandle,
}

impl Drop for Task {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What the I/O task tells the driver.
#[derive(Debug)]
struct Told {
    answer: Mutex<Option<Answer>>,
    to_driver: Arc<Notify>,
}

/// What became of a batch.
#[derive(Debug)]
struct Answer {
    replies: Vec<FileReply>,
    /// The task is no more.
    died: bool,
}

impl Told {
    fn lock(&self) -> MutexGuard<'_, Option<Answer>> {
        self.answer.lock().expect("nobody panics while holding it")
    }
}

impl StorageLink {
    /// A link without a task; it wakes the driver through `to_driver`.
    pub(super) fn new(to_driver: Arc<Notify>, life: Life) -> StorageLink {
        let told = Arc::new(Told { answer: Mutex::default(), to_driver });
        StorageLink { life, told, task: None, busy: false }
    }

    /// Gives the machine the replies of a batch that is done, and takes what it asks for next. Whether that is something.
    pub(super) fn exchange<W: World>(&mut self, world: &W, storage: &mut Storage) -> bool {
        if self.busy {
            let Some(Answer { replies, died }) = self.told.lock().take() else { return false };
            storage.replies.extend(replies);
            self.busy = false;
            if died {
                self.task = None;
            }
        }
        if storage.requests.is_empty() {
            return false;
        }
        let task = match &mut self.task {
            Some(task) => task,
            None => {
                let directory = world.directory(&storage.directory);
                self.task.insert(Task::start(directory, Arc::clone(&self.told), &self.life))
            }
        };
        task.batches.try_send(take(&mut storage.requests)).expect("it waits for the next batch");
        self.busy = true;
        true
    }
}

impl Task {
    fn start(directory: impl Directory, told: Arc<Told>, life: &Life) -> Task {
        let (batches, to_do) = mpsc::channel(1);
        let task = tokio::spawn(life.clone().limit(serve(directory, to_do, told))).abort_handle();
        Task { batches, task }
    }
}

/// The I/O task: carries out one batch after the other.
async fn serve(
    mut directory: impl Directory,
    mut batches: mpsc::Receiver<Vec<FileRequest>>,
    told: Arc<Told>,
) {
    while let Some(batch) = batches.recv().await {
        let mut end = End { told: &told, count: batch.len(), replies: None };
        let replies = directory.carry_out(batch).await;
        debug_assert_eq!(replies.len(), end.count, "each request has one reply");
        end.replies = Some(replies);
    }
}

/// Tells what became of a batch when it is dropped, so that no batch stays without an answer.
struct End<'a> {
    told: &'a Told,
    count: usize,
    replies: Option<Vec<FileReply>>,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        let died = self.replies.is_none();
        let because =
            || all_failed(self.count, "the task that writes the write-ahead log's files died".to_owned());
        let replies = self.replies.take().unwrap_or_else(because);
        *self.told.lock() = Some(Answer { replies, died });
        self.told.to_driver.notify_one();
    }
}
