//! Flows in a module that denies what a strict crate denies. That it compiles is the test: no lint fires for generated code.
#![deny(
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    non_camel_case_types,
    trivial_casts,
    trivial_numeric_casts,
    unreachable_pub,
    unused_braces,
    unused_lifetimes,
    unused_parens,
    unused_qualifications,
    unused_results,
    unused_variables,
    clippy::all,
    clippy::exhaustive_structs,
    clippy::nursery,
    clippy::pedantic
)]

foreshock::pipeline! {
    /// A flow with typed records before and behind logs, and with all that a strict crate may mind.
    pub flow Strict;

    define onramp m from metronome with interval = 10 end;
    define offramp s from ws with url = "ws://localhost/" end;
    define offramp e from blackhole end;

    define pipeline p
        use std::string;
        define qos::wal operator one with read_count = 1, max_elements = 9 end;
        define qos::wal operator two with read_count = 1, max_elements = 9 end;
        define qos::roundrobin operator share with outputs = ["a", "b"] end;
        create operator one;
        create operator two;
        create operator share;
        select { "n": event.id + 1, "in": { "list": [event.id], "half": event.id / 2, "none": null } }
        from in where event.id > 1 and string::uppercase(event.onramp) == "M" into one;
        select event from in into two;
        select { "text": "#{event.n}", "list": event.in.list } from one into share;
        select event from two into share;
        select event from share/a into out;
        select event from share/b into out/b;
    end;

    define binding links links
        /onramp/m/{i}/out => /pipeline/p/{i}/in,
        /pipeline/p/{i}/out => [/offramp/s/{i}/in, /offramp/e/{i}/in],
        /pipeline/p/{i}/b => /offramp/s/{i}/in,
        /pipeline/p/{i}/err => /offramp/e/{i}/in,
        /offramp/s/{i}/err => /offramp/e/{i}/in
    end;
    create binding /binding/links/one with i = "one" end;
    create binding /binding/links/two with i = "two" end;
}

foreshock::pipeline! {
    /// A flow of lines, of which one onramp has its `err` linked.
    pub flow StrictLines;

    define onramp text from stdin end;
    define onramp list from blaster with lines = ["1"], rate = 10 end;
    define offramp out from file with file = "out.json" end;
    define pipeline p
        select event from in into out;
    end;
    define binding links links
        /onramp/text/1/out => [/pipeline/p/1/in, /pipeline/p/2/in],
        /onramp/text/1/err => /pipeline/p/1/in,
        /onramp/list/1/out => /pipeline/p/2/in,
        /pipeline/p/1/out => /offramp/system::stderr/1/in,
        /pipeline/p/2/out => /offramp/out/1/in
    end;
    create binding /binding/links/one;
}

foreshock::pipeline! {
    /// A pipeline beside it.
    pub pipeline Beside;
    select { "double": event.n * 2 } from in where present event.n into out;
}

/// A crate may do without Rust's prelude.
#[no_implicit_prelude]
pub mod without_prelude {
    ::foreshock::pipeline! {
        /// A pipeline that compares, clones and counts.
        pub pipeline Bare;
        define qos::wal operator log with read_count = 1, max_elements = 9 end;
        create operator log;
        select { "n": -event.n, "list": [event, string::len("#{event.n}")] } from in into log;
        select event from log into out;
        select event.n from log into out;
        use std::string;
    }
}
