//! Flows wherever an item may stand: in functions, blocks, modules, macros; with every visibility; beside strict lints.

use crate::check;

pub(crate) mod visible {
    foreshock::pipeline! { pub pipeline Everywhere; select 1 from in into out; }
    foreshock::pipeline! { pub(crate) pipeline InTheCrate; select 2 from in into out; }
    foreshock::pipeline! { pub(super) pipeline Above; select 3 from in into out; }
    foreshock::pipeline! { pub(in crate::places) pipeline InPlaces; select 4 from in into out; }
    foreshock::pipeline! { pub(self) pipeline Here; select 5 from in into out; }
    foreshock::pipeline! { pipeline Private; select 6 from in into out; }

    mod deeper {
        foreshock::pipeline! { pub(in super::super) pipeline Far; select 7 from in into out; }
        pub(in super::super) use far::Far as FarPipeline;
    }

    pub(super) fn run_those_in_here() {
        crate::check::<here::Here>(&["in 0"], &["out 5"]);
        crate::check::<private::Private>(&["in 0"], &["out 6"]);
    }
    pub(super) use deeper::FarPipeline;
}

#[test]
fn visibilities() {
    check::<visible::everywhere::Everywhere>(&["in 0"], &["out 1"]);
    check::<visible::in_the_crate::InTheCrate>(&["in 0"], &["out 2"]);
    check::<visible::above::Above>(&["in 0"], &["out 3"]);
    check::<visible::in_places::InPlaces>(&["in 0"], &["out 4"]);
    check::<visible::FarPipeline>(&["in 0"], &["out 7"]);
    visible::run_those_in_here();
}

#[test]
fn in_a_function_and_in_its_blocks() {
    foreshock::pipeline! {
        pipeline Local;
        select event * 2 from in into out;
    }
    check::<local::Local>(&["in 4"], &["out 8"]);
    {
        foreshock::pipeline! {
            pipeline Local;
            select event * 3 from in into out;
        }
        check::<local::Local>(&["in 4"], &["out 12"]);
    }
    let closure = || {
        foreshock::pipeline! {
            /// In a closure.
            pipeline Closed;
            const factor = 4;
            select event * factor from in into out;
        }
        check::<closed::Closed>(&["in 4"], &["out 16"]);
    };
    closure();
}

/// A pipeline of a crate's own macro: names, literals and expressions of its caller.
macro_rules! scaled {
    ($visibility:vis $name:ident, $factor:literal, $from:ident) => {
        foreshock::pipeline! {
            $visibility pipeline $name;
            const factor = $factor;
            select { "scaled": event * factor } from in/$from into out;
        }
    };
}

macro_rules! filter {
    ($(#[$doc:meta])* $name:ident { $($query:tt)* }) => {
        foreshock::pipeline! {
            $(#[$doc])*
            pub(crate) pipeline $name;
            $($query)*
        }
    };
}

macro_rules! fan {
    ($name:ident: $($port:ident = $key:literal),+ $(,)?) => {
        foreshock::pipeline! {
            pub(crate) pipeline $name;
            $(select event[$key] from in where present event[$key] into out/$port;)+
        }
    };
}

filter!(
    /// What is loud.
    Loud {
        use std::string;
        select string::uppercase(event.text) from in where event.level > 3 into out;
    }
);

scaled!(pub(crate) Scaled, 10, side);

fan!(Fan: a = "x", b = "y", c = "a z",);

#[test]
fn made_by_macros() {
    check::<loud::Loud>(&[r#"in {"text": "hey", "level": 4}"#], &[r#"out "HEY""#]);
    check::<scaled::Scaled>(&["side 4"], &[r#"out {"scaled":40}"#]);
    check::<fan::Fan>(&[r#"in {"x": 1, "a z": 3}"#, r#"in {"y": 2}"#], &["a 1", "c 3", "b 2"]);
}

/// A struct that has a pipeline inside, as an application does.
struct Service {
    pipeline: foreshock::Embedded<loud::Loud>,
}

impl Service {
    fn handle(&mut self, text: &str) -> Option<String> {
        let event = foreshock::Value::parse(text.as_bytes()).ok()?;
        self.pipeline.push("in", event).ok()?;
        let output = self.pipeline.next_output()?;
        self.pipeline.ack(output.delivery);
        Some(output.event.to_string())
    }
}

#[test]
fn in_a_struct() {
    let mut service = Service { pipeline: foreshock::Embedded::new() };
    assert_eq!(service.handle(r#"{"text": "x", "level": 9}"#).as_deref(), Some("\"X\""));
    assert_eq!(service.handle(r#"{"text": "x", "level": 1}"#), None);
}

/// A module with lints that people have.
#[deny(missing_docs, unused_results, unused_qualifications, unreachable_pub, clippy::nursery)]
mod strict {
    use foreshock::pipeline;

    pipeline! {
        pub(super) flow Imported;
        define onramp m from metronome with interval = 5 end;
        define offramp s from blackhole end;
        define pipeline p
            define qos::wal operator log with read_count = 1, max_elements = 9 end;
            create operator log;
            select { "n": event.id + 1, "s": "#{event.onramp}" } from in where event.id != 3 into log;
            select event from log into out having event.n > 0;
        end;
        define binding b links /onramp/m/1/out => /pipeline/p/1/in, /pipeline/p/1/out => /offramp/s/1/in end;
        create binding /binding/b/1;
    }
}

#[test]
fn behind_an_import() {
    let builder = strict::Imported::builder();
    assert_eq!(builder.setting("onramp.m.interval").expect("there is one").to_string(), "5");
    check::<strict::imported::P>(
        &[r#"in {"onramp": "m", "id": 1, "ingest_ns": 1}"#, r#"in {"onramp": "m", "id": 3, "ingest_ns": 1}"#],
        &[r#"out {"n":2,"s":"m"}"#],
    );
}
