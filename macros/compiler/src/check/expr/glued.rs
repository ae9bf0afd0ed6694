//! Names with a `-` in them, and what looks like one and is none. In the macro call `-` always subtracts; in a file it belongs
//! to a name that goes on behind it, as in the original. Who writes one for the other is told here what it means. The same for
//! a path without quotes, whose `/` divides.

use foreshock_spec::near::nearest;

use super::Typer;
use crate::check::types::Type;
use crate::diagnostics::Rule;
use crate::resolve::graph::ScopeId;
use crate::resolve::scope::Missing;
use crate::syntax::Pos;
use crate::syntax::ast::{BinaryOp, Expr, ExprKind, Name, NamePath};
use crate::syntax::print;

impl Typer<'_> {
    /// Whether an operation is none, but a name or a path whose parts nobody knows, written without a space. Reports it.
    pub(super) fn is_glued(&mut self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Binary(BinaryOp::Sub, ..) => self.is_name_with_minus(expr),
            ExprKind::Binary(BinaryOp::Div, ..) => self.is_path(expr),
            // `out.json`; where there are events, it may be meant as one of their keys
            ExprKind::Field(..) if self.scope.event.is_none() => self.is_path(expr),
            _ => false,
        }
    }

    fn is_name_with_minus(&mut self, expr: &Expr) -> bool {
        let Some(Glued { base, text, .. }) = self.glued(expr).filter(|glued| glued.has_unknown) else {
            return false;
        };
        let help = match base {
            Some(base) => format!("write `{}[\"{text}\"]`", print(base)),
            None => format!("write `{}`", text.replace('-', "_")),
        };
        let what = "this subtracts: in the macro call `-` is no part of a name";
        self.diagnostics.report(Rule::name_like_a_subtraction, expr.pos, what).help(help);
        true
    }

    fn is_path(&mut self, expr: &Expr) -> bool {
        let Some(text) = self.path_text(expr) else { return false };
        let error = self.diagnostics.report(Rule::unquoted_string, expr.pos, "a path is a string");
        error.help(format!("a string needs quotes: `\"{text}\"`"));
        true
    }

    /// `event.my-key-2` as a key and what it is one of.
    fn glued<'e>(&self, expr: &'e Expr) -> Option<Glued<'e>> {
        match &expr.kind {
            ExprKind::Binary(BinaryOp::Sub, left, right) if touch(left.pos, right.pos) => {
                let mut glued = self.glued(left)?;
                match &right.kind {
                    ExprKind::Int(number) if !glued.text.is_empty() => glued.text += &format!("-{number}"),
                    _ => {
                        glued.text += &format!("-{}", self.unknown_word(right)?);
                        glued.has_unknown = true;
                    }
                }
                Some(glued)
            }
            ExprKind::Field(base, key) => {
                Some(Glued { base: Some(base), text: key.text.clone(), has_unknown: false })
            }
            _ => Some(Glued { base: None, text: self.unknown_word(expr)?.to_string(), has_unknown: false }),
        }
    }

    /// `data/out.json`
    fn path_text(&self, expr: &Expr) -> Option<String> {
        match &expr.kind {
            ExprKind::Binary(BinaryOp::Div, left, right) if touch(left.pos, right.pos) => {
                Some(format!("{}/{}", self.path_text(left)?, self.path_text(right)?))
            }
            ExprKind::Field(base, key) => Some(format!("{}.{}", self.path_text(base)?, key.text)),
            _ => self.unknown_word(expr).map(String::from),
        }
    }

    /// A word that is no constant.
    fn unknown_word<'e>(&self, expr: &'e Expr) -> Option<&'e str> {
        let ExprKind::Name(path) = &expr.kind else { return None };
        let [Name { text, .. }] = path.segments.as_slice() else { return None };
        let names = self.scope.names;
        let is_known = names.constants().any(|known| known == text)
            || names.is_unparsed(path, Missing::Name(ScopeId::ROOT));
        (!is_known).then_some(text)
    }

    /// Whether a name of a file that nobody knows was meant as a subtraction. Reports it.
    pub(super) fn is_subtraction_of<'n>(
        &mut self,
        name: &str,
        known: impl IntoIterator<Item = &'n str>,
        pos: Pos,
    ) -> bool {
        let known: Vec<&str> = known.into_iter().collect();
        let Some((left, _)) = name.split_once('-').filter(|_| self.is_word_of_a_file(name, pos)) else {
            return false;
        };
        if !known.contains(&left)
            || nearest(name, known.iter().copied().filter(|near| *near != left)).is_some()
        {
            return false;
        }
        let text = format!("`{name}` is one name in a file, and nothing is called so");
        let error = self.diagnostics.report(Rule::name_like_a_subtraction, pos, text);
        error.help(format!("write `{}` to subtract", name.replace('-', " - ")));
        true
    }

    /// Warns where a name of a file is a right one, and looks like a subtraction all the same.
    pub(super) fn looks_like_subtraction(&mut self, path: &NamePath) {
        let (name, pos) = (path.last().text.as_str(), path.pos());
        let is_known =
            |part: &str| is_number(part) || self.scope.names.constants().any(|known| known == part);
        let is_meant = name.contains('-') && name.split('-').all(is_known);
        if is_meant && path.segments.len() == 1 && self.is_word_of_a_file(name, pos) {
            self.one_name(name, pos);
        }
    }

    /// The same for a key of an event of which nobody knows the fields: `event.id-1`.
    pub(super) fn key_looks_like_subtraction(&mut self, key: &str, base: &Type, pos: Pos) {
        let ends_in_number = key.rsplit_once('-').is_some_and(|(_, last)| is_number(last));
        if *base == Type::Any && ends_in_number && self.is_word_of_a_file(key, pos) {
            self.one_name(key, pos);
        }
    }

    fn one_name(&mut self, name: &str, pos: Pos) {
        let text = format!("`{name}` is one name in a file, not a subtraction");
        let warning = self.diagnostics.report(Rule::looks_like_subtraction, pos, text);
        warning.help(format!("write `{}` to subtract", name.replace('-', " - ")));
        warning.help(format!("write `` `{name}` `` to show that it is a name"));
    }

    /// Whether a name stands so in a file, without quotes.
    fn is_word_of_a_file(&self, name: &str, pos: Pos) -> bool {
        self.diagnostics.sources().excerpt(pos) == Some(name)
    }
}

/// What is written without spaces.
struct Glued<'e> {
    /// What it is a key of.
    base: Option<&'e Expr>,
    text: String,
    /// A part behind the first one is a word that nobody knows.
    has_unknown: bool,
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether between two operands nothing stands but an operator of one character.
fn touch(left: Pos, right: Pos) -> bool {
    let ((line, column), behind) = (left.end(), right.start());
    behind == (line, column + 1)
}
