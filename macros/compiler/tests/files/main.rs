//! Included files: how they are found, what is read from them, and how errors in them are shown.

mod corpus;
mod customer;
mod disk;
mod errors_page;
mod include;
mod rules;
mod rules_files;
mod rules_graph;
mod rules_names;
mod rules_text;
mod shown;
mod soup;
mod statements;
#[path = "../support/mod.rs"]
mod support;
mod trickle;
mod trickle_errors;
mod yaml;
mod yaml_errors;
mod yaml_places;

use std::collections::BTreeMap;

use foreshock_compiler::diagnostics::Diagnostics;
use foreshock_compiler::files::{Files, GREATEST_FILE, ReadError, pattern_fault};
use foreshock_compiler::judged;
use foreshock_compiler::syntax::ast::Flow;
use foreshock_compiler::syntax::parse;
use proc_macro2::TokenStream;

/// Files by their paths. A path that ends in `/` is a folder. Patterns: one `*`, for any name in a folder.
#[derive(Default)]
pub(crate) struct Memory(BTreeMap<String, Vec<u8>>);

impl Memory {
    pub(crate) fn new(files: &[(&str, &str)]) -> Memory {
        let owned = |(path, text): &(&str, &str)| (path.to_string(), text.as_bytes().to_vec());
        Memory(files.iter().map(owned).collect())
    }
}

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        if self.0.keys().any(|file| file.starts_with(&format!("{path}/"))) {
            return Err(ReadError::Folder);
        }
        let bytes = self.0.get(path).ok_or(ReadError::Missing)?;
        if bytes.len() as u64 > GREATEST_FILE { Err(ReadError::TooLarge) } else { Ok(bytes.clone()) }
    }

    fn glob(&self, pattern: &str) -> Result<Vec<String>, String> {
        glob::Pattern::new(pattern).map_err(|_| pattern_fault(pattern))?;
        let (before, behind) = pattern.split_once('*').ok_or("it has no `*`")?;
        let fits = |path: &&String| {
            let name = path.strip_prefix(before).and_then(|rest| rest.strip_suffix(behind));
            name.is_some_and(|name| !name.contains('/') && !name.starts_with('.'))
        };
        Ok(self.0.keys().filter(fits).cloned().collect())
    }

    fn names_in(&self, folder: &str) -> Vec<String> {
        let folder = if folder == "." { "" } else { folder };
        let names = self.0.keys().filter_map(|path| path.strip_prefix(folder));
        names.filter(|name| !name.contains('/')).map(String::from).collect()
    }

    fn absolute(&self, path: &str) -> Option<String> {
        Some(format!("/crate/{path}"))
    }
}

/// Parses a macro call with its files.
pub(crate) fn parsed(text: &str, files: &Memory) -> (Flow, Diagnostics) {
    let tokens: TokenStream = text.parse().expect("the text is Rust tokens");
    let mut diagnostics = Diagnostics::default();
    let flow = parse(tokens, files, &mut diagnostics).expect("it is a flow");
    (flow, diagnostics)
}

/// Takes a macro call and its files through the passes up to check, as the macro does.
pub(crate) fn checked(text: &str, files: &Memory) -> Diagnostics {
    let (flow, mut diagnostics) = parsed(text, files);
    judged(flow, &mut diagnostics);
    diagnostics
}

/// The errors as they are shown, each with the place in the macro call where rustc shows it.
pub(crate) fn reports(diagnostics: Diagnostics) -> String {
    let mut out = String::new();
    for error in diagnostics.into_sorted() {
        let at = error.pos().first().start();
        out += &format!("at {}:{}: {}\n", at.line, at.column + 1, error.message());
    }
    out
}
