//! The proc-macro shell: hands the tokens of `pipeline!` to the compiler.

use proc_macro::TokenStream;

/// Compiles an event flow ahead of time. Use it as `foreshock::pipeline!`; the language is told in `foreshock::language`.
#[proc_macro]
pub fn pipeline(tokens: TokenStream) -> TokenStream {
    foreshock_compiler::compile(tokens.into()).into()
}
