//! Names that are unusual and legal: words of Rust and of queries, names that generated code might have too, other letters.

use crate::{Stage, check, play};

foreshock::pipeline! {
    /// Names in a query that Rust reserves, or that its code might use.
    pub(crate) pipeline Value;

    const self_ = 1;
    const String = 2;
    const Some = 3;
    const type = 4;
    const struct = 5;
    const none = 6;
    const x = 7;
    const r#select = 8;
    const long_name_with_1_digit_and_more_than_sixty_letters_in_it_as_some_people_like_it = 9;
    const CAPITALS = 10;
    const größe = 11;

    create stream error;
    create stream push;
    create stream next;
    create stream stream_;
    create stream Self_;
    create stream impl;
    create stream r#create;

    select event from in into error;
    select event from error into push;
    select event from push into next;
    select event from next into stream_;
    select event from stream_ into Self_;
    select event from Self_ into impl;
    select event from impl into r#create;
    select [self_, String, Some, type, struct, none, x, r#select,
        long_name_with_1_digit_and_more_than_sixty_letters_in_it_as_some_people_like_it, CAPITALS, größe]
    from r#create into out/loop;
}

#[test]
fn names_of_constants_and_streams() {
    check::<value::Value>(&["in null"], &["loop [1,2,3,4,5,6,7,8,9,10,11]"]);
}

foreshock::pipeline! {
    /// Names of artefacts, instances and variables.
    pub(crate) flow Flow;

    define onramp onramp from blaster with lines = ["1"], iters = 1 end;
    define onramp metronome from metronome with interval = 10 end;
    define onramp self from blaster with lines = ["2"], iters = 1 end;
    define offramp offramp from stdout end;
    define offramp ws from ws with url = "ws://ws/" end;
    define offramp type from file with file = "type" end;
    define offramp select from file with file = "select" end;
    define pipeline pipeline select event from in into out; end;
    define pipeline flow select event from in into out; end;
    define pipeline default select event from in into out/r#default; end;
    define pipeline end select event from in into out; end;
    define pipeline Pipeline select event from in into out; end;

    define binding binding links
        /onramp/onramp/{instance}/out => /pipeline/pipeline/{instance}/in,
        /onramp/metronome/{instance}/out => /pipeline/flow/{instance}/in,
        /onramp/self/{instance}/out => [/pipeline/default/{instance}/in, /pipeline/end/{type}/in],
        /pipeline/end/{type}/out => /pipeline/Pipeline/{type}/in,
        /pipeline/Pipeline/{type}/out => /offramp/type/{type}/in,
        /pipeline/pipeline/{instance}/out => /offramp/offramp/{instance}/in,
        /pipeline/flow/{instance}/out => /offramp/ws/{instance}/in,
        /pipeline/default/{instance}/default => /offramp/select/{instance}/in
    end;
    create binding /binding/binding/create with instance = "self", type = "crate" end;
}

#[test]
fn names_of_artefacts() {
    play(async {
        let mut stage = Stage::new();
        stage.keep_stdout().keep_file("type").keep_file("select").serve("ws", 80);
        stage.run(Flow::builder(), 35).await;
        assert_eq!(stage.seen("stdout"), ["1"]);
        assert_eq!(stage.seen("type"), ["2"]);
        assert_eq!(stage.seen("select"), ["2"]);
        assert!(stage.seen("ws").len() >= 2);
    });
}

/// Types and modules that people call so.
mod heads {
    foreshock::pipeline! { pub(super) pipeline X; select 1 from in into out; }
    foreshock::pipeline! { pub(super) pipeline HTTPServer2; select 2 from in into out; }
    foreshock::pipeline! { pub(super) pipeline Type; select 3 from in into out; }
    foreshock::pipeline! { pub(super) pipeline Überwachung; select 4 from in into out; }
    foreshock::pipeline! { pub(super) pipeline Option; select 5 from in into out; }
    foreshock::pipeline! { pub(super) pipeline Harness; select 6 from in into out; }
    foreshock::pipeline! { pub(super) pipeline R2D2; select 7 from in into out; }
    foreshock::pipeline! { pub(super) pipeline Std; select 8 from in into out; }
    foreshock::pipeline! { pub(super) pipeline Core; select 9 from in into out; }
    foreshock::pipeline! { pub(super) pipeline Foreshock; select 10 from in into out; }
    foreshock::pipeline! { pub(super) pipeline Embedded; select 11 from in into out; }
    foreshock::pipeline! { pub(super) pipeline Match; select 12 from in into out; }
}

#[test]
fn names_of_heads() {
    check::<heads::x::X>(&["in 0"], &["out 1"]);
    check::<heads::http_server2::HTTPServer2>(&["in 0"], &["out 2"]);
    check::<heads::r#type::Type>(&["in 0"], &["out 3"]);
    check::<heads::überwachung::Überwachung>(&["in 0"], &["out 4"]);
    check::<heads::option::Option>(&["in 0"], &["out 5"]);
    check::<heads::harness::Harness>(&["in 0"], &["out 6"]);
    check::<heads::r2_d2::R2D2>(&["in 0"], &["out 7"]);
    check::<heads::std_::Std>(&["in 0"], &["out 8"]);
    check::<heads::core_::Core>(&["in 0"], &["out 9"]);
    check::<heads::foreshock_::Foreshock>(&["in 0"], &["out 10"]);
    check::<heads::embedded::Embedded>(&["in 0"], &["out 11"]);
    check::<heads::r#match::Match>(&["in 0"], &["out 12"]);
}

foreshock::pipeline! {
    /// Two names that become one in Rust, fields of every spelling, and ports like words.
    pub(crate) flow Alike;
    define onramp tick from metronome with interval = 10 end;
    define offramp Tick from blackhole end;
    define pipeline tick
        select { "a": event.id, "A": 1, "a_": 2, "r#a": 3, "a-b": 4, "a b": 5, "0": 6, "type": 7, "self": 8, "": 9, "é": 10, "_": 11,
            "__": 12, "Self": 13, "fn": { "fn": { "fn": 14 } } } from in into out/type;
    end;
    define pipeline Tick
        select [event.a, event.A, event.a_, event["r#a"], event["a-b"], event["a b"], event["0"], event.type, event.self,
            event[""], event.é, event["_"], event.__, event.Self, event.r#fn.r#fn["fn"]] from in into out/self;
    end;
    define pipeline t_ick select event[3] from in into out/in; end;
    define binding b links
        /onramp/tick/1/out => /pipeline/tick/1/in,
        /pipeline/tick/1/type => /pipeline/Tick/1/in,
        /pipeline/Tick/1/self => /pipeline/t_ick/1/in,
        /pipeline/t_ick/1/in => /offramp/Tick/1/in
    end;
    create binding /binding/b/1;
}

#[test]
fn names_that_become_one() {
    play(async {
        let summary = Stage::new().run(Alike::builder(), 50).await;
        assert!(summary.node("1", "offramp.Tick").expect("it is there").counts.acked >= 3);
    });
    assert!(Alike::GRAPH.contains("event"));
}
