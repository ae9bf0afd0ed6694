//! Paths: `x.key`, `x["key"]`, `x[i]`, `x[from:to]`, and whether they are `present`.

use foreshock_spec::near::{advice, listed};
use foreshock_spec::{Value, op};

use super::{Typer, broken, certain, constant, fold, strings};
use crate::check::facts::{PresentSegment, TypedExpr, TypedKind};
use crate::check::types::Type;
use crate::diagnostics::Rule;
use crate::syntax::Pos;
use crate::syntax::ast::{Expr, ExprKind, Name, UnaryOp};

impl Typer<'_> {
    pub(super) fn field(&mut self, base: &Expr, name: &Name, pos: Pos) -> TypedExpr {
        let typed = self.expr(base);
        self.key(base, typed, &name.text, name.pos, pos)
    }

    /// `base.key`, however it was written; `key_pos` is where the key stands.
    fn key(&mut self, written: &Expr, base: TypedExpr, key: &str, key_pos: Pos, pos: Pos) -> TypedExpr {
        self.key_looks_like_subtraction(key, &base.ty, key_pos);
        match &base.ty {
            Type::Any => {
                let kind = TypedKind::Key(Box::new(base), key.to_owned());
                TypedExpr { kind, ty: Type::Any, fallible: true, pos, text: String::new() }
            }
            Type::Record(fields) => match fields.iter().find(|(name, _)| name == key) {
                Some((_, ty)) => select_field(&base, key, ty.clone(), pos),
                None => {
                    self.missing_field(written, fields, key, key_pos);
                    broken(pos)
                }
            },
            other => {
                let text = format!("{} has no field `{key}`: it is {}", subject(written), other.describe());
                let error = self.diagnostics.report(Rule::wrong_index, key_pos, text);
                if matches!(written.kind, ExprKind::Event) && *other == Type::String {
                    error.help("an onramp whose lines are JSON reads them as such with `codec = \"json\"`");
                }
                broken(pos)
            }
        }
    }

    fn missing_field(&mut self, written: &Expr, fields: &[(String, Type)], key: &str, at: Pos) {
        if self.is_subtraction_of(key, fields.iter().map(|(name, _)| name.as_str()), at) {
            return;
        }
        let error = self.diagnostics.report(
            Rule::missing_field,
            at,
            format!("{} has no field `{key}`", subject(written)),
        );
        if matches!(written.kind, ExprKind::Meta) && self.scope.event.is_none() {
            error.help(format!("what the environment holds at start is written `env(\"{key}\")`"));
            return;
        }
        if matches!(written.kind, ExprKind::Meta) {
            error.help("metadata is not supported yet: `$` is always `{}`");
            return;
        }
        match fields {
            [] => error.note("it has no fields"),
            _ => error.help(advice(key, "fields", fields.iter().map(|(name, _)| name.as_str()))),
        };
    }

    pub(super) fn index(&mut self, written: &Expr, index: &Expr, pos: Pos) -> TypedExpr {
        let (base, index) = (self.expr(written), self.expr(index));
        if let Some(Value::String(key)) = constant(&index) {
            let (key, at) = (key.clone(), index.pos);
            return self.key(written, base, &key, at, pos);
        }
        if !self.is_index(&index) {
            return broken(pos);
        }
        let problem = match (&base.ty, &index.ty) {
            (Type::Any, _) | (Type::List, Type::Uint | Type::Integer | Type::Any) => None,
            (Type::Record(_), Type::String | Type::Any) => None,
            (Type::List, _) => Some("a list is indexed with an integer"),
            (Type::Record(_), _) => Some("a record is indexed with a string"),
            _ => {
                let text = format!("{} cannot be indexed: it is {}", subject(written), base.ty.describe());
                let error = self.diagnostics.report(Rule::wrong_index, written.pos, text);
                if base.ty == Type::String {
                    error.help(part_of_a_string(written));
                }
                return broken(pos);
            }
        };
        if let Some(problem) = problem {
            let text = format!("{problem}, not with {}", index.ty.describe());
            let error = self.diagnostics.report(Rule::wrong_index, index.pos, text);
            if let Type::Record(fields) = &base.ty {
                error.help(format!("fields: {}", listed(fields.iter().map(|(name, _)| name.as_str()))));
            }
            return broken(pos);
        }
        if let Some(Value::Int(number)) = constant(&index)
            && *number < 0
        {
            let error = self.diagnostics.report(Rule::wrong_index, index.pos, "an index cannot be negative");
            error.help("the first element has the index 0");
            return broken(pos);
        }
        if let (Some(base), Some(index)) = (constant(&base), constant(&index)) {
            let result = op::index(base, index).cloned();
            return self.folded(result, pos);
        }
        let kind = TypedKind::Index(Box::new(base), Box::new(index));
        TypedExpr { kind, ty: Type::Any, fallible: true, pos, text: String::new() }
    }

    /// Whether an index is of a type that an index can have; else reports it.
    fn is_index(&mut self, index: &TypedExpr) -> bool {
        let is_index = matches!(index.ty, Type::Any | Type::Uint | Type::Integer | Type::String);
        if !is_index {
            let text = format!("an index is an integer or a string, not {}", index.ty.describe());
            self.diagnostics.report(Rule::wrong_index, index.pos, text);
        }
        is_index
    }

    pub(super) fn range(&mut self, written: &Expr, from: &Expr, to: &Expr, pos: Pos) -> TypedExpr {
        let base = self.expr(written);
        let Some((from, to)) = self.bounds(from, to) else {
            return broken(pos);
        };
        if !matches!(base.ty, Type::Any | Type::List) {
            let text = format!("a range needs a list; {} is {}", subject(written), base.ty.describe());
            let error = self.diagnostics.report(Rule::wrong_range, written.pos, text);
            if base.ty == Type::String {
                error.help(part_of_a_string(written));
            }
            return broken(pos);
        }
        if let (Some(base), Some(from), Some(to)) = (constant(&base), constant(&from), constant(&to)) {
            return self.folded(op::range(base, from, to), pos);
        }
        let kind = TypedKind::Range(Box::new(base), Box::new(from), Box::new(to));
        TypedExpr { kind, ty: Type::List, fallible: true, pos, text: String::new() }
    }

    /// The bounds of a range; `None` if one cannot be a bound (reported).
    fn bounds(&mut self, from: &Expr, to: &Expr) -> Option<(TypedExpr, TypedExpr)> {
        let (from, to) = (self.expr(from), self.expr(to));
        let mut is_wrong = false;
        for bound in [&from, &to] {
            if !matches!(bound.ty, Type::Any | Type::Uint | Type::Integer) {
                let text = format!("the bound of a range is an integer, not {}", bound.ty.describe());
                let error = self.diagnostics.report(Rule::wrong_range, bound.pos, text);
                error.help(strings::number_in_quotes(bound).unwrap_or_else(|| {
                    String::from("write two integers, as in `event.items[0:2]`, which takes the first two")
                }));
                is_wrong = true;
            }
        }
        if let (Some(Value::Int(first)), Some(Value::Int(end))) = (constant(&from), constant(&to))
            && end < first
        {
            let text = format!("a range cannot end (at {end}) before it starts (at {first})");
            let error = self.diagnostics.report(Rule::wrong_range, to.pos, text);
            error.help(format!("exchange the two: `{end}:{first}`"));
            is_wrong = true;
        }
        (!is_wrong).then_some((from, to))
    }

    /// `present path`, `absent path`: known now as far as the path goes through closed records.
    pub(super) fn present(&mut self, wanted: bool, path: &Expr, pos: Pos) -> TypedExpr {
        let (root, written) = flatten(path);
        let mut at = self.expr(root);
        let mut segments = Vec::new();
        for segment in written {
            match self.segment(segment) {
                Some(segment) => segments.push(segment),
                None => return broken(pos),
            }
        }
        let is_broken = at.ty == Type::Any && matches!(at.kind, TypedKind::Const(_));
        if is_broken {
            return at;
        }
        let mut walked = 0;
        while let Some(PresentSegment::Key(key)) = segments.get(walked) {
            let Type::Record(fields) = &at.ty else {
                break;
            };
            match fields.iter().find(|(name, _)| name == key) {
                Some((_, ty)) => at = select_field(&at, key, ty.clone(), at.pos),
                None => {
                    let legal = advice(key, "fields", fields.iter().map(|(name, _)| name.as_str()));
                    let why = format!("no event has a field `{key}` here");
                    self.never_present(wanted, &at, &why, Some(legal), pos);
                    return fold(Value::Bool(!wanted), pos);
                }
            }
            walked += 1;
        }
        let rest = segments.split_off(walked);
        match (&at.ty, rest.first()) {
            (_, None) => return fold(Value::Bool(wanted), pos),
            (Type::Any | Type::Record(_), _) => {}
            (Type::List, Some(PresentSegment::Index(_) | PresentSegment::Range(..))) => {}
            // what is no record has no keys, what is no list no elements, whatever the value
            _ => {
                let why = format!("what it looks into is {}", at.ty.describe());
                self.never_present(wanted, &at, &why, None, pos);
                return fold(Value::Bool(!wanted), pos);
            }
        }
        dynamic_present(wanted, at, rest, pos)
    }

    /// Where a closed record has no such field, there is nothing to ask. (What a constant has is not asked of events.)
    fn never_present(&mut self, wanted: bool, base: &TypedExpr, why: &str, help: Option<String>, pos: Pos) {
        if constant(base).is_some() {
            return;
        }
        let always = if wanted { "false" } else { "true" };
        let text = format!("this is always {always}: {why}");
        let warning = self.diagnostics.report(Rule::never_present, pos, text);
        if let Some(help) = help {
            warning.help(help);
        }
    }

    fn segment(&mut self, written: Written<'_>) -> Option<PresentSegment> {
        match written {
            Written::Key(name) => Some(PresentSegment::Key(name.text.clone())),
            Written::Index(index) => {
                let index = self.expr(index);
                match constant(&index) {
                    Some(Value::String(key)) => Some(PresentSegment::Key(key.clone())),
                    _ => self.is_index(&index).then_some(PresentSegment::Index(index)),
                }
            }
            Written::Range(from, to) => {
                self.bounds(from, to).map(|(from, to)| PresentSegment::Range(from, to))
            }
        }
    }
}

/// A segment of a path as it was written.
enum Written<'a> {
    Key(&'a Name),
    Index(&'a Expr),
    Range(&'a Expr, &'a Expr),
}

/// The root of a path and its segments.
fn flatten(path: &Expr) -> (&Expr, Vec<Written<'_>>) {
    let mut segments = Vec::new();
    let mut at = path;
    loop {
        let (base, segment) = match &at.kind {
            ExprKind::Field(base, name) => (base, Written::Key(name)),
            ExprKind::Index(base, index) => (base, Written::Index(index)),
            ExprKind::Range(base, from, to) => (base, Written::Range(from, to)),
            _ => break,
        };
        segments.push(segment);
        at = base;
    }
    segments.reverse();
    (at, segments)
}

/// The field of a closed record that has it.
fn select_field(base: &TypedExpr, key: &str, ty: Type, pos: Pos) -> TypedExpr {
    if let Some(Value::Record(record)) = constant(base)
        && let Some(value) = record.get(key)
    {
        return fold(value.clone(), pos);
    }
    certain(TypedKind::Field(Box::new(base.clone()), key.to_owned()), ty, pos)
}

fn dynamic_present(wanted: bool, root: TypedExpr, segments: Vec<PresentSegment>, pos: Pos) -> TypedExpr {
    // what is missing is an answer, an index of a wrong type is an error
    let fallible = segments.iter().any(|segment| match segment {
        PresentSegment::Key(_) => false,
        PresentSegment::Index(index) => index.ty == Type::Any,
        PresentSegment::Range(from, to) => from.ty == Type::Any || to.ty == Type::Any,
    });
    let kind = TypedKind::Present(Box::new(root), segments);
    let present = TypedExpr { kind, ty: Type::Bool, fallible, pos, text: String::new() };
    if wanted {
        return present;
    }
    certain(TypedKind::Unary(UnaryOp::Not, Box::new(present)), Type::Bool, pos)
}

/// How to get at the characters of a string, which no path does.
fn part_of_a_string(written: &Expr) -> String {
    let text = path_text(written).unwrap_or_else(|| String::from("…"));
    format!("`string::substr({text}, 0, 1)` gives its first character, with `use std::string;`")
}

/// How a message names the value that a path goes into.
fn subject(expr: &Expr) -> String {
    match path_text(expr) {
        Some(text) => format!("`{text}`"),
        None => "this".to_owned(),
    }
}

fn path_text(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Event => Some("event".to_owned()),
        ExprKind::Meta => Some("$".to_owned()),
        ExprKind::Field(base, name) => Some(format!("{}.{}", path_text(base)?, name.text)),
        _ => None,
    }
}
