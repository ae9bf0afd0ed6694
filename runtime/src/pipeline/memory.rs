//! Files in memory, for logs on disk in a pipeline without a flow: whatever they ask is done at once and never fails. Worlds
//! in which disks are slow, or break, are in `testing::sim`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::core::{FileDone, FileError, FileName, FileReply, FileRequest, FileTrouble, Storage};

/// One directory.
#[derive(Debug, Default)]
pub(super) struct MemoryDirectory {
    files: BTreeMap<FileName, Vec<u8>>,
}

impl MemoryDirectory {
    /// Carries out what a storage asks. Whether there was anything.
    pub(super) fn serve(&mut self, storage: &mut Storage) -> bool {
        let is_asked = !storage.requests.is_empty();
        for request in storage.requests.drain(..) {
            storage.replies.push_back(self.carry_out(request));
        }
        is_asked
    }

    fn carry_out(&mut self, request: FileRequest) -> FileReply {
        match request {
            FileRequest::Open => {
                let files = self.files.iter().map(|(name, bytes)| (Arc::clone(name), bytes.len() as u64));
                return Ok(FileDone::Opened(files.collect()));
            }
            FileRequest::Read(file) => {
                return self.files.get(&file).cloned().map(FileDone::Read).ok_or_else(|| missing(&file));
            }
            FileRequest::Append { file, bytes } => {
                self.files.entry(file).or_default().extend_from_slice(&bytes);
                return Ok(FileDone::Appended(bytes));
            }
            FileRequest::Sync(file) => {
                self.files.get(&file).ok_or_else(|| missing(&file))?;
            }
            FileRequest::Rename { from, to } => {
                let bytes = self.files.remove(&from).ok_or_else(|| missing(&from))?;
                self.files.insert(to, bytes);
            }
            FileRequest::Remove(file) => drop(self.files.remove(&file)),
            FileRequest::SyncDirectory => {}
        }
        Ok(FileDone::Done)
    }
}

fn missing(file: &FileName) -> FileError {
    FileError { trouble: FileTrouble::Failed, text: format!("there is no file `{file}`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the directory answers to each of these, in short.
    fn check(requests: &[FileRequest], expected: &[&str]) {
        let (mut directory, mut storage) = (MemoryDirectory::default(), Storage::new(String::new()));
        storage.requests = requests.to_vec();
        assert_eq!(directory.serve(&mut storage), !requests.is_empty());
        let told = storage.replies.iter().map(|reply| match reply {
            Ok(FileDone::Opened(files)) => format!("{files:?}"),
            Ok(FileDone::Read(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
            Ok(FileDone::Appended(bytes)) => format!("{} bytes", bytes.len()),
            Ok(FileDone::Done) => "done".to_owned(),
            Err(error) => error.to_string(),
        });
        assert_eq!(told.collect::<Vec<_>>(), expected, "{requests:?}");
        assert!(storage.requests.is_empty());
    }

    #[test]
    fn files_hold_what_was_appended_under_their_last_name() {
        let (a, b): (FileName, FileName) = ("a".into(), "b".into());
        let append = |text: &str| FileRequest::Append { file: a.clone(), bytes: text.into() };
        check(&[], &[]);
        check(
            &[
                FileRequest::Open,
                append("one"),
                append(" two"),
                FileRequest::Sync(a.clone()),
                FileRequest::SyncDirectory,
                FileRequest::Rename { from: a.clone(), to: b.clone() },
                FileRequest::Read(b.clone()),
                FileRequest::Open,
                FileRequest::Remove(b.clone()),
                FileRequest::Remove(b.clone()),
                FileRequest::Open,
            ],
            &[
                "[]",
                "3 bytes",
                "4 bytes",
                "done",
                "done",
                "done",
                "one two",
                "[(\"b\", 7)]",
                "done",
                "done",
                "[]",
            ],
        );
        let gone = "there is no file `a`";
        check(
            &[
                FileRequest::Read(a.clone()),
                FileRequest::Sync(a.clone()),
                FileRequest::Rename { from: a.clone(), to: b },
            ],
            &[gone, gone, gone],
        );
    }
}
