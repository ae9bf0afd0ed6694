//! What the compiler reads beside its tokens: included files. Behind a trait, so that tests need no disk; the real
//! ones are in `disk.rs`. What is in them is the business of `syntax`.

mod disk;

pub use disk::{Disk, pattern_fault};

/// The greatest file that is read, in bytes.
pub const GREATEST_FILE: u64 = 1024 * 1024;

/// So many files may match one pattern.
pub const MOST_FILES: usize = 1000;

/// Where included files come from. Paths are as the user writes them: relative to the crate's root.
pub trait Files {
    /// The bytes of a file.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError>;

    /// The files that match a pattern, sorted; hidden files and folders do not count.
    ///
    /// # Errors
    /// What is wrong with the pattern or the folders, in words.
    fn glob(&self, pattern: &str) -> Result<Vec<String>, String>;

    /// The names of the files and folders in a folder; none, if there is no such folder.
    fn names_in(&self, folder: &str) -> Vec<String>;

    /// What the file of the macro call itself is called, from the folder of its crate on; `None` where nobody knows.
    fn of_call(&self) -> Option<String> {
        None
    }

    /// The absolute path, for rustc to watch; `None` if there is nothing to watch.
    fn absolute(&self, path: &str) -> Option<String>;
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// There is none.
    Missing,
    /// It is a folder.
    Folder,
    /// It has more than [`GREATEST_FILE`] bytes.
    TooLarge,
    /// Something else, in the words of the operating system.
    Other(String),
}

/// No files at all: for texts that include none.
#[derive(Clone, Copy, Debug)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _path: &str) -> Result<Vec<u8>, ReadError> {
        Err(ReadError::Missing)
    }

    fn glob(&self, _pattern: &str) -> Result<Vec<String>, String> {
        Ok(Vec::new())
    }

    fn names_in(&self, _folder: &str) -> Vec<String> {
        Vec::new()
    }

    fn absolute(&self, _path: &str) -> Option<String> {
        None
    }
}
