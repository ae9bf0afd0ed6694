//! Metronome events, shared out evenly over three websocket servers, and kept while no server is there.
//!
//! ```text
//! cargo run --example roundrobin
//! cargo run --example roundrobin -- check
//! cargo run --example roundrobin -- graph
//! cargo run --example roundrobin -- --set onramp.metronome.interval=10 --for 10s --summary text
//! ```
//!
//! Where nobody listens on port 8080, 8081 or 8082 yet, the example starts a receiver of its own and prints what it
//! gets, with the server in front; for an offramp whose `url` is overridden it starts none. To play with outages, start
//! servers of your own first, one in a shell each (`cargo run --example receiver -- 8080`, or `websocat -s 8080`), then
//! end one and start it again.

use std::process::ExitCode;

use foreshock::pipeline;
use foreshock_examples::run_with_receivers;

pipeline! {
    /// Metronome events, shared out over three websocket servers.
    pub flow RoundRobin;

    define onramp metronome from metronome with
        interval = 1000                              // milliseconds
    end;

    define offramp ws0 from ws with url = "ws://localhost:8080/" end;
    define offramp ws1 from ws with url = "ws://localhost:8081/" end;
    define offramp ws2 from ws with url = "ws://localhost:8082/" end;

    define pipeline roundrobin
        use tremor::system;

        define qos::wal operator in_memory_wal with
            read_count = 20,
            max_elements = 1000,                     // events
            max_bytes = 10485760                     // bytes, 10 MiB
        end;

        define qos::roundrobin operator roundrobin with
            outputs = ["ws0", "ws1", "ws2"]
        end;

        create operator in_memory_wal;
        create operator roundrobin;

        select merge event of { "hostname": system::hostname() } end
        from in into in_memory_wal;

        select event from in_memory_wal into roundrobin;

        select event from roundrobin/ws0 into out/ws0;
        select event from roundrobin/ws1 into out/ws1;
        select event from roundrobin/ws2 into out/ws2;
    end;

    define binding default links
        /onramp/metronome/{instance}/out    => /pipeline/roundrobin/{instance}/in,
        /pipeline/roundrobin/{instance}/ws0 => /offramp/ws0/{instance}/in,
        /pipeline/roundrobin/{instance}/ws1 => /offramp/ws1/{instance}/in,
        /pipeline/roundrobin/{instance}/ws2 => /offramp/ws2/{instance}/in
    end;

    create binding /binding/default/01 with instance = "01" end;
}

// A flow that needs nothing around it is just `RoundRobin::main()`.
fn main() -> ExitCode {
    run_with_receivers(RoundRobin::builder(), &[("ws0", 8080), ("ws1", 8081), ("ws2", 8082)])
}
