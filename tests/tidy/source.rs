//! The files that tidy looks at.

use std::path::Path;

use crate::syntax::{self, Token};

/// One file of the workspace.
#[derive(Debug)]
pub(crate) struct Source {
    /// Relative to the workspace's root, with `/`.
    pub(crate) path: String,
    /// As it is.
    pub(crate) text: String,
    /// Of a Rust file: its tokens, without comments and without what is inside of literals.
    pub(crate) tokens: Vec<Token>,
    /// The paths that it uses, with their lines.
    pub(crate) paths: Vec<(String, usize)>,
}

impl Source {
    /// The file of this path and text.
    pub(crate) fn new(path: &str, text: &str) -> Source {
        let tokens = if path.ends_with(".rs") { syntax::tokens(text) } else { Vec::new() };
        let paths = syntax::paths(&tokens);
        Source { path: path.to_owned(), text: text.to_owned(), tokens, paths }
    }

    /// Whether it is Rust.
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The file's name without `.rs`.
    pub(crate) fn stem(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// Whether one of the path's folders has this name.
    pub(crate) fn is_below(&self, folder: &str) -> bool {
        self.path.split('/').rev().skip(1).any(|part| part == folder)
    }

    /// The path of the module that the file is, from `crate` (`["crate", "check", "types"]`).
    pub(crate) fn module(&self) -> Vec<&str> {
        let inner = self.path.rsplit_once("src/").map_or(self.path.as_str(), |(_, inner)| inner);
        let mut module = vec!["crate"];
        module.extend(
            inner.trim_end_matches(".rs").split('/').filter(|part| !["mod", "lib", "main"].contains(part)),
        );
        module
    }
}

/// Reads every text file of the workspace, in the order of their paths; not what git does not keep.
pub(crate) fn read(root: &Path) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the workspace can be read") {
            let path = entry.expect("the workspace can be read").path();
            let relative =
                path.strip_prefix(root).expect("found below it").to_string_lossy().replace('\\', "/");
            if [".git", "target", "Cargo.lock", "wal"].contains(&relative.as_str()) {
                continue;
            } else if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                sources.push(Source::new(&relative, &text));
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}
