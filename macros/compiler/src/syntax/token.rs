//! The one token type of both lexers. The parser sees nothing else of the text.

use super::Pos;
use super::ast::Name;

/// A token and its place.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) pos: Pos,
}

/// The kinds of tokens. Brackets are symbols and are balanced by the lexers.
#[derive(Clone, Debug)]
pub(super) enum TokenKind {
    /// A word; quoted (`r#select`, or in backticks) it is never a keyword.
    Word { text: String, quoted: bool },
    /// Starts with a digit; as written, with suffix.
    Number(String),
    /// A string's text, and what is still to be done to it.
    String(StringText),
    /// One of [`SYMBOLS`], or [`DIRECTIVE`].
    Symbol(&'static str),
    /// A line of a doc comment.
    Doc(String),
    /// `#[allow(…)]`, in files `# allow(…)`: the names in it.
    Allow(Vec<Name>),
    /// What is no token of the language; the lexer has reported it.
    Wrong,
    /// The end of the text, for ever.
    End,
}

/// The text of a string literal. Interpolations are still in it.
#[derive(Clone, Debug)]
pub(super) struct StringText {
    pub(super) text: String,
    /// Whether trickle's escapes are still in it (a raw string, or text). Rust's are already gone.
    pub(super) escaped: bool,
    /// The place of the text alone, letter for letter; `None` where only the whole string has one.
    pub(super) inside: Option<Pos>,
}

/// What a file's `key = value` for the whole file begins with.
pub(super) const DIRECTIVE: &str = "#!config";

/// All symbols; where one begins another, the longer one is first. Some that mean nothing (`&&`, `->`) are here for
/// their message: no text that means something has their characters in a row.
pub(super) const SYMBOLS: &[&str] = &[
    ">>>", "===", "!==", "->", "=>", "==", "!=", ">=", "<=", "<>", ">>", "<<", "::", "~=", "&&", "||", "(",
    ")", "[", "]", "{", "}", "..", ".", ",", ";", ":", "=", ">", "<", "+", "-", "*", "/", "%", "^", "&", "!",
    "~", "$", "#", "|", "@", "?", "'", "\\",
];

/// Trickle's keywords: no names inside a query, unless quoted.
const KEYWORDS: &[&str] = &[
    "absent",
    "and",
    "args",
    "as",
    "by",
    "case",
    "const",
    "copy",
    "create",
    "default",
    "define",
    "drop",
    "each",
    "emit",
    "end",
    "erase",
    "event",
    "false",
    "fn",
    "for",
    "from",
    "group",
    "having",
    "insert",
    "into",
    "intrinsic",
    "let",
    "match",
    "merge",
    "mod",
    "move",
    "not",
    "null",
    "of",
    "operator",
    "or",
    "patch",
    "present",
    "recur",
    "script",
    "select",
    "set",
    "sliding",
    "state",
    "stream",
    "true",
    "tumbling",
    "update",
    "upsert",
    "use",
    "when",
    "where",
    "window",
    "with",
    "xor",
];

/// Whether `word` is a keyword of queries.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.binary_search(&word).is_ok()
}

impl Token {
    /// As messages name it.
    pub(super) fn describe(&self) -> String {
        match &self.kind {
            TokenKind::Word { text, .. } | TokenKind::Number(text) => format!("`{text}`"),
            TokenKind::String(_) => "a string".to_string(),
            TokenKind::Symbol(symbol) => format!("`{symbol}`"),
            TokenKind::Doc(_) => "a doc comment".to_string(),
            TokenKind::Allow(_) => "`allow`".to_string(),
            TokenKind::Wrong => "something else".to_string(),
            TokenKind::End => "the end of the text".to_string(),
        }
    }

    /// Whether it is this symbol.
    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.kind, TokenKind::Symbol(own) if own == symbol)
    }

    /// Whether it is this word, and not quoted.
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.word() == Some(word)
    }

    /// Whether it goes on after a name, and cannot begin an expression or a name.
    pub(super) fn follows_name(&self) -> bool {
        let symbols = [";", ",", "/", ".", "::", ")", "]"];
        symbols.iter().any(|symbol| self.is_symbol(symbol))
            || matches!(self.word(), Some("from" | "into" | "where" | "with" | "having"))
    }

    /// Whether it goes on after an operand, and is most likely not the begin of another one.
    pub(super) fn follows_operand(&self) -> bool {
        let symbols = ["}", "==", "!=", ">=", "<=", ">", "<", "+", "*", "%"];
        self.follows_name() || symbols.iter().any(|symbol| self.is_symbol(symbol))
    }

    /// The word, if it is one that is not quoted.
    pub(super) fn word(&self) -> Option<&str> {
        match &self.kind {
            TokenKind::Word { text, quoted: false } => Some(text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_sorted_for_the_search() {
        assert!(KEYWORDS.is_sorted());
    }

    #[test]
    fn no_symbol_hides_a_longer_one() {
        for (at, symbol) in SYMBOLS.iter().enumerate() {
            assert!(!SYMBOLS[at + 1..].iter().any(|later| later.starts_with(symbol)), "{symbol}");
        }
    }
}
