//! The other side: plain calls of the system, one after the other, in one thread.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::hint::black_box;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::recording::Op;

/// Writes and syncs what was asked, in fresh files. The bytes are those of `tape`, over and over if need be.
///
/// # Errors
/// The first of the system.
pub fn write(directory: &Path, ops: &[Op], tape: &[u8]) -> io::Result<Duration> {
    fs::create_dir_all(directory)?;
    let mut files: HashMap<&str, File> = HashMap::new();
    let mut rest = tape;
    let begun = Instant::now();
    for op in ops {
        match op {
            Op::Append(name, len) => {
                let file = match files.get_mut(&**name) {
                    Some(file) => file,
                    None => {
                        let path = directory.join(&**name);
                        let file = OpenOptions::new().create_new(true).append(true).open(path)?;
                        files.entry(name).or_insert(file)
                    }
                };
                if rest.len() < *len {
                    rest = tape;
                }
                let (bytes, behind) = rest.split_at(*len);
                rest = behind;
                file.write_all(bytes)?;
            }
            Op::Sync(name) => files[&**name].sync_data()?,
            Op::SyncDirectory => {}
        }
    }
    Ok(begun.elapsed())
}

/// Reads all of these files.
///
/// # Errors
/// The first of the system.
pub fn read(files: &[(PathBuf, u64)]) -> io::Result<Duration> {
    let begun = Instant::now();
    for (path, _) in files {
        black_box(fs::read(path)?);
    }
    Ok(begun.elapsed())
}
