//! Text → tokens, for what stands inside `#{…}` of a string. All tokens have the place of the whole string, since a
//! string's inside has no place of its own.

use super::Pos;
use super::token::{SYMBOLS, StringText, Token, TokenKind};

/// The tokens of `text` up to and with the `}` that closes its interpolation, and how many bytes stand before it.
/// Errors are texts: the caller knows the place.
pub(super) fn interpolation(text: &str, pos: Pos) -> Result<(Vec<Token>, usize), String> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    let mut open = Vec::new();
    loop {
        lexer.skip_space();
        let Some(next) = lexer.peek() else { return Err("`#{` has no `}`".to_string()) };
        if next == '}' && open.is_empty() {
            tokens.push(Token { kind: TokenKind::Symbol("}"), pos });
            tokens.push(Token { kind: TokenKind::End, pos });
            return Ok((tokens, lexer.at));
        }
        let kind = lexer.token(next)?;
        if let TokenKind::Symbol(symbol) = kind {
            balance(&mut open, symbol)?;
        }
        tokens.push(Token { kind, pos });
    }
}

/// The parser relies on balanced brackets.
fn balance(open: &mut Vec<&'static str>, symbol: &'static str) -> Result<(), String> {
    match symbol {
        "(" => open.push(")"),
        "[" => open.push("]"),
        "{" => open.push("}"),
        ")" | "]" | "}" if open.pop() != Some(symbol) => return Err(format!("`{symbol}` closes nothing")),
        _ => {}
    }
    Ok(())
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_space(&mut self) {
        self.take_while(char::is_whitespace);
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let rest = self.rest();
        let len = rest.find(|next| !belongs(next)).unwrap_or(rest.len());
        let taken = rest[..len].to_string();
        self.at += len;
        taken
    }

    fn token(&mut self, first: char) -> Result<TokenKind, String> {
        if first == '"' {
            return self.string();
        }
        if first == '`' || self.rest().starts_with("r#") {
            return self.quoted_word();
        }
        if first == '_' || unicode_ident::is_xid_start(first) {
            return Ok(TokenKind::Word { text: self.word(), quoted: false });
        }
        if first.is_ascii_digit() {
            return Ok(TokenKind::Number(self.number()));
        }
        match SYMBOLS.iter().find(|symbol| self.rest().starts_with(**symbol)) {
            Some(symbol) => {
                self.at += symbol.len();
                Ok(TokenKind::Symbol(symbol))
            }
            None => Err(format!("`{first}` means nothing here")),
        }
    }

    fn word(&mut self) -> String {
        self.take_while(unicode_ident::is_xid_continue)
    }

    fn quoted_word(&mut self) -> Result<TokenKind, String> {
        let text = if self.rest().starts_with("r#") {
            self.at += 2;
            self.word()
        } else {
            self.at += 1;
            let text = self.take_while(|next| next != '`' && next != '\n');
            if self.peek() != Some('`') {
                return Err("a name in backticks has no end".to_string());
            }
            self.at += 1;
            text
        };
        if text.is_empty() {
            Err("a quoted name is empty".to_string())
        } else {
            Ok(TokenKind::Word { text, quoted: true })
        }
    }

    /// A dot belongs to a number if it is the first one and no second one follows.
    fn number(&mut self) -> String {
        let mut number = self.take_while(|next| next == '_' || next.is_ascii_alphanumeric());
        let mut after = self.rest().chars();
        let is_float =
            after.next() == Some('.') && after.next().is_none_or(|next| next.is_ascii_digit() || next == 'e');
        if is_float && number.bytes().all(|digit| digit == b'_' || digit.is_ascii_digit()) {
            self.at += 1;
            number.push('.');
            number += &self.take_while(|next| next == '_' || next.is_ascii_alphanumeric());
            if number.ends_with('e') && matches!(self.peek(), Some('+' | '-')) {
                number += &self.take_while(|next| next == '+' || next == '-');
                number += &self.take_while(|next| next == '_' || next.is_ascii_digit());
            }
        }
        number
    }

    fn string(&mut self) -> Result<TokenKind, String> {
        let len = string_len(&self.rest()[1..]).ok_or("a string inside `#{…}` has no end")?;
        let text = self.rest()[1..=len].to_string();
        self.at += len + 2;
        Ok(TokenKind::String(StringText { text, escaped: true }))
    }
}

/// How many bytes of `text` belong to the string that has just been opened. Strings and interpolations nest in each
/// other, so this keeps a stack of its own.
fn string_len(text: &str) -> Option<usize> {
    #[derive(PartialEq)]
    enum In {
        String,
        Code,
    }
    let mut stack = vec![In::String];
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        let inside = stack.last()?;
        match (inside, byte) {
            (In::String, b'\\') => {
                bytes.next();
            }
            (In::String, b'"') => {
                stack.pop();
                if stack.is_empty() {
                    return Some(at);
                }
            }
            (In::String, b'#') if text.as_bytes().get(at + 1) == Some(&b'{') => {
                bytes.next();
                stack.push(In::Code);
            }
            (In::Code, b'"') => stack.push(In::String),
            (In::Code, b'{') => stack.push(In::Code),
            (In::Code, b'}') => {
                stack.pop();
            }
            _ => {}
        }
    }
    None
}
