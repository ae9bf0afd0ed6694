//! The pipeline as a component without a flow: dynamic values in, collected events out. Tests and `pub pipeline` use it.

use proc_macro2::TokenStream;
use quote::quote;

use super::disk;
use super::forward::Current;
use super::pipeline::Emitting;
use super::tokens::ident;
use crate::lower::code::Repr;
use crate::lower::plan::{Input, TagType};

/// The implementation of the runtime's `Pipeline` trait.
pub(super) fn harness(emitting: &Emitting<'_>) -> TokenStream {
    let pipeline = emitting.pipeline;
    let type_name = ident(&pipeline.type_name);
    let tag = ident(&pipeline.out_name);
    let tags = emitting.out_tags(&tag);
    let collector = emitting.collector(&tag);
    let name = &pipeline.name;
    let inputs = pipeline.inputs.iter().map(|input| &input.port);
    let outputs = pipeline.outputs.iter().map(|output| &output.port);
    let places = pipeline.outputs.iter().map(|output| output.places);
    let methods = emitting.harness_methods(&tag);
    quote! {
        #tags
        #collector

        impl rt::Pipeline for #type_name<rt::EventId> {
            type Tag = #tag;
            const NAME: &'static str = #name;
            const INPUTS: &'static [&'static str] = &[#(#inputs),*];
            const OUTPUTS: &'static [&'static str] = &[#(#outputs),*];
            const PLACES: &'static [u32] = &[#(#places),*];
            const DEFINITIONS: &'static [rt::Definition] = DEFINITIONS;

            #methods
        }
    }
}

impl Emitting<'_> {
    fn harness_methods(&self, tag: &proc_macro2::Ident) -> TokenStream {
        let pushes = self.pipeline.inputs.iter().enumerate().map(|(at, input)| self.harness_push(at, input));
        let rooms = self.pipeline.inputs.iter().enumerate().map(|(at, input)| {
            let room = ident(&input.room);
            quote!(#at => Self::#room(self, cx, out, ask),)
        });
        let answers = self.pipeline.outputs.iter().map(|output| {
            let (variant, answer_name) = (ident(&output.variant), ident(&output.answer));
            quote!(#tag::#variant(tag) => self.#answer_name(tag, answer),)
        });
        let instance = self.pipeline.is_on_disk().then(|| quote!(, "01"));
        let disk = disk::embedded(self);
        quote! {
            fn create(settings: &rt::Settings) -> Self {
                Self::new(settings #instance)
            }

            #disk

            fn push(
                &mut self,
                cx: &rt::Context,
                input: usize,
                head: rt::Head<rt::EventId>,
                value: &rt::Value,
                out: &mut rt::Collector<#tag>,
            ) -> ::std::result::Result<rt::Handed, rt::ShapeError> {
                match input {
                    #(#pushes)*
                    _ => ::std::unreachable!("the pipeline has no such input"),
                }
            }

            fn room(&self, cx: &rt::Context, input: usize, out: &rt::Collector<#tag>, ask: rt::Ask) -> u32 {
                match input {
                    #(#rooms)*
                    _ => 0,
                }
            }

            fn pump(&mut self, cx: &rt::Context, out: &mut rt::Collector<#tag>) -> rt::Progress {
                Self::pump(self, cx, out)
            }

            fn answer(
                &mut self, tag: #tag, answer: rt::Answer,
            ) -> ::std::option::Option<(rt::EventId, rt::Answer)> {
                match tag { #(#answers)* }
            }

            fn next_answer(&mut self) -> ::std::option::Option<(rt::EventId, rt::Answer)> {
                Self::next_answer(self)
            }

            fn report(
                &self, cx: &rt::Context, out: &rt::Collector<#tag>, visit: &mut dyn ::std::ops::FnMut(rt::NodeReport<'_>),
            ) {
                Self::report(self, cx, out, "", visit)
            }
        }
    }

    /// The tags of all ports, as one type.
    fn out_tags(&self, name: &proc_macro2::Ident) -> TokenStream {
        let docs =
            format!(" To whom the answer to an event goes that came out of [`{}`].", self.pipeline.type_name);
        let variants = self.pipeline.outputs.iter().map(|output| {
            let variant = ident(&output.variant);
            let tag = self.pipeline.tag_type(output.tag, &quote!(rt::EventId));
            let docs = format!(" It came out of port `{}`.", output.port);
            quote!(#[doc = #docs] #variant(#tag))
        });
        quote! {
            #[doc = #docs]
            #[doc(hidden)]
            #[derive(Clone, Copy, Debug)]
            pub enum #name { #(#variants),* }
        }
    }

    /// The collector stands behind every port.
    fn collector(&self, tag: &proc_macro2::Ident) -> TokenStream {
        let ports = ident(&self.pipeline.ports_name);
        let methods = self.pipeline.outputs.iter().enumerate().map(|(at, output)| {
            let (method, room, variant) =
                (ident(&output.method), ident(&output.room), ident(&output.variant));
            let params = self.plan.payload_params(output.payload);
            let head = self.pipeline.tag_type(output.tag, &quote!(rt::EventId));
            let value = Current::of_params(output.payload, output.tag).to_value();
            let linked = (output.port == "err").then(|| {
                quote!(
                    const ERR_IS_LINKED: bool = true;
                )
            });
            quote! {
                #linked
                fn #room(&self, cx: &rt::Context, ask: rt::Ask) -> u32 { self.room(#at, ask) }
                fn #method(&mut self, cx: &rt::Context, head: rt::Head<#head>, #params) -> rt::Handed {
                    self.take(#at, head.tagged(#tag::#variant(head.tag)), #value)
                }
            }
        });
        quote! {
            impl #ports<rt::EventId> for rt::Collector<#tag> { #(#methods)* }
        }
    }

    fn harness_push(&self, at: usize, input: &Input) -> TokenStream {
        let push = ident(&input.push);
        let event = match input.event {
            Repr::Value => quote!(let event = value;),
            Repr::Record(_) => quote!(let event = &rt::Decode::decode(value)?;),
            _ => quote!(let event = rt::Decode::decode(value)?;),
        };
        let bytes = input.payload.bytes.then(|| {
            quote! {
                let mut payload = rt::Buffer::new();
                rt::Encode::encode(value, &mut payload);
            }
        });
        let current = Current {
            event: Some((quote!(event), input.event)),
            bytes: input.payload.bytes.then(|| quote!(&payload)),
            tag: TagType::Input,
            tree: false,
        };
        let event = input.payload.event.map(|_| event);
        let args = current.args(input.payload);
        quote! {
            #at => {
                #event
                #bytes
                ::std::result::Result::Ok(self.#push(cx, head, #args out))
            }
        }
    }
}
