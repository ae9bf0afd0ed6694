//! Events of known shapes of every kind, through everything that an event can go through: logs in memory and on disk, round
//! robins, streams, other pipelines, `err`.

use foreshock::core::Endpoint;

use crate::{Stage, check, play};

/// What a metronome makes.
const TICK: &str = r#"in {"onramp": "metronome", "id": 6, "ingest_ns": 1000}"#;

foreshock::pipeline! {
    /// One value of each kind from a log each, read behind it.
    pub(crate) flow Kinds;

    define onramp m from metronome with interval = 10 end;
    define offramp s from stdout end;
    define pipeline kinds
        use std::type;
        use std::string;
        use std::array;
        use std::record;

        define qos::wal operator wal with read_count = 10, max_elements = 1000 end;
        create operator integers from wal; create operator floats from wal; create operator texts from wal;
        create operator nulls from wal; create operator booleans from wal; create operator lists from wal;
        create operator records from wal; create operator empties from wal; create operator binaries from wal;
        create operator mixed from wal; create operator nested from wal; create operator whole from wal;

        select event.id from in into integers;
        select event.id / 4 from in into floats;
        select "#{event.onramp}!" from in into texts;
        select null from in into nulls;
        select event.id > 3 from in into booleans;
        select [event.id, event.id + 1] from in into lists;
        select { "a": event.id, "b": { "c": [event.id], "d": null } } from in into records;
        select {} from in into empties;
        select string::into_binary(event.onramp) from in into binaries;
        select [event.id, "x", null, 1.5, { "k": event.onramp }, []] from in into mixed;
        select { "r": [{ "x": event.id }, { "x": event.id + 1 }], "e": {}, "l": [[]] } from in into nested;
        select event from in into whole;

        select [event + 1, -event, !event, event << 1, event % 4, event == 6.0, "#{event}"] from integers into out;
        select [event * 2, event > 1, event == 1.5, "#{event}"] from floats into out;
        select [event + "?", string::len(event), event == "metronome!", event > "a"] from texts into out;
        select [event, event == null, type::is_null(event)] from nulls into out;
        select [not event, event and true, event xor true, event == true, "#{event}"] from booleans where event into out;
        select [event[0], event[0:1], event[1:2][0], array::len(event), array::push(event, 1), event == [6, 7]] from lists into out;
        select [event.a, event.b.c[0], event.b.d, event["b"], event == { "b": { "d": null, "c": [6] }, "a": 6 }, record::len(event)]
        from records into out;
        select [event, event == {}, record::is_empty(event), merge event of { "n": 1 } end] from empties into out;
        select [event, event == "metronome", string::from_utf8_lossy(event), type::as_string(event)] from binaries into out;
        select [event[0], event[1], event[2], event[4].k, array::coalesce(event), array::join(event, "|")] from mixed into out;
        select [event.r[1].x, event.r[0], event.e, event.l[0], event.r[0:1][0].x] from nested into out;
        select [event.id, record::keys(event), "#{event}"] from whole into out;
    end;
    define binding b links /onramp/m/1/out => /pipeline/kinds/1/in, /pipeline/kinds/1/out => /offramp/s/1/in end;
    create binding /binding/b/1;
}

#[test]
fn one_value_of_each_kind() {
    let tick = r#"{\"onramp\":\"metronome\",\"id\":6,\"ingest_ns\":1000}"#;
    let mut harness = foreshock::testing::Harness::<kinds::Kinds>::new();
    harness.push("in", TICK.strip_prefix("in ").expect("it begins so"));
    let mut outputs = harness.outputs();
    outputs.sort();
    let mut expected = [
        r#"out [7,-6,-7,12,2,true,"6"]"#.to_owned(),
        r#"out [3.0,true,true,"1.5"]"#.to_owned(),
        r#"out ["metronome!?",10,true,true]"#.to_owned(),
        "out [null,true,true]".to_owned(),
        r#"out [false,true,false,true,"true"]"#.to_owned(),
        "out [6,[6],7,2,[6,7,1],true]".to_owned(),
        r#"out [6,6,null,{"c":[6],"d":null},true,2]"#.to_owned(),
        r#"out [{},true,true,{"n":1}]"#.to_owned(),
        r#"out ["bWV0cm9ub21l",true,"metronome","bytes"]"#.to_owned(),
        r#"out [6,"x",null,"metronome",[6,"x",1.5,{"k":"metronome"},[]],"6|x|null|1.5|{\"k\":\"metronome\"}|[]"]"#.to_owned(),
        r#"out [7,{"x":6},{},[],6]"#.to_owned(),
        format!(r#"out [6,["onramp","id","ingest_ns"],"{tick}"]"#),
    ];
    expected.sort();
    assert_eq!(outputs, expected);
}

foreshock::pipeline! {
    /// Every operation of a patch and every way of a merge where fields are known.
    pub(crate) flow Patches;

    define onramp m from metronome with interval = 10 end;
    define offramp s from blackhole end;
    define pipeline patches
        const more = { "id": null, "extra": { "deep": [1] } };
        #[allow(operation_in_vain)]
        select [
            patch event of insert "a" => 1, upsert "b" => event.id, upsert "id" => "text", update "onramp" => null, erase "ingest_ns" end,
            patch event of copy "id" => "same", move "onramp" => "from", erase "nobody" end,
            patch event of merge "m" => { "x": event.id }, merge => { "ingest_ns": null, "z": { "y": null } } end,
            patch { "r": { "a": 1, "b": 2 } } of merge "r" => { "a": null, "c": event.id } end,
            patch event of insert "n-#{event.id}" => event.id, update "id" => event.id + 1 end,
            patch patch event of erase "onramp" end of move "id" => "n", erase "ingest_ns" end,
            merge event of more end,
            merge { "id": 0, "sub": { "x": 1, "y": 2 } } of { "sub": { "y": null, "z": event.id } } end,
            merge {} of merge event of { "onramp": null } end end,
            merge { "keep": 1 } of {} end,
        ] from in into out;
    end;
    define binding b links /onramp/m/1/out => /pipeline/patches/1/in, /pipeline/patches/1/out => /offramp/s/1/in end;
    create binding /binding/b/1;
}

#[test]
fn patches_of_known_fields() {
    check::<patches::Patches>(
        &[TICK],
        &[concat!(
            r#"out [{"onramp":null,"id":"text","a":1,"b":6},"#,
            r#"{"id":6,"ingest_ns":1000,"same":6,"from":"metronome"},"#,
            r#"{"onramp":"metronome","id":6,"m":{"x":6},"z":{"y":null}},"#,
            r#"{"r":{"b":2,"c":6}},"#,
            r#"{"onramp":"metronome","id":7,"ingest_ns":1000,"n-6":6},"#,
            r#"{"n":6},"#,
            r#"{"onramp":"metronome","ingest_ns":1000,"extra":{"deep":[1]}},"#,
            r#"{"id":0,"sub":{"x":1,"z":6}},"#,
            r#"{"id":6,"ingest_ns":1000},"#,
            r#"{"keep":1}]"#,
        )],
    );
}

foreshock::pipeline! {
    /// What fails in a typed pipeline, read in the next one; streams that shapes meet in; a log on disk that is read behind.
    pub(crate) flow Wrong;

    define onramp m from metronome with interval = 10 end;
    define onramp words from blaster with lines = ["a b", "c"], iters = 1, codec = "string" end;
    define offramp good from stdout end;
    define offramp bad from stderr with codec = "string" end;

    define pipeline job
        use std::string;
        define qos::wal operator disk with read_count = 5, dir = "wal/job", max_elements = 100 end;
        create operator disk;
        create stream met;
        select { "n": event.id, "list": [event.id, 1] } from in into disk;
        select { "n": event.n, "list": event.list, "third": 6 / event.list[event.n] } from disk where event.n < 4 into met;
        select { "words": string::split(event, " ") } from in/words into met;
        select event from met where present event.words into out;
        select event.n from met where absent event.words into out;
    end;
    define pipeline why
        use std::string;
        select "#{event.r#event.n}: #{string::len(event.error) > 10}" from in into out;
    end;
    define binding b links
        /onramp/m/1/out => /pipeline/job/1/in,
        /onramp/words/1/out => /pipeline/job/1/words,
        /pipeline/job/1/out => /offramp/good/1/in,
        /pipeline/job/1/err => /pipeline/why/1/in,
        /pipeline/why/1/out => /offramp/bad/1/in,
    end;
    create binding /binding/b/1;
}

#[test]
fn what_fails_in_a_typed_pipeline() {
    play(async {
        let mut stage = Stage::new();
        stage.keep_stdout().keep_stderr().run(Wrong::builder(), 75).await;
        let mut good = stage.seen("stdout");
        good.sort();
        assert_eq!(good, ["0", "1", r#"{"words":["a","b"]}"#, r#"{"words":["c"]}"#]);
        assert_eq!(stage.seen("stderr"), ["2: true", "3: true"]);
    });
}

foreshock::pipeline! {
    /// Two onramps of one shape and their reunion behind a round robin, of which each way changes the shape.
    pub(crate) flow Reunited;

    define onramp quick from metronome with interval = 10 end;
    define onramp slow from metronome with interval = 30, max_event_bytes = 500 end;
    define onramp texts from stdin end;
    define offramp all from stdout end;

    define pipeline p
        use std::string;
        define qos::roundrobin operator rr with outputs = ["same", "short", "text", "number"] end;
        define qos::wal operator log with read_count = 4, max_elements = 40, max_bytes = 1 << 14 end;
        create operator rr;
        create operator log;
        create stream lines;
        select event from in where event.id < 4 and event.onramp == "metronome" into rr;
        select event from rr/same into log;
        select { "id": event.id } from rr/short into log;
        select string::format("id {}", event.id) from rr/text into log;
        select event.id from rr/number into log;
        select string::trim(event) from lines into log;
        select event from log into out having event != "" and event != null;
    end;
    define binding b links
        /onramp/quick/1/out => /pipeline/p/1/in,
        /onramp/slow/2/out => /pipeline/p/2/in,
        /onramp/texts/1/out => [/pipeline/p/1/lines, /pipeline/p/2/lines],
        /pipeline/p/1/out => /offramp/all/1/in,
        /pipeline/p/2/out => /offramp/all/1/in
    end;
    create binding /binding/b/1;
}

#[test]
fn shapes_that_meet_in_a_log() {
    play(async {
        let mut stage = Stage::new();
        stage.give(Endpoint::Stdin, " a line \n\t\n").keep_stdout().run(Reunited::builder(), 155).await;
        let mut seen = stage.seen("stdout");
        seen.sort();
        let whole: Vec<String> = seen.extract_if(.., |line| line.contains("ingest_ns")).collect();
        assert!(whole.iter().all(|line| line.starts_with(r#"{"onramp":"metronome","id":0,"#)), "{whole:?}");
        assert_eq!(whole.len(), 2);
        let line = "\"a line\"";
        assert_eq!(seen, [line, line, "\"id 2\"", "\"id 2\"", "3", "3", r#"{"id":1}"#, r#"{"id":1}"#]);
    });
}
