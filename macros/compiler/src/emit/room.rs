//! Room: asked synchronously, never counted upstream.

use proc_macro2::TokenStream;
use quote::quote;

use super::pipeline::Emitting;
use super::tokens::{ident, prefixed};
use crate::lower::plan::{Demand, Length, Log, NodeKind, Target};

/// How many events have room in all these terminals; an expression of type `u32` over `cx`, `out`, `ask`.
pub(super) fn least(emitting: &Emitting<'_>, demand: &[Demand]) -> TokenStream {
    let mut rooms = demand.iter().map(|demand| {
        let (room, places) = (terminal(emitting, demand.terminal), demand.places);
        if places > 1 { quote!(ask.together(#room, #places)) } else { room }
    });
    let Some(first) = rooms.next() else { return quote!(u32::MAX) };
    quote!(#first #(.min(#rooms))*)
}

/// Whether there is room for one event in all these terminals; an expression of type `bool` over `cx`, `out`, `ask`. Of the
/// outputs of a round robin, the first with room answers.
pub(super) fn any(emitting: &Emitting<'_>, demand: &[Demand]) -> TokenStream {
    if demand.is_empty() {
        return quote!(true);
    }
    let rooms = demand.iter().map(|demand| match demand.terminal {
        Target::Node(at) if demand.places <= 1 => match &emitting.pipeline.nodes[at].kind {
            NodeKind::Distributor(distributor) => {
                let has_room = prefixed("has_room_at_", &distributor.field);
                quote!(self.#has_room(cx, out, ask))
            }
            _ => at_least_one(emitting, demand),
        },
        _ => at_least_one(emitting, demand),
    });
    quote!(#(#rooms)&&*)
}

fn at_least_one(emitting: &Emitting<'_>, demand: &Demand) -> TokenStream {
    let least = least(emitting, std::slice::from_ref(demand));
    quote!(#least > 0)
}

fn terminal(emitting: &Emitting<'_>, target: Target) -> TokenStream {
    match target {
        Target::Output(at) => {
            let room = ident(&emitting.pipeline.outputs[at].room);
            quote!(out.#room(cx, ask))
        }
        Target::Node(at) => match &emitting.pipeline.nodes[at].kind {
            NodeKind::Log(log) => {
                let (field, greatest) = (ident(&log.field), greatest(log.greatest));
                quote!(self.#field.room_for(ask, #greatest))
            }
            NodeKind::Distributor(distributor) => {
                let room = prefixed("room_at_", &distributor.field);
                quote!(self.#room(cx, out, ask))
            }
            NodeKind::Select(_) => unreachable!("a select is not a terminal"),
        },
    }
}

/// Whether a log takes an event now.
pub(super) fn of_log(log: &Log) -> TokenStream {
    let (field, greatest) = (ident(&log.field), greatest(log.greatest));
    quote!(self.#field.room(#greatest))
}

/// A greatest length as an expression over `cx`.
pub(super) fn greatest(length: Option<Length>) -> TokenStream {
    let Some(Length { fixed, hostnames }) = length else { return quote!(::std::option::Option::None) };
    match hostnames {
        0 => quote!(::std::option::Option::Some(#fixed)),
        1 => quote!(::std::option::Option::Some(#fixed + cx.hostname_len())),
        _ => quote!(::std::option::Option::Some(#fixed + #hostnames * cx.hostname_len())),
    }
}
