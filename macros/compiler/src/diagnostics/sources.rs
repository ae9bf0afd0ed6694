//! The texts of the included files, for excerpts and for the names of places.

use crate::syntax::{FileId, Pos};

/// All files that a macro call has read.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    /// What the file of the macro call is called, if that is known.
    call: Option<String>,
}

#[derive(Clone, Debug)]
struct Source {
    name: String,
    text: String,
}

impl Sources {
    /// Says what the file of the macro call is called: rustc knows it by itself, a running program does not.
    pub(crate) fn set_call(&mut self, name: Option<String>) {
        self.call = name;
    }

    /// Keeps a file. `name` is how messages call it.
    pub(crate) fn add(&mut self, name: String, text: String) -> FileId {
        self.files.push(Source { name, text });
        FileId(u32::try_from(self.files.len() - 1).expect("the number of files is limited"))
    }

    /// What messages call the file of a place; `None` for the macro call.
    pub fn name(&self, pos: Pos) -> Option<&str> {
        Some(&self.files.get(pos.file_id()?.0 as usize)?.name)
    }

    /// The text of the file of a place; `None` for the macro call.
    pub(super) fn text(&self, pos: Pos) -> Option<&str> {
        Some(&self.files.get(pos.file_id()?.0 as usize)?.text)
    }

    /// What stands at a place of a file.
    pub(crate) fn excerpt(&self, pos: Pos) -> Option<&str> {
        self.text(pos)?.get(pos.bytes()?)
    }

    /// A place as texts of a running program name it: `src/main.rs, line 12, column 9`, without the file where nobody knows it.
    pub fn site(&self, pos: Pos) -> String {
        let (line, column) = pos.start();
        let file = self.name(pos).or(self.call.as_deref()).map_or(String::new(), |name| format!("{name}, "));
        format!("{file}line {line}, column {}", column + 1)
    }
}
