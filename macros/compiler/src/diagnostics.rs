//! The error collector that goes through parse, resolve and check. A message says what is wrong, then (`help`) what to
//! do; further places are notes. It must be drained: what it holds decides whether code is emitted.

use proc_macro2::TokenStream;
use quote::quote_spanned;

use crate::syntax::Pos;

/// All errors of one macro call.
#[derive(Debug, Default)]
pub struct Diagnostics {
    errors: Vec<Diagnostic>,
}

/// One error, at the smallest place that, if edited, mends it.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pos: Pos,
    text: String,
    lines: Vec<String>,
}

impl Diagnostics {
    /// Reports an error; the result takes its help and notes.
    pub fn error(&mut self, pos: Pos, text: impl Into<String>) -> &mut Diagnostic {
        let at = self.errors.len();
        self.errors.push(Diagnostic { pos, text: text.into(), lines: Vec::new() });
        &mut self.errors[at]
    }

    /// Whether nothing was reported.
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// How many errors there are.
    pub fn len(&self) -> usize {
        self.errors.len()
    }

    /// The errors in source order, each once.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.errors.sort_by_key(|error| error.pos.start());
        self.errors.dedup_by(|a, b| a.pos.start() == b.pos.start() && a.text == b.text);
        self.errors
    }
}

impl Diagnostic {
    /// Adds what to do.
    pub fn help(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.lines.push(format!("help: {}", text.as_ref()));
        self
    }

    /// Adds what helps to understand.
    pub fn note(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.lines.push(format!("note: {}", text.as_ref()));
        self
    }

    /// Adds a further place, by its line.
    pub fn note_at(&mut self, pos: Pos, text: impl AsRef<str>) -> &mut Self {
        self.lines.push(format!("note: {} at line {}", text.as_ref(), pos.start().0));
        self
    }

    /// The place.
    pub fn pos(&self) -> Pos {
        self.pos
    }

    /// The whole message, its help and notes on lines of their own.
    pub fn message(&self) -> String {
        let mut message = self.text.clone();
        for line in &self.lines {
            message.push('\n');
            message.push_str(line);
        }
        message
    }

    /// `compile_error!` under the error's first to last token.
    pub fn to_tokens(&self) -> TokenStream {
        let message = self.message();
        let (first, last) = (self.pos.first(), self.pos.last());
        let path = quote_spanned!(first=> ::core::compile_error!);
        let body = quote_spanned!(last=> { #message });
        quote::quote!(#path #body)
    }
}
