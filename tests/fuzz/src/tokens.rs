//! The tokens of a macro call, as Rust's lexer makes them of a text, or another macro puts them there.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::Target;
use crate::compiled::{self, Memory};
use crate::flow::WORDS;

/// A macro call.
pub const TARGET: Target = Target { name: "tokens", run, longest: 4 * 1024, words: WORDS };

/// The body of the target.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(tokens) = text.parse::<TokenStream>() {
        let files = [("x.trickle", &b"select event from in into out;"[..]), ("x.yaml", b"onramp: []")];
        compiled::check(text, with_groups_of_macros(tokens), &Memory(&files));
    }
    compiled::forget_places();
}

/// `none (…)` becomes a group without brackets, as the variables of a macro by example are.
fn with_groups_of_macros(tokens: TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut made = Vec::new();
    while let Some(token) = tokens.next() {
        let is_none = matches!(&token, TokenTree::Ident(ident) if ident == "none");
        match (token, is_none) {
            (_, true) if matches!(tokens.peek(), Some(TokenTree::Group(_))) => {
                let Some(TokenTree::Group(group)) = tokens.next() else { continue };
                made.push(regrouped(Delimiter::None, &group));
            }
            (TokenTree::Group(group), _) => made.push(regrouped(group.delimiter(), &group)),
            (token, _) => made.push(token),
        }
    }
    made.into_iter().collect()
}

fn regrouped(delimiter: Delimiter, group: &Group) -> TokenTree {
    let mut made = Group::new(delimiter, with_groups_of_macros(group.stream()));
    made.set_span(group.span());
    TokenTree::Group(made)
}
