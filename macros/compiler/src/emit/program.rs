//! The user's type, the table of settings, and the program.

use foreshock_spec::{Given, Value};
use proc_macro2::TokenStream;
use quote::quote;

use super::picture;
use super::tokens::{ident, ident_at, runtime};
use crate::lower::plan::{Definition, Plan};

/// The type that the user named, with its entry points.
pub(super) fn item(plan: &Plan) -> TokenStream {
    let (name, module, visibility) =
        (ident_at(&plan.name, plan.name_span), ident(&plan.module), &plan.visibility);
    let (docs, more_docs) = (&plan.docs, picture::docs(plan));
    let runtime = runtime();
    if plan.program.is_none() {
        let pipeline = ident(&plan.pipelines[0].type_name);
        return quote! {
            #(#[doc = #docs])*
        #more_docs
            #[allow(dead_code)]
            #visibility type #name = #runtime::Embedded<#module::#pipeline>;
        };
    }
    let graph = picture::constant(plan, visibility);
    quote! {
        #(#[doc = #docs])*
        #more_docs
        #[allow(dead_code, clippy::exhaustive_structs)]
        #[derive(Clone, Copy, Debug)]
        #visibility struct #name;

        #[allow(dead_code)]
        impl #name {
            /// The ready program: command line, logging, signals, graceful drain, exit code.
            #visibility fn main() -> ::std::process::ExitCode {
                #runtime::main(&#module::PROGRAM)
            }

            /// The same flow inside somebody's own async program.
            #visibility fn builder() -> #runtime::Builder {
                #runtime::Builder::new(&#module::PROGRAM)
            }

            #graph
        }
    }
}

/// The table of settings.
pub(super) fn definitions(plan: &Plan) -> TokenStream {
    let definitions = plan.definitions.iter().map(definition);
    quote! {
        /// Every definition's settings as written.
        #[doc(hidden)]
        pub const DEFINITIONS: &[rt::Definition] = &[#(#definitions),*];
    }
}

fn definition(definition: &Definition) -> TokenStream {
    let (path, kind, row) = (&definition.path, ident(definition.kind), &definition.row);
    let config = definition.config.iter().map(|(key, value)| {
        let value = given(value);
        quote!((#key, #value))
    });
    quote! {
        rt::Definition { path: #path, kind: rt::Kind::#kind, row: #row, config: &[#(#config),*] }
    }
}

/// What a config gives.
fn given(config: &Given) -> TokenStream {
    match config {
        Given::Value(value) => literal(value),
        Given::Env(variable) => quote!(rt::Literal::Env(#variable)),
        Given::Record(fields) => {
            let fields = fields.iter().map(|(name, value)| {
                let value = given(value);
                quote!((#name, #value))
            });
            quote!(rt::Literal::Record(&[#(#fields),*]))
        }
    }
}

/// A config value; only what rows allow gets here.
fn literal(value: &Value) -> TokenStream {
    match value {
        Value::Bool(b) => quote!(rt::Literal::Bool(#b)),
        Value::Int(i) => {
            let i = proc_macro2::Literal::i64_unsuffixed(*i);
            quote!(rt::Literal::Int(#i))
        }
        Value::Float(f) => quote!(rt::Literal::Float(#f)),
        Value::String(s) => quote!(rt::Literal::Str(#s)),
        Value::List(items) => {
            let items = items.iter().filter_map(|item| match item {
                Value::String(s) => Some(s),
                _ => None,
            });
            quote!(rt::Literal::Strings(&[#(#items),*]))
        }
        Value::Null | Value::Uint(_) | Value::Binary(_) | Value::Record(_) => quote!(rt::Literal::None),
    }
}

/// The program, if the macro call is a flow; else the picture of the pipeline.
pub(super) fn program(plan: &Plan) -> TokenStream {
    let Some(program) = &plan.program else { return picture::constant(plan, &quote!(pub)) };
    let makers = program.instances.iter().map(|(machine, labels)| {
        let ty = ident(&program.machines[*machine].type_name);
        let instance = instance_name(labels);
        quote! {
            rt::MachineMaker {
                instance: #instance,
                make: |settings, start| ::std::boxed::Box::new(#ty::new(settings, start, &[#(#labels),*])),
            }
        }
    });
    let (name, about) = (&plan.name, plan.docs.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n"));
    let (table, forms) = (picture::table(&plan.picture), picture::forms(&plan.forms));
    quote! {
        /// The program.
        #[doc(hidden)]
        pub static PROGRAM: rt::Program = rt::Program {
            name: #name,
            about: #about,
            version: ::core::env!("CARGO_PKG_VERSION"),
            definitions: DEFINITIONS,
            machines: &[#(#makers),*],
            picture: #table,
            forms: #forms,
        };
    }
}

/// One name for a machine: that of its instances, joined where they differ.
fn instance_name(labels: &[String]) -> String {
    let mut distinct: Vec<&str> = Vec::new();
    for label in labels {
        if !distinct.contains(&label.as_str()) {
            distinct.push(label);
        }
    }
    distinct.join("+")
}
