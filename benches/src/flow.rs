//! The founding flow, compiled by `pipeline!` as in `examples/roundrobin.rs`: its pipeline is measured in process, and with
//! its websocket sinks against servers. And a flow with a log on disk.

/// The founding flow. Its urls are set when a round begins; its metronome gives way to a source that is always due.
pub mod websockets {
    foreshock::pipeline! {
        /// Metronome events, shared out over three sinks.
        pub flow Founding;
        define onramp metronome from metronome with interval = 1 end;
        define offramp ws0 from ws with url = "ws://127.0.0.1:9/0" end;
        define offramp ws1 from ws with url = "ws://127.0.0.1:9/1" end;
        define offramp ws2 from ws with url = "ws://127.0.0.1:9/2" end;
        define pipeline roundrobin
            use tremor::system;
            define qos::wal operator in_memory_wal with
                read_count = 20,
                max_elements = 1000,
                max_bytes = 10485760
            end;
            define qos::roundrobin operator roundrobin with outputs = ["ws0", "ws1", "ws2"] end;
            create operator in_memory_wal;
            create operator roundrobin;
            select merge event of { "hostname": system::hostname() } end from in into in_memory_wal;
            select event from in_memory_wal into roundrobin;
            select event from roundrobin/ws0 into out/ws0;
            select event from roundrobin/ws1 into out/ws1;
            select event from roundrobin/ws2 into out/ws2;
        end;
        define binding default links
            /onramp/metronome/{i}/out    => /pipeline/roundrobin/{i}/in,
            /pipeline/roundrobin/{i}/ws0 => /offramp/ws0/{i}/in,
            /pipeline/roundrobin/{i}/ws1 => /offramp/ws1/{i}/in,
            /pipeline/roundrobin/{i}/ws2 => /offramp/ws2/{i}/in
        end;
        create binding /binding/default/01 with i = "01" end;
    }
}

/// Metronome events through a log on disk.
pub mod on_disk {
    foreshock::pipeline! {
        /// Metronome events, kept on disk until the sink has them.
        pub flow Persistent;
        define onramp metronome from metronome with interval = 1 end;
        define offramp hole from blackhole with capacity = 4096 end;
        define pipeline kept
            use tremor::system;
            define qos::wal operator log with read_count = 256, dir = "./wal" end;
            create operator log;
            select merge event of { "hostname": system::hostname() } end from in into log;
            select event from log into out;
        end;
        define binding default links
            /onramp/metronome/{i}/out => /pipeline/kept/{i}/in,
            /pipeline/kept/{i}/out    => /offramp/hole/{i}/in
        end;
        create binding /binding/default/01 with i = "01" end;
    }
}
