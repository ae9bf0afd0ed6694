//! The nodes of a pipeline: a log stores and later emits, a round robin picks, a select computes. Each becomes one
//! method that takes an event, and what belongs to it.

use proc_macro2::TokenStream;
use quote::quote;

use super::expr::Expressions;
use super::forward::Current;
use super::pipeline::Emitting;
use super::records;
use super::room;
use super::tokens::{ident, prefixed};
use crate::lower::code::{Code, Repr};
use crate::lower::plan::{Distributor, Log, Node, NodeKind, Select, TagType};

/// The methods of a node.
pub(super) fn node(emitting: &Emitting<'_>, node: &Node) -> TokenStream {
    match &node.kind {
        NodeKind::Log(log) => emitting.log(node, log),
        NodeKind::Distributor(distributor) => emitting.distributor(node, distributor),
        NodeKind::Select(select) => emitting.select(node, select),
    }
}

/// What keeps a node from becoming part of its callers' code.
fn apart(node: &Node) -> Option<TokenStream> {
    node.apart.then(|| quote!(#[inline(never)]))
}

impl Emitting<'_> {
    /// The head of a method that takes an event.
    fn signature(&self, node: &Node, method: &proc_macro2::Ident) -> TokenStream {
        let ports = self.ports_bound();
        let tag = self.tag(node.tag);
        let params = self.plan.payload_params(node.payload);
        quote! {
            fn #method<O: #ports>(
                &mut self, cx: &rt::Context, head: rt::Head<#tag>, #params out: &mut O,
            )
        }
    }

    fn log(&self, node: &Node, log: &Log) -> TokenStream {
        let field = ident(&log.field);
        let signature = self.signature(node, &ident(&node.method));
        let current = Current::of_params(node.payload, node.tag);
        let encode = current.encode_usual(self, &log.usual, &quote!(entry));
        let keep = log.keeps.map(|repr| match repr {
            Repr::Value | Repr::Record(_) => quote!(rt::Keep::keep(event, kept);),
            _ => quote!(rt::Keep::keep(&event, kept);),
        });
        let kept = if log.keeps.is_some() { quote!(kept) } else { quote!(_) };
        let failed = self.fail(node.tag, &log.failure, &quote!(rt::too_large(bytes)), &current);
        let pump = self.pump_log(node, log);
        // Only within the call in which a source has made it, an event has an origin.
        let origin = log.on_disk.then(|| quote!(cx.origin(),));
        // Inlined, the event that is stored need not be put together first.
        let inline = apart(node).unwrap_or_else(|| quote!(#[inline]));
        quote! {
            #inline
            #signature -> rt::Handed {
                let stored = self.#field.store(head, #origin |entry, #kept| { #encode #keep });
                match stored {
                    rt::Stored::Kept => rt::Handed::ONE,
                    rt::Stored::TooLarge { bytes } => #failed,
                }
            }

            #pump
        }
    }

    fn pump_log(&self, node: &Node, log: &Log) -> TokenStream {
        let ports = self.ports_bound();
        let field = ident(&log.field);
        let pump = prefixed("pump_", &log.field);
        let at = self.pipeline.nodes.iter().position(|other| std::ptr::eq(other, node));
        let tag = TagType::Log(at.expect("the node is the pipeline's"));
        let has_room = room::any(self, &log.demand);
        let view = log.keeps.map(|repr| {
            let view = records::view(repr, &quote!((*lent.kept())));
            match repr {
                Repr::Record(_) => quote!(let event = &#view;),
                _ => quote!(let event = #view;),
            }
        });
        let current = Current {
            event: log.keeps.map(|repr| (quote!(event), repr)),
            bytes: Some(quote!(lent.payload())),
            tag,
            tree: false,
        };
        let forward = self.forward(&log.forward, &current);
        let unfit = self.unfit(log, tag);
        quote! {
            fn #pump<O: #ports>(&mut self, cx: &rt::Context, out: &mut O) -> rt::Progress {
                let mut progress = rt::Progress::Idle;
                for _ in 0..self.#field.read_count() {
                    let ::std::option::Option::Some(next) = self.#field.next() else { break };
                    let ask = rt::Ask::entering(next.is_suspect());
                    if !(#has_room) {
                        break;
                    }
                    progress = rt::Progress::Again;
                    let lent = self.#field.lend(next);
                    let head = lent.head;
                    #unfit
                    #view
                    let handed = #forward;
                    self.#field.hand_back(lent, handed);
                }
                progress
            }
        }
    }

    /// Fails what a log on disk has recovered, and what the build that wrote it had in another shape.
    fn unfit(&self, log: &Log, tag: TagType) -> Option<TokenStream> {
        if !log.on_disk || log.keeps.is_none() {
            return None;
        }
        let field = ident(&log.field);
        let head = self.pipeline.head(tag, self.pipeline.outputs[log.failure.output].tag);
        Some(quote! {
            if let ::std::option::Option::Some(why) = lent.unfit() {
                let error = rt::unfit(why);
                let event = O::ERR_IS_LINKED.then(|| rt::recovered_event(lent.payload()));
                let handed = self.failed(cx, #head, error, event, out);
                self.#field.hand_back(lent, handed);
                continue;
            }
        })
    }

    fn distributor(&self, node: &Node, distributor: &Distributor) -> TokenStream {
        let field = ident(&distributor.field);
        let signature = self.signature(node, &ident(&node.method));
        let current = Current::of_params(node.payload, node.tag);
        let rooms: Vec<_> = distributor.outputs.iter().map(|(_, demand)| room::least(self, demand)).collect();
        let numbers = 0..rooms.len();
        let ways = numbers.map(|at| {
            let room = &rooms[at];
            let forward = self.forward(&distributor.outputs[at].0, &current);
            quote! {
                #at if #room > 0 => {
                    self.#field.took(#at);
                    return #forward;
                }
            }
        });
        let overflow = match &distributor.overflow {
            Some((forward, _)) => self.forward(forward, &current),
            None => quote!(rt::Handed::NO_ROOM),
        };
        // Without an overflow, the results of one event that find no room are parked in front of a log.
        let otherwise = match &distributor.overflow {
            Some(_) => quote!(break;),
            None => quote! {
                let ::std::option::Option::Some(parking) = ask.failing_that() else { break };
                ask = parking;
            },
        };
        let room_name = prefixed("room_at_", &distributor.field);
        let ports = self.ports_bound();
        let apart = apart(node);
        let room = self.distributor_room(distributor, rooms.clone());
        let has_room_name = prefixed("has_room_at_", &distributor.field);
        let mut ways_out: Vec<_> =
            distributor.outputs.iter().map(|(_, demand)| room::any(self, demand)).collect();
        ways_out.extend(distributor.overflow.as_ref().map(|(_, demand)| room::any(self, demand)));
        quote! {
            #apart
            #signature -> rt::Handed {
                let mut ask = rt::Ask::placing(head.suspect);
                loop {
                    for output in self.#field.turns() {
                        match output {
                            #(#ways)*
                            _ => {}
                        }
                    }
                    #otherwise
                }
                #overflow
            }

            fn #room_name<O: #ports>(&self, cx: &rt::Context, out: &O, ask: rt::Ask) -> u32 { #room }

            #[inline]
            fn #has_room_name<O: #ports>(&self, cx: &rt::Context, out: &O, ask: rt::Ask) -> bool {
                #((#ways_out))||*
            }
        }
    }

    fn distributor_room(&self, distributor: &Distributor, mut rooms: Vec<TokenStream>) -> TokenStream {
        if let Some((_, demand)) = &distributor.overflow {
            rooms.push(room::least(self, demand));
        }
        let combine = if distributor.adds_up { quote!(saturating_add) } else { quote!(max) };
        quote!(0u32 #(.#combine(#rooms))*)
    }

    fn select(&self, node: &Node, select: &Select) -> TokenStream {
        let method = ident(&node.method);
        let (docs, apart) = (format!(" `{}`", select.written), apart(node));
        let body = self.select_body(node, select);
        let Some(failure) = &select.failure else {
            let signature = self.signature(node, &method);
            return quote! { #[doc = #docs] #apart #signature -> rt::Handed { #body } };
        };
        let evaluate = prefixed("try_", &node.method);
        let signature = self.signature(node, &method);
        let inner = self.signature(node, &evaluate);
        let current = Current::of_params(node.payload, node.tag);
        let args = current.args(node.payload);
        let failed = self.fail(node.tag, failure, &quote!(error), &current);
        quote! {
            #[doc = #docs]
            #apart
            #signature -> rt::Handed {
                match self.#evaluate(cx, head, #args out) {
                    ::std::result::Result::Ok(handed) => handed,
                    ::std::result::Result::Err(error) => #failed,
                }
            }

            #inner -> ::std::result::Result<rt::Handed, rt::EvalError> {
                ::std::result::Result::Ok({ #body })
            }
        }
    }

    /// The condition, the target and the way on; an expression of type `Handed`.
    fn select_body(&self, node: &Node, select: &Select) -> TokenStream {
        let mut expressions = Expressions::new(self.plan, &select.shared);
        let done = if select.failure.is_some() {
            quote!(return ::std::result::Result::Ok(self.query.dropped()))
        } else {
            quote!(return self.query.dropped())
        };
        let unless = |expressions: &mut Expressions<'_>, condition: &Code| {
            let condition = expressions.emit(condition);
            let lets = expressions.take_lets();
            quote! { #lets if !#condition { #done; } }
        };
        let condition = select.condition.as_ref().map(|condition| unless(&mut expressions, condition));
        let mut current = Current::of_params(node.payload, node.tag);
        let mut target = quote!();
        if let Some(code) = &select.target {
            let value = expressions.emit(code);
            let lets = expressions.take_lets();
            target = match code.repr {
                Repr::Record(_) => quote!(#lets let selected = &#value;),
                _ => quote!(#lets let selected = #value;),
            };
            current = Current {
                event: Some((quote!(selected), code.repr)),
                bytes: None,
                tag: node.tag,
                tree: false,
            };
            expressions.set_event(ident("selected"));
        }
        let having = select.having.as_ref().map(|having| unless(&mut expressions, having));
        let forward = self.forward(&select.forward, &current);
        quote! { #condition #target #having #forward }
    }
}
