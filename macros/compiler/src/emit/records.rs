//! The structs of closed records: how they are encoded, turned into values, read from values, and kept.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::ident;
use crate::lower::code::Repr;
use crate::lower::plan::{Plan, Record};

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
    let put = put(record);
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

/// Puts the fields one by one. What is the same in all events between two values is one part: keys, and quotes too.
fn put(record: &Record) -> TokenStream {
    let mut fixed = Vec::new();
    let mut puts = Vec::new();
    for (at, field) in record.fields.iter().enumerate() {
        let name = ident(&field.ident);
        fixed.push(if at == 0 { b'{' } else { b',' });
        foreshock_spec::json::write_str(&mut fixed, &field.key);
        fixed.push(b':');
        let is_text = field.repr == Repr::Str;
        fixed.extend(is_text.then_some(b'"'));
        let before = proc_macro2::Literal::byte_string(&fixed);
        let value = if is_text { quote!(rt::put_text(out, self.#name)) } else { quote!(self.#name.put(out)) };
        puts.push(quote! {
            let out = rt::put(out, #before)?;
            let out = #value?;
        });
        fixed.clear();
        fixed.extend(is_text.then_some(b'"'));
    }
    fixed.extend_from_slice(if record.fields.is_empty() { b"{}" } else { b"}" });
    let end = proc_macro2::Literal::byte_string(&fixed);
    quote!(#(#puts)* rt::put(out, #end))
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
