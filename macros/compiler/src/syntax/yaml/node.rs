//! YAML's events → a tree with places. What a configuration does not need, and what would make its meaning hard to see, is
//! refused here: anchors, aliases, tags, several documents, a key given twice.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

use super::super::ast::Name;
use super::super::pos::Parts;
use super::super::{GREATEST_DEPTH, Pos};
use super::wrong::{Wrong, wrong};
use crate::diagnostics::{Diagnostics, Rule};

/// A value and its place.
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) pos: Pos,
}

pub(super) enum Kind {
    Scalar(Scalar),
    List(Vec<Node>),
    /// Each key once.
    Map(Vec<(Name, Node)>),
    /// Something that is reported.
    Wrong,
}

pub(super) struct Scalar {
    pub(super) text: String,
    /// Without quotes: perhaps a number, a boolean or null.
    pub(super) is_plain: bool,
    /// The place of the text alone, if it stands in the file letter for letter.
    pub(super) inside: Option<Pos>,
}

impl Node {
    /// `null`, `~`, or nothing at all.
    pub(super) fn is_null(&self) -> bool {
        match &self.kind {
            Kind::Scalar(scalar) => {
                scalar.is_plain && matches!(scalar.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
            }
            _ => false,
        }
    }

    /// What it is, for messages.
    pub(super) fn describe(&self) -> &'static str {
        match &self.kind {
            Kind::Scalar(_) if self.is_null() => "empty",
            Kind::Scalar(_) => "a single value",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
            Kind::Wrong => "something wrong",
        }
    }
}

/// How long a quoted text is, its quotes included; what the parser takes for its end may be that of a comment behind it.
fn quoted_len(text: &str) -> usize {
    let mut rest = text.char_indices();
    let Some((_, quote)) = rest.next() else { return 0 };
    while let Some((at, letter)) = rest.next() {
        let doubled = || quote == '\'' && text[at + 1..].starts_with('\'');
        if letter == '\\' && quote == '"' || letter == quote && doubled() {
            rest.next();
        } else if letter == quote {
            return at + 1;
        }
    }
    text.len()
}

/// The tree of a file; an empty file is null. `None` if it cannot be read, which is reported.
pub(super) fn read(text: &str, pos: Pos, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut places = Places { parts: Parts::new(text, pos), bytes: bytes_of_characters(text), text };
    if let Some(at) = text.find(|letter: char| letter.is_control() && !"\t\n\r\u{85}".contains(letter)) {
        let pos = places.parts.pos(at..at + text[at..].chars().next().map_or(0, char::len_utf8));
        diagnostics.report(Rule::no_yaml, pos, "a control character is no part of YAML").help("remove it");
        return None;
    }
    let mut builder = Builder { places, open: Vec::new(), root: None, documents: 0, diagnostics };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => builder.take(event, span)?,
            Err(error) => {
                let at = builder.places.byte(*error.marker());
                let Wrong { text, help, bytes } = wrong(error.info(), text, at);
                let pos = builder.places.parts.pos(bytes);
                let report = builder.diagnostics.report(Rule::no_yaml, pos, text);
                if let Some(help) = help {
                    report.help(help);
                }
                return None;
            }
        }
    }
    let nothing = || Node {
        kind: Kind::Scalar(Scalar { text: String::new(), is_plain: true, inside: None }),
        pos: pos.before(),
    };
    Some(builder.root.unwrap_or_else(nothing))
}

/// From the parser's places, which count characters, to ours.
struct Places<'a> {
    parts: Parts<'a>,
    text: &'a str,
    /// Where each character begins.
    bytes: Vec<u32>,
}

fn bytes_of_characters(text: &str) -> Vec<u32> {
    let byte = |byte| u32::try_from(byte).expect("files are smaller than `GREATEST_FILE`");
    text.char_indices().map(|(at, _)| byte(at)).collect()
}

impl Places<'_> {
    fn byte(&self, marker: Marker) -> usize {
        self.bytes.get(marker.index()).map_or(self.text.len(), |byte| *byte as usize)
    }

    fn pos(&mut self, span: Span) -> Pos {
        let start = self.byte(span.start);
        self.parts.pos(start..self.byte(span.end).max(start))
    }

    /// That of a text in quotes.
    fn quoted(&mut self, span: Span) -> Pos {
        let start = self.byte(span.start);
        let end = self.byte(span.end).max(start);
        self.parts.pos(start..start + quoted_len(&self.text[start..end]))
    }
}

/// A list or map that is being read.
struct Open {
    start: Pos,
    items: Items,
}

enum Items {
    List(Vec<Node>),
    Map {
        entries: Vec<(Name, Node)>,
        /// Where each key is given first.
        keys: BTreeMap<String, Pos>,
        key: Option<Key>,
    },
}

/// A key that waits for its value.
enum Key {
    Right(Name),
    /// It is reported; the value is not wanted.
    Wrong,
}

struct Builder<'a> {
    places: Places<'a>,
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    diagnostics: &'a mut Diagnostics,
}

impl Builder<'_> {
    /// One event. `None` if nothing that follows makes sense.
    fn take(&mut self, event: Event<'_>, span: Span) -> Option<()> {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    let pos = self.places.pos(span);
                    let error =
                        self.diagnostics.report(Rule::yaml_not_supported, pos, "a file is one document");
                    error.help("remove `---`, or write two files");
                    return None;
                }
            }
            Event::Alias(_) => {
                let pos = self.places.pos(span);
                let error =
                    self.diagnostics.report(Rule::yaml_not_supported, pos, "aliases are not supported");
                error.help("write the value out");
                self.add(Node { kind: Kind::Wrong, pos });
            }
            Event::Scalar(text, style, anchor, tag) => {
                let mut pos = self.places.pos(span);
                if matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted) {
                    pos = self.places.quoted(span);
                }
                self.is_bare(pos, anchor, tag.is_some());
                let kind = Kind::Scalar(self.scalar(&text, style, span));
                self.add(Node { kind, pos });
            }
            Event::SequenceStart(anchor, tag) => {
                self.begin(span, anchor, tag.is_some(), Items::List(Vec::new()))?;
            }
            Event::MappingStart(anchor, tag) => {
                let items = Items::Map { entries: Vec::new(), keys: BTreeMap::new(), key: None };
                self.begin(span, anchor, tag.is_some(), items)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Some(())
    }

    /// A value has neither an anchor nor a tag.
    fn is_bare(&mut self, pos: Pos, anchor: usize, is_tagged: bool) {
        if anchor > 0 {
            let error = self.diagnostics.report(Rule::yaml_not_supported, pos, "anchors are not supported");
            error.help("write the value without `&name`");
        }
        if is_tagged {
            let error = self.diagnostics.report(Rule::yaml_not_supported, pos, "tags are not supported");
            error.help("write the value without `!tag`: its key tells its type");
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: Span) -> Scalar {
        let (start, end) = (self.places.byte(span.start), self.places.byte(span.end));
        let quotes = usize::from(matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted));
        let inside = start + quotes..(start + quotes + text.len()).min(end);
        let is_literal = self.places.text.get(inside.clone()) == Some(text);
        Scalar {
            text: text.to_string(),
            is_plain: style == ScalarStyle::Plain,
            inside: is_literal.then(|| self.places.parts.pos(inside)),
        }
    }

    fn begin(&mut self, span: Span, anchor: usize, is_tagged: bool, items: Items) -> Option<()> {
        let pos = self.places.pos(span);
        self.is_bare(pos, anchor, is_tagged);
        if self.open.len() >= GREATEST_DEPTH {
            self.diagnostics.report(
                Rule::nested_too_deep,
                pos,
                format!("this is nested more than {GREATEST_DEPTH} levels deep"),
            );
            return None;
        }
        self.open.push(Open { start: pos, items });
        Some(())
    }

    fn end(&mut self, span: Span) {
        let Some(Open { start, items }) = self.open.pop() else { return };
        let pos = start.to(self.places.pos(span));
        let kind = match items {
            Items::List(items) => Kind::List(items),
            Items::Map { entries, .. } => Kind::Map(entries),
        };
        self.add(Node { kind, pos });
    }

    /// Puts a whole node where it belongs.
    fn add(&mut self, node: Node) {
        match self.open.last_mut().map(|open| &mut open.items) {
            None => self.root = Some(node),
            Some(Items::List(items)) => items.push(node),
            Some(Items::Map { entries, keys, key }) => match key.take() {
                Some(Key::Right(name)) => entries.push((name, node)),
                Some(Key::Wrong) => {}
                None => *key = Some(checked_key(node, keys, self.diagnostics)),
            },
        }
    }
}

/// A key is a word, and given once.
fn checked_key(node: Node, keys: &mut BTreeMap<String, Pos>, diagnostics: &mut Diagnostics) -> Key {
    let Kind::Scalar(scalar) = node.kind else {
        if !matches!(node.kind, Kind::Wrong) {
            let error = diagnostics.report(Rule::yaml_wrong_value, node.pos, "a key is a word");
            error.help("write it in one line, without brackets: `key: value`");
        }
        return Key::Wrong;
    };
    if let Some(first) = keys.get(&scalar.text) {
        let error =
            diagnostics.report(Rule::key_given_twice, node.pos, format!("`{}` is given twice", scalar.text));
        error.help("remove one of the two").note_at(*first, "first given");
        return Key::Wrong;
    }
    let pos = scalar.inside.unwrap_or(node.pos);
    keys.insert(scalar.text.clone(), pos);
    Key::Right(Name { text: scalar.text, pos })
}
