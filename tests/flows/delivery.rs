//! Acknowledgements, fails, room and splits through pipelines of several shapes, event by event.

use foreshock::testing::Harness;

mod logged {
    foreshock::pipeline! {
        pub(crate) pipeline Logged;
        define qos::wal operator log with read_count = 3, max_elements = 3 end;
        define qos::roundrobin operator share with outputs = ["a", "b"] end;
        create operator log;
        create operator share;
        select event from in into log;
        select event from log into share;
        select event from share/a into out/a;
        select event from share/b into out/b;
    }
}

mod split {
    foreshock::pipeline! {
        pub(crate) pipeline Split;
        define qos::wal operator log with read_count = 3, max_elements = 3 end;
        create operator log;
        select event from in into log;
        select event from log into out/a;
        select event from log where event > 10 into out/b;
    }
}

mod behind {
    foreshock::pipeline! {
        pub(crate) pipeline Behind;
        define qos::roundrobin operator share with outputs = ["a", "b"] end;
        define qos::wal operator log with read_count = 2, max_elements = 2 end;
        create operator share;
        create operator log;
        select event from in into share;
        select event from share/a into log;
        select event from log into out/a;
        select event from share/b into out/b;
    }
}

mod parked {
    foreshock::pipeline! {
        pub(crate) pipeline Parked;
        define qos::wal operator log with read_count = 3, max_elements = 3 end;
        create operator log;
        select { "first": event } from in into log;
        select { "second": event } from in into log;
        select event from log into out;
    }
}

mod shared_logs {
    foreshock::pipeline! {
        pub(crate) pipeline SharedLogs;
        define qos::roundrobin operator share with outputs = ["a", "b"] end;
        define qos::wal operator one with read_count = 1, max_elements = 1 end;
        define qos::wal operator two with read_count = 1, max_elements = 1 end;
        create operator share;
        create operator one;
        create operator two;
        select { "first": event } from in into share;
        select { "second": event } from in into share;
        select event from share/a into one;
        select event from share/b into two;
        select event from one into out/a;
        select event from two into out/b;
    }
}

mod met {
    foreshock::pipeline! {
        pub(crate) pipeline Met;
        define qos::wal operator one with read_count = 3, max_elements = 3 end;
        define qos::wal operator two with read_count = 3, max_elements = 3 end;
        define qos::roundrobin operator share with outputs = ["a"] end;
        create operator one;
        create operator two;
        create operator share;
        select event from in where event == 1 into one;
        select event from in where event == 2 into two;
        select event from in where event == 3 into share;
        select event from one into share;
        select event from two into share;
        select event from share/a into out;
    }
}

mod overflowing {
    foreshock::pipeline! {
        pub(crate) pipeline Overflowing;
        define qos::roundrobin operator share with outputs = ["a"] end;
        create operator share;
        select event from in into share;
        select event from share/a into out;
        select event from share/overflow into out/overflow;
    }
}

mod met_again {
    foreshock::pipeline! {
        pub(crate) pipeline MetAgain;
        define qos::wal operator log with read_count = 9, max_elements = 9 end;
        define qos::roundrobin operator share with outputs = ["a", "b"] end;
        create operator log;
        create operator share;
        select event from in into log;
        select ["share", event] from log into share;
        select ["straight", event] from log into out/a;
        select event from share/a into out/a;
        select event from share/b into out/b;
    }
}

mod together {
    foreshock::pipeline! {
        pub(crate) pipeline Together;
        define qos::roundrobin operator share with outputs = ["a", "b"] end;
        create operator share;
        select event from in into share;
        select [event, 1] from share/a into out/a;
        select [event, 2] from share/a into out/a;
        select event from share/b into out/b;
    }
}

fn brief<P: foreshock::pipeline::Pipeline>(harness: &mut Harness<P>) -> Vec<(String, u64)> {
    harness.take().into_iter().map(|o| (format!("{} {}", o.port, o.event), o.delivery)).collect()
}

fn texts<P: foreshock::pipeline::Pipeline>(harness: &mut Harness<P>) -> Vec<String> {
    brief(harness).into_iter().map(|(text, _)| text).collect()
}

#[test]
fn a_log_keeps_what_is_not_confirmed_and_replays_what_failed() {
    let mut flow = Harness::<logged::logged::Logged>::new();
    for event in ["1", "2", "3"] {
        flow.push("in", event);
    }
    assert_eq!(flow.room("in"), 0, "three are kept");
    let out = brief(&mut flow);
    assert_eq!(out, [("a 1".to_owned(), 0), ("b 2".to_owned(), 1), ("a 3".to_owned(), 2)]);
    flow.fail(1);
    assert_eq!(texts(&mut flow), ["b 2"], "the failed one again, on the next output");
    flow.ack(2);
    assert_eq!(flow.answers(), [(2, true)], "acknowledgement is selective");
    assert!(flow.room("in") > 0);
    flow.ack(0);
    flow.ack(3);
    assert_eq!(flow.answers(), [(0, true), (1, true)]);
    assert_eq!(flow.counts("pipeline.logged.log").map(|c| (c.replayed, c.pending)), Some((1, 0)));
}

#[test]
fn an_output_without_room_is_passed_over_and_takes_its_turn_again() {
    let mut flow = Harness::<logged::logged::Logged>::new();
    flow.set_room("a", 0);
    flow.push("in", "1");
    flow.push("in", "2");
    assert_eq!(texts(&mut flow), ["b 1", "b 2"]);
    flow.set_room("a", 9);
    flow.push("in", "3");
    assert_eq!(texts(&mut flow), ["a 3"]);
    assert_eq!(flow.room("in"), 0);
}

#[test]
fn a_split_event_is_done_when_every_branch_is_and_replays_to_all() {
    let mut flow = Harness::<split::split::Split>::new();
    flow.push("in", "5");
    flow.push("in", "20");
    let out = brief(&mut flow);
    assert_eq!(out.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>(), ["a 5", "a 20", "b 20"]);
    flow.ack(0);
    assert_eq!(flow.answers(), [(0, true)], "the filtered branch counts as done");
    flow.ack(1);
    assert_eq!(flow.answers(), []);
    flow.fail(2);
    let again = brief(&mut flow);
    assert_eq!(again.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>(), ["a 20", "b 20"]);
    flow.ack(3);
    flow.ack(4);
    assert_eq!(flow.answers(), [(1, true)]);
}

#[test]
fn a_log_behind_the_round_robin_stores_its_share() {
    let mut flow = Harness::<behind::behind::Behind>::new();
    flow.set_room("a", 0);
    for event in ["1", "2", "3", "4"] {
        flow.push("in", event);
    }
    assert_eq!(texts(&mut flow), ["b 2", "b 4"]);
    flow.push("in", "5");
    assert_eq!(texts(&mut flow), ["b 5"], "the log is full");
    flow.set_room("a", 9);
    assert_eq!(texts(&mut flow), ["a 1", "a 3"]);
    flow.fail(0);
    assert_eq!(flow.answers(), [(1, false)], "nobody replays what did not go through the log");
}

#[test]
fn the_results_of_one_event_that_do_not_fit_are_parked() {
    let mut flow = Harness::<parked::parked::Parked>::new();
    flow.push("in", "1");
    flow.push("in", "2");
    assert_eq!(flow.room("in"), 0);
    let counts = flow.counts("pipeline.parked.log").expect("the log reports");
    assert_eq!((counts.pending, counts.parked), (3, 1));
    let out = brief(&mut flow);
    let expected = [r#"out {"first":1}"#, r#"out {"second":1}"#, r#"out {"first":2}"#];
    assert_eq!(out.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>(), expected);
    flow.ack(0);
    assert_eq!(texts(&mut flow), [r#"out {"second":2}"#]);
    flow.ack(1);
    assert_eq!(flow.answers(), [(0, true)]);
}

#[test]
fn results_that_find_no_room_behind_a_round_robin_are_parked_in_front_of_a_log() {
    let mut flow = Harness::<shared_logs::shared_logs::SharedLogs>::new();
    flow.set_room("a", 0);
    flow.push("in", "1");
    assert_eq!(texts(&mut flow), [r#"b {"second":1}"#]);
    flow.ack(0);
    // `one` is full, `two` has one place: the second result of the next event is parked in front of `one`.
    flow.push("in", "2");
    assert_eq!(flow.room("in"), 0);
    assert_eq!(flow.counts("pipeline.shared_logs.one").map(|c| (c.pending, c.parked)), Some((1, 1)));
    flow.set_room("a", 9);
    let mut confirmed = 0;
    for round in 0.. {
        let out = flow.take();
        if out.is_empty() {
            break;
        }
        assert!(round < 9, "it goes on for ever");
        confirmed += out.len();
        out.iter().for_each(|output| flow.ack(output.delivery));
    }
    assert_eq!((confirmed, flow.pending()), (3, 0));
    assert_eq!(flow.answers(), [(0, true), (1, true)]);
}

#[test]
fn answers_find_the_log_that_sent_the_event_or_the_feeder() {
    let mut flow = Harness::<met::met::Met>::new();
    for event in ["1", "2", "3"] {
        flow.push("in", event);
    }
    let mut out = brief(&mut flow);
    out.sort();
    let texts: Vec<&str> = out.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(texts, ["out 1", "out 2", "out 3"]);
    for (_, delivery) in &out {
        flow.fail(*delivery);
    }
    assert_eq!(flow.answers(), [(2, false)], "the third had no log");
    let mut again = brief(&mut flow);
    again.sort();
    assert_eq!(again.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>(), ["out 1", "out 2"]);
    again.iter().for_each(|(_, delivery)| flow.ack(*delivery));
    let mut answers = flow.answers();
    answers.sort_unstable();
    assert_eq!(answers, [(0, true), (1, true)]);
}

#[test]
fn a_linked_overflow_takes_what_no_output_has_room_for() {
    let mut flow = Harness::<overflowing::overflowing::Overflowing>::new();
    flow.set_room("out", 1);
    flow.push("in", "1");
    flow.push("in", "2");
    assert_eq!(texts(&mut flow), ["out 1", "overflow 2"]);
}

#[test]
fn an_event_larger_than_the_log_goes_to_err() {
    let overrides = [("pipeline.logged.log.max_bytes", "10")];
    let mut flow = Harness::<logged::logged::Logged>::with(&overrides);
    flow.push("in", r#""longer than ten bytes""#);
    assert_eq!(
        flow.outputs(),
        [
            r#"err {"error":"the event has 23 bytes, more than `max_bytes` of the log allows","event":"longer than ten bytes"}"#
        ]
    );
    assert_eq!(flow.answers(), [(0, true)]);
}

#[test]
fn an_event_sets_out_only_if_all_its_results_find_room_where_its_ways_meet_again() {
    let mut flow = Harness::<met_again::met_again::MetAgain>::new();
    flow.set_room("a", 3);
    flow.set_room("b", 0);
    flow.push("in", "1");
    flow.push("in", "2");
    let out = brief(&mut flow);
    assert_eq!(out, [(r#"a ["share",1]"#.to_owned(), 0), (r#"a ["straight",1]"#.to_owned(), 1)]);
    flow.ack(0);
    assert_eq!(texts(&mut flow), [r#"a ["share",2]"#, r#"a ["straight",2]"#]);
    let counts = flow.counts("pipeline.met_again.log").expect("the log reports");
    assert_eq!((counts.failed, counts.pending), (0, 2));
}

#[test]
fn a_round_robin_picks_an_output_only_if_all_that_goes_there_finds_room() {
    let mut flow = Harness::<together::together::Together>::new();
    flow.set_room("a", 3);
    flow.push("in", "1");
    flow.push("in", "2");
    flow.push("in", "3");
    assert_eq!(
        texts(&mut flow),
        ["a [1,1]", "a [1,2]", "b 2", "b 3"],
        "one place is not enough for the third"
    );
    assert_eq!(flow.answers(), [], "nothing has failed");
}
