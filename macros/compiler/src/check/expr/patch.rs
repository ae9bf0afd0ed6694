//! `patch`: what an operation must find or must not find is told here where the fields are known, and the result is a
//! record of known shape where all of them are.

use foreshock_spec::near::advice;
use foreshock_spec::op::{self, OpError};
use foreshock_spec::{Record, Value};

use super::record::{RECORD, merged};
use super::{Typer, broken, constant, fold, weight};
use crate::check::facts::{PatchValue, TypedExpr, TypedKind, TypedPatchOp};
use crate::check::types::Type;
use crate::diagnostics::{Diagnostics, Rule};
use crate::syntax::Pos;
use crate::syntax::ast::{Expr, PatchKind, PatchOp};

impl Typer<'_> {
    /// `patch target of operation, … end`
    pub(super) fn patch(&mut self, target: &Expr, operations: &[PatchOp], pos: Pos) -> TypedExpr {
        let target = self.expr(target);
        let operations: Vec<TypedPatchOp> = operations
            .iter()
            .map(|operation| TypedPatchOp {
                kind: operation.kind,
                keys: operation.keys.iter().map(|key| self.string(&key.parts, key.pos)).collect(),
                value: operation.value.as_ref().map(|value| self.expr(value)),
            })
            .collect();
        if !matches!(target.ty, Type::Any | Type::Record(_)) {
            let text = format!("`patch` takes a record; this is {}", target.ty.describe());
            self.diagnostics.report(Rule::no_record, target.pos, text).help(RECORD);
            return broken(pos);
        }
        let mut known = Known::of(&target.ty);
        let before = self.diagnostics.errors();
        for operation in &operations {
            known.apply(operation, self.diagnostics);
        }
        if self.diagnostics.errors() > before {
            return broken(pos);
        }
        if let (Some(target), Some(operations)) = (constant(&target), constants(&operations)) {
            let folded = self.folded(op::patch(target, &operations), pos);
            return self.weighed(folded);
        }
        let Known { values, fields, is_closed: true, fallible, .. } = known else {
            let fallible = known.fallible || target.ty == Type::Any;
            let kind = TypedKind::DynamicPatch(Box::new(target), operations);
            return TypedExpr { kind, ty: Type::Any, fallible, pos, text: String::new() };
        };
        let types = fields.iter().map(|(key, at)| (key.clone(), values[*at].1.clone())).collect();
        let ty = Type::Record(types);
        if let Some(text) = ty.excess() {
            self.diagnostics
                .report(Rule::record_too_large, pos, text)
                .help("patch what is needed of the event, not all of it");
            return broken(pos);
        }
        let kind = TypedKind::StaticPatch { target: Box::new(target), values, fields };
        TypedExpr { kind, ty, fallible, pos, text: String::new() }
    }

    /// A constant, if it is not too large: each `copy` may double it.
    fn weighed(&mut self, folded: TypedExpr) -> TypedExpr {
        let excess = constant(&folded).and_then(weight::excess);
        let Some(text) = excess else { return folded };
        self.diagnostics.report(Rule::record_too_large, folded.pos, text);
        broken(folded.pos)
    }
}

/// The operations of a patch in which everything is constant.
fn constants(operations: &[TypedPatchOp]) -> Option<Vec<op::PatchOp<'_>>> {
    operations.iter().map(constant_operation).collect()
}

fn constant_operation(operation: &TypedPatchOp) -> Option<op::PatchOp<'_>> {
    let key = |at: usize| operation.keys.get(at).and_then(constant_key);
    let value = || operation.value.as_ref().and_then(constant);
    Some(match operation.kind {
        PatchKind::Insert => op::PatchOp::Insert(key(0)?, value()?),
        PatchKind::Upsert => op::PatchOp::Upsert(key(0)?, value()?),
        PatchKind::Update => op::PatchOp::Update(key(0)?, value()?),
        PatchKind::Erase => op::PatchOp::Erase(key(0)?),
        PatchKind::Move => op::PatchOp::Move(key(0)?, key(1)?),
        PatchKind::Copy => op::PatchOp::Copy(key(0)?, key(1)?),
        PatchKind::MergeField => op::PatchOp::MergeField(key(0)?, value()?),
        PatchKind::Merge => op::PatchOp::Merge(value()?),
    })
}

fn constant_key(key: &TypedExpr) -> Option<&str> {
    match constant(key) {
        Some(Value::String(key)) => Some(key),
        _ => None,
    }
}

/// What is known of the record between two operations.
struct Known {
    values: Vec<(PatchValue, Type)>,
    /// Fields that are there, with their values, in their order if all are known.
    fields: Vec<(String, usize)>,
    /// Fields that are not there, if others may be.
    absent: Vec<String>,
    /// There are no other fields.
    is_closed: bool,
    /// An operation may fail.
    fallible: bool,
}

/// Whether a field is there.
enum Found {
    Here(usize),
    Absent,
    Perhaps,
}

impl Known {
    fn of(target: &Type) -> Known {
        let mut known = Known {
            values: Vec::new(),
            fields: Vec::new(),
            absent: Vec::new(),
            is_closed: false,
            fallible: false,
        };
        if let Type::Record(fields) = target {
            known.is_closed = true;
            for (key, ty) in fields {
                known.set(key, PatchValue::Kept(key.clone()), ty.clone());
            }
        }
        known
    }

    fn find(&self, key: &str) -> Found {
        match self.fields.iter().find(|(name, _)| name == key) {
            Some((_, at)) => Found::Here(*at),
            None if self.is_closed || self.absent.iter().any(|name| name == key) => Found::Absent,
            None => Found::Perhaps,
        }
    }

    fn value(&mut self, value: PatchValue, ty: Type) -> usize {
        self.values.push((value, ty));
        self.values.len() - 1
    }

    fn set(&mut self, key: &str, value: PatchValue, ty: Type) {
        let at = self.value(value, ty);
        self.place(key, at);
    }

    fn place(&mut self, key: &str, at: usize) {
        self.absent.retain(|name| name != key);
        match self.fields.iter_mut().find(|(name, _)| name == key) {
            Some((_, old)) => *old = at,
            None => self.fields.push((key.to_owned(), at)),
        }
    }

    fn erase(&mut self, key: &str) {
        self.fields.retain(|(name, _)| name != key);
        self.absent.push(key.to_owned());
    }

    /// Any field may be there from here on, and be anything.
    fn forget(&mut self) {
        self.fields.clear();
        self.absent.clear();
        self.is_closed = false;
    }

    fn apply(&mut self, operation: &TypedPatchOp, diagnostics: &mut Diagnostics) {
        if let (PatchKind::Merge, Some(value)) = (operation.kind, &operation.value) {
            return self.merge(value, diagnostics);
        }
        let keys: Option<Vec<&str>> = operation.keys.iter().map(constant_key).collect();
        match (keys.as_deref(), operation.keys.as_slice()) {
            (Some([key]), [at]) => self.apply_to(operation, key, at.pos, diagnostics),
            (Some([from, to]), [first, at]) => {
                self.finds_something(operation.kind, from, first.pos, diagnostics);
                self.transfer(operation.kind, from, to, at.pos, diagnostics);
            }
            // a key that is computed may be any
            _ => {
                self.fallible |= !matches!(operation.kind, PatchKind::Upsert | PatchKind::Erase);
                self.forget();
            }
        }
    }

    /// An operation with one key.
    fn apply_to(&mut self, operation: &TypedPatchOp, key: &str, pos: Pos, diagnostics: &mut Diagnostics) {
        let Some(value) = &operation.value else {
            self.finds_something(operation.kind, key, pos, diagnostics);
            return self.erase(key);
        };
        match (operation.kind, self.find(key)) {
            (PatchKind::Insert, Found::Here(_)) => {
                report(op::taken("insert", key), pos, diagnostics, "`upsert` replaces a field");
            }
            (PatchKind::Update, Found::Absent) => {
                let names: Vec<&str> = self.fields.iter().map(|(name, _)| name.as_str()).collect();
                let error =
                    diagnostics.report(Rule::operation_without_field, pos, op::missing(key).to_string());
                if self.is_closed && !names.is_empty() {
                    error.help(advice(key, "fields", names));
                } else {
                    error.help("`upsert` sets a field whether it is there or not");
                }
            }
            (PatchKind::MergeField, found) => {
                return self.merge_field(found, key, pos, value, diagnostics);
            }
            (PatchKind::Insert | PatchKind::Update, Found::Perhaps) => self.fallible = true,
            _ => {}
        }
        self.set(key, PatchValue::Given(value.clone()), value.ty.clone());
    }

    /// `erase`, `move` and `copy` of a field that is not there do nothing, which nobody means.
    fn finds_something(&self, kind: PatchKind, key: &str, pos: Pos, diagnostics: &mut Diagnostics) {
        if !matches!(self.find(key), Found::Absent) {
            return;
        }
        let text = format!("this does nothing: `{}` finds no field `{key}`", kind.word());
        let warning = diagnostics.report(Rule::operation_in_vain, pos, text);
        let names: Vec<&str> = self.fields.iter().map(|(name, _)| name.as_str()).collect();
        if self.is_closed && !names.is_empty() {
            warning.help(advice(key, "fields", names));
        } else {
            warning.help("remove it");
        }
    }

    /// `move` and `copy`.
    fn transfer(&mut self, kind: PatchKind, from: &str, to: &str, pos: Pos, diagnostics: &mut Diagnostics) {
        match self.find(to) {
            Found::Here(_) => {
                report(
                    op::taken(kind.word(), to),
                    pos,
                    diagnostics,
                    "`erase` it before, or choose another name",
                );
                return;
            }
            Found::Perhaps => self.fallible = true,
            Found::Absent => {}
        }
        let found = self.find(from);
        if kind == PatchKind::Move {
            self.erase(from);
        }
        match found {
            Found::Here(at) => self.place(to, at),
            Found::Absent => {}
            Found::Perhaps if from == to => {}
            Found::Perhaps => self.absent.retain(|name| name != to),
        }
    }

    fn merge_field(
        &mut self,
        found: Found,
        key: &str,
        pos: Pos,
        value: &TypedExpr,
        diagnostics: &mut Diagnostics,
    ) {
        let old = match found {
            Found::Here(at) => at,
            Found::Absent => {
                let empty = fold(Value::Record(Record::new()), pos);
                self.value(PatchValue::Given(empty), Type::Record(Vec::new()))
            }
            Found::Perhaps => {
                self.fallible = true;
                return self.set(key, PatchValue::Kept(key.to_owned()), Type::Any);
            }
        };
        let new = self.value(PatchValue::Given(value.clone()), value.ty.clone());
        let old_type = self.values[old].1.clone();
        if let Some(example) = old_type.example().filter(|_| !matches!(old_type, Type::Record(_))) {
            report(op::no_record(key, &example), pos, diagnostics, "`upsert` replaces a field");
            return;
        }
        self.fallible |= old_type == Type::Any;
        let merged = self.merged(old, key, new);
        self.place(key, merged);
    }

    /// The value that one merged into another is.
    fn merged(&mut self, old: usize, key: &str, new: usize) -> usize {
        let at_run_time = PatchValue::DynamicMerge(old, key.to_owned(), new);
        match (&self.values[old].1, &self.values[new].1) {
            (Type::Record(into), Type::Record(from)) => match merged(into, from) {
                Some(fields) => self.value(PatchValue::StaticMerge(old, new), Type::Record(fields)),
                None => self.value(at_run_time, Type::Any),
            },
            (Type::Any, _) | (_, Type::Any) => self.value(at_run_time, Type::Any),
            _ => new,
        }
    }

    /// `merge => value`
    fn merge(&mut self, value: &TypedExpr, diagnostics: &mut Diagnostics) {
        let Type::Record(from) = &value.ty else {
            if value.ty != Type::Any {
                let text = format!("`merge` takes a record; this is {}", value.ty.describe());
                diagnostics.report(Rule::no_record, value.pos, text).help(RECORD);
            }
            self.fallible = true;
            return self.forget();
        };
        let into: Vec<_> =
            self.fields.iter().map(|(key, at)| (key.clone(), self.values[*at].1.clone())).collect();
        if !self.is_closed || merged(&into, from).is_none() {
            return self.forget();
        }
        let whole = self.value(PatchValue::Given(value.clone()), value.ty.clone());
        for (key, ty) in from {
            let new = self.value(PatchValue::Field(whole, key.clone()), ty.clone());
            let at = match (self.find(key), ty) {
                (Found::Here(old), Type::Record(_)) if matches!(self.values[old].1, Type::Record(_)) => {
                    self.merged(old, key, new)
                }
                _ => new,
            };
            self.place(key, at);
        }
    }
}

fn report(error: OpError, pos: Pos, diagnostics: &mut Diagnostics, help: &str) {
    diagnostics.report(Rule::failing_patch, pos, error.to_string()).help(help);
}
