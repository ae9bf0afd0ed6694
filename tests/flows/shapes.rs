//! Typed events: closed records before and behind logs, other payloads than records, events that are kept.

use foreshock::testing::Harness;
use foreshock::{PushError, Value};

const TICK: &str = r#"{"onramp":"metronome","id":7,"ingest_ns":8}"#;

/// A flow of one typed pipeline between a metronome and a blackhole.
macro_rules! typed {
    ($module:ident: $($query:tt)*) => {
        mod $module {
            foreshock::pipeline! {
                #[allow(unused_use)]
                pub(crate) flow Typed;
                define onramp metronome from metronome with interval = 10 end;
                define offramp sink from blackhole end;
                define pipeline query
                    use tremor::system;
                    use std::string;
                    $($query)*
                end;
                define binding default links
                    /onramp/metronome/{i}/out => /pipeline/query/{i}/in,
                    /pipeline/query/{i}/out => /offramp/sink/{i}/in
                end;
                create binding /binding/default/01 with i = "01" end;
            }
            pub(super) type Query = typed::Query;
        }
    };
}

typed!(passthrough: select event from in into out;);
typed!(scalar: select event.id from in into out;);
typed!(text: select event.onramp + "!" from in into out;);
typed!(sum: select event.id + 1 from in into out;);
typed!(quotient: select event.id / 2 from in into out;);
typed!(nested: select { "a": { "b": event.id, "c": { "d": event.onramp } } } from in into out;);
typed!(merged: select merge { "x": { "y": event.id } } of { "x": { "z": event.onramp }, "id": 1 } end from in into out;);
typed!(any_inside: select { "list": [event.id, event.onramp], "n": -event.id } from in into out;);
typed!(kept:
    define qos::wal operator log with read_count = 2, max_elements = 2 end;
    create operator log;
    select { "id": event.id, "name": event.onramp, "in": { "ns": event.ingest_ns } } from in into log;
    select { "again": event.id, "name": string::uppercase(event.name), "ns": event.in.ns } from log into out;);
typed!(filtered_behind_a_log:
    define qos::wal operator log with read_count = 2, max_elements = 2 end;
    create operator log;
    select event from in into log;
    select event from log where event.id > 100 into out;);
typed!(two_types_into_one_port:
    select { "a": event.id } from in into out;
    select { "b": event.id } from in into out;);
typed!(a_select_from_many:
    select { "a": event.id } from in into out;
    select event from in where event.id > 1 and event.onramp == "metronome" and not (event.id == 9) into out;);
typed!(two_logs_in_a_row:
    define qos::wal operator log with read_count = 2, max_elements = 2 end;
    create operator log;
    create operator second from log with max_elements = 3 end;
    select { "id": event.id } from in into log;
    select event from log into second;
    select { "twice": event.id * 2 } from second into out;);

typed!(scalars_of_several_types:
    define qos::roundrobin operator share with outputs = ["a"] end;
    create operator share;
    select event.id from in into share;
    select event.id / 2 from in into share;
    select event.onramp from in into share;
    select null from in into share;
    select event.id == 7 from in into share;
    select [event] from share/a into out;);
typed!(strings_made_on_the_way:
    select [
        event.onramp == string::lowercase("M#{event.onramp}"),
        event.onramp < "n#{event.id}",
        event.id == 7 and "#{event.id}" == string::trim(" 7 "),
    ] from in into out;);
typed!(infinite: select { "inf": 1 / 0, "negative": -1 / 0, "nan": 0 / 0, "less": event.id / 1 < 1 / 0 } from in into out;);

fn check<P: foreshock::pipeline::Pipeline>(expected: &[&str]) {
    let mut query = Harness::<P>::new();
    query.push("in", TICK);
    assert_eq!(query.outputs(), expected);
    assert_eq!(query.answers(), [(0, true)]);
}

#[test]
fn typed_events_come_out_as_selected() {
    check::<passthrough::Query>(&[r#"out {"onramp":"metronome","id":7,"ingest_ns":8}"#]);
    check::<scalar::Query>(&["out 7"]);
    check::<text::Query>(&[r#"out "metronome!""#]);
    check::<sum::Query>(&["out 8"]);
    check::<quotient::Query>(&["out 3.5"]);
    check::<nested::Query>(&[r#"out {"a":{"b":7,"c":{"d":"metronome"}}}"#]);
    check::<merged::Query>(&[r#"out {"x":{"y":7,"z":"metronome"},"id":1}"#]);
    check::<any_inside::Query>(&[r#"out {"list":[7,"metronome"],"n":-7}"#]);
    check::<strings_made_on_the_way::Query>(&["out [false,true,true]"]);
    check::<infinite::Query>(&[
        r#"out {"inf":1.7976931348623157e308,"negative":-1.7976931348623157e308,"nan":null,"less":true}"#,
    ]);
    check::<two_types_into_one_port::Query>(&[r#"out {"a":7}"#, r#"out {"b":7}"#]);
    check::<a_select_from_many::Query>(&[
        r#"out {"a":7}"#,
        r#"out {"onramp":"metronome","id":7,"ingest_ns":8}"#,
    ]);
}

#[test]
fn scalars_of_several_types_meet() {
    check::<scalars_of_several_types::Query>(&[
        "out [7]",
        "out [3.5]",
        r#"out ["metronome"]"#,
        "out [null]",
        "out [true]",
    ]);
}

#[test]
fn what_is_read_behind_a_log_is_kept_with_the_event() {
    check::<kept::Query>(&[r#"out {"again":7,"name":"METRONOME","ns":8}"#]);
    check::<two_logs_in_a_row::Query>(&[r#"out {"twice":14}"#]);
}

#[test]
fn what_is_filtered_behind_a_log_is_acknowledged() {
    check::<filtered_behind_a_log::Query>(&[]);
}

#[test]
fn an_event_of_another_shape_is_refused() {
    let mut query = Harness::<scalar::Query>::new();
    for event in [r#"{"id": 1}"#, r#"{"onramp":"x","id":-1,"ingest_ns":8}"#, "7"] {
        let refused = query.push_value(event);
        assert!(matches!(refused, Err(PushError::Shape(_))), "{event}: {refused:?}");
    }
    assert_eq!(query.pending(), 0);
}

trait PushValue {
    fn push_value(&mut self, event: &str) -> Result<u64, PushError>;
}

impl<P: foreshock::pipeline::Pipeline> PushValue for Harness<P> {
    fn push_value(&mut self, event: &str) -> Result<u64, PushError> {
        foreshock::Embedded::push(self, "in", Value::parse(event.as_bytes()).expect("it is JSON"))
    }
}
