//! The compiler behind `pipeline!`.

pub mod check;
pub mod diagnostics;
pub mod resolve;
pub mod syntax;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::diagnostics::Diagnostics;
use crate::syntax::ast::Flow;

/// Compiles one macro call: errors, all at once, or items.
pub fn compile(tokens: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let flow = syntax::parse(tokens, &mut diagnostics);
    let stub = flow.as_ref().map(stub);
    let graph = flow.map(|flow| resolve::resolve(flow, &mut diagnostics));
    let _facts = graph.map(|graph| check::check(&graph, &mut diagnostics));
    let errors = diagnostics.into_sorted();
    let errors = errors.iter().map(diagnostics::Diagnostic::to_tokens);
    quote!(#(#errors)* #stub)
}

/// Stands for the items of a flow with errors, so that code that uses them causes no further errors.
fn stub(flow: &Flow) -> TokenStream {
    let visibility = &flow.visibility;
    let span = flow.name.pos.first();
    let name = syn::parse_str::<Ident>(&flow.name.text)
        .map_or_else(|_| Ident::new_raw(&flow.name.text, span), |name| Ident::new(&name.to_string(), span));
    quote! {
        #[allow(dead_code)]
        #visibility struct #name;
        #[allow(dead_code)]
        impl #name {
            #visibility fn main() -> ::std::process::ExitCode {
                ::std::process::ExitCode::FAILURE
            }
        }
    }
}
