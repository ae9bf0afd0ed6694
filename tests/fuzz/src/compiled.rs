//! What must hold of every macro call and its files: errors have a place inside their text and are words for people, and what is
//! made without errors is Rust.

use foreshock_compiler::compile_with;
use foreshock_compiler::diagnostics::{Diagnostics, Level, Report, Sources};
use foreshock_compiler::files::{Files, GREATEST_FILE, ReadError};
use foreshock_compiler::syntax::Pos;
use foreshock_compiler::syntax::ast::Flow;
use foreshock_compiler::{check, resolve, syntax};
use proc_macro2::TokenStream;

/// Files by their names.
pub(crate) struct Memory<'a>(pub(crate) &'a [(&'a str, &'a [u8])]);

impl Files for Memory<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let bytes = self.0.iter().find(|(name, _)| *name == path).ok_or(ReadError::Missing)?.1;
        if bytes.len() as u64 > GREATEST_FILE { Err(ReadError::TooLarge) } else { Ok(bytes.to_vec()) }
    }

    fn glob(&self, _pattern: &str) -> Result<Vec<String>, String> {
        Ok(self.0.iter().map(|(name, _)| (*name).to_owned()).collect())
    }

    fn names_in(&self, _folder: &str) -> Vec<String> {
        self.0.iter().map(|(name, _)| (*name).to_owned()).collect()
    }

    fn absolute(&self, path: &str) -> Option<String> {
        Some(format!("/crate/{path}"))
    }
}

/// A message has no more bytes than this, with its excerpt.
const LONGEST_MESSAGE: usize = 64 * 1024;

/// So many errors are shown at most.
const MOST_ERRORS: usize = 200;

/// What is made of a flow has no more bytes than this, and so many for each of its text.
const MADE: (usize, usize) = (1 << 20, 4096);

/// What no message to a user says, unless the user wrote it.
const INTERNAL: &[&str] =
    &["unreachable", "panicked", "internal error", "Some(", "Err(", "None)", "TokenStream"];

/// Takes a macro call through all passes.
pub(crate) fn check(call: &str, tokens: TokenStream, files: &Memory<'_>) {
    let mut diagnostics = Diagnostics::default();
    if let Some(flow) = syntax::parse(tokens.clone(), files, &mut diagnostics)
        && flow.is_whole
    {
        let graph = resolve::resolve(flow, &mut diagnostics);
        check::check(&graph, &mut diagnostics);
    }
    let sources = diagnostics.sources().clone();
    let reports = diagnostics.into_sorted();
    assert!(reports.len() <= MOST_ERRORS, "{} errors", reports.len());
    reports.iter().for_each(|report| check_report(report, &sources, call, files));

    let made = compile_with(tokens, files);
    let text = made.to_string();
    let len = call.len() + files.0.iter().map(|(_, text)| text.len()).sum::<usize>();
    assert!(text.len() <= MADE.0 + MADE.1 * len, "{} bytes are made of {len}", text.len());
    let file = syn::parse2::<syn::File>(made);
    let file = file.unwrap_or_else(|error| panic!("what is made is no Rust: {error}\n{text}"));
    let is_error = |item: &syn::Item| matches!(item, syn::Item::Macro(item) if item.mac.path.segments.last().is_some_and(|last| last.ident == "compile_error"));
    assert_eq!(
        file.items.iter().any(is_error),
        reports.iter().any(|report| report.rule().level() == Level::Error),
        "errors are told, and nothing else is one"
    );
    forget_places();
}

/// Places of tokens are kept as long as the thread lives, unless they are forgotten.
pub(crate) fn forget_places() {
    proc_macro2::extra::invalidate_current_thread_spans();
}

fn check_report(report: &Report, sources: &Sources, call: &str, files: &Memory<'_>) {
    let message = report.message();
    let first = message.lines().next().unwrap_or_default();
    assert!(first.trim().len() > 3, "an error has words: {message:?}");
    assert!(message.len() <= LONGEST_MESSAGE, "a message of {} bytes: {first}", message.len());
    let hidden = |c: &char| (c.is_control() && *c != '\n') || ('\u{202a}'..='\u{202e}').contains(c);
    let control = message.chars().find(hidden);
    assert_eq!(control, None, "a message is for people: {message:?}");
    let is_written = |word: &str| {
        call.contains(word) || files.0.iter().any(|(_, text)| String::from_utf8_lossy(text).contains(word))
    };
    let word = INTERNAL.iter().find(|word| message.contains(**word) && !is_written(word));
    assert_eq!(word, None, "a message tells nothing of the inside: {message}");
    let pos = report.pos();
    assert!(pos.start() <= pos.end(), "{message}");
    match (sources.name(pos), pos.bytes()) {
        (Some(name), Some(bytes)) => {
            let (_, text) = files.0.iter().find(|(file, _)| *file == name).expect("it was read");
            let text = std::str::from_utf8(text).expect("only a text has places");
            assert!(text.get(bytes.clone()).is_some(), "{bytes:?} is a part of {text:?}");
            assert_eq!(pos.start(), line_and_column(text, bytes.start), "{message}");
            assert_eq!(pos.end(), line_and_column(text, bytes.end), "{message}");
        }
        _ => check_in_call(pos, call, &message),
    }
}

fn check_in_call(pos: Pos, call: &str, message: &str) {
    for (line, column) in [pos.start(), pos.end()] {
        if line == 0 {
            // Built for a fuzzer, `proc_macro2` keeps no places; the smoke test has them.
            return;
        }
        let text = call.split('\n').nth(line - 1);
        // Lines are counted over all texts that were made tokens; the call is the first.
        let len = text.map(|text| text.chars().count());
        assert!(len.is_some_and(|len| column <= len), "{line}:{column} lies in the macro call: {message}");
    }
}

/// Line from 1, column from 0 in characters.
fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = &text[..byte];
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count());
    (line + 1, column)
}

/// The tree of a macro call, if its text has no errors.
pub(crate) fn parsed(call: &str, files: &Memory<'_>) -> Option<Flow> {
    let mut diagnostics = Diagnostics::default();
    let flow = syntax::parse(call.parse().expect("it is Rust tokens"), files, &mut diagnostics);
    flow.filter(|flow| flow.is_whole && !diagnostics.has_errors())
}
