//! Flows that macros of a crate make, of all kinds of fragments, and flows in items of all kinds.

use crate::check;

/// Fragments of every kind where they make sense.
macro_rules! computed {
    ($(#[$meta:meta])* $visibility:vis pipeline $name:ident: $value:expr, $($condition:expr)? => $port:ident, $(const $constant:ident = $literal:literal;)*) => {
        foreshock::pipeline! {
            $(#[$meta])*
            $visibility pipeline $name;
            $(const $constant = $literal;)*
            select $value from in $(where $condition)? into out/$port;
        }
    };
}

computed!(
    /// A sum, which stays one.
    /// In two lines.
    #[allow(unused_constant)]
    pub(crate) pipeline Sum: event.x * (1 + 2) - one, event.x > -1 => sum,
    const one = 1;
    const minus = -2;
    const text = "te\"xt";
    const raw = r"ra\\w";
    const float = 1.5;
);
computed!(pipeline Whole: event, => whole,);
computed!(pub(crate) pipeline Listed: [event.x + 1, -event.x, !event.y, "#{event.x}", event.l[0], one], event.y == true => list, const one = 1;);

/// A precedence that must not be lost: what is passed on is one operand.
macro_rules! times_two {
    ($name:ident, $e:expr) => {
        foreshock::pipeline! { pipeline $name; select $e * 2 from in into out; }
    };
}
times_two!(Doubled, event + 1);

/// A whole flow of a table.
macro_rules! fan_out {
    ($visibility:vis $name:ident lines [$($line:literal),*]; $($rest:tt)*) => {
        foreshock::pipeline! {
            $visibility flow $name;
            define onramp source from blaster with lines = [$($line),*], iters = 1 end;
            $($rest)*
        }
    };
}

fan_out!(pub(crate) Lines lines ["1", "2"];
    define offramp sink from ws with url = "ws://sink/" end;
    define pipeline all select event + 1 from in into out; end;
    define binding all links
        /onramp/source/one => /pipeline/all/one,
        /pipeline/all/one => /offramp/sink/one
    end;
    create binding /binding/all/one;
);

#[test]
fn fragments_of_every_kind() {
    check::<sum::Sum>(&[r#"in {"x": 2}"#, r#"in {"x": -2}"#], &["sum 5"]);
    check::<whole::Whole>(&["in 1"], &["whole 1"]);
    check::<listed::Listed>(&[r#"in {"x": 2, "y": true, "l": [7]}"#], &[r#"list [3,-2,false,"2",7,1]"#]);
    check::<doubled::Doubled>(&["in 3"], &["out 8"]);
}

#[test]
fn a_flow_of_a_macro() {
    crate::play(async {
        let mut stage = crate::Stage::new();
        stage.serve("sink", 80).run(Lines::builder(), 1000).await;
        assert_eq!(stage.seen("sink"), ["2", "3"]);
    });
}

/// A trait whose methods have flows inside.
trait Transforms {
    fn by_default(&self) -> String {
        foreshock::pipeline! { pipeline InATrait; select event - 1 from in into out; }
        run::<in_a_trait::InATrait>("5")
    }
    fn own(&self) -> String;
}

fn run<P: foreshock::pipeline::Pipeline>(event: &str) -> String {
    let mut harness = foreshock::testing::Harness::<P>::new();
    harness.push("in", event);
    harness.outputs().concat()
}

struct Generic<T>(T);

impl<T: ToString> Transforms for Generic<T> {
    fn own(&self) -> String {
        foreshock::pipeline! { pipeline InAGeneric; const T = 2; select event * T from in into out; }
        run::<in_a_generic::InAGeneric>(&self.0.to_string())
    }
}

async fn in_an_async_function(event: &str) -> String {
    foreshock::pipeline! { pipeline Later; select { "later": event } from in into out; }
    std::future::ready(()).await;
    run::<later::Later>(event)
}

const fn picture() -> &'static str {
    foreshock::pipeline! { pipeline Drawn; select event.n from in into out; }
    drawn::GRAPH
}

static PICTURE: &str = {
    foreshock::pipeline! { pipeline Still; select 1 from in into out; }
    still::GRAPH
};

#[test]
fn in_items_of_all_kinds() {
    let generic = Generic(4u8);
    assert_eq!(generic.by_default(), "out 4");
    assert_eq!(generic.own(), "out 8");
    crate::play(async { assert_eq!(in_an_async_function("[]").await, r#"out {"later":[]}"#) });
    assert!(picture().starts_with("flowchart LR") && PICTURE.starts_with("flowchart LR"));
}

/// Names of the prelude as heads, of flows and of pipelines.
mod prelude {
    #![allow(dead_code, reason = "that they can be there is what is tried")]

    /// A flow of one name in a module of its own, whose pipeline and artefacts have that name too.
    macro_rules! named {
        ($($module:ident: $name:ident, $pipeline:ident;)*) => {
            $(mod $module {
                foreshock::pipeline! {
                    pub(super) flow $name;
                    define onramp $pipeline from metronome with interval = 10 end;
                    define offramp $pipeline from blackhole end;
                    define pipeline $pipeline
                        define qos::wal operator $pipeline with read_count = 1, max_elements = 3 end;
                        create operator $pipeline;
                        select { "n": event.id, "text": "#{event.onramp}", "list": [event.id], "none": null } from in into $pipeline;
                        select merge event of { "x": event.n + 1 } end from $pipeline where event.n >= 0 into out/$pipeline;
                    end;
                    define binding $pipeline links
                        /onramp/$pipeline/{$pipeline}/out => /pipeline/$pipeline/{$pipeline}/in,
                        /pipeline/$pipeline/{$pipeline}/$pipeline => /offramp/$pipeline/{$pipeline}/in
                    end;
                    create binding /binding/$pipeline/$pipeline with $pipeline = "i" end;
                }
            })*
        };
    }

    named! {
        a: Main, main;
        b: Vec, vec;
        c: String, string;
        d: Result, result;
        e: Some, some;
        f: Box, boxed;
        g: Default, clone;
        h: Debug, debug;
        i: Iterator, iterator;
        j: Value, value;
        k: Machine, machine;
        l: Head, head;
        m: Record, record;
        n: T, t;
        o: O, o;
        p: Next, next;
        q: Event, events;
        r: Builder, builder;
        s: Tag, tag;
        t: Metronome, metronome;
        u: Blackhole, blackhole;
        v: Wal, wal;
        w: Ports, ports;
        x: Out, outs;
        y: Rt, rt;
        z: MainOut, main;
        aa: Self_, self_;
        ab: Pipeline, pipeline;
        ac: Async, async;
        ad: Loop, loop;
        ae: MetronomeEvent, metronome_event;
        af: Push, push;
        ag: Room, room;
        ah: Answer, answer;
        ai: Context, context;
        aj: Cx, cx;
        ak: Step, step;
        al: Gen, gen;
        am: Str, str;
        an: Bool, bool;
        ao: U64, u64;
    }

    pub(super) fn all_have_pictures() -> bool {
        let pictures =
            [a::Main::GRAPH, b::Vec::GRAPH, c::String::GRAPH, n::T::GRAPH, y::Rt::GRAPH, ao::U64::GRAPH];
        pictures.iter().all(|picture| picture.starts_with("flowchart"))
    }
}

#[test]
fn names_of_the_prelude() {
    assert!(prelude::all_have_pictures());
}
