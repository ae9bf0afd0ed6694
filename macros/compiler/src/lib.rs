//! The compiler behind `pipeline!`: tokens in, tokens or errors out. An ordinary library, so that tests, fuzzers and
//! benchmarks can use it.
//!
//! Five passes, each a pure function in a folder of its own; none calls a later one. One collector of errors goes
//! through the first three, and code is emitted only if it stays empty.

pub mod check;
pub mod diagnostics;
pub mod emit;
pub mod files;
pub mod lower;
pub mod resolve;
pub mod syntax;

use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;
use crate::files::{Disk, Files};

/// Compiles one macro call, with the files of the crate that it stands in. With errors it gives one `compile_error!` for
/// each, and items of the right names, so that their uses cause no further errors.
pub fn compile(tokens: TokenStream) -> TokenStream {
    // Where the compiler knows no file of the call, as in an editor, the crate that cargo names must do.
    let source = tokens.clone().into_iter().next().and_then(|first| first.span().local_file());
    compile_with(tokens, &Disk::of_crate(source))
}

/// The same with included files from elsewhere.
pub fn compile_with(tokens: TokenStream, files: &dyn Files) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    diagnostics.sources_mut().set_call(files.of_call());
    let Some(flow) = syntax::parse(tokens, files, &mut diagnostics) else { return reported(diagnostics) };
    let stub = emit::stub(&lower::stub(&flow));
    let watched = emit::watched(&flow.files);
    let names = emit::editor(&lower::editor::names(&flow));
    if !flow.is_whole {
        let errors = reported(diagnostics);
        return quote::quote!(#errors #stub #names #watched);
    }
    let graph = resolve::resolve(flow, &mut diagnostics);
    let facts = check::check(&graph, &mut diagnostics);
    if diagnostics.has_errors() {
        let errors = reported(diagnostics);
        return quote::quote!(#errors #stub #names #watched);
    }
    let warnings = reported(diagnostics);
    let code = emit::emit(&lower::lower(&graph, &facts));
    quote::quote!(#warnings #code #names #watched)
}

fn reported(diagnostics: Diagnostics) -> TokenStream {
    diagnostics.into_sorted().iter().map(diagnostics::Report::to_tokens).collect()
}
