//! `create stream`: a way station, and an input of its own.

use foreshock::testing::Harness;

mod meeting {
    foreshock::pipeline! {
        pub(crate) pipeline Meeting;
        create stream all;
        create stream big;
        select { "from": "in", "n": event.n } from in into all;
        select event from in/side into all/in;
        select event from all where event.n > 9 into big;
        select event from all/out into out;
        select { "big": event.n } from big into out/big;
    }
}

#[test]
fn what_goes_into_a_stream_comes_out_of_it_for_everybody() {
    let mut meeting = Harness::<meeting::meeting::Meeting>::new();
    meeting.push("in", r#"{"n":1}"#);
    meeting.push("side", r#"{"n":10}"#);
    assert_eq!(meeting.outputs(), [r#"out {"from":"in","n":1}"#, r#"big {"big":10}"#, r#"out {"n":10}"#]);
    assert_eq!(meeting.answers(), [(0, true), (1, true)]);
}

#[test]
fn a_stream_is_an_input_of_its_name() {
    let mut meeting = Harness::<meeting::meeting::Meeting>::new();
    meeting.push("all", r#"{"n":2}"#);
    meeting.push("big", r#"{"n":3}"#);
    assert_eq!(meeting.outputs(), [r#"out {"n":2}"#, r#"big {"big":3}"#]);
    meeting.push("all", "7");
    let outputs = meeting.outputs();
    assert!(outputs[0].starts_with("err {") && outputs[0].ends_with("\"event\":7}"), "{outputs:?}");
    assert_eq!(outputs[1], "out 7");
    assert_eq!(meeting.pending(), 0);
}

mod both {
    foreshock::pipeline! {
        pub(crate) pipeline Both;
        create stream s;
        select event from s into out;
        select [event] from in/s into out/b;
        select event from in into s;
    }
}

#[test]
fn an_input_and_a_stream_of_one_name_are_fed_together() {
    let mut both = Harness::<both::both::Both>::new();
    both.push("s", "1");
    both.push("in", "2");
    assert_eq!(both.outputs(), ["b [1]", "out 1", "out 2"]);
}

mod names {
    foreshock::pipeline! {
        pub(crate) pipeline Names;
        create stream pump;
        create stream stream_pump;
        create stream r#select;
        select { "t0": event, "event": string::len(event) } from in into pump;
        select patch event of copy "t0" => "selected", insert "t1" => [event["event"]], copy "t1" => "out" end
        from pump into stream_pump having event.selected == event.t0;
        select event from stream_pump/out into r#select/in;
        select event from r#select into out;
        use std::string;
    }
}

#[test]
fn streams_may_be_called_as_generated_code_calls_things() {
    let mut names = Harness::<names::names::Names>::new();
    names.push("in", "\"abc\"");
    assert_eq!(names.outputs(), [r#"out {"t0":"abc","event":3,"selected":"abc","t1":[3],"out":[3]}"#]);
}

#[test]
fn room_is_that_of_what_stands_behind() {
    let mut meeting = Harness::<meeting::meeting::Meeting>::new();
    meeting.set_room("big", 1);
    assert_eq!((meeting.room("big"), meeting.room("all"), meeting.room("in")), (1, 1, 1));
    meeting.set_room("out", 0);
    assert_eq!((meeting.room("big"), meeting.room("all"), meeting.room("in")), (1, 0, 0));
}

mod logged {
    foreshock::pipeline! {
        pub(crate) pipeline Logged;
        define qos::wal operator log with read_count = 4, max_elements = 4 end;
        create operator log;
        create stream before;
        create stream behind;
        create stream only_outside;
        select event from in into before;
        select event from before into log;
        select event from log into behind;
        select event from only_outside into behind;
        select event from behind into out/a;
        select [event] from behind into out/b having event[0] != 2;
    }
}

#[test]
fn streams_around_a_log_keep_deliveries_apart() {
    let mut logged = Harness::<logged::logged::Logged>::new();
    logged.push("in", "1");
    logged.push("only_outside", "5");
    logged.push("before", "2");
    let sent = logged.take();
    let shown: Vec<String> = sent.iter().map(|output| format!("{} {}", output.port, output.event)).collect();
    assert_eq!(shown, ["a 1", "b [1]", "a 5", "b [5]", "a 2"]);
    logged.fail(sent[1].delivery);
    logged.ack(sent[0].delivery);
    logged.fail(sent[2].delivery); // came in behind the log: nobody here replays it
    logged.ack(sent[3].delivery);
    logged.ack(sent[4].delivery);
    assert_eq!(logged.answers(), [(1, false), (2, true)]);
    assert_eq!(logged.outputs(), ["a 1", "b [1]"]);
    assert_eq!(logged.answers(), [(0, true)]);
}

mod linked {
    foreshock::pipeline! {
        pub(crate) flow Linked;
        define onramp metronome from metronome with interval = 10 end;
        define onramp other from metronome with interval = 10 end;
        define offramp sink from blackhole end;
        define pipeline fed
            create stream ticks;
            create stream inner;
            create stream named;
            select event from ticks into out;
            select event from in into ticks;
            select { "id": event.id } from in into inner;
            select event.id + 1 from inner into out/inner;
            select { "onramp": event.onramp } from named into out/named;
        end;
        define binding default links
            /onramp/metronome/{i}/out => [/pipeline/fed/{i}/in, /pipeline/fed/{i}/ticks],
            /onramp/other/{i}/out => /pipeline/fed/{i}/named,
            /pipeline/fed/{i}/out => /offramp/sink/{i}/in,
            /pipeline/fed/{i}/inner => /offramp/sink/{i}/in,
            /pipeline/fed/{i}/named => /offramp/sink/{i}/in
        end;
        create binding /binding/default/01 with i = "01" end;
    }
}

#[test]
fn a_stream_that_a_flow_feeds_or_not_keeps_the_shape_of_its_events() {
    let tick = r#"{"onramp":"metronome","id":7,"ingest_ns":8}"#;
    let mut fed = Harness::<linked::linked::Fed>::new();
    fed.push("in", tick);
    fed.push("ticks", tick);
    fed.push("named", tick);
    assert_eq!(
        fed.outputs(),
        [
            format!("out {tick}"),
            "inner 8".into(),
            format!("out {tick}"),
            r#"named {"onramp":"metronome"}"#.into()
        ]
    );
    // unlinked: it takes what selects put into it, and nothing else
    fed.push("inner", r#"{"id":1}"#);
    assert_eq!(fed.outputs(), ["inner 2"]);
    let refused = foreshock::Value::parse(b"{\"id\":\"x\"}").expect("it is JSON");
    let embedded: &mut foreshock::Embedded<linked::linked::Fed> = &mut fed;
    assert!(matches!(embedded.push("inner", refused), Err(foreshock::PushError::Shape(_))));
}

#[test]
fn what_fails_is_told_with_its_event_also_where_nobody_else_reads_it() {
    foreshock::pipeline! {
        pipeline Query;
        use tremor::system;
        create stream s;
        select event from in where 1 % (system::ingest_ns() - system::ingest_ns()) == 0 into s;
        select 1 from s into out;
    }
    let mut query = Harness::<query::Query>::new();
    query.push("in", r#"{"a":1}"#);
    let outputs = query.outputs();
    assert!(outputs[0].ends_with(r#"has no value","event":{"a":1}}"#), "{outputs:?}");
}
