//! The error collector that goes through parse, resolve and check. A message says what is wrong, then (`help`) what to
//! do; further places are notes. It must be drained: what it holds decides whether code is emitted.

mod report;
mod sources;

use proc_macro2::TokenStream;
use quote::quote_spanned;

pub use sources::Sources;

use crate::syntax::Pos;

/// So many errors are shown; who has more has something else than a flow before them.
const MOST_ERRORS: usize = 200;

/// All errors of one macro call, and the texts of the files that they may stand in.
#[derive(Debug, Default)]
pub struct Diagnostics {
    errors: Vec<Diagnostic>,
    sources: Sources,
}

/// One error while it is put together, at the smallest place that, if edited, mends it.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pos: Pos,
    text: String,
    lines: Vec<Line>,
}

/// What stands below an error's first line.
#[derive(Clone, Debug)]
enum Line {
    Help(String),
    Note(String),
    /// A note on another place.
    NoteAt(Pos, String),
}

/// A whole error, as it is shown.
#[derive(Clone, Debug)]
pub struct Report {
    pos: Pos,
    message: String,
}

impl Diagnostics {
    /// Reports an error; the result takes its help and notes.
    pub fn error(&mut self, pos: Pos, text: impl Into<String>) -> &mut Diagnostic {
        let at = self.errors.len();
        // Where the user's words have several lines, the error has one.
        let text = text.into().replace('\n', "\\n");
        self.errors.push(Diagnostic { pos, text, lines: Vec::new() });
        &mut self.errors[at]
    }

    /// Reports the errors of a part that has no places of its own: all at `pos`, behind words that name the part.
    pub(crate) fn adopt(&mut self, pos: Pos, part: &str, errors: Diagnostics) {
        for inner in errors.errors {
            let text = format!("{part}: {}", inner.text);
            self.error(pos, text).lines = inner.lines;
        }
    }

    /// Whether nothing was reported.
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// How many errors there are.
    pub fn len(&self) -> usize {
        self.errors.len()
    }

    /// The files that were read.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The files that were read, to add to them.
    pub(crate) fn sources_mut(&mut self) -> &mut Sources {
        &mut self.sources
    }

    /// The errors in source order, each once.
    pub fn into_sorted(self) -> Vec<Report> {
        let Diagnostics { mut errors, sources } = self;
        errors.sort_by_key(|error| error.pos.order());
        errors.dedup_by(|a, b| a.pos.order() == b.pos.order() && a.text == b.text);
        if let Some(more) = errors.len().checked_sub(MOST_ERRORS).filter(|more| *more > 0) {
            errors.truncate(MOST_ERRORS);
            let last = errors.last_mut().expect("more than none are left");
            last.note(format!("there are {more} more errors"));
        }
        let report =
            |error: &Diagnostic| Report { pos: error.pos, message: report::message(error, &sources) };
        errors.iter().map(report).collect()
    }
}

impl Diagnostic {
    /// Adds what to do.
    pub fn help(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.lines.push(Line::Help(text.as_ref().to_string()));
        self
    }

    /// Adds what helps to understand.
    pub fn note(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.lines.push(Line::Note(text.as_ref().to_string()));
        self
    }

    /// Adds a further place.
    pub fn note_at(&mut self, pos: Pos, text: impl AsRef<str>) -> &mut Self {
        self.lines.push(Line::NoteAt(pos, text.as_ref().to_string()));
        self
    }
}

impl Report {
    /// The place.
    pub fn pos(&self) -> Pos {
        self.pos
    }

    /// The whole message: help and notes on lines of their own; of an error in a file, the excerpt with its place marked.
    pub fn message(&self) -> String {
        self.message.clone()
    }

    /// `compile_error!` under the error's first to last token.
    pub fn to_tokens(&self) -> TokenStream {
        let message = &self.message;
        let (first, last) = (self.pos.first(), self.pos.last());
        let path = quote_spanned!(first=> ::core::compile_error!);
        let body = quote_spanned!(last=> { #message });
        quote::quote!(#path #body)
    }
}
