//! The structs of closed records: how they are encoded, turned into values, read from values, and kept.

use std::cell::Cell;

use proc_macro2::TokenStream;
use quote::quote;

use super::pipeline::Emitting;
use super::tokens::ident;
use crate::lower::code::Repr;
use crate::lower::plan::{Plan, Record, RecordId, Usual, UsualField};

/// All structs of the flow.
pub(super) fn records(plan: &Plan) -> TokenStream {
    plan.records.iter().filter(|record| record.used).map(|record| one(plan, record)).collect()
}

fn one(plan: &Plan, record: &Record) -> TokenStream {
    let name = ident(&record.name);
    let lifetime = record.borrows.then(|| quote!(<'a>));
    let any = record.borrows.then(|| quote!(<'_>));
    let docs = format!(" `{}`", shape(plan, record));
    let idents: Vec<_> = record.fields.iter().map(|field| ident(&field.ident)).collect();
    let types = record.fields.iter().map(|field| plan.field_type(field.repr));
    let keys: Vec<_> = record.fields.iter().map(|field| &field.key).collect();
    let put = Putting::put(plan, &[], None, record, &quote!(self));
    let kept = record.kept.then(|| kept(plan, record));
    quote! {
        #[doc = #docs]
        #[doc(hidden)]
        #[derive(Clone, Copy, Debug)]
        pub struct #name #lifetime { #(pub #idents: #types),* }

        impl rt::Encode for #name #any {
            #[inline]
            fn put<'b>(&self, out: &'b mut [u8]) -> ::std::option::Option<&'b mut [u8]> { #put }

            fn to_value(&self) -> rt::Value {
                rt::record_of([#((#keys, self.#idents.to_value())),*])
            }
        }

        impl<'a> rt::Decode<'a> for #name #lifetime {
            fn decode(value: &'a rt::Value) -> ::std::result::Result<Self, rt::ShapeError> {
                let fields = rt::fields(value, &[#(#keys),*])?;
                ::std::result::Result::Ok(Self { #(#idents: rt::field(fields, #keys)?),* })
            }
        }

        #kept
    }
}

/// Puts the fields one by one. What is the same in all events between two values is one part: keys, quotes, and the
/// values of usual fields too.
struct Putting<'a> {
    plan: &'a Plan,
    usual: &'a [UsualField],
    /// Counts the integers whose recent digits are kept, if they are.
    recent: Option<&'a Cell<usize>>,
    /// The part that is not put yet.
    fixed: Vec<u8>,
    puts: TokenStream,
}

impl<'a> Putting<'a> {
    /// An expression over `out`, for the record at `place`.
    fn put(
        plan: &'a Plan,
        usual: &'a [UsualField],
        recent: Option<&'a Cell<usize>>,
        record: &Record,
        place: &TokenStream,
    ) -> TokenStream {
        let mut putting = Putting { plan, usual, recent, fixed: Vec::new(), puts: TokenStream::new() };
        putting.record(record, place, &mut Vec::new());
        let (puts, end) = (putting.puts, proc_macro2::Literal::byte_string(&putting.fixed));
        quote!(#puts rt::put(out, #end))
    }

    fn record(&mut self, record: &Record, place: &TokenStream, path: &mut Vec<usize>) {
        self.fixed.push(b'{');
        for (at, field) in record.fields.iter().enumerate() {
            if at > 0 {
                self.fixed.push(b',');
            }
            foreshock_spec::json::write_str(&mut self.fixed, &field.key);
            self.fixed.push(b':');
            let name = ident(&field.ident);
            path.push(at);
            self.value(field.repr, &quote!(#place.#name), path);
            path.pop();
        }
        self.fixed.push(b'}');
    }

    fn value(&mut self, repr: Repr, place: &TokenStream, path: &mut Vec<usize>) {
        let mut usual = self.usual.iter();
        match (usual.find(|field| field.path.starts_with(path)), repr) {
            (Some(UsualField { is: Usual::Text(text), .. }), Repr::Str) => {
                foreshock_spec::json::write_str(&mut self.fixed, text);
            }
            (Some(UsualField { is: Usual::Hostname, .. }), Repr::Str) => {
                self.one(&quote!(rt::put_slice(out, cx.hostname_json())));
            }
            (Some(_), Repr::Record(id)) => self.record(self.plan.record(id), place, path),
            (_, Repr::Str) => {
                self.fixed.push(b'"');
                self.one(&quote!(rt::put_text(out, #place)));
                self.fixed.push(b'"');
            }
            (_, Repr::Uint) if self.recent.is_some() => {
                let recent = self.recent.expect("that was asked");
                let at = recent.replace(recent.get() + 1);
                self.one(&quote!(self.recent[#at].put(out, #place)));
            }
            // Inside another record, these are also on the way of all events.
            (_, Repr::Record(id)) if self.recent.is_some() => self.record(self.plan.record(id), place, path),
            _ => self.one(&quote!(#place.put(out))),
        }
    }

    /// Puts what is the same in all events, and then this.
    fn one(&mut self, value: &TokenStream) {
        let before = proc_macro2::Literal::byte_string(&std::mem::take(&mut self.fixed));
        self.puts.extend(quote! {
            let out = rt::put(out, #before)?;
            let out = #value?;
        });
    }
}

/// Appends the encoding of the record `event` to `out`, where some fields usually are the same: looking whether they are
/// costs less than writing them.
pub(super) fn encode_usual(
    emitting: &Emitting<'_>,
    id: RecordId,
    event: &TokenStream,
    usual: &[UsualField],
    out: &TokenStream,
) -> TokenStream {
    let plan = emitting.plan;
    let put = Putting::put(plan, usual, Some(emitting.recent), plan.record(id), event);
    if usual.is_empty() {
        return quote!(#out.append(|out| { #put }););
    }
    let checks = usual.iter().map(|UsualField { path, is }| {
        let mut record = id;
        let names = path.iter().map(|at| {
            let field = &plan.record(record).fields[*at];
            if let Repr::Record(inner) = field.repr {
                record = inner;
            }
            ident(&field.ident)
        });
        let place = quote!(#event #(.#names)*);
        match is {
            Usual::Text(text) => quote!(#place == #text),
            Usual::Hostname => quote!(::std::ptr::eq(#place, cx.hostname())),
        }
    });
    // The rare way looks at a copy: if it had the event's address, each event would have to be put together in memory.
    quote! {
        if #(#checks)&&* {
            #out.append(|out| { #put });
        } else {
            let unusual = *#event;
            rt::encode_unusual(&unusual, #out);
        }
    }
}

/// The owned twin of a record, for a log that keeps it: its strings are reused.
fn kept(plan: &Plan, record: &Record) -> TokenStream {
    let name = ident(&record.name);
    let twin = ident(&format!("{}Kept", record.name));
    let docs = format!(" [`{}`], kept by a log.", record.name);
    let any = record.borrows.then(|| quote!(<'_>));
    let idents: Vec<_> = record.fields.iter().map(|field| ident(&field.ident)).collect();
    let types = record.fields.iter().map(|field| plan.kept_type(field.repr));
    let views = record.fields.iter().map(|field| {
        let ident = ident(&field.ident);
        view(field.repr, &quote!(self.#ident))
    });
    let keys = record.fields.iter().map(|field| &field.key);
    let restore = record.restored.then(|| {
        quote! {
            impl rt::Restore for #twin {
                fn restore(&mut self, value: &rt::Value) -> ::std::result::Result<(), rt::ShapeError> {
                    let fields = rt::any_fields(value)?;
                    #(rt::restore_field(fields, #keys, &mut self.#idents)?;)*
                    ::std::result::Result::Ok(())
                }
            }
        }
    });
    quote! {
        #[doc = #docs]
        #[doc(hidden)]
        #[derive(Clone, Debug, Default)]
        pub struct #twin { #(#idents: #types),* }

        impl rt::Keep<#twin> for #name #any {
            fn keep(&self, kept: &mut #twin) {
                #(rt::Keep::keep(&self.#idents, &mut kept.#idents);)*
            }
        }

        #restore

        impl #twin {
            fn view(&self) -> #name #any {
                #name { #(#idents: #views),* }
            }
        }
    }
}

/// What was kept, as expressions read it.
pub(super) fn view(repr: Repr, place: &TokenStream) -> TokenStream {
    match repr {
        Repr::Value => quote!(&#place),
        Repr::Str => quote!(#place.as_str()),
        Repr::Record(_) => quote!(#place.view()),
        _ => place.clone(),
    }
}

/// The record as one writes shapes: `{id: uint, hostname: string}`.
fn shape(plan: &Plan, record: &Record) -> String {
    let fields = record.fields.iter().map(|field| {
        let ty = match field.repr {
            Repr::Value => "any".to_owned(),
            Repr::Null => "null".to_owned(),
            Repr::Bool => "bool".to_owned(),
            Repr::Uint => "uint".to_owned(),
            Repr::Integer => "int".to_owned(),
            Repr::Float => "float".to_owned(),
            Repr::Str => "string".to_owned(),
            Repr::Record(id) => shape(plan, plan.record(id)),
        };
        format!("{}: {ty}", field.key)
    });
    format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
}
