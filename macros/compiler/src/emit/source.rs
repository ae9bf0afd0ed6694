//! How a machine pulls events out of its sources: one event a call, while one is due and there is room for it.

use proc_macro2::TokenStream;
use quote::quote;

use super::disk;
use super::glue::{GlueEvent, Gluing};
use super::machine::{deliveries, limit};
use super::tokens::{ident, prefixed};
use crate::lower::code::Repr;
use crate::lower::plan::Source;

impl Gluing<'_> {
    /// The methods that make a source's events while there is room for them.
    pub(super) fn pull(&self, source: &Source) -> TokenStream {
        let (name, field, deliveries) =
            (prefixed("pull_", &source.field), ident(&source.field), deliveries(source));
        let room_name = prefixed("room_for_", &source.field);
        let base = quote!(self.next);
        let mut room = self.room(&source.out, 0, &base, &quote!(&self.cx));
        if !source.err.ends.is_empty() {
            let err_room = self.room(&source.err, 0, &base, &quote!(&self.cx));
            room = quote!(#room.min(#err_room));
        }
        let event = match source.event {
            Repr::Record(id) => {
                let record = self.plan.record(id);
                let fields: Vec<_> = record.fields.iter().map(|field| ident(&field.ident)).collect();
                let event = ident(&record.name);
                quote!(let event = &#event { #(#fields: made.#fields),* };)
            }
            _ => quote!(),
        };
        let refused = match source.event {
            Repr::Record(_) => self.refuse(source),
            _ => self.refuse_line(source),
        };
        let current = GlueEvent { event: Some((quote!(event), source.event)), bytes: None };
        let deliver = self.deliver(&source.out, 0, &base, &quote!(&self.cx), &current);
        let (named, unnamed) = self.names_origin(source).unzip();
        let waits = source.resumes.as_ref().map(|_| {
            let resumed = disk::resumed(source);
            quote! {
                if !self.#resumed {
                    return 0;
                }
            }
        });
        quote! {
            fn #room_name(&self) -> u32 {
                #waits
                let ask = rt::Ask::entering(false);
                #room
            }

            fn #name(&mut self) -> rt::Progress {
                if !self.#field.is_due(self.cx.now()) || self.#room_name() == 0 {
                    return rt::Progress::Idle;
                }
                let made = self.#field.make(self.cx.now(), self.cx.unix_ns());
                #event
                #named
                let tag = self.#deliveries.open();
                let head = rt::Head { tag, ingest_ns: self.cx.unix_ns(), suspect: false };
                #refused
                let handed = #deliver;
                #unnamed
                self.#deliveries.settle(tag, handed);
                rt::Progress::Again
            }
        }
    }

    /// Sends an event that is too large to the source's `err`, or counts it, and is done with it.
    fn refuse(&self, source: &Source) -> TokenStream {
        let (limit, deliveries) = (limit(source), deliveries(source));
        let (path, label) = (&self.plan.definitions[source.definition].path, source.label);
        let deliver = self.deliver_refused(source);
        let (_, unnamed) = self.names_origin(source).unzip();
        quote! {
            if let ::std::option::Option::Some(error) =
                self.#limit.refuses(&mut self.scratch, |out| rt::Encode::encode(event, out))
            {
                let event = rt::source_error(#path, self.labels[#label], &error, rt::Encode::to_value(event));
                let handed = #deliver;
                #unnamed
                self.#deliveries.settle(tag, handed);
                return rt::Progress::Again;
            }
        }
    }

    /// The same for a line that makes no event; the event of one that does is at hand then.
    fn refuse_line(&self, source: &Source) -> TokenStream {
        let (limit, deliveries) = (limit(source), deliveries(source));
        let (path, label) = (&self.plan.definitions[source.definition].path, source.label);
        let is_linked = !source.err.ends.is_empty();
        let deliver = self.deliver_refused(source);
        let at_hand = match source.event {
            Repr::Str => quote!(rt::text_of(&event)),
            _ => quote!(&event),
        };
        quote! {
            let event = match made {
                ::std::result::Result::Ok(event) => event,
                ::std::result::Result::Err(refused) => {
                    self.#limit.refused_line(self.cx.now(), #path, self.labels[#label], &refused, #is_linked);
                    let event = rt::refused_line(&refused);
                    let handed = #deliver;
                    self.#deliveries.settle(tag, handed);
                    return rt::Progress::Again;
                }
            };
            let event = #at_hand;
        }
    }

    fn deliver_refused(&self, source: &Source) -> TokenStream {
        let event = GlueEvent { event: Some((quote!(&event), Repr::Value)), bytes: None };
        self.deliver(&source.err, 0, &quote!(self.next), &quote!(&self.cx), &event)
    }
}
