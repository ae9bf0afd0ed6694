//! What there is more where logs are on disk: their storages, what they do with time, how they open and close, and how
//! sources go on behind what they have stored. Without such logs all of it is nothing.

use proc_macro2::TokenStream;
use quote::quote;

use super::glue::Gluing;
use super::pipeline::Emitting;
use super::tokens::ident;
use crate::lower::plan::{NodeKind, Pipeline, Source};

fn fields(pipeline: &Pipeline) -> Vec<proc_macro2::Ident> {
    pipeline.disk_logs().map(ident).collect()
}

/// The methods of a pipeline for all its logs on disk together.
pub(super) fn logs(emitting: &Emitting<'_>) -> TokenStream {
    let logs = fields(emitting.pipeline);
    if logs.is_empty() {
        return quote!();
    }
    let numbers = 0..logs.len();
    quote! {
        /// The storages of the logs on disk, by index; `None` behind the last.
        pub fn storage(&mut self, index: usize) -> ::std::option::Option<&mut rt::Storage> {
            match index {
                #(#numbers => ::std::option::Option::Some(self.#logs.storage()),)*
                _ => ::std::option::Option::None,
            }
        }

        /// Begins a step: the logs on disk take what became of their requests.
        pub fn advance(&mut self, now: rt::Time) { #(self.#logs.advance(now);)* }

        /// Ends a step: what was stored in it is to be written.
        pub fn flush(&mut self, now: rt::Time) { #(self.#logs.flush(now);)* }

        /// When `advance` must be called if nothing arrives before.
        pub fn deadline(&self) -> ::std::option::Option<rt::Time> {
            let mut earliest = ::std::option::Option::None;
            #(earliest = rt::Time::earliest(earliest, self.#logs.deadline());)*
            earliest
        }

        /// Whether all logs on disk have read what is there.
        pub fn is_open(&self) -> bool { #(self.#logs.is_open())&&* }

        /// Why a log on disk can never go on.
        pub fn failure(&self) -> ::std::option::Option<::std::string::String> {
            ::std::option::Option::None #(.or_else(|| self.#logs.failure()))*
        }

        /// Events that are safe on disk, and not acknowledged.
        pub fn kept(&self) -> u64 { #(self.#logs.kept())+* }

        /// The logs on disk write down what they know.
        pub fn close(&mut self) { #(self.#logs.close();)* }

        /// Whether they have.
        pub fn is_closed(&self) -> bool { #(self.#logs.is_closed())&&* }
    }
}

/// The methods of the runtime's `Pipeline` trait that are there for logs on disk.
pub(super) fn embedded(emitting: &Emitting<'_>) -> TokenStream {
    if !emitting.pipeline.is_on_disk() {
        return quote!();
    }
    quote! {
        fn storage(&mut self, index: usize) -> ::std::option::Option<&mut rt::Storage> {
            Self::storage(self, index)
        }

        fn advance(&mut self, now: rt::Time) { Self::advance(self, now) }

        fn flush(&mut self, now: rt::Time) { Self::flush(self, now) }
    }
}

impl Gluing<'_> {
    /// The pipelines with logs on disk, seen from the machine.
    pub(super) fn pipelines_on_disk(&self) -> Vec<TokenStream> {
        let pipelines = self.machine.pipelines.iter().enumerate();
        let on_disk = pipelines.filter(|(_, of)| self.plan.pipelines[of.pipeline].is_on_disk());
        on_disk.map(|(k, _)| self.pipeline_place(k)).collect()
    }

    /// Begins a step for the logs on disk: what is stored now is acknowledged, and may go on.
    pub(super) fn advance_disk(&self) -> TokenStream {
        let pipelines = self.machine.pipelines.iter().enumerate();
        let on_disk = pipelines.filter(|(_, of)| self.plan.pipelines[of.pipeline].is_on_disk());
        on_disk
            .map(|(k, _)| {
                let (place, answer) = (self.pipeline_place(k), self.answer_pipeline_name(k));
                quote! {
                    self.#place.advance(now);
                    while let ::std::option::Option::Some((tag, answer)) = self.#place.next_answer() {
                        self.#answer(tag, answer);
                    }
                }
            })
            .collect()
    }

    /// The methods of a machine for its storages and what they keep.
    pub(super) fn storage(&self) -> TokenStream {
        let places = self.machine.pipelines.iter().enumerate().flat_map(|(k, of)| {
            let logs = fields(&self.plan.pipelines[of.pipeline]).len();
            let place = self.pipeline_place(k);
            (0..logs).map(move |log| quote!(self.#place.storage(#log)))
        });
        let places: Vec<_> = places.collect();
        if places.is_empty() {
            return quote!();
        }
        let (numbers, pipelines) = (0..places.len(), self.pipelines_on_disk());
        quote! {
            fn storage(&mut self, index: usize) -> ::std::option::Option<&mut rt::Storage> {
                match index { #(#numbers => #places,)* _ => ::std::option::Option::None }
            }

            fn kept(&self) -> u64 { #(self.#pipelines.kept())+* }
        }
    }

    /// The method that lets sources go on behind what logs on disk have stored, once these are open.
    pub(super) fn resume(&self) -> TokenStream {
        let resumes = self.machine.sources.iter().filter_map(|source| {
            let (field, origin, resumed) = (ident(&source.field), origin(source), resumed(source));
            let logs = source.resumes.as_ref()?.logs.iter().map(|(k, node)| {
                let pipeline = &self.plan.pipelines[self.machine.pipelines[*k].pipeline];
                let NodeKind::Log(log) = &pipeline.nodes[*node].kind else { unreachable!("logs are logs") };
                let (place, field) = (self.pipeline_place(*k), ident(&log.field));
                quote!(self.#place.#field)
            });
            let logs: Vec<_> = logs.collect();
            Some(quote! {
                if !self.#resumed && #(#logs.is_open())&&* {
                    self.#resumed = true;
                    let last = ::std::option::Option::None #(.max(#logs.resumed(self.#origin)))*;
                    if let ::std::option::Option::Some(last) = last {
                        self.#field.resume(last);
                    }
                }
            })
        });
        let resumes: Vec<_> = resumes.collect();
        if resumes.is_empty() {
            return quote!();
        }
        quote! {
            /// A source makes no event before it knows behind which it goes on.
            fn resume(&mut self) { #(#resumes)* }
        }
    }

    /// Whether any source goes on.
    pub(super) fn has_resuming(&self) -> bool {
        self.machine.sources.iter().any(|source| source.resumes.is_some())
    }

    /// The fields of a machine that a source has more if it goes on: their definitions, then their values.
    pub(super) fn resuming_fields(&self, source: &Source) -> Option<(TokenStream, TokenStream)> {
        source.resumes.as_ref()?;
        let (origin, resumed, label) = (origin(source), resumed(source), source.label);
        let path = &self.plan.definitions[source.definition].path;
        Some((
            quote!(#origin: u32, #resumed: bool,),
            quote!(#origin: rt::Origin::source(#path, labels[#label]), #resumed: false,),
        ))
    }

    /// In front of what a source pushes, and behind it: says which event it is.
    pub(super) fn names_origin(&self, source: &Source) -> Option<(TokenStream, TokenStream)> {
        let (origin, id) = (origin(source), ident(source.resumes.as_ref()?.field));
        let named = quote!(rt::Origin { source: self.#origin, id: event.#id });
        Some((
            quote!(self.cx.set_origin(::std::option::Option::Some(#named));),
            quote!(self.cx.set_origin(::std::option::Option::None);),
        ))
    }
}

/// The field that names a source to the logs.
fn origin(source: &Source) -> proc_macro2::Ident {
    ident(&format!("{}_origin", source.field))
}

/// The field that tells whether a source knows where it goes on.
pub(super) fn resumed(source: &Source) -> proc_macro2::Ident {
    ident(&format!("{}_resumed", source.field))
}
