//! A test's own directory for records and outputs.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A directory below the system's temporary one. Removed at the end, unless the test failed: then it is kept to look
/// at, and its name is in the panic's output.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    is_kept: bool,
}

impl Directory {
    /// Makes one, named after the test.
    ///
    /// # Panics
    /// If that is impossible.
    pub fn new(test: &str) -> Directory {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("foreshock-{test}-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Directory { path, is_kept: false }
    }

    /// Keeps it to look at, although nobody panics.
    pub fn keep(&mut self) {
        self.is_kept = true;
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        if self.is_kept || std::thread::panicking() {
            let _ = std::io::Write::write_fmt(
                &mut std::io::stderr(),
                format_args!("records and outputs are kept in {}\n", self.path.display()),
            );
        } else {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}
