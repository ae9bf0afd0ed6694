//! The first pass: tokens → [`ast`]. One token type, a lexer for Rust tokens, one for text, and one parser that
//! knows neither. What names mean is not its business.

pub mod ast;
mod parser;
mod pos;
mod print;
mod rust_lexer;
mod text_lexer;
mod token;
mod walk;

use proc_macro2::TokenStream;

pub use pos::Pos;
pub use print::print;

use crate::diagnostics::Diagnostics;

/// How deep brackets, operators and paths may be nested. It keeps every later walk over an expression off the end of
/// the stack.
pub const GREATEST_DEPTH: usize = 128;

/// Reads the text of one macro call. Errors are reported, each once; the result holds as much as could be read, so
/// that later passes report theirs in the same run. `None` for a macro call without a flow.
pub fn parse(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Option<ast::Flow> {
    let tokens = rust_lexer::lex(tokens, diagnostics);
    parser::flow(tokens, diagnostics)
}
