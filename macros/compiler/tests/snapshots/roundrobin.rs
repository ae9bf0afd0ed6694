/// Metronome events, shared out over three websocket servers.
/**
 Delivery, by the settings as they are written:

 ```text
 onramp/metronome/01/out → offramp/ws0/01: at least once, up to the websocket endpoint
 onramp/metronome/01/out → offramp/ws1/01: at least once, up to the websocket endpoint
 onramp/metronome/01/out → offramp/ws2/01: at least once, up to the websocket endpoint
 ```

 Memory of all buffers, by the same settings: at most 89702704 bytes (85.5 MiB).

 As a picture:

 ```mermaid
 flowchart LR
   i0(["onramp/metronome/01<br/>metronome"])
   subgraph i1["pipeline/roundrobin/01"]
     i1n0("in")
     i1n1["select merge event of {#quot;hostname#quot;: system::hostname()} end"]
     i1n2[("in_memory_wal<br/>qos::wal")]
     i1n3{{"roundrobin<br/>qos::roundrobin"}}
     i1n4("ws0")
     i1n5("ws1")
     i1n6("ws2")
     i1n0 --> i1n1
     i1n1 --> i1n2
     i1n2 --> i1n3
     i1n3 -->|"ws0"| i1n4
     i1n3 -->|"ws1"| i1n5
     i1n3 -->|"ws2"| i1n6
   end
   i2[["offramp/ws0/01<br/>ws<br/>at least once"]]
   i3[["offramp/ws1/01<br/>ws<br/>at least once"]]
   i4[["offramp/ws2/01<br/>ws<br/>at least once"]]
   i0 --> i1n0
   i1n4 --> i2
   i1n5 --> i3
   i1n6 --> i4
 ```*/
#[allow(dead_code, clippy::exhaustive_structs)]
#[derive(Clone, Copy, Debug)]
pub struct RoundRobin;
#[allow(dead_code)]
impl RoundRobin {
    /// The ready program: command line, logging, signals, graceful drain, exit code.
    pub fn main() -> ::std::process::ExitCode {
        ::foreshock::__private::main(&round_robin::PROGRAM)
    }
    /// The same flow inside somebody's own async program.
    pub fn builder() -> ::foreshock::__private::Builder {
        ::foreshock::__private::Builder::new(&round_robin::PROGRAM)
    }
    /// A picture of `RoundRobin`, as a mermaid flowchart.
    pub const GRAPH: &'static ::core::primitive::str = "flowchart LR\n  i0([\"onramp/metronome/01<br/>metronome\"])\n  subgraph i1[\"pipeline/roundrobin/01\"]\n    i1n0(\"in\")\n    i1n1[\"select merge event of {#quot;hostname#quot;: system::hostname()} end\"]\n    i1n2[(\"in_memory_wal<br/>qos::wal\")]\n    i1n3{{\"roundrobin<br/>qos::roundrobin\"}}\n    i1n4(\"ws0\")\n    i1n5(\"ws1\")\n    i1n6(\"ws2\")\n    i1n0 --> i1n1\n    i1n1 --> i1n2\n    i1n2 --> i1n3\n    i1n3 -->|\"ws0\"| i1n4\n    i1n3 -->|\"ws1\"| i1n5\n    i1n3 -->|\"ws2\"| i1n6\n  end\n  i2[[\"offramp/ws0/01<br/>ws<br/>at least once\"]]\n  i3[[\"offramp/ws1/01<br/>ws<br/>at least once\"]]\n  i4[[\"offramp/ws2/01<br/>ws<br/>at least once\"]]\n  i0 --> i1n0\n  i1n4 --> i2\n  i1n5 --> i3\n  i1n6 --> i4\n";
}
/// What `pipeline!` made of [`RoundRobin`].
#[allow(
    warnings,
    future_incompatible,
    let_underscore,
    missing_docs,
    nonstandard_style,
    unreachable_pub,
    unused,
    clippy::all,
    clippy::cargo,
    clippy::nursery,
    clippy::pedantic,
    clippy::restriction
)]
pub mod round_robin {
    use ::foreshock::__private as rt;
    use ::std::prelude::v1::*;
    use rt::{Encode as _, Sink as _, Source as _};
    /// Every definition's settings as written.
    #[doc(hidden)]
    pub const DEFINITIONS: &[rt::Definition] = &[
        rt::Definition {
            path: "onramp.metronome",
            kind: rt::Kind::Onramp,
            row: "metronome",
            config: &[("interval", rt::Literal::Int(1000))],
        },
        rt::Definition {
            path: "pipeline.roundrobin.in_memory_wal",
            kind: rt::Kind::Operator,
            row: "qos::wal",
            config: &[
                ("read_count", rt::Literal::Int(20)),
                ("max_elements", rt::Literal::Int(1000)),
                ("max_bytes", rt::Literal::Int(10485760)),
            ],
        },
        rt::Definition {
            path: "pipeline.roundrobin.roundrobin",
            kind: rt::Kind::Operator,
            row: "qos::roundrobin",
            config: &[("outputs", rt::Literal::Strings(&["ws0", "ws1", "ws2"]))],
        },
        rt::Definition {
            path: "offramp.ws0",
            kind: rt::Kind::Offramp,
            row: "ws",
            config: &[("url", rt::Literal::Str("ws://localhost:8080/"))],
        },
        rt::Definition {
            path: "offramp.ws1",
            kind: rt::Kind::Offramp,
            row: "ws",
            config: &[("url", rt::Literal::Str("ws://localhost:8081/"))],
        },
        rt::Definition {
            path: "offramp.ws2",
            kind: rt::Kind::Offramp,
            row: "ws",
            config: &[("url", rt::Literal::Str("ws://localhost:8082/"))],
        },
    ];
    /// `{onramp: string, id: uint, ingest_ns: uint}`
    #[doc(hidden)]
    #[derive(Clone, Copy, Debug)]
    pub struct MetronomeEvent<'a> {
        pub onramp: &'a str,
        pub id: u64,
        pub ingest_ns: u64,
    }
    impl rt::Encode for MetronomeEvent<'_> {
        #[inline]
        fn put<'b>(&self, out: &'b mut [u8]) -> ::std::option::Option<&'b mut [u8]> {
            let out = rt::put(out, b"{\"onramp\":\"")?;
            let out = rt::put_text(out, self.onramp)?;
            let out = rt::put(out, b"\",\"id\":")?;
            let out = self.id.put(out)?;
            let out = rt::put(out, b",\"ingest_ns\":")?;
            let out = self.ingest_ns.put(out)?;
            rt::put(out, b"}")
        }
        fn to_value(&self) -> rt::Value {
            rt::record_of([
                ("onramp", self.onramp.to_value()),
                ("id", self.id.to_value()),
                ("ingest_ns", self.ingest_ns.to_value()),
            ])
        }
    }
    impl<'a> rt::Decode<'a> for MetronomeEvent<'a> {
        fn decode(value: &'a rt::Value) -> ::std::result::Result<Self, rt::ShapeError> {
            let fields = rt::fields(value, &["onramp", "id", "ingest_ns"])?;
            ::std::result::Result::Ok(Self {
                onramp: rt::field(fields, "onramp")?,
                id: rt::field(fields, "id")?,
                ingest_ns: rt::field(fields, "ingest_ns")?,
            })
        }
    }
    /// `{onramp: string, id: uint, ingest_ns: uint, hostname: string}`
    #[doc(hidden)]
    #[derive(Clone, Copy, Debug)]
    pub struct RoundrobinInMemoryWal<'a> {
        pub onramp: &'a str,
        pub id: u64,
        pub ingest_ns: u64,
        pub hostname: &'a str,
    }
    impl rt::Encode for RoundrobinInMemoryWal<'_> {
        #[inline]
        fn put<'b>(&self, out: &'b mut [u8]) -> ::std::option::Option<&'b mut [u8]> {
            let out = rt::put(out, b"{\"onramp\":\"")?;
            let out = rt::put_text(out, self.onramp)?;
            let out = rt::put(out, b"\",\"id\":")?;
            let out = self.id.put(out)?;
            let out = rt::put(out, b",\"ingest_ns\":")?;
            let out = self.ingest_ns.put(out)?;
            let out = rt::put(out, b",\"hostname\":\"")?;
            let out = rt::put_text(out, self.hostname)?;
            rt::put(out, b"\"}")
        }
        fn to_value(&self) -> rt::Value {
            rt::record_of([
                ("onramp", self.onramp.to_value()),
                ("id", self.id.to_value()),
                ("ingest_ns", self.ingest_ns.to_value()),
                ("hostname", self.hostname.to_value()),
            ])
        }
    }
    impl<'a> rt::Decode<'a> for RoundrobinInMemoryWal<'a> {
        fn decode(value: &'a rt::Value) -> ::std::result::Result<Self, rt::ShapeError> {
            let fields = rt::fields(value, &["onramp", "id", "ingest_ns", "hostname"])?;
            ::std::result::Result::Ok(Self {
                onramp: rt::field(fields, "onramp")?,
                id: rt::field(fields, "id")?,
                ingest_ns: rt::field(fields, "ingest_ns")?,
                hostname: rt::field(fields, "hostname")?,
            })
        }
    }
    /// What stands behind the ports of [`Roundrobin`].
    #[doc(hidden)]
    pub trait RoundrobinPorts<T: rt::Tag> {
        /// How many events port `ws0` would take now.
        fn room_ws0(&self, cx: &rt::Context, ask: rt::Ask) -> u32;
        /// Takes an event of port `ws0`.
        fn ws0(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<rt::EventId>,
            payload: &[u8],
        ) -> rt::Handed;
        /// How many events port `ws1` would take now.
        fn room_ws1(&self, cx: &rt::Context, ask: rt::Ask) -> u32;
        /// Takes an event of port `ws1`.
        fn ws1(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<rt::EventId>,
            payload: &[u8],
        ) -> rt::Handed;
        /// How many events port `ws2` would take now.
        fn room_ws2(&self, cx: &rt::Context, ask: rt::Ask) -> u32;
        /// Takes an event of port `ws2`.
        fn ws2(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<rt::EventId>,
            payload: &[u8],
        ) -> rt::Handed;
        /// Whether anything is linked to `err`.
        const ERR_IS_LINKED: bool;
        /// How many events port `err` would take now.
        fn room_err(&self, cx: &rt::Context, ask: rt::Ask) -> u32;
        /// Takes an event of port `err`.
        fn err(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<T>,
            event: &rt::Value,
        ) -> rt::Handed;
    }
    ///The pipeline `roundrobin`, without I/O, clock or task. `T` names events to whoever feeds it.
    pub struct Roundrobin<T: rt::Tag = rt::EventId> {
        in_memory_wal: rt::Wal<T>,
        roundrobin: rt::RoundRobin<3usize>,
        recent: [rt::Recent; 2usize],
        query: rt::QueryCounts,
        scratch: rt::Buffer,
        turn: usize,
        feeder: ::std::marker::PhantomData<T>,
    }
    impl<T: rt::Tag> Roundrobin<T> {
        /// A pipeline that has seen nothing yet.
        pub fn new(settings: &rt::Settings) -> Self {
            Self {
                in_memory_wal: rt::Wal::new(&rt::WalConfig::from(&settings.of(1usize))),
                roundrobin: rt::RoundRobin::new(),
                recent: ::core::array::from_fn(|_| rt::Recent::default()),
                query: rt::QueryCounts::new("pipeline.roundrobin"),
                scratch: rt::Buffer::new(),
                turn: 0,
                feeder: ::std::marker::PhantomData,
            }
        }
        /// How many events `in` would take now.
        pub fn room_in<O: RoundrobinPorts<T>>(
            &self,
            cx: &rt::Context,
            out: &O,
            ask: rt::Ask,
        ) -> u32 {
            self.in_memory_wal
                .room_for(ask, ::std::option::Option::Some(94u64 + cx.hostname_len()))
                .min(out.room_err(cx, ask))
        }
        /// Takes an event at `in`.
        pub fn push_in<O: RoundrobinPorts<T>>(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<T>,
            event: &MetronomeEvent<'_>,
            out: &mut O,
        ) -> rt::Handed {
            self.query.taken();
            self.select_in_into_in_memory_wal(cx, head, event, out)
        }
        #[inline]
        fn at_in_memory_wal<O: RoundrobinPorts<T>>(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<T>,
            event: &RoundrobinInMemoryWal<'_>,
            out: &mut O,
        ) -> rt::Handed {
            let stored = self
                .in_memory_wal
                .store(
                    head,
                    |entry, _| {
                        if event.onramp == "metronome"
                            && ::std::ptr::eq(event.hostname, cx.hostname())
                        {
                            entry
                                .append(|out| {
                                    let out = rt::put(
                                        out,
                                        b"{\"onramp\":\"metronome\",\"id\":",
                                    )?;
                                    let out = self.recent[0usize].put(out, event.id)?;
                                    let out = rt::put(out, b",\"ingest_ns\":")?;
                                    let out = self.recent[1usize].put(out, event.ingest_ns)?;
                                    let out = rt::put(out, b",\"hostname\":")?;
                                    let out = rt::put_slice(out, cx.hostname_json())?;
                                    rt::put(out, b"}")
                                });
                        } else {
                            let unusual = *event;
                            rt::encode_unusual(&unusual, entry);
                        }
                    },
                );
            match stored {
                rt::Stored::Kept => rt::Handed::ONE,
                rt::Stored::TooLarge { bytes } => {
                    self.failed(
                        cx,
                        head,
                        rt::too_large(bytes),
                        O::ERR_IS_LINKED.then(|| rt::Encode::to_value(event)),
                        out,
                    )
                }
            }
        }
        fn pump_in_memory_wal<O: RoundrobinPorts<T>>(
            &mut self,
            cx: &rt::Context,
            out: &mut O,
        ) -> rt::Progress {
            let mut progress = rt::Progress::Idle;
            for _ in 0..self.in_memory_wal.read_count() {
                let ::std::option::Option::Some(next) = self.in_memory_wal.next() else {
                    break
                };
                let ask = rt::Ask::entering(next.is_suspect());
                if !(self.has_room_at_roundrobin(cx, out, ask)) {
                    break;
                }
                progress = rt::Progress::Again;
                let lent = self.in_memory_wal.lend(next);
                let head = lent.head;
                let handed = self
                    .select_in_memory_wal_into_roundrobin(cx, head, lent.payload(), out);
                self.in_memory_wal.hand_back(lent, handed);
            }
            progress
        }
        fn at_roundrobin<O: RoundrobinPorts<T>>(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<rt::EventId>,
            payload: &[u8],
            out: &mut O,
        ) -> rt::Handed {
            let mut ask = rt::Ask::placing(head.suspect);
            loop {
                for output in self.roundrobin.turns() {
                    match output {
                        0usize if out.room_ws0(cx, ask) > 0 => {
                            self.roundrobin.took(0usize);
                            return self
                                .select_roundrobin_ws0_into_ws0(cx, head, payload, out);
                        }
                        1usize if out.room_ws1(cx, ask) > 0 => {
                            self.roundrobin.took(1usize);
                            return self
                                .select_roundrobin_ws1_into_ws1(cx, head, payload, out);
                        }
                        2usize if out.room_ws2(cx, ask) > 0 => {
                            self.roundrobin.took(2usize);
                            return self
                                .select_roundrobin_ws2_into_ws2(cx, head, payload, out);
                        }
                        _ => {}
                    }
                }
                let ::std::option::Option::Some(parking) = ask.failing_that() else {
                    break
                };
                ask = parking;
            }
            rt::Handed::NO_ROOM
        }
        fn room_at_roundrobin<O: RoundrobinPorts<T>>(
            &self,
            cx: &rt::Context,
            out: &O,
            ask: rt::Ask,
        ) -> u32 {
            0u32
                .saturating_add(out.room_ws0(cx, ask))
                .saturating_add(out.room_ws1(cx, ask))
                .saturating_add(out.room_ws2(cx, ask))
        }
        #[inline]
        fn has_room_at_roundrobin<O: RoundrobinPorts<T>>(
            &self,
            cx: &rt::Context,
            out: &O,
            ask: rt::Ask,
        ) -> bool {
            (out.room_ws0(cx, ask) > 0) || (out.room_ws1(cx, ask) > 0)
                || (out.room_ws2(cx, ask) > 0)
        }
        /// `select … from in into in_memory_wal`
        fn select_in_into_in_memory_wal<O: RoundrobinPorts<T>>(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<T>,
            event: &MetronomeEvent<'_>,
            out: &mut O,
        ) -> rt::Handed {
            let selected = &RoundrobinInMemoryWal {
                onramp: event.onramp,
                id: event.id,
                ingest_ns: event.ingest_ns,
                hostname: cx.hostname(),
            };
            self.at_in_memory_wal(cx, head, selected, out)
        }
        /// `select … from in_memory_wal into roundrobin`
        fn select_in_memory_wal_into_roundrobin<O: RoundrobinPorts<T>>(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<rt::EventId>,
            payload: &[u8],
            out: &mut O,
        ) -> rt::Handed {
            self.at_roundrobin(cx, head, payload, out)
        }
        /// `select … from roundrobin/ws0 into out/ws0`
        fn select_roundrobin_ws0_into_ws0<O: RoundrobinPorts<T>>(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<rt::EventId>,
            payload: &[u8],
            out: &mut O,
        ) -> rt::Handed {
            {
                self.query.emitted();
                out.ws0(cx, head, payload)
            }
        }
        /// `select … from roundrobin/ws1 into out/ws1`
        fn select_roundrobin_ws1_into_ws1<O: RoundrobinPorts<T>>(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<rt::EventId>,
            payload: &[u8],
            out: &mut O,
        ) -> rt::Handed {
            {
                self.query.emitted();
                out.ws1(cx, head, payload)
            }
        }
        /// `select … from roundrobin/ws2 into out/ws2`
        fn select_roundrobin_ws2_into_ws2<O: RoundrobinPorts<T>>(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<rt::EventId>,
            payload: &[u8],
            out: &mut O,
        ) -> rt::Handed {
            {
                self.query.emitted();
                out.ws2(cx, head, payload)
            }
        }
        /// Lets the logs emit what there is room for, downstream ones first.
        pub fn pump<O: RoundrobinPorts<T>>(
            &mut self,
            cx: &rt::Context,
            out: &mut O,
        ) -> rt::Progress {
            self.pump_in_memory_wal(cx, out)
        }
        #[cold]
        #[inline(never)]
        fn failed<O: RoundrobinPorts<T>>(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<T>,
            error: rt::EvalError,
            event: ::std::option::Option<rt::Value>,
            out: &mut O,
        ) -> rt::Handed {
            self.query.failed(cx, &error, O::ERR_IS_LINKED);
            let ::std::option::Option::Some(event) = event else {
                return rt::Handed::DONE
            };
            let event = rt::error_event(&error, event);
            out.err(cx, head, &event)
        }
        /// Takes the answer to an event of port `ws0`; what comes out goes further up.
        pub fn answer_ws0(
            &mut self,
            tag: rt::EventId,
            answer: rt::Answer,
        ) -> ::std::option::Option<(T, rt::Answer)> {
            self.answer_at_in_memory_wal(tag, answer)
        }
        /// Takes the answer to an event of port `ws1`; what comes out goes further up.
        pub fn answer_ws1(
            &mut self,
            tag: rt::EventId,
            answer: rt::Answer,
        ) -> ::std::option::Option<(T, rt::Answer)> {
            self.answer_at_in_memory_wal(tag, answer)
        }
        /// Takes the answer to an event of port `ws2`; what comes out goes further up.
        pub fn answer_ws2(
            &mut self,
            tag: rt::EventId,
            answer: rt::Answer,
        ) -> ::std::option::Option<(T, rt::Answer)> {
            self.answer_at_in_memory_wal(tag, answer)
        }
        /// Takes the answer to an event of port `err`; what comes out goes further up.
        pub fn answer_err(
            &mut self,
            tag: T,
            answer: rt::Answer,
        ) -> ::std::option::Option<(T, rt::Answer)> {
            ::std::option::Option::Some((tag, answer))
        }
        fn answer_at_in_memory_wal(
            &mut self,
            tag: rt::EventId,
            answer: rt::Answer,
        ) -> ::std::option::Option<(T, rt::Answer)> {
            self.in_memory_wal.answer(tag, answer)
        }
        /// The next answer that the pipeline itself has for whoever feeds it: what was dropped behind a log.
        pub fn next_answer(&mut self) -> ::std::option::Option<(T, rt::Answer)> {
            if let ::std::option::Option::Some(answered) = self
                .in_memory_wal
                .next_answer()
            {
                return ::std::option::Option::Some(answered);
            }
            ::std::option::Option::None
        }
        /// Reports each operator, and the selects as one.
        pub fn report<O: RoundrobinPorts<T>>(
            &self,
            cx: &rt::Context,
            out: &O,
            instance: &str,
            visit: &mut dyn ::std::ops::FnMut(rt::NodeReport<'_>),
        ) {
            let ask = rt::Ask::entering(false);
            visit(rt::NodeReport {
                path: "pipeline.roundrobin.in_memory_wal",
                instance,
                kind: rt::NodeKind::Operator,
                has_room: self
                    .in_memory_wal
                    .room(::std::option::Option::Some(94u64 + cx.hostname_len())) > 0,
                is_slow: false,
                counts: self.in_memory_wal.counts(),
                measures: self.in_memory_wal.measures(),
            });
            visit(rt::NodeReport {
                path: "pipeline.roundrobin.roundrobin",
                instance,
                kind: rt::NodeKind::Operator,
                has_room: self.room_at_roundrobin(cx, out, ask) > 0,
                is_slow: false,
                counts: self.roundrobin.counts(),
                measures: rt::Measures::default(),
            });
            visit(rt::NodeReport {
                path: "pipeline.roundrobin",
                instance,
                kind: rt::NodeKind::Operator,
                has_room: true,
                is_slow: false,
                counts: self.query.counts(),
                measures: rt::Measures::default(),
            });
        }
    }
    /// To whom the answer to an event goes that came out of [`Roundrobin`].
    #[doc(hidden)]
    #[derive(Clone, Copy, Debug)]
    pub enum RoundrobinOut {
        /// It came out of port `ws0`.
        Ws0(rt::EventId),
        /// It came out of port `ws1`.
        Ws1(rt::EventId),
        /// It came out of port `ws2`.
        Ws2(rt::EventId),
        /// It came out of port `err`.
        Err(rt::EventId),
    }
    impl RoundrobinPorts<rt::EventId> for rt::Collector<RoundrobinOut> {
        fn room_ws0(&self, cx: &rt::Context, ask: rt::Ask) -> u32 {
            self.room(0usize, ask)
        }
        fn ws0(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<rt::EventId>,
            payload: &[u8],
        ) -> rt::Handed {
            self.take(
                0usize,
                head.tagged(RoundrobinOut::Ws0(head.tag)),
                rt::decoded(payload),
            )
        }
        fn room_ws1(&self, cx: &rt::Context, ask: rt::Ask) -> u32 {
            self.room(1usize, ask)
        }
        fn ws1(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<rt::EventId>,
            payload: &[u8],
        ) -> rt::Handed {
            self.take(
                1usize,
                head.tagged(RoundrobinOut::Ws1(head.tag)),
                rt::decoded(payload),
            )
        }
        fn room_ws2(&self, cx: &rt::Context, ask: rt::Ask) -> u32 {
            self.room(2usize, ask)
        }
        fn ws2(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<rt::EventId>,
            payload: &[u8],
        ) -> rt::Handed {
            self.take(
                2usize,
                head.tagged(RoundrobinOut::Ws2(head.tag)),
                rt::decoded(payload),
            )
        }
        const ERR_IS_LINKED: bool = true;
        fn room_err(&self, cx: &rt::Context, ask: rt::Ask) -> u32 {
            self.room(3usize, ask)
        }
        fn err(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<rt::EventId>,
            event: &rt::Value,
        ) -> rt::Handed {
            self.take(
                3usize,
                head.tagged(RoundrobinOut::Err(head.tag)),
                rt::Encode::to_value(event),
            )
        }
    }
    impl rt::Pipeline for Roundrobin<rt::EventId> {
        type Tag = RoundrobinOut;
        const NAME: &'static str = "roundrobin";
        const INPUTS: &'static [&'static str] = &["in"];
        const OUTPUTS: &'static [&'static str] = &["ws0", "ws1", "ws2", "err"];
        const PLACES: &'static [u32] = &[1u32, 1u32, 1u32, 1u32];
        const DEFINITIONS: &'static [rt::Definition] = DEFINITIONS;
        fn create(settings: &rt::Settings) -> Self {
            Self::new(settings)
        }
        fn push(
            &mut self,
            cx: &rt::Context,
            input: usize,
            head: rt::Head<rt::EventId>,
            value: &rt::Value,
            out: &mut rt::Collector<RoundrobinOut>,
        ) -> ::std::result::Result<rt::Handed, rt::ShapeError> {
            match input {
                0usize => {
                    let event = &rt::Decode::decode(value)?;
                    ::std::result::Result::Ok(self.push_in(cx, head, event, out))
                }
                _ => ::std::unreachable!("the pipeline has no such input"),
            }
        }
        fn room(
            &self,
            cx: &rt::Context,
            input: usize,
            out: &rt::Collector<RoundrobinOut>,
            ask: rt::Ask,
        ) -> u32 {
            match input {
                0usize => Self::room_in(self, cx, out, ask),
                _ => 0,
            }
        }
        fn pump(
            &mut self,
            cx: &rt::Context,
            out: &mut rt::Collector<RoundrobinOut>,
        ) -> rt::Progress {
            Self::pump(self, cx, out)
        }
        fn answer(
            &mut self,
            tag: RoundrobinOut,
            answer: rt::Answer,
        ) -> ::std::option::Option<(rt::EventId, rt::Answer)> {
            match tag {
                RoundrobinOut::Ws0(tag) => self.answer_ws0(tag, answer),
                RoundrobinOut::Ws1(tag) => self.answer_ws1(tag, answer),
                RoundrobinOut::Ws2(tag) => self.answer_ws2(tag, answer),
                RoundrobinOut::Err(tag) => self.answer_err(tag, answer),
            }
        }
        fn next_answer(&mut self) -> ::std::option::Option<(rt::EventId, rt::Answer)> {
            Self::next_answer(self)
        }
        fn report(
            &self,
            cx: &rt::Context,
            out: &rt::Collector<RoundrobinOut>,
            visit: &mut dyn ::std::ops::FnMut(rt::NodeReport<'_>),
        ) {
            Self::report(self, cx, out, "", visit)
        }
    }
    struct RoundRobinMachineRoundrobin {
        roundrobin: Roundrobin<()>,
        scratch: rt::Buffer,
        next: RoundRobinMachineSinks,
    }
    impl RoundrobinPorts<()> for RoundRobinMachineSinks {
        fn room_ws0(&self, cx: &rt::Context, ask: rt::Ask) -> u32 {
            self.ws0.room(ask.suspect)
        }
        fn ws0(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<rt::EventId>,
            payload: &[u8],
        ) -> rt::Handed {
            self.ws0.push(head, payload)
        }
        fn room_ws1(&self, cx: &rt::Context, ask: rt::Ask) -> u32 {
            self.ws1.room(ask.suspect)
        }
        fn ws1(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<rt::EventId>,
            payload: &[u8],
        ) -> rt::Handed {
            self.ws1.push(head, payload)
        }
        fn room_ws2(&self, cx: &rt::Context, ask: rt::Ask) -> u32 {
            self.ws2.room(ask.suspect)
        }
        fn ws2(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<rt::EventId>,
            payload: &[u8],
        ) -> rt::Handed {
            self.ws2.push(head, payload)
        }
        const ERR_IS_LINKED: bool = false;
        fn room_err(&self, cx: &rt::Context, ask: rt::Ask) -> u32 {
            u32::MAX
        }
        fn err(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<()>,
            event: &rt::Value,
        ) -> rt::Handed {
            rt::Handed::DONE
        }
    }
    struct RoundRobinMachineSinks {
        scratch: rt::Buffer,
        ws0: rt::Ws<rt::EventId>,
        ws1: rt::Ws<rt::EventId>,
        ws2: rt::Ws<rt::EventId>,
    }
    /// One instance of the flow, without I/O, clock or task.
    struct RoundRobinMachine {
        cx: rt::Context,
        labels: &'static [&'static str],
        scratch: rt::Buffer,
        turn: usize,
        pipeline_turn: usize,
        entrance_turn: usize,
        metronome: rt::Metronome,
        metronome_deliveries: rt::Tally,
        metronome_limit: rt::SourceLimit,
        next: RoundRobinMachineRoundrobin,
    }
    impl RoundRobinMachine {
        fn new(
            settings: &rt::Settings,
            start: &mut rt::Start,
            labels: &'static [&'static str],
        ) -> Self {
            Self {
                cx: start.context(labels[0]),
                labels,
                scratch: rt::Buffer::new(),
                turn: 0,
                pipeline_turn: 0,
                entrance_turn: 0,
                metronome: rt::Metronome::new(&settings.of(0usize)),
                metronome_deliveries: rt::Tally::new(),
                metronome_limit: rt::SourceLimit::new(
                    settings.of(0usize).u64("max_event_bytes"),
                    ::std::option::Option::Some(82u64),
                ),
                next: RoundRobinMachineRoundrobin {
                    roundrobin: Roundrobin::new(settings),
                    scratch: rt::Buffer::new(),
                    next: RoundRobinMachineSinks {
                        scratch: rt::Buffer::new(),
                        ws0: rt::Ws::new(
                            &settings.of(3usize),
                            rt::SinkSetup {
                                instance: labels[2usize],
                                errors_linked: false,
                                replayed: true,
                                places: 1u32,
                                random: start.random.fork(),
                            },
                        ),
                        ws1: rt::Ws::new(
                            &settings.of(4usize),
                            rt::SinkSetup {
                                instance: labels[3usize],
                                errors_linked: false,
                                replayed: true,
                                places: 1u32,
                                random: start.random.fork(),
                            },
                        ),
                        ws2: rt::Ws::new(
                            &settings.of(5usize),
                            rt::SinkSetup {
                                instance: labels[4usize],
                                errors_linked: false,
                                replayed: true,
                                places: 1u32,
                                random: start.random.fork(),
                            },
                        ),
                    },
                },
            }
        }
        fn room_for_metronome(&self) -> u32 {
            let ask = rt::Ask::entering(false);
            self.next.roundrobin.room_in(&self.cx, &self.next.next, ask)
        }
        fn pull_metronome(&mut self) -> rt::Progress {
            if !self.metronome.is_due(self.cx.now()) || self.room_for_metronome() == 0 {
                return rt::Progress::Idle;
            }
            let made = self.metronome.make(self.cx.now(), self.cx.unix_ns());
            let event = &MetronomeEvent {
                onramp: made.onramp,
                id: made.id,
                ingest_ns: made.ingest_ns,
            };
            let tag = self.metronome_deliveries.open();
            let head = rt::Head {
                tag,
                ingest_ns: self.cx.unix_ns(),
                suspect: false,
            };
            if let ::std::option::Option::Some(error) = self
                .metronome_limit
                .refuses(&mut self.scratch, |out| rt::Encode::encode(event, out))
            {
                let event = rt::source_error(
                    "onramp.metronome",
                    self.labels[0usize],
                    &error,
                    rt::Encode::to_value(event),
                );
                let handed = rt::Handed::DONE;
                self.metronome_deliveries.settle(tag, handed);
                return rt::Progress::Again;
            }
            let handed = self
                .next
                .roundrobin
                .push_in(&self.cx, head, event, &mut self.next.next);
            self.metronome_deliveries.settle(tag, handed);
            rt::Progress::Again
        }
        fn answer_of_roundrobin(&mut self, tag: (), answer: rt::Answer) {
            self.metronome_deliveries.answer(tag, answer);
        }
        fn answer_of_ws0(&mut self, tag: rt::EventId, answer: rt::Answer) {
            if let ::std::option::Option::Some((tag, answer)) = self
                .next
                .roundrobin
                .answer_ws0(tag, answer)
            {
                self.answer_of_roundrobin(tag, answer);
            }
        }
        fn answer_of_ws1(&mut self, tag: rt::EventId, answer: rt::Answer) {
            if let ::std::option::Option::Some((tag, answer)) = self
                .next
                .roundrobin
                .answer_ws1(tag, answer)
            {
                self.answer_of_roundrobin(tag, answer);
            }
        }
        fn answer_of_ws2(&mut self, tag: rt::EventId, answer: rt::Answer) {
            if let ::std::option::Option::Some((tag, answer)) = self
                .next
                .roundrobin
                .answer_ws2(tag, answer)
            {
                self.answer_of_roundrobin(tag, answer);
            }
        }
        fn pull(&mut self) -> rt::Progress {
            let mut progress = rt::Progress::Idle;
            for _ in 0..rt::SOURCE_BATCH {
                if self.pull_metronome() == rt::Progress::Idle {
                    break;
                }
                progress = rt::Progress::Again;
            }
            progress
        }
        fn pump(&mut self) -> rt::Progress {
            {
                let emitted = self.next.roundrobin.pump(&self.cx, &mut self.next.next);
                while let ::std::option::Option::Some((tag, answer)) = self
                    .next
                    .roundrobin
                    .next_answer()
                {
                    self.answer_of_roundrobin(tag, answer);
                }
                emitted
            }
        }
    }
    impl rt::Machine for RoundRobinMachine {
        fn step(&mut self, now: rt::Time, unix_ns: u64) -> rt::Progress {
            self.cx.set_time(now, unix_ns);
            let mut progress = rt::Progress::Idle;
            self.next.next.ws0.advance(now);
            while let ::std::option::Option::Some((tag, answer)) = self
                .next
                .next
                .ws0
                .next_answer()
            {
                self.answer_of_ws0(tag, answer);
            }
            self.next.next.ws1.advance(now);
            while let ::std::option::Option::Some((tag, answer)) = self
                .next
                .next
                .ws1
                .next_answer()
            {
                self.answer_of_ws1(tag, answer);
            }
            self.next.next.ws2.advance(now);
            while let ::std::option::Option::Some((tag, answer)) = self
                .next
                .next
                .ws2
                .next_answer()
            {
                self.answer_of_ws2(tag, answer);
            }
            let entered = {
                let mut progress = rt::Progress::Idle;
                let first = self.entrance_turn;
                for behind in 0..2usize {
                    let at = (first + behind) % 2usize;
                    let step = match at {
                        0usize => self.pull(),
                        1usize => self.pump(),
                        _ => rt::Progress::Idle,
                    };
                    if step == rt::Progress::Again {
                        self.entrance_turn = at + 1;
                        progress = step;
                    }
                }
                progress
            };
            progress = progress.or(entered).or(self.pump());
            self.next.next.ws0.flush(now);
            self.next.next.ws1.flush(now);
            self.next.next.ws2.flush(now);
            progress
        }
        fn deadline(&self) -> ::std::option::Option<rt::Time> {
            let mut earliest = ::std::option::Option::None;
            if self.room_for_metronome() > 0 {
                earliest = rt::Time::earliest(earliest, self.metronome.deadline());
            }
            earliest = rt::Time::earliest(earliest, self.next.next.ws0.deadline());
            earliest = rt::Time::earliest(earliest, self.next.next.ws1.deadline());
            earliest = rt::Time::earliest(earliest, self.next.next.ws2.deadline());
            earliest
        }
        fn wire(&mut self, index: usize) -> ::std::option::Option<&mut rt::Wire> {
            match index {
                0usize => self.next.next.ws0.wire(),
                1usize => self.next.next.ws1.wire(),
                2usize => self.next.next.ws2.wire(),
                _ => ::std::option::Option::None,
            }
        }
        fn is_settled(&self) -> bool {
            self.next.next.ws0.is_settled() && self.next.next.ws1.is_settled()
                && self.next.next.ws2.is_settled()
        }
        fn start_sources(&mut self, now: rt::Time) {
            self.metronome.start(now);
        }
        fn stop_sources(&mut self) {
            self.metronome.stop();
        }
        fn is_done(&self) -> bool {
            self.metronome.is_done() && self.pending() == 0
        }
        fn failure(&self) -> ::std::option::Option<::std::string::String> {
            ::std::option::Option::None
                .or_else(|| self.metronome.failure())
                .or_else(|| self.next.next.ws0.failure())
                .or_else(|| self.next.next.ws1.failure())
                .or_else(|| self.next.next.ws2.failure())
        }
        fn pending(&self) -> u64 {
            self.metronome_deliveries.pending()
        }
        fn close_sinks(&mut self, now: rt::Time) {
            self.next.next.ws0.close(now);
            self.next.next.ws1.close(now);
            self.next.next.ws2.close(now);
        }
        fn is_closed(&self) -> bool {
            self.next.next.ws0.is_closed() && self.next.next.ws1.is_closed()
                && self.next.next.ws2.is_closed()
        }
        fn report(&self, visit: &mut dyn ::std::ops::FnMut(rt::NodeReport<'_>)) {
            visit(rt::NodeReport {
                path: "onramp.metronome",
                instance: self.labels[0usize],
                kind: rt::NodeKind::Source,
                has_room: self.room_for_metronome() > 0,
                is_slow: false,
                counts: self.metronome_limit.counts(self.metronome_deliveries.counts()),
                measures: rt::Measures::default(),
            });
            self.next
                .roundrobin
                .report(&self.cx, &self.next.next, self.labels[1usize], visit);
            visit(rt::NodeReport {
                path: "offramp.ws0",
                instance: self.labels[2usize],
                kind: rt::NodeKind::Sink,
                has_room: self.next.next.ws0.room(false) > 0,
                is_slow: self.next.next.ws0.is_slow(),
                counts: self.next.next.ws0.counts(),
                measures: self.next.next.ws0.measures(),
            });
            visit(rt::NodeReport {
                path: "offramp.ws1",
                instance: self.labels[3usize],
                kind: rt::NodeKind::Sink,
                has_room: self.next.next.ws1.room(false) > 0,
                is_slow: self.next.next.ws1.is_slow(),
                counts: self.next.next.ws1.counts(),
                measures: self.next.next.ws1.measures(),
            });
            visit(rt::NodeReport {
                path: "offramp.ws2",
                instance: self.labels[4usize],
                kind: rt::NodeKind::Sink,
                has_room: self.next.next.ws2.room(false) > 0,
                is_slow: self.next.next.ws2.is_slow(),
                counts: self.next.next.ws2.counts(),
                measures: self.next.next.ws2.measures(),
            });
        }
    }
    /// The program.
    #[doc(hidden)]
    pub static PROGRAM: rt::Program = rt::Program {
        name: "RoundRobin",
        about: "Metronome events, shared out over three websocket servers.",
        version: ::core::env!("CARGO_PKG_VERSION"),
        definitions: DEFINITIONS,
        machines: &[
            rt::MachineMaker {
                instance: "01",
                make: |settings, start| ::std::boxed::Box::new(
                    RoundRobinMachine::new(
                        settings,
                        start,
                        &["01", "01", "01", "01", "01"],
                    ),
                ),
            },
        ],
        picture: rt::picture::Picture {
            name: "RoundRobin",
            pipelines: &[
                rt::picture::Pipeline {
                    nodes: &[
                        rt::picture::Node::new(
                            rt::picture::NodeKind::Input,
                            "in",
                            "",
                            false,
                        ),
                        rt::picture::Node::new(
                            rt::picture::NodeKind::Select,
                            "select merge event of {\"hostname\": system::hostname()} end",
                            "",
                            false,
                        ),
                        rt::picture::Node::new(
                            rt::picture::NodeKind::Log,
                            "in_memory_wal",
                            "qos::wal",
                            true,
                        ),
                        rt::picture::Node::new(
                            rt::picture::NodeKind::Distributor,
                            "roundrobin",
                            "qos::roundrobin",
                            false,
                        ),
                        rt::picture::Node::new(
                            rt::picture::NodeKind::Output,
                            "ws0",
                            "",
                            false,
                        ),
                        rt::picture::Node::new(
                            rt::picture::NodeKind::Output,
                            "ws1",
                            "",
                            false,
                        ),
                        rt::picture::Node::new(
                            rt::picture::NodeKind::Output,
                            "ws2",
                            "",
                            false,
                        ),
                        rt::picture::Node::new(
                            rt::picture::NodeKind::Output,
                            "err",
                            "",
                            false,
                        ),
                    ],
                    edges: &[
                        rt::picture::Edge::new(0, "out", 1),
                        rt::picture::Edge::new(1, "out", 2),
                        rt::picture::Edge::new(2, "out", 3),
                        rt::picture::Edge::new(3, "ws0", 4),
                        rt::picture::Edge::new(3, "ws1", 5),
                        rt::picture::Edge::new(3, "ws2", 6),
                    ],
                },
            ],
            instances: &[
                rt::picture::Instance::new(
                    rt::picture::InstanceKind::Onramp {
                        row: "metronome",
                        replays: false,
                    },
                    "metronome",
                    "01",
                ),
                rt::picture::Instance::new(
                    rt::picture::InstanceKind::Pipeline(0),
                    "roundrobin",
                    "01",
                ),
                rt::picture::Instance::new(
                    rt::picture::InstanceKind::Offramp {
                        row: "ws",
                    },
                    "ws0",
                    "01",
                ),
                rt::picture::Instance::new(
                    rt::picture::InstanceKind::Offramp {
                        row: "ws",
                    },
                    "ws1",
                    "01",
                ),
                rt::picture::Instance::new(
                    rt::picture::InstanceKind::Offramp {
                        row: "ws",
                    },
                    "ws2",
                    "01",
                ),
            ],
            links: &[
                rt::picture::Link::new(0, "out", 1, "in"),
                rt::picture::Link::new(1, "ws0", 2, "in"),
                rt::picture::Link::new(1, "ws1", 3, "in"),
                rt::picture::Link::new(1, "ws2", 4, "in"),
            ],
            required: ::std::option::Option::None,
        },
        forms: rt::forms::Forms {
            ways: &[
                rt::forms::Way::new(
                    "pipeline roundrobin",
                    ["in", "select 28:5"],
                    rt::forms::Form::Typed,
                    "{onramp: string, id: uint, ingest_ns: uint}",
                    "the shape of `metronome` is closed (onramp metronome); select 28:5 reads `onramp`, `id`, `ingest_ns`",
                ),
                rt::forms::Way::new(
                    "pipeline roundrobin",
                    ["select 28:5", "in_memory_wal"],
                    rt::forms::Form::Typed,
                    "{onramp: string, id: uint, ingest_ns: uint, hostname: string}",
                    "select 28:5 makes it; not encoded yet: in_memory_wal encodes it straight into its slot",
                ),
                rt::forms::Way::new(
                    "pipeline roundrobin",
                    ["in_memory_wal", "select 31:5"],
                    rt::forms::Form::Encoded,
                    "",
                    "in_memory_wal keeps the bytes, since its limit in bytes counts them",
                ),
                rt::forms::Way::new(
                    "pipeline roundrobin",
                    ["select 31:5", "roundrobin"],
                    rt::forms::Form::Encoded,
                    "",
                    "in_memory_wal keeps the bytes, since its limit in bytes counts them",
                ),
                rt::forms::Way::new(
                    "pipeline roundrobin",
                    ["roundrobin/ws0", "select 33:5"],
                    rt::forms::Form::Encoded,
                    "",
                    "in_memory_wal keeps the bytes, since its limit in bytes counts them",
                ),
                rt::forms::Way::new(
                    "pipeline roundrobin",
                    ["roundrobin/ws1", "select 34:5"],
                    rt::forms::Form::Encoded,
                    "",
                    "in_memory_wal keeps the bytes, since its limit in bytes counts them",
                ),
                rt::forms::Way::new(
                    "pipeline roundrobin",
                    ["roundrobin/ws2", "select 35:5"],
                    rt::forms::Form::Encoded,
                    "",
                    "in_memory_wal keeps the bytes, since its limit in bytes counts them",
                ),
                rt::forms::Way::new(
                    "pipeline roundrobin",
                    ["select 33:5", "out/ws0"],
                    rt::forms::Form::Encoded,
                    "",
                    "in_memory_wal keeps the bytes, since its limit in bytes counts them",
                ),
                rt::forms::Way::new(
                    "pipeline roundrobin",
                    ["select 34:5", "out/ws1"],
                    rt::forms::Form::Encoded,
                    "",
                    "in_memory_wal keeps the bytes, since its limit in bytes counts them",
                ),
                rt::forms::Way::new(
                    "pipeline roundrobin",
                    ["select 35:5", "out/ws2"],
                    rt::forms::Form::Encoded,
                    "",
                    "in_memory_wal keeps the bytes, since its limit in bytes counts them",
                ),
                rt::forms::Way::new(
                    "links of 01",
                    ["onramp/metronome/01/out", "pipeline/roundrobin/01/in"],
                    rt::forms::Form::Typed,
                    "{onramp: string, id: uint, ingest_ns: uint}",
                    "the shape of `metronome` is closed; select 28:5 reads `onramp`, `id`, `ingest_ns`",
                ),
                rt::forms::Way::new(
                    "links of 01",
                    ["pipeline/roundrobin/01/ws0", "offramp/ws0/01"],
                    rt::forms::Form::Encoded,
                    "",
                    "an offramp sends bytes",
                ),
                rt::forms::Way::new(
                    "links of 01",
                    ["pipeline/roundrobin/01/ws1", "offramp/ws1/01"],
                    rt::forms::Form::Encoded,
                    "",
                    "an offramp sends bytes",
                ),
                rt::forms::Way::new(
                    "links of 01",
                    ["pipeline/roundrobin/01/ws2", "offramp/ws2/01"],
                    rt::forms::Form::Encoded,
                    "",
                    "an offramp sends bytes",
                ),
            ],
            conversions: &[
                rt::forms::Conversion::new(
                    "pipeline roundrobin",
                    rt::forms::Change::Encode,
                    "in_memory_wal",
                    rt::forms::Often::Event,
                    "into its slot",
                ),
                rt::forms::Conversion::new(
                    "pipeline roundrobin",
                    rt::forms::Change::ToTree,
                    "in_memory_wal",
                    rt::forms::Often::Failure,
                    "one that is larger than the log",
                ),
                rt::forms::Conversion::new(
                    "links of 01",
                    rt::forms::Change::Encode,
                    "onramp/metronome/01",
                    rt::forms::Often::IfLimited,
                    "to measure it",
                ),
                rt::forms::Conversion::new(
                    "links of 01",
                    rt::forms::Change::Copy,
                    "offramp/ws0/01",
                    rt::forms::Often::Delivery,
                    "the bytes, into what it sends",
                ),
                rt::forms::Conversion::new(
                    "links of 01",
                    rt::forms::Change::Copy,
                    "offramp/ws1/01",
                    rt::forms::Often::Delivery,
                    "the bytes, into what it sends",
                ),
                rt::forms::Conversion::new(
                    "links of 01",
                    rt::forms::Change::Copy,
                    "offramp/ws2/01",
                    rt::forms::Often::Delivery,
                    "the bytes, into what it sends",
                ),
            ],
        },
    };
}
#[allow(
    warnings,
    future_incompatible,
    let_underscore,
    missing_docs,
    nonstandard_style,
    unreachable_pub,
    unused,
    clippy::all,
    clippy::cargo,
    clippy::nursery,
    clippy::pedantic,
    clippy::restriction
)]
const _: () = {
    mod names_0 {
        ///The binding `default`.
        pub const default: () = ();
    }
    mod names_1 {
        ///a URL such as `ws://host:port/path` or `wss://host:port/path`: the server to connect to.
        pub const url: () = ();
    }
    mod names_2 {
        ///an integer from 1 to 31536000000 (ms): the time from one event to the next.
        pub const interval: () = ();
    }
    mod names_3 {
        ///a list of distinct names, such as ["a", "b"]: the names of the output ports, in the order in which they take their turns.
        pub const outputs: () = ();
    }
    mod names_4 {
        ///an integer from 1 to 4294967295 (events): how many events one call takes from the log at most.
        pub const read_count: () = ();
        ///an integer from 1 to 2147483648 (events): how many events the log keeps at most.
        pub const max_elements: () = ();
        ///an integer from 1 to 9223372036854775807 (bytes): how many bytes of encoded events the log keeps at most; with `dir`, how long its files are at most.
        pub const max_bytes: () = ();
    }
    mod names_5 {
        /**The offramp `ws`. Its keys:

- `url`: the server to connect to
- `ack`: what confirms an event: the peer's pong (`received`), or the socket that took its bytes (`written`)
- `connect_timeout`: how long connecting may take, the handshake included
- `backoff_min`: the first wait before connecting again; it doubles with each failure
- `backoff_max`: the longest wait before connecting again
- `ack_timeout`: how long a connection may make no progress while something is unconfirmed
- `keepalive`: how long a connection is idle until a ping tests it
- `window_events`: how many events may be unconfirmed
- `window_bytes`: how many bytes may be unconfirmed
- `max_frame_bytes`: the greatest frame that the peer may send
- `binary`: whether an event is sent as a binary frame instead of a text frame
- `ca_file`: for `wss`: the file of the certificates (PEM) to trust instead of the system's; an empty path is none
- `headers`: headers that the handshake has beside its own
- `bearer`: the token of `Authorization: Bearer`
- `basic`: user and password of `Authorization: Basic`
- `codec`: how events are encoded at the border of the flow
- `description`: what it is for, for people; it has no effect*/
        pub const ws: () = ();
    }
    mod names_6 {
        /**The onramp `metronome`. Its keys:

- `interval`: the time from one event to the next
- `max_event_bytes`: the greatest event that is let in; a larger one goes to `err`
- `codec`: how events are encoded at the border of the flow
- `description`: what it is for, for people; it has no effect*/
        pub const metronome: () = ();
    }
    mod names_7 {
        /**The operator `qos::roundrobin`. Its keys:

- `outputs`: the names of the output ports, in the order in which they take their turns
- `description`: what it is for, for people; it has no effect*/
        pub const roundrobin: () = ();
    }
    mod names_8 {
        /**The operator `qos::wal`. Its keys:

- `read_count`: how many events one call takes from the log at most
- `max_elements`: how many events the log keeps at most
- `max_bytes`: how many bytes of encoded events the log keeps at most; with `dir`, how long its files are at most
- `dir`: the directory of its files, which makes it a log on disk; if not set, it is in memory
- `sync`: when what is written is synced to the disk: before an event goes on, each by itself (`always`) or all that came meanwhile (`batch`), or every `sync_interval` (`interval`)
- `sync_interval`: the longest time from writing to syncing
- `description`: what it is for, for people; it has no effect*/
        pub const wal: () = ();
    }
    mod names_9 {
        ///An offramp `ws`.
        pub const ws0: () = ();
        ///An offramp `ws`.
        pub const ws1: () = ();
        ///An offramp `ws`.
        pub const ws2: () = ();
    }
    mod names_10 {
        ///An onramp `metronome`.
        pub const metronome: () = ();
    }
    mod names_11 {
        ///An operator `qos::wal`.
        pub const in_memory_wal: () = ();
        ///An operator `qos::roundrobin`.
        pub const roundrobin: () = ();
    }
    mod names_12 {
        ///A port of the pipeline `roundrobin`.
        pub const ws0: () = ();
        ///A port of the pipeline `roundrobin`.
        pub const ws1: () = ();
        ///A port of the pipeline `roundrobin`.
        pub const ws2: () = ();
    }
    mod names_13 {
        ///The pipeline `roundrobin`.
        pub const roundrobin: () = ();
    }
    mod names_14 {
        ///A variable of the binding `default`.
        pub const instance: () = ();
    }
    let _ = names_6::metronome;
    let _ = names_2::interval;
    let _ = names_5::ws;
    let _ = names_1::url;
    let _ = names_5::ws;
    let _ = names_1::url;
    let _ = names_5::ws;
    let _ = names_1::url;
    let _ = names_8::wal;
    let _ = names_4::read_count;
    let _ = names_4::max_elements;
    let _ = names_4::max_bytes;
    let _ = names_7::roundrobin;
    let _ = names_3::outputs;
    let _ = names_11::in_memory_wal;
    let _ = names_11::roundrobin;
    let _ = names_11::in_memory_wal;
    let _ = names_11::in_memory_wal;
    let _ = names_11::roundrobin;
    let _ = names_11::roundrobin;
    let _ = names_11::roundrobin;
    let _ = names_11::roundrobin;
    let _ = names_10::metronome;
    let _ = names_13::roundrobin;
    let _ = names_14::instance;
    let _ = names_13::roundrobin;
    let _ = names_12::ws0;
    let _ = names_14::instance;
    let _ = names_9::ws0;
    let _ = names_14::instance;
    let _ = names_13::roundrobin;
    let _ = names_12::ws1;
    let _ = names_14::instance;
    let _ = names_9::ws1;
    let _ = names_14::instance;
    let _ = names_13::roundrobin;
    let _ = names_12::ws2;
    let _ = names_14::instance;
    let _ = names_9::ws2;
    let _ = names_14::instance;
    let _ = names_0::default;
    let _ = names_14::instance;
};
