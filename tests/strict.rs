//! Flows in a module that denies what a strict crate denies. That it compiles is the test: no lint fires for generated code.
#![deny(
    deprecated,
    let_underscore_drop,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    nonstandard_style,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unreachable_pub,
    unused,
    unused_lifetimes,
    unused_qualifications,
    unnameable_types,
    unused_macro_rules,
    unused_results,
    variant_size_differences,
    warnings,
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
        create stream unlinked;
        select patch event of insert "k" => [limits::most, event.id], copy "k" => "l", merge "m" => {} end
        from in into unlinked having event.k != event.l or true;
        select patch event of erase "k", move "id" => "n" end from unlinked into out/b having false;
        mod limits with
            const most = -1;
        end;
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
        create stream side;
        select patch event of upsert "#{event.n}" => 1, move "a" => "b", merge => { "c": null } end
        from side into out having present event.b;
        use std::string;
    }
}

/// A crate may have names of its own for what others take from the standard library.
pub mod with_other_names {
    #![allow(dead_code, unused_macros, non_camel_case_types, missing_docs, clippy::exhaustive_structs)]

    mod std {}
    mod core {}
    mod alloc {}
    mod foreshock {}
    mod rt {}
    struct Option;
    struct Result;
    struct Some;
    struct Ok;
    struct String;
    struct Vec;
    struct Box;
    struct u32;
    struct u64;
    struct bool;
    struct str;
    macro_rules! vec {
        () => {
            compile_error!("not this one")
        };
    }
    macro_rules! format {
        () => {
            compile_error!("not this one")
        };
    }
    macro_rules! unreachable {
        () => {
            compile_error!("not this one")
        };
    }
    macro_rules! concat {
        () => {
            compile_error!("not this one")
        };
    }

    ::foreshock::pipeline! {
        flow Shadowed;

        define onramp m from metronome with interval = 10 end;
        define offramp s from ws with url = "ws://localhost/" end;
        define pipeline p
            define qos::wal operator log with read_count = 1, max_elements = 9 end;
            define qos::roundrobin operator share with outputs = ["a", "b"] end;
            create operator log;
            create operator share;
            select merge event of { "n": event.id + 1, "list": [event.id, "x"] } end from in into log;
            select event from log into share;
            select { "n": "#{event.n}" } from share/a into out;
            select event.list from share/b into out;
        end;
        define binding links links
            /onramp/m/1/out => /pipeline/p/1/in,
            /pipeline/p/1/out => /offramp/s/1/in
        end;
        create binding /binding/links/1;
    }
}

macro_rules! passing {
    ($name:ident, $stage:ident, $from:ident, $interval:literal) => {
        foreshock::pipeline! {
            /// Made by a macro of the crate, from words of both.
            pub(crate) flow $name;

            define onramp $from from metronome with interval = $interval end;
            define offramp hole from blackhole end;
            define pipeline $stage
                create stream both;
                select event from in into both;
                select event from both into out;
            end;
            define binding links links
                /onramp/$from/1/out => /pipeline/$stage/1/in,
                /pipeline/$stage/1/out => /offramp/hole/1/in
            end;
            create binding /binding/links/1;
        }
    };
}

#[allow(clippy::redundant_pub_crate, reason = "the visibility is what is tried")]
mod in_a_private_module {
    passing!(FirstMade, one, ticks, 10);
    passing!(SecondMade, two, ticks, 20);
}

/// Two flows in a function.
#[must_use]
pub const fn in_a_function() -> &'static str {
    foreshock::pipeline! {
        pipeline Local;
        select event.n from in into out;
    }
    foreshock::pipeline! {
        flow LocalFlow;
        define onramp m from metronome with interval = 10 end;
        define offramp s from blackhole end;
        define pipeline p
            select event from in into out;
        end;
        define binding links links
            /onramp/m/1/out => /pipeline/p/1/in,
            /pipeline/p/1/out => /offramp/s/1/in
        end;
        create binding /binding/links/1;
    }
    LocalFlow::GRAPH
}
