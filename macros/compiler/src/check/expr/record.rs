//! Strings with interpolation, lists, records, and `merge`.

use foreshock_spec::{Record, Value, op};

use super::{Typer, broken, certain, constant, fold};
use crate::check::facts::{TypedExpr, TypedKind, TypedPart};
use crate::check::types::Type;
use crate::diagnostics::Rule;
use crate::syntax::Pos;
use crate::syntax::ast::{Expr, Key, StringPart};

/// What to do about what should be a record.
pub(super) const RECORD: &str = "a record is written `{ \"key\": value }`";

impl Typer<'_> {
    /// `"…#{x}…"`: what is constant becomes text.
    pub(super) fn string(&mut self, parts: &[StringPart], pos: Pos) -> TypedExpr {
        let mut typed = Vec::new();
        let mut text = String::new();
        for part in parts {
            let value = match part {
                StringPart::Text(part) => {
                    self.looks_like_interpolation(part, pos);
                    text.push_str(part);
                    continue;
                }
                StringPart::Interpolation(expr) => self.expr(expr),
            };
            if let Some(value) = constant(&value) {
                op::interpolate(&mut text, value);
                continue;
            }
            if !text.is_empty() {
                typed.push(TypedPart::Text(std::mem::take(&mut text)));
            }
            typed.push(TypedPart::Value(value));
        }
        if typed.is_empty() {
            return fold(Value::String(text), pos);
        }
        if !text.is_empty() {
            typed.push(TypedPart::Text(text));
        }
        certain(TypedKind::Interpolate(typed), Type::String, pos)
    }

    pub(super) fn list(&mut self, items: &[Expr], pos: Pos) -> TypedExpr {
        let items: Vec<TypedExpr> = items.iter().map(|item| self.expr(item)).collect();
        match items.iter().map(|item| constant(item).cloned()).collect() {
            Some(values) => fold(Value::List(values), pos),
            None => certain(TypedKind::List(items), Type::List, pos),
        }
    }

    /// `{…}`: a closed record if its keys are constants.
    pub(super) fn record(&mut self, fields: &[(Key, Expr)], pos: Pos) -> TypedExpr {
        let fields: Vec<(TypedExpr, TypedExpr)> =
            fields.iter().map(|(key, value)| (self.string(&key.parts, key.pos), self.expr(value))).collect();
        let Some(names) = fields.iter().map(|(key, _)| constant_name(key)).collect::<Option<Vec<_>>>() else {
            return certain(TypedKind::DynamicRecord(fields), Type::Any, pos);
        };
        let mut record: Vec<(String, TypedExpr)> = Vec::new();
        for (name, (_, value)) in names.into_iter().zip(fields) {
            match record.iter_mut().find(|(known, _)| *known == name) {
                Some((_, earlier)) => *earlier = value,
                None => record.push((name, value)),
            }
        }
        if let Some(value) = constant_record(&record) {
            return fold(Value::Record(value), pos);
        }
        let types = record.iter().map(|(name, value)| (name.clone(), value.ty.clone())).collect();
        certain(TypedKind::Record(record), Type::Record(types), pos)
    }

    /// `merge target of patch end`: static if both are closed records and nothing in the patch can delete.
    pub(super) fn merge(&mut self, target: &Expr, patch: &Expr, pos: Pos) -> TypedExpr {
        let (target, patch) = (self.expr(target), self.expr(patch));
        let mut is_wrong = false;
        for operand in [&target, &patch] {
            if !matches!(operand.ty, Type::Any | Type::Record(_)) {
                let text = format!("`merge` takes two records; this is {}", operand.ty.describe());
                self.diagnostics.report(Rule::no_record, operand.pos, text).help(RECORD);
                is_wrong = true;
            }
        }
        if is_wrong {
            return broken(pos);
        }
        if let (Some(target), Some(patch)) = (constant(&target), constant(&patch)) {
            return self.folded(op::merge(target, patch), pos);
        }
        if let (Type::Record(into), Type::Record(from)) = (&target.ty, &patch.ty)
            && let Some(merged) = merged(into, from)
        {
            let kind = TypedKind::StaticMerge(Box::new(target), Box::new(patch));
            return certain(kind, Type::Record(merged), pos);
        }
        let fallible = target.ty == Type::Any || patch.ty == Type::Any;
        let kind = TypedKind::DynamicMerge(Box::new(target), Box::new(patch));
        TypedExpr { kind, ty: Type::Any, fallible, pos, text: String::new() }
    }
}

fn constant_name(key: &TypedExpr) -> Option<String> {
    match constant(key) {
        Some(Value::String(name)) => Some(name.clone()),
        _ => None,
    }
}

fn constant_record(fields: &[(String, TypedExpr)]) -> Option<Record> {
    let mut record = Record::new();
    for (name, value) in fields {
        record.insert(name.clone(), constant(value)?.clone());
    }
    Some(record)
}

/// The fields of a merge's result; `None` if what there is depends on values: a `null` in the patch deletes, and a
/// record in the patch merges into a record but replaces all else.
pub(super) fn merged(into: &[(String, Type)], from: &[(String, Type)]) -> Option<Vec<(String, Type)>> {
    let mut fields = into.to_vec();
    for (name, new) in from {
        if matches!(new, Type::Any | Type::Null) {
            return None;
        }
        let Some((_, field)) = fields.iter_mut().find(|(known, _)| known == name) else {
            fields.push((name.clone(), new.clone()));
            continue;
        };
        *field = match (&*field, new) {
            (Type::Record(into), Type::Record(from)) => Type::Record(merged(into, from)?),
            (Type::Any, Type::Record(_)) => return None,
            _ => new.clone(),
        };
    }
    Some(fields)
}
