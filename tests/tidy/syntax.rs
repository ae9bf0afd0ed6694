//! As much of Rust's syntax as tidy needs: tokens with their lines, used paths, functions, and what is test code.

use std::ops::RangeInclusive;

/// A token: an identifier (keywords too), `::`, or one character of punctuation. Numbers are all `0`; other literals
/// are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    /// Counted from 1.
    pub(crate) line: usize,
}

/// Splits Rust text into tokens.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let (mut tokens, mut at, mut line) = (Vec::new(), 0, 1);
    while at < chars.len() {
        let rest = &chars[at..];
        let skipped = literal_or_comment(rest);
        let taken = if skipped > 0 {
            skipped
        } else if is_word(rest[0]) {
            let length = rest.iter().take_while(|c| is_word(**c)).count();
            let text =
                if rest[0].is_ascii_digit() { "0".to_owned() } else { rest[..length].iter().collect() };
            tokens.push(Token { text, line });
            length
        } else if rest.starts_with(&[':', ':']) {
            tokens.push(Token { text: "::".to_owned(), line });
            2
        } else {
            if !rest[0].is_whitespace() {
                tokens.push(Token { text: rest[0].to_string(), line });
            }
            1
        };
        line += rest[..taken].iter().filter(|c| **c == '\n').count();
        at += taken;
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of the comment, string, character or lifetime that begins here; 0 if none does.
fn literal_or_comment(rest: &[char]) -> usize {
    let prefix = rest.iter().take_while(|c| is_word(**c)).count();
    let word: String = rest[..prefix.min(2)].iter().collect();
    match rest {
        ['/', '/', ..] => rest.iter().take_while(|c| **c != '\n').count(),
        ['/', '*', ..] => block_comment(rest),
        ['"', ..] => quoted(rest, '"'),
        ['\'', '\\', ..] | ['\'', _, '\'', ..] => quoted(rest, '\''),
        ['\'', ..] => 1 + rest[1..].iter().take_while(|c| is_word(**c)).count(),
        _ if prefix > 2 || prefix == 0 => 0,
        _ if ["r", "br", "cr"].contains(&word.as_str()) => {
            raw_string(&rest[prefix..]).map_or(0, |n| prefix + n)
        }
        _ if ["b", "c"].contains(&word.as_str()) => match rest[prefix..] {
            ['"', ..] => prefix + quoted(&rest[prefix..], '"'),
            ['\'', ..] => prefix + quoted(&rest[prefix..], '\''),
            _ => 0,
        },
        _ => 0,
    }
}

/// Block comments nest.
fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        match rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// `r` has been read; `None` if this is a raw identifier.
fn raw_string(rest: &[char]) -> Option<usize> {
    let hashes = rest.iter().take_while(|c| **c == '#').count();
    if rest.get(hashes) != Some(&'"') {
        return None;
    }
    let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let inner = &rest[hashes + 1..];
    let length = inner.windows(end.len()).position(|window| window == end).unwrap_or(inner.len());
    Some((hashes + 1 + length + end.len()).min(rest.len()))
}

/// Every path that is used, with its line: `use` trees taken apart (`a::{b, c::*}` is `a::b` and `a::c::*`), and paths
/// within code.
pub(crate) fn paths(tokens: &[Token]) -> Vec<(String, usize)> {
    let (mut paths, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        if tokens[at].text == "use" && tokens.get(at + 1).is_some_and(|next| next.text != "<") {
            at = use_tree(tokens, at + 1, "", &mut paths);
        } else if is_name(&tokens[at]) {
            let begin = at;
            let mut path = tokens[at].text.clone();
            while at + 2 < tokens.len() && tokens[at + 1].text == "::" && is_name(&tokens[at + 2]) {
                path = format!("{path}::{}", tokens[at + 2].text);
                at += 2;
            }
            if at > begin {
                paths.push((path, tokens[begin].line));
            }
            at += 1;
        } else {
            at += 1;
        }
    }
    paths
}

fn is_name(token: &Token) -> bool {
    token.text.starts_with(is_word) && token.text != "0"
}

/// Reads one branch of a `use` tree; gives the place behind it.
fn use_tree(tokens: &[Token], mut at: usize, prefix: &str, paths: &mut Vec<(String, usize)>) -> usize {
    let mut path = prefix.to_owned();
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            "::" => {}
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token.text != "}") {
                    at = use_tree(tokens, at, &path, paths);
                    at += usize::from(tokens.get(at).is_some_and(|token| token.text == ","));
                }
                return at + 1;
            }
            "as" => at += 1,
            "self" if !path.is_empty() => {}
            ";" | "," | "}" => break,
            name if path.is_empty() => path = name.to_owned(),
            name => path = format!("{path}::{name}"),
        }
        at += 1;
    }
    let line = tokens.get(at.saturating_sub(1)).map_or(0, |token| token.line);
    paths.push((path, line));
    at
}

/// Where the block that opens at or behind `at` closes; the `;` if one comes before it (outside of brackets).
pub(crate) fn end_of_item(tokens: &[Token], mut at: usize) -> usize {
    let (mut braces, mut others) = (0_usize, 0_usize);
    while at < tokens.len() {
        match tokens[at].text.as_str() {
            "(" | "[" => others += 1,
            ")" | "]" => others = others.saturating_sub(1),
            "{" => braces += 1,
            "}" if braces <= 1 => return at,
            "}" => braces -= 1,
            ";" if braces == 0 && others == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    tokens.len().saturating_sub(1)
}

/// The functions: name, and first to last line.
pub(crate) fn functions(tokens: &[Token]) -> Vec<(String, RangeInclusive<usize>)> {
    let mut functions = Vec::new();
    for (at, pair) in tokens.windows(2).enumerate() {
        if pair[0].text == "fn" && is_name(&pair[1]) {
            let end = end_of_item(tokens, at);
            functions.push((pair[1].text.clone(), pair[0].line..=tokens[end].line));
        }
    }
    functions
}

/// Whether the tokens begin with those of the pattern.
pub(crate) fn begins(tokens: &[Token], pattern: &[Token]) -> bool {
    tokens.len() >= pattern.len()
        && tokens.iter().zip(pattern).all(|(token, wanted)| token.text == wanted.text)
}

/// The lines of items behind `#[cfg(test)]` or `#[test]`, and the names of modules in other files behind the former.
pub(crate) fn test_items(tokens: &[Token]) -> (Vec<RangeInclusive<usize>>, Vec<String>) {
    let (mut lines, mut modules) = (Vec::new(), Vec::new());
    let patterns = [self::tokens("#[cfg(test)]"), self::tokens("#[test]")];
    for at in 0..tokens.len() {
        let begins = |pattern: &&Vec<Token>| begins(&tokens[at..], pattern);
        let Some(length) = patterns.iter().find(begins).map(Vec::len) else { continue };
        let mut item = at + length;
        while tokens.get(item).is_some_and(|token| token.text == "#") {
            item += 1 + tokens[item..].iter().take_while(|token| token.text != "]").count();
        }
        let end = end_of_item(tokens, item);
        lines.push(tokens[at].line..=tokens[end].line);
        let name = tokens[item..=end].iter().skip_while(|token| token.text != "mod").nth(1);
        if let (Some(name), ";") = (name, tokens[end].text.as_str()) {
            modules.push(name.text.clone());
        }
    }
    (lines, modules)
}
