//! Where something stands in what the user wrote: in the macro call, or in a file that it includes. The only file that
//! knows what a place is made of.

use std::ops::Range;

use proc_macro2::Span;

/// A stretch of the user's text.
#[derive(Clone, Copy, Debug)]
pub struct Pos(Place);

#[derive(Clone, Copy, Debug)]
enum Place {
    /// From one token to another. (Spans cannot be joined on stable Rust, so both ends are kept.)
    Tokens { first: Span, last: Span },
    /// Of an included file; rustc knows nothing nearer than the string behind `include`.
    File { include: Span, file: FileId, start: At, end: At },
}

/// An included file: its number in the order in which the files are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileId(pub(crate) u32);

/// A place in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    byte: u32,
    /// From 0.
    line: u32,
    /// From 0, in characters.
    column: u32,
}

/// What orders places: those of the macro call as they stand, those of a file at its `include`, in the file's order.
pub type Order = ((usize, usize), u32, (usize, usize));

impl Pos {
    /// One token of the macro call.
    pub fn token(span: Span) -> Pos {
        Pos(Place::Tokens { first: span, last: span })
    }

    /// A whole file, which the string at `include` brings in.
    pub(super) fn file(include: Pos, file: FileId, text: &str) -> Pos {
        let start = At::default();
        Pos(Place::File { include: include.first(), file, start, end: start.behind(text) })
    }

    /// From the start of this to the end of `last`.
    #[must_use]
    pub fn to(self, last: Pos) -> Pos {
        match (self.0, last.0) {
            (Place::Tokens { first, .. }, Place::Tokens { last, .. }) => Pos(Place::Tokens { first, last }),
            (Place::File { include, file, start, .. }, Place::File { file: other, end, .. })
                if file == other =>
            {
                Pos(Place::File { include, file, start, end })
            }
            // nothing reaches from one text into another
            _ => self,
        }
    }

    /// The start alone.
    pub(super) fn before(self) -> Pos {
        match self.0 {
            Place::File { include, file, start, .. } => Pos(Place::File { include, file, start, end: start }),
            Place::Tokens { .. } => self,
        }
    }

    /// The first token's span; of a file, that of the string behind `include`.
    pub fn first(self) -> Span {
        match self.0 {
            Place::Tokens { first, .. } => first,
            Place::File { include, .. } => include,
        }
    }

    /// The last token's span; of a file, that of the string behind `include`.
    pub fn last(self) -> Span {
        match self.0 {
            Place::Tokens { last, .. } => last,
            Place::File { include, .. } => include,
        }
    }

    /// Line (from 1) and column (from 0) of the start, in the text that it belongs to.
    pub fn start(self) -> (usize, usize) {
        match self.0 {
            Place::Tokens { first, .. } => {
                let at = first.start();
                (at.line, at.column)
            }
            Place::File { start, .. } => start.line_column(),
        }
    }

    /// Line (from 1) and column (from 0) behind the end, in the text that it belongs to.
    pub fn end(self) -> (usize, usize) {
        match self.0 {
            Place::Tokens { last, .. } => {
                let at = last.end();
                (at.line, at.column)
            }
            Place::File { end, .. } => end.line_column(),
        }
    }

    /// What orders places of all texts of a macro call.
    pub fn order(self) -> Order {
        let at = self.first().start();
        match self.0 {
            Place::Tokens { .. } => ((at.line, at.column), 0, (0, 0)),
            Place::File { file, .. } => ((at.line, at.column), file.0 + 1, self.start()),
        }
    }

    /// What orders the end, among places of all texts of a macro call.
    pub(crate) fn end_order(self) -> Order {
        let at = self.last().start();
        match self.0 {
            Place::Tokens { .. } => ((at.line, at.column), 0, (0, 0)),
            Place::File { file, .. } => ((at.line, at.column), file.0 + 1, self.end()),
        }
    }

    /// The file, if it is in one.
    pub fn file_id(self) -> Option<FileId> {
        match self.0 {
            Place::Tokens { .. } => None,
            Place::File { file, .. } => Some(file),
        }
    }

    /// Which bytes of the file, if it is in one.
    pub fn bytes(self) -> Option<Range<usize>> {
        match self.0 {
            Place::Tokens { .. } => None,
            Place::File { start, end, .. } => Some(start.byte as usize..end.byte as usize),
        }
    }

    pub(super) fn is_in_file(self) -> bool {
        self.file_id().is_some()
    }
}

impl At {
    /// Behind a text that begins here.
    fn behind(self, text: &str) -> At {
        let byte = self.byte + u32::try_from(text.len()).expect("files are smaller than `GREATEST_FILE`");
        let count = |text: &str| u32::try_from(text.chars().count()).expect("no more characters than bytes");
        match text.rfind('\n') {
            None => At { byte, column: self.column + count(text), ..self },
            Some(last) => {
                let lines = text.bytes().filter(|byte| *byte == b'\n').count();
                let lines = u32::try_from(lines).expect("no more lines than bytes");
                At { byte, line: self.line + lines, column: count(&text[last + 1..]) }
            }
        }
    }

    fn line_column(self) -> (usize, usize) {
        (self.line as usize + 1, self.column as usize)
    }
}

/// So many bytes are counted at most to find a place, however often one is asked for.
const STEP: usize = 256;

/// The places of the parts of a text whose whole place is known. Where that is tokens, every part has the place of the
/// whole: a string's inside has no spans of its own.
pub(super) struct Parts<'a> {
    text: &'a str,
    whole: Pos,
    /// The places of every so many bytes, as far as they were needed.
    steps: Vec<(usize, At)>,
}

impl<'a> Parts<'a> {
    /// Of `text`, which begins where `whole` does, letter for letter.
    pub(super) fn new(text: &'a str, whole: Pos) -> Parts<'a> {
        let start = match whole.0 {
            Place::File { start, .. } => start,
            Place::Tokens { .. } => At::default(),
        };
        Parts { text, whole, steps: vec![(0, start)] }
    }

    /// The place of these bytes of the text.
    pub(super) fn pos(&mut self, bytes: Range<usize>) -> Pos {
        let Place::File { include, file, .. } = self.whole.0 else { return self.whole };
        let start = self.at(bytes.start);
        let end = self.at(bytes.end);
        Pos(Place::File { include, file, start, end })
    }

    fn at(&mut self, byte: usize) -> At {
        while self.steps.len() <= byte / STEP {
            let (last, at) = *self.steps.last().expect("the first one is there from the start");
            let mut next = self.steps.len() * STEP;
            while !self.text.is_char_boundary(next) {
                next -= 1;
            }
            self.steps.push((next, at.behind(&self.text[last..next])));
        }
        let (before, at) = self.steps[byte / STEP];
        at.behind(&self.text[before..byte])
    }
}
