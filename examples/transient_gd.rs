//! Guaranteed delivery, as long as the program runs: metronome events, kept in a log in memory until the one websocket
//! server has confirmed them.
//!
//! ```text
//! cargo run --example transient_gd
//! ```
//!
//! End the server while it runs and start it again, and no event is missing: start one of your own first
//! (`cargo run --example receiver -- 8080`, or `websocat -s 8080`), else the example starts one that prints what it gets.

use std::process::ExitCode;

use foreshock::pipeline;
use foreshock_examples::run_with_receivers;

pipeline! {
    /// Metronome events for one websocket server, none of them lost while this program runs.
    pub flow TransientGd;

    define onramp metronome from metronome with interval = 1000 end;
    define offramp server from ws with url = "ws://localhost:8080/" end;

    define pipeline keep
        use tremor::system;

        define qos::wal operator in_memory_wal with
            read_count = 20,
            max_elements = 1000                      // events
        end;

        create operator in_memory_wal;

        select patch event of insert "hostname" => system::hostname() end
        from in into in_memory_wal;

        select event from in_memory_wal into out;
    end;

    define binding default links
        /onramp/metronome/{instance}/out => /pipeline/keep/{instance}/in,
        /pipeline/keep/{instance}/out    => /offramp/server/{instance}/in
    end;

    create binding /binding/default/01 with instance = "01" end;
}

fn main() -> ExitCode {
    run_with_receivers(TransientGd::builder(), &[("server", 8080)])
}
