//! The customer's own files, with the one line that their document lacks: they behave as the founding flow. (As printed
//! they are refused: `tests/ui/names/operator_not_created_in_files.rs`.)

use foreshock::Builder;

use crate::{RoundRobin, check, one_server_dies, run};

mod strict {
    #![deny(warnings)]

    foreshock::pipeline! {
        pub(crate) flow Customer;

        include "customer/mended/*";
    }
}

/// The customer's flow with the simulated servers, and as fast as the founding flow of these tests.
fn customer() -> Builder {
    let mut builder = strict::Customer::builder();
    for server in ["ws0", "ws1", "ws2"] {
        builder.set(&format!("offramp.{server}.url"), format!("ws://{server}:80/")).expect("it is tunable");
    }
    builder.set("onramp.metronome.interval", 10i64).expect("it is tunable");
    builder
}

#[test]
fn the_numbers_are_those_of_the_customers_text() {
    let builder = strict::Customer::builder();
    let check = |path: &str, expected: &str| {
        assert_eq!(builder.setting(path).expect("there is such a setting").to_string(), expected, "{path}");
    };
    check("onramp.metronome.interval", "1000");
    check("offramp.ws2.url", "\"ws://localhost:8082/\"");
    check("pipeline.roundrobin.in_memory_wal.max_elements", "1000");
    check("pipeline.roundrobin.in_memory_wal.max_bytes", "10485760");
}

#[test]
fn a_server_dies_and_comes_back_and_nothing_is_missing() {
    for seed in 0..4 {
        check(seed, customer());
    }
}

#[test]
fn every_server_gets_exactly_what_it_gets_from_the_founding_flow() {
    for seed in 0..4 {
        let (ours, _) = run(one_server_dies(seed, customer()));
        let (founding, _) = run(one_server_dies(seed, RoundRobin::builder()));
        assert_eq!(ours, founding, "seed {seed}");
    }
}
