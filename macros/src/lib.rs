//! The proc-macro shell: hands the tokens of `pipeline!` to the compiler.

use proc_macro::TokenStream;

/// Compiles a flow.
#[proc_macro]
pub fn pipeline(tokens: TokenStream) -> TokenStream {
    foreshock_compiler::compile(tokens.into()).into()
}
