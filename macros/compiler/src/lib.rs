//! The compiler behind `pipeline!`: tokens in, tokens or errors out. An ordinary library, so that tests, fuzzers and
//! benchmarks can use it.
//!
//! Five passes, each a pure function in a folder of its own; none calls a later one. One collector of errors goes
//! through the first three, and code is emitted only if it stays empty.

pub mod check;
pub mod diagnostics;
pub mod emit;
pub mod lower;
pub mod resolve;
pub mod syntax;

use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;

/// Compiles one macro call. With errors it gives one `compile_error!` for each, and items of the right names, so that
/// their uses cause no further errors.
pub fn compile(tokens: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let Some(flow) = syntax::parse(tokens, &mut diagnostics) else { return errors(diagnostics) };
    let stub = emit::stub(&flow.name, &flow.visibility, flow.head);
    let graph = resolve::resolve(flow, &mut diagnostics);
    let facts = check::check(&graph, &mut diagnostics);
    if !diagnostics.is_empty() {
        let errors = errors(diagnostics);
        return quote::quote!(#errors #stub);
    }
    emit::emit(&lower::lower(&graph, &facts))
}

fn errors(diagnostics: Diagnostics) -> TokenStream {
    diagnostics.into_sorted().iter().map(diagnostics::Diagnostic::to_tokens).collect()
}
