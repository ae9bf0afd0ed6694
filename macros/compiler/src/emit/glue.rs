//! What joins the parts of a machine: holders, tags of feeders, delivery to the ends of links, and the way back.

use proc_macro2::TokenStream;
use quote::quote;

use super::forward::Current;
use super::machine::{deliveries, relay};
use super::tokens::{ident, prefixed};
use crate::lower::code::Repr;
use crate::lower::plan::{End, EndAt, Fanout, Feeder, Feeders, Machine, Payload, Plan, TagType};

/// What the emitters of a machine's parts share.
#[derive(Clone, Copy)]
pub(super) struct Gluing<'a> {
    /// The whole plan.
    pub plan: &'a Plan,
    /// The machine.
    pub machine: &'a Machine,
}

/// An event on its way between parts: as a value, as bytes, or both.
pub(super) struct GlueEvent {
    /// The event, in the form of a parameter.
    pub event: Option<(TokenStream, Repr)>,
    /// Its encoding.
    pub bytes: Option<TokenStream>,
}

/// The enums of those ends that several feed.
pub(super) fn feeder_enums(gluing: &Gluing<'_>) -> TokenStream {
    let pipelines = gluing.machine.pipelines.iter().map(|pipeline| &pipeline.feeders);
    let all = pipelines.chain(gluing.machine.sinks.iter().map(|sink| &sink.feeders));
    all.filter_map(|feeders| {
        let name = ident(feeders.tag_enum.as_ref()?);
        let variants = feeders.variants.iter().map(|variant| ident(variant));
        let types = feeders.from.iter().map(|feeder| gluing.feeder_tag(*feeder));
        Some(quote! {
            /// Who fed an event to a place that several feed.
            #[derive(Clone, Copy)]
            enum #name { #(#variants(#types)),* }
        })
    })
    .collect()
}

/// The structs that hold a pipeline and all that lies downstream; the last holds the sinks.
pub(super) fn holders(gluing: &Gluing<'_>) -> TokenStream {
    let machine = gluing.machine;
    let holders = machine.pipelines.iter().enumerate().map(|(k, pipeline)| {
        let (name, field, next) = (gluing.holder(k), ident(&pipeline.field), gluing.holder(k + 1));
        let ty = gluing.pipeline_type(k);
        let ports = gluing.ports(k);
        quote! {
            struct #name { #field: #ty, scratch: rt::Buffer, next: #next }
            #ports
        }
    });
    let sinks = ident(&machine.sinks_name);
    let fields = machine.sinks.iter().enumerate().map(|(at, sink)| {
        let (field, tag) = (ident(&sink.field), gluing.sink_tag(at));
        let ty = sink.rust.iter().map(|segment| ident(segment));
        quote!(#field: rt #(::#ty)* <#tag>)
    });
    quote! {
        #(#holders)*
        struct #sinks { scratch: rt::Buffer, #(#fields),* }
    }
}

impl Gluing<'_> {
    /// The struct that holds pipeline `k` and all that lies downstream; behind the last pipeline, the sinks.
    pub(super) fn holder(&self, k: usize) -> proc_macro2::Ident {
        ident(self.machine.pipelines.get(k).map_or(&self.machine.sinks_name, |pipeline| &pipeline.holder))
    }

    /// An expression that makes holder `k`.
    pub(super) fn new_holder(&self, k: usize) -> TokenStream {
        let name = self.holder(k);
        let scratch = quote!(scratch: rt::Buffer::new());
        if let Some(pipeline) = self.machine.pipelines.get(k) {
            let (field, next) = (ident(&pipeline.field), self.new_holder(k + 1));
            let (of, label) = (&self.plan.pipelines[pipeline.pipeline], pipeline.label);
            let ty = ident(&of.type_name);
            let instance = of.is_on_disk().then(|| quote!(, labels[#label]));
            return quote!(#name { #field: #ty::new(settings #instance), #scratch, next: #next });
        }
        let sinks = self.machine.sinks.iter().map(|sink| {
            let (field, at, label, errors) =
                (ident(&sink.field), sink.definition, sink.label, sink.err.is_some());
            let (ty, places) = (sink.rust.iter().map(|segment| ident(segment)), sink.places);
            let replayed = sink.replayed;
            quote! {
                #field: rt #(::#ty)* ::new(&settings.of(#at), rt::SinkSetup {
                    instance: labels[#label], errors_linked: #errors, replayed: #replayed, places: #places,
                    random: start.random.fork(),
                })
            }
        });
        quote!(#name { #scratch, #(#sinks),* })
    }

    /// Pipeline `k`, seen from the machine: `next.next.p`.
    pub(super) fn pipeline_place(&self, k: usize) -> TokenStream {
        let field = ident(&self.machine.pipelines[k].field);
        let way = std::iter::repeat_n(quote!(next.), k);
        quote!(next. #(#way)* #field)
    }

    /// What lies behind pipeline `k`, seen from the machine.
    pub(super) fn next_place(&self, k: usize) -> TokenStream {
        let way = std::iter::repeat_n(quote!(.next), k + 1);
        quote!(next #(#way)*)
    }

    /// A sink, seen from the machine.
    pub(super) fn sink_place(&self, at: usize) -> TokenStream {
        let field = ident(&self.machine.sinks[at].field);
        let way = std::iter::repeat_n(quote!(.next), self.machine.pipelines.len());
        quote!(next #(#way)* .#field)
    }

    fn pipeline_type(&self, k: usize) -> TokenStream {
        let name = ident(&self.plan.pipelines[self.machine.pipelines[k].pipeline].type_name);
        let tag = self.pipeline_tag(k);
        quote!(#name<#tag>)
    }

    /// The tags that pipeline `k` is given.
    fn pipeline_tag(&self, k: usize) -> TokenStream {
        self.feeders_tag(&self.machine.pipelines[k].feeders)
    }

    /// The tags that a sink is given.
    pub(super) fn sink_tag(&self, at: usize) -> TokenStream {
        self.feeders_tag(&self.machine.sinks[at].feeders)
    }

    fn feeders_tag(&self, feeders: &Feeders) -> TokenStream {
        match (&feeders.tag_enum, feeders.from.first()) {
            (Some(name), _) => {
                let name = ident(name);
                quote!(#name)
            }
            (None, Some(feeder)) => self.feeder_tag(*feeder),
            (None, None) => quote!(rt::EventId),
        }
    }

    fn feeder_tag(&self, feeder: Feeder) -> TokenStream {
        match feeder {
            Feeder::Source(at) if self.machine.sources[at].tallies => quote!(()),
            Feeder::Source(_) | Feeder::SinkError(_) => quote!(rt::EventId),
            Feeder::Pipeline(k, output) => {
                let pipeline = &self.plan.pipelines[self.machine.pipelines[k].pipeline];
                let tag = pipeline.outputs[output].tag;
                let input = if tag == TagType::Input || tag == TagType::Several {
                    self.pipeline_tag(k)
                } else {
                    quote!()
                };
                pipeline.tag_type(tag, &input)
            }
        }
    }

    /// What stands behind the ports of pipeline `k`: all that lies downstream of it.
    fn ports(&self, k: usize) -> TokenStream {
        let instance = &self.machine.pipelines[k];
        let pipeline = &self.plan.pipelines[instance.pipeline];
        let (name, next, tag) = (ident(&pipeline.ports_name), self.holder(k + 1), self.pipeline_tag(k));
        let methods = pipeline.outputs.iter().zip(&instance.outputs).map(|(output, fanout)| {
            let (method, room_name) = (ident(&output.method), ident(&output.room));
            let head = pipeline.tag_type(output.tag, &tag);
            let params = self.plan.payload_params(output.payload);
            let current = Current::of_params(output.payload, output.tag);
            let current = GlueEvent { event: current.event, bytes: current.bytes };
            let (room, deliver) = match (fanout.ends.is_empty(), output.port.as_str()) {
                // Only an explicitly linked `overflow` takes what nobody else has room for.
                (true, "overflow") => (quote!(0), quote!(rt::Handed::NO_ROOM)),
                (true, _) => (quote!(u32::MAX), quote!(rt::Handed::DONE)),
                (false, _) => {
                    let (base, cx) = (quote!(self), quote!(cx));
                    (self.room(fanout, k + 1, &base, &cx), self.deliver(fanout, k + 1, &base, &cx, &current))
                }
            };
            let is_linked = !fanout.ends.is_empty();
            let linked = (output.port == "err").then(|| quote!(const ERR_IS_LINKED: bool = #is_linked;));
            quote! {
                #linked
                fn #room_name(&self, cx: &rt::Context, ask: rt::Ask) -> u32 { #room }
                fn #method(&mut self, cx: &rt::Context, head: rt::Head<#head>, #params) -> rt::Handed { #deliver }
            }
        });
        quote! { impl #name<#tag> for #next { #(#methods)* } }
    }

    /// Room at all ends of a port; `base` is the holder of pipeline `level`.
    pub(super) fn room(
        &self,
        fanout: &Fanout,
        level: usize,
        base: &TokenStream,
        cx: &TokenStream,
    ) -> TokenStream {
        let mut rooms = fanout.ends.iter().map(|end| {
            let place = self.place(end.at, level, base);
            match end.at {
                EndAt::Sink(at) => {
                    let places = self.machine.sinks[at].places;
                    if places > 1 {
                        quote!(ask.of(#place.room(ask.suspect), #places))
                    } else {
                        quote!(#place.room(ask.suspect))
                    }
                }
                EndAt::Pipeline(k, input) => {
                    let room =
                        ident(&self.plan.pipelines[self.machine.pipelines[k].pipeline].inputs[input].room);
                    let next = self.behind(k, level, base);
                    quote!(#place.#room(#cx, &#next, ask))
                }
            }
        });
        let Some(first) = rooms.next() else { return quote!(u32::MAX) };
        quote!(#first #(.min(#rooms))*)
    }

    /// Delivers the event at hand (`head` and `event`) to all ends of a port; an expression of type `Handed`.
    pub(super) fn deliver(
        &self,
        fanout: &Fanout,
        level: usize,
        base: &TokenStream,
        cx: &TokenStream,
        event: &GlueEvent,
    ) -> TokenStream {
        if fanout.ends.is_empty() {
            return quote!(rt::Handed::DONE);
        }
        let current = Current {
            event: event.event.clone(),
            bytes: event.bytes.clone(),
            tag: TagType::Input,
            tree: false,
        };
        let calls = |current: &Current| {
            let current = current.with_tree(fanout.tree);
            let calls = fanout.ends.iter().map(|end| self.call(*end, level, base, cx, &current));
            current.made(quote!(#(#calls)+*))
        };
        if !fanout.encode {
            return calls(&current);
        }
        let encode = current.encode(&quote!(&mut payload));
        let calls = calls(&Current { bytes: Some(quote!(&payload)), ..current });
        quote!({
            let mut payload = ::std::mem::take(&mut self.scratch);
            payload.clear();
            #encode
            let handed = #calls;
            self.scratch = payload;
            handed
        })
    }

    fn call(
        &self,
        end: End,
        level: usize,
        base: &TokenStream,
        cx: &TokenStream,
        current: &Current,
    ) -> TokenStream {
        let place = self.place(end.at, level, base);
        let args = current.args(self.wanted(end));
        let feeders = match end.at {
            EndAt::Sink(at) => &self.machine.sinks[at].feeders,
            EndAt::Pipeline(k, _) => &self.machine.pipelines[k].feeders,
        };
        let head = match &feeders.tag_enum {
            None => quote!(head),
            Some(name) => {
                let (name, variant) = (ident(name), ident(&feeders.variants[end.feeder]));
                quote!(head.tagged(#name::#variant(head.tag)))
            }
        };
        match end.at {
            EndAt::Sink(_) => quote!(#place.push(#head, #args)),
            EndAt::Pipeline(k, input) => {
                let push = ident(&self.plan.pipelines[self.machine.pipelines[k].pipeline].inputs[input].push);
                let next = self.behind(k, level, base);
                quote!(#place.#push(#cx, #head, #args &mut #next))
            }
        }
    }

    fn wanted(&self, end: End) -> Payload {
        match end.at {
            EndAt::Sink(_) => Payload::SINK,
            EndAt::Pipeline(k, input) => {
                self.plan.pipelines[self.machine.pipelines[k].pipeline].inputs[input].payload
            }
        }
    }

    /// Where an end stands, seen from `base`, the holder of pipeline `level`.
    fn place(&self, at: EndAt, level: usize, base: &TokenStream) -> TokenStream {
        let (steps, field) = match at {
            EndAt::Pipeline(k, _) => (k - level, ident(&self.machine.pipelines[k].field)),
            EndAt::Sink(at) => (self.machine.pipelines.len() - level, ident(&self.machine.sinks[at].field)),
        };
        let way = std::iter::repeat_n(quote!(.next), steps);
        quote!(#base #(#way)* .#field)
    }

    fn behind(&self, k: usize, level: usize, base: &TokenStream) -> TokenStream {
        let way = std::iter::repeat_n(quote!(.next), k - level + 1);
        quote!(#base #(#way)*)
    }

    /// The method that takes a sink's answers.
    pub(super) fn answer_sink_name(&self, at: usize) -> proc_macro2::Ident {
        prefixed("answer_of_", &self.machine.sinks[at].field)
    }

    /// The method that takes the answers that come out of a pipeline's inputs.
    pub(super) fn answer_pipeline_name(&self, k: usize) -> proc_macro2::Ident {
        prefixed("answer_of_", &self.machine.pipelines[k].field)
    }

    /// The methods of the way back, one for each end that answers.
    pub(super) fn answers(&self) -> TokenStream {
        let pipelines = self.machine.pipelines.iter().enumerate().map(|(k, pipeline)| {
            self.answer(&self.answer_pipeline_name(k), &self.pipeline_tag(k), &pipeline.feeders)
        });
        let sinks = self.machine.sinks.iter().enumerate();
        let sinks =
            sinks.map(|(at, s)| self.answer(&self.answer_sink_name(at), &self.sink_tag(at), &s.feeders));
        quote! { #(#pipelines)* #(#sinks)* }
    }

    fn answer(&self, name: &proc_macro2::Ident, tag: &TokenStream, feeders: &Feeders) -> TokenStream {
        let body = match &feeders.tag_enum {
            None => feeders.from.first().map(|feeder| self.answer_feeder(*feeder)),
            Some(name) => {
                let name = ident(name);
                let arms = feeders.from.iter().zip(&feeders.variants).map(|(feeder, variant)| {
                    let (variant, way) = (ident(variant), self.answer_feeder(*feeder));
                    quote!(#name::#variant(tag) => { #way })
                });
                Some(quote!(match tag { #(#arms)* }))
            }
        };
        quote! { fn #name(&mut self, tag: #tag, answer: rt::Answer) { #body } }
    }

    fn answer_feeder(&self, feeder: Feeder) -> TokenStream {
        let (answered, further) = match feeder {
            Feeder::Source(at) => {
                let deliveries = deliveries(&self.machine.sources[at]);
                return quote!(self.#deliveries.answer(tag, answer););
            }
            Feeder::SinkError(at) => {
                let relay = relay(&self.machine.sinks[at]);
                (quote!(self.#relay.answer(tag, answer)), self.answer_sink_name(at))
            }
            Feeder::Pipeline(k, output) => {
                let place = self.pipeline_place(k);
                let outputs = &self.plan.pipelines[self.machine.pipelines[k].pipeline].outputs;
                let answer = ident(&outputs[output].answer);
                (quote!(self.#place.#answer(tag, answer)), self.answer_pipeline_name(k))
            }
        };
        quote! {
            if let ::std::option::Option::Some((tag, answer)) = #answered {
                self.#further(tag, answer);
            }
        }
    }
}
