//! A machine: the struct that owns sources, pipelines and sinks of one connected part of the deployment, and its
//! steps. Each pipeline sits in a holder together with all that lies downstream, so that `push(…, &mut next)` borrows
//! exactly what it may touch.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::glue::{self, Gluing};
use super::room;
use super::tokens::{ident, prefixed};
use super::turns;
use crate::lower::plan::{Machine, Plan, Sink, Source};

/// The machine's types and its implementation of the runtime's `Machine`.
pub(super) fn machine(plan: &Plan, machine: &Machine) -> TokenStream {
    let gluing = Gluing { plan, machine };
    let tags = glue::feeder_enums(&gluing);
    let holders = glue::holders(&gluing);
    let item = gluing.item();
    let new = gluing.constructor();
    let sources = machine.sources.iter().map(|source| gluing.pull(source));
    let errors = machine.sinks.iter().enumerate().map(|(at, sink)| gluing.sink_errors(at, sink));
    let answers = gluing.answers();
    let pump = gluing.pump();
    let resume = gluing.resume();
    let pull = gluing.pull_all();
    let implementation = gluing.implementation();
    let name = ident(&machine.type_name);
    quote! {
        #tags
        #holders
        #item
        impl #name {
            #new
            #(#sources)*
            #(#errors)*
            #answers
            #pull
            #pump
            #resume
        }
        #implementation
    }
}

/// The field that counts a source's deliveries.
pub(super) fn deliveries(source: &Source) -> proc_macro2::Ident {
    ident(&format!("{}_deliveries", source.field))
}

/// The type of that field.
fn deliveries_type(source: &Source) -> TokenStream {
    if source.tallies { quote!(rt::Tally) } else { quote!(rt::Deliveries) }
}

/// The field that watches the size of a source's events.
pub(super) fn limit(source: &Source) -> proc_macro2::Ident {
    ident(&format!("{}_limit", source.field))
}

/// The field that counts a sink's rejected events on their way.
pub(super) fn relay(sink: &Sink) -> proc_macro2::Ident {
    ident(&format!("{}_errors", sink.field))
}

impl Gluing<'_> {
    fn item(&self) -> TokenStream {
        let name = ident(&self.machine.type_name);
        let sources = self.machine.sources.iter().map(|source| {
            let (field, deliveries) = (ident(&source.field), deliveries(source));
            let ty = source.rust.iter().map(|segment| ident(segment));
            let (limit, open) = (limit(source), deliveries_type(source));
            let (more, _) = self.resuming_fields(source).unzip();
            quote!(#field: rt #(::#ty)*, #deliveries: #open, #limit: rt::SourceLimit, #more)
        });
        let relays =
            self.machine.sinks.iter().enumerate().filter(|(_, sink)| sink.err.is_some()).map(|(at, sink)| {
                let (relay, tag) = (relay(sink), self.sink_tag(at));
                quote!(#relay: rt::Relay<#tag>,)
            });
        let next = self.holder(0);
        quote! {
            /// One instance of the flow, without I/O, clock or task.
            struct #name {
                cx: rt::Context,
                labels: &'static [&'static str],
                scratch: rt::Buffer,
                turn: usize,
                pipeline_turn: usize,
                entrance_turn: usize,
                #(#sources)*
                #(#relays)*
                next: #next,
            }
        }
    }

    fn constructor(&self) -> TokenStream {
        let sources = self.machine.sources.iter().map(|source| {
            let (field, deliveries, at) = (ident(&source.field), deliveries(source), source.definition);
            let ty = source.rust.iter().map(|segment| ident(segment));
            let (limit, greatest) = (limit(source), room::greatest(source.greatest));
            let open = deliveries_type(source);
            let (_, more) = self.resuming_fields(source).unzip();
            quote! {
                #field: rt #(::#ty)* ::new(&settings.of(#at)),
                #deliveries: #open::new(),
                #limit: rt::SourceLimit::new(settings.of(#at).u64("max_event_bytes"), #greatest),
                #more
            }
        });
        let relays = self.machine.sinks.iter().filter(|sink| sink.err.is_some()).map(|sink| {
            let relay = relay(sink);
            quote!(#relay: rt::Relay::new(),)
        });
        let next = self.new_holder(0);
        quote! {
            fn new(settings: &rt::Settings, start: &mut rt::Start, labels: &'static [&'static str]) -> Self {
                Self {
                    cx: start.context(labels[0]),
                    labels,
                    scratch: rt::Buffer::new(),
                    turn: 0,
                    pipeline_turn: 0,
                    entrance_turn: 0,
                    #(#sources)*
                    #(#relays)*
                    next: #next,
                }
            }
        }
    }

    /// The method that sends a sink's rejected events to where its `err` leads.
    fn sink_errors(&self, at: usize, sink: &Sink) -> TokenStream {
        let Some(err) = &sink.err else { return quote!() };
        let name = prefixed("send_errors_of_", &sink.field);
        let (relay, place, answer) = (relay(sink), self.sink_place(at), self.answer_sink_name(at));
        let base = quote!(self.next);
        let room = self.room(err, 0, &base, &quote!(&self.cx));
        let current =
            glue::GlueEvent { event: Some((quote!(&event), crate::lower::code::Repr::Value)), bytes: None };
        let deliver = self.deliver(err, 0, &base, &quote!(&self.cx), &current);
        quote! {
            fn #name(&mut self) -> rt::Progress {
                let ask = rt::Ask::entering(false);
                let mut progress = rt::Progress::Idle;
                while #room > 0 {
                    let ::std::option::Option::Some(rejected) = self.#place.next_error() else { break };
                    progress = rt::Progress::Again;
                    let event = rt::rejected_event(&rejected);
                    let tag = self.#relay.open(rejected.head.tag);
                    let head = rejected.head.tagged(tag);
                    let handed = #deliver;
                    if let ::std::option::Option::Some((tag, answer)) = self.#relay.settle(tag, handed) {
                        self.#answer(tag, answer);
                    }
                }
                progress
            }
        }
    }

    fn implementation(&self) -> TokenStream {
        let name = ident(&self.machine.type_name);
        let step = self.step();
        let sinks: Vec<_> = (0..self.machine.sinks.len()).map(|at| self.sink_place(at)).collect();
        let sources: Vec<_> = self.machine.sources.iter().map(|source| ident(&source.field)).collect();
        let connecting_sinks = (0..sinks.len()).filter(|at| self.machine.sinks[*at].connects);
        let readers = self.readers();
        let wires = connecting_sinks.map(|at| sinks[at].clone()).chain(readers).enumerate();
        let wires = wires.map(|(index, place)| quote!(#index => self.#place.wire(),));
        let rooms: Vec<_> = self.machine.sources.iter().map(|s| prefixed("room_for_", &s.field)).collect();
        let deliveries = self.machine.sources.iter().map(deliveries);
        let report = self.report();
        let (disk, storage) = (self.pipelines_on_disk(), self.storage());
        let all = |of_sinks: &str, of_disk: &str| {
            let (of_sinks, of_disk) = (ident(of_sinks), ident(of_disk));
            let all = sinks.iter().map(|sink| quote!(self.#sink.#of_sinks()));
            let all: Vec<_> = all.chain(disk.iter().map(|logs| quote!(self.#logs.#of_disk()))).collect();
            if all.is_empty() { quote!(true) } else { quote!(#(#all)&&*) }
        };
        let (settled, closed) = (all("is_settled", "is_open"), all("is_closed", "is_closed"));
        quote! {
            impl rt::Machine for #name {
                #step

                fn deadline(&self) -> ::std::option::Option<rt::Time> {
                    let mut earliest = ::std::option::Option::None;
                    #(
                        if self.#rooms() > 0 {
                            earliest = rt::Time::earliest(earliest, self.#sources.deadline());
                        }
                    )*
                    #(earliest = rt::Time::earliest(earliest, self.#sinks.deadline());)*
                    #(earliest = rt::Time::earliest(earliest, self.#disk.deadline());)*
                    earliest
                }

                fn wire(&mut self, index: usize) -> ::std::option::Option<&mut rt::Wire> {
                    match index { #(#wires)* _ => ::std::option::Option::None }
                }

                #storage

                fn is_settled(&self) -> bool { #settled }

                fn start_sources(&mut self, now: rt::Time) { #(self.#sources.start(now);)* }

                fn stop_sources(&mut self) { #(self.#sources.stop();)* }

                fn is_done(&self) -> bool { #(self.#sources.is_done())&&* #(&& self.#disk.is_open())* && self.pending() == 0 }

                fn failure(&self) -> ::std::option::Option<::std::string::String> {
                    ::std::option::Option::None
                        #(.or_else(|| self.#sources.failure()))*
                        #(.or_else(|| self.#sinks.failure()))*
                        #(.or_else(|| self.#disk.failure()))*
                }

                fn pending(&self) -> u64 { #(self.#deliveries.pending())+* #(+ self.#disk.kept())* }

                fn close_sinks(&mut self, now: rt::Time) {
                    #(self.#sinks.close(now);)*
                    #(self.#disk.close();)*
                }

                fn is_closed(&self) -> bool { #closed }

                #report
            }
        }
    }

    /// The sources that have a wire.
    fn readers(&self) -> Vec<TokenStream> {
        let readers = self.machine.sources.iter().filter(|source| source.connects);
        readers.map(|source| ident(&source.field).into_token_stream()).collect()
    }

    fn step(&self) -> TokenStream {
        let count = self.machine.sinks.len();
        let sinks: Vec<_> = (0..count).map(|at| self.sink_place(at)).collect();
        let answers: Vec<_> = (0..count).map(|at| self.answer_sink_name(at)).collect();
        let readers = self.readers();
        let (disk, disk_flushes) = (self.advance_disk(), self.pipelines_on_disk());
        let resume = self.has_resuming().then(|| quote!(self.resume();));
        let errors = self.machine.sinks.iter().filter(|sink| sink.err.is_some());
        let errors = errors.map(|sink| prefixed("send_errors_of_", &sink.field));
        let entered = if self.machine.pipelines.is_empty() {
            quote!(progress = progress.or(self.pull());)
        } else {
            let both = turns::in_turns("entrance_turn", &[quote!(self.pull()), quote!(self.pump())]);
            // What came in last goes on at once.
            quote! {
                let entered = #both;
                progress = progress.or(entered).or(self.pump());
            }
        };
        quote! {
            fn step(&mut self, now: rt::Time, unix_ns: u64) -> rt::Progress {
                self.cx.set_time(now, unix_ns);
                let mut progress = rt::Progress::Idle;
                #disk
                #resume
                #(
                    self.#sinks.advance(now);
                    while let ::std::option::Option::Some((tag, answer)) = self.#sinks.next_answer() {
                        self.#answers(tag, answer);
                    }
                )*
                #(self.#readers.advance(now);)*
                #(progress = progress.or(self.#errors());)*
                #entered
                #(self.#sinks.flush(now);)*
                #(self.#disk_flushes.flush(now);)*
                progress
            }
        }
    }

    /// The method that lets the sources make events, each one event a turn.
    fn pull_all(&self) -> TokenStream {
        let pulls = self.machine.sources.iter().map(|source| {
            let pull = prefixed("pull_", &source.field);
            quote!(self.#pull())
        });
        let made = turns::in_turns("turn", &pulls.collect::<Vec<_>>());
        quote! {
            fn pull(&mut self) -> rt::Progress {
                let mut progress = rt::Progress::Idle;
                for _ in 0..rt::SOURCE_BATCH {
                    if #made == rt::Progress::Idle {
                        break;
                    }
                    progress = rt::Progress::Again;
                }
                progress
            }
        }
    }

    /// The method that lets the logs of the pipelines emit. It and the sources take turns at beginning, so that neither keeps
    /// the other from a sink's room for ever.
    fn pump(&self) -> TokenStream {
        let pumps = (0..self.machine.pipelines.len()).rev().map(|k| {
            let (place, next, answer) =
                (self.pipeline_place(k), self.next_place(k), self.answer_pipeline_name(k));
            quote!({
                let emitted = self.#place.pump(&self.cx, &mut self.#next);
                while let ::std::option::Option::Some((tag, answer)) = self.#place.next_answer() {
                    self.#answer(tag, answer);
                }
                emitted
            })
        });
        let pumped = turns::in_turns("pipeline_turn", &pumps.collect::<Vec<_>>());
        if self.machine.pipelines.is_empty() {
            return quote!();
        }
        quote! { fn pump(&mut self) -> rt::Progress { #pumped } }
    }

    fn report(&self) -> TokenStream {
        let path = |at: usize| &self.plan.definitions[at].path;
        let sources = self.machine.sources.iter().map(|source| {
            let (deliveries, label, path) = (deliveries(source), source.label, path(source.definition));
            let limit = limit(source);
            let room = prefixed("room_for_", &source.field);
            quote! {
                visit(rt::NodeReport {
                    path: #path, instance: self.labels[#label], kind: rt::NodeKind::Source,
                    has_room: self.#room() > 0, is_slow: false, counts: self.#limit.counts(self.#deliveries.counts()),
                    measures: rt::Measures::default(),
                });
            }
        });
        let pipelines = self.machine.pipelines.iter().enumerate().map(|(k, pipeline)| {
            let (place, next, label) = (self.pipeline_place(k), self.next_place(k), pipeline.label);
            quote!(self.#place.report(&self.cx, &self.#next, self.labels[#label], visit);)
        });
        let sinks = self.machine.sinks.iter().enumerate().map(|(at, sink)| {
            let (place, label, path) = (self.sink_place(at), sink.label, path(sink.definition));
            quote! {
                visit(rt::NodeReport {
                    path: #path, instance: self.labels[#label], kind: rt::NodeKind::Sink,
                    has_room: self.#place.room(false) > 0, is_slow: self.#place.is_slow(), counts: self.#place.counts(),
                    measures: self.#place.measures(),
                });
            }
        });
        quote! {
            fn report(&self, visit: &mut dyn ::std::ops::FnMut(rt::NodeReport<'_>)) {
                #(#sources)*
                #(#pipelines)*
                #(#sinks)*
            }
        }
    }
}
