//! Flows whose events have a known shape, and what may be done with them.

use crate::{Stage, check, play};

foreshock::pipeline! {
    /// Much that can be computed of a metronome's event.
    pub(crate) flow Ticking;

    define onramp metronome from metronome with interval = 1000 end;
    define offramp hole from blackhole end;

    define pipeline computed
        use std::record;
        use std::string;
        use std::type;
        use std::array;
        use std::math;
        use tremor::system;
        use core::datetime;

        const every = 2;
        const name = "id";

        select {
            "id": event.id,
            "by name": [event["id"], event[name], event["i" + "d"]],
            "half": event.id / every,
            "even": event.id % every == 0,
            "text": "#{event.onramp}-#{event.id}",
            "seconds": event.ingest_ns / 1_000_000_000,
            "at": datetime::format(event.ingest_ns, "%Y-%m-%d"),
            "keys": record::keys(event),
            "kinds": [type::as_string(event.id), type::as_string(event), type::is_null(event.onramp)],
            "len": string::len(event.onramp) + array::len([event, event]),
            "max": math::max(event.id, every),
            "present": present event.id and present event,
            "all": event,
            "host": system::hostname(),
            "list": [event.id, "x", null, { "n": event.id }, [event.id + 1]],
        }
        from in
        where event.id >= 0 and event.onramp == "metronome"
        into out
        having event.even and event.host != "nowhere" and event.list[3].n == event.id;
    end;

    define binding default links
        /onramp/metronome/{instance}/out => /pipeline/computed/{instance}/in,
        /pipeline/computed/{instance}/out => /offramp/hole/{instance}/in
    end;
    create binding /binding/default/01 with instance = "01" end;
}

foreshock::pipeline! {
    /// Records that change on their way: through a log, a stream, a merge, a patch, another pipeline.
    pub(crate) flow Changing;

    define onramp m from metronome with interval = 10 end;
    define offramp s from ws with url = "ws://s/" end;

    define pipeline first
        define qos::wal operator log with read_count = 10, max_elements = 1000 end;
        create operator log;
        create stream between;
        select merge event of { "n": event.id, "onramp": null, "more": { "a": 1 } } end from in into between;
        select patch event of update "n" => event.n + 1, erase "ingest_ns", insert "list" => [event.id] end
        from between into log;
        select event from log where event.n > 1 into out having event.more.a == 1;
    end;
    define pipeline second
        select patch event of move "id" => "number", merge "more" => { "b": event.n } end from in into out;
    end;
    define binding b links
        /onramp/m/1/out => /pipeline/first/1/in,
        /pipeline/first/1/out => /pipeline/second/1/in,
        /pipeline/second/1/out => /offramp/s/1/in
    end;
    create binding /binding/b/1;
}

foreshock::pipeline! {
    /// Events of two shapes meet, so nobody knows which one comes.
    pub(crate) flow Met;

    define onramp m from metronome with interval = 10 end;
    define onramp l from blaster with lines = ["1", "{\"id\": 5}"], iters = 1 end;
    define offramp s from stdout end;
    define pipeline p
        select { "id": event.id } from in where present event.id into out;
        select event from in where absent event.id into out;
    end;
    define binding b links
        /onramp/m/1/out => /pipeline/p/1/in,
        /onramp/l/1/out => /pipeline/p/1/in,
        /pipeline/p/1/out => /offramp/s/1/in,
    end;
    create binding /binding/b/1;
}

#[test]
fn fields_of_a_metronome() {
    check::<ticking::Computed>(
        &[
            r#"in {"onramp": "metronome", "id": 4, "ingest_ns": 1559655782123456789}"#,
            r#"in {"onramp": "metronome", "id": 5, "ingest_ns": 1559655783123456789}"#,
        ],
        &[concat!(
            r#"out {"id":4,"by name":[4,4,4],"half":2.0,"even":true,"text":"metronome-4","#,
            r#""seconds":1559655782.1234567,"at":"2019-06-04","keys":["onramp","id","ingest_ns"],"#,
            r#""kinds":["integer","record",false],"len":11,"max":4,"present":true,"#,
            r#""all":{"onramp":"metronome","id":4,"ingest_ns":1559655782123456789},"host":"test","#,
            r#""list":[4,"x",null,{"n":4},[5]]}"#,
        )],
    );
    assert!(Ticking::GRAPH.starts_with("flowchart"));
}

#[test]
fn a_record_that_changes_on_its_way() {
    play(async {
        let mut stage = Stage::new();
        stage.serve("s", 80).run(Changing::builder(), 45).await;
        assert_eq!(
            stage.seen("s")[..2],
            [
                r#"{"n":2,"more":{"a":1,"b":2},"list":[1],"number":1}"#,
                r#"{"n":3,"more":{"a":1,"b":3},"list":[2],"number":2}"#,
            ]
        );
    });
}

#[test]
fn events_of_two_shapes() {
    play(async {
        let mut stage = Stage::new();
        stage.keep_stdout().run(Met::builder(), 25).await;
        let mut seen = stage.seen("stdout");
        seen.sort();
        assert_eq!(seen, ["1", r#"{"id":0}"#, r#"{"id":1}"#, r#"{"id":5}"#]);
    });
}
