//! The proc-macro shell: hands the tokens of `pipeline!` to the compiler.

use proc_macro::TokenStream;

/// Compiles an event flow ahead of time; the documentation of the crate `foreshock` tells the language.
#[proc_macro]
pub fn pipeline(tokens: TokenStream) -> TokenStream {
    foreshock_compiler::compile(tokens.into()).into()
}
