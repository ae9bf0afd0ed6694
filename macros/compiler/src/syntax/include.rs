//! `include`: the statements of files take the place of those that name them. What is in a file is read by the parser
//! or by `yaml`; how a file is found is the business of `files`.

use std::collections::BTreeMap;

use foreshock_spec::nearest;

use super::ast::{Flow, Head, Name, PipelineDef, Stmt};
use super::{Pos, parser, text_lexer, yaml};
use crate::diagnostics::{Diagnostics, Rule};
use crate::files::{Files, GREATEST_FILE, ReadError};

/// What an included file can be.
const KINDS: &str =
    "a `.trickle` file is a query, a `.yaml` file has onramps, offramps, bindings and mappings";

/// Puts the files' statements into the flow.
pub(super) fn expand(flow: &mut Flow, files: &dyn Files, diagnostics: &mut Diagnostics) {
    let stmts = std::mem::take(&mut flow.stmts);
    let mut reader = Reader { flow, files, diagnostics, seen: BTreeMap::new(), query: None };
    for stmt in stmts {
        match stmt {
            Stmt::Include(path) => reader.include(&path),
            stmt => reader.flow.stmts.push(stmt),
        }
    }
}

struct Reader<'a> {
    flow: &'a mut Flow,
    files: &'a dyn Files,
    diagnostics: &'a mut Diagnostics,
    /// The files that were read, so that none is read twice, and where each is named.
    seen: BTreeMap<String, Pos>,
    /// The file that is the query of a macro call with head `pipeline`.
    query: Option<Pos>,
}

/// Whether a path is a pattern for many.
fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

fn extension(path: &str) -> &str {
    file_name(path).rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

impl Reader<'_> {
    fn include(&mut self, path: &Name) {
        if !is_pattern(&path.text) {
            return self.file(path, &path.text);
        }
        let found = match self.files.glob(&path.text) {
            Ok(found) => found,
            Err(problem) => {
                self.diagnostics
                    .report(Rule::bad_pattern, path.pos, format!("this pattern cannot be used: {problem}"))
                    .help("a pattern is a path with `*`, `?` or `[0-9]` in it, as in `etc/*.trickle`");
                self.flow.is_whole = false;
                return;
            }
        };
        if found.is_empty() {
            let error = self.diagnostics.report(
                Rule::missing_file,
                path.pos,
                format!("no file matches `{}`", path.text),
            );
            error.help("the path begins at the folder of the crate's `Cargo.toml`");
            error.note("hidden files do not count");
            self.flow.is_whole = false;
        }
        for file in found {
            self.file(path, &file);
        }
    }

    /// One file; `include` is the string that named it.
    fn file(&mut self, include: &Name, path: &str) {
        let Some(text) = self.text(include, path) else {
            self.flow.is_whole = false;
            return;
        };
        let watched = self.files.absolute(path);
        let key = watched.clone().unwrap_or_else(|| path.to_string());
        if let Some(first) = self.seen.get(&key) {
            let error = self.diagnostics.report(
                Rule::included_twice,
                include.pos,
                format!("`{path}` is included twice"),
            );
            error.help("remove one of the two").note_at(*first, "first included");
            return;
        }
        self.seen.insert(key, include.pos);
        self.flow.files.extend(watched);
        let id = self.diagnostics.sources_mut().add(path.to_string(), text.clone());
        let pos = Pos::file(include.pos, id, &text);
        match (extension(path), self.flow.head) {
            ("trickle", Head::Flow) => self.pipeline(include, path, &text, pos),
            ("trickle", Head::Pipeline) => self.query(include, &text, pos),
            ("yaml" | "yml", Head::Flow) => {
                let document = yaml::read(&text, pos, self.diagnostics);
                self.flow.stmts.extend(document.stmts);
                self.flow.is_whole &= document.is_whole;
            }
            ("yaml" | "yml", Head::Pipeline) => {
                let text = format!("`{path}` belongs to a flow");
                let error = self.diagnostics.report(Rule::unknown_file_type, include.pos, text);
                error.help("a macro call that begins with `pipeline Name;` is one query; write `flow Name;`");
            }
            _ => {
                let text = format!("`{path}` is neither a `.trickle` nor a `.yaml` file");
                let error = self.diagnostics.report(Rule::unknown_file_type, include.pos, text);
                if is_pattern(&include.text) {
                    error.help(format!(
                        "give a pattern that it does not match, instead of `{}`",
                        include.text
                    ));
                }
                error.help(KINDS);
                self.flow.is_whole = false;
            }
        }
    }

    /// A file's text; why there is none is reported.
    fn text(&mut self, include: &Name, path: &str) -> Option<String> {
        let bytes = match self.files.read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.unreadable(include.pos, path, error);
                return None;
            }
        };
        match String::from_utf8(bytes) {
            // some editors put a byte order mark before everything
            Ok(text) => Some(text.strip_prefix('\u{feff}').map(String::from).unwrap_or(text)),
            Err(error) => {
                let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
                let text = format!("`{path}` is no text in UTF-8: line {line} has other bytes");
                self.diagnostics.report(Rule::unreadable_file, include.pos, text).help("save it as UTF-8");
                None
            }
        }
    }

    fn unreadable(&mut self, pos: Pos, path: &str, error: ReadError) {
        match error {
            ReadError::Missing => self.missing(pos, path),
            ReadError::Folder => {
                let folder = path.trim_end_matches('/');
                let error =
                    self.diagnostics.report(Rule::unreadable_file, pos, format!("`{path}` is a folder"));
                error.help(format!("for all files in it write `include \"{folder}/*\";`"));
            }
            ReadError::TooLarge => {
                let text = format!("`{path}` is too large: the limit is {GREATEST_FILE} bytes");
                self.diagnostics.report(Rule::unreadable_file, pos, text);
            }
            ReadError::Other(problem) => {
                self.diagnostics.report(
                    Rule::unreadable_file,
                    pos,
                    format!("`{path}` cannot be read: {problem}"),
                );
            }
        }
    }

    fn missing(&mut self, pos: Pos, path: &str) {
        if path.is_empty() {
            let error =
                self.diagnostics.report(Rule::missing_file, pos, "`include` takes the path of a file");
            error.help("write `include \"etc/flow.trickle\";`, with the path from the crate's root");
            return;
        }
        let folder = path.strip_suffix(file_name(path)).unwrap_or("");
        let there = self.files.names_in(if folder.is_empty() { "." } else { folder });
        let error = self.diagnostics.report(Rule::missing_file, pos, format!("there is no file `{path}`"));
        match nearest(file_name(path), there.iter().map(String::as_str)) {
            Some(near) => error.help(format!("did you mean `{folder}{near}`?")),
            None if there.is_empty() && !folder.is_empty() => {
                error.help(format!("there is nothing in the folder `{}`", folder.trim_end_matches('/')))
            }
            None => error,
        };
        error.note("the path begins at the folder of the crate's `Cargo.toml`");
    }

    /// A query is a pipeline, named as its file is.
    fn pipeline(&mut self, include: &Name, path: &str, text: &str, pos: Pos) {
        let tokens = text_lexer::file(text, pos, self.diagnostics);
        let parser::QueryFile { id, stmts: body } = parser::query_file(tokens, self.diagnostics);
        let name = match id {
            Some(id) if yaml::is_name(&id.text) => id,
            Some(id) => {
                yaml::no_name(&id, "pipeline", self.diagnostics);
                self.flow.is_whole = false;
                return;
            }
            None => {
                let stem = file_name(path).trim_end_matches(".trickle");
                if !yaml::is_name(stem) {
                    let text = format!("`{stem}`, from the file `{path}`, is no name for a pipeline");
                    let error = self.diagnostics.report(Rule::bad_file_name, include.pos, text);
                    error.help("give it one in the first line of the file: `#!config id = \"name\"`");
                    self.flow.is_whole = false;
                    return;
                }
                Name { text: stem.to_string(), pos: pos.before() }
            }
        };
        self.flow.stmts.push(Stmt::Pipeline(PipelineDef { docs: Vec::new(), name, body, pos }));
    }

    /// A query is what a macro call with head `pipeline` is about.
    fn query(&mut self, include: &Name, text: &str, pos: Pos) {
        let tokens = text_lexer::file(text, pos, self.diagnostics);
        let file = parser::query_file(tokens, self.diagnostics);
        if let Some(first) = self.query {
            let error = self.diagnostics.report(
                Rule::include_in_a_query,
                include.pos,
                "a macro call with `pipeline Name;` is one query",
            );
            error
                .help("include one file, or write `flow Name;`")
                .note_at(first, "the first file is included");
            return;
        }
        self.query = Some(include.pos);
        self.flow.stmts.extend(file.stmts.into_iter().map(Stmt::Query));
    }
}
