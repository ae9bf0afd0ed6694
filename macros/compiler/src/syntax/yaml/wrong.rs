//! What is no YAML, in words of our own and at the line that mends it: the parser tells where it could not go on, and in
//! words about itself; the mistake often stands a line above.

use std::ops::Range;

/// What is wrong, where, and what to do about it.
pub(super) struct Wrong {
    pub(super) text: String,
    pub(super) help: Option<String>,
    pub(super) bytes: Range<usize>,
}

/// The words of the parser, ours for them, and what to do.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "'-' indicator",
        "this line is indented otherwise than those that it belongs to",
        "the keys of one item stand in one column, that of its first key behind `- `",
    ),
    (
        "did not find expected key",
        "this line is indented otherwise than those that it belongs to",
        "the keys of one map stand in one column; a `[`, `{` or quote above may not be closed",
    ),
    (
        "invalid indentation in flow construct",
        "this line belongs to a `[` or `{` that is not closed",
        "close it, or indent this line further",
    ),
    ("quoted scalar", "this quote has no end", "write the quote where the text ends"),
    (
        "mapping values",
        "this key stands deeper than those that it belongs to",
        "the keys of one map stand in one column",
    ),
    (
        "illegal placement of ':'",
        "this `:` stands where no key is",
        "a `[`, `{` or quote above may not be closed; text with a `:` in it stands in quotes",
    ),
    ("misplaced bracket", "this bracket closes nothing", "remove it, or put the text into quotes"),
    (
        "block sequence entries are not allowed",
        "a list does not begin here",
        "write each item on a line of its own, `- ` before it",
    ),
    (
        "unknown anchor",
        "`*` begins an alias, and there is nothing of its name",
        "put the text into quotes, if it is one",
    ),
    ("anchor or alias", "`*` and `&` begin names of values here", "put the text into quotes, if it is one"),
    ("unknown escape", "this is no escape", "in single quotes a text is taken as it stands"),
    ("unexpected character", "a text cannot begin with this", "put the text into quotes"),
];

/// `info` is what the parser says, `at` where it stands.
pub(super) fn wrong(info: &str, text: &str, at: usize) -> Wrong {
    if info.contains("tab")
        && let Some(tab) = tab(text, at)
    {
        let help = "indent with spaces; YAML takes no tabs there";
        return Wrong::new("a tab indents this line", help, tab..tab + 1);
    }
    if ["simple key", "mapping values", "<document"].iter().any(|words| info.contains(words))
        && let Some(wrong) = colon(text, at)
    {
        return wrong;
    }
    if info.contains("quoted scalar")
        && let Some(wrong) = behind_key(text, at)
    {
        return wrong;
    }
    if ["flow", "illegal placement", "invalid indentation"].iter().any(|words| info.contains(words))
        && let Some((open, bracket)) = open_bracket(&text[..at.min(text.len())])
    {
        let close = if bracket == '[' { ']' } else { '}' };
        let help =
            format!("write `{close}` where it ends; text with one of `{{}}[],` in it stands in quotes");
        return Wrong::new(&format!("`{bracket}` is not closed"), &help, open..open + 1);
    }
    match WORDS.iter().find(|(words, ..)| info.contains(words)) {
        Some((_, words, help)) => Wrong::new(words, help, at..at),
        None => Wrong { text: format!("this is no YAML: {info}"), help: None, bytes: at..at },
    }
}

impl Wrong {
    fn new(text: &str, help: &str, bytes: Range<usize>) -> Wrong {
        Wrong { text: text.to_string(), help: Some(help.to_string()), bytes }
    }
}

/// A quoted key with something else than `:` behind it.
fn behind_key(text: &str, at: usize) -> Option<Wrong> {
    let said = content(text, line_at(text, at.min(text.len())));
    let quote = text[said.clone()].chars().next().filter(|first| ['"', '\''].contains(first))?;
    let end = said.start + 1 + text[said.start + 1..said.end].find(quote)? + 1;
    let behind = text[end..said.end].trim();
    let other = behind.split_whitespace().next().filter(|_| !behind.starts_with([':', ',']))?;
    let place = said.end - behind.len();
    Some(Wrong::new(
        "behind a key stands `:`",
        &format!("write `:` in place of `{other}`, right behind the key"),
        place..place + other.len(),
    ))
}

/// The first tab that indents a line, from the line of `at` on.
fn tab(text: &str, at: usize) -> Option<usize> {
    let mut start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    for line in text[start..].split_inclusive('\n') {
        let indent = &line[..line.len() - line.trim_start().len()];
        if let Some(tab) = indent.find('\t').filter(|_| !line.trim().is_empty()) {
            return Some(start + tab);
        }
        start += line.len();
    }
    None
}

/// A `:` that is missing in the line of `at` or the one above, or that is one too many.
fn colon(text: &str, at: usize) -> Option<Wrong> {
    let here = line_at(text, at.min(text.trim_end().len().saturating_sub(1)));
    let content = content(text, here.clone());
    if text[content.clone()].starts_with("//") {
        let help = "begin comments with `#`";
        return Some(Wrong::new("this does not begin a comment", help, content.start..content.start + 2));
    }
    if !content.is_empty() && !has_colon(&text[content.clone()]) {
        return Some(no_colon(text, content));
    }
    let above = above(text, here.start);
    if let Some(item) = above.clone().filter(|above| is_glued_item(&text[above.clone()])) {
        let help = format!("write `- {}`", text[item.clone()].trim_start_matches('-'));
        return Some(Wrong::new(
            "behind the `-` of an item stands a space",
            &help,
            item.start..item.start + 1,
        ));
    }
    let second = text[content.clone()].match_indices(": ").nth(1);
    if let Some((second, _)) = second {
        let place = content.start + second;
        let help = "a text with `: ` in it stands in quotes; what is a map begins on the next line";
        return Some(Wrong::new("a second `:` in one line", help, place..place + 1));
    }
    let above = above.filter(|above| !has_colon(&text[above.clone()]))?;
    Some(no_colon(text, above))
}

/// `-id: a`
fn is_glued_item(line: &str) -> bool {
    line.strip_prefix('-').is_some_and(|rest| rest.starts_with(char::is_alphabetic))
}

fn no_colon(text: &str, line: Range<usize>) -> Wrong {
    let line = match text[line.clone()].strip_prefix("- ") {
        Some(rest) => line.end - rest.trim_start().len()..line.end,
        None => line,
    };
    let (key, value) =
        text[line.clone()].split_once(char::is_whitespace).unwrap_or((&text[line.clone()], ""));
    let help = match value.trim() {
        "" => format!("write `{key}:`"),
        value => format!("write `{key}: {value}`"),
    };
    Wrong::new("this line has no `:` behind its key", &help, line)
}

/// Whether a line has a key: a `:` with a space or nothing behind it.
fn has_colon(line: &str) -> bool {
    line.ends_with(':') || line.contains(": ")
}

fn line_at(text: &str, at: usize) -> Range<usize> {
    let mut at = at;
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |len| at + len);
    start..end
}

/// A line without the spaces and the comment around what it says.
fn content(text: &str, line: Range<usize>) -> Range<usize> {
    let whole = &text[line.clone()];
    let is_comment = whole.trim_start().starts_with('#');
    let comment = if is_comment { Some(0) } else { whole.find(" #") };
    let said = comment.map_or(whole, |comment| &whole[..comment]);
    let start = line.start + said.len() - said.trim_start().len();
    start..start + said.trim().len()
}

/// What the next line above a place says, apart from comments.
fn above(text: &str, at: usize) -> Option<Range<usize>> {
    let mut end = at;
    while end > 0 {
        let line = line_at(text, end - 1);
        let content = content(text, line.clone());
        if !content.is_empty() {
            return Some(content);
        }
        end = line.start;
    }
    None
}

/// The last bracket that is not closed, outside of quotes and comments.
fn open_bracket(text: &str) -> Option<(usize, char)> {
    let (mut open, mut quote, mut before) = (Vec::new(), None, ' ');
    let mut is_comment = false;
    for (at, letter) in text.char_indices() {
        match (letter, quote) {
            ('\n', _) => is_comment = false,
            _ if is_comment => {}
            (_, Some(own)) if letter == own => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) if !before.is_alphanumeric() => quote = Some(letter),
            ('#', None) if before.is_whitespace() => is_comment = true,
            ('[' | '{', None) => open.push((at, letter)),
            (']' | '}', None) => {
                open.pop();
            }
            _ => {}
        }
        before = letter;
    }
    open.pop()
}
