//! Typed expressions become computations: which function of the runtime, in which representation, converted where.

use foreshock_spec::{Class, FunctionRow, FunctionSource, Value, last_segment};

use super::code::{Call, Code, CodeKind, Gives, Part, Repr, Segment, Site};
use super::names::Namer;
use super::operators;
use super::records::Records;
use crate::check::facts::{PresentSegment, TypedExpr, TypedKind, TypedPart};
use crate::check::types::Type;
use crate::syntax::ast::UnaryOp;

/// Lowers the expressions of one select.
pub(super) struct Lowering<'a> {
    /// The structs made so far.
    pub records: &'a mut Records,
    /// Names of types in the flow's module.
    pub namer: &'a mut Namer,
    /// Names structs made on the way.
    pub hint: String,
    /// How the event is represented.
    pub event: Repr,
    /// What is computed once and used several times.
    pub shared: Vec<Code>,
}

impl Lowering<'_> {
    /// The computation of `expr`, in the representation of its static type.
    pub(super) fn expr(&mut self, expr: &TypedExpr) -> Code {
        let repr = self.repr(&expr.ty);
        let code = self.kind(expr);
        convert(code, repr, &site(expr))
    }

    /// The same as a `bool`.
    pub(super) fn condition(&mut self, expr: &TypedExpr) -> Code {
        let code = self.expr(expr);
        convert(code, Repr::Bool, &site(expr))
    }

    /// The same as a dynamic value.
    pub(super) fn value(&mut self, expr: &TypedExpr) -> Code {
        let code = self.expr(expr);
        convert(code, Repr::Value, &site(expr))
    }

    pub(super) fn repr(&mut self, ty: &Type) -> Repr {
        self.records.repr(ty, &self.hint, self.namer)
    }

    fn kind(&mut self, expr: &TypedExpr) -> Code {
        let at = site(expr);
        match &expr.kind {
            TypedKind::Const(value) => self.constant(value, &expr.ty),
            TypedKind::Event => Code { kind: CodeKind::Event, repr: self.event },
            TypedKind::Field(record, key) => {
                let record = self.expr(record);
                self.field(record, key, &at)
            }
            TypedKind::Key(record, key) => {
                let record = self.value(record);
                let key = text(key);
                call(&["op", "key"], vec![record, key], Repr::Value, Gives::Copy, Some(at))
            }
            TypedKind::Index(list, index) => {
                let args = vec![self.value(list), self.value(index)];
                call(&["op", "index"], args, Repr::Value, Gives::Copy, Some(at))
            }
            TypedKind::Range(list, from, to) => {
                let args = vec![self.value(list), self.value(from), self.value(to)];
                call(&["op", "range"], args, Repr::Value, Gives::Owned, Some(at))
            }
            TypedKind::Record(fields) => {
                let codes = fields.iter().map(|(_, value)| self.expr(value)).collect();
                Code { kind: CodeKind::Record(codes), repr: self.repr(&expr.ty) }
            }
            TypedKind::DynamicRecord(fields) => {
                let fields = fields
                    .iter()
                    .map(|(key, value)| {
                        let key_code = self.expr(key);
                        (convert(key_code, Repr::Str, &site(key)), self.value(value))
                    })
                    .collect();
                Code { kind: CodeKind::DynamicRecord(fields), repr: Repr::Value }
            }
            TypedKind::List(items) => {
                let items = items.iter().map(|item| self.value(item)).collect();
                Code { kind: CodeKind::List(items), repr: Repr::Value }
            }
            TypedKind::StaticMerge(target, patch) => {
                let (left, right) = (self.expr(target), self.expr(patch));
                self.merge((left, &target.ty), (right, &patch.ty), &expr.ty)
            }
            TypedKind::DynamicMerge(target, patch) => {
                let args = vec![self.value(target), self.value(patch)];
                call(&["op", "merge"], args, Repr::Value, Gives::Owned, Some(at))
            }
            TypedKind::StaticPatch { target, values, fields } => {
                self.static_patch(target, values, fields, &expr.ty, &at)
            }
            TypedKind::DynamicPatch(target, operations) => self.dynamic_patch(target, operations, at),
            TypedKind::Unary(op, operand) => self.unary(*op, operand, at),
            TypedKind::Binary(op, a, b) => {
                let (a, b) = (self.expr(a), self.expr(b));
                operators::binary(*op, a, b, at)
            }
            TypedKind::Present(root, path) => self.present(root, path, at),
            TypedKind::Call(row, args) => self.call(row, args, at),
            TypedKind::Interpolate(parts) => self.interpolate(parts),
        }
    }

    fn constant(&mut self, value: &Value, ty: &Type) -> Code {
        if let (Value::Record(record), Type::Record(fields)) = (value, ty) {
            let codes = fields
                .iter()
                .map(|(key, ty)| self.constant(record.get(key).unwrap_or(&Value::Null), ty))
                .collect();
            return Code { kind: CodeKind::Record(codes), repr: self.repr(ty) };
        }
        let repr = match value {
            Value::Null => Repr::Null,
            Value::Bool(_) => Repr::Bool,
            Value::Int(_) | Value::Uint(_) => Repr::Integer,
            Value::Float(_) => Repr::Float,
            Value::String(_) => Repr::Str,
            Value::Binary(_) | Value::List(_) | Value::Record(_) => Repr::Value,
        };
        Code { kind: CodeKind::Const(value.clone()), repr }
    }

    /// `record.key`; a record that is made on the spot gives the field's own computation.
    pub(super) fn field(&mut self, record: Code, key: &str, at: &Site) -> Code {
        let Repr::Record(id) = record.repr else {
            let value = convert(record, Repr::Value, at);
            return call(&["op", "key"], vec![value, text(key)], Repr::Value, Gives::Copy, Some(at.clone()));
        };
        let fields = &self.records.get(id).fields;
        let index =
            fields.iter().position(|field| field.key == key).expect("checked: the record has the field");
        let repr = fields[index].repr;
        let (first, record) = record.split();
        let field = match record.kind {
            CodeKind::Record(mut codes) => codes.swap_remove(index),
            _ => Code { kind: CodeKind::Field(Box::new(record), index), repr },
        };
        field.behind(first)
    }

    /// The fields of the merged record, each from where it comes. One that is replaced may fail all the same.
    pub(super) fn merge(
        &mut self,
        (left, left_ty): (Code, &Type),
        (right, right_ty): (Code, &Type),
        ty: &Type,
    ) -> Code {
        let (Type::Record(left_fields), Type::Record(right_fields), Type::Record(fields)) =
            (left_ty, right_ty, ty)
        else {
            unreachable!("a static merge is one of records");
        };
        let find = |fields: &[(String, Type)], key: &str| {
            fields.iter().find(|(name, _)| name == key).map(|(_, ty)| ty.clone())
        };
        let nowhere = String::new();
        let (mut first, left) = left.split();
        let (before_right, right) = right.split();
        first.extend(before_right);
        let codes = fields
            .iter()
            .map(|(key, ty)| {
                let code = match (find(left_fields, key), find(right_fields, key)) {
                    (Some(a @ Type::Record(_)), Some(b @ Type::Record(_))) => {
                        let a_code = self.field(left.clone(), key, &nowhere);
                        let b_code = self.field(right.clone(), key, &nowhere);
                        self.merge((a_code, &a), (b_code, &b), ty)
                    }
                    (replaced, Some(_)) => {
                        let replaced = replaced.map(|_| self.field(left.clone(), key, &nowhere));
                        first.extend(replaced.filter(Code::can_fail));
                        self.field(right.clone(), key, &nowhere)
                    }
                    _ => self.field(left.clone(), key, &nowhere),
                };
                let repr = self.repr(ty);
                convert(code, repr, &nowhere)
            })
            .collect();
        Code { kind: CodeKind::Record(codes), repr: self.repr(ty) }.behind(first)
    }

    fn unary(&mut self, op: UnaryOp, operand: &TypedExpr, at: Site) -> Code {
        let code = self.expr(operand);
        operators::unary(op, code, at)
    }

    fn present(&mut self, root: &TypedExpr, path: &[PresentSegment], at: Site) -> Code {
        let root = self.value(root);
        let path = path
            .iter()
            .map(|segment| match segment {
                PresentSegment::Key(key) => Segment::Key(key.clone()),
                PresentSegment::Index(index) => Segment::Index(self.value(index)),
                PresentSegment::Range(from, to) => Segment::Range(self.value(from), self.value(to)),
            })
            .collect();
        Code { kind: CodeKind::Present(Box::new(root), path, at), repr: Repr::Bool }
    }

    fn call(&mut self, row: &'static FunctionRow, args: &[TypedExpr], at: Site) -> Code {
        let path = match &row.source {
            FunctionSource::Context(value) => {
                let repr = class_repr(row.result);
                return Code { kind: CodeKind::Context(*value), repr };
            }
            FunctionSource::Pure { path, .. } => path,
        };
        let (fixed, rest) = args.split_at(row.params.len().min(args.len()));
        let fixed = fixed.iter().enumerate().map(|(at, arg)| self.argument(arg, row, at)).collect();
        let rest = row.rest.map(|_| rest.iter().map(|arg| self.value(arg)).collect());
        let repr = class_repr(row.result);
        let gives = if matches!(repr, Repr::Value | Repr::Str) { Gives::Owned } else { Gives::Copy };
        let full = ["function"].iter().chain(path.iter()).copied().collect();
        let site = row.fallible.then_some(at);
        Code { kind: CodeKind::Call(Call { path: full, args: fixed, rest, gives, site }), repr }
    }

    /// The argument with the number `at` of a call of `row`, as its parameter takes it.
    fn argument(&mut self, arg: &TypedExpr, row: &FunctionRow, at: usize) -> Code {
        let class = row.params[at];
        let code = self.expr(arg);
        let module = last_segment(row.module);
        let place = format!("{}, argument {} of `{module}::{}`", site(arg), at + 1, row.name);
        let check = match class {
            Class::Binary => "as_binary",
            Class::List => "as_list",
            Class::Record => "as_record",
            Class::Number if code.repr == Repr::Value => "as_number",
            _ => return convert(code, class_repr(class), &place),
        };
        // what comes out is borrowed from the value, and nobody but the call takes it
        let value = convert(code, Repr::Value, &place);
        call(&["op", check], vec![value], Repr::Value, Gives::Copy, Some(place))
    }

    fn interpolate(&mut self, parts: &[TypedPart]) -> Code {
        let parts = parts
            .iter()
            .map(|part| match part {
                TypedPart::Text(text) => Part::Text(text.clone()),
                TypedPart::Value(expr) => {
                    let code = self.expr(expr);
                    if code.repr == Repr::Str {
                        Part::Str(code)
                    } else {
                        Part::Json(convert(code, Repr::Value, &site(expr)))
                    }
                }
            })
            .collect();
        Code { kind: CodeKind::Interpolate(parts), repr: Repr::Str }
    }
}

/// How a function's parameter or result of a class is represented.
fn class_repr(class: Class) -> Repr {
    match class {
        Class::Any | Class::Number | Class::Binary | Class::List | Class::Record => Repr::Value,
        Class::Null => Repr::Null,
        Class::Bool => Repr::Bool,
        Class::Integer => Repr::Integer,
        Class::Float => Repr::Float,
        Class::String => Repr::Str,
    }
}

/// Where an expression stands, as error texts at run time show it.
pub(super) fn site(expr: &TypedExpr) -> Site {
    expr.text.clone()
}

/// A string constant.
pub(super) fn text(text: &str) -> Code {
    Code { kind: CodeKind::Const(Value::String(text.to_owned())), repr: Repr::Str }
}

/// A call of a runtime function.
pub(super) fn call(
    path: &[&'static str],
    args: Vec<Code>,
    repr: Repr,
    gives: Gives,
    site: Option<Site>,
) -> Code {
    Code { kind: CodeKind::Call(Call { path: path.to_vec(), args, rest: None, gives, site }), repr }
}

/// `code` in another representation. From a dynamic value to anything else it may fail at `at`.
pub(super) fn convert(code: Code, to: Repr, at: &Site) -> Code {
    if code.repr == to {
        return code;
    }
    if code.repr == Repr::Value {
        let check = match to {
            Repr::Bool => "as_bool",
            Repr::Integer | Repr::Uint => "as_integer",
            Repr::Float => "as_float",
            Repr::Str => "as_str",
            Repr::Value | Repr::Null | Repr::Record(_) => return code,
        };
        return call(&["op", check], vec![code], to, Gives::Copy, Some(at.clone()));
    }
    Code { kind: CodeKind::Convert(Box::new(code)), repr: to }
}
