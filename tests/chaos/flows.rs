//! The flows under chaos: the founding flow with eight metronomes, so that there are thousands of events per second, and
//! its twin with the log on disk. Each event says in `source` which metronome's `id` it has. Urls, limits, timeouts, the
//! directory and the interval come by `--set`.

use foreshock::pipeline;

/// How many metronomes there are: the instances `0` to `7`.
pub const SOURCES: usize = 8;

/// Where the log is, in settings and summaries.
pub const LOG: &str = "pipeline.chaos.wal";

/// The flow, with what its log has beside its limit of events.
macro_rules! chaos {
    ($(#[$($doc:tt)*])* $name:ident: $($log:tt)*) => {
        pipeline! {
            $(#[$($doc)*])*
            pub flow $name;

            define onramp metronome from metronome with interval = 1 end;

            define offramp ws0 from ws with url = "ws://localhost:8080/" end;
            define offramp ws1 from ws with url = "ws://localhost:8081/" end;
            define offramp ws2 from ws with url = "ws://localhost:8082/" end;

            define pipeline chaos
                use tremor::system;

                define qos::wal operator wal with
                    read_count = 20,
                    max_elements = 5000,
                    $($log)*
                end;

                define qos::roundrobin operator roundrobin with
                    outputs = ["ws0", "ws1", "ws2"]
                end;

                create operator wal;
                create operator roundrobin;

                select merge event of { "hostname": system::hostname(), "source": 0 } end from in/s0 into wal;
                select merge event of { "hostname": system::hostname(), "source": 1 } end from in/s1 into wal;
                select merge event of { "hostname": system::hostname(), "source": 2 } end from in/s2 into wal;
                select merge event of { "hostname": system::hostname(), "source": 3 } end from in/s3 into wal;
                select merge event of { "hostname": system::hostname(), "source": 4 } end from in/s4 into wal;
                select merge event of { "hostname": system::hostname(), "source": 5 } end from in/s5 into wal;
                select merge event of { "hostname": system::hostname(), "source": 6 } end from in/s6 into wal;
                select merge event of { "hostname": system::hostname(), "source": 7 } end from in/s7 into wal;

                select event from wal into roundrobin;

                select event from roundrobin/ws0 into out/ws0;
                select event from roundrobin/ws1 into out/ws1;
                select event from roundrobin/ws2 into out/ws2;
            end;

            define binding default links
                /onramp/metronome/0/out => /pipeline/chaos/01/s0,
                /onramp/metronome/1/out => /pipeline/chaos/01/s1,
                /onramp/metronome/2/out => /pipeline/chaos/01/s2,
                /onramp/metronome/3/out => /pipeline/chaos/01/s3,
                /onramp/metronome/4/out => /pipeline/chaos/01/s4,
                /onramp/metronome/5/out => /pipeline/chaos/01/s5,
                /onramp/metronome/6/out => /pipeline/chaos/01/s6,
                /onramp/metronome/7/out => /pipeline/chaos/01/s7,
                /pipeline/chaos/01/ws0 => /offramp/ws0/01/in,
                /pipeline/chaos/01/ws1 => /offramp/ws1/01/in,
                /pipeline/chaos/01/ws2 => /offramp/ws2/01/in
            end;

            create binding /binding/default/01;
        }
    };
}

chaos! {
    /// Events of eight metronomes, shared out over three websocket servers.
    Transient: max_bytes = 10485760
}

chaos! {
    /// Events of eight metronomes, kept on disk and shared out over three websocket servers.
    Persistent:
        max_bytes = 4194304,                         // of files: segments of 512 KiB come and go each second
        dir = "./chaos.wal"
}
