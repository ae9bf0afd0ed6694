//! An error as text. One in the macro call is shown by rustc with its place; one in a file shows that itself.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{Diagnostic, Line, Sources};
use crate::syntax::Pos;

/// The whole message of an error.
pub(super) fn message(error: &Diagnostic, sources: &Sources) -> String {
    match sources.text(error.pos) {
        Some(text) => in_file(error, text, sources),
        None => in_macro_call(error, sources),
    }
}

fn in_macro_call(error: &Diagnostic, sources: &Sources) -> String {
    let mut message = error.text.clone();
    for line in &error.lines {
        message += &match line {
            Line::Help(text) => format!("\nhelp: {text}"),
            Line::Note(text) => format!("\nnote: {text}"),
            Line::NoteAt(pos, text) => match sources.name(*pos) {
                None => format!("\nnote: {text} at line {}", pos.start().0),
                Some(_) => format!("\nnote: {text} at {}", place(*pos, sources)),
            },
        };
    }
    message
}

/// `etc/x.trickle:12:9`, as editors know it.
fn place(pos: Pos, sources: &Sources) -> String {
    let (line, column) = pos.start();
    match sources.name(pos) {
        Some(name) => format!("{name}:{line}:{}", column + 1),
        None => format!("line {line}, in the macro call"),
    }
}

/// Title, then the excerpt: places in the same file are marked in it, all else is below it.
fn in_file(error: &Diagnostic, text: &str, sources: &Sources) -> String {
    let name = sources.name(error.pos).expect("a place with a text has a file with a name");
    let mut snippet = Snippet::source(text).path(name);
    snippet = snippet.annotation(AnnotationKind::Primary.span(shown(error.pos, text)));
    let mut below = Vec::new();
    for line in &error.lines {
        match line {
            Line::Help(text) => below.push(Level::HELP.message(text.as_str())),
            Line::Note(text) => below.push(Level::NOTE.message(text.as_str())),
            Line::NoteAt(pos, label) if pos.file_id() == error.pos.file_id() => {
                let mark = AnnotationKind::Context.span(shown(*pos, text)).label(label.as_str());
                snippet = snippet.annotation(mark);
            }
            Line::NoteAt(pos, text) => {
                below.push(Level::NOTE.message(format!("{text} at {}", place(*pos, sources))));
            }
        }
    }
    let group = Level::ERROR.primary_title(error.text.as_str()).element(snippet).elements(below);
    let rendered = Renderer::plain().render(&[group]);
    // rustc writes an `error: ` of its own before it
    rendered.strip_prefix("error: ").unwrap_or(&rendered).to_string()
}

/// The bytes that are marked: of a place with several lines the first one.
fn shown(pos: Pos, text: &str) -> Range<usize> {
    let Range { start, end } = pos.bytes().expect("a place in a file has bytes");
    let line = text.get(start..end).unwrap_or("");
    let len = line.find('\n').unwrap_or(line.len());
    let len = line[..len].trim_end().len();
    start..start + len
}
