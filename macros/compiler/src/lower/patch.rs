//! `patch` as computations: a struct whose fields come from the target and the operands, or a call at run time.

use super::code::{Code, CodeKind, Gives, Operation, Repr, Site};
use super::expr::{Lowering, call, convert, site, text};
use crate::check::facts::{PatchValue, TypedExpr, TypedPatchOp};
use crate::check::types::Type;
use crate::syntax::ast::PatchKind;

impl Lowering<'_> {
    pub(super) fn static_patch(
        &mut self,
        target: &TypedExpr,
        values: &[(PatchValue, Type)],
        fields: &[(String, usize)],
        ty: &Type,
        at: &Site,
    ) -> Code {
        let Type::Record(types) = ty else { unreachable!("a static patch gives a record") };
        let (mut first, target) = self.expr(target).split();
        let uses = uses(values, fields);
        let mut codes: Vec<Code> = Vec::new();
        for ((value, ty), uses) in values.iter().zip(uses) {
            let code = match value {
                PatchValue::Kept(key) => self.field(target.clone(), key, at),
                PatchValue::Given(expr) => self.expr(expr),
                PatchValue::Field(record, key) => self.field(codes[*record].clone(), key, at),
                PatchValue::StaticMerge(old, new) => {
                    let (old_code, new_code) = (codes[*old].clone(), codes[*new].clone());
                    self.merge((old_code, &values[*old].1), (new_code, &values[*new].1), ty)
                }
                PatchValue::DynamicMerge(old, key, new) => {
                    let old = convert(codes[*old].clone(), Repr::Value, at);
                    let new = convert(codes[*new].clone(), Repr::Value, at);
                    let args = vec![old, text(key), new];
                    call(&["op", "patch_merge"], args, Repr::Value, Gives::Owned, Some(at.clone()))
                }
            };
            let (before, code) = code.split();
            first.extend(before);
            let can_fail = code.can_fail();
            let code = if uses > 1 { self.share(code) } else { code };
            // What is replaced or erased later on is computed all the same, as at run time.
            first.extend((uses != 1 && can_fail).then(|| code.clone()));
            codes.push(code);
        }
        let codes = fields
            .iter()
            .zip(types)
            .map(|((_, value), (_, ty))| {
                let repr = self.repr(ty);
                convert(codes[*value].clone(), repr, at)
            })
            .collect();
        Code { kind: CodeKind::Record(codes), repr: self.repr(ty) }.behind(first)
    }

    /// What is used several times, computed once.
    fn share(&mut self, code: Code) -> Code {
        if is_at_hand(&code) {
            return code;
        }
        let repr = code.repr;
        self.shared.push(code);
        Code { kind: CodeKind::Shared(self.shared.len() - 1), repr }
    }

    pub(super) fn dynamic_patch(
        &mut self,
        target: &TypedExpr,
        operations: &[TypedPatchOp],
        at: Site,
    ) -> Code {
        let target = self.value(target);
        let operations = operations
            .iter()
            .map(|operation| {
                let mut operands: Vec<Code> = Vec::new();
                for key in &operation.keys {
                    let code = self.expr(key);
                    operands.push(convert(code, Repr::Str, &site(key)));
                }
                operands.extend(operation.value.iter().map(|value| self.value(value)));
                Operation { variant: variant(operation.kind), operands }
            })
            .collect();
        Code { kind: CodeKind::Patch(Box::new(target), operations, at), repr: Repr::Value }
    }
}

/// How often each value is used. The fields of a record count as one use: each is taken once.
fn uses(values: &[(PatchValue, Type)], fields: &[(String, usize)]) -> Vec<usize> {
    let mut uses = vec![0; values.len()];
    let mut opened = vec![false; values.len()];
    for (value, _) in values {
        match value {
            PatchValue::Kept(_) | PatchValue::Given(_) => {}
            PatchValue::Field(record, _) if std::mem::replace(&mut opened[*record], true) => {}
            PatchValue::Field(of, _) => uses[*of] += 1,
            PatchValue::StaticMerge(old, new) | PatchValue::DynamicMerge(old, _, new) => {
                uses[*old] += 1;
                uses[*new] += 1;
            }
        }
    }
    fields.iter().for_each(|(_, value)| uses[*value] += 1);
    uses
}

/// Whether computing it again costs nothing.
fn is_at_hand(code: &Code) -> bool {
    match &code.kind {
        CodeKind::Event | CodeKind::Const(_) | CodeKind::Context(_) | CodeKind::Shared(_) => true,
        CodeKind::Field(record, _) => is_at_hand(record),
        _ => false,
    }
}

fn variant(kind: PatchKind) -> &'static str {
    match kind {
        PatchKind::Insert => "Insert",
        PatchKind::Upsert => "Upsert",
        PatchKind::Update => "Update",
        PatchKind::Erase => "Erase",
        PatchKind::Move => "Move",
        PatchKind::Copy => "Copy",
        PatchKind::MergeField => "MergeField",
        PatchKind::Merge => "Merge",
    }
}
