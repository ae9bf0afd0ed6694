//! A pipeline type: its struct, the trait of what stands behind its ports, and how events come in.

use std::cell::Cell;

use proc_macro2::TokenStream;
use quote::quote;

use super::forward::Current;
use super::tokens::{ident, prefixed};
use super::{contraflow, disk, failure, harness, nodes, room, turns};
use crate::lower::plan::{Input, Node, NodeKind, Pipeline, Plan, TagType};

/// What the emitters of a pipeline's parts share.
#[derive(Clone, Copy)]
pub(super) struct Emitting<'a> {
    /// The whole plan.
    pub plan: &'a Plan,
    /// The pipeline.
    pub pipeline: &'a Pipeline,
    /// Integers that the nodes encode: each has a place where its recent digits are kept.
    pub recent: &'a Cell<usize>,
}

/// One pipeline: type, ports, harness.
pub(super) fn pipeline(plan: &Plan, pipeline: &Pipeline) -> TokenStream {
    let emitting = Emitting { plan, pipeline, recent: &Cell::new(0) };
    let tags = contraflow::tag_enum(&emitting);
    let ports = emitting.ports();
    let inputs: Vec<_> = pipeline.inputs.iter().map(|input| emitting.input(input)).collect();
    let nodes: Vec<_> = pipeline.nodes.iter().map(|node| nodes::node(&emitting, node)).collect();
    // These two know how many recent integers there are now.
    let item = emitting.item();
    let new = emitting.constructor();
    let pump = emitting.pump();
    let failed = failure::failed(&emitting);
    let answers = contraflow::answers(&emitting);
    let report = emitting.report();
    let disk = disk::logs(&emitting);
    let type_name = ident(&pipeline.type_name);
    let harness = harness::harness(&emitting);
    quote! {
        #tags
        #ports
        #item

        impl<T: rt::Tag> #type_name<T> {
            #new
            #(#inputs)*
            #(#nodes)*
            #pump
            #failed
            #answers
            #report
            #disk
        }

        #harness
    }
}

impl Emitting<'_> {
    /// The bound of whatever stands behind the ports.
    pub(super) fn ports_bound(&self) -> TokenStream {
        let ports = ident(&self.pipeline.ports_name);
        quote!(#ports<T>)
    }

    /// The type of the tag of a node or output.
    pub(super) fn tag(&self, tag: TagType) -> TokenStream {
        self.pipeline.tag_type(tag, &quote!(T))
    }

    fn ports(&self) -> TokenStream {
        let name = ident(&self.pipeline.ports_name);
        let docs = format!(" What stands behind the ports of [`{}`].", self.pipeline.type_name);
        let methods = self.pipeline.outputs.iter().map(|output| {
            let (method, room) = (ident(&output.method), ident(&output.room));
            let tag = self.tag(output.tag);
            let params = self.plan.payload_params(output.payload);
            let docs = format!(" Takes an event of port `{}`.", output.port);
            let room_docs = format!(" How many events port `{}` would take now.", output.port);
            let linked = (output.port == "err").then(|| {
                quote! {
                    /// Whether anything is linked to `err`.
                    const ERR_IS_LINKED: bool;
                }
            });
            quote! {
                #linked
                #[doc = #room_docs]
                fn #room(&self, cx: &rt::Context, ask: rt::Ask) -> u32;
                #[doc = #docs]
                fn #method(&mut self, cx: &rt::Context, head: rt::Head<#tag>, #params) -> rt::Handed;
            }
        });
        quote! {
            #[doc = #docs]
            #[doc(hidden)]
            pub trait #name<T: rt::Tag> { #(#methods)* }
        }
    }

    fn item(&self) -> TokenStream {
        let name = ident(&self.pipeline.type_name);
        let docs = format!(
            "The pipeline `{}`, without I/O, clock or task. `T` names events to whoever feeds it.",
            self.pipeline.name
        );
        let fields = self.pipeline.nodes.iter().map(|node| match &node.kind {
            NodeKind::Log(log) => {
                let field = ident(&log.field);
                let tag = self.tag(node.tag);
                let kept = log.keeps.map(|repr| {
                    let kept = self.plan.kept_type(repr);
                    quote!(, #kept)
                });
                let log = ident(if log.on_disk { "DiskWal" } else { "Wal" });
                quote!(#field: rt::#log<#tag #kept>,)
            }
            NodeKind::Distributor(distributor) => {
                let (field, count) = (ident(&distributor.field), distributor.outputs.len());
                quote!(#field: rt::RoundRobin<#count>,)
            }
            NodeKind::Select(_) => quote!(),
        });
        let recent = Some(self.recent.get()).filter(|count| *count > 0);
        let recent = recent.map(|count| quote!(recent: [rt::Recent; #count],));
        quote! {
            #[doc = #docs]
            pub struct #name<T: rt::Tag = rt::EventId> {
                #(#fields)*
                #recent
                query: rt::QueryCounts,
                scratch: rt::Buffer,
                turn: usize,
                feeder: ::std::marker::PhantomData<T>,
            }
        }
    }

    fn constructor(&self) -> TokenStream {
        let fields = self.pipeline.nodes.iter().map(|node| match &node.kind {
            NodeKind::Log(log) => {
                let (field, at) = (ident(&log.field), log.definition);
                if log.on_disk {
                    return quote!(#field: rt::DiskWal::new(rt::DiskWalConfig::new(&settings.of(#at), instance)),);
                }
                quote!(#field: rt::Wal::new(&rt::WalConfig::from(&settings.of(#at))),)
            }
            NodeKind::Distributor(distributor) => {
                let field = ident(&distributor.field);
                quote!(#field: rt::RoundRobin::new(),)
            }
            NodeKind::Select(_) => quote!(),
        });
        let path = format!("pipeline.{}", self.pipeline.name);
        // What is on disk has a place for each instance.
        let instance = self.pipeline.is_on_disk().then(|| quote!(instance: &str));
        let recent = (self.recent.get() > 0)
            .then(|| quote!(recent: ::core::array::from_fn(|_| rt::Recent::default()),));
        quote! {
            /// A pipeline that has seen nothing yet.
            pub fn new(settings: &rt::Settings, #instance) -> Self {
                Self {
                    #(#fields)*
                    #recent
                    query: rt::QueryCounts::new(#path),
                    scratch: rt::Buffer::new(),
                    turn: 0,
                    feeder: ::std::marker::PhantomData,
                }
            }
        }
    }

    fn input(&self, input: &Input) -> TokenStream {
        let (push, room_name) = (ident(&input.push), ident(&input.room));
        let ports = self.ports_bound();
        let params = self.plan.payload_params(input.payload);
        let current = Current::of_params(input.payload, TagType::Input);
        let forward = self.forward(&input.forward, &current);
        let room = room::least(self, &input.demand);
        let push_docs = format!(" Takes an event at `{}`.", input.port);
        let room_docs = format!(" How many events `{}` would take now.", input.port);
        quote! {
            #[doc = #room_docs]
            pub fn #room_name<O: #ports>(&self, cx: &rt::Context, out: &O, ask: rt::Ask) -> u32 { #room }

            #[doc = #push_docs]
            pub fn #push<O: #ports>(
                &mut self, cx: &rt::Context, head: rt::Head<T>, #params out: &mut O,
            ) -> rt::Handed {
                self.query.taken();
                #forward
            }
        }
    }

    fn pump(&self) -> TokenStream {
        let ports = self.ports_bound();
        let logs = self.pipeline.logs.iter().map(|at| {
            let NodeKind::Log(log) = &self.pipeline.nodes[*at].kind else { unreachable!("logs are logs") };
            let pump = prefixed("pump_", &log.field);
            quote!(self.#pump(cx, out))
        });
        let pumped = turns::in_turns("turn", &logs.collect::<Vec<_>>());
        let pumped = if self.pipeline.logs.is_empty() { quote!(rt::Progress::Idle) } else { pumped };
        quote! {
            /// Lets the logs emit what there is room for, downstream ones first.
            pub fn pump<O: #ports>(&mut self, cx: &rt::Context, out: &mut O) -> rt::Progress { #pumped }
        }
    }

    fn report(&self) -> TokenStream {
        let ports = self.ports_bound();
        let operators = self.pipeline.nodes.iter().filter_map(|node| self.report_operator(node));
        let path = format!("pipeline.{}", self.pipeline.name);
        quote! {
            /// Reports each operator, and the selects as one.
            pub fn report<O: #ports>(
                &self, cx: &rt::Context, out: &O, instance: &str, visit: &mut dyn ::std::ops::FnMut(rt::NodeReport<'_>),
            ) {
                let ask = rt::Ask::entering(false);
                #(#operators)*
                visit(rt::NodeReport {
                    path: #path, instance, kind: rt::NodeKind::Operator, has_room: true, is_slow: false, counts: self.query.counts(),
                    measures: rt::Measures::default(),
                });
            }
        }
    }

    fn report_operator(&self, node: &Node) -> Option<TokenStream> {
        let (field, definition, room) = match &node.kind {
            NodeKind::Log(log) => (&log.field, log.definition, room::of_log(log)),
            NodeKind::Distributor(distributor) => {
                let room = prefixed("room_at_", &distributor.field);
                (&distributor.field, distributor.definition, quote!(self.#room(cx, out, ask)))
            }
            NodeKind::Select(_) => return None,
        };
        let path = &self.plan.definitions[definition].path;
        let field = ident(field);
        let measures = match &node.kind {
            NodeKind::Log(_) => quote!(self.#field.measures()),
            NodeKind::Distributor(_) | NodeKind::Select(_) => quote!(rt::Measures::default()),
        };
        Some(quote! {
            visit(rt::NodeReport {
                path: #path, instance, kind: rt::NodeKind::Operator, has_room: #room > 0, is_slow: false, counts: self.#field.counts(),
                measures: #measures,
            });
        })
    }
}
