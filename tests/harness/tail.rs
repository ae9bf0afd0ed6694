//! Follows a file of lines that somebody else writes.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// A growing file, and how far it was read.
#[derive(Debug)]
pub struct Tail {
    path: PathBuf,
    read: u64,
    rest: String,
}

impl Tail {
    /// This file, which need not exist yet.
    pub fn new(path: &Path) -> Tail {
        Tail { path: path.to_owned(), read: 0, rest: String::new() }
    }

    /// Gives each line that has become whole since the last time.
    ///
    /// # Panics
    /// If it is not readable text.
    pub fn read(&mut self, mut line: impl FnMut(&str)) {
        let Ok(mut file) = File::open(&self.path) else { return };
        file.seek(SeekFrom::Start(self.read)).expect("files can be read from any place");
        let read = file.read_to_string(&mut self.rest).expect("the file is readable text");
        self.read += u64::try_from(read).expect("lengths fit");
        let whole = self.rest.rfind('\n').map_or(0, |at| at + 1);
        self.rest[..whole].lines().for_each(&mut line);
        self.rest.drain(..whole);
    }
}
