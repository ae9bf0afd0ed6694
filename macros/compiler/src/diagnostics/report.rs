//! An error as text. One in the macro call is shown by rustc with its place; one in a file shows that itself.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Line, Sources};
use crate::syntax::Pos;

/// A line of more bytes is not shown: nobody would find anything in it.
const LONGEST_LINE: usize = 2000;

/// Places that are further apart, in bytes, are not shown in one excerpt.
const LONGEST_EXCERPT: usize = 16 * 1024;

/// The whole message of an error.
pub(super) fn message(error: &Diagnostic, sources: &Sources) -> String {
    visible(match sources.text(error.pos) {
        Some(text) => in_file(error, text, sources),
        None => in_macro_call(error, sources),
    })
}

/// Whether a terminal would obey it, or show what stands beside it in another order.
fn is_order(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The user's own characters may be in a message; those that nobody can see are escaped.
fn visible(message: String) -> String {
    if !message.contains(is_order) {
        return message;
    }
    let mut visible = String::with_capacity(message.len());
    for c in message.chars() {
        if is_order(c) { visible.extend(c.escape_unicode()) } else { visible.push(c) }
    }
    visible
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
    let mut marks = vec![(shown(error.pos, text), None)];
    let mut below = Vec::new();
    for line in &error.lines {
        match line {
            Line::Help(text) => below.push(Level::HELP.message(text.as_str())),
            Line::Note(text) => below.push(Level::NOTE.message(text.as_str())),
            Line::NoteAt(pos, label) if is_near(*pos, error.pos) => {
                marks.push((shown(*pos, text), Some(label.as_str())));
            }
            Line::NoteAt(pos, text) => {
                below.push(Level::NOTE.message(format!("{text} at {}", place(*pos, sources))));
            }
        }
    }
    // only the lines that are needed: the renderer goes through all that it is given
    let first = marks.iter().map(|(bytes, _)| bytes.start).min().unwrap_or(0);
    let last = marks.iter().map(|(bytes, _)| bytes.end).max().unwrap_or(0);
    let from = text[..first].rfind('\n').map_or(0, |end| end + 1);
    let until = text[last..].find('\n').map_or(text.len(), |len| last + len + 1);
    let line = text[..from].bytes().filter(|byte| *byte == b'\n').count() + 1;
    let marks = marks.into_iter().map(|(bytes, label)| match label {
        None => AnnotationKind::Primary.span(bytes.start - from..bytes.end - from),
        Some(label) => AnnotationKind::Context.span(bytes.start - from..bytes.end - from).label(label),
    });
    let name = sources.name(error.pos).expect("a place with a text has a file with a name");
    let title = Level::ERROR.primary_title(error.text.as_str());
    let group = if text[from..until].lines().any(|line| line.len() > LONGEST_LINE) {
        let (line, column) = error.pos.start();
        title.element(Origin::path(name).line(line).char_column(column + 1)).elements(below)
    } else {
        let excerpt = Snippet::source(&text[from..until]).line_start(line).path(name);
        title.element(excerpt.annotations(marks)).elements(below)
    };
    let rendered = Renderer::plain().render(&[group]);
    // rustc writes an `error: ` of its own before it
    rendered.strip_prefix("error: ").unwrap_or(&rendered).to_string()
}

/// Whether two places can be shown in one excerpt.
fn is_near(a: Pos, b: Pos) -> bool {
    let start = |pos: Pos| pos.bytes().map_or(0, |bytes| bytes.start);
    a.file_id() == b.file_id() && start(a).abs_diff(start(b)) <= LONGEST_EXCERPT
}

/// The bytes that are marked: of a place with several lines the first one; the end of the text is behind its last
/// letter, where something can be seen.
fn shown(pos: Pos, text: &str) -> Range<usize> {
    let Range { start, end } = pos.bytes().expect("a place in a file has bytes");
    if start == end {
        let start = start.min(text.trim_end().len());
        return start..start;
    }
    let line = text.get(start..end).unwrap_or("");
    let len = line.find('\n').unwrap_or(line.len());
    let len = line[..len].trim_end().len();
    start..start + len
}
