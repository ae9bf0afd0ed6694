//! The way back: answers go from an output to the nearest listener upstream, by direct calls.

use proc_macro2::TokenStream;
use quote::quote;

use super::pipeline::Emitting;
use super::tokens::{ident, prefixed};
use crate::lower::plan::{NodeKind, TagType};

/// The enum of a pipeline's listeners, where several meet.
pub(super) fn tag_enum(emitting: &Emitting<'_>) -> TokenStream {
    let Some(tags) = &emitting.pipeline.tag_enum else { return quote!() };
    let name = ident(&tags.name);
    let docs = format!(" Who listens to an event of [`{}`] where several may.", emitting.pipeline.type_name);
    let generic = tags.input.is_some().then(|| quote!(<T>));
    let input = tags.input.as_ref().map(|variant| {
        let variant = ident(variant);
        quote! {
            /// Whoever feeds the pipeline.
            #variant(T),
        }
    });
    let logs = tags.logs.iter().map(|(at, variant)| {
        let NodeKind::Log(log) = &emitting.pipeline.nodes[*at].kind else { unreachable!("logs are logs") };
        let docs = format!(" The log `{}`.", log.field);
        let variant = ident(variant);
        quote!(#[doc = #docs] #variant(rt::EventId),)
    });
    quote! {
        #[doc = #docs]
        #[doc(hidden)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum #name #generic { #input #(#logs)* }
    }
}

/// The methods that take answers.
pub(super) fn answers(emitting: &Emitting<'_>) -> TokenStream {
    let outputs = emitting.pipeline.outputs.iter().map(|output| {
        let name = ident(&output.answer);
        let tag = emitting.tag(output.tag);
        let route = emitting.route(output.tag);
        let docs = format!(
            " Takes the answer to an event of port `{}`; what comes out goes further up.",
            output.port
        );
        quote! {
            #[doc = #docs]
            pub fn #name(
                &mut self, tag: #tag, answer: rt::Answer,
            ) -> ::std::option::Option<(T, rt::Answer)> { #route }
        }
    });
    let logs = emitting.pipeline.logs.iter().map(|at| emitting.answer_at_log(*at));
    let tagged = emitting.answer_tagged();
    let next = emitting.next_answer();
    quote! { #(#outputs)* #(#logs)* #tagged #next }
}

impl Emitting<'_> {
    /// Sends `(tag, answer)` to its listener; an expression of type `Option<(T, Answer)>`.
    fn route(&self, tag: TagType) -> TokenStream {
        match tag {
            TagType::Input => quote!(::std::option::Option::Some((tag, answer))),
            TagType::Several => quote!(self.answer_tagged(tag, answer)),
            TagType::Log(at) => {
                let answer_at = prefixed("answer_at_", self.log_field(at));
                quote!(self.#answer_at(tag, answer))
            }
        }
    }

    fn log_field(&self, at: usize) -> &str {
        match &self.pipeline.nodes[at].kind {
            NodeKind::Log(log) => &log.field,
            _ => unreachable!("only logs listen"),
        }
    }

    fn answer_at_log(&self, at: usize) -> TokenStream {
        let name = prefixed("answer_at_", self.log_field(at));
        let field = ident(self.log_field(at));
        let body = match self.pipeline.nodes[at].tag {
            TagType::Input => quote!(self.#field.answer(tag, answer)),
            upstream => {
                let route = self.route(upstream);
                quote! {
                    let (tag, answer) = self.#field.answer(tag, answer)?;
                    #route
                }
            }
        };
        quote! {
            fn #name(
                &mut self, tag: rt::EventId, answer: rt::Answer,
            ) -> ::std::option::Option<(T, rt::Answer)> { #body }
        }
    }

    fn answer_tagged(&self) -> TokenStream {
        let Some(tags) = &self.pipeline.tag_enum else { return quote!() };
        let name = ident(&tags.name);
        let ty = self.tag(TagType::Several);
        let input = tags.input.as_ref().map(|variant| {
            let variant = ident(variant);
            let route = self.route(TagType::Input);
            quote!(#name::#variant(tag) => #route,)
        });
        let logs = tags.logs.iter().map(|(at, variant)| {
            let variant = ident(variant);
            let route = self.route(TagType::Log(*at));
            quote!(#name::#variant(tag) => #route,)
        });
        quote! {
            fn answer_tagged(
                &mut self, tag: #ty, answer: rt::Answer,
            ) -> ::std::option::Option<(T, rt::Answer)> {
                match tag { #input #(#logs)* }
            }
        }
    }

    fn next_answer(&self) -> TokenStream {
        let logs = self.pipeline.logs.iter().map(|at| {
            let field = ident(self.log_field(*at));
            if self.pipeline.nodes[*at].tag == TagType::Input {
                return quote! {
                    if let ::std::option::Option::Some(answered) = self.#field.next_answer() {
                        return ::std::option::Option::Some(answered);
                    }
                };
            }
            let route = self.route(self.pipeline.nodes[*at].tag);
            quote! {
                while let ::std::option::Option::Some((tag, answer)) = self.#field.next_answer() {
                    let answered = #route;
                    if answered.is_some() {
                        return answered;
                    }
                }
            }
        });
        quote! {
            /// The next answer that the pipeline itself has for whoever feeds it: what was dropped behind a log.
            pub fn next_answer(&mut self) -> ::std::option::Option<(T, rt::Answer)> {
                #(#logs)*
                ::std::option::Option::None
            }
        }
    }
}
