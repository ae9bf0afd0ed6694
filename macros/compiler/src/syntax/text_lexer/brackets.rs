//! The parser relies on balanced brackets. Rust's lexer sees to that in the macro call; in a file this does.

use super::super::token::{Token, TokenKind};
use super::super::{GREATEST_DEPTH, Pos};
use super::MOST_ERRORS;
use crate::diagnostics::Diagnostics;

const PAIRS: [(&str, &str); 3] = [("(", ")"), ("[", "]"), ("{", "}")];

fn closing(open: &str) -> Option<&'static str> {
    PAIRS.iter().find(|(own, _)| *own == open).map(|(_, close)| *close)
}

fn opening(close: &str) -> Option<&'static str> {
    PAIRS.iter().find(|(_, own)| *own == close).map(|(open, _)| *open)
}

/// Takes a symbol; `open` has what must still be closed. False if it closes what is not open.
pub(super) fn is_balanced(open: &mut Vec<&'static str>, symbol: &str) -> bool {
    open.extend(closing(symbol));
    opening(symbol).is_none() || open.pop() == Some(symbol)
}

/// Reports brackets that close nothing or are not closed, and takes them out of the text.
pub(super) fn balance(tokens: &mut [Token], diagnostics: &mut Diagnostics) {
    let mut open: Vec<(usize, &'static str)> = Vec::new();
    let mut wrong = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let TokenKind::Symbol(symbol) = token.kind else { continue };
        if closing(symbol).is_some() {
            open.push((at, symbol));
            continue;
        }
        let Some(wanted) = opening(symbol) else { continue };
        let reach = open.len().saturating_sub(GREATEST_DEPTH);
        match open[reach..].iter().rposition(|(_, open)| *open == wanted) {
            Some(found) => {
                // what was opened since then has no end
                for (at, symbol) in open.drain(reach + found..).skip(1) {
                    wrong.push((at, symbol, Some(token.pos)));
                }
            }
            None => wrong.push((at, symbol, None)),
        }
    }
    wrong.extend(open.iter().map(|(at, symbol)| (*at, *symbol, None)));
    for (nth, (at, symbol, before)) in wrong.into_iter().enumerate() {
        if nth < MOST_ERRORS {
            report(symbol, tokens[at].pos, before, diagnostics);
        }
        tokens[at].kind = TokenKind::Wrong;
    }
}

fn report(symbol: &str, pos: Pos, before: Option<Pos>, diagnostics: &mut Diagnostics) {
    let Some(close) = closing(symbol) else {
        diagnostics.error(pos, format!("`{symbol}` closes nothing")).help("remove it");
        return;
    };
    let error = diagnostics.error(pos, format!("`{symbol}` is not closed"));
    match before {
        Some(before) => error.note_at(before, format!("there is no `{close}` before this")),
        None => error.help(format!("write `{close}` where it ends")),
    };
}
