//! Expressions: one construct, one arm. What must live longer than one Rust expression (owned strings and values) is
//! put into a `let` before it.

use std::collections::BTreeMap;

use foreshock_spec::{ContextValue, Value};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::tokens::ident;
use crate::lower::code::{Call, Code, CodeKind, Gives, Operation, Part, Repr, Segment};
use crate::lower::plan::Plan;

/// Emits the expressions of one select.
pub(super) struct Expressions<'a> {
    plan: &'a Plan,
    /// The variable that holds the event.
    event: Ident,
    /// What is used several times.
    shared: &'a [Code],
    /// The variables that hold it, as far as they stand before what is emitted now.
    known: BTreeMap<usize, Ident>,
    lets: Vec<TokenStream>,
    made: usize,
}

impl<'a> Expressions<'a> {
    /// An emitter with nothing in it.
    pub(super) fn new(plan: &'a Plan, shared: &'a [Code]) -> Expressions<'a> {
        let (event, known) = (ident("event"), BTreeMap::new());
        Expressions { plan, event, shared, known, lets: Vec::new(), made: 0 }
    }

    /// From here on the event is what this variable holds.
    pub(super) fn set_event(&mut self, event: Ident) {
        self.event = event;
    }

    /// The statements that must stand before what was emitted since the last call.
    pub(super) fn take_lets(&mut self) -> TokenStream {
        self.lets.drain(..).collect()
    }

    /// A `Copy` Rust expression of the code's representation; a record is given by value.
    pub(super) fn emit(&mut self, code: &Code) -> TokenStream {
        match &code.kind {
            CodeKind::Event => {
                let event = &self.event;
                match code.repr {
                    Repr::Record(_) => quote!(*#event),
                    _ => quote!(#event),
                }
            }
            CodeKind::Const(value) => constant(value, code.repr),
            CodeKind::Field(record, index) => self.field(record, *index),
            CodeKind::Record(fields) => self.record(code.repr, fields),
            CodeKind::Call(call) => self.call(call, code.repr),
            CodeKind::Native(op, a, b) => self.native(op, a, b),
            CodeKind::Not(inner) => {
                let inner = self.emit(inner);
                quote!(!(#inner))
            }
            CodeKind::Convert(inner) => self.convert(inner, code.repr),
            CodeKind::Context(value) => context(*value),
            CodeKind::List(items) => {
                let items: Vec<_> = items.iter().map(|item| self.emit(item)).collect();
                let list = self.store(&quote!(rt::Value::List(::std::vec![#((#items).clone()),*])));
                quote!(&#list)
            }
            CodeKind::DynamicRecord(fields) => {
                let fields: Vec<_> = fields.iter().map(|(k, v)| (self.emit(k), self.emit(v))).collect();
                let fields = fields.iter().map(|(k, v)| quote!((#k, (#v).clone())));
                let record = self.store(&quote!(rt::record_of([#(#fields),*])));
                quote!(&#record)
            }
            CodeKind::Interpolate(parts) => self.interpolate(parts),
            CodeKind::Shared(index) => self.shared(*index),
            CodeKind::Behind(first, last) => {
                for code in first {
                    let value = self.emit(code);
                    self.lets.push(quote!(let _ = #value;));
                }
                self.emit(last)
            }
            CodeKind::Patch(target, operations, site) => {
                let target = self.emit(target);
                let operations: Vec<_> =
                    operations.iter().map(|operation| self.operation(operation)).collect();
                let patched =
                    self.store(&quote!(rt::at(rt::op::patch(#target, &[#(#operations),*]), #site)?));
                quote!(&#patched)
            }
            CodeKind::Present(root, path, site) => {
                let root = self.emit(root);
                let path: Vec<_> = path.iter().map(|segment| self.segment(segment)).collect();
                quote!(rt::at(rt::op::present(#root, &[#(#path),*]), #site)?)
            }
        }
    }

    /// Puts a value into a `let` of its own.
    fn store(&mut self, value: &TokenStream) -> Ident {
        let name = ident(&format!("t{}", self.made));
        self.made += 1;
        self.lets.push(quote!(let #name = #value;));
        name
    }

    fn field(&mut self, record: &Code, index: usize) -> TokenStream {
        let Repr::Record(id) = record.repr else { unreachable!("fields are those of records") };
        let name = ident(&self.plan.record(id).fields[index].ident);
        let record = match record.kind {
            CodeKind::Event => {
                let event = &self.event;
                quote!(#event)
            }
            _ => {
                let record = self.emit(record);
                quote!((#record))
            }
        };
        quote!(#record.#name)
    }

    fn record(&mut self, repr: Repr, fields: &[Code]) -> TokenStream {
        let Repr::Record(id) = repr else { unreachable!("a record has a struct") };
        let record = self.plan.record(id);
        let name = ident(&record.name);
        let idents: Vec<Ident> = record.fields.iter().map(|field| ident(&field.ident)).collect();
        let values = fields.iter().map(|field| self.emit(field));
        quote!(#name { #(#idents: #values),* })
    }

    fn call(&mut self, call: &Call, repr: Repr) -> TokenStream {
        let path = call.path.iter().map(|segment| ident(segment));
        let mut args: Vec<_> = call.args.iter().map(|arg| self.emit(arg)).collect();
        if let Some(rest) = &call.rest {
            let rest: Vec<_> = rest.iter().map(|arg| self.emit(arg)).collect();
            args.push(quote!(&[#(#rest),*]));
        }
        let mut result = quote!(rt #(::#path)* (#(#args),*));
        if let Some(site) = &call.site {
            result = quote!(rt::at(#result, #site)?);
        }
        match (call.gives, repr) {
            (Gives::Copy, _) => result,
            (Gives::Owned, Repr::Str) => {
                let name = self.store(&result);
                quote!(#name.as_str())
            }
            (Gives::Owned, _) => {
                let name = self.store(&result);
                quote!(&#name)
            }
        }
    }

    fn native(&mut self, op: &str, a: &Code, b: &Code) -> TokenStream {
        let is_lazy = matches!(op, "&&" | "||");
        let op: TokenStream = op.parse().expect("operators are written by lower");
        let a = self.emit(a);
        if !is_lazy {
            let b = self.emit(b);
            return quote!((#a #op #b));
        }
        // The right side runs only when needed, and so does what must stand before it.
        let outer = std::mem::take(&mut self.lets);
        let known = self.known.clone();
        let b = self.emit(b);
        self.known = known;
        let inner = std::mem::replace(&mut self.lets, outer);
        if inner.is_empty() { quote!((#a #op #b)) } else { quote!((#a #op { #(#inner)* #b })) }
    }

    fn convert(&mut self, inner: &Code, to: Repr) -> TokenStream {
        let from = inner.repr;
        let inner = self.emit(inner);
        match (from, to) {
            (Repr::Uint, Repr::Integer) => quote!(i128::from(#inner)),
            (_, Repr::Float) => quote!((#inner as f64)),
            (_, Repr::Value) => {
                let name = self.store(&quote!(rt::Encode::to_value(&(#inner))));
                quote!(&#name)
            }
            (_, Repr::Uint) => quote!((#inner as u64)),
            _ => inner,
        }
    }

    fn interpolate(&mut self, parts: &[Part]) -> TokenStream {
        let pushes: Vec<_> = parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => quote!(s.push_str(#text);),
                Part::Str(code) => {
                    let code = self.emit(code);
                    quote!(s.push_str(#code);)
                }
                Part::Json(code) => {
                    let code = self.emit(code);
                    quote!(rt::op::interpolate(&mut s, #code);)
                }
            })
            .collect();
        let name = self.store(&quote!({ let mut s = ::std::string::String::new(); #(#pushes)* s }));
        quote!(#name.as_str())
    }

    /// The variable that holds what is used several times; made where it is used first.
    fn shared(&mut self, index: usize) -> TokenStream {
        if let Some(name) = self.known.get(&index) {
            return quote!(#name);
        }
        let value = self.emit(&self.shared[index]);
        let name = self.store(&value);
        let shared = quote!(#name);
        self.known.insert(index, name);
        shared
    }

    fn operation(&mut self, operation: &Operation) -> TokenStream {
        let variant = ident(operation.variant);
        let operands = operation.operands.iter().map(|operand| self.emit(operand));
        quote!(rt::op::PatchOp::#variant(#(#operands),*))
    }

    fn segment(&mut self, segment: &Segment) -> TokenStream {
        match segment {
            Segment::Key(key) => quote!(rt::op::Segment::Key(#key)),
            Segment::Index(at) => {
                let at = self.emit(at);
                quote!(rt::op::Segment::Index(#at))
            }
            Segment::Range(from, to) => {
                let (from, to) = (self.emit(from), self.emit(to));
                quote!(rt::op::Segment::Range(#from, #to))
            }
        }
    }
}

fn context(value: ContextValue) -> TokenStream {
    match value {
        ContextValue::Hostname => quote!(cx.hostname()),
        ContextValue::Instance => quote!(cx.instance()),
        ContextValue::IngestNs => quote!(i128::from(head.ingest_ns)),
        ContextValue::Nanotime => quote!(i128::from(cx.unix_ns())),
        ContextValue::Version => quote!(rt::VERSION),
    }
}

fn constant(value: &Value, repr: Repr) -> TokenStream {
    match (value, repr) {
        (Value::Null, Repr::Null) => quote!(rt::Null),
        (Value::Bool(b), _) => quote!(#b),
        (Value::Int(i), _) => integer(i128::from(*i)),
        (Value::Uint(i), _) => integer(i128::from(*i)),
        (Value::Float(f), _) => float(*f),
        (Value::String(s), Repr::Str) => quote!(#s),
        _ => {
            let value = if is_json(value) {
                let json = value.to_string();
                quote!(rt::constant(#json))
            } else {
                built(value)
            };
            quote!({
                static CONSTANT: rt::Constant = rt::Constant::new(|| #value);
                &*CONSTANT
            })
        }
    }
}

/// Whether JSON has all that is in the value: it has no infinite floats, nor what is not a number, nor binaries.
fn is_json(value: &Value) -> bool {
    match value {
        Value::Float(f) => f.is_finite(),
        Value::Binary(_) => false,
        Value::List(list) => list.iter().all(is_json),
        Value::Record(record) => record.iter().all(|(_, value)| is_json(value)),
        _ => true,
    }
}

/// A value, put together of its parts.
fn built(value: &Value) -> TokenStream {
    match value {
        Value::Null => quote!(rt::Value::Null),
        Value::Bool(b) => quote!(rt::Value::Bool(#b)),
        Value::Int(i) => quote!(rt::Value::Int(#i)),
        Value::Uint(i) => quote!(rt::Value::Uint(#i)),
        Value::Float(f) => {
            let f = float(*f);
            quote!(rt::Value::Float(#f))
        }
        Value::String(s) => quote!(rt::Value::from(#s)),
        Value::Binary(octets) => {
            let octets = Literal::byte_string(octets);
            quote!(rt::Value::Binary(#octets.to_vec()))
        }
        Value::List(list) => {
            let list = list.iter().map(built);
            quote!(rt::Value::List(::std::vec![#(#list),*]))
        }
        Value::Record(record) => {
            let fields = record.iter().map(|(key, value)| {
                let value = built(value);
                quote!((#key, #value))
            });
            quote!(rt::record_of([#(#fields),*]))
        }
    }
}

fn integer(i: i128) -> TokenStream {
    let literal = Literal::i128_suffixed(i.abs());
    if i < 0 { quote!((-#literal)) } else { quote!(#literal) }
}

fn float(f: f64) -> TokenStream {
    if f.is_nan() {
        return quote!(f64::NAN);
    }
    if f.is_infinite() {
        return if f > 0.0 { quote!(f64::INFINITY) } else { quote!(f64::NEG_INFINITY) };
    }
    let literal = Literal::f64_suffixed(f.abs());
    if f.is_sign_negative() { quote!((-#literal)) } else { quote!(#literal) }
}
