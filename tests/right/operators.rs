//! Logs and round robins: every key, definitions and what is made of them, and how they stand one behind another.

use foreshock::testing::Harness;

use crate::check;

foreshock::pipeline! {
    pub(crate) pipeline Two;
    define qos::roundrobin operator spread with outputs = ["a", "b"] end;
    create operator spread;
    select event from in into spread;
    select event from spread/a into out/a;
    select event from spread/b into out/b;
}

foreshock::pipeline! {
    pub(crate) pipeline Three;
    define qos::roundrobin operator spread with outputs = ["east", "west", "north",], description = "three ways" end;
    create operator spread;
    select event from in into spread;
    select event from spread/east into out/east;
    select event from spread/west into out/west;
    select event from spread/north into out/north;
    select { "nobody took": event } from spread/overflow into out/overflow;
}

foreshock::pipeline! {
    pub(crate) pipeline Four;
    const names = ["w0", "w1", "w2", "w3"];
    define qos::roundrobin operator spread with outputs = names end;
    define qos::wal operator in_memory_wal with read_count = 20, max_elements = 1000, max_bytes = 10485760 end;
    create operator spread;
    create operator in_memory_wal;
    select event from in into in_memory_wal;
    select event from in_memory_wal into spread;
    select event from spread/w0 into out/w0;
    select event from spread/w1 into out/w1;
    select event from spread/w2 into out/w2;
    select event from spread/w3 into out/w3;
}

foreshock::pipeline! {
    pub(crate) pipeline Five;
    define qos::roundrobin operator spread with outputs = ["e", "d", "c", "b", "a"] end;
    create operator spread;
    select event from in into spread;
    select event.n from spread/a into out;
    select event.n + 10 from spread/b into out;
    select event.n + 20 from spread/c into out;
    select event.n + 30 from spread/d into out;
    select event.n + 40 from spread/e into out;
}

#[test]
fn round_robins_of_two_to_five() {
    check::<two::Two>(&["in 1", "in 2", "in 3"], &["a 1", "b 2", "a 3"]);
    check::<three::Three>(&["in 1", "in 2", "in 3", "in 4"], &["east 1", "west 2", "north 3", "east 4"]);
    check::<four::Four>(&["in 1", "in 2", "in 3", "in 4", "in 5"], &["w0 1", "w1 2", "w2 3", "w3 4", "w0 5"]);
    let event = r#"in {"n": 1}"#;
    check::<five::Five>(&[event; 6], &["out 41", "out 31", "out 21", "out 11", "out 1", "out 41"]);
}

#[test]
fn what_no_output_takes_overflows() {
    let mut three = Harness::<three::Three>::new();
    for port in ["east", "west", "north"] {
        three.set_room(port, 1);
    }
    for event in ["1", "2", "3", "4"] {
        three.push("in", event);
    }
    assert_eq!(three.outputs(), ["east 1", "west 2", "north 3", r#"overflow {"nobody took":4}"#]);
}

foreshock::pipeline! {
    /// Operators made of one definition, with settings of their own, some of them constants.
    pub(crate) pipeline Made;

    const size = 100;
    const few = math::trunc(size / 50);
    use std::math;

    define qos::wal operator wal with read_count = few - 1, max_elements = size end;
    define qos::roundrobin operator rr;

    create operator first from wal;
    create operator second from wal with max_elements = few, description = "few" end;
    create operator wal;
    create operator rr;
    create operator again from rr with outputs = ["x", "y"] end;

    select event from in into first;
    select event from first into second;
    select event from second into wal;
    select event from wal into rr;
    select event from rr into again;
    select event from again/x into out/x;
    select event from again/y into out/y;
}

#[test]
fn operators_one_behind_another() {
    check::<made::Made>(&["in 1", "in 2", "in 3", "in 4"], &["x 1", "y 2", "x 3", "y 4"]);
}

foreshock::pipeline! {
    /// A round robin over logs, each with a way of its own, and what overflows kept in a third.
    pub(crate) pipeline Fanned;

    define qos::wal operator small with read_count = 1, max_elements = 1 end;
    define qos::roundrobin operator share with outputs = ["a", "b"] end;
    create operator share;
    create operator log_a from small;
    create operator log_b from small;
    create operator rest from small with max_elements = 2 end;

    select event from in into share;
    select event from share/a into log_a;
    select event from share/b into log_b;
    select event from share/overflow into rest;
    select { "by": "a", "event": event } from log_a into out;
    select { "by": "b", "event": event } from log_b into out;
    select { "by": "rest", "event": event } from rest into out;
}

#[test]
fn logs_behind_a_round_robin() {
    let mut fanned = Harness::<fanned::Fanned>::new();
    for event in ["1", "2", "3", "4"] {
        fanned.push("in", event);
    }
    assert_eq!(fanned.room("in"), 0);
    let mut outputs = fanned.outputs();
    assert_eq!(fanned.answers().len(), 4);
    outputs.sort();
    assert_eq!(
        outputs,
        [
            r#"out {"by":"a","event":1}"#,
            r#"out {"by":"b","event":2}"#,
            r#"out {"by":"rest","event":3}"#,
            r#"out {"by":"rest","event":4}"#,
        ]
    );
}

foreshock::pipeline! {
    /// A log replays what fails to all ways behind it.
    pub(crate) pipeline Replayed;
    define qos::wal operator log with read_count = 0xff, max_bytes = 1_000_000 end;
    create operator log;
    select event from in where present event.n into log;
    select event.n from log into out having event > 0;
    select patch event of erase "n" end from log into out/rest;
}

#[test]
fn a_log_replays() {
    let mut replayed = Harness::<replayed::Replayed>::new();
    replayed.push("in", r#"{"n": 1, "m": 2}"#);
    let sent = replayed.take();
    replayed.fail(sent[0].delivery);
    replayed.ack(sent[1].delivery);
    assert_eq!(replayed.outputs(), ["out 1", r#"rest {"m":2}"#]);
    assert_eq!(replayed.answers(), [(0, true)]);
    assert_eq!(replayed.pending(), 0);
}
