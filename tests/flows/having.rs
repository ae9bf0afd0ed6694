//! `having`: what it turns away is done; it sees the result; what it cannot decide goes to `err` with the input event.

use foreshock::testing::Harness;

const TICK: &str = r#"{"onramp":"metronome","id":7,"ingest_ns":8}"#;

/// Selects with a `having` and checks what comes out for each input; everything is answered.
macro_rules! check {
    ($name:ident: [$($select:tt)*] having [$($having:tt)*] $($input:literal => $expected:expr),* $(,)?) => {
        #[test]
        fn $name() {
            foreshock::pipeline! {
                #[allow(unused_use)]
                pipeline Query;
                use std::string;
                #[allow(unused_constant)]
                const least = 3;
                select $($select)* from in where present event.n into out having $($having)*;
            }
            for (input, expected) in [$(($input, $expected)),*] {
                let mut query = Harness::<query::Query>::new();
                query.push("in", input);
                let found = query.outputs().join("; ");
                let expected: &str = expected;
                match expected.strip_prefix("fails: ") {
                    None => assert_eq!(found, expected, "for {input}"),
                    Some(text) => {
                        let event = format!("{text}\",\"event\":{input}}}");
                        assert!(found.starts_with("err ") && found.ends_with(&event), "for {input}: {found}");
                    }
                }
                assert_eq!(query.answers(), [(0, true)], "for {input}");
                assert_eq!(query.pending(), 0, "for {input}");
            }
        }
    };
}

check!(it_sees_the_result: [{ "twice": event.n * 2 }] having [event.twice > 6]
    r#"{"n":4}"# => r#"out {"twice":8}"#, r#"{"n":3}"# => "", r#"{"m":3}"# => "");
check!(it_sees_the_event_that_is_handed_on: [event] having [event.n > least]
    r#"{"n":4}"# => r#"out {"n":4}"#, r#"{"n":3}"# => "");
check!(it_sees_a_scalar: [event.n + 1] having [event == least + 1] r#"{"n":3}"# => "out 4", r#"{"n":4}"# => "");
check!(it_sees_a_string: ["#{event.n}!"] having [string::len(event) == 2] r#"{"n":3}"# => r#"out "3!""#, r#"{"n":10}"# => "");
check!(true_lets_pass: [event.n] having [true] r#"{"n":3}"# => "out 3");
check!(false_turns_away: [event.n] having [false] r#"{"n":3}"# => "");
check!(metadata_is_empty: [event.n] having [$ == {}] r#"{"n":3}"# => "out 3");
check!(what_is_no_boolean_fails_with_the_input: [event.n] having [event]
    r#"{"n":3}"# => "fails: a boolean is needed, not an integer", r#"{"n":true}"# => "out true", r#"{"n":false}"# => "");
check!(what_is_missing_fails_with_the_input: [{ "m": event.n }] having [event.m.x]
    r#"{"n":{"y":1}}"# => "fails: the record has no field `x`", r#"{"n":{"x":true}}"# => r#"out {"m":{"x":true}}"#);
check!(a_patch_in_it: [event] having [patch event of copy "n" => "m" end == { "n": 3, "m": 3 }]
    r#"{"n":3}"# => r#"out {"n":3}"#, r#"{"n":4}"# => "");

mod typed {
    foreshock::pipeline! {
        pub(crate) flow Typed;
        define onramp metronome from metronome with interval = 10 end;
        define offramp sink from blackhole end;
        define pipeline query
            select { "n": event.id + 1, "name": event.onramp } from in into out having event.n > 8 or event.name == "x";
            select event.id from in into out having event % 2 == 1;
            select event.onramp from in into out having event == "metronome";
        end;
        define binding default links
            /onramp/metronome/{i}/out => /pipeline/query/{i}/in,
            /pipeline/query/{i}/out => /offramp/sink/{i}/in
        end;
        create binding /binding/default/01 with i = "01" end;
    }
}

#[test]
fn results_of_known_shape() {
    let mut query = Harness::<typed::typed::Query>::new();
    query.push("in", TICK);
    query.push("in", r#"{"onramp":"x","id":8,"ingest_ns":8}"#);
    assert_eq!(query.outputs(), ["out 7", r#"out "metronome""#, r#"out {"n":9,"name":"x"}"#]);
    assert_eq!(query.answers(), [(0, true), (1, true)]);
}

mod logged {
    foreshock::pipeline! {
        pub(crate) pipeline Logged;
        define qos::wal operator log with read_count = 3, max_elements = 3 end;
        define qos::roundrobin operator share with outputs = ["a", "b"] end;
        create operator log;
        create operator share;
        select event.n from in into log having event != 0;
        select event from log into share having event != 1;
        select event from log into out/all having event > 2;
        select event from share/a into out/a having event != 2;
        select [event] from share/b into out/b having event[0] != 2;
    }
}

fn shown(outputs: &[foreshock::Output]) -> Vec<String> {
    outputs.iter().map(|output| format!("{} {}", output.port, output.event)).collect()
}

#[test]
fn what_is_turned_away_around_a_log_counts_as_done() {
    let mut logged = Harness::<logged::logged::Logged>::new();
    logged.push("in", r#"{"n":0}"#); // not into the log
    logged.push("in", r#"{"n":1}"#); // behind the log, on both ways
    logged.push("in", r#"{"n":2}"#); // by the round robin, then behind it
    assert_eq!(shown(&logged.take()), [""; 0]);
    assert_eq!(logged.answers(), [(0, true), (1, true), (2, true)]);
    assert_eq!(logged.pending(), 0);
}

#[test]
fn what_fails_behind_a_log_is_replayed_and_turned_away_again_where_it_was() {
    let mut logged = Harness::<logged::logged::Logged>::new();
    logged.push("in", r#"{"n":3}"#);
    let sent = logged.take();
    assert_eq!(shown(&sent), ["a 3", "all 3"]);
    logged.ack(sent[0].delivery);
    logged.fail(sent[1].delivery);
    let sent = logged.take();
    assert_eq!(shown(&sent), ["b [3]", "all 3"]);
    assert_eq!(logged.answers(), []);
    logged.ack(sent[0].delivery);
    logged.ack(sent[1].delivery);
    assert_eq!(logged.answers(), [(0, true)]);

    logged.push("in", r#"{"n":1}"#);
    logged.push("in", r#"{"n":2}"#);
    assert_eq!(logged.answers(), [(1, true), (2, true)]);
}

#[test]
fn a_port_without_room_holds_back_what_would_be_turned_away_too() {
    let mut logged = Harness::<logged::logged::Logged>::new();
    logged.set_room("all", 0);
    logged.push("in", r#"{"n":2}"#);
    assert_eq!((logged.answers(), logged.pending()), (vec![], 1));
    logged.set_room("all", 1);
    assert_eq!((logged.answers(), logged.pending()), (vec![(0, true)], 0));
}
