//! Cuts the bytes that come over a wire into lines. A line ends with a line feed, with or without a carriage return before it,
//! or with the end of the stream; one without a byte is no line. What a line means is not here.
//!
//! At most `most` bytes of a line are ever held beside what the wire holds: a longer line is counted to its end, and only its
//! beginning is kept.

use std::ops::Range;

use super::codec::SHOWN;
use crate::core::{Wire, WireState};

/// A line, without its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Its text; of a line that is too long, the beginning.
    pub(super) text: &'a [u8],
    /// How many bytes it has.
    pub(super) bytes: u64,
    /// Which line it is of its file, stream or list, from 1; empty ones count.
    pub(super) number: u64,
}

/// What there is to be found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A line, to be taken.
    Line,
    /// Nothing until more comes.
    NotYet,
    /// Nothing any more: the stream has come to its end.
    End,
    /// Nothing any more: the stream could not be opened, or broke.
    Broken(String),
}

/// Where the line is that was found.
#[derive(Debug)]
enum Place {
    /// In the wire's incoming bytes, whole.
    Wire(Range<usize>),
    /// In `begun`.
    Begun,
}

/// What a stream has given until now, as long as that is little: the next pass needs no new stream then.
#[derive(Debug)]
enum Copied {
    All(Vec<u8>),
    TooMuch,
}

/// The most bytes of a stream that are kept for the next pass.
pub(super) const MOST_COPIED: usize = 64 * 1024;

/// What some editors and spreadsheets put before everything, in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Finds one line after the other.
#[derive(Debug)]
pub(super) struct Cutter {
    most: u64,
    /// How many bytes at the start of the wire's incoming ones are done with.
    at: usize,
    /// The beginning of a line whose end has not come.
    begun: Vec<u8>,
    /// How many bytes that line has until now.
    begun_bytes: u64,
    found: Option<Place>,
    /// Which line that is, or else the last one that was found.
    number: u64,
    copied: Copied,
}

impl Cutter {
    /// For lines of at most so many bytes; longer ones are found too, but not held.
    pub(super) fn new(most: u64) -> Cutter {
        Cutter {
            most,
            at: 0,
            begun: Vec::new(),
            begun_bytes: 0,
            found: None,
            number: 0,
            copied: Copied::All(Vec::new()),
        }
    }

    /// Begins anew with a stream that has ended: gives its wire the same bytes once more, if they were few.
    pub(super) fn replay(&mut self, wire: &mut Wire) -> bool {
        let whole = std::mem::replace(&mut self.copied, Copied::TooMuch);
        *self = Cutter::new(self.most);
        match whole {
            Copied::All(bytes) if wire.at_end && wire.command.is_none() => {
                wire.incoming.extend_from_slice(&bytes);
                true
            }
            _ => false,
        }
    }

    /// Whether a line was found and not taken.
    #[inline]
    pub(super) fn has_line(&self) -> bool {
        self.found.is_some()
    }

    /// How many bytes it has a place for.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.begun.capacity()
    }

    /// Looks for the next line. All bytes of the wire are consumed unless one is found.
    pub(super) fn find(&mut self, wire: &mut Wire) -> Found {
        while self.found.is_none() {
            let rest = &wire.incoming[self.at..];
            let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
                keep(&mut self.begun, &mut self.begun_bytes, self.most, rest);
                self.copy(&wire.incoming);
                wire.incoming.clear();
                self.at = 0;
                return self.at_the_end(wire);
            };
            if self.begun_bytes == 0 {
                self.found = Some(Place::Wire(self.at..self.at + end));
            } else {
                keep(&mut self.begun, &mut self.begun_bytes, self.most, &rest[..end]);
                self.found = Some(Place::Begun);
            }
            self.at += end + 1;
            self.number += 1;
            self.skip_if_empty(wire);
        }
        Found::Line
    }

    /// All bytes are consumed: will there be more?
    fn at_the_end(&mut self, wire: &Wire) -> Found {
        match &wire.state {
            WireState::Ended(_) if wire.at_end => {
                if self.begun_bytes > 0 {
                    self.found = Some(Place::Begun);
                    self.number += 1;
                    self.skip_if_empty(wire);
                }
                if self.found.is_some() { Found::Line } else { Found::End }
            }
            WireState::Ended(reason) => Found::Broken(reason.clone()),
            WireState::Idle | WireState::Connecting | WireState::Open => Found::NotYet,
        }
    }

    fn copy(&mut self, bytes: &[u8]) {
        match &mut self.copied {
            Copied::All(copied) if copied.len() + bytes.len() <= MOST_COPIED => {
                copied.extend_from_slice(bytes)
            }
            copied => *copied = Copied::TooMuch,
        }
    }

    fn skip_if_empty(&mut self, wire: &Wire) {
        if self.line(wire).bytes == 0 {
            self.forget();
        }
    }

    /// The line that was found is done with.
    pub(super) fn forget(&mut self) {
        if let Some(Place::Begun) = self.found.take() {
            self.begun.clear();
            self.begun_bytes = 0;
        }
    }

    /// The line that was found.
    ///
    /// # Panics
    /// None was.
    pub(super) fn line<'a>(&'a self, wire: &'a Wire) -> Line<'a> {
        let (text, bytes) = match self.found.as_ref().expect("asked for only when one was found") {
            Place::Wire(range) => (&wire.incoming[range.clone()], range.len() as u64),
            Place::Begun => (&*self.begun, self.begun_bytes),
        };
        let number = self.number;
        let (text, bytes) = match text.strip_prefix(BYTE_ORDER_MARK) {
            Some(behind) if number == 1 => (behind, bytes - BYTE_ORDER_MARK.len() as u64),
            _ => (text, bytes),
        };
        match text.split_last() {
            Some((b'\r', text_before)) if bytes == text.len() as u64 => {
                Line { text: text_before, bytes: bytes - 1, number }
            }
            _ => Line { text, bytes, number },
        }
    }
}

/// Adds a piece to the beginning of a line. Of one that is too long, only what is shown is kept.
fn keep(begun: &mut Vec<u8>, bytes: &mut u64, most: u64, piece: &[u8]) {
    *bytes += piece.len() as u64;
    // A byte order mark may come first, and a carriage return last.
    if *bytes <= most.saturating_add(BYTE_ORDER_MARK.len() as u64 + 1) {
        begun.extend_from_slice(piece);
        return;
    }
    begun.truncate(SHOWN);
    begun.extend_from_slice(&piece[..piece.len().min(SHOWN - begun.len())]);
    begun.shrink_to(SHOWN);
}
