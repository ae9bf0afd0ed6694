//! The first pass: tokens and included files → [`ast`]. One token type, a lexer for Rust tokens, one for text, and one
//! parser that knows neither; YAML becomes the same tree. What names mean is not its business.

mod allow;
pub mod ast;
mod include;
mod parser;
mod pos;
mod print;
mod rust_lexer;
mod text_lexer;
mod token;
mod walk;
mod yaml;

use proc_macro2::TokenStream;

pub use pos::{FileId, Order, Pos};
pub use print::print;

use crate::diagnostics::Diagnostics;
use crate::files::Files;

/// How deep brackets, operators and paths may be nested. It keeps every later walk over an expression off the end of
/// the stack.
pub const GREATEST_DEPTH: usize = 128;

/// Reads the text of one macro call and the files that it includes. Errors are reported, each once; the result holds as
/// much as could be read, so that later passes report theirs in the same run. `None` for a macro call without a flow.
pub fn parse(tokens: TokenStream, files: &dyn Files, diagnostics: &mut Diagnostics) -> Option<ast::Flow> {
    let tokens = rust_lexer::lex(tokens, diagnostics);
    let mut flow = parser::flow(tokens, diagnostics)?;
    include::expand(&mut flow, files, diagnostics);
    Some(flow)
}
