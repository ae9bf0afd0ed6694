//! The parser relies on balanced brackets. Rust's lexer sees to that in the macro call; in a file this does.

use super::super::token::{Token, TokenKind};
use super::super::{GREATEST_DEPTH, Pos};
use super::MOST_ERRORS;
use crate::diagnostics::{Diagnostics, Rule};

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

/// Reports brackets that close nothing or are not closed, and takes them out of the text. `cut` are the tokens, by their
/// numbers, that have no end: what a bracket misses was perhaps in the rest of such a line, and is no news.
pub(super) fn balance(tokens: &mut [Token], cut: &[usize], diagnostics: &mut Diagnostics) {
    let mut open: Vec<(usize, &'static str)> = Vec::new();
    let mut wrong: Vec<Lonely> = Vec::new();
    let mut statements = Vec::with_capacity(tokens.len());
    let mut statement = 0;
    for (at, token) in tokens.iter().enumerate() {
        statement += usize::from(token.is_symbol(";"));
        statements.push(statement);
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
                for (opened, symbol) in open.drain(reach + found..).skip(1) {
                    wrong.push(Lonely { at: opened, symbol, before: Some(token.pos) });
                }
            }
            None => wrong.push(Lonely { at, symbol, before: None }),
        }
    }
    wrong.extend(open.into_iter().map(|(at, symbol)| Lonely { at, symbol, before: None }));
    let is_news = |lonely: &&Lonely| !lonely.is_cut(cut, &statements);
    for Lonely { at, symbol, before } in wrong.iter().filter(is_news).take(MOST_ERRORS) {
        report(symbol, tokens[*at].pos, *before, diagnostics);
    }
    for lonely in wrong {
        tokens[lonely.at].kind = TokenKind::Wrong;
    }
}

/// A bracket without another.
struct Lonely {
    at: usize,
    symbol: &'static str,
    /// What stands where it is missed.
    before: Option<Pos>,
}

impl Lonely {
    /// Whether something without an end stands where the other bracket would be, in the same statement: behind one that
    /// opens, before one that closes.
    fn is_cut(&self, cut: &[usize], statements: &[usize]) -> bool {
        let behind = cut.partition_point(|cut| *cut < self.at);
        let near = match closing(self.symbol) {
            Some(_) => cut.get(behind),
            None => behind.checked_sub(1).map(|before| &cut[before]),
        };
        near.is_some_and(|near| statements[*near] == statements[self.at])
    }
}

fn report(symbol: &str, pos: Pos, before: Option<Pos>, diagnostics: &mut Diagnostics) {
    let Some(close) = closing(symbol) else {
        diagnostics.report(Rule::stray_bracket, pos, format!("`{symbol}` closes nothing")).help("remove it");
        return;
    };
    let error = diagnostics.report(Rule::unclosed_block, pos, format!("`{symbol}` is not closed"));
    match before {
        Some(before) => error.note_at(before, format!("there is no `{close}` before this")),
        None => error.help(format!("write `{close}` where it ends")),
    };
}
