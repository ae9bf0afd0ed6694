//! Small pieces that every construct is put together from: identifiers, types, the path to the runtime.
//!
//! The only file that spells where the runtime is.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::lower::code::Repr;
use crate::lower::plan::{Payload, Pipeline, Plan, Record, RecordId, TagType};

/// Brings the runtime's hidden module into the generated one, under the name that all generated code uses, and Rust's
/// prelude, which a crate may have switched off.
pub(super) fn import_runtime() -> TokenStream {
    quote!(
        use ::foreshock::__private as rt;
        use ::std::prelude::v1::*;
    )
}

/// What keeps lints away from code that the user has not written. (`warnings` is not enough: it means those that warn, and a crate
/// may deny some.)
pub(super) fn without_lints() -> TokenStream {
    quote!(#[allow(
        warnings, future_incompatible, let_underscore, missing_docs, nonstandard_style, unreachable_pub, unused,
        clippy::all, clippy::cargo, clippy::nursery, clippy::pedantic, clippy::restriction
    )])
}

/// The runtime's hidden module, from outside the generated one.
pub(super) fn runtime() -> TokenStream {
    quote!(::foreshock::__private)
}

/// An identifier of generated code, raw where Rust reserves the word.
pub(super) fn ident(name: &str) -> Ident {
    ident_at(name, Span::call_site())
}

/// The same, located at what the user wrote.
pub(super) fn ident_at(name: &str, span: Span) -> Ident {
    // Reserved since the edition of 2024, which `syn` does not know; generated code takes the edition of the user's crate.
    let is_late_keyword = name == "gen";
    if syn::parse_str::<Ident>(name).is_ok() && !is_late_keyword {
        Ident::new(name, span)
    } else if matches!(name, "self" | "Self" | "super" | "crate" | "_") {
        Ident::new(&format!("{name}_"), span)
    } else {
        Ident::new_raw(name, span)
    }
}

/// An identifier with a prefix.
pub(super) fn prefixed(prefix: &str, name: &str) -> Ident {
    ident(&format!("{prefix}{name}"))
}

impl Plan {
    /// A generated struct.
    pub fn record(&self, id: RecordId) -> &Record {
        &self.records[id.0]
    }

    /// The type of a parameter that takes an event.
    pub fn event_type(&self, repr: Repr) -> TokenStream {
        match repr {
            Repr::Value => quote!(&rt::Value),
            Repr::Record(id) => {
                let record = record_type(self.record(id), &quote!('_));
                quote!(&#record)
            }
            Repr::Str => quote!(&str),
            _ => scalar_type(repr),
        }
    }

    /// The type of a field of a record.
    pub fn field_type(&self, repr: Repr) -> TokenStream {
        match repr {
            Repr::Value => quote!(&'a rt::Value),
            Repr::Str => quote!(&'a str),
            Repr::Record(id) => record_type(self.record(id), &quote!('a)),
            _ => scalar_type(repr),
        }
    }

    /// The type that a log keeps for an event.
    pub fn kept_type(&self, repr: Repr) -> TokenStream {
        match repr {
            Repr::Value => quote!(rt::Value),
            Repr::Str => quote!(::std::string::String),
            Repr::Record(id) => {
                let kept = ident(&format!("{}Kept", self.record(id).name));
                quote!(#kept)
            }
            _ => scalar_type(repr),
        }
    }

    /// The parameters behind `head` that take a payload.
    pub fn payload_params(&self, payload: Payload) -> TokenStream {
        let event = payload.event.map(|repr| {
            let ty = self.event_type(repr);
            quote!(event: #ty,)
        });
        let bytes = payload.bytes.then(|| quote!(payload: &[u8],));
        quote!(#event #bytes)
    }
}

fn scalar_type(repr: Repr) -> TokenStream {
    match repr {
        Repr::Null => quote!(rt::Null),
        Repr::Bool => quote!(bool),
        Repr::Uint => quote!(u64),
        Repr::Integer => quote!(i128),
        Repr::Float => quote!(f64),
        Repr::Value | Repr::Str | Repr::Record(_) => unreachable!("not a scalar"),
    }
}

fn record_type(record: &Record, lifetime: &TokenStream) -> TokenStream {
    let name = ident(&record.name);
    if record.borrows { quote!(#name<#lifetime>) } else { quote!(#name) }
}

impl Pipeline {
    /// The type of a tag; `input` is the type of the pipeline's own feeder tag.
    pub fn tag_type(&self, tag: TagType, input: &TokenStream) -> TokenStream {
        match tag {
            TagType::Input => input.clone(),
            TagType::Log(_) => quote!(rt::EventId),
            TagType::Several => {
                let tags = self.tag_enum.as_ref().expect("several listeners have a tag enum");
                let name = ident(&tags.name);
                if tags.input.is_some() { quote!(#name<#input>) } else { quote!(#name) }
            }
        }
    }

    /// `head` of an event of listener `from`, as somebody wants it who knows listener `to`.
    pub fn head(&self, from: TagType, to: TagType) -> TokenStream {
        if from == to {
            return quote!(head);
        }
        let tags = self.tag_enum.as_ref().expect("tags differ only where several meet");
        let name = ident(&tags.name);
        let variant = ident(tags.variant(from).expect("the listener is one of several"));
        quote!(head.tagged(#name::#variant(head.tag)))
    }
}
