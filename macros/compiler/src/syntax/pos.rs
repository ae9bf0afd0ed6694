//! Where something stands in what the user wrote.

use proc_macro2::Span;

/// A stretch of the user's text, from its first token to its last. (Spans cannot be joined on stable Rust, so both
/// ends are kept.) Included files will add a second kind of place; nothing but this file may know.
#[derive(Clone, Copy, Debug)]
pub struct Pos {
    first: Span,
    last: Span,
}

impl Pos {
    /// One token.
    pub fn token(span: Span) -> Pos {
        Pos { first: span, last: span }
    }

    /// From the start of this to the end of `last`.
    #[must_use]
    pub fn to(self, last: Pos) -> Pos {
        Pos { first: self.first, last: last.last }
    }

    /// The first token's span.
    pub fn first(self) -> Span {
        self.first
    }

    /// The last token's span.
    pub fn last(self) -> Span {
        self.last
    }

    /// Line (from 1) and column (from 0) of the start; orders messages, and names further places in notes.
    pub fn start(self) -> (usize, usize) {
        let at = self.first.start();
        (at.line, at.column)
    }

    /// Line (from 1) and column (from 0) behind the end.
    pub fn end(self) -> (usize, usize) {
        let at = self.last.end();
        (at.line, at.column)
    }
}
