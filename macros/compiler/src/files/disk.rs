//! The files of the crate that is being compiled. The only file of the compiler that touches the disk.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern, glob_with};

use super::{Files, GREATEST_FILE, MOST_FILES, ReadError};

/// Files below the root of a crate.
#[derive(Clone, Debug)]
pub struct Disk {
    /// Where to look, in this order.
    roots: Vec<PathBuf>,
    /// The file of the macro call, from the folder of its crate on.
    call: Option<String>,
}

impl Disk {
    /// Of the crate that cargo compiles. Where that is not the crate of the text (trybuild makes one of its own), also
    /// of the crate that `source`, the file of the macro call, belongs to. Editors know no such file.
    pub fn of_crate(source: Option<PathBuf>) -> Disk {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let source = source.and_then(|source| source.canonicalize().ok());
        let of_source = source.as_ref().and_then(|source| {
            source.ancestors().find(|folder| folder.join("Cargo.toml").is_file()).map(PathBuf::from)
        });
        // Whatever machine compiles it, the same text comes out. A file of no crate (a documentation's example is in one for a
        // moment) has no name that would help.
        let call = source.zip(of_source.as_ref()).and_then(|(source, root)| in_crate(&source, root));
        let mut roots: Vec<PathBuf> = manifest.into_iter().collect();
        roots.extend(of_source.filter(|root| !roots.contains(root)));
        Disk { roots, call }
    }

    /// Of a folder.
    pub fn at(root: impl Into<PathBuf>) -> Disk {
        Disk { roots: vec![root.into()], call: None }
    }

    /// The first root that has such a path, or the first one.
    fn find(&self, path: &str) -> Option<PathBuf> {
        let mut paths = self.roots.iter().map(|root| root.join(path));
        paths.find(|path| path.exists()).or_else(|| self.roots.first().map(|root| root.join(path)))
    }
}

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let path = self.find(path).ok_or(ReadError::Missing)?;
        if path.is_dir() {
            return Err(ReadError::Folder);
        }
        let other = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => ReadError::Missing,
            _ => ReadError::Other(error.to_string()),
        };
        let file = File::open(path).map_err(other)?;
        if !file.metadata().map_err(other)?.is_file() {
            // reading a pipe or a device might never end
            return Err(ReadError::Other("it is no ordinary file".to_string()));
        }
        let mut bytes = Vec::new();
        file.take(GREATEST_FILE + 1).read_to_end(&mut bytes).map_err(other)?;
        if bytes.len() as u64 > GREATEST_FILE { Err(ReadError::TooLarge) } else { Ok(bytes) }
    }

    fn glob(&self, pattern: &str) -> Result<Vec<String>, String> {
        for root in &self.roots {
            let found = files_below(root, pattern)?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    fn names_in(&self, folder: &str) -> Vec<String> {
        let entries = self.find(folder).and_then(|folder| folder.read_dir().ok());
        let names = entries.into_iter().flatten().flatten().map(|entry| entry.file_name());
        let mut names: Vec<String> = names.filter_map(|name| name.into_string().ok()).collect();
        names.sort();
        names
    }

    fn of_call(&self) -> Option<String> {
        self.call.clone()
    }

    fn absolute(&self, path: &str) -> Option<String> {
        let path = self.find(path)?.canonicalize().ok()?;
        path.into_os_string().into_string().ok()
    }
}

/// The path of a file from a folder on, the same on every system.
fn in_crate(file: &Path, root: &Path) -> Option<String> {
    let parts = file.strip_prefix(root).ok()?.components().map(|part| part.as_os_str().to_str());
    Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
}

/// What is wrong with a pattern that is none.
pub fn pattern_fault(pattern: &str) -> &'static str {
    match () {
        () if pattern.contains("***") => {
            "it has `***`; `*` stands for a part of a name, `**` for any folders"
        }
        () if pattern.contains("**") => {
            "`**` stands for any folders, alone between `/`, as in `etc/**/*.trickle`"
        }
        () => "its `[` is not closed, as in `[0-9]`, by a `]`",
    }
}

/// The files that match, relative to the root where they are below it.
fn files_below(root: &Path, pattern: &str) -> Result<Vec<String>, String> {
    let root_text = root.to_str().ok_or("the path of the crate is no UTF-8")?;
    let whole = if Path::new(pattern).is_absolute() {
        pattern.to_string()
    } else {
        format!("{}/{pattern}", Pattern::escape(root_text))
    };
    let options = MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    let mut found = Vec::new();
    for path in glob_with(&whole, options).map_err(|_| String::from(pattern_fault(pattern)))? {
        let path =
            path.map_err(|error| format!("`{}` cannot be read: {}", error.path().display(), error.error()))?;
        if path.is_dir() {
            continue;
        }
        let path = path.strip_prefix(root).unwrap_or(&path);
        let name = path.to_str().ok_or_else(|| format!("{} is no UTF-8", path.display()))?;
        found.push(name.to_string());
        if found.len() > MOST_FILES {
            return Err(format!("it matches more than {MOST_FILES} files"));
        }
    }
    found.sort();
    Ok(found)
}
