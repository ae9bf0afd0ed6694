//! The names of a flow once more, as constants that nothing needs: the user's own tokens as their definitions and uses, so that
//! an editor which knows Rust finds its way in a flow. (With other identifiers, or other spans, it does not.)

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::tokens::{ident, ident_at, without_lints};
use crate::lower::editor::{Item, Names};

/// One item without a name, in which all of it stands.
pub fn editor(names: &Names) -> TokenStream {
    let number = |space: &str| names.spaces.keys().position(|other| other == space);
    let module = |space: &str| format_ident!("names_{}", number(space).expect("a use has its space"));
    let spaces = names.spaces.iter().map(|(space, items)| {
        let (module, items) = (module(space), items.iter().map(item));
        quote!(mod #module { #(#items)* })
    });
    let uses = names.uses.iter().map(|(space, name, place)| {
        let (module, name) = (module(space), ident_at(name, *place));
        quote!(let _ = #module::#name;)
    });
    let without_lints = without_lints();
    quote! {
        #without_lints
        const _: () = {
            #(#spaces)*
            #(#uses)*
        };
    }
}

fn item(item: &Item) -> TokenStream {
    let name = item.place.map_or_else(|| ident(&item.name), |place| ident_at(&item.name, place));
    let docs = item.docs.trim();
    quote! {
        #[doc = #docs]
        pub const #name: () = ();
    }
}
