//! `# allow(rule)` on a line of its own: before an item of a list, or a key, it silences the rule in what begins on the next
//! line; before everything else, in the whole file.

use std::ops::Range;

use super::super::pos::Parts;
use super::super::{Pos, allow};
use super::node::{Kind, Node};
use crate::diagnostics::Diagnostics;
use crate::syntax::ast::Name;

/// Notes what the comments of a file allow. `whole` is the place of `text`.
pub(super) fn comments(text: &str, whole: Pos, root: &Node, diagnostics: &mut Diagnostics) {
    let mut places = Parts::new(text, whole);
    let mut waiting: Vec<Range<usize>> = Vec::new();
    let (mut at, mut is_first) = (0, true);
    for line in text.split_inclusive('\n') {
        let (start, content) = (at + line.len() - line.trim_start().len(), line.trim());
        at += line.len();
        if let Some(comment) = content.strip_prefix('#') {
            let names = allow::names(comment).filter(|_| !is_inside_text(root, start)).unwrap_or_default();
            waiting.extend(names.into_iter().map(|name| start + 1 + name.start..start + 1 + name.end));
            continue;
        }
        if content.is_empty() || content == "---" {
            continue;
        }
        let was_first = std::mem::replace(&mut is_first, false);
        if waiting.is_empty() {
            continue;
        }
        let covered = match was_first {
            true => Some(whole),
            false => begins_in(root, start..at).map(|bytes| places.pos(bytes)),
        };
        for bytes in waiting.drain(..) {
            let name = Name { text: text[bytes.clone()].to_string(), pos: places.pos(bytes) };
            let rule = allow::rule(&name, diagnostics);
            if let (Some(rule), Some(covered)) = (rule, covered) {
                diagnostics.allow(rule, covered);
            }
        }
    }
}

/// The greatest part of the tree that begins in a line.
fn begins_in(node: &Node, line: Range<usize>) -> Option<Range<usize>> {
    let mut found = None;
    for (part, inner) in parts(node) {
        if line.contains(&part.start) {
            return Some(part);
        }
        if part.start < line.start {
            found = Some(inner);
        }
    }
    begins_in(found?, line)
}

/// Whether a place is in a text of several lines, where a `#` begins no comment.
fn is_inside_text(node: &Node, at: usize) -> bool {
    let is_in = node.pos.bytes().is_some_and(|bytes| bytes.start <= at && at < bytes.end);
    match &node.kind {
        Kind::Scalar(_) => is_in,
        _ => parts(node).into_iter().any(|(_, inner)| is_inside_text(inner, at)),
    }
}

/// What stands in a list or a map, in the order of the text: a key with its value is one.
fn parts(node: &Node) -> Vec<(Range<usize>, &Node)> {
    let bytes = |pos: Pos| pos.bytes().unwrap_or(0..0);
    match &node.kind {
        Kind::List(items) => items.iter().map(|item| (bytes(item.pos), item)).collect(),
        Kind::Map(entries) => {
            let part = |(key, value): &'_ (Name, Node)| {
                let (key, value) = (bytes(key.pos), bytes(value.pos));
                key.start..value.end.max(key.end)
            };
            entries.iter().map(|entry| (part(entry), &entry.1)).collect()
        }
        Kind::Scalar(_) | Kind::Wrong => Vec::new(),
    }
}
